//! `/_stend/coverage`: which operations and refusals a test run has met.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Bench, Caller, IVAN, NOBODY, TILL, operations, refusals};

fn hits(caller: &Caller, operation: &str, refusal: Option<&str>) -> Value {
    let coverage = caller.get("/_stend/coverage").ok();
    let list = if refusal.is_some() { &coverage["refusals"] } else { &coverage["operations"] };
    let mut of_it =
        list.as_array().expect("a list").iter().filter(|it| {
            it["operation"] == operation && refusal.is_none_or(|refusal| it["refusal"] == refusal)
        });
    of_it.next().expect("it is listed")["hits"].clone()
}

#[test]
fn what_was_never_met_is_there_with_0() {
    let bench = Bench::shop();
    let coverage = bench.get("/_stend/coverage").ok();
    let names = |list: &str, key: &str| -> BTreeSet<String> {
        let list = coverage[list].as_array().expect("a list").iter();
        list.filter(|it| it["hits"] == 0).map(|it| it[key].as_str().expect("a name").to_owned()).collect()
    };
    let known = operations();
    let known = known.iter().filter(|operation| !operation.path.starts_with("/_stend"));
    let known: BTreeSet<String> =
        known.map(|operation| operation.name.trim_end_matches(".post").to_owned()).collect();
    assert_eq!(names("operations", "operation"), known);
    let till: BTreeSet<String> = refusals().difference(&names("refusals", "refusal")).cloned().collect();
    assert!(
        till.iter().all(|name| [
            "noDishes",
            "priceNegative",
            "quantityNotPositive",
            "totalOverLimit",
            "moreThanTotal",
            "checkRefunded"
        ]
        .contains(&name.as_str())),
        "only the till's are no emulated call's: {till:?}"
    );
}

#[test]
fn calls_and_refusals_are_counted_in_each_sandbox_and_outlive_a_reset() {
    let bench = Bench::shop();
    bench.holds(IVAN, 1);
    bench.hold(json!({"client": NOBODY, "point": TILL, "amount": 1})).with_status(422);
    bench.hold(json!({"client": NOBODY, "point": TILL, "amount": 1})).with_status(422);
    bench.hold(json!({})).with_status(422);
    bench.reset();
    bench.request("DELETE", "/_stend/requests").send();
    assert_eq!(hits(&bench, "hold", None), 4);
    assert_eq!(hits(&bench, "hold", Some("clientNotFound")), 2);
    assert_eq!(hits(&bench, "hold", Some("pointNotFound")), 0);
    assert_eq!(hits(&bench, "retail", None), 0);
    assert_eq!(hits(&bench.in_sandbox("other"), "hold", None), 0);
}
