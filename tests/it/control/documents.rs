//! `/_stend/openapi` and `/_stend/docs`: the contract documents, to read and to try.

use serde_json::{Value, json};

use crate::harness::Bench;

#[test]
fn the_documents_are_those_of_the_project_and_lead_back_to_where_they_came_from() {
    let bench = Bench::demo();
    for name in ["loyalclient", "ibonus", "probonus", "control"] {
        let path = format!("{}/contract/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("it is part of the project");
        let mut kept: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(kept["servers"][0]["url"], "/");
        kept["servers"][0]["url"] = json!("../../");
        assert_eq!(bench.get(&format!("/_stend/openapi/{name}.json")).ok(), kept, "{name}");
    }
    assert!(bench.get("/_stend/openapi/nothing.json").problem(404).contains("control.json"));
    bench.get("/_stend/openapi/control").problem(404);
}

#[test]
fn the_page_asks_nothing_of_other_servers() {
    let bench = Bench::demo();
    let page = bench.get("/_stend/docs");
    assert_eq!(page.with_status(200).header("content-type"), Some("text/html; charset=utf-8"));
    let page = page.text();
    assert!(!page.contains("//"), "every address is relative: {page}");
    for name in
        ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "favicon-32x32.png"]
    {
        assert!(page.contains(&format!("\"docs/{name}\"")), "{name}: {page}");
        let file = bench.get(&format!("/_stend/docs/{name}"));
        assert!(file.with_status(200).body.len() > 500, "{name}");
    }
    bench.get("/_stend/docs/index.html").problem(404);
}

#[test]
fn a_link_from_anywhere_may_lead_to_the_documents_and_to_nothing_else() {
    let bench = Bench::demo();
    for (path, status) in [
        ("/_stend/docs", 200),
        ("/_stend/openapi/control.json", 200),
        ("/_stend/accounts", 403),
        ("/_stend/docs/swagger-ui.css", 403),
    ] {
        let request = bench.request("GET", path).header("sec-fetch-site", "cross-site");
        let request = request.header("sec-fetch-mode", "navigate");
        request.header("sec-fetch-dest", "document").send().with_status(status);
        let request = bench.request("GET", path).header("sec-fetch-site", "cross-site");
        request.header("sec-fetch-mode", "navigate").send().with_status(status);
        // Nor is a frame, in which a foreign page could show ours as a part of its own.
        let request = bench.request("GET", path).header("sec-fetch-site", "cross-site");
        let request = request.header("sec-fetch-mode", "navigate");
        request.header("sec-fetch-dest", "iframe").send().problem(403);
        // What a page asks for by itself is no link that somebody follows.
        let request = bench.request("GET", path).header("sec-fetch-site", "cross-site");
        request.header("sec-fetch-mode", "no-cors").send().problem(403);
    }
    for page in ["/_stend/docs", "/docs"] {
        assert_eq!(bench.get(page).header("x-frame-options"), Some("DENY"), "{page}");
    }
    let request = bench.request("GET", "/_stend/docs").header("host", "evil.example.com");
    request.header("sec-fetch-mode", "navigate").send().problem(403);
}
