//! Which rules act, on which calls, how often and how likely; and what is wrong with the others.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::loyalty::time::Time;
use crate::sandbox::fixture::{Given, Seed};
use crate::sandbox::{Keep, Origin};

const OPERATIONS: [&str; 3] = ["client", "retail", "orders.create"];

fn sandbox(name: &str, seed: u64) -> Sandbox {
    let given = Given { seed: Some(seed), frozen_at: Some(Time::MIN) };
    let fixture = Seed::read(r#"{"version":1}"#, given, Time::MIN).expect("it is a fixture");
    Sandbox::new(name, Origin::fixture(Arc::new(fixture)))
}

fn read(rule: &Value) -> Result<Rule, Vec<(String, String)>> {
    let rule = Rule::read(&rule.to_string(), |api| match api {
        Programme::LoyalClient => OPERATIONS[..2].to_vec(),
        Programme::Ibonus => OPERATIONS[2..].to_vec(),
        Programme::ProBonus => Vec::new(),
    });
    rule.map_err(|mistakes| mistakes.into_iter().map(|it| (it.pointer, it.detail)).collect())
}

fn add(sandbox: &Sandbox, rule: &Value) -> FaultId {
    let rule = read(rule).unwrap_or_else(|mistakes| panic!("{rule}: {mistakes:?}"));
    sandbox.add_fault(rule).expect("there is room").id
}

const RETAIL: Asked<'_> = Asked {
    api: Some(Programme::LoyalClient),
    operation: Some("retail"),
    method: "POST",
    path: "/integration/general/retail",
    body: br#"{"client":"62a0","amount":100.50,"hold":["a","b"],"spend":0}"#,
};

/// The ids of what acts on so many calls, one after the other; 0 where nothing does.
fn hits(sandbox: &Sandbox, calls: usize) -> Vec<u64> {
    (0..calls).map(|_| sandbox.fault_for(&RETAIL).map_or(0, |hit| hit.id.0)).collect()
}

#[test]
fn a_rule_acts_on_the_calls_it_names() {
    for (pattern, acts) in [
        (json!({}), true),
        (json!({"api": "loyalclient"}), true),
        (json!({"api": "ibonus"}), false),
        (json!({"operation": "retail"}), true),
        (json!({"operation": "client"}), false),
        (json!({"method": "POST"}), true),
        (json!({"method": "post"}), true),
        (json!({"method": "GET"}), false),
        (json!({"path": "/integration/general/retail"}), true),
        (json!({"path": "/integration/**"}), true),
        (json!({"path": "/ext/**"}), false),
        (json!({"body": {"amount": 100.5}}), true),
        (json!({"body": {"amount": 100}}), false),
        (
            json!({"api": "loyalclient", "operation": "retail", "method": "POST", "path": "**", "body": {}}),
            true,
        ),
        (
            json!({"api": "loyalclient", "operation": "retail", "method": "POST", "path": "**", "body": []}),
            false,
        ),
    ] {
        let sandbox = sandbox("a", 0);
        add(&sandbox, &json!({"match": pattern, "effect": {"status": 503}}));
        assert_eq!(sandbox.fault_for(&RETAIL).is_some(), acts, "{pattern}");
    }
}

#[test]
fn a_call_that_is_no_operation_is_met_by_its_path_alone() {
    let sandbox = sandbox("a", 0);
    add(&sandbox, &json!({"match": {"operation": "retail"}, "effect": {"status": 503}}));
    add(&sandbox, &json!({"match": {"path": "/integration/**"}, "effect": {"status": 503}}));
    let asked = Asked { operation: None, path: "/integration/nothing", ..RETAIL };
    assert_eq!(sandbox.fault_for(&asked).map(|hit| hit.id), Some(FaultId(2)));
}

#[test]
fn a_body_that_cannot_be_read_is_met_by_no_pattern() {
    let sandbox = sandbox("a", 0);
    add(&sandbox, &json!({"match": {"body": {}}, "effect": {"status": 503}}));
    add(&sandbox, &json!({"match": {"body": null}, "effect": {"status": 503}}));
    for body in [&b""[..], b"{", b"amount=100", b"\xff", b"[]", b"5"] {
        assert!(sandbox.fault_for(&Asked { body, ..RETAIL }).is_none(), "{body:?}");
    }
    for (body, id) in [(&b"{}"[..], 1), (b" \xef\xbb\xbf{}", 0), (b"\xef\xbb\xbf{}", 1), (b"null", 2)] {
        let hit = sandbox.fault_for(&Asked { body, ..RETAIL });
        assert_eq!(hit.map_or(0, |hit| hit.id.0), id, "{body:?}");
    }
}

