//! What is measured alike in every programme, and how.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use stend::loyalty::Programme;
use stend::sandbox::Sandbox;
use stend::sandbox::accounts::{self, AccountsQuery};
use stend::sandbox::clock::{real_now, stopwatch};
use stend::sandbox::fixture::{Given, Seed};
use stend::sandbox::registry::{Limits, Registry};

use crate::support::fixture::{Programmes, fixture};

/// How many clients one sample of the short calls is about.
pub(crate) const SAMPLE: usize = 1_000;

/// How many samples there are.
pub(crate) const SAMPLES: usize = 200;

/// How often what takes longer is done.
const LONG_SAMPLES: usize = 20;

/// How many writes stand in a fork.
pub(crate) const WRITES: usize = 10;

/// How many accounts stand on a page.
const PAGE: usize = 100;

/// All figures of one size, each with what it is.
#[derive(Default)]
pub(crate) struct Column {
    pub(crate) rows: Vec<(String, String)>,
}

impl Column {
    pub(crate) fn row(&mut self, what: &str, figure: impl Into<String>) {
        self.rows.push((what.to_owned(), figure.into()));
    }

    /// Loads a fixture of these clients.
    pub(crate) fn load(&mut self, programmes: Programmes, clients: u64) -> Registry {
        let rss_before = rss_kb();
        let text = fixture(programmes, clients);
        let started = stopwatch();
        let seed = Seed::read(&text, Given::default(), real_now()).unwrap_or_else(|mistakes| {
            panic!(
                "the bench's own fixture has {} mistakes, the first: {:?}",
                mistakes.len(),
                mistakes.first()
            )
        });
        self.row("load the fixture, ms", format!("{:.1}", started.elapsed().as_secs_f64() * 1e3));
        self.row("its JSON, bytes a client", (text.len() as u64 / clients).to_string());
        drop(text);
        let loaded = rss_kb().zip(rss_before).map(|(after, before)| after.saturating_sub(before));
        self.row("in memory, MB", loaded.map_or("–".to_owned(), |kb| format!("{:.1}", kb as f64 / 1_000.0)));
        // Below that, pages and not clients are counted.
        let each = loaded.filter(|_| clients >= 10_000).map(|kb| kb * 1_024 / clients);
        self.row("in memory, bytes a client", each.map_or("–".to_owned(), |bytes| bytes.to_string()));
        let limits = Limits { sandboxes_max: usize::MAX, ..Limits::default() };
        Registry::new(Arc::new(seed), limits)
    }

    /// What a short call takes, done for so many clients in each sample.
    pub(crate) fn short(&mut self, what: &str, clients: usize, mut sample: impl FnMut()) {
        let times = (0..SAMPLES).map(|_| time(&mut sample)).collect();
        self.each(what, clients, times);
    }

    /// The median sample, for each of its calls.
    pub(crate) fn each(&mut self, what: &str, clients: usize, times: Vec<Duration>) {
        let (median, _) = median_and_highest(times);
        self.row(what, format!("{:.0}", median.as_secs_f64() * 1e9 / clients as f64));
    }

    /// What one thing takes that may take long.
    pub(crate) fn long(&mut self, what: &str, mut work: impl FnMut()) {
        let times = (0..LONG_SAMPLES).map(|_| time(&mut work)).collect();
        self.row(what, micros(times));
    }

    /// The pages of the control API's accounts, and a look for a text that nobody has.
    pub(crate) fn accounts(&mut self, sandbox: &Sandbox, api: Programme, clients: u64) {
        let last = usize::try_from(clients).unwrap_or(usize::MAX).saturating_sub(PAGE);
        let page = |text: Option<&str>, offset| {
            let text = text.map(str::to_owned);
            let query = AccountsQuery { api: Some(api), text, offset, limit: PAGE };
            let (world, _) = sandbox.view();
            black_box(accounts::list(&world, &query));
        };
        self.long("accounts: the first 100, µs", || page(None, 0));
        self.long("accounts: the last 100, µs", || page(None, last));
        self.long("accounts: a text that nobody has, µs", || page(Some("nobody"), 0));
    }

    /// So many sandboxes at once, made of the fixture as they are at first use, each with some writes.
    pub(crate) fn many(&mut self, registry: &Registry, count: usize, what: &str, write: impl Fn(&Sandbox)) {
        let before = rss_kb();
        let started = stopwatch();
        let all: Vec<Sandbox> = (0..count)
            .map(|_| {
                let sandbox = Sandbox::new("many", registry.origin());
                write(&sandbox);
                sandbox
            })
            .collect();
        let taken = started.elapsed();
        let grown = rss_kb().zip(before).map(|(after, before)| after.saturating_sub(before));
        self.row(
            &format!("{count} sandboxes with {what} each, ms"),
            format!("{:.0}", taken.as_secs_f64() * 1e3),
        );
        self.row("one of them, µs", format!("{:.1}", taken.as_secs_f64() * 1e6 / count as f64));
        let each = grown.map(|kb| kb * 1_024 / count.max(1) as u64);
        self.row("one of them, bytes", each.map_or("–".to_owned(), |bytes| bytes.to_string()));
        let dropped = time(|| drop(all));
        self.row("let go of all of them, ms", format!("{:.0}", dropped.as_secs_f64() * 1e3));
    }
}

/// As many numbers of clients as a sample has, or as there are: spread evenly, and in an order that no cache foresees.
pub(crate) fn sample(clients: u64) -> impl Iterator<Item = u64> + Clone {
    let sample = (SAMPLE as u64).min(clients);
    (0..sample).map(move |place| place * 389 % sample * (clients / sample))
}

pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let started = stopwatch();
    work();
    started.elapsed()
}

pub(crate) fn micros(times: Vec<Duration>) -> String {
    let (median, highest) = median_and_highest(times);
    format!("{:.1} (highest {:.0})", median.as_secs_f64() * 1e6, highest.as_secs_f64() * 1e6)
}

fn median_and_highest(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

/// The memory this process has in use; only Linux tells.
fn rss_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
