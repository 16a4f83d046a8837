//! `/_stend/state`: export, replace, upsert.

use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::harness::{
    ANNA, Answer, Bench, Caller, DIANA, IVAN, KIOSK, LEO, NOBODY, START, START_SECONDS, TILL, ZOE, shop,
    wait_for,
};
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
    patch(
        &bench,
        &json!({
            "clock": {"frozenAt": START},
            "loyalclient": {"clients": [{"level": NOBODY, "nam": "x"}, {"id": IVAN, "balance": 0.5}]},
        }),
    )
    .points_at(&[
        "/clock",
        "/loyalclient/clients/0/level",
        "/loyalclient/clients/0/nam",
        "/loyalclient/clients/1/balance",
    ]);
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

#[test]
fn a_live_clock_and_its_offset_travel_with_an_export() {
    let bench = Bench::start(stend::Stend::builder().fixture(shop().to_string()));
    bench.advance("P30D");
    bench.holds(IVAN, 100);
    let exported = bench.get(STATE).body.clone();
    assert!(bench.get(STATE).body == exported, "looking changes nothing");
    put(&bench, &exported).ok();
    assert!(bench.get(STATE).body == exported, "the same bytes");

    let other = bench.in_sandbox("other");
    put(&other, &exported).ok();
    let clock = other.get("/_stend/clock").ok();
    assert_eq!((&clock["mode"], &clock["offsetSeconds"]), (&json!("live"), &json!(2_592_000)));
    assert_eq!(other.account(IVAN), bench.account(IVAN));
    other.post("/_stend/clock/freeze", &json!({})).ok();
    assert_eq!(bench.get("/_stend/clock").ok()["mode"], "live", "each has its own clock all the same");
}

#[test]
fn an_export_has_neither_what_is_over_nor_anything_of_other_sandboxes() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 100);
    bench.in_sandbox("other").holds(IVAN, 1);
    let holds = |document: &Value| document["loyalclient"]["holds"].clone();
    let exported = bench.get(STATE).ok();
    let until = START_SECONDS + 600;
    let wanted = json!([{"id": held, "client": IVAN, "point": TILL, "amount": 100, "until": until}]);
    assert_eq!(holds(&exported), wanted);
    bench.post("/_stend/clock/freeze", &json!({"at": "2026-01-01T00:10:00Z"})).ok();
    let exported = bench.get(STATE).ok();
    assert_eq!(exported["clock"], json!({"frozenAt": "2026-01-01T00:10:00.000Z"}));
    assert!(holds(&exported).as_array().is_none_or(Vec::is_empty), "{exported}");
}

#[test]
fn a_put_may_take_the_clock_and_the_seed_from_the_document_or_leave_them() {
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).seed(3));
    let mut document = shop();
    let seed = || bench.get(STATE).ok()["seed"].clone();
    bench.advance("PT1H");
    put(&bench, document.to_string().as_bytes()).ok();
    assert_eq!(seed(), 3);
    let first = bench.holds(IVAN, 1);
    document["seed"] = json!(4);
    document["clock"] = json!({"frozenAt": "2026-03-01T00:00:00Z"});
    put(&bench, document.to_string().as_bytes())
        .is(200, r#"{"sandbox":"default","now":"2026-03-01T00:00:00.000Z"}"#);
    assert_eq!(seed(), 4);
    assert_ne!(bench.holds(IVAN, 1), first);
    bench.reset();
    assert_eq!(
        (seed(), bench.get("/_stend/clock").ok()["now"].clone()),
        (json!(3), json!("2026-01-01T00:00:00.000Z"))
    );
}

#[test]
fn a_put_leaves_nothing_of_what_was_there() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 100);
    put(&bench, br#"{"version": 1, "loyalclient": {"apiKeys": ["new"]}}"#).ok();
    bench.client(json!({"search": "79201234567", "point": TILL})).blames(&["apikey"]);
    let new = bench.with_key("new");
    new.client(json!({"search": "79201234567", "point": TILL})).blames(&["client", "point"]);
    assert_eq!(bench.get("/_stend/accounts").ok(), json!({"accounts": [], "total": 0}));
    put(&bench, shop().to_string().as_bytes()).ok();
    assert_eq!(bench.balance(IVAN), 878);
    bench.release(json!({"id": held})).ok();
    let entries = bench.account(IVAN)["entries"].clone();
    assert_eq!(entries.as_array().map(Vec::len), Some(1), "only the opening: {entries}");
}

