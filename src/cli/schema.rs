//! `stend schema`: the JSON Schema of fixtures, as fixtures/schema.json has it.

use super::output;

/// The schema of this version: a test holds the file against the types.
const SCHEMA: &str = include_str!("../../fixtures/schema.json");

pub(super) fn run() -> anyhow::Result<()> {
    output::print(SCHEMA)
}
