//! `/_stend/clock`: time passes when a test says so, and never goes back.

use serde_json::{Value, json};

use crate::harness::{Bench, IVAN, LEO, START, shop, wait_for};

const ADVANCE: &str = "/_stend/clock/advance";
const FREEZE: &str = "/_stend/clock/freeze";
const RESUME: &str = "/_stend/clock/resume";

#[test]
fn a_frozen_clock_stands_still_and_tells_how_far_it_was_moved() {
    let bench = Bench::shop();
    let start = r#"{"now":"2026-01-01T00:00:00.000Z","mode":"frozen","offsetSeconds":0}"#;
    bench.get("/_stend/clock").is(200, start);
    bench.get("/_stend/clock").is(200, start);
    bench.advance("PT11M");
    let moved = r#"{"now":"2026-01-01T00:11:00.000Z","mode":"frozen","offsetSeconds":660}"#;
    bench.get("/_stend/clock").is(200, moved);
    bench.advance("PT0.25S");
    assert_eq!(bench.get("/_stend/clock").ok()["offsetSeconds"], 660.25);
}

#[test]
fn the_clock_moves_by_a_duration_in_either_notation() {
    let bench = Bench::shop();
    for (by, now) in [
        ("PT11M", "2026-01-01T00:11:00.000Z"),
        ("11m", "2026-01-01T00:22:00.000Z"),
        ("1h30m", "2026-01-01T01:52:00.000Z"),
        ("P1D", "2026-01-02T01:52:00.000Z"),
        ("30d", "2026-02-01T01:52:00.000Z"),
        ("P1W", "2026-02-08T01:52:00.000Z"),
        ("PT0S", "2026-02-08T01:52:00.000Z"),
        ("PT0.001S", "2026-02-08T01:52:00.001Z"),
    ] {
        assert_eq!(bench.post(ADVANCE, &json!({"by": by})).ok()["now"], now, "{by}");
    }
}

