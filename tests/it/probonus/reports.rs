//! `reports.*`.

use serde_json::json;

use super::shop::{MARIA, SELF_REGISTERED, refused, shop};

#[test]
fn balances_are_those_of_the_accounts() {
    let shop = shop();
    assert_eq!(
        shop.read("reports/balances").ok(),
        json!({
            "groups": [
                {"accountGroupId": 1, "name": "Гости", "accounts": 2, "balance": 40},
                {"accountGroupId": 2, "name": "Сотрудники", "accounts": 0, "balance": 0},
                {"accountGroupId": 3, "name": "Самостоятельно зарегистрировавшиеся", "accounts": 2, "balance": 1100.5}
            ],
            "total": {"accounts": 4, "balance": 1140.5}
        })
    );
    let one = shop.read(&format!("reports/balances?accountGroupId={SELF_REGISTERED}")).ok();
    assert_eq!(one["total"], json!({"accounts": 2, "balance": 1100.5}));
}

#[test]
fn transactions_are_summed_up_by_type() {
    let shop = shop();
    assert_eq!(
        shop.read("reports/transactions").ok(),
        json!({"rows": [], "total": {"count": 0, "amount": 0}})
    );
    shop.order("accounts/refill", json!({"accountId": MARIA, "amount": 100})).ok();
    shop.order("accounts/withdraw", json!({"accountId": MARIA, "amount": 30.5})).ok();
    shop.order("accounts/withdraw", json!({"accountId": MARIA, "amount": 20})).ok();
    let report = json!({
        "rows": [{"type": "refill", "count": 1, "amount": 100}, {"type": "withdraw", "count": 2, "amount": -50.5}],
        "total": {"count": 3, "amount": 49.5}
    });
    assert_eq!(shop.read("reports/transactions").ok(), report);
    assert_eq!(shop.read("reports/transactions?dateFrom=2026-01-01&dateTo=2026-01-01").ok(), report);
    assert_eq!(shop.read("reports/transactions?dateFrom=2026-01-02").ok()["total"]["count"], 0);
    assert_eq!(shop.read("reports/transactions?accountGroupId=1").ok()["total"]["count"], 0);
}

#[test]
fn what_will_burn_is_told_by_day() {
    let shop = shop();
    assert_eq!(
        shop.read("reports/burning").ok(),
        json!({
            "rows": [{"burnDate": "2026-01-02", "accounts": 1, "amount": 150},
                     {"burnDate": "2026-01-31", "accounts": 1, "amount": 350.5}],
            "total": {"accounts": 1, "amount": 500.5}
        })
    );
    let soon = shop.read("reports/burning?dateTo=2026-01-02").ok();
    assert_eq!(soon["total"], json!({"accounts": 1, "amount": 150}));
    shop.advance("P1D");
    assert_eq!(shop.read("reports/burning").ok()["total"]["amount"], 350.5);
    assert_eq!(shop.read("reports/transactions").ok()["rows"][0]["type"], "burn");
}

#[test]
fn an_unknown_group_is_not_found() {
    let shop = shop();
    for report in ["balances", "transactions", "burning"] {
        let answer = shop.read(&format!("reports/{report}?accountGroupId=404"));
        refused(&answer, 404, "Account group with id 404 is not found");
    }
}
