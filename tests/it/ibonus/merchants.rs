//! The registration of merchants, by the vendor's token.

use serde_json::{Value, json};

use super::shop::{BASE, PUBLIC, Shop, error, sale, shop};
use crate::harness::Answer;

fn call(shop: &Shop, method: &str, call: &str, query: &str, body: Option<&Value>) -> Answer {
    let path = format!("{BASE}/merchant/public/{call}/?token={PUBLIC}{query}");
    let request = shop.request(method, &path);
    match body {
        Some(body) => request.json(body).send(),
        None => request.send(),
    }
}

fn code(answer: &Answer) -> String {
    let code = answer.ok()["code"].as_str().expect("a code").to_owned();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    code
}

#[test]
fn a_merchant_exists_by_phone_or_e_mail_and_an_employee_is_none() {
    let shop = shop();
    for (query, exists) in [
        ("&email=merchant@example.com", true),
        ("&phone=%2B7%20900%200000001", true),
        ("&phone=000&email=merchant@example.com", true),
        ("&email=cashier@example.com", false),
        ("&email=nobody@example.com", false),
        ("", false),
    ] {
        let answer = call(&shop, "GET", "exists", query, None);
        answer.is(200, &format!(r#"{{"exists":{exists},"hasLoyaltySettings":{exists}}}"#));
    }
    let off = json!({
        "active": false, "currency": "points",
        "newCustomerSettings": {"type": "amount"}, "customerSettings": {"type": "amount"}
    });
    shop.merchant().put("/loyalty/settings/", &off).is(200, "");
    call(&shop, "GET", "exists", "&email=merchant@example.com", None)
        .is(200, r#"{"exists":true,"hasLoyaltySettings":false}"#);
}

#[test]
fn a_registered_merchant_logs_in_and_works_in_the_same_programme() {
    let shop = shop();
    let sent = code(&call(&shop, "POST", "send_code", "&email=email@email.ru&phone=123", None));
    let merchant = json!({
        "email": "email@email.ru", "phone": "+7 (123) 123-23-32", "firstName": "Vasya", "lastName": "Pupkin",
        "company": "Рога и копыта", "companyURL": "https://test.test/", "inn": "1234356789"
    });
    let create = |code: &str, body: &Value| {
        call(&shop, "POST", "create", &format!("&code={code}&password=p%20w"), Some(body))
    };
    assert_eq!(error(&create("x", &merchant), 400), "The code is wrong.");
    create(&sent, &merchant).is(200, "");
    assert_eq!(error(&create(&sent, &merchant), 400), "The code is used.");

    let own = shop.user("71231232332", "p w");
    let auth = own.get("/fiscal/auth/").ok();
    assert_eq!((&auth["accountType"], &auth["lastName"]), (&json!("merchant"), &json!("Pupkin")));
    own.post("/fiscal/orders/", &sale("1", 10)).is(200, "");
    assert_eq!(shop.merchant().newest()["externalOrderNumber"], "1");
    shop.user("email@email.ru", "p w").get("/clients/").ok();
}

#[test]
fn a_registration_that_is_refused_creates_nobody() {
    let shop = shop();
    let sent = code(&call(&shop, "POST", "send_code", "&email=merchant@example.com", None));
    let create = |query: &str, body: Value| call(&shop, "POST", "create", query, Some(&body));
    for (query, body, message) in [
        (format!("&code={sent}&password=x"), json!({}), "Neither phone nor email is given."),
        (
            format!("&code={sent}&password="),
            json!({"email": "merchant@example.com"}),
            "The password is empty.",
        ),
        ("&code=&password=x".to_owned(), json!({"email": "merchant@example.com"}), "The code is wrong."),
        (format!("&code={sent}&password=x"), json!({"email": "other@example.com"}), "The code is wrong."),
        (
            format!("&code={sent}&password=x"),
            json!({"email": "merchant@example.com"}),
            "Merchant with this email or phone exists already.",
        ),
    ] {
        assert_eq!(error(&create(&query, body), 400), message, "{query}");
    }
    assert_eq!(shop.books(|books, _| books.merchants().len()), 1);
}

#[test]
fn a_code_of_authorisation_works_once_and_is_its_own_answer() {
    let shop = shop();
    let address = "&email=merchant@example.com";
    for path in ["send_code", "send_auth_code"] {
        let answer = call(&shop, "POST", path, "", None);
        assert_eq!(error(&answer, 400), "Neither phone nor email is given.");
    }
    let unknown = call(&shop, "POST", "send_auth_code", "&phone=1", None);
    assert_eq!(error(&unknown, 404), "Merchant with this email or phone is not found.");
    let first = code(&call(&shop, "POST", "send_auth_code", address, None));
    let sent = code(&call(&shop, "POST", "send_auth_code", address, None));
    let auth = |query: &str| call(&shop, "POST", "auth_via_code", query, None);
    assert_eq!(error(&auth(address), 400), "code is missing.");
    assert_eq!(error(&auth(&format!("&code={sent}")), 400), "Neither phone nor email is given.");
    if first != sent {
        assert_eq!(error(&auth(&format!("{address}&code={first}")), 400), "The code is wrong.");
    }
    auth(&format!("{address}&code={sent}")).is(200, &format!(r#"{{"code":"{sent}"}}"#));
    assert_eq!(error(&auth(&format!("{address}&code={sent}")), 400), "The code is used.");
}
