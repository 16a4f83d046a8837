//! SIGTERM and SIGINT, from the moment on that they are listened to.

use std::io;
#[cfg(unix)]
use std::pin::pin;

use actix_web::rt;
#[cfg(unix)]
use futures_util::future::{Either, select};
#[cfg(unix)]
use rt::signal::unix::{Signal, SignalKind, signal};

/// Which of them came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopSignal {
    /// SIGTERM.
    #[cfg(unix)]
    Terminate,
    /// SIGINT: somebody at the keyboard, as a rule.
    Interrupt,
}

impl StopSignal {
    /// What a shell says of a command that this has ended.
    pub(super) fn exit_code(self) -> i32 {
        match self {
            #[cfg(unix)]
            StopSignal::Terminate => 128 + 15,
            StopSignal::Interrupt => 128 + 2,
        }
    }
}

/// Who waits for them.
pub(super) struct StopSignals {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
}

impl StopSignals {
    /// From now on they end nothing by themselves.
    pub(super) fn listen() -> io::Result<StopSignals> {
        Ok(StopSignals {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one. A wait that is given up loses none.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> io::Result<StopSignal> {
        let (terminate, interrupt) = (pin!(self.terminate.recv()), pin!(self.interrupt.recv()));
        Ok(match select(terminate, interrupt).await {
            Either::Left(_) => StopSignal::Terminate,
            Either::Right(_) => StopSignal::Interrupt,
        })
    }

    /// Waits for the next one.
    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> io::Result<StopSignal> {
        rt::signal::ctrl_c().await.map(|()| StopSignal::Interrupt)
    }
}
