//! The journal of the request's sandbox as it grows: server-sent events, one an entry.

use std::convert::Infallible;
use std::fmt::Write;
use std::pin::pin;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::rt::time::sleep;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::future::{Either, select};
use futures_util::stream::unfold;

use super::query::Parameters;
use super::requests::{filter, since, view};
use crate::http::Shared;
use crate::http::call::Call;
use crate::http::problem::Problem;
use crate::http::waiting::Waiting;
use crate::sandbox::Sandbox;
use crate::sandbox::journal::filter::Filter;
use crate::sandbox::journal::follow::{Cursor, Follower, FollowerKind, News, STREAMS_MAX};

/// How often a comment is sent when there is nothing else, so that nobody takes the connection for dead, and that it is
/// noticed when the client is gone.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);

/// How many entries are sent at once.
const AT_ONCE: usize = 32;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// A stream of entries.
struct Stream {
    sandbox: Sandbox,
    follower: Follower,
    waiting: Waiting,
    filter: Filter,
    cursor: Cursor,
    /// What goes first.
    greeting: Option<String>,
}

/// Follows the journal: from the entry on that is named, or from now on.
pub(super) async fn stream(
    request: HttpRequest,
    call: Call,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::of(&request, &["api", "operation", "status", "since"]);
    let (filter, since) = (filter(&mut parameters), since(&mut parameters));
    parameters.done()?;
    let last_seen = request.headers().get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.trim().parse().ok());
    let sandbox = call.sandbox;
    let follower = sandbox.journal().follow(FollowerKind::Stream).ok_or_else(|| too_many(&sandbox))?;
    let stream = Stream {
        cursor: sandbox.journal().cursor(last_seen.or(since)),
        greeting: Some(format!(": the journal of sandbox {}\nretry: 1000\n\n", sandbox.name())),
        waiting: shared.waiting.clone(),
        sandbox,
        follower,
        filter,
    };
    let events = unfold(stream, |mut stream| async {
        let text = stream.next().await?;
        Some((Ok::<Bytes, Infallible>(Bytes::from(text)), stream))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/event-stream")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .streaming(Box::pin(events)))
}

impl Stream {
    /// What is to be sent next; none at the end of the server or of the sandbox.
    async fn next(&mut self) -> Option<String> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        loop {
            let mut coming = pin!(self.follower.news());
            coming.as_mut().enable();
            let news = self.sandbox.journal().news(&mut self.cursor, AT_ONCE);
            let is_more = news.found.len() == AT_ONCE;
            if news.ended {
                return None;
            }
            let text = events(&news, &self.filter, &self.sandbox);
            if !text.is_empty() {
                return Some(text);
            }
            if is_more {
                continue;
            }
            let pause = pin!(sleep(HEARTBEAT));
            let next = select(coming, pause);
            if let Either::Right(_) = self.waiting.stopping.run_until_cancelled(next).await? {
                return Some(": heartbeat\n\n".to_owned());
            }
        }
    }
}

/// News as events: `emptied` when the journal was emptied, `dropped` with how many entries were missed, `request` with
/// an entry.
fn events(news: &News, filter: &Filter, sandbox: &Sandbox) -> String {
    let mut text = String::new();
    if news.emptied {
        text.push_str("event: emptied\ndata: {}\n\n");
    }
    if news.missed > 0 {
        write!(text, "event: dropped\ndata: {{\"dropped\":{}}}\n\n", news.missed).expect("a text grows");
    }
    for found in news.found.iter().filter(|found| filter.fits_entry(&found.entry)) {
        let entry = serde_json::to_string(&view(found, sandbox));
        let entry = entry.expect("an entry is names, numbers, texts and JSON");
        write!(text, "id: {}\nevent: request\ndata: {entry}\n\n", found.id).expect("a text grows");
    }
    text
}

fn too_many(sandbox: &Sandbox) -> Problem {
    let detail = format!(
        "{STREAMS_MAX} streams follow the journal of sandbox \"{}\" already, which is the limit: close one of them, or wait {} seconds if it was closed just now",
        sandbox.name(),
        2 * HEARTBEAT.as_secs()
    );
    Problem::new(StatusCode::CONFLICT, detail)
}
