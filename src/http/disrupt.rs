//! Does what a fault asks for: delays, statuses, lost answers, broken connections.
//!
//! A fault is chosen before the operation, and acts in two steps. [`call`] is what happens until there is an answer;
//! [`deliver`] is what happens to the answer on its way. What is to be known of an answer before the client has it can
//! be written down between the two.

use std::time::Duration;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::rt::task;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::call::Call;
use super::cut::Cut;
use super::operations::Wanted;
use super::problem::Problem;
use super::waiting::{Line, STALL_MAX, STALLS_MAX, Stall, Waiting};
use super::{Shared, ibonus, loyalclient, prefer, probonus};
use crate::loyalty::Programme;
use crate::sandbox::Sandbox;
use crate::sandbox::faults::{Asked, Connection, Effect, FaultId, Hit, Reply, ReplyBody, When};

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// A fault that acts on a request.
pub(super) enum Fault {
    /// A rule of the sandbox.
    Rule(Hit),
    /// The request asks for a status by itself.
    Preferred(StatusCode),
    /// The request asks for something that cannot be had.
    BadPreference(String),
}

/// What a fault has done, in the extensions of the answer.
pub(super) struct Faulted {
    /// The rule's id; none if the request asked for it.
    pub(super) id: Option<FaultId>,
    /// What it does, in words.
    pub(super) text: String,
    /// Whether the client gets an answer. If not, this one is the operation's own where that is done, and else
    /// nobody's.
    pub(super) answered: bool,
    /// What is still to happen.
    rest: Option<Rest>,
}

/// What happens to an answer on its way.
struct Rest {
    delay: Option<Duration>,
    connection: Option<Connection>,
    stall: Option<Stall>,
}

/// The fault that acts on a request to an emulated API, if one does.
pub(super) fn fault(
    api: Programme,
    wanted: Wanted<'_>,
    request: &ServiceRequest,
    call: &Call,
) -> Option<Fault> {
    if let Some(preferred) = prefer::status(request.headers()) {
        return Some(preferred.map_or_else(Fault::BadPreference, Fault::Preferred));
    }
    if !call.sandbox.has_faults() {
        return None;
    }
    let operation = match wanted {
        Wanted::Operation { operation, .. } => Some(operation.name),
        Wanted::OtherMethod { .. } | Wanted::Nothing => None,
    };
    let (method, path) = (request.method().as_str(), request.match_info().as_str());
    let asked = Asked { api: Some(api), operation, method, path, body: &call.body };
    call.sandbox.fault_for(&asked).map(Fault::Rule)
}

/// What a request is answered under a fault; `operation` does what was asked.
pub(super) async fn call(
    fault: Fault,
    api: Programme,
    request: &ServiceRequest,
    sandbox: &Sandbox,
    operation: impl FnOnce() -> HttpResponse,
) -> HttpResponse {
    let path = request.uri().path();
    match fault {
        Fault::Rule(hit) => {
            let waiting = &waiting(request.request());
            let reply = |reply: &Reply| answer(reply, api, sandbox, path);
            call_by_rule(&hit, waiting, reply, operation).await
        }
        Fault::Preferred(status) => {
            let mut response = in_shape(api, sandbox, path, status);
            let applied = format!("code={}", status.as_u16());
            let text = format!("Prefer: {applied}, before the operation");
            let applied = HeaderValue::try_from(applied).expect("digits are ASCII");
            response.headers_mut().insert(PREFERENCE_APPLIED, applied);
            response.extensions_mut().insert(Faulted { id: None, text, answered: true, rest: None });
            response
        }
        Fault::BadPreference(detail) => {
            Problem::new(StatusCode::BAD_REQUEST, detail).stend_error("badPreference").response()
        }
    }
}

