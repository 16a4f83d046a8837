//! Clients: `clients.list`, `.byToken`, `.coupons`, `.balance`, `.history`, `.writeOff`.

use actix_web::web::Path;

use super::ask::{Answer, Ask};
use super::wire::{List, clients as wire, coupons};
use super::{done, parameters, shown};

/// The clients, by phone and e-mail.
pub(super) async fn list(ask: Ask) -> Answer {
    let query = parameters::query(&ask.request, wire::clients_query);
    let clients = ask.as_user(query, |open, query| Ok(open.books.list_clients(&query)))?;
    Ok(shown(&List(&clients, wire::client)))
}

/// The client of the token in the path; what the query says is not looked at \[I\].
pub(super) async fn by_token(ask: Ask, token: Path<String>) -> Answer {
    let client =
        ask.as_user(Ok(token.into_inner()), |open, token| Ok(open.books.client_by_token(&token)?))?;
    Ok(shown(&wire::client(&client)))
}

/// A client's coupons that can be used.
pub(super) async fn coupons(ask: Ask) -> Answer {
    let id = ask.id("Client");
    let coupons = ask.as_user(id, |open, id| Ok(open.books.coupons_of(id, open.now)?))?;
    Ok(shown(&List(&coupons, coupons::coupon)))
}

/// What a client can write off.
pub(super) async fn balance(ask: Ask) -> Answer {
    let id = ask.id("Client");
    let sums = ask.as_user(id, |open, id| Ok(open.books.balance(id)?))?;
    Ok(shown(&sums.map(wire::Sum::from)))
}

/// How a client's balances changed.
pub(super) async fn history(ask: Ask) -> Answer {
    let (id, query) = (ask.id("Client"), parameters::query(&ask.request, wire::history_query));
    let changes = ask.as_user(query, |open, query| Ok(open.books.history(id?, &query)?))?;
    Ok(shown(&List(&changes, wire::transaction)))
}

/// Spends from a client's balances and redeems its coupons: all of it, or nothing.
pub(super) async fn write_off(ask: Ask) -> Answer {
    let (id, order) = (ask.id("Client"), wire::write_off(ask.body()));
    ask.as_user(order, |open, order| Ok(open.books.write_off(id?, &order, open.now)?))?;
    Ok(done())
}
