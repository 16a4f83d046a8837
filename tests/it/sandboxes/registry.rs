//! `/_stend/sandboxes`: list, create, look at, delete; and what happens when there is no room or no use for one.

use std::num::NonZeroUsize;

use serde_json::{Value, json};

use crate::harness::{Bench, IVAN, NOBODY, TILL, shop, wait_for};
use stend::Period;

fn names(bench: &Bench) -> Vec<String> {
    let list = bench.get("/_stend/sandboxes?limit=1000").ok();
    let sandboxes = list["sandboxes"].as_array().expect("a list");
    sandboxes.iter().map(|sandbox| sandbox["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn a_sandbox_is_made_at_first_use_and_listed_by_name() {
    let bench = Bench::shop();
    assert_eq!(names(&bench), ["default"]);
    bench.in_sandbox("b").client(json!({"search": "1", "point": TILL}));
    bench.in_sandbox("b").client(json!({"search": "1", "point": TILL}));
    bench.in_sandbox("a").get("/_stend/clock");
    bench.in_sandbox("a").reset();
    assert_eq!(names(&bench), ["a", "b", "default"]);

    let list = bench.get("/_stend/sandboxes?offset=1&limit=1").ok();
    assert_eq!((&list["total"], &list["sandboxes"][0]["name"]), (&json!(3), &json!("b")));
    assert_eq!(list["sandboxes"][0]["requests"], 2, "emulated calls count");
    let a = bench.get("/_stend/sandboxes/a").ok();
    assert_eq!((&a["generation"], &a["requests"]), (&json!(1), &json!(0)), "controls do not");
    assert!(a["createdAt"].as_str() <= a["lastUsedAt"].as_str());
    bench.get("/_stend/sandboxes?limit=-1&page=2").points_at(&["limit", "page"]);
}

#[test]
fn a_sandbox_is_made_from_the_servers_fixture_unless_told_otherwise() {
    let bench = Bench::shop();
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 78})).ok();
    let created = bench.post("/_stend/sandboxes", &json!({"name": "a"}));
    assert_eq!(created.with_status(201).header("location"), Some("/_stend/sandboxes/a"));
    assert_eq!(created.json()["name"], "a");
    assert_eq!(bench.in_sandbox("a").balance(IVAN), 878);
}

#[test]
fn a_sandbox_is_made_from_a_fixture_of_its_own() {
    let bench = Bench::shop();
    let mut fixture = shop();
    fixture["clock"] = json!({"frozenAt": "2030-05-05T00:00:00Z"});
    fixture["loyalclient"]["clients"][0]["balance"] = json!(5);
    // The command line's --freeze wins over what a fixture says: this bench has one.
    bench.post("/_stend/sandboxes", &json!({"name": "a", "fixture": fixture})).with_status(201);
    let a = bench.in_sandbox("a");
    assert_eq!(a.balance(IVAN), 5);
    a.retail(json!({"client": IVAN, "point": TILL, "amount": 5, "spend": 5})).ok();
    a.reset();
    assert_eq!(a.balance(IVAN), 5, "reset goes back to that fixture");

    let live = Bench::start(stend::Stend::builder().fixture(shop().to_string()));
    live.post("/_stend/sandboxes", &json!({"name": "a", "fixture": fixture})).with_status(201);
    assert_eq!(live.in_sandbox("a").get("/_stend/clock").ok()["now"], "2030-05-05T00:00:00.000Z");
}

#[test]
fn a_fixture_with_mistakes_makes_nothing_and_all_of_them_are_told() {
    let bench = Bench::shop();
    let mut fixture = shop();
    fixture["loyalclient"]["clients"][0]["level"] = json!(NOBODY);
    fixture["loyalclient"]["clients"][4]["phone"] = json!(79_207_654_321_u64);
    fixture["loyalclient"]["clients"][2]["balance"] = json!(1.005);
    let answer = bench.post("/_stend/sandboxes", &json!({"name": "a", "fixture": fixture}));
    answer.points_at(&[
        "/fixture/loyalclient/clients/0/level",
        "/fixture/loyalclient/clients/4/phone",
        "/fixture/loyalclient/clients/2/balance",
    ]);
    assert_eq!(names(&bench), ["default"]);
}

#[test]
fn a_fork_starts_where_its_origin_stands_and_goes_its_own_way() {
    let bench = Bench::shop();
    let a = bench.in_sandbox("a");
    a.advance("PT5M");
    a.holds(IVAN, 100);
    bench.post("/_stend/sandboxes", &json!({"name": "b", "from": "a"})).with_status(201);
    let b = bench.in_sandbox("b");
    assert_eq!(b.get("/_stend/clock").ok(), a.get("/_stend/clock").ok());
    assert_eq!(b.account(IVAN), a.account(IVAN));
    assert_eq!(b.holds(IVAN, 1), a.holds(IVAN, 1), "the ids go on the same way, too");
    b.retail(json!({"client": IVAN, "point": TILL, "amount": 50, "spend": 50})).ok();
    assert_eq!((a.balance(IVAN), b.balance(IVAN)), (json!(777), json!(828)));
    b.reset();
    assert_eq!(b.balance(IVAN), 778, "reset goes back to what was forked");
    assert_eq!(b.get("/_stend/clock").ok()["now"], "2026-01-01T00:05:00.000Z");
}

