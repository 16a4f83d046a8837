//! Points in lots: which are spent first, and when they burn.

use serde_json::{Value, json};

use crate::harness::{Bench, IVAN, IVAN_PHONE, LEO, TILL, ZOE, shop};

#[test]
fn the_soonest_to_burn_are_spent_first() {
    let bench = Bench::shop();
    assert_eq!(
        lots(&bench, LEO),
        [
            json!([100, "2026-01-11T00:00:00.000Z"]),
            json!([50, "2026-01-21T00:00:00.000Z"]),
            json!([200, null])
        ]
    );
    bench.retail(json!({"client": LEO, "point": TILL, "amount": 120, "spend": 120})).ok();
    assert_eq!(lots(&bench, LEO), [json!([30, "2026-01-21T00:00:00.000Z"]), json!([200, null])]);
    bench.retail(json!({"client": LEO, "point": TILL, "amount": 40, "spend": 40})).ok();
    assert_eq!(lots(&bench, LEO), [json!([190, null])]);
}

#[test]
fn a_lot_is_gone_at_the_very_instant_it_expires() {
    let bench = Bench::shop();
    assert_eq!(bench.advance_to("2026-01-10T23:59:59.999Z"), json!([]));
    assert_eq!(bench.balance(LEO), 350);
    let burnt = bench.advance_to("2026-01-11T00:00:00Z");
    assert_eq!(burnt.as_array().map(Vec::len), Some(1));
    let what = ["kind", "account", "amount", "at"].map(|key| burnt[0][key].clone());
    assert_eq!(what, [json!("lot"), json!(LEO), json!(100), json!("2026-01-11T00:00:00.000Z")]);
    assert_eq!(bench.balance(LEO), 250);
    bench
        .retail(json!({"client": LEO, "point": TILL, "amount": 300, "spend": 251}))
        .refused(r#"{"spend":"Spend can't be more 250"}"#);
}

#[test]
fn lots_burn_in_order_of_time_however_far_the_clock_is_moved() {
    let bench = Bench::shop();
    let burnt = bench.advance("P60D");
    let at: Vec<&Value> = burnt.as_array().expect("a list").iter().map(|lot| &lot["at"]).collect();
    assert_eq!(at, ["2026-01-11T00:00:00.000Z", "2026-01-21T00:00:00.000Z"]);
    let account = bench.account(LEO);
    let kinds: Vec<&Value> =
        account["entries"].as_array().expect("a list").iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["opening", "opening", "opening", "burn", "burn"]);
    assert_eq!(account["entries"][4]["at"], "2026-01-21T00:00:00.000Z", "a line has the time it happened at");
}

#[test]
fn what_was_spent_does_not_burn() {
    let bench = Bench::shop();
    bench.retail(json!({"client": LEO, "point": TILL, "amount": 70, "spend": 70})).ok();
    let burnt = bench.advance("P10D");
    assert_eq!(burnt[0]["amount"], 30);
    assert_eq!(bench.balance(LEO), 250);
}

#[test]
fn points_that_are_not_active_yet_are_there_but_cannot_be_used() {
    let mut fixture = shop();
    fixture["loyalclient"]["clients"] = json!([{
        "id": IVAN, "phone": 79_201_234_567_u64, "lots": [{"amount": 100}, {"amount": 50, "activeIn": "P14D"}]
    }]);
    let bench = Bench::with(&fixture);
    let account = bench.account(IVAN);
    assert_eq!((&account["posted"], &account["available"]), (&json!(150), &json!(100)));
    let client = json!({"search": IVAN_PHONE, "point": TILL});
    assert_eq!(bench.client(client.clone()).ok()["client"]["balance"], 100);
    bench
        .hold(json!({"client": IVAN, "point": TILL, "amount": 101}))
        .refused(r#"{"amount":"Amount can't be more 100"}"#);
    bench.advance("P14D");
    assert_eq!(bench.client(client).ok()["client"]["balance"], 150);
}

#[test]
fn accrued_points_never_burn_unless_a_rule_says_so() {
    let bench = Bench::shop();
    bench.retail(json!({"client": ZOE, "point": TILL, "amount": 100, "spend": 0})).ok();
    assert_eq!(lots(&bench, ZOE), [json!([10, null])]);
    bench.advance("P20000D");
    assert_eq!(bench.balance(ZOE), 10);
}

/// What is left of each lot, and when it burns.
#[track_caller]
fn lots(bench: &Bench, client: &str) -> Vec<Value> {
    let account = bench.account(client);
    let lots = account["lots"].as_array().expect("a list").iter();
    lots.map(|lot| json!([lot["amount"], lot["expiresAt"]])).collect()
}
