//! Servers as child processes: started, asked, looked at; ended by their own id, also when the bench fails or is
//! told to stop.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::rt;
use stend::sandbox::clock::stopwatch;

use super::answer::{Answer, text};
use super::load::PATIENCE;
use super::request::Request;

/// What runs now: ended by [`end_all_on_a_signal`].
static RUNNING: Mutex<Vec<Arc<Mutex<Child>>>> = Mutex::new(Vec::new());

/// From now on a signal that stops the bench stops what it has started, too.
pub(crate) fn end_all_on_a_signal() {
    let wait_and_end = || {
        rt::System::new().block_on(stop_signal());
        // Held to the end, so that nothing is started any more.
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        for child in running.iter() {
            end(child);
        }
        std::process::exit(130)
    };
    let thread = std::thread::Builder::new().name("signals".to_owned());
    drop(thread.spawn(wait_and_end).expect("a thread can be started"));
}

#[cfg(unix)]
async fn stop_signal() {
    use rt::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let mut signals = kinds.map(|kind| signal(kind).expect("signals can be listened to"));
    futures_util::future::select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))).await;
}

#[cfg(not(unix))]
async fn stop_signal() {
    drop(rt::signal::ctrl_c().await);
}

fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // One that has ended already needs neither.
    drop(child.kill());
    drop(child.wait());
}

/// A child process that ends when this is dropped.
struct Running(Arc<Mutex<Child>>);

impl Running {
    fn start(command: &mut Command) -> io::Result<Running> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let child = command.spawn().map_err(|error| {
            io::Error::other(format!("{}: {error}", command.get_program().to_string_lossy()))
        })?;
        let child = Arc::new(Mutex::new(child));
        running.push(Arc::clone(&child));
        Ok(Running(child))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Child) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&self.0);
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|child| !Arc::ptr_eq(child, &self.0));
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    let running = Running::start(command.stdin(Stdio::null()))?;
    loop {
        if let Some(status) = running.with(Child::try_wait)? {
            return Ok(status);
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// How a server is started.
pub(crate) struct Program {
    /// What it is called in the tables.
    pub(crate) name: String,
    /// The executable.
    pub(crate) executable: OsString,
    /// Its arguments.
    pub(crate) arguments: Vec<OsString>,
    /// Where what it says to stderr goes; else nowhere.
    pub(crate) log: Option<PathBuf>,
    /// Where it runs, and what it takes for its user's home: so that what it writes stays there.
    pub(crate) home: Option<PathBuf>,
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    running: Running,
    id: u32,
    /// Kept, so that the server never writes into a closed pipe.
    _stdout: Option<BufReader<ChildStdout>>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Program {
    fn command(&self) -> io::Result<Command> {
        let mut command = Command::new(&self.executable);
        let log = self.log.as_ref().map(fs::File::create).transpose()?;
        command.args(&self.arguments).stdin(Stdio::null()).stderr(log.map_or_else(Stdio::null, Stdio::from));
        // What the caller's environment would tell stend.
        let named = std::env::vars_os().map(|(name, _)| name);
        for name in named.filter(|name| name == "PORT" || name.to_string_lossy().starts_with("STEND_")) {
            command.env_remove(name);
        }
        if let Some(home) = &self.home {
            command.current_dir(home).env("HOME", home);
        }
        Ok(command)
    }

    /// Starts one that prints its URL when it listens.
    pub(crate) fn start(&self) -> io::Result<Server> {
        let running = Running::start(self.command()?.stdout(Stdio::piped()))?;
        let (id, stdout) = running.with(|child| (child.id(), child.stdout.take()));
        let mut stdout = BufReader::new(stdout.expect("its stdout is piped"));
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        let address = line.trim().strip_prefix("http://").and_then(|address| address.parse().ok());
        match (read, address) {
            (Ok(_), Some(address)) => Ok(Server { running, id, _stdout: Some(stdout), address }),
            (read, _) => {
                let log = self.log.as_ref().and_then(|log| fs::read_to_string(log).ok()).unwrap_or_default();
                let name = &self.name;
                read.and(Err(io::Error::other(format!("{name} did not start: it printed {line:?}; {log}"))))
            }
        }
    }

    /// From starting the process to its first answer with status 200.
    pub(crate) fn start_to_first_answer(&self, request: &Request) -> io::Result<Duration> {
        let started = stopwatch();
        let server = self.start()?;
        let answer = server.ask(&request.bytes)?;
        let taken = started.elapsed();
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}: {}", self.name, text(&answer));
        Ok(taken)
    }

    /// Starts one that was told where to listen, and asks it until it answers with this body; and how long that
    /// took.
    pub(crate) fn start_at(
        &self,
        address: SocketAddr,
        request: &Request,
        wanted: &[u8],
    ) -> io::Result<(Server, Duration)> {
        let started = stopwatch();
        let running = Running::start(self.command()?.stdout(Stdio::null()))?;
        let id = running.with(|child| child.id());
        let server = Server { running, id, _stdout: None, address };
        let mut last = String::from("nothing");
        while started.elapsed() < START_PATIENCE {
            match server.ask(&request.bytes) {
                Ok(answer) if answer.windows(wanted.len()).any(|body| body == wanted) => {
                    return Ok((server, started.elapsed()));
                }
                Ok(answer) => last = text(&answer),
                Err(error) => last = error.to_string(),
            }
            if let Some(status) = server.running.with(Child::try_wait)? {
                return Err(io::Error::other(format!("{} ended: {status}", self.name)));
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
        Err(io::Error::other(format!("{} does not answer as it should: {last}", self.name)))
    }
}

/// How long a start may take.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// An address that nobody listens on just now.
pub(crate) fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
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
        while Answer::read(&answer)?.is_none() {
            match stream.read(&mut piece)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => answer.extend_from_slice(&piece[..read]),
            }
        }
        Ok(answer)
    }

    /// The processor time it has taken so far; only Linux tells.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        cpu_of(&self.id.to_string())
    }

    /// The memory it has in use, in kB; only Linux tells.
    pub(crate) fn rss_kb(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).ok()?;
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
