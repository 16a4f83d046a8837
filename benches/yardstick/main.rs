//! stend beside the bare framework doing the same JSON, in one run on one machine: `cargo bench --bench yardstick`.
//!
//! Absolute figures move from machine to machine; what counts is the ratio. The servers run at the same time, and are
//! asked in turns, in short rounds; each round of stend's is compared with the one of the yardstick's beside it, and
//! the median of these ratios is the result. Nothing is asserted.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]

mod calls;
#[path = "../support/mod.rs"]
mod support;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use clap::Parser;

use calls::{ROWS, Row};
use support::answer::{Answer, text};
use support::figures::{Cost, Measured, Spread, here, megabytes};
use support::fixture::{Programmes, fixture};
use support::load;
use support::process::{Program, Server, end_all_on_a_signal};
use support::request::Request;
use support::stend::Stend;

#[derive(Debug, Parser)]
struct Arguments {
    /// How many rounds each server is asked in each row of the table; writes have two fewer.
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

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    if arguments.serve_bare {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        return support::bare::serve(any_port, Some(arguments.workers));
    }
    end_all_on_a_signal();
    let bare = bare(&arguments)?;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("yardstick.json");
    std::fs::write(&path, fixture(Programmes::All, CLIENTS))?;
    let (stend, workers) = (Stend::at(&arguments.stend)?, arguments.workers.to_string());
    println!("{}; stend beside bare actix-web, {} workers each", here(), arguments.workers);
    println!();

