//! Faults that answer a status: which calls, how often, in which shape, and whether the operation is done.

use serde_json::{Value, json};

use crate::harness::{ANNA, Answer, Bench, IVAN, IVAN_PHONE, TILL};

const RETAIL: &str = "/integration/general/retail";

fn order(client: &str) -> Value {
    json!({"client": client, "point": TILL, "amount": 100, "spend": 10})
}

/// An answer that no contract speaks of, as it is a fault's own.
fn bare(bench: &Bench, path: &str, body: &Value) -> Answer {
    bench.socket().post(path, body).bare_answer().expect("an answer")
}

#[test]
fn a_call_fails_so_many_times_and_then_succeeds() {
    let bench = Bench::shop();
    let id = bench.fault(json!({"match": {"operation": "retail"}, "times": 2, "effect": {"status": 503}}));
    for _ in 0..2 {
        bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
        bench.retail(order(IVAN)).is(503, r#"{"error":"Service Unavailable"}"#);
        assert_eq!(bench.balance(IVAN), 878, "nothing has happened");
    }
    bench.retail(order(IVAN)).ok();
    assert_eq!(bench.balance(IVAN), 868);
    assert_eq!(bench.hits(&id), 2);
}

#[test]
fn the_first_calls_may_pass() {
    let bench = Bench::shop();
    let id = bench
        .fault(json!({"match": {"operation": "retail"}, "skip": 2, "times": 1, "effect": {"status": 500}}));
    let statuses: Vec<u16> = (0..4).map(|_| bench.retail(order(IVAN)).status).collect();
    assert_eq!(statuses, [200, 200, 500, 200]);
    assert_eq!(bench.hits(&id), 1, "those that were let pass are no hits");
}

#[test]
fn a_status_has_the_shape_of_the_api_that_was_called() {
    let bench = Bench::demo();
    bench.fault(json!({"match": {}, "effect": {"status": 503}}));
    bench.client(json!({"search": IVAN_PHONE, "point": TILL})).is(503, r#"{"error":"Service Unavailable"}"#);
    bench.get("/ext/api/v1/clients/").is(
        503,
        r#"{"error":"Service Unavailable","message":"Service Unavailable","path":"/ext/api/v1/clients/","status":503,"timestamp":1767225600000}"#,
    );
    let mut socket = bench.socket();
    let answer =
        socket.send("GET /api/v0/accounts HTTP/1.1\r\nhost: x\r\n\r\n").bare_answer().expect("an answer");
    answer.is(503, r#"{"detail":"Service Unavailable"}"#);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(bench.hits("f1"), 3);
}

#[test]
fn loyalclients_shape_follows_its_rule() {
    let bench = Bench::shop_with_rules(json!({"error_envelope": "with_success"}));
    bench.fault(json!({"match": {}, "effect": {"status": 418}}));
    bench.retail(order(IVAN)).is(418, r#"{"success":false,"error":"I'm a teapot"}"#);
}

#[test]
fn a_server_that_is_down_asks_for_no_key_and_knows_no_paths() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {}, "effect": {"status": 502}}));
    bench.without_key().retail(order(IVAN)).with_status(502);
    for path in ["/integration/nothing", "/ext/nothing", "/api/nothing"] {
        bare(&bench, path, &json!({})).with_status(502);
    }
}

#[test]
fn only_the_calls_that_are_meant_fail() {
    let bench = Bench::shop();
    for (pattern, failing) in [
        (json!({"api": "loyalclient"}), &["client", "annas", "retail"][..]),
        (json!({"api": "ibonus"}), &[]),
        (json!({"operation": "client"}), &["client"]),
        (json!({"method": "GET"}), &[]),
        (json!({"method": "post", "path": "/integration/general/*"}), &["client", "annas", "retail"]),
        (json!({"path": "**/retail"}), &["annas", "retail"]),
        (json!({"path": "/integration/*/retail/"}), &["annas", "retail"]),
        (json!({"path": "/integration/*"}), &[]),
        (json!({"body": {"client": ANNA}}), &["annas"]),
        (json!({"body": {"amount": 100.00, "spend": 10}}), &["annas", "retail"]),
        (json!({"operation": "retail", "body": {"client": IVAN}}), &["retail"]),
    ] {
        bench.reset();
        bench.fault(json!({"match": pattern, "effect": {"status": 503}}));
        let calls = [
            ("client", bench.client(json!({"search": IVAN_PHONE, "point": TILL}))),
            ("annas", bench.retail(order(ANNA))),
            ("retail", bench.in_sandbox("default").retail(order(IVAN))),
        ];
        let failed: Vec<&str> =
            calls.iter().filter(|(_, answer)| answer.status == 503).map(|(name, _)| *name).collect();
        assert_eq!(failed, failing, "{pattern}");
    }
}

