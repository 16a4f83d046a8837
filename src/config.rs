//! What a server can be told: flag, environment twin, default and meaning of each, in one struct.

use std::num::NonZeroUsize;

use bytesize::ByteSize;
use clap::{Args, ValueEnum};

use crate::loyalty::time::{Period, Time};
use crate::sandbox::fixture::Given;
use crate::sandbox::is_name;
use crate::sandbox::journal::JOURNAL_ENTRIES;
use crate::sandbox::registry::{Limits, SANDBOX_TTL, SANDBOXES_MAX};

/// The port that clients of the emulated servers are pointed to, unless told otherwise: the original ProBonus's.
pub const PORT: u16 = 6896;

/// The largest body of a request, unless told otherwise.
pub const BODY_LIMIT: ByteSize = ByteSize::mib(1);

/// The largest body of a request to `/_stend/state`, unless told otherwise.
pub const STATE_LIMIT: ByteSize = ByteSize::mib(512);

/// The most threads that answer requests: the server itself takes no more.
pub const WORKERS_MAX: usize = 512;

/// What a server can be told. The command line fills it from flags, then from the environment; the in-process
/// [`Builder`](crate::Builder) from its calls.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The address to listen on: a name or an IP. Loopback by default; 0.0.0.0 is every interface.
    #[arg(long, env = "STEND_HOST", value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,

    /// The port to listen on; 0 chooses a free one. Without it the environment's PORT counts [default: 6896]
    #[arg(long, short, env = "STEND_PORT", value_name = "PORT", value_parser = port, allow_negative_numbers = true)]
    pub port: Option<u16>,

    /// What sandboxes are made from: `demo`, `empty`, or paths of JSON files or of folders of them; several
    /// together are one fixture.
    #[arg(
        long,
        env = "STEND_FIXTURES",
        value_name = "NAME|PATH",
        default_value = "demo",
        value_delimiter = ','
    )]
    pub fixtures: Vec<String>,

    /// Where the clock of every sandbox stands still at its start, for example 2026-01-31T12:00:00Z; over what the
    /// fixture says.
    #[arg(long, env = "STEND_FREEZE", value_name = "TIME", value_parser = Time::parse)]
    pub freeze: Option<Time>,

    /// The seed of ids and dice; over what the fixture says. The same seed gives the same ones.
    #[arg(long, env = "STEND_SEED", value_name = "NUMBER", value_parser = seed, allow_negative_numbers = true)]
    pub seed: Option<u64>,

    /// Whether a sandbox is made when it is first named.
    #[arg(long, env = "STEND_SANDBOXES", value_enum, default_value_t)]
    pub sandboxes: SandboxMode,

    /// How many sandboxes there may be, `default` counted; the one unused for longest goes when there is no room.
    #[arg(long, env = "STEND_MAX_SANDBOXES", value_name = "COUNT", value_parser = count, allow_negative_numbers = true, default_value_t = sandboxes_max())]
    pub max_sandboxes: NonZeroUsize,

    /// How long a sandbox may go unused, in real time, before it goes.
    #[arg(long, env = "STEND_SANDBOX_TTL", value_name = "DURATION", value_parser = ttl, default_value = "24h")]
    pub sandbox_ttl: Period,

    /// How many calls the journal of each sandbox keeps, the last ones; 0 keeps none. Beside that they take 16 MiB at
    /// most.
    #[arg(long, env = "STEND_JOURNAL", value_name = "COUNT", value_parser = entries, allow_negative_numbers = true, default_value_t = JOURNAL_ENTRIES)]
    pub journal: usize,

    /// How many threads answer requests; 512 at most [default: one a core]
    #[arg(long, env = "STEND_WORKERS", value_name = "COUNT", value_parser = workers, allow_negative_numbers = true)]
    pub workers: Option<NonZeroUsize>,

    /// The largest body of a request, for example 256KiB or 2MB; a plain number is bytes.
    #[arg(long, env = "STEND_BODY_LIMIT", value_name = "SIZE", value_parser = size, allow_negative_numbers = true, default_value = "1MiB")]
    pub body_limit: ByteSize,

    /// The largest body of a request to /_stend/state or /_stend/sandboxes: they take whole fixtures.
    #[arg(long, env = "STEND_STATE_LIMIT", value_name = "SIZE", value_parser = size, allow_negative_numbers = true, default_value = "512MiB")]
    pub state_limit: ByteSize,

    /// What `/_stend` wants as a bearer token, health and ready apart [default: no token]
    #[arg(long, env = "STEND_ADMIN_TOKEN", value_name = "TOKEN", value_parser = token, hide_env_values = true)]
    pub admin_token: Option<String>,

    /// More names that `/_stend` may be called by, beside IP addresses, names without a dot, *.localhost and
    /// host.docker.internal.
    #[arg(long, env = "STEND_ALLOW_HOST", value_name = "NAME", value_delimiter = ',')]
    pub allow_host: Vec<String>,

    /// Which origins' web pages may call the emulated APIs: any, off, or origins separated by commas.
    #[arg(long, env = "STEND_CORS", value_name = "ORIGINS", value_parser = cors, default_value = "any")]
    pub cors: Cors,
}

