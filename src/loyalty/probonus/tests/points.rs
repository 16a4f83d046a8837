//! Refills and withdrawals of one account, and the transactions they leave.

use super::super::calendar::{Edge, Period as Days};
use super::super::rules::Rules;
use super::*;
use crate::loyalty::ExpiredKind;
use crate::loyalty::ledger::POSTED_MAX;

#[test]
fn points_are_given_and_taken() {
    let mut shop = Shop::new();
    let given = shop.refill("50.25");
    assert_eq!(given.balance, amount("150.25"));
    let by_phone = shop.books.withdraw(Whose::Phone("89123456789"), &operation("0.25"), shop.now).unwrap();
    assert_eq!((by_phone.account, by_phone.balance), (ANNA, amount("150")));
    let newest = shop.books.transactions(ANNA, &TransactionsQuery::default()).unwrap();
    assert_eq!(
        newest.iter().map(|it| it.id).take(2).collect::<Vec<_>>(),
        [by_phone.transaction, given.transaction]
    );
    assert_eq!(
        shop.history(),
        [
            ("withdraw", "-0.25".into(), "150".into(), None),
            ("refill", "50.25".into(), "150.25".into(), None),
            ("accrual", "100".into(), "100".into(), None),
        ]
    );
    shop.check();
}

#[test]
fn what_cannot_be_given_or_taken_is_refused() {
    let mut shop = Shop::new();
    let id = AccountId(9);
    let whose = Whose::Id(ANNA);
    for (refusal, whose, amount) in [
        (Refusal::AccountNotFound { id }, Whose::Id(id), "1"),
        (Refusal::PhoneNotFound, Whose::Phone("1"), "1"),
        (Refusal::AmountNotPositive, whose, "0"),
        (Refusal::AmountNotPositive, whose, "-1"),
        (Refusal::InsufficientPoints { available: amount("100") }, whose, "100.01"),
    ] {
        shop.refuses(&refusal, |shop| shop.books.withdraw(whose, &operation(amount), shop.now));
        if !matches!(refusal, Refusal::InsufficientPoints { .. }) {
            shop.refuses(&refusal, |shop| shop.books.refill(whose, &operation(amount), shop.now));
        }
    }
    let burns_at_once = Operation { burn_days: Some(0), ..operation("1") };
    shop.refuses(&Refusal::BurnDaysNotPositive, |shop| shop.books.refill(whose, &burns_at_once, shop.now));
    let too_much = Operation { amount: POSTED_MAX, ..Operation::default() };
    shop.refuses(&Refusal::BalanceOverLimit { account: ANNA }, |shop| {
        shop.books.refill(whose, &too_much, shop.now)
    });
    let update = AccountUpdate { is_active: Change::Is(false), ..AccountUpdate::default() };
    shop.books.update_account(ANNA, update).unwrap();
    let inactive = Refusal::AccountInactive { id: ANNA };
    shop.refuses(&inactive, |shop| shop.books.refill(whose, &operation("1"), shop.now));
    shop.refuses(&inactive, |shop| shop.books.withdraw(whose, &operation("1"), shop.now));
    shop.refuses(&inactive, |shop| shop.ring("10", "0"));
}

#[test]
fn points_burn_at_the_day_change_of_the_day_they_are_due() {
    for (hour, offset, days, last, gone) in [
        (0, "+03:00", 1, "2026-01-01T20:59:59.999Z", "2026-01-01T21:00:00Z"),
        (0, "+03:00", 10, "2026-01-10T20:59:59.999Z", "2026-01-10T21:00:00Z"),
        (6, "+03:00", 1, "2026-01-02T02:59:59.999Z", "2026-01-02T03:00:00Z"),
        // At nine in the morning the day has not begun yet, if it does at noon.
        (13, "+03:00", 1, "2026-01-01T09:59:59.999Z", "2026-01-01T10:00:00Z"),
        (0, "-05:00", 1, "2026-01-02T04:59:59.999Z", "2026-01-02T05:00:00Z"),
    ] {
        let rules = Rules {
            day_change_hour: hour.try_into().unwrap(),
            utc_offset: super::super::calendar::UtcOffset::parse(offset).unwrap(),
            ..Rules::default()
        };
        let mut shop = Shop::with_rules(rules);
        let operation = Operation { burn_days: Some(days), ..operation("7") };
        shop.books.refill(Whose::Id(ANNA), &operation, shop.now).unwrap();
        assert_eq!(shop.advance_to(last), [], "{hour} {offset} {days}");
        let burnt = shop.advance_to(gone);
        assert_eq!(burnt.len(), 1, "{hour} {offset} {days}");
        assert_eq!(
            (burnt[0].kind, burnt[0].amount, burnt[0].at),
            (ExpiredKind::Lot, amount("7"), time(gone))
        );
        assert_eq!(shop.balance(), "100");
        shop.check();
    }
}

