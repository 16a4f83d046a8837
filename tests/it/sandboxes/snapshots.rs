//! `/_stend/snapshots`: named moments of a sandbox to go back to.

use serde_json::{Value, json};

use crate::harness::{Answer, Bench, Caller, IVAN, LEO, TILL, shop, wait_for};

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

#[test]
fn a_snapshot_brings_back_a_hold_and_lots_that_are_over_by_now() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 100);
    let before = bench.get("/_stend/state").body.clone();
    take(&bench, "s").with_status(201);
    let expired = bench.advance("P25D");
    assert_eq!(expired.as_array().map(Vec::len), Some(3), "a hold and two lots: {expired}");
    restore(&bench, "s").ok();
    assert!(bench.get("/_stend/state").body == before, "to the byte");
    // The same may happen again, and the hold is as good as it was.
    assert_eq!(bench.advance("P25D"), expired);
    restore(&bench, "s").ok();
    let retail = json!({"client": IVAN, "point": TILL, "amount": 878, "spend": 878, "hold": [held]});
    bench.retail(retail).ok();
    assert_eq!(bench.balance(IVAN), 0);
}

#[test]
fn a_restore_leaves_the_counters_of_calls_and_resets_alone() {
    let bench = Bench::shop();
    take(&bench, "s").with_status(201);
    bench.reset();
    bench.holds(IVAN, 1);
    restore(&bench, "s").ok();
    let info = bench.get("/_stend/sandboxes/default").ok();
    assert_eq!((&info["requests"], &info["generation"]), (&json!(1), &json!(1)));
    let next = bench.client(json!({"search": "79201234567", "point": TILL}));
    assert_eq!(next.header("x-stend-request"), Some("2"));
    let control = bench.get("/_stend/clock");
    assert_eq!(control.header("x-stend-request"), Some("c5"));
}

#[test]
fn a_copy_has_no_snapshots_and_those_of_the_original_do_not_reach_it() {
    let bench = Bench::shop();
    let a = bench.in_sandbox("a");
    take(&a, "early").with_status(201);
    a.holds(IVAN, 100);
    bench.post("/_stend/sandboxes", &json!({"name": "b", "from": "a"})).with_status(201);
    let b = bench.in_sandbox("b");
    assert!(names(&b).is_empty());
    restore(&b, "early").problem(404);
    take(&b, "early").with_status(201);
    b.holds(IVAN, 50);
    restore(&a, "early").ok();
    assert_eq!((a.balance(IVAN), b.balance(IVAN)), (json!(878), json!(728)));
    restore(&b, "early").ok();
    assert_eq!((a.balance(IVAN), b.balance(IVAN)), (json!(878), json!(778)));
    // A copy of what was restored is a copy of that.
    bench.post("/_stend/sandboxes", &json!({"name": "c", "from": "a"})).with_status(201);
    assert_eq!(bench.in_sandbox("c").get("/_stend/state").body, a.get("/_stend/state").body);
}

#[test]
fn a_sandbox_from_a_snapshot_starts_at_its_time_and_a_reset_brings_that_back() {
    let bench = Bench::shop();
    bench.advance("PT7M");
    bench.holds(IVAN, 100);
    take(&bench, "s").with_status(201);
    let then = bench.get("/_stend/state").body.clone();
    bench.advance("P30D");
    bench.post("/_stend/sandboxes", &json!({"name": "a", "snapshot": "s"})).with_status(201);
    let a = bench.in_sandbox("a");
    assert!(a.get("/_stend/state").body == then, "to the byte");
    // The snapshot may go: the copy does not need it.
    bench.request("DELETE", "/_stend/snapshots/s").send().with_status(204);
    a.advance("P30D");
    a.reset();
    assert!(a.get("/_stend/state").body == then, "and after a reset");
    a.advance("P30D");
    a.post("/_stend/reset", &json!({"keep": ["clock"]})).ok();
    assert_eq!(a.get("/_stend/clock").ok()["now"], "2026-01-31T00:07:00.000Z");
    assert_eq!(a.balance(IVAN), 878, "by the clock that was kept the hold is over");
    assert_eq!(a.account(LEO)["posted"], 200, "and so are two lots");
}

