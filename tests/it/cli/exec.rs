//! `stend exec -- COMMAND…`: a server for as long as a command runs.

use std::io::Write;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::Duration;

use super::{Running, command, free_port_text, stend};
use crate::harness::wait_for;
use stend::sandbox::clock::stopwatch;

const STEND: &str = env!("CARGO_BIN_EXE_stend");

/// Runs a script of `sh` under `exec` with these flags.
fn script(flags: &[&str], script: &str, environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    stend(&[&["exec"], flags, &["--", "sh", "-c", script]].concat(), environment)
}

/// The same, while it runs. Signals of a terminal do not reach it.
fn running(script: &str) -> Running {
    let mut command = command(&["exec", "--", "sh", "-c", script], &[]);
    command.process_group(0);
    Running::spawn(command)
}

/// Whether anybody listens at an address such as `http://127.0.0.1:6896`.
fn is_there(url: &str) -> bool {
    TcpStream::connect(url.strip_prefix("http://").expect("plain HTTP")).is_ok()
}

#[test]
fn the_command_finds_a_ready_server_in_its_environment() {
    let asks = format!(r#"{STEND} healthcheck && echo "$STEND_URL http://$STEND_HOST:$STEND_PORT""#);
    let (code, stdout, stderr) = script(&[], &asks, &[]);
    assert_eq!(code, Some(0), "{stderr}");
    let (url, parts) = stdout.trim_end().split_once(' ').expect("two of them");
    assert_eq!(url, parts);
    assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with(":0"), "{url}");
    assert!(!is_there(url), "the server ended with the command");
}

#[test]
fn where_it_listens_on_every_interface_the_address_is_one_to_call() {
    let asks = format!("{STEND} healthcheck && echo $STEND_HOST $STEND_URL");
    let (code, stdout, stderr) = script(&["--host", "0.0.0.0"], &asks, &[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.starts_with("127.0.0.1 http://127.0.0.1:"), "{stdout}");
}

#[test]
fn its_exit_code_is_the_commands() {
    for (ends, code) in [("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -KILL $$", 137)] {
        assert_eq!(script(&[], ends, &[]).0, Some(code), "{ends}");
    }
}

#[test]
fn stdin_stdout_and_stderr_are_the_commands_but_for_one_line() {
    let mut command = command(&["exec", "sh", "-c", "cat; echo told >&2"], &[]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("it is piped").write_all(b"asked").expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"asked"[..]));
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    let lines: Vec<&str> = stderr.lines().collect();
    assert!(lines[0].starts_with("stend ") && lines[0].contains(" on http://127.0.0.1:"), "{stderr}");
    assert_eq!(lines[1..], ["told"]);
}

#[test]
fn the_command_needs_no_hyphens_before_it_and_keeps_its_own() {
    for hyphens in [&["exec", "--seed", "5"][..], &["exec", "--seed", "5", "--"]] {
        let arguments = [hyphens, &["printf", "%s|", "--seed", "-p", "--", "x y"]].concat();
        let (code, stdout, stderr) = stend(&arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(0), "--seed|-p|--|x y|"), "{stderr}");
    }
}

#[test]
fn the_servers_flags_and_their_twins_count() {
    let file = super::file("exec-fixture", r#"{"version": 1, "seed": 5}"#);
    let path = file.to_str().expect("UTF-8");
    let port = free_port_text();
    let (code, stdout, stderr) = script(
        &["--port", &port],
        "echo $STEND_URL",
        &[("STEND_FIXTURES", path), ("STEND_LOG_FORMAT", "json")],
    );
    assert_eq!((code, stdout.trim_end()), (Some(0), format!("http://127.0.0.1:{port}").as_str()), "{stderr}");
    let line: serde_json::Value = serde_json::from_str(stderr.trim_end()).expect("one JSON object");
    assert!(line["message"].as_str().expect("a text").starts_with("stend "), "{line}");
}

#[test]
fn ports_of_the_environment_are_another_servers() {
    let environment = [("STEND_PORT", "1"), ("PORT", "1")];
    assert_eq!(script(&[], &format!("{STEND} exec {STEND} healthcheck"), &environment).0, Some(0));
}

#[test]
fn what_cannot_be_run_is_told_in_a_line_with_the_exit_code_of_shells() {
    let file = super::file("exec-not-a-program", "no program");
    let (file, folder) = (file.to_str().expect("UTF-8"), env!("CARGO_MANIFEST_DIR"));
    for (program, code, told) in [
        ("stend-no-such-command", 127, "PATH"),
        ("./stend-no-such-command", 127, "No such file"),
        (file, 126, "denied"),
        (folder, 126, "denied"),
    ] {
        let (found, stdout, stderr) = stend(&["exec", "--", program], &[]);
        assert_eq!((found, stdout.as_str()), (Some(code), ""), "{program}: {stderr}");
        let errors: Vec<&str> = stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        assert!(errors.len() == 1 && stderr.lines().count() == 2, "{stderr}");
        assert!(errors[0].contains(program) && errors[0].contains(told), "{stderr}");
    }
}

#[test]
fn without_a_server_the_command_is_not_run() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it listens").port().to_string();
    for (flags, code, told) in [
        (&["--port", port.as_str()][..], 1, port.as_str()),
        (&["--fixtures", "nowhere.json"], 1, "nowhere.json"),
        (&["--port", "70000"], 2, "--port"),
        (&["--print-url"], 2, "--print-url"),
    ] {
        let (found, stdout, stderr) = script(flags, "echo run", &[]);
        assert_eq!((found, stdout.as_str()), (Some(code), ""), "{flags:?}: {stderr}");
        assert!(stderr.contains(told), "{stderr}");
    }
    let (code, _, stderr) = stend(&["exec"], &[]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("COMMAND"), "{stderr}");
}

#[test]
fn both_signals_are_passed_on_and_the_server_is_there_until_the_command_ends() {
    for signal in ["TERM", "INT"] {
        let cleans_up = format!(
            "trap '{STEND} healthcheck && echo cleaned; exit 3' {signal}; echo $$; while :; do sleep 0.1; done"
        );
        let running = running(&cleans_up);
        running.first_line_of_stdout();
        assert_eq!(running.stop_by(signal), Some(3), "{signal}");
        assert_eq!(running.rest_of_stdout(), "cleaned\n", "{signal}");
    }
}

#[test]
fn a_command_that_a_signal_ends_is_told_as_shells_do() {
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let running = running("echo ready; exec sleep 300");
        running.first_line_of_stdout();
        assert_eq!(running.stop_by(signal), Some(code));
    }
}

#[test]
fn a_command_that_does_not_end_is_killed_after_five_seconds() {
    let running = running("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    running.first_line_of_stdout();
    let started = stopwatch();
    running.signal("TERM");
    running.signal("TERM");
    assert_eq!(running.exit_code(), Some(137));
    let took = started.elapsed();
    assert!(took >= Duration::from_secs(5) && took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn what_the_command_leaves_behind_keeps_no_server() {
    let running = running("sleep 300 & echo $STEND_URL $!");
    let line = running.first_line_of_stdout();
    let (url, left_behind) = line.trim_end().split_once(' ').expect("two of them");
    assert_eq!(running.exit_code(), Some(0));
    wait_for(|| (!is_there(url)).then_some(()));
    let killed = std::process::Command::new("kill").arg(left_behind).status().expect("kill is there");
    assert!(killed.success(), "it was there until now");
}
