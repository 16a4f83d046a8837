//! What a world costs at 10, 10,000 and 1,000,000 clients, side by side: `cargo bench --bench world`.
//!
//! Each size is measured in a process of its own, so that memory is counted from the same start. Nothing is
//! asserted.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "support/mod.rs"]
mod support;

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use stend::Period;
use stend::loyalty::World;
use stend::loyalty::amount::Amount;
use stend::loyalty::loyalclient::find::FindQuery;
use stend::loyalty::loyalclient::hold::HoldOrder;
use stend::loyalty::loyalclient::id::ObjectId;
use stend::loyalty::loyalclient::retail::RetailOrder;
use stend::sandbox::clock::{real_now, stopwatch};
use stend::sandbox::fixture::{Given, Seed};
use stend::sandbox::registry::{Limits, Registry};
use stend::sandbox::{Keep, Sandbox};

use support::fixture;

#[derive(Debug, Parser)]
struct Arguments {
    /// The numbers of clients.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 10_000, 1_000_000])]
    sizes: Vec<u64>,

    /// How many forks are held at once.
    #[arg(long, default_value_t = 10_000)]
    forks: usize,

    /// Measure this one size, and print its column.
    #[arg(long, hide = true)]
    column: Option<u64>,

    /// Cargo says this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    if let Some(clients) = arguments.column {
        for (what, figure) in column(clients, arguments.forks) {
            println!("{what}\t{figure}");
        }
        return Ok(());
    }
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for (number, size) in arguments.sizes.iter().enumerate() {
        let column = Command::new(std::env::current_exe()?)
            .args(["--column", &size.to_string(), "--forks", &arguments.forks.to_string()])
            .stderr(Stdio::inherit())
            .output()?;
        if !column.status.success() {
            return Err(std::io::Error::other(format!("{size} clients: {}", column.status)));
        }
        let text = String::from_utf8_lossy(&column.stdout);
        for (place, line) in text.lines().enumerate() {
            let (what, figure) = line.split_once('\t').expect("a column's lines have two parts");
            if number == 0 {
                rows.push((what.to_owned(), Vec::new()));
            }
            rows[place].1.push(figure.to_owned());
        }
    }
    let sizes: Vec<String> = arguments.sizes.iter().map(|size| format!("{size} clients")).collect();
    println!("| | {} |", sizes.join(" | "));
    println!("| --- |{}", " --- |".repeat(sizes.len()));
    for (what, figures) in rows {
        println!("| {what} | {} |", figures.join(" | "));
    }
    Ok(())
}

/// How many clients one sample of the short calls is about.
const SAMPLE: usize = 1_000;

/// How many samples there are.
const SAMPLES: usize = 200;

/// How often what happens to a whole sandbox is done.
const TIMES: usize = 500;

/// How many writes stand before each of them.
const WRITES: usize = 10;

/// All figures of one size, each with what it is.
fn column(clients: u64, forks: usize) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |what: &str, figure: String| rows.push((what.to_owned(), figure));

    let rss_before = rss_kb();
    let text = fixture::fixture(fixture::Programmes::LoyalClient, clients);
    let started = stopwatch();
    let seed = Seed::read(&text, Given::default(), real_now()).unwrap_or_else(|mistakes| {
        panic!("the bench's own fixture has {} mistakes, the first: {:?}", mistakes.len(), mistakes.first())
    });
    row("load the fixture, ms", format!("{:.1}", started.elapsed().as_secs_f64() * 1e3));
    row("its JSON, bytes a client", format!("{}", text.len() as u64 / clients));
    drop(text);
    let loaded = rss_kb().zip(rss_before).map(|(after, before)| after.saturating_sub(before));
    row("in memory, MB", loaded.map_or("–".to_owned(), |kb| format!("{:.1}", kb as f64 / 1_000.0)));
    // Below that, pages and not clients are counted.
    let each = loaded.filter(|_| clients >= 10_000).map(|kb| kb * 1_024 / clients);
    row("in memory, bytes a client", each.map_or("–".to_owned(), |bytes| bytes.to_string()));

    let limits = Limits { sandboxes_max: usize::MAX, ..Limits::default() };
    let registry = Registry::new(Arc::new(seed), limits);
    let sandbox = registry.default_sandbox();
    let bench = Bench::new(clients);
    bench.short_calls(&sandbox, &mut row);
    bench.whole_sandboxes(&registry, &mut row);
    bench.many_forks(&sandbox, forks, &mut row);
    rows
}

/// Requests made beforehand.
struct Bench {
    phones: Vec<String>,
    ids: Vec<ObjectId>,
    point: ObjectId,
}

impl Bench {
    /// About as many clients as a sample has, anywhere among so many.
    fn new(clients: u64) -> Bench {
        let point = ObjectId::parse(fixture::POINT).expect("it is an id");
        // Spread evenly, and visited in an order that no cache foresees.
        let sample = (SAMPLE as u64).min(clients);
        let numbers = (0..sample).map(|place| place * 389 % sample * (clients / sample));
        let ids =
            numbers.clone().map(|number| ObjectId::parse(&fixture::client_id(number)).expect("it is an id"));
        let phones = numbers.clone().map(|number| fixture::phone(number).to_string());
        Bench { phones: phones.collect(), ids: ids.collect(), point }
    }

