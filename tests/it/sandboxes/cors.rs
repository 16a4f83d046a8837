//! CORS: a web app in development may call the emulated APIs, and never the controls.

use serde_json::json;

use crate::harness::{Answer, Bench, TILL};

const PAGE: &str = "http://localhost:5173";

fn narrowed(cors: &str) -> Bench {
    let cors = match cors {
        "off" => stend::config::Cors::Off,
        origin => stend::config::Cors::Only(vec![origin.to_owned()]),
    };
    Bench::start(Bench::builder().options(|options| options.cors = cors))
}

fn preflight(bench: &Bench, path: &str) -> Answer {
    let request = bench.request("OPTIONS", path).header("origin", PAGE);
    let request = request.header("access-control-request-method", "POST");
    request.header("access-control-request-headers", "apikey, authorization, content-type").send()
}

fn client(bench: &Bench) -> Answer {
    let body = json!({"search": "79201234567", "point": TILL});
    bench.request("POST", "/integration/general/client").header("origin", PAGE).json(&body).send()
}

#[test]
fn any_page_may_call_every_emulated_api_with_any_header() {
    let bench = Bench::demo();
    for path in [
        "/integration/general/client",
        "/sandboxes/ci-7/ext/api/v1/clients/",
        "/api/v0/accounts/find_by_phone",
        "/api/v0/nothing",
    ] {
        let answer = preflight(&bench, path);
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), Some("POST"), "{path}");
        let headers = answer.header("access-control-allow-headers");
        assert_eq!(headers, Some("apikey, authorization, content-type"), "{path}");
        assert_eq!(
            (answer.header("x-stend-sandbox"), answer.header("x-stend-request")),
            (None, None),
            "{path}"
        );
    }
    let names = bench.get("/_stend/sandboxes").ok()["sandboxes"].clone();
    assert_eq!(names.as_array().map(Vec::len), Some(1), "a preflight makes no sandbox: {names}");

    let answer = client(&bench);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{answer}");
    assert!(
        answer.header("access-control-expose-headers").is_some_and(|names| names.contains("X-Stend-Request"))
    );
    assert_eq!(answer.header("x-stend-request"), Some("1"), "a preflight takes no number");
    for (path, status) in
        [("/api/v0/nothing", 404), ("/nothing", 404), ("/sandboxes/CI_7/ext/api/v1/clients/", 400)]
    {
        let answer = bench.request("GET", path).header("origin", PAGE).send();
        assert_eq!(answer.with_status(status).header("access-control-allow-origin"), Some("*"), "{path}");
    }
}

#[test]
fn who_is_no_page_sees_none_of_it() {
    let bench = Bench::demo();
    let answer = bench.get("/api/v0/nothing");
    assert_eq!(answer.header("access-control-allow-origin"), None);
    bench.request("OPTIONS", "/integration/general/client").send().with_status(405);
}

#[test]
fn the_controls_answer_no_page() {
    let bench = Bench::demo();
    let answer = preflight(&bench, "/_stend/reset");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None));
    let answer = bench.request("GET", "/").header("origin", PAGE).send();
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn it_can_be_narrowed_and_turned_off() {
    let bench = narrowed(PAGE);
    let answer = client(&bench);
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    assert_eq!(answer.header("vary"), Some("Origin"));
    let other = bench.request("OPTIONS", "/api/v0/nothing").header("origin", "http://evil.example");
    let other = other.header("access-control-request-method", "POST").send();
    assert_eq!((other.status, other.header("access-control-allow-origin")), (204, None));

    let bench = narrowed("off");
    assert_eq!(preflight(&bench, "/integration/general/client").status, 405);
    assert_eq!(client(&bench).header("access-control-allow-origin"), None);
}