#[test]
fn the_first_live_rule_that_matches_acts() {
    let sandbox = sandbox("a", 0);
    add(&sandbox, &json!({"match": {"operation": "client"}, "effect": {"status": 500}}));
    add(&sandbox, &json!({"match": {}, "times": 2, "effect": {"status": 501}}));
    add(&sandbox, &json!({"match": {}, "times": 1, "effect": {"status": 502}}));
    assert_eq!(hits(&sandbox, 5), [2, 2, 3, 0, 0]);
    let infos = sandbox.faults();
    assert_eq!(infos.iter().map(|info| info.hits).collect::<Vec<_>>(), [0, 2, 1]);
    assert!(sandbox.has_faults(), "the first can still act");
    sandbox.delete_fault("f1").expect("it is there");
    assert!(!sandbox.has_faults(), "those that are done cost nothing");
}

#[test]
fn skipped_calls_do_not_count_as_hits_and_are_left_to_the_next_rule() {
    let sandbox = sandbox("a", 0);
    add(&sandbox, &json!({"match": {}, "skip": 2, "times": 1, "effect": {"status": 500}}));
    assert_eq!(hits(&sandbox, 5), [0, 0, 1, 0, 0]);
    assert_eq!(sandbox.fault("f1").expect("it is there").hits, 1);

    add(&sandbox, &json!({"match": {}, "skip": 1, "times": 2, "effect": {"status": 500}}));
    add(&sandbox, &json!({"match": {}, "effect": {"delay": "1ms"}}));
    assert_eq!(hits(&sandbox, 5), [3, 2, 2, 3, 3]);
}

#[test]
fn a_rule_that_acts_hides_the_call_from_the_skips_of_those_behind_it() {
    let sandbox = sandbox("a", 0);
    add(&sandbox, &json!({"match": {}, "times": 2, "effect": {"status": 500}}));
    add(&sandbox, &json!({"match": {}, "skip": 1, "times": 1, "effect": {"status": 500}}));
    assert_eq!(hits(&sandbox, 5), [1, 1, 0, 2, 0]);
}

#[test]
fn skips_count_first_and_only_then_the_dice_are_thrown() {
    let rule = |skip: u64| json!({"match": {}, "skip": skip, "probability": 0.5, "effect": {"status": 500}});
    let (at_once, later) = (sandbox("a", 0), sandbox("a", 0));
    add(&at_once, &rule(0));
    add(&later, &rule(10));
    let rolled = hits(&at_once, 100);
    assert_eq!(hits(&later, 10), [0; 10]);
    assert_eq!(hits(&later, 100), rolled);
}

#[test]
fn the_same_seed_and_calls_give_the_same_faults() {
    let run = |sandbox: &Sandbox| {
        add(
            sandbox,
            &json!({"match": {}, "probability": 0.3, "effect": {"delay": {"min": "1ms", "max": "1s"}}}),
        );
        let hits = (0..200).map(|_| sandbox.fault_for(&RETAIL).map(|hit| (hit.id, hit.delay)));
        hits.collect::<Vec<_>>()
    };
    let first = run(&sandbox("a", 7));
    assert_eq!(run(&sandbox("a", 7)), first);
    assert_ne!(run(&sandbox("a", 8)), first);
    assert_ne!(run(&sandbox("b", 7)), first);
    let acted = first.iter().flatten().count();
    assert!((40..80).contains(&acted), "three in ten of 200, and it was {acted}");
    let delays = first.iter().flatten().filter_map(|(_, delay)| *delay);
    assert!(delays.clone().all(|delay| (1..=1_000).contains(&delay.as_millis())));
    assert!(delays.collect::<std::collections::BTreeSet<_>>().len() > 10);
}