#[test]
fn snapshots_survive_a_restore_and_a_replaced_state_and_go_with_their_sandbox() {
    let bench = Bench::shop();
    let a = bench.in_sandbox("a");
    take(&a, "one").with_status(201);
    a.advance("PT1M");
    take(&a, "two").with_status(201);
    restore(&a, "one").ok();
    a.request("PUT", "/_stend/state").json(&json!({"version": 1})).send().ok();
    assert_eq!(names(&a), ["one", "two"]);
    let restored = restore(&a, "two").ok();
    assert_eq!(restored["now"], "2026-01-01T00:01:00.000Z", "forwards, too");
    assert_eq!(a.balance(IVAN), 878);
    bench.request("DELETE", "/_stend/sandboxes/a").send().with_status(204);
    assert!(names(&a).is_empty());
    restore(&a, "one").problem(404);
}

#[test]
fn of_a_frozen_clock_how_far_it_was_moved_comes_back_as_well() {
    let bench = Bench::shop();
    bench.advance("PT1H");
    let before = bench.get("/_stend/clock").ok();
    take(&bench, "s").with_status(201);
    bench.post("/_stend/clock/freeze", &json!({"at": "2026-02-01T00:00:00Z"})).ok();
    bench.request("POST", "/_stend/clock/resume").send().ok();
    restore(&bench, "s").ok();
    assert_eq!(bench.get("/_stend/clock").ok(), before);
    // From there time cannot go back by itself, as ever.
    bench.post("/_stend/clock/advance", &json!({"to": "2026-01-01T00:59:59Z"})).problem(409);
}

#[test]
fn under_a_live_clock_what_became_due_since_the_snapshot_happens_at_its_restore() {
    let mut fixture = shop();
    fixture["loyalclient"]["clients"][0]["balance"] = Value::Null;
    let client = fixture["loyalclient"]["clients"][0].as_object_mut().expect("an object");
    client.remove("balance");
    client.insert("lots".to_owned(), json!([{"amount": 800}, {"amount": 78, "expiresIn": "PT1H"}]));
    let bench = Bench::start(stend::Stend::builder().fixture(fixture.to_string()));
    // To just before the hour is over, by the sandbox's own clock; the rest is real time.
    let burns = bench.account(IVAN)["lots"][0]["expiresAt"].as_str().expect("a time").to_owned();
    bench.advance("PT59M59.7S");
    take(&bench, "s").with_status(201);
    let posted = bench.account(IVAN)["posted"].clone();
    wait_for(|| (bench.get("/_stend/clock").ok()["now"].as_str() >= Some(burns.as_str())).then_some(()));
    let restored = restore(&bench, "s").ok();
    assert!(
        restored["now"].as_str() >= Some(burns.as_str()),
        "a live clock does not stand still: {restored}"
    );
    assert_eq!(bench.account(IVAN)["posted"], 800, "it was {posted} when the snapshot was taken");
}

#[test]
fn names_of_snapshots_are_those_of_sandboxes_also_where_one_is_only_asked_for() {
    let bench = Bench::shop();
    let longest = "s".repeat(63);
    for name in ["0", "default", "a-", longest.as_str()] {
        take(&bench, name).with_status(201);
    }
    take(&bench, &"s".repeat(64)).points_at(&["name"]);
    for name in ["A", "none", "%2F"] {
        restore(&bench, name).problem(404);
        bench.request("DELETE", &format!("/_stend/snapshots/{name}")).send().problem(404);
    }
    bench
        .request("POST", "/_stend/snapshots/0/restore")
        .json(&json!({"keep": []}))
        .send()
        .points_at(&["/keep"]);
    bench.get("/_stend/snapshots?page=1&limit=1001").points_at(&["page", "limit"]);
    assert_eq!(names(&bench).len(), 4);
}

#[test]
fn a_refused_snapshot_leaves_the_hundred_as_they_are() {
    let bench = Bench::shop();
    for number in 0..100 {
        take(&bench, &format!("s{number:02}")).with_status(201);
    }
    bench.holds(IVAN, 100);
    take(&bench, "more").problem(409);
    let all = bench.get("/_stend/snapshots?limit=1000").ok();
    assert_eq!(all["total"], 100);
    restore(&bench, "more").problem(404);
    assert_eq!(bench.balance(IVAN), 778);
    // The limit is the sandbox's own.
    take(&bench.in_sandbox("other"), "more").with_status(201);
}
