//! What happens to every request before and after its handler: the body is read, the sandbox is chosen, the
//! answer is marked with both, and a panic becomes a 500 in that API's shape.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::http::{ConnectionType, Method, StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use futures_util::{FutureExt, StreamExt};

use super::call::Call;
use super::problem::Problem;
use super::record::{Record, noted_bad_input};
use super::select::{self, X_STEND_SANDBOX};
use super::{Shared, cors, disrupt, guard, ibonus, loyalclient, operations, probonus};
use crate::loyalty::Programme;
use crate::sandbox::registry::{Registry, RegistryError};
use crate::sandbox::{DEFAULT_SANDBOX, Sandbox};

/// How long the body of a request may take to arrive.
pub const BODY_WAIT: Duration = Duration::from_secs(30);

/// How much more than the limit of a body is read, so that who sent it gets the answer and not a closed
/// connection.
pub const DRAIN_MAX: usize = 16 << 20;

const X_STEND_REQUEST: HeaderName = HeaderName::from_static("x-stend-request");

/// Which API a path belongs to, and so what its errors look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Api {
    LoyalClient,
    Ibonus,
    ProBonus,
    /// ProBonus's Swagger page, and the document that it shows: no operations.
    ProBonusPage,
    Control,
    /// The page for newcomers: part of no API.
    Landing,
    Other,
}

impl Api {
    /// The programme that it emulates.
    fn programme(self) -> Option<Programme> {
        match self {
            Api::LoyalClient => Some(Programme::LoyalClient),
            Api::Ibonus => Some(Programme::Ibonus),
            Api::ProBonus => Some(Programme::ProBonus),
            Api::ProBonusPage | Api::Control | Api::Landing | Api::Other => None,
        }
    }

    /// Whether pages of other origins may call it.
    fn is_for_pages(self) -> bool {
        !matches!(self, Api::Control | Api::Landing)
    }

    fn of(path: &str) -> Api {
        let under = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if under("/integration") {
            Api::LoyalClient
        } else if under("/ext") {
            Api::Ibonus
        } else if under("/api") {
            Api::ProBonus
        } else if under("/docs") || path == "/openapi.json" {
            Api::ProBonusPage
        } else if under("/_stend") {
            Api::Control
        } else if path == "/" {
            Api::Landing
        } else {
            Api::Other
        }
    }

    /// An error that is not the handler's, in the API's own shape.
    fn error(self, uri: &Uri, sandbox: &Sandbox, status: StatusCode, detail: &str) -> HttpResponse {
        match self {
            Api::LoyalClient => loyalclient::error::transport(sandbox, status, detail),
            Api::Ibonus => ibonus::error::transport(sandbox, uri.path(), status, detail),
            Api::ProBonus | Api::ProBonusPage => probonus::error::transport(status, detail),
            Api::Control | Api::Landing | Api::Other => Problem::new(status, detail).response(),
        }
    }
}

/// The sandbox that the path of a page names, for its links: so they stay in it.
pub(super) struct InPath(pub(super) String);

/// The middleware around everything.
pub(super) async fn receive(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // Java's client offers HTTP/2 this way with each new connection. actix closes such a connection after the
    // answer without saying so, and the client would lose its next call.
    let offers_upgrade = request.head().connection_type() == ConnectionType::Upgrade;
    let shared = request.app_data::<Data<Shared>>().expect("the app is made with it");
    let page = cors::allowed(request.headers(), &shared.options.cors);
    let mut answered = answer(request, next).await;
    if let (Some(origin), Ok(response)) = (page, &mut answered)
        && Api::of(response.request().match_info().as_str()).is_for_pages()
    {
        cors::put(response.headers_mut(), origin);
    }
    if let (true, Ok(response)) = (offers_upgrade, &mut answered) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    answered
}

