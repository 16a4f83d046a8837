//! Who may call the controls: not what a foreign web page can send, and with an admin token only who knows it.
//! The emulated APIs are as open as the originals.

use serde_json::json;

use crate::harness::{Answer, Bench, Caller, IVAN, IVAN_PHONE, KEY, TILL, operations, shop};

/// What a foreign web page, or a browser on its behalf, sends.
const FOREIGN: [(&str, &str); 7] = [
    ("Host", "evil.example.com"),
    ("Host", "127.0.0.1.nip.io:6896"),
    ("Origin", "https://evil.example.com"),
    ("Origin", "null"),
    ("Origin", "http://localhost.evil.example.com"),
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Site", "same-site"),
];

fn with_token(token: &str) -> Bench {
    Bench::start(
        Bench::builder()
            .fixture(shop().to_string())
            .options(|options| options.admin_token = Some(token.to_owned())),
    )
}

/// Every control call of the contract, with its path filled in.
fn controls() -> Vec<(String, String)> {
    let controls = operations().into_iter().filter(|operation| operation.path.starts_with("/_stend"));
    let controls: Vec<_> = controls
        .map(|operation| {
            let path =
                operation.path.replace("{api}", "loyalclient").replace("{id}", IVAN).replace("{name}", "x");
            (operation.method, path)
        })
        .collect();
    assert!(controls.len() > 20, "the contract has lost its controls: {controls:?}");
    controls
}

/// Calls without anything of the harness's own, such as a key.
fn call(caller: &Caller, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let caller = caller.without_key();
    headers
        .iter()
        .fold(caller.request(method, path), |request, (name, value)| request.header(name, value))
        .send()
}

#[test]
fn every_control_refuses_every_mark_of_a_foreign_page() {
    let bench = Bench::shop();
    for (method, path) in controls() {
        for header in FOREIGN {
            let answer = call(&bench, &method, &path, &[header]);
            assert_eq!(answer.status, 403, "{method} {path} with {header:?}\n{answer}");
            let marks = (answer.header("x-stend-sandbox"), answer.header("x-stend-request"));
            assert_eq!(marks, (None, None), "who has no business here is told nothing of sandboxes");
        }
    }
}

#[test]
fn what_is_refused_has_not_happened() {
    let bench = Bench::shop();
    bench.holds(IVAN, 100);
    let state = bench.get("/_stend/state").body.clone();
    for header in FOREIGN {
        for (method, path) in [
            ("POST", "/_stend/reset"),
            ("POST", "/sandboxes/new/_stend/reset"),
            ("POST", "/_stend/clock/resume"),
            ("PUT", "/_stend/snapshots/x"),
            ("DELETE", "/_stend/sandboxes/default"),
        ] {
            call(&bench, method, path, &[header]).problem(403);
        }
        let request = bench.request("PUT", "/_stend/state").header(header.0, header.1);
        request.json(&json!({"version": 1})).send().problem(403);
        let request = bench.request("POST", "/_stend/sandboxes").header(header.0, header.1);
        request.json(&json!({"name": "new"})).send().problem(403);
        call(&bench, "GET", "/_stend/clock", &[header, ("X-Stend-Sandbox", "new")]).problem(403);
    }
    assert!(bench.get("/_stend/state").body == state);
    let info = bench.get("/_stend/sandboxes/default").ok();
    assert_eq!((&info["generation"], &info["requests"]), (&json!(0), &json!(1)));
    assert_eq!(bench.get("/_stend/sandboxes").ok()["total"], 1, "naming a sandbox made none");
    assert_eq!(bench.get("/_stend/snapshots").ok()["total"], 0);
}