#[test]
fn what_is_certain_throws_no_dice() {
    let rolled = |sandbox: &Sandbox| {
        add(sandbox, &json!({"match": {}, "probability": 0.5, "effect": {"status": 500}}));
        hits(sandbox, 50).iter().map(|id| *id != 0).collect::<Vec<_>>()
    };
    let busy = sandbox("a", 0);
    add(&busy, &json!({"match": {}, "times": 5, "effect": {"delay": "1ms"}}));
    add(&busy, &json!({"match": {}, "times": 5, "probability": 1, "effect": {"delay": "1ms"}}));
    hits(&busy, 10);
    assert_eq!(rolled(&busy), rolled(&sandbox("a", 0)));

    let never = sandbox("a", 0);
    add(&never, &json!({"match": {}, "probability": 0, "effect": {"status": 500}}));
    assert_eq!(hits(&never, 50), [0; 50]);
}

#[test]
fn a_reset_begins_again_without_rules_and_with_the_first_dice() {
    let sandbox = sandbox("a", 0);
    let roll = || {
        let id = add(&sandbox, &json!({"match": {}, "probability": 0.5, "effect": {"status": 500}}));
        (id, hits(&sandbox, 50))
    };
    let first = roll();
    sandbox.reset(Keep::default());
    assert!(sandbox.faults().is_empty() && !sandbox.has_faults());
    assert_eq!(roll(), first, "the same ids and the same dice");

    let before = sandbox.faults().len();
    sandbox.reset(Keep { faults: true, ..Keep::default() });
    assert_eq!(sandbox.faults().len(), before);
    assert!(sandbox.faults()[0].hits > 0);
    assert_ne!(hits(&sandbox, 50), first.1, "the dice go on");
}

#[test]
fn a_snapshot_keeps_the_dice_and_not_the_rules() {
    let sandbox = sandbox("a", 0);
    add(&sandbox, &json!({"match": {}, "probability": 0.5, "effect": {"status": 500}}));
    hits(&sandbox, 10);
    sandbox.take_snapshot("s").expect("there is room");
    let rolled = hits(&sandbox, 50);
    add(&sandbox, &json!({"match": {}, "effect": {"status": 500}}));
    sandbox.delete_fault("f2").expect("it is there");
    sandbox.restore("s").expect("it is there");
    assert_eq!(hits(&sandbox, 50), rolled);
    assert_eq!(sandbox.faults().len(), 1);

    let fork = Sandbox::new("b", sandbox.snapshot_origin("s").expect("it is there"));
    assert!(fork.faults().is_empty());
    add(&fork, &json!({"match": {}, "probability": 0.5, "effect": {"status": 500}}));
    assert_eq!(hits(&fork, 50), rolled, "a copy goes on where the snapshot was");
}

#[test]
fn a_sandbox_has_room_for_so_many_faults() {
    let sandbox = sandbox("a", 0);
    let rule = json!({"match": {}, "times": 1, "effect": {"status": 500}});
    for _ in 0..FAULTS_MAX {
        add(&sandbox, &rule);
    }
    let refused = sandbox.add_fault(read(&rule).expect("it is a rule")).expect_err("there is no room");
    assert_eq!(refused, FaultError::TooMany { sandbox: "a".into() });
    assert!(refused.to_string().contains("100"), "{refused}");
    sandbox.delete_fault("f1").expect("it is there");
    assert_eq!(add(&sandbox, &rule), FaultId(FAULTS_MAX as u64 + 1), "no id comes twice");
    sandbox.delete_faults();
    assert_eq!(add(&sandbox, &rule), FaultId(FAULTS_MAX as u64 + 2));
}

#[test]
fn an_id_is_an_f_and_a_number() {
    let sandbox = sandbox("a", 0);
    add(&sandbox, &json!({"match": {}, "effect": {"status": 500}}));
    assert!(sandbox.fault("f1").is_ok());
    for id in ["1", "f", "f2", "f+1", "F1", "f1 ", "f-1", "f99999999999999999999", ""] {
        assert!(sandbox.fault(id).is_err(), "{id}");
        assert!(sandbox.delete_fault(id).is_err(), "{id}");
    }
}

#[test]
fn a_rule_is_shown_as_it_was_sent() {
    let text = r#"{"effect": {"delay":"800ms", "body": {"b":1,"a":1.0}, "status":502}, "match": { }, "probability": 0.5}"#;
    let sandbox = sandbox("a", 0);
    let info =
        sandbox.add_fault(Rule::read(text, |_| Vec::new()).expect("it is a rule")).expect("there is room");
    assert_eq!(
        serde_json::to_string(&info).expect("it is JSON"),
        r#"{"id":"f1","match":{ },"probability":0.5,"effect":{"delay":"800ms", "body": {"b":1,"a":1.0}, "status":502},"hits":0}"#
    );
}

