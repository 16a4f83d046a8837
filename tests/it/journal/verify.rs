//! `/_stend/requests/verify`: whether something was called as often as it should have been; never a guess.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use stend::sandbox::clock::stopwatch;

use crate::harness::{Bench, Caller, IVAN, TILL, shop, wait_for};

fn holds(caller: &Caller, amount: u32) {
    caller.hold(json!({"client": IVAN, "point": TILL, "amount": amount})).ok();
}

fn question(times: &Value) -> Value {
    json!({"match": {"operation": "hold"}, "times": times})
}

fn verdict(bench: &Bench, times: &Value) -> (Value, Value) {
    let verified = bench.verify(question(times));
    (verified["ok"].clone(), verified["count"].clone())
}

#[test]
fn a_verdict_counts_what_matches() {
    let bench = Bench::shop();
    assert_eq!(
        bench.verify(json!({"match": {"operation": "hold"}})),
        json!({"ok": false, "count": 0, "dropped": 0, "nearest": []})
    );
    holds(&bench, 10);
    holds(&bench, 20);
    assert_eq!(
        bench.verify(json!({"match": {"operation": "hold"}})),
        json!({"ok": true, "count": 2, "dropped": 0, "nearest": []})
    );
    for (times, ok) in [
        (json!({"exactly": 2}), true),
        (json!({"exactly": 1}), false),
        (json!({"exactly": 3}), false),
        (json!({"atLeast": 2}), true),
        (json!({"atLeast": 3}), false),
        (json!({"atMost": 2}), true),
        (json!({"atMost": 1}), false),
    ] {
        assert_eq!(verdict(&bench, &times), (json!(ok), json!(2)), "{times}");
    }
    let never = json!({"match": {"operation": "retail"}, "times": {"exactly": 0}});
    assert_eq!(bench.verify(never)["ok"], true);
}

#[test]
fn the_nearest_calls_tell_field_by_field_what_is_different() {
    let bench = Bench::shop();
    bench.client(json!({"search": "79201234567", "point": TILL})).ok();
    holds(&bench, 10);
    bench.hold(json!({"client": IVAN, "point": TILL, "amount": 20, "duration": 5})).ok();
    bench.recalc(json!({"client": IVAN, "point": TILL, "amount": 30})).ok();
    let wanted = json!({"match": {
        "operation": "hold", "status": 200, "body": {"client": IVAN, "amount": 20, "duration": 7}
    }});
    assert_eq!(
        bench.verify(wanted),
        json!({"ok": false, "count": 0, "dropped": 0, "nearest": [
            {"id": 3, "mismatches": [{"field": "body.duration", "expected": 7, "actual": 5}]},
            {"id": 2, "mismatches": [
                {"field": "body.amount", "expected": 20, "actual": 10},
                {"field": "body.duration", "expected": 7, "actual": null},
            ]},
            {"id": 4, "mismatches": [
                {"field": "operation", "expected": "hold", "actual": "recalc"},
                {"field": "body.amount", "expected": 20, "actual": 30},
                {"field": "body.duration", "expected": 7, "actual": null},
            ]},
        ]})
    );
}

#[test]
fn of_calls_that_are_too_many_the_last_are_told() {
    let bench = Bench::shop();
    for amount in 1..=5 {
        holds(&bench, amount);
    }
    let verified = bench.verify(question(&json!({"atMost": 2})));
    assert_eq!(
        verified["nearest"],
        json!([{"id": 5, "mismatches": []}, {"id": 4, "mismatches": []}, {"id": 3, "mismatches": []}])
    );
}

#[test]
fn what_fell_out_leaves_the_question_open_and_is_no_false_pass() {
    let bench =
        Bench::start(Bench::builder().fixture(shop().to_string()).options(|options| options.journal = 2));
    for amount in 1..=3 {
        holds(&bench, amount);
    }
    for (times, ok) in [
        (json!({"atLeast": 2}), json!(true)),
        (json!({"atLeast": 3}), Value::Null),
        (json!({"atLeast": 4}), json!(false)),
        (json!({"atMost": 1}), json!(false)),
        (json!({"atMost": 2}), Value::Null),
        (json!({"atMost": 3}), json!(true)),
        (json!({"exactly": 1}), json!(false)),
        (json!({"exactly": 2}), Value::Null),
        (json!({"exactly": 3}), Value::Null),
        (json!({"exactly": 4}), json!(false)),
    ] {
        let verified = bench.verify(question(&times));
        assert_eq!((&verified["ok"], &verified["dropped"]), (&ok, &json!(1)), "{times}");
    }
    // Who empties it knows what is in it from then on.
    bench.request("DELETE", "/_stend/requests").send();
    assert_eq!(verdict(&bench, &json!({"exactly": 0})), (json!(true), json!(0)));
}

/// Asks on a thread of its own, and makes calls once the question waits.
fn asked_meanwhile(bench: &Bench, question: Value, calls: impl FnOnce()) -> Value {
    let journal = bench.stend().default_sandbox();
    thread::scope(|scope| {
        let caller = bench.on_a_connection_of_its_own();
        let asking = scope.spawn(move || caller.verify(question));
        wait_for(|| (journal.journal().followers().1 == 1).then_some(()));
        calls();
        asking.join().expect("it is answered")
    })
}

