//! Which sandbox a request means: path, header, credential suffix, host, `default`; the first match wins.

use serde_json::json;

use crate::harness::{Answer, Bench, IVAN, IVAN_PHONE, KEY, TILL, shop};
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

/// What an answer says of its call: `a 1`.
fn mark(answer: &Answer) -> String {
    format!(
        "{} {}",
        sandbox_of(answer),
        answer.header("x-stend-request").expect("every answer has its number")
    )
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
fn of_any_two_selectors_the_earlier_one_wins_and_its_name_is_the_one_that_must_be_good() {
    /// A path and a header that name a sandbox.
    type Selector = fn(&str) -> (String, (&'static str, String));
    let bench = Bench::shop();
    // In their order.
    let selectors: [Selector; 5] = [
        |name| (format!("/sandboxes/{name}{CLIENT}"), ("accept", "*/*".to_owned())),
        |name| (CLIENT.to_owned(), ("X-Stend-Sandbox", name.to_owned())),
        |name| (CLIENT.to_owned(), ("apikey", format!("{KEY}~{name}"))),
        |name| (CLIENT.to_owned(), ("X-API-Key", format!("any~{name}"))),
        |name| (CLIENT.to_owned(), ("Host", format!("{name}.localhost"))),
    ];
    for earlier in 0..selectors.len() {
        for later in earlier + 1..selectors.len() {
            let call = |first: &str, second: &str| {
                let ((path, one), (_, other)) = (selectors[earlier](first), selectors[later](second));
                let mut headers = vec![(one.0, one.1.as_str()), (other.0, other.1.as_str())];
                if headers.iter().all(|(name, _)| *name != "apikey") {
                    headers.push(("apikey", KEY));
                }
                ask(&bench, &path, &headers)
            };
            let answer = call("first", "second");
            answer.ok();
            assert_eq!(sandbox_of(&answer), "first", "{earlier} and {later}");
            // A credential whose suffix is no name is a whole credential, and that is not for this test.
            if later == 4 {
                let answer = call("first", "NO_NAME");
                assert_eq!((answer.status, sandbox_of(&answer)), (200, "first"), "{earlier} and {later}");
            }
            if earlier < 2 {
                assert_eq!(call("NO_NAME", "second").header("x-stend-error"), Some("badSandboxName"));
            }
        }
    }
    let list = bench.get("/_stend/sandboxes").ok();
    assert_eq!(list["total"], 2, "only `first` was made, beside the default: {list}");
}

#[test]
fn a_name_behind_the_key_is_no_part_of_the_key_whoever_chooses_the_sandbox() {
    let bench = Bench::shop();
    for (path, header) in [
        (format!("/sandboxes/a{CLIENT}"), ("accept", "*/*")),
        (CLIENT.to_owned(), ("X-Stend-Sandbox", "a")),
        (CLIENT.to_owned(), ("Host", "elsewhere.localhost")),
    ] {
        ask(&bench, &path, &[("apikey", "test-key~b"), header]).ok();
        ask(&bench, &path, &[("apikey", "test-key~NO_NAME"), header]).blames(&["apikey"]);
        ask(&bench, &path, &[("apikey", "test-key~b~c"), header]).blames(&["apikey"]);
        ask(&bench, &path, &[("apikey", "~b"), header]).blames(&["apikey"]);
    }
}

#[test]
fn the_longest_and_the_shortest_names_work_by_every_selector() {
    let bench = Bench::shop();
    for name in ["0", "a-", "a--b", "0".repeat(63).as_str()] {
        for (path, header) in [
            (format!("/sandboxes/{name}{CLIENT}"), ("apikey", KEY.to_owned())),
            (CLIENT.to_owned(), ("X-Stend-Sandbox", name.to_owned())),
            (CLIENT.to_owned(), ("apikey", format!("{KEY}~{name}"))),
            (CLIENT.to_owned(), ("Host", format!("{name}.localhost:80"))),
        ] {
            let mut headers = vec![(header.0, header.1.as_str())];
            if header.0 != "apikey" {
                headers.push(("apikey", KEY));
            }
            let answer = ask(&bench, &path, &headers);
            answer.ok();
            assert_eq!(sandbox_of(&answer), name, "{path} {headers:?}");
        }
    }
}

#[test]
fn hosts_that_are_not_below_localhost_name_no_sandbox() {
    let bench = Bench::shop();
    for host in
        ["localhost", "localhost:6896", "127.0.0.1", "[::1]:6896", "ci-7", "ci-7.example.com", "stend.local"]
    {
        let answer = ask(&bench, CLIENT, &[("apikey", KEY), ("Host", host)]);
        answer.ok();
        assert_eq!(sandbox_of(&answer), "default", "{host}");
    }
}

#[test]
fn what_is_encoded_behind_the_prefix_comes_through_and_the_prefix_itself_is_taken_literally() {
    let bench = Bench::shop();
    // "Иван", and the account's id with one digit encoded.
    let found = bench.get("/sandboxes/a/_stend/accounts?query=%D0%98%D0%B2%D0%B0%D0%BD&limit=5").ok();
    assert_eq!((&found["total"], &found["accounts"][0]["id"]), (&json!(1), &json!(IVAN)));
    let path = format!("/sandboxes/a/_stend/accounts/loyalclient/%36{}", &IVAN[1..]);
    assert_eq!(bench.get(&path).ok()["id"], IVAN);
    let odd = bench.get("/sandboxes/a/_stend/accounts?query=%2Fsandboxes%2Fb%3F&offset=0");
    assert_eq!((odd.ok()["total"].clone(), sandbox_of(&odd)), (json!(0), "a"));

    let encoded_name = bench.get("/sandboxes/%61/_stend/clock");
    encoded_name.problem(400);
    assert_eq!(encoded_name.header("x-stend-error"), Some("badSandboxName"));
    let encoded_slash = bench.get("/sandboxes/a%2F_stend/clock");
    encoded_slash.problem(400);
    assert_eq!(encoded_slash.header("x-stend-error"), Some("badSandboxName"));
    // Another path, to which nobody answers: never a vendor's answer, and never another sandbox's.
    let encoded_word = bench.get("/sandbo%78es/a/_stend/clock");
    assert_eq!((encoded_word.status, encoded_word.header("x-stend-error")), (404, Some("unmatched")));
}

#[test]
fn a_request_line_with_a_whole_address_is_read_like_any_other() {
    let bench = Bench::shop();
    let mut socket = bench.socket();
    let host = bench.authority().to_owned();
    for (path, sandbox) in [("/_stend/clock", "default"), ("/sandboxes/a/_stend/clock?", "a")] {
        socket.send(format!("GET http://{host}{path} HTTP/1.1\r\nhost: {host}\r\n\r\n"));
        let answer = socket.answer("GET", "/_stend/clock");
        answer.ok();
        assert_eq!(sandbox_of(&answer), sandbox, "{path}");
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
fn whatever_goes_wrong_the_answer_is_marked_and_takes_a_number() {
    let limit = |options: &mut stend::config::Options| options.body_limit = "1KiB".parse().expect("a size");
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(limit));
    let a = bench.in_sandbox("a");
    let large = " ".repeat(2_000);
    let emulated = [
        a.request("POST", CLIENT).body("{").send(),
        a.request("POST", CLIENT).body(large.as_str()).send(),
        a.request("GET", CLIENT).send(),
        a.request("POST", "/integration/general/nothing").send(),
        a.without_key().request("POST", CLIENT).send(),
        a.get("/nothing/at/all"),
    ];
    let numbers: Vec<_> = emulated.iter().map(|answer| (answer.status, mark(answer))).collect();
    assert_eq!(
        numbers,
        [(422, "a 1"), (413, "a 2"), (405, "a 3"), (404, "a 4"), (422, "a 5"), (404, "a 6")]
            .map(|(status, mark)| (status, mark.to_owned()))
    );
    let control = [
        a.request("POST", "/_stend/clock/advance").body("{").send(),
        a.request("POST", "/_stend/clock/advance").body(large.as_str()).send(),
        a.request("DELETE", "/_stend/clock").send(),
        a.get("/_stend/nothing"),
    ];
    let numbers: Vec<_> = control.iter().map(|answer| (answer.status, mark(answer))).collect();
    assert_eq!(
        numbers,
        [(400, "a c1"), (413, "a c2"), (405, "a c3"), (404, "a c4")]
            .map(|(status, mark)| (status, mark.to_owned()))
    );
    assert_eq!(bench.get("/_stend/sandboxes/a").ok()["requests"], 6);
}

#[test]
fn numbers_of_calls_at_the_same_time_are_all_different() {
    let bench = Bench::shop();
    let mut numbers: Vec<u64> = std::thread::scope(|scope| {
        let ask = || {
            let agent = bench.on_a_connection_of_its_own();
            let number = |_| {
                let answer = agent.client(json!({"search": IVAN_PHONE, "point": TILL}));
                answer.header("x-stend-request").and_then(|it| it.parse().ok()).expect("a number")
            };
            (0..25).map(number).collect::<Vec<u64>>()
        };
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it answers")).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=400).collect::<Vec<u64>>());
}

#[test]
fn what_touches_no_sandbox_names_none_and_makes_none() {
    let bench = Bench::shop();
    for path in ["/sandboxes/a/_stend/health", "/sandboxes/a/", "/sandboxes/a"] {
        let answer = bench.get(path);
        answer.with_status(200);
        assert_eq!(
            (answer.header("x-stend-sandbox"), answer.header("x-stend-request")),
            (None, None),
            "{path}"
        );
    }
    assert_eq!(bench.get("/_stend/sandboxes").ok()["total"], 1);
}

#[test]
fn in_explicit_mode_every_selector_of_an_unknown_sandbox_is_told() {
    let bench = Bench::start(
        Bench::builder()
            .fixture(shop().to_string())
            .options(|options| options.sandboxes = SandboxMode::Explicit),
    );
    let calls = [
        (format!("/sandboxes/typo{CLIENT}"), vec![("apikey", KEY)]),
        (CLIENT.to_owned(), vec![("apikey", KEY), ("X-Stend-Sandbox", "typo")]),
        (CLIENT.to_owned(), vec![("apikey", "test-key~typo")]),
        (CLIENT.to_owned(), vec![("apikey", "wrong-key~typo")]),
        (CLIENT.to_owned(), vec![("apikey", KEY), ("Host", "typo.localhost")]),
        ("/sandboxes/typo/nothing".to_owned(), vec![]),
        ("/sandboxes/typo/_stend/clock/freeze".to_owned(), vec![]),
    ];
    for (path, headers) in &calls {
        let answer = ask(&bench, path, headers);
        assert!(answer.problem(404).contains("POST /_stend/sandboxes"), "the way out: {answer}");
        assert_eq!(answer.header("x-stend-error"), Some("unknownSandbox"), "{path} {headers:?}");
        assert_eq!(answer.header("x-stend-sandbox"), None);
    }
    assert_eq!(bench.get("/_stend/sandboxes").ok()["total"], 1, "nothing was made");
    bench.post("/_stend/sandboxes", &json!({"name": "typo"})).with_status(201);
    for (path, headers) in calls.iter().filter(|(path, _)| path.ends_with(CLIENT)) {
        let answer = ask(&bench, path, headers);
        assert_eq!(sandbox_of(&answer), "typo", "{path} {headers:?}");
        assert_eq!(answer.header("x-stend-error"), None);
    }
    // Gone again, and unknown again.
    bench.request("DELETE", "/_stend/sandboxes/typo").send().with_status(204);
    ask(&bench, &calls[0].0, &calls[0].1).problem(404);
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
