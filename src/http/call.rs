//! One request as the handlers see it: its sandbox and its body.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::problem::Problem;
use crate::sandbox::Sandbox;

/// One request: the sandbox it means, and its whole body.
pub(super) struct Call {
    pub(super) sandbox: Sandbox,
    pub(super) body: Bytes,
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Call, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let call = request.extensions_mut().remove::<Call>();
        ready(call.ok_or_else(|| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "a call was read twice")))
    }
}
