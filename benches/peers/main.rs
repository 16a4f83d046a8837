//! stend beside other mock servers, in one run on one machine: `cargo bench --bench peers`.
//!
//! All answer the same call: LoyalClient's `client`, with the same JSON. The others do so from a canned stub, stend
//! from its books; the yardstick is the bare framework. Each is started some times, then asked for some seconds over
//! some connections, one server after the other. What is not here is installed from npm and crates.io into the
//! target folder, in the versions of `install.rs`; a rival that cannot run is left out, and the table says why.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::print_stderr, reason = "installing takes a while")]

mod install;
mod rivals;
#[path = "../support/mod.rs"]
mod support;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;

use install::{Package, Rivals};
use rivals::RIVALS;
use support::answer::{Answer, text};
use support::figures::{Cost, Measured, Spread, here, megabytes, version};
use support::fixture::{POINT, phone};
use support::load;
use support::process::{Program, end_all_on_a_signal, free_address};
use support::request::Request;
use support::stend::Stend;

#[derive(Debug, Parser)]
struct Arguments {
    /// How many times each server is started.
    #[arg(long, default_value_t = 5)]
    starts: usize,

    /// How many rounds each server is asked.
    #[arg(long, default_value_t = 3)]
    rounds: usize,

    /// How long a round is, in seconds.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,

    /// How long each server is asked before, in seconds: some compile while they run.
    #[arg(long, default_value_t = 5.0)]
    warm_up: f64,

    /// Over how many connections.
    #[arg(long, default_value_t = 32)]
    connections: usize,

    /// Only the servers with this in their name.
    #[arg(long)]
    only: Option<String>,

    /// Another stend than the one built for this bench.
    #[arg(long, value_name = "PATH", default_value = env!("CARGO_BIN_EXE_stend"))]
    stend: String,

    /// Be the yardstick, on this address.
    #[arg(long, hide = true)]
    serve_bare: Option<SocketAddr>,

    /// Cargo says this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A server in one of the ways it is run.
pub(crate) struct Contender {
    name: String,
    executable: String,
    /// `{port}` is the port it is to listen on.
    arguments: Vec<String>,
}

impl Contender {
    fn new(title: &str, version: &str, how: &str, executable: &str, arguments: &[&str]) -> Contender {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Contender { name: format!("{title} {version}, {how}"), executable: executable.to_owned(), arguments }
    }

    pub(crate) fn of(package: &Package, how: &str, executable: &str, arguments: &[&str]) -> Contender {
        Contender::new(package.title, package.version, how, executable, arguments)
    }

    fn program(&self, address: SocketAddr, home: &Path) -> Program {
        let port = address.port().to_string();
        let arguments = self.arguments.iter().map(|argument| argument.replace("{port}", &port).into());
        Program {
            name: self.name.clone(),
            executable: self.executable.clone().into(),
            arguments: arguments.collect(),
            log: None,
            home: Some(home.to_owned()),
        }
    }
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    if let Some(address) = arguments.serve_bare {
        return support::bare::serve(address, None);
    }
    end_all_on_a_signal();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let (rivals, home) = (Rivals::at(folder.clone()), folder.join("home"));
    std::fs::create_dir_all(&home)?;
    let stend = Stend::at(&arguments.stend)?;
    let answer = answer_of(&stend)?;
    println!("{}", here());
    for (tool, flag) in [("node", "--version"), ("npm", "--version"), ("java", "-version")] {
        println!("{tool}: {}", version(tool, &[flag]).as_deref().unwrap_or("not there"));
    }
    println!(
        "{} connections, rounds of {} s, an answer of {} bytes",
        arguments.connections,
        arguments.seconds,
        answer.len()
    );
    println!();
    println!(
        "| server | start to first answer, ms | RSS idle → after the load, MB | requests/s | p50 µs | p99 µs | \
         server CPU µs a request |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");

