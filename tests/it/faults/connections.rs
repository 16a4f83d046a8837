//! Faults that break the connection, seen from the other end of it.

use std::io::ErrorKind;

use serde_json::{Value, json};

use crate::harness::{Answer, Bench, IVAN, Socket, TILL, wait_for};

const RETAIL: &str = "/integration/general/retail";
const CLIENTS: &str = "/ext/api/v1/clients/";

fn order() -> Value {
    json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 10})
}

/// A connection on which an operation was asked for.
fn asked(bench: &Bench) -> Socket {
    let mut socket = bench.socket();
    socket.post(RETAIL, &order());
    socket
}

#[test]
fn a_closed_connection_ends_without_a_byte() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {"operation": "retail"}, "effect": {"connection": "close"}}));
    assert_eq!(asked(&bench).rest(), (Vec::new(), Ok(())));
    assert_eq!(bench.balance(IVAN), 878, "nothing has happened");
}

#[test]
fn a_reset_connection_ends_in_an_error_without_a_byte() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {"operation": "retail"}, "effect": {"connection": "reset"}}));
    for _ in 0..5 {
        assert_eq!(asked(&bench).rest(), (Vec::new(), Err(ErrorKind::ConnectionReset)));
    }
    assert_eq!(bench.balance(IVAN), 878, "nothing has happened");
}

#[test]
fn after_the_operation_is_done_its_answer_is_lost() {
    let bench = Bench::shop();
    let mut balance = 878;
    for (connection, end) in [("close", Ok(())), ("reset", Err(ErrorKind::ConnectionReset))] {
        let effect = json!({"connection": connection, "when": "after"});
        bench.fault(json!({"match": {"operation": "retail"}, "times": 1, "effect": effect}));
        assert_eq!(asked(&bench).rest(), (Vec::new(), end), "{connection}");
        balance -= 10;
        assert_eq!(bench.balance(IVAN), balance, "{connection}: the points are gone all the same");
    }
    bench.retail(order()).ok();
}

#[test]
fn a_truncated_answer_announces_the_whole_body_and_brings_half_of_it() {
    let bench = Bench::shop();
    let whole = bench.retail(order());
    bench.fault(json!({"match": {}, "effect": {"connection": "truncate"}}));
    let (bytes, end) = asked(&bench).rest();
    assert_eq!(end, Ok(()));
    assert_eq!(bench.balance(IVAN), 858, "the operation is done");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert!(head.contains(&format!("content-length: {}\r\n", whole.body.len())), "{head}");
    assert_eq!(body, &whole.text()[..whole.body.len() / 2]);
}

#[test]
fn large_and_empty_answers_can_be_truncated_too() {
    let bench = Bench::shop();
    let large = "x".repeat(60_000);
    let effect = json!({"status": 200, "body": large, "connection": "truncate"});
    bench.fault(json!({"match": {}, "times": 1, "effect": effect}));
    let (bytes, end) = asked(&bench).rest();
    assert_eq!(end, Ok(()));
    let body = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|place| &bytes[place + 4..]);
    assert_eq!(body.map(<[u8]>::len), Some(30_000));
    assert_eq!(bench.balance(IVAN), 868, "the operation is done, though another answer breaks off");

    for body in ["", "x"] {
        let effect = json!({"status": 500, "body": body, "connection": "truncate"});
        bench.fault(json!({"match": {}, "times": 1, "effect": effect}));
    }
    assert_eq!(asked(&bench).rest(), (Vec::new(), Ok(())), "nothing has no half");
    let (bytes, _) = asked(&bench).rest();
    assert!(bytes.ends_with(b"\r\n\r\n"), "half of one byte is none");
}

#[test]
fn every_api_loses_its_answers() {
    let bench = Bench::demo();
    bench.fault(json!({"match": {"api": "ibonus"}, "effect": {"connection": "close"}}));
    bench.fault(json!({"match": {"api": "probonus"}, "effect": {"connection": "reset"}}));
    let mut ibonus = bench.socket();
    ibonus.send_head("GET", CLIENTS, 0);
    assert_eq!(ibonus.rest(), (Vec::new(), Ok(())));
    let mut probonus = bench.socket();
    probonus.send_head("GET", "/api/v0/accounts", 0);
    assert_eq!(probonus.rest(), (Vec::new(), Err(ErrorKind::ConnectionReset)));
    asked(&bench).answer("POST", RETAIL);
}

#[test]
fn an_earlier_answer_on_the_same_connection_is_not_lost() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {"body": {"spend": 10}}, "effect": {"connection": "close"}}));
    for _ in 0..20 {
        let mut socket = bench.socket();
        // Both are sent before the first is answered.
        let first = json!({"client": IVAN, "point": TILL, "amount": 100}).to_string();
        let second = order().to_string();
        let head = |path: &str, body: &str| {
            format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\napikey: test-key\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        socket.send(head("/integration/general/recalc", &first) + &head(RETAIL, &second));
        let answer: Answer = socket.answer("POST", "/integration/general/recalc");
        answer.ok();
        assert_eq!(socket.rest(), (Vec::new(), Ok(())));
    }
}

#[test]
fn a_connection_that_served_before_can_be_broken_and_others_stay() {
    let bench = Bench::shop();
    bench.fault(
        json!({"match": {"operation": "retail"}, "skip": 2, "times": 1, "effect": {"connection": "reset"}}),
    );
    let (mut one, mut other) = (bench.socket(), bench.socket());
    one.post(RETAIL, &order()).answer("POST", RETAIL).ok();
    other.post(RETAIL, &order()).answer("POST", RETAIL).ok();
    assert_eq!(one.post(RETAIL, &order()).rest(), (Vec::new(), Err(ErrorKind::ConnectionReset)));
    other.post(RETAIL, &order()).answer("POST", RETAIL).ok();
}

#[test]
fn a_stalled_answer_does_not_come_and_holds_up_nobody() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {"operation": "retail"}, "times": 20, "effect": {"connection": "stall"}}));
    let after = json!({"connection": "stall", "when": "after"});
    bench.fault(json!({"match": {"operation": "retail"}, "times": 1, "effect": after}));
    // Far more of them than there are workers.
    let mut stalled: Vec<Socket> = (0..21).map(|_| asked(&bench)).collect();
    wait_for(|| (bench.hits("f1") == 20 && bench.hits("f2") == 1).then_some(()));
    bench.retail(order()).ok();
    assert_eq!(bench.balance(IVAN), 858, "one that was stalled was done before");
    for socket in &mut stalled {
        assert!(socket.is_silent());
    }
    // The stop cuts them short.
    bench.stop();
    for socket in &mut stalled {
        assert_eq!(socket.rest(), (Vec::new(), Ok(())));
    }
}

#[test]
fn sixty_four_callers_meet_a_fault_exactly_as_often_as_it_says() {
    let bench = Bench::shop();
    let id = bench
        .fault(json!({"match": {"operation": "retail"}, "skip": 7, "times": 10, "effect": {"status": 503}}));
    let together = std::sync::Barrier::new(64);
    let failed: usize = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..64)
            .map(|_| {
                let (caller, together) = (bench.on_a_connection_of_its_own(), &together);
                scope.spawn(move || {
                    together.wait();
                    let order = json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 1});
                    (0..4).filter(|_| caller.retail(order.clone()).status == 503).count()
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a caller does not panic")).sum()
    });
    assert_eq!(failed, 10);
    assert_eq!(bench.hits(&id), 10);
    assert_eq!(bench.balance(IVAN), 878 - (64 * 4 - 10));
}
