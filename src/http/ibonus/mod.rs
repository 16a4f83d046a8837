//! i-bonus.me's calls under `/ext/api/v1`: one file a resource. This one is the route table.

mod ask;
mod clients;
mod contact_info;
mod coupons;
pub(super) mod error;
mod fields;
mod fiscal;
mod holds;
mod merchants;
mod orders;
mod parameters;
mod pictures;
mod sale_points;
mod settings;
mod templates;
mod uploads;
mod wire;

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};

use super::call::Call;
use super::json::json;
use super::operations::Route;
use ask::{Answer, Ask};
use error::Failure;

/// What the original has beside loyalty: videos, play lists, payment pages.
const NOT_EMULATED: [&str; 3] = ["/ext/api/v1/videos", "/ext/api/v1/play_lists", "/ext/api/v1/promo_pages"];

type Handler = for<'a> fn(&Ask<'a>) -> Answer;

const GET: &[Method] = &[Method::GET];
const POST: &[Method] = &[Method::POST];
const PUT: &[Method] = &[Method::PUT];
const DELETE: &[Method] = &[Method::DELETE];

/// Every call: its name, its methods, its path without the slash at the end, which is not looked at \[I\].
#[rustfmt::skip] // a table
const ROUTES: &[(Route, Handler)] = &[
    (Route("clients.list", GET, "/ext/api/v1/clients"), clients::list),
    // Goes before the client of a token: `coupons` is none.
    (Route("clients.findCoupon", GET, "/ext/api/v1/clients/coupons"), coupons::find),
    (Route("clients.byToken", GET, "/ext/api/v1/clients/{id}"), clients::by_token),
    (Route("clients.coupons", GET, "/ext/api/v1/clients/{id}/coupons"), clients::coupons),
    (Route("clients.balance", GET, "/ext/api/v1/clients/{id}/balance"), clients::balance),
    (Route("clients.history", GET, "/ext/api/v1/clients/{id}/balance/history"), clients::history),
    (Route("clients.writeOff", POST, "/ext/api/v1/clients/{id}/balance/write_off"), clients::write_off),
    (Route("coupons.redeemShared", PUT, "/ext/api/v1/coupons/share/redeem"), coupons::redeem_shared),
    (Route("orders.list", GET, "/ext/api/v1/fiscal/orders"), orders::list),
    (Route("orders.create", POST, "/ext/api/v1/fiscal/orders"), orders::create),
    (Route("orders.createTest", POST, "/ext/api/v1/fiscal/orders/create_test"), orders::create_test),
    (Route("orders.items", GET, "/ext/api/v1/fiscal/orders/{id}/items"), orders::items),
    (Route("fiscal.auth", GET, "/ext/api/v1/fiscal/auth"), fiscal::auth),
    (Route("holds.create", POST, "/ext/api/v1/fiscal_hub/cash_back/hold"), holds::create),
    (Route("holds.writeOff", POST, "/ext/api/v1/fiscal_hub/cash_back/hold/write_off"), holds::write_off),
    (Route("holds.cancel", POST, "/ext/api/v1/fiscal_hub/cash_back/hold/cancel"), holds::cancel),
    (Route("hub.refund", POST, "/ext/api/v1/fiscal_hub/cash_back/refund"), holds::refund),
    (Route("settings.get", GET, "/ext/api/v1/loyalty/settings"), settings::get),
    (Route("settings.put", PUT, "/ext/api/v1/loyalty/settings"), settings::put),
    (Route("settings.writeOffRules", GET, "/ext/api/v1/loyalty/settings/write_off/rules"), settings::write_off_rules),
    (Route("settings.contactInfo.get", GET, "/ext/api/v1/loyalty/settings/contact_info"), contact_info::get),
    (Route("settings.contactInfo.put", PUT, "/ext/api/v1/loyalty/settings/contact_info"), contact_info::put),
    (Route("settings.logo.upload", POST, "/ext/api/v1/loyalty/settings/contact_info/logo"), contact_info::upload_logo),
    (Route("settings.logo.delete", DELETE, "/ext/api/v1/loyalty/settings/contact_info/logo"), contact_info::delete_logo),
    (Route("salePoints.list", GET, "/ext/api/v1/loyalty/settings/sale_points"), sale_points::list),
    (Route("salePoints.put", PUT, "/ext/api/v1/loyalty/settings/sale_points"), sale_points::put),
    (Route("couponTemplates.list", GET, "/ext/api/v1/loyalty/coupons"), templates::list),
    (Route("couponTemplates.create", POST, "/ext/api/v1/loyalty/coupons"), templates::create),
    (Route("couponTemplates.get", GET, "/ext/api/v1/loyalty/coupons/{id}"), templates::get),
    (Route("couponTemplates.put", PUT, "/ext/api/v1/loyalty/coupons/{id}"), templates::put),
    (Route("couponTemplates.delete", DELETE, "/ext/api/v1/loyalty/coupons/{id}"), templates::delete),
    (Route("couponTemplates.image.upload", POST, "/ext/api/v1/loyalty/coupons/{id}/image"), templates::upload_image),
    (Route("couponTemplates.image.delete", DELETE, "/ext/api/v1/loyalty/coupons/{id}/image"), templates::delete_image),
    (Route("merchants.exists", GET, "/ext/api/v1/merchant/public/exists"), merchants::exists),
    (Route("merchants.sendCode", POST, "/ext/api/v1/merchant/public/send_code"), merchants::send_code),
    (Route("merchants.create", POST, "/ext/api/v1/merchant/public/create"), merchants::create),
    (Route("merchants.sendAuthCode", POST, "/ext/api/v1/merchant/public/send_auth_code"), merchants::send_auth_code),
    (Route("merchants.authViaCode", POST, "/ext/api/v1/merchant/public/auth_via_code"), merchants::auth_via_code),
];

