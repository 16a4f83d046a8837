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
        records_and_snapshots(&mut session);
        session.control("GET", "state", &Value::Null);
        session.control("GET", "accounts?limit=1000", &Value::Null);
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
