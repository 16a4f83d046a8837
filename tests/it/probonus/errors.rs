//! What is told of paths, methods and bodies, before any field is looked at.

use serde_json::json;

use super::shop::{blames, refused, shop, shop_with_body_limit, wrong};
use crate::harness::operations;

#[test]
fn an_unknown_path_is_not_found() {
    let shop = shop();
    for path in [
        "/api",
        "/api/",
        "/api/v0",
        "/api/v0/accounts",
        "/api/v0/accounts/nothing",
        "/api/v0/accounts/list/",
        "/api/v0/accounts//list",
        "/api/v1/accounts/list",
        "/api/v0/Accounts/list",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            shop.request(method, path).send().is(404, r#"{"detail":"Not Found"}"#);
        }
    }
}

#[test]
fn another_method_than_a_path_has_is_told_which_it_has() {
    let shop = shop();
    let mut paths: Vec<(String, String)> = operations()
        .into_iter()
        .filter(|operation| operation.path.starts_with("/api/"))
        .map(|operation| (operation.path, operation.method))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 52, "the operations of the contract");
    paths.dedup_by(|next, kept| next.0 == kept.0);
    assert_eq!(paths.len(), 34, "the calls");
    for (path, first) in paths {
        let (allow, not_allowed) = match first.as_str() {
            "GET" => ("GET, POST", ["HEAD", "PUT", "DELETE"]),
            _ => ("POST", ["GET", "HEAD", "PATCH"]),
        };
        for method in not_allowed {
            let answer = shop.request(method, &path).send();
            assert_eq!(answer.with_status(405).header("allow"), Some(allow), "{method} {path}");
            if method != "HEAD" {
                assert_eq!(answer.json(), json!({"detail": "Method Not Allowed"}));
            }
        }
    }
}

#[test]
fn a_body_that_is_no_object_is_refused_as_fastapi_does() {
    let shop = shop();
    let no_object = "Input should be a valid dictionary or object to extract fields from";
    for (body, problem) in [
        ("", json!({"type": "missing", "loc": ["body"], "msg": "Field required", "input": null})),
        ("null", json!({"type": "model_attributes_type", "loc": ["body"], "msg": no_object, "input": null})),
        ("[1]", json!({"type": "model_attributes_type", "loc": ["body"], "msg": no_object, "input": [1]})),
        (" 5 ", json!({"type": "model_attributes_type", "loc": ["body"], "msg": no_object, "input": 5})),
        ("\"x\"", json!({"type": "model_attributes_type", "loc": ["body"], "msg": no_object, "input": "x"})),
        ("true", json!({"type": "model_attributes_type", "loc": ["body"], "msg": no_object, "input": true})),
    ] {
        for call in ["accounts/refill", "accounts/find_by_phone", "auth/login"] {
            assert_eq!(
                wrong(&shop.by_key().send("POST", call, Some(body))),
                json!([problem]),
                "{call} {body:?}"
            );
        }
    }
    // Where nothing is needed, a list is no object all the same.
    blames(&shop.by_key().send("POST", "accounts/list", Some("[]")), &[("body", "model_attributes_type")]);
}

