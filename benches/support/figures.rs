//! What a round cost, medians and spreads, and how figures are written.

use std::io;
use std::process::Command;
use std::time::Duration;

use stend::sandbox::clock::real_now;

use super::load::{self, Round};
use super::process::{Server, cpu_of};
use super::request::Request;

/// One round, and what it cost.
pub(crate) struct Cost {
    pub(crate) round: Round,
    server: Option<Duration>,
    load: Option<Duration>,
}

impl Cost {
    /// One round of load on this server.
    pub(crate) fn measure(server: &Server, connections: &[Vec<Request>], time: Duration) -> io::Result<Cost> {
        let before = (server.cpu(), cpu_of("self"));
        let round = load::round(server.address, connections, time)?;
        let after = (server.cpu(), cpu_of("self"));
        let between = |before: Option<Duration>, after: Option<Duration>| after?.checked_sub(before?);
        Ok(Cost { round, server: between(before.0, after.0), load: between(before.1, after.1) })
    }

    /// Requests a second.
    pub(crate) fn rate(&self) -> f64 {
        self.round.requests as f64 / self.round.taken.as_secs_f64()
    }

    /// What the server took for one request, in microseconds.
    pub(crate) fn server_cpu(&self) -> f64 {
        self.each(self.server)
    }

    /// What the load took for one request, in microseconds.
    pub(crate) fn load_cpu(&self) -> f64 {
        self.each(self.load)
    }

    fn each(&self, cpu: Option<Duration>) -> f64 {
        cpu.map_or(f64::NAN, micros) / self.round.requests as f64
    }
}

/// The rounds of one server: rate, p50, p99, CPU of the server, CPU of the load.
#[derive(Default)]
pub(crate) struct Measured([Vec<f64>; 5]);

impl Measured {
    pub(crate) fn add(&mut self, cost: &Cost) {
        let (p50, p99) = (micros(cost.round.p50), micros(cost.round.p99));
        let figures = [cost.rate(), p50, p99, cost.server_cpu(), cost.load_cpu()];
        for (column, figure) in self.0.iter_mut().zip(figures) {
            column.push(figure);
        }
    }

    pub(crate) fn medians(self) -> [f64; 5] {
        self.0.map(|column| Spread::of(column).median)
    }
}

/// Some figures of the same thing.
pub(crate) struct Spread {
    pub(crate) lowest: f64,
    pub(crate) median: f64,
    pub(crate) highest: f64,
}

impl Spread {
    pub(crate) fn of(mut figures: Vec<f64>) -> Spread {
        figures.sort_unstable_by(f64::total_cmp);
        let at = |place: usize| figures.get(place).copied().unwrap_or(f64::NAN);
        Spread { lowest: at(0), median: at(figures.len() / 2), highest: at(figures.len().saturating_sub(1)) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "**{:.2}** ({:.2} – {:.2})", self.median, self.lowest, self.highest)
    }
}

pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

pub(crate) fn megabytes(kb: Option<u64>) -> String {
    kb.map_or("–".to_owned(), |kb| format!("{:.1}", kb as f64 / 1_000.0))
}

/// On what, when and from what a bench was run: a line above its tables.
pub(crate) fn here() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or(std::env::consts::ARCH, |(_, model)| model);
    let now = real_now().to_string();
    let date = now.split('T').next().unwrap_or_default();
    let rust = version("rustc", &["--version"]).unwrap_or_else(|| "an unknown Rust".to_owned());
    format!("stend {}, {rust}; {cores} cores, {model}; {date}", env!("CARGO_PKG_VERSION"))
}

/// The first line of what a command says of itself, if it is there.
pub(crate) fn version(command: &str, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(command).args(arguments).output().ok().filter(|output| output.status.success())?;
    // Java speaks to stderr.
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    String::from_utf8(said).ok()?.lines().next().map(str::to_owned)
}