#[test]
fn the_clock_moves_to_a_time_with_any_offset() {
    let bench = Bench::shop();
    for (to, now) in [
        (START, "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T03:00:01+03:00", "2026-01-01T00:00:01.000Z"),
        ("2026-01-01T00:00:02.5Z", "2026-01-01T00:00:02.500Z"),
        ("2026-01-01T00:00:02.9999999Z", "2026-01-01T00:00:02.999Z"),
    ] {
        bench.post(ADVANCE, &json!({"to": to})).is(200, &format!(r#"{{"now":"{now}","expired":[]}}"#));
    }
}

#[test]
fn what_is_over_is_listed_in_order_of_time_once_it_has_happened() {
    let bench = Bench::shop();
    let hold = bench.holds(IVAN, 100);
    let expired = bench.advance("P30D");
    let listed: Vec<Value> = expired
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| json!([it["kind"], it["account"], it["at"]]))
        .collect();
    assert_eq!(
        listed,
        [
            json!(["hold", IVAN, "2026-01-01T00:10:00.000Z"]),
            json!(["lot", LEO, "2026-01-11T00:00:00.000Z"]),
            json!(["lot", LEO, "2026-01-21T00:00:00.000Z"]),
        ]
    );
    assert_eq!(expired[0]["id"], hold.as_str());
    assert_eq!(bench.account(LEO)["posted"], 200);
    assert_eq!(bench.advance("PT0S"), json!([]), "nothing is over twice");
}

#[test]
fn time_never_goes_back() {
    let bench = Bench::shop();
    bench.advance("PT1H");
    let earlier = json!({"to": "2026-01-01T00:59:59.999Z"});
    assert!(bench.post(ADVANCE, &earlier).problem(409).contains("never goes back"));
    bench.post(FREEZE, &json!({"at": "2026-01-01T00:59:59.999Z"})).problem(409);
    assert_eq!(bench.get("/_stend/clock").ok()["now"], "2026-01-01T01:00:00.000Z");
}

#[test]
fn freeze_stops_a_clock_here_or_later() {
    let bench = Bench::shop();
    let at = |now| format!(r#"{{"now":"{now}","mode":"frozen","offsetSeconds":0}}"#);
    bench.advance("PT1H");
    bench.request("POST", FREEZE).send().is(200, &at("2026-01-01T01:00:00.000Z"));
    bench.post(FREEZE, &json!({})).is(200, &at("2026-01-01T01:00:00.000Z"));
    bench.post(FREEZE, &json!({"at": "2026-02-01T00:00:00Z"})).is(200, &at("2026-02-01T00:00:00.000Z"));
    assert_eq!(bench.account(LEO)["posted"], 200, "what was due on the way has happened");
}

#[test]
fn a_resumed_clock_goes_on_live_from_its_own_now() {
    let bench = Bench::shop();
    bench.advance("P3650D");
    let resumed = bench.request("POST", RESUME).send().ok();
    assert_eq!(resumed["mode"], "live");
    let first = resumed["now"].as_str().expect("a time").to_owned();
    assert!(first.starts_with("2035-12-30T00:0"), "{first}");
    // Asked again and again until it has moved on by itself.
    let later = wait_for(|| {
        let now = bench.get("/_stend/clock").ok()["now"].as_str().expect("a time").to_owned();
        (now > first).then_some(now)
    });
    assert!(later.starts_with("2035-12-30T00:0"), "{later}");
    bench.request("POST", RESUME).json(&json!({})).send().ok();

    let frozen = bench.request("POST", FREEZE).send().ok();
    assert_eq!(frozen["mode"], "frozen");
    assert_eq!(bench.get("/_stend/clock").ok(), frozen);
}

#[test]
fn a_clock_that_nobody_froze_is_live_and_can_run_ahead() {
    let bench = Bench::start(stend::Stend::builder().fixture(shop().to_string()));
    let clock = bench.get("/_stend/clock").ok();
    assert_eq!((&clock["mode"], &clock["offsetSeconds"]), (&json!("live"), &json!(0)));
    bench.holds(IVAN, 100);
    assert_eq!(bench.advance("PT10M").as_array().map(Vec::len), Some(1));
    let clock = bench.get("/_stend/clock").ok();
    assert_eq!((&clock["mode"], &clock["offsetSeconds"]), (&json!("live"), &json!(600)));
}

#[test]
fn every_sandbox_has_a_clock_of_its_own() {
    let bench = Bench::shop();
    bench.in_sandbox("later").advance("P1D");
    assert_eq!(bench.get("/_stend/clock").ok()["now"], "2026-01-01T00:00:00.000Z");
    assert_eq!(bench.in_sandbox("later").get("/_stend/clock").ok()["now"], "2026-01-02T00:00:00.000Z");
}

#[test]
fn bad_input_is_told_by_its_pointers_and_moves_nothing() {
    let bench = Bench::shop();
    for (path, body, pointers) in [
        (ADVANCE, json!({}), &[""][..]),
        (ADVANCE, json!({"by": "PT1M", "to": START}), &[""]),
        (ADVANCE, json!({"by": null}), &["/by"]),
        (ADVANCE, json!({"by": "soon"}), &["/by"]),
        (ADVANCE, json!({"by": ""}), &["/by"]),
        (ADVANCE, json!({"by": 60}), &["/by"]),
        (ADVANCE, json!({"by": "-PT1M"}), &["/by"]),
        (ADVANCE, json!({"by": "P1M"}), &["/by"]),
        (ADVANCE, json!({"by": "P1Y"}), &["/by"]),
        (ADVANCE, json!({"by": "PT1M", "too": START}), &["/too"]),
        (ADVANCE, json!({"by": "soon", "to": "later", "when": 1}), &["/by", "/to", "/when"]),
        (ADVANCE, json!({"to": "2026-01-01"}), &["/to"]),
        (ADVANCE, json!({"to": "2026-13-01T00:00:00Z"}), &["/to"]),
        (ADVANCE, json!({"to": "2026-01-01T00:00:00"}), &["/to"]),
        (ADVANCE, json!({"to": 1_767_225_600}), &["/to"]),
        (ADVANCE, json!({"by": "P4000000D"}), &[""]),
        (ADVANCE, json!([]), &[""]),
        (FREEZE, json!({"at": "noon"}), &["/at"]),
        (FREEZE, json!({"at": null}), &["/at"]),
        (FREEZE, json!({"to": START}), &["/to"]),
        (FREEZE, json!({"at": 5, "a~t/": 5}), &["/at", "/a~0t~1"]),
        (RESUME, json!({"now": true}), &["/now"]),
    ] {
        bench.post(path, &body).points_at(pointers);
    }
    for body in ["", " ", "{", "nonsense", "\"PT1M\"", "{\"by\":\"PT1M\"} x"] {
        bench.request("POST", ADVANCE).body(body).send().points_at(&[""]);
    }
    bench.request("POST", ADVANCE).body(b"{\"by\":\"\xff\"}").send().points_at(&[""]);
    bench
        .get("/_stend/clock")
        .is(200, r#"{"now":"2026-01-01T00:00:00.000Z","mode":"frozen","offsetSeconds":0}"#);
}
