//! Whatever owns points in the request's sandbox, and whether its books are in order.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::off_the_worker;
use super::query::Parameters;
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::problem::Problem;
use crate::loyalty::Programme;
use crate::sandbox::accounts::{self, AccountView, AccountsQuery};
use crate::sandbox::audit::{self, Violation};

/// Accounts, a page at a time.
pub(super) async fn list(request: HttpRequest, call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Accounts {
        accounts: Vec<AccountView>,
        total: usize,
    }
    let mut parameters = Parameters::of(&request, &["api", "query", "offset", "limit"]);
    let query = AccountsQuery {
        api: parameters.api(),
        text: parameters.text("query").map(str::to_owned),
        offset: parameters.offset(),
        limit: parameters.limit(),
    };
    parameters.done()?;
    let (accounts, total) = off_the_worker(move || accounts::list(&call.sandbox.view().0, &query)).await;
    Ok(json(StatusCode::OK, &Accounts { accounts, total }))
}

/// One account.
pub(super) async fn get(path: Path<(String, String)>, call: Call) -> Result<HttpResponse, Problem> {
    let (api, id) = path.into_inner();
    let account = Programme::parse(&api)
        .and_then(|programme| call.sandbox.run(|world, _| accounts::get(world, programme, &id)));
    match account {
        Some(account) => Ok(json(StatusCode::OK, &account)),
        None => Err(Problem::new(
            StatusCode::NOT_FOUND,
            format!("there is no account {id:?} of {api:?} in sandbox \"{}\"", call.sandbox.name()),
        )),
    }
}

/// Whether the books are in order.
pub(super) async fn audit(call: Call) -> HttpResponse {
    #[derive(Serialize)]
    struct Audit {
        ok: bool,
        violations: Vec<Violation>,
    }
    let violations = off_the_worker(move || {
        let (world, now) = call.sandbox.view();
        audit::violations(&world, now)
    })
    .await;
    json(StatusCode::OK, &Audit { ok: violations.is_empty(), violations })
}
