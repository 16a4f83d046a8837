//! How an entry is shown: bodies as they are, queries and headers by name, and no credentials.

use serde_json::{Value, json};

use crate::harness::{Bench, IVAN, KEY, TILL};

const HOLD: &str = "/integration/general/bonuses/hold";

#[test]
fn json_is_shown_as_json_with_its_digits_and_its_order() {
    let bench = Bench::shop();
    let body = format!(r#"{{"point":"{TILL}","client":"{IVAN}","amount":1.00e1,"more":[1.50,{{}},null]}}"#);
    bench.request("POST", HOLD).body(body.clone()).send().ok();
    let page = bench.get("/_stend/requests");
    assert!(page.text().contains(&format!("\"body\":{body}")), "{}", page.text());
}

#[test]
fn a_body_is_a_text_if_it_is_no_json_and_base64_if_it_is_no_text() {
    let bench = Bench::shop();
    let body_of = |sent: &[u8]| {
        bench.request("POST", HOLD).body(sent).send().with_status(422);
        let request = bench.last_request()["request"].clone();
        (request["body"].clone(), request["bodyEncoding"].clone())
    };
    assert_eq!(body_of(b"a=b&c"), (json!("a=b&c"), Value::Null));
    assert_eq!(body_of(b"{\"a\":"), (json!("{\"a\":"), Value::Null));
    assert_eq!(body_of(b"\xff\x00"), (json!("/wA="), json!("base64")));
    assert_eq!(body_of(b""), (Value::Null, Value::Null));
}

#[test]
fn a_body_that_is_too_large_is_told_of() {
    let bench = Bench::shop();
    bench.request("POST", HOLD).body(vec![b' '; 2 << 20]).send().with_status(413);
    let entry = bench.last_request();
    assert_eq!((&entry["operation"], &entry["request"]["body"]), (&json!("hold"), &Value::Null));
    assert_eq!(entry["notes"][0]["kind"], "badInput");
}

#[test]
fn bodies_that_are_shared_and_not_copied_are_shown_whole() {
    let bench = Bench::shop();
    let long = "н".repeat(50_000);
    bench.request("POST", HOLD).json(&json!({"client": long})).send().with_status(422);
    assert_eq!(bench.last_request()["request"]["body"]["client"], long.as_str());
    let clients: Vec<Value> =
        (0..60).map(|it| json!({"name": long[..2_000], "phone": format!("+7{it}")})).collect();
    let mut fixture = crate::harness::shop();
    fixture["ibonus"] = json!({
        "merchant": {"email": "merchant@example.com", "password": "secret"}, "clients": clients
    });
    let bench = Bench::with(&fixture);
    let answer = bench
        .request("GET", "/ext/api/v1/clients/")
        .header("authorization", "Basic bWVyY2hhbnRAZXhhbXBsZS5jb206c2VjcmV0")
        .send();
    assert!(answer.body.len() > 100_000, "{}", answer.body.len());
    assert_eq!(bench.last_request()["answer"]["body"], answer.ok());
}

#[test]
fn credentials_are_hidden_wherever_they_stand() {
    let bench = Bench::demo();
    let caller = bench.without_key();
    let secrets =
        ["key-of-headers", "c2VjcmV0LW9mLWJhc2lj", "secret-of-query", "secret-of-body", "cookie-secret"];
    caller
        .request(
            "POST",
            "/ext/api/v1/fiscal_hub/cash_back/hold/?login=a&api_key=secret-of-query&apikey=secret-of-query",
        )
        .header("authorization", "Basic c2VjcmV0LW9mLWJhc2lj")
        .header("apikey", "key-of-headers")
        .header("x-api-key", "key-of-headers")
        .header("cookie", "a=cookie-secret")
        .header("proxy-authorization", "Bearer c2VjcmV0LW9mLWJhc2lj")
        .json(&json!({"password": "secret-of-body", "deep": [{"accessToken": "secret-of-body"}]}))
        .send()
        .with_status(401);
    let shown = bench.get("/_stend/requests").text().to_owned();
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
    }
    let request = bench.last_request()["request"].clone();
    assert_eq!(request["headers"]["authorization"], "Basic [redacted]");
    assert_eq!(request["headers"]["proxy-authorization"], "Bearer [redacted]");
    assert_eq!(request["headers"]["cookie"], "[redacted]");
    assert_eq!(request["query"], json!({"login": "a", "api_key": "[redacted]", "apikey": "[redacted]"}));
    assert_eq!(request["body"], json!({"password": "[redacted]", "deep": [{"accessToken": "[redacted]"}]}));
    // They are compared all the same.
    let found = json!({"match": {"body": {"password": "secret-of-body"}}});
    assert_eq!(bench.post("/_stend/requests/count", &found).ok()["count"], 1);
}

