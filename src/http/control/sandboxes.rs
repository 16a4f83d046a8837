//! The sandboxes: list, create, look at, delete.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{input, off_the_worker, query, said};
use crate::http::Shared;
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::problem::{InputError, Problem};
use crate::sandbox::clock::real_now;
use crate::sandbox::fixture::{Given, Seed};
use crate::sandbox::registry::{Registry, RegistryError};
use crate::sandbox::snapshot::SnapshotError;
use crate::sandbox::{Origin, Sandbox, SandboxInfo};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CreateRequest {
    name: String,
    #[serde(default, deserialize_with = "said")]
    from: Option<String>,
    #[serde(default, deserialize_with = "said")]
    snapshot: Option<String>,
    #[serde(default, deserialize_with = "said")]
    fixture: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "said")]
    seed: Option<u64>,
}

/// All sandboxes, by name.
pub(super) async fn list(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Sandboxes {
        sandboxes: Vec<SandboxInfo>,
        total: usize,
    }
    let (page, total) = query::page(&request, registry(&shared).all())?;
    let sandboxes = page.iter().map(Sandbox::info).collect();
    Ok(json(StatusCode::OK, &Sandboxes { sandboxes, total }))
}

/// Makes a sandbox: from the server's fixture, from a fixture given, from another sandbox, or from a snapshot.
pub(super) async fn create(call: Call, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let created = off_the_worker(move || create_now(&call, &shared)).await?;
    let mut response = json(StatusCode::CREATED, &created.info());
    let location = HeaderValue::from_str(&format!("/_stend/sandboxes/{}", created.name()));
    response.headers_mut().insert(LOCATION, location.expect("a sandbox's name is ASCII"));
    Ok(response)
}

fn create_now(call: &Call, shared: &Shared) -> Result<Sandbox, Problem> {
    let request: CreateRequest = input(call)?;
    let origin = origin(call, &request, shared)?.with_seed(request.seed);
    registry(shared).create(&request.name, origin).map_err(|error| problem("/name", &error))
}

/// One sandbox.
pub(super) async fn get(name: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let info = registry(&shared).info(&name).map_err(|error| problem("name", &error))?;
    Ok(json(StatusCode::OK, &info))
}

/// Forgets a sandbox.
pub(super) async fn delete(name: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    registry(&shared).delete(&name).map_err(|error| problem("name", &error))?;
    Ok(HttpResponse::NoContent().finish())
}

fn origin(call: &Call, request: &CreateRequest, shared: &Shared) -> Result<Origin, Problem> {
    if request.fixture.is_some() {
        if request.from.is_some() || request.snapshot.is_some() {
            let detail =
                "a sandbox is made from a fixture, or from another sandbox or its snapshot: not from both";
            let error = InputError { pointer: "/fixture".to_owned(), detail: detail.to_owned() };
            return Err(Problem::bad_input(vec![error]));
        }
        let given = Given { seed: request.seed.or(shared.options.seed), frozen_at: shared.options.freeze };
        let fixture = Seed::read(fixture_text(&call.body), given, real_now())
            .map_err(|mistakes| Problem::mistakes("/fixture", mistakes))?;
        return Ok(Origin::fixture(Arc::new(fixture)));
    }
    let source = match &request.from {
        Some(name) => registry(shared).find(name).map_err(|error| problem("/from", &error))?,
        None if request.snapshot.is_some() => call.sandbox.clone(),
        None => return Ok(registry(shared).origin()),
    };
    match &request.snapshot {
        Some(snapshot) => source.snapshot_origin(snapshot).map_err(|error| not_found(&error)),
        None => Ok(source.fork()),
    }
}

/// The piece of a body that has been read already.
fn fixture_text(body: &[u8]) -> &str {
    #[derive(Deserialize)]
    struct Piece<'a> {
        #[serde(borrow)]
        fixture: &'a RawValue,
    }
    let piece: Piece<'_> = serde_json::from_slice(body).expect("the body was read before");
    piece.fixture.get()
}

fn not_found(error: &SnapshotError) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, error.to_string())
}

fn problem(pointer: &str, error: &RegistryError) -> Problem {
    let status = match error {
        RegistryError::BadName { .. } => {
            let error = InputError { pointer: pointer.to_owned(), detail: error.to_string() };
            return Problem::bad_input(vec![error]);
        }
        RegistryError::Unknown { .. } => StatusCode::NOT_FOUND,
        RegistryError::Taken { .. } | RegistryError::NoRoom { .. } | RegistryError::Undeletable => {
            StatusCode::CONFLICT
        }
    };
    Problem::new(status, error.to_string())
}

fn registry(shared: &Shared) -> &Registry {
    shared.registry.get().expect("calls reach a handler only when the fixtures are loaded")
}
