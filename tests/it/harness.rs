//! What the tests stand on: a [`Bench`] with a server on a free port, callers with named verbs, and two checks
//! that nobody has to ask for. Every answer is held against `contract/`, and at the end of a bench the audit of
//! every sandbox that was used must be clean.
//!
//! ```ignore
//! let bench = Bench::shop();
//! bench.retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 78})).ok();
//! bench.advance("PT11M");
//! assert_eq!(bench.balance(IVAN), 800);
//! ```

mod answer;
mod caller;
mod contract;
mod shop;
mod socket;

use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use serde_json::Value;
use stend::sandbox::clock::stopwatch;
use stend::{StartError, Stend, Time};

pub(crate) use answer::Answer;
pub(crate) use caller::Caller;
pub(crate) use contract::{Operation, operations, refusals};
pub(crate) use shop::*;
pub(crate) use socket::Socket;

/// Where the clock of a bench stands at its start.
pub(crate) const START: &str = "2026-01-01T00:00:00Z";

/// The same in UNIX seconds.
pub(crate) const START_SECONDS: i64 = 1_767_225_600;

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server with its checks, and a caller of its default sandbox.
pub(crate) struct Bench {
    /// `None` when the server runs elsewhere, or was stopped.
    stend: Option<Stend>,
    caller: Caller,
}

impl Bench {
    /// The harness's own shop: see [`shop`].
    pub(crate) fn shop() -> Bench {
        Bench::with(&shop())
    }

    /// The shop under other rules: an object of the rules that differ from the defaults.
    pub(crate) fn shop_with_rules(rules: Value) -> Bench {
        let mut fixture = shop();
        fixture["loyalclient"]["rules"] = rules;
        Bench::with(&fixture)
    }

    /// A fixture written in the test; its clock stands at [`START`].
    #[track_caller]
    pub(crate) fn with(fixture: &Value) -> Bench {
        Bench::start(Bench::builder().fixture(fixture.to_string()))
    }

    /// The built-in demo; its clock stands at [`START`].
    pub(crate) fn demo() -> Bench {
        Bench::start(Bench::builder())
    }

    /// Anything else that can be told to a server.
    #[track_caller]
    pub(crate) fn start(builder: stend::Builder) -> Bench {
        match Bench::try_start(builder) {
            Ok(bench) => bench,
            Err(error) => panic!("the server does not start: {error}"),
        }
    }

    /// The same, for a start that may fail.
    pub(crate) fn try_start(builder: stend::Builder) -> Result<Bench, StartError> {
        let stend = builder.start()?;
        let caller = Caller::of(stend.url());
        Ok(Bench { stend: Some(stend), caller })
    }

    /// A server that runs elsewhere, such as in a process of its own.
    #[allow(dead_code)] // for tests of the real binary
    pub(crate) fn at(url: &str) -> Bench {
        Bench { stend: None, caller: Caller::of(url) }
    }

    /// What [`Bench::start`] starts from: a free port, two workers, a clock that stands at [`START`].
    pub(crate) fn builder() -> stend::Builder {
        let start = Time::parse(START).expect("it is RFC 3339");
        Stend::builder().frozen_at(start).options(|options| options.workers = NonZeroUsize::new(2))
    }

    /// The server in this process.
    pub(crate) fn stend(&self) -> &Stend {
        self.stend.as_ref().expect("the server runs in this process")
    }

    /// Looks at the audits now, then stops the server; answers when it has stopped.
    pub(crate) fn stop(mut self) {
        self.caller.demand_clean_audits();
        if let Some(stend) = self.stend.take() {
            stend.stop();
        }
    }
}

/// A bench is called like the caller of its default sandbox.
impl Deref for Bench {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.caller.is_audited() {
            self.caller.demand_clean_audits();
        }
    }
}

/// Asks again and again until there is an answer, and fails when that takes too long.
#[track_caller]
pub(crate) fn wait_for<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let started = stopwatch();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "what was waited for does not happen");
        std::thread::yield_now();
    }
}

/// A port that nobody listens on: below those that the system gives out by itself, and another one every time.
pub(crate) fn free_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + u16::try_from(std::process::id() % 8_000).expect("it is small");
    loop {
        let port = start + TAKEN.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
