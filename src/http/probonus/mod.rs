//! ProBonus's calls under `/api/v0`, one file a tag; its Swagger page and its document. This one is the table of
//! calls.

mod account_groups;
mod accounts;
mod ask;
mod auth;
mod checks;
mod discounts;
mod docs;
pub(super) mod error;
mod fields;
mod identifier_types;
mod reports;
mod users;
mod wire;

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};

use super::call::Call;
use super::operations::Route;
use ask::{Answer, Ask};
pub(super) use wire::checks::check;

/// The pages beside the calls.
pub(super) fn pages(app: &mut web::ServiceConfig) {
    app.service(web::scope("/docs").default_service(web::to(docs::docs)))
        .service(web::resource("/openapi.json").default_service(web::to(docs::document)));
}

type Handler = for<'a> fn(&Ask<'a>) -> Answer;

/// Reading calls take both \[I\].
const READS: &[Method] = &[Method::GET, Method::POST];

/// Changing calls take one \[I\].
const CHANGES: &[Method] = &[Method::POST];

/// A call of this tag and this name, whose handler is `tag::name`.
macro_rules! call {
    ($methods:ident $tag:ident.$call:ident) => {
        (
            Route(
                concat!(stringify!($tag), ".", stringify!($call)),
                $methods,
                concat!("/api/v0/", stringify!($tag), "/", stringify!($call)),
            ),
            $tag::$call,
        )
    };
}

/// Every call: its name, its methods, its path.
#[rustfmt::skip] // a table
const ROUTES: &[(Route, Handler)] = &[
    call!(READS account_groups.get_by_id),
    call!(CHANGES account_groups.insert),
    call!(READS account_groups.list),
    call!(CHANGES account_groups.refill),
    call!(CHANGES account_groups.update),
    call!(CHANGES account_groups.withdraw),
    call!(READS accounts.find_by_identifier),
    call!(READS accounts.find_by_phone),
    call!(READS accounts.get_balance),
    call!(READS accounts.get_balance_extended),
    call!(READS accounts.get_by_id),
    call!(CHANGES accounts.insert),
    call!(CHANGES accounts.insert_by_template),
    call!(READS accounts.list),
    call!(CHANGES accounts.refill),
    call!(READS accounts.transactions),
    call!(CHANGES accounts.update),
    call!(CHANGES accounts.withdraw),
    call!(READS auth.info),
    call!(CHANGES auth.login),
    call!(CHANGES auth.logout),
    call!(CHANGES auth.refresh_token),
    call!(READS checks.get_by_id),
    call!(READS checks.list),
    call!(CHANGES discounts.insert),
    call!(READS discounts.list),
    call!(CHANGES discounts.update),
    call!(CHANGES identifier_types.insert),
    call!(READS identifier_types.list),
    call!(CHANGES identifier_types.update),
    call!(READS reports.balances),
    call!(READS reports.burning),
    call!(READS reports.transactions),
    call!(READS users.list),
];

/// The table of the calls.
pub(super) fn routes() -> impl Iterator<Item = Route> {
    ROUTES.iter().map(|(route, _)| *route)
}

/// Answers the call at this place of the table.
pub(super) fn answer(route: usize, request: &HttpRequest, call: &Call) -> HttpResponse {
    (ROUTES[route].1)(&Ask { request, call }).unwrap_or_else(|failure| failure.response())
}

/// Answers where there is no call.
pub(super) fn not_found() -> HttpResponse {
    error::detail(StatusCode::NOT_FOUND, "Not Found")
}

/// Answers a method that a path does not take.
pub(super) fn method_not_allowed(allow: &'static str) -> HttpResponse {
    let mut response = error::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}
