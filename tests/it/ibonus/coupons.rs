//! Coupons of clients: listed, found by each of their tokens, shared.

use serde_json::{Value, json};

use super::shop::{ANNA, DAY_MS, START_MS, VERA, error, shop};

fn coupon(shop: &super::shop::Shop, client: u64, place: usize) -> Value {
    shop.merchant().get(&format!("/clients/{client}/coupons/")).ok()[place].clone()
}

fn word(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn a_coupon_shows_what_it_says_and_is_silent_on_what_it_does_not() {
    let shop = shop();
    let [full, bare] = [coupon(&shop, ANNA, 0), coupon(&shop, ANNA, 1)];
    assert_eq!(full["shortDescription"], "<b>Короткое</b> описание");
    assert_eq!(full["expireDate"], START_MS + 10 * DAY_MS);
    let fields: Vec<&str> = bare.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = ["id", "expireDate", "token", "shareToken", "merchantToken", "merchantShareToken"];
    wanted.sort_unstable();
    assert_eq!(fields, wanted, "the texts are absent, not null");
    shop.merchant().get("/clients/3/coupons/").is(200, "[]");
}

#[test]
fn coupons_that_are_used_or_over_are_not_listed_and_held_ones_are() {
    let shop = shop();
    let hold = json!({"clientId": ANNA, "currency": "points", "amount": 0, "couponIds": [1]});
    shop.hub("hold", &hold).ok();
    assert_eq!(coupon(&shop, ANNA, 0)["id"], 1);
    shop.merchant().post("/clients/1/balance/write_off/", &json!({"coupons": [2]})).is(200, "");
    assert_eq!(coupon(&shop, ANNA, 1), Value::Null);
    shop.advance("P10D");
    assert_eq!(coupon(&shop, ANNA, 0)["id"], 1, "good through its expireDate");
    shop.advance_to("2026-01-11T00:00:00.001Z");
    assert_eq!(coupon(&shop, ANNA, 0), Value::Null);
}

#[test]
fn a_coupon_is_found_by_each_of_its_tokens() {
    let shop = shop();
    let wanted = coupon(&shop, ANNA, 0);
    for (by, token) in [("linked", "token"), ("shared", "shareToken"), ("merchant", "merchantToken")] {
        let path = format!("/clients/coupons/?type={by}&token={}", word(&wanted[token]));
        let found = shop.merchant().get(&path).ok();
        assert_eq!((&found["client"]["id"], &found["coupons"]), (&json!(ANNA), &wanted), "one object, {by}");
        for other in ["linked", "shared", "merchant"].into_iter().filter(|other| *other != by) {
            let path = format!("/clients/coupons/?type={other}&token={}", word(&wanted[token]));
            assert_eq!(error(&shop.merchant().get(&path), 404), "Coupon with this token is not found.");
        }
    }
    let share = format!("/clients/coupons/?type=merchant&token={}", word(&wanted["merchantShareToken"]));
    error(&shop.merchant().get(&share), 404);
}

#[test]
fn a_search_for_a_coupon_needs_a_type_and_a_token() {
    let shop = shop();
    for (query, message) in [
        ("", "type is missing. token is missing."),
        ("?type=linked", "token is missing."),
        ("?token=x", "type is missing."),
        ("?type=own&token=x", "Type \"own\" is unknown."),
        ("?type=own", "token is missing."),
    ] {
        let answer = shop.merchant().get(&format!("/clients/coupons/{query}"));
        assert_eq!(error(&answer, 400), message, "{query}");
    }
}

#[test]
fn a_found_coupon_that_cannot_be_used_is_refused_and_told_why() {
    let shop = shop();
    let [one, two] = [coupon(&shop, ANNA, 0), coupon(&shop, ANNA, 1)];
    let find = |coupon: &Value| {
        shop.merchant().get(&format!("/clients/coupons/?type=linked&token={}", word(&coupon["token"])))
    };
    shop.merchant().post("/clients/1/balance/write_off/", &json!({"coupons": [1]})).is(200, "");
    assert_eq!(error(&find(&one), 400), "Coupon with id=1 is redeemed.");
    shop.advance("P11D");
    assert_eq!(error(&find(&two), 400), "Coupon with id=2 is expired.");
}

#[test]
fn a_share_token_gives_another_person_a_coupon_of_their_own_once() {
    let shop = shop();
    let owners = coupon(&shop, ANNA, 0);
    let share = word(&owners["shareToken"]);
    let redeem =
        |query: &str| shop.merchant().request("PUT", &format!("/coupons/share/redeem/{query}"), None);
    assert_eq!(error(&redeem(""), 400), "token is missing.");
    assert_eq!(error(&redeem(&format!("?token={share}")), 400), "Neither phone nor email is given.");
    assert_eq!(error(&redeem("?phone=78120000003&token=x"), 404), "Coupon with this token is not found.");

    let given = redeem(&format!("?phone=8-812-000-00-04&name=%D0%93%D0%BB%D0%B5%D0%B1&token={share}")).ok();
    assert_eq!(
        (&given["client"]["id"], &given["client"]["name"]),
        (&json!(4), &json!("Глеб")),
        "a new client"
    );
    let (own, template) = (&given["coupons"], START_MS + 30 * DAY_MS);
    assert_eq!((&own["header"], &own["expireDate"]), (&json!("Заголовок"), &json!(template)));
    for token in ["token", "shareToken", "merchantToken", "merchantShareToken"] {
        assert_ne!(own[token], owners[token]);
    }
    assert_eq!(coupon(&shop, 4, 0), *own);
    assert_eq!(coupon(&shop, ANNA, 0), owners, "the owner keeps theirs");
    let again = redeem(&format!("?phone=78120000003&token={share}"));
    assert_eq!(error(&again, 400), "The share token of coupon with id=1 is used.");
    let next = redeem(&format!("?phone=78120000003&token={}", word(&own["shareToken"]))).ok();
    assert_eq!(next["client"]["id"], VERA, "a known client, and a coupon of a coupon");
}
