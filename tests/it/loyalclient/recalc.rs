//! `POST /integration/general/recalc`: what an operation would do.

use serde_json::json;

use crate::harness::{ANNA, Bench, DIANA, IVAN, KIOSK, LEO, NOBODY, TILL, ZOE};

#[test]
fn the_answer_is_the_documented_one_to_the_byte() {
    let bench = Bench::shop();
    let answer = bench.recalc(json!({"client": IVAN, "point": TILL, "amount": 100}));
    answer.is(
        200,
        r#"{"success":true,"recalc":{"amount":100,"percent":10,"type":"cashback","spend":100,"earn":10}}"#,
    );
}

#[test]
fn no_more_can_be_spent_than_there_is_nor_than_the_levels_share_of_the_receipt() {
    let bench = Bench::shop();
    for (client, amount, spend) in [
        (IVAN, 878, 878),
        (IVAN, 879, 878),
        (IVAN, 877, 877),
        (ANNA, 100, 50),
        (ANNA, 2000, 1000),
        (ANNA, 2002, 1000),
        (ZOE, 100, 0),
        (LEO, 1000, 350),
    ] {
        let recalc = bench.recalc(json!({"client": client, "point": TILL, "amount": amount})).ok();
        assert_eq!(recalc["recalc"]["spend"], spend, "{client} {amount}");
    }
}

#[test]
fn what_may_be_spent_and_what_is_earned_are_rounded_down_to_whole_points() {
    let bench = Bench::shop();
    for (client, amount, spend, earn) in [
        (IVAN, 99.99, 99, 9),
        (IVAN, 0.99, 0, 0),
        (ANNA, 999.0, 499, 74),
        (ANNA, 1.99, 0, 0),
        (ANNA, 2.0, 1, 0),
    ] {
        let recalc = bench.recalc(json!({"client": client, "point": TILL, "amount": amount})).ok();
        assert_eq!(
            (&recalc["recalc"]["spend"], &recalc["recalc"]["earn"]),
            (&json!(spend), &json!(earn)),
            "{amount}"
        );
    }
}

#[test]
fn a_sum_is_printed_without_needless_digits() {
    let bench = Bench::shop();
    for (sent, printed) in [
        ("100.000", "100"),
        ("1e2", "100"),
        ("1E2", "100"),
        ("100.50", "100.5"),
        ("0.01", "0.01"),
        ("10.0e1", "100"),
    ] {
        let body = format!(r#"{{"client":"{ZOE}","point":"{TILL}","amount":{sent}}}"#);
        let answer = bench.request("POST", "/integration/general/recalc").body(body).send();
        answer.ok();
        let start = format!(r#"{{"success":true,"recalc":{{"amount":{printed},"percent":10,"#);
        assert!(answer.text().starts_with(&start), "{sent}: {}", answer.text());
    }
}

#[test]
fn the_largest_sum_is_reckoned_exactly() {
    Bench::shop().recalc(json!({"client": ANNA, "point": TILL, "amount": 1_000_000_000_000_u64})).is(
        200,
        "{\"success\":true,\"recalc\":{\"amount\":1000000000000,\"percent\":7.5,\"type\":\"cashback\",\
         \"spend\":1000,\"earn\":75000000000}}",
    );
}

#[test]
fn a_point_of_sale_may_have_its_own_percentage_for_a_level() {
    let bench = Bench::shop();
    bench.recalc(json!({"client": IVAN, "point": KIOSK, "amount": 100})).is(
        200,
        r#"{"success":true,"recalc":{"amount":100,"percent":20,"type":"cashback","spend":100,"earn":20}}"#,
    );
    let other_level = bench.recalc(json!({"client": ANNA, "point": KIOSK, "amount": 100})).ok();
    assert_eq!(other_level["recalc"]["percent"], 7.5);
}

#[test]
fn a_discount_level_spends_and_earns_nothing() {
    Bench::shop().recalc(json!({"client": DIANA, "point": TILL, "amount": 100})).is(
        200,
        r#"{"success":true,"recalc":{"amount":100,"percent":5,"type":"discount","spend":0,"earn":0}}"#,
    );
}

#[test]
fn only_the_callers_own_holds_can_be_spent() {
    let bench = Bench::shop();
    let (own, other) = (bench.holds(IVAN, 300), bench.holds_at(KIOSK, IVAN, 78));
    for (listed, spend) in [(json!([]), 500), (json!([own]), 800), (json!([own, other]), 878)] {
        let body = json!({"client": IVAN, "point": TILL, "amount": 1000, "hold": listed});
        assert_eq!(bench.recalc(body).ok()["recalc"]["spend"], spend, "{listed}");
    }
}

#[test]
fn reckoning_changes_nothing() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 100);
    let before = bench.account(IVAN);
    bench.recalc(json!({"client": IVAN, "point": TILL, "amount": 100, "hold": [held]})).ok();
    assert_eq!(bench.account(IVAN), before);
}

#[test]
fn unknown_clients_and_points_are_refused() {
    let bench = Bench::shop();
    for (client, point, refusal) in [
        (NOBODY, TILL, r#"{"client":"Client not found."}"#),
        ("no id", TILL, r#"{"client":"Client not found."}"#),
        ("62A0F1E2D3C4B5A697882486", TILL, r#"{"client":"Client not found."}"#),
        (IVAN, NOBODY, r#"{"point":"Point not found."}"#),
        (IVAN, "", r#"{"point":"Point not found."}"#),
        ("", "", r#"{"client":"Client not found.","point":"Point not found."}"#),
    ] {
        bench.recalc(json!({"client": client, "point": point, "amount": 100})).refused(refusal);
    }
}
