//! `stend validate`: checks fixtures without serving them.

use super::stend;
use crate::harness::shop;

#[test]
fn good_fixtures_are_told_one_a_line() {
    let file = super::file("good", &shop().to_string());
    let path = file.to_str().expect("UTF-8");
    let (code, stdout, stderr) = stend(&["validate", "demo", "empty", path], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!(stdout, format!("demo: ok\nempty: ok\n{path}: ok\n"));
}

#[test]
fn the_mistakes_of_all_of_them_are_told() {
    let good = super::file("good-one", &shop().to_string());
    let bad = super::file("bad-one", r#"{"version": 1, "sed": 5}"#);
    let (good, bad) = (good.to_str().expect("UTF-8"), bad.to_str().expect("UTF-8"));
    let (code, stdout, stderr) = stend(&["validate", bad, "nowhere", good], &[]);
    assert_eq!((code, stdout), (Some(1), format!("{good}: ok\n")), "{stderr}");
    assert!(stderr.contains(&format!("{bad}:1:16: $.sed: ")) && stderr.contains("\"seed\""), "{stderr}");
    assert!(stderr.contains("\"nowhere\""), "{stderr}");
    assert!(stderr.contains("2 of 3 fixtures"), "{stderr}");
}

#[test]
fn a_folder_is_one_fixture() {
    let folder = super::folder("folder");
    std::fs::write(folder.join("a.json"), r#"{"version": 1, "seed": 5}"#).expect("it is writable");
    std::fs::write(folder.join("b.json"), r#"{"version": 1, "seed": 6}"#).expect("it is writable");
    std::fs::write(folder.join("notes.txt"), "not a fixture").expect("it is writable");
    let path = folder.to_str().expect("UTF-8");
    let (code, _, stderr) = stend(&["validate", path], &[]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("a.json") && stderr.contains("b.json") && stderr.contains("seed"), "{stderr}");
    std::fs::write(folder.join("b.json"), r#"{"clock": {"frozenAt": "2026-01-01T00:00:00Z"}, "version": 1}"#)
        .expect("it is writable");
    assert_eq!(stend(&["validate", path], &[]).0, Some(0));
}

#[test]
fn nothing_to_check_is_a_usage_error() {
    assert_eq!(stend(&["validate"], &[]).0, Some(2));
}