#[test]
fn a_patch_brings_records_of_every_kind_and_names_each() {
    let bench = Bench::shop();
    let (level, point, client, hold) = (
        "62a0f1e2d3c4b5a6978800a1",
        "62a0f1e2d3c4b5a6978800a2",
        "62a0f1e2d3c4b5a6978800a3",
        "62a0f1e2d3c4b5a6978800a4",
    );
    let document = json!({"loyalclient": {
        "levels": [{"id": level, "title": "Новые", "percent": 50}],
        "points": [{"id": point, "title": "Ларёк", "percentByLevel": {level: 25}}],
        "clients": [{"id": client, "level": level, "phone": 79_200_000_077_u64, "balance": 100}],
        "holds": [{"id": hold, "client": client, "point": point, "amount": 30, "expiresIn": "PT5M"}],
    }});
    let record = |kind: &str, id: &str| json!({"api": "loyalclient", "kind": kind, "id": id});
    let created = [("level", level), ("point", point), ("client", client), ("hold", hold)];
    let sorted = |list: &Value| {
        let mut list: Vec<String> = list.as_array().expect("a list").iter().map(Value::to_string).collect();
        list.sort_unstable();
        list
    };
    let wanted = Value::from_iter(created.map(|(kind, id)| record(kind, id)));
    let answer = patch(&bench, &document).ok();
    assert_eq!((sorted(&answer["created"]), &answer["changed"]), (sorted(&wanted), &json!([])));

    let reckoned = bench.recalc(json!({"client": client, "point": point, "amount": 1_000})).ok();
    assert_eq!(
        reckoned["recalc"],
        json!({"amount": 1000, "percent": 25, "type": "cashback", "spend": 70, "earn": 250})
    );
    assert_eq!(bench.advance("PT5M")[0]["id"], hold, "its time counts from the sandbox's now");

    let change = json!({"loyalclient": {
        "levels": [{"id": level, "percent": 40}],
        "points": [{"id": point, "title": "Киоск на углу"}],
        "clients": [{"id": client, "email": "new@example.com"}, {"id": IVAN, "name": "Иван"}],
    }});
    let answer = patch(&bench, &change).ok();
    let wanted = json!([record("level", level), record("point", point), record("client", client)]);
    assert_eq!((&answer["created"], sorted(&answer["changed"])), (&json!([]), sorted(&wanted)));
    let reckoned = bench.recalc(json!({"client": client, "point": point, "amount": 1_000})).ok();
    assert_eq!(reckoned["recalc"]["percent"], 25, "what was not given stays");
}

#[test]
fn a_patched_balance_goes_up_by_points_that_never_burn_and_down_by_those_that_burn_soonest() {
    let bench = Bench::shop();
    let set = |balance: u64| {
        patch(&bench, &json!({"loyalclient": {"clients": [{"id": LEO, "balance": balance}]}})).ok();
        let account = bench.account(LEO);
        let lots: Vec<(Value, Value)> = account["lots"]
            .as_array()
            .expect("lots")
            .iter()
            .map(|lot| (lot["amount"].clone(), lot["expiresAt"].clone()))
            .collect();
        let last =
            account["entries"].as_array().and_then(|entries| entries.last()).cloned().expect("an entry");
        assert_eq!((&last["kind"], &last["balance"]), (&json!("adjustment"), &json!(balance)));
        lots
    };
    let (early, late) = (json!("2026-01-11T00:00:00.000Z"), json!("2026-01-21T00:00:00.000Z"));
    assert_eq!(set(230), [(json!(30), late.clone()), (json!(200), Value::Null)]);
    let lots = set(1_000);
    assert_eq!(lots[0], (json!(30), late));
    assert!(lots[1..].iter().all(|(_, burns)| burns.is_null()), "{lots:?}");
    assert_eq!(set(0), []);
    bench.advance("P30D");
    assert_eq!(bench.balance(LEO), 0);
    bench.reset();
    assert_eq!(bench.account(LEO)["lots"][0]["expiresAt"], early);
}

