//! `stend schema`: the fixtures' JSON Schema, on stdout.

use super::stend;

#[test]
fn the_schema_is_the_one_that_lies_beside_the_fixtures() {
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema.json"));
    assert_eq!(stend(&["schema"], &[]), (Some(0), kept.expect("it is there"), String::new()));
}
