//! stend itself, as a program to be started.

use std::ffi::OsString;
use std::process::Command;

use super::process::Program;

/// The binary that was built for the bench, and any other that `--stend` names.
pub(crate) struct Stend {
    /// Its path, from the root on.
    pub(crate) executable: String,
    help: String,
}

impl Stend {
    /// This binary.
    pub(crate) fn at(executable: &str) -> std::io::Result<Stend> {
        let executable = std::path::absolute(executable)?.to_string_lossy().into_owned();
        let help = Command::new(&executable).args(["serve", "--help"]).output()?;
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        Ok(Stend { executable, help })
    }

    /// Whether it keeps a journal.
    pub(crate) fn has_journal(&self) -> bool {
        self.help.contains("--journal ")
    }

    /// The program, on a port that it chooses and prints.
    pub(crate) fn program(&self, fixtures: impl Into<OsString>, flags: &[&str]) -> Program {
        let mut arguments: Vec<OsString> =
            ["--port", "0", "--print-url", "--fixtures"].map(Into::into).to_vec();
        arguments.push(fixtures.into());
        arguments.extend(flags.iter().map(Into::into));
        let executable = self.executable.clone().into();
        Program { name: "stend".to_owned(), executable, arguments, log: None, home: None }
    }
}