#[test]
fn a_body_and_headers_may_be_given() {
    let bench = Bench::shop();
    for (effect, status, media_type, body) in [
        (
            json!({"status": 429, "body": {"b": 1, "a": [1.0]}}),
            429,
            "application/json",
            r#"{"a":[1.0],"b":1}"#,
        ),
        (json!({"status": 502, "body": "<h1>502</h1>"}), 502, "text/plain; charset=utf-8", "<h1>502</h1>"),
        (
            json!({"status": 502, "body": "<h1>502</h1>", "headers": {"Content-Type": "text/html"}}),
            502,
            "text/html",
            "<h1>502</h1>",
        ),
        (
            json!({"status": 200, "body": "{\"success\":tr"}),
            200,
            "text/plain; charset=utf-8",
            "{\"success\":tr",
        ),
        (json!({"status": 500, "body": null}), 500, "application/json", "null"),
        (json!({"status": 500, "body": ""}), 500, "text/plain; charset=utf-8", ""),
    ] {
        bench.request("DELETE", "/_stend/faults").send().with_status(204);
        bench.fault(json!({"match": {}, "effect": effect}));
        let answer = bare(&bench, RETAIL, &order(IVAN));
        answer.is(status, body);
        assert_eq!(answer.header("content-type"), Some(media_type), "{answer}");
        assert_eq!(answer.header("x-stend-sandbox"), Some("default"));
    }
    bench.request("DELETE", "/_stend/faults").send().with_status(204);
    bench.fault(
        json!({"match": {}, "effect": {"status": 503, "headers": {"Retry-After": "7", "X-Own": "a b"}}}),
    );
    let answer = bench.retail(order(IVAN));
    answer.is(503, r#"{"error":"Service Unavailable"}"#);
    assert_eq!((answer.header("retry-after"), answer.header("x-own")), (Some("7"), Some("a b")));
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn a_json_body_is_sent_to_the_letter() {
    let bench = Bench::shop();
    let rule = r#"{"match":{},"effect":{"status":500,"body":{"b": 1.00, "a":null}}}"#;
    bench.request("POST", "/_stend/faults").body(rule).send().with_status(201);
    bare(&bench, RETAIL, &order(IVAN)).is(500, r#"{"b": 1.00, "a":null}"#);
}

#[test]
fn a_status_without_a_body_by_itself_has_none() {
    let bench = Bench::shop();
    for status in [204, 304] {
        bench.request("DELETE", "/_stend/faults").send().with_status(204);
        bench.fault(json!({"match": {}, "effect": {"status": status}}));
        let mut socket = bench.socket();
        for _ in 0..2 {
            socket.post(RETAIL, &order(IVAN));
            let answer = socket.bare_answer().expect("the connection goes on");
            answer.with_status(status);
            assert_eq!(answer.header("content-length"), None, "{answer}");
        }
    }
}

#[test]
fn after_the_operation_is_done_its_answer_can_be_replaced() {
    let bench = Bench::shop();
    bench.fault(
        json!({"match": {"operation": "retail"}, "times": 1, "effect": {"status": 504, "when": "after"}}),
    );
    bench.retail(order(IVAN)).is(504, r#"{"error":"Gateway Timeout"}"#);
    assert_eq!(bench.balance(IVAN), 868, "the points are gone all the same");
    bench.retail(order(IVAN)).ok();
    assert_eq!(bench.balance(IVAN), 858, "and a careless retry pays twice");
}

#[test]
fn after_a_refused_operation_too_the_answer_is_replaced() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {}, "effect": {"status": 500, "when": "after"}}));
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 1, "spend": 1000})).with_status(500);
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn a_call_whose_body_cannot_be_read_meets_no_fault() {
    let bench = Bench::shop();
    let id = bench.fault(json!({"match": {}, "effect": {"status": 500}}));
    let too_large = " ".repeat((1 << 20) + 1);
    bench.request("POST", RETAIL).body(too_large).send().with_status(413);
    assert_eq!(bench.hits(&id), 0);
}
