//! `--watch`: sandboxes follow the fixtures' files.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Running, stend};
use crate::harness::{Bench, Caller, IVAN, TILL, shop, wait_for};

/// The shop, with so many points on Ivan's account.
fn shop_with(balance: i64) -> Value {
    let mut shop = shop();
    shop["loyalclient"]["clients"][0]["balance"] = json!(balance);
    shop
}

fn write(path: &Path, fixture: &Value) {
    std::fs::write(path, fixture.to_string()).expect("the target folder is writable");
}

/// A server that watches a file of its own, which holds the shop.
fn watching(name: &str, flags: &[&str]) -> (Running, Bench, PathBuf) {
    let file = super::file(name, &shop().to_string());
    let path = file.to_str().expect("UTF-8");
    let running = Running::start(
        &[&["--port", "0", "--print-url", "--watch", "--fixtures", path], flags].concat(),
        &[],
    );
    let bench = Bench::at(&running.printed_url());
    running.lines_until(|line| line.contains("Ready."));
    (running, bench, file)
}

fn until_balance(caller: &Caller, balance: i64) {
    wait_for(|| (caller.balance(IVAN) == balance).then_some(()));
}

#[test]
fn default_follows_at_once_new_sandboxes_as_well_and_others_when_they_are_reset() {
    let (_running, bench, file) = watching("watch-follow", &[]);
    let (old, made) = (bench.in_sandbox("old"), bench.in_sandbox("made"));
    assert_eq!([bench.balance(IVAN), old.balance(IVAN)], [878, 878]);
    bench.post("/_stend/sandboxes", &json!({"name": "made", "seed": 5})).with_status(201);
    bench.post("/_stend/sandboxes", &json!({"name": "own", "fixture": shop_with(3)})).with_status(201);
    bench.post("/_stend/sandboxes", &json!({"name": "fork", "from": "old"})).with_status(201);
    let generation = bench.get("/_stend/sandboxes/default").ok()["generation"].as_u64();

    write(&file, &shop_with(100));
    until_balance(&bench, 100);
    let after = bench.get("/_stend/sandboxes/default").ok()["generation"].as_u64();
    assert_eq!(after, generation.map(|generation| generation + 1));
    assert_eq!(bench.in_sandbox("new").balance(IVAN), 100);
    assert_eq!([old.balance(IVAN), made.balance(IVAN)], [878, 878], "nobody's test is disturbed");
    for (name, balance) in [("old", 100), ("made", 100), ("own", 3), ("fork", 878)] {
        let sandbox = bench.in_sandbox(name);
        sandbox.reset();
        assert_eq!(sandbox.balance(IVAN), balance, "{name}");
    }
    assert_eq!(bench.in_sandbox("made").get("/_stend/state").ok()["seed"], 5);
}

#[test]
fn a_broken_file_is_reported_with_all_its_mistakes_and_changes_nothing() {
    let (running, bench, file) = watching("watch-broken", &[]);
    let path = file.to_str().expect("UTF-8");
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 78})).ok();
    for (broken, told) in [
        (
            "{\n  \"version\": 1,\n  \"sed\": 5,\n  \"loyalclient\": {\"clinets\": []}\n}",
            &[":3:3: $.sed: ", ":4:19: $.loyalclient.clinets: "][..],
        ),
        ("{\"version\": 1,", &[":1:14: "]),
    ] {
        std::fs::write(&file, broken).expect("the target folder is writable");
        let lines = running.lines_until(|line| line.contains("those from before stay"));
        for place in told {
            let place = format!("{path}{place}");
            assert!(
                lines.iter().any(|line| line.contains(&place) && line.contains("ERROR")),
                "{place}: {lines:?}"
            );
        }
        assert_eq!(lines.len(), told.len() + 1, "{lines:?}");
        assert_eq!(
            [bench.balance(IVAN), bench.in_sandbox(&format!("new-{}", told.len())).balance(IVAN)],
            [800, 878]
        );
    }
    std::fs::remove_file(&file).expect("it is there");
    running.lines_until(|line| line.contains("those from before stay"));
    assert_eq!(bench.balance(IVAN), 800);

    write(&file, &shop_with(5));
    until_balance(&bench, 5);
}