#[test]
fn a_seed_gives_other_ids_also_to_a_fork() {
    let bench = Bench::shop();
    let id = |name: &str| bench.in_sandbox(name).holds(IVAN, 1);
    bench.post("/_stend/sandboxes", &json!({"name": "same", "from": "default"})).with_status(201);
    bench
        .post("/_stend/sandboxes", &json!({"name": "seeded", "from": "default", "seed": 7}))
        .with_status(201);
    let first = bench.holds(IVAN, 1);
    assert_eq!(id("same"), first);
    let seeded = id("seeded");
    assert_ne!(seeded, first);
    bench.in_sandbox("seeded").reset();
    assert_eq!(id("seeded"), seeded, "the seed is part of what a reset goes back to");
}

#[test]
fn a_sandbox_is_made_from_a_snapshot() {
    let bench = Bench::shop();
    let a = bench.in_sandbox("a");
    a.holds(IVAN, 100);
    a.request("PUT", "/_stend/snapshots/held").send().with_status(201);
    a.advance("PT1H");
    bench.post("/_stend/sandboxes", &json!({"name": "b", "from": "a", "snapshot": "held"})).with_status(201);
    assert_eq!(bench.in_sandbox("b").balance(IVAN), 778);
    // Without `from` it is a snapshot of the request's own sandbox.
    a.post("/_stend/sandboxes", &json!({"name": "c", "snapshot": "held"})).with_status(201);
    assert_eq!(bench.in_sandbox("c").balance(IVAN), 778);
    bench.post("/_stend/sandboxes", &json!({"name": "d", "snapshot": "held"})).problem(404);
}

#[test]
fn what_cannot_be_made_is_refused() {
    let bench = Bench::shop();
    bench.post("/_stend/sandboxes", &json!({"name": "a"})).with_status(201);
    for (body, status) in [
        (json!({"name": "a"}), 409),
        (json!({"name": "default"}), 409),
        (json!({"name": "b", "from": "nowhere"}), 404),
        (json!({"name": "b", "from": "default", "snapshot": "none"}), 404),
    ] {
        bench.post("/_stend/sandboxes", &body).problem(status);
    }
    for (body, pointers) in [
        (json!({}), &["/name"][..]),
        (json!({"name": "A"}), &["/name"]),
        (json!({"name": "b", "from": "B"}), &["/from"]),
        (json!({"name": "b", "fixture": {"version": 1}, "from": "a"}), &["/fixture"]),
        (json!({"name": 5, "seed": -1, "form": "a"}), &["/name", "/seed", "/form"]),
        (json!({"name": "b", "from": null}), &["/from"]),
        (json!(["b"]), &[""]),
    ] {
        bench.post("/_stend/sandboxes", &body).points_at(pointers);
    }
    assert_eq!(names(&bench), ["a", "default"]);
}

#[test]
fn a_deleted_sandbox_is_made_anew_at_its_next_use() {
    let bench = Bench::shop();
    let a = bench.in_sandbox("a");
    a.holds(IVAN, 100);
    let delete = |name: &str| bench.request("DELETE", &format!("/_stend/sandboxes/{name}")).send();
    let deleted = delete("a");
    assert_eq!((deleted.status, deleted.body.len()), (204, 0));
    delete("a").problem(404);
    bench.get("/_stend/sandboxes/a").problem(404);
    assert_eq!(a.balance(IVAN), 878);
    assert!(delete("default").problem(409).contains("reset it instead"));
    delete("A").points_at(&["name"]);
    bench.get("/_stend/sandboxes/A").points_at(&["name"]);
}

#[test]
fn when_there_is_no_room_the_one_unused_for_longest_goes() {
    let options =
        |options: &mut stend::config::Options| options.max_sandboxes = NonZeroUsize::new(3).expect("3");
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(options));
    // Real time decides, to the millisecond: each use is a later one than the one before.
    let used = |name: &str| {
        let now = stend::sandbox::clock::real_now();
        wait_for(|| (stend::sandbox::clock::real_now() > now).then_some(()));
        bench.in_sandbox(name).client(json!({"search": "1", "point": TILL}));
    };
    used("a");
    used("b");
    used("a");
    used("c");
    assert_eq!(names(&bench), ["a", "c", "default"]);
    used("default");
    used("d");
    used("e");
    assert_eq!(names(&bench), ["d", "default", "e"], "default never goes");
}

#[test]
fn with_room_for_one_there_is_only_the_default() {
    let options = |options: &mut stend::config::Options| options.max_sandboxes = NonZeroUsize::MIN;
    let bench = Bench::start(Bench::builder().options(options));
    let answer = bench.in_sandbox("a").client(json!({}));
    assert!(answer.problem(409).contains("--max-sandboxes"), "the limit is named");
    assert_eq!(answer.header("x-stend-error"), Some("noRoomForSandbox"));
    assert!(bench.post("/_stend/sandboxes", &json!({"name": "a"})).problem(409).contains("--max-sandboxes"));
    bench.get("/_stend/clock").ok();
}

#[test]
fn a_sandbox_that_nobody_uses_goes_after_its_time() {
    let ttl = Period::from_millis(30);
    let bench = Bench::start(Bench::builder().options(|options| options.sandbox_ttl = ttl));
    let create = |name: &str| bench.post("/_stend/sandboxes", &json!({"name": name})).with_status(201).json();
    create("a");
    wait_for(|| (names(&bench) == ["default"]).then_some(()));
    bench.get("/_stend/sandboxes/a").problem(404);
    let again: Value = create("a");
    assert_eq!(again["requests"], 0, "its name is free again");
}
