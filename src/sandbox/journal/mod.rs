//! The journal: what a sandbox's emulated APIs were asked and what they answered, the last calls of it. No HTTP.
//!
//! It has a lock of its own beside the state's, which is held for a swap: an entry is filled before, and read after.
//! Where both locks are needed, the state's is taken first. Entries are numbered when they are put in, so that their
//! order is that of their numbers.

pub mod document;
pub mod entry;
pub mod filter;
pub mod follow;
pub mod json;
pub mod matching;
pub mod note;
pub mod redact;
mod ring;
pub mod unknown;
pub mod verify;
pub mod view;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::clock::stopwatch;
use super::coverage::Coverage;
use crate::loyalty::time::Time;
use entry::{Called, Entry, FaultDone};
use filter::Filter;
use note::Note;
use ring::{Ring, Slot};

/// How many entries a journal has, unless the command line says otherwise.
pub const JOURNAL_ENTRIES: usize = 1_000;

/// How much memory the entries of one sandbox take at most, in bytes.
pub const JOURNAL_BYTES_MAX: usize = 16 << 20;

/// The journal of a sandbox.
pub struct Journal {
    entries_max: usize,
    /// Raised by every reset that empties it: what was asked before does not come in after.
    generation: AtomicU64,
    kept: Mutex<Kept>,
    news: Notify,
}

/// All that changes together.
struct Kept {
    /// The number of the last call.
    last: u64,
    ring: Ring,
    coverage: Coverage,
    streams: usize,
    waits: usize,
    /// Whether the sandbox is gone.
    ended: bool,
}

/// The call that is being worked on.
pub struct Draft {
    begun: Instant,
    generation: u64,
    /// Filled before the lock is taken; none if nothing is kept.
    entry: Option<Arc<Entry>>,
}

/// What is known of a call when it is answered.
#[derive(Debug)]
pub struct Outcome {
    /// The sandbox's clock.
    pub at: Time,
    /// What was called.
    pub called: Called,
    /// The status of the answer, whether it is sent or lost.
    pub status: u16,
    /// What stend has to say about it.
    pub notes: Vec<Note>,
    /// What a fault has done.
    pub fault: Option<FaultDone>,
}

/// An entry that was found, with its number.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its number.
    pub id: u64,
    /// The entry.
    pub entry: Arc<Entry>,
}

/// A page of a journal, newest first.
#[derive(Debug)]
pub struct Page {
    /// The entries.
    pub found: Vec<Found>,
    /// How many there were before offset and limit.
    pub total: usize,
    /// How many entries fell out since the journal was last emptied.
    pub dropped: u64,
}

/// Why there is no entry of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEntry {
    /// No call has had this number yet.
    #[error("no call has had the number {id} yet: the last is {last}")]
    NotYet {
        /// The number.
        id: u64,
        /// The last number.
        last: u64,
    },
    /// It fell out.
    #[error(
        "the entry {id} was dropped: the journal keeps the last {entries_max} entries (--journal), and {JOURNAL_BYTES_MAX} bytes of them"
    )]
    Dropped {
        /// The number.
        id: u64,
        /// How many entries are kept.
        entries_max: usize,
    },
    /// The journal was emptied since.
    #[error(
        "the entry {id} is gone: the journal was emptied since, by a reset or by DELETE /_stend/requests"
    )]
    Emptied {
        /// The number.
        id: u64,
    },
}

thread_local! {
    /// An entry whose buffer can be used again.
    static SPARE: Cell<Option<Arc<Entry>>> = const { Cell::new(None) };
}

impl Journal {
    /// An empty journal for so many entries; 0 keeps none.
    pub fn new(entries_max: usize) -> Journal {
        let kept = Kept {
            last: 0,
            ring: Ring::default(),
            coverage: Coverage::default(),
            streams: 0,
            waits: 0,
            ended: false,
        };
        Journal { entries_max, generation: AtomicU64::new(0), kept: Mutex::new(kept), news: Notify::new() }
    }

    /// A call is there. `fill` keeps what was asked, if it is to be kept.
    pub fn begin(&self, fill: impl FnOnce(&mut Entry)) -> Draft {
        let generation = self.generation.load(Ordering::Acquire);
        let mut entry = (self.entries_max > 0).then(|| SPARE.take().unwrap_or_default());
        if let Some(entry) = &mut entry {
            fill(Arc::get_mut(entry).expect("a spare entry is nobody's"));
        }
        Draft { begun: stopwatch(), generation, entry }
    }

