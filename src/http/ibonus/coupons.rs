//! Coupons of clients by their tokens: `clients.findCoupon`, `coupons.redeemShared`.

use super::ask::{Answer, Ask};
use super::wire::coupons as wire;
use super::{parameters, shown};

/// Finds a coupon and its owner.
pub(super) fn find(ask: &Ask<'_>) -> Answer {
    let query = parameters::query(ask.request, wire::coupon_query);
    let found =
        ask.as_user(query, |open, (by, token)| Ok(open.books.find_coupon(by, &token, open.now)?))?;
    Ok(shown(&wire::client_and_coupon(&found)))
}

/// Gives a person a coupon of their own for another one's share token.
pub(super) fn redeem_shared(ask: &Ask<'_>) -> Answer {
    let query = parameters::query(ask.request, wire::redeem_query);
    let given = ask.as_user(query, |open, query| {
        let (person, name) = (query.person.as_customer(), query.name.as_deref());
        Ok(open.books.redeem_shared(&query.token, person, name, open.now)?)
    })?;
    Ok(shown(&wire::client_and_coupon(&given)))
}
