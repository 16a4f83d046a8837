//! stend's own errors: `application/problem+json` (RFC 9457).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use serde::Serialize;

use super::json::json_as;
use crate::sandbox::fixture::read::Mistake;

/// What marks an answer as stend's own "this is no vendor's answer".
pub(super) const X_STEND_ERROR: HeaderName = HeaderName::from_static("x-stend-error");

/// An error of stend's own surface.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InputError>,
    #[serde(skip)]
    kind: Option<&'static str>,
}

/// One thing that is wrong with the input.
#[derive(Debug, Serialize)]
pub(super) struct InputError {
    /// A JSON pointer into the body, or the name of a query parameter.
    pub(super) pointer: String,
    pub(super) detail: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            kind: None,
        }
    }

    /// Input that cannot be read, with all that is wrong with it.
    pub(super) fn bad_input(errors: Vec<InputError>) -> Problem {
        let detail = match errors.as_slice() {
            [only] if only.pointer.is_empty() => only.detail.clone(),
            [only] => format!("{}: {}", only.pointer, only.detail),
            all => format!("{} things are wrong with the input: see errors", all.len()),
        };
        Problem { errors, ..Problem::new(StatusCode::BAD_REQUEST, detail) }
    }

    /// A refusal that is about one field of the body.
    pub(super) fn refused(status: StatusCode, pointer: String, detail: String) -> Problem {
        let errors = vec![InputError { pointer, detail }];
        Problem {
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            ..Problem::bad_input(errors)
        }
    }

    /// The mistakes of a JSON body, each by its pointer behind `prefix`.
    pub(super) fn mistakes(prefix: &str, mistakes: Vec<Mistake>) -> Problem {
        let error = |mistake: Mistake| InputError {
            pointer: format!("{prefix}{}", mistake.pointer),
            detail: mistake.detail,
        };
        Problem::bad_input(mistakes.into_iter().map(error).collect())
    }

    /// Names the mistake in the header `X-Stend-Error` too: for answers where a vendor's is expected.
    pub(super) fn stend_error(mut self, kind: &'static str) -> Problem {
        self.kind = Some(kind);
        self
    }

    pub(super) fn response(&self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).expect("the status was a StatusCode");
        let mut response = json_as(HeaderValue::from_static("application/problem+json"), status, self);
        if let Some(kind) = self.kind {
            response.headers_mut().insert(X_STEND_ERROR, HeaderValue::from_static(kind));
        }
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.detail)
    }
}

/// So that handlers can use `?`.
impl actix_web::ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).expect("the status was a StatusCode")
    }

    fn error_response(&self) -> HttpResponse {
        self.response()
    }
}
