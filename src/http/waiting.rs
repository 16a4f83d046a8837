//! Waiting on purpose, in real time: for how long, how many at once, and until the server stops.

use std::any::Any;
use std::io;
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use actix_web::rt::time;
use socket2::{SockRef, Socket};
use tokio_util::sync::CancellationToken;

use crate::sandbox::clock::stopwatch;

/// How many answers can be stalled at once, in the whole server.
pub const STALLS_MAX: usize = 1_000;

/// How long an answer is stalled at most; then its connection is closed.
pub const STALL_MAX: Duration = Duration::from_mins(5);

/// How often a stalled connection is looked at: whether the client has left it.
const STALL_LOOK: Duration = Duration::from_secs(1);

/// What every connection shares: whether the server stops, and how many answers are stalled. Clones are the same.
#[derive(Clone, Default)]
pub struct Waiting {
    /// Cancelled when the server stops: whoever waits then waits no longer.
    pub stopping: CancellationToken,
    stalls: Arc<AtomicUsize>,
}

impl Waiting {
    /// Waits in real time, unless the server stops.
    pub(super) async fn delay(&self, delay: Option<Duration>) {
        if let Some(delay) = delay.filter(|delay| !delay.is_zero()) {
            self.stopping.run_until_cancelled(time::sleep(delay)).await;
        }
    }

    /// A place among the answers that are stalled, if there is one.
    pub(super) fn stall(&self) -> Option<Stall> {
        let place = |stalls| (stalls < STALLS_MAX).then_some(stalls + 1);
        let taken = self.stalls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, place);
        taken.is_ok().then(|| Stall(self.clone()))
    }
}

/// A place among the answers that are stalled.
pub(super) struct Stall(Waiting);

impl Stall {
    /// Waits until the client leaves, the server stops, or the time is over.
    pub(super) async fn wait(self, line: Option<&Line>) {
        let started = stopwatch();
        while started.elapsed() < STALL_MAX && !line.is_some_and(Line::is_left) {
            if self.0.stopping.run_until_cancelled(time::sleep(STALL_LOOK)).await.is_none() {
                return;
            }
        }
    }
}

impl Drop for Stall {
    fn drop(&mut self) {
        self.0.stalls.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A second handle of a request's connection: actix has no way to reset one, and does not tell when a client leaves
/// while its request is worked on.
pub(super) struct Line(Socket);

impl Line {
    /// Keeps a handle of a new connection. Without one, because too many files are open, it cannot be reset.
    pub(super) fn keep(connection: &dyn Any, extensions: &mut Extensions) {
        if let Some(stream) = connection.downcast_ref::<TcpStream>()
            && let Ok(socket) = SockRef::from(stream).try_clone()
        {
            extensions.insert(Line(socket));
        }
    }

    /// From now on to close the connection is to reset it.
    pub(super) fn reset_at_its_end(&self) -> io::Result<()> {
        self.0.set_linger(Some(Duration::ZERO))
    }

    /// Whether the client has said that it is done. A second look at what comes in takes nothing away.
    fn is_left(&self) -> bool {
        match self.0.peek(&mut [MaybeUninit::uninit()]) {
            Ok(bytes) => bytes == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use actix_web::rt::System;

    use super::*;

    #[test]
    fn there_is_room_for_so_many_stalls_and_each_gives_its_place_back() {
        let waiting = Waiting::default();
        let mut stalls: Vec<_> = std::iter::from_fn(|| waiting.stall()).take(STALLS_MAX + 1).collect();
        assert_eq!(stalls.len(), STALLS_MAX);
        assert!(waiting.stall().is_none());
        stalls.pop();
        assert!(waiting.stall().is_some());
    }

    #[test]
    fn a_stall_ends_when_its_client_leaves_or_the_server_stops() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = Some(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let (served, _) = listener.accept().unwrap();
        served.set_nonblocking(true).unwrap();
        let line = Line(served.into());
        assert!(!line.is_left());

        let waiting = Waiting::default();
        waiting.stopping.cancel();
        System::new().block_on(waiting.stall().unwrap().wait(Some(&line)));
        assert!(!line.is_left(), "it was the stop that ended it");

        drop(client.take());
        // The goodbye is on its way.
        while !line.is_left() {
            std::thread::yield_now();
        }
        System::new().block_on(Waiting::default().stall().unwrap().wait(Some(&line)));
    }

    #[test]
    fn a_stop_cuts_every_delay_short() {
        let waiting = Waiting::default();
        let started = stopwatch();
        waiting.stopping.cancel();
        System::new().block_on(waiting.delay(Some(Duration::from_mins(5))));
        assert!(started.elapsed() < Duration::from_mins(1));
    }
}
