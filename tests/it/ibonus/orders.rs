//! Orders: sales, refunds, tests, their lists and items.

use serde_json::{Value, json};
use stend::loyalty::ibonus::currency::Currency;
use stend::loyalty::ibonus::load::clients::{NewBalance, NewClient, NewLot};
use stend::loyalty::ibonus::phone::Phone;
use stend::loyalty::ledger::POSTED_MAX;

use super::shop::{ANNA, ANNA_PHONE, BORIS, DAY_MS, START_MS, Shop, error, refund, sale, shop};

fn item(price: impl Into<Value>, quantity: impl Into<Value>) -> Value {
    json!({"price": price.into(), "quantity": quantity.into(), "unit": "piece", "vat": 20, "name": "Капучино"})
}

fn order(external_id: &str, items: &[Value]) -> Value {
    json!({"order": {
        "externalId": external_id, "receiptType": "sale", "customerPhone": ANNA_PHONE, "items": items
    }})
}

/// Demands that a sale is refused, and that nothing has changed.
#[track_caller]
fn refuses(shop: &Shop, body: &Value, message: &str) {
    let before = shop.books(|books, _| books.clone());
    assert_eq!(error(&shop.merchant().post("/fiscal/orders/", body), 400), message, "{body}");
    assert!(shop.books(|books, _| *books == before), "{body} changed something");
}

#[test]
fn a_sale_writes_off_redeems_accrues_and_answers_nothing() {
    let shop = shop();
    let mut body = sale("1", 200);
    body["amount"] = json!(40.5);
    body["currency"] = json!("points");
    body["coupons"] = json!([1, 2]);
    shop.merchant().post("/fiscal/orders/", &body).is(200, "");
    assert_eq!(shop.available(ANNA), [json!(79.5), json!(50)], "100 − 40.5 + 10 % of 200");
    shop.merchant().get("/clients/1/coupons/").is(200, "[]");
}

#[test]
fn the_list_shows_all_fields_of_an_order() {
    let shop = shop();
    shop.cashier().post("/fiscal/orders/", &sale("A-1", 123.45)).is(200, "");
    let order = shop.merchant().newest();
    let client = shop.merchant().get("/clients/?phone=79123456789").ok()[0].clone();
    assert_eq!(client["totalPurchases"], 2);
    let url = order["publicURL"].as_str().unwrap();
    assert!(url.starts_with("/internal_fiscal_check/") && url.ends_with('/') && url.len() == 56, "{url}");
    assert_eq!(
        order,
        json!({
            "id": 1, "cashbackAmount": 12.35, "cashbackCurrency": "points",
            "orderNumber": "TEST-0001-00000001", "externalOrderNumber": "A-1",
            "orderDate": START_MS, "externalOrderDate": START_MS, "receiptType": "sale",
            "customerPhone": ANNA_PHONE, "customerEmail": null, "customerName": "Анна",
            "customerAvatarUrl": "https://example.com/anna.png", "customer": client,
            "employee": {
                "email": "cashier@example.com", "firstName": "Кассир", "id": 1, "inn": "123 123 123 321",
                "lastName": "Кассиров", "login": "111111", "role": "cashier"
            },
            "publicURL": url, "reaction": null, "customerComment": null, "totalAmount": 123.45,
            "status": "printed"
        })
    );
    shop.merchant().post("/fiscal/orders/", &sale("A-2", 1)).is(200, "");
    assert_eq!(shop.merchant().newest()["employee"], Value::Null, "the merchant is no employee");
}

