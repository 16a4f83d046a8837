//! ProBonus's errors, as FastAPI gives them: 422 with a list of what is wrong, else `{"detail":"text"}`.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use serde::Serialize;
use serde_json::value::RawValue;

use super::fields::problem::{Problem, Step, Wrong};
use crate::http::json::json;
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::POSTED_MAX;
use crate::loyalty::probonus::Refusal;
use crate::loyalty::probonus::discounts::STEPS_MAX;
use crate::loyalty::probonus::rules::AuthErrorStatus;

/// Why a call is not answered with a success.
#[derive(Debug)]
pub(super) enum Failure {
    /// The query or the body cannot be read: all that is wrong with it.
    Invalid(Vec<Problem>),
    /// The body is no text.
    Unparsable,
    /// The programme says no.
    Refused(Refusal),
    /// The programme says no to these credentials, with the rule `auth_error_status` set to 403.
    Forbidden(Refusal),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(refusal)
    }
}

impl Failure {
    /// One thing that is wrong.
    pub(super) fn invalid(wrong: &Wrong, way: Vec<Step>, input: Box<RawValue>) -> Failure {
        Failure::Invalid(vec![Problem::new(wrong, way, input)])
    }

    /// The same under this rule.
    pub(super) fn under(self, rule: AuthErrorStatus) -> Failure {
        match self {
            Failure::Refused(refusal)
                if rule == AuthErrorStatus::Forbidden && told(&refusal).0 == StatusCode::UNAUTHORIZED =>
            {
                Failure::Forbidden(refusal)
            }
            failure => failure,
        }
    }

    pub(super) fn response(&self) -> HttpResponse {
        match self {
            Failure::Invalid(problems) => detail(StatusCode::UNPROCESSABLE_ENTITY, problems),
            Failure::Unparsable => detail(StatusCode::BAD_REQUEST, UNPARSABLE),
            Failure::Forbidden(refusal) => detail(StatusCode::FORBIDDEN, &*told(refusal).1),
            Failure::Refused(refusal) => {
                let (status, text) = told(refusal);
                let mut response = detail(status, &*text);
                if status == StatusCode::UNAUTHORIZED {
                    let scheme = HeaderValue::from_static("Bearer");
                    response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
                }
                response
            }
        }
    }
}

/// FastAPI's words for a body that breaks off or is no text.
const UNPARSABLE: &str = "There was an error parsing the body";

/// `{"detail": …}`.
pub(super) fn detail(status: StatusCode, detail: &(impl Serialize + ?Sized)) -> HttpResponse {
    #[derive(Serialize)]
    struct Body<'a, T: ?Sized> {
        detail: &'a T,
    }
    json(status, &Body { detail })
}

/// What the server, and not the programme, has to say about a request, in the programme's shape and with FastAPI's
/// words where it has any.
pub(in crate::http) fn transport(status: StatusCode, text: &str) -> HttpResponse {
    match status {
        StatusCode::BAD_REQUEST => detail(status, UNPARSABLE),
        StatusCode::INTERNAL_SERVER_ERROR => detail(status, "Internal Server Error"),
        _ => detail(status, text.trim_end_matches('.')),
    }
}

