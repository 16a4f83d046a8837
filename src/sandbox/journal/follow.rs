//! Following a journal: what has come since somebody last looked, and being told when something comes.

use std::sync::Arc;

use tokio::sync::futures::Notified;

use super::ring::Slot;
use super::{Found, Journal};

/// How many streams of one sandbox's journal there may be at once.
pub const STREAMS_MAX: usize = 32;

/// How many verifications of one sandbox may wait at once.
pub const WAITS_MAX: usize = 256;

/// Where somebody who follows a journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// How often the journal was emptied.
    epoch: u64,
    /// How many entries were put in since.
    seen: u64,
}

/// What has come since a cursor.
#[derive(Debug)]
pub struct News {
    /// The entries, oldest first.
    pub found: Vec<Found>,
    /// How many fell out before they could be seen.
    pub missed: u64,
    /// Whether the journal was emptied since: then what was seen before is gone.
    pub emptied: bool,
    /// How many entries fell out since the journal was last emptied.
    pub dropped: u64,
    /// Whether nothing more will come: the sandbox is gone.
    pub ended: bool,
}

/// Somebody who follows a journal.
pub struct Follower {
    journal: Arc<Journal>,
    kind: FollowerKind,
}

/// Why somebody follows a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowerKind {
    /// A stream.
    Stream,
    /// A verification that waits.
    Wait,
}

impl Cursor {
    /// Whether somebody who stands here has not seen all that the other one has.
    pub fn is_behind(self, other: Cursor) -> bool {
        (self.epoch, self.seen) < (other.epoch, other.seen)
    }
}

impl Journal {
    /// The sandbox is gone: whoever follows its journal need not wait any longer.
    pub(in crate::sandbox) fn end(&self) {
        self.kept.lock().ended = true;
        self.news.notify_waiters();
    }

    /// How many streams follow it, and how many verifications wait for it.
    pub fn followers(&self) -> (usize, usize) {
        let kept = self.kept.lock();
        (kept.streams, kept.waits)
    }

    /// Where somebody stands who has seen all entries up to this number; without one, who has seen everything.
    pub fn cursor(&self, since: Option<u64>) -> Cursor {
        let kept = self.kept.lock();
        let seen = since.map_or(kept.ring.pushed(), |since| kept.ring.seen_up_to(since));
        Cursor { epoch: kept.ring.epoch(), seen }
    }

    /// Where somebody stands who has seen nothing since the journal was last emptied.
    pub fn beginning(&self) -> Cursor {
        Cursor { epoch: self.kept.lock().ring.epoch(), seen: 0 }
    }

    /// What has come since the cursor, at most so many entries of it; the cursor is moved behind them.
    pub fn news(&self, cursor: &mut Cursor, limit: usize) -> News {
        let kept = self.kept.lock();
        let ring = &kept.ring;
        let emptied = cursor.epoch != ring.epoch();
        if emptied {
            *cursor = Cursor { epoch: ring.epoch(), seen: 0 };
        }
        let missed = ring.dropped().saturating_sub(cursor.seen);
        cursor.seen += missed;
        let found: Vec<Found> = ring.behind(cursor.seen).take(limit).map(Slot::found).collect();
        cursor.seen += found.len() as u64;
        News { found, missed, emptied, dropped: ring.dropped(), ended: kept.ended }
    }

    /// From now on whoever waits is told of new entries; none if too many do so already.
    pub fn follow(self: &Arc<Self>, kind: FollowerKind) -> Option<Follower> {
        let mut kept = self.kept.lock();
        let (count, max) = match kind {
            FollowerKind::Stream => (&mut kept.streams, STREAMS_MAX),
            FollowerKind::Wait => (&mut kept.waits, WAITS_MAX),
        };
        if *count >= max {
            return None;
        }
        *count += 1;
        drop(kept);
        Some(Follower { journal: Arc::clone(self), kind })
    }
}

impl Follower {
    /// Ends when an entry has come in, or the journal was emptied, since it was first polled or enabled.
    pub fn news(&self) -> Notified<'_> {
        self.journal.news.notified()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut kept = self.journal.kept.lock();
        match self.kind {
            FollowerKind::Stream => kept.streams -= 1,
            FollowerKind::Wait => kept.waits -= 1,
        }
    }
}
