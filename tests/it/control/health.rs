//! `/_stend/health` and `/_stend/ready`.

use std::process::Command;
use std::sync::mpsc;

use serde_json::json;

use crate::harness::{Bench, Caller, PATIENCE, free_port, shop};

#[test]
fn health_tells_status_version_and_uptime_and_names_no_sandbox() {
    let answer = Bench::shop().get("/_stend/health");
    let health = answer.ok();
    assert_eq!((&health["status"], &health["version"]), (&json!("ok"), &json!(env!("CARGO_PKG_VERSION"))));
    assert!(health["uptimeSeconds"].as_f64().is_some_and(|seconds| (0.0..3600.0).contains(&seconds)));
    assert_eq!(answer.header("x-stend-sandbox"), None);
}

#[test]
fn health_makes_no_sandbox_even_when_one_is_named() {
    let bench = Bench::shop();
    bench.in_sandbox("ci-7").get("/_stend/health").ok();
    assert_eq!(bench.get("/_stend/sandboxes").ok()["total"], 1);
}

#[test]
fn a_started_server_is_ready() {
    Bench::shop().get("/_stend/ready").is(200, r#"{"status":"ready"}"#);
}

#[test]
fn both_can_be_asked_without_the_body() {
    let bench = Bench::shop();
    for path in ["/_stend/health", "/_stend/ready"] {
        bench.request("HEAD", path).send().is(200, "");
    }
}

/// The fixture is a pipe that nobody has written to yet, so loading it takes until somebody does.
#[cfg(unix)]
#[test]
fn while_the_fixtures_are_loaded_the_server_is_healthy_but_not_ready() {
    let pipe = std::env::temp_dir().join(format!("stend-{}-fixture.json", std::process::id()));
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    let port = free_port();
    let (sender, started) = mpsc::channel();
    let builder = Bench::builder().port(port).fixtures([pipe.to_str().expect("a path in UTF-8")]);
    let starting = std::thread::spawn(move || sender.send(Bench::start(builder)).expect("the test waits"));

    let caller = Caller::of(&format!("http://127.0.0.1:{port}"));
    caller.wait_until_it_listens();
    caller.get("/_stend/health").ok();
    for path in
        ["/_stend/ready", "/_stend/clock", "/_stend/accounts", "/integration/general/client", "/elsewhere"]
    {
        let answer = caller.get(path);
        answer.problem(503);
        assert_eq!(answer.header("x-stend-error"), Some("notReady"));
        assert_eq!(answer.header("retry-after"), Some("1"));
    }

    std::fs::write(&pipe, shop().to_string()).expect("the server reads");
    let bench = started.recv_timeout(PATIENCE).expect("the server starts when it has its fixture");
    starting.join().expect("the start does not panic");
    bench.get("/_stend/ready").ok();
    std::fs::remove_file(&pipe).expect("it was made above");
}
