//! A server inside of a Rust test: what `Stend::builder()` starts, and how its sandboxes look from inside.

use serde_json::json;
use stend::{Period, StartError, Time};

use crate::harness::{Bench, IVAN, START, TILL, free_port, shop};

#[test]
fn a_sandbox_seen_from_inside_is_the_one_that_http_calls_are_in() {
    let bench = Bench::shop();
    let inside = bench.stend().sandbox("checkout").expect("a name");
    let caller = bench.with_key("test-key~checkout");
    let held = caller.hold(json!({"client": IVAN, "point": TILL, "amount": 100}));
    held.ok();
    assert_eq!(held.header("x-stend-sandbox"), Some("checkout"));

    let (now, expired) = inside.advance_by(Period::minutes(11)).expect("time can go on");
    assert_eq!(now.to_string(), "2026-01-01T00:11:00.000Z");
    assert_eq!(expired.len(), 1);
    assert_eq!(bench.in_sandbox("checkout").balance(IVAN), 878);
    assert_eq!(bench.stend().default_sandbox().clock().now, Time::parse(START).expect("a time"));
}

#[test]
fn servers_in_one_process_do_not_meet() {
    let (one, other) = (Bench::shop(), Bench::shop());
    assert_ne!(one.url(), other.url());
    one.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 100})).ok();
    assert_eq!((one.balance(IVAN), other.balance(IVAN)), (json!(778), json!(878)));
}

#[test]
fn a_server_that_is_dropped_gives_its_port_back() {
    let port = free_port();
    for _ in 0..3 {
        let bench = Bench::start(Bench::builder().port(port));
        assert_eq!(bench.stend().address().port(), port);
        bench.get("/_stend/ready").ok();
    }
}

#[test]
fn a_taken_port_is_told_with_the_way_out() {
    let bench = Bench::shop();
    let port = bench.stend().address().port();
    let Err(error) = Bench::try_start(Bench::builder().port(port)) else {
        panic!("two servers on one port");
    };
    assert!(matches!(error, StartError::Bind { .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.contains(&port.to_string()) && message.contains("--port"), "{message}");
}

#[test]
fn all_mistakes_of_a_fixture_are_told_at_once() {
    let mut fixture = shop();
    fixture["loyalclient"]["clients"][0]["balanse"] = json!(5);
    fixture["loyalclient"]["clients"][1]["level"] = json!("ffffffffffffffffffffffff");
    let Err(error) = Bench::try_start(Bench::builder().fixture(fixture.to_string())) else {
        panic!("it is not a fixture");
    };
    let message = error.to_string();
    assert_eq!(message.lines().count(), 2, "{message}");
    assert!(message.contains("balanse") && message.contains("ffffffffffffffffffffffff"), "{message}");
}

#[test]
fn the_same_calls_give_the_same_bytes_every_run() {
    let run = || {
        let bench = Bench::shop();
        let held = bench.hold(json!({"client": IVAN, "point": TILL, "amount": 100}));
        let paid = bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 10}));
        let passed = bench.post("/_stend/clock/advance", &json!({"by": "P30D"}));
        let accounts = bench.get("/_stend/accounts");
        [held, paid, passed, accounts].map(|answer| answer.text().to_owned())
    };
    assert_eq!(run(), run());
}
