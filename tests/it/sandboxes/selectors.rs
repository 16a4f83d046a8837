//! Which sandbox a request means: path, header, credential suffix, host, `default`; the first match wins.

use serde_json::json;

use crate::harness::{Answer, Bench, IVAN, IVAN_PHONE, KEY, TILL};
use stend::config::SandboxMode;

const CLIENT: &str = "/integration/general/client";

fn ask(bench: &Bench, path: &str, headers: &[(&str, &str)]) -> Answer {
    let body = json!({"search": IVAN_PHONE, "point": TILL});
    let request = bench.without_key();
    let mut request = request.request("POST", path).json(&body);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send()
}

fn sandbox_of(answer: &Answer) -> &str {
    answer.header("x-stend-sandbox").expect("every answer names its sandbox")
}

#[test]
fn each_selector_chooses_a_sandbox() {
    let bench = Bench::shop();
    for (path, headers, sandbox) in [
        (CLIENT.to_owned(), vec![("apikey", KEY)], "default"),
        (format!("/sandboxes/by-path{CLIENT}"), vec![("apikey", KEY)], "by-path"),
        (CLIENT.to_owned(), vec![("apikey", KEY), ("X-Stend-Sandbox", "by-header")], "by-header"),
        (CLIENT.to_owned(), vec![("apikey", "test-key~by-key")], "by-key"),
        (CLIENT.to_owned(), vec![("apikey", KEY), ("X-API-Key", "other~by-other-key")], "by-other-key"),
        (CLIENT.to_owned(), vec![("apikey", KEY), ("Host", "by-host.localhost:6896")], "by-host"),
        (CLIENT.to_owned(), vec![("apikey", KEY), ("Host", "BY-HOST.LocalHost")], "by-host"),
        (CLIENT.to_owned(), vec![("apikey", "test-key~default")], "default"),
    ] {
        let answer = ask(&bench, &path, &headers);
        answer.ok();
        assert_eq!(sandbox_of(&answer), sandbox, "{path} {headers:?}");
    }
}

#[test]
fn the_first_selector_wins_and_the_key_is_still_read_without_its_suffix() {
    let bench = Bench::shop();
    let path = format!("/sandboxes/a{CLIENT}");
    let all = [("apikey", "test-key~c"), ("X-Stend-Sandbox", "b"), ("Host", "d.localhost")];
    let (key, host) = (all[0], all[2]);
    for (path, headers, sandbox) in [
        (path.as_str(), all.to_vec(), "a"),
        (CLIENT, all.to_vec(), "b"),
        (CLIENT, vec![key, host], "c"),
        (CLIENT, vec![("apikey", KEY), host], "d"),
    ] {
        let answer = ask(&bench, path, &headers);
        answer.ok();
        assert_eq!(sandbox_of(&answer), sandbox, "{path} {headers:?}");
    }
}

#[test]
fn the_controls_are_chosen_for_the_same_way() {
    let bench = Bench::shop();
    bench.in_sandbox("a").advance("PT1H");
    for (path, header) in [
        ("/sandboxes/a/_stend/clock", ("accept", "*/*")),
        ("/_stend/clock", ("X-Stend-Sandbox", "a")),
        ("/_stend/clock", ("apikey", "test-key~a")),
        ("/_stend/clock", ("Authorization", "Bearer whatever~a")),
        ("/_stend/clock", ("Host", "a.localhost")),
    ] {
        let answer = bench.request("GET", path).header(header.0, header.1).send();
        assert_eq!(
            (answer.ok()["now"].as_str(), sandbox_of(&answer)),
            (Some("2026-01-01T01:00:00.000Z"), "a")
        );
    }
    let query = bench.request("GET", "/sandboxes/a/_stend/accounts?limit=1&query=79201234567").send();
    assert_eq!(query.ok()["accounts"][0]["id"], IVAN, "a query comes through behind the prefix");
}

