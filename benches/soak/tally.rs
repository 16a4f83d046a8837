//! What a soak comes to: counts by status, and by interval the rate, the latencies and the server's memory.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use stend::sandbox::clock::stopwatch;

use crate::support::figures::megabytes;
use crate::support::process::Server;

/// Whom a request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Api {
    /// An emulated API, by its name.
    Emulated(&'static str),
    /// `/_stend`.
    Control,
}

impl Api {
    fn name(self) -> &'static str {
        match self {
            Api::Emulated(name) => name,
            Api::Control => "control",
        }
    }
}

/// How many intervals a soak has.
const INTERVALS: usize = 20;

/// The least that an interval is, so that a p99 means something.
const INTERVAL_MIN: usize = 1_000;

/// Some requests one after the other.
struct Interval {
    p99_us: f64,
    rss_kb: Option<u64>,
}

/// All that is counted.
pub(crate) struct Tally<'s> {
    server: &'s Server,
    wanted: usize,
    requests: usize,
    counts: BTreeMap<(Api, u16), usize>,
    intervals: Vec<Interval>,
    /// In nanoseconds, of the emulated calls of this interval.
    latencies: Vec<u32>,
    begun: Instant,
    begun_at: usize,
    /// What went wrong, as it is told.
    pub(crate) wrong: Vec<String>,
}

impl<'s> Tally<'s> {
    pub(crate) fn new(server: &'s Server, wanted: usize) -> Tally<'s> {
        println!("| requests | requests/s | p50 µs | p99 µs | RSS, MB |");
        println!("| --- | --- | --- | --- | --- |");
        println!("| none yet | – | – | – | {} |", megabytes(server.rss_kb()));
        Tally {
            server,
            wanted,
            requests: 0,
            counts: BTreeMap::new(),
            intervals: Vec::new(),
            latencies: Vec::new(),
            begun: stopwatch(),
            begun_at: 0,
            wrong: Vec::new(),
        }
    }

    /// Whether it is enough.
    pub(crate) fn is_done(&self) -> bool {
        self.requests >= self.wanted || !self.wrong.is_empty()
    }

    /// Counts an answer.
    pub(crate) fn count(&mut self, api: Api, status: u16, taken: Duration) {
        self.requests += 1;
        *self.counts.entry((api, status)).or_default() += 1;
        if api != Api::Control {
            self.latencies.push(u32::try_from(taken.as_nanos()).unwrap_or(u32::MAX));
        }
        let interval = (self.wanted / INTERVALS).max(INTERVAL_MIN);
        if self.requests - self.begun_at >= interval {
            self.end_interval();
        }
    }

    fn end_interval(&mut self) {
        let rate = (self.requests - self.begun_at) as f64 / self.begun.elapsed().as_secs_f64();
        self.latencies.sort_unstable();
        let at = |hundredths: usize| {
            let latency = self.latencies.get(self.latencies.len() * hundredths / 100);
            latency.map_or(f64::NAN, |nanos| f64::from(*nanos) / 1e3)
        };
        let (p50_us, p99_us) = (at(50), at(99));
        let rss_kb = self.server.rss_kb();
        println!("| {} | {rate:.0} | {p50_us:.0} | {p99_us:.0} | {} |", self.requests, megabytes(rss_kb));
        self.intervals.push(Interval { p99_us, rss_kb });
        self.latencies.clear();
        (self.begun, self.begun_at) = (stopwatch(), self.requests);
    }

    /// Prints the rest, and notes what is wrong.
    pub(crate) fn finish(&mut self) {
        println!();
        self.print_counts();
        self.judge_counts();
        self.judge_memory();
    }

    fn print_counts(&self) {
        println!("| API | status | answers |");
        println!("| --- | --- | --- |");
        for ((api, status), count) in &self.counts {
            println!("| {} | {status} | {count} |", api.name());
        }
        println!();
    }

    fn judge_counts(&mut self) {
        let of = |wanted: fn(Api, u16) -> bool| -> usize {
            self.counts
                .iter()
                .filter(|((api, status), _)| wanted(*api, *status))
                .map(|(_, count)| count)
                .sum()
        };
        let failed = of(|_, status| status >= 500);
        let control = of(|api, status| api == Api::Control && !matches!(status, 200..300 | 404 | 409));
        // A soak of refusals proves little. Some there must be: tills share a sandbox that others reset.
        let good = of(|api, status| api != Api::Control && status == 200);
        let emulated = of(|api, _| api != Api::Control);
        println!("{good} of {emulated} emulated calls were answered with 200.");
        for (count, what) in [
            (failed, "answers of 5xx"),
            (control, "control calls were refused"),
            (
                if good * 10 < emulated * 8 { emulated - good } else { 0 },
                "emulated calls refused: more than a fifth",
            ),
        ] {
            if count > 0 {
                self.wrong.push(format!("{count} {what}"));
            }
        }
    }

    /// The memory at the end, and that of the second quarter, in which all that is limited has come to its limit.
    fn judge_memory(&mut self) {
        let quarter = self.intervals.len() / 4;
        if quarter == 0 {
            return;
        }
        let (early, late) =
            (&self.intervals[quarter..2 * quarter], &self.intervals[self.intervals.len() - quarter..]);
        let rss = |part: &[Interval]| part.iter().filter_map(|interval| interval.rss_kb).max();
        let p99 =
            |part: &[Interval]| part.iter().map(|interval| interval.p99_us).sum::<f64>() / part.len() as f64;
        println!(
            "p99, mean of an interval: {:.0} µs in the second quarter, {:.0} µs in the last.",
            p99(early),
            p99(late)
        );
        let Some((early, late)) = rss(early).zip(rss(late)) else {
            return;
        };
        let bound = early + early * RSS_GROWTH_PERCENT / 100 + RSS_SLACK_KB;
        println!(
            "RSS, highest: {} MB in the second quarter, {} MB in the last; at most {} MB.",
            megabytes(Some(early)),
            megabytes(Some(late)),
            megabytes(Some(bound))
        );
        if late > bound {
            self.wrong.push(format!("the memory grows: {late} kB, and {bound} kB were allowed"));
        }
    }
}

/// How much more memory than in its second quarter a soak may take in its last one.
const RSS_GROWTH_PERCENT: u64 = 20;

/// And this, so that a short one is not judged by a few pages.
const RSS_SLACK_KB: u64 = 16 << 10;
