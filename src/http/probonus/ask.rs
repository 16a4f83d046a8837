//! One call of ProBonus as its handler sees it, and the doors to the books: credentials, then input, then rules,
//! all under one lock \[I: the order\].

use std::sync::Arc;

use actix_web::http::header::HeaderName;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::error::{self, Failure};
use super::fields::{self, Fields};
use crate::http::call::Call;
use crate::http::select::{bearer, split_credential};
use crate::loyalty::probonus::rules::NotFound;
use crate::loyalty::probonus::users::User;
use crate::loyalty::probonus::{Books, Refusal};
use crate::loyalty::time::Time;
use crate::sandbox::Sandbox;

/// What a handler answers.
pub(super) type Answer = Result<HttpResponse, Failure>;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// One call.
pub(super) struct Ask<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) call: &'a Call,
}

/// The books, while the lock is held.
pub(super) struct Open<'w> {
    pub(super) books: &'w mut Books,
    pub(super) now: Time,
}

impl Ask<'_> {
    /// Reads the fields of the call: of the query if it is a GET, else of the body.
    pub(super) fn input<T>(&self, read: impl FnOnce(&Fields<'_, '_>) -> Option<T>) -> Result<T, Failure> {
        match *self.request.method() {
            Method::GET => fields::query(self.request.query_string(), read),
            _ => fields::body(&self.call.body, read),
        }
    }

    /// For who has a token or a key.
    pub(super) fn run<I, O>(
        &self,
        input: Result<I, Failure>,
        work: impl FnOnce(Open<'_>, I) -> Result<O, Refusal>,
    ) -> Result<O, Failure> {
        self.open(|open| {
            self.caller(&open)?;
            Ok(work(open, input?)?)
        })
    }

    /// The same for a call without fields: its query and its body are not looked at.
    pub(super) fn look<O>(&self, work: impl FnOnce(Open<'_>) -> O) -> Result<O, Failure> {
        self.run(Ok(()), |open, ()| Ok(work(open)))
    }

    /// The same for what takes longer than the lock may be held: on a copy of the books.
    pub(super) fn view<I, O>(
        &self,
        input: Result<I, Failure>,
        work: impl FnOnce(&Books, I) -> Result<O, Refusal>,
    ) -> Result<O, Failure> {
        let (books, input) = self.run(input, |open, input| Ok((open.books.clone(), input)))?;
        Ok(work(&books, input)?)
    }

    /// The same for a call that answers one record: with the rule `not_found` one that is not there is null.
    pub(super) fn find<I, O>(
        &self,
        input: Result<I, Failure>,
        work: impl FnOnce(Open<'_>, I) -> Result<O, Refusal>,
    ) -> Result<Option<O>, Failure> {
        self.run(input, |open, input| {
            let is_null = open.books.rules().not_found == NotFound::Null;
            match work(open, input) {
                Err(refusal) if is_null && error::told(&refusal).0 == StatusCode::NOT_FOUND => Ok(None),
                found => found.map(Some),
            }
        })
    }

    /// Whoever it is: the call brings its credentials in its own way.
    pub(super) fn open<O>(&self, work: impl FnOnce(Open<'_>) -> Result<O, Failure>) -> Result<O, Failure> {
        self.call.sandbox.run(|world, now| {
            let auth = world.probonus.rules().auth_error_status;
            work(Open { books: &mut world.probonus, now }).map_err(|failure| failure.under(auth))
        })
    }

    /// Who calls. Of a token and a key the token counts \[I\].
    pub(super) fn caller(&self, open: &Open<'_>) -> Result<Arc<User>, Refusal> {
        let key = self.request.headers().get(X_API_KEY).and_then(|key| key.to_str().ok());
        match (self.token(), key.filter(|key| !key.is_empty())) {
            (Some(token), _) => open.books.user_of_token(token, open.now),
            (None, Some(key)) => open.books.user_of_key(split_credential(key).0),
            (None, None) => Err(Refusal::CredentialsMissing),
        }
    }

    /// The bearer token, without its sandbox.
    pub(super) fn token(&self) -> Option<&str> {
        let token = bearer(self.request.headers()).filter(|token| !token.is_empty());
        token.map(|token| split_credential(token).0)
    }

    /// The sandbox.
    pub(super) fn sandbox(&self) -> &Sandbox {
        &self.call.sandbox
    }
}

/// 200 with a body.
#[allow(clippy::unnecessary_wraps)] // what handlers end with
pub(super) fn shown(body: &impl Serialize) -> Answer {
    Ok(crate::http::json::json(StatusCode::OK, body))
}
