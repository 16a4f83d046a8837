//! The vendor's scenario: find the client, see coupons and balance, place the order with points and coupons.

use serde_json::{Value, json};

use crate::ibonus::shop::{ANNA, error, refund, sale, shop};

#[test]
fn a_client_is_found_and_pays_with_points_and_coupons() {
    let shop = shop();
    let till = shop.cashier();

    // 1. The list of clients; `%` stands for any run of characters, and is sent as %25.
    let clients = till.get("/clients/?phone=%252345678%25&offset=0&limit=10").ok();
    let client = clients[0].clone();
    assert_eq!((clients.as_array().unwrap().len(), &client["name"]), (1, &json!("Анна")));
    let id = &client["id"];

    // 2. The client's coupons.
    let coupons = till.get(&format!("/clients/{id}/coupons/")).ok();
    let coupons: Vec<Value> = coupons.as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!(coupons, [1, 2]);

    // 3. What can be written off.
    let balance = till.get(&format!("/clients/{id}/balance/")).ok();
    assert_eq!(balance[0], json!({"amount": 100, "currency": "points"}));

    // 4. The order, as on the vendor's page: what was paid does not add up, and that is no matter.
    let order = json!({
        "order": {
            "receiptType": "sale", "amountCard": 20, "amountCash": 10,
            "customerEmail": client["email"], "customerPhone": client["phone"], "externalId": "12345678",
            "items": [{"price": 10, "quantity": 1, "unit": "piece", "vat": 20, "name": "Капучино"}]
        },
        "amount": 10, "currency": "points", "coupons": coupons
    });
    till.post("/fiscal/orders/", &order).is(200, "");
    assert_eq!(shop.available(ANNA), [json!(91), json!(50)], "10 written off, 10 % of 10 accrued");
    till.get(&format!("/clients/{id}/coupons/")).is(200, "[]");

    // The same call once more, as after a lost answer, is refused and changes nothing.
    let again = till.post("/fiscal/orders/", &order);
    assert_eq!(error(&again, 400), "Order with id=1 has this externalId already.");
    assert_eq!(shop.available(ANNA)[0], 91);
}

#[test]
fn a_purchase_is_taken_back_and_all_is_as_before() {
    let shop = shop();
    let till = shop.cashier();
    let mut order = sale("1", 60);
    (order["amount"], order["coupons"]) = (json!(60), json!([1]));
    till.post("/fiscal/orders/", &order).is(200, "");
    assert_eq!(shop.available(ANNA)[0], 46);
    shop.advance("P3D");
    let items = till.newest_items();
    till.post("/fiscal/orders/", &refund("2", &items)).is(200, "");
    assert_eq!(shop.available(ANNA), [json!(100), json!(50)]);
    let coupons = till.get("/clients/1/coupons/").ok();
    assert_eq!(coupons[0]["id"], 1, "usable again");
    let history = till.get("/clients/1/balance/history/").ok();
    let amounts: Vec<&Value> = history.as_array().unwrap().iter().map(|change| &change["amount"]).collect();
    assert_eq!(amounts, [&json!(60), &json!(-6), &json!(6), &json!(-60)], "newest first");
}

#[test]
fn a_guest_orders_ahead_and_the_hold_becomes_part_of_the_order() {
    let shop = shop();
    let hold = shop.held(50);
    shop.advance("P29D");
    shop.cashier().sells("1", 100);
    let order = shop.merchant().newest()["id"].clone();
    shop.hub("hold/write_off", &json!({"transactionId": hold, "fiscalOrderId": order})).is(200, "");
    assert_eq!(shop.available(ANNA)[0], 60);
    // The order's own points, which would have burnt in thirty days, were spent first.
    assert_eq!(shop.advance("P60D"), json!([]), "the hold went with the order");
    assert_eq!(shop.available(ANNA)[0], 60);
}