    let wanted = |call: &str| arguments.only.as_deref().is_none_or(|only| call.contains(only));
    if wanted("start") {
        start(&bare, &stend.program("demo", &["--workers", &workers]), arguments.starts)?;
    }
    let rows: Vec<&Row> = ROWS.iter().filter(|row| wanted(row.call)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let bare = bare.start()?;
    let servers: Vec<(&str, Server)> = ways(&stend)
        .into_iter()
        .map(|(way, flags)| {
            let flags = [&["--workers", workers.as_str()], flags].concat();
            Ok((way, stend.program(&path, &flags).start()?))
        })
        .collect::<io::Result<_>>()?;
    let all: Vec<&Server> = [&bare].into_iter().chain(servers.iter().map(|(_, server)| server)).collect();
    let rss = || -> Vec<String> { all.iter().map(|server| megabytes(server.rss_kb())).collect() };

    let mut memory = vec![("idle", rss())];
    println!(
        "| call | connections | requests/s, bare | stend | **ratio** (lowest – highest) | p50 µs, bare | stend | \
         p99 µs, bare | stend | server CPU µs a request, bare | stend | **ratio** | the load's own CPU µs, beside stend |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (what, writes) in [("after the reads", false), ("after the writes", true)] {
        for row in rows.iter().filter(|row| row.writes == writes) {
            beside(&bare, &servers, row, &arguments)?;
        }
        memory.push((what, rss()));
    }
    println!();
    let names = servers.iter().map(|(way, _)| format!("stend{way}"));
    let names: Vec<String> = ["bare".to_owned()].into_iter().chain(names).collect();
    println!("| memory (RSS), MB; {CLIENTS} clients a programme | {} |", names.join(" | "));
    println!("| --- |{}", " --- |".repeat(names.len()));
    for (when, figures) in memory {
        println!("| {when} | {} |", figures.join(" | "));
    }
    Ok(())
}

/// How many clients stend is started with, in each programme.
const CLIENTS: u64 = 1_000;

fn bare(arguments: &Arguments) -> io::Result<Program> {
    Ok(Program {
        name: "bare".to_owned(),
        executable: std::env::current_exe()?.into(),
        arguments: vec!["--serve-bare".into(), "--workers".into(), arguments.workers.to_string().into()],
        log: None,
        home: None,
    })
}

/// The ways in which stend is asked, each with its flags: as its users run it, and without the journal if this one
/// keeps one.
fn ways(stend: &Stend) -> Vec<(&'static str, &'static [&'static str])> {
    let mut ways: Vec<(&str, &[&str])> = vec![("", &[])];
    if stend.has_journal() {
        ways.push((", no journal", &["--journal", "0"]));
    }
    ways
}

/// From starting the process to its first answer, in turns.
fn start(bare: &Program, stend: &Program, times: usize) -> io::Result<()> {
    let request = &calls::client(0)[0];
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

/// The rounds of one way to run stend, with those of the yardstick beside them.
#[derive(Default)]
struct Beside {
    bare: Measured,
    stend: Measured,
    rates: Vec<f64>,
    cpus: Vec<f64>,
}

/// One row for each way to run stend: all servers in turns, each time another one first.
fn beside(bare: &Server, servers: &[(&str, Server)], row: &Row, arguments: &Arguments) -> io::Result<()> {
    let connections: Vec<Vec<Request>> = (0..row.connections as u64).map(row.requests).collect();
    let all: Vec<&Server> = [bare].into_iter().chain(servers.iter().map(|(_, server)| server)).collect();
    for server in &all[1..] {
        same_answers(bare, server, &connections[0])?;
    }
    let time = Duration::from_secs_f64(arguments.seconds);
    for server in &all {
        load::round(server.address, &connections, time.min(Duration::from_millis(300)))?;
    }
    let mut measured: Vec<Beside> = servers.iter().map(|_| Beside::default()).collect();
    for number in 0..arguments.rounds.saturating_sub(if row.writes { 2 } else { 0 }).max(1) {
        let mut costs: Vec<Option<Cost>> = all.iter().map(|_| None).collect();
        for turn in 0..all.len() {
            let place = (number + turn) % all.len();
            costs[place] = Some(Cost::measure(all[place], &connections, time)?);
        }
        let costs: Vec<Cost> = costs.into_iter().flatten().collect();
        let (bare, others) = costs.split_first().expect("the yardstick is there");
        for (measured, stend) in measured.iter_mut().zip(others) {
            measured.rates.push(stend.rate() / bare.rate());
            measured.cpus.push(bare.server_cpu() / stend.server_cpu());
            measured.bare.add(bare);
            measured.stend.add(stend);
        }
    }
    for ((way, _), Beside { bare, stend, rates, cpus }) in servers.iter().zip(measured) {
        let [rate_bare, p50_bare, p99_bare, cpu_bare, _] = bare.medians();
        let [rate_stend, p50_stend, p99_stend, cpu_stend, load] = stend.medians();
        println!(
            "| {}{way} | {} | {rate_bare:.0} | {rate_stend:.0} | {} | {p50_bare:.0} | {p50_stend:.0} | \
             {p99_bare:.0} | {p99_stend:.0} | {cpu_bare:.2} | {cpu_stend:.2} | **{:.2}** | {load:.2} |",
            row.call,
            row.connections,
            Spread::of(rates),
            Spread::of(cpus).median
        );
    }
    Ok(())
}

/// Both servers must say the same: else they are not compared.
fn same_answers(bare: &Server, stend: &Server, requests: &[Request]) -> io::Result<()> {
    for request in requests {
        let mut request = request.clone();
        request.set_serial();
        let [bare, stend] = [bare.ask(&request.bytes)?, stend.ask(&request.bytes)?];
        let shape = |bytes: &[u8]| {
            let answer = Answer::read(bytes)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            io::Result::Ok((answer.status, answer.length))
        };
        let ((status, length), (of_stend, length_of_stend)) = (shape(&bare)?, shape(&stend)?);
        // What grows is as long as can be foreseen.
        let same =
            if request.grows { length.abs_diff(length_of_stend) < 8 } else { length == length_of_stend };
        assert!(
            status == of_stend && same,
            "the answers differ in status or length:\n{}\n{}",
            text(&bare),
            text(&stend)
        );
    }
    Ok(())
}