#[test]
fn a_body_that_is_no_json_is_told_where_it_ends() {
    let shop = shop();
    for (body, position) in [
        (" ", 1),
        ("{", 1),
        (r#"{"a":}"#, 5),
        ("{} {}", 3),
        ("{'a':1}", 1),
        ("nothing", 1),
        ("{\"a\":1,\n \"b\" 2}", 13),
        (r#"{"é":x}"#, 5),
        ("[1, x]", 4),
        (r#"{"a":NaN}"#, 5),
    ] {
        let answer = shop.by_key().send("POST", "accounts/refill", Some(body));
        let problems = wrong(&answer);
        let error = problems[0]["ctx"]["error"].as_str().expect("the words of the parser").to_owned();
        assert!(!error.is_empty());
        assert_eq!(
            problems,
            json!([{"type": "json_invalid", "loc": ["body", position], "msg": "JSON decode error", "input": {},
                    "ctx": {"error": error}}]),
            "{body:?}"
        );
    }
}

#[test]
fn a_body_that_is_no_text_or_breaks_off_is_400() {
    let shop = shop();
    let request = shop.request("POST", "/api/v0/accounts/refill").header("x-api-key", "test-key");
    refused(&request.body([b'{', 0xff]).send(), 400, "There was an error parsing the body");
    let mut socket = shop.socket();
    socket.send_head("POST", "/api/v0/accounts/refill", 100).send("{").finish();
    refused(&socket.answer("POST", "/api/v0/accounts/refill"), 400, "There was an error parsing the body");
}

#[test]
fn a_body_over_the_limit_is_413_in_the_shape_of_fastapi() {
    let shop = shop_with_body_limit(1_000);
    let answer = shop.by_key().send("POST", "accounts/refill", Some(&" ".repeat(1_001)));
    let detail = "The body is larger than 1000 bytes, which is the limit here (--body-limit, --state-limit)";
    refused(&answer, 413, detail);
}

#[test]
fn a_mistake_in_the_set_up_does_not_look_like_the_vendors_answer() {
    let shop = shop();
    for path in ["/api/v0/users/list", "/docs", "/openapi.json"] {
        let answer = shop.request("GET", path).header("x-stend-sandbox", "CI_7").send();
        answer.problem(400);
        assert_eq!(answer.header("x-stend-error"), Some("badSandboxName"));
    }
}

#[test]
fn all_fields_at_fault_are_told_at_once_in_their_order() {
    let shop = shop();
    let body = json!({
        "accountId": "x", "lastName": 5, "birthday": "2026-02-30", "sex": "ж", "email": [], "identifiers": [
            {}, {"typeId": 1.5, "value": ""}, 7
        ]
    });
    blames(
        &shop.order("accounts/insert_by_template", body),
        &[
            ("body.accountId", "int_parsing"),
            ("body.lastName", "string_type"),
            ("body.birthday", "date_from_datetime_parsing"),
            ("body.sex", "literal_error"),
            ("body.email", "string_type"),
            ("body.phone", "missing"),
            ("body.identifiers.0.typeId", "missing"),
            ("body.identifiers.0.value", "missing"),
            ("body.identifiers.1.typeId", "int_from_float"),
            ("body.identifiers.1.value", "string_too_short"),
            ("body.identifiers.2", "model_attributes_type"),
        ],
    );
    blames(
        &shop.read("accounts/transactions?dateFrom=x&dateTo=&count=-1"),
        &[
            ("query.accountId", "missing"),
            ("query.dateFrom", "datetime_from_date_parsing"),
            ("query.dateTo", "datetime_from_date_parsing"),
            ("query.count", "greater_than_equal"),
        ],
    );
}

#[test]
fn an_update_says_null_only_of_what_may_be_empty() {
    let shop = shop();
    let body =
        json!({"id": 1, "accountGroupId": null, "identifiers": null, "turnover": null, "isActive": null});
    blames(
        &shop.order("accounts/update", body),
        &[
            ("body.accountGroupId", "int_type"),
            ("body.identifiers", "list_type"),
            ("body.turnover", "decimal_type"),
            ("body.isActive", "bool_type"),
        ],
    );
    let body = json!({"id": null, "name": null, "haveTemplate": null});
    blames(
        &shop.order("account_groups/update", body),
        &[("body.id", "int_type"), ("body.name", "string_type"), ("body.haveTemplate", "bool_type")],
    );
}

#[test]
fn unknown_fields_and_a_foreign_content_type_are_accepted() {
    let shop = shop();
    let answer = shop.by_key().loosely(
        "POST",
        "accounts/refill",
        r#"{"accountId":404,"accountId":1,"amount":1,"colour":"red","":null}"#,
    );
    assert_eq!(answer.ok()["balance"], 1001.5);
    let answer =
        shop.by_key().loosely("GET", "accounts/get_balance?accountId=404&accountId=1&colour=red", "{");
    assert_eq!(answer.ok()["balance"], 1001.5);
    let request = shop.request("POST", "/api/v0/users/list").header("x-api-key", "test-key");
    request.header("content-type", "text/plain").body("?").send().ok();
}
