//! ProBonus's calls under `/api/v0`, its Swagger page and its document.

pub(super) mod error;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

pub(super) fn not_found() -> HttpResponse {
    error::transport(StatusCode::NOT_FOUND, "Not Found")
}
