//! The yardstick: the bare framework doing the same JSON, as one would write it who wants nothing else. It parses
//! the request into a struct, checks the credentials, and serialises an answer from a struct. No state, no rules, no
//! sandboxes, no errors but the framework's own.

mod ibonus;
mod loyalclient;
mod probonus;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, rt};
use serde::Serialize;

/// The same as stend's.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Serves until it is killed; prints its address when it listens.
pub(crate) fn serve(address: SocketAddr, workers: Option<usize>) -> io::Result<()> {
    rt::System::new().block_on(async move {
        let app = || {
            App::new().configure(loyalclient::routes).configure(ibonus::routes).configure(probonus::routes)
        };
        let mut server = HttpServer::new(app).keep_alive(KEEP_ALIVE);
        if let Some(workers) = workers {
            server = server.workers(workers);
        }
        let server = server.bind(address)?;
        let address = server.addrs()[0];
        let mut stdout = io::stdout();
        writeln!(stdout, "http://{address}").and_then(|()| stdout.flush())?;
        server.run().await
    })
}

fn answer<A: Serialize>(has_key: bool, good: bool, answer: impl FnOnce() -> A) -> HttpResponse {
    if !has_key {
        return HttpResponse::Unauthorized().finish();
    }
    if good { HttpResponse::Ok().json(answer()) } else { HttpResponse::UnprocessableEntity().finish() }
}