#[test]
fn the_refusal_is_told_before_anything_about_the_sandbox_or_the_body() {
    let bench = with_token("secret");
    for path in ["/sandboxes/NO_NAME/_stend/clock", "/_stend/nothing", "/_stend"] {
        for (header, status) in [("origin: null", 403), ("accept: */*", 401)] {
            let mut socket = bench.socket();
            socket.send(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{header}\r\n\r\n"));
            let answer = socket.bare_answer().expect("an answer");
            answer.problem(status);
            assert_eq!(answer.header("x-stend-error"), None, "{path}");
        }
    }
    // A body is neither waited for in vain nor kept: the connection stays good.
    let mut socket = bench.socket();
    let length = 3 << 20;
    socket.send(format!(
        "PUT /_stend/state HTTP/1.1\r\nhost: localhost\r\norigin: null\r\ncontent-length: {length}\r\n\r\n"
    ));
    socket.send(vec![b' '; length]);
    socket.answer("PUT", "/_stend/state").problem(403);
    socket.send("GET /_stend/health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    socket.answer("GET", "/_stend/health").ok();
}

#[test]
fn every_control_but_health_and_ready_wants_the_token() {
    let bench = with_token("secret");
    for (method, path) in controls() {
        let answer = call(&bench, &method, &path, &[]);
        if ["/_stend/health", "/_stend/ready"].contains(&path.as_str()) {
            answer.with_status(200);
            continue;
        }
        if method != "HEAD" {
            answer.problem(401);
        }
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (401, Some("Bearer")),
            "{method} {path}"
        );
        assert_eq!(answer.header("x-stend-sandbox"), None, "{method} {path}");
    }
    assert_eq!(bench.with_token("secret").get("/_stend/sandboxes").ok()["total"], 1);
}

#[test]
fn a_token_is_right_to_the_letter_as_a_bearer_token_and_nowhere_else() {
    let bench = with_token("s3cret~");
    bench.with_token("s3cret~").get("/_stend/clock").ok();
    for header in [
        ("Authorization", "Bearer s3cret~"),
        ("Authorization", "bearer s3cret~"),
        ("Authorization", "Bearer  s3cret~ "),
        ("Authorization", "Bearer s3cret~~ci-7"),
    ] {
        call(&bench, "GET", "/_stend/clock", &[header]).ok();
    }
    for header in [
        ("Authorization", "Bearer S3cret-~x"),
        ("Authorization", "Bearer s3cret"),
        ("Authorization", "Bearer s3cret~~"),
        ("Authorization", "Bearer s3cret~~NO_NAME"),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer "),
        ("Authorization", "Basic czNjcmV0fg=="),
        ("Authorization", "s3cret~"),
        ("apikey", "s3cret~"),
        ("X-API-Key", "s3cret~"),
        ("Cookie", "token=s3cret~"),
    ] {
        let answer = call(&bench, "GET", "/_stend/clock", &[header]);
        assert_eq!(answer.status, 401, "{header:?}");
        assert!(!answer.text().contains("s3cret"), "the refusal tells the token");
    }
    call(&bench, "GET", "/_stend/clock?token=s3cret~", &[]).problem(401);
}

#[test]
fn the_token_chooses_a_sandbox_by_its_suffix() {
    let bench = with_token("secret");
    let answer = bench.with_token("secret~ci-7").get("/_stend/clock");
    answer.ok();
    assert_eq!(answer.header("x-stend-sandbox"), Some("ci-7"));
}

#[test]
fn a_token_does_not_let_a_foreign_page_in() {
    let bench = with_token("secret");
    for header in FOREIGN {
        call(&bench, "GET", "/_stend/clock", &[header, ("Authorization", "Bearer secret")]).problem(403);
        call(&bench, "GET", "/_stend/health", &[header]).problem(403);
    }
}

#[test]
fn the_emulated_apis_ask_for_neither_token_nor_origin_nor_host() {
    let bench = with_token("secret");
    for header in FOREIGN {
        for caller in [bench.with_key(KEY), bench.in_sandbox("a")] {
            let request = caller.request("POST", "/integration/general/client").header(header.0, header.1);
            request.json(&json!({"search": IVAN_PHONE, "point": TILL})).send().ok();
        }
        assert_eq!(call(&bench, "GET", "/", &[header]).status, 200, "{header:?}");
        assert_eq!(call(&bench, "GET", "/nothing", &[header]).status, 404, "{header:?}");
    }
    // The token is no key of theirs, and their key no token.
    bench.with_key("secret").client(json!({"search": IVAN_PHONE, "point": TILL})).blames(&["apikey"]);
    bench.with_token(KEY).get("/_stend/clock").problem(401);
    bench.with_token("secret").get("/_stend/clock").ok();
}

#[test]
fn names_without_a_dot_addresses_and_the_listed_names_are_answered() {
    let allow = |options: &mut stend::config::Options| {
        options.allow_host = vec!["stend.example.com".to_owned(), "Other.Example.COM".to_owned()];
    };
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(allow));
    for (host, status) in [
        ("stend", 200),
        ("stend:6896", 200),
        ("LOCALHOST", 200),
        ("localhost.", 200),
        ("a.localhost", 200),
        ("10.0.0.5:6896", 200),
        ("[::1]", 200),
        ("[fe80::1]:6896", 200),
        ("host.docker.internal:6896", 200),
        ("Host.Docker.Internal", 200),
        ("STEND.example.com:6896", 200),
        ("other.example.com.", 200),
        ("www.stend.example.com", 403),
        ("stend.example.com.evil.com", 403),
        ("localhost.evil.com", 403),
        ("docker.internal", 403),
        ("1.2.3", 403),
        ("1.2.3.4.5", 403),
        ("0x7f.1", 403),
    ] {
        let mut socket = bench.socket();
        socket.send(format!("GET /_stend/clock HTTP/1.1\r\nhost: {host}\r\n\r\n"));
        let answer = socket.answer("GET", "/_stend/clock");
        assert_eq!(answer.status, status, "{host}");
        if status == 403 {
            let name = host.split(':').next().expect("a name");
            assert!(answer.problem(403).contains(&format!("--allow-host {name}")), "the way out: {answer}");
        }
    }
    // Without a Host, as HTTP/1.0 has it, and with one in the request line.
    let mut socket = bench.socket();
    socket.send("GET /_stend/clock HTTP/1.0\r\n\r\n");
    socket.answer("GET", "/_stend/clock").ok();
    let mut socket = bench.socket();
    socket.send("GET http://evil.example.com/_stend/clock HTTP/1.1\r\nhost: localhost\r\n\r\n");
    socket.answer("GET", "/_stend/clock").problem(403);
}

