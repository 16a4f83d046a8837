//! `stend [serve]`: serves until it is told to stop.

use std::pin::pin;

use actix_web::rt;
use clap::Args;
use futures_util::future::{Either, select};
use tracing_subscriber::filter::LevelFilter;

use super::log::{self, LogFormat};
use super::output;
use super::signals::{StopSignal, StopSignals};
use super::watch::Watch;
use crate::Stend;
use crate::config::{self, Options, PORT};
use crate::http::PLACES;

/// The arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    server: ServerArgs,

    /// Print the address, and nothing else, to stdout.
    #[arg(long, env = "STEND_PRINT_URL", value_parser = config::switch)]
    print_url: bool,
}

/// What `serve` and `exec` can be told about their server.
#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    #[command(flatten)]
    options: Options,

    /// When the fixtures' files change, make new and reset sandboxes from them, and reset `default` at once.
    #[arg(long, env = "STEND_WATCH", value_parser = config::switch)]
    watch: bool,

    /// How log lines look.
    #[arg(long, env = "STEND_LOG_FORMAT", value_enum, default_value_t)]
    log_format: LogFormat,

    /// What is logged: off, error, warn, info, debug (each request) or trace.
    #[arg(long, env = "STEND_LOG_LEVEL", value_name = "LEVEL", value_parser = level, default_value = "info")]
    log_level: LevelFilter,
}

impl ServerArgs {
    /// Starts logging, as it was asked for.
    pub(super) fn start_log(&self) {
        log::start(self.log_format, self.log_level);
    }

    /// Starts the server, on this port if none is said; or answers the signal to stop that came before it had
    /// started: large fixtures take seconds.
    pub(super) async fn start_unless_stopped(
        &self,
        port: impl FnOnce() -> u16,
        signals: &mut StopSignals,
    ) -> anyhow::Result<Result<Stend, StopSignal>> {
        let mut options = self.options.clone();
        options.port.get_or_insert_with(port);
        let watch = self.watch;
        let starting = rt::task::spawn_blocking(move || ServerArgs::start(options, watch));
        match select(starting, pin!(signals.next())).await {
            Either::Left((started, _)) => started.expect("a start does not panic").map(Ok),
            Either::Right((signal, _)) => Ok(Err(signal?)),
        }
    }

    fn start(options: Options, watch: bool) -> anyhow::Result<Stend> {
        // Without it the server still starts, for fewer connections.
        if let Err(error) = rlimit::increase_nofile_limit(OPEN_FILES) {
            tracing::warn!("the limit of open files stays as it is: {error}");
        }
        // Before the files are first read, so that no change is missed.
        let watch = watch.then(|| Watch::new(&options));
        let stend = Stend::start(options)?;
        if let Some(watch) = watch {
            watch.start(stend.shared())?;
        }
        Ok(stend)
    }
}

/// How many files the process may have open, if the system lets it: each connection takes two, so that a fault can
/// reset it. No more, as a command of `exec` inherits it.
const OPEN_FILES: u64 = 65_536;

/// How to get into the demo.
const DEMO: [&str; 3] = [
    "  demo fixture: LoyalClient apikey test-key",
    "                i-bonus.me merchant@example.com / secret",
    "                ProBonus admin / 111, X-API-Key test-key",
];

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        self.server.start_log();
        rt::System::new().block_on(async {
            // Before anybody can know of the server: who starts it may stop it at once.
            let mut signals = StopSignals::listen()?;
            let Ok(stend) = self.server.start_unless_stopped(port_of_environment, &mut signals).await? else {
                std::process::exit(0)
            };
            Serve::announce(&stend);
            if self.print_url {
                output::print(&format!("{}\n", stend.url()))?;
            }
            signals.next().await?;
            tracing::info!("stopping");
            stend.stop();
            // Without taking the worlds apart: a large one takes seconds, and the process ends anyway.
            std::process::exit(0)
        })
    }

    /// The start-up lines; the last is exactly `Ready.`.
    fn announce(stend: &Stend) {
        let url = stend.url();
        let everywhere = if stend.address().ip().is_unspecified() { ", on every interface" } else { "" };
        let mut lines = vec![format!("stend {} on {url}{everywhere}", env!("CARGO_PKG_VERSION"))];
        if stend.is_demo() {
            lines.extend(DEMO.map(str::to_owned));
        }
        lines.extend(PLACES.iter().map(|(path, what)| format!("  {url}{path}  {what}")));
        lines.push("Ready.".to_owned());
        log::lines(&lines);
    }
}

/// The environment's `PORT`, as hosts of containers set it.
pub(super) fn port_of_environment() -> u16 {
    let Some(text) = std::env::var("PORT").ok().filter(|text| !text.is_empty()) else {
        return PORT;
    };
    config::port(&text).unwrap_or_else(|expected| {
        super::usage_error(&format!("invalid value '{text}' for the environment's PORT: {expected}"))
    })
}

fn level(text: &str) -> Result<LevelFilter, String> {
    text.parse().map_err(|_| "expected off, error, warn, info, debug or trace".to_owned())
}
