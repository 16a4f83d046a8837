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

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpResponse, Resource, web};

use super::json::json;
use ask::{Answer, Ask};
use error::Failure;

/// What the original has beside loyalty: videos, play lists, payment pages.
const NOT_EMULATED: [&str; 3] = ["/ext/api/v1/videos", "/ext/api/v1/play_lists", "/ext/api/v1/promo_pages"];

#[rustfmt::skip] // a table
pub(super) fn routes(scope: &mut web::ServiceConfig) {
    scope
        .service(resource("/api/v1/clients/", "GET").get(clients::list))
        // Before the client of a token: `coupons` is none.
        .service(resource("/api/v1/clients/coupons/", "GET").get(coupons::find))
        // One pattern for all of a client's calls: each costs time at the start. A client's token stands where its id
        // would.
        .service(web::scope("/api/v1/clients/{id}")
            .service(resource("", "GET").get(clients::by_token))
            .service(resource("/coupons/", "GET").get(clients::coupons))
            .service(resource("/balance/", "GET").get(clients::balance))
            .service(resource("/balance/history/", "GET").get(clients::history))
            .service(resource("/balance/write_off/", "POST").post(clients::write_off))
            .default_service(web::to(not_found)))
        .service(resource("/api/v1/coupons/share/redeem/", "PUT").put(coupons::redeem_shared))
        .service(resource("/api/v1/fiscal/orders/", "GET, POST").get(orders::list).post(orders::create))
        .service(resource("/api/v1/fiscal/orders/create_test/", "POST").post(orders::create_test))
        .service(resource("/api/v1/fiscal/orders/{id}/items/", "GET").get(orders::items))
        .service(resource("/api/v1/fiscal/auth/", "GET").get(fiscal::auth))
        .service(resource("/api/v1/fiscal_hub/cash_back/hold/", "POST").post(holds::create))
        .service(resource("/api/v1/fiscal_hub/cash_back/hold/write_off/", "POST").post(holds::write_off))
        .service(resource("/api/v1/fiscal_hub/cash_back/hold/cancel/", "POST").post(holds::cancel))
        .service(resource("/api/v1/fiscal_hub/cash_back/refund/", "POST").post(holds::refund))
        .service(resource("/api/v1/loyalty/settings/", "GET, PUT").get(settings::get).put(settings::put))
        .service(resource("/api/v1/loyalty/settings/write_off/rules/", "GET").get(settings::write_off_rules))
        .service(resource("/api/v1/loyalty/settings/contact_info/", "GET, PUT")
            .get(contact_info::get).put(contact_info::put))
        .service(resource("/api/v1/loyalty/settings/contact_info/logo/", "POST, DELETE")
            .post(contact_info::upload_logo).delete(contact_info::delete_logo))
        .service(resource("/api/v1/loyalty/settings/sale_points/", "GET, PUT")
            .get(sale_points::list).put(sale_points::put))
        .service(resource("/api/v1/loyalty/coupons/", "GET, POST").get(templates::list).post(templates::create))
        .service(web::scope("/api/v1/loyalty/coupons/{id}")
            .service(resource("", "GET, PUT, DELETE")
                .get(templates::get).put(templates::put).delete(templates::delete))
            .service(resource("/image/", "POST, DELETE")
                .post(templates::upload_image).delete(templates::delete_image))
            .default_service(web::to(not_found)))
        .service(resource("/api/v1/merchant/public/exists/", "GET").get(merchants::exists))
        .service(resource("/api/v1/merchant/public/send_code/", "POST").post(merchants::send_code))
        .service(resource("/api/v1/merchant/public/create/", "POST").post(merchants::create))
        .service(resource("/api/v1/merchant/public/send_auth_code/", "POST").post(merchants::send_auth_code))
        .service(resource("/api/v1/merchant/public/auth_via_code/", "POST").post(merchants::auth_via_code))
        .service(resource(pictures::PATH, "GET, HEAD").get(pictures::get).head(pictures::get))
        .default_service(web::to(not_found));
}

/// A path, and what it answers to methods that it does not take. The slash at its end is not looked at \[I\]:
/// `receive` takes it off.
fn resource(path: &str, allow: &'static str) -> Resource {
    web::resource(path.trim_end_matches('/')).default_service(web::to(move |ask: Ask| async move {
        let (method, path) = (ask.request.method(), ask.request.path());
        let text = format!("{path} is called by {allow}, not by {method}.");
        let mut response = ask.fails(Failure::Other(StatusCode::METHOD_NOT_ALLOWED, text)).response();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        response
    }))
}

async fn not_found(ask: Ask) -> Answer {
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
