//! The last entries of a journal, bounded in number and in bytes.

use std::collections::VecDeque;
use std::sync::Arc;

use super::entry::{Called, Entry};
use super::{Found, JOURNAL_BYTES_MAX};
use crate::sandbox::late::Late;

/// An entry in its place, with what it is looked for by.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) id: u64,
    pub(super) called: Called,
    /// None if the client got no answer.
    pub(super) status: Option<u16>,
    pub(super) bytes: usize,
    pub(super) entry: Arc<Entry>,
}

impl Slot {
    pub(super) fn found(&self) -> Found {
        Found { id: self.id, entry: Arc::clone(&self.entry) }
    }
}

type Slots<'r> = std::collections::vec_deque::Iter<'r, Slot>;

/// The last entries, oldest first.
#[derive(Default)]
pub(super) struct Ring {
    slots: VecDeque<Slot>,
    bytes: usize,
    /// How many entries were put in since it was last emptied.
    pushed: u64,
    /// How often it was emptied.
    epoch: u64,
    /// The numbers up to this one were emptied out.
    emptied_up_to: u64,
    last: u64,
}

impl Ring {
    /// Puts an entry in; `out` gets those that fall out for it.
    pub(super) fn push(&mut self, slot: Slot, entries_max: usize, mut out: impl FnMut(Slot)) {
        self.bytes += slot.bytes;
        self.pushed += 1;
        self.last = slot.id;
        self.slots.push_back(slot);
        while self.slots.len() > entries_max || self.bytes > JOURNAL_BYTES_MAX {
            let oldest = self.slots.pop_front().expect("what is over its limits is not empty");
            self.bytes -= oldest.bytes;
            out(oldest);
        }
    }

    /// Counts an entry that is not kept.
    pub(super) fn pass(&mut self, id: u64) {
        self.pushed += 1;
        self.last = id;
    }

    /// Takes everything out.
    pub(super) fn empty(&mut self) -> Late<VecDeque<Slot>> {
        (self.bytes, self.pushed) = (0, 0);
        self.epoch += 1;
        self.emptied_up_to = self.last;
        Late::new(std::mem::take(&mut self.slots))
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn pushed(&self) -> u64 {
        self.pushed
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// How many fell out since it was last emptied.
    pub(super) fn dropped(&self) -> u64 {
        self.pushed - self.slots.len() as u64
    }

    /// The entries with higher numbers, oldest first.
    pub(super) fn since(&self, since: Option<u64>) -> Slots<'_> {
        let first = since.map_or(0, |since| self.slots.partition_point(|slot| slot.id <= since));
        self.slots.range(first..)
    }

    /// How many entries were put in that have this number at most, as far as one can tell of those that fell out.
    pub(super) fn seen_up_to(&self, id: u64) -> u64 {
        let behind = self.since(Some(id)).len();
        if behind < self.slots.len() {
            return self.pushed - behind as u64;
        }
        let oldest = self.slots.front().map_or(self.last + 1, |slot| slot.id);
        let unseen = (oldest - 1).saturating_sub(id.max(self.emptied_up_to));
        self.dropped().saturating_sub(unseen)
    }

    /// The entries behind the first so many that were put in, oldest first. None of them has fallen out.
    pub(super) fn behind(&self, seen: u64) -> Slots<'_> {
        let first = usize::try_from(seen - self.dropped()).unwrap_or(usize::MAX);
        self.slots.range(first.min(self.slots.len())..)
    }

    pub(super) fn get(&self, id: u64) -> Option<&Slot> {
        let place = self.slots.binary_search_by_key(&id, |slot| slot.id).ok()?;
        self.slots.get(place)
    }

    /// Whether a number that is not there fell out, and was not emptied out.
    pub(super) fn has_dropped(&self, id: u64) -> bool {
        let oldest = self.slots.front().map_or(self.last + 1, |slot| slot.id);
        self.dropped() > 0 && self.emptied_up_to < id && id < oldest
    }
}