#[test]
fn a_balance_patched_below_what_is_held_shrinks_the_youngest_hold_first() {
    let bench = Bench::shop();
    let (old, young) = (bench.holds(IVAN, 300), bench.holds(IVAN, 200));
    let holds_at = |balance: u64| {
        patch(&bench, &json!({"loyalclient": {"clients": [{"id": IVAN, "balance": balance}]}})).ok();
        let account = bench.account(IVAN);
        assert_eq!((&account["posted"], &account["available"]), (&json!(balance), &json!(0)), "{account}");
        let holds = account["holds"].as_array().expect("holds").iter();
        holds.map(|hold| (hold["id"].clone(), hold["amount"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(holds_at(500), [(json!(old), json!(300)), (json!(young), json!(200))]);
    assert_eq!(holds_at(499), [(json!(old), json!(300)), (json!(young), json!(199))]);
    assert_eq!(holds_at(250), [(json!(old), json!(250))]);
    assert_eq!(holds_at(0), []);
}

#[test]
fn a_long_list_of_good_records_with_one_mistake_is_refused_as_a_whole() {
    let bench = Bench::shop();
    let mut clients: Vec<Value> =
        (0..500).map(|number| json!({"phone": 79_300_000_000_u64 + number})).collect();
    clients.push(json!({"phone": 79_300_000_007_u64}));
    let body = json!({"loyalclient": {
        "rules": {"auth_error_status": 401}, "apiKeys": ["second"], "clients": clients,
        "levels": [{"id": "62a0f1e2d3c4b5a6978800a1", "title": "Новые"}],
    }});
    let before = bench.get(STATE).body.clone();
    patch(&bench, &body).points_at(&["/loyalclient/clients/500/phone"]);
    assert!(bench.get(STATE).body == before, "neither records nor rules nor keys");
    bench.with_key("second").client(json!({})).blames(&["apikey"]);
}

#[test]
fn test_accounts_that_are_made_at_the_same_time_do_not_get_in_each_others_way() {
    let bench = Bench::shop();
    let mut ids: Vec<String> = std::thread::scope(|scope| {
        let make = || {
            let agent = bench.on_a_connection_of_its_own();
            let one = |_| {
                let made = patch(&agent, &json!({"loyalclient": {"clients": [{"balance": 10}]}})).ok();
                made["created"][0]["id"].as_str().expect("an id").to_owned()
            };
            (0..10).map(one).collect::<Vec<String>>()
        };
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(make)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it is answered")).collect()
    });
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 160);
    let accounts = bench.get("/_stend/accounts?limit=1000").ok();
    let mut phones: Vec<String> =
        accounts["accounts"].as_array().expect("a list").iter().map(|one| one["phone"].to_string()).collect();
    phones.sort_unstable();
    phones.dedup();
    assert_eq!(phones.len(), 165, "everybody has a phone of their own");
}

#[test]
fn a_reset_goes_back_to_what_each_sandbox_was_made_from_and_may_keep_its_clock() {
    let bench = Bench::shop();
    bench.advance("PT3M");
    bench.holds(IVAN, 100);
    bench.request("PUT", "/_stend/snapshots/s").send().with_status(201);
    bench.advance("PT1M");
    bench.holds(IVAN, 10);
    let mut own = shop();
    own["loyalclient"]["clients"][0]["balance"] = json!(5);
    for (body, balance, start, later) in [
        (json!({"name": "plain"}), 878, "2026-01-01T00:00:00.000Z", 878),
        (json!({"name": "own", "fixture": own}), 5, "2026-01-01T00:00:00.000Z", 5),
        (json!({"name": "fork", "from": "default"}), 768, "2026-01-01T00:04:00.000Z", 778),
        (json!({"name": "snap", "snapshot": "s"}), 778, "2026-01-01T00:03:00.000Z", 778),
    ] {
        bench.post("/_stend/sandboxes", &body).with_status(201);
        let sandbox = bench.in_sandbox(body["name"].as_str().expect("a name"));
        let origin = sandbox.get(STATE).body.clone();
        let now = || sandbox.get("/_stend/clock").ok()["now"].clone();
        assert_eq!((sandbox.balance(IVAN), now()), (json!(balance), json!(start)), "{body}");
        for _ in 0..2 {
            sandbox.holds(IVAN, 1);
            sandbox.advance("PT1H");
            patch(&sandbox, &json!({"loyalclient": {"clients": [{"id": IVAN, "balance": 1}]}})).ok();
            put(&sandbox, br#"{"version": 1, "clock": {"frozenAt": "2031-01-01T00:00:00Z"}}"#).ok();
            sandbox.reset();
            assert!(
                sandbox.get(STATE).body == origin,
                "neither a patch nor a put changes the origin of {body}"
            );
        }
        sandbox.post("/_stend/clock/advance", &json!({"to": "2026-01-01T00:13:00Z"})).ok();
        sandbox.holds(IVAN, 1);
        sandbox.post("/_stend/reset", &json!({"keep": ["clock"]})).ok();
        assert_eq!(now(), "2026-01-01T00:13:00.000Z");
        // The hold of a hundred, made at three minutes past, ends at this very moment.
        let left = if body["name"] == "fork" {
            868
        } else if body["name"] == "snap" {
            878
        } else {
            later
        };
        assert_eq!(sandbox.balance(IVAN), left, "{body}");
    }
}

#[test]
fn a_state_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() {
    let limit = |options: &mut stend::config::Options| options.state_limit = "4KiB".parse().expect("a size");
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(limit));
    let padded = |length: usize| format!("{:<length$}", r#"{"version": 1}"#);
    let mut socket = bench.socket();
    for (length, status) in [(4_096, 200), (4_097, 413), (40_000, 413), (4_096, 200)] {
        socket.send_head("PUT", STATE, length).send(padded(length));
        socket.answer("PUT", STATE).with_status(status);
    }
    // The sandboxes' limit is the same one; other bodies have their own.
    let body =
        json!({"name": "a", "fixture": {"version": 1, "loyalclient": {"apiKeys": ["k".repeat(4_096)]}}});
    assert!(bench.post("/_stend/sandboxes", &body).problem(413).contains("--state-limit"));
    let order = json!({"search": "79201234567", "point": TILL, "note": "n".repeat(8_192)});
    bench.in_sandbox("other").client(order).ok();
}

#[test]
fn more_mistakes_than_one_can_read_are_cut_off_and_the_answer_stays_small() {
    let bench = Bench::shop();
    let clients: Vec<Value> = (0..5_000).map(|_| json!({"balanse": 1})).collect();
    let answer = patch(&bench, &json!({"loyalclient": {"clients": clients}}));
    answer.problem(400);
    let listed = answer.json()["errors"].as_array().map_or(0, Vec::len);
    assert!((1..=101).contains(&listed), "{listed} mistakes are listed");
}

/// A session with something of everything; the answers as they came.
fn mixed_session(bench: &Bench, name: &str) -> Vec<(u16, String)> {
    let caller = bench.in_sandbox(name);
    let mut answers = Vec::new();
    let mut keep = |answer: Answer| {
        answers.push((answer.status, answer.text().to_owned()));
        answer
    };
    let order = json!({"client": IVAN, "point": TILL, "amount": 700, "spend": 0});
    keep(caller.client(json!({"search": "+7 (920) 123-45-67", "point": TILL})));
    let held = keep(caller.hold(json!({"client": IVAN, "point": TILL, "amount": 100, "duration": 5}))).ok();
    keep(caller.retail(order.clone()));
    keep(caller.post("/_stend/clock/advance", &json!({"by": "PT2M"})));
    keep(caller.hold(json!({"client": LEO, "point": TILL, "amount": 300})));
    keep(caller.release(json!({"id": held["held"]["id"]})));
    keep(caller.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 5_000})));
    keep(patch(
        &caller,
        &json!({"loyalclient": {"clients": [{"name": "Новая"}], "levels": [{"title": "Л"}]}}),
    ));
    keep(caller.request("PUT", "/_stend/snapshots/s").send());
    keep(caller.post("/_stend/clock/advance", &json!({"by": "P15D"})));
    keep(caller.request("POST", "/_stend/snapshots/s/restore").send());
    keep(caller.hold(json!({"client": ZOE, "point": TILL, "amount": 1})));
    keep(caller.post("/_stend/clock/advance", &json!({"by": "P60D"})));
    keep(caller.hold(json!({"client": IVAN, "point": TILL, "amount": 1})));
    keep(caller.get("/_stend/accounts"));
    keep(caller.get("/_stend/snapshots"));
    keep(caller.get(STATE));
    keep(caller.request("POST", "/_stend/reset").send());
    keep(caller.hold(json!({"client": IVAN, "point": TILL, "amount": 1})));
    keep(caller.get(STATE));
    answers
}

#[test]
fn the_same_fixture_seed_name_and_calls_give_the_same_bytes_whatever_goes_on_beside_them() {
    let start = |seed: u64| Bench::start(Bench::builder().fixture(shop().to_string()).seed(seed));
    let quiet = mixed_session(&start(7), "ci-7");

    let busy = start(7);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (agent, done) = (busy.on_a_connection_of_its_own(), &done);
            scope.spawn(move || {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let other = agent.in_sandbox(&format!("other-{number}"));
                    other.holds(IVAN, 1);
                    patch(&other, &json!({"loyalclient": {"clients": [{}]}})).ok();
                    other.reset();
                }
            });
        }
        let answers = mixed_session(&busy, "ci-7");
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(answers, quiet);
    });
    // What was asked by others before it in the same sandbox is forgotten by a reset, too.
    busy.in_sandbox("ci-7").holds(IVAN, 1);
    busy.in_sandbox("ci-7").reset();
    busy.in_sandbox("ci-7").request("DELETE", "/_stend/snapshots/s").send().with_status(204);
    let again = mixed_session(&busy, "ci-7");
    let differing: Vec<usize> = (0..quiet.len()).filter(|at| quiet[*at] != again[*at]).collect();
    let [reset] = differing[..] else { panic!("the answers {differing:?} differ: {again:?}") };
    assert!(
        again[reset].1.contains("\"generation\":3"),
        "only the count of resets goes on: {:?}",
        again[reset]
    );

    let statuses = |answers: &[(u16, String)]| answers.iter().map(|answer| answer.0).collect::<Vec<u16>>();
    for other in [mixed_session(&start(8), "ci-7"), mixed_session(&start(7), "ci-8")] {
        assert_eq!(statuses(&other), statuses(&quiet));
        assert_ne!(other[1], quiet[1], "the ids are others: {:?}", other[1]);
        assert_ne!(other[7], quiet[7], "of test accounts, too: {:?}", other[7]);
    }
}

