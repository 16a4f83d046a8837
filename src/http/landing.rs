//! `GET /`: a small page that tells a newcomer where to go.

use std::net::SocketAddr;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, ContentType, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use super::Shared;
use super::problem::Problem;
use super::receive::InPath;
use crate::config::PORT;
use crate::sandbox::registry::Registry;

/// Under which paths things are, and what they are: for the page and for the start-up lines.
pub const PLACES: [(&str, &str); 8] = [
    ("/integration/general", "LoyalClient"),
    ("/ext/api/v1", "i-bonus.me"),
    ("/api/v0", "ProBonus"),
    ("/docs", "ProBonus's own page, to try its calls"),
    ("/_stend/docs", "all calls, to read about and to try"),
    ("/_stend/accounts", "accounts: who has how many points"),
    ("/_stend/clock", "the clock"),
    ("/_stend/health", "health"),
];

/// The page.
pub(super) async fn landing(request: HttpRequest, shared: Data<Shared>) -> HttpResponse {
    let sandbox = request.extensions().get().map(|InPath(name)| format!("/sandboxes/{name}"));
    let sandbox = sandbox.unwrap_or_default();
    let demo = shared.registry.get().is_some_and(|registry: &Registry| registry.fixture().is_demo());
    let credentials = if demo {
        "<p>The demo fixture is loaded. LoyalClient's <code>apikey</code> is <code>test-key</code>, \
         point <code>62a0f1e2d3c4b5a69788f4f4</code>, phone <code>79201234567</code>; i-bonus.me's login is \
         <code>merchant@example.com</code>, password <code>secret</code>; ProBonus's login is \
         <code>admin</code>, password <code>111</code>, its <code>X-API-Key</code> is <code>test-key</code>.</p>"
    } else {
        ""
    };
    let places: String = PLACES
        .iter()
        .map(|(path, what)| {
            if path.starts_with("/_stend") || *path == "/docs" {
                format!("<li><a href=\"{sandbox}{path}\"><code>{path}</code></a> {what}</li>")
            } else {
                format!("<li><code>{path}/…</code> {what}</li>")
            }
        })
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    HttpResponse::Ok().content_type(ContentType::html()).body(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>stend</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\"><style>\
         body{{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}}\
         pre{{background:#f4f4f4;padding:1rem;overflow:auto}}\
         @media(prefers-color-scheme:dark){{body{{background:#181818;color:#ddd}}a{{color:#8cf}}\
         pre{{background:#222}}}}</style>\
         <h1>stend {version}</h1>\
         <p>A test bench for loyalty integrations, in memory, with its own clock.</p>\
         {credentials}<ul>{places}</ul>\
         <p>Try it:</p><pre>curl http://localhost:{port}/integration/general/client \\\n  \
         -H 'apikey: test-key' \\\n  \
         -d '{{\"search\":\"79201234567\",\"point\":\"62a0f1e2d3c4b5a69788f4f4\"}}'</pre>\
         <p>Every test may have a sandbox of its own: put <code>~</code> and a name behind the key \
         (<code>test-key~ci-7</code>), or <code>/sandboxes/ci-7</code> before the path.</p>",
        port = shared.address.get().map_or(PORT, SocketAddr::port),
    ))
}

/// Nothing is emulated here, so this is no vendor's answer.
pub(super) async fn method_not_allowed(request: HttpRequest) -> HttpResponse {
    let detail = format!("{} / is not possible: this is stend's own page, for GET", request.method());
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail);
    let mut response = problem.stend_error("unmatched").response();
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}
