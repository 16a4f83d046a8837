//! `account_groups.*`: groups and their templates, and points for all of a group.

use serde_json::{Value, json};

use super::shop::{ALEXEI, GUESTS, MARIA, NIKOLAI, SELF_REGISTERED, Shop, blames, refused, shop};

fn template() -> Value {
    json!({"discountId": 3, "welcomeBonus": 200, "burning": {"days": 90}, "activationDelayDays": 1})
}

fn balance(shop: &Shop, account: u64) -> Value {
    shop.read(&format!("accounts/get_balance?accountId={account}")).ok()["balance"].clone()
}

#[test]
fn groups_are_listed_with_their_templates_and_counts() {
    let shop = shop();
    let groups = shop.read("account_groups/list").ok();
    assert_eq!(
        groups,
        json!([
            {"id": 1, "name": "Гости", "haveTemplate": false, "template": null, "accountsCount": 2},
            {"id": 2, "name": "Сотрудники", "haveTemplate": false, "template": null, "accountsCount": 0},
            {"id": 3, "name": "Самостоятельно зарегистрировавшиеся", "haveTemplate": true,
             "template": template(), "accountsCount": 2}
        ])
    );
    assert_eq!(shop.read("account_groups/get_by_id?id=3").ok(), groups[2]);
    refused(&shop.read("account_groups/get_by_id?id=404"), 404, "Account group with id 404 is not found");
}

#[test]
fn a_group_is_made_with_what_is_given() {
    let shop = shop();
    let nothing = json!({"discountId": null, "welcomeBonus": 0, "burning": null, "activationDelayDays": 0});
    for (body, have_template, template) in [
        (json!({"name": "Новые"}), false, Value::Null),
        (json!({"name": "Новые", "haveTemplate": null, "template": null}), false, Value::Null),
        (json!({"name": "Новые", "haveTemplate": true}), true, nothing.clone()),
        (json!({"name": "Новые", "template": {}}), true, nothing),
        (json!({"name": "Новые", "template": template()}), true, template()),
        (json!({"name": "Новые", "haveTemplate": false, "template": template()}), false, Value::Null),
    ] {
        let made = shop.order("account_groups/insert", body).ok();
        assert_eq!((&made["haveTemplate"], &made["template"]), (&json!(have_template), &template));
        let id = made["id"].as_u64().expect("an id");
        assert_eq!(shop.read(&format!("account_groups/get_by_id?id={id}")).ok(), made);
    }
    let with = |template: Value| {
        let update = json!({"id": SELF_REGISTERED, "template": template});
        [
            shop.order("account_groups/insert", json!({"name": "x", "template": template})),
            shop.order("account_groups/update", update),
        ]
    };
    for answer in with(json!({"discountId": 404})) {
        refused(&answer, 404, "Discount with id 404 is not found");
    }
    for answer in with(json!({"welcomeBonus": -1, "burning": {"days": 0}, "activationDelayDays": -1})) {
        let blamed = [
            ("body.template.welcomeBonus", "greater_than_equal"),
            ("body.template.burning.days", "greater_than"),
            ("body.template.activationDelayDays", "greater_than_equal"),
        ];
        blames(&answer, &blamed);
    }
    assert_eq!(shop.read("account_groups/list").ok().as_array().unwrap().len(), 9);
}

#[test]
fn an_update_changes_what_is_given_and_nothing_else() {
    let shop = shop();
    let update = |body: Value| shop.order("account_groups/update", body).ok();
    let group = update(json!({"id": GUESTS, "name": "Наши гости"}));
    assert_eq!(group["name"], "Наши гости");
    assert_eq!(group["haveTemplate"], false);

    let group = update(json!({"id": SELF_REGISTERED, "haveTemplate": false}));
    assert_eq!(group["template"], Value::Null);
    let group = update(json!({"id": SELF_REGISTERED, "haveTemplate": true}));
    assert_eq!(group["template"], template(), "it was kept");
    let group = update(json!({"id": SELF_REGISTERED, "template": {"welcomeBonus": 50.5}}));
    assert_eq!(
        group["template"],
        json!({"discountId": null, "welcomeBonus": 50.5, "burning": null, "activationDelayDays": 0}),
        "it is replaced as a whole"
    );
    assert_eq!(update(json!({"id": SELF_REGISTERED, "template": null}))["haveTemplate"], false);
    let answer = shop.order("account_groups/update", json!({"id": 404}));
    refused(&answer, 404, "Account group with id 404 is not found");
}

#[test]
fn points_for_a_group_go_to_its_active_accounts() {
    let shop = shop();
    let order = json!({"id": SELF_REGISTERED, "amount": 10.5, "comment": "С праздником", "burnDays": 5});
    let outcome = shop.order("account_groups/refill", order).ok();
    assert_eq!(outcome, json!({"accounts": 2, "amount": 21}));
    assert_eq!((balance(&shop, MARIA), balance(&shop, ALEXEI)), (json!(1011), json!(110.5)));
    let last = shop.read(&format!("accounts/transactions?accountId={ALEXEI}&count=1")).ok()[0].clone();
    assert_eq!((&last["type"], &last["comment"]), (&json!("refill"), &json!("С праздником")));

    let outcome = shop.order("account_groups/refill", json!({"id": GUESTS, "amount": 1})).ok();
    assert_eq!(outcome, json!({"accounts": 1, "amount": 1}));
    assert_eq!(balance(&shop, NIKOLAI), 40, "it is not active");
}

#[test]
fn points_are_taken_from_a_group_as_far_as_there_are_any() {
    let shop = shop();
    let outcome = shop.order("account_groups/withdraw", json!({"id": SELF_REGISTERED, "amount": 500})).ok();
    assert_eq!(outcome, json!({"accounts": 2, "amount": 600}));
    assert_eq!((balance(&shop, MARIA), balance(&shop, ALEXEI)), (json!(500.5), json!(0)));
    let outcome = shop.order("account_groups/withdraw", json!({"id": GUESTS, "amount": 500})).ok();
    assert_eq!(outcome, json!({"accounts": 0, "amount": 0}));
}

#[test]
fn points_for_a_group_are_refused_as_those_for_an_account_are() {
    let shop = shop();
    for (call, body, status, detail) in [
        ("refill", json!({"id": 404, "amount": 1}), 404, "Account group with id 404 is not found"),
        ("withdraw", json!({"id": 404, "amount": 1}), 404, "Account group with id 404 is not found"),
    ] {
        refused(&shop.order(&format!("account_groups/{call}"), body), status, detail);
    }
    let nothing = shop.order("account_groups/refill", json!({"id": 3, "amount": 0, "burnDays": 0}));
    blames(&nothing, &[("body.amount", "greater_than"), ("body.burnDays", "greater_than")]);
    let less = shop.order("account_groups/withdraw", json!({"id": 3, "amount": -1}));
    blames(&less, &[("body.amount", "greater_than")]);
}
