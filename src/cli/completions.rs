//! `stend completions SHELL`: what a shell needs to complete stend's commands and flags.

use clap::Args;
use clap_complete::Shell;

use super::output;

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "stend", &mut script);
        output::print(&String::from_utf8(script)?)
    }
}
