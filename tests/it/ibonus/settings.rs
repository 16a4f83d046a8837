//! What purchases give, the contact info, the sale points.

use serde_json::{Value, json};

use super::shop::{ANNA, error, shop};

fn settings() -> Value {
    json!({
        "active": true, "currency": "rubles",
        "newCustomerSettings": {"couponId": 1, "type": "amount", "amount": 100, "validDays": null},
        "customerSettings": {"couponId": null, "type": "percentage", "amount": 12.5, "validDays": 30}
    })
}

#[test]
fn settings_are_shown_as_they_were_put_and_count_from_the_next_order_on() {
    let shop = shop();
    shop.merchant().get("/loyalty/settings/").is(
        200,
        r#"{"active":true,"currency":"points","newCustomerSettings":{"couponId":1,"type":"amount","amount":30,"validDays":null},"customerSettings":{"couponId":null,"type":"percentage","amount":10,"validDays":30}}"#,
    );
    shop.merchant().put("/loyalty/settings/", &settings()).is(200, "");
    assert_eq!(shop.cashier().get("/loyalty/settings/").ok(), settings());
    shop.merchant().sells("1", 80);
    let order = shop.merchant().newest();
    assert_eq!((&order["cashbackAmount"], &order["cashbackCurrency"]), (&json!(10), &json!("RUB")));
    assert_eq!(shop.available(ANNA), [json!(100), json!(60)]);

    let mut off = settings();
    off["active"] = json!(false);
    shop.merchant().put("/loyalty/settings/", &off).is(200, "");
    shop.merchant().sells("2", 80);
    assert_eq!(shop.available(ANNA)[1], 60);
}

#[test]
fn settings_that_cannot_be_are_refused_and_the_old_ones_stay() {
    let shop = shop();
    let with = |part: &str, name: &str, value: Value| {
        let mut body = settings();
        body[part][name] = value;
        body
    };
    let mut currency = settings();
    currency["currency"] = json!("RUB");
    for (body, message) in [
        (currency, "Currency \"RUB\" is unknown."),
        (with("customerSettings", "type", json!("half")), "Type \"half\" is unknown."),
        (with("customerSettings", "amount", json!(-1)), "Amount is negative."),
        (with("customerSettings", "amount", json!(100.01)), "The percentage is over 100."),
        (with("newCustomerSettings", "validDays", json!(0)), "validDays is not more than 0."),
        (with("newCustomerSettings", "couponId", json!(99)), "Coupon with id=99 is not found."),
    ] {
        assert_eq!(error(&shop.merchant().put("/loyalty/settings/", &body), 400), message);
    }
    assert_eq!(shop.merchant().get("/loyalty/settings/").ok()["currency"], "points");
}

#[test]
fn the_write_off_rules_are_the_fixtures() {
    shop()
        .merchant()
        .get("/loyalty/settings/write_off/rules/")
        .is(200, r#"{"patterns":[{"amount":10.5,"currency":"points"}]}"#);
}

#[test]
fn contact_info_is_replaced_whole() {
    let shop = shop();
    let path = "/loyalty/settings/contact_info/";
    let empty = json!({
        "company": null, "phone": null, "email": null, "url": null, "instagram": null, "facebook": null,
        "vk": null, "youtube": null, "logoPath": null
    });
    assert_eq!(shop.merchant().get(path).ok(), empty);
    let mut info = json!({
        "company": "Рога и Копыта", "phone": "+7 (912) 345-67-89", "email": "test@test.ru",
        "url": "https://test.ru", "instagram": "https://instagram.com/test/",
        "facebook": "https://facebook.com", "vk": "https://vk.com", "youtube": "https://youtube.com"
    });
    shop.merchant().put(path, &info).is(200, "");
    info["logoPath"] = Value::Null;
    assert_eq!(shop.merchant().get(path).ok(), info);
    shop.merchant().put(path, &json!({"logoPath": "https://example.com/"})).is(200, "");
    assert_eq!(shop.merchant().get(path).ok(), empty);
}

#[test]
fn sale_points_are_replaced_changed_and_deleted_by_one_list() {
    let shop = shop();
    let path = "/loyalty/settings/sale_points/";
    let put = |list: Value| shop.merchant().put(path, &list);
    shop.merchant().get(path).is(200, "[]");
    put(json!([{"region": "МО", "city": "Москва", "address": "ул. Тверская, д. 1", "phone": "+ 7 (123)"}, {}]))
        .is(200, "");
    put(json!([{"id": 2, "city": "Тверь"}, {"id": null, "region": "МО"}])).is(200, "");
    shop.merchant().get(path).is(
        200,
        r#"[{"id":2,"region":null,"city":"Тверь","address":null,"phone":null},{"id":3,"region":"МО","city":null,"address":null,"phone":null}]"#,
    );
    for (list, message) in [
        (json!([{"id": 1}]), "Sale point with id=1 is not found."),
        (json!([{"id": 2}, {"id": 2}]), "Sale point with id=2 is named twice."),
    ] {
        assert_eq!(error(&put(list), 400), message);
    }
    put(json!([])).is(200, "");
    shop.merchant().get(path).is(200, "[]");
}
