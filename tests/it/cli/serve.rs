//! `stend serve` as a process: start-up lines, flags, environment, exit codes.

use super::{Running, free_port_text, stend};
use crate::harness::{Bench, IVAN, IVAN_PHONE, KEY, TILL, shop};
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
        (&["--workers", "513"], &[], &["--workers", "513", "from 1 to 512"]),
        (&["--journal", "-1"], &[], &["--journal", "-1", "from 0"]),
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

#[test]
fn serve_is_what_it_does_without_a_command() {
    let [bare, serve] = [stend(&["--help"], &[]), stend(&["serve", "--help"], &[])];
    assert_eq!((bare.0, serve.0), (Some(0), Some(0)));
    // Flags with their twins; `[env: STEND_HOST=]` stands in the lines of its flag.
    let twins = |help: &str| {
        let mut twins: Vec<(String, Option<String>)> = Vec::new();
        for line in help.lines().map(str::trim) {
            let words = line.split_whitespace().map(|word| word.trim_end_matches(','));
            if let Some(flag) = words.clone().take(2).find(|word| word.starts_with("--")) {
                twins.push((flag.to_owned(), None));
            }
            if let Some((_, twin)) = line.split_once("[env: ")
                && let Some(last) = twins.last_mut()
            {
                last.1 = Some(twin.trim_end_matches(']').trim_end_matches('=').to_owned());
            }
        }
        twins.retain(|(flag, _)| !["--help", "--version"].contains(&flag.as_str()));
        twins
    };
    let flags = twins(&serve.1);
    assert!(flags.len() >= 16, "{flags:?}");
    assert_eq!(twins(&bare.1), flags);
    for (flag, twin) in flags {
        let wanted = format!("STEND_{}", flag.trim_start_matches("--").replace('-', "_").to_uppercase());
        assert_eq!(twin, Some(wanted), "{flag}");
    }
}

#[test]
fn the_twins_of_limits_tokens_and_logs_count_too() {
    let environment = [
        ("STEND_PORT", "0"),
        ("STEND_HOST", "localhost"),
        ("STEND_STATE_LIMIT", "2KiB"),
        ("STEND_MAX_SANDBOXES", "1"),
        ("STEND_SANDBOX_TTL", "PT1H"),
        ("STEND_WORKERS", "1"),
        ("STEND_JOURNAL", "0"),
        ("STEND_ADMIN_TOKEN", "secret"),
        ("STEND_ALLOW_HOST", "a.example.com,b.example.com"),
        ("STEND_LOG_FORMAT", "json"),
        ("STEND_LOG_LEVEL", "debug"),
        ("STEND_PRINT_URL", "true"),
    ];
    let running = Running::start(&[], &environment);
    let bench = Bench::at(&running.printed_url());
    let clock = |host: &str, token: &str| {
        let bench = bench.with_token(token);
        bench.request("GET", "/_stend/clock").header("host", host).send().status
    };
    assert_eq!(clock("localhost", "secret"), 200);
    assert_eq!(clock("localhost", "wrong"), 401);
    assert_eq!([clock("a.example.com", "secret"), clock("b.example.com", "secret")], [200, 200]);
    assert_eq!(clock("c.example.com", "secret"), 403);
    let admin = bench.with_token("secret");
    admin.request("PUT", "/_stend/state").body(" ".repeat(3_000)).send().problem(413);
    assert!(admin.in_sandbox("a").get("/_stend/clock").problem(409).contains("--max-sandboxes"));
    admin.client(json!({})).with_status(422);
    assert_eq!(admin.get("/_stend/requests").ok(), json!({"requests": [], "total": 0, "dropped": 1}));
    let lines = running.lines_until(|line| line.contains("/_stend/state"));
    for line in lines {
        assert!(serde_json::from_str::<Value>(&line).is_ok(), "no JSON: {line}");
    }
    for value in ["0", "false", "no", ""] {
        let running = Running::start(&["--port", "0"], &[("STEND_PRINT_URL", value)]);
        running.lines_until_ready();
        assert_eq!(running.rest_of_stdout_after_stop(), "", "STEND_PRINT_URL={value}");
    }
}

