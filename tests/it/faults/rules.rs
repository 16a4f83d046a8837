//! `/_stend/faults`: rules come, are looked at, and go.

use serde_json::{Value, json};

use crate::harness::{Bench, IVAN, TILL};

const FAULTS: &str = "/_stend/faults";

#[test]
fn a_rule_is_answered_as_it_was_sent_with_its_id_and_its_hits() {
    let bench = Bench::shop();
    let sent = r#"{"match":{"operation":"retail","body":{"spend":0}},"skip":1,"times":2,"probability":0.5,"effect":{"delay":"1ms","status":503,"when":"after"}}"#;
    let answer = bench.request("POST", FAULTS).body(sent).send();
    let shown = format!("{}{}{}", r#"{"id":"f1","#, &sent[1..sent.len() - 1], r#","hits":0}"#);
    answer.is(201, &shown);
    assert_eq!(answer.header("location"), Some("/_stend/faults/f1"));
    bench.get("/_stend/faults/f1").is(200, &shown);
    bench.get(FAULTS).is(200, &format!(r#"{{"faults":[{shown}],"total":1}}"#));

    let smallest = json!({"match": {}, "effect": {"status": 500}});
    let answer = bench.post(FAULTS, &smallest);
    answer.is(201, r#"{"id":"f2","match":{},"effect":{"status":500},"hits":0}"#);
}

#[test]
fn a_list_is_in_the_order_of_making_a_page_at_a_time() {
    let bench = Bench::shop();
    for _ in 0..12 {
        bench.fault(json!({"match": {}, "effect": {"status": 500}}));
    }
    let page = bench.get("/_stend/faults?offset=8&limit=3").ok();
    let ids: Vec<&Value> = page["faults"].as_array().expect("a list").iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, ["f9", "f10", "f11"]);
    assert_eq!(page["total"], 12);
    bench.get("/_stend/faults?limit=x").points_at(&["limit"]);
}

#[test]
fn what_is_deleted_acts_no_more() {
    let bench = Bench::shop();
    let order = || json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1});
    let (one, other) = (json!({"status": 500}), json!({"status": 501}));
    let one = bench.fault(json!({"match": {}, "effect": one}));
    bench.fault(json!({"match": {}, "effect": other}));
    bench.retail(order()).with_status(500);
    bench.request("DELETE", &format!("{FAULTS}/{one}")).send().is(204, "");
    bench.retail(order()).with_status(501);
    bench.request("DELETE", FAULTS).send().is(204, "");
    bench.retail(order()).ok();
    bench.get(FAULTS).is(200, r#"{"faults":[],"total":0}"#);
    bench.request("DELETE", FAULTS).send().is(204, "");
    assert_eq!(bench.fault(json!({"match": {}, "effect": {"status": 500}})), "f3", "no id comes twice");
    for method in ["GET", "DELETE"] {
        for id in [one.as_str(), "f99", "1", "x"] {
            let detail = bench.request(method, &format!("{FAULTS}/{id}")).send().problem(404);
            assert!(detail.contains(id) && detail.contains("default"), "{detail}");
        }
    }
}

#[test]
fn every_sandbox_has_faults_of_its_own() {
    let bench = Bench::shop();
    let other = bench.in_sandbox("other");
    other.fault(json!({"match": {}, "effect": {"status": 500}}));
    let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1});
    bench.retail(order.clone()).ok();
    other.retail(order.clone()).with_status(500);
    bench.in_sandbox("a-third").retail(order.clone()).ok();
    bench.post("/_stend/sandboxes", &json!({"name": "copy", "from": "other"})).with_status(201);
    bench.in_sandbox("copy").retail(order).ok();
    assert_eq!(bench.in_sandbox("copy").get(FAULTS).ok()["total"], 0);
}

#[test]
fn a_reset_forgets_the_faults_unless_it_is_told_to_keep_them() {
    let bench = Bench::shop();
    let order = || json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1});
    bench.fault(json!({"match": {}, "times": 3, "effect": {"status": 500}}));
    bench.retail(order()).with_status(500);
    bench.post("/_stend/reset", &json!({"keep": ["faults"]})).ok();
    assert_eq!(bench.hits("f1"), 1);
    bench.retail(order()).with_status(500);
    assert_eq!(bench.hits("f1"), 2);
    bench.reset();
    bench.retail(order()).ok();
    assert_eq!(bench.get(FAULTS).ok()["total"], 0);
    assert_eq!(bench.fault(json!({"match": {}, "effect": {"status": 500}})), "f1", "the ids begin again");
}

