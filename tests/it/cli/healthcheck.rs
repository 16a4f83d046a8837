//! `stend healthcheck`: whether a server is ready, by exit code.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::Duration;

use super::{Running, free_port_text, stend};
use crate::harness::Bench;
use stend::sandbox::clock::stopwatch;

#[test]
fn a_ready_server_is_healthy_however_it_is_named() {
    let running = Running::start(&["--port", "0", "--print-url"], &[]);
    let url = running.printed_url();
    let port = url.rsplit_once(':').expect("a port").1;
    let slash = format!("{url}/");
    for (arguments, environment) in [
        (&["--url", url.as_str()][..], &[][..]),
        (&["--url", slash.as_str()], &[]),
        (&[], &[("STEND_URL", url.as_str())]),
        (&[], &[("STEND_PORT", port)]),
        (&[], &[("STEND_PORT", port), ("STEND_HOST", "0.0.0.0")]),
        (&["--port", port, "--host", "localhost"], &[]),
        (&["--url", url.as_str(), "--wait", "--timeout", "5s"], &[]),
    ] {
        let arguments: Vec<&str> = ["healthcheck"].iter().chain(arguments).copied().collect();
        assert_eq!(stend(&arguments, environment), (Some(0), String::new(), String::new()), "{arguments:?}");
    }
}

#[test]
fn no_server_is_not_healthy_and_the_address_is_told() {
    let url = format!("http://127.0.0.1:{}", free_port_text());
    for arguments in
        [&["healthcheck", "--url", &url][..], &["healthcheck", "--url", &url, "--wait", "--timeout", "200ms"]]
    {
        let (code, stdout, stderr) = stend(arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
        assert!(stderr.contains(&url), "{stderr}");
    }
}

#[test]
fn it_waits_until_the_server_is_there() {
    let port = free_port_text();
    let waiting = Running::start(&["healthcheck", "--port", &port, "--wait", "--timeout", "20s"], &[]);
    let running = Running::start(&["--port", &port, "--print-url"], &[]);
    running.printed_url();
    assert_eq!(waiting.exit_code(), Some(0));
}

/// Somebody else at a port of its own: answers each question as the list says, the last one for ever.
fn stranger(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it listens"));
    std::thread::spawn(move || {
        let mut answers = answers.iter().peekable();
        while let (Some(answer), Ok((mut stream, _))) = (answers.peek().copied(), listener.accept()) {
            if answers.len() > 1 {
                answers.next();
            }
            let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
                line.clear();
            }
            // Who asked may have gone.
            let _ = write!(stream, "HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    url
}

#[test]
fn only_an_answer_of_200_is_healthy() {
    for (answer, code) in [
        ("200 OK", 0),
        ("503 Service Unavailable", 1),
        ("404 Not Found", 1),
        ("500 Internal Server Error", 1),
        ("401 Unauthorized", 1),
    ] {
        let answers: &'static [&'static str] = Vec::leak(vec![answer]);
        let url = stranger(answers);
        let (found, stdout, stderr) = stend(&["healthcheck", "--url", &url], &[]);
        assert_eq!(
            (found, stdout.as_str(), stderr.is_empty()),
            (Some(code), "", code == 0),
            "{answer}: {stderr}"
        );
    }
}

#[test]
fn it_waits_while_the_fixtures_are_being_loaded() {
    let answers = &["503 Service Unavailable", "503 Service Unavailable", "200 OK"];
    let url = stranger(answers);
    let (code, _, stderr) = stend(&["healthcheck", "--url", &url, "--wait", "--timeout", "20s"], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let url = stranger(&["503 Service Unavailable"]);
    let started = stopwatch();
    let (code, _, stderr) = stend(&["healthcheck", "--url", &url, "--wait", "--timeout", "PT0.3S"], &[]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains(&url) && stderr.contains("within"), "{stderr}");
    assert!(started.elapsed() >= Duration::from_millis(200), "it gave up early: {:?}", started.elapsed());
}

#[test]
fn a_server_that_never_answers_is_given_up_in_time() {
    // Connections are taken by the system, and nobody reads.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("it listens"));
    for arguments in [&["--timeout", "300ms"][..], &["--timeout", "300ms", "--wait"]] {
        let arguments = [&["healthcheck", "--url", url.as_str()], arguments].concat();
        let started = stopwatch();
        let (code, _, stderr) = stend(&arguments, &[]);
        assert_eq!(code, Some(1), "{stderr}");
        assert!(stderr.contains(&url), "{stderr}");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
}

#[test]
fn the_address_is_the_urls_then_the_environments_url_then_host_and_port() {
    let running = Running::start(&["--port", "0", "--print-url"], &[]);
    let url = running.printed_url();
    let port = url.rsplit_once(':').expect("a port").1;
    let nobody = format!("http://127.0.0.1:{}", free_port_text());
    let healthy = |arguments: &[&str], environment: &[(&str, &str)]| {
        stend(&[&["healthcheck"], arguments].concat(), environment).0 == Some(0)
    };
    assert!(healthy(&["--url", &url], &[("STEND_URL", &nobody)]));
    assert!(!healthy(&["--url", &nobody], &[("STEND_URL", &url)]));
    assert!(!healthy(&["--port", port], &[("STEND_URL", &nobody)]));
    assert!(healthy(&["--port", port], &[("STEND_PORT", "1")]));
    assert!(healthy(&[], &[("STEND_PORT", port), ("STEND_HOST", "localhost")]));
    assert!(healthy(&["--host", "0.0.0.0"], &[("STEND_PORT", port)]));
    // A sandbox's base URL is all that a client has.
    assert!(healthy(&["--url", &format!("{url}/sandboxes/ci-7")], &[]));
}

#[test]
fn it_wants_no_token_and_makes_no_sandbox() {
    let arguments = ["--port", "0", "--print-url", "--admin-token", "secret"];
    let running = Running::start(&arguments, &[]);
    let url = running.printed_url();
    assert_eq!(stend(&["healthcheck", "--url", &url], &[]), (Some(0), String::new(), String::new()));
    let list = Bench::at(&url).with_token("secret").get("/_stend/sandboxes").ok();
    assert_eq!(list["total"], 1);
}

#[test]
fn a_question_that_cannot_be_asked_is_a_usage_error() {
    for (arguments, told) in [
        (&["healthcheck", "--timeout", "soon"][..], &["--timeout", "'soon'"][..]),
        (&["healthcheck", "--port", "70000"], &["--port", "'70000'"]),
        (&["healthcheck", "--wait=yes"], &["--wait"]),
        (&["healthcheck", "--adress", "x"], &["--adress"]),
    ] {
        let (code, stdout, stderr) = stend(arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        for word in told {
            assert!(stderr.contains(word), "{arguments:?} does not say {word:?}: {stderr}");
        }
    }
    assert_eq!(stend(&["healthcheck", "--url", "no address"], &[]).0, Some(1));
}

#[test]
fn without_an_address_it_asks_where_serve_would_listen_here() {
    let port = free_port_text();
    for environment in [&[("STEND_PORT", port.as_str())][..], &[("PORT", port.as_str())]] {
        let running = Running::start(&["--print-url"], environment);
        assert_eq!(running.printed_url(), format!("http://127.0.0.1:{port}"));
        let (code, _, stderr) = stend(&["healthcheck"], environment);
        assert_eq!(code, Some(0), "with {environment:?}: {stderr}");
        assert_eq!(running.stop_by("TERM"), Some(0));
    }
}