#[test]
fn an_empty_twin_says_nothing() {
    let names =
        ["STEND_HOST", "STEND_FIXTURES", "STEND_FREEZE", "STEND_SEED", "STEND_WORKERS", "STEND_WATCH"];
    let mut environment: Vec<(&str, &str)> = names.into_iter().map(|name| (name, "")).collect();
    let port = free_port_text();
    environment.extend([("STEND_PORT", ""), ("PORT", &port), ("STEND_PRINT_URL", "1")]);
    let running = Running::start(&["serve"], &environment);
    assert_eq!(running.printed_url(), format!("http://127.0.0.1:{port}"));
    let running = Running::start(&["--port", "0"], &environment);
    let url = running.printed_url();
    Bench::at(&url).client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    let (code, _, stderr) = stend(&["healthcheck"], &[("STEND_URL", ""), ("STEND_PORT", &url[17..])]);
    assert_eq!(code, Some(0), "{stderr}");
}

#[test]
fn a_bad_twin_is_told_by_its_flag_as_well() {
    for (name, value, flag) in [
        ("STEND_FREEZE", "noon", "--freeze"),
        ("STEND_SEED", "1.5", "--seed"),
        ("STEND_SANDBOXES", "some", "--sandboxes"),
        ("STEND_MAX_SANDBOXES", "none", "--max-sandboxes"),
        ("STEND_SANDBOX_TTL", "soon", "--sandbox-ttl"),
        ("STEND_WORKERS", "0", "--workers"),
        ("STEND_PRINT_URL", "maybe", "--print-url"),
        ("STEND_WATCH", "2", "--watch"),
        ("STEND_BODY_LIMIT", "1 lot", "--body-limit"),
        ("STEND_STATE_LIMIT", "-1", "--state-limit"),
        ("STEND_LOG_FORMAT", "xml", "--log-format"),
        ("STEND_LOG_LEVEL", "loud", "--log-level"),
    ] {
        let (code, stdout, stderr) = stend(&["--port", "0"], &[(name, value)]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{name}={value}: {stderr}");
        assert!(stderr.contains(flag) && stderr.contains(&format!("'{value}'")), "{name}={value}: {stderr}");
    }
}

#[test]
fn the_port_is_the_flags_then_stends_own_then_the_environments() {
    let (one, other, third) = (free_port_text(), free_port_text(), free_port_text());
    let environment = [("PORT", third.as_str()), ("STEND_PORT", other.as_str())];
    let running = Running::start(&["--port", &one, "--print-url"], &environment);
    assert_eq!(running.printed_url(), format!("http://127.0.0.1:{one}"));
    let running = Running::start(&["--print-url", "-p", &other], &environment[..1]);
    assert_eq!(running.printed_url(), format!("http://127.0.0.1:{other}"));
    // One that is not looked at cannot be wrong.
    let running = Running::start(&["--port", "0", "--print-url"], &[("PORT", "x")]);
    running.printed_url();
}

#[test]
fn an_address_for_everybody_is_printed_as_one_to_call() {
    let running = Running::start(&["--host", "0.0.0.0", "--port", "0", "--print-url"], &[]);
    let url = running.printed_url();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let lines = running.lines_until_ready();
    assert!(lines[0].contains(&url) && lines[0].contains("every interface"), "{lines:?}");
    Bench::at(&url).get("/_stend/clock").ok();
}

#[test]
fn a_host_that_is_none_stops_the_start_with_the_way_out() {
    let (code, stdout, stderr) = stend(&["--port", "0", "--host", "no-such-host.invalid"], &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
    assert!(stderr.contains("no-such-host.invalid") && stderr.contains("--host"), "{stderr}");
}

#[test]
fn the_start_up_lines_come_at_every_log_level_and_in_both_formats() {
    for level in ["off", "error", "warn", "info", "debug"] {
        let running = Running::start(&["--port", "0", "--log-level", level], &[]);
        let lines = running.lines_until_ready();
        assert!(lines[0].starts_with("stend "), "{level}: {lines:?}");

        // That the server is ready is seen from outside, so that a missing line does not hold up the test.
        let arguments = ["--port", "0", "--log-level", level, "--log-format", "json", "--print-url"];
        let running = Running::start(&arguments, &[]);
        Bench::at(&running.printed_url()).get("/_stend/ready").ok();
        running.stop_by("TERM");
        let rest = running.all_of_stderr();
        let is_ready = |line: &str| {
            serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("no JSON: {line}"))["message"]
                == "Ready."
        };
        assert!(rest.lines().any(is_ready), "at log level {level}, as JSON, nothing says Ready.: {rest:?}");
    }
}

#[test]
fn without_print_url_nothing_is_written_to_stdout_and_without_the_demo_no_key_to_stderr() {
    let file = super::file("no-demo", &shop().to_string());
    let running = Running::start(&["--port", "0", "--fixtures", file.to_str().expect("UTF-8")], &[]);
    let lines = running.lines_until_ready();
    assert!(lines.iter().all(|line| !line.contains(KEY)), "{lines:?}");
    Bench::at(&Running::url_in(&lines)).client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    assert_eq!(running.rest_of_stdout_after_stop(), "");
}

#[test]
fn the_command_line_wins_over_what_the_fixture_says_of_clock_and_seed() {
    let mut fixture = shop();
    fixture["clock"] = json!({"frozenAt": "2027-01-01T00:00:00Z"});
    fixture["seed"] = json!(5);
    let file = super::file("over-fixture", &fixture.to_string());
    let path = file.to_str().expect("UTF-8");
    let told = |flags: &[&str]| {
        let arguments = [&["--port", "0", "--print-url", "--fixtures", path], flags].concat();
        let running = Running::start(&arguments, &[]);
        let state = Bench::at(&running.printed_url()).get("/_stend/state").ok();
        (state["clock"]["frozenAt"].clone(), state["seed"].clone())
    };
    assert_eq!(told(&[]), (json!("2027-01-01T00:00:00.000Z"), json!(5)));
    assert_eq!(
        told(&["--freeze", "2028-02-29T12:00:00+03:00", "--seed", "18446744073709551615"]),
        (json!("2028-02-29T09:00:00.000Z"), json!(u64::MAX))
    );
}

#[test]
fn an_exported_file_carries_a_sandbox_over_a_restart_of_the_process() {
    let arguments = ["--port", "0", "--print-url", "--freeze", "2026-01-01T00:00:00Z", "--seed", "9"];
    let running = Running::start(&arguments, &[]);
    let bench = Bench::at(&running.printed_url());
    let held = bench.holds(IVAN, 100);
    let released = bench.holds(IVAN, 50);
    bench.release(json!({"id": released})).ok();
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 990, "spend": 0})).ok();
    bench.advance("P20D");
    bench.holds(IVAN, 7);
    let exported = bench.get("/_stend/state").text().to_owned();
    let accounts = bench.get("/_stend/accounts").body.clone();
    let next: Vec<String> = (0..3).map(|_| bench.holds(IVAN, 1)).collect();
    assert!(!next.contains(&held));
    bench.stop();
    assert_eq!(running.stop_by("TERM"), Some(0));

    let file = super::file("exported", &exported);
    let path = file.to_str().expect("UTF-8");
    let running = Running::start(&["--port", "0", "--print-url", "--fixtures", path], &[]);
    let bench = Bench::at(&running.printed_url());
    assert!(bench.get("/_stend/state").text() == exported, "the same export");
    assert_eq!(bench.get("/_stend/accounts").body, accounts, "with every entry");
    let again: Vec<String> = (0..3).map(|_| bench.holds(IVAN, 1)).collect();
    assert_eq!(again, next, "the same next ids");
    bench.stop();
    drop(running);

    // And the file is as good as one that was written by hand.
    assert_eq!(stend(&["validate", path], &[]), (Some(0), format!("{path}: ok\n"), String::new()));
}

