//! The corpus of fuzz/, fed to the same functions as the fuzzer feeds: what was found once stays found.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[allow(unreachable_pub)] // it is a crate of its own, too
#[path = "../../fuzz/src/lib.rs"]
mod targets;

fn feed(name: &str, target: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = files.map(|file| file.expect("it can be listed").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    for file in files {
        let data = fs::read(&file).expect("it can be read");
        let fed = catch_unwind(AssertUnwindSafe(|| target(&data)));
        assert!(fed.is_ok(), "{} did it", file.display());
    }
}

#[test]
fn the_corpus_of_fixtures_holds() {
    feed("fixture", targets::fixture);
}

#[test]
fn the_corpus_of_patches_holds() {
    feed("patch", targets::patch);
}

#[test]
fn the_corpus_of_patterns_holds() {
    feed("like", targets::like);
}

#[test]
fn the_corpus_of_requests_holds() {
    feed("requests", targets::requests);
    // Both have the server to themselves.
    feed("connection", targets::connection);
}
