//! `/docs`, the server's own Swagger page \[D\], and `/openapi.json`, the document that it shows.

use actix_web::http::Method;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse};

use super::{method_not_allowed, not_found};
use crate::http::call::Call;
use crate::http::control::documents::PROBONUS;
use crate::http::swagger;
use crate::sandbox::DEFAULT_SANDBOX;

/// The page's title \[D\].
const TITLE: &str = "API сервера \"ProBonus\"";

/// The page, and below it the files that it is made of.
pub(super) async fn docs(request: HttpRequest) -> HttpResponse {
    if !is_read(&request) {
        return method_not_allowed("GET, HEAD");
    }
    match request.match_info().as_str() {
        "/docs" => swagger::page(TITLE, "docs", &[(TITLE, "openapi.json")]),
        path => path.strip_prefix("/docs/").and_then(swagger::file).unwrap_or_else(not_found),
    }
}

/// The document. Calls from the page go into the sandbox that it was asked for in.
pub(super) async fn document(request: HttpRequest, call: Call) -> HttpResponse {
    if !is_read(&request) {
        return method_not_allowed("GET, HEAD");
    }
    let mut response = HttpResponse::Ok();
    response.content_type(ContentType::json());
    match call.sandbox.name() {
        DEFAULT_SANDBOX => response.body(PROBONUS),
        name => {
            let server = format!("\"url\": \"/sandboxes/{name}\"");
            response.body(PROBONUS.replacen("\"url\": \"/\"", &server, 1))
        }
    }
}

fn is_read(request: &HttpRequest) -> bool {
    [Method::GET, Method::HEAD].contains(request.method())
}
