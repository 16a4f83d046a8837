//! The fiscal hub: `holds.create`, `.writeOff`, `.cancel`, and `hub.refund`.

use super::ask::{Answer, Ask};
use super::wire::holds as wire;
use super::{done, shown};

/// Holds points and coupons.
pub(super) fn create(ask: &Ask<'_>) -> Answer {
    let order = wire::hold_request(ask.body());
    let hold = ask.through_hub(order, |open, order| Ok(open.books.make_hold(&order.order(), open.now)?))?;
    Ok(shown(&wire::hold(&hold)))
}

/// Spends what is held.
pub(super) fn write_off(ask: &Ask<'_>) -> Answer {
    ask.through_hub(wire::write_off_request(ask.body()), |open, (transaction_id, order)| {
        Ok(open.books.capture_hold(&transaction_id, order, open.now)?)
    })?;
    Ok(done())
}

/// Gives a hold up.
pub(super) fn cancel(ask: &Ask<'_>) -> Answer {
    let transaction_id = wire::cancel_request(ask.body());
    ask.through_hub(transaction_id, |open, id| Ok(open.books.cancel_hold(&id)?))?;
    Ok(done())
}

/// Refunds items of a sale.
pub(super) fn refund(ask: &Ask<'_>) -> Answer {
    ask.through_hub(wire::refund_request(ask.body()), |open, items| {
        Ok(open.books.refund_through_hub(&items, open.by, open.now)?)
    })?;
    Ok(done())
}