#[test]
fn refills_live_as_long_as_the_accounts_points_unless_they_say_otherwise() {
    let mut shop = Shop::new();
    shop.refill("1");
    let update = AccountUpdate { burning_days: Change::Is(None), ..AccountUpdate::default() };
    shop.books.update_account(ANNA, update).unwrap();
    shop.refill("2");
    shop.books
        .refill(Whose::Id(ANNA), &Operation { burn_days: Some(5), ..operation("4") }, shop.now)
        .unwrap();
    let lots = shop.books.account(ANNA).unwrap().points().lots();
    let lots: Vec<_> =
        lots.map(|lot| (lot.amount.to_string(), lot.expires_at.map(|it| it.to_string()))).collect();
    let at = |text: &str| Some(format!("2026-01-{text}T21:00:00.000Z"));
    assert_eq!(
        lots,
        [("4".into(), at("05")), ("100".into(), at("30")), ("1".into(), at("30")), ("2".into(), None)]
    );
}

#[test]
fn the_soonest_to_burn_is_spent_first() {
    let mut shop = Shop::new();
    shop.books
        .refill(Whose::Id(ANNA), &Operation { burn_days: Some(1), ..operation("10") }, shop.now)
        .unwrap();
    shop.withdraw("10");
    assert_eq!(shop.advance(Period::days(2)), []);
    assert_eq!(shop.balance(), "100");
}

#[test]
fn transactions_are_those_of_a_period_or_the_last_ones() {
    let mut shop = Shop::new();
    for _ in 0..3 {
        shop.advance(Period::days(1));
        shop.refill("1");
    }
    let day = |text: &str| Some(Edge::Day(text.parse().unwrap()));
    let moment = |text: &str| Some(Edge::Moment(time(text)));
    for (from, to, count, balances) in [
        (None, None, None, vec!["103", "102", "101", "100"]),
        (None, None, Some(2), vec!["103", "102"]),
        (None, None, Some(0), vec![]),
        (day("2026-01-02"), day("2026-01-03"), None, vec!["102", "101"]),
        (day("2026-01-02"), day("2026-01-03"), Some(1), vec!["102"]),
        (day("2026-01-05"), None, None, vec![]),
        (None, day("2025-12-31"), None, vec![]),
        (moment("2026-01-03T09:00:00Z"), moment("2026-01-03T09:00:00Z"), None, vec!["102"]),
        (moment("2026-01-03T09:00:00.001Z"), None, None, vec!["103"]),
        (day("2026-01-03"), day("2026-01-02"), None, vec![]),
    ] {
        let query = TransactionsQuery { period: Days { from, to }, count };
        let found: Vec<_> =
            shop.books.transactions(ANNA, &query).unwrap().iter().map(|it| it.balance.to_string()).collect();
        assert_eq!(found, balances, "{query:?}");
    }
    let id = AccountId(9);
    let refused = shop.books.transactions(id, &TransactionsQuery::default());
    assert_eq!(refused, Err(Refusal::AccountNotFound { id }));
}

#[test]
fn a_burn_is_a_transaction_of_the_moment_it_was_due() {
    let mut shop = Shop::new();
    shop.advance(Period::days(365));
    let transactions = shop.books.transactions(ANNA, &TransactionsQuery::default()).unwrap();
    assert_eq!((transactions[0].kind.name(), transactions[0].date), ("burn", time("2026-01-30T21:00:00Z")));
    assert_eq!(shop.history()[0], ("burn", "-100".into(), "0".into(), None));
}
