//! stend's own surface under `/_stend`: one file a resource.

mod accounts;
mod clock;
mod coverage;
pub(super) mod documents;
mod faults;
mod health;
mod metrics;
mod query;
mod requests;
mod sandboxes;
mod snapshots;
mod state;
mod stream;
mod till;
mod verify;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Resource, web};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::call::Call;
use super::operations::operations;
use super::problem::{InputError, Problem};
use crate::loyalty::Programme;
use crate::sandbox::fixture::read;

pub(super) fn routes(scope: &mut web::ServiceConfig) {
    scope
        .service(resource("/health", "GET, HEAD").get(health::health).head(health::health))
        .service(resource("/ready", "GET, HEAD").get(health::ready).head(health::ready))
        .service(resource("/sandboxes", "GET, POST").get(sandboxes::list).post(sandboxes::create))
        .service(resource("/sandboxes/{name}", "GET, DELETE").get(sandboxes::get).delete(sandboxes::delete))
        .service(resource("/reset", "POST").post(state::reset))
        .service(
            resource("/state", "GET, PUT, PATCH").get(state::export).put(state::replace).patch(state::upsert),
        )
        .service(resource("/accounts", "GET").get(accounts::list))
        .service(resource("/accounts/{api}/{id}", "GET").get(accounts::get))
        .service(resource("/audit", "GET").get(accounts::audit))
        .service(resource("/till/sales", "POST").post(till::sale))
        .service(resource("/till/refunds", "POST").post(till::refund))
        .service(resource("/clock", "GET").get(clock::get))
        .service(resource("/clock/advance", "POST").post(clock::advance))
        .service(resource("/clock/freeze", "POST").post(clock::freeze))
        .service(resource("/clock/resume", "POST").post(clock::resume))
        .service(resource("/snapshots", "GET").get(snapshots::list))
        .service(resource("/snapshots/{name}", "PUT, DELETE").put(snapshots::take).delete(snapshots::delete))
        .service(resource("/snapshots/{name}/restore", "POST").post(snapshots::restore))
        .service(
            resource("/faults", "GET, POST, DELETE")
                .get(faults::list)
                .post(faults::add)
                .delete(faults::clear),
        )
        .service(resource("/faults/{id}", "GET, DELETE").get(faults::get).delete(faults::delete))
        .service(resource("/requests", "GET, DELETE").get(requests::list).delete(requests::clear))
        .service(resource("/requests/count", "POST").post(requests::count))
        .service(resource("/requests/find", "POST").post(requests::find))
        .service(resource("/requests/verify", "POST").post(verify::verify))
        .service(resource("/requests/stream", "GET").get(stream::stream))
        .service(resource("/requests/{id}", "GET").get(requests::get))
        .service(resource("/coverage", "GET").get(coverage::get))
        .service(resource("/metrics", "GET").get(metrics::get))
        .service(resource("/openapi/{name}", "GET").get(documents::document))
        .service(resource("/docs", "GET").get(documents::page))
        .service(resource("/docs/{file}", "GET").get(documents::page_file))
        .default_service(web::to(not_found));
}

/// A path, and what it answers to methods that it does not take.
fn resource(path: &str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move |request: HttpRequest| async move {
        let detail = format!("{} {} is not possible: it takes {allow}", request.method(), request.path());
        let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).response();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        response
    }))
}

async fn not_found(request: HttpRequest) -> HttpResponse {
    let detail = format!("there is no control {} {}: see docs/control.md", request.method(), request.path());
    Problem::new(StatusCode::NOT_FOUND, detail).stend_error("unmatched").response()
}

/// A body that must be there; all that is wrong with it in one answer.
fn input<T: DeserializeOwned>(call: &Call) -> Result<T, Problem> {
    read::read_whole(body_text(call)?).map_err(|mistakes| Problem::mistakes("", mistakes))
}

/// A body that must be there, as a text.
fn body_text(call: &Call) -> Result<&str, Problem> {
    let wrong = |detail: &str| {
        Problem::bad_input(vec![InputError { pointer: String::new(), detail: detail.to_owned() }])
    };
    let text = std::str::from_utf8(&call.body).map_err(|_| wrong("the body is not UTF-8"))?;
    if text.trim_ascii().is_empty() {
        return Err(wrong("the body is empty: send a JSON object"));
    }
    Ok(text)
}

/// A body that may be left out.
fn input_or_default<T: DeserializeOwned + Default>(call: &Call) -> Result<T, Problem> {
    if call.body.trim_ascii().is_empty() { Ok(T::default()) } else { input(call) }
}

/// The names of an API's operations.
fn known_operations(api: Programme) -> Vec<&'static str> {
    operations().iter().filter(|operation| operation.api == api).map(|operation| operation.name).collect()
}

/// An optional field that may be left out, but not be null: `#[serde(default, deserialize_with = "said")]`.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The body of a call that takes nothing.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Nothing {}

/// Runs what may take seconds with a large fixture where it holds up no other request.
async fn off_the_worker<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    web::block(work).await.expect("the work does not panic, and nobody cancels it")
}
