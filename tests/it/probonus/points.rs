//! Points of an account: given, taken, shown, burnt.

use serde_json::{Value, json};

use super::shop::{ALEXEI, ALEXEI_PHONE, MARIA, NIKOLAI, Shop, blames, refused, shop, shop_with_rules};

fn balance(shop: &Shop, account: u64) -> Value {
    shop.read(&format!("accounts/get_balance?accountId={account}")).ok()
}

#[test]
fn points_are_given_by_id_or_by_phone() {
    let shop = shop();
    let given = shop.order("accounts/refill", json!({"accountId": ALEXEI, "amount": 10.5})).ok();
    assert_eq!(given["balance"], 110.5);
    let by_phone = json!({"phone": "8 916 123 45 68", "amount": "1"});
    let given = shop.by_key().loosely("POST", "accounts/refill", &by_phone.to_string()).ok();
    assert_eq!(given["balance"], 111.5);
    let both = json!({"accountId": ALEXEI, "phone": "79160000000", "amount": 0.5});
    assert_eq!(shop.order("accounts/refill", both).ok()["balance"], 112);
    assert_eq!(balance(&shop, ALEXEI), json!({"accountId": ALEXEI, "balance": 112}));
}

#[test]
fn points_are_taken_as_far_as_they_are_available() {
    let shop = shop();
    let taken = shop.order("accounts/withdraw", json!({"phone": ALEXEI_PHONE, "amount": 99.99})).ok();
    assert_eq!(taken["balance"], 0.01);
    let answer = shop.order("accounts/withdraw", json!({"accountId": ALEXEI, "amount": 0.02}));
    refused(&answer, 400, "Only 0.01 points are available");
    shop.order("accounts/withdraw", json!({"accountId": ALEXEI, "amount": 0.01, "burnDays": 5})).ok();
    assert_eq!(balance(&shop, ALEXEI)["balance"], 0);
}

#[test]
fn what_cannot_be_given_or_taken_is_refused() {
    let shop = shop();
    for (fields, status, detail) in [
        (json!({"accountId": 404, "amount": 1}), 404, "Account with id 404 is not found"),
        (json!({"phone": "79160000000", "amount": 1}), 404, "Account with this phone is not found"),
        (json!({"accountId": NIKOLAI, "amount": 1}), 400, "Account 4 is not active"),
    ] {
        refused(&shop.order("accounts/refill", fields.clone()), status, detail);
        refused(&shop.order("accounts/withdraw", fields), status, detail);
    }
    let at_once = json!({"accountId": MARIA, "amount": -5, "burnDays": 0});
    let blamed = [("body.amount", "greater_than"), ("body.burnDays", "greater_than")];
    blames(&shop.order("accounts/refill", at_once), &blamed);
    blames(
        &shop.order("accounts/refill", json!({})),
        &[("body.accountId", "missing"), ("body.amount", "missing")],
    );
    assert_eq!(shop.read(&format!("accounts/transactions?accountId={MARIA}")).ok(), json!([]));
}

#[test]
fn an_account_has_a_limit() {
    let shop = shop();
    let most = json!({"accountId": ALEXEI, "amount": 1_000_000_000_000_i64});
    for _ in 0..999 {
        shop.order("accounts/refill", most.clone()).ok();
    }
    let answer = shop.order("accounts/refill", most);
    refused(&answer, 400, "Account 2 would have more than 1000000000000000 points");
    let of_all = json!({"id": 3, "amount": 1_000_000_000_000_i64});
    let answer = shop.order("account_groups/refill", of_all);
    refused(&answer, 400, "Account 2 would have more than 1000000000000000 points");
    assert_eq!(balance(&shop, ALEXEI)["balance"], 999_000_000_000_100_i64);
}

