//! The command line: one file a subcommand.

mod completions;
mod exec;
mod generate;
mod healthcheck;
mod log;
mod output;
mod schema;
mod serve;
mod signals;
mod validate;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// A test bench for loyalty integrations: stands in for LoyalClient, i-bonus.me and ProBonus, in memory, with its own
/// clock.
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
    /// Serve for as long as a command runs, which finds the address in its environment
    Exec(Box<exec::Exec>),
    /// Make a large fixture
    Generate(generate::Generate),
    /// Print the JSON Schema of fixtures
    Schema,
    /// Print what a shell needs to complete commands and flags
    Completions(completions::Completions),
}

/// The whole command line.
fn command() -> clap::Command {
    Cli::command().mut_subcommand("exec", |exec| exec.mut_arg("port", exec::Exec::own_port))
}

/// A variable of the environment that is there and empty says nothing, as of a compose file's `${NAME:-}`.
fn without_empty_twin(argument: clap::Arg) -> clap::Arg {
    let is_empty = |name| std::env::var_os(name).is_some_and(|value| value.is_empty());
    if argument.get_env().is_some_and(is_empty) { argument.env(None::<&str>) } else { argument }
}

/// Reads the arguments and does what they say.
///
/// Exit codes: 0 done; 1 bad fixtures, a taken port, a server that is not healthy; 2 bad arguments. `exec` has its
/// command's.
pub fn run() -> ExitCode {
    let mut command = command();
    // To go through all arguments takes longer than to see that there is no need to.
    if std::env::vars_os().any(|(_, value)| value.is_empty()) {
        command = command.mut_args(without_empty_twin);
        command = command.mut_subcommands(|subcommand| subcommand.mut_args(without_empty_twin));
    }
    let cli = Cli::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit());
    let outcome = match cli.command {
        None => cli.serve.run(),
        Some(Command::Serve(serve)) => serve.run(),
        Some(Command::Validate(validate)) => validate.run(),
        Some(Command::Healthcheck(healthcheck)) => healthcheck.run(),
        Some(Command::Exec(exec)) => exec.run(),
        Some(Command::Generate(generate)) => generate.run(),
        Some(Command::Schema) => schema::run(),
        Some(Command::Completions(completions)) => completions.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error(&format!("{error:#}"));
            ExitCode::from(1)
        }
    }
}

/// Ends the process as clap does when a value is no good: the message, exit code 2.
fn usage_error(message: &str) -> ! {
    clap::Error::raw(clap::error::ErrorKind::ValueValidation, format!("{message}\n")).exit()
}
