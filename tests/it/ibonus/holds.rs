//! Holds of the fiscal hub: made, written off, cancelled, over after thirty days.

use serde_json::{Value, json};

use super::shop::{ANNA, DAY_MS, START_MS, VERA, error, sale, shop};

#[test]
fn a_hold_is_answered_in_the_vendors_shape_and_lasts_thirty_days() {
    let shop = shop();
    let body = json!({"clientId": ANNA, "currency": "points", "amount": 12.34, "couponIds": [1, 2]});
    let hold = shop.hub("hold", &body).ok();
    let id = hold["transactionId"].as_str().unwrap();
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert_eq!(
        hold,
        json!({
            "amount": 12.34, "balanceId": 1, "clientId": ANNA, "currency": "points",
            "expirationDate": START_MS + 30 * DAY_MS, "fiscalOrderId": null, "id": 1, "orderId": null,
            "transactionDate": START_MS, "transactionId": id
        })
    );
    let rubles = shop.hub("hold", &json!({"clientId": ANNA, "currency": "rubles", "amount": 1})).ok();
    assert_eq!((&rubles["balanceId"], &rubles["id"]), (&json!(2), &json!(2)));
    assert_eq!(shop.available(ANNA), [json!(87.66), json!(49)]);
}

#[test]
fn a_hold_that_the_programme_refuses_changes_nothing() {
    let shop = shop();
    let hold = |client: u64, currency: &str, amount: Value, coupons: Value| json!({"clientId": client, "currency": currency, "amount": amount, "couponIds": coupons});
    let before = shop.books(|books, _| books.clone());
    for (body, message) in [
        (hold(99, "points", json!(1), json!([])), "Client with id=99 is not found."),
        (hold(0, "points", json!(1), json!([])), "Client with id=0 is not found."),
        (hold(ANNA, "euros", json!(1), json!([])), "Currency \"euros\" is unknown."),
        (hold(ANNA, "points", json!(0), json!([])), "Amount is not more than 0."),
        (hold(ANNA, "points", json!(-1), json!([1])), "Amount is not more than 0."),
        (hold(ANNA, "points", json!(100.01), json!([])), "Only 100 points are available."),
        (hold(ANNA, "rubles", json!(51), json!([])), "Only 50 rubles are available."),
        (hold(VERA, "points", json!(1), json!([])), "Only 0 points are available."),
        (hold(ANNA, "points", json!(1), json!([1, 9])), "Coupon with id=9 is not found."),
        (hold(ANNA, "points", json!(1), json!([2, 2])), "Coupon with id=2 is named twice."),
    ] {
        assert_eq!(error(&shop.hub("hold", &body), 400), message, "{body}");
        assert!(shop.books(|books, _| *books == before), "{body} changed something");
    }
}

#[test]
fn a_hold_ends_once_and_the_second_attempt_is_told_how() {
    let shop = shop();
    let [written_off, cancelled, over] = [shop.held(10), shop.held(20), shop.held(30)];
    let write_off = |id: &str| shop.hub("hold/write_off", &json!({"transactionId": id}));
    let cancel = |id: &str| shop.hub("hold/cancel", &json!({"transactionId": id}));
    write_off(&written_off).is(200, "");
    cancel(&cancelled).is(200, "");
    assert_eq!(shop.available(ANNA)[0], 60);
    shop.advance("P30D");
    assert_eq!(shop.available(ANNA)[0], 90);
    for (id, status, message) in [
        (written_off.as_str(), 400, "written off"),
        (&cancelled, 400, "cancelled"),
        (&over, 400, "expired"),
        ("1f1f1f1f-1f1f-1e1e-d1d1-1a1b1c1d1e1f00", 404, "not found"),
        ("", 404, "not found"),
    ] {
        for answer in [write_off(id), cancel(id)] {
            let message = format!("Hold with transactionId={id} is {message}.");
            assert_eq!(error(&answer, status), message);
        }
    }
}

#[test]
fn what_is_held_comes_free_after_thirty_days_to_the_millisecond() {
    let shop = shop();
    let id = shop.held(100);
    let order = |number: &str| {
        let mut body = sale(number, 100);
        body["amount"] = json!(100);
        shop.merchant().post("/fiscal/orders/", &body)
    };
    for day in 0..30 {
        assert_eq!(shop.available(ANNA)[0], 0);
        assert_eq!(error(&order("early"), 400), "Only 0 points are available.", "day {day}");
        let expired = shop.advance("PT23H59M59S");
        assert!(!expired.to_string().contains("hold"), "day {day}: {expired}");
        if day < 29 {
            shop.advance("PT1S");
        }
    }
    shop.advance_to("2026-01-30T23:59:59.999Z");
    assert_eq!(shop.available(ANNA)[0], 0);
    let expired = shop.advance_to("2026-01-31T00:00:00Z");
    assert_eq!(expired[0]["id"], id);
    assert_eq!(shop.available(ANNA)[0], 100);
    order("in time").is(200, "");
}

#[test]
fn a_held_coupon_cannot_be_used_elsewhere_and_is_redeemed_with_its_hold() {
    let shop = shop();
    let hold = json!({"clientId": ANNA, "currency": "points", "amount": 0, "couponIds": [1]});
    let id = shop.hub("hold", &hold).ok()["transactionId"].clone();
    assert_eq!(error(&shop.hub("hold", &hold), 400), "Coupon with id=1 is held.");
    let used = shop.merchant().post("/clients/1/balance/write_off/", &json!({"coupons": [1]}));
    assert_eq!(error(&used, 400), "Coupon with id=1 is held.");
    shop.hub("hold/write_off", &json!({"transactionId": id, "fiscalOrderId": null})).is(200, "");
    let used = shop.merchant().post("/clients/1/balance/write_off/", &json!({"coupons": [1]}));
    assert_eq!(error(&used, 400), "Coupon with id=1 is redeemed.");
}

#[test]
fn a_captured_hold_of_an_order_comes_back_with_its_refund() {
    let shop = shop();
    let id = shop.held(40);
    shop.merchant().sells("1", 200);
    let unknown = shop.hub("hold/write_off", &json!({"transactionId": id, "fiscalOrderId": 99}));
    assert_eq!(error(&unknown, 400), "Order with id=99 is not found.");
    shop.hub("hold/write_off", &json!({"transactionId": id, "fiscalOrderId": 1})).is(200, "");
    assert_eq!(shop.available(ANNA)[0], 80);
    let items = shop.merchant().newest_items();
    shop.hub("refund", &json!({"orderItems": items})).is(200, "");
    assert_eq!(shop.available(ANNA)[0], 100);
}

#[test]
fn at_the_end_of_time_nothing_can_be_held() {
    let shop = shop();
    shop.advance_to("9999-12-31T23:59:59.999Z");
    let hold = shop.hub("hold", &json!({"clientId": ANNA, "currency": "points", "amount": 1}));
    assert_eq!(error(&hold, 400), "The hold would be over at once.");
}