#[test]
fn a_balance_is_told_in_parts_that_add_up() {
    let shop = shop();
    let extended = |shop: &Shop| shop.read(&format!("accounts/get_balance_extended?accountId={MARIA}")).ok();
    assert_eq!(
        extended(&shop),
        json!({
            "accountId": 1, "balance": 1000.5, "available": 1000.5, "pending": [],
            "burning": [{"amount": 150, "burnDate": "2026-01-02", "daysLeft": 1},
                        {"amount": 350.5, "burnDate": "2026-01-31", "daysLeft": 30}],
            "permanent": 500
        })
    );
    shop.order("accounts/refill", json!({"accountId": MARIA, "amount": 5, "burnDays": 1})).ok();
    assert_eq!(extended(&shop)["burning"][0]["amount"], 155);
    shop.advance("P1D");
    assert_eq!(extended(&shop)["balance"], 850.5);

    let order = json!({"accountId": 3, "firstName": "Игорь", "phone": "79167654321"});
    let new = shop.order("accounts/insert_by_template", order).ok()["id"].clone();
    assert_eq!(
        shop.read(&format!("accounts/get_balance_extended?accountId={new}")).ok(),
        json!({
            "accountId": new, "balance": 200, "available": 0,
            "pending": [{"amount": 200, "activeFrom": "2026-01-03T00:00:00+03:00"}],
            "burning": [], "permanent": 0
        })
    );
    let answer = shop.order("accounts/withdraw", json!({"accountId": new, "amount": 1}));
    refused(&answer, 400, "Only 0 points are available");
    shop.advance("P1D");
    let burning =
        shop.read(&format!("accounts/get_balance_extended?accountId={new}")).ok()["burning"].clone();
    assert_eq!(burning, json!([{"amount": 200, "burnDate": "2026-04-03", "daysLeft": 90}]));
    for call in ["get_balance", "get_balance_extended"] {
        refused(
            &shop.read(&format!("accounts/{call}?accountId=404")),
            404,
            "Account with id 404 is not found",
        );
    }
}

#[test]
fn transactions_are_told_newest_first_of_a_period_or_the_last_ones() {
    let shop = shop();
    shop.order("accounts/refill", json!({"accountId": MARIA, "amount": 10, "comment": "За отзыв"})).ok();
    shop.advance("PT12H30M0.5S");
    shop.order("accounts/withdraw", json!({"accountId": MARIA, "amount": 20, "comment": ""})).ok();
    shop.advance("P1D");
    let transactions =
        |query: &str| shop.read(&format!("accounts/transactions?accountId={MARIA}{query}")).ok();
    let all = transactions("");
    let ids: Vec<u64> = all.as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect();
    assert!(ids.is_sorted_by(|one, next| one > next), "{ids:?}");
    let without_ids = |list: &Value| -> Value {
        let mut list = list.clone();
        list.as_array_mut().unwrap().iter_mut().for_each(|it| drop(it.as_object_mut().unwrap().remove("id")));
        list
    };
    assert_eq!(
        without_ids(&all),
        json!([
            {"accountId": 1, "date": "2026-01-02T00:00:00+03:00", "type": "burn", "amount": -130,
             "balance": 860.5, "comment": null, "checkId": null},
            {"accountId": 1, "date": "2026-01-01T15:30:00.500000+03:00", "type": "withdraw", "amount": -20,
             "balance": 990.5, "comment": null, "checkId": null},
            {"accountId": 1, "date": "2026-01-01T03:00:00+03:00", "type": "refill", "amount": 10,
             "balance": 1010.5, "comment": "За отзыв", "checkId": null}
        ])
    );
    for (query, count) in [
        ("&count=2", 2),
        ("&count=0", 0),
        ("&dateFrom=2026-01-02", 1),
        ("&dateTo=2026-01-01", 2),
        ("&dateFrom=2026-01-01&dateTo=2026-01-01&count=1", 1),
        ("&dateFrom=2026-01-01T03:00:00.001", 2),
        ("&dateTo=2026-01-01T00:00:00Z", 1),
        ("&dateFrom=2026-01-02&dateTo=2026-01-01", 0),
    ] {
        assert_eq!(transactions(query).as_array().unwrap().len(), count, "{query}");
    }
    refused(&shop.read("accounts/transactions?accountId=404"), 404, "Account with id 404 is not found");
}

#[test]
fn the_servers_day_begins_when_the_rules_say() {
    let shop = shop_with_rules(json!({"day_change_hour": 6, "utc_offset": "+05:00"}));
    // 05:00 there: it is still the day before.
    shop.order("accounts/refill", json!({"accountId": ALEXEI, "amount": 7, "burnDays": 1})).ok();
    let extended = shop.read(&format!("accounts/get_balance_extended?accountId={ALEXEI}")).ok();
    assert_eq!(extended["burning"], json!([{"amount": 7, "burnDate": "2026-01-01", "daysLeft": 1}]));
    shop.advance("PT1H");
    assert_eq!(balance(&shop, ALEXEI)["balance"], 100);
    let last = shop.read(&format!("accounts/transactions?accountId={ALEXEI}&count=1")).ok();
    assert_eq!(last[0]["date"], "2026-01-01T06:00:00+05:00");
}
