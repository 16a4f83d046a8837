//! Whether the server runs, and whether it is ready.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use crate::http::Shared;
use crate::http::json::json;

/// Whether the server runs; touches no sandbox.
pub(super) async fn health(shared: Data<Shared>) -> HttpResponse {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Health {
        status: &'static str,
        version: &'static str,
        uptime_seconds: f64,
    }
    let uptime_seconds = shared.started.elapsed().as_secs_f64();
    json(StatusCode::OK, &Health { status: "ok", version: env!("CARGO_PKG_VERSION"), uptime_seconds })
}

/// Whether the fixtures are loaded: until they are, this handler is not reached, and every answer is 503.
pub(super) async fn ready() -> HttpResponse {
    #[derive(Serialize)]
    struct Ready {
        status: &'static str,
    }
    json(StatusCode::OK, &Ready { status: "ready" })
}
