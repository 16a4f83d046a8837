//! `accounts.*`: accounts, found, opened and changed.

use serde_json::{Value, json};

use super::shop::{
    ALEXEI, ALEXEI_PHONE, GUESTS, MARIA, MARIA_CARD, MARIA_PHONE, NIKOLAI, OLGA, SELF_REGISTERED, Shop,
    blames, encoded, refused, shop,
};

fn maria() -> Value {
    json!({
        "id": 1, "accountGroupId": 3, "accountGroupName": "Самостоятельно зарегистрировавшиеся",
        "lastName": "Соколова", "firstName": "Мария", "patronymic": "Игоревна", "birthday": "1990-07-14",
        "sex": "female", "phone": "+79161234567", "email": "maria@example.com", "comment": "Столик у окна",
        "identifiers": [{"id": 1, "typeId": 1, "typeName": "Карта", "value": "10000017"},
                        {"id": 2, "typeId": 3, "typeName": "E-mail", "value": "maria@example.com"}],
        "balance": 1000.5,
        "discount": {"id": 3, "name": "Накопительная", "kind": "bonus", "percent": 5, "step": 2},
        "turnover": 23480,
        "coupons": [{"id": 1, "name": "Десерт в подарок", "code": "DESSERT", "validUntil": "2026-01-31"}],
        "burning": {"days": 90}, "isActive": true, "createdAt": "2025-03-08T12:00:00+03:00"
    })
}

#[test]
fn an_account_is_found_by_id_phone_and_identifier() {
    let shop = shop();
    for call in [
        format!("accounts/get_by_id?id={MARIA}"),
        "accounts/find_by_phone?phone=%2B79161234567".to_owned(),
        "accounts/find_by_phone?phone=8%20(916)%20123-45-67".to_owned(),
        "accounts/find_by_phone?phone=9161234567".to_owned(),
        "accounts/find_by_phone?phone=79161234567".to_owned(),
        // In a query a plus is a space.
        "accounts/find_by_phone?phone=+79161234567".to_owned(),
        format!("accounts/find_by_identifier?value={MARIA_CARD}"),
        format!("accounts/find_by_identifier?value={MARIA_CARD}&typeId=1"),
        "accounts/find_by_identifier?value=maria%40example.com".to_owned(),
    ] {
        assert_eq!(shop.read(&call).ok(), maria(), "{call}");
    }
    for (call, detail) in [
        ("get_by_id?id=404", "Account with id 404 is not found"),
        ("get_by_id?id=0", "Account with this id is not found"),
        ("get_by_id?id=-5", "Account with this id is not found"),
        ("find_by_phone?phone=79160000000", "Account with this phone is not found"),
        ("find_by_phone?phone=", "Account with this phone is not found"),
        ("find_by_identifier?value=x", "Account with this identifier is not found"),
        ("find_by_identifier?value=10000017&typeId=4", "Account with this identifier is not found"),
        ("find_by_identifier?value=10000017&typeId=404", "Identifier type with id 404 is not found"),
    ] {
        refused(&shop.read(&format!("accounts/{call}")), 404, detail);
    }
}

#[test]
fn accounts_are_listed_by_group_text_and_page() {
    let shop = shop();
    for (query, ids) in [
        (String::new(), json!([1, 2, 3, 4])),
        ("accountGroupId=1".to_owned(), json!([3, 4])),
        ("accountGroupId=2".to_owned(), json!([])),
        (format!("query={}", encoded("СОКОЛ")), json!([1])),
        (format!("query={}", encoded("соколова мария иг")), json!([1])),
        (format!("query={}", encoded("мария соколова")), json!([])),
        (format!("query={}", encoded("916 123-45-7")), json!([3, 4])),
        ("query=10000017".to_owned(), json!([1])),
        ("query=EXAMPLE.com".to_owned(), json!([1])),
        ("query=".to_owned(), json!([1, 2, 3, 4])),
        ("offset=1&limit=2".to_owned(), json!([2, 3])),
        ("limit=0".to_owned(), json!([])),
        ("offset=99".to_owned(), json!([])),
        ("accountGroupId=1&offset=1".to_owned(), json!([4])),
    ] {
        let accounts = shop.read(&format!("accounts/list?{query}")).ok();
        let found: Vec<&Value> = accounts.as_array().unwrap().iter().map(|account| &account["id"]).collect();
        assert_eq!(json!(found), ids, "{query}");
    }
    assert_eq!(shop.read("accounts/list?limit=1").ok()[0], maria());
    refused(&shop.read("accounts/list?accountGroupId=404"), 404, "Account group with id 404 is not found");
}

