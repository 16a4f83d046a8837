//! `stend generate`: large fixtures, always the same.

use serde_json::{Value, json};

use super::{folder, stend};
use crate::harness::Bench;

fn generated(arguments: &[&str]) -> String {
    let arguments: Vec<&str> = ["generate"].iter().chain(arguments).copied().collect();
    let (code, stdout, stderr) = stend(&arguments, &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    stdout
}

#[test]
fn what_it_makes_is_good_and_has_as_many_clients_as_asked() {
    let path = folder("generate").join("thousand.json");
    let path = path.to_str().expect("UTF-8");
    assert_eq!(generated(&["--clients", "1000", "--seed", "7", "--out", path]), "");
    let (code, _, stderr) = stend(&["validate", path], &[]);
    assert_eq!(code, Some(0), "{stderr}");
    let text = std::fs::read_to_string(path).expect("it was written");
    let bench = Bench::start(Bench::builder().fixture(text));
    for api in ["loyalclient", "ibonus", "probonus"] {
        let accounts = bench.get(&format!("/_stend/accounts?api={api}&limit=1")).ok();
        assert_eq!(accounts["total"], 1000, "{api}");
    }
    // Everybody is found by phone.
    let answer = bench.request("GET", "/api/v0/accounts/find_by_phone?phone=89000000999");
    assert_eq!(answer.header("x-api-key", "test-key").send().ok()["id"], 1000);
    bench.client(json!({"search": "79000000999", "point": "62a0f1e2d3c4b5a69788f4f4"})).ok();
}

#[test]
fn the_same_number_and_seed_give_the_same_bytes_and_another_seed_other_people() {
    let first = generated(&["--clients", "50", "--seed", "1"]);
    assert_eq!(generated(&["--clients", "50", "--seed", "1"]), first);
    assert_ne!(generated(&["--clients", "50", "--seed", "2"]), first);
}

#[test]
fn it_may_be_for_some_of_the_programmes() {
    let text = generated(&["--clients", "3", "--api", "ibonus,probonus"]);
    let fixture: Value = serde_json::from_str(&text).expect("JSON");
    assert!(fixture.get("loyalclient").is_none());
    assert_eq!(fixture["ibonus"]["clients"].as_array().map(Vec::len), Some(3));
    assert_eq!(fixture["probonus"]["accounts"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_it_cannot_make_is_told() {
    for (arguments, told) in [
        (vec!["generate"], "--clients"),
        (vec!["generate", "--clients", "0"], "--clients"),
        (vec!["generate", "--clients", "10000001"], "10000000"),
        (vec!["generate", "--clients", "1", "--api", "x"], "loyalclient, ibonus, probonus"),
    ] {
        let (code, stdout, stderr) = stend(&arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(told), "{stderr}");
    }
    let (code, _, stderr) = stend(&["generate", "--clients", "1", "--out", "/nowhere/x.json"], &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("/nowhere/x.json"), "{stderr}");
}
