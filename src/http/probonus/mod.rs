//! ProBonus's calls under `/api/v0`, its Swagger page and its document.

pub(super) mod error;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

pub(super) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::scope("/api").default_service(web::to(not_found)));
}

async fn not_found() -> HttpResponse {
    error::transport(StatusCode::NOT_FOUND, "Not Found")
}
