//! The dice of the faults: the same seed, name and calls give the same faults.

use serde_json::json;

use crate::harness::{Bench, Caller, IVAN, TILL, shop};

/// Which of so many calls fail, one after the other.
fn run(caller: &Caller, calls: usize) -> Vec<bool> {
    let fails = |_| caller.recalc(json!({"client": IVAN, "point": TILL, "amount": 100})).status == 503;
    (0..calls).map(fails).collect()
}

fn with_seed(seed: u64) -> Bench {
    Bench::start(Bench::builder().fixture(shop().to_string()).seed(seed))
}

fn half(caller: &Caller) {
    caller.fault(json!({"match": {"operation": "recalc"}, "probability": 0.5, "effect": {"status": 503}}));
}

#[test]
fn the_same_seed_and_name_and_calls_fail_alike_in_every_server() {
    let (one, other, elsewhere) = (with_seed(7), with_seed(7), with_seed(8));
    for bench in [&one, &other, &elsewhere] {
        half(bench);
        half(&bench.in_sandbox("ci-7"));
    }
    let first = run(&one, 40);
    assert!(first.contains(&true) && first.contains(&false));
    // Calls in between that the rule is not for, and another sandbox's, change nothing.
    assert_ne!(run(&one.in_sandbox("ci-7"), 40), first);
    other.client(json!({"search": "x", "point": TILL}));
    assert_eq!(run(&other, 40), first);
    assert_ne!(run(&elsewhere, 40), first);
}

#[test]
fn a_reset_begins_the_dice_again_and_keeping_the_faults_does_not() {
    let bench = with_seed(7);
    half(&bench);
    let (first, second) = (run(&bench, 40), run(&bench, 40));
    assert_ne!(first, second);
    bench.reset();
    half(&bench);
    assert_eq!(run(&bench, 40), first);
    bench.post("/_stend/reset", &json!({"keep": ["faults"]})).ok();
    assert_eq!(run(&bench, 40), second);
}

#[test]
fn a_snapshot_remembers_how_the_dice_lay() {
    let bench = with_seed(7);
    half(&bench);
    run(&bench, 10);
    bench.request("PUT", "/_stend/snapshots/here").send().with_status(201);
    let first = run(&bench, 40);
    bench.request("POST", "/_stend/snapshots/here/restore").send().ok();
    assert_eq!(run(&bench, 40), first);
}

#[test]
fn what_is_certain_happens_always_and_what_is_impossible_never() {
    let bench = Bench::shop();
    bench.fault(json!({"match": {}, "probability": 0, "effect": {"status": 500}}));
    bench.fault(json!({"match": {}, "probability": 1.0, "effect": {"status": 503}}));
    assert_eq!(run(&bench, 30), [true; 30]);
    assert_eq!((bench.hits("f1"), bench.hits("f2")), (0, 30));
}
