//! The notes of an entry: what stend has to say beside the answer.

use serde_json::{Value, json};

use crate::harness::{Bench, Caller, IVAN, NOBODY, TILL};

const BASIC: &str = "Basic bWVyY2hhbnRAZXhhbXBsZS5jb206c2VjcmV0";

fn only_note(caller: &Caller) -> Value {
    let notes = caller.last_request()["notes"].clone();
    assert_eq!(notes.as_array().map(Vec::len), Some(1), "{notes}");
    notes[0].clone()
}

fn ibonus(caller: &Caller, method: &str, path: &str, body: &Value) -> Value {
    let request = caller.request(method, &format!("/ext/api/v1{path}")).header("authorization", BASIC);
    if body.is_null() {
        request.send()
    } else {
        request.json(body).send()
    };
    only_note(caller)
}

#[test]
fn a_refusal_tells_its_rule_its_evidence_and_the_numbers_it_saw() {
    let bench = Bench::shop();
    bench.holds(IVAN, 100);
    bench.advance("PT1M");
    bench.hold(json!({"client": IVAN, "point": TILL, "amount": 800})).with_status(422);
    assert_eq!(
        only_note(&bench),
        json!({
            "kind": "refusal",
            "text": "Amount can't be more 778",
            "refusal": "holdOverLimit",
            "rule": "no more is held than is available beside other holds",
            "evidence": "I",
            "limit": 778, "available": 778, "held": 100, "posted": 878,
            "now": "2026-01-01T00:01:00.000Z"
        })
    );
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 1000, "spend": 900})).with_status(422);
    let note = only_note(&bench);
    assert_eq!((&note["refusal"], &note["evidence"]), (&json!("spendOverLimit"), &json!("D")));
    assert_eq!((&note["limit"], &note["held"]), (&json!(778), &json!(100)));
}

#[test]
fn every_refusal_of_loyalclient_has_its_note() {
    let bench = Bench::shop();
    let search = |search: &str, point: &str| bench.client(json!({"search": search, "point": point}));
    search("nobody", TILL);
    assert_eq!(only_note(&bench)["refusal"], "clientNotFound");
    search("79201234567", NOBODY);
    assert_eq!(only_note(&bench)["refusal"], "pointNotFound");
    search("nobody", NOBODY);
    let note = only_note(&bench);
    assert_eq!(note["refusal"], "clientAndPointNotFound");
    assert_eq!(note["text"], "Client not found. Point not found.");
    bench.with_key("wrong").client(json!({}));
    assert_eq!(
        (&only_note(&bench)["refusal"], &only_note(&bench)["kind"]),
        (&json!("badApiKey"), &json!("refusal"))
    );
}

#[test]
fn refusals_of_i_bonus_tell_what_they_saw() {
    let bench = Bench::demo();
    let clients = bench.request("GET", "/ext/api/v1/clients/").header("authorization", BASIC).send().ok();
    let id = clients[0]["id"].as_u64().expect("an id");
    let balance = json!({"balance": [{"amount": 1_000_000, "currency": "points"}], "coupons": []});
    let note = ibonus(&bench, "POST", &format!("/clients/{id}/balance/write_off/"), &balance);
    assert_eq!((&note["refusal"], &note["evidence"]), (&json!("insufficientPoints"), &json!("D")));
    assert!(note["available"].is_number() && note["currency"] == "points", "{note}");
    assert_eq!(ibonus(&bench, "GET", "/clients/999/balance/", &Value::Null)["refusal"], "clientNotFound");
    assert_eq!(ibonus(&bench, "GET", "/clients/x/balance/", &Value::Null)["refusal"], "clientNotFound");
    assert_eq!(ibonus(&bench, "GET", "/loyalty/coupons/x/", &Value::Null)["refusal"], "templateNotFound");
    bench.request("GET", "/ext/api/v1/clients/").send().with_status(401);
    assert_eq!(only_note(&bench)["refusal"], "badCredentials");
    bench.request("GET", "/ext/api/v1/merchant/public/exists/").send().with_status(401);
    assert_eq!(only_note(&bench)["refusal"], "wrongPublicToken");
}

#[test]
fn an_expired_hold_tells_its_deadline() {
    let bench = Bench::demo();
    let hub = "login=merchant@example.com&api_key";
    let state = bench.get("/_stend/state").ok();
    let key = state["ibonus"]["merchant"]["fiscalApiKey"].as_str().expect("the demo has a hub").to_owned();
    let clients = bench.request("GET", "/ext/api/v1/clients/").header("authorization", BASIC).send().ok();
    let client = clients.as_array().expect("a list").iter().find_map(|client| {
        let order = json!({"clientId": client["id"], "currency": "points", "amount": 1, "couponIds": []});
        let path = format!("/ext/api/v1/fiscal_hub/cash_back/hold/?{hub}={key}");
        let held = bench.request("POST", &path).json(&order).send();
        (held.status == 200).then(|| held.json())
    });
    let transaction = client.expect("somebody has a point")["transactionId"].clone();
    bench.advance("P400D");
    let path = format!("/ext/api/v1/fiscal_hub/cash_back/hold/cancel/?{hub}={key}");
    bench.request("POST", &path).json(&json!({"transactionId": transaction})).send().with_status(400);
    let note = only_note(&bench);
    assert_eq!(note["refusal"], "holdExpired");
    assert!(note["deadline"].as_str() < note["now"].as_str() && note["deadline"].is_string(), "{note}");
}

