//! The vendor's flow from end to end: find the guest, reckon, hold, pay; with time passing between.

use serde_json::json;

use crate::harness::{Bench, IVAN, IVAN_PHONE, TILL};

#[test]
fn a_guest_is_found_reckoned_held_and_pays_with_points() {
    let bench = Bench::shop();

    let guest = bench.client(json!({"search": "+7 (920) 123-45-67", "point": TILL})).ok();
    let (id, balance) = (guest["client"]["id"].clone(), guest["client"]["balance"].clone());
    assert_eq!((&id, &balance), (&json!(IVAN), &json!(878)));

    let offer = bench.recalc(json!({"client": id, "point": TILL, "amount": 1200})).ok();
    assert_eq!((&offer["recalc"]["spend"], &offer["recalc"]["earn"]), (&json!(878), &json!(120)));

    let hold = bench.hold(json!({"client": id, "point": TILL, "amount": 500})).ok()["held"]["id"].clone();
    let others_see = bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    assert_eq!(others_see["client"]["balance"], 378);

    bench.advance("PT9M");
    let receipt =
        bench.retail(json!({"client": id, "point": TILL, "amount": 1200, "spend": 500, "hold": [hold]}));
    receipt.is(
        200,
        r#"{"success":true,"retail":{"amount":1200,"total":700,"percent":10,"type":"cashback","spend":500}}"#,
    );
    assert_eq!(bench.balance(IVAN), 378);
    assert_eq!(bench.advance("PT1H"), json!([]), "the hold went with the operation");
}

#[test]
fn a_guest_who_takes_too_long_loses_the_hold_but_not_the_points() {
    let bench = Bench::shop();
    let hold = bench.holds(IVAN, 500);
    bench.advance("PT11M");

    // In the meantime the points went elsewhere.
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 800, "spend": 800})).ok();
    bench
        .retail(json!({"client": IVAN, "point": TILL, "amount": 500, "spend": 500, "hold": [hold]}))
        .refused(r#"{"spend":"Spend can't be more 78"}"#);
}

#[test]
fn a_guest_changes_their_mind_and_saves_up_instead() {
    let bench = Bench::shop();
    let hold = bench.holds(IVAN, 878);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 1000, "spend": 0, "hold": [hold]})).ok();
    assert_eq!(bench.balance(IVAN), 978);
    bench.release(json!({"id": hold})).ok();
    assert_eq!(bench.balance(IVAN), 978);
}

#[test]
fn a_guest_saves_up_for_a_year_and_spends_before_the_points_burn() {
    let bench = Bench::shop_with_rules(json!({"points": {"ttl": "P365D"}}));
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 878, "spend": 878})).ok();
    for _ in 0..12 {
        bench.retail(json!({"client": IVAN, "point": TILL, "amount": 1000, "spend": 0})).ok();
        bench.advance("P30D");
    }
    assert_eq!(bench.balance(IVAN), 1200);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 150, "spend": 150})).ok();
    // The first month's hundred was spent first, so on its day nothing burns; of the second month's half is left.
    assert_eq!(bench.advance("P5D"), json!([]));
    let burnt = bench.advance("P30D");
    assert_eq!(burnt[0]["amount"], 50);
    assert_eq!(bench.balance(IVAN), 1000);
}
