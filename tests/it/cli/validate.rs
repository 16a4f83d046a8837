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

#[test]
fn each_mistake_has_its_file_line_column_and_path() {
    let text = "{\n  \"version\": 1,\n  \"seed\": -1,\n  \"loyalclient\": {\n    \"levels\": [\n      {\"id\": \"62a0f1e2d3c4b5a69788a001\", \"precent\": 5}\n    ],\n    \"clients\": [\n      {\"id\": \"62a0f1e2d3c4b5a69788b001\", \"balance\": 1.005},\n      {\"id\": \"62a0f1e2d3c4b5a69788b001\", \"phone\": true}\n    ]\n  }\n}\n";
    let file = super::file("places", text);
    let path = file.to_str().expect("UTF-8");
    let (code, stdout, stderr) = stend(&["validate", path], &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
    for place in [
        "3:11: $.seed: ",
        "6:42: $.loyalclient.levels[0].precent: ",
        "9:53: $.loyalclient.clients[0].balance: ",
        "10:51: $.loyalclient.clients[1].phone: ",
    ] {
        assert!(stderr.contains(&format!("{path}:{place}")), "{place} is not in {stderr}");
    }
}

#[test]
fn what_is_no_json_is_told_with_the_place_where_it_ends_to_be() {
    for (name, text, place) in [
        ("comma", "{\n  \"version\": 1,\n}\n", ":3:1: "),
        ("open", "{\"version\": 1", ":1:13: "),
        ("empty-file", "", ":1:"),
        ("array", "[]", ":1:1: "),
        ("text", "hello", ":1:1: "),
    ] {
        let file = super::file(name, text);
        let path = file.to_str().expect("UTF-8");
        let (code, _, stderr) = stend(&["validate", path], &[]);
        assert_eq!(code, Some(1), "{name}: {stderr}");
        assert!(stderr.contains(&format!("{path}{place}")), "{name}: {place} is not in {stderr}");
    }
}

#[test]
fn a_mark_at_the_beginning_of_a_file_is_no_mistake_and_bytes_that_are_no_text_are_one() {
    let marked = super::file("marked", &format!("\u{feff}{}", shop()));
    assert_eq!(stend(&["validate", marked.to_str().expect("UTF-8")], &[]).0, Some(0));
    let binary = super::folder("binary").join("fixture.json");
    std::fs::write(&binary, b"{\"version\": 1, \"\xff\": 1}").expect("the target folder is writable");
    let path = binary.to_str().expect("UTF-8");
    let (code, _, stderr) = stend(&["validate", path], &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains(path), "{stderr}");
}

#[test]
fn a_folder_without_fixtures_is_told() {
    let folder = super::folder("no-fixtures");
    std::fs::write(folder.join("notes.txt"), "not a fixture").expect("it is writable");
    let (code, _, stderr) = stend(&["validate", folder.to_str().expect("UTF-8")], &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("no-fixtures") && stderr.contains(".json"), "{stderr}");
}

#[test]
fn the_projects_own_fixtures_are_good() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    for file in ["demo.json", "empty.json"] {
        assert_eq!(stend(&["validate", &format!("{folder}/{file}")], &[]).0, Some(0), "{file}");
    }
}
