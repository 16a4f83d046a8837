//! stend beside the bare framework doing the same JSON, in one run on one machine: `cargo bench --bench yardstick`.
//!
//! Absolute figures move from machine to machine; what counts is the ratio. The two servers run at the same time,
//! and are asked in turns, in short rounds; each round of stend's is compared with the one of the yardstick's
//! beside it, and the median of these ratios is the result. Nothing is asserted.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod bare;
mod child;
#[path = "../support/fixture.rs"]
mod fixture;
mod load;

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::Parser;

use child::{Program, Server};
use fixture::{POINT, client_id, phone};
use load::{Request, Round};

#[derive(Debug, Parser)]
struct Arguments {
    /// How many rounds each server is asked in each row of the table, reads of one client; others have two fewer.
    #[arg(long, default_value_t = 7)]
    rounds: usize,

    /// How long a round is, in seconds.
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,

    /// How many times each server is started.
    #[arg(long, default_value_t = 40)]
    starts: usize,

    /// How many threads each server answers with.
    #[arg(long, default_value_t = 2)]
    workers: usize,

    /// Only the rows whose call has this in its name; `start` for the start.
    #[arg(long)]
    only: Option<String>,

    /// Another stend than the one built for this bench.
    #[arg(long, value_name = "PATH", default_value = env!("CARGO_BIN_EXE_stend"))]
    stend: String,

    /// Be the yardstick.
    #[arg(long, hide = true)]
    serve_bare: bool,

