//! `/_stend/sandboxes`: list, create, look at, delete; and what happens when there is no room or no use for one.

use std::num::NonZeroUsize;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Bench, IVAN, NOBODY, TILL, shop, wait_for};
use stend::Period;
use stend::sandbox::clock::{real_now, stopwatch};

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
        let now = real_now();
        wait_for(|| (real_now() > now).then_some(()));
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

#[test]
fn a_sandbox_is_listed_with_all_there_is_to_say_of_it_and_nothing_else() {
    let bench = Bench::shop();
    let before = real_now().to_string();
    let created = bench.post("/_stend/sandboxes", &json!({"name": "a"})).with_status(201).json();
    let after = real_now().to_string();
    let fields: Vec<&String> = created.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["createdAt", "generation", "lastUsedAt", "name", "requests"]);
    for field in ["createdAt", "lastUsedAt"] {
        let time = created[field].as_str().expect("a time");
        assert!(before.as_str() <= time && time <= after.as_str(), "{field}: {time} is no real time");
    }
    assert_eq!(bench.get("/_stend/sandboxes/a").ok(), created, "looking is no use");
    assert_eq!(bench.get("/_stend/sandboxes").ok()["sandboxes"][0], created);
    assert_eq!(bench.get("/_stend/sandboxes/default").ok()["name"], "default");
    bench.get("/_stend/sandboxes/b").problem(404);
    assert_eq!(names(&bench), ["a", "default"], "asking for one makes none");
}

#[test]
fn a_page_of_the_list_is_cut_from_the_whole_of_it() {
    let bench = Bench::shop();
    for name in ["z", "10", "b", "a-1", "a", "9"] {
        bench.in_sandbox(name).get("/_stend/clock").ok();
    }
    let all = ["10", "9", "a", "a-1", "b", "default", "z"];
    for (query, wanted) in [
        ("", &all[..]),
        ("?limit=7", &all),
        ("?limit=3", &all[..3]),
        ("?offset=5", &all[5..]),
        ("?offset=2&limit=2", &all[2..4]),
        ("?limit=0", &[]),
        ("?offset=7", &[]),
        ("?offset=1000000&limit=1000", &[]),
    ] {
        let list = bench.get(&format!("/_stend/sandboxes{query}")).ok();
        let page: Vec<&str> = list["sandboxes"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert_eq!((page.as_slice(), &list["total"]), (wanted, &json!(7)), "{query}");
    }
    for (query, pointers) in [
        ("limit=1001", &["limit"][..]),
        ("limit=x&offset=-1", &["limit", "offset"]),
        ("limit=1&limit=2", &["limit"]),
        ("sort=name", &["sort"]),
    ] {
        bench.get(&format!("/_stend/sandboxes?{query}")).points_at(pointers);
    }
}

#[test]
fn a_name_that_is_not_there_is_made_once_however_many_ask_for_it_first() {
    let bench = Bench::shop();
    let balances: Vec<Value> = std::thread::scope(|scope| {
        let spend = || {
            let agent = bench.on_a_connection_of_its_own();
            (0..10).for_each(|number| {
                let till = agent.in_sandbox(&format!("first-{number}"));
                till.retail(json!({"client": IVAN, "point": TILL, "amount": 1, "spend": 1})).ok();
            });
        };
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(spend)).collect();
        for thread in threads {
            thread.join().expect("it is answered");
        }
        (0..10).map(|number| bench.in_sandbox(&format!("first-{number}")).balance(IVAN)).collect()
    });
    assert_eq!(balances, vec![json!(858); 10], "every one of twenty spends went to the same sandbox");
}

#[test]
fn of_many_who_create_the_same_name_one_succeeds() {
    let bench = Bench::shop();
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let create =
            || bench.on_a_connection_of_its_own().post("/_stend/sandboxes", &json!({"name": "a"})).status;
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(create)).collect();
        threads.into_iter().map(|thread| thread.join().expect("it is answered")).collect()
    });
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, [409; 19].as_slice()));
}