#[test]
fn a_list_has_a_hundred_accounts_unless_it_is_told_otherwise() {
    let shop = shop();
    for number in 0..110 {
        let phone = format!("7900{number:07}");
        shop.order("accounts/insert", json!({"groupId": GUESTS, "phone": phone})).ok();
    }
    let length = |query: &str| shop.read(&format!("accounts/list{query}")).ok().as_array().unwrap().len();
    assert_eq!((length(""), length("?limit=1000"), length("?offset=100")), (100, 114, 14));
}

#[test]
fn an_account_is_opened_by_its_groups_template() {
    let shop = shop();
    let order = json!({
        "accountId": SELF_REGISTERED, "lastName": "Волков", "firstName": "Игорь", "patronymic": "Ильич",
        "birthday": "1985-05-09", "sex": "male", "phone": "8 (916) 765-43-21", "email": "igor@example.com",
        "comment": "Из приложения", "identifiers": [{"typeId": 1, "value": "10000042"}]
    });
    let account = shop.order("accounts/insert_by_template", order).ok();
    assert_eq!(
        account,
        json!({
            "id": 5, "accountGroupId": 3, "accountGroupName": "Самостоятельно зарегистрировавшиеся",
            "lastName": "Волков", "firstName": "Игорь", "patronymic": "Ильич", "birthday": "1985-05-09",
            "sex": "male", "phone": "8 (916) 765-43-21", "email": "igor@example.com", "comment": "Из приложения",
            "identifiers": [{"id": 3, "typeId": 1, "typeName": "Карта", "value": "10000042"}],
            "balance": 200,
            "discount": {"id": 3, "name": "Накопительная", "kind": "bonus", "percent": 3, "step": 1},
            "turnover": 0, "coupons": [], "burning": {"days": 90}, "isActive": true,
            "createdAt": "2026-01-01T03:00:00+03:00"
        })
    );
    let transactions = shop.read("accounts/transactions?accountId=5").ok();
    assert_eq!(
        (&transactions[0]["type"], &transactions[0]["amount"], &transactions[0]["comment"]),
        (&json!("accrual"), &json!(200), &json!("Приветственные бонусы"))
    );
}

