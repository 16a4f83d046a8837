//! Clients that hang, dawdle or never say goodbye, beside those that are in a hurry.

use std::sync::mpsc;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Bench, IVAN, Socket, TILL};

/// How long a stop may take at most, whatever clients do.
const STOP_MAX: Duration = Duration::from_secs(5);

const RETAIL: &str = "/integration/general/retail";

#[test]
fn clients_that_hang_in_the_middle_of_their_body_hold_up_nobody() {
    let bench = Bench::shop();
    let body = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1}).to_string();
    let (first, rest) = body.split_at(body.len() / 2);
    // Far more of them than there are workers.
    let mut hanging: Vec<Socket> = (0..32)
        .map(|_| {
            let mut socket = bench.socket();
            socket.send_head("POST", RETAIL, body.len()).send(first);
            socket
        })
        .collect();

    for _ in 0..50 {
        bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1})).ok();
    }
    assert_eq!(bench.balance(IVAN), 828, "nothing has happened for half a body");

    // And when they go on, they are served.
    for socket in &mut hanging {
        socket.send(rest).answer("POST", RETAIL).ok();
    }
    assert_eq!(bench.balance(IVAN), 796);
}

#[test]
fn a_client_that_leaves_in_the_middle_of_its_body_has_done_nothing() {
    let bench = Bench::shop();
    let body = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 100}).to_string();
    for cut in [0, 1, body.len() / 2, body.len() - 1] {
        let mut socket = bench.socket();
        socket.send_head("POST", RETAIL, body.len()).send(&body[..cut]).finish();
        // Whether an answer comes or not: the server notices, and is done with it.
        drop(socket.bare_answer());
    }
    assert_eq!(bench.balance(IVAN), 878);
}

#[test]
fn sixty_four_idle_connections_do_not_hold_up_a_stop() {
    let bench = Bench::shop();
    let idle: Vec<Socket> = (0..64)
        .map(|number| {
            let mut socket = bench.socket();
            // Half of them have been used, and are kept alive.
            if number % 2 == 0 {
                socket.send_head("GET", "/_stend/clock", 0).answer("GET", "/_stend/clock").ok();
            }
            socket
        })
        .collect();
    stop_in_time(bench);
    for mut socket in idle {
        assert!(socket.is_closed());
    }
}

#[test]
fn half_sent_requests_do_not_hold_up_a_stop_for_long() {
    let bench = Bench::shop();
    let mut half_a_head = bench.socket();
    half_a_head.send("POST /integration/general/retail HTTP/1.1\r\nhost: x\r\n");
    let mut half_a_body = bench.socket();
    half_a_body.send_head("POST", RETAIL, 100).send("{\"client\":");
    // Answered on the same workers, so that they have seen the others.
    bench.get("/_stend/clock").ok();
    stop_in_time(bench);
}

/// Stops the server on another thread, and waits for it no longer than a stop may take.
fn stop_in_time(bench: Bench) {
    let (sender, stopped) = mpsc::channel();
    let stopping = std::thread::spawn(move || {
        bench.stop();
        sender.send(()).expect("the test waits");
    });
    stopped.recv_timeout(STOP_MAX).expect("the server stops in time");
    stopping.join().expect("the stop does not panic");
}
