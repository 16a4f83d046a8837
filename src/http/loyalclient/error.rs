//! LoyalClient's errors: every refusal to its status and its body, a flat object keyed by the parameter at fault.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::fields::BadFields;
use crate::http::fields::{Members, read_body, text};
use crate::http::json::json;
use crate::http::record::noted;
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::POSTED_MAX;
use crate::loyalty::loyalclient::id::ObjectId;
use crate::loyalty::loyalclient::records::{AuthErrorStatus, ErrorEnvelope, Rules};
use crate::loyalty::loyalclient::{Books, Refusal};
use crate::sandbox::Sandbox;
use crate::sandbox::journal::note::{Evidence, Note};

/// Why a call is not answered with a success.
#[derive(Debug)]
pub(super) enum Failure {
    /// The key is missing or wrong.
    BadKey { missing: bool },
    /// The body cannot be read.
    BadInput(BadFields),
    /// The programme says no, having seen these points.
    Refused(Refusal, Option<Seen>),
    /// Not a matter of the call: a status, the key that names what is at fault, and a sentence.
    Other(StatusCode, &'static str, String),
}

/// The points of the client that a call was about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    posted: Amount,
    held: Amount,
    available: Amount,
}

impl Seen {
    /// Those of the client that a body names, if they are what a refusal is about.
    pub(super) fn of(refusal: Refusal, books: &Books, body: &[u8]) -> Option<Seen> {
        if !matches!(refusal, Refusal::HoldOverLimit { .. } | Refusal::SpendOverLimit { .. }) {
            return None;
        }
        let members: Members<'_> = read_body(body, "object").ok()?;
        let account = &books.client(ObjectId::parse(&text(members.get("client")?)?)?)?.account;
        Some(Seen { posted: account.posted(), held: account.held(), available: account.available() })
    }
}

const CLIENT_NOT_FOUND: (&str, Cow<'static, str>) = ("client", Cow::Borrowed("Client not found."));
const POINT_NOT_FOUND: (&str, Cow<'static, str>) = ("point", Cow::Borrowed("Point not found."));

impl Failure {
    pub(super) fn response(self, rules: &Rules) -> HttpResponse {
        let note = self.refusal_note();
        let is_bad_input = matches!(self, Failure::BadInput(_));
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
            Failure::Refused(refusal, _) => match refusal {
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
        let response = json(status, &Envelope { with_success, errors: &errors });
        let texts = errors.into_iter();
        match note {
            Some(note) => {
                let text = texts.map(|(_, text)| text.into_owned()).collect::<Vec<_>>().join(" ");
                noted(response, note.saying(text))
            }
            None if is_bad_input => texts.fold(response, |response, (field, text)| {
                noted(response, Note::bad_input(Some(field), text))
            }),
            None => response,
        }
    }

    /// What the journal is told of a refusal: the rule that says no, how sure that is (the marks of
    /// `docs/fidelity.md`), and the numbers it saw.
    #[rustfmt::skip] // a table
    fn refusal_note(&self) -> Option<Note> {
        use Evidence::{Documented, Inferred};
        let (refusal, seen) = match self {
            Failure::BadKey { .. } => {
                let rule = "every call has one of the programme's keys in the header apikey";
                return Some(Note::refusal("badApiKey", rule, Inferred, ""));
            }
            Failure::Refused(refusal, seen) => (*refusal, *seen),
            Failure::BadInput(_) | Failure::Other(..) => return None,
        };
        let (evidence, rule) = match refusal {
            Refusal::ClientNotFound => (Documented, "the call is about a client that there is"),
            Refusal::PointNotFound => (Documented, "the call is made at a point of sale that there is"),
            Refusal::ClientAndPointNotFound => (Inferred, "the call is about a client and a point of sale that there are"),
            Refusal::SpendOverLimit { .. } => (Documented, "no more is spent than recalc says: what is available beside the call's own holds, and the level's part of the receipt at most"),
            Refusal::HoldOverLimit { .. } => (Inferred, "no more is held than is available beside other holds"),
            Refusal::BalanceOverLimit => (Inferred, "a client has no more than 10^15 points"),
        };
        let note = Note::refusal(refusal.name(), rule, evidence, "");
        let note = match refusal {
            Refusal::SpendOverLimit { limit } | Refusal::HoldOverLimit { limit } => note.with("limit", limit),
            _ => note,
        };
        Some(match seen {
            Some(Seen { posted, held, available }) => {
                note.with("available", available).with("held", held).with("posted", posted)
            }
            None => note,
        })
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
struct Envelope<'a> {
    with_success: bool,
    errors: &'a [(&'static str, Cow<'static, str>)],
}

impl Serialize for Envelope<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.with_success {
            map.serialize_entry("success", &false)?;
        }
        for (key, text) in self.errors {
            map.serialize_entry(key, text)?;
        }
        map.end()
    }
}