/// Something that changes a state, without asking what it was.
#[derive(Clone, Debug)]
enum Change {
    Hold {
        client: &'static str,
        hundredths: u64,
        minutes: u64,
    },
    /// Releases one of the holds that were made, by its place.
    Release(usize),
    Spend {
        client: &'static str,
        hundredths: u64,
    },
    Accrue {
        client: &'static str,
        hundredths: u64,
    },
    SetBalance {
        client: &'static str,
        hundredths: u64,
    },
    SetLots {
        client: &'static str,
        days: u64,
    },
    NewClient,
    Advance {
        minutes: u64,
    },
}

fn changes(most: usize) -> impl Strategy<Value = Vec<Change>> {
    let client = || prop::sample::select(vec![IVAN, ANNA, DIANA, LEO, ZOE]);
    let change = prop_oneof![
        4 => (client(), 1_u64..30_000, 1_u64..=30)
            .prop_map(|(client, hundredths, minutes)| Change::Hold { client, hundredths, minutes }),
        2 => (0_usize..8).prop_map(Change::Release),
        3 => (client(), 1_u64..30_000).prop_map(|(client, hundredths)| Change::Spend { client, hundredths }),
        3 => (client(), 1_u64..90_000).prop_map(|(client, hundredths)| Change::Accrue { client, hundredths }),
        1 => (client(), 0_u64..90_000).prop_map(|(client, hundredths)| Change::SetBalance { client, hundredths }),
        1 => (client(), 1_u64..40).prop_map(|(client, days)| Change::SetLots { client, days }),
        1 => Just(Change::NewClient),
        2 => (1_u64..40).prop_map(|minutes| Change::Advance { minutes }),
        2 => (1_u64..15_000).prop_map(|minutes| Change::Advance { minutes }),
    ];
    prop::collection::vec(change, 0..most)
}

