//! What fuzzing feeds, a function a target; each panics at what must not be. The corpus in `corpus/` is fed to the same
//! functions by `cargo test` (tests/it/fuzz.rs), so what was found once stays found without a fuzzer.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use stend::loyalty::ibonus::like::Like;
use stend::sandbox::audit::violations;
use stend::sandbox::fixture::patch::Patch;
use stend::sandbox::fixture::{Given, Seed};
use stend::sandbox::{Keep, Origin, Sandbox};
use stend::{Stend, Time};

/// Where all clocks stand at the start.
const START: &str = "2026-01-01T00:00:00Z";

/// How long an answer may take; a fault may delay it for longer, or keep it.
const PATIENCE: Duration = Duration::from_millis(500);

fn start() -> Time {
    Time::parse(START).expect("it is RFC 3339")
}

/// A fixture: refused with mistakes, or its books are sound, and its export is a fixture that says the same.
pub fn fixture(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let given = Given { frozen_at: Some(start()), ..Given::default() };
    let sandbox = match Seed::read(text, given, start()) {
        Ok(seed) => Sandbox::new("fuzz", Origin::fixture(Arc::new(seed))),
        Err(mistakes) => return assert!(!mistakes.is_empty(), "refused without a reason"),
    };
    assert_sound(&sandbox);
    let written = json(&sandbox.export());
    let again = Seed::read(&written, given, start())
        .unwrap_or_else(|mistakes| panic!("an export cannot be read: {mistakes:?}\n{written}"));
    let again = Sandbox::new("fuzz", Origin::fixture(Arc::new(again)));
    assert_sound(&again);
    assert_eq!(json(&again.export()), written, "an export says something else");
}

/// A patch of the demo: refused with nothing changed, or the books are sound; once more it is the same or refused.
pub fn patch(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let patch = match Patch::read(text) {
        Ok(patch) => patch,
        Err(mistakes) => return assert!(!mistakes.is_empty(), "refused without a reason"),
    };
    let sandbox = demo();
    let before = json(&sandbox.export());
    match sandbox.upsert(&patch) {
        Ok(_) => assert_sound(&sandbox),
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a reason");
            assert_eq!(json(&sandbox.export()), before, "refused, and changed all the same");
        }
    }
}

/// A pattern and a text, one in a line: as slow and simple a matcher says the same.
pub fn like(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (pattern, text) = text.split_once('\n').unwrap_or((text, ""));
    if pattern.len() * text.len() > 1 << 16 {
        return;
    }
    let (signs, letters): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // Whether the rest of the pattern matches the rest of the text, for each rest of the text.
    let mut rests: Vec<bool> = (0..=letters.len()).map(|at| at == letters.len()).collect();
    for sign in signs.iter().rev() {
        let mut row = vec![false; letters.len() + 1];
        for at in (0..=letters.len()).rev() {
            row[at] = match sign {
                '%' => rests[at] || (at < letters.len() && row[at + 1]),
                sign => at < letters.len() && letters[at] == *sign && rests[at + 1],
            };
        }
        rests = row;
    }
    assert_eq!(Like::new(pattern).matches(text), rests[0], "{pattern:?} against {text:?}");
}

/// Requests as one writes them down, parted by lines of `---`: a line with method and path, headers, an empty line, a
/// body. None is answered as if stend were at fault, and the books stay sound.
pub fn requests(data: &[u8]) {
    for (asked, body) in split(data, b"\n---\n").take(8).map(head_and_body) {
        let Some(mut sent) = framed(&asked) else { continue };
        sent.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        sent.extend_from_slice(body);
        let answer = say(&sent);
        let status = status_of(&answer);
        assert!(
            status.is_none_or(|status| status < 500 || matches!(status, 501 | 503) || asked_for(&sent)),
            "{}\n{}",
            String::from_utf8_lossy(&sent),
            String::from_utf8_lossy(&answer)
        );
    }
    settle();
}

/// Bytes on a connection: none make the server stop answering others.
pub fn connection(data: &[u8]) {
    let answer = say(data);
    let status = status_of(&answer);
    assert!(
        status.is_none_or(|status| status != 500 || asked_for(data)),
        "{}\n{}",
        String::from_utf8_lossy(data),
        String::from_utf8_lossy(&answer)
    );
    settle();
}

