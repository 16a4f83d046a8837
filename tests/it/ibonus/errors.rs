//! The one body that all errors have, on every path under `/ext`, whoever makes them.

use serde_json::{Value, json};

use super::shop::{BASE, START_MS, basic, error, shop, shop_with_body_limit};

#[test]
fn an_error_is_the_vendors_to_the_byte() {
    let shop = shop();
    shop.merchant().get("/clients/99/balance/").is(
        404,
        r#"{"error":"Not Found","message":"Client with id=99 is not found.","path":"/ext/api/v1/clients/99/balance/","status":404,"timestamp":1767225600000}"#,
    );
}

#[test]
fn the_path_is_as_requested_inside_the_sandbox_and_without_its_query() {
    let shop = shop();
    for (target, path) in [
        ("/ext/api/v1/clients/?limit=x", "/ext/api/v1/clients/"),
        ("/ext/api/v1/clients?limit=x", "/ext/api/v1/clients"),
        ("/sandboxes/ci-7/ext/api/v1/clients/?limit=x", "/ext/api/v1/clients/"),
        ("/ext/api/v1/%63lients/", "/ext/api/v1/%63lients/"),
        ("/ext/nothing%20here?x=1", "/ext/nothing%20here"),
    ] {
        let mut socket = shop.socket();
        socket.send(format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n"));
        let answer = socket.bare_answer().expect("an answer");
        assert_eq!(answer.json()["path"], path, "{target}");
    }
}

#[test]
fn the_timestamp_is_the_sandboxs_own_clock() {
    let shop = shop();
    let timestamp = || shop.get(&format!("{BASE}/clients/")).json()["timestamp"].clone();
    assert_eq!(timestamp(), START_MS);
    shop.advance("P400D");
    assert_eq!(timestamp(), START_MS + 400 * super::shop::DAY_MS);
}

#[test]
fn an_unknown_path_is_not_found_in_the_vendors_shape() {
    let shop = shop();
    for path in [
        "/ext",
        "/ext/",
        "/ext/api",
        "/ext/api/v1/",
        "/ext/api/v2/clients/",
        "/ext/api/v1/client/",
        "/ext/api/v1/clients//",
        "/ext/api/v1/clients/1/balance/history/x/",
        "/ext/api/v1/videos_of_mine/",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = shop.request(method, path).send();
            assert_eq!(error(&answer, 404), format!("There is no call {method} {path}."));
            assert_eq!(answer.json()["error"], "Not Found");
        }
    }
}

#[test]
fn what_the_original_has_beside_loyalty_is_said_not_to_be_emulated() {
    let shop = shop();
    for (method, path) in [
        ("GET", "/videos/"),
        ("GET", "/videos"),
        ("POST", "/videos/upload/"),
        ("GET", "/videos/1/generate_link/"),
        ("PUT", "/videos/1/rename/"),
        ("DELETE", "/videos/1/"),
        ("GET", "/play_lists/"),
        ("PUT", "/play_lists/1/videos/2/move/"),
        ("GET", "/promo_pages/"),
        ("POST", "/promo_pages/1/buy/"),
    ] {
        let answer = shop.request(method, &format!("{BASE}{path}")).send();
        assert_eq!(error(&answer, 404), format!("{method} {BASE}{path} is not emulated."));
    }
}

#[test]
fn another_method_than_a_path_has_is_told_which_it_has() {
    let shop = shop();
    for (path, allow) in [
        ("/clients/", "GET"),
        ("/fiscal/orders/", "GET, POST"),
        ("/loyalty/coupons/1/", "GET, PUT, DELETE"),
        ("/loyalty/settings/contact_info/logo/", "POST, DELETE"),
        ("/fiscal_hub/cash_back/hold/", "POST"),
    ] {
        for path in [path, path.trim_end_matches('/')] {
            let answer = shop.request("PATCH", &format!("{BASE}{path}")).body("{").send();
            let message = format!("{BASE}{path} is called by {allow}, not by PATCH.");
            assert_eq!(error(&answer, 405), message);
            assert_eq!(answer.header("allow"), Some(allow));
        }
    }
    let head = shop.request("HEAD", &format!("{BASE}/clients/")).send();
    assert_eq!((head.status, head.text()), (405, ""));
}

#[test]
fn every_path_is_the_same_with_its_slash_and_without() {
    let shop = shop();
    let paths: Vec<(String, String)> = crate::harness::operations()
        .into_iter()
        .filter(|operation| operation.path.starts_with("/ext/"))
        .map(|operation| (operation.method, operation.path.replace("{id}", "99").replace("{token}", "x")))
        .collect();
    assert_eq!(paths.len(), 38, "the calls of the contract");
    let authorization = basic("merchant@example.com", "secret");
    for (method, path) in paths {
        let send = |path: &str| {
            let request = shop.request(&method, path).header("authorization", &authorization);
            let request = if method == "GET" { request } else { request.body("?") };
            let answer = request.send();
            let body = serde_json::from_slice::<Value>(&answer.body).map(|mut body| {
                if answer.status >= 400 {
                    body["path"] = json!(null);
                }
                body
            });
            (answer.status, body.ok())
        };
        assert!(path.ends_with('/'), "{path}");
        assert_eq!(send(&path), send(path.trim_end_matches('/')), "{method} {path}");
    }
}

#[test]
fn a_body_over_the_limit_is_413_in_the_vendors_shape() {
    let shop = shop_with_body_limit(1_000);
    let merchant = shop.merchant();
    let answer = merchant.request("POST", "/fiscal/orders/", Some(&" ".repeat(1_001)));
    let message = error(&answer, 413);
    assert!(message.starts_with("The body is larger than 1000 bytes"), "{message}");
    assert_eq!(answer.json()["error"], "Payload Too Large");
    assert_eq!(answer.json()["path"], "/ext/api/v1/fiscal/orders/");
    let path = "/loyalty/settings/contact_info/logo/";
    error(&merchant.upload(path, "logo", None, &[0; 1_000]), 413);
    merchant.upload(path, "logo", None, &[0; 700]).is(200, "");
}

#[test]
fn a_body_that_ends_early_is_400_in_the_vendors_shape() {
    let shop = shop();
    let mut socket = shop.socket();
    socket.send_head("POST", "/ext/api/v1/fiscal/orders/", 100).send("{").finish();
    let answer = socket.answer("POST", "/ext/api/v1/fiscal/orders/");
    assert_eq!(error(&answer, 400), "The body ended before it was complete.");
}

#[test]
fn a_mistake_in_the_set_up_does_not_look_like_the_vendors_answer() {
    let shop = shop();
    let answer = shop.request("GET", "/ext/api/v1/clients/").header("x-stend-sandbox", "CI_7").send();
    assert_eq!((answer.status, answer.header("x-stend-error")), (400, Some("badSandboxName")));
}
