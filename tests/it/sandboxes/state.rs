//! `/_stend/state`: export, replace, upsert.

use serde_json::{Value, json};

use crate::harness::{Answer, Bench, Caller, IVAN, LEO, NOBODY, START, TILL, ZOE, shop, wait_for};
use stend::Time;

const STATE: &str = "/_stend/state";

fn put(caller: &Caller, body: &[u8]) -> Answer {
    caller.request("PUT", STATE).body(body).send()
}

fn patch(caller: &Caller, body: &Value) -> Answer {
    caller.request("PATCH", STATE).json(body).send()
}

/// Holds, a release, a spend, an accrual, a burn: something of everything.
fn live_a_little(caller: &Caller) {
    caller.holds(IVAN, 100);
    let released = caller.holds(IVAN, 50);
    caller.release(json!({"id": released})).ok();
    caller.retail(json!({"client": LEO, "point": TILL, "amount": 120, "spend": 120})).ok();
    caller.retail(json!({"client": ZOE, "point": TILL, "amount": 990, "spend": 0})).ok();
    caller.advance("P15D");
    caller.holds(IVAN, 7);
}

#[test]
fn an_export_put_back_is_exported_the_same() {
    let bench = Bench::shop();
    live_a_little(&bench);
    let exported = bench.get(STATE).with_status(200).body.clone();
    put(&bench, &exported).is(200, r#"{"sandbox":"default","now":"2026-01-16T00:00:00.000Z"}"#);
    assert!(bench.get(STATE).body == exported, "the same bytes");

    // In another sandbox, and after time went on in this one: the document says what time it is.
    let other = bench.in_sandbox("other");
    put(&other, &exported).ok();
    assert!(other.get(STATE).body == exported, "the same bytes elsewhere");
    bench.advance("P1D");
    put(&bench, &exported).ok();
    assert!(bench.get(STATE).body == exported, "the same bytes later");
    assert_eq!(bench.holds(IVAN, 1), other.holds(IVAN, 1), "and ids go on the same way");
}

#[test]
fn an_exported_file_carries_a_sandbox_over_a_restart() {
    let bench = Bench::shop();
    live_a_little(&bench);
    let exported = bench.get(STATE).text().to_owned();
    let accounts = bench.get("/_stend/accounts").ok();
    let next = bench.holds(IVAN, 1);
    bench.stop();

    let restarted = Bench::start(stend::Stend::builder().fixture(exported.as_str()));
    assert_eq!(restarted.get("/_stend/accounts").ok(), accounts, "with every entry");
    assert!(restarted.get(STATE).text() == exported);
    assert_eq!(restarted.holds(IVAN, 1), next);
    restarted.advance("PT1H");
    restarted.reset();
    assert!(restarted.get(STATE).text() == exported, "and that is what reset goes back to");
}

#[test]
fn a_replaced_state_is_as_the_document_says_and_reset_undoes_it() {
    let bench = Bench::shop();
    bench.advance("PT1H");
    let mut document = shop();
    document["loyalclient"]["clients"][0]["balance"] = json!(5);
    put(&bench, document.to_string().as_bytes())
        .is(200, r#"{"sandbox":"default","now":"2026-01-01T01:00:00.000Z"}"#);
    assert_eq!(bench.balance(IVAN), 5);
    let soonest = bench.account(LEO)["lots"][0]["expiresAt"].clone();
    assert_eq!(soonest, "2026-01-11T01:00:00.000Z", "relative times count from the sandbox's now");
    bench.reset();
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn a_document_with_mistakes_replaces_nothing() {
    let bench = Bench::shop();
    let mut document = shop();
    document["loyalclient"]["levels"][0]["precent"] = json!(5);
    document["loyalclient"]["clients"][1]["level"] = json!(NOBODY);
    put(&bench, document.to_string().as_bytes())
        .points_at(&["/loyalclient/levels/0/precent", "/loyalclient/clients/1/level"]);
    for body in [&b""[..], b"[]", b"{", b"\xff", b"null"] {
        put(&bench, body).problem(400);
    }
    put(&bench, br#"{"version":2}"#).points_at(&["/version"]);
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn one_call_makes_a_test_account() {
    let bench = Bench::shop();
    let answer =
        patch(&bench, &json!({"loyalclient": {"clients": [{"phone": 79_200_000_099_u64, "balance": 500}]}}));
    let id = answer.ok()["created"][0]["id"].as_str().expect("an id").to_owned();
    answer.is(
        200,
        &format!(r#"{{"created":[{{"api":"loyalclient","kind":"client","id":"{id}"}}],"changed":[]}}"#),
    );
    let found = bench.client(json!({"search": "+7 920 000-00-99", "point": TILL})).ok();
    assert_eq!((&found["client"]["id"], &found["client"]["balance"]), (&json!(id), &json!(500)));
    assert_eq!(bench.account(&id)["entries"][0]["kind"], "opening");
    bench.reset();
    bench
        .client(json!({"search": "79200000099", "point": TILL}))
        .refused(r#"{"client":"Client not found."}"#);

    // Not even a phone is needed: stend gives one that nobody has.
    let id = patch(&bench, &json!({"loyalclient": {"clients": [{}]}})).ok()["created"][0]["id"].clone();
    let phone = bench.account(id.as_str().expect("an id"))["phone"].clone();
    assert_eq!(bench.client(json!({"search": phone, "point": TILL})).ok()["client"]["id"], id);
}

#[test]
fn a_record_found_by_its_id_is_merged() {
    let bench = Bench::shop();
    let change = json!({"loyalclient": {"clients": [{"id": IVAN, "name": "Иван II", "balance": 1000}]}});
    assert_eq!(
        patch(&bench, &change).ok(),
        json!({"created": [], "changed": [{"api": "loyalclient", "kind": "client", "id": IVAN}]})
    );
    let account = bench.account(IVAN);
    assert_eq!((&account["name"], &account["phone"]), (&json!("Иван II"), &json!("79201234567")));
    let last = account["entries"].as_array().expect("entries").last().expect("one").clone();
    assert_eq!(
        (&last["kind"], &last["amount"], &last["balance"]),
        (&json!("adjustment"), &json!(122), &json!(1000))
    );
    assert_eq!(patch(&bench, &change).ok()["changed"], json!([]), "the same again changes nothing");

    patch(&bench, &json!({"loyalclient": {"rules": {"auth_error_status": 401}, "apiKeys": ["second"]}})).ok();
    bench.with_key("second").client(json!({"search": "79201234567", "point": TILL})).ok();
    bench.with_key("third").client(json!({})).blames_with(401, &["apikey"]);
}

#[test]
fn a_patch_with_mistakes_changes_nothing() {
    let bench = Bench::shop();
    let before = bench.get(STATE).body.clone();
    patch(
        &bench,
        &json!({"loyalclient": {"clients": [
            {"id": IVAN, "balance": 5},
            {"phone": 79_201_234_567_u64},
            {"level": NOBODY, "balance": 0.5},
        ]}}),
    )
    .points_at(&[
        "/loyalclient/clients/1/phone",
        "/loyalclient/clients/2/level",
        "/loyalclient/clients/2/balance",
    ]);
    patch(&bench, &json!({"clock": {"frozenAt": START}})).points_at(&["/clock"]);
    patch(&bench, &json!({"loyalclient": {"client": []}})).points_at(&["/loyalclient/client"]);
    assert!(bench.get(STATE).body == before);
}

#[test]
fn a_state_may_be_larger_than_other_bodies_up_to_a_limit_of_its_own() {
    let options = |options: &mut stend::config::Options| {
        options.body_limit = "1KiB".parse().expect("a size");
        options.state_limit = "100KiB".parse().expect("a size");
    };
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(options));
    let clients = |count: u64| {
        let clients: Vec<Value> =
            (0..count).map(|number| json!({"phone": 79_300_000_000 + number})).collect();
        json!({"loyalclient": {"clients": clients}})
    };
    assert_eq!(patch(&bench, &clients(1_000)).ok()["created"].as_array().map(Vec::len), Some(1_000));
    assert!(patch(&bench, &clients(10_000)).problem(413).contains("--state-limit"));
    bench.post("/_stend/clock/advance", &clients(100)).problem(413);
}

#[test]
fn relative_times_count_from_the_start_of_each_sandbox() {
    let bench = Bench::start(stend::Stend::builder().fixture(shop().to_string()));
    let burns = |caller: &Caller| {
        let at = caller.account(LEO)["lots"][0]["expiresAt"].as_str().expect("a time").to_owned();
        Time::parse(&at).expect("RFC 3339")
    };
    let first = burns(&bench);
    // Real time decides: the second sandbox begins at least a millisecond after the first.
    wait_for(|| {
        (stend::sandbox::clock::real_now() > bench.stend().default_sandbox().created_at()).then_some(())
    });
    assert!(burns(&bench.in_sandbox("later")) > first);
    bench.post("/_stend/clock/freeze", &json!({"at": "2050-01-01T00:00:00Z"})).ok();
    bench.post("/_stend/reset", &json!({"keep": ["clock"]})).ok();
    assert_eq!(burns(&bench).to_string(), "2050-01-11T00:00:00.000Z");
}
