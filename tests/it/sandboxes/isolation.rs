//! Many callers, many sandboxes, and nobody ever sees another's state or half a reset.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::harness::{ANNA, Bench, Caller, IVAN, KIOSK, TILL, shop};
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

#[test]
fn while_others_restore_replace_and_reset_nobody_sees_a_mixture() {
    let bench = Bench::shop();
    // In every state that there is, Ivan and Anna have the same.
    let state = |points: u64| {
        let mut fixture = shop_with(points);
        fixture["loyalclient"]["clients"][1]["balance"] = json!(points);
        fixture
    };
    bench.post("/_stend/sandboxes", &json!({"name": "a", "fixture": state(1_000)})).with_status(201);
    let a = bench.in_sandbox("a");
    a.request("PUT", "/_stend/state").json(&state(2_000)).send().ok();
    a.request("PUT", "/_stend/snapshots/s").send().with_status(201);
    let both = |points: u64| {
        let clients = json!([{"id": IVAN, "balance": points}, {"id": ANNA, "balance": points}]);
        json!({"loyalclient": {"clients": clients}})
    };
    std::thread::scope(|scope| {
        for number in 0..12 {
            let a = bench.on_a_connection_of_its_own().in_sandbox("a");
            let (state, both) = (&state, &both);
            scope.spawn(move || {
                for step in 0..25 {
                    match (number + step) % 6 {
                        0 => a.reset(),
                        1 => drop(a.request("POST", "/_stend/snapshots/s/restore").send().ok()),
                        2 => drop(a.request("PUT", "/_stend/state").json(&state(3_000 + step)).send().ok()),
                        3 => drop(a.request("PATCH", "/_stend/state").json(&both(4_000 + step)).send().ok()),
                        _ => {
                            let view = a.get("/_stend/accounts?limit=2").ok();
                            let (ivan, anna) = (&view["accounts"][0], &view["accounts"][1]);
                            assert_eq!((&ivan["id"], &anna["id"]), (&json!(IVAN), &json!(ANNA)));
                            assert_eq!(ivan["posted"], anna["posted"], "two states at once: {view}");
                        }
                    }
                }
            });
        }
    });
}

/// What can happen to one of three sandboxes.
#[derive(Clone, Debug)]
enum Step {
    /// Points at one point of sale.
    Spend(u64),
    /// Points at another one, and for how many minutes.
    Hold(u64, u64),
    Advance(u64),
    Snapshot(usize),
    Restore(usize),
    /// The next sandbox becomes a copy of this one.
    Fork,
    /// The next sandbox becomes one that starts at this snapshot.
    ForkSnapshot(usize),
    /// The next sandbox takes over this one's export.
    Export,
    SetBalance(u64),
    Reset,
    ResetKeepingClock,
    Delete,
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let snapshot = || 0_usize..2;
    let step = prop_oneof![
        3 => (1_u64..900).prop_map(Step::Spend),
        3 => (1_u64..400, 1_u64..=30).prop_map(|(points, minutes)| Step::Hold(points, minutes)),
        3 => (1_u64..20).prop_map(Step::Advance),
        2 => snapshot().prop_map(Step::Snapshot),
        2 => snapshot().prop_map(Step::Restore),
        1 => Just(Step::Fork),
        1 => snapshot().prop_map(Step::ForkSnapshot),
        1 => Just(Step::Export),
        1 => (400_u64..2_000).prop_map(Step::SetBalance),
        1 => Just(Step::Reset),
        1 => Just(Step::ResetKeepingClock),
        1 => Just(Step::Delete),
    ];
    prop::collection::vec((0_usize..3, step), 1..40)
}

/// Where a sandbox must stand: Ivan's points, his holds with their ends, and the clock, in minutes from the start.
#[derive(Clone, Debug, PartialEq)]
struct Moment {
    posted: u64,
    holds: Vec<(u64, u64)>,
    now: u64,
}

impl Moment {
    fn held(&self) -> u64 {
        self.holds.iter().map(|(points, _)| points).sum()
    }

    fn available(&self) -> u64 {
        self.posted - self.held()
    }

    /// The same at another time: what is over by then is gone.
    fn at(&self, now: u64) -> Moment {
        let holds = self.holds.iter().copied().filter(|(_, until)| *until > now);
        Moment { posted: self.posted, holds: holds.collect(), now }
    }
}

/// What is known of a sandbox.
#[derive(Clone, Debug)]
struct Model {
    moment: Moment,
    snapshots: [Option<Moment>; 2],
    origin: Moment,
}

impl Model {
    fn starting_at(moment: Moment) -> Model {
        Model { origin: moment.clone(), moment, snapshots: [None, None] }
    }

    fn fresh() -> Model {
        Model::starting_at(Moment { posted: 878, holds: Vec::new(), now: 0 })
    }
}

#[test]
fn any_sequence_of_operations_leaves_each_sandbox_as_its_own_history_says() {
    let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)).run(
        &steps(),
        |steps| {
            let bench = Bench::shop();
            let mut models = [Model::fresh(), Model::fresh(), Model::fresh()];
            for (which, step) in steps {
                take_step(&bench, &mut models, which, &step);
                for (name, model) in NAMES.iter().zip(&models) {
                    is_as_its_model(&bench.in_sandbox(name), &model.moment, &step);
                }
            }
            Ok(())
        },
    );
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

