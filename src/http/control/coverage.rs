//! What was tested of the emulated APIs: which operations were called in the request's sandbox, and which refusals given.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use super::off_the_worker;
use crate::http::call::Call;
use crate::http::contract;
use crate::http::json::json;
use crate::http::operations::operations;

#[derive(Serialize)]
struct Coverage {
    operations: Vec<OperationHits>,
    refusals: Vec<RefusalHits>,
}

#[derive(Serialize)]
struct OperationHits {
    api: &'static str,
    operation: &'static str,
    hits: u64,
}

#[derive(Serialize)]
struct RefusalHits {
    api: &'static str,
    operation: &'static str,
    refusal: &'static str,
    hits: u64,
}

/// All operations and all refusals, those that were never met with 0.
pub(super) async fn get(call: Call) -> HttpResponse {
    json(StatusCode::OK, &off_the_worker(move || coverage(&call)).await)
}

fn coverage(call: &Call) -> Coverage {
    let counts = call.sandbox.journal().coverage();
    let mut coverage = Coverage { operations: Vec::new(), refusals: Vec::new() };
    for one in operations() {
        let (api, operation) = (one.api.name(), one.name);
        let hits = counts.of_operation(one.number);
        coverage.operations.push(OperationHits { api, operation, hits });
        let mut hit: Vec<(&str, u64)> = counts.refusals_of(one.number).collect();
        for refusal in contract::refusals(one.api, one.name) {
            let place = hit.iter().position(|(name, _)| *name == refusal);
            let hits = place.map_or(0, |place| hit.swap_remove(place).1);
            coverage.refusals.push(RefusalHits { api, operation, refusal, hits });
        }
        // One that the contract does not tell of is a bug of it, and not hidden.
        hit.sort_unstable();
        let more = hit.into_iter().map(|(refusal, hits)| RefusalHits { api, operation, refusal, hits });
        coverage.refusals.extend(more);
    }
    coverage
}
