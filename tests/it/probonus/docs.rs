//! `/docs` and `/openapi.json`: the server's own Swagger page, and what it shows.

use serde_json::{Value, json};

use super::shop::shop;

fn contract() -> Value {
    let path = format!("{}/contract/probonus.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("it is part of the project"))
        .expect("it is JSON")
}

#[test]
fn the_page_is_titled_as_the_originals_and_asks_nothing_of_other_servers() {
    let shop = shop();
    for caller in [shop.in_sandbox("default"), shop.in_sandbox("ci-7"), (*shop).clone()] {
        let page = caller.get("/docs");
        assert_eq!(page.with_status(200).header("content-type"), Some("text/html; charset=utf-8"));
        let text = page.text();
        assert!(text.contains("<title>API сервера \"ProBonus\"</title>"), "{text}");
        assert!(text.contains("\"openapi.json\""), "{text}");
        assert!(!text.contains("//"), "every address is relative: {text}");
        for name in
            ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "favicon-32x32.png"]
        {
            assert!(text.contains(&format!("\"docs/{name}\"")), "{name}: {text}");
            assert!(caller.get(&format!("/docs/{name}")).with_status(200).body.len() > 500, "{name}");
        }
        for path in ["/docs/", "/docs/index.html", "/docs/x/y"] {
            caller.get(path).is(404, r#"{"detail":"Not Found"}"#);
        }
    }
}

#[test]
fn the_document_is_that_of_the_project() {
    let shop = shop();
    let document = shop.get("/openapi.json").ok();
    assert_eq!(document, contract());
    assert_eq!(document["info"]["title"], "API сервера \"ProBonus\"");
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    assert_eq!(tags[..2], [&json!("auth"), &json!("users")]);
    let summaries: Vec<&Value> =
        ["auth/login", "auth/info", "auth/refresh_token", "auth/logout", "users/list"]
            .iter()
            .map(|call| &document["paths"][format!("/api/v0/{call}")]["post"]["summary"])
            .collect();
    assert_eq!(json!(summaries), json!(["Login", "Info", "Refresh Token", "Logout", "Getlist"]));
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        (&schemes["HTTPBearer"]["type"], &schemes["HTTPBearer"]["scheme"]),
        (&json!("http"), &json!("bearer"))
    );
    assert_eq!(
        (&schemes["APIKeyHeader"]["in"], &schemes["APIKeyHeader"]["name"]),
        (&json!("header"), &json!("X-API-Key"))
    );
}

#[test]
fn calls_from_the_page_go_into_the_sandbox_that_it_was_opened_in() {
    let shop = shop();
    let mut expected = contract();
    expected["servers"][0]["url"] = json!("/sandboxes/ci-7");
    assert_eq!(shop.in_sandbox("ci-7").get("/openapi.json").ok(), expected);
    let by_header = shop.request("GET", "/openapi.json").header("x-stend-sandbox", "ci-7").send();
    assert_eq!(by_header.ok(), expected);
}

#[test]
fn the_pages_are_only_read() {
    let shop = shop();
    for path in ["/docs", "/docs/swagger-ui.css", "/openapi.json"] {
        let answer = shop.request("POST", path).send();
        answer.is(405, r#"{"detail":"Method Not Allowed"}"#);
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
        let head = shop.request("HEAD", path).send();
        assert_eq!((head.status, head.text()), (200, ""), "{path}");
    }
}
