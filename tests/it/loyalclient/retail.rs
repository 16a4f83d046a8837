//! `POST /integration/general/retail`: the operation itself.

use serde_json::{Value, json};

use crate::harness::{ANNA, Bench, DIANA, IVAN, KIOSK, NOBODY, TILL, ZOE, shop};

#[test]
fn an_operation_that_spends_answers_the_documented_bytes() {
    let bench = Bench::shop();
    let answer = bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 100}));
    answer.is(
        200,
        r#"{"success":true,"retail":{"amount":100,"total":0,"percent":10,"type":"cashback","spend":100}}"#,
    );
    assert_eq!(bench.balance(IVAN), 778);
}

#[test]
fn an_operation_that_accrues_answers_the_documented_bytes() {
    let bench = Bench::shop();
    let answer = bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 0}));
    answer.is(
        200,
        r#"{"success":true,"retail":{"amount":100,"total":100,"percent":10,"type":"cashback","earn":10}}"#,
    );
    assert_eq!(bench.balance(IVAN), 888);
}

#[test]
fn who_spends_earns_nothing_not_even_on_what_is_paid_by_card() {
    let bench = Bench::shop();
    bench
        .retail(json!({"client": IVAN, "point": TILL, "amount": 1000.5, "spend": 1}))
        .is(200, r#"{"success":true,"retail":{"amount":1000.5,"total":999.5,"percent":10,"type":"cashback","spend":1}}"#);
    assert_eq!(bench.balance(IVAN), 877);
}

#[test]
fn more_than_may_be_spent_is_refused_with_what_recalc_allows() {
    let bench = Bench::shop();
    for (client, amount, spend, limit) in [
        (IVAN, 1000, 879, 878),
        (IVAN, 100, 101, 100),
        (ANNA, 100, 51, 50),
        (ANNA, 3000, 1001, 1000),
        (ZOE, 9, 1, 0),
    ] {
        let recalc = bench.recalc(json!({"client": client, "point": TILL, "amount": amount})).ok();
        assert_eq!(recalc["recalc"]["spend"], limit);
        let body = json!({"client": client, "point": TILL, "amount": amount, "spend": spend});
        bench.retail(body).refused(&format!(r#"{{"spend":"Spend can't be more {limit}"}}"#));
    }
}

#[test]
fn a_refused_operation_ends_no_hold_and_moves_no_points() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 100);
    let before = bench.account(IVAN);
    for body in [
        json!({"client": IVAN, "point": TILL, "amount": 1000, "spend": 879, "hold": [held]}),
        json!({"client": IVAN, "point": NOBODY, "amount": 1000, "spend": 0, "hold": [held]}),
        json!({"client": NOBODY, "point": TILL, "amount": 1000, "spend": 0, "hold": [held]}),
        json!({"client": IVAN, "point": TILL, "amount": 0, "spend": 0, "hold": [held]}),
    ] {
        bench.retail(body).with_status(422);
        assert_eq!(bench.account(IVAN), before);
    }
}

#[test]
fn held_points_are_spent_only_by_who_lists_the_hold() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 800);
    let spend_all =
        |hold: Value| json!({"client": IVAN, "point": KIOSK, "amount": 878, "spend": 878, "hold": hold});
    bench.retail(spend_all(json!([]))).refused(r#"{"spend":"Spend can't be more 78"}"#);
    bench.retail(spend_all(json!([NOBODY]))).refused(r#"{"spend":"Spend can't be more 78"}"#);
    bench.retail(spend_all(json!([held]))).ok();
    let account = bench.account(IVAN);
    assert_eq!((&account["posted"], &account["held"]), (&json!(0), &json!(0)));
}

#[test]
fn a_hold_does_not_have_to_be_spent_in_full() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 800);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 300, "spend": 300, "hold": [held]})).ok();
    assert_eq!(bench.balance(IVAN), 578);
}

