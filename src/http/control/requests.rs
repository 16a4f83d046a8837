//! The journal of the request's sandbox: list, look at, empty, count, find.

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::query::Parameters;
use super::{body_text, known_operations, off_the_worker};
use crate::http::call::Call;
use crate::http::contract;
use crate::http::json::json;
use crate::http::problem::Problem;
use crate::loyalty::Programme;
use crate::sandbox::Sandbox;
use crate::sandbox::fixture::read::did_you_mean;
use crate::sandbox::journal::document::Verification;
use crate::sandbox::journal::filter::Filter;
use crate::sandbox::journal::matching::{Judged, Pattern};
use crate::sandbox::journal::verify::Tally;
use crate::sandbox::journal::view::EntryView;
use crate::sandbox::journal::{Found, Journal, Page};

/// The entries, newest first, a page at a time.
pub(super) async fn list(request: HttpRequest, call: Call) -> Result<HttpResponse, Problem> {
    let known = ["api", "operation", "status", "since", "offset", "limit"];
    let mut parameters = Parameters::of(&request, &known);
    let (filter, since) = (filter(&mut parameters), since(&mut parameters));
    let (offset, limit) = (parameters.offset(), parameters.limit());
    parameters.done()?;
    Ok(shown(call.sandbox, move |journal| journal.page(&filter, since, offset, limit)).await)
}

/// Forgets all entries.
pub(super) async fn clear(call: Call) -> HttpResponse {
    call.sandbox.journal().clear();
    HttpResponse::NoContent().finish()
}

/// One entry.
pub(super) async fn get(id: Path<String>, call: Call) -> Result<HttpResponse, Problem> {
    let not_found = |detail: String| Problem::new(StatusCode::NOT_FOUND, detail);
    let number = id.parse().map_err(|_| {
        not_found(format!("there is no entry {:?}: an entry has the number of its call", id.as_str()))
    })?;
    let found = call
        .sandbox
        .journal()
        .get(number)
        .map_err(|error| not_found(format!("{error}; that is in sandbox \"{}\"", call.sandbox.name())))?;
    let body = off_the_worker(move || text(&view(&found, &call.sandbox))).await;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(body))
}

/// How many entries there are of what is looked for.
pub(super) async fn count(call: Call) -> Result<HttpResponse, Problem> {
    #[derive(Serialize)]
    struct Count {
        count: u64,
        dropped: u64,
    }
    let pattern = pattern(&call)?;
    let Tally { count, dropped, .. } =
        off_the_worker(move || Tally::of(call.sandbox.journal(), &pattern)).await;
    Ok(json(StatusCode::OK, &Count { count, dropped }))
}

/// The entries of what is looked for, newest first, a page at a time.
pub(super) async fn find(request: HttpRequest, call: Call) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::of(&request, &["offset", "limit"]);
    let (offset, limit) = (parameters.offset(), parameters.limit());
    parameters.done()?;
    let pattern = pattern(&call)?;
    Ok(shown(call.sandbox, move |journal| {
        let mut page = journal.all(&pattern.filter);
        let criteria = pattern.criteria();
        page.found.retain(|found| matches!(criteria.judge(found), Judged::Fits));
        page.total = page.found.len();
        page.found = page.found.into_iter().skip(offset).take(limit).collect();
        page
    })
    .await)
}

/// What entries are to be listed, by the query.
pub(super) fn filter(parameters: &mut Parameters) -> Filter {
    let api = parameters.api();
    let operation = parameters.text("operation").map(str::to_owned);
    if let Some(name) = &operation {
        let apis = [Programme::LoyalClient, Programme::Ibonus, Programme::ProBonus].into_iter();
        let apis = apis.filter(|one| api.is_none_or(|api| api == *one));
        let known: Vec<&str> = apis.flat_map(known_operations).collect();
        if !known.contains(&name.as_str()) {
            let hint = did_you_mean(name, &known);
            parameters.note("operation", format!("there is no operation {name:?}: {hint}"));
        }
    }
    let expected = "a status from 100 to 599";
    let status = parameters.number("status", expected).and_then(|status| {
        let status = u16::try_from(status).ok().filter(|status| (100..=599).contains(status));
        if status.is_none() {
            parameters.note("status", format!("expected {expected}"));
        }
        status
    });
    Filter { api, operation: operation.map(String::into_boxed_str), status }
}

/// Behind which entry the list begins, by the query.
pub(super) fn since(parameters: &mut Parameters) -> Option<u64> {
    let expected = "the number of an emulated call, as its answer has it in X-Stend-Request";
    parameters.number("since", expected).map(|since| u64::try_from(since).unwrap_or(u64::MAX))
}

/// An entry as it is shown.
pub(super) fn view<'e>(found: &'e Found, sandbox: &'e Sandbox) -> EntryView<'e> {
    found.view(sandbox.name(), &contract::shape)
}

/// What is looked for. How often it should be there, and by when, may be said too, so that one question goes to all
/// three calls; it counts only for the verification.
fn pattern(call: &Call) -> Result<Pattern, Problem> {
    let verification = Verification::read(body_text(call)?, known_operations);
    verification.map(|it| it.pattern).map_err(|mistakes| Problem::mistakes("", mistakes))
}

/// Answers a page of a journal.
async fn shown(sandbox: Sandbox, page: impl FnOnce(&Journal) -> Page + Send + 'static) -> HttpResponse {
    #[derive(Serialize)]
    struct Entries<'e> {
        requests: Vec<EntryView<'e>>,
        total: usize,
        dropped: u64,
    }
    let body = off_the_worker(move || {
        let Page { found, total, dropped } = page(sandbox.journal());
        let requests = found.iter().map(|found| view(found, &sandbox)).collect();
        text(&Entries { requests, total, dropped })
    })
    .await;
    HttpResponse::Ok().content_type(ContentType::json()).body(body)
}

fn text(shown: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(shown).expect("an entry is names, numbers, texts and JSON")
}
