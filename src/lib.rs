//! stend: a test bench for loyalty integrations. One process stands in for a loyalty programme's server, in
//! memory, true to its documented behaviour, with a clock of its own.
//!
//! The modules in reading order: [`loyalty`], the rules, which know neither HTTP nor a clock; [`sandbox`], the
//! bench around them; [`http`], the edge; [`config`], what a server can be told.
//!
//! In a Rust test it runs in-process:
//!
//! ```
//! use stend::{Period, Stend, Time};
//!
//! let stend = Stend::builder().frozen_at(Time::parse("2026-01-01T00:00:00Z")?).start()?;
//! // Point the code under test to stend.url(), with the apikey test-key~checkout …
//! let sandbox = stend.sandbox("checkout")?;
//! // … let eleven minutes pass, and see what is over with them.
//! let (now, expired) = sandbox.advance_by(Period::minutes(11))?;
//! assert_eq!(now.to_string(), "2026-01-01T00:11:00.000Z");
//! # drop(expired);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cli;
pub mod config;
pub mod http;
pub mod loyalty;
pub mod sandbox;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

pub use cli::run as cli;
use config::{Options, PORT};
pub use loyalty::time::{Period, Time};
pub use sandbox::Sandbox;
use sandbox::fixture::{LoadError, Seed};
use sandbox::registry::{Registry, RegistryError};

/// A running server. Stops when it is dropped.
pub struct Stend {
    server: http::Server,
    shared: Arc<http::Shared>,
    url: String,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {host}:{port}: {error}; choose another --host or --port (0 takes a free one)")]
    Bind {
        /// The host that was asked for.
        host: String,
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        error: io::Error,
    },
    /// The fixtures cannot be used.
    #[error(transparent)]
    Fixtures(#[from] LoadError),
}

impl Stend {
    /// What to start: the built-in demo on a free port, unless told otherwise.
    pub fn builder() -> Builder {
        Builder { options: Options { port: Some(0), ..Options::default() }, fixture: None }
    }

    /// Starts a server with these options: listens and loads the fixtures, then returns.
    pub fn start(options: Options) -> Result<Stend, StartError> {
        let given = options.given();
        Stend::start_with(options, |options| Seed::load(&options.fixtures, given))
    }

    /// Where it listens: `http://127.0.0.1:6896`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Where it can be called: [`address`](Stend::address), or loopback where that is every interface.
    pub fn callable_address(&self) -> SocketAddr {
        callable(self.address())
    }

    /// Whether it serves the built-in demo.
    pub fn is_demo(&self) -> bool {
        self.registry().fixture().is_demo()
    }

    /// The sandbox of this name, made if it is not there yet.
    pub fn sandbox(&self, name: &str) -> Result<Sandbox, RegistryError> {
        self.registry().open(name)
    }

    /// The sandbox of requests that name none.
    pub fn default_sandbox(&self) -> Sandbox {
        self.registry().default_sandbox()
    }

    /// All sandboxes.
    pub fn registry(&self) -> &Registry {
        self.shared.registry()
    }

    pub(crate) fn shared(&self) -> &Arc<http::Shared> {
        &self.shared
    }

    /// Stops: answers the requests that are there, and returns when that is done.
    pub fn stop(mut self) {
        self.server.stop();
    }

    fn start_with(
        options: Options,
        load: impl FnOnce(&Options) -> Result<Seed, LoadError>,
    ) -> Result<Stend, StartError> {
        let (host, port) = (options.host.clone(), options.port.unwrap_or(PORT));
        let shared = http::Shared::new(options);
        let starting = http::start(Arc::clone(&shared), &host, port);
        // While the server's thread binds.
        let fixture = load(&shared.options);
        let server = match starting.and_then(http::Starting::bound) {
            Ok(server) => server,
            Err(error) => return Err(StartError::Bind { host, port, error }),
        };
        let registry = Registry::new(Arc::new(fixture?), shared.options.limits());
        let url = format!("http://{}", callable(server.address()));
        let known = shared.registry.set(registry).is_ok() && shared.address.set(server.address()).is_ok();
        assert!(known, "a server is started once");
        Ok(Stend { server, shared, url })
    }
}

/// An address to call, also where everything is listened to.
fn callable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// What to start.
pub struct Builder {
    options: Options,
    fixture: Option<String>,
}

impl Builder {
    /// The fixture: built-in names, or paths of files and folders.
    #[must_use]
    pub fn fixtures<S: Into<String>>(mut self, sources: impl IntoIterator<Item = S>) -> Builder {
        self.options.fixtures = sources.into_iter().map(Into::into).collect();
        self
    }

    /// The fixture, as JSON.
    #[must_use]
    pub fn fixture(mut self, json: impl Into<String>) -> Builder {
        self.fixture = Some(json.into());
        self
    }

    /// The clock of every sandbox stands still here at its start.
    #[must_use]
    pub fn frozen_at(mut self, time: Time) -> Builder {
        self.options.freeze = Some(time);
        self
    }

    /// The seed of ids and dice.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Builder {
        self.options.seed = Some(seed);
        self
    }

    /// The port; 0, a free one, unless told otherwise.
    #[must_use]
    pub fn port(mut self, port: u16) -> Builder {
        self.options.port = Some(port);
        self
    }

    /// Anything else that the command line can say.
    #[must_use]
    pub fn options(mut self, change: impl FnOnce(&mut Options)) -> Builder {
        change(&mut self.options);
        self
    }

    /// Starts it, and returns when it is ready.
    pub fn start(self) -> Result<Stend, StartError> {
        let given = self.options.given();
        match self.fixture {
            None => Stend::start(self.options),
            Some(json) => Stend::start_with(self.options, |_| {
                Seed::read(&json, given, sandbox::clock::real_now())
                    .map_err(|mistakes| LoadError::of_text("fixture", mistakes))
            }),
        }
    }
}
