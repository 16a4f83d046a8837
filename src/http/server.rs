//! Starting and stopping: the same way in production and in tests.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use actix_web::{App, HttpServer, middleware, rt};

use tokio_util::sync::CancellationToken;

use super::waiting::Line;
use super::{Shared, receive, routes};

/// How long a stop waits for requests that are being answered. With it a stop takes less than 5 s, whatever
/// clients do.
const STOP_WAIT_SECONDS: u64 = 2;

/// How long an idle connection is kept: longer than the pools of usual clients keep theirs, so that none of them
/// sends into a connection that is just being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A server that runs on a thread of its own.
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
    stopping: CancellationToken,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Server {
    /// The address it listens on: with the real port, where a free one was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops taking connections, answers the requests that are there, ends. Whoever waits on purpose waits no
    /// longer.
    pub fn stop(&mut self) {
        let Some(thread) = self.thread.take() else {
            return;
        };
        self.stopping.cancel();
        drop(self.handle.stop(true));
        match thread.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!("the server ended with an error: {error}"),
            Err(_) => tracing::error!("the server's thread panicked"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A server that is about to listen.
pub struct Starting {
    bound: mpsc::Receiver<io::Result<(SocketAddr, ServerHandle)>>,
    stopping: CancellationToken,
    thread: JoinHandle<io::Result<()>>,
}

impl Starting {
    /// Waits until it listens.
    pub fn bound(self) -> io::Result<Server> {
        let bound = self.bound.recv();
        let bound = bound.map_err(|_| io::Error::other("the server's thread ended at its start"))?;
        let Starting { stopping, thread, .. } = self;
        bound.map(|(address, handle)| Server { address, handle, stopping, thread: Some(thread) })
    }
}

/// Begins to listen, and to serve: on a thread of its own, so that the caller has time for something else. Answers
/// come at once; until the fixtures are loaded they are 503.
pub fn start(shared: Arc<Shared>, host: &str, port: u16) -> io::Result<Starting> {
    let address = (host, port).to_socket_addrs()?.next().ok_or_else(|| {
        io::Error::new(io::ErrorKind::AddrNotAvailable, format!("the host {host:?} has no address"))
    })?;
    let workers = shared.options.workers;
    let stopping = shared.waiting.stopping.clone();
    let (sender, bound) = mpsc::sync_channel(1);
    let serve = async move || {
        let mut server = HttpServer::new(move || {
            App::new()
                .app_data(Data::from(Arc::clone(&shared)))
                .wrap(middleware::from_fn(receive::receive))
                .configure(routes)
        })
        .on_connect(Line::keep)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(STOP_WAIT_SECONDS)
        .disable_signals();
        if let Some(workers) = workers {
            server = server.workers(workers.get());
        }
        match server.bind(address) {
            Err(error) => {
                sender.send(Err(error)).expect("whoever starts waits for it");
                Ok(())
            }
            Ok(server) => {
                let address = server.addrs()[0];
                let server = server.run();
                sender.send(Ok((address, server.handle()))).expect("whoever starts waits for it");
                server.await
            }
        }
    };
    let thread = std::thread::Builder::new()
        .name("stend-http".to_owned())
        .spawn(move || rt::System::new().block_on(serve()))?;
    Ok(Starting { bound, stopping, thread })
}
