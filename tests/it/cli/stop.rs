//! Stopping: SIGTERM and SIGINT end the process with 0 within five seconds, whatever clients do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::Running;
use crate::harness::{Bench, Caller, IVAN, IVAN_PHONE, KEY, PATIENCE, TILL, free_port};
use serde_json::{Value, json};
use stend::sandbox::clock::stopwatch;

pub(super) const STOP_MAX: Duration = Duration::from_secs(5);

#[test]
fn both_signals_end_it_with_0() {
    for signal in ["TERM", "INT"] {
        let running = Running::start(&["--port", "0", "--print-url"], &[]);
        running.printed_url();
        let started = stopwatch();
        assert_eq!(running.stop_by(signal), Some(0), "{signal}");
        assert!(started.elapsed() < STOP_MAX, "{signal}: {:?}", started.elapsed());
    }
}

#[test]
fn connections_that_say_nothing_half_a_head_or_half_a_body_do_not_hold_it() {
    let running = Running::start(&["--port", "0", "--print-url"], &[]);
    let bench = Bench::at(&running.printed_url());
    // Asks once, and stays connected.
    bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    let silent: Vec<_> = (0..20).map(|_| bench.socket()).collect();
    let mut half_a_head = bench.socket();
    half_a_head.send(b"POST /integration/general/client HT");
    let mut half_a_body = bench.socket();
    half_a_body.send(
        b"POST /integration/general/client HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{\"search\"",
    );
    bench.get("/_stend/audit").ok();
    let started = stopwatch();
    assert_eq!(running.stop_by("TERM"), Some(0));
    assert!(started.elapsed() < STOP_MAX, "{:?}", started.elapsed());
    drop((silent, half_a_head, half_a_body));
    not_looked_at_any_more(bench);
}

/// The fixture is a pipe that nobody writes to, so loading it never ends.
#[test]
fn a_signal_that_comes_while_the_fixtures_are_loaded_is_heard() {
    let pipe = super::folder("pipe").join("fixture.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    let fixtures = pipe.to_str().expect("UTF-8");
    for (signal, of_serve, of_exec) in [("TERM", 0, 143), ("INT", 0, 130)] {
        for (command, code) in [(&["serve"][..], of_serve), (&["exec"], of_exec)] {
            let port = free_port().to_string();
            let options = ["--port", &port, "--fixtures", fixtures];
            let rest: &[&str] = if command == ["exec"] { &["--", "true"] } else { &[] };
            let running = Running::start(&[command, &options[..], rest].concat(), &[]);
            Caller::of(&format!("http://127.0.0.1:{port}")).wait_until_it_listens();
            let started = stopwatch();
            assert_eq!(running.stop_by(signal), Some(code), "{command:?} {signal}");
            assert!(started.elapsed() < STOP_MAX, "{command:?} {signal}: {:?}", started.elapsed());
        }
    }
    std::fs::remove_file(&pipe).expect("it was made above");
}

/// A request that the server is working on: it has said `100 Continue`, and waits for the body.
struct InFlight {
    stream: TcpStream,
    body: String,
}

impl InFlight {
    fn start(authority: &str, path: &str, body: &Value) -> InFlight {
        let mut stream = TcpStream::connect(authority).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        let body = body.to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {authority}\r\napikey: {KEY}\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("the server reads");
        let mut begun = [0; 25];
        stream.read_exact(&mut begun).expect("the server begins");
        assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");
        InFlight { stream, body }
    }

    fn send_half(&mut self) {
        let half = self.body.len() / 2;
        self.stream.write_all(&self.body.as_bytes()[..half]).expect("the server reads");
        self.body.drain(..half);
    }

    /// Sends the rest, and answers all that comes until the connection is closed.
    fn finish(mut self) -> String {
        self.stream.write_all(self.body.as_bytes()).expect("the server reads");
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).expect("the server answers, and closes");
        answer
    }
}

#[test]
fn requests_in_flight_are_answered_and_then_it_ends() {
    for signal in ["TERM", "INT"] {
        let running = Running::start(&["--port", "0", "--print-url"], &[]);
        let bench = Bench::at(&running.printed_url());
        let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 0});
        let mut paying: Vec<_> = (0..8)
            .map(|number| {
                let path = format!("/sandboxes/s{number}/integration/general/retail");
                InFlight::start(bench.authority(), &path, &order)
            })
            .collect();
        paying.iter_mut().step_by(2).for_each(InFlight::send_half);
        let started = stopwatch();
        running.signal(signal);
        running.lines_until(|line| line.contains("stopping"));
        for one in paying {
            let answer = one.finish();
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{signal}: {answer}");
            assert!(answer.contains(r#""total":100,"#), "{signal}: {answer}");
        }
        assert_eq!(running.exit_code(), Some(0), "{signal}");
        assert!(started.elapsed() < STOP_MAX, "{signal}: {:?}", started.elapsed());
        not_looked_at_any_more(bench);
    }
}

#[test]
fn a_second_signal_changes_nothing() {
    let running = Running::start(&["--port", "0", "--print-url"], &[]);
    let bench = Bench::at(&running.printed_url());
    let held = InFlight::start(bench.authority(), "/integration/general/client", &json!({"search": "x"}));
    let started = stopwatch();
    running.signal("TERM");
    running.lines_until(|line| line.contains("stopping"));
    running.signal("TERM");
    running.signal("INT");
    assert_eq!(running.exit_code(), Some(0));
    assert!(started.elapsed() < STOP_MAX, "{:?}", started.elapsed());
    drop(held);
    not_looked_at_any_more(bench);
}

#[test]
fn a_client_that_does_not_read_its_answer_does_not_hold_it() {
    let running = Running::start(&["--port", "0", "--print-url"], &[]);
    let bench = Bench::at(&running.printed_url());
    // An export of a megabyte or more, so that it does not fit into the buffers of a connection.
    let name = "н".repeat(2_000);
    let clients: Vec<Value> =
        (0..1_000_u64).map(|it| json!({"phone": 79_300_000_000 + it, "name": name})).collect();
    let patch = json!({"loyalclient": {"clients": clients}});
    bench.request("PATCH", "/_stend/state").json(&patch).send().ok();
    let mut deaf = bench.socket();
    for _ in 0..8 {
        deaf.send("GET /_stend/state HTTP/1.1\r\nhost: localhost\r\n\r\n");
    }
    bench.get("/_stend/audit").ok();
    let started = stopwatch();
    assert_eq!(running.stop_by("TERM"), Some(0));
    assert!(started.elapsed() < STOP_MAX, "{:?}", started.elapsed());
    drop(deaf);
    not_looked_at_any_more(bench);
}

#[test]
fn its_port_is_free_again_at_once_whoever_was_still_connected() {
    let port = free_port().to_string();
    let arguments = ["--port", port.as_str(), "--print-url"];
    let running = Running::start(&arguments, &[]);
    let bench = Bench::at(&running.printed_url());
    bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    let connected: Vec<_> = (0..5).map(|_| bench.socket()).collect();
    assert_eq!(running.stop_by("TERM"), Some(0));
    assert!(TcpStream::connect(bench.authority()).is_err(), "nobody listens any more");

    let again = Running::start(&arguments, &[]);
    let restarted = Bench::at(&again.printed_url());
    restarted.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    drop(connected);
    not_looked_at_any_more(bench);
}

/// The audits at the end of a bench cannot be asked for: the server is gone.
fn not_looked_at_any_more(bench: Bench) {
    std::mem::forget(bench);
}
