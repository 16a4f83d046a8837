//! LoyalClient's errors: every refusal to its status and its body, a flat object keyed by the parameter at fault.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::fields::BadFields;
use crate::http::json::json;
use crate::loyalty::ledger::POSTED_MAX;
use crate::loyalty::loyalclient::Refusal;
use crate::loyalty::loyalclient::records::{AuthErrorStatus, ErrorEnvelope, Rules};
use crate::sandbox::Sandbox;

/// Why a call is not answered with a success.
#[derive(Debug)]
pub(super) enum Failure {
    /// The key is missing or wrong.
    BadKey { missing: bool },
    /// The body cannot be read.
    BadInput(BadFields),
    /// The programme says no.
    Refused(Refusal),
    /// Not a matter of the call: a status, the key that names what is at fault, and a sentence.
    Other(StatusCode, &'static str, String),
}

const CLIENT_NOT_FOUND: (&str, Cow<'static, str>) = ("client", Cow::Borrowed("Client not found."));
const POINT_NOT_FOUND: (&str, Cow<'static, str>) = ("point", Cow::Borrowed("Point not found."));

impl Failure {
    pub(super) fn response(self, rules: &Rules) -> HttpResponse {
        let mut status = StatusCode::UNPROCESSABLE_ENTITY;
        let errors = match self {
            Failure::BadKey { missing } => {
                status = match rules.auth_error_status {
                    AuthErrorStatus::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
                    AuthErrorStatus::Unauthorized => StatusCode::UNAUTHORIZED,
                };
                let text = if missing {
                    "Api key is missing: send it in the header apikey."
                } else {
                    "Api key is wrong."
                };
                vec![("apikey", text.into())]
            }
            Failure::BadInput(BadFields(fields)) => fields,
            Failure::Refused(refusal) => match refusal {
                Refusal::ClientNotFound => vec![CLIENT_NOT_FOUND],
                Refusal::PointNotFound => vec![POINT_NOT_FOUND],
                Refusal::ClientAndPointNotFound => vec![CLIENT_NOT_FOUND, POINT_NOT_FOUND],
                Refusal::SpendOverLimit { limit } => {
                    vec![("spend", format!("Spend can't be more {limit}").into())]
                }
                Refusal::HoldOverLimit { limit } => {
                    vec![("amount", format!("Amount can't be more {limit}").into())]
                }
                Refusal::BalanceOverLimit => {
                    vec![("amount", format!("The client can't have more than {POSTED_MAX} points.").into())]
                }
            },
            Failure::Other(other, key, text) => {
                status = other;
                vec![(key, text.into())]
            }
        };
        let with_success = rules.error_envelope == ErrorEnvelope::WithSuccess;
        json(status, &Envelope { with_success, errors })
    }
}

/// What the server, and not the programme, has to say about a request, in the programme's shape.
pub(in crate::http) fn transport(sandbox: &Sandbox, status: StatusCode, detail: &str) -> HttpResponse {
    let rules = sandbox.run(|world, _| world.loyalclient.rules().clone());
    let failure = match status {
        StatusCode::INTERNAL_SERVER_ERROR => {
            Failure::Other(status, "error", "Internal Server Error".to_owned())
        }
        _ => Failure::Other(status, "body", detail.to_owned()),
    };
    failure.response(&rules)
}

/// A status that was asked of stend, in the programme's shape.
pub(in crate::http) fn fault(sandbox: &Sandbox, status: StatusCode, reason: &str) -> HttpResponse {
    let rules = sandbox.run(|world, _| world.loyalclient.rules().clone());
    Failure::Other(status, "error", reason.to_owned()).response(&rules)
}

/// The body of an error. *Rule* `error_envelope`.
struct Envelope {
    with_success: bool,
    errors: Vec<(&'static str, Cow<'static, str>)>,
}

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.with_success {
            map.serialize_entry("success", &false)?;
        }
        for (key, text) in &self.errors {
            map.serialize_entry(key, text)?;
        }
        map.end()
    }
}
