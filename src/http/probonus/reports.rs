//! `reports.*`: by group and period.

use super::ask::{Answer, Ask, shown};
use super::wire::reports as wire;

/// What groups have.
pub(super) fn balances(ask: &Ask<'_>) -> Answer {
    let query = ask.input(wire::query);
    let report =
        ask.view(query, |books, query| books.report_balances(&query.at(books.rules().utc_offset)))?;
    shown(&wire::balances(&report))
}

/// What was done.
pub(super) fn transactions(ask: &Ask<'_>) -> Answer {
    let query = ask.input(wire::query);
    let report =
        ask.view(query, |books, query| books.report_transactions(&query.at(books.rules().utc_offset)))?;
    shown(&wire::transactions(&report))
}

/// What will burn.
pub(super) fn burning(ask: &Ask<'_>) -> Answer {
    let query = ask.input(wire::query);
    let report = ask.view(query, |books, query| books.report_burning(&query.at(books.rules().utc_offset)))?;
    shown(&wire::burning(&report))
}
