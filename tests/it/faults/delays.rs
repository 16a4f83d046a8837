//! Faults that take time: real time, which holds up nobody else.

use std::time::Duration;

use serde_json::{Value, json};
use stend::sandbox::clock::stopwatch;

use crate::harness::{Bench, IVAN, START, TILL, wait_for};

const RETAIL: &str = "/integration/general/retail";

fn order() -> Value {
    json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 10})
}

#[test]
fn a_delayed_call_takes_its_time_and_is_answered_as_ever() {
    let bench = Bench::shop();
    for (delay, ms) in [
        (json!("300ms"), 300),
        (json!("PT0.2S"), 200),
        (json!({"min": "100ms", "max": "150ms"}), 100),
        (json!("0s"), 0),
    ] {
        bench.fault(json!({"match": {}, "times": 1, "effect": {"delay": delay}}));
        let started = stopwatch();
        bench.retail(order()).ok();
        assert!(started.elapsed() >= Duration::from_millis(ms), "{delay}: {:?}", started.elapsed());
    }
    let now = bench.get("/_stend/clock").ok()["now"].clone();
    assert!(
        now.as_str().is_some_and(|now| now.starts_with(&START[..19])),
        "the sandbox's clock stands still"
    );
}

#[test]
fn a_delay_goes_together_with_the_other_effects() {
    let bench = Bench::shop();
    for effect in [
        json!({"delay": "100ms", "status": 503}),
        json!({"delay": "100ms", "connection": "close"}),
        json!({"delay": "100ms", "connection": "truncate"}),
        json!({"delay": "100ms", "status": 503, "when": "after"}),
    ] {
        bench.fault(json!({"match": {}, "times": 1, "effect": effect}));
        let started = stopwatch();
        let (bytes, _) = bench.socket().post(RETAIL, &order()).finish().rest();
        assert!(started.elapsed() >= Duration::from_millis(100), "{effect}: {:?}", started.elapsed());
        let text = String::from_utf8_lossy(&bytes);
        assert_eq!(text.contains(" 503 "), effect["status"] == 503, "{effect}: {text}");
    }
    assert_eq!(bench.balance(IVAN), 858, "the last two are done");
}

#[test]
fn a_delay_holds_no_lock_and_before_it_nothing_has_happened() {
    let bench = Bench::shop();
    let id = bench.fault(json!({"match": {"operation": "retail"}, "times": 10, "effect": {"delay": "5m"}}));
    let mut waiting: Vec<_> = (0..10).map(|_| bench.socket()).collect();
    for socket in &mut waiting {
        socket.post(RETAIL, &order());
    }
    wait_for(|| (bench.hits(&id) == 10).then_some(()));
    assert_eq!(bench.balance(IVAN), 878);
    bench.retail(order()).ok();
    bench.post("/_stend/clock/advance", &json!({"by": "PT1M"})).ok();
    for socket in &mut waiting {
        assert!(socket.is_silent());
    }
    // The stop cuts the delays short, and then the operations are done and answered.
    bench.stop();
    for mut socket in waiting {
        socket.answer("POST", RETAIL).ok();
        assert!(socket.is_closed());
    }
}

#[test]
fn after_an_operation_only_its_answer_is_late() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {"operation": "retail"}, "effect": {"delay": "5m", "when": "after"}}));
    let mut waiting = bench.socket();
    waiting.post(RETAIL, &order());
    wait_for(|| (bench.balance(IVAN) == 868).then_some(()));
    assert!(waiting.is_silent());
    bench.stop();
    waiting.answer("POST", RETAIL).ok();
}

#[test]
fn a_reset_ends_no_delay_that_is_under_way_and_the_operation_is_done_in_the_new_state() {
    let bench = Bench::shop();
    bench.retail(order()).ok();
    let id = bench.fault(json!({"match": {"operation": "retail"}, "effect": {"delay": "5m"}}));
    let mut waiting = bench.socket();
    waiting.post(RETAIL, &order());
    wait_for(|| (bench.hits(&id) == 1).then_some(()));
    bench.reset();
    assert_eq!(bench.balance(IVAN), 878);
    assert!(waiting.is_silent());
    bench.stop();
    waiting.answer("POST", RETAIL).ok();
}
