//! Stopping: SIGTERM and SIGINT end the process with 0 within five seconds, whatever clients do.

use std::time::Duration;

use super::Running;
use crate::harness::{Bench, IVAN_PHONE, TILL};
use serde_json::json;
use stend::sandbox::clock::stopwatch;

const STOP_MAX: Duration = Duration::from_secs(5);

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
    drop((silent, half_a_head, half_a_body, std::mem::ManuallyDrop::new(bench)));
}
