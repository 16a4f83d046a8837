//! `discounts.*`: discounts and bonuses, those of `r_keeper` and the composite ones.

use super::ask::{Answer, Ask, shown};
use super::wire::{List, discounts as wire};

/// The discounts.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let discounts: Vec<_> = ask.look(|open| open.books.discounts().cloned().collect())?;
    shown(&List(&discounts, |discount| wire::discount(discount)))
}

/// Makes a composite discount.
pub(super) fn insert(ask: &Ask<'_>) -> Answer {
    let order = ask.input(wire::insert);
    let made = ask.run(order, |open, order| open.books.insert_discount(order))?;
    shown(&wire::discount(&made))
}

/// Changes a composite discount.
pub(super) fn update(ask: &Ask<'_>) -> Answer {
    let update = ask.input(wire::update);
    let changed = ask.run(update, |open, (id, update)| open.books.update_discount(id, update))?;
    shown(&wire::discount(&changed))
}
