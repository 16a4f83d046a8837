//! Reports: their totals are the ledger's.

use super::super::accounts::TransactionKind;
use super::super::accounts::insert::AccountOrder;
use super::super::calendar::{Edge, Period as Days};
use super::super::reports::{AccountsTotal, ReportQuery, TransactionsTotal};
use super::*;

fn until(day: &str) -> ReportQuery {
    let to = Some(Edge::Day(day.parse().unwrap()));
    ReportQuery { group: None, period: Days { from: None, to } }
}

fn of_group(group: GroupId) -> ReportQuery {
    ReportQuery { group: Some(group), ..ReportQuery::default() }
}

fn total(accounts: usize, text: &str) -> AccountsTotal {
    AccountsTotal { accounts, amount: amount(text) }
}

#[test]
fn balances_are_those_at_the_end_of_the_period() {
    let mut shop = Shop::new();
    shop.advance(Period::days(1));
    shop.refill("5");
    shop.books.insert_account(AccountOrder::new(PLAIN), shop.now).unwrap();
    let report = |query| {
        let found = shop.books.report_balances(&query).unwrap();
        let groups: Vec<_> = found.groups.into_iter().map(|row| (row.group, row.of_it)).collect();
        (groups, found.total)
    };
    let (plain, registered) = (PLAIN, SELF_REGISTERED);
    assert_eq!(
        report(ReportQuery::default()),
        (vec![(plain, total(1, "0")), (registered, total(1, "105"))], total(2, "105"))
    );
    assert_eq!(
        report(until("2026-01-01")),
        (vec![(plain, total(0, "0")), (registered, total(1, "100"))], total(1, "100"))
    );
    assert_eq!(report(until("2025-12-31")).1, total(0, "0"));
    assert_eq!(report(of_group(plain)), (vec![(plain, total(1, "0"))], total(1, "0")));
    let id = GroupId(9);
    let not_found = Refusal::GroupNotFound { id };
    assert_eq!(shop.books.report_balances(&of_group(id)), Err(not_found.clone()));
    assert_eq!(shop.books.report_transactions(&of_group(id)), Err(not_found.clone()));
    assert_eq!(shop.books.report_burning(&of_group(id)), Err(not_found));
}

#[test]
fn transactions_are_counted_by_kind() {
    let mut shop = Shop::new();
    shop.refill("5");
    shop.refill("6");
    shop.withdraw("1");
    let id = shop.sell("100", "10");
    shop.books.refund(id, shop.now).unwrap();
    shop.advance(Period::days(40));
    let report = shop.books.report_transactions(&ReportQuery::default()).unwrap();
    let rows: Vec<_> =
        report.rows.iter().map(|row| (row.kind, row.of_it.count, row.of_it.amount.to_string())).collect();
    let row = |kind, count, text: &str| (kind, count, text.to_owned());
    assert_eq!(
        rows,
        [
            row(TransactionKind::Refill, 2, "11"),
            row(TransactionKind::Withdraw, 1, "-1"),
            row(TransactionKind::Accrual, 2, "104.5"),
            row(TransactionKind::Payment, 1, "-10"),
            row(TransactionKind::Burn, 3, "-110"),
            row(TransactionKind::Refund, 2, "5.5"),
        ]
    );
    assert_eq!(report.total, TransactionsTotal { count: 11, amount: Amount::ZERO });
    let of_plain = shop.books.report_transactions(&of_group(PLAIN)).unwrap();
    assert_eq!((of_plain.rows, of_plain.total), (vec![], TransactionsTotal::default()));
}

#[test]
fn what_will_burn_is_told_by_day() {
    let mut shop = Shop::with_delay();
    shop.sell("200", "0");
    let short = Operation { burn_days: Some(1), ..operation("7") };
    shop.books.refill(Whose::Id(ANNA), &short, shop.now).unwrap();
    let rows = |query: &ReportQuery| {
        let report = shop.books.report_burning(query).unwrap();
        let rows: Vec<_> =
            report.rows.iter().map(|row| (row.burn_date.to_string(), row.of_it.amount.to_string())).collect();
        (rows, report.total)
    };
    let row = |day: &str, text: &str| (day.to_owned(), text.to_owned());
    assert_eq!(
        rows(&ReportQuery::default()),
        (vec![row("2026-01-02", "7"), row("2026-01-31", "100"), row("2026-02-02", "10")], total(1, "117"))
    );
    assert_eq!(rows(&until("2026-01-31")).1, total(1, "107"));
    assert_eq!(rows(&until("2026-01-01")).1, total(0, "0"));
}