#[test]
fn the_group_has_three_names() {
    let shop = shop();
    for (number, groups) in [
        json!({"accountId": 3}),
        json!({"accountGroupId": 3}),
        json!({"groupId": 3}),
        json!({"accountId": null, "groupId": 3}),
        json!({"groupId": 1, "accountGroupId": 2, "accountId": 3}),
        json!({"groupId": 1, "accountGroupId": 3}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut order = json!({"firstName": "Игорь", "phone": format!("7900000000{number}")});
        order.as_object_mut().unwrap().extend(groups.as_object().unwrap().clone());
        let account = shop.order("accounts/insert_by_template", order).ok();
        assert_eq!(account["accountGroupId"], SELF_REGISTERED, "{groups}");
    }
    let order = json!({"firstName": "Игорь", "phone": "79000000009"});
    let answer = shop.order("accounts/insert_by_template", order);
    blames(&answer, &[("body.accountId", "missing")]);
    blames(&shop.order("accounts/insert", json!({})), &[("body.accountId", "missing")]);
}

#[test]
fn a_template_needs_profile_and_phone() {
    let shop = shop();
    let answer = shop
        .order("accounts/insert_by_template", json!({"accountId": 3, "birthday": "x", "firstName": null}));
    blames(
        &answer,
        &[
            ("body.lastName", "missing"),
            ("body.birthday", "date_from_datetime_parsing"),
            ("body.phone", "missing"),
        ],
    );
    shop.order("accounts/insert_by_template", json!({"accountId": 3, "lastName": "Волков", "phone": "1"}))
        .ok();
}

#[test]
fn an_account_is_opened_with_what_is_given() {
    let shop = shop();
    let bare = shop.order("accounts/insert", json!({"accountGroupId": GUESTS})).ok();
    assert_eq!(
        bare,
        json!({
            "id": 5, "accountGroupId": 1, "accountGroupName": "Гости", "lastName": null, "firstName": null,
            "patronymic": null, "birthday": null, "sex": null, "phone": null, "email": null, "comment": null,
            "identifiers": [], "balance": 0, "discount": null, "turnover": 0, "coupons": [], "burning": null,
            "isActive": true, "createdAt": "2026-01-01T03:00:00+03:00"
        })
    );
    let full = json!({
        "groupId": GUESTS, "lastName": "Волков", "phone": "+79167654321", "discountId": 3, "turnover": 10000.5,
        "burning": {"days": 30}, "isActive": false, "identifiers": [{"typeId": 4, "value": "V-1"}]
    });
    let full = shop.order("accounts/insert", full).ok();
    assert_eq!(full["discount"]["step"], 2);
    assert_eq!((&full["turnover"], &full["burning"]["days"]), (&json!(10000.5), &json!(30)));
    assert_eq!(
        (&full["isActive"], &full["identifiers"][0]["typeName"]),
        (&json!(false), &json!("Виртуальная карта"))
    );
}

#[test]
fn an_update_changes_what_is_given_and_nothing_else() {
    let shop = shop();
    let before = maria();
    let update = |body: Value| {
        let mut order = json!({"id": MARIA});
        order.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        shop.order("accounts/update", order).ok()
    };
    assert_eq!(update(json!({})), before);
    let after =
        update(json!({"lastName": "Волкова", "comment": null, "sex": null, "birthday": null, "email": ""}));
    let mut expected = before.clone();
    for (name, value) in [
        ("lastName", json!("Волкова")),
        ("comment", Value::Null),
        ("sex", Value::Null),
        ("birthday", Value::Null),
        ("email", json!("")),
    ] {
        expected[name] = value;
    }
    assert_eq!(after, expected);

    let after = update(
        json!({"discountId": 1, "burning": {"days": 7}, "turnover": 5, "isActive": false, "accountGroupId": 1}),
    );
    assert_eq!(after["discount"], json!({"id": 1, "name": "Скидка 10 %", "kind": "discount", "percent": 10}));
    assert_eq!((&after["burning"], &after["turnover"]), (&json!({"days": 7}), &json!(5)));
    assert_eq!((&after["isActive"], &after["accountGroupName"]), (&json!(false), &json!("Гости")));
    let after = update(json!({"discountId": null, "burning": null, "phone": null}));
    assert_eq!(
        (&after["discount"], &after["burning"], &after["phone"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    refused(
        &shop.order("accounts/find_by_phone", json!({"phone": MARIA_PHONE})),
        404,
        "Account with this phone is not found",
    );
}

#[test]
fn identifiers_of_an_update_are_all_of_them() {
    let shop = shop();
    let identifiers = json!([{"typeId": 4, "value": "V-1"}, {"typeId": 1, "value": MARIA_CARD}]);
    let account = shop.order("accounts/update", json!({"id": MARIA, "identifiers": identifiers})).ok();
    assert_eq!(
        account["identifiers"],
        json!([{"id": 3, "typeId": 4, "typeName": "Виртуальная карта", "value": "V-1"},
               {"id": 1, "typeId": 1, "typeName": "Карта", "value": "10000017"}]),
        "those that stay keep their ids"
    );
    let account = shop.order("accounts/update", json!({"id": MARIA, "identifiers": []})).ok();
    assert_eq!(account["identifiers"], json!([]));
}

#[test]
fn phones_and_identifiers_that_cannot_be_are_refused() {
    let shop = shop();
    let card = |value: &str| json!({"identifiers": [{"typeId": 1, "value": value}]});
    for (fields, status, detail) in [
        (json!({"phone": "8 916 123-45-67"}), 409, "Account 1 has this phone"),
        (json!({"phone": "нет"}), 400, "The phone has no digits"),
        (card(MARIA_CARD), 409, "Account 1 has this identifier of type 1"),
        (card("1"), 400, "The identifier is not as the mask of type 1 says"),
        (
            json!({"identifiers": [{"typeId": 1, "value": "10000099"}, {"typeId": 1, "value": "10000099"}]}),
            400,
            "The identifier of type 1 is named twice",
        ),
        (
            json!({"identifiers": [{"typeId": 404, "value": "x"}]}),
            404,
            "Identifier type with id 404 is not found",
        ),
    ] {
        for (call, mut order) in [
            (
                "insert_by_template",
                json!({"groupId": SELF_REGISTERED, "firstName": "Игорь", "phone": "79167654321"}),
            ),
            ("insert", json!({"groupId": GUESTS})),
            ("update", json!({"id": ALEXEI})),
        ] {
            order.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            refused(&shop.order(&format!("accounts/{call}"), order), status, detail);
        }
    }
    assert_eq!(shop.read("accounts/list").ok().as_array().unwrap().len(), 4, "nothing has changed");
    assert_eq!(phone_of(&shop, ALEXEI), ALEXEI_PHONE);
    // One's own are no others'.
    let own =
        json!({"id": MARIA, "phone": "89161234567", "identifiers": [{"typeId": 1, "value": MARIA_CARD}]});
    shop.order("accounts/update", own).ok();
    assert_eq!(phone_of(&shop, MARIA), "89161234567");
}

#[test]
fn what_an_account_is_made_of_must_be_there() {
    let shop = shop();
    let new = |group: u64| json!({"groupId": group, "firstName": "Игорь", "phone": "79167654321"});
    let answer = shop.order("accounts/insert_by_template", new(404));
    refused(&answer, 404, "Account group with id 404 is not found");
    let answer = shop.order("accounts/insert_by_template", new(GUESTS));
    refused(&answer, 400, "Account group 1 has no template (haveTemplate is false)");
    let with = |fields: &Value| {
        [("insert", json!({"accountGroupId": GUESTS})), ("update", json!({"id": OLGA}))].map(
            |(call, mut order)| {
                order.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
                shop.order(&format!("accounts/{call}"), order)
            },
        )
    };
    for (fields, status, detail) in [
        (json!({"accountGroupId": 404}), 404, "Account group with id 404 is not found"),
        (json!({"discountId": 404}), 404, "Discount with id 404 is not found"),
    ] {
        for answer in with(&fields) {
            refused(&answer, status, detail);
        }
    }
    for answer in with(&json!({"turnover": -0.01, "burning": {"days": 0}})) {
        let blamed = [("body.burning.days", "greater_than"), ("body.turnover", "greater_than_equal")];
        blames(&answer, &blamed);
    }
    let answer = shop.order("accounts/update", json!({"id": 404}));
    refused(&answer, 404, "Account with id 404 is not found");
    assert_eq!(shop.read(&format!("accounts/get_by_id?id={NIKOLAI}")).ok()["isActive"], false);
}

fn phone_of(shop: &Shop, account: u64) -> Value {
    shop.read(&format!("accounts/get_by_id?id={account}")).ok()["phone"].clone()
}
