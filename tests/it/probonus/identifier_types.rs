//! `identifier_types.*`.

use serde_json::json;

use super::shop::{ALEXEI, MARIA, refused, shop};

#[test]
fn types_are_listed_with_a_mask_where_they_have_one() {
    let shop = shop();
    assert_eq!(
        shop.read("identifier_types/list").ok(),
        json!([
            {"id": 1, "name": "Карта", "mask": "99999999", "unique": true},
            {"id": 2, "name": "Телефон", "unique": false},
            {"id": 3, "name": "E-mail", "unique": false},
            {"id": 4, "name": "Виртуальная карта", "unique": true}
        ])
    );
}

#[test]
fn a_type_is_made_and_changed() {
    let shop = shop();
    let made =
        shop.order("identifier_types/insert", json!({"name": "Браслет", "mask": "aa-99", "unique": true}));
    assert_eq!(made.ok(), json!({"id": 5, "name": "Браслет", "mask": "aa-99", "unique": true}));
    let made = shop.order("identifier_types/insert", json!({"name": "Значок", "mask": null, "unique": null}));
    assert_eq!(made.ok(), json!({"id": 6, "name": "Значок", "unique": false}));
    let changed = shop.order("identifier_types/update", json!({"id": 5, "name": "Ключ"}));
    assert_eq!(changed.ok(), json!({"id": 5, "name": "Ключ", "mask": "aa-99", "unique": true}));
    let changed = shop.order("identifier_types/update", json!({"id": 5, "mask": null, "unique": false}));
    assert_eq!(changed.ok(), json!({"id": 5, "name": "Ключ", "unique": false}));
    let answer = shop.order("identifier_types/update", json!({"id": 404}));
    refused(&answer, 404, "Identifier type with id 404 is not found");
}

#[test]
fn a_type_with_two_alike_does_not_become_unique() {
    let shop = shop();
    for account in [MARIA, ALEXEI] {
        let order = json!({"id": account, "identifiers": [{"typeId": 2, "value": "112"}]});
        shop.order("accounts/update", order).ok();
    }
    let answer = shop.order("identifier_types/update", json!({"id": 2, "unique": true}));
    refused(&answer, 409, "Accounts 1 and 2 have the same identifier of this type");
    shop.order("identifier_types/update", json!({"id": 3, "unique": true})).ok();
}
