//! `POST /integration/general/bonuses/hold`: holds points, for ten minutes unless told otherwise.

use serde_json::{Value, json};

use crate::harness::{Bench, DIANA, IVAN, KIOSK, LEO, NOBODY, START_SECONDS, TILL, ZOE, shop};

#[test]
fn the_answer_is_the_documented_one_to_the_byte() {
    let bench = Bench::shop();
    let answer = bench.hold(json!({"client": IVAN, "point": TILL, "amount": 100}));
    let id = answer.ok()["held"]["id"].as_str().expect("a hold has an id").to_owned();
    let until = START_SECONDS + 600;
    answer.is(200, &format!(r#"{{"success":true,"held":{{"id":"{id}","until":{until},"amount":100}}}}"#));
    assert!(id.len() == 24 && id.bytes().all(|byte| b"0123456789abcdef".contains(&byte)), "{id}");
    assert!(id.starts_with(&format!("{START_SECONDS:08x}")), "as Mongo's, it begins with its second: {id}");
}

#[test]
fn every_hold_has_an_id_of_its_own() {
    let bench = Bench::shop();
    let mut ids: Vec<String> = (0..20).map(|_| bench.holds(IVAN, 1)).collect();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[test]
fn a_hold_lasts_as_many_minutes_as_asked() {
    let bench = Bench::shop();
    for (duration, minutes) in [("1", 1), ("10", 10), ("30", 30), ("5.0", 5), ("1e1", 10)] {
        let body = format!(r#"{{"client":"{IVAN}","point":"{TILL}","amount":1,"duration":{duration}}}"#);
        let answer = bench.request("POST", "/integration/general/bonuses/hold").body(body).send();
        assert_eq!(answer.ok()["held"]["until"], START_SECONDS + minutes * 60, "{duration}");
    }
}

#[test]
fn a_duration_that_is_no_whole_number_of_minutes_from_1_to_30_is_bad_input() {
    let bench = Bench::shop();
    for duration in
        ["0", "31", "-1", "1.5", "0.5", "30.01", "1e9", "1e400", r#""10""#, "null", "true", "[10]"]
    {
        let body = format!(r#"{{"client":"{IVAN}","point":"{TILL}","amount":1,"duration":{duration}}}"#);
        bench.request("POST", "/integration/general/bonuses/hold").body(body).send().blames(&["duration"]);
    }
    assert_eq!(bench.account(IVAN)["held"], 0);
}

#[test]
fn a_hold_is_over_at_the_very_instant_it_lasts_until() {
    let bench = Bench::shop();
    let id = bench.holds(IVAN, 100);

    assert_eq!(bench.advance_to("2026-01-01T00:09:59.999Z"), json!([]));
    assert_eq!(bench.balance(IVAN), 778);

    let expired = bench.advance_to("2026-01-01T00:10:00Z");
    let at = "2026-01-01T00:10:00.000Z";
    let hold =
        json!({"kind": "hold", "api": "loyalclient", "id": id, "account": IVAN, "amount": 100, "at": at});
    assert_eq!(expired, json!([hold]));
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn a_hold_counts_from_the_second_it_was_made_in() {
    let bench = Bench::shop();
    bench.advance_to("2026-01-01T00:00:00.750Z");
    let held = bench.hold(json!({"client": IVAN, "point": TILL, "amount": 100, "duration": 1})).ok();
    assert_eq!(held["held"]["until"], START_SECONDS + 60);
    bench.advance_to("2026-01-01T00:00:59.999Z");
    assert_eq!(bench.balance(IVAN), 778);
    bench.advance("PT0.001S");
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn holds_add_up_and_no_more_can_be_held_than_is_left() {
    let bench = Bench::shop();
    let hold = |amount| bench.hold(json!({"client": IVAN, "point": TILL, "amount": amount}));
    hold(879).refused(r#"{"amount":"Amount can't be more 878"}"#);
    hold(100).ok();
    hold(100).ok();
    hold(679).refused(r#"{"amount":"Amount can't be more 678"}"#);
    hold(678).ok();
    hold(1).refused(r#"{"amount":"Amount can't be more 0"}"#);

    let account = bench.account(IVAN);
    let points = ["posted", "held", "available"].map(|key| account[key].clone());
    assert_eq!(points, [878, 878, 0].map(Value::from));
    assert_eq!(account["holds"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_refused_hold_changes_nothing() {
    let bench = Bench::shop();
    bench.holds(IVAN, 100);
    let before = bench.account(IVAN);
    bench.hold(json!({"client": IVAN, "point": TILL, "amount": 779})).with_status(422);
    assert_eq!(bench.account(IVAN), before);
}

#[test]
fn a_discount_level_and_an_empty_account_have_nothing_to_hold() {
    let bench = Bench::shop();
    for client in [DIANA, ZOE] {
        let body = json!({"client": client, "point": TILL, "amount": 1});
        bench.hold(body).refused(r#"{"amount":"Amount can't be more 0"}"#);
    }
}

#[test]
fn points_have_no_decimals_unless_a_rule_gives_them_some() {
    let bench = Bench::shop();
    bench.hold(json!({"client": IVAN, "point": TILL, "amount": 0.5})).blames(&["amount"]);
    let body = format!(r#"{{"client":"{IVAN}","point":"{TILL}","amount":5.000}}"#);
    let answer = bench.request("POST", "/integration/general/bonuses/hold").body(body).send();
    assert_eq!(answer.ok()["held"]["amount"], 5);
}

#[test]
fn unknown_clients_and_points_are_refused_before_the_amount_is_looked_at() {
    let bench = Bench::shop();
    for (client, point, refusal) in [
        (NOBODY, TILL, r#"{"client":"Client not found."}"#),
        (IVAN, NOBODY, r#"{"point":"Point not found."}"#),
        (NOBODY, NOBODY, r#"{"client":"Client not found.","point":"Point not found."}"#),
    ] {
        bench.hold(json!({"client": client, "point": point, "amount": 1_000_000})).refused(refusal);
    }
}

#[test]
fn a_hold_shrinks_when_points_burn_under_it_the_youngest_first() {
    let bench = Bench::shop();
    bench.advance("P9DT23H50M");
    let (older, younger) = (bench.holds(LEO, 200), bench.holds_at(KIOSK, LEO, 150));

    let expired = bench.advance_to("2026-01-11T00:00:00Z");
    // Both holds end with their ten minutes at this same instant: the holds first, then the lot.
    let kinds: Vec<&str> =
        expired.as_array().expect("a list").iter().filter_map(|it| it["kind"].as_str()).collect();
    assert_eq!(kinds, ["hold", "hold", "lot"]);
    assert_eq!(expired[0]["id"], older.as_str());
    assert_eq!(expired[1]["id"], younger.as_str());
    assert_eq!(expired[1]["amount"], 150);
    assert_eq!(bench.balance(LEO), 250);

    bench.reset();
    bench.advance("P9DT23H50M");
    let long = |amount| {
        let body = json!({"client": LEO, "point": TILL, "amount": amount, "duration": 30});
        bench.hold(body).ok()["held"]["id"].as_str().expect("a hold has an id").to_owned()
    };
    let (older, younger) = (long(200), long(150));
    bench.advance("PT10M");
    let account = bench.account(LEO);
    assert_eq!((&account["posted"], &account["held"]), (&json!(250), &json!(250)));
    assert_eq!(account["holds"][0]["id"], older.as_str());
    assert_eq!(account["holds"][0]["amount"], 200);
    assert_eq!(account["holds"][1]["id"], younger.as_str());
    assert_eq!(account["holds"][1]["amount"], 50);
}

#[test]
fn a_hold_under_which_everything_burns_is_over() {
    let bench = Bench::shop();
    bench.advance("P9DT23H50M");
    let long = |amount| {
        let body = json!({"client": LEO, "point": TILL, "amount": amount, "duration": 30});
        bench.hold(body).ok()["held"]["id"].as_str().expect("a hold has an id").to_owned()
    };
    let (older, younger) = (long(250), long(100));
    let expired = bench.advance("PT10M");
    let ended: Vec<&Value> =
        expired.as_array().expect("a list").iter().filter(|it| it["kind"] == "hold").collect();
    assert_eq!(ended.len(), 1, "{expired}");
    assert_eq!(ended[0]["id"], younger.as_str());
    let account = bench.account(LEO);
    assert_eq!(account["holds"].as_array().map(Vec::len), Some(1));
    assert_eq!(account["holds"][0]["id"], older.as_str());
    assert_eq!(account["available"], 0);
}

#[test]
fn a_hold_of_the_fixture_is_like_any_other() {
    let (relative, absolute) = ("63a0f1e2d3c4b5a69788f4f4", "63a0f1e2d3c4b5a69788f4f5");
    let mut fixture = shop();
    fixture["loyalclient"]["holds"] = json!([
        {"id": relative, "client": IVAN, "point": TILL, "amount": 100, "expiresIn": "PT30M"},
        {"id": absolute, "client": IVAN, "point": KIOSK, "amount": 50, "until": START_SECONDS + 60}
    ]);
    let bench = Bench::with(&fixture);
    assert_eq!(bench.balance(IVAN), 728);
    bench
        .retail(json!({"client": IVAN, "point": KIOSK, "amount": 828, "spend": 828, "hold": [relative]}))
        .ok();
    bench.reset();
    assert_eq!(bench.advance("PT1M")[0]["id"], absolute);
    bench.release(json!({"id": relative})).ok();
    assert_eq!(bench.balance(IVAN), 878);
}
