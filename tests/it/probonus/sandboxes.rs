//! Sandboxes in ProBonus's credentials: the login names one, and the tokens that it gave lead back to it.

use serde_json::json;

use super::shop::{API_KEY, MARIA, refused, shop};

#[test]
fn a_login_names_a_sandbox_and_its_tokens_lead_back() {
    let shop = shop();
    for field in ["login", "username"] {
        let answer = shop.nobody().post("auth/login", json!({field: "admin~ci-7", "password": "111"}));
        assert_eq!(answer.with_status(200).header("x-stend-sandbox"), Some("ci-7"));
        let pair = answer.json();
        for token in [&pair["accessToken"], &pair["refreshToken"]] {
            assert!(token.as_str().unwrap().ends_with("~ci-7"), "{token}");
        }
        let info = shop.by_token(&pair["accessToken"]).get("auth/info");
        assert_eq!(info.with_status(200).header("x-stend-sandbox"), Some("ci-7"));

        let renewed = shop.nobody().post("auth/refresh_token", json!({"refreshToken": pair["refreshToken"]}));
        assert_eq!(renewed.with_status(200).header("x-stend-sandbox"), Some("ci-7"));
        let renewed = renewed.json();
        assert!(renewed["accessToken"].as_str().unwrap().ends_with("~ci-7"));
        let again = shop.by_token(&renewed["accessToken"]).send("POST", "auth/refresh_token", None).ok();
        shop.by_token(&again["accessToken"]).send("POST", "auth/logout", None).ok();
        refused(&shop.by_token(&again["accessToken"]).get("auth/info"), 401, "Token is wrong");
    }
}

#[test]
fn tokens_name_their_sandbox_however_it_was_chosen() {
    let shop = shop();
    let body = json!({"login": "admin", "password": "111"});
    let by_path = shop.nobody().in_sandbox("by-path").post("auth/login", body.clone());
    let by_header = shop.with(&[("x-stend-sandbox", "by-header")]).post("auth/login", body);
    for (answer, name) in [(by_path, "by-path"), (by_header, "by-header")] {
        let token = answer.ok()["accessToken"].clone();
        assert!(token.as_str().unwrap().ends_with(&format!("~{name}")), "{token}");
        let info = shop.by_token(&token).get("auth/info");
        assert_eq!(info.with_status(200).header("x-stend-sandbox"), Some(name));
    }
    assert!(!shop.log_in()["accessToken"].as_str().unwrap().contains('~'));
}

#[test]
fn a_key_names_a_sandbox() {
    let shop = shop();
    let there = shop.with(&[("x-api-key", "test-key~ci-7")]);
    there.post("accounts/refill", json!({"accountId": MARIA, "amount": 5})).ok();
    let balance = |key: &str| {
        let answer = shop.with(&[("x-api-key", key)]).get(&format!("accounts/get_balance?accountId={MARIA}"));
        answer.ok()["balance"].clone()
    };
    assert_eq!((balance("test-key~ci-7"), balance(API_KEY)), (json!(1005.5), json!(1000.5)));
}

#[test]
fn a_token_of_one_sandbox_is_unknown_in_another() {
    let shop = shop();
    let ours = shop.log_in()["accessToken"].clone();
    let login = json!({"login": "admin~ci-7", "password": "111"});
    let theirs = shop.nobody().post("auth/login", login).ok()["accessToken"].clone();
    assert_ne!(json!(format!("{}~ci-7", ours.as_str().unwrap())), theirs);
    refused(&shop.by_token(&theirs).in_sandbox("ci-8").get("auth/info"), 401, "Token is wrong");
    refused(&shop.by_token(&ours).in_sandbox("ci-7").get("auth/info"), 401, "Token is wrong");
    shop.by_token(&theirs).in_sandbox("ci-7").get("auth/info").ok();
}

#[test]
fn only_a_name_behind_the_tilde_is_a_sandbox() {
    let shop = shop();
    let answer = shop.nobody().post("auth/login", json!({"login": "admin~CI_7", "password": "111"}));
    refused(&answer, 401, "Login or password is wrong");
    assert_eq!(answer.header("x-stend-sandbox"), Some("default"));
    // A body that cannot be read names none.
    let answer = shop.nobody().send("POST", "auth/login", Some(r#"{"login":"admin~ci-7""#));
    assert_eq!(answer.with_status(422).header("x-stend-sandbox"), Some("default"));
}

#[test]
fn the_same_log_ins_give_the_same_tokens_on_every_run() {
    let (one, other) = (shop(), shop());
    let log_in = |shop: &super::shop::Shop, login: &str| {
        shop.nobody().post("auth/login", json!({"login": login, "password": "111"})).ok()
    };
    for login in ["admin", "admin~ci-7", "admin"] {
        assert_eq!(log_in(&one, login), log_in(&other, login), "{login}");
    }
}
