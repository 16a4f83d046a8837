//! Many callers at once, each with a connection of its own, and one balance.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::harness::{Bench, IVAN, KIOSK, TILL};

/// How many callers there are.
const CALLERS: usize = 64;

#[test]
fn sixty_four_callers_spend_one_balance_to_the_last_point_and_never_more() {
    let bench = Bench::shop();
    let spent = rush(&bench, |caller, number| {
        // Everybody asks for other sums, and goes on until nothing is left.
        let mut spent = 0;
        for turn in 0.. {
            let sum = if turn < 5 { 1 + (number * 7 + turn) % 13 } else { 1 };
            let answer = caller.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": sum}));
            match answer.status {
                200 => spent += sum,
                _ if answer.text() == r#"{"spend":"Spend can't be more 0"}"# => break,
                _ => assert!(answer.with_status(422).text().starts_with(r#"{"spend":"#), "{answer}"),
            }
        }
        spent
    });
    assert_eq!(spent.iter().sum::<usize>(), 878);
    let account = bench.account(IVAN);
    assert_eq!((&account["posted"], &account["available"]), (&json!(0), &json!(0)));
    let written: i64 =
        account["entries"].as_array().expect("a list").iter().filter_map(|it| it["amount"].as_i64()).sum();
    assert_eq!(written, 0, "the ledger tells the same");
}

#[test]
fn sixty_four_callers_hold_release_spend_and_accrue_and_the_books_still_balance() {
    let bench = Bench::shop();
    let moved = rush(&bench, |caller, number| {
        let point = if number % 2 == 0 { TILL } else { KIOSK };
        let (mut spent, mut earned) = (0, 0);
        for turn in 0..6 {
            let hold = caller.hold(json!({"client": IVAN, "point": point, "amount": 5 + turn}));
            let listed = hold.json()["held"]["id"].as_str().map(str::to_owned);
            match (number + turn) % 3 {
                0 => {
                    let id = listed.unwrap_or_default();
                    caller.release(json!({"id": id})).ok();
                }
                1 => {
                    let hold: Vec<String> = listed.into_iter().collect();
                    let body =
                        json!({"client": IVAN, "point": point, "amount": 50, "spend": 7, "hold": hold});
                    let answer = caller.retail(body);
                    spent += if answer.status == 200 { 7 } else { 0 };
                }
                _ => {
                    let body = json!({"client": IVAN, "point": point, "amount": 10, "spend": 0});
                    earned += caller.retail(body).ok()["retail"]["earn"].as_i64().expect("whole points");
                }
            }
        }
        earned - spent
    });
    let account = bench.account(IVAN);
    let number = |key: &str| account[key].as_i64().expect("whole points");
    assert_eq!(number("posted"), 878 + moved.iter().sum::<i64>());
    assert_eq!(number("available"), number("posted") - number("held"));
    assert!(number("available") >= 0, "{account}");
    let active: i64 =
        account["holds"].as_array().expect("a list").iter().filter_map(|it| it["amount"].as_i64()).sum();
    assert_eq!(number("held"), active);
}

#[test]
fn sixty_four_callers_in_sandboxes_of_their_own_do_not_meet() {
    let bench = Bench::shop();
    rush(&bench, |caller, number| {
        let own = caller.in_sandbox(&format!("caller-{number}"));
        let answer = own.retail(json!({"client": IVAN, "point": TILL, "amount": 878, "spend": 878}));
        answer.ok();
        assert_eq!(answer.header("x-stend-sandbox"), Some(format!("caller-{number}").as_str()));
        assert_eq!(own.balance(IVAN), 0);
    });
    assert_eq!(bench.balance(IVAN), 878);
    assert_eq!(bench.get("/_stend/sandboxes").ok()["total"], 65);
}

#[test]
fn while_others_pay_a_reset_is_never_seen_by_half() {
    let bench = Bench::shop();
    let sums = rush(&bench, |caller, number| {
        let mut seen: Vec<Value> = Vec::new();
        for _ in 0..5 {
            if number == 0 {
                caller.reset();
            } else {
                caller.retail(json!({"client": IVAN, "point": TILL, "amount": 10, "spend": 1}));
                let account = caller.account(IVAN);
                let entries = account["entries"].as_array().expect("a list");
                let written: i64 = entries.iter().filter_map(|entry| entry["amount"].as_i64()).sum();
                seen.push(json!([account["posted"], written]));
            }
        }
        seen
    });
    for pair in sums.into_iter().flatten() {
        assert_eq!(pair[0], pair[1]);
    }
}

/// Lets all callers begin at the same moment; answers what each came to.
fn rush<T: Send>(bench: &Bench, work: impl Fn(&crate::harness::Caller, usize) -> T + Sync) -> Vec<T> {
    let together = Barrier::new(CALLERS);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| {
                let (caller, together, work) = (bench.on_a_connection_of_its_own(), &together, &work);
                scope.spawn(move || {
                    together.wait();
                    work(&caller, number)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a caller does not panic")).collect()
    })
}