/// Which origins' web pages may call the emulated APIs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cors {
    /// All of them.
    #[default]
    Any,
    /// None.
    Off,
    /// These, each as a browser names it: `http://localhost:5173`.
    Only(Vec<String>),
}

fn cors(text: &str) -> Result<Cors, String> {
    let expected = "expected any, off, or origins separated by commas, such as http://localhost:5173";
    match text {
        "any" | "*" => return Ok(Cors::Any),
        "off" => return Ok(Cors::Off),
        _ => {}
    }
    let origin = |text: &str| {
        let text = text.trim().trim_end_matches('/');
        let (scheme, host) = text.split_once("://").ok_or(expected)?;
        let is_origin = !scheme.is_empty() && !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
        if is_origin { Ok(text.to_ascii_lowercase()) } else { Err(expected) }
    };
    let origins: Result<Vec<String>, &str> = text.split(',').map(origin).collect();
    Ok(Cors::Only(origins?))
}

/// Whether a sandbox is made when it is first named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SandboxMode {
    /// Yes: naming it is enough.
    #[default]
    Auto,
    /// No: `POST /_stend/sandboxes` makes it, and naming another is 404.
    Explicit,
}

/// Reads a port; a message of what is allowed if it is none.
pub fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "expected a number from 0 to 65535".to_owned())
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

fn count(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a whole number from 1".to_owned())
}

fn workers(text: &str) -> Result<NonZeroUsize, String> {
    let workers = text.parse().ok().filter(|workers: &NonZeroUsize| workers.get() <= WORKERS_MAX);
    workers.ok_or_else(|| format!("expected a whole number from 1 to {WORKERS_MAX}"))
}

/// Reads what the environment says of a flag that is either there or not.
pub fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" | "y" | "t" => Ok(true),
        "0" | "false" | "no" | "off" | "n" | "f" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}

fn entries(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "expected a whole number from 0".to_owned())
}

fn ttl(text: &str) -> Result<Period, String> {
    let ttl = Period::parse(text).map_err(|error| error.to_string())?;
    if ttl == Period::ZERO { Err("in no time no sandbox lives: write 1h or 24h".to_owned()) } else { Ok(ttl) }
}

fn token(text: &str) -> Result<String, String> {
    match text.rsplit_once('~') {
        Some((_, name)) if is_name(name) => {
            Err("a token does not end in ~ and a name: that end says which sandbox is meant".to_owned())
        }
        _ => Ok(text.to_owned()),
    }
}

fn size(text: &str) -> Result<ByteSize, String> {
    text.parse().map_err(|_| "expected a size such as 1048576, 256KiB or 2MB".to_owned())
}

fn sandboxes_max() -> NonZeroUsize {
    NonZeroUsize::new(SANDBOXES_MAX).expect("the limit is not zero")
}

impl Default for Options {
    /// What the command line has without flags and without an environment.
    fn default() -> Options {
        Options {
            host: "127.0.0.1".to_owned(),
            port: None,
            fixtures: vec!["demo".to_owned()],
            freeze: None,
            seed: None,
            sandboxes: SandboxMode::Auto,
            max_sandboxes: sandboxes_max(),
            sandbox_ttl: SANDBOX_TTL,
            journal: JOURNAL_ENTRIES,
            workers: None,
            body_limit: BODY_LIMIT,
            state_limit: STATE_LIMIT,
            admin_token: None,
            allow_host: Vec::new(),
            cors: Cors::default(),
        }
    }
}

impl Options {
    /// What is said over what the fixture says.
    pub fn given(&self) -> Given {
        Given { seed: self.seed, frozen_at: self.freeze }
    }

    /// The limits of the sandboxes.
    pub fn limits(&self) -> Limits {
        Limits {
            explicit: self.sandboxes == SandboxMode::Explicit,
            sandboxes_max: self.max_sandboxes.get(),
            ttl: self.sandbox_ttl,
            journal_entries: self.journal,
        }
    }
}
