//! The edge of stend's own surface: paths that are not there, foreign web pages, the admin token, the front page.

use serde_json::json;

use crate::harness::{Answer, Bench, IVAN_PHONE, TILL, shop};

#[test]
fn an_unknown_control_is_404() {
    let bench = Bench::shop();
    for path in [
        "/_stend",
        "/_stend/",
        "/_stend/nothing",
        "/_stend/clock/",
        "/_stend/clock/stop",
        "/_stend/accounts/x",
    ] {
        bench.get(path).problem(404);
    }
}

#[test]
fn a_path_outside_of_everything_is_marked_as_no_vendors_answer() {
    let bench = Bench::shop();
    for path in
        ["/nothing", "/integrations/general/client", "/_stendx", "/extension/api/v1/clients", "/sandboxes"]
    {
        for method in ["GET", "POST"] {
            let answer = bench.request(method, path).send();
            answer.problem(404);
            assert_eq!(answer.header("x-stend-error"), Some("unmatched"));
        }
    }
}

#[test]
fn a_body_over_the_limit_is_a_problem() {
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(|options| {
        options.body_limit = "1KiB".parse().expect("a size");
        options.state_limit = "1KiB".parse().expect("a size");
    }));
    for (method, path) in
        [("POST", "/_stend/clock/advance"), ("PUT", "/_stend/state"), ("POST", "/_stend/sandboxes")]
    {
        let answer = bench.request(method, path).body(" ".repeat(1025)).send();
        assert!(answer.problem(413).contains("1024"), "{answer}");
    }
}

#[test]
fn control_calls_are_numbered_apart_and_no_number_comes_twice() {
    let bench = Bench::shop();
    let number = |answer: Answer| answer.header("x-stend-request").expect("a number").to_owned();
    let find = || bench.client(json!({"search": IVAN_PHONE, "point": TILL}));
    assert_eq!(number(bench.get("/_stend/clock")), "c1");
    assert_eq!(number(find()), "1");
    assert_eq!(number(bench.get("/_stend/nothing")), "c2");
    bench.reset();
    assert_eq!((number(find()), number(bench.get("/_stend/clock"))), ("2".to_owned(), "c4".to_owned()));
    assert_eq!(
        number(bench.in_sandbox("other").get("/_stend/clock")),
        "c1",
        "each sandbox counts for itself"
    );
}

#[test]
fn the_front_page_tells_where_things_are() {
    let answer = Bench::demo().get("/");
    answer.with_status(200);
    assert!(answer.header("content-type").is_some_and(|it| it.starts_with("text/html")), "{answer}");
    for place in ["/integration/general", "/_stend/accounts", "/_stend/clock", "/_stend/health", "test-key"] {
        assert!(answer.text().contains(place), "{place} is not on the front page");
    }
}

#[test]
fn the_front_page_names_the_demos_key_only_for_the_demo() {
    assert!(!Bench::shop().get("/").text().contains("demo fixture"));
}

#[test]
fn the_front_page_of_a_sandbox_has_links_that_stay_in_it() {
    for path in ["/sandboxes/ci-7", "/sandboxes/ci-7/"] {
        let page = Bench::shop().get(path);
        assert!(page.text().contains("href=\"/sandboxes/ci-7/_stend/accounts\""), "{path}");
    }
    for path in ["/sandboxes/CI_7/", "/sandboxes//", "/sandboxes/CI_7/_stend/health"] {
        assert_eq!(Bench::shop().get(path).header("x-stend-error"), Some("badSandboxName"), "{path}");
    }
}

#[test]
fn only_hosts_that_a_foreign_page_cannot_use_are_answered() {
    let bench = Bench::start(
        Bench::builder()
            .fixture(shop().to_string())
            .options(|options| options.allow_host = vec!["stend.example.com".to_owned()]),
    );
    for host in [
        "localhost",
        "LOCALHOST:6896",
        "127.0.0.1:1",
        "[::1]:6896",
        "stend",
        "host.docker.internal",
        "stend.example.com:80",
        "ci-7.localhost",
    ] {
        with_header(&bench, "Host", host).with_status(200);
    }
    for host in ["evil.example.com", "example.com:6896", "localhost.evil.com", "127.0.0.1.nip.io"] {
        with_header(&bench, "Host", host).problem(403);
    }
}

#[test]
fn what_a_browser_marks_as_foreign_is_refused() {
    let bench = Bench::shop();
    for (name, value) in [
        ("Origin", "https://example.com"),
        ("Origin", "null"),
        ("Origin", "http://localhost:3000"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        bench.request("GET", "/_stend/clock").header(name, value).send().problem(403);
    }
    let own = format!("http://{}", bench.authority());
    for (name, value) in
        [("Origin", own.as_str()), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none")]
    {
        bench.request("GET", "/_stend/clock").header(name, value).send().with_status(200);
    }
}

#[test]
fn no_spelling_of_a_path_gets_around_the_guard() {
    let bench = Bench::start(
        Bench::builder()
            .fixture(shop().to_string())
            .options(|options| options.admin_token = Some("secret".to_owned())),
    );
    for path in [
        "/_stend/clock",
        "/%5Fstend/clock",
        "/_%73tend/clock",
        "/sandboxes/default/_stend/clock",
        "/sandboxes/default/%5fstend/clock",
        "/sandboxes/x/sandboxes/default/_stend/clock",
        "//_stend/clock",
        "/./_stend/clock",
        "/integration/../_stend/clock",
        "/_stend/ready/../clock",
        "/_stend/health/../clock",
        "/_stend/health%2f..%2fclock",
    ] {
        for (name, value) in [("Host", "evil.example.com"), ("Host", "localhost")] {
            let mut socket = bench.socket();
            socket.send(format!("GET {path} HTTP/1.1\r\n{name}: {value}\r\n\r\n"));
            let answer = socket.bare_answer().expect("an answer");
            assert!([400, 401, 403, 404].contains(&answer.status), "{path} with {name}: {value}\n{answer}");
        }
    }
}

#[test]
fn with_an_admin_token_only_health_and_ready_are_open() {
    let bench = Bench::start(
        Bench::builder()
            .fixture(shop().to_string())
            .options(|options| options.admin_token = Some("secret".to_owned())),
    );
    for path in ["/_stend/health", "/_stend/ready"] {
        bench.get(path).with_status(200);
    }
    for caller in [bench.with_token("wrong"), bench.with_token(""), bench.with_key("secret")] {
        let answer = caller.get("/_stend/clock");
        answer.problem(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    bench.with_token("secret").get("/_stend/clock").ok();
    let answer = bench.with_token("secret~ci-7").get("/_stend/clock");
    answer.ok();
    bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
}

/// Asks for the clock over a bare socket, where the host can be anything.
fn with_header(bench: &Bench, name: &str, value: &str) -> Answer {
    let mut socket = bench.socket();
    socket.send(format!("GET /_stend/clock HTTP/1.1\r\n{name}: {value}\r\n\r\n"));
    socket.answer("GET", "/_stend/clock")
}

#[test]
fn who_offers_another_protocol_is_told_that_the_connection_ends() {
    let bench = Bench::shop();
    let mut socket = bench.socket();
    socket.send(
        b"GET /_stend/clock HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, HTTP2-Settings\r\n\
          upgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n\r\n",
    );
    let answer = socket.answer("GET", "/_stend/clock");
    answer.ok();
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(socket.is_closed());
}