async fn call_by_rule(
    hit: &Hit,
    waiting: &Waiting,
    reply: impl FnOnce(&Reply) -> HttpResponse,
    operation: impl FnOnce() -> HttpResponse,
) -> HttpResponse {
    let Effect { connection, when, .. } = *hit.effect;
    let lost = connection.is_some_and(Connection::loses_the_answer);
    let mut text = hit.effect.to_string();
    let mut response = match when {
        When::Before => {
            waiting.delay(hit.delay).await;
            match &hit.effect.reply {
                Some(given) => reply(given),
                // Nobody will see it.
                None if lost => HttpResponse::new(StatusCode::OK),
                None => operation(),
            }
        }
        When::After => {
            let done = operation();
            text = format!("{text}, which answered {}", done.status().as_u16());
            hit.effect.reply.as_ref().map_or(done, reply)
        }
    };
    let delay = hit.delay.filter(|_| when == When::After);
    let mut rest = Rest { delay, connection, stall: None };
    if connection == Some(Connection::Stall) {
        rest.stall = waiting.stall();
        if rest.stall.is_none() {
            rest.connection = None;
            text = format!("{text}; but {STALLS_MAX} answers are stalled already");
            response = too_many_stalls();
        }
    }
    let answered = !rest.connection.is_some_and(Connection::loses_the_answer);
    let faulted = Faulted { id: Some(hit.id), text, answered, rest: Some(rest) };
    response.extensions_mut().insert(faulted);
    response
}

/// Sends an answer on its way, through the fault that acts on it.
pub(super) async fn deliver(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let rest = response.response_mut().extensions_mut().get_mut().and_then(|faulted: &mut Faulted| {
        let Faulted { id, text, answered, rest } = faulted;
        let id = id.map(|id| id.to_string());
        tracing::debug!(id, answered, "fault: {text}");
        rest.take()
    });
    match rest {
        None => response,
        Some(rest) => Box::pin(deliver_with(rest, response)).await,
    }
}

async fn deliver_with(rest: Rest, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    waiting(response.request()).delay(rest.delay).await;
    let line = response.request().conn_data::<Line>();
    match rest.connection {
        None => return response,
        Some(Connection::Truncate) => return truncated(response).await,
        Some(Connection::Stall) => {
            if let Some(stall) = rest.stall {
                stall.wait(line).await;
            }
        }
        Some(Connection::Reset) => {
            if line.is_none_or(|line| line.reset_at_its_end().is_err()) {
                tracing::warn!("a connection cannot be reset, and is closed: too many files are open");
            }
        }
        Some(Connection::Close) => {}
    }
    // What was answered before on this connection is to be sent, and not to be lost with this answer.
    task::yield_now().await;
    response.map_body(|_, _| BoxBody::new(Cut::at_once()))
}

/// What the connections of the server share.
fn waiting(request: &HttpRequest) -> Waiting {
    request.app_data::<Data<Shared>>().expect("the app is made with it").waiting.clone()
}

/// The answer that a fault gives.
fn answer(reply: &Reply, api: Programme, sandbox: &Sandbox, path: &str) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).expect("a rule's status is one");
    let mut response = match &reply.body {
        // Such answers have no body.
        None if matches!(reply.status, 204 | 205 | 304) => HttpResponse::new(status),
        None => in_shape(api, sandbox, path, status),
        Some(ReplyBody::Text(text)) => {
            HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(String::from(&**text))
        }
        Some(ReplyBody::Json(json)) => {
            HttpResponse::build(status).content_type("application/json").body(json.get().to_owned())
        }
    };
    for (name, value) in &reply.headers {
        let (name, value) = (HeaderName::try_from(&**name), HeaderValue::try_from(&**value));
        let (name, value) =
            (name.expect("a rule's names are read"), value.expect("a rule's values are read"));
        response.headers_mut().insert(name, value);
    }
    response
}

/// A status in the shape of an API's errors.
fn in_shape(api: Programme, sandbox: &Sandbox, path: &str, status: StatusCode) -> HttpResponse {
    let reason = status.canonical_reason().unwrap_or("Error");
    match api {
        Programme::LoyalClient => loyalclient::error::fault(sandbox, status, reason),
        Programme::Ibonus => ibonus::error::transport(sandbox, path, status, reason),
        Programme::ProBonus => probonus::error::transport(status, reason),
    }
}

fn too_many_stalls() -> HttpResponse {
    let detail = format!(
        "{STALLS_MAX} answers are stalled already, which is the limit: a stall ends when its client leaves, and after {} seconds",
        STALL_MAX.as_secs()
    );
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).stend_error("tooManyStalls").response()
}

/// The answer with half of its body, after which the connection is closed. One without a body is lost as a whole.
async fn truncated(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let body = to_bytes(body).await.unwrap_or_default();
    task::yield_now().await;
    ServiceResponse::new(request, head.set_body(BoxBody::new(Cut::in_half(&body))))
}
