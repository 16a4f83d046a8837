//! `stend healthcheck`: asks a running server whether it is ready; for images without a shell, and for scripts.

use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::serve::port_of_environment;
use crate::config;
use crate::loyalty::time::Period;
use crate::sandbox::clock::stopwatch;

/// How long one question may take.
const QUESTION_MAX: Duration = Duration::from_secs(2);

/// How long to wait before the next question.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// The arguments of `healthcheck`.
#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    /// The server's address; without it, the one that `serve` would listen on here.
    #[arg(long, env = "STEND_URL", value_name = "URL")]
    url: Option<String>,

    /// The server's host, if there is no URL.
    #[arg(long, env = "STEND_HOST", value_name = "HOST", default_value = "127.0.0.1")]
    host: String,

    /// The server's port, if there is no URL. Without it the environment's PORT counts [default: 6896]
    #[arg(long, env = "STEND_PORT", value_name = "PORT", value_parser = config::port, allow_negative_numbers = true)]
    port: Option<u16>,

    /// Ask until the answer is yes.
    #[arg(long)]
    wait: bool,

    /// How long to ask.
    #[arg(long, value_name = "DURATION", value_parser = Period::parse, default_value = "30s")]
    timeout: Period,
}

impl Healthcheck {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let url = self
            .url
            .as_deref()
            .map_or_else(|| self.default_url(), |url| url.trim_end_matches('/').to_owned());
        let url = format!("{url}/_stend/ready");
        let timeout = Duration::from_millis(self.timeout.millis().unsigned_abs());
        let started = stopwatch();
        loop {
            let left = timeout.saturating_sub(started.elapsed()).max(Duration::from_millis(1));
            match ask(&url, left.min(QUESTION_MAX)) {
                Ok(()) => return Ok(()),
                Err(error) if !self.wait => return Err(error),
                Err(error) if started.elapsed() + ASK_EVERY >= timeout => {
                    return Err(error.context(format!("not ready within {}", self.timeout)));
                }
                Err(_) => {
                    // There is no event to wait for: the server is another process.
                    #[allow(clippy::disallowed_methods)]
                    std::thread::sleep(ASK_EVERY);
                }
            }
        }
    }

    fn default_url(&self) -> String {
        // An address to listen on everywhere is none to call.
        let host = match self.host.as_str() {
            "0.0.0.0" => "127.0.0.1",
            "::" | "[::]" => "::1",
            host => host,
        };
        let host =
            if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
        format!("http://{host}:{}", self.port.unwrap_or_else(port_of_environment))
    }
}

fn ask(url: &str, timeout: Duration) -> anyhow::Result<()> {
    let agent = ureq::Agent::config_builder().timeout_global(Some(timeout)).proxy(None).build().new_agent();
    agent.get(url).call().map(drop).with_context(|| format!("{url} is not ready"))
}
