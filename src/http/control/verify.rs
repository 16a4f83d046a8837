//! Whether something was called as often as it should have been, and if not, what was called instead. Waits for it, if
//! that is wanted.

use std::pin::pin;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::rt::time::sleep;
use actix_web::web::Data;
use futures_util::future::{Either, select};
use serde::Serialize;

use super::{body_text, known_operations, off_the_worker};
use crate::http::Shared;
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::problem::Problem;
use crate::http::waiting::Waiting;
use crate::sandbox::Sandbox;
use crate::sandbox::journal::document::Verification;
use crate::sandbox::journal::follow::{FollowerKind, WAITS_MAX};
use crate::sandbox::journal::verify::{self, Near, Tally, Verdict};

#[derive(Serialize)]
struct Verified {
    /// Null if nobody can tell.
    ok: Option<bool>,
    count: u64,
    dropped: u64,
    nearest: Vec<Near>,
}

/// Counts, waits and judges.
pub(super) async fn verify(call: Call, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let verification = Verification::read(body_text(&call)?, known_operations);
    let verification = Arc::new(verification.map_err(|mistakes| Problem::mistakes("", mistakes))?);
    let (tally, verdict) = judged(&call.sandbox, &verification, &shared.waiting).await?;
    let (sandbox, Tally { count, dropped, .. }) = (call.sandbox, tally);
    let mut nearest = Vec::new();
    if verdict.ok != Some(true) {
        let look =
            move || verify::nearest(sandbox.journal(), &verification.pattern, verification.times, count);
        nearest = off_the_worker(look).await;
    }
    Ok(json(StatusCode::OK, &Verified { ok: verdict.ok, count, dropped, nearest }))
}

/// The verdict, as soon as nothing can change it any more, or the time is over. A stop of the server ends the waiting
/// without a verdict.
async fn judged(
    sandbox: &Sandbox,
    verification: &Arc<Verification>,
    waiting: &Waiting,
) -> Result<(Tally, Verdict), Problem> {
    let judge = |tally: &Tally| verification.times.judge(tally.count, tally.open);
    if verification.within.is_zero() {
        let tally = counted(sandbox, verification, None).await;
        let verdict = judge(&tally);
        return Ok((tally, verdict));
    }
    let follower = sandbox.journal().follow(FollowerKind::Wait).ok_or_else(|| too_many(sandbox))?;
    let mut over = pin!(sleep(verification.within));
    let mut tally = None;
    loop {
        let mut news = pin!(follower.news());
        news.as_mut().enable();
        let counted = counted(sandbox, verification, tally).await;
        let verdict = judge(&counted);
        if verdict.is_final {
            return Ok((counted, verdict));
        }
        match waiting.stopping.run_until_cancelled(select(news, over.as_mut())).await {
            Some(Either::Left(_)) => tally = Some(counted),
            Some(Either::Right(_)) => {
                // What came in with the last moment counts.
                let counted = self::counted(sandbox, verification, Some(counted)).await;
                let verdict = judge(&counted);
                return Ok((counted, verdict));
            }
            None => return Ok((counted, Verdict { ok: None, is_final: false })),
        }
    }
}

/// Counts on from where the tally was, or from the beginning.
async fn counted(sandbox: &Sandbox, verification: &Arc<Verification>, tally: Option<Tally>) -> Tally {
    let (sandbox, verification) = (sandbox.clone(), Arc::clone(verification));
    off_the_worker(move || {
        let (journal, pattern) = (sandbox.journal(), &verification.pattern);
        match tally {
            None => Tally::of(journal, pattern),
            Some(mut tally) => {
                tally.go_on(journal, pattern);
                tally
            }
        }
    })
    .await
}

fn too_many(sandbox: &Sandbox) -> Problem {
    let detail = format!(
        "{WAITS_MAX} verifications wait in sandbox \"{}\" already, which is the limit: ask without within, or in a sandbox of its own",
        sandbox.name()
    );
    Problem::new(StatusCode::CONFLICT, detail)
}
