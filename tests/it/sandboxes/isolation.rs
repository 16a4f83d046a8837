//! Many callers, many sandboxes, and nobody ever sees another's state or half a reset.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::harness::{Bench, Caller, IVAN, TILL, shop};
use stend::sandbox::clock::stopwatch;

/// The shop, with this many points for Ivan.
fn shop_with(points: u64) -> Value {
    let mut fixture = shop();
    fixture["loyalclient"]["clients"][0]["balance"] = json!(points);
    fixture
}

#[test]
fn nobody_sees_anothers_state_or_half_a_reset() {
    const SANDBOXES: u64 = 200;
    const CALLERS: u64 = 200;
    let bench = Bench::shop();
    // The points tell whose sandbox it is: 1,000,000 for the first, 1,001,000 for the next …
    let points = |sandbox: u64| 1_000_000 + sandbox * 1_000;
    for sandbox in 0..SANDBOXES {
        let body = json!({"name": format!("s{sandbox}"), "fixture": shop_with(points(sandbox))});
        bench.post("/_stend/sandboxes", &body).with_status(201);
    }
    let checked = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (bench, checked) = (&bench, &checked);
            scope.spawn(move || {
                let agent = bench.on_a_connection_of_its_own();
                for step in 0..12 {
                    let sandbox = (caller * 7 + step * 31) % SANDBOXES;
                    let own = agent.in_sandbox(&format!("s{sandbox}"));
                    match step % 6 {
                        0 => own.reset(),
                        1 => {
                            let name = format!("f{caller}-{step}");
                            let body = json!({"name": name, "from": format!("s{sandbox}")});
                            agent.post("/_stend/sandboxes", &body).with_status(201);
                            seen_in(&agent.in_sandbox(&name), points(sandbox));
                            agent
                                .request("DELETE", &format!("/_stend/sandboxes/{name}"))
                                .send()
                                .with_status(204);
                        }
                        2 => {
                            own.holds(IVAN, 1);
                        }
                        3 => drop(
                            own.retail(json!({"client": IVAN, "point": TILL, "amount": 3, "spend": 3})).ok(),
                        ),
                        _ => seen_in(&own, points(sandbox)),
                    }
                    checked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(checked.into_inner(), CALLERS * 12);
}

/// A state of this sandbox's own: a few points were spent or held, and what the view says adds up, whatever was
/// going on when it was looked at.
fn seen_in(caller: &Caller, points: u64) {
    let account = caller.account(IVAN);
    let number = |value: &Value| value.as_u64().expect("a whole number");
    let sum = |list: &Value| -> u64 {
        list.as_array().expect("a list").iter().map(|one| number(&one["amount"])).sum()
    };
    let (posted, held) = (number(&account["posted"]), number(&account["held"]));
    assert!((points - 999..=points).contains(&posted), "points of another sandbox: {account}");
    assert_eq!((sum(&account["lots"]), sum(&account["holds"])), (posted, held), "half a reset: {account}");
    let opening = &account["entries"][0];
    assert_eq!((number(&opening["amount"]), &opening["kind"]), (points, &json!("opening")), "{account}");
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "the two times are for who reads the output; nothing depends on them"
)]
fn a_hundred_copies_of_the_vendors_flow_each_in_its_own_sandbox_and_time() {
    let bench = Bench::demo();
    let (client, point) = (IVAN, TILL);
    let flow = |agent: &Caller, number: u32| {
        let name = format!("copy-{number}");
        let till = agent.with_key(&format!("test-key~{name}"));
        let found = till.client(json!({"search": "79201234567", "point": point})).ok();
        assert_eq!(found["client"]["balance"], 878);
        let order = json!({"client": client, "point": point, "amount": 1_000});
        assert_eq!(till.recalc(order.clone()).ok()["recalc"]["spend"], 878);
        let minutes = 1 + number % 30;
        let ask = json!({"client": client, "point": point, "amount": 500, "duration": minutes});
        let held = till.hold(ask).ok()["held"].clone();
        let clock = agent.in_sandbox(&name);
        assert_eq!(clock.balance(client), 378);
        let before = clock.advance(&format!("PT{}S", minutes * 60 - 1));
        assert_eq!(before, json!([]), "a second before its end");
        let expired = clock.advance("PT1S");
        assert_eq!(expired[0]["id"], held["id"], "at its end");
        let mut retail = order;
        retail["spend"] = json!(number);
        assert_eq!(till.retail(retail).ok()["retail"]["total"], 1_000 - number);
        assert_eq!(clock.balance(client), if number == 0 { 978 } else { 878 - number });
    };

    let started = stopwatch();
    flow(&bench.on_a_connection_of_its_own(), 100);
    let one = started.elapsed();
    let started = stopwatch();
    std::thread::scope(|scope| {
        for number in 0..100 {
            let (bench, flow) = (&bench, &flow);
            scope.spawn(move || flow(&bench.on_a_connection_of_its_own(), number));
        }
    });
    // Shown with `cargo test -- --nocapture`; the figure of merit is in docs/performance.md.
    eprintln!("one copy: {one:?}; a hundred at once: {:?}", started.elapsed());
}

/// What can happen to one of three sandboxes.
#[derive(Clone, Debug)]
enum Step {
    Spend(u64),
    Advance,
    Snapshot,
    Restore,
    Fork,
    Reset,
    Delete,
}

/// What a sandbox must be like: points, minutes since the start, and what it goes back to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Model {
    now: (u64, u64),
    snapshot: Option<(u64, u64)>,
    origin: (u64, u64),
}

const FRESH: Model = Model { now: (878, 0), snapshot: None, origin: (878, 0) };

#[test]
fn any_sequence_of_operations_leaves_each_sandbox_as_its_own_history_says() {
    let step = prop_oneof![
        (1_u64..20).prop_map(Step::Spend),
        Just(Step::Advance),
        Just(Step::Snapshot),
        Just(Step::Restore),
        Just(Step::Fork),
        Just(Step::Reset),
        Just(Step::Delete),
    ];
    let steps = prop::collection::vec((0_usize..3, step), 1..25);
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        let bench = Bench::shop();
        let names = ["a", "b", "c"];
        let mut models = [FRESH; 3];
        for (which, step) in steps {
            let (name, caller) = (names[which], bench.in_sandbox(names[which]));
            let model = &mut models[which];
            let call = |method: &str, path: &str| caller.request(method, path).send();
            match step {
                Step::Spend(points) => {
                    let answer = caller
                        .retail(json!({"client": IVAN, "point": TILL, "amount": points, "spend": points}));
                    if points <= model.now.0 {
                        answer.ok();
                        model.now.0 -= points;
                    } else {
                        answer.refused(&format!(r#"{{"spend":"Spend can't be more {}"}}"#, model.now.0));
                    }
                }
                Step::Advance => {
                    caller.advance("PT1M");
                    model.now.1 += 1;
                }
                Step::Snapshot => {
                    let status = if model.snapshot.is_none() { 201 } else { 200 };
                    call("PUT", "/_stend/snapshots/s").with_status(status);
                    model.snapshot = Some(model.now);
                }
                Step::Restore => {
                    let answer = call("POST", "/_stend/snapshots/s/restore");
                    match model.snapshot {
                        Some(moment) => {
                            answer.ok();
                            model.now = moment;
                        }
                        None => drop(answer.problem(404)),
                    }
                }
                Step::Fork => {
                    // The next one becomes a copy of this one.
                    let next = (which + 1) % 3;
                    caller.get("/_stend/clock").ok();
                    call("DELETE", &format!("/_stend/sandboxes/{}", names[next]));
                    let body = json!({"name": names[next], "from": name});
                    bench.post("/_stend/sandboxes", &body).with_status(201);
                    let now = models[which].now;
                    models[next] = Model { now, snapshot: None, origin: now };
                }
                Step::Reset => {
                    caller.reset();
                    model.now = model.origin;
                }
                Step::Delete => {
                    bench.request("DELETE", &format!("/_stend/sandboxes/{name}")).send();
                    *model = FRESH;
                }
            }
            for (name, model) in names.iter().zip(&models) {
                let caller = bench.in_sandbox(name);
                let minutes = model.now.1;
                let clock = format!("2026-01-01T00:{minutes:02}:00.000Z");
                assert_eq!(
                    (&caller.balance(IVAN), &caller.get("/_stend/clock").ok()["now"]),
                    (&json!(model.now.0), &json!(clock)),
                    "{name}"
                );
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
