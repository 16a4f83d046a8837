//! The edge: translation between HTTP and the bench. The only part that knows actix and status codes.

mod call;
mod contract;
mod control;
mod cors;
mod cut;
mod disrupt;
mod fields;
mod guard;
mod ibonus;
mod json;
mod landing;
mod loyalclient;
mod meter;
mod operations;
mod prefer;
mod problem;
mod probonus;
mod receive;
mod record;
mod select;
mod server;
mod swagger;
mod waiting;

pub use landing::PLACES;
pub use operations::{Operation, operations};
pub use receive::{BODY_WAIT, DRAIN_MAX};
pub use server::{Server, Starting, start};
pub use waiting::{STALL_MAX, STALLS_MAX, Waiting};

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::config::Options;
use crate::sandbox::clock;
use crate::sandbox::registry::Registry;
use meter::Meter;

/// What every worker shares.
pub struct Shared {
    /// What the server was told.
    pub options: Options,
    /// The sandboxes; none until the fixtures are loaded.
    pub registry: OnceLock<Registry>,
    /// The address, once it is known.
    pub address: OnceLock<SocketAddr>,
    /// Who waits for something, and until when.
    pub waiting: Waiting,
    meter: Meter,
    started: Instant,
}

impl Shared {
    /// A server's shared part, before its fixtures are loaded.
    pub fn new(options: Options) -> Arc<Shared> {
        Arc::new(Shared {
            options,
            registry: OnceLock::new(),
            address: OnceLock::new(),
            waiting: Waiting::default(),
            meter: Meter::default(),
            started: clock::stopwatch(),
        })
    }

    /// The sandboxes of a server that has started.
    pub fn registry(&self) -> &Registry {
        self.registry.get().expect("a started server has its fixtures loaded")
    }
}

/// The routes of stend's own pages. Those of the emulated APIs are in [`operations()`]; each API has its table in its
/// own folder.
fn routes(app: &mut web::ServiceConfig) {
    app.service(web::scope("/_stend").configure(control::routes))
        .configure(probonus::pages)
        .service(
            web::resource("/")
                .get(landing::landing)
                .head(landing::landing)
                .default_service(web::to(landing::method_not_allowed)),
        )
        .default_service(web::to(unmatched));
}

/// A path outside of everything that is emulated: a set-up mistake must not look like a vendor's answer.
async fn unmatched(request: HttpRequest) -> HttpResponse {
    let (method, path) = (request.method(), request.path());
    let detail = format!(
        "there is nothing at {method} {path}: the emulated calls are under /integration, /ext and /api, stend's own under /_stend. See /"
    );
    problem::Problem::new(StatusCode::NOT_FOUND, detail).stend_error("unmatched").response()
}
