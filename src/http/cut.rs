//! A body that breaks off, so that the connection is closed in the middle of an answer or before it.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

/// The pieces that half a body is sent in, so that it need not wait in memory for a slow client.
const PIECE: usize = 16 << 10;

/// A body that breaks off: the connection is closed, and of an answer that is not begun nothing is sent.
pub(super) struct Cut {
    pieces: VecDeque<Bytes>,
    /// What the head of the answer says.
    length: u64,
    /// Whether what there is has still to be sent.
    unsent: bool,
}

impl Cut {
    /// Breaks off before anything is sent.
    pub(super) fn at_once() -> Cut {
        Cut { pieces: VecDeque::new(), length: 1, unsent: false }
    }

    /// Breaks off after half of a body; an empty one before anything is sent.
    pub(super) fn in_half(body: &Bytes) -> Cut {
        if body.is_empty() {
            return Cut::at_once();
        }
        let half = body.len() / 2;
        let pieces = (0..half).step_by(PIECE).map(|start| body.slice(start..half.min(start + PIECE)));
        Cut { pieces: pieces.collect(), length: body.len() as u64, unsent: true }
    }
}

impl MessageBody for Cut {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.length)
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let Some(piece) = self.pieces.pop_front() {
            return Poll::Ready(Some(Ok(piece)));
        }
        // While a body has nothing to say, what it said is sent.
        if std::mem::take(&mut self.unsent) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("cut off by a fault"))))
    }
}
