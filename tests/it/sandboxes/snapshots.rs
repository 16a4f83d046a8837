//! `/_stend/snapshots`: named moments of a sandbox to go back to.

use serde_json::{Value, json};

use crate::harness::{Answer, Bench, Caller, IVAN, TILL};

fn take(caller: &Caller, name: &str) -> Answer {
    caller.request("PUT", &format!("/_stend/snapshots/{name}")).send()
}

fn restore(caller: &Caller, name: &str) -> Answer {
    caller.request("POST", &format!("/_stend/snapshots/{name}/restore")).send()
}

fn names(caller: &Caller) -> Vec<Value> {
    let list = caller.get("/_stend/snapshots?limit=1000").ok();
    list["snapshots"].as_array().expect("a list").iter().map(|one| one["name"].clone()).collect()
}

#[test]
fn a_restore_brings_back_points_clock_and_ids() {
    let bench = Bench::shop();
    bench.advance("PT5M");
    bench.holds(IVAN, 100);
    let before = (bench.account(IVAN), bench.get("/_stend/clock").ok());
    take(&bench, "held").is(201, r#"{"name":"held","takenAt":"2026-01-01T00:05:00.000Z"}"#);
    let next = bench.holds(IVAN, 1);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 300, "spend": 300})).ok();
    bench.advance("P30D");

    restore(&bench, "held").is(
        200,
        r#"{"sandbox":"default","snapshot":{"name":"held","takenAt":"2026-01-01T00:05:00.000Z"},"now":"2026-01-01T00:05:00.000Z"}"#,
    );
    assert_eq!((bench.account(IVAN), bench.get("/_stend/clock").ok()), before, "time may go back this way");
    assert_eq!(bench.holds(IVAN, 1), next, "the same ids come again");
    let requests = bench.get("/_stend/sandboxes/default").ok()["requests"].clone();
    assert_eq!(requests, 4, "what was asked stays asked");
}

#[test]
fn a_snapshot_can_be_restored_as_often_as_one_likes() {
    let bench = Bench::shop();
    take(&bench, "fresh");
    for _ in 0..3 {
        bench.retail(json!({"client": IVAN, "point": TILL, "amount": 878, "spend": 878})).ok();
        assert_eq!(bench.balance(IVAN), 0);
        restore(&bench, "fresh").ok();
        assert_eq!(bench.balance(IVAN), 878);
    }
}

#[test]
fn a_snapshot_of_the_same_name_takes_the_place_of_the_older_one() {
    let bench = Bench::shop();
    take(&bench, "a").with_status(201);
    bench.advance("PT1M");
    take(&bench, "a").is(200, r#"{"name":"a","takenAt":"2026-01-01T00:01:00.000Z"}"#);
    take(&bench, "b").with_status(201);
    assert_eq!(names(&bench), ["a", "b"]);
    let page = bench.get("/_stend/snapshots?offset=1&limit=1").ok();
    assert_eq!((&page["total"], &page["snapshots"][0]["name"]), (&json!(2), &json!("b")));
}

#[test]
fn snapshots_belong_to_their_sandbox_and_survive_its_reset() {
    let bench = Bench::shop();
    bench.holds(IVAN, 100);
    take(&bench, "held");
    let other = bench.in_sandbox("other");
    assert!(names(&other).is_empty());
    restore(&other, "held").problem(404);
    bench.reset();
    assert_eq!(bench.balance(IVAN), 878);
    restore(&bench, "held").ok();
    assert_eq!(bench.balance(IVAN), 778);
}

#[test]
fn a_deleted_snapshot_is_gone() {
    let bench = Bench::shop();
    take(&bench, "a");
    let delete = || bench.request("DELETE", "/_stend/snapshots/a").send();
    assert_eq!(delete().status, 204);
    assert!(delete().problem(404).contains("\"a\""));
    restore(&bench, "a").problem(404);
    assert!(names(&bench).is_empty());
}

#[test]
fn a_bad_name_is_refused() {
    let bench = Bench::shop();
    for name in ["A", "-a", "a.b", "a%20b"] {
        take(&bench, name).points_at(&["name"]);
    }
    bench.request("PUT", "/_stend/snapshots/a").json(&json!({"x": 1})).send().points_at(&["/x"]);
    assert!(names(&bench).is_empty());
}

#[test]
fn a_hundred_and_first_snapshot_is_refused_by_its_limit() {
    let bench = Bench::shop();
    for number in 0..100 {
        take(&bench, &format!("s{number}")).with_status(201);
    }
    assert!(take(&bench, "one-more").problem(409).contains("100"));
    take(&bench, "s0").with_status(200);
    bench.request("DELETE", "/_stend/snapshots/s1").send().with_status(204);
    take(&bench, "one-more").with_status(201);
}

#[test]
fn a_live_clock_goes_on_after_a_restore() {
    let bench = Bench::start(stend::Stend::builder());
    take(&bench, "now");
    bench.advance("P30D");
    restore(&bench, "now").ok();
    let clock = bench.get("/_stend/clock").ok();
    assert_eq!((&clock["mode"], &clock["offsetSeconds"]), (&json!("live"), &json!(0)));
}
