//! Snapshots of the request's sandbox: take, list, delete, restore.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::{Nothing, input_or_default, query};
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::problem::{InputError, Problem};
use crate::sandbox::is_name;
use crate::sandbox::snapshot::{SnapshotError, SnapshotInfo};

/// The snapshots, by name.
pub(super) async fn list(request: HttpRequest, call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Snapshots {
        snapshots: Vec<SnapshotInfo>,
        total: usize,
    }
    let (snapshots, total) = query::page(&request, call.sandbox.snapshots())?;
    Ok(json(StatusCode::OK, &Snapshots { snapshots, total }))
}

/// Takes a snapshot, in place of an older one of this name.
pub(super) async fn take(name: Path<String>, call: Call) -> Result<HttpResponse, Problem> {
    let Nothing {} = input_or_default(&call)?;
    if !is_name(&name) {
        let detail = format!(
            "{:?} is no name for a snapshot: it takes 1 to 63 of a-z, 0-9 and -, and starts with a letter or a digit",
            name.as_str()
        );
        return Err(Problem::bad_input(vec![InputError { pointer: "name".to_owned(), detail }]));
    }
    let (info, new) = call.sandbox.take_snapshot(&name).map_err(|error| problem(&error))?;
    Ok(json(if new { StatusCode::CREATED } else { StatusCode::OK }, &info))
}

/// Forgets a snapshot.
pub(super) async fn delete(name: Path<String>, call: Call) -> Result<HttpResponse, Problem> {
    call.sandbox.delete_snapshot(&name).map_err(|error| problem(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Goes back to a snapshot.
pub(super) async fn restore(name: Path<String>, call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Restored<'a> {
        sandbox: &'a str,
        snapshot: SnapshotInfo,
        now: crate::loyalty::time::Time,
    }
    let Nothing {} = input_or_default(&call)?;
    let (snapshot, now) = call.sandbox.restore(&name).map_err(|error| problem(&error))?;
    Ok(json(StatusCode::OK, &Restored { sandbox: call.sandbox.name(), snapshot, now }))
}

fn problem(error: &SnapshotError) -> Problem {
    let status = match error {
        SnapshotError::NotFound { .. } => StatusCode::NOT_FOUND,
        SnapshotError::TooMany { .. } => StatusCode::CONFLICT,
    };
    Problem::new(status, error.to_string())
}
