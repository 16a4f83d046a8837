//! A soak: millions of mixed requests against one server, `cargo bench --bench soak`, or fewer, `… -- 30000`.
//!
//! Tills make purchases in all programmes, in sandboxes that come and go over `--max-sandboxes`; in between they
//! move clocks, take snapshots and go back to them, reset, look at accounts and journals. It ends with 1 on any
//! answer of 5xx, on books that are not right, and when the memory grows over a bound; its tables say the rest.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "../support/mod.rs"]
mod support;
mod tally;
mod till;

use std::cell::{Cell, RefCell};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use serde_json::Value;

use support::answer::{Answer, text};
use support::figures::here;
use support::fixture::{Programmes, fixture};
use support::process::{Server, end_all_on_a_signal};
use support::request::Request;
use support::stend::Stend;
use tally::Tally;
use till::{Shop, Till};

#[derive(Debug, Parser)]
struct Arguments {
    /// How many requests.
    #[arg(default_value_t = 3_000_000)]
    requests: usize,

    /// How many connections make them.
    #[arg(long, default_value_t = 32)]
    connections: usize,

    /// How many clients each programme has.
    #[arg(long, default_value_t = 100)]
    clients: u64,

    /// How many sandboxes the server may keep.
    #[arg(long, default_value_t = 100)]
    max_sandboxes: usize,

    /// Another stend than the one built for this bench.
    #[arg(long, value_name = "PATH", default_value = env!("CARGO_BIN_EXE_stend"))]
    stend: String,

    /// Cargo says this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> io::Result<ExitCode> {
    let arguments = Arguments::parse();
    end_all_on_a_signal();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (path, log) = (folder.join("soak.json"), folder.join("soak.log"));
    std::fs::write(&path, fixture(Programmes::All, arguments.clients))?;
    let stend = Stend::at(&arguments.stend)?;
    let max_sandboxes = arguments.max_sandboxes.to_string();
    let mut program = stend.program(&path, &["--max-sandboxes", &max_sandboxes]);
    program.log = Some(log.clone());
    let server = program.start()?;
    println!(
        "{}; {} requests, {} connections, {} clients a programme, at most {max_sandboxes} sandboxes",
        here(),
        arguments.requests,
        arguments.connections,
        arguments.clients
    );
    println!();

    let shop = Shop {
        address: server.address,
        clients: arguments.clients,
        journal: stend.has_journal(),
        tally: RefCell::new(Tally::new(&server, arguments.requests)),
        sandboxes: Cell::new(0),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tills = async {
        let tills =
            (0..arguments.connections).map(async |number| Till::open(&shop, number).await?.run().await);
        futures_util::future::try_join_all(tills).await
    };
    let ran = runtime.block_on(tills);
    let mut tally = shop.tally.into_inner();
    tally.finish();
    if let Err(error) = ran {
        tally.wrong.push(error.to_string());
    }
    println!("{} sandboxes came.", shop.sandboxes.get());
    match audit_all(&server) {
        Ok(kept) => println!("The books of all {kept} that are left are right."),
        Err(error) => tally.wrong.push(error.to_string()),
    }
    if tally.wrong.is_empty() {
        println!("\nsoak: ok");
        return Ok(ExitCode::SUCCESS);
    }
    for wrong in &tally.wrong {
        println!("\nsoak: FAILED, {wrong}");
    }
    println!("\nThe server's log: {}", log.display());
    Ok(ExitCode::FAILURE)
}

/// Audits every sandbox that is there; returns how many there are.
fn audit_all(server: &Server) -> io::Result<usize> {
    let get = |path: &str, headers: &str| {
        let answer = server.ask(&Request::new("GET", path, headers, None).bytes)?;
        let body = Answer::read(&answer)?.map(|whole| whole.body(&answer).to_vec()).unwrap_or_default();
        let body: Value = serde_json::from_slice(&body)
            .map_err(|error| io::Error::other(format!("{path}: {error}: {}", text(&answer))))?;
        io::Result::Ok(body)
    };
    let sandboxes = get("/_stend/sandboxes", "")?;
    let sandboxes = sandboxes["sandboxes"].as_array().cloned().unwrap_or_default();
    for sandbox in &sandboxes {
        let name = sandbox["name"].as_str().unwrap_or_default();
        let audit = get("/_stend/audit", &format!("X-Stend-Sandbox: {name}\r\n"))?;
        if audit["ok"] != Value::Bool(true) {
            return Err(io::Error::other(format!("the books of {name} are not right: {audit}")));
        }
    }
    if sandboxes.is_empty() {
        return Err(io::Error::other("there is no sandbox, not even the default one"));
    }
    Ok(sandboxes.len())
}