/// Method, path and headers as they go over the line; the credentials of the demo, unless others are there. `None` for
/// what cannot be a request.
fn framed(asked: &str) -> Option<Vec<u8>> {
    let (first, headers) = asked.split_once('\n').unwrap_or((asked, ""));
    let (method, path) = first.trim().split_once(' ')?;
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !plain(method) || !plain(path) || !path.starts_with('/') {
        return None;
    }
    let mut head = format!("{method} {path} HTTP/1.1\r\n");
    let own = |name: &str| headers.lines().any(|line| line.to_ascii_lowercase().starts_with(name));
    for (name, value) in [
        ("host", "127.0.0.1"),
        ("apikey", "test-key"),
        ("x-api-key", "test-key"),
        ("authorization", "Basic bWVyY2hhbnRAZXhhbXBsZS5jb206c2VjcmV0"),
        ("content-type", "application/json"),
    ] {
        if !own(name) {
            head.extend([name, ": ", value, "\r\n"]);
        }
    }
    for line in headers.lines() {
        let length = ["content-length", "transfer-encoding", "expect", "connection"];
        let name = line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
        if line.contains(':') && !length.contains(&name.as_str()) {
            head.extend([line.trim(), "\r\n"]);
        }
    }
    Some(head.into_bytes())
}

/// Whether somebody asked for a status: a fault, or `Prefer`.
fn asked_for(sent: &[u8]) -> bool {
    let text = String::from_utf8_lossy(sent).to_ascii_lowercase();
    text.contains("prefer") || text.contains("fault")
}

fn head_and_body(request: &[u8]) -> (String, &[u8]) {
    let end = request.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((request, &[][..]), |end| (&request[..end], &request[end + 2..]));
    (String::from_utf8_lossy(head).into_owned(), body)
}

fn split<'d>(data: &'d [u8], at: &'d [u8]) -> impl Iterator<Item = &'d [u8]> {
    let mut rest = Some(data);
    std::iter::from_fn(move || {
        let data = rest?;
        let place = data.windows(at.len()).position(|part| part == at);
        rest = place.map(|place| &data[place + at.len()..]);
        Some(place.map_or(data, |place| &data[..place]))
    })
}

fn status_of(answer: &[u8]) -> Option<u16> {
    let line = answer.strip_prefix(b"HTTP/1.1 ")?;
    std::str::from_utf8(line.get(..3)?).ok()?.parse().ok()
}

/// Sends the bytes on a connection of their own, and reads what comes until the other side has no more to say.
fn say(sent: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    let mut line = TcpStream::connect(server().1).expect("the server takes connections");
    line.set_read_timeout(Some(PATIENCE)).expect("it can be set");
    // Who is refused in the middle of a body may have closed already.
    if line.write_all(sent).is_ok() && line.shutdown(Shutdown::Write).is_ok() {
        let mut piece = [0; 4_096];
        while answer.len() < 1 << 20 {
            match line.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => answer.extend_from_slice(&piece[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    }
    answer
}

/// Looks at the books of all sandboxes, and at whether the server still answers; then all is as at the start.
fn settle() {
    let registry = server().0.registry();
    for sandbox in registry.all() {
        assert_sound(&sandbox);
        if sandbox.name() != "default" {
            registry.delete(sandbox.name()).expect("it is there");
        }
    }
    registry.default_sandbox().reset(Keep::default());
    let answer = say(b"GET /_stend/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    assert_eq!(status_of(&answer), Some(200), "the server answers no more");
}

fn assert_sound(sandbox: &Sandbox) {
    let (world, now) = sandbox.view();
    let violations = violations(&world, now);
    assert!(violations.is_empty(), "the books of {} are not sound: {violations:?}", sandbox.name());
}

/// One server for all inputs of a process. It stays until the process ends.
fn server() -> &'static (Stend, SocketAddr) {
    static SERVER: OnceLock<(Stend, SocketAddr)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let stend = Stend::builder().frozen_at(start()).start().expect("the demo starts");
        let address = stend.callable_address();
        (stend, address)
    })
}

/// The demo as it is at the start.
fn demo() -> Sandbox {
    static DEMO: OnceLock<Arc<Seed>> = OnceLock::new();
    let load = || {
        let given = Given { frozen_at: Some(start()), ..Given::default() };
        Arc::new(Seed::load(&["demo".to_owned()], given).unwrap_or_else(|error| panic!("{error}")))
    };
    Sandbox::new("fuzz", Origin::fixture(Arc::clone(DEMO.get_or_init(load))))
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("it is JSON")
}
