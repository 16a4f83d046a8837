//! `checks.*`.

use serde_json::json;

use super::shop::{OLGA, refused, shop, shop_with_rules};

#[test]
fn a_check_is_shown_down_to_its_dishes() {
    let shop = shop();
    assert_eq!(
        shop.read("checks/get_by_id?id=1").ok(),
        json!({
            "id": 1, "number": "1001", "openedAt": "2025-12-01T19:05:00+03:00",
            "closedAt": "2025-12-01T20:20:00+03:00", "restaurant": "Трактир", "cashier": "Павел Громов",
            "accountId": 1, "total": 704, "discountSum": 0, "bonusPaid": 70, "bonusAccrued": 31.7,
            "dishes": [{"name": "Шашлык", "quantity": 0.35, "price": 1840, "sum": 644},
                       {"name": "Лепёшка", "quantity": 1, "price": 60, "sum": 60}]
        })
    );
    refused(&shop.read("checks/get_by_id?id=404"), 404, "Check with id 404 is not found");
}

#[test]
fn checks_are_listed_by_account_and_period() {
    let shop = shop();
    for (query, ids) in [
        (String::new(), json!([1, 2])),
        (format!("?accountId={OLGA}"), json!([2])),
        ("?accountId=2".to_owned(), json!([])),
        ("?dateFrom=2025-12-02".to_owned(), json!([2])),
        ("?dateTo=2025-12-01".to_owned(), json!([1])),
        ("?dateFrom=2025-12-01&dateTo=2025-12-02".to_owned(), json!([1, 2])),
        ("?dateFrom=2025-12-01T20:20:01%2B03:00".to_owned(), json!([2])),
        ("?dateTo=2025-12-01T17:20:00Z".to_owned(), json!([1])),
        // Without an offset a time is the server's.
        ("?dateTo=2025-12-01T20:20:00".to_owned(), json!([1])),
        ("?dateTo=2025-12-01T20:19:59".to_owned(), json!([])),
        ("?dateFrom=2025-12-03&dateTo=2025-12-01".to_owned(), json!([])),
        ("?dateTo=1969-12-31T23:59:59Z".to_owned(), json!([])),
    ] {
        let checks = shop.read(&format!("checks/list{query}")).ok();
        let found: Vec<_> = checks.as_array().unwrap().iter().map(|check| check["id"].clone()).collect();
        assert_eq!(json!(found), ids, "{query}");
    }
    refused(&shop.read("checks/list?accountId=404"), 404, "Account with id 404 is not found");
}

#[test]
fn times_are_on_the_servers_clocks() {
    let shop = shop_with_rules(json!({"utc_offset": "-05:30"}));
    let check = shop.read("checks/get_by_id?id=1").ok();
    assert_eq!(check["closedAt"], "2025-12-01T11:50:00-05:30");
    let found = shop.read("checks/list?dateTo=2025-12-01T11:50:00").ok();
    assert_eq!(found.as_array().unwrap().len(), 1);
}
