//! What a reset, a snapshot and a copy do with the journal.

use std::thread;

use serde_json::json;

use crate::harness::{Bench, IVAN, IVAN_PHONE, TILL, wait_for};

#[test]
fn a_reset_empties_the_journal_unless_it_is_to_be_kept() {
    let bench = Bench::shop();
    let finds_ivan = || bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    finds_ivan();
    bench.post("/_stend/reset", &json!({"keep": ["journal"]})).ok();
    assert_eq!(bench.get("/_stend/requests").ok()["total"], 1);
    bench.post("/_stend/reset", &json!({"keep": ["clock", "faults"]})).ok();
    assert_eq!(bench.get("/_stend/requests").ok()["total"], 0);
    finds_ivan();
    assert_eq!(bench.last_request()["id"], 2, "numbers go on");
    assert_eq!(bench.get("/_stend/sandboxes/default").ok()["requests"], 2);
}

#[test]
fn a_snapshot_does_not_bring_it_back_and_a_copy_begins_with_none() {
    let bench = Bench::shop();
    bench.request("PUT", "/_stend/snapshots/before").send().with_status(201);
    bench.holds(IVAN, 100);
    bench.request("POST", "/_stend/snapshots/before/restore").send().ok();
    assert_eq!(bench.get("/_stend/requests").ok()["total"], 1);
    bench.post("/_stend/sandboxes", &json!({"name": "copy", "from": "default"})).with_status(201);
    let copy = bench.in_sandbox("copy");
    assert_eq!(copy.get("/_stend/requests").ok()["total"], 0);
    let state = bench.get("/_stend/state").ok();
    bench.request("PUT", "/_stend/state").json(&state).send().ok();
    assert_eq!(bench.get("/_stend/requests").ok()["total"], 1);
}

/// A call that is on its way while something else happens.
fn on_its_way(bench: &Bench, meanwhile: impl FnOnce()) -> u64 {
    let fault = bench.fault(json!({"match": {"operation": "hold"}, "effect": {"delay": "300ms"}}));
    thread::scope(|scope| {
        let caller = bench.on_a_connection_of_its_own();
        let call = scope.spawn(move || {
            caller.hold(json!({"client": IVAN, "point": TILL, "amount": 1})).ok();
        });
        wait_for(|| (bench.hits(&fault) == 1).then_some(()));
        meanwhile();
        call.join().expect("it is answered");
    });
    bench.get("/_stend/requests").ok()["total"].as_u64().expect("a number")
}

#[test]
fn a_call_from_before_a_reset_does_not_come_into_the_emptied_journal() {
    let bench = Bench::shop();
    assert_eq!(on_its_way(&bench, || bench.reset()), 0);
    assert_eq!(bench.get("/_stend/requests").ok()["dropped"], 0);
    let bench = Bench::shop();
    let keep = || drop(bench.post("/_stend/reset", &json!({"keep": ["journal"]})));
    assert_eq!(on_its_way(&bench, keep), 1);
    let bench = Bench::shop();
    assert_eq!(on_its_way(&bench, || drop(bench.request("DELETE", "/_stend/requests").send())), 1);
}