/// Makes the changes, and answers all that was answered, and which holds were made.
fn make(caller: &Caller, changes: &[Change], holds: &mut Vec<String>) -> Vec<(u16, String)> {
    let sum = |hundredths: u64| -> Value {
        serde_json::from_str(&format!("{}.{:02}", hundredths / 100, hundredths % 100)).expect("a number")
    };
    let client = |record: Value| patch(caller, &json!({"loyalclient": {"clients": [record]}}));
    let mut answers = Vec::new();
    for change in changes {
        let answer = match change {
            Change::Hold { client, hundredths, minutes } => {
                let ask = json!({"client": client, "point": TILL, "amount": sum(*hundredths), "duration": minutes});
                let answer = caller.hold(ask);
                if answer.status == 200 {
                    holds.push(answer.json()["held"]["id"].as_str().expect("an id").to_owned());
                }
                answer
            }
            Change::Release(place) => {
                caller.release(json!({"id": holds.get(*place).map_or(NOBODY, String::as_str)}))
            }
            Change::Spend { client, hundredths } => caller.retail(
                json!({"client": client, "point": KIOSK, "amount": 1_000, "spend": sum(*hundredths), "hold": holds}),
            ),
            Change::Accrue { client, hundredths } => {
                caller.retail(json!({"client": client, "point": KIOSK, "amount": sum(*hundredths), "spend": 0}))
            }
            Change::SetBalance { client: id, hundredths } => client(json!({"id": id, "balance": sum(*hundredths)})),
            Change::SetLots { client: id, days } => client(json!({"id": id, "lots": [
                {"amount": 10.5, "expiresIn": format!("P{days}D")},
                {"amount": 20, "activeIn": format!("PT{days}H")},
                {"amount": 30},
            ]})),
            Change::NewClient => client(json!({"balance": 1})),
            Change::Advance { minutes } => {
                caller.post("/_stend/clock/advance", &json!({"by": format!("PT{minutes}M")}))
            }
        };
        answers.push((answer.status, answer.text().to_owned()));
    }
    answers
}

