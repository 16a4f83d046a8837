//! `stend [serve]`: serves until it is told to stop.

use std::io::Write;
#[cfg(unix)]
use std::pin::pin;

use actix_web::rt;
use anyhow::Context;
use clap::Args;
use tracing_subscriber::filter::LevelFilter;

use super::log::{self, LogFormat};
use crate::Stend;
use crate::config::{self, Options, PORT};
use crate::http::PLACES;

/// The arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    options: Options,

    /// How log lines look.
    #[arg(long, env = "STEND_LOG_FORMAT", value_enum, default_value_t)]
    log_format: LogFormat,

    /// What is logged: off, error, warn, info, debug (each request) or trace.
    #[arg(long, env = "STEND_LOG_LEVEL", value_name = "LEVEL", value_parser = level, default_value = "info")]
    log_level: LevelFilter,

    /// Print the address, and nothing else, to stdout.
    #[arg(long, env = "STEND_PRINT_URL", value_parser = clap::builder::FalseyValueParser::new())]
    print_url: bool,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        log::start(self.log_format, self.log_level);
        let mut options = self.options.clone();
        options.port.get_or_insert_with(port_of_environment);
        rt::System::new().block_on(async {
            // Before anybody can know of the server: who starts it may stop it at once.
            let stop = StopSignal::listen()?;
            let stend = Stend::start(options)?;
            Serve::announce(&stend);
            if self.print_url {
                let mut stdout = std::io::stdout();
                let written = writeln!(stdout, "{}", stend.url()).and_then(|()| stdout.flush());
                written.context("cannot write to stdout")?;
            }
            stop.received().await?;
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
            lines.push(
                "  demo fixture: LoyalClient apikey test-key, i-bonus.me merchant@example.com / secret"
                    .to_owned(),
            );
        }
        lines.extend(PLACES.iter().map(|(path, what)| format!("  {url}{path}  {what}")));
        lines.push("Ready.".to_owned());
        log::lines(&lines);
    }
}

/// The environment's `PORT`, as hosts of containers set it.
pub(super) fn port_of_environment() -> u16 {
    let Ok(text) = std::env::var("PORT") else {
        return PORT;
    };
    config::port(&text).unwrap_or_else(|expected| {
        let message = format!("invalid value '{text}' for the environment's PORT: {expected}\n");
        clap::Error::raw(clap::error::ErrorKind::ValueValidation, message).exit()
    })
}

fn level(text: &str) -> Result<LevelFilter, String> {
    text.parse().map_err(|_| "expected off, error, warn, info, debug or trace".to_owned())
}

/// SIGTERM and SIGINT, from the moment on that they are listened to.
struct StopSignal {
    #[cfg(unix)]
    terminate: rt::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: rt::signal::unix::Signal,
}

impl StopSignal {
    fn listen() -> std::io::Result<StopSignal> {
        #[cfg(unix)]
        use rt::signal::unix::{SignalKind, signal};
        Ok(StopSignal {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(unix)]
    async fn received(mut self) -> std::io::Result<()> {
        let (terminate, interrupt) = (pin!(self.terminate.recv()), pin!(self.interrupt.recv()));
        futures_util::future::select(terminate, interrupt).await;
        Ok(())
    }

    #[cfg(not(unix))]
    async fn received(self) -> std::io::Result<()> {
        rt::signal::ctrl_c().await
    }
}
