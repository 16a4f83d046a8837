//! What was asked for goes to stdout.

use std::io::{self, Write};

use anyhow::Context;

/// Writes a text to stdout, whole. Who closed it has seen enough: that is no error.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    seen_enough(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
        .context("cannot write to stdout")
}

/// The same outcome, but for a reader that went away, as `head` does.
pub(super) fn seen_enough(written: io::Result<()>) -> io::Result<()> {
    written.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}
