//! Every refusal that the contract names, with its status and the text that the contract shows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shop::{Guest, Shop, shop, shop_with_rules};
use crate::harness::Answer;

/// The refusals that come of one call with the permanent token: name, status, call, body.
fn refusals() -> Vec<(&'static str, u16, &'static str, Value)> {
    let identifier = |type_id: u64, value: &str| json!([{"typeId": type_id, "value": value}]);
    let card = "10000099";
    let many: Vec<Value> = (0..101).map(|step| json!({"threshold": step, "percent": 1})).collect();
    vec![
        ("accountNotFound", 404, "accounts/get_by_id", json!({"id": 404})),
        ("phoneNotFound", 404, "accounts/find_by_phone", json!({"phone": "1"})),
        ("identifierNotFound", 404, "accounts/find_by_identifier", json!({"value": "x"})),
        ("groupNotFound", 404, "account_groups/get_by_id", json!({"id": 404})),
        ("discountNotFound", 404, "discounts/update", json!({"id": 404})),
        ("identifierTypeNotFound", 404, "identifier_types/update", json!({"id": 404})),
        ("checkNotFound", 404, "checks/get_by_id", json!({"id": 404})),
        ("phoneTaken", 409, "accounts/insert", json!({"groupId": 1, "phone": "89161234567"})),
        (
            "identifierTaken",
            409,
            "accounts/insert",
            json!({"groupId": 1, "identifiers": identifier(1, "10000017")}),
        ),
        ("identifiersAlike", 409, "identifier_types/update", json!({"id": 2, "unique": true})),
        ("badPhone", 400, "accounts/insert", json!({"groupId": 1, "phone": "x"})),
        ("identifierMask", 400, "accounts/insert", json!({"groupId": 1, "identifiers": identifier(1, "x")})),
        (
            "identifierRepeated",
            400,
            "accounts/insert",
            json!({"groupId": 1, "identifiers": [{"typeId": 1, "value": card}, {"typeId": 1, "value": card}]}),
        ),
        (
            "noTemplate",
            400,
            "accounts/insert_by_template",
            json!({"groupId": 1, "firstName": "Игорь", "phone": "79167654321"}),
        ),
        ("accountInactive", 400, "accounts/refill", json!({"accountId": 4, "amount": 1})),
        ("insufficientPoints", 400, "accounts/withdraw", json!({"accountId": 1, "amount": 2000})),
        ("rkeeperDiscount", 400, "discounts/update", json!({"id": 1, "percent": 1})),
        ("percentAndSteps", 400, "discounts/insert", json!({"name": "x", "percent": 1, "steps": [many[0]]})),
        ("percentOrStepsMissing", 400, "discounts/insert", json!({"name": "x"})),
        ("tooManySteps", 400, "discounts/insert", json!({"name": "x", "steps": many})),
        (
            "thresholdRepeated",
            400,
            "discounts/insert",
            json!({"name": "x", "steps": [{"threshold": 10000, "percent": 1}, {"threshold": 10000, "percent": 2}]}),
        ),
    ]
}

/// The other ones: they take more than one call, or other credentials.
fn others(shop: &Shop) -> Vec<(&'static str, u16, Answer)> {
    let most = json!({"accountId": 1, "amount": 1_000_000_000_000_i64});
    let over = loop {
        let answer = shop.order("accounts/refill", most.clone());
        if answer.status != 200 {
            break answer;
        }
    };
    let pair = shop.log_in();
    let expired = shop.by_token(&pair["accessToken"]);
    shop.advance("PT31M");
    let token_expired = expired.get("users/list");
    // A refresh token that ends before its access token: else the pair is forgotten by then.
    let brief = shop_with_rules(json!({"refresh_ttl": "PT1M"}));
    let body = json!({"refreshToken": brief.log_in()["refreshToken"]});
    brief.advance("PT1M");
    let refresh_expired = brief.nobody().post("auth/refresh_token", body);
    let users = |guest: Guest| guest.get("users/list");
    let wrong = json!({"login": "admin", "password": "x"});
    vec![
        ("balanceOverLimit", 400, over),
        ("tokenExpired", 401, token_expired),
        ("refreshTokenExpired", 401, refresh_expired),
        ("credentialsMissing", 401, users(shop.nobody())),
        ("unknownKey", 401, users(shop.with(&[("x-api-key", "x")]))),
        ("unknownToken", 401, users(shop.with(&[("authorization", "Bearer x")]))),
        ("wrongCredentials", 401, shop.nobody().post("auth/login", wrong)),
    ]
}

#[test]
fn every_refusal_has_the_status_and_the_text_of_the_contract() {
    let path = format!("{}/contract/probonus.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("it is part of the project");
    let contract: Value = serde_json::from_str(&text).expect("it is JSON");
    let named: BTreeSet<&str> = contract["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation["x-refusals"].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();

    let shop = shop();
    for account in [1, 2] {
        let order = json!({"id": account, "identifiers": [{"typeId": 1, "value": format!("1000001{}", 8 - account)},
                                                          {"typeId": 2, "value": "112"}]});
        shop.order("accounts/update", order).ok();
    }
    let by_key =
        refusals().into_iter().map(|(name, status, call, body)| (name, status, shop.order(call, body)));
    let mut all: Vec<(&str, u16, Answer)> = by_key.collect();
    all.extend(others(&shop));
    for (name, status, answer) in &all {
        assert_eq!(answer.status, *status, "{name}\n{answer}");
        let shown = examples_of(&contract, name);
        let detail = without_numbers(&answer.json()["detail"]);
        assert!(
            shown.iter().map(|it| without_numbers(it)).any(|it| it == detail),
            "{name}: {detail}, not {shown:?}"
        );
    }
    let provoked: BTreeSet<&str> = all.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(provoked, named);
}

/// The texts of the examples of this name.
fn examples_of<'c>(contract: &'c Value, name: &str) -> Vec<&'c Value> {
    match contract {
        Value::Object(members) => {
            let own = members.get("examples").and_then(|examples| examples.get(name));
            let own = own.map(|example| &example["value"]["detail"]);
            own.into_iter().chain(members.values().flat_map(|value| examples_of(value, name))).collect()
        }
        Value::Array(elements) => elements.iter().flat_map(|value| examples_of(value, name)).collect(),
        _ => Vec::new(),
    }
}

/// A text whose numbers do not count.
fn without_numbers(text: &Value) -> String {
    let text = text.as_str().expect("a detail is a text");
    let mut kept = String::new();
    for sign in text.chars() {
        match sign {
            '0'..='9' | '.' if kept.ends_with('#') => {}
            '0'..='9' => kept.push('#'),
            sign => kept.push(sign),
        }
    }
    kept
}
