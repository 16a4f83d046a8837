//! `account_groups.*`: groups, read, made and changed; points for all of a group, or from them.

use std::sync::Arc;

use super::ask::{Answer, Ask, shown};
use super::wire::{List, account_groups as wire};

/// The groups.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let groups: Vec<_> = ask.look(|open| open.books.groups().cloned().collect())?;
    shown(&List(&groups, |group| wire::group(group)))
}

/// A group.
pub(super) fn get_by_id(ask: &Ask<'_>) -> Answer {
    let id = ask.input(|fields| fields.required("id", super::fields::kinds::id));
    let group = ask.find(id, |open, id| open.books.find_group(id).map(Arc::clone))?;
    shown(&group.as_deref().map(wire::group))
}

/// Makes a group.
pub(super) fn insert(ask: &Ask<'_>) -> Answer {
    let order = ask.input(wire::insert);
    let group = ask.run(order, |open, order| open.books.insert_group(order))?;
    shown(&wire::group(&group))
}

/// Changes a group.
pub(super) fn update(ask: &Ask<'_>) -> Answer {
    let update = ask.input(wire::update);
    let group = ask.run(update, |open, (id, update)| open.books.update_group(id, update))?;
    shown(&wire::group(&group))
}

/// Points for every account of a group.
pub(super) fn refill(ask: &Ask<'_>) -> Answer {
    let order = ask.input(wire::operation);
    let outcome =
        ask.run(order, |open, (id, operation)| open.books.refill_group(id, &operation.as_order(), open.now))?;
    shown(&wire::outcome(outcome))
}

/// Points from every account of a group.
pub(super) fn withdraw(ask: &Ask<'_>) -> Answer {
    let order = ask.input(wire::operation);
    let outcome = ask
        .run(order, |open, (id, operation)| open.books.withdraw_group(id, &operation.as_order(), open.now))?;
    shown(&wire::outcome(outcome))
}
