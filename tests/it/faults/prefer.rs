//! `Prefer: code=503`: one request asks for a status itself.

use serde_json::json;

use crate::harness::{Bench, IVAN, TILL};

const RETAIL: &str = "/integration/general/retail";

#[test]
fn a_request_gets_the_status_it_asks_for_and_nothing_happens() {
    let bench = Bench::demo();
    let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 10});
    let balance = bench.balance(IVAN);
    let answer = bench.request("POST", RETAIL).header("Prefer", "code=503").json(&order).send();
    answer.is(503, r#"{"error":"Service Unavailable"}"#);
    assert_eq!(answer.header("preference-applied"), Some("code=503"));
    assert_eq!(bench.balance(IVAN), balance);

    let answer = bench.request("GET", "/ext/api/v1/clients/").header("Prefer", "code=429").send();
    assert_eq!(answer.with_status(429).json()["message"], "Too Many Requests");
    let mut socket = bench.socket();
    socket.send("GET /api/v0/accounts HTTP/1.1\r\nhost: x\r\nprefer: code=500\r\n\r\n");
    socket.bare_answer().expect("an answer").is(500, r#"{"detail":"Internal Server Error"}"#);
}

#[test]
fn other_preferences_are_not_stends_business() {
    let bench = Bench::shop();
    let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 10});
    for preference in ["return=minimal", "respond-async", "wait=10, handling=lenient", ""] {
        let answer = bench.request("POST", RETAIL).header("Prefer", preference).json(&order).send();
        answer.ok();
        assert_eq!(answer.header("preference-applied"), None);
    }
    for preference in ["respond-async, code=418; a=b", "CODE = \"418\""] {
        let answer = bench.request("POST", RETAIL).header("Prefer", preference).json(&order).send();
        answer.with_status(418);
        assert_eq!(answer.header("preference-applied"), Some("code=418"));
    }
}

#[test]
fn a_code_that_cannot_be_had_is_told_and_is_no_vendors_answer() {
    let bench = Bench::shop();
    let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 10});
    for code in ["200", "399", "600", "99999", "-1", "x", ""] {
        let preference = format!("code={code}");
        let answer = bench.request("POST", RETAIL).header("Prefer", &preference).json(&order).send();
        let detail = answer.problem(400);
        assert!(detail.contains(&preference) && detail.contains("400 to 599"), "{detail}");
        assert_eq!(answer.header("x-stend-error"), Some("badPreference"));
        assert_eq!(answer.header("x-stend-sandbox"), Some("default"));
    }
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn what_a_request_asks_for_goes_before_the_rules_and_counts_for_none() {
    let bench = Bench::shop();
    let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 10});
    let id = bench.fault(json!({"match": {}, "times": 1, "effect": {"status": 500}}));
    bench.request("POST", RETAIL).header("Prefer", "code=503").json(&order).send().with_status(503);
    assert_eq!(bench.hits(&id), 0);
    bench.retail(order).with_status(500);
}

#[test]
fn stends_own_surface_knows_no_preferences() {
    let bench = Bench::shop();
    bench.request("GET", "/_stend/clock").header("Prefer", "code=503").send().ok();
    bench.request("GET", "/").header("Prefer", "code=503").send().with_status(200);
}
