//! How often something was called, and whether that is as often as it should be. Never a guess: what fell out of the
//! journal before it could be counted leaves the question open.

use serde::Serialize;

use super::follow::Cursor;
use super::matching::{Criteria, Judged, Mismatch, Pattern};
use super::{Found, Journal};

/// How many of the nearest entries are told.
pub const NEAREST_MAX: usize = 3;

/// How many entries are counted while the journal's lock is held once.
const AT_ONCE: usize = 256;

/// How often something should have been called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// So often.
    Exactly(u64),
    /// So often or more.
    AtLeast(u64),
    /// So often or less.
    AtMost(u64),
}

/// What is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is as it should be; none if nobody can tell.
    pub ok: Option<bool>,
    /// Whether there is no need to wait for more. `exactly` and `atMost` always wait: who asks with them wants to see
    /// all that came in that time.
    pub is_final: bool,
}

impl Times {
    /// The verdict for so many calls that were counted, and so many that could not be looked at.
    pub fn judge(self, count: u64, open: u64) -> Verdict {
        let most = count.saturating_add(open);
        let ok = match self {
            Times::AtLeast(times) if count >= times => Some(true),
            Times::AtLeast(times) => (most < times).then_some(false),
            Times::AtMost(times) | Times::Exactly(times) if count > times => Some(false),
            Times::AtMost(times) => (most <= times).then_some(true),
            Times::Exactly(times) if most < times => Some(false),
            Times::Exactly(times) => (open == 0).then_some(count == times),
        };
        let is_final = matches!(self, Times::AtLeast(times) if count >= times);
        Verdict { ok, is_final }
    }

    /// Whether more calls than so many are what is wrong.
    fn is_exceeded(self, count: u64) -> bool {
        matches!(self, Times::Exactly(times) | Times::AtMost(times) if count > times)
    }
}

/// The calls that were counted so far. What was counted counts, also if it falls out later; but not what a reset or a
/// DELETE has emptied out.
#[derive(Debug)]
pub struct Tally {
    cursor: Cursor,
    /// How many calls fit.
    pub count: u64,
    /// How many could not be looked at.
    pub open: u64,
    /// How many entries fell out of the journal since it was last emptied.
    pub dropped: u64,
}

impl Tally {
    /// Counts what there is.
    pub fn of(journal: &Journal, pattern: &Pattern) -> Tally {
        let mut tally = Tally { cursor: journal.beginning(), count: 0, open: 0, dropped: 0 };
        tally.go_on(journal, pattern);
        tally
    }

    /// Counts what has come since. What comes meanwhile is for the next time, so that this has an end.
    pub fn go_on(&mut self, journal: &Journal, pattern: &Pattern) {
        let (criteria, end) = (pattern.criteria(), journal.cursor(None));
        loop {
            let news = journal.news(&mut self.cursor, AT_ONCE);
            if news.emptied {
                (self.count, self.open) = (0, 0);
            }
            self.open += news.missed;
            self.dropped = news.dropped;
            for found in &news.found {
                match criteria.judge(found) {
                    Judged::Fits => self.count += 1,
                    Judged::Unknown => self.open += 1,
                    Judged::Differs(_) => {}
                }
            }
            if !self.cursor.is_behind(end) {
                return;
            }
        }
    }
}

/// An entry that is near to what was looked for.
#[derive(Debug, Serialize)]
pub struct Near {
    /// Its number.
    pub id: u64,
    /// What is different; nothing, where it is one call too many.
    pub mismatches: Vec<Mismatch>,
}

/// The entries that tell most about a verdict: of calls that are missing the nearest others, of calls that are too many
/// the last ones.
pub fn nearest(journal: &Journal, pattern: &Pattern, times: Times, count: u64) -> Vec<Near> {
    let all = journal.all(&super::filter::Filter::default()).found;
    let criteria = pattern.criteria();
    if times.is_exceeded(count) {
        let fitting = all.iter().filter(|found| matches!(criteria.judge(found), Judged::Fits));
        return fitting
            .take(NEAREST_MAX)
            .map(|found| Near { id: found.id, mismatches: Vec::new() })
            .collect();
    }
    nearest_others(&all, &criteria)
}

fn nearest_others(all: &[Found], criteria: &Criteria<'_>) -> Vec<Near> {
    let mut near: Vec<(usize, Near)> = Vec::new();
    // Newest first, so that of two that are as near the newer one goes before.
    for found in all {
        let Judged::Differs(difference) = criteria.judge(found) else {
            continue;
        };
        let place = near.partition_point(|(distance, _)| *distance <= difference.distance);
        if place < NEAREST_MAX {
            near.insert(
                place,
                (difference.distance, Near { id: found.id, mismatches: difference.mismatches }),
            );
            near.truncate(NEAREST_MAX);
        }
    }
    near.into_iter().map(|(_, near)| near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_never_a_guess() {
        const YES: Option<bool> = Some(true);
        const NO: Option<bool> = Some(false);
        for (times, count, open, ok, is_final) in [
            (Times::AtLeast(1), 0, 0, NO, false),
            (Times::AtLeast(1), 1, 0, YES, true),
            (Times::AtLeast(1), 1, 9, YES, true),
            (Times::AtLeast(2), 1, 1, None, false),
            (Times::AtLeast(3), 1, 1, NO, false),
            (Times::AtLeast(0), 0, 5, YES, true),
            (Times::AtMost(1), 0, 0, YES, false),
            (Times::AtMost(1), 1, 0, YES, false),
            (Times::AtMost(1), 2, 0, NO, false),
            (Times::AtMost(1), 2, 9, NO, false),
            (Times::AtMost(1), 1, 1, None, false),
            (Times::AtMost(3), 1, 2, YES, false),
            (Times::Exactly(1), 1, 0, YES, false),
            (Times::Exactly(1), 0, 0, NO, false),
            (Times::Exactly(1), 2, 0, NO, false),
            (Times::Exactly(1), 1, 1, None, false),
            (Times::Exactly(1), 0, 1, None, false),
            (Times::Exactly(3), 1, 1, NO, false),
            (Times::Exactly(0), 0, 0, YES, false),
            (Times::Exactly(0), 0, 1, None, false),
        ] {
            let verdict = times.judge(count, open);
            assert_eq!(verdict, Verdict { ok, is_final }, "{times:?} {count} {open}");
        }
    }
}