#[test]
fn an_effect_is_what_the_rule_says() {
    let effect = |effect: Value| {
        let sandbox = sandbox("a", 0);
        add(&sandbox, &json!({"match": {}, "effect": effect}));
        let hit = sandbox.fault_for(&RETAIL).expect("it acts on everything");
        (hit.effect.to_string(), hit.delay)
    };
    let ms = Duration::from_millis;
    for (sent, text, delay) in [
        (json!({"delay": "800ms"}), "delay PT0.8S, before the operation", Some(ms(800))),
        (json!({"delay": "PT5M"}), "delay PT5M, before the operation", Some(ms(300_000))),
        (json!({"delay": "0s"}), "delay PT0S, before the operation", Some(ms(0))),
        (
            json!({"delay": {"min": "1s", "max": "1s"}, "status": 503, "when": "after"}),
            "delay PT1S, status 503, after the operation",
            Some(ms(1_000)),
        ),
        (json!({"status": 204}), "status 204, before the operation", None),
        (json!({"connection": "close"}), "close, before the operation", None),
        (json!({"connection": "reset", "when": "after"}), "reset, after the operation", None),
        (json!({"connection": "truncate"}), "truncate, after the operation", None),
        (json!({"connection": "truncate", "when": "after"}), "truncate, after the operation", None),
        (json!({"connection": "truncate", "when": "before"}), "truncate, after the operation", None),
        (json!({"connection": "stall", "when": "before"}), "stall, before the operation", None),
    ] {
        assert_eq!(effect(sent.clone()), (text.to_owned(), delay), "{sent}");
    }
    let (text, _) = effect(json!({"delay": {"min": "1s", "max": "2s"}}));
    assert_eq!(text, "delay PT1S to PT2S, before the operation");
}