/// A refusal's status and text: the one table of them. 401 is 403 with the rule `auth_error_status`. The texts end
/// without a full stop, as FastAPI's own do.
#[rustfmt::skip] // a table
pub(in crate::http) fn told(refusal: &Refusal) -> (StatusCode, Cow<'static, str>) {
    const CREDENTIALS: StatusCode = StatusCode::UNAUTHORIZED;
    const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;
    const TAKEN: StatusCode = StatusCode::CONFLICT;
    const NO: StatusCode = StatusCode::BAD_REQUEST;
    match refusal {
        Refusal::CredentialsMissing => (CREDENTIALS, "Not authenticated".into()),
        Refusal::WrongCredentials => (CREDENTIALS, "Login or password is wrong".into()),
        Refusal::UnknownKey => (CREDENTIALS, "API key is wrong".into()),
        Refusal::UnknownToken => (CREDENTIALS, "Token is wrong".into()),
        Refusal::TokenExpired => (CREDENTIALS, "Token has expired".into()),
        Refusal::RefreshTokenExpired => (CREDENTIALS, "Refresh token has expired".into()),

        Refusal::AccountNotFound { id } => (NOT_FOUND, not_found("Account", id.0)),
        Refusal::PhoneNotFound => (NOT_FOUND, "Account with this phone is not found".into()),
        Refusal::IdentifierNotFound => (NOT_FOUND, "Account with this identifier is not found".into()),
        Refusal::GroupNotFound { id } => (NOT_FOUND, not_found("Account group", id.0)),
        Refusal::DiscountNotFound { id } => (NOT_FOUND, not_found("Discount", id.0)),
        Refusal::IdentifierTypeNotFound { id } => (NOT_FOUND, not_found("Identifier type", id.0)),
        Refusal::CheckNotFound { id } => (NOT_FOUND, not_found("Check", id.0)),

        Refusal::PhoneTaken { account } => (TAKEN, format!("Account {account} has this phone").into()),
        Refusal::IdentifierTaken { account, type_id } =>
            (TAKEN, format!("Account {account} has this identifier of type {type_id}").into()),
        Refusal::IdentifiersAlike { one, other } =>
            (TAKEN, format!("Accounts {one} and {other} have the same identifier of this type").into()),

        Refusal::BadPhone => (NO, "The phone has no digits".into()),
        Refusal::IdentifierMask { type_id } =>
            (NO, format!("The identifier is not as the mask of type {type_id} says").into()),
        Refusal::IdentifierRepeated { type_id } =>
            (NO, format!("The identifier of type {type_id} is named twice").into()),
        Refusal::NoTemplate { group } =>
            (NO, format!("Account group {group} has no template (haveTemplate is false)").into()),
        Refusal::AccountInactive { id } => (NO, format!("Account {id} is not active").into()),
        Refusal::AmountNotPositive => (NO, "The amount must be more than 0".into()),
        Refusal::AmountNegative => (NO, "The amount must not be negative".into()),
        Refusal::BurnDaysNotPositive => (NO, "The points would burn at once".into()),
        Refusal::InsufficientPoints { available } =>
            (NO, format!("Only {available} points are available").into()),
        Refusal::BalanceOverLimit { account } =>
            (NO, format!("Account {account} would have more than {POSTED_MAX} points").into()),
        Refusal::RkeeperDiscount { id } =>
            (NO, format!("Discount {id} comes from r_keeper and cannot be changed here").into()),
        Refusal::PercentAndSteps => (NO, "Give percent or steps, not both".into()),
        Refusal::PercentOrStepsMissing => (NO, "Give percent or steps".into()),
        Refusal::TooManySteps => (NO, format!("A ladder has {STEPS_MAX} steps at most").into()),
        Refusal::ThresholdNegative => (NO, "A threshold must not be negative".into()),
        Refusal::ThresholdRepeated { threshold } =>
            (NO, format!("The threshold {threshold} is there twice").into()),

        // The till's.
        Refusal::NoDishes => (NO, "There are no dishes".into()),
        Refusal::PriceNegative { dish } =>
            (NO, format!("The price of dish {} must not be negative", dish + 1).into()),
        Refusal::QuantityNotPositive { dish } =>
            (NO, format!("The quantity of dish {} must be more than 0", dish + 1).into()),
        Refusal::TotalOverLimit => (NO, format!("The total must not be more than {}", Amount::MAX).into()),
        Refusal::MoreThanTotal { total } => (NO, format!("The total is only {total}").into()),
        Refusal::CheckRefunded { id } => (NO, format!("Check {id} was returned before").into()),
    }
}

/// What is under zero was read as 0, the id of nothing.
fn not_found(what: &str, id: u64) -> Cow<'static, str> {
    match id {
        0 => format!("{what} with this id is not found").into(),
        _ => format!("{what} with id {id} is not found").into(),
    }
}
