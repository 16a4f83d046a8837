//! `users.list`.

use serde_json::json;

use super::shop::shop;

#[test]
fn users_are_listed_without_their_passwords() {
    let shop = shop();
    let users = shop.read("users/list").ok();
    assert_eq!(
        users,
        json!([
            {"id": 1, "login": "admin", "email": "admin@example.com", "lastName": "Орлова", "firstName": "Вера",
             "patronymic": "Андреевна", "comment": "Администратор"},
            {"id": 2, "login": "till", "email": null, "lastName": null, "firstName": null, "patronymic": null,
             "comment": null}
        ])
    );
}
