//! ProBonus's calls under `/api/v0`, one file a tag; its Swagger page and its document. This one is the table of
//! calls.
//!
//! The paths are all fixed, so they are no routes of actix: one scope looks them up in the table, which costs
//! nothing at a start.

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

use super::call::Call as Received;
use ask::{Answer, Ask};

pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::scope("/api").default_service(web::to(dispatch)))
        .service(web::scope("/docs").default_service(web::to(docs::docs)))
        .service(web::resource("/openapi.json").default_service(web::to(docs::document)));
}

/// One call.
struct Call {
    path: &'static str,
    /// The operation's name: tag and call as in the path.
    name: &'static str,
    /// Reading calls take GET and POST, changing ones POST only \[I\].
    reads: bool,
    handler: fn(&Ask) -> Answer,
}

/// A call of this tag and this name, whose handler is `tag::name`.
macro_rules! call {
    ($tag:ident.$call:ident, $reads:literal) => {
        Call {
            path: concat!("/api/v0/", stringify!($tag), "/", stringify!($call)),
            name: concat!(stringify!($tag), ".", stringify!($call)),
            reads: $reads,
            handler: $tag::$call,
        }
    };
}
macro_rules! reads {
    ($tag:ident.$call:ident) => {
        call!($tag.$call, true)
    };
}
macro_rules! changes {
    ($tag:ident.$call:ident) => {
        call!($tag.$call, false)
    };
}

/// All calls, in the order of their paths.
const CALLS: [Call; 34] = [
    reads!(account_groups.get_by_id),
    changes!(account_groups.insert),
    reads!(account_groups.list),
    changes!(account_groups.refill),
    changes!(account_groups.update),
    changes!(account_groups.withdraw),
    reads!(accounts.find_by_identifier),
    reads!(accounts.find_by_phone),
    reads!(accounts.get_balance),
    reads!(accounts.get_balance_extended),
    reads!(accounts.get_by_id),
    changes!(accounts.insert),
    changes!(accounts.insert_by_template),
    reads!(accounts.list),
    changes!(accounts.refill),
    reads!(accounts.transactions),
    changes!(accounts.update),
    changes!(accounts.withdraw),
    reads!(auth.info),
    changes!(auth.login),
    changes!(auth.logout),
    changes!(auth.refresh_token),
    reads!(checks.get_by_id),
    reads!(checks.list),
    changes!(discounts.insert),
    reads!(discounts.list),
    changes!(discounts.update),
    changes!(identifier_types.insert),
    reads!(identifier_types.list),
    changes!(identifier_types.update),
    reads!(reports.balances),
    reads!(reports.burning),
    reads!(reports.transactions),
    reads!(users.list),
];

fn find(path: &str) -> Option<&'static Call> {
    CALLS.binary_search_by(|call| call.path.cmp(path)).ok().map(|place| &CALLS[place])
}

/// The name of the operation at a path as it is routed, whatever the method.
#[allow(dead_code)] // for the journal, the faults and the coverage
pub(in crate::http) fn operation(path: &str) -> Option<&'static str> {
    find(path).map(|call| call.name)
}

/// The names of all operations, in the order of their paths.
#[allow(dead_code)] // for the coverage
pub(in crate::http) fn operations() -> impl ExactSizeIterator<Item = &'static str> {
    CALLS.iter().map(|call| call.name)
}

/// Answers every call: path and method, then whatever the handler looks at.
async fn dispatch(request: HttpRequest, call: Received) -> HttpResponse {
    let Some(known) = find(request.match_info().as_str()) else {
        return not_found();
    };
    match *request.method() {
        Method::POST => {}
        Method::GET if known.reads => {}
        _ if known.reads => return method_not_allowed("GET, POST"),
        _ => return method_not_allowed("POST"),
    }
    (known.handler)(&Ask { request, call }).unwrap_or_else(|failure| failure.response())
}

fn not_found() -> HttpResponse {
    error::detail(StatusCode::NOT_FOUND, "Not Found")
}

fn method_not_allowed(allow: &'static str) -> HttpResponse {
    let mut response = error::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_found_by_its_path() {
        assert!(CALLS.is_sorted_by_key(|call| call.path));
        for call in &CALLS {
            assert_eq!(operation(call.path), Some(call.name));
        }
        assert_eq!(operation("/api/v0/accounts/find_by_phone"), Some("accounts.find_by_phone"));
        for path in
            ["", "/api/v0", "/api/v0/accounts", "/api/v0/accounts/find_by_phone/", "/api/v0/Accounts/list"]
        {
            assert_eq!(operation(path), None, "{path}");
        }
        assert_eq!(operations().len(), CALLS.len());
    }
}
