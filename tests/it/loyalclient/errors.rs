//! What all calls of LoyalClient have in common: key, body, fields, paths, methods.

use serde_json::{Value, json};

use crate::harness::{Answer, Bench, IVAN, IVAN_PHONE, NOBODY, TILL};

/// Every call with a body that it accepts.
fn calls() -> [(&'static str, Value); 5] {
    [
        ("/integration/general/client", json!({"search": IVAN_PHONE, "point": TILL})),
        ("/integration/general/recalc", json!({"client": IVAN, "point": TILL, "amount": 10})),
        ("/integration/general/bonuses/hold", json!({"client": IVAN, "point": TILL, "amount": 10})),
        ("/integration/general/bonuses/release", json!({"id": NOBODY})),
        ("/integration/general/retail", json!({"client": IVAN, "point": TILL, "amount": 10, "spend": 0})),
    ]
}

#[track_caller]
fn post(bench: &Bench, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    bench.request("POST", path).body(body).send()
}

#[test]
fn every_call_wants_the_key() {
    let bench = Bench::shop();
    for (path, body) in calls() {
        bench.without_key().post(path, &body).blames(&["apikey"]);
        for key in ["", "wrong", "Test-Key", "test-key2", "test-key,", "тест"] {
            bench.with_key(key).post(path, &body).blames(&["apikey"]);
        }
        bench.post(path, &body).ok();
    }
}

#[test]
fn a_wrong_key_is_told_before_anything_else() {
    let bench = Bench::shop();
    for (path, _) in calls() {
        for body in ["", "{", "[]", "{}", r#"{"client":"nobody","point":"nowhere","amount":-1}"#] {
            bench.with_key("wrong").request("POST", path).body(body).send().blames(&["apikey"]);
        }
    }
}

#[test]
fn the_keys_header_is_found_in_any_case() {
    let bench = Bench::shop();
    let mut socket = bench.socket();
    let body = format!(r#"{{"search":"{IVAN_PHONE}","point":"{TILL}"}}"#);
    let head = format!(
        "POST /integration/general/client HTTP/1.1\r\nHost: x\r\nApiKey: test-key\r\nContent-Length: {}",
        body.len()
    );
    socket.send(format!("{head}\r\n\r\n{body}")).answer("POST", "/integration/general/client").ok();
}

#[test]
fn a_body_that_is_no_json_object_is_told_under_body() {
    let bench = Bench::shop();
    let deep = "[".repeat(100_000);
    let bodies: Vec<&[u8]> = vec![
        b"",
        b" \r\n\t ",
        b"\xef\xbb\xbf",
        b"{",
        b"}",
        b"nonsense",
        b"{'id':'x'}",
        b"{\"id\":}",
        b"{\"id\":\"x\",}",
        b"{\"id\":\"x\"",
        b"{id:\"x\"}",
        b"[]",
        b"[{\"id\":\"x\"}]",
        b"null",
        b"true",
        b"42",
        b"\"x\"",
        b"{\"id\":\"x\"} x",
        b"{\"id\":\"x\"}{}",
        b"{\"id\":\"x\"}\0",
        b"{\"id\":\"\xff\"}",
        b"\xff\xfe{\0}\0",
        b"{\"id\":\"a\nb\"}",
        b"{\"id\":\"x\",\"n\":01}",
        b"{\"id\":\"x\",\"n\":NaN}",
        b"search=79201234567&point=62a0f1e2d3c4b5a69788f4f4",
        b"<id>x</id>",
        deep.as_bytes(),
    ];
    for (path, _) in calls() {
        for body in &bodies {
            post(&bench, path, *body).blames(&["body"]);
        }
    }
}

#[test]
fn a_body_may_have_a_byte_order_mark_and_space_around_it() {
    let bench = Bench::shop();
    for (path, body) in calls() {
        for text in [format!("\u{feff}{body}"), format!(" \r\n\t{body}\n\n "), format!("{body:#}")] {
            post(&bench, path, text).ok();
        }
    }
}

#[test]
fn the_content_type_is_not_asked_for() {
    let bench = Bench::shop();
    for (path, body) in calls() {
        post(&bench, path, body.to_string()).ok();
        for media_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"] {
            let request = bench.request("POST", path).header("content-type", media_type);
            request.body(body.to_string()).send().ok();
        }
    }
}

#[test]
fn unknown_fields_are_accepted() {
    let bench = Bench::shop();
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    for (path, body) in calls() {
        let mut more = body.clone();
        more["comment"] = json!({"from": ["a newer", "client"]});
        more["Amount"] = json!("not the amount");
        bench.post(path, &more).ok();

        let body = body.to_string();
        let deep = format!("{},\"deep\":{deep}}}", body.strip_suffix('}').expect("an object"));
        let mut socket = bench.socket();
        socket.send_head("POST", path, deep.len()).send(deep).answer("POST", path).ok();
    }
}

#[test]
fn of_a_key_that_stands_twice_the_last_one_counts() {
    let bench = Bench::shop();
    let release = "/integration/general/bonuses/release";
    post(&bench, release, r#"{"id":5,"id":"x"}"#).ok();
    post(&bench, release, r#"{"id":"x","id":5}"#).blames(&["id"]);
    post(&bench, release, r#"{"id":5,"\u0069d":"x"}"#).ok();
}

#[test]
fn everything_that_is_wrong_with_a_body_is_told_at_once() {
    let bench = Bench::shop();
    let (client, recalc) = ("/integration/general/client", "/integration/general/recalc");
    let (hold, release) = ("/integration/general/bonuses/hold", "/integration/general/bonuses/release");
    let retail = "/integration/general/retail";
    for (path, body, fields) in [
        (client, json!({}), &["search", "point"][..]),
        (client, json!({"search": "", "point": 5, "hold": "x"}), &["search", "point", "hold"]),
        (client, json!({"search": null, "point": null, "hold": {}}), &["search", "point", "hold"]),
        (client, json!({"search": ["7920"], "point": {}, "hold": [1]}), &["search", "point", "hold"]),
        (client, json!({"search": true, "point": false, "hold": [null]}), &["search", "point", "hold"]),
        (recalc, json!({}), &["client", "point", "amount"]),
        (
            recalc,
            json!({"client": 1, "point": [], "amount": "100", "hold": 5}),
            &["client", "point", "amount", "hold"],
        ),
        (recalc, json!({"client": IVAN, "point": TILL, "amount": 0, "hold": [TILL, 5]}), &["amount", "hold"]),
        (hold, json!({}), &["client", "point", "amount"]),
        (
            hold,
            json!({"client": null, "point": 1, "amount": -1, "duration": 31}),
            &["client", "point", "amount", "duration"],
        ),
        (release, json!({}), &["id"]),
        (release, json!({"id": 5}), &["id"]),
        (release, json!({"id": null}), &["id"]),
        (release, json!({"id": [NOBODY]}), &["id"]),
        (retail, json!({}), &["client", "point", "amount", "spend"]),
        (
            retail,
            json!({"client": 1, "point": 1, "amount": "1", "spend": "1", "hold": true}),
            &["client", "point", "amount", "spend", "hold"],
        ),
        (retail, json!({"client": IVAN, "point": TILL, "amount": 10}), &["spend"]),
        (retail, json!({"client": IVAN, "point": TILL, "amount": 10, "spend": null}), &["spend"]),
    ] {
        bench.post(path, &body).blames(fields);
    }
}

#[test]
fn a_bad_body_is_told_before_unknown_ids_and_those_before_the_limits() {
    let bench = Bench::shop();
    bench.retail(json!({"client": NOBODY, "point": NOBODY, "amount": 1, "spend": -1})).blames(&["spend"]);
    bench
        .retail(json!({"client": NOBODY, "point": TILL, "amount": 1, "spend": 9}))
        .refused(r#"{"client":"Client not found."}"#);
}

#[test]
fn sums_that_are_none_are_bad_input() {
    let bench = Bench::shop();
    for amount in [
        "0",
        "-0",
        "0.00",
        "-1",
        "-0.01",
        "0.001",
        "100.005",
        "1e-3",
        "1000000000000.01",
        "1000000000001",
        "1e13",
        "1e400",
        "-1e400",
        "1e-400",
        "123456789012345678901234567890",
        "\"100\"",
        "null",
        "true",
        "[100]",
        "{}",
    ] {
        for (path, rest) in [
            ("/integration/general/recalc", ""),
            ("/integration/general/bonuses/hold", ""),
            ("/integration/general/retail", r#","spend":0"#),
        ] {
            let body = format!(r#"{{"client":"{IVAN}","point":"{TILL}","amount":{amount}{rest}}}"#);
            post(&bench, path, body).blames(&["amount"]);
        }
    }
    assert_eq!(bench.account(IVAN)["entries"].as_array().map(Vec::len), Some(1));
}

#[test]
fn spends_that_are_none_are_bad_input() {
    let bench = Bench::shop();
    for spend in ["-1", "-0.5", "0.5", "0.001", "1e13", "1e400", "\"0\"", "null", "false", "[]"] {
        let body = format!(r#"{{"client":"{IVAN}","point":"{TILL}","amount":10,"spend":{spend}}}"#);
        post(&bench, "/integration/general/retail", body).blames(&["spend"]);
    }
    for spend in ["0.0", "-0", "0e5", "5.00", "1e0"] {
        let body = format!(r#"{{"client":"{IVAN}","point":"{TILL}","amount":10,"spend":{spend}}}"#);
        post(&bench, "/integration/general/retail", body).ok();
    }
}

#[test]
fn searches_that_are_none_are_bad_input() {
    let bench = Bench::shop();
    for search in ["\"\"", "\"  \"", "\"\\n\"", "-79201234567", "79201234567.5", "null", "[]", "\"\\ud800\""]
    {
        let body = format!(r#"{{"search":{search},"point":"{TILL}"}}"#);
        post(&bench, "/integration/general/client", body).blames(&["search"]);
    }
    for search in ["79201234567.0", "7.9201234567e10"] {
        let body = format!(r#"{{"search":{search},"point":"{TILL}"}}"#);
        post(&bench, "/integration/general/client", body).ok();
    }
    let endless = "7".repeat(10_000);
    for search in [endless.clone(), format!("\"{endless}\"")] {
        let body = format!(r#"{{"search":{search},"point":"{TILL}"}}"#);
        post(&bench, "/integration/general/client", body).refused(r#"{"client":"Client not found."}"#);
    }
}

#[test]
fn escapes_are_read_in_names_and_values() {
    let bench = Bench::shop();
    let body = format!(r#"{{"s\u0065arch":"\u0037920123456\u0037","point":"{TILL}"}}"#);
    post(&bench, "/integration/general/client", body).ok();
}

#[test]
fn an_unknown_path_is_told_under_path_in_the_apis_shape() {
    let bench = Bench::shop();
    for path in [
        "/integration",
        "/integration/",
        "/integration/general",
        "/integration/general/",
        "/integration/general/client/",
        "/integration/general/Client",
        "/integration/general/hold",
        "/integration/general/bonuses",
        "/integration/general/bonuses/hold/1",
        "/integration/general/клиент",
    ] {
        let path = path.replace("клиент", "%D0%BA");
        for method in ["POST", "GET", "DELETE"] {
            let answer = bench.without_key().request(method, &path).send();
            answer.blames_with(404, &["path"]);
        }
    }
}

#[test]
fn a_wrong_method_is_told_under_method_with_the_right_one_beside_it() {
    let bench = Bench::shop();
    for (path, body) in calls() {
        for method in ["GET", "PUT", "DELETE", "PATCH", "BREW"] {
            let answer = bench.request(method, path).json(&body).send();
            answer.blames_with(405, &["method"]);
            assert_eq!(answer.header("allow"), Some("POST"));
        }
        bench.request("HEAD", path).send().with_status(405);
    }
}

#[test]
fn a_body_over_the_limit_is_told_under_body_with_413() {
    let bench = Bench::start(
        Bench::builder()
            .fixture(crate::harness::shop().to_string())
            .options(|options| options.body_limit = "1KiB".parse().expect("a size")),
    );
    for (path, body) in calls() {
        let padded = |length: usize| format!("{body}{}", " ".repeat(length - body.to_string().len()));
        post(&bench, path, padded(1024)).ok();
        let answer = post(&bench, path, padded(1025));
        answer.blames_with(413, &["body"]);
    }
}

#[test]
fn a_connection_outlives_a_body_over_the_limit() {
    let bench = Bench::shop();
    let (path, body) = (calls()[3].0, calls()[3].1.to_string());
    let mut socket = bench.socket();
    let large = 3 << 20;
    socket.send_head("POST", path, large).send(vec![b' '; large]).answer("POST", path).with_status(413);
    socket.send_head("POST", path, body.len()).send(&body).answer("POST", path).ok();
}

#[test]
fn a_body_that_is_announced_far_over_the_limit_is_refused_without_waiting_for_it() {
    let bench = Bench::shop();
    let path = calls()[3].0;
    let mut socket = bench.socket();
    socket.send_head("POST", path, 1 << 30).answer("POST", path).with_status(413);
}

#[test]
fn a_body_may_come_in_chunks() {
    let bench = Bench::shop();
    let path = calls()[3].0;
    let mut socket = bench.socket();
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: x\r\napikey: test-key\r\ntransfer-encoding: chunked\r\n\r\n");
    socket.send(head).send("5\r\n{\"id\"\r\n").send("5\r\n:\"x\"}\r\n0\r\n\r\n");
    socket.answer("POST", path).is(200, r#"{"success":true}"#);
}

#[test]
fn chunks_over_the_limit_are_told_as_any_other_body() {
    let bench = Bench::shop();
    let path = calls()[3].0;
    let mut socket = bench.socket();
    socket.send(format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\napikey: test-key\r\ntransfer-encoding: chunked\r\n\r\n"
    ));
    for _ in 0..20 {
        socket.send("10000\r\n").send(" ".repeat(0x10000)).send("\r\n");
    }
    socket.send("0\r\n\r\n").answer("POST", path).blames_with(413, &["body"]);
}

#[test]
fn a_body_that_breaks_off_or_is_no_chunks_is_told_under_body() {
    let bench = Bench::shop();
    let path = calls()[3].0;
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\napikey: test-key\r\n");
    for rest in
        ["transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "content-length: 10\r\n\r\n{\"id\""]
    {
        let mut socket = bench.socket();
        socket.send(format!("{head}{rest}")).finish();
        socket.answer("POST", path).blames_with(400, &["body"]);
    }
}

#[test]
fn of_two_keys_the_first_one_counts() {
    let bench = Bench::shop();
    let (path, body) = &calls()[3];
    bench.request("POST", path).header("apikey", "wrong").json(body).send().ok();
    bench
        .with_key("wrong")
        .request("POST", path)
        .header("apikey", "test-key")
        .json(body)
        .send()
        .blames(&["apikey"]);
}

#[test]
fn who_asks_whether_to_go_on_is_told_so() {
    let bench = Bench::shop();
    let (path, body) = (calls()[3].0, calls()[3].1.to_string());
    let mut socket = bench.socket();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\napikey: test-key\r\nexpect: 100-continue");
    socket.send(format!("{head}\r\ncontent-length: {}\r\n\r\n", body.len()));
    assert_eq!(socket.bare_answer().expect("an answer").status, 100);
    socket.send(body).answer("POST", path).ok();
}

#[test]
fn every_answer_names_its_sandbox_and_its_number() {
    let bench = Bench::shop();
    for number in 1..=5 {
        let (path, body) = &calls()[number - 1];
        let answer = bench.post(path, body);
        assert_eq!(answer.header("x-stend-sandbox"), Some("default"));
        assert_eq!(answer.header("x-stend-request"), Some(number.to_string().as_str()));
    }
    assert_eq!(bench.post("/integration/nothing", &json!({})).header("x-stend-request"), Some("6"));
    assert_eq!(bench.without_key().client(json!({})).header("x-stend-request"), Some("7"));
}

#[test]
fn calls_on_one_connection_are_answered_in_order() {
    let bench = Bench::shop();
    let body = |amount| format!(r#"{{"client":"{IVAN}","point":"{TILL}","amount":{amount},"spend":0}}"#);
    let mut socket = bench.socket();
    for amount in 101..=110 {
        let body = body(amount);
        socket.send_head("POST", "/integration/general/retail", body.len()).send(body);
    }
    for amount in 101..=110 {
        let answer = socket.answer("POST", "/integration/general/retail").ok();
        assert_eq!(answer["retail"]["amount"], amount);
    }
}

#[test]
fn an_absolute_address_is_the_same_as_its_path() {
    let bench = Bench::shop();
    let mut socket = bench.socket();
    let target = format!("http://{}/integration/general/bonuses/release", bench.authority());
    socket.send_head("POST", &target, 10).send(r#"{"id":"x"}"#);
    socket.answer("POST", "/integration/general/bonuses/release").ok();
}

#[test]
fn what_is_hardly_http_harms_nobody() {
    let bench = Bench::shop();
    for bytes in
        ["\r\n\r\n", "nonsense\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"]
    {
        let mut socket = bench.socket();
        socket.send(bytes).finish();
        if let Some(answer) = socket.bare_answer() {
            assert!((400..500).contains(&answer.status), "{bytes:?}: {answer}");
        }
    }
    assert_eq!(bench.balance(IVAN), 878);
}