#[test]
fn items_are_shown_as_they_were_sold() {
    let shop = shop();
    let mut weighed = item(99.9, 0.333);
    weighed["unit"] = json!("kg");
    let mut percent = item(100, 2);
    (percent["discountType"], percent["discountValue"]) = (json!("percent"), json!(12.5));
    let mut off = item(100.5, 2);
    (off["discountType"], off["discountValue"]) = (json!("amount"), json!(1));
    let mut nothing = item(10, 1);
    (nothing["discountType"], nothing["discountValue"]) = (json!(null), json!(0));
    shop.merchant().post("/fiscal/orders/", &order("1", &[weighed, percent, off, nothing])).is(200, "");
    shop.merchant().get("/fiscal/orders/1/items/").is(
        200,
        concat!(
            r#"[{"id":1,"orderId":1,"name":"Капучино","price":99.9,"quantity":0.333,"unit":"kg","vat":20,"discountType":null,"discountValue":0},"#,
            r#"{"id":2,"orderId":1,"name":"Капучино","price":100,"quantity":2,"unit":"piece","vat":20,"discountType":"percent","discountValue":12.5},"#,
            r#"{"id":3,"orderId":1,"name":"Капучино","price":100.5,"quantity":2,"unit":"piece","vat":20,"discountType":"amount","discountValue":1},"#,
            r#"{"id":4,"orderId":1,"name":"Капучино","price":10,"quantity":1,"unit":"piece","vat":20,"discountType":null,"discountValue":0}]"#,
        ),
    );
    // 33.27 (33.2667 rounded half up) + 175 + 200 + 10.
    assert_eq!(shop.merchant().newest()["totalAmount"], 418.27);
    error(&shop.merchant().get("/fiscal/orders/99/items/"), 404);
    error(&shop.merchant().get("/fiscal/orders/TEST-0001-00000001/items/"), 404);
}