#[test]
fn a_bad_name_is_a_set_up_mistake_and_no_answer_of_the_vendors() {
    let bench = Bench::shop();
    for (path, header) in [
        ("/sandboxes/A".to_owned() + CLIENT, ("accept", "*/*")),
        ("/sandboxes//".to_owned() + CLIENT, ("accept", "*/*")),
        ("/sandboxes/a%20b".to_owned() + CLIENT, ("accept", "*/*")),
        (format!("/sandboxes/{}{CLIENT}", "a".repeat(64)), ("accept", "*/*")),
        (CLIENT.to_owned(), ("X-Stend-Sandbox", "ci_7")),
        (CLIENT.to_owned(), ("X-Stend-Sandbox", "")),
        (CLIENT.to_owned(), ("Host", "a.b.localhost")),
        ("/_stend/clock".to_owned(), ("X-Stend-Sandbox", "-a")),
    ] {
        let answer = ask(&bench, &path, &[("apikey", KEY), header]);
        let detail = answer.problem(400);
        assert!(detail.contains("is not a sandbox name"), "{path} {header:?}: {detail}");
        assert_eq!(answer.header("x-stend-error"), Some("badSandboxName"));
        assert_eq!(answer.header("x-stend-sandbox"), None);
    }
}

#[test]
fn a_suffix_that_is_no_name_belongs_to_the_key() {
    let bench = Bench::shop();
    for key in ["test-key~CI_7", "test-key~", "test-key~a~", "test-key~-a"] {
        let answer = ask(&bench, CLIENT, &[("apikey", key)]);
        answer.blames(&["apikey"]);
        assert_eq!(sandbox_of(&answer), "default", "{key}");
    }
    ask(&bench, CLIENT, &[("apikey", "wrong~a")]).blames(&["apikey"]);
}

#[test]
fn the_word_sandboxes_alone_is_no_prefix() {
    let bench = Bench::shop();
    for path in ["/sandboxes", "/sandboxesx/a/integration/general/client"] {
        assert_eq!(bench.get(path).with_status(404).header("x-stend-error"), Some("unmatched"), "{path}");
    }
    // A prefix and nothing behind it is that sandbox's front page.
    bench.get("/sandboxes/a").with_status(200);
    // One prefix is taken off, not two.
    let twice = ask(&bench, &format!("/sandboxes/a/sandboxes/b{CLIENT}"), &[("apikey", KEY)]);
    assert_eq!((twice.status, sandbox_of(&twice)), (404, "a"));
}

#[test]
fn every_answer_names_its_sandbox_and_the_number_of_its_call() {
    let bench = Bench::shop();
    let numbers = |answer: &Answer| answer.header("x-stend-request").map(str::to_owned);
    for number in 1..=3 {
        let answer = ask(&bench, CLIENT, &[("apikey", "wrong")]);
        assert_eq!(numbers(&answer), Some(number.to_string()));
    }
    let other = bench.in_sandbox("other").get("/integration/nothing");
    assert_eq!((sandbox_of(&other), numbers(&other).as_deref()), ("other", Some("1")));
    assert_eq!(numbers(&bench.get("/_stend/clock")).as_deref(), Some("c1"), "controls count apart");
    bench.reset();
    let answer = ask(&bench, CLIENT, &[("apikey", KEY)]);
    assert_eq!(numbers(&answer).as_deref(), Some("4"), "a number never comes again, not even after a reset");
}

#[test]
fn in_explicit_mode_a_name_must_be_made_before_it_is_used() {
    let bench = Bench::start(Bench::builder().options(|options| options.sandboxes = SandboxMode::Explicit));
    let path = format!("/sandboxes/typo{CLIENT}");
    let answer = ask(&bench, &path, &[("apikey", KEY)]);
    assert!(answer.problem(404).contains("there is no sandbox \"typo\""));
    assert_eq!(answer.header("x-stend-error"), Some("unknownSandbox"));
    bench.in_sandbox("typo").get("/_stend/clock").problem(404);

    bench.post("/_stend/sandboxes", &json!({"name": "typo"})).with_status(201);
    ask(&bench, &path, &[("apikey", KEY)]).ok();
    bench.get("/_stend/clock").ok();
}