    /// Cargo says this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

/// One row of the table.
struct Row {
    call: &'static str,
    connections: usize,
    requests: fn(u64) -> Vec<Request>,
    /// How many rounds fewer than others it has.
    fewer: usize,
}

const ROWS: [Row; 6] = [
    Row { call: "client", connections: 1, requests: client, fewer: 0 },
    Row { call: "client", connections: 32, requests: client, fewer: 0 },
    Row { call: "client", connections: 256, requests: client, fewer: 0 },
    Row { call: "recalc", connections: 32, requests: recalc, fewer: 2 },
    Row { call: "hold + release", connections: 32, requests: hold_and_release, fewer: 2 },
    Row { call: "retail", connections: 32, requests: retail, fewer: 2 },
];

/// All connections ask for one client.
fn client(_: u64) -> Vec<Request> {
    let phone = phone(0);
    vec![Request::new("client", &format!(r#"{{"search":"{phone}","point":"{POINT}","hold":[]}}"#))]
}

fn recalc(_: u64) -> Vec<Request> {
    let client = client_id(0);
    vec![Request::new(
        "recalc",
        &format!(r#"{{"client":"{client}","point":"{POINT}","amount":1000,"hold":[]}}"#),
    )]
}

/// Each connection has a client of its own.
fn hold_and_release(connection: u64) -> Vec<Request> {
    let (client, dots) = (client_id(connection + 1), ".".repeat(24));
    vec![
        Request::new(
            "bonuses/hold",
            &format!(r#"{{"client":"{client}","point":"{POINT}","amount":10,"duration":10}}"#),
        ),
        Request::new("bonuses/release", &format!(r#"{{"id":"{dots}"}}"#)),
    ]
}

/// Accrues a hundred points and spends them again.
fn retail(connection: u64) -> Vec<Request> {
    let client = client_id(connection + 1);
    [0, 100]
        .map(|spend| {
            let body = format!(
                r#"{{"client":"{client}","point":"{POINT}","amount":1000,"spend":{spend},"hold":[]}}"#
            );
            Request::new("retail", &body)
        })
        .to_vec()
}

fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    if arguments.serve_bare {
        return bare::serve(arguments.workers);
    }
    let bare = bare(&arguments)?;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("yardstick.json");
    std::fs::write(&path, fixture::fixture(CLIENTS))?;
    let demo = stend(&arguments, "demo".into());
    let stend = stend(&arguments, path.into());
    println!(
        "stend {} beside bare actix-web, {} workers each; {}",
        env!("CARGO_PKG_VERSION"),
        arguments.workers,
        machine()
    );
    println!();

    let wanted = |call: &str| arguments.only.as_deref().is_none_or(|only| call.contains(only));
    if wanted("start") {
        start(&bare, &demo, arguments.starts)?;
    }
    let rows: Vec<&Row> = ROWS.iter().filter(|row| wanted(row.call)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let (bare, stend) = (bare.start()?, stend.start()?);
    let idle = [bare.rss_kb(), stend.rss_kb()];
    println!(
        "| call | connections | requests/s, bare | stend | **ratio** (lowest – highest) | p50 µs, bare | stend | \
         p99 µs, bare | stend | server CPU µs a request, bare | stend | **ratio** | the load's own CPU µs, beside stend |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for row in rows {
        beside(&bare, &stend, row, &arguments)?;
    }
    println!();
    let after = [bare.rss_kb(), stend.rss_kb()];
    println!("| memory (RSS), MB | bare | stend, {CLIENTS} clients |");
    println!("| --- | --- | --- |");
    for (when, [bare, stend]) in [("idle", idle), ("after the load", after)] {
        println!("| {when} | {} | {} |", megabytes(bare), megabytes(stend));
    }
    Ok(())
}

/// How many clients stend is started with.
const CLIENTS: u64 = 1_000;

fn bare(arguments: &Arguments) -> std::io::Result<Program> {
    Ok(Program {
        name: "bare",
        executable: std::env::current_exe()?.into(),
        arguments: vec!["--serve-bare".into(), "--workers".into(), arguments.workers.to_string().into()],
    })
}

fn stend(arguments: &Arguments, fixture: OsString) -> Program {
    let workers = arguments.workers.to_string();
    let fixed = ["--port", "0", "--print-url", "--workers", &workers, "--fixtures"].map(Into::into);
    Program {
        name: "stend",
        executable: arguments.stend.clone().into(),
        arguments: fixed.into_iter().chain([fixture]).collect(),
    }
}

/// From starting the process to its first answer, in turns.
fn start(bare: &Program, stend: &Program, times: usize) -> std::io::Result<()> {
    let request = &client(0)[0];
    let mut taken = [Vec::new(), Vec::new()];
    // The first of each reads the executable from the disk.
    for time in 0..=times {
        for (taken, program) in taken.iter_mut().zip([bare, stend]) {
            let start = program.start_to_first_answer(request)?.as_secs_f64() * 1e3;
            if time > 0 {
                taken.push(start);
            }
        }
    }
    let ratios: Vec<f64> = taken[0].iter().zip(&taken[1]).map(|(bare, stend)| stend / bare).collect();
    let [bare, stend] = taken.map(Spread::of);
    println!("| from start to first answer | bare, ms | stend, demo, ms | **ratio** (lowest – highest) |");
    println!("| --- | --- | --- | --- |");
    println!("| median of {times} | {:.1} | {:.1} | {} |", bare.median, stend.median, Spread::of(ratios));
    println!();
    Ok(())
}

/// One row: both servers in turns, the first of each pair changing.
fn beside(bare: &Server, stend: &Server, row: &Row, arguments: &Arguments) -> std::io::Result<()> {
    let connections: Vec<Vec<Request>> = (0..row.connections as u64).map(row.requests).collect();
    same_answers(bare, stend, &connections[0])?;
    let time = Duration::from_secs_f64(arguments.seconds);
    for server in [bare, stend] {
        load::round(server.address, &connections, time.min(Duration::from_millis(300)))?;
    }
    let (mut of_bare, mut of_stend) = (Measured::default(), Measured::default());
    let (mut ratios, mut cpu_ratios) = (Vec::new(), Vec::new());
    for number in 0..arguments.rounds.saturating_sub(row.fewer).max(1) {
        let measure = |server| measure(server, &connections, time);
        let (one, other) = if number % 2 == 0 {
            (measure(bare)?, measure(stend)?)
        } else {
            let stend = measure(stend)?;
            (measure(bare)?, stend)
        };
        ratios.push(other.rate() / one.rate());
        cpu_ratios.push(one.server_cpu() / other.server_cpu());
        of_bare.add(&one);
        of_stend.add(&other);
    }
    let [rate_bare, p50_bare, p99_bare, cpu_bare, _] = of_bare.medians();
    let [rate_stend, p50_stend, p99_stend, cpu_stend, load] = of_stend.medians();
    println!(
        "| {} | {} | {rate_bare:.0} | {rate_stend:.0} | {} | {p50_bare:.0} | {p50_stend:.0} | {p99_bare:.0} | \
         {p99_stend:.0} | {cpu_bare:.2} | {cpu_stend:.2} | **{:.2}** | {load:.2} |",
        row.call,
        row.connections,
        Spread::of(ratios),
        Spread::of(cpu_ratios).median
    );
    Ok(())
}

/// Both servers must say the same: else they are not compared.
fn same_answers(bare: &Server, stend: &Server, requests: &[Request]) -> std::io::Result<()> {
    for request in requests {
        let [bare, stend] = [bare.ask(&request.bytes)?, stend.ask(&request.bytes)?];
        let shape = |answer: &[u8]| {
            let body = load::whole(answer).map(|body| body.length);
            (answer.get(..12).map(<[u8]>::to_vec), body)
        };
        assert!(
            shape(&bare) == shape(&stend),
            "the answers differ in status or length:\n{}\n{}",
            String::from_utf8_lossy(&bare),
            String::from_utf8_lossy(&stend)
        );
    }
    Ok(())
}

/// One round, and what it cost.
struct Cost {
    round: Round,
    server: Option<Duration>,
    load: Option<Duration>,
}

impl Cost {
    fn rate(&self) -> f64 {
        self.round.requests as f64 / self.round.taken.as_secs_f64()
    }

    /// What the server took for one request, in microseconds.
    fn server_cpu(&self) -> f64 {
        self.each(self.server)
    }

    /// What the load took for one request, in microseconds.
    fn load_cpu(&self) -> f64 {
        self.each(self.load)
    }

    fn each(&self, cpu: Option<Duration>) -> f64 {
        cpu.map_or(f64::NAN, micros) / self.round.requests as f64
    }
}

fn measure(server: &Server, connections: &[Vec<Request>], time: Duration) -> std::io::Result<Cost> {
    let before = (server.cpu(), child::cpu_of("self"));
    let round = load::round(server.address, connections, time)?;
    let after = (server.cpu(), child::cpu_of("self"));
    let between = |before: Option<Duration>, after: Option<Duration>| after?.checked_sub(before?);
    Ok(Cost { round, server: between(before.0, after.0), load: between(before.1, after.1) })
}

/// The rounds of one server: rate, p50, p99, CPU of the server, CPU of the load.
#[derive(Default)]
struct Measured([Vec<f64>; 5]);

impl Measured {
    fn add(&mut self, cost: &Cost) {
        let (p50, p99) = (micros(cost.round.p50), micros(cost.round.p99));
        let figures = [cost.rate(), p50, p99, cost.server_cpu(), cost.load_cpu()];
        for (column, figure) in self.0.iter_mut().zip(figures) {
            column.push(figure);
        }
    }

    fn medians(self) -> [f64; 5] {
        self.0.map(|column| Spread::of(column).median)
    }
}

/// Some figures of the same thing.
struct Spread {
    lowest: f64,
    median: f64,
    highest: f64,
}

impl Spread {
    fn of(mut figures: Vec<f64>) -> Spread {
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

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn megabytes(kb: Option<u64>) -> String {
    kb.map_or("–".to_owned(), |kb| format!("{:.1}", kb as f64 / 1_000.0))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    format!("{cores} cores, {}", model.map_or(std::env::consts::ARCH, |(_, model)| model))
}