#[test]
fn a_sale_that_the_programme_refuses_changes_nothing() {
    let shop = shop();
    shop.merchant().sells("taken", 10);
    let with = |fields: Value| {
        let mut body = sale("new", 10);
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let in_order = |name: &str, value: Value| {
        let mut body = sale("new", 10);
        body["order"][name] = value;
        body
    };
    let in_item = |name: &str, value: Value| {
        let mut body = sale("new", 10);
        body["order"]["items"][0][name] = value;
        body
    };
    let anonymous = |fields: Value| {
        let mut body = with(fields);
        body["order"]["customerPhone"] = Value::Null;
        body
    };
    for (body, message) in [
        (in_order("receiptType", json!("payout")), "Receipt type \"payout\" cannot be placed."),
        (in_order("receiptType", json!("gift")), "Receipt type \"gift\" is unknown."),
        (in_order("items", json!([])), "There are no items."),
        (in_order("externalId", json!("taken")), "Order with id=1 has this externalId already."),
        (in_order("externalId", json!(" ")), "externalId is empty."),
        (in_item("unit", json!("pcs")), "Unit \"pcs\" is unknown."),
        (in_item("discountType", json!("half")), "Discount type \"half\" is unknown."),
        (in_item("price", json!(-1)), "Item 0: price and vat can't be negative."),
        (in_item("vat", json!(-0.01)), "Item 0: price and vat can't be negative."),
        (in_item("quantity", json!(0)), "Item 0: quantity is not more than 0."),
        (with(json!({"currency": "euros"})), "Currency \"euros\" is unknown."),
        (with(json!({"amount": -1})), "Amount is negative."),
        (with(json!({"amount": 10.01})), "Amount is more than the total of the order, 10."),
        (
            {
                let mut body = sale("new", 1000);
                body["amount"] = json!(500);
                body
            },
            "Only 101 points are available.",
        ),
        (with(json!({"amount": 10, "currency": "rubles", "coupons": [9]})), "Coupon with id=9 is not found."),
        (with(json!({"coupons": [1, 1]})), "Coupon with id=1 is named twice."),
        (anonymous(json!({"amount": 1})), "Neither phone nor email is given."),
        (anonymous(json!({"coupons": [1]})), "Neither phone nor email is given."),
    ] {
        refuses(&shop, &body, message);
    }
    let mut much = in_item("quantity", json!(100_000_000_000_u64));
    much["order"]["items"][0]["price"] = json!(10.01);
    refuses(&shop, &much, "The total is over the limit.");
    let mut discounted = in_item("discountType", json!("percent"));
    discounted["order"]["items"][0]["discountValue"] = json!(100.01);
    refuses(&shop, &discounted, "Item 0: the discount is over the limit.");
    let hold = json!({"clientId": ANNA, "currency": "points", "amount": 0, "couponIds": [1]});
    shop.hub("hold", &hold).ok();
    refuses(&shop, &with(json!({"coupons": [1]})), "Coupon with id=1 is held.");
    shop.advance("P11D");
    refuses(&shop, &with(json!({"coupons": [2]})), "Coupon with id=2 is expired.");
}

#[test]
fn the_customer_is_found_by_phone_else_by_e_mail_else_created() {
    let shop = shop();
    let sell = |number: &str, phone: Value, email: Value| {
        let mut body = sale(number, 10);
        (body["order"]["customerPhone"], body["order"]["customerEmail"]) = (phone, email);
        shop.merchant().post("/fiscal/orders/", &body).is(200, "");
        shop.merchant().newest()["customer"].clone()
    };
    assert_eq!(sell("1", json!("8 (912)"), Value::Null)["id"], 4, "other digits are another person");
    assert_eq!(sell("2", json!("7-912-345-67-89"), json!("boris@example.com"))["id"], ANNA);
    let boris = sell("3", json!("+7 999"), json!("boris@example.com"));
    assert_eq!((&boris["id"], &boris["phone"]), (&json!(BORIS), &json!("+7 999")), "filled in");
    assert_eq!(sell("4", Value::Null, json!("new@example.com"))["id"], 5);
    assert_eq!(sell("5", Value::Null, Value::Null), Value::Null);
    assert_eq!(sell("6", json!(""), json!(" ")), Value::Null);
    assert_eq!(shop.merchant().newest()["cashbackAmount"], 0);
}

#[test]
fn the_first_purchase_gives_its_own_sum_and_a_coupon() {
    let shop = shop();
    let mut body = sale("1", 1000);
    body["order"]["customerPhone"] = json!("78120000003");
    shop.merchant().post("/fiscal/orders/", &body).is(200, "");
    assert_eq!(shop.available(3)[0], 30);
    let coupons = shop.merchant().get("/clients/3/coupons/").ok();
    assert_eq!(
        (&coupons[0]["header"], &coupons[0]["expireDate"]),
        (&json!("Заголовок"), &json!(START_MS + 30 * DAY_MS))
    );
    body["order"]["externalId"] = json!("2");
    shop.merchant().post("/fiscal/orders/", &body).is(200, "");
    assert_eq!(shop.available(3)[0], 130);
    assert_eq!(shop.merchant().get("/clients/3/coupons/").ok().as_array().unwrap().len(), 1);
}

#[test]
fn refunds_in_parts_add_up_to_the_whole() {
    let shop = shop();
    let items: Vec<Value> = [33.33, 33.33, 33.35].into_iter().map(|price| item(price, 1)).collect();
    let mut body = order("1", &items);
    (body["amount"], body["coupons"]) = (json!(50), json!([1]));
    shop.merchant().post("/fiscal/orders/", &body).is(200, "");
    assert_eq!(shop.available(ANNA)[0], 60, "100 − 50 + 10");

    let items = shop.merchant().newest_items();
    let mut cancelled = 0.0;
    for (number, item) in items.iter().enumerate() {
        assert_eq!(shop.merchant().get("/clients/1/coupons/").ok()[0]["id"], 2, "not yet");
        let body = refund(&format!("R-{number}"), std::slice::from_ref(item));
        shop.merchant().post("/fiscal/orders/", &body).is(200, "");
        let order = shop.merchant().newest();
        assert_eq!((&order["receiptType"], &order["customer"]["id"]), (&json!("refund"), &json!(ANNA)));
        assert_eq!(order["totalAmount"], [33.33, 33.33, 33.35][number]);
        cancelled += order["cashbackAmount"].as_f64().unwrap();
        let again = shop.merchant().post("/fiscal/orders/", &refund("again", std::slice::from_ref(item)));
        assert_eq!(error(&again, 400), format!("Item with id={item} is refunded."));
    }
    assert!((cancelled + 10.0).abs() < 1e-9, "all of the accrual: {cancelled}");
    assert_eq!(shop.available(ANNA), [json!(100), json!(50)]);
    assert_eq!(shop.merchant().get("/clients/1/coupons/").ok()[0]["id"], 1, "usable again");
    let anna = shop.merchant().get("/clients/?phone=79123456789").ok()[0].clone();
    assert_eq!((&anna["paidPurchases"], &anna["totalPurchases"]), (&json!(1), &json!(2)));
    assert_eq!((&anna["paidPurchasesAmount"], &anna["totalPurchasesAmount"]), (&json!(0), &json!(100.01)));
}

#[test]
fn a_refund_that_the_programme_refuses_changes_nothing() {
    let shop = shop();
    shop.merchant().post("/fiscal/orders/create_test/", &sale("T", 10)["order"]).is(200, "");
    let of_test = shop.merchant().newest_items()[0].clone();
    shop.merchant().sells("1", 10);
    let one = shop.merchant().newest_items()[0].clone();
    shop.merchant().sells("2", 10);
    let other = shop.merchant().newest_items()[0].clone();
    for (items, message) in [
        (vec![], "There are no items.".to_owned()),
        (vec![json!(99)], "Item with id=99 is not found.".to_owned()),
        (vec![one.clone(), one.clone()], format!("Item with id={one} is named twice.")),
        (vec![one.clone(), other.clone()], format!("Item with id={other} is of another order.")),
        (vec![of_test.clone()], format!("Item with id={of_test} is of a test order.")),
    ] {
        refuses(&shop, &refund("R", &items), &message);
        let answer = shop.hub("refund", &json!({"orderItems": items}));
        assert_eq!(error(&answer, 400), message);
    }
    refuses(&shop, &refund("1", &[one]), "Order with id=2 has this externalId already.");
}

#[test]
fn a_refund_through_the_hub_is_listed_without_a_number_of_the_callers() {
    let shop = shop();
    shop.cashier().sells("1", 200);
    let items = shop.merchant().newest_items();
    shop.hub("refund", &json!({"orderItems": items})).is(200, "");
    let order = shop.merchant().newest();
    assert_eq!((&order["receiptType"], &order["externalOrderNumber"]), (&json!("refund"), &Value::Null));
    assert_eq!((&order["cashbackAmount"], &order["totalAmount"]), (&json!(-20), &json!(200)));
    assert_eq!((&order["customerPhone"], &order["employee"]), (&json!(ANNA_PHONE), &Value::Null));
    assert_eq!(shop.available(ANNA)[0], 100);
    let of_refund = shop.merchant().get(&format!("/fiscal/orders/{}/items/", order["id"])).ok();
    assert_eq!((&of_refund[0]["id"], &of_refund[0]["orderId"]), (&items[0], &json!(1)), "the sale's");
}

#[test]
fn a_test_order_is_kept_and_touches_nothing_else() {
    let shop = shop();
    let mut order = sale("T", 10)["order"].clone();
    shop.merchant().post("/fiscal/orders/create_test/", &order).is(200, "");
    shop.merchant().post("/fiscal/orders/create_test/", &order).is(200, "");
    order["customerPhone"] = json!("+7 555");
    shop.merchant().post("/fiscal/orders/create_test/", &order).is(200, "");
    let items = shop.merchant().newest_items();
    shop.merchant().post("/fiscal/orders/create_test/", &refund("TR", &items)["order"]).is(200, "");
    assert_eq!(shop.merchant().get("/fiscal/orders/").ok().as_array().unwrap().len(), 4);
    assert_eq!(shop.available(ANNA), [json!(100), json!(50)]);
    let clients = shop.merchant().get("/clients/").ok();
    assert_eq!(clients.as_array().unwrap().len(), 3, "nobody was created");
    assert_eq!(clients[0]["totalPurchases"], 1);
    let wrapped = shop.merchant().post("/fiscal/orders/create_test/", &sale("T", 10));
    assert_eq!(error(&wrapped, 400), "externalId is missing. receiptType is missing. items is missing.");
    shop.merchant().sells("T", 10);
}

#[test]
fn orders_are_listed_newest_first_by_all_filters_together() {
    let shop = shop();
    for day in 0..4 {
        shop.merchant().sells(&day.to_string(), 10);
        shop.advance("P1D");
    }
    let mut anonymous = sale("anonymous", 10);
    anonymous["order"]["customerPhone"] = Value::Null;
    shop.merchant().post("/fiscal/orders/", &anonymous).is(200, "");
    let day = |number: i64| START_MS + number * DAY_MS;
    for (query, found) in [
        (String::new(), "anonymous 3 2 1 0"),
        ("?limit=2&offset=1".to_owned(), "3 2"),
        ("?limit=0".to_owned(), ""),
        (format!("?from={}", day(2)), "anonymous 3 2"),
        (format!("?to={}", day(1)), "1 0"),
        (format!("?from={}&to={}", day(1), day(1)), "1"),
        (format!("?from={}&to={}", day(2), day(1)), ""),
        ("?from=99999999999999999999999".to_owned(), ""),
        ("?client_id=1".to_owned(), "3 2 1 0"),
        ("?client_id=99".to_owned(), ""),
        ("?receipt_type=sale&limit=1".to_owned(), "anonymous"),
        ("?receipt_type=refund".to_owned(), ""),
        ("?receipt_type=payout".to_owned(), ""),
        // Only fixtures have an fn or an fd.
        ("?fn=%25".to_owned(), ""),
        ("?fd=1".to_owned(), ""),
        (format!("?client_id=1&receipt_type=sale&from={}&limit=1", day(1)), "3"),
    ] {
        let orders = shop.merchant().get(&format!("/fiscal/orders/{query}")).ok();
        let numbers = orders.as_array().unwrap().iter();
        let numbers: Vec<&str> =
            numbers.map(|order| order["externalOrderNumber"].as_str().unwrap()).collect();
        assert_eq!(numbers.join(" "), found, "{query}");
    }
    let answer = shop.merchant().get("/fiscal/orders/?receipt_type=gift");
    assert_eq!(error(&answer, 400), "Receipt type \"gift\" is unknown.");
}

#[test]
fn card_cash_and_points_need_not_add_up() {
    let shop = shop();
    let mut body = sale("12345678", 10);
    (body["order"]["amountCard"], body["order"]["amountCash"]) = (json!(20), json!(10));
    body["amount"] = json!(10);
    shop.merchant().post("/fiscal/orders/", &body).is(200, "");
    assert_eq!(shop.available(ANNA)[0], 91);
}

#[test]
fn the_coupon_of_a_refunded_purchase_is_cancelled() {
    let shop = shop();
    let mut body = sale("1", 10);
    body["order"]["customerPhone"] = json!("78120000003");
    shop.merchant().post("/fiscal/orders/", &body).is(200, "");
    let coupon = shop.merchant().get("/clients/3/coupons/").ok()[0].clone();
    let items = shop.merchant().newest_items();
    shop.hub("refund", &json!({"orderItems": items})).is(200, "");
    let message = format!("Coupon with id={} is cancelled.", coupon["id"]);
    let used = shop.merchant().post("/clients/3/balance/write_off/", &json!({"coupons": [coupon["id"]]}));
    assert_eq!(error(&used, 400), message);
    let path = format!("/clients/coupons/?type=linked&token={}", coupon["token"].as_str().unwrap());
    assert_eq!(error(&shop.merchant().get(&path), 400), message);
}

#[test]
fn no_balance_grows_beyond_what_can_be_reckoned_with() {
    let shop = shop();
    shop.books(|books, now| {
        let lots = vec![NewLot { amount: POSTED_MAX, ..NewLot::default() }];
        let balances = vec![NewBalance { currency: Currency::Points, lots }];
        let phone = Phone::new("111");
        books.add_client(NewClient { phone, balances, ..NewClient::default() }, now).unwrap();
    });
    let mut body = sale("1", 10);
    body["order"]["customerPhone"] = json!("111");
    refuses(&shop, &body, &format!("The balance would be over the limit of {POSTED_MAX}."));
}
