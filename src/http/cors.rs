//! CORS for the emulated APIs: a web app in development may call them from its own origin. `/_stend` is not among them:
//! see `guard.rs`. Only requests with an `Origin` pay anything for it.
//!
//! actix-cors would be a layer around every request, and knows nothing of paths that name a sandbox.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::http::{Method, StatusCode};

use crate::config::Cors;

/// What a page may read beside the usual headers.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("X-Stend-Sandbox, X-Stend-Request, X-Stend-Error, Retry-After");

/// How long a browser may remember the answer to a preflight, in seconds: as long as browsers do at most.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// The origin that a page's request comes from, if it is allowed: what the answer says.
pub(super) fn allowed(headers: &HeaderMap, cors: &Cors) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    match cors {
        Cors::Any => Some(HeaderValue::from_static("*")),
        Cors::Off => None,
        Cors::Only(origins) => origins.iter().any(|known| origin == known.as_str()).then(|| origin.clone()),
    }
}

/// The answer to the question that a browser asks before it sends a request of a page; it chooses no sandbox. A page
/// that may not call gets the same without the permission.
pub(super) fn preflight(request: &ServiceRequest, cors: &Cors) -> Option<HttpResponse> {
    let headers = request.headers();
    let method = headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    if request.method() != Method::OPTIONS || !headers.contains_key(ORIGIN) || *cors == Cors::Off {
        return None;
    }
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    if let Some(origin) = allowed(headers, cors) {
        let answer = response.headers_mut();
        answer.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
        // By their names: `*` would not stand for Authorization.
        if let Some(asked) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
        }
        answer.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        put(answer, origin);
    }
    Some(response)
}

/// Lets the page at `origin` read an answer.
pub(super) fn put(headers: &mut HeaderMap, origin: HeaderValue) {
    if origin != "*" {
        headers.append(VARY, HeaderValue::from_static("Origin"));
    }
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
