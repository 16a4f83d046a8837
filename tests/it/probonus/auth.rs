//! `auth.*`: log in, renew, log out; and who is let in.

use serde_json::{Value, json};

use super::shop::{blames, refused, shop, shop_with_rules};

#[test]
fn a_log_in_gives_a_pair_of_tokens() {
    let shop = shop();
    for body in [
        json!({"login": "admin", "password": "111"}),
        json!({"username": "admin", "password": "111"}),
        json!({"login": null, "username": "admin", "password": "111"}),
        json!({"login": "admin", "username": "nobody", "password": "111", "grant_type": "password"}),
    ] {
        let pair = shop.nobody().post("auth/login", body).ok();
        let (access, refresh) = (&pair["accessToken"], &pair["refreshToken"]);
        for token in [access, refresh] {
            let token = token.as_str().expect("a token is a text");
            assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
        }
        assert_ne!(access, refresh);
        assert_eq!(
            pair,
            json!({"accessToken": access, "refreshToken": refresh, "tokenType": "bearer", "expiresIn": 1800})
        );
    }
}

#[test]
fn a_wrong_login_or_password_is_refused() {
    let shop = shop();
    for (login, password) in
        [("admin", "112"), ("admin", ""), ("Admin", "111"), ("nobody", "111"), ("", ""), ("api", "")]
    {
        let answer = shop.nobody().post("auth/login", json!({"login": login, "password": password}));
        refused(&answer, 401, "Login or password is wrong");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    blames(&shop.nobody().send("POST", "auth/login", None), &[("body", "missing")]);
    let nothing = shop.nobody().post("auth/login", json!({}));
    blames(&nothing, &[("body.login", "missing"), ("body.password", "missing")]);
    let numbers = shop.nobody().post("auth/login", json!({"login": 1, "password": 111}));
    blames(&numbers, &[("body.login", "string_type"), ("body.password", "string_type")]);
}

#[test]
fn info_tells_who_calls() {
    let shop = shop();
    let admin = json!({
        "id": 1, "login": "admin", "email": "admin@example.com", "lastName": "Орлова", "firstName": "Вера",
        "patronymic": "Андреевна", "comment": "Администратор"
    });
    assert_eq!(shop.by_token(&shop.log_in()["accessToken"]).get("auth/info").ok(), admin);
    let service = json!({
        "id": 0, "login": "api", "email": null, "lastName": null, "firstName": null, "patronymic": null,
        "comment": null
    });
    assert_eq!(shop.read("auth/info").ok(), service);
    // Its body says nothing.
    assert_eq!(shop.by_key().send("POST", "auth/info", Some("{")).ok(), service);
}

#[test]
fn a_token_lives_until_its_time_and_not_a_moment_longer() {
    let shop = shop();
    let guest = shop.by_token(&shop.log_in()["accessToken"]);
    shop.advance("PT29M59.999S");
    guest.get("auth/info").ok();
    let over = shop.advance("PT0.001S");
    assert_eq!((&over[0]["kind"], &over[0]["api"]), (&json!("token"), &json!("probonus")));
    refused(&guest.get("auth/info"), 401, "Token has expired");
    refused(&guest.post("auth/logout", json!({})), 401, "Token has expired");
}

#[test]
fn a_token_whose_life_has_ended_is_renewed_while_its_refresh_token_lives() {
    let shop = shop();
    let old = shop.log_in();
    shop.advance("P29DT23H");
    let new = shop.by_token(&old["accessToken"]).send("POST", "auth/refresh_token", None).ok();
    assert_eq!(new["expiresIn"], 1800);
    shop.by_token(&new["accessToken"]).get("auth/info").ok();
    // The old pair stopped working.
    refused(&shop.by_token(&old["accessToken"]).get("auth/info"), 401, "Token is wrong");
    let again = shop.nobody().post("auth/refresh_token", json!({"refreshToken": old["refreshToken"]}));
    refused(&again, 401, "Token is wrong");

    shop.advance("P30D");
    for guest in [shop.by_token(&new["accessToken"]), shop.nobody()] {
        let answer = guest.post("auth/refresh_token", json!({"refreshToken": new["refreshToken"]}));
        assert_eq!(answer.status, 401, "{answer}");
    }
}

#[test]
fn a_refresh_token_in_the_body_goes_before_the_bearer_token() {
    let shop = shop();
    let (one, other) = (shop.log_in(), shop.log_in());
    let body = json!({"refreshToken": other["refreshToken"]});
    let new = shop.by_token(&one["accessToken"]).post("auth/refresh_token", body).ok();
    shop.by_token(&one["accessToken"]).get("auth/info").ok();
    shop.by_token(&new["accessToken"]).get("auth/info").ok();
    refused(&shop.by_token(&other["accessToken"]).get("auth/info"), 401, "Token is wrong");
    // null is as good as none.
    shop.by_token(&one["accessToken"]).post("auth/refresh_token", json!({"refreshToken": null})).ok();

    refused(&shop.nobody().send("POST", "auth/refresh_token", None), 401, "Not authenticated");
    refused(&shop.nobody().post("auth/refresh_token", json!({"refreshToken": "x"})), 401, "Token is wrong");
    // There is nothing in a key to be refreshed.
    refused(&shop.by_key().post("auth/refresh_token", json!({})), 401, "Not authenticated");
    let number = shop.nobody().post("auth/refresh_token", json!({"refreshToken": 5}));
    blames(&number, &[("body.refreshToken", "string_type")]);
}

#[test]
fn tokens_live_as_long_as_the_rules_say() {
    let shop = shop_with_rules(json!({"token_ttl": "PT2M", "refresh_ttl": "PT1M"}));
    let pair = shop.log_in();
    assert_eq!(pair["expiresIn"], 120);
    shop.advance("PT1M");
    let by_refresh_token =
        || shop.nobody().post("auth/refresh_token", json!({"refreshToken": pair["refreshToken"]}));
    refused(&by_refresh_token(), 401, "Refresh token has expired");
    shop.by_token(&pair["accessToken"]).get("auth/info").ok();
    // With both of them over the pair is forgotten.
    shop.advance("PT1M");
    refused(&by_refresh_token(), 401, "Token is wrong");
    let by_token = shop.by_token(&pair["accessToken"]);
    refused(&by_token.send("POST", "auth/refresh_token", None), 401, "Token is wrong");
}

#[test]
fn a_log_out_ends_both_tokens() {
    let shop = shop();
    let (pair, other) = (shop.log_in(), shop.log_in());
    let out = shop.by_token(&pair["accessToken"]).send("POST", "auth/logout", None);
    assert_eq!(out.ok(), json!({"success": true}));
    refused(&shop.by_token(&pair["accessToken"]).get("auth/info"), 401, "Token is wrong");
    let answer = shop.nobody().post("auth/refresh_token", json!({"refreshToken": pair["refreshToken"]}));
    refused(&answer, 401, "Token is wrong");
    shop.by_token(&other["accessToken"]).get("auth/info").ok();
    refused(&shop.by_key().send("POST", "auth/logout", None), 401, "Not authenticated");
}

#[test]
fn of_a_token_and_a_key_the_token_counts() {
    let shop = shop();
    let token = format!("Bearer {}", shop.log_in()["accessToken"].as_str().unwrap());
    let both = shop.with(&[("authorization", &token), ("x-api-key", "wrong")]);
    assert_eq!(both.get("auth/info").ok()["login"], "admin");
    let both = shop.with(&[("authorization", "Bearer wrong"), ("x-api-key", "test-key")]);
    refused(&both.get("auth/info"), 401, "Token is wrong");
}

#[test]
fn what_is_no_credential_is_as_if_left_out() {
    let shop = shop();
    for headers in [
        [("authorization", "Basic YWRtaW46MTEx")].as_slice(),
        &[("authorization", "Bearer")],
        &[("authorization", "Bearer  ")],
        &[("authorization", "")],
        &[("x-api-key", "")],
        &[("apikey", "test-key")],
        &[],
    ] {
        let answer = shop.with(headers).get("users/list");
        refused(&answer, 401, "Not authenticated");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    shop.with(&[("authorization", "Basic YWRtaW46MTEx"), ("x-api-key", "test-key")]).get("users/list").ok();
    let token = format!("bEARER   {}", shop.log_in()["accessToken"].as_str().unwrap());
    shop.with(&[("authorization", &token)]).get("users/list").ok();
    refused(&shop.with(&[("x-api-key", "wrong")]).get("users/list"), 401, "API key is wrong");
}

#[test]
fn the_status_of_bad_credentials_is_a_rule() {
    let shop = shop_with_rules(json!({"auth_error_status": 403}));
    let pair = shop.log_in();
    let expired = shop.by_token(&pair["accessToken"]);
    shop.advance("P31D");
    let wrong = json!({"login": "admin", "password": "x"});
    for (answer, detail) in [
        (shop.nobody().get("users/list"), "Not authenticated"),
        (shop.with(&[("x-api-key", "wrong")]).get("users/list"), "API key is wrong"),
        (shop.with(&[("authorization", "Bearer wrong")]).get("users/list"), "Token is wrong"),
        (shop.nobody().post("auth/login", wrong), "Login or password is wrong"),
        (shop.nobody().post("auth/refresh_token", json!({})), "Not authenticated"),
        (shop.nobody().post("auth/logout", Value::Null), "Not authenticated"),
    ] {
        refused(&answer, 403, detail);
        assert_eq!(answer.header("www-authenticate"), None);
    }
    assert_eq!(expired.get("users/list").status, 403);
    refused(&shop.read("accounts/get_by_id?id=404"), 404, "Account with id 404 is not found");
}

#[test]
fn credentials_are_asked_for_before_the_input() {
    let shop = shop();
    for (method, call, body) in [
        ("POST", "accounts/insert", Some("{")),
        ("POST", "accounts/refill", None),
        ("GET", "accounts/get_by_id?id=x", None),
        ("GET", "accounts/get_by_id?id=404", None),
    ] {
        refused(&shop.nobody().send(method, call, body), 401, "Not authenticated");
    }
}
