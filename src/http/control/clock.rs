//! The clock of the request's sandbox.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Nothing, input, input_or_default, said};
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::problem::{InputError, Problem};
use crate::loyalty::Expired;
use crate::loyalty::amount::Amount;
use crate::loyalty::time::{Period, Time};
use crate::sandbox::clock::{ClockError, ClockReading};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct AdvanceRequest {
    #[serde(default, deserialize_with = "said")]
    by: Option<Period>,
    #[serde(default, deserialize_with = "said")]
    to: Option<Time>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct FreezeRequest {
    #[serde(default, deserialize_with = "said")]
    at: Option<Time>,
}

/// What the clock shows.
pub(super) async fn get(call: Call) -> HttpResponse {
    reading(call.sandbox.clock())
}

/// Moves the clock on; answers what is over with it, when all of it has happened.
pub(super) async fn advance(call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Advanced<'a> {
        now: Time,
        expired: Vec<WireExpired<'a>>,
    }
    let moved = match input(&call)? {
        AdvanceRequest { by: Some(by), to: None } => call.sandbox.advance_by(by),
        AdvanceRequest { by: None, to: Some(to) } => call.sandbox.advance_to(to),
        _ => {
            let detail = "say how far, {\"by\":\"PT11M\"}, or to when, {\"to\":\"2026-01-31T12:00:00Z\"}: one of the two";
            let error = InputError { pointer: String::new(), detail: detail.to_owned() };
            return Err(Problem::bad_input(vec![error]));
        }
    };
    let (now, expired) = moved.map_err(problem)?;
    let expired = expired.iter().map(WireExpired::from).collect();
    Ok(json(StatusCode::OK, &Advanced { now, expired }))
}

/// Stops the clock.
pub(super) async fn freeze(call: Call) -> Result<HttpResponse, Problem> {
    let FreezeRequest { at } = input_or_default(&call)?;
    Ok(reading(call.sandbox.freeze(at).map_err(problem)?))
}

/// Lets the clock go on from its own now.
pub(super) async fn resume(call: Call) -> Result<HttpResponse, Problem> {
    let Nothing {} = input_or_default(&call)?;
    Ok(reading(call.sandbox.resume()))
}

#[derive(Serialize)]
struct WireExpired<'a> {
    kind: &'static str,
    api: &'static str,
    id: &'a str,
    account: &'a str,
    amount: Amount,
    at: Time,
}

impl<'a> From<&'a Expired> for WireExpired<'a> {
    fn from(expired: &'a Expired) -> WireExpired<'a> {
        WireExpired {
            kind: expired.kind.name(),
            api: expired.programme.name(),
            id: &expired.id,
            account: &expired.account,
            amount: expired.amount,
            at: expired.at,
        }
    }
}

fn reading(clock: ClockReading) -> HttpResponse {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct WireClock {
        now: Time,
        mode: &'static str,
        offset_seconds: Seconds,
    }
    let wire = WireClock {
        now: clock.now,
        mode: if clock.frozen { "frozen" } else { "live" },
        offset_seconds: Seconds(clock.offset_ms),
    };
    json(StatusCode::OK, &wire)
}

/// Milliseconds, printed as seconds: whole ones without a decimal point.
struct Seconds(i64);

impl Serialize for Seconds {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000)
        } else {
            // Printing only: a time of our calendar in milliseconds is far below 2^53.
            #[allow(clippy::cast_precision_loss)]
            serializer.serialize_f64(self.0 as f64 / 1_000.0)
        }
    }
}

fn problem(error: ClockError) -> Problem {
    match error {
        ClockError::Backwards { .. } => Problem::new(StatusCode::CONFLICT, error.to_string()),
        ClockError::TooFar => {
            Problem::bad_input(vec![InputError { pointer: String::new(), detail: error.to_string() }])
        }
    }
}