#[test]
fn at_least_waits_for_the_call_and_no_longer() {
    let bench = Bench::shop();
    let started = stopwatch();
    let question = json!({"match": {"operation": "hold"}, "times": {"atLeast": 2}, "within": "PT15S"});
    let verified = asked_meanwhile(&bench, question, || {
        holds(&bench, 1);
        bench.client(json!({"search": "79201234567", "point": TILL})).ok();
        holds(&bench, 2);
    });
    assert_eq!((&verified["ok"], &verified["count"]), (&json!(true), &json!(2)));
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert_eq!(bench.stend().default_sandbox().journal().followers(), (0, 0));
}

#[test]
fn exactly_and_at_most_wait_the_whole_time() {
    let bench = Bench::shop();
    holds(&bench, 1);
    for times in [json!({"exactly": 1}), json!({"atMost": 1})] {
        let started = stopwatch();
        let question = json!({"match": {"operation": "hold"}, "times": times, "within": "PT0.2S"});
        assert_eq!(bench.verify(question)["ok"], true);
        assert!(started.elapsed() >= Duration::from_millis(200), "{:?}", started.elapsed());
    }
    let question = json!({"match": {"operation": "hold"}, "times": {"exactly": 2}, "within": "200ms"});
    assert_eq!(bench.verify(question)["ok"], false, "the time is over");
}

#[test]
fn one_call_too_many_does_not_end_the_wait_so_that_all_are_counted() {
    let bench = Bench::shop();
    holds(&bench, 1);
    holds(&bench, 2);
    for times in [json!({"exactly": 1}), json!({"atMost": 1})] {
        let started = stopwatch();
        let question = json!({"match": {"operation": "hold"}, "times": times, "within": "PT0.2S"});
        let verified = bench.verify(question);
        assert_eq!((&verified["ok"], &verified["count"]), (&json!(false), &json!(2)));
        assert!(started.elapsed() >= Duration::from_millis(200), "{:?}", started.elapsed());
    }
}

#[test]
fn one_question_goes_to_all_three_calls() {
    let bench = Bench::shop();
    holds(&bench, 1);
    let question = json!({"match": {"operation": "hold"}, "times": {"exactly": 1}, "within": "PT1M"});
    assert_eq!(bench.post("/_stend/requests/count", &question).json()["count"], 1);
    assert_eq!(bench.post("/_stend/requests/find", &question).json()["total"], 1);
    let wrong = json!({"match": {}, "times": {"exactly": -1}});
    for path in ["/_stend/requests/count", "/_stend/requests/find"] {
        bench.post(path, &wrong).points_at(&["/times/exactly"]);
    }
}

#[test]
fn what_is_counted_while_one_waits_counts_also_when_it_falls_out() {
    let bench =
        Bench::start(Bench::builder().fixture(shop().to_string()).options(|options| options.journal = 1));
    let question = json!({"match": {"body": {"amount": 1}}, "times": {"atLeast": 2}, "within": "PT20S"});
    let verified = asked_meanwhile(&bench, question, || {
        let sandbox = bench.stend().default_sandbox();
        for _ in 0..2 {
            holds(&bench, 1);
            // Asked for again: the other one has been told by then, or is told to look once more.
            wait_for(|| Some(sandbox.journal().followers()));
        }
    });
    // Either both were counted, or the one that was missed is known to be missed.
    assert!(verified["ok"] == true || verified["dropped"] == 1, "{verified}");
    assert_ne!(verified["ok"], json!(false));
}

#[test]
fn a_reset_starts_the_count_again() {
    let bench = Bench::shop();
    holds(&bench, 1);
    let question = json!({"match": {"operation": "hold"}, "times": {"atLeast": 2}, "within": "PT20S"});
    let verified = asked_meanwhile(&bench, question, || {
        bench.reset();
        holds(&bench, 2);
        holds(&bench, 3);
    });
    assert_eq!((&verified["ok"], &verified["count"]), (&json!(true), &json!(2)));
}

#[test]
fn a_wait_does_not_hold_up_a_stop_and_ends_without_a_verdict() {
    let bench = Bench::shop();
    let caller = bench.on_a_connection_of_its_own();
    let asking = thread::spawn(move || {
        caller.verify(json!({"match": {"operation": "hold"}, "times": {"exactly": 0}, "within": "PT1M"}))
    });
    let sandbox = bench.stend().default_sandbox();
    wait_for(|| (sandbox.journal().followers().1 == 1).then_some(()));
    let started = stopwatch();
    bench.stop();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(asking.join().expect("it is answered")["ok"], Value::Null);
}

#[test]
fn bad_questions_are_told() {
    let bench = Bench::shop();
    for (question, pointers) in [
        (json!({}), &["/match"][..]),
        (json!({"match": {"api": "x", "status": 1000}}), &["/match/api", "/match/status"]),
        (json!({"match": {"path": "x?y"}}), &["/match/path"]),
        (json!({"match": {}, "times": {"exactly": 1, "atMost": 2}}), &["/times"]),
        (json!({"match": {}, "times": {"exactly": -1}}), &["/times/exactly"]),
        (json!({"match": {}, "times": 3}), &["/times"]),
        (json!({"match": {}, "within": "PT61S"}), &["/within"]),
        (json!({"match": {}, "within": 2}), &["/within"]),
        (json!({"match": {}, "timeout": "PT1S", "nearest": 1}), &["/timeout", "/nearest"]),
    ] {
        bench.post("/_stend/requests/verify", &question).points_at(pointers);
    }
}