#[test]
fn a_file_that_is_replaced_is_followed_and_one_that_stays_the_same_resets_nothing() {
    let (running, bench, file) = watching("watch-replaced", &["--log-format", "json"]);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 78})).ok();
    // As many editors save: a new file takes the place of the old one. The same size, and the same time.
    let replace = |fixture: &Value| {
        let new = file.with_extension("new");
        write(&new, fixture);
        let time = std::fs::metadata(&file).and_then(|about| about.modified()).expect("it is there");
        let opened = std::fs::File::options().append(true).open(&new).expect("it is there");
        opened.set_modified(time).expect("its time can be set");
        std::fs::rename(&new, &file).expect("one folder");
    };
    replace(&shop());
    replace(&shop_with(879));
    until_balance(&bench, 879);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 79})).ok();
    write(&file, &shop_with(879));
    write(&file, &shop_with(101));
    until_balance(&bench, 101);
    let told = running.lines_until(|line| line.contains("have changed"));
    assert_eq!(told.len(), 1, "{told:?}");
    running.stop_by("TERM");
    let rest = running.all_of_stderr();
    assert_eq!(rest.matches("have changed").count(), 1, "two changes, two reloads: {told:?} {rest}");
    std::mem::forget(bench);
}

#[test]
fn files_that_come_and_go_in_a_folder_count() {
    let folder = super::folder("watch-folder");
    write(&folder.join("a.json"), &shop());
    let path = folder.to_str().expect("UTF-8");
    let running =
        Running::start(&["--port", "0", "--print-url"], &[("STEND_FIXTURES", path), ("STEND_WATCH", "1")]);
    let bench = Bench::at(&running.printed_url());
    let frozen = || bench.get("/_stend/clock").ok()["mode"] == "frozen";
    assert!(!frozen());
    let clock = folder.join("clock.json");
    write(&clock, &json!({"version": 1, "clock": {"frozenAt": "2026-01-01T00:00:00Z"}}));
    wait_for(|| frozen().then_some(()));
    std::fs::remove_file(&clock).expect("it is there");
    wait_for(|| (!frozen()).then_some(()));
    std::fs::write(folder.join("notes.json"), "{").expect("the target folder is writable");
    let lines = running.lines_until(|line| line.contains("notes.json:1:"));
    assert!(lines.last().is_some_and(|line| line.contains("ERROR")), "{lines:?}");
}

#[test]
fn what_the_command_line_says_of_clock_and_seed_stays_said() {
    let flags = ["--freeze", "2026-01-01T00:00:00Z", "--seed", "7"];
    let (_running, bench, file) = watching("watch-flags", &flags);
    let mut fixture = shop_with(1);
    fixture["clock"] = json!({"frozenAt": "2030-01-01T00:00:00Z"});
    fixture["seed"] = json!(5);
    write(&file, &fixture);
    until_balance(&bench, 1);
    let state = bench.get("/_stend/state").ok();
    assert_eq!(
        (&state["clock"]["frozenAt"], &state["seed"]),
        (&json!("2026-01-01T00:00:00.000Z"), &json!(7))
    );
}

#[test]
fn a_command_under_exec_can_have_it_as_well() {
    let file = super::file("watch-exec", &shop().to_string());
    let path = file.to_str().expect("UTF-8");
    let running = Running::start(
        &["exec", "--watch", "--fixtures", path, "sh", "-c", "echo $STEND_URL; exec sleep 300"],
        &[],
    );
    let bench = Bench::at(running.first_line_of_stdout().trim_end());
    write(&file, &shop_with(2));
    until_balance(&bench, 2);
    assert_eq!(running.stop_by("TERM"), Some(143));
    std::mem::forget(bench);
}

#[test]
fn built_ins_alone_cannot_be_watched() {
    for arguments in
        [&["--watch"][..], &["--watch", "--fixtures", "demo,empty"], &["exec", "--watch", "true"]]
    {
        let (code, stdout, stderr) = stend(arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        for word in ["--watch", "demo", "built in", "--fixtures"] {
            assert!(stderr.contains(word), "{word:?} is not in {stderr}");
        }
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}
