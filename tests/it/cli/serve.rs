//! `stend serve` as a process: start-up lines, flags, environment, exit codes.

use super::{Running, free_port_text, stend};
use crate::harness::{Bench, IVAN, IVAN_PHONE, TILL, shop};
use serde_json::{Value, json};

#[test]
fn the_start_up_lines_name_the_real_address_and_end_with_ready() {
    let running = Running::start(&["--port", "0"], &[]);
    let lines = running.lines_until_ready();
    let url = Running::url_in(&lines);
    assert_eq!(lines.last().map(String::as_str), Some("Ready."));
    assert!(lines.iter().any(|line| line.contains("test-key")), "the demo's key: {lines:?}");
    assert!(lines.iter().any(|line| line.contains("/integration/general")), "{lines:?}");
    assert!(!url.ends_with(":0"), "{url}");
    Bench::at(&url).get("/_stend/ready").ok();
}

#[test]
fn print_url_gives_stdout_the_address_and_nothing_else() {
    let running = Running::start(&["serve", "--port=0", "--print-url"], &[]);
    let url = running.printed_url();
    Bench::at(&url).get("/_stend/ready").ok();
    assert_eq!(running.rest_of_stdout_after_stop(), "");
}

#[test]
fn every_flag_has_a_twin_in_the_environment_and_wins_over_it() {
    let file = super::file("twins", &shop().to_string());
    let path = file.to_str().expect("UTF-8");
    let environment = [
        ("STEND_PORT", "0"),
        ("STEND_FIXTURES", path),
        ("STEND_FREEZE", "2026-05-05T00:00:00Z"),
        ("STEND_SEED", "5"),
        ("STEND_BODY_LIMIT", "100"),
        ("STEND_SANDBOXES", "explicit"),
        ("STEND_PRINT_URL", "1"),
    ];
    let running = Running::start(&[], &environment);
    let bench = Bench::at(&running.printed_url());
    assert_eq!(bench.get("/_stend/clock").ok()["now"], "2026-05-05T00:00:00.000Z");
    assert_eq!(bench.balance(IVAN), 878);
    assert_eq!(bench.get("/_stend/state").ok()["seed"], 5);
    bench
        .client(json!({"search": IVAN_PHONE, "point": TILL, "x": "x".repeat(100)}))
        .blames_with(413, &["body"]);
    bench.in_sandbox("a").get("/_stend/clock").problem(404);

    let flags = ["--freeze", "2026-06-06T00:00:00Z", "--seed", "6", "--fixtures", "demo"];
    let running = Running::start(&flags, &environment);
    let bench = Bench::at(&running.printed_url());
    assert_eq!(bench.get("/_stend/clock").ok()["now"], "2026-06-06T00:00:00.000Z");
    assert_eq!(bench.get("/_stend/state").ok()["seed"], 6);
    bench.client(json!({"search": "2200001", "point": TILL})).ok();
}

#[test]
fn the_environments_port_counts_where_nothing_else_is_said() {
    let port = free_port_text();
    let running = Running::start(&["--print-url"], &[("PORT", &port)]);
    assert_eq!(running.printed_url(), format!("http://127.0.0.1:{port}"));
    let other = free_port_text();
    let running = Running::start(&["--print-url"], &[("PORT", "1"), ("STEND_PORT", &other)]);
    assert_eq!(running.printed_url(), format!("http://127.0.0.1:{other}"));
}

#[test]
fn a_bad_value_stops_the_start_and_is_told_with_what_is_allowed() {
    for (arguments, environment, told) in [
        (&["--port", "70000"][..], &[][..], &["--port", "70000", "from 0 to 65535"][..]),
        (&[], &[("STEND_PORT", "x")], &["--port", "'x'", "from 0 to 65535"]),
        (&[], &[("PORT", "x")], &["PORT", "'x'", "from 0 to 65535"]),
        (&["--freeze", "noon"], &[], &["--freeze", "noon", "RFC 3339"]),
        (&["--seed", "-1"], &[], &["--seed", "-1", "whole number from 0"]),
        (&["--sandboxes", "some"], &[], &["--sandboxes", "some", "auto, explicit"]),
        (&["--max-sandboxes", "0"], &[], &["--max-sandboxes", "0", "from 1"]),
        (&["--sandbox-ttl", "P1M"], &[], &["--sandbox-ttl", "P1M", "P30D"]),
        (&["--workers", "none"], &[], &["--workers", "none", "from 1"]),
        (&["--body-limit", "big"], &[], &["--body-limit", "big", "256KiB"]),
        (&["--log-level", "loud"], &[], &["--log-level", "loud", "debug"]),
        (&["--log-format", "xml"], &[], &["--log-format", "xml", "text, json"]),
        (&["--prot", "1"], &[], &["--prot", "--port"]),
    ] {
        let (code, stdout, stderr) = stend(arguments, environment);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        for word in told {
            assert!(stderr.contains(word), "{arguments:?} {environment:?} does not say {word:?}: {stderr}");
        }
    }
}

#[test]
fn bad_fixtures_stop_the_start_with_all_their_mistakes() {
    let file = super::file(
        "mistakes",
        "{\n  \"version\": 1,\n  \"loyalclient\": {\n    \"levls\": [],\n    \"clients\": [{\"id\": \"1\"}]\n  }\n}\n",
    );
    let path = file.to_str().expect("UTF-8");
    let (code, stdout, stderr) = stend(&["--port", "0", "--fixtures", path], &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(
        lines[0].starts_with(&format!("error: {path}:4:5: $.loyalclient.levls: "))
            && lines[0].ends_with("did you mean \"levels\"?"),
        "{stderr}"
    );
    assert!(lines[1].starts_with(&format!("error: {path}:5:24: $.loyalclient.clients[0].id: ")), "{stderr}");
    let (code, _, stderr) = stend(&["--fixtures", "nowhere.json"], &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("nowhere.json") && stderr.contains("demo"), "{stderr}");
}

#[test]
fn a_taken_port_stops_the_start_with_the_way_out() {
    let running = Running::start(&["--port", "0", "--print-url"], &[]);
    let url = running.printed_url();
    let port = url.rsplit_once(':').expect("a port").1.to_owned();
    let (code, _, stderr) = stend(&["--port", &port], &[]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains(&port) && stderr.contains("--port"), "{stderr}");
}

#[test]
fn json_logs_are_one_object_a_line() {
    let arguments = ["--port", "0", "--log-format", "json", "--log-level", "debug"];
    let running = Running::start(&arguments, &[]);
    let parse =
        |line: &str| -> Value { serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")) };
    let mut lines = running.lines_until(|line| parse(line)["message"] == "Ready.");
    let first = lines.iter().map(|line| parse(line)).find_map(|line| {
        let message = line["message"].as_str()?.to_owned();
        message.split_once(" on http://").map(|(_, address)| format!("http://{address}"))
    });
    let bench = Bench::at(&first.expect("the address is logged"));
    bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    lines = running.lines_until(|line| line.contains("/integration/general/client"));
    let line = parse(lines.last().expect("one"));
    assert_eq!(
        (&line["status"], &line["sandbox"], &line["level"]),
        (&json!(200), &json!("default"), &json!("DEBUG"))
    );
}
