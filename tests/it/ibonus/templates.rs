//! The templates of coupons.

use serde_json::{Value, json};

use super::shop::{START_MS, error, shop};

#[test]
fn a_template_is_created_shown_replaced_and_marked_as_deleted() {
    let shop = shop();
    let merchant = shop.merchant();
    let full = json!({
        "title": "Служебный заголовок", "header": "Заголовок", "subHeader": "Вторая строка",
        "shortDescription": "Первая часть", "longDescription": "Вторая часть", "style": "theme_light_pink",
        "validDays": 30, "validUntil": 1_893_456_000_000_i64, "deleted": true
    });
    let created = merchant.post("/loyalty/coupons/", &full).ok();
    let mut wanted = full;
    (wanted["id"], wanted["imagePath"]) = (json!(2), Value::Null);
    assert_eq!(created, wanted);
    assert_eq!(merchant.get("/loyalty/coupons/2/").ok(), created);

    merchant.put("/loyalty/coupons/2/", &json!({"header": "Новый"})).is(200, "");
    merchant.get("/loyalty/coupons/2/").is(
        200,
        r#"{"id":2,"title":null,"header":"Новый","subHeader":null,"shortDescription":null,"longDescription":null,"imagePath":null,"style":"theme_brown","validDays":null,"validUntil":null,"deleted":true}"#,
    );
    merchant.put("/loyalty/coupons/2/", &json!({"deleted": false})).is(200, "");
    assert_eq!(merchant.get("/loyalty/coupons/2/").ok()["deleted"], false);

    for _ in 0..2 {
        merchant.delete("/loyalty/coupons/1/").is(200, "");
    }
    let list = merchant.get("/loyalty/coupons/").ok();
    let shown: Vec<_> = list.as_array().unwrap().iter().map(|it| (&it["id"], &it["deleted"])).collect();
    assert_eq!(shown, [(&json!(1), &json!(true)), (&json!(2), &json!(false))], "deleted ones stay");
}

#[test]
fn an_empty_template_is_brown() {
    let shop = shop();
    assert_eq!(shop.merchant().post("/loyalty/coupons/", &json!({})).ok()["style"], "theme_brown");
    for style in ["theme_pink", "", "ThemeBrown"] {
        let answer = shop.merchant().post("/loyalty/coupons/", &json!({"style": style}));
        assert_eq!(error(&answer, 400), format!("Style {style:?} is unknown."));
    }
}

#[test]
fn a_number_is_whole_however_it_is_spelt() {
    let shop = shop();
    for (spelt, kept) in [("67.0", json!(67)), ("6.7e1", json!(67)), ("-0.0", json!(0))] {
        let body = format!(r#"{{"validDays":{spelt},"validUntil":{spelt}}}"#);
        let created = shop.merchant().request("POST", "/loyalty/coupons/", Some(&body)).ok();
        assert_eq!((&created["validDays"], &created["validUntil"]), (&kept, &kept), "{spelt}");
    }
    for spelt in ["67.5", "6.7", "-1.0", "1e-1"] {
        let body = format!(r#"{{"validDays":{spelt}}}"#);
        let answer = shop.merchant().request("POST", "/loyalty/coupons/", Some(&body));
        assert_eq!(error(&answer, 400), "validDays must be a whole number that is not negative.", "{spelt}");
    }
}

#[test]
fn a_template_that_is_not_there_is_not_found() {
    let shop = shop();
    for id in ["99", "0", "x"] {
        let path = format!("/loyalty/coupons/{id}/");
        let message = format!("Coupon with id={id} is not found.");
        for answer in [
            shop.merchant().get(&path),
            shop.merchant().put(&path, &json!({})),
            shop.merchant().delete(&path),
        ] {
            assert_eq!(error(&answer, 404), message);
        }
    }
}

#[test]
fn a_clients_coupon_expires_at_the_earlier_of_its_two_limits() {
    let shop = shop();
    let until = START_MS + 5;
    shop.merchant().put("/loyalty/coupons/1/", &json!({"validDays": 30, "validUntil": until})).is(200, "");
    let mut sale = super::shop::sale("1", 10);
    sale["order"]["customerPhone"] = json!("78120000003");
    shop.merchant().post("/fiscal/orders/", &sale).is(200, "");
    assert_eq!(shop.merchant().get("/clients/3/coupons/").ok()[0]["expireDate"], until);
}
