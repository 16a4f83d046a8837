//! The promise of the same bytes: a long mixed session gives the same transcript in another process, with another
//! number of workers, on another port. What may differ is told here: the address, real times, durations.

use std::fmt::Write;

use serde_json::{Value, json};

use super::Running;
use crate::harness::{Bench, Caller};

/// Who calls, and all that was answered.
struct Session {
    caller: Caller,
    transcript: String,
}

const LOYALCLIENT: &str = "/integration/general";
const IBONUS: &str = "/ext/api/v1";
const IVAN: &str = "62a0f1e2d3c4b5a697882486";
const CAFE: &str = "62a0f1e2d3c4b5a69788f4f4";

impl Session {
    /// Sends a call; its answer goes into the transcript, and comes back as JSON where it is such.
    fn call(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        let mut request = self.caller.request(method, path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = if body.is_null() { request.send() } else { request.json(body).send() };
        let text = String::from_utf8(answer.body.clone()).expect("answers are texts");
        // Addresses in answers are the caller's own Host.
        let text = text.replace(self.caller.authority(), "HOST");
        let marks = [answer.header("x-stend-sandbox"), answer.header("x-stend-request")];
        writeln!(self.transcript, "{method} {path} {} {marks:?}\n{text}", answer.status)
            .expect("a text grows");
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn loyalclient(&mut self, call: &str, body: &Value) -> Value {
        self.call("POST", &format!("{LOYALCLIENT}/{call}"), &[], body)
    }

    fn ibonus(&mut self, method: &str, call: &str, body: &Value) -> Value {
        // merchant@example.com:secret
        let basic = ("authorization", "Basic bWVyY2hhbnRAZXhhbXBsZS5jb206c2VjcmV0");
        self.call(method, &format!("{IBONUS}/{call}"), &[basic], body)
    }

    fn control(&mut self, method: &str, call: &str, body: &Value) -> Value {
        self.call(method, &format!("/_stend/{call}"), &[], body)
    }
}

/// A session over everything that makes ids, tokens, times, orders of lists, or dice.
fn play(url: &str) -> String {
    let bench = Bench::at(url);
    let mut session = Session { caller: bench.clone(), transcript: String::new() };
    for round in 0..3 {
        let name = format!("round-{round}");
        session.caller = bench.in_sandbox(&name);
        purchases_of_loyalclient(&mut session);
        purchases_of_ibonus(&mut session);
        guests_of_probonus(&mut session);
        faults(&mut session);
        records_and_snapshots(&mut session);
        session.control("GET", "state", &Value::Null);
        session.control("GET", "accounts?limit=1000", &Value::Null);
        session.control("GET", "coverage", &Value::Null);
        session.control(
            "POST",
            "requests/verify",
            &json!({"match": {"operation": "retail"}, "times": {"exactly": 2}}),
        );
        session.control("POST", "reset", &json!({}));
        purchases_of_loyalclient(&mut session);
        session.control("GET", "state", &Value::Null);
    }
    session.transcript
}

fn purchases_of_loyalclient(session: &mut Session) {
    session.loyalclient("client", &json!({"search": "79201234567", "point": CAFE}));
    session.loyalclient("recalc", &json!({"client": IVAN, "point": CAFE, "amount": 500, "spend": 100}));
    for amount in [10, 20, 30] {
        let held =
            session.loyalclient("bonuses/hold", &json!({"client": IVAN, "point": CAFE, "amount": amount}));
        let id = &held["held"]["id"];
        if amount == 20 {
            session.loyalclient("bonuses/release", &json!({"id": id}));
        }
        session.control("POST", "clock/advance", &json!({"by": "PT4M"}));
    }
    session.loyalclient("retail", &json!({"client": IVAN, "point": CAFE, "amount": 500, "spend": 100}));
    session.loyalclient("retail", &json!({"client": IVAN, "point": CAFE, "amount": 500, "spend": 100_000}));
    session.loyalclient("retail", &json!({"client": "nobody", "point": 1}));
}

fn purchases_of_ibonus(session: &mut Session) {
    session.ibonus("GET", "clients/?limit=10", &Value::Null);
    for number in 0..5 {
        let item = json!({"price": 50, "quantity": 2, "unit": "piece", "vat": 20, "name": "Капучино"});
        let order = json!({"receiptType": "sale", "externalId": format!("e-{number}"), "customerPhone": "+79990001122",
            "amountCard": 100, "items": [item]});
        session.ibonus("POST", "fiscal/orders/", &json!({"order": order}));
    }
    session.ibonus("GET", "fiscal/orders/?limit=10", &Value::Null);
    let hub = "fiscal_hub/cash_back/hold/?login=merchant@example.com&api_key=fiscal-key";
    session.ibonus("POST", hub, &json!({"clientId": 1, "amount": 10, "currency": "points"}));
    session.ibonus("GET", "clients/1/balance/history/", &Value::Null);
    session.control("POST", "clock/advance", &json!({"by": "P31D"}));
    session.ibonus("GET", "clients/1/coupons/", &Value::Null);
    session.ibonus("GET", "nothing/", &Value::Null);
}

fn guests_of_probonus(session: &mut Session) {
    let pair = session.call("POST", "/api/v0/auth/login", &[], &json!({"login": "admin", "password": "111"}));
    let bearer = format!("Bearer {}", pair["accessToken"].as_str().expect("a token"));
    let call = |session: &mut Session, call: &str, body: Value| {
        session.call("POST", &format!("/api/v0/{call}"), &[("authorization", &bearer)], &body)
    };
    let guest = json!({"accountId": 3, "lastName": "Белова", "phone": "+79167654321"});
    let account = call(session, "accounts/insert_by_template", guest)["id"].clone();
    call(session, "accounts/refill", json!({"accountId": account, "amount": 100, "burnDays": 7}));
    let dishes = json!([{"name": "Борщ", "quantity": 1.5, "price": 350}]);
    let sale = json!({"accountId": account, "dishes": dishes, "bonusPaid": 50});
    let check = session.control("POST", "till/sales", &sale)["id"].clone();
    call(session, "checks/get_by_id", json!({"id": check}));
    session.control("POST", "till/refunds", &json!({"checkId": check}));
    call(session, "accounts/transactions", json!({"accountId": account, "count": 10}));
    call(session, "reports/transactions", json!({}));
    session.control("POST", "clock/advance", &json!({"by": "P1D"}));
    call(session, "auth/info", json!({}));
    session.call("POST", "/api/v0/auth/refresh_token", &[], &json!({"refreshToken": pair["refreshToken"]}));
}

/// The dice of faults fall alike, too.
fn faults(session: &mut Session) {
    let fault = json!({"match": {"api": "loyalclient"}, "probability": 0.5, "effect": {"status": 503}});
    session.control("POST", "faults", &fault);
    for _ in 0..20 {
        session.loyalclient("client", &json!({"search": "79201234567", "point": CAFE}));
    }
    session.control("GET", "faults", &Value::Null);
    session.control("DELETE", "faults", &Value::Null);
}

fn records_and_snapshots(session: &mut Session) {
    session.control("PUT", "snapshots/before", &Value::Null);
    session.control(
        "PATCH",
        "state",
        &json!({"loyalclient": {"clients": [{"name": "Новая", "balance": 50}]}}),
    );
    session.control(
        "PATCH",
        "state",
        &json!({"ibonus": {"clients": [{"name": "Новая", "email": "n@example.com"}]}}),
    );
    session.control("POST", "snapshots/before/restore", &Value::Null);
    session.control(
        "PATCH",
        "state",
        &json!({"loyalclient": {"clients": [{"name": "Другая", "balance": 5}]}}),
    );
}

#[test]
fn the_same_session_gives_the_same_bytes_in_every_process() {
    let transcript = |workers, seed| {
        let freeze = "2026-01-01T00:00:00Z";
        let arguments =
            ["--port", "0", "--print-url", "--freeze", freeze, "--seed", seed, "--workers", workers];
        let running = Running::start(&arguments, &[]);
        play(&running.printed_url())
    };
    let first = transcript("1", "7");
    let second = transcript("2", "7");
    assert!(first.len() > 50_000, "a long session: {} bytes", first.len());
    let differing = first.lines().zip(second.lines()).find(|(one, other)| one != other);
    assert_eq!(differing, None);
    assert_eq!(first.len(), second.len());
    assert_ne!(first, transcript("1", "8"), "another seed gives other ids");
}
