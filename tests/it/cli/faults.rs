//! A stop in the middle of faults that wait: they are cut short.

use serde_json::json;
use stend::sandbox::clock::stopwatch;

use super::Running;
use super::stop::STOP_MAX;
use crate::harness::{Bench, IVAN, IVAN_PHONE, TILL, wait_for};

#[test]
fn delays_and_stalls_are_cut_short_by_a_stop() {
    for signal in ["TERM", "INT"] {
        let running = Running::start(&["--port", "0", "--print-url"], &[]);
        let bench = Bench::at(&running.printed_url());
        bench.fault(json!({"match": {"operation": "client"}, "effect": {"delay": "PT5M"}}));
        bench.fault(json!({"match": {"operation": "recalc"}, "effect": {"connection": "stall"}}));
        let late = json!({"delay": "PT5M", "when": "after"});
        bench.fault(json!({"match": {"operation": "retail"}, "effect": late}));
        let calls = [
            ("client", json!({"search": IVAN_PHONE, "point": TILL})),
            ("recalc", json!({"client": IVAN, "point": TILL, "amount": 100})),
            ("retail", json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1})),
        ];
        let mut waiting: Vec<_> = (0..30)
            .map(|number| {
                let (name, body) = &calls[number % 3];
                let path = format!("/integration/general/{name}");
                let mut socket = bench.socket();
                socket.post(&path, body);
                (path, socket)
            })
            .collect();
        for id in ["f1", "f2", "f3"] {
            wait_for(|| (bench.hits(id) == 10).then_some(()));
        }
        let started = stopwatch();
        assert_eq!(running.stop_by(signal), Some(0), "{signal}");
        assert!(started.elapsed() < STOP_MAX, "{signal}: {:?}", started.elapsed());
        for (path, socket) in &mut waiting {
            if path.ends_with("recalc") {
                assert_eq!(socket.rest(), (Vec::new(), Ok(())), "what is stalled is never answered");
            } else {
                socket.answer("POST", path).ok();
                assert!(socket.is_closed());
            }
        }
        // The audits at the end cannot be asked for: the server is gone.
        std::mem::forget(bench);
    }
}

#[test]
fn a_fault_that_acts_is_no_error_in_the_log() {
    let running = Running::start(&["--port", "0", "--print-url", "--log-level", "debug"], &[]);
    let bench = Bench::at(&running.printed_url());
    for connection in ["close", "reset", "truncate"] {
        bench.fault(json!({"match": {}, "times": 1, "effect": {"connection": connection, "when": "after"}}));
        let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1});
        let (bytes, _) = bench.socket().post("/integration/general/retail", &order).rest();
        assert_eq!(bytes.is_empty(), connection != "truncate");
    }
    assert_eq!(running.stop_by("TERM"), Some(0));
    let log = running.all_of_stderr();
    assert!(log.contains("reset, after the operation, which answered 200"), "{log}");
    assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
    std::mem::forget(bench);
}
