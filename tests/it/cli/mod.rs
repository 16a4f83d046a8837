//! The real binary, as a process.

mod completions;
mod determinism;
mod documents;
mod exec;
mod faults;
mod generate;
mod healthcheck;
mod schema;
mod serve;
mod stop;
mod validate;
mod watch;

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use crate::harness::{free_port, wait_for};

fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stend"));
    // What the caller's environment would tell it.
    for (name, _) in std::env::vars_os() {
        if name == "PORT" || name.to_string_lossy().starts_with("STEND_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).envs(environment.iter().copied()).stdin(Stdio::null());
    command
}

/// Runs it to its end: exit code, stdout, stderr.
fn stend(arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let output = command(arguments, environment).output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A process that runs until it is stopped or dropped.
struct Running {
    child: RefCell<Child>,
    stdout: RefCell<BufReader<ChildStdout>>,
    /// `None` once it is closed.
    stderr: RefCell<Option<BufReader<ChildStderr>>>,
}

impl Running {
    fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Running {
        Running::spawn(command(arguments, environment))
    }

    fn spawn(mut command: Command) -> Running {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        Running { child: child.into(), stdout: stdout.into(), stderr: Some(stderr).into() }
    }

    /// Nothing if it ends without writing one.
    fn first_line_of_stdout(&self) -> String {
        let mut line = String::new();
        self.stdout.borrow_mut().read_line(&mut line).expect("stdout is readable");
        line
    }

    /// The address that `--print-url` prints.
    fn printed_url(&self) -> String {
        let line = self.first_line_of_stdout();
        assert!(
            line.starts_with("http://") && line.ends_with('\n'),
            "printed {line:?}; {}",
            self.all_of_stderr()
        );
        line.trim().to_owned()
    }

    fn rest_of_stdout_after_stop(&self) -> String {
        self.signal("TERM");
        self.rest_of_stdout()
    }

    /// All that comes until it is closed.
    fn rest_of_stdout(&self) -> String {
        let mut rest = String::new();
        self.stdout.borrow_mut().read_to_string(&mut rest).expect("stdout is readable");
        rest
    }

    fn lines_until_ready(&self) -> Vec<String> {
        self.lines_until(|line| line == "Ready.")
    }

    /// The lines of stderr up to the one that is waited for.
    fn lines_until(&self, last: impl Fn(&str) -> bool) -> Vec<String> {
        let mut lines = Vec::new();
        let mut stderr = self.stderr.borrow_mut();
        for line in stderr.as_mut().expect("it is open").by_ref().lines() {
            lines.push(line.expect("stderr is readable"));
            if last(&lines[lines.len() - 1]) {
                return lines;
            }
        }
        panic!("stderr ends without it: {lines:?}");
    }

    /// The address that the start-up lines name.
    fn url_in(lines: &[String]) -> String {
        let found = lines.iter().find_map(|line| line.split_once(" on ").map(|(_, url)| url.to_owned()));
        found.unwrap_or_else(|| panic!("no address in {lines:?}"))
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.borrow().id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status().expect("kill is there");
        assert!(sent.success(), "kill -s {signal} {pid}");
    }

    /// Sends a signal; answers the exit code.
    fn stop_by(&self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.exit_code()
    }

    /// Waits for the process to end by itself.
    fn exit_code(&self) -> Option<i32> {
        wait_for(|| self.child.borrow_mut().try_wait().expect("it is our child")).code()
    }

    /// From now on nobody reads what it writes.
    fn close_stderr(&mut self) {
        *self.stderr.get_mut() = None;
    }

    fn all_of_stderr(&self) -> String {
        let _ = self.child.borrow_mut().kill();
        let mut rest = String::new();
        if let Some(stderr) = self.stderr.borrow_mut().as_mut() {
            let _ = stderr.read_to_string(&mut rest);
        }
        rest
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let child = self.child.get_mut();
        // It may have ended already.
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn free_port_text() -> String {
    free_port().to_string()
}

/// A folder for one test's files.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

/// A file of its own.
fn file(name: &str, text: &str) -> PathBuf {
    let path = folder(name).join("fixture.json");
    std::fs::write(&path, text).expect("the target folder is writable");
    path
}
