//! `accounts.*`: accounts, found, opened and changed; their points given, taken and shown.

use std::sync::Arc;

use super::ask::{Answer, Ask, Open, shown};
use super::error::Failure;
use super::wire::accounts::{self as wire, Shown};
use super::wire::{List, operations, transactions};
use crate::loyalty::probonus::Refusal;
use crate::loyalty::probonus::accounts::Account;

/// The accounts, or those that hold a text.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let query = ask.input(wire::query);
    let accounts: Vec<Shown> = ask.view(query, |books, query| {
        let accounts = books.list_accounts(&query.as_order())?;
        Ok(accounts.iter().map(|account| Shown::of(account, books)).collect())
    })?;
    shown(&List(&accounts, wire::account))
}

/// An account.
pub(super) fn get_by_id(ask: &Ask<'_>) -> Answer {
    let id = ask.input(|fields| fields.required("id", super::fields::kinds::id));
    one(ask, id, |open, id| open.books.find_account(id).map(Arc::clone))
}

/// The account with this phone.
pub(super) fn find_by_phone(ask: &Ask<'_>) -> Answer {
    let phone = ask.input(|fields| fields.required("phone", super::fields::kinds::text));
    one(ask, phone, |open, phone| open.books.find_by_phone(&phone).map(Arc::clone))
}

/// The account with this identifier.
pub(super) fn find_by_identifier(ask: &Ask<'_>) -> Answer {
    let identifier = ask.input(wire::identifier_query);
    one(ask, identifier, |open, (value, type_id)| {
        open.books.find_by_identifier(&value, type_id).map(Arc::clone)
    })
}

/// Opens an account by its group's template.
pub(super) fn insert_by_template(ask: &Ask<'_>) -> Answer {
    let order = ask.input(wire::insert_by_template);
    changed(ask, order, |open, order| open.books.insert_by_template(order.as_order(), open.now))
}

/// Opens an account with what is given.
pub(super) fn insert(ask: &Ask<'_>) -> Answer {
    let order = ask.input(wire::insert);
    changed(ask, order, |open, order| open.books.insert_account(order.as_order(), open.now))
}

/// Changes an account.
pub(super) fn update(ask: &Ask<'_>) -> Answer {
    let update = ask.input(wire::update);
    changed(ask, update, |open, (id, update)| open.books.update_account(id, update))
}

/// Points for an account.
pub(super) fn refill(ask: &Ask<'_>) -> Answer {
    let order = ask.input(operations::of_account);
    let operated = ask.run(order, |open, (whose, operation)| {
        open.books.refill(whose.as_order(), &operation.as_order(), open.now)
    })?;
    shown(&operations::operated(operated))
}

/// Points from an account.
pub(super) fn withdraw(ask: &Ask<'_>) -> Answer {
    let order = ask.input(operations::of_account);
    let operated = ask.run(order, |open, (whose, operation)| {
        open.books.withdraw(whose.as_order(), &operation.as_order(), open.now)
    })?;
    shown(&operations::operated(operated))
}

/// How a balance changed.
pub(super) fn transactions(ask: &Ask<'_>) -> Answer {
    let query = ask.input(transactions::query);
    let (found, offset) = ask.run(query, |open, query| {
        let offset = open.books.rules().utc_offset;
        Ok((open.books.transactions(query.account, &query.at(offset))?, offset))
    })?;
    shown(&transactions::list(&found, offset))
}

/// A balance.
pub(super) fn get_balance(ask: &Ask<'_>) -> Answer {
    let id = ask.input(|fields| fields.required("accountId", super::fields::kinds::id));
    let balance = ask.find(id, |open, id| Ok(wire::balance(id, open.books.balance(id)?)))?;
    shown(&balance)
}

/// A balance in parts: when and how much will burn.
pub(super) fn get_balance_extended(ask: &Ask<'_>) -> Answer {
    let id = ask.input(|fields| fields.required("accountId", super::fields::kinds::id));
    let balance = ask.find(id, |open, id| {
        let offset = open.books.rules().utc_offset;
        Ok(wire::extended_balance(id, &open.books.extended_balance(id, open.now)?, offset))
    })?;
    shown(&balance)
}

/// Answers the account that is found.
fn one<I>(
    ask: &Ask<'_>,
    input: Result<I, Failure>,
    find: impl FnOnce(&Open<'_>, I) -> Result<Arc<Account>, Refusal>,
) -> Answer {
    let account = ask.find(input, |open, input| {
        let account = find(&open, input)?;
        Ok(Shown::of(&account, open.books))
    })?;
    shown(&account.as_ref().map(wire::account))
}

/// Answers the account as it has become.
fn changed<I>(
    ask: &Ask<'_>,
    input: Result<I, Failure>,
    change: impl FnOnce(&mut Open<'_>, I) -> Result<Arc<Account>, Refusal>,
) -> Answer {
    let account = ask.run(input, |mut open, input| {
        let account = change(&mut open, input)?;
        Ok(Shown::of(&account, open.books))
    })?;
    shown(&wire::account(&account))
}
