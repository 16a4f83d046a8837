//! LoyalClient's calls: five POSTs under `/integration/general`.

pub(super) mod error;
mod fields;
mod wire;

use std::sync::Arc;

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::call::Call;
use super::json::json;
use super::operations::Route;
use super::select::split_credential;
use crate::loyalty::loyalclient::records::Rules;
use crate::loyalty::loyalclient::{Books, Refusal};
use crate::loyalty::time::Time;
use error::Failure;
use fields::Fields;

type Handler = fn(&HttpRequest, &Call) -> HttpResponse;

const POST: &[Method] = &[Method::POST];

/// Every call: its name, its method, its path.
const ROUTES: &[(Route, Handler)] = &[
    (Route("client", POST, "/integration/general/client"), client),
    (Route("recalc", POST, "/integration/general/recalc"), recalc),
    (Route("hold", POST, "/integration/general/bonuses/hold"), hold),
    (Route("release", POST, "/integration/general/bonuses/release"), release),
    (Route("retail", POST, "/integration/general/retail"), retail),
];

/// The table of the calls.
pub(super) fn routes() -> impl Iterator<Item = Route> {
    ROUTES.iter().map(|(route, _)| *route)
}

/// Answers the call at this place of the table.
pub(super) fn answer_to(route: usize, request: &HttpRequest, call: &Call) -> HttpResponse {
    (ROUTES[route].1)(request, call)
}

/// Finds a client by phone, card or code.
fn client(request: &HttpRequest, call: &Call) -> HttpResponse {
    answer(request, call, wire::client_request, |books, request, _| {
        Ok(wire::ClientAnswer::from(books.find(&request.query())?))
    })
}

/// Says what an operation would do; changes nothing.
fn recalc(request: &HttpRequest, call: &Call) -> HttpResponse {
    answer(request, call, wire::recalc_order, |books, order, _| {
        Ok(wire::RecalcAnswer::from(books.recalc(&order)?))
    })
}

/// Holds points for a point of sale.
fn hold(request: &HttpRequest, call: &Call) -> HttpResponse {
    answer(request, call, wire::hold_order, |books, order, now| {
        Ok(wire::HoldAnswer::from(books.hold(&order, now)?))
    })
}

/// Gives a hold up; a success also when there is no such hold.
fn release(request: &HttpRequest, call: &Call) -> HttpResponse {
    answer(request, call, wire::release_order, |books, id, _| {
        books.release(id);
        Ok(wire::ReleaseAnswer::default())
    })
}

/// Creates the operation: spends points, or accrues them.
fn retail(request: &HttpRequest, call: &Call) -> HttpResponse {
    answer(request, call, wire::retail_order, |books, order, now| {
        Ok(wire::RetailAnswer::from(books.retail(&order, now)?))
    })
}

pub(super) fn not_found(request: &HttpRequest, call: &Call) -> HttpResponse {
    let text = format!("There is no call {} {}.", request.method(), request.path());
    Failure::Other(StatusCode::NOT_FOUND, "path", text).response(&rules(call))
}

pub(super) fn method_not_allowed(request: &HttpRequest, call: &Call) -> HttpResponse {
    let text = format!("{} is called by POST, not by {}.", request.path(), request.method());
    let mut response = Failure::Other(StatusCode::METHOD_NOT_ALLOWED, "method", text).response(&rules(call));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

/// Reads the body, checks the key, does the work, answers. The body is read before the lock is taken; what is
/// wrong with it is told after the key is known \[I: the order of checks\].
fn answer<'c, O, A: Serialize>(
    request: &HttpRequest,
    call: &'c Call,
    read: impl FnOnce(&mut Fields<'c>, &Rules) -> Option<O>,
    work: impl FnOnce(&mut Books, O, Time) -> Result<A, Refusal>,
) -> HttpResponse {
    let fields = Fields::of(&call.body);
    let key = request.headers().get("apikey").map(|key| key.to_str().unwrap_or_default());
    let key = key.map(|key| split_credential(key).0);
    let outcome = call.sandbox.run(|world, now| {
        let books = &mut world.loyalclient;
        if !key.is_some_and(|key| books.knows_key(key)) {
            let failure = Failure::BadKey { missing: key.is_none() };
            return Err((failure, Arc::clone(books.rules())));
        }
        let order = fields.and_then(|mut fields| {
            let order = read(&mut fields, books.rules());
            fields.done(order)
        });
        let answer = order
            .map_err(Failure::BadInput)
            .and_then(|order| work(books, order, now).map_err(Failure::Refused));
        answer.map_err(|failure| (failure, Arc::clone(books.rules())))
    });
    match outcome {
        Ok(answer) => json(StatusCode::OK, &answer),
        Err((failure, rules)) => failure.response(&rules),
    }
}

fn rules(call: &Call) -> Arc<Rules> {
    call.sandbox.run(|world, _| Arc::clone(world.loyalclient.rules()))
}