#[test]
fn there_are_never_more_than_the_limit_and_each_answer_is_of_the_sandbox_that_was_asked_for() {
    let options =
        |options: &mut stend::config::Options| options.max_sandboxes = NonZeroUsize::new(5).expect("5");
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(options));
    std::thread::scope(|scope| {
        for caller in 0..16 {
            let agent = bench.on_a_connection_of_its_own();
            scope.spawn(move || {
                for step in 0..12 {
                    let name = format!("s{}", (caller * 5 + step * 3) % 11);
                    let answer = agent.in_sandbox(&name).get("/_stend/clock");
                    assert_eq!(answer.header("x-stend-sandbox"), Some(name.as_str()), "{answer}");
                    answer.ok();
                    let total = agent.get("/_stend/sandboxes").ok()["total"].clone();
                    assert!(total.as_u64().is_some_and(|total| total <= 5), "{total} sandboxes");
                }
            });
        }
    });
    assert_eq!(names(&bench).len(), 5);
}

#[test]
fn what_was_evicted_starts_again_from_the_servers_fixture() {
    let options =
        |options: &mut stend::config::Options| options.max_sandboxes = NonZeroUsize::new(2).expect("2");
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(options));
    let a = bench.in_sandbox("a");
    a.holds(IVAN, 100);
    a.advance("PT1M");
    a.request("PUT", "/_stend/snapshots/s").send().with_status(201);
    bench.post("/_stend/sandboxes", &json!({"name": "copy", "from": "a"})).with_status(201);
    assert_eq!(
        names(&bench),
        ["copy", "default"],
        "what is created evicts, too, even what it was copied from"
    );
    assert_eq!(bench.in_sandbox("copy").balance(IVAN), 778);
    assert_eq!(a.balance(IVAN), 878);
    assert_eq!(a.get("/_stend/snapshots").ok()["total"], 0);
    let again = a.get("/_stend/clock");
    assert_eq!(again.header("x-stend-request"), Some("c3"), "it counts anew");
    assert_eq!(again.ok()["now"], "2026-01-01T00:00:00.000Z");
}

#[test]
fn being_copied_is_a_use_and_being_looked_at_is_none() {
    let options =
        |options: &mut stend::config::Options| options.max_sandboxes = NonZeroUsize::new(4).expect("4");
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(options));
    // Real time decides, to the millisecond: each step is a later one than the one before.
    let later = || {
        let now = real_now();
        wait_for(|| (real_now() > now).then_some(()));
    };
    for name in ["a", "b"] {
        later();
        bench.in_sandbox(name).get("/_stend/clock").ok();
    }
    later();
    bench.post("/_stend/sandboxes", &json!({"name": "c", "from": "a"})).with_status(201);
    later();
    bench.get("/_stend/sandboxes/b").ok();
    bench.get("/_stend/sandboxes").ok();
    later();
    bench.in_sandbox("d").get("/_stend/clock").ok();
    assert_eq!(names(&bench), ["a", "c", "d", "default"], "b was only looked at");
}

#[test]
fn the_default_does_not_go_by_its_age_and_a_sandbox_that_is_used_does_not_either() {
    let ttl = Duration::from_millis(400);
    let period = Period::from_millis(400);
    let options = |options: &mut stend::config::Options| options.sandbox_ttl = period;
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(options));
    bench.holds(IVAN, 100);
    let used = bench.in_sandbox("used");
    // A machine that stands still for half the time proves nothing: then it is tried again.
    let proved = wait_for(|| {
        used.reset();
        used.holds(IVAN, 1);
        bench.in_sandbox("idle").holds(IVAN, 1);
        let started = stopwatch();
        let mut longest_pause = Duration::ZERO;
        while started.elapsed() < ttl * 2 {
            let asked = stopwatch();
            let balance = used.balance(IVAN);
            wait_for(|| (asked.elapsed() > Duration::from_millis(20)).then_some(()));
            longest_pause = longest_pause.max(asked.elapsed());
            if longest_pause > ttl / 2 {
                return None;
            }
            assert_eq!(balance, 877, "a sandbox in use is gone");
        }
        Some(names(&bench))
    });
    assert_eq!(proved, ["default", "used"]);
    assert_eq!(bench.balance(IVAN), 778);
    assert_eq!(bench.in_sandbox("idle").balance(IVAN), 878, "what comes next is a new one");
}