    fn short_calls(&self, sandbox: &Sandbox, row: &mut impl FnMut(&str, String)) {
        let by_phone = samples(|| {
            for search in &self.phones {
                let query = FindQuery { search, point: Some(self.point), holds: Vec::new() };
                black_box(sandbox.run(|world, _| world.loyalclient.find(&query)))
                    .expect("the client is there");
            }
        });
        row("find a client by phone, ns", self.each(&by_phone));
        let by_id = samples(|| {
            for id in &self.ids {
                assert!(sandbox.run(|world, _| world.loyalclient.client(*id).is_some()));
            }
        });
        row("find a client by id, ns", self.each(&by_id));

        // A fork shares all with what it is forked from, until it writes.
        let first: Vec<Duration> = (0..SAMPLES / 4)
            .map(|_| {
                let fork = Sandbox::new("fork", sandbox.fork());
                time(|| {
                    self.ids.iter().for_each(|id| {
                        black_box(self.hold(&fork, *id));
                    });
                })
            })
            .collect();
        row("hold, the first write to each client, ns", self.each(&first));
        let (mut hold, mut release, mut accrue, mut spend) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..SAMPLES {
            let mut ids = Vec::with_capacity(SAMPLE);
            hold.push(time(|| ids.extend(self.ids.iter().map(|id| self.hold(sandbox, *id)))));
            release.push(time(|| {
                for id in ids {
                    sandbox.run(|world, _| world.loyalclient.release(Some(id)));
                }
            }));
            accrue.push(time(|| self.ids.iter().for_each(|id| self.retail(sandbox, *id, Amount::ZERO))));
            spend.push(time(|| self.ids.iter().for_each(|id| self.retail(sandbox, *id, Amount::whole(100)))));
        }
        row("hold, ns", self.each(&hold));
        row("release, ns", self.each(&release));
        row("retail that accrues, ns", self.each(&accrue));
        row("retail that spends, ns", self.each(&spend));
    }

    fn whole_sandboxes(&self, registry: &Registry, row: &mut impl FnMut(&str, String)) {
        let names: Vec<String> = (0..TIMES).map(|number| format!("ci-{number}")).collect();
        let open = |name: &String| registry.open(name).expect("there is room");
        let make = names.iter().map(|name| time(|| drop(black_box(open(name)))));
        row("make a sandbox, µs", micros(make.collect()));
        let find = names.iter().map(|name| time(|| drop(black_box(open(name)))));
        row("find a sandbox among 500, µs", micros(find.collect()));
        let mut written = |what: &str, work: &dyn Fn(&Sandbox)| {
            let times = names.iter().map(|name| {
                let sandbox = open(name);
                self.write(&sandbox);
                time(|| work(&sandbox))
            });
            row(what, micros(times.collect()));
        };
        written("fork one with ten writes, µs", &|sandbox| {
            drop(black_box(Sandbox::new("fork", sandbox.fork())));
        });
        written("take a snapshot, ten writes after the last, µs", &|sandbox| {
            sandbox.take_snapshot("bench").expect("there is room");
        });
        written("restore it after ten writes, µs", &|sandbox| {
            sandbox.restore("bench").expect("it was taken");
        });
        written("reset after ten writes, µs", &|sandbox| {
            sandbox.reset(Keep::default());
        });
        written("delete after ten writes, µs", &|sandbox| {
            registry.delete(sandbox.name()).expect("it is there");
        });
    }

    /// Writes that are retails: what a test does most.
    fn many_forks(&self, sandbox: &Sandbox, forks: usize, row: &mut impl FnMut(&str, String)) {
        let before = rss_kb();
        let started = stopwatch();
        let all: Vec<Sandbox> = (0..forks)
            .map(|_| {
                let fork = Sandbox::new("fork", sandbox.fork());
                self.ids.iter().cycle().take(WRITES).for_each(|id| self.retail(&fork, *id, Amount::ZERO));
                fork
            })
            .collect();
        let taken = started.elapsed();
        let grown = rss_kb().zip(before).map(|(after, before)| after.saturating_sub(before));
        row(&format!("{forks} forks with ten retails each, ms"), format!("{:.0}", taken.as_secs_f64() * 1e3));
        row("one of them, µs", format!("{:.1}", taken.as_secs_f64() * 1e6 / forks as f64));
        let each = grown.map(|kb| kb * 1_024 / forks.max(1) as u64);
        row("one of them, bytes", each.map_or("–".to_owned(), |bytes| bytes.to_string()));
        let dropped = time(|| drop(all));
        row("let go of all of them, ms", format!("{:.0}", dropped.as_secs_f64() * 1e3));
    }

    fn write(&self, sandbox: &Sandbox) {
        for id in self.ids.iter().cycle().take(WRITES) {
            black_box(self.hold(sandbox, *id));
        }
    }

    fn hold(&self, sandbox: &Sandbox, client: ObjectId) -> ObjectId {
        let order = HoldOrder {
            client: Some(client),
            point: Some(self.point),
            amount: Amount::from_hundredths(1),
            duration: Period::minutes(10),
        };
        sandbox.run(|world, now| world.loyalclient.hold(&order, now)).expect("there are points enough").id
    }

    fn retail(&self, sandbox: &Sandbox, client: ObjectId, spend: Amount) {
        let order = RetailOrder {
            client: Some(client),
            point: Some(self.point),
            amount: Amount::whole(1_000),
            spend,
            holds: Vec::new(),
        };
        let work = |world: &mut World, now| world.loyalclient.retail(&order, now);
        black_box(sandbox.run(work)).expect("there are points enough");
    }

    /// The median sample, for each of its calls.
    fn each(&self, samples: &[Duration]) -> String {
        let (median, _) = median_and_highest(samples.to_vec());
        format!("{:.0}", median.as_secs_f64() * 1e9 / self.ids.len() as f64)
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let started = stopwatch();
    work();
    started.elapsed()
}

fn samples(work: impl Fn()) -> Vec<Duration> {
    (0..SAMPLES).map(|_| time(&work)).collect()
}

fn micros(times: Vec<Duration>) -> String {
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
