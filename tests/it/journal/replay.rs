//! The promise of the same bytes holds for the journal, too: but for durations.

use serde_json::json;

use crate::harness::{Bench, Caller, IVAN, NOBODY, TILL};

/// A session with answers, refusals, faults, unknown fields and paths; answers the journal without durations.
fn play(bench: &Bench) -> String {
    let caller = bench.in_sandbox("twin");
    let call = |caller: &Caller, method: &str, path: &str, body: serde_json::Value| {
        caller.request(method, path).header("host", "localhost").json(&body).send();
    };
    caller.fault(json!({"match": {"operation": "retail"}, "probability": 0.5, "effect": {"status": 503}}));
    let hold = json!({"client": IVAN, "point": TILL, "amount": 100, "durration": 1});
    call(&caller, "POST", "/integration/general/bonuses/hold", hold);
    caller.advance("PT1M");
    for _ in 0..8 {
        let sale = json!({"client": IVAN, "point": TILL, "amount": 10, "spend": 1});
        call(&caller, "POST", "/integration/general/retail", sale);
    }
    call(
        &caller,
        "POST",
        "/integration/general/recalc",
        json!({"client": NOBODY, "point": TILL, "amount": 1}),
    );
    call(&caller, "GET", "/ext/api/v1/clients/?b=2&a=1&a=%79", json!({}));
    call(&caller, "POST", "/api/v0/auth/login", json!({"login": "x", "password": "y"}));
    call(&caller, "GET", "/elsewhere", json!({}));
    let journal = caller.get("/_stend/requests");
    let mut text = String::new();
    for (place, piece) in journal.text().split("\"durationMs\":").enumerate() {
        let rest = if place == 0 {
            piece
        } else {
            piece.trim_start_matches(|it: char| it.is_ascii_digit() || ".e-".contains(it))
        };
        text.push_str(rest);
    }
    text
}

#[test]
fn two_servers_write_the_same_journal() {
    let (one, other) = (play(&Bench::shop()), play(&Bench::shop()));
    assert!(one.len() > 5_000 && one.contains("unknownField") && one.contains("503"), "{one}");
    assert_eq!(one, other);
}