#[test]
fn a_seed_of_its_own_counts_over_the_servers_and_over_the_fixtures() {
    let mut seeded = shop();
    seeded["seed"] = json!(3);
    let id_of = |bench: &Bench, body: Value| {
        bench.post("/_stend/sandboxes", &body).with_status(201);
        let sandbox = bench.in_sandbox("a");
        let id = sandbox.holds(IVAN, 1);
        let seed = sandbox.get("/_stend/state").ok()["seed"].clone();
        bench.request("DELETE", "/_stend/sandboxes/a").send().with_status(204);
        (id, seed)
    };
    let bench = Bench::with(&shop());
    let by_fixture = id_of(&bench, json!({"name": "a", "fixture": seeded}));
    let by_seed = id_of(&bench, json!({"name": "a", "seed": 3}));
    let by_seed_over_fixture = id_of(&bench, json!({"name": "a", "fixture": shop(), "seed": 3}));
    let zero_over_fixture = id_of(&bench, json!({"name": "a", "fixture": seeded, "seed": 0}));
    let unsaid = id_of(&bench, json!({"name": "a"}));
    assert_eq!(by_fixture.1, 3);
    assert_eq!((&by_seed, &by_seed_over_fixture), (&by_fixture, &by_fixture));
    assert_eq!((&zero_over_fixture, &unsaid.1), (&unsaid, &json!(0)));
    assert_ne!(by_fixture.0, unsaid.0);

    let server = Bench::start(Bench::builder().fixture(shop().to_string()).seed(3));
    assert_eq!(id_of(&server, json!({"name": "a"})), by_fixture);
    assert_eq!(id_of(&server, json!({"name": "a", "fixture": shop()})), by_fixture);
    assert_eq!(id_of(&server, json!({"name": "a", "seed": 0})), unsaid);
}

#[test]
fn a_sandbox_may_be_made_from_an_export_and_goes_on_where_it_stood() {
    let bench = Bench::shop();
    bench.holds(IVAN, 100);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 500, "spend": 0})).ok();
    let exported = bench.get("/_stend/state");
    bench.post("/_stend/sandboxes", &json!({"name": "a", "fixture": exported.json()})).with_status(201);
    let a = bench.in_sandbox("a");
    assert_eq!(a.get("/_stend/state").json(), exported.json());
    assert_eq!(a.account(IVAN), bench.account(IVAN));
    let next = bench.holds(IVAN, 1);
    assert_eq!(a.holds(IVAN, 1), next);
    a.reset();
    assert_eq!(a.holds(IVAN, 1), next, "and that is what a reset goes back to");
}

#[test]
fn naming_a_sandbox_makes_it_however_fast_others_evict_it() {
    let options =
        |options: &mut stend::config::Options| options.max_sandboxes = NonZeroUsize::new(2).expect("2");
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(options));
    // Without HTTP, which would be too slow to meet in the same microsecond.
    let refused: Vec<String> = std::thread::scope(|scope| {
        let open = |thread: usize| {
            let stend = bench.stend();
            let one = move |step: usize| {
                let name = ["a", "b"][(step / 8 + thread / 2) % 2];
                stend.sandbox(name).map(|sandbox| assert_eq!(sandbox.name(), name)).err()
            };
            (0..30_000).filter_map(one).map(|error| error.to_string()).collect::<Vec<String>>()
        };
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(move || open(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it ends")).collect()
    });
    assert!(refused.is_empty(), "{} of 240000 were refused: {:?}", refused.len(), refused.first());
}