#[test]
fn tokens_of_answers_are_hidden_and_those_that_are_data_are_not() {
    let bench = Bench::demo();
    bench
        .request("POST", "/api/v0/auth/login")
        .json(&json!({"login": "admin", "password": "111"}))
        .send()
        .ok();
    let login = bench.last_request();
    assert_eq!(login["request"]["body"], json!({"login": "admin", "password": "[redacted]"}));
    assert_eq!(login["answer"]["body"]["accessToken"], "[redacted]");
    assert_eq!(login["answer"]["body"]["refreshToken"], "[redacted]");
    assert_eq!(login["answer"]["body"]["tokenType"], "bearer");
    // An error of ProBonus repeats what it got.
    let wrong = json!({"login": "admin", "password": 987_654});
    bench.request("POST", "/api/v0/auth/login").json(&wrong).send().with_status(422);
    let entry = bench.last_request();
    assert!(!entry.to_string().contains("987654"), "{entry}");

    let client = bench
        .request("GET", "/ext/api/v1/clients/coupons/?type=linked&token=some-coupon")
        .header("authorization", "Basic bWVyY2hhbnRAZXhhbXBsZS5jb206c2VjcmV0")
        .send();
    client.with_status(404);
    assert_eq!(bench.last_request()["request"]["query"]["token"], "some-coupon");
    let merchants = "/ext/api/v1/merchant/public/exists/?token=the-vendors&phone=7";
    bench.request("GET", merchants).send().with_status(401);
    assert_eq!(bench.last_request()["request"]["query"], json!({"token": "[redacted]", "phone": "7"}));
}

#[test]
fn what_stands_twice_is_a_list() {
    let bench = Bench::shop();
    bench
        .request("GET", "/elsewhere?a=1&b=%D0%B8&a=2")
        .header("x-more", "1")
        .header("x-more", "2")
        .send()
        .with_status(404);
    let request = bench.last_request()["request"].clone();
    assert_eq!(request["query"], json!({"a": ["1", "2"], "b": "и"}));
    assert_eq!(request["headers"]["x-more"], json!(["1", "2"]));
}

#[test]
fn an_answer_that_a_fault_keeps_back_is_none() {
    let bench = Bench::shop();
    let body = json!({"client": IVAN, "point": TILL, "amount": 100}).to_string();
    let lost = bench.fault(json!({
        "match": {"operation": "hold"}, "times": 1, "effect": {"connection": "close", "when": "after"}
    }));
    let mut socket = bench.socket();
    socket.send_head("POST", HOLD, body.len()).send(&body);
    assert!(socket.is_closed());
    let entry = bench.last_request();
    assert_eq!(entry["answer"], Value::Null);
    assert_eq!((&entry["fault"]["id"], &entry["fault"]["answered"]), (&json!(lost), &json!(false)));
    assert_eq!((&entry["notes"][0]["kind"], &entry["notes"][0]["fault"]), (&json!("fault"), &json!(lost)));
    assert_eq!(bench.get("/_stend/requests?status=200").ok()["total"], 0);

    bench.request("POST", HOLD).header("prefer", "code=503").json(&json!({})).send().with_status(503);
    let entry = bench.last_request();
    assert_eq!((&entry["fault"]["id"], &entry["answer"]["status"]), (&Value::Null, &json!(503)));
    assert_eq!(entry["request"]["headers"]["apikey"], "[redacted]");
    assert!(!entry.to_string().contains(KEY));
}

#[test]
fn a_stalled_call_is_in_the_journal_while_it_waits() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {"operation": "hold"}, "effect": {"connection": "stall"}}));
    let mut socket = bench.socket();
    socket.send_head("POST", HOLD, 2).send("{}");
    let question = json!({"match": {"operation": "hold"}, "within": "PT20S"});
    assert_eq!(bench.verify(question)["ok"], true);
    assert_eq!(bench.last_request()["answer"], Value::Null);
    drop(socket);
}
