//! The two servers as child processes, and what the system says of them.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use stend::sandbox::clock::stopwatch;

use crate::load::Request;

/// How long any one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that runs until it is dropped.
pub(crate) struct Server {
    child: Child,
    /// Kept, so that the server never writes into a closed pipe.
    _stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// How a server is started: a program and its arguments; it must print its URL when it listens.
pub(crate) struct Program {
    /// What it is called in the tables.
    pub(crate) name: &'static str,
    /// The executable.
    pub(crate) executable: OsString,
    /// Its arguments.
    pub(crate) arguments: Vec<OsString>,
}

impl Program {
    /// Starts it, and returns when it has printed its URL.
    pub(crate) fn start(&self) -> io::Result<Server> {
        let mut command = Command::new(&self.executable);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // What the caller's environment would tell stend.
        let named = std::env::vars_os().map(|(name, _)| name);
        for name in named.filter(|name| name == "PORT" || name.to_string_lossy().starts_with("STEND_")) {
            command.env_remove(name);
        }
        let mut child = command.spawn()?;
        let mut stdout = BufReader::new(child.stdout.take().expect("its stdout is piped"));
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        let address = line.trim().strip_prefix("http://").and_then(|address| address.parse().ok());
        match (read, address) {
            (Ok(_), Some(address)) => Ok(Server { child, _stdout: stdout, address }),
            (read, _) => {
                child.kill()?;
                child.wait()?;
                read.and(Err(io::Error::other(format!("{} did not start: it printed {line:?}", self.name))))
            }
        }
    }

    /// From starting the process to its first answer with status 200.
    pub(crate) fn start_to_first_answer(&self, request: &Request) -> io::Result<Duration> {
        let started = stopwatch();
        let server = self.start()?;
        let answer = server.ask(&request.bytes)?;
        let taken = started.elapsed();
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}: {}", self.name, String::from_utf8_lossy(&answer));
        Ok(taken)
    }
}

impl Server {
    /// Sends one request on a connection of its own; returns the whole answer.
    pub(crate) fn ask(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(request)?;
        let mut answer = Vec::new();
        let mut piece = [0; 4_096];
        while crate::load::whole(&answer).is_none() {
            match stream.read(&mut piece)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => answer.extend_from_slice(&piece[..read]),
            }
        }
        Ok(answer)
    }

    /// The processor time it has taken so far; only Linux tells.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        cpu_of(&self.child.id().to_string())
    }

    /// The memory it has in use, in kB; only Linux tells.
    pub(crate) fn rss_kb(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    }
}

/// The processor time a process (`self`, or its id) has taken so far.
pub(crate) fn cpu_of(process: &str) -> Option<Duration> {
    /// What `/proc` counts in; the same on every Linux there is.
    const TICKS_A_SECOND: u64 = 100;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in parentheses, may hold anything; user and system time are the 12th and 13th field after it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS_A_SECOND))
}

impl Drop for Server {
    fn drop(&mut self) {
        // A child that has ended already needs neither.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
