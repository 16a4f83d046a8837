//! `/_stend/requests`: what was asked and answered, newest first; how much of it is kept, and what it is looked for by.

use std::num::NonZeroUsize;
use std::thread;

use serde_json::{Value, json};

use crate::harness::{Bench, Caller, IVAN, IVAN_PHONE, NOBODY, TILL, shop};

const HOLD: &str = "/integration/general/bonuses/hold";

fn ids(list: &Value) -> Vec<u64> {
    let list = list.as_array().expect("a list").iter();
    list.map(|entry| entry["id"].as_u64().expect("a number")).collect()
}

fn listed(caller: &Caller, query: &str) -> (Vec<u64>, u64, u64) {
    let page = caller.get(&format!("/_stend/requests{query}")).ok();
    let number = |name: &str| page[name].as_u64().expect("a number");
    (ids(&page["requests"]), number("total"), number("dropped"))
}

fn finds_ivan(caller: &Caller) {
    caller.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
}

fn with_journal(entries: usize) -> Bench {
    Bench::start(Bench::builder().fixture(shop().to_string()).options(|options| options.journal = entries))
}

#[test]
fn an_entry_is_the_call_and_its_answer() {
    let bench = Bench::shop();
    let answer = bench.hold(json!({"client": IVAN, "point": TILL, "amount": 100}));
    let entry = bench.last_request();
    assert_eq!(Some(entry["id"].to_string().as_str()), answer.header("x-stend-request"));
    assert_eq!(entry["at"], "2026-01-01T00:00:00.000Z");
    assert_eq!((&entry["api"], &entry["operation"]), (&json!("loyalclient"), &json!("hold")));
    let request = &entry["request"];
    assert_eq!((&request["method"], &request["path"]), (&json!("POST"), &json!(HOLD)));
    assert_eq!(request["query"], json!({}));
    assert_eq!(request["headers"]["content-type"], "application/json");
    assert_eq!(request["body"], json!({"client": IVAN, "point": TILL, "amount": 100}));
    assert_eq!(entry["answer"]["status"], 200);
    assert_eq!(entry["answer"]["body"], answer.json());
    assert_eq!(
        entry["answer"]["headers"],
        json!({"content-type": "application/json", "x-stend-sandbox": "default", "x-stend-request": "1"})
    );
    assert_eq!((&entry["notes"], &entry["fault"]), (&json!([]), &Value::Null));
    assert!(entry["durationMs"].as_f64().expect("a number") > 0.0);
    assert_eq!(bench.get("/_stend/requests/1").ok(), entry);
}

#[test]
fn the_list_is_newest_first_and_goes_by_pages() {
    let bench = Bench::shop();
    assert_eq!(bench.get("/_stend/requests").ok(), json!({"requests": [], "total": 0, "dropped": 0}));
    for _ in 0..5 {
        finds_ivan(&bench);
    }
    assert_eq!(listed(&bench, ""), (vec![5, 4, 3, 2, 1], 5, 0));
    assert_eq!(listed(&bench, "?limit=2"), (vec![5, 4], 5, 0));
    assert_eq!(listed(&bench, "?limit=2&offset=4"), (vec![1], 5, 0));
    assert_eq!(listed(&bench, "?limit=0"), (vec![], 5, 0));
    assert_eq!(listed(&bench, "?since=3"), (vec![5, 4], 2, 0));
    assert_eq!(listed(&bench, "?since=5"), (vec![], 0, 0));
    assert_eq!(listed(&bench, "?since=0&limit=1"), (vec![5], 5, 0));
}

#[test]
fn filters_hold_together() {
    let bench = Bench::shop();
    finds_ivan(&bench);
    bench.client(json!({"search": "nobody", "point": TILL})).with_status(422);
    bench.holds(IVAN, 100);
    bench.request("GET", "/ext/api/v1/clients/").send().with_status(401);
    bench.request("GET", "/elsewhere").send().with_status(404);
    for (query, found) in [
        ("?api=loyalclient", vec![3, 2, 1]),
        ("?api=ibonus", vec![4]),
        ("?operation=client", vec![2, 1]),
        ("?operation=clients.list", vec![4]),
        ("?status=422", vec![2]),
        ("?api=loyalclient&operation=client&status=200", vec![1]),
        ("?api=loyalclient&since=1&limit=1", vec![3]),
        ("?status=500", vec![]),
    ] {
        assert_eq!(listed(&bench, query).0, found, "{query}");
    }
}