#[test]
fn several_sources_are_one_fixture_and_their_mistakes_are_told_by_file() {
    let folder = super::folder("several");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("the target folder is writable");
        path.to_str().expect("UTF-8").to_owned()
    };
    let shop = json!({"version": 1, "loyalclient": shop()["loyalclient"]});
    let (records, clock) = (
        write("records.json", &shop.to_string()),
        write("clock.json", r#"{"version": 1, "clock": {"frozenAt": "2029-01-01T00:00:00Z"}, "seed": 4}"#),
    );
    write("schema.json", "no fixture");
    let both = format!("{records},{clock}");
    for flags in [
        &["--fixtures", both.as_str()][..],
        &["--fixtures", records.as_str(), "--fixtures", clock.as_str()],
        &["--fixtures", folder.to_str().expect("UTF-8")],
    ] {
        let arguments = [&["--port", "0", "--print-url"], flags].concat();
        let running = Running::start(&arguments, &[]);
        let bench = Bench::at(&running.printed_url());
        let state = bench.get("/_stend/state").ok();
        let told = (&state["clock"]["frozenAt"], &state["seed"]);
        assert_eq!(told, (&json!("2029-01-01T00:00:00.000Z"), &json!(4)), "{flags:?}");
        assert_eq!(bench.balance(IVAN), 878, "{flags:?}");
    }

    write("records.json", "{\n  \"version\": 1,\n  \"loyalclient\": {\"clinets\": []}\n}\n");
    write("clock.json", "{\"version\": 1,\n \"clock\": {\"frozenAt\": \"noon\"},\n \"sed\": 4}");
    write("more.json", "{\"version\": 1, \"loyalclient\": {\n");
    let (code, stdout, stderr) = stend(&["--port", "0", "--fixtures", folder.to_str().expect("UTF-8")], &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
    for place in [
        "records.json:3:19: $.loyalclient.clinets: ",
        "clock.json:2:24: $.clock.frozenAt: ",
        "clock.json:3:2: $.sed: ",
        "more.json:",
    ] {
        assert!(stderr.contains(place), "{place:?} is not in {stderr}");
    }
    assert_eq!(stderr.lines().count(), 4, "{stderr}");
}

#[test]
fn a_closed_stderr_is_no_reason_to_stop_or_to_fail_a_request() {
    let mut running = Running::start(&["--port", "0", "--print-url", "--log-level", "debug"], &[]);
    let bench = Bench::at(&running.printed_url());
    running.close_stderr();
    for _ in 0..50 {
        bench.client(json!({"search": "2200001", "point": TILL})).ok();
        bench.get("/_stend/clock").ok();
    }
    bench.stop();
    assert_eq!(running.stop_by("TERM"), Some(0));
}

#[test]
fn the_version_is_told_on_stdout() {
    let (code, stdout, stderr) = stend(&["--version"], &[]);
    assert_eq!(
        (code, stdout.trim(), stderr.as_str()),
        (Some(0), concat!("stend ", env!("CARGO_PKG_VERSION")), "")
    );
}

#[test]
fn a_time_to_live_in_which_no_sandbox_lives_is_no_value() {
    for (arguments, environment) in [
        (&["--port", "0", "--sandbox-ttl", "0s"][..], &[][..]),
        (&["--port", "0"], &[("STEND_SANDBOX_TTL", "PT0S")]),
    ] {
        refused_at_the_start(arguments, environment, &["--sandbox-ttl"]);
    }
}

#[test]
fn a_token_that_would_name_a_sandbox_is_no_value() {
    // Every call with it would be in `ci-7`, as the end of a credential chooses the sandbox.
    refused_at_the_start(&["--port", "0", "--admin-token", "secret~ci-7"], &[], &["--admin-token"]);
}

/// Demands exit code 2 and a message; a server that starts all the same is stopped and is a failure.
#[track_caller]
fn refused_at_the_start(arguments: &[&str], environment: &[(&str, &str)], told: &[&str]) {
    let arguments = [arguments, &["--print-url"]].concat();
    let running = Running::start(&arguments, environment);
    let printed = running.first_line_of_stdout();
    assert_eq!(printed, "", "{arguments:?} {environment:?} is accepted");
    assert_eq!(running.exit_code(), Some(2), "{arguments:?} {environment:?}");
    let stderr = running.all_of_stderr();
    for word in told {
        assert!(stderr.contains(word), "{word:?} is not in {stderr}");
    }
}

#[test]
fn origins_are_read_and_what_is_none_is_told() {
    let (code, _, stderr) = stend(&["--cors", "localhost:5173"], &[]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(
        stderr.contains("--cors") && stderr.contains("localhost:5173") && stderr.contains("any, off"),
        "{stderr}"
    );
    let running = Running::start(
        &["--port", "0", "--print-url"],
        &[("STEND_CORS", "http://a.example, http://b.example")],
    );
    let bench = Bench::at(&running.printed_url());
    for (origin, allowed) in [("http://b.example", Some("http://b.example")), ("http://c.example", None)] {
        let answer = bench.request("GET", "/nothing").header("origin", origin).send();
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
    }
}
