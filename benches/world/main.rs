//! What a world costs at 10, 10,000 and 1,000,000 clients, side by side, for each programme: `cargo bench --bench
//! world`.
//!
//! Each size of each programme is measured in a process of its own, so that memory is counted from the same start.
//! Without HTTP: through the one door that handlers use, too. Nothing is asserted.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod ibonus;
mod loyalclient;
mod measure;
mod probonus;
#[path = "../support/mod.rs"]
mod support;

use std::process::{Command, Stdio};

use clap::{Parser, ValueEnum};

use measure::Column;
use support::figures::here;

#[derive(Debug, Parser)]
struct Arguments {
    /// The numbers of clients.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 10_000, 1_000_000])]
    sizes: Vec<u64>,

    /// How many sandboxes are held at once.
    #[arg(long, default_value_t = 10_000)]
    sandboxes: usize,

    /// The programmes.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Programme::Loyalclient, Programme::Ibonus, Programme::Probonus])]
    programmes: Vec<Programme>,

    /// Measure this one size of the first of the programmes, and print its column.
    #[arg(long, hide = true)]
    column: Option<u64>,

    /// Cargo says this to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Programme {
    Loyalclient,
    Ibonus,
    Probonus,
}

impl Programme {
    fn title(self) -> &'static str {
        match self {
            Programme::Loyalclient => "LoyalClient",
            Programme::Ibonus => "i-bonus.me",
            Programme::Probonus => "ProBonus",
        }
    }

    fn column(self, clients: u64, sandboxes: usize) -> Column {
        match self {
            Programme::Loyalclient => loyalclient::column(clients, sandboxes),
            Programme::Ibonus => ibonus::column(clients, sandboxes),
            Programme::Probonus => probonus::column(clients, sandboxes),
        }
    }
}

fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    if let Some((clients, programme)) = arguments.column.zip(arguments.programmes.first()) {
        for (what, figure) in programme.column(clients, arguments.sandboxes).rows {
            println!("{what}\t{figure}");
        }
        return Ok(());
    }
    println!("{}", here());
    for programme in &arguments.programmes {
        println!();
        table(*programme, &arguments)?;
    }
    Ok(())
}

fn table(programme: Programme, arguments: &Arguments) -> std::io::Result<()> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let name = programme.to_possible_value().expect("no programme is hidden");
    for (number, size) in arguments.sizes.iter().enumerate() {
        let column = Command::new(std::env::current_exe()?)
            .args(["--programmes", name.get_name(), "--column", &size.to_string()])
            .args(["--sandboxes", &arguments.sandboxes.to_string()])
            .stderr(Stdio::inherit())
            .output()?;
        if !column.status.success() {
            let message = format!("{} with {size} clients: {}", programme.title(), column.status);
            return Err(std::io::Error::other(message));
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
    println!("| {} | {} |", programme.title(), sizes.join(" | "));
    println!("| --- |{}", " --- |".repeat(sizes.len()));
    for (what, figures) in rows {
        println!("| {what} | {} |", figures.join(" | "));
    }
    Ok(())
}
