//! `/_stend/reset`: back to what the sandbox was made from.

use serde_json::json;

use crate::harness::{Bench, IVAN, LEO, TILL};

#[test]
fn a_reset_brings_back_points_clock_and_ids() {
    let bench = Bench::shop();
    let before = bench.get("/_stend/accounts").ok();
    let first = bench.holds(IVAN, 100);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 50})).ok();
    bench.advance("P30D");
    bench
        .request("POST", "/_stend/reset")
        .send()
        .is(200, r#"{"sandbox":"default","generation":1,"now":"2026-01-01T00:00:00.000Z"}"#);
    assert_eq!(bench.get("/_stend/accounts").ok(), before);
    assert_eq!(bench.holds(IVAN, 100), first, "the same ids come again");
    assert_eq!(bench.post("/_stend/reset", &json!({})).ok()["generation"], 2);
}

#[test]
fn a_reset_may_keep_the_clock() {
    let bench = Bench::shop();
    bench.advance("P5D");
    bench
        .post("/_stend/reset", &json!({"keep": ["clock"]}))
        .is(200, r#"{"sandbox":"default","generation":1,"now":"2026-01-06T00:00:00.000Z"}"#);
    bench
        .get("/_stend/clock")
        .is(200, r#"{"now":"2026-01-06T00:00:00.000Z","mode":"frozen","offsetSeconds":432000}"#);
    let soonest = bench.account(LEO)["lots"][0]["expiresAt"].clone();
    assert_eq!(soonest, "2026-01-16T00:00:00.000Z", "relative times count from the kept now");
}

#[test]
fn what_is_to_be_kept_may_be_named_in_any_number() {
    let bench = Bench::shop();
    for keep in
        [json!([]), json!(["journal"]), json!(["faults"]), json!(["journal", "faults", "clock", "clock"])]
    {
        bench.post("/_stend/reset", &json!({"keep": keep})).ok();
    }
}

#[test]
fn a_reset_of_one_sandbox_leaves_the_others_alone() {
    let bench = Bench::shop();
    let other = bench.in_sandbox("other");
    bench.holds(IVAN, 100);
    other.holds(IVAN, 200);
    let answer = other.request("POST", "/_stend/reset").send();
    assert_eq!(answer.ok()["sandbox"], "other");
    assert_eq!((bench.balance(IVAN), other.balance(IVAN)), (json!(778), json!(878)));
}

#[test]
fn a_bad_reset_changes_nothing() {
    let bench = Bench::shop();
    bench.holds(IVAN, 100);
    for (body, pointers) in [
        (json!({"keep": "clock"}), &["/keep"][..]),
        (json!({"keep": ["time"]}), &["/keep/0"]),
        (json!({"keep": ["clock", 5, "dice"]}), &["/keep/1", "/keep/2"]),
        (json!({"keeps": []}), &["/keeps"]),
        (json!([]), &[""]),
    ] {
        bench.post("/_stend/reset", &body).points_at(pointers);
    }
    bench.request("POST", "/_stend/reset").body("{").send().points_at(&[""]);
    assert_eq!(bench.balance(IVAN), 778);
}