async fn answer(mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let shared = Arc::clone(request.app_data::<Data<Shared>>().expect("the app is made with it"));
    let by_path = select::split_path(request.uri()).map(|(name, uri)| {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
        name
    });
    // The path as it is routed: `%5Fstend` is `_stend`.
    let path = request.match_info().as_str();
    let api = Api::of(path);
    let refused = match api {
        Api::Control => guard::refusal(path, &request, &shared.options),
        Api::LoyalClient | Api::Ibonus | Api::ProBonus | Api::ProBonusPage | Api::Landing | Api::Other => {
            None
        }
    };
    // Of a caller that is refused nothing is kept.
    let limit = if refused.is_some() { 0 } else { body_limit(&shared, path) };
    // Neither of them touches a sandbox.
    let touches_none = api == Api::Landing || path == "/_stend/health";
    let body = read_body(&mut request, limit).await;
    if let Some(response) = refused {
        return Ok(request.into_response(response));
    }
    if let Some(response) = cors::preflight(&request, &shared.options.cors).filter(|_| api.is_for_pages()) {
        return Ok(request.into_response(response));
    }
    if touches_none {
        if let Some(name) = by_path {
            if let Err(error) = Registry::check_name(&name) {
                return Ok(request.into_response(no_sandbox(&error)));
            }
            request.extensions_mut().insert(InPath(name));
        }
        return next.call(request).await;
    }
    let Some(registry) = shared.registry.get() else {
        return Ok(request.into_response(not_ready()));
    };
    let sandbox = match choose(registry, by_path.as_deref(), &request, body.as_deref().unwrap_or_default()) {
        Ok(sandbox) => sandbox,
        Err(error) => return Ok(request.into_response(no_sandbox(&error))),
    };

    // Only emulated calls are in the journal.
    let is_emulated = api.programme().is_some() || api == Api::Other;
    let begin = || Record::begin(&sandbox, api.programme(), &request, body.as_ref().ok());
    let mut record = is_emulated.then(begin);
    let uri = request.uri().clone();
    let answered = match body {
        Err(error) => {
            if let Some(record) = &mut record {
                record.operation =
                    operations::find(request.method(), request.match_info().as_str()).operation();
            }
            request.into_response(error.response(api, &uri, &sandbox, limit))
        }
        Ok(body) => {
            let call = Call { sandbox: sandbox.clone(), body };
            let answering = handle(api, request, call, next, record.as_mut());
            let Ok(answered) = AssertUnwindSafe(answering).catch_unwind().await else {
                tracing::error!(
                    "a handler panicked: this is a bug in stend; reset the sandbox, and report it"
                );
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                let response = api.error(&uri, &sandbox, status, "this is a bug in stend: see its log");
                return Err(Answered::error(mark(response, record, &sandbox, &shared)));
            };
            answered?
        }
    };
    let (request, response) = answered.into_parts();
    let response = ServiceResponse::new(request, mark(response, record, &sandbox, &shared));
    let (method, path, status) = (response.request().method(), response.request().path(), response.status());
    tracing::debug!(sandbox = sandbox.name(), status = status.as_u16(), "{method} {path}");
    Ok(disrupt::deliver(response).await)
}

/// Lets an emulated operation answer, or one of stend's own pages.
async fn handle(
    api: Api,
    request: ServiceRequest,
    call: Call,
    next: Next<BoxBody>,
    record: Option<&mut Record>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(programme) = api.programme() else {
        request.extensions_mut().insert(call);
        return next.call(request).await;
    };
    let path = request.match_info().as_str();
    let wanted = operations::find(request.method(), path);
    if let Some(record) = record {
        record.operation = wanted.operation();
    }
    let answer = || operations::answer(programme, wanted, path, request.request(), &call);
    let response = match disrupt::fault(programme, wanted, &request, &call) {
        None => answer(),
        Some(fault) => Box::pin(disrupt::call(fault, programme, &request, &call.sandbox, answer)).await,
    };
    Ok(request.into_response(response))
}

/// Puts on an answer which sandbox gave it, and to which call. An emulated one goes into the journal, which numbers it.
fn mark(
    mut response: HttpResponse,
    record: Option<Record>,
    sandbox: &Sandbox,
    shared: &Shared,
) -> HttpResponse {
    let number = match record {
        Some(record) => {
            let (recorded, number) = record.end(sandbox, &shared.meter, response);
            response = recorded;
            HeaderValue::from(number)
        }
        // Not in the journal, so numbered apart.
        None => format!("c{}", sandbox.next_control()).parse().expect("a letter and digits"),
    };
    let name = match sandbox.name() {
        DEFAULT_SANDBOX => HeaderValue::from_static(DEFAULT_SANDBOX),
        name => HeaderValue::from_str(name).expect("names are ASCII"),
    };
    response.headers_mut().insert(X_STEND_SANDBOX, name);
    response.headers_mut().insert(X_STEND_REQUEST, number);
    response
}

fn choose(
    registry: &Registry,
    by_path: Option<&str>,
    request: &ServiceRequest,
    body: &[u8],
) -> Result<Sandbox, RegistryError> {
    let (path, query) = (request.match_info().as_str(), request.query_string());
    let by_request = || select::by_request(request.headers(), path, query, body);
    match by_path.map(Cow::Borrowed).or_else(by_request) {
        Some(name) => registry.open(&name),
        None => Ok(registry.default_sandbox()),
    }
}