#[test]
fn all_that_is_wrong_with_a_rule_is_told_with_its_place() {
    let ok = json!({"status": 503});
    for (rule, wrong) in [
        (json!({}), &[("/match", "is missing"), ("/effect", "is missing")][..]),
        (json!({"match": null, "effect": null}), &[("/match", "null"), ("/effect", "null")]),
        (json!({"macth": {}, "match": {}, "effect": ok}), &[("/macth", "did you mean \"match\"?")]),
        (json!({"match": {"oparation": "retail"}, "effect": ok}), &[("/match/oparation", "did you mean")]),
        (
            json!({"match": {"api": "loyalclien"}, "effect": ok}),
            &[("/match/api", "did you mean \"loyalclient\"?")],
        ),
        (
            json!({"match": {"operation": "retial"}, "effect": ok}),
            &[("/match/operation", "did you mean \"retail\"?")],
        ),
        (
            json!({"match": {"api": "ibonus", "operation": "retail"}, "effect": ok}),
            &[("/match/operation", "no operation \"retail\" of ibonus: known here: orders.create")],
        ),
        (json!({"match": {"method": "PSOT"}, "effect": ok}), &[("/match/method", "did you mean \"POST\"?")]),
        (json!({"match": {"path": ""}, "effect": ok}), &[("/match/path", "begins with")]),
        (json!({"match": {"path": "integration/**"}, "effect": ok}), &[("/match/path", "begins with")]),
        (
            json!({"match": {"path": "/ext/api/v1/clients/{id}/"}, "effect": ok}),
            &[("/match/path", "write *")],
        ),
        (json!({"match": {"path": "/ext?a=1"}, "effect": ok}), &[("/match/path", "query")]),
        (json!({"match": {"path": "/sandboxes/a/ext"}, "effect": ok}), &[("/match/path", "sandbox")]),
        (json!({"match": {"path": "/_stend/**"}, "effect": ok}), &[("/match/path", "emulated")]),
        (json!({"match": {}, "skip": -1, "effect": ok}), &[("/skip", "a whole number")]),
        (json!({"match": {}, "skip": 1.5, "effect": ok}), &[("/skip", "a whole number")]),
        (json!({"match": {}, "times": 0, "effect": ok}), &[("/times", "from 1")]),
        (json!({"match": {}, "times": null, "effect": ok}), &[("/times", "a whole number")]),
        (json!({"match": {}, "probability": 1.1, "effect": ok}), &[("/probability", "from 0 to 1")]),
        (json!({"match": {}, "probability": -1, "effect": ok}), &[("/probability", "from 0 to 1")]),
        (json!({"match": {}, "probability": 50, "effect": ok}), &[("/probability", "from 0 to 1")]),
        (json!({"match": {}, "probability": "0.5", "effect": ok}), &[("/probability", "from 0 to 1")]),
        (json!({"match": {}, "effect": {}}), &[("/effect", "does something")]),
        (json!({"match": {}, "effect": {"when": "after"}}), &[("/effect", "does something")]),
        (json!({"match": {}, "effect": []}), &[("/effect", "an object")]),
        (json!({"match": ["ibonus"], "effect": ok}), &[("/match", "an object")]),
        (json!({"match": {}, "effect": {"delay": ["1s", "2s"]}}), &[("/effect/delay", "a duration")]),
        (
            json!({"match": {}, "effect": {"delay": 800}}),
            &[("/effect/delay", "a duration such as \"800ms\"")],
        ),
        (json!({"match": {}, "effect": {"delay": "soon"}}), &[("/effect/delay", "not a duration")]),
        (
            json!({"match": {}, "effect": {"delay": "PT5M0.001S"}}),
            &[("/effect/delay", "300 seconds at most")],
        ),
        (
            json!({"match": {}, "effect": {"delay": {"min": "2s", "max": "1s"}}}),
            &[("/effect/delay", "more than max")],
        ),
        (
            json!({"match": {}, "effect": {"delay": {"min": "2s", "most": "1s"}}}),
            &[("/effect/delay/most", "unknown key"), ("/effect/delay/max", "is missing")],
        ),
        (json!({"match": {}, "effect": {"status": 199}}), &[("/effect/status", "from 200 to 599")]),
        (json!({"match": {}, "effect": {"status": 600}}), &[("/effect/status", "from 200 to 599")]),
        (json!({"match": {}, "effect": {"status": "503"}}), &[("/effect/status", "a whole number")]),
        (json!({"match": {}, "effect": {"status": 204, "body": {}}}), &[("/effect/body", "has no body")]),
        (
            json!({"match": {}, "effect": {"delay": "1s", "body": {}, "headers": {}}}),
            &[("/effect/body", "with a status"), ("/effect/headers", "with a status")],
        ),
        (
            json!({"match": {}, "effect": {"status": "503", "body": {}}}),
            &[("/effect/status", "a whole number")],
        ),
        (
            json!({"match": {}, "effect": {"status": 503, "headers":
                {"a b": "x", "Content-Length": "5", "x-ok": "fine", "x-bad": "\n", "x-number": 5}}}),
            &[
                ("/effect/headers/Content-Length", "set by the server"),
                ("/effect/headers/a b", "no name"),
                ("/effect/headers/x-bad", "ASCII"),
                ("/effect/headers/x-number", "a string"),
            ],
        ),
        (
            json!({"match": {}, "effect": {"connection": "cloze"}}),
            &[("/effect/connection", "did you mean \"close\"?")],
        ),
        (
            json!({"match": {}, "effect": {"connection": "stall", "status": 503}}),
            &[("/effect/status", "with stall no answer comes")],
        ),
        (
            json!({"match": {}, "effect": {"status": 503, "when": "during"}}),
            &[("/effect/when", "not possible")],
        ),
        (
            json!({"match": {"api": 5, "path": "x"}, "times": 0, "effect": {"status": 5, "wen": 1}, "id": "f1"}),
            &[
                ("/effect/status", "from 200"),
                ("/effect/wen", "did you mean \"when\"?"),
                ("/id", "unknown key"),
                ("/match/api", "expected"),
                ("/match/path", "begins with"),
                ("/times", "from 1"),
            ],
        ),
        (json!([]), &[("", "an object")]),
    ] {
        let Err(mut found) = read(&rule) else {
            panic!("{rule} is taken for a rule");
        };
        let mut wrong = wrong.to_vec();
        found.sort();
        wrong.sort_unstable();
        let pairs = found.iter().zip(&wrong);
        assert!(
            found.len() == wrong.len()
                && pairs.clone().all(|(found, wrong)| found.0 == wrong.0 && found.1.contains(wrong.1)),
            "{rule}: {found:#?}"
        );
    }
}
