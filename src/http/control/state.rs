//! The state of the request's sandbox: reset, export, replace, upsert.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use serde::{Deserialize, Serialize};

use super::{input_or_default, off_the_worker};
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::problem::{InputError, Problem};
use crate::loyalty::time::Time;
use crate::sandbox::Keep;
use crate::sandbox::fixture::read::Mistake;
use crate::sandbox::fixture::{Given, Patch, Seed, Upserted};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ResetRequest {
    #[serde(default)]
    keep: Vec<Kept>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kept {
    Journal,
    Faults,
    Clock,
}

/// Back to what the sandbox was made from.
pub(super) async fn reset(call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Reset<'a> {
        sandbox: &'a str,
        generation: u64,
        now: Time,
    }
    let ResetRequest { keep } = input_or_default(&call)?;
    let report =
        call.sandbox.reset(Keep { clock: keep.contains(&Kept::Clock), faults: keep.contains(&Kept::Faults) });
    let reset = Reset { sandbox: call.sandbox.name(), generation: report.generation, now: report.now };
    Ok(json(StatusCode::OK, &reset))
}

/// The state as a fixture.
pub(super) async fn export(call: Call) -> HttpResponse {
    let exported = off_the_worker(move || serde_json::to_vec(&call.sandbox.export())).await;
    let body = exported.expect("a fixture is names, numbers and texts");
    HttpResponse::Ok().content_type(ContentType::json()).body(body)
}

/// Replaces the state by the fixture in the body.
pub(super) async fn replace(call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Replaced<'a> {
        sandbox: &'a str,
        now: Time,
    }
    let sandbox = call.sandbox.clone();
    let read = off_the_worker(move || {
        let now = call.sandbox.clock().now;
        Seed::read(text(&call)?, Given::default(), now).map_err(mistakes)
    });
    let now = sandbox.replace(&read.await?);
    Ok(json(StatusCode::OK, &Replaced { sandbox: sandbox.name(), now }))
}

/// Adds and changes records.
pub(super) async fn upsert(call: Call) -> Result<HttpResponse, Problem> {
    let upserted: Result<Upserted, Problem> = off_the_worker(move || {
        let patch = Patch::read(text(&call)?).map_err(mistakes)?;
        call.sandbox.upsert(&patch).map_err(mistakes)
    })
    .await;
    Ok(json(StatusCode::OK, &upserted?))
}

fn text(call: &Call) -> Result<&str, Problem> {
    std::str::from_utf8(&call.body).map_err(|_| {
        Problem::bad_input(vec![InputError {
            pointer: String::new(),
            detail: "the body is not UTF-8".to_owned(),
        }])
    })
}

fn mistakes(mistakes: Vec<Mistake>) -> Problem {
    Problem::mistakes("", mistakes)
}
