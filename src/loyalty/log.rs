//! An append-only list that is cheap to copy: an account's entries.

use std::fmt;
use std::sync::Arc;

/// How many items a part holds before it is sealed; the most that a clone copies.
const PART_ITEMS: usize = 16;

/// How much room an open part grows by: little, as most logs of a large fixture are never written to.
const GROWTH_ITEMS: usize = 4;

/// Items in the order they were pushed, read newest first.
///
/// A push is O(1), a clone copies at most `PART_ITEMS` items: full parts are sealed and shared. An own type,
/// because of memory: a fixture's million accounts hold one item each, where a persistent vector takes a whole
/// chunk and a persistent list two allocations an item.
pub struct Log<T> {
    sealed: Option<Arc<Part<T>>>,
    open: Vec<T>,
}

struct Part<T> {
    older: Option<Arc<Part<T>>>,
    items: Box<[T]>,
    count: usize,
}

impl<T> Log<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.open.len() + self.sealed.as_ref().map_or(0, |part| part.count)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) {
        if self.open.len() == self.open.capacity() {
            let left = PART_ITEMS - self.open.len();
            self.open.reserve_exact(if self.open.is_empty() { 1 } else { GROWTH_ITEMS.min(left) });
        }
        self.open.push(item);
        if self.open.len() == PART_ITEMS {
            let older = self.sealed.take();
            let count = PART_ITEMS + older.as_ref().map_or(0, |part| part.count);
            let items = std::mem::take(&mut self.open).into_boxed_slice();
            self.sealed = Some(Arc::new(Part { older, items, count }));
        }
    }

    /// The items, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &T> {
        let parts = std::iter::successors(self.sealed.as_deref(), |part| part.older.as_deref());
        self.open.iter().rev().chain(parts.flat_map(|part| part.items.iter().rev()))
    }
}

/// Takes the chain apart part by part: dropping it recursively would overflow the stack of a long log.
impl<T> Drop for Log<T> {
    fn drop(&mut self) {
        let mut next = self.sealed.take();
        while let Some(part) = next {
            next = Arc::into_inner(part).and_then(|mut part| part.older.take());
        }
    }
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Log { sealed: None, open: Vec::new() }
    }
}

/// With room for what comes next: a log is copied because somebody writes to it.
impl<T: Clone> Clone for Log<T> {
    fn clone(&self) -> Self {
        let room = (self.open.len() + GROWTH_ITEMS / 2).min(PART_ITEMS);
        let mut open = Vec::with_capacity(room);
        open.extend_from_slice(&self.open);
        Log { sealed: self.sealed.clone(), open }
    }
}

impl<T: fmt::Debug> fmt::Debug for Log<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.newest_first()).finish()
    }
}

impl<T: PartialEq> PartialEq for Log<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.newest_first().eq(other.newest_first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_back_newest_first_across_parts() {
        let mut log = Log::default();
        (0..1_000).for_each(|item| log.push(item));
        assert_eq!(log.len(), 1_000);
        assert!(log.newest_first().copied().eq((0..1_000).rev()));
    }

    #[test]
    fn a_copy_goes_its_own_way() {
        let mut log = Log::default();
        (0..70).for_each(|item| log.push(item));
        let mut copy = log.clone();
        copy.push(700);
        log.push(71);
        assert_eq!((copy.newest_first().next(), log.newest_first().next()), (Some(&700), Some(&71)));
        assert_eq!(copy.newest_first().nth(1), log.newest_first().nth(1));
    }

    #[test]
    fn a_long_log_is_dropped_without_recursion() {
        let mut log = Log::default();
        (0..2_000_000).for_each(|item| log.push(item));
        let copy = log.clone();
        drop(log);
        assert_eq!(copy.len(), 2_000_000);
    }
}
