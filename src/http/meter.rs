//! Counts emulated calls for `/_stend/metrics`, for the whole server: each thread in a part of its own, so that no two of
//! them wait for the same memory.

use std::collections::BTreeMap;
use std::iter::zip;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::StatusCode;
use parking_lot::Mutex;

use super::operations::{Operation, operations};
use crate::loyalty::Programme;

/// The upper bounds of the latency's buckets, in microseconds; above the last there is one more.
pub(super) const BUCKETS: [u32; 14] =
    [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 1_000_000, 10_000_000];

/// The statuses that are counted without a look-up; others are counted all the same.
const STATUSES: [u16; 13] = [200, 400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 500, 503];

/// How many parts there are. With more threads than that, some share theirs.
const PARTS: usize = 16;

/// The counts of a server.
#[derive(Default)]
pub(super) struct Meter {
    parts: [OnceLock<Box<[Row]>>; PARTS],
    /// By the row's place and the status.
    rare: Mutex<BTreeMap<(usize, u16), u64>>,
}

/// The counts of one operation, or of an API's calls that are none.
#[derive(Default)]
struct Row {
    statuses: [AtomicU64; STATUSES.len()],
    buckets: [AtomicU64; BUCKETS.len() + 1],
    nanoseconds: AtomicU64,
}

/// The counts of one operation at one moment.
pub(super) struct Counts {
    /// The API; none outside of all.
    pub(super) api: Option<Programme>,
    /// The operation's name; none if there is no such call.
    pub(super) operation: Option<&'static str>,
    /// By status; only those that were answered.
    pub(super) statuses: BTreeMap<u16, u64>,
    /// By bucket, without those below.
    pub(super) buckets: [u64; BUCKETS.len() + 1],
    /// How long all of them took.
    pub(super) took: Duration,
}

/// Calls that are no operation: outside of all, and of each API.
const OTHERS: [Option<Programme>; 4] =
    [None, Some(Programme::LoyalClient), Some(Programme::Ibonus), Some(Programme::ProBonus)];

impl Meter {
    /// Counts a call.
    pub(super) fn count(
        &self,
        api: Option<Programme>,
        operation: Option<&Operation>,
        status: StatusCode,
        took: Duration,
    ) {
        let place = match operation {
            Some(operation) => usize::from(operation.number),
            None => operations().len() + api.map_or(0, |api| 1 + api as usize),
        };
        let row = &self.part()[place];
        match status_place(status.as_u16()) {
            Some(status) => add(&row.statuses[status], 1),
            None => *self.rare.lock().entry((place, status.as_u16())).or_default() += 1,
        }
        let microseconds = took.as_micros();
        let bucket = BUCKETS.iter().position(|bound| microseconds <= u128::from(*bound));
        add(&row.buckets[bucket.unwrap_or(BUCKETS.len())], 1);
        add(&row.nanoseconds, u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    /// What was counted so far, of all that was called at all.
    pub(super) fn counts(&self) -> Vec<Counts> {
        let named = operations().iter().map(|operation| (Some(operation.api), Some(operation.name)));
        let rows = named.chain(OTHERS.map(|api| (api, None))).enumerate();
        let rare = self.rare.lock().clone();
        let counts = rows.map(|(place, (api, operation))| {
            let rare =
                rare.range((place, 0)..=(place, u16::MAX)).map(|((_, status), count)| (*status, *count));
            let mut counts = Counts {
                api,
                operation,
                statuses: rare.collect(),
                buckets: [0; BUCKETS.len() + 1],
                took: Duration::ZERO,
            };
            for row in self.parts.iter().filter_map(OnceLock::get).map(|part| &part[place]) {
                for (status, count) in zip(STATUSES, &row.statuses) {
                    *counts.statuses.entry(status).or_default() += count.load(Ordering::Relaxed);
                }
                for (sum, count) in zip(&mut counts.buckets, &row.buckets) {
                    *sum += count.load(Ordering::Relaxed);
                }
                counts.took += Duration::from_nanos(row.nanoseconds.load(Ordering::Relaxed));
            }
            counts.statuses.retain(|_, count| *count > 0);
            counts
        });
        counts.filter(|counts| !counts.statuses.is_empty()).collect()
    }

    /// This thread's part.
    fn part(&self) -> &[Row] {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static PLACE: usize = THREADS.fetch_add(1, Ordering::Relaxed) % PARTS;
        }
        let part = &self.parts[PLACE.with(|place| *place)];
        part.get_or_init(|| (0..operations().len() + OTHERS.len()).map(|_| Row::default()).collect())
    }
}

fn status_place(status: u16) -> Option<usize> {
    STATUSES.iter().position(|known| *known == status)
}

fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_over_all_threads_by_operation_and_status() {
        let meter = Meter::default();
        let hold = operations().iter().find(|operation| operation.name == "hold");
        let count = |operation, status: u16, microseconds| {
            let status = StatusCode::from_u16(status).unwrap();
            meter.count(Some(Programme::LoyalClient), operation, status, Duration::from_micros(microseconds));
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    count(hold, 200, 10);
                    count(hold, 200, 11);
                    count(hold, 418, 20_000_000);
                    count(None, 404, 1);
                });
            }
        });
        meter.count(None, None, StatusCode::NOT_FOUND, Duration::ZERO);
        let counts = meter.counts();
        let told: Vec<_> = counts.iter().map(|it| (it.api, it.operation, it.statuses.clone())).collect();
        let loyalclient = Some(Programme::LoyalClient);
        assert_eq!(
            told,
            [
                (loyalclient, Some("hold"), BTreeMap::from([(200, 8), (418, 4)])),
                (None, None, BTreeMap::from([(404, 1)])),
                (loyalclient, None, BTreeMap::from([(404, 4)])),
            ]
        );
        assert_eq!((counts[0].buckets[0], counts[0].buckets[1], counts[0].buckets[BUCKETS.len()]), (4, 4, 4));
        assert_eq!(counts[0].took, Duration::from_micros(4 * 20_000_021));
    }
}
