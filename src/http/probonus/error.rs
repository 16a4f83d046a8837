//! ProBonus's errors, as FastAPI gives them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use crate::http::json::json;

/// An error that is none of the programme's: `{"detail":"text"}`.
pub(in crate::http) fn transport(status: StatusCode, detail: &str) -> HttpResponse {
    #[derive(Serialize)]
    struct Detail<'a> {
        detail: &'a str,
    }
    json(status, &Detail { detail })
}