fn no_sandbox(error: &RegistryError) -> HttpResponse {
    let (status, kind) = match error {
        RegistryError::BadName { .. } => (StatusCode::BAD_REQUEST, "badSandboxName"),
        RegistryError::Unknown { .. } => (StatusCode::NOT_FOUND, "unknownSandbox"),
        RegistryError::NoRoom { .. } | RegistryError::Taken { .. } | RegistryError::Undeletable => {
            (StatusCode::CONFLICT, "noRoomForSandbox")
        }
    };
    Problem::new(status, error.to_string()).stend_error(kind).response()
}

fn not_ready() -> HttpResponse {
    let problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the fixtures are still being loaded: wait until /_stend/ready answers 200",
    );
    let mut response = problem.stend_error("notReady").response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn body_limit(shared: &Shared, path: &str) -> usize {
    let limit = match path {
        "/_stend/state" | "/_stend/sandboxes" => shared.options.state_limit,
        _ => shared.options.body_limit,
    };
    usize::try_from(limit.as_u64()).unwrap_or(usize::MAX)
}

/// Why a body could not be read.
enum BodyError {
    TooLarge { drained: bool },
    TooSlow,
    Broken(PayloadError),
}

impl BodyError {
    fn response(self, api: Api, uri: &Uri, sandbox: &Sandbox, limit: usize) -> HttpResponse {
        let (status, detail, close) = match self {
            BodyError::TooLarge { drained } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!(
                    "The body is larger than {limit} bytes, which is the limit here (--body-limit, --state-limit)."
                ),
                !drained,
            ),
            BodyError::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                format!("The body did not arrive within {} seconds.", BODY_WAIT.as_secs()),
                true,
            ),
            BodyError::Broken(PayloadError::Incomplete(_)) => {
                (StatusCode::BAD_REQUEST, "The body ended before it was complete.".to_owned(), true)
            }
            BodyError::Broken(error) => {
                (StatusCode::BAD_REQUEST, format!("The body cannot be read: {error}."), true)
            }
        };
        let mut response = api.error(uri, sandbox, status, &detail);
        response = noted_bad_input(response, detail);
        if close {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Reads the whole body. What is left unread would cost the connection, so a body over the limit is read on for
/// a while, and thrown away.
async fn read_body(request: &mut ServiceRequest, limit: usize) -> Result<Bytes, BodyError> {
    // What follows a CONNECT is no body, and has no end.
    if request.method() == Method::CONNECT {
        return Ok(Bytes::new());
    }
    let payload = match request.take_payload() {
        Payload::None => return Ok(Bytes::new()),
        payload => payload,
    };
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > limit.saturating_add(DRAIN_MAX)) {
        return Err(BodyError::TooLarge { drained: false });
    }
    let mut reading = pin!(collect(payload, limit));
    // A body is fed after its request is first worked on. Most are there by then: no timer is set for them.
    let mut waited = false;
    let early = poll_fn(|context| match reading.as_mut().poll(context) {
        Poll::Ready(read) => Poll::Ready(Some(read)),
        Poll::Pending if waited => Poll::Ready(None),
        Poll::Pending => {
            waited = true;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    });
    if let Some(read) = early.await {
        return read;
    }
    actix_web::rt::time::timeout(BODY_WAIT, reading).await.unwrap_or(Err(BodyError::TooSlow))
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Bytes, BodyError> {
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    let mut length = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(BodyError::Broken)?;
        length += chunk.len();
        if length > limit.saturating_add(DRAIN_MAX) {
            return Err(BodyError::TooLarge { drained: false });
        }
        if length > limit {
            continue;
        }
        // Most bodies come in one piece, which is kept as it is.
        if first.is_empty() && more.is_empty() {
            first = chunk;
        } else {
            more.extend_from_slice(&std::mem::take(&mut first));
            more.extend_from_slice(&chunk);
        }
    }
    match length > limit {
        true => Err(BodyError::TooLarge { drained: true }),
        false if more.is_empty() => Ok(first),
        false => Ok(more.freeze()),
    }
}

/// An answer on actix's way for errors: after a panic there is no request left to answer by.
#[derive(Debug)]
struct Answered(std::cell::RefCell<Option<HttpResponse>>);

impl Answered {
    fn error(response: HttpResponse) -> Error {
        Answered(std::cell::RefCell::new(Some(response))).into()
    }
}

impl std::fmt::Display for Answered {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("answered")
    }
}

impl ResponseError for Answered {
    fn error_response(&self) -> HttpResponse {
        let response = self.0.borrow_mut().take();
        response.unwrap_or_else(|| HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR))
    }
}