    let wanted = |name: &str| arguments.only.as_deref().is_none_or(|only| name.contains(only));
    for contender in ours(&stend)?.iter().filter(|ours| wanted(&ours.name)) {
        // The yardstick's answer has another title in it.
        row(contender, "\"success\":true", &home, &arguments);
    }
    for (package, contenders) in RIVALS.iter().filter(|(package, _)| wanted(package.title)) {
        match contenders(&rivals, &answer) {
            Err(error) => {
                println!(
                    "| {} {}, left out: {error} | – | – | – | – | – | – |",
                    package.title, package.version
                );
            }
            Ok(contenders) => {
                for contender in contenders {
                    row(&contender, &answer, &home, &arguments);
                }
            }
        }
    }
    Ok(())
}

fn request() -> Request {
    let body = format!(r#"{{"search":"{}","point":"{POINT}","hold":[]}}"#, phone(0));
    Request::loyalclient("client", &body)
}

/// What stend's demo answers: the rivals answer it, too.
fn answer_of(stend: &Stend) -> io::Result<String> {
    let bytes = stend.program("demo", &[]).start()?.ask(&request().bytes)?;
    let answer = Answer::read(&bytes)?.filter(|answer| answer.status == 200);
    let answer = answer.ok_or_else(|| io::Error::other(format!("not the client: {}", text(&bytes))))?;
    Ok(text(answer.body(&bytes)))
}

/// The yardstick, and stend in its ways.
fn ours(stend: &Stend) -> io::Result<Vec<Contender>> {
    let bench: PathBuf = std::env::current_exe()?;
    let bench = bench.to_str().ok_or_else(|| io::Error::other("the bench's own path is no text"))?;
    let yardstick = ["--serve-bare", "127.0.0.1:{port}"];
    let mut ours = vec![Contender::new("bare actix-web", "4.18", "the yardstick", bench, &yardstick)];
    let mut ways: Vec<(&str, &[&str])> = vec![("as is", &[])];
    if stend.has_journal() {
        ways.push(("no journal", &["--journal", "0"]));
    }
    for (how, flags) in ways {
        let flags = [&["--port", "{port}"], flags].concat();
        ours.push(Contender::new("**stend**", env!("CARGO_PKG_VERSION"), how, &stend.executable, &flags));
    }
    Ok(ours)
}

/// A line of the table, whatever comes.
fn row(contender: &Contender, wanted: &str, home: &Path, arguments: &Arguments) {
    match measure(contender, wanted, home, arguments) {
        Ok(figures) => println!("| {} | {figures} |", contender.name),
        Err(error) => {
            // One line, whatever stands in an answer.
            let error = error.to_string().replace(['\n', '\r', '|'], " ");
            println!("| {}, failed: {error} | – | – | – | – | – | – |", contender.name);
        }
    }
}

fn measure(contender: &Contender, wanted: &str, home: &Path, arguments: &Arguments) -> io::Result<String> {
    let request = request();
    let start = || {
        let address = free_address()?;
        contender.program(address, home).start_at(address, &request, wanted.as_bytes())
    };
    // The first reads the executable from the disk; the last goes on.
    drop(start()?);
    let mut starts = Vec::new();
    for _ in 1..arguments.starts {
        starts.push(start()?.1);
    }
    let (server, last) = start()?;
    starts.push(last);
    let starts = Spread::of(starts.iter().map(|start| start.as_secs_f64() * 1e3).collect());
    let idle = server.rss_kb();

    let connections = vec![vec![request.clone()]; arguments.connections];
    load::round(server.address, &connections, Duration::from_secs_f64(arguments.warm_up))?;
    let mut measured = Measured::default();
    for _ in 0..arguments.rounds.max(1) {
        measured.add(&Cost::measure(&server, &connections, Duration::from_secs_f64(arguments.seconds))?);
    }
    let after = server.rss_kb();
    let [rate, p50, p99, cpu, _] = measured.medians();
    Ok(format!(
        "{:.1} | {} → {} | {rate:.0} | {p50:.0} | {p99:.0} | {cpu:.1}",
        starts.median,
        megabytes(idle),
        megabytes(after)
    ))
}
