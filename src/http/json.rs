//! JSON answers, one way for all APIs.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

/// An answer with a JSON body.
pub(super) fn json<T: Serialize>(status: StatusCode, body: &T) -> HttpResponse {
    json_as(HeaderValue::from_static("application/json"), status, body)
}

/// An answer with a JSON body of another media type.
pub(super) fn json_as<T: Serialize>(media_type: HeaderValue, status: StatusCode, body: &T) -> HttpResponse {
    // Most answers fit: the buffer does not grow.
    let mut text = Vec::with_capacity(512);
    serde_json::to_writer(&mut text, body).expect("answers are structs of names, numbers and texts");
    let mut response = HttpResponse::with_body(status, actix_web::body::BoxBody::new(text));
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}