#[test]
fn an_origin_is_our_own_only_with_the_host_that_was_called() {
    let bench = Bench::shop();
    for (host, origin, status) in [
        ("localhost:6896", "http://localhost:6896", 200),
        ("LOCALHOST:6896", "http://localhost:6896", 200),
        ("a.localhost:6896", "http://a.localhost:6896", 200),
        ("localhost:6896", "http://localhost:3000", 403),
        ("localhost:6896", "http://127.0.0.1:6896", 403),
        ("localhost:6896", "http://localhost", 403),
        ("localhost:6896", "http://a.localhost:6896", 403),
        ("a.localhost:6896", "http://localhost:6896", 403),
        ("localhost:6896", "localhost:6896", 403),
        ("localhost:6896", "file://", 403),
        ("localhost:6896", "", 403),
    ] {
        let mut socket = bench.socket();
        socket.send(format!(
            "POST /_stend/clock/freeze HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncontent-length: 0\r\n\r\n"
        ));
        assert_eq!(socket.answer("POST", "/_stend/clock/freeze").status, status, "{host} from {origin:?}");
    }
    for (site, status) in
        [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403), ("?", 403)]
    {
        let answer = call(&bench, "GET", "/_stend/clock", &[("Sec-Fetch-Site", site)]);
        assert_eq!(answer.status, status, "{site}");
    }
}
