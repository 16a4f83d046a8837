//! Logs go to stderr: as text, or one JSON object a line. stdout carries only what was asked for.

use std::io::{IsTerminal, Write};
use std::sync::OnceLock;

use clap::ValueEnum;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// What is logged at every level: the start, and why there is none.
const ALWAYS: &str = "stend::always";

/// The format, once it is known.
static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// Starts logging.
pub(super) fn start(format: LogFormat, level: LevelFilter) {
    FORMAT.get_or_init(|| format);
    // The libraries have little to say to a user of stend.
    let filter = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("stend", level)
        // An answer that a fault cuts off is no error, though it looks like one from there.
        .with_target("actix_http::h1::dispatcher", LevelFilter::OFF)
        .with_target(ALWAYS, LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().with_target(false).with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Text => registry.with(lines.with_ansi(std::io::stderr().is_terminal())).init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).init(),
    }
}

/// Writes lines to stderr, whatever the level: as they are, in one go, or as JSON. That stderr is closed is no reason
/// to stop.
pub(super) fn lines(lines: &[String]) {
    match FORMAT.get() {
        Some(LogFormat::Json) => {
            for line in lines {
                tracing::info!(target: ALWAYS, "{}", line.trim_start());
            }
        }
        Some(LogFormat::Text) | None => {
            let _ = std::io::stderr().write_all((lines.join("\n") + "\n").as_bytes());
        }
    }
}

/// Says why something could not be done, a line each.
pub(super) fn error(text: &str) {
    for line in text.lines() {
        match FORMAT.get() {
            Some(LogFormat::Json) => tracing::error!(target: ALWAYS, "{line}"),
            Some(LogFormat::Text) | None => {
                let _ = writeln!(std::io::stderr(), "error: {line}");
            }
        }
    }
}