#[test]
fn refusals_of_probonus_have_their_notes() {
    let bench = Bench::demo();
    let wrong = json!({"login": "admin", "password": "no"});
    bench.request("POST", "/api/v0/auth/login").json(&wrong).send().with_status(401);
    let note = only_note(&bench);
    assert_eq!((&note["refusal"], &note["evidence"]), (&json!("wrongCredentials"), &json!("D")));
    bench.request("GET", "/api/v0/users/list").send().with_status(401);
    assert_eq!(only_note(&bench)["refusal"], "credentialsMissing");
    bench.request("POST", "/api/v0/auth/login").json(&json!({"login": "admin"})).send().with_status(422);
    let note = only_note(&bench);
    assert_eq!((&note["kind"], &note["field"]), (&json!("badInput"), &json!("password")));
}

#[test]
fn each_thing_that_cannot_be_read_has_its_note() {
    let bench = Bench::shop();
    bench.hold(json!({"client": IVAN, "point": 5, "amount": "x"})).with_status(422);
    let notes = bench.last_request()["notes"].clone();
    assert_eq!(
        notes,
        json!([
            {"kind": "badInput", "text": "Point must be a string.", "field": "point"},
            {"kind": "badInput", "text": "Amount must be a number.", "field": "amount"},
        ])
    );
    let bench = Bench::demo();
    let note = ibonus(&bench, "POST", "/fiscal/orders/", &json!([]));
    assert_eq!(
        (&note["kind"], &note["text"]),
        (&json!("badInput"), &json!("The body must be a JSON object."))
    );
}

#[test]
fn unknown_fields_are_noted_also_where_the_call_is_a_success() {
    let bench = Bench::shop();
    bench.hold(json!({"client": IVAN, "point": TILL, "amount": 100, "durration": 5})).ok();
    assert_eq!(
        only_note(&bench),
        json!({
            "kind": "unknownField",
            "text": "hold knows no field durration, and did not look at it; the nearest it knows is duration",
            "field": "durration",
            "nearest": "duration"
        })
    );
    bench.client(json!({"search": "79201234567", "point": TILL, "hold": [], "zzzzzzz": {"deep": 1}})).ok();
    assert_eq!(only_note(&bench)["nearest"], Value::Null);
    let bench = Bench::demo();
    let order = json!({"order": {"items": [{"nam": "x"}]}});
    let request = bench.request("POST", "/ext/api/v1/fiscal/orders/").header("authorization", BASIC);
    request.json(&order).send().with_status(400);
    let notes = bench.last_request()["notes"].clone();
    let unknown: Vec<_> = notes
        .as_array()
        .expect("a list")
        .iter()
        .filter(|note| note["kind"] == "unknownField")
        .map(|note| (note["field"].clone(), note["nearest"].clone()))
        .collect();
    assert_eq!(unknown, [(json!("order.items[0].nam"), json!("name"))]);
}

#[test]
fn what_is_not_emulated_is_noted() {
    let bench = Bench::shop();
    for (method, path, status) in [
        ("GET", "/elsewhere", 404),
        ("POST", "/integration/general/holds", 404),
        ("GET", "/integration/general/client", 405),
        ("GET", "/ext/api/v1/videos/", 404),
        ("GET", "/api/v0/nothing", 404),
    ] {
        bench.request(method, path).send().with_status(status);
        let note = only_note(&bench);
        assert_eq!(note["kind"], "notEmulated", "{path}");
        let text = note["text"].as_str().expect("a text");
        assert!(text.contains(path) && text.contains(method), "{text}");
    }
}

#[test]
fn payments_that_do_not_add_up_are_noted_and_accepted() {
    let bench = Bench::demo();
    let order = json!({"order": {
        "externalId": "one", "receiptType": "sale", "amountCard": 20, "amountCash": 10,
        "items": [{"name": "Tea", "price": 10, "quantity": 1, "unit": "piece", "vat": 0}]
    }});
    let note = ibonus(&bench, "POST", "/fiscal/orders/", &order);
    assert_eq!(bench.last_request()["answer"]["status"], 200);
    assert_eq!(note["kind"], "mismatch");
    assert_eq!(
        [&note["total"], &note["card"], &note["cash"], &note["writtenOff"]],
        [&json!(10), &json!(20), &json!(10), &json!(0)]
    );
}

#[test]
fn a_wildcard_that_is_not_encoded_is_noted() {
    let bench = Bench::demo();
    let note = ibonus(&bench, "GET", "/clients/?phone=%79&email=%25", &Value::Null);
    assert_eq!((&note["kind"], &note["field"]), (&json!("badInput"), &json!("phone")));
    assert!(note["text"].as_str().is_some_and(|text| text.contains("%25")), "{note}");
}

#[test]
fn a_preference_that_cannot_be_had_is_noted() {
    let bench = Bench::shop();
    bench.request("POST", "/integration/general/client").header("prefer", "code=200").send().with_status(400);
    assert_eq!(only_note(&bench)["kind"], "badInput");
}
