//! Two tills want one guest's points.

use serde_json::json;

use crate::harness::{Bench, IVAN, KIOSK, TILL};

#[test]
fn what_one_till_holds_the_other_cannot_spend() {
    let bench = Bench::shop();
    let own = bench.holds_at(TILL, IVAN, 800);
    bench
        .retail(json!({"client": IVAN, "point": KIOSK, "amount": 500, "spend": 100}))
        .refused(r#"{"spend":"Spend can't be more 78"}"#);
    bench
        .hold(json!({"client": IVAN, "point": KIOSK, "amount": 100}))
        .refused(r#"{"amount":"Amount can't be more 78"}"#);
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 800, "spend": 800, "hold": [own]})).ok();
    assert_eq!(bench.balance(IVAN), 78);
}

#[test]
fn when_a_hold_is_over_the_other_till_may_have_the_points() {
    let bench = Bench::shop();
    bench.holds_at(TILL, IVAN, 878);
    let spend = json!({"client": IVAN, "point": KIOSK, "amount": 500, "spend": 500});
    bench.retail(spend.clone()).refused(r#"{"spend":"Spend can't be more 0"}"#);
    bench.advance("PT10M");
    bench.retail(spend).ok();
}

#[test]
fn what_recalc_promised_may_be_gone_by_the_time_of_paying() {
    let bench = Bench::shop();
    let promised = bench.recalc(json!({"client": IVAN, "point": TILL, "amount": 800})).ok();
    assert_eq!(promised["recalc"]["spend"], 800);
    bench.retail(json!({"client": IVAN, "point": KIOSK, "amount": 500, "spend": 500})).ok();
    bench
        .retail(json!({"client": IVAN, "point": TILL, "amount": 800, "spend": 800}))
        .refused(r#"{"spend":"Spend can't be more 378"}"#);
}

#[test]
fn two_tills_that_spend_the_whole_balance_at_once_do_not_both_succeed() {
    for _ in 0..20 {
        let bench = Bench::shop();
        let together = std::sync::Barrier::new(2);
        let spends: Vec<u16> = std::thread::scope(|scope| {
            let spend = |point| {
                let (caller, together) = (bench.clone(), &together);
                scope.spawn(move || {
                    together.wait();
                    caller.retail(json!({"client": IVAN, "point": point, "amount": 878, "spend": 878})).status
                })
            };
            let tills = [spend(TILL), spend(KIOSK)];
            tills.map(|till| till.join().expect("a till does not panic")).to_vec()
        });
        let mut statuses = spends;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
        assert_eq!(bench.balance(IVAN), 0);
    }
}
