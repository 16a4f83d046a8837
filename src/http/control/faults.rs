//! The faults of the request's sandbox.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::{body_text, query};
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::operations::operations;
use crate::http::problem::Problem;
use crate::loyalty::Programme;
use crate::sandbox::faults::{FaultError, FaultInfo, RULE_MAX, Rule};

/// The faults, in the order they were made.
pub(super) async fn list(request: HttpRequest, call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Faults {
        faults: Vec<FaultInfo>,
        total: usize,
    }
    let (faults, total) = query::page(&request, call.sandbox.faults())?;
    Ok(json(StatusCode::OK, &Faults { faults, total }))
}

/// Adds a fault.
pub(super) async fn add(call: Call) -> Result<HttpResponse, Problem> {
    if call.body.len() > RULE_MAX {
        let detail = format!("a fault takes {RULE_MAX} bytes at most, and this is {}", call.body.len());
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    let rule = Rule::read(body_text(&call)?, known_operations);
    let rule = rule.map_err(|mistakes| Problem::mistakes("", mistakes))?;
    let fault = call.sandbox.add_fault(rule).map_err(|error| problem(&error))?;
    let mut response = json(StatusCode::CREATED, &fault);
    let location = HeaderValue::from_str(&format!("/_stend/faults/{}", fault.id));
    response.headers_mut().insert(LOCATION, location.expect("an id is ASCII"));
    Ok(response)
}

/// Forgets all faults.
pub(super) async fn clear(call: Call) -> HttpResponse {
    call.sandbox.delete_faults();
    HttpResponse::NoContent().finish()
}

/// One fault.
pub(super) async fn get(id: Path<String>, call: Call) -> Result<HttpResponse, Problem> {
    let fault = call.sandbox.fault(&id).map_err(|error| problem(&error))?;
    Ok(json(StatusCode::OK, &fault))
}

/// Forgets a fault.
pub(super) async fn delete(id: Path<String>, call: Call) -> Result<HttpResponse, Problem> {
    call.sandbox.delete_fault(&id).map_err(|error| problem(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// The names of an API's operations.
fn known_operations(api: Programme) -> Vec<&'static str> {
    operations().iter().filter(|operation| operation.api == api).map(|operation| operation.name).collect()
}

fn problem(error: &FaultError) -> Problem {
    let status = match error {
        FaultError::NotFound { .. } => StatusCode::NOT_FOUND,
        FaultError::TooMany { .. } => StatusCode::CONFLICT,
    };
    Problem::new(status, error.to_string())
}
