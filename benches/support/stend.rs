//! stend itself, as a program to be started.

use std::ffi::OsString;
use std::process::Command;

use super::process::Program;

/// The binary that was built for the bench, and any other that `--stend` names.
pub(crate) struct Stend {
    executable: String,
    help: String,
}

impl Stend {
    /// This binary.
    pub(crate) fn at(executable: &str) -> std::io::Result<Stend> {
        let help = Command::new(executable).args(["serve", "--help"]).output()?;
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        Ok(Stend { executable: executable.to_owned(), help })
    }

    /// Whether it keeps a journal.
    pub(crate) fn has_journal(&self) -> bool {
        self.help.contains("--journal ")
    }

    /// The program, on a port that it chooses and prints.
    pub(crate) fn program(&self, fixtures: impl Into<OsString>, flags: &[&str]) -> Program {
        self.program_at("0", fixtures, &[&["--print-url"], flags].concat())
    }

    /// The program, on this port.
    pub(crate) fn program_at(&self, port: &str, fixtures: impl Into<OsString>, flags: &[&str]) -> Program {
        let mut arguments: Vec<OsString> = ["--port", port, "--fixtures"].map(Into::into).to_vec();
        arguments.push(fixtures.into());
        arguments.extend(flags.iter().map(Into::into));
        Program { name: "stend".to_owned(), executable: self.executable.clone().into(), arguments, log: None }
    }
}