#[test]
fn whatever_happened_an_export_a_fork_and_a_snapshot_go_on_like_the_original() {
    let mut fixture = shop();
    fixture["loyalclient"]["rules"] =
        json!({"points": {"decimals": 2, "rounding": "half_up", "ttl": "P20D"}});
    // Said by the fixture and not by --freeze, which would win over what an export says.
    fixture["clock"] = json!({"frozenAt": START});
    fixture["loyalclient"]["holds"] = json!([
        {"client": ANNA, "point": TILL, "amount": 40, "expiresIn": "PT45M"},
        {"client": LEO, "point": KIOSK, "amount": 120.25, "expiresIn": "P12D"},
    ]);
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)).run(
        &(changes(25), changes(12)),
        |(before, after)| {
            let bench = Bench::start(stend::Stend::builder().fixture(fixture.to_string()));
            let mut holds = Vec::new();
            make(&bench, &before, &mut holds);
            let state = bench.get(STATE).body.clone();
            let copies = ["by-export", "by-fixture", "by-fork", "by-snapshot"];
            put(&bench.in_sandbox(copies[0]), &state).ok();
            let export: Value = serde_json::from_slice(&state).expect("JSON");
            bench.request("PUT", "/_stend/snapshots/s").send().with_status(201);
            for (name, from) in copies[1..].iter().zip([
                json!({"fixture": export}),
                json!({"from": "default"}),
                json!({"snapshot": "s"}),
            ]) {
                let mut body = from;
                body["name"] = json!(name);
                bench.post("/_stend/sandboxes", &body).with_status(201);
            }
            let mut original_holds = holds.clone();
            let original = make(&bench, &after, &mut original_holds);
            let accounts = bench.get("/_stend/accounts").body.clone();
            for name in copies {
                let copy = bench.in_sandbox(name);
                assert!(copy.get(STATE).body == state, "{name} is the same to the byte");
                let mut copied_holds = holds.clone();
                assert_eq!(make(&copy, &after, &mut copied_holds), original, "{name}");
                assert!(
                    copy.get("/_stend/accounts").body == accounts,
                    "{name} has the same accounts in the end"
                );
                assert_eq!(copy.get("/_stend/audit").ok()["violations"], json!([]), "{name}");
            }
            // And the original, by its own snapshot, once more.
            bench.request("POST", "/_stend/snapshots/s/restore").send().ok();
            assert_eq!(make(&bench, &after, &mut holds), original, "after a restore");
            Ok(())
        },
    );
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
