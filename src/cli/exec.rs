//! `stend exec -- COMMAND…`: a server for as long as a command runs.
//!
//! The server is in this process, so that there is none left when the process has ended, however it did.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::pin::pin;
use std::process::ExitStatus;
use std::time::Duration;

use actix_web::rt;
use anyhow::Context;
use clap::Args;
use futures_util::future::{Either, select};
use tokio::process::{Child, Command};

use super::log;
use super::serve::ServerArgs;
use super::signals::{StopSignal, StopSignals};
use crate::Stend;

/// How long the command may take to end when this process was told to.
const END_WAIT: Duration = Duration::from_secs(5);

/// The exit code when there is no such command, as shells have it.
const NOT_FOUND: i32 = 127;

/// The exit code when the command cannot be run.
const NOT_RUNNABLE: i32 = 126;

/// The arguments of `exec`.
#[derive(Debug, Args)]
pub(super) struct Exec {
    #[command(flatten)]
    server: ServerArgs,

    /// The command and its arguments. Put `--` before it if it begins with a hyphen.
    #[arg(required = true, value_name = "COMMAND", trailing_var_arg = true)]
    command: Vec<OsString>,
}

impl Exec {
    /// What differs from `serve`: the port. The environment's says where a server is that runs, such as the one of
    /// an `exec` around this one.
    pub(super) fn own_port(port: clap::Arg) -> clap::Arg {
        port.env(None::<&str>).help("The port to listen on [default: a free one]")
    }

    pub(super) fn run(self) -> anyhow::Result<()> {
        self.server.start_log();
        rt::System::new().block_on(async {
            let mut signals = StopSignals::listen()?;
            let stend = match self.server.start_unless_stopped(|| 0, &mut signals).await? {
                Ok(stend) => stend,
                Err(signal) => std::process::exit(signal.exit_code()),
            };
            log::lines(&[format!("stend {} on {}", env!("CARGO_PKG_VERSION"), stend.url())]);
            let code = match self.spawn(&stend) {
                Ok(mut child) => exit_code(wait(&mut child, &mut signals).await.context("cannot wait")?),
                Err(error) => {
                    log::error(&self.cannot_run(&error));
                    if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUNNABLE }
                }
            };
            stend.stop();
            std::process::exit(code)
        })
    }

    fn program(&self) -> &OsStr {
        self.command.first().expect("clap demands one")
    }

    fn spawn(&self, stend: &Stend) -> io::Result<Child> {
        let address = stend.callable_address();
        Command::new(self.program())
            .args(&self.command[1..])
            .env("STEND_URL", stend.url())
            .env("STEND_HOST", address.ip().to_string())
            .env("STEND_PORT", address.port().to_string())
            .spawn()
    }

    fn cannot_run(&self, error: &io::Error) -> String {
        let program = Path::new(self.program()).display();
        // What is named by its path is not looked for.
        let is_path = Path::new(self.program()).components().count() > 1;
        if error.kind() == io::ErrorKind::NotFound && !is_path {
            format!("there is no command {program}: is it in PATH?")
        } else {
            format!("cannot run {program}: {error}")
        }
    }
}

/// Waits for the command's end. A signal that comes meanwhile is passed on, and then the command has [`END_WAIT`].
async fn wait(child: &mut Child, signals: &mut StopSignals) -> io::Result<ExitStatus> {
    let first = loop {
        let Some(signal) = until_end_or_signal(child, signals).await? else {
            return child.wait().await;
        };
        if !is_heard_by_all(signal) {
            break signal;
        }
    };
    pass_on(child, first);
    let ending = async {
        while let Some(signal) = until_end_or_signal(child, signals).await? {
            pass_on(child, signal);
        }
        child.wait().await
    };
    if let Ok(ended) = rt::time::timeout(END_WAIT, ending).await {
        return ended;
    }
    child.start_kill()?;
    child.wait().await
}

/// The signal that comes before the command has ended, if one does.
async fn until_end_or_signal(child: &mut Child, signals: &mut StopSignals) -> io::Result<Option<StopSignal>> {
    match select(pin!(child.wait()), pin!(signals.next())).await {
        Either::Left((ended, _)) => ended.map(|_| None),
        Either::Right((signal, _)) => signal.map(Some),
    }
}

/// Whether the command has had this signal already, and it is the command's to decide what it means: Ctrl-C goes to
/// all that is in the foreground of a terminal.
#[cfg(unix)]
fn is_heard_by_all(signal: StopSignal) -> bool {
    let foreground = || {
        let terminal = std::fs::File::open("/dev/tty").ok()?;
        rustix::termios::tcgetpgrp(&terminal).ok()
    };
    signal == StopSignal::Interrupt && foreground() == Some(rustix::process::getpgrp())
}

#[cfg(not(unix))]
fn is_heard_by_all(_: StopSignal) -> bool {
    true
}

#[cfg(unix)]
fn pass_on(child: &Child, signal: StopSignal) {
    use rustix::process::{Pid, Signal, kill_process};
    let signal = match signal {
        StopSignal::Terminate => Signal::TERM,
        StopSignal::Interrupt => Signal::INT,
    };
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    // A command that has become another user's cannot be told; it has its time, and is then left behind.
    if let Some(Err(error)) = pid.map(|pid| kill_process(pid, signal)) {
        tracing::warn!("the signal cannot be passed on: {error}");
    }
}

#[cfg(not(unix))]
fn pass_on(_: &Child, _: StopSignal) {}

/// As a shell would say it: 128 and the signal, if one has ended the command.
fn exit_code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    let by_signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let by_signal = None;
    status.code().or(by_signal).unwrap_or(1)
}
