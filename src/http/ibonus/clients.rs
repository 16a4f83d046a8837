//! Clients: `clients.list`, `.byToken`, `.coupons`, `.balance`, `.history`, `.writeOff`.

use super::ask::{Answer, Ask};
use super::wire::{List, clients as wire, coupons};
use super::{done, parameters, shown};

/// The clients, by phone and e-mail.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let query = parameters::query(ask.request, wire::clients_query);
    let clients = ask.as_user(query, |open, query| Ok(open.books.list_clients(&query)))?;
    Ok(shown(&List(&clients, wire::client)))
}

/// The client of the token in the path; what the query says is not looked at \[I\].
pub(super) fn by_token(ask: &Ask<'_>) -> Answer {
    let client = ask.as_user(Ok(ask.id), |open, token| Ok(open.books.client_by_token(token)?))?;
    Ok(shown(&wire::client(&client)))
}

/// A client's coupons that can be used.
pub(super) fn coupons(ask: &Ask<'_>) -> Answer {
    let id = ask.id("Client");
    let coupons = ask.as_user(id, |open, id| Ok(open.books.coupons_of(id, open.now)?))?;
    Ok(shown(&List(&coupons, coupons::coupon)))
}

/// What a client can write off.
pub(super) fn balance(ask: &Ask<'_>) -> Answer {
    let id = ask.id("Client");
    let sums = ask.as_user(id, |open, id| Ok(open.books.balance(id)?))?;
    Ok(shown(&sums.map(wire::Sum::from)))
}

/// How a client's balances changed.
pub(super) fn history(ask: &Ask<'_>) -> Answer {
    let (id, query) = (ask.id("Client"), parameters::query(ask.request, wire::history_query));
    let changes = ask.as_user(query, |open, query| Ok(open.books.history(id?, &query)?))?;
    Ok(shown(&List(&changes, wire::transaction)))
}

/// Spends from a client's balances and redeems its coupons: all of it, or nothing.
pub(super) fn write_off(ask: &Ask<'_>) -> Answer {
    let (id, order) = (ask.id("Client"), wire::write_off(ask.body()));
    ask.as_user(order, |open, order| Ok(open.books.write_off(id?, &order, open.now)?))?;
    Ok(done())
}