#[test]
fn a_snapshot_has_no_faults_and_restoring_it_leaves_those_that_are_there() {
    let bench = Bench::shop();
    let order = || json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1});
    bench.request("PUT", "/_stend/snapshots/before").send().with_status(201);
    bench.fault(json!({"match": {}, "times": 2, "effect": {"status": 500}}));
    bench.retail(order()).with_status(500);
    bench.request("POST", "/_stend/snapshots/before/restore").send().ok();
    assert_eq!(bench.hits("f1"), 1);
    bench.retail(order()).with_status(500);
    bench.retail(order()).ok();
}

#[test]
fn faults_never_act_on_stends_own_pages() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {}, "effect": {"status": 500}}));
    bench.fault(json!({"match": {"path": "**"}, "effect": {"connection": "close"}}));
    for path in ["/_stend/clock", "/_stend/health", "/_stend/audit", "/_stend/docs", "/", FAULTS] {
        bench.get(path).with_status(200);
    }
    bench.get("/nothing").with_status(404);
    assert_eq!((bench.hits("f1"), bench.hits("f2")), (0, 0));
}

#[test]
fn all_that_is_wrong_is_told_and_nothing_is_added() {
    let bench = Bench::shop();
    for (body, pointers) in [
        (json!({}), &["/match", "/effect"][..]),
        (json!({"match": {}, "efect": {}}), &["/efect", "/effect"]),
        (json!({"match": {"operation": "retial"}, "effect": {"status": 503}}), &["/match/operation"]),
        (
            json!({"match": {"api": "loyalclient", "operation": "orders.create"}, "effect": {"status": 503}}),
            &["/match/operation"],
        ),
        (
            json!({"match": {"methd": "GET"}, "effect": {"status": 503, "boddy": 1}}),
            &["/match/methd", "/effect/boddy"],
        ),
        (
            json!({"match": {}, "times": "2", "skip": -1, "effect": {"delay": "1h"}}),
            &["/times", "/skip", "/effect/delay"],
        ),
        (json!([]), &[""]),
    ] {
        bench.post(FAULTS, &body).points_at(pointers);
    }
    for body in ["", " ", "{", "null", "\"x\""] {
        bench.request("POST", FAULTS).body(body).send().points_at(&[""]);
    }
    bench.request("POST", FAULTS).body(b"{\"match\":\"\xff\"}").send().points_at(&[""]);
    let answer = bench.post(FAULTS, &json!({"match": {"operation": "retial"}, "effect": {"status": 503}}));
    assert!(answer.text().contains("did you mean"), "{answer}");
    assert_eq!(bench.get(FAULTS).ok()["total"], 0);
}

#[test]
fn every_operation_of_the_emulated_apis_can_be_named() {
    let bench = Bench::shop();
    for operation in stend::http::operations() {
        let named = json!({"api": operation.api.name(), "operation": operation.name});
        for pattern in [named, json!({"operation": operation.name})] {
            bench.fault(json!({"match": pattern, "times": 1, "effect": {"status": 503}}));
        }
        bench.request("DELETE", FAULTS).send().with_status(204);
    }
}

#[test]
fn a_sandbox_has_room_for_a_hundred_and_a_rule_for_64_kib() {
    let bench = Bench::shop();
    for _ in 0..100 {
        bench.fault(json!({"match": {}, "times": 1, "effect": {"status": 500}}));
    }
    let rule = json!({"match": {}, "effect": {"status": 500}});
    let refusal = bench.post(FAULTS, &rule).problem(409);
    assert!(refusal.contains("100") && refusal.contains("DELETE /_stend/faults"), "{refusal}");
    bench.in_sandbox("other").fault(rule);

    let other = bench.in_sandbox("other");
    let with_body =
        |length: usize| json!({"match": {}, "effect": {"status": 500, "body": "x".repeat(length)}});
    let around = with_body(0).to_string().len();
    other.fault(with_body(65_536 - around));
    let refusal = other.post(FAULTS, &with_body(65_537 - around)).problem(413);
    assert!(refusal.contains("65536") && refusal.contains("65537"), "{refusal}");
}
