//! `identifier_types.*`: what accounts are known by, beside their phones.

use super::ask::{Answer, Ask, shown};
use super::wire::{List, identifier_types as wire};

/// The types.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let types: Vec<_> = ask.look(|open| open.books.identifier_types().cloned().collect())?;
    shown(&List(&types, |kind| wire::identifier_type(kind)))
}

/// Makes a type.
pub(super) fn insert(ask: &Ask<'_>) -> Answer {
    let order = ask.input(wire::insert);
    let made = ask.run(order, |open, order| Ok(open.books.insert_identifier_type(order)))?;
    shown(&wire::identifier_type(&made))
}

/// Changes a type.
pub(super) fn update(ask: &Ask<'_>) -> Answer {
    let update = ask.input(wire::update);
    let changed = ask.run(update, |open, (id, update)| open.books.update_identifier_type(id, update))?;
    shown(&wire::identifier_type(&changed))
}
