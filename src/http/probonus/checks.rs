//! `checks.*`: receipts down to their dishes.

use std::sync::Arc;

use super::ask::{Answer, Ask, shown};
use super::fields::kinds;
use super::wire::checks as wire;

/// A receipt.
pub(super) fn get_by_id(ask: &Ask<'_>) -> Answer {
    let id = ask.input(|fields| fields.required("id", kinds::id));
    let found = ask.find(id, |open, id| {
        Ok((open.books.find_check(id).map(Arc::clone)?, open.books.rules().utc_offset))
    })?;
    shown(&found.as_ref().map(|(check, offset)| wire::check(check, *offset)))
}

/// The receipts of a period, of one account or of all.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let query = ask.input(wire::query);
    let (checks, offset) = ask.view(query, |books, query| {
        let offset = books.rules().utc_offset;
        Ok((books.list_checks(&query.at(offset))?, offset))
    })?;
    shown(&wire::list(&checks, offset))
}