#[test]
fn bad_parameters_are_told() {
    let bench = Bench::shop();
    for (query, pointers) in [
        ("?api=x", &["api"][..]),
        ("?operation=holt", &["operation"]),
        ("?api=ibonus&operation=hold", &["operation"]),
        ("?status=abc", &["status"]),
        ("?status=99", &["status"]),
        ("?since=c5", &["since"]),
        ("?limit=1001&offset=-1", &["limit", "offset"]),
        ("?sinse=5", &["sinse"]),
    ] {
        bench.get(&format!("/_stend/requests{query}")).points_at(pointers);
    }
    let problem = bench.get("/_stend/requests?operation=holt").problem(400);
    assert!(problem.contains("did you mean \"hold\"?"), "{problem}");
}

#[test]
fn only_emulated_calls_are_in_it_and_whatever_is_emulated_nowhere() {
    let bench = Bench::shop();
    bench.get("/_stend/clock").ok();
    bench.get("/");
    bench.get("/_stend/nothing").problem(404);
    for page in ["/docs", "/openapi.json"] {
        let mut socket = bench.socket();
        socket.send(format!("GET {page} HTTP/1.1\r\nhost: localhost\r\n\r\n"));
        socket.bare_answer().expect("it answers").with_status(200);
    }
    assert_eq!(listed(&bench, ""), (vec![], 0, 0));
    bench.get("/elsewhere?a=1").with_status(404);
    bench.get("/integration/general/nothing").with_status(404);
    bench.request("DELETE", HOLD).send().with_status(405);
    let seen: Vec<_> = bench.requests().as_array().expect("a list").iter().rev().cloned().collect();
    let seen: Vec<_> = seen.iter().map(|entry| json!([entry["api"], entry["operation"]])).collect();
    assert_eq!(seen, [json!([null, null]), json!(["loyalclient", null]), json!(["loyalclient", null])]);
}

#[test]
fn each_sandbox_has_a_journal_of_its_own() {
    let bench = Bench::shop();
    let other = bench.in_sandbox("other");
    finds_ivan(&bench);
    finds_ivan(&bench);
    finds_ivan(&other);
    bench.with_key("test-key~third").client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    assert_eq!(listed(&bench, "").0, [2, 1]);
    assert_eq!(listed(&other, "").0, [1]);
    let third = bench.in_sandbox("third").last_request();
    assert_eq!(third["answer"]["headers"]["x-stend-sandbox"], "third");
    // The prefix of the sandbox is no part of the path.
    assert_eq!(other.last_request()["request"]["path"], "/integration/general/client");
}

#[test]
fn the_oldest_fall_out_and_are_counted() {
    let bench = with_journal(3);
    for _ in 0..5 {
        finds_ivan(&bench);
    }
    assert_eq!(listed(&bench, ""), (vec![5, 4, 3], 3, 2));
    assert_eq!(listed(&bench, "?since=1"), (vec![5, 4, 3], 3, 2));
    bench.request("DELETE", "/_stend/requests").send().is(204, "");
    assert_eq!(listed(&bench, ""), (vec![], 0, 0));
    finds_ivan(&bench);
    assert_eq!(listed(&bench, ""), (vec![6], 1, 0));
}

#[test]
fn an_entry_that_is_not_there_tells_what_became_of_it() {
    let bench = with_journal(1);
    let told = |id: &str| bench.get(&format!("/_stend/requests/{id}")).problem(404);
    finds_ivan(&bench);
    finds_ivan(&bench);
    assert!(told("1").contains("was dropped"), "{}", told("1"));
    assert!(told("3").contains("the last is 2"), "{}", told("3"));
    assert!(told("c1").contains("has the number of its call"), "{}", told("c1"));
    bench.request("DELETE", "/_stend/requests").send();
    assert!(told("2").contains("emptied"), "{}", told("2"));
}

