//! The command line: one file a subcommand.

mod healthcheck;
mod log;
mod serve;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A test bench for loyalty integrations: stands in for LoyalClient and i-bonus.me, in memory, with its own clock.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the emulated APIs (the default)
    Serve(Box<serve::Serve>),
    /// Check fixtures, and tell all that is wrong with them
    Validate(validate::Validate),
    /// Ask a running server whether it is ready
    Healthcheck(healthcheck::Healthcheck),
}

/// Reads the arguments and does what they say.
///
/// Exit codes: 0 done; 1 bad fixtures, a taken port, a server that is not healthy; 2 bad arguments.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        None => cli.serve.run(),
        Some(Command::Serve(serve)) => serve.run(),
        Some(Command::Validate(validate)) => validate.run(),
        Some(Command::Healthcheck(healthcheck)) => healthcheck.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error(&format!("{error:#}"));
            ExitCode::from(1)
        }
    }
}