    /// A call is answered. `fill` keeps the answer. From now on the entry can be seen. Answers its number, from 1
    /// upwards: never the same twice, not even after a reset.
    pub fn put(&self, draft: Draft, outcome: Outcome, fill: impl FnOnce(&mut Entry)) -> Put {
        let Draft { begun, generation, entry } = draft;
        let took = begun.elapsed();
        let called = outcome.called;
        let refusal = outcome.notes.iter().find_map(Note::refusal_name);
        let slot = entry.map(|entry| filled(entry, outcome, took, fill));
        // Freed after the lock is released: mostly one, and its buffer is used again.
        let mut out = None;
        let mut more = Vec::new();
        let mut kept = self.kept.lock();
        kept.last += 1;
        let id = kept.last;
        kept.coverage.hit(called, refusal);
        let is_late = generation != self.generation.load(Ordering::Relaxed);
        match slot {
            _ if is_late => {}
            None => kept.ring.pass(id),
            Some(slot) => kept.ring.push(Slot { id, ..slot }, self.entries_max, |old| match out {
                None => out = Some(old),
                Some(_) => more.push(old),
            }),
        }
        let is_followed = kept.streams + kept.waits > 0;
        drop(kept);
        if is_followed && !is_late {
            self.news.notify_waiters();
        }
        if let Some(slot) = out {
            keep_spare(slot.entry);
        }
        Put { id, took }
    }

    /// Forgets all entries. What is asked already and not answered yet still comes in.
    pub fn clear(&self) {
        let old = self.kept.lock().ring.empty();
        drop(old);
        self.news.notify_waiters();
    }

    /// The same, and what is asked already does not come in any more.
    pub fn start_again(&self) {
        let mut kept = self.kept.lock();
        self.generation.fetch_add(1, Ordering::Release);
        let old = kept.ring.empty();
        drop(kept);
        drop(old);
        self.news.notify_waiters();
    }

    /// How many calls there were.
    pub fn requests(&self) -> u64 {
        self.kept.lock().last
    }

    /// How many calls of each operation there were, and how often each refusal was given.
    pub fn coverage(&self) -> Coverage {
        self.kept.lock().coverage.clone()
    }

    /// How many entries there are, and how many bytes they take.
    pub fn size(&self) -> (usize, usize) {
        let kept = self.kept.lock();
        (kept.ring.len(), kept.ring.bytes())
    }

    /// The entries behind `since` that fit, newest first.
    pub fn page(&self, filter: &Filter, since: Option<u64>, offset: usize, limit: usize) -> Page {
        let kept = self.kept.lock();
        let fitting = || kept.ring.since(since).rev().filter(|slot| filter.fits(slot.called, slot.status));
        let found = fitting().skip(offset).take(limit).map(Slot::found).collect();
        Page { found, total: fitting().count(), dropped: kept.ring.dropped() }
    }

    /// All entries that fit, newest first.
    pub fn all(&self, filter: &Filter) -> Page {
        self.page(filter, None, 0, usize::MAX)
    }

    /// One entry.
    pub fn get(&self, id: u64) -> Result<Found, NoEntry> {
        let kept = self.kept.lock();
        let entries_max = self.entries_max;
        kept.ring.get(id).map(Slot::found).ok_or(match id {
            _ if id > kept.last => NoEntry::NotYet { id, last: kept.last },
            _ if kept.ring.has_dropped(id) => NoEntry::Dropped { id, entries_max },
            _ => NoEntry::Emptied { id },
        })
    }
}

/// The entry of a call in its place, but for its number.
fn filled(mut entry: Arc<Entry>, outcome: Outcome, took: Duration, fill: impl FnOnce(&mut Entry)) -> Slot {
    let Outcome { at, called, status, notes, fault } = outcome;
    let inner = Arc::get_mut(&mut entry).expect("a draft's entry is nobody else's");
    fill(inner);
    (inner.at, inner.took, inner.called, inner.status) = (at, took, called, status);
    (inner.notes, inner.fault) = (notes, fault);
    Slot { id: 0, called, status: inner.is_answered().then_some(status), bytes: inner.bytes(), entry }
}

/// Keeps an entry for the next call of this thread, unless somebody reads it, or it has grown large.
fn keep_spare(mut entry: Arc<Entry>) {
    if let Some(spare) = Arc::get_mut(&mut entry).filter(|spare| spare.is_reusable()) {
        spare.clear();
        SPARE.set(Some(entry));
    }
}

/// What became of a call that was put into the journal.
#[derive(Clone, Copy, Debug)]
pub struct Put {
    /// Its number.
    pub id: u64,
    /// How long it took, in real time.
    pub took: Duration,
}

#[cfg(test)]
mod tests;
