//! `stend validate PATH…`: checks fixtures without serving them.

use std::io::Write;

use clap::Args;

use super::log;
use crate::sandbox::fixture::{Given, Seed};

/// The arguments of `validate`.
#[derive(Debug, Args)]
pub(super) struct Validate {
    /// JSON files, or folders of them; each is a fixture of its own. `demo` and `empty` are built in.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
}

impl Validate {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut bad = 0;
        for path in &self.paths {
            match Seed::load(std::slice::from_ref(path), Given::default()) {
                Ok(_) => writeln!(std::io::stdout(), "{path}: ok")?,
                Err(error) => {
                    bad += 1;
                    log::lines(&[error.to_string()]);
                }
            }
        }
        anyhow::ensure!(bad == 0, "{bad} of {} fixtures cannot be used", self.paths.len());
        Ok(())
    }
}