/// The table of the calls.
pub(super) fn routes() -> impl Iterator<Item = Route> {
    ROUTES.iter().map(|(route, _)| *route)
}

/// Answers the call at this place of the table; `id` is what stands in the path.
pub(super) fn answer(route: usize, id: &str, request: &HttpRequest, call: &Call) -> HttpResponse {
    respond(ROUTES[route].1, &Ask { request, call, id })
}

/// Answers where there is no call: a picture, or 404.
pub(super) fn elsewhere(path: &str, request: &HttpRequest, call: &Call) -> HttpResponse {
    match pictures::name_of(path) {
        None => respond(not_found, &Ask { request, call, id: "" }),
        Some(id) if matches!(*request.method(), Method::GET | Method::HEAD) => {
            respond(pictures::get, &Ask { request, call, id })
        }
        Some(_) => method_not_allowed("GET, HEAD", request, call),
    }
}

/// Answers a method that a path does not take.
pub(super) fn method_not_allowed(allow: &str, request: &HttpRequest, call: &Call) -> HttpResponse {
    let text = format!("{} is called by {allow}, not by {}.", request.path(), request.method());
    let ask = Ask { request, call, id: "" };
    let mut response = ask.fails(Failure::Other(StatusCode::METHOD_NOT_ALLOWED, text)).response();
    response.headers_mut().insert(ALLOW, HeaderValue::from_str(allow).expect("methods are ASCII"));
    response
}

fn respond(handler: Handler, ask: &Ask<'_>) -> HttpResponse {
    handler(ask).unwrap_or_else(|failed| failed.response())
}

fn not_found(ask: &Ask<'_>) -> Answer {
    let (method, path) = (ask.request.method(), ask.request.path());
    let is_below = |prefix: &&str| {
        path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let text = if NOT_EMULATED.iter().any(is_below) {
        format!("{method} {path} is not emulated.")
    } else {
        format!("There is no call {method} {path}.")
    };
    Err(ask.fails(Failure::Other(StatusCode::NOT_FOUND, text)))
}

/// "200 OK": the status, and no body.
fn done() -> HttpResponse {
    HttpResponse::new(StatusCode::OK)
}

/// 200 with a body.
fn shown(body: &impl serde::Serialize) -> HttpResponse {
    json(StatusCode::OK, body)
}