#[test]
fn an_operation_ends_the_clients_holds_at_its_point_and_the_listed_ones() {
    let bench = Bench::shop();
    let at_till = bench.holds(IVAN, 10);
    let (listed, kept) = (bench.holds_at(KIOSK, IVAN, 20), bench.holds_at(KIOSK, IVAN, 30));
    let of_anna = bench.holds(ANNA, 40);
    bench
        .retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 0, "hold": [listed, of_anna]}))
        .ok();

    let left: Vec<Value> = [IVAN, ANNA].iter().map(|client| bench.account(client)["holds"].clone()).collect();
    assert_eq!(left[0].as_array().map(Vec::len), Some(1), "{at_till} and {listed} are over: {}", left[0]);
    assert_eq!(left[0][0]["id"], kept.as_str());
    assert_eq!(left[1][0]["id"], of_anna.as_str(), "another guest's hold is not touched, listed or not");
    assert_eq!(bench.advance("PT10M").as_array().map(Vec::len), Some(2), "no hold ends twice");
}

#[test]
fn a_repeated_call_is_a_second_operation() {
    let bench = Bench::shop();
    let body = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 50});
    let first = bench.retail(body.clone());
    bench.retail(body).is(200, first.text());
    assert_eq!(bench.balance(IVAN), 778);
}

#[test]
fn every_operation_leaves_its_line_in_the_ledger() {
    let bench = Bench::shop();
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 78})).ok();
    bench.advance("PT1M");
    bench.retail(json!({"client": IVAN, "point": KIOSK, "amount": 100, "spend": 0})).ok();
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 4, "spend": 0})).ok();
    let account = bench.account(IVAN);
    let entries: Vec<Value> = account["entries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| json!([entry["at"], entry["kind"], entry["amount"], entry["balance"]]))
        .collect();
    assert_eq!(
        entries,
        [
            json!(["2026-01-01T00:00:00.000Z", "opening", 878, 878]),
            json!(["2026-01-01T00:00:00.000Z", "spend", -78, 800]),
            json!(["2026-01-01T00:01:00.000Z", "accrual", 20, 820]),
        ],
        "and what earns nothing leaves none"
    );
}

#[test]
fn an_operation_too_small_to_earn_a_point_earns_0() {
    Bench::shop().retail(json!({"client": ZOE, "point": TILL, "amount": 9.99, "spend": 0})).is(
        200,
        r#"{"success":true,"retail":{"amount":9.99,"total":9.99,"percent":10,"type":"cashback","earn":0}}"#,
    );
}

#[test]
fn a_discount_level_pays_less_and_has_neither_spend_nor_earn() {
    let bench = Bench::shop();
    for (amount, total) in
        [("100", "95"), ("99.9", "94.91"), ("0.1", "0.1"), ("0.01", "0.01"), ("33.33", "31.66")]
    {
        let body = format!(r#"{{"client":"{DIANA}","point":"{TILL}","amount":{amount},"spend":0}}"#);
        bench.request("POST", "/integration/general/retail").body(body).send().is(
            200,
            &format!(
                r#"{{"success":true,"retail":{{"amount":{amount},"total":{total},"percent":5,"type":"discount"}}}}"#
            ),
        );
    }
    assert_eq!(bench.account(DIANA)["posted"], 300);
}

#[test]
fn a_discount_level_cannot_spend() {
    Bench::shop()
        .retail(json!({"client": DIANA, "point": TILL, "amount": 100, "spend": 1}))
        .refused(r#"{"spend":"Spend can't be more 0"}"#);
}

#[test]
fn unknown_clients_and_points_are_refused_before_the_spend_is_looked_at() {
    let bench = Bench::shop();
    for (client, point, refusal) in [
        (NOBODY, TILL, r#"{"client":"Client not found."}"#),
        (IVAN, NOBODY, r#"{"point":"Point not found."}"#),
        ("", "", r#"{"client":"Client not found.","point":"Point not found."}"#),
    ] {
        bench
            .retail(json!({"client": client, "point": point, "amount": 10, "spend": 1_000_000}))
            .refused(refusal);
    }
}

#[test]
fn an_account_that_is_full_takes_no_more_points() {
    let lot = json!({"amount": 1_000_000_000_000_u64});
    let mut fixture = shop();
    fixture["loyalclient"]["clients"] =
        json!([{"id": IVAN, "phone": 79_201_234_567_u64, "lots": vec![lot; 1000]}]);
    let bench = Bench::with(&fixture);
    bench
        .retail(json!({"client": IVAN, "point": TILL, "amount": 10, "spend": 0}))
        .refused(r#"{"amount":"The client can't have more than 1000000000000000 points."}"#);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 9, "spend": 0})).ok();
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 10, "spend": 10})).ok();
}