#[test]
fn without_a_journal_calls_are_numbered_and_nothing_is_claimed() {
    let bench = with_journal(0);
    finds_ivan(&bench);
    let second = bench.client(json!({"search": IVAN_PHONE, "point": TILL}));
    assert_eq!(second.header("x-stend-request"), Some("2"));
    assert_eq!(listed(&bench, ""), (vec![], 0, 2));
    let client = json!({"match": {"operation": "client"}, "times": {"exactly": 2}});
    assert_eq!(bench.verify(client)["ok"], Value::Null);
    let coverage = bench.get("/_stend/coverage").ok();
    assert_eq!(coverage["operations"][0], json!({"api": "loyalclient", "operation": "client", "hits": 2}));
}

#[test]
fn the_journal_is_bounded_in_bytes() {
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(|options| {
        options.body_limit = "4MiB".parse().expect("a size");
    }));
    let large = vec![b'x'; 3 << 20];
    for _ in 0..7 {
        bench.request("POST", HOLD).body(large.clone()).send().with_status(422);
    }
    let (found, total, dropped) = listed(&bench, "?limit=0");
    assert_eq!((found, total + dropped), (vec![], 7));
    assert!((1..=5).contains(&total), "{total} entries of 3 MiB in 16 MiB");
    let metrics = bench.get("/_stend/metrics");
    let bytes = metrics.text().lines().find_map(|line| line.strip_prefix("stend_journal_bytes "));
    let bytes: usize = bytes.expect("it is measured").parse().expect("a number");
    assert!(bytes <= 16 << 20, "{bytes}");
}

#[test]
fn callers_at_once_are_all_in_it_with_numbers_of_their_own() {
    let bench = Bench::start(Bench::builder().fixture(shop().to_string()).options(|options| {
        options.workers = NonZeroUsize::new(4);
    }));
    let numbers: Vec<String> = thread::scope(|scope| {
        let calls: Vec<_> = (0..64)
            .map(|number| {
                let caller = bench.on_a_connection_of_its_own();
                scope.spawn(move || {
                    let answer = caller.client(json!({"search": number.to_string(), "point": TILL}));
                    // It is in the journal before the answer is here.
                    let number = answer.header("x-stend-request").expect("it is numbered").to_owned();
                    caller.get(&format!("/_stend/requests/{number}")).ok();
                    number
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().expect("it is answered")).collect()
    });
    let mut numbers: Vec<u64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=64).collect::<Vec<u64>>());
    assert_eq!(listed(&bench, ""), ((1..=64).rev().collect(), 64, 0));
    let searched = bench.requests();
    let mut searched: Vec<&str> = searched
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["request"]["body"]["search"].as_str())
        .collect();
    searched.sort_unstable();
    searched.dedup();
    assert_eq!(searched.len(), 64);
}

#[test]
fn a_call_is_found_by_what_it_says() {
    let bench = Bench::shop();
    for amount in [10, 20, 10] {
        bench.hold(json!({"client": IVAN, "point": TILL, "amount": amount})).ok();
    }
    bench.hold(json!({"client": NOBODY, "point": TILL, "amount": 10})).with_status(422);
    let found = |body: Value| {
        let found = bench.post("/_stend/requests/find", &body).ok();
        let counted = bench.post("/_stend/requests/count", &body).ok();
        assert_eq!(counted, json!({"count": found["total"], "dropped": 0}), "{body}");
        ids(&found["requests"])
    };
    assert_eq!(found(json!({"match": {}})), [4, 3, 2, 1]);
    assert_eq!(found(json!({"match": {"operation": "hold", "body": {"amount": 10.0}}})), [4, 3, 1]);
    assert_eq!(found(json!({"match": {"body": {"amount": 10}, "status": 200}})), [3, 1]);
    assert_eq!(found(json!({"match": {"method": "post", "path": "/integration/**"}})), [4, 3, 2, 1]);
    assert_eq!(found(json!({"match": {"path": "/integration/*"}})), [] as [u64; 0]);
    let page =
        bench.post("/_stend/requests/find?limit=1&offset=1", &json!({"match": {"operation": "hold"}})).ok();
    assert_eq!((ids(&page["requests"]), &page["total"]), (vec![3], &json!(4)));
    for (body, pointers) in [
        (json!({}), &["/match"][..]),
        (json!({"match": {"operation": "holt"}}), &["/match/operation"]),
        (json!({"match": {"colour": 1}, "time": {"exactly": 1}}), &["/match/colour", "/time"]),
    ] {
        bench.post("/_stend/requests/find", &body).points_at(pointers);
        bench.post("/_stend/requests/count", &body).points_at(pointers);
    }
}