const NAMES: [&str; 3] = ["a", "b", "c"];

fn take_step(bench: &Bench, models: &mut [Model; 3], which: usize, step: &Step) {
    let (name, caller) = (NAMES[which], bench.in_sandbox(NAMES[which]));
    let next = (which + 1) % 3;
    let model = &mut models[which];
    let call = |method: &str, path: &str| caller.request(method, path).send();
    let make_next = |body: Value| {
        for name in [name, NAMES[next]] {
            bench.in_sandbox(name).get("/_stend/clock").ok();
        }
        bench.request("DELETE", &format!("/_stend/sandboxes/{}", NAMES[next])).send().with_status(204);
        bench.post("/_stend/sandboxes", &body).status
    };
    match step {
        Step::Spend(points) => {
            let order = json!({"client": IVAN, "point": KIOSK, "amount": 1_000, "spend": points});
            let (answer, available) = (caller.retail(order), model.moment.available());
            if *points <= available {
                answer.ok();
                model.moment.posted -= points;
            } else {
                answer.refused(&format!(r#"{{"spend":"Spend can't be more {available}"}}"#));
            }
        }
        Step::Hold(points, minutes) => {
            let ask = json!({"client": IVAN, "point": TILL, "amount": points, "duration": minutes});
            let (answer, available) = (caller.hold(ask), model.moment.available());
            if *points <= available {
                answer.ok();
                model.moment.holds.push((*points, model.moment.now + minutes));
            } else {
                answer.refused(&format!(r#"{{"amount":"Amount can't be more {available}"}}"#));
            }
        }
        Step::Advance(minutes) => {
            let expired = caller.advance(&format!("PT{minutes}M"));
            let later = model.moment.at(model.moment.now + minutes);
            let over = model.moment.holds.len() - later.holds.len();
            assert_eq!(expired.as_array().map(Vec::len), Some(over), "{expired}");
            model.moment = later;
        }
        Step::Snapshot(number) => {
            let status = if model.snapshots[*number].is_none() { 201 } else { 200 };
            call("PUT", &format!("/_stend/snapshots/s{number}")).with_status(status);
            model.snapshots[*number] = Some(model.moment.clone());
        }
        Step::Restore(number) => {
            let answer = call("POST", &format!("/_stend/snapshots/s{number}/restore"));
            match &model.snapshots[*number] {
                Some(moment) => {
                    answer.ok();
                    model.moment = moment.clone();
                }
                None => drop(answer.problem(404)),
            }
        }
        Step::Fork => {
            assert_eq!(make_next(json!({"name": NAMES[next], "from": name})), 201);
            models[next] = Model::starting_at(models[which].moment.clone());
        }
        Step::ForkSnapshot(number) => {
            let snapshot = model.snapshots[*number].clone();
            let body = json!({"name": NAMES[next], "from": name, "snapshot": format!("s{number}")});
            let status = make_next(body);
            assert_eq!(status, if snapshot.is_some() { 201 } else { 404 });
            models[next] = snapshot.map_or_else(Model::fresh, Model::starting_at);
        }
        Step::Export => {
            let exported = call("GET", "/_stend/state").body;
            bench.in_sandbox(NAMES[next]).request("PUT", "/_stend/state").body(exported).send().ok();
            models[next].moment = models[which].moment.clone();
        }
        Step::SetBalance(points) => {
            // Not below what is held: what happens then is for the tests of the state.
            let points = (*points).max(model.moment.held());
            let clients = json!([{"id": IVAN, "balance": points}]);
            let patch = json!({"loyalclient": {"clients": clients}});
            caller.request("PATCH", "/_stend/state").json(&patch).send().ok();
            model.moment.posted = points;
        }
        Step::Reset => {
            caller.reset();
            model.moment = model.origin.clone();
        }
        Step::ResetKeepingClock => {
            caller.post("/_stend/reset", &json!({"keep": ["clock"]})).ok();
            model.moment = model.origin.at(model.moment.now);
        }
        Step::Delete => {
            // It may not have been used yet.
            let deleted = bench.request("DELETE", &format!("/_stend/sandboxes/{name}")).send();
            assert!([204, 404].contains(&deleted.status), "{deleted}");
            *model = Model::fresh();
        }
    }
}

fn is_as_its_model(caller: &Caller, moment: &Moment, step: &Step) {
    let account = caller.account(IVAN);
    let shown = [&account["posted"], &account["held"], &account["available"]].map(Value::as_u64);
    assert_eq!(
        shown,
        [moment.posted, moment.held(), moment.available()].map(Some),
        "after {step:?}: {account}"
    );
    let clock = caller.get("/_stend/clock").ok();
    let (hours, minutes) = (moment.now / 60, moment.now % 60);
    assert_eq!(clock["now"], format!("2026-01-01T{hours:02}:{minutes:02}:00.000Z"), "after {step:?}");
}
