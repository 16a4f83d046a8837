//! The reading calls: GET and POST answer the same; and what they answer of what is not there.

use serde_json::{Value, json};

use super::shop::{Shop, encoded, refused, shop, shop_with_rules};
use crate::harness::operations;

/// What each reading call is asked, so that it finds something.
fn questions(call: &str) -> Vec<Value> {
    match call {
        "auth/info" | "users/list" | "account_groups/list" | "identifier_types/list" | "discounts/list" => {
            vec![json!({})]
        }
        "account_groups/get_by_id" | "accounts/get_by_id" | "checks/get_by_id" => {
            vec![json!({"id": 1}), json!({"id": 404}), json!({})]
        }
        "accounts/list" => vec![
            json!({}),
            json!({"accountGroupId": 3, "query": "а", "offset": 0, "limit": 1}),
            json!({"accountGroupId": 404}),
            json!({"offset": -1, "limit": "x"}),
        ],
        "accounts/find_by_phone" => vec![json!({"phone": "+79161234567"}), json!({"phone": "1"}), json!({})],
        "accounts/find_by_identifier" => {
            vec![json!({"value": "10000017", "typeId": 1}), json!({"value": "x"}), json!({"typeId": "x"})]
        }
        "accounts/transactions" => vec![
            json!({"accountId": 1, "dateFrom": "2026-01-01", "dateTo": "2026-01-02T00:00:00+03:00", "count": 5}),
            json!({"accountId": 404}),
            json!({"dateFrom": "x", "dateTo": "2026-13-01", "count": -1}),
        ],
        "accounts/get_balance" | "accounts/get_balance_extended" => {
            vec![json!({"accountId": 1}), json!({"accountId": 404}), json!({"accountId": "1.5"})]
        }
        "reports/balances" | "reports/transactions" | "reports/burning" => {
            vec![json!({}), json!({"accountGroupId": 3, "dateFrom": "2026-01-01", "dateTo": "2027-01-01"})]
        }
        "checks/list" => vec![json!({}), json!({"accountId": 1, "dateFrom": "2025-01-01"})],
        call => panic!("the test has no question for {call}"),
    }
}

fn query_of(question: &Value) -> String {
    let pairs = question.as_object().expect("fields").iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={}", encoded(&value))
    });
    pairs.collect::<Vec<String>>().join("&")
}

fn reading_calls() -> Vec<String> {
    let operations = operations().into_iter();
    let reads =
        operations.filter(|operation| operation.path.starts_with("/api/v0/") && operation.method == "GET");
    reads.map(|operation| operation.path["/api/v0/".len()..].to_owned()).collect()
}

/// An answer of POST as GET would give it: `loc` and `input` tell of a query.
fn as_of_query(mut answer: Value) -> Value {
    let problems = answer.get_mut("detail").and_then(Value::as_array_mut);
    for problem in problems.into_iter().flatten() {
        problem["loc"][0] = json!("query");
        problem["input"] = Value::Null;
    }
    answer
}

fn prepared() -> Shop {
    let shop = shop();
    shop.order("accounts/refill", json!({"accountId": 1, "amount": 10})).ok();
    shop
}

#[test]
fn get_and_post_answer_the_same() {
    let shop = prepared();
    let calls = reading_calls();
    assert_eq!(calls.len(), 18, "{calls:?}");
    for call in calls {
        for question in questions(&call) {
            let got = shop.read(&format!("{call}?{}", query_of(&question)));
            let posted = shop.order(&call, question.clone());
            assert_eq!(got.status, posted.status, "{call} {question}\n{got}\n{posted}");
            assert_eq!(as_of_query(got.json()), as_of_query(posted.json()), "{call} {question}");
        }
        let first = shop.read(&format!("{call}?{}", query_of(&questions(&call)[0])));
        assert_eq!(first.status, 200, "{first}");
    }
}

#[test]
fn where_nothing_is_needed_nothing_need_be_sent() {
    let shop = prepared();
    for call in reading_calls() {
        if questions(&call)[0] != json!({}) {
            continue;
        }
        let expected = shop.read(&call).ok();
        for body in [None, Some(""), Some("null"), Some("{}"), Some("\u{feff}{}")] {
            let answer = shop.by_key().loosely("POST", &call, body.unwrap_or_default());
            assert_eq!(answer.ok(), expected, "{call} {body:?}");
        }
    }
}

#[test]
fn what_is_not_there_is_null_where_the_rule_says_so() {
    let shop = shop_with_rules(json!({"not_found": "null"}));
    for call in [
        "account_groups/get_by_id?id=404",
        "accounts/get_by_id?id=404",
        "accounts/find_by_phone?phone=1",
        "accounts/find_by_identifier?value=x",
        "accounts/find_by_identifier?value=x&typeId=404",
        "accounts/get_balance?accountId=404",
        "accounts/get_balance_extended?accountId=404",
        "checks/get_by_id?id=404",
    ] {
        shop.read(call).is(200, "null");
        let nobody = shop.nobody().get(call);
        refused(&nobody, 401, "Not authenticated");
    }
    for call in [
        "accounts/list?accountGroupId=404",
        "accounts/transactions?accountId=404",
        "checks/list?accountId=404",
        "reports/balances?accountGroupId=404",
    ] {
        assert_eq!(shop.read(call).status, 404, "{call}");
    }
    let answer = shop.order("accounts/refill", json!({"accountId": 404, "amount": 1}));
    refused(&answer, 404, "Account with id 404 is not found");
    assert_eq!(shop.read("accounts/get_by_id?id=1").ok()["id"], 1);
}
