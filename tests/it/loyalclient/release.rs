//! `POST /integration/general/bonuses/release`: gives a hold up.

use serde_json::json;

use crate::harness::{Bench, IVAN, NOBODY, TILL};

#[test]
fn a_released_hold_can_be_spent() {
    let bench = Bench::shop();
    let id = bench.holds(IVAN, 878);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 878, "spend": 878})).with_status(422);
    bench.release(json!({"id": id})).is(200, r#"{"success":true}"#);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 878, "spend": 878})).ok();
}

#[test]
fn releasing_what_is_not_there_is_a_success_too() {
    let bench = Bench::shop();
    let (released, expired) = (bench.holds(IVAN, 100), bench.holds(IVAN, 100));
    bench.release(json!({"id": released})).is(200, r#"{"success":true}"#);
    bench.advance("PT10M");
    for id in [&released, &expired, NOBODY, IVAN, "", "no id", "62A"] {
        bench.release(json!({"id": id})).is(200, r#"{"success":true}"#);
    }
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn only_the_named_hold_is_released() {
    let bench = Bench::shop();
    let (first, second) = (bench.holds(IVAN, 100), bench.holds(IVAN, 200));
    bench.release(json!({"id": first})).ok();
    let account = bench.account(IVAN);
    assert_eq!(account["held"], 200);
    assert_eq!(account["holds"][0]["id"], second.as_str());
}

#[test]
fn a_hold_that_was_released_does_not_expire_later() {
    let bench = Bench::shop();
    let id = bench.holds(IVAN, 100);
    bench.release(json!({"id": id})).ok();
    assert_eq!(bench.advance("PT1H"), json!([]));
}
