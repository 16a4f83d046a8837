//! Runs the examples of README.md and docs/: each `curl` in them, in order, against a fresh demo whose clock stands
//! still, and compares the answer with the JSON that the document shows. In that JSON `"…"` is anything.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Answer, Bench, shop};
use crate::tidy::documents;

/// How the examples name the server.
const SERVERS: [&str; 2] = ["http://localhost:6896", "http://127.0.0.1:6896"];

/// What stands before a block of shell that is not run, with the reason behind it.
const NOT_RUN: &str = "<!-- not run:";

#[test]
fn every_example_of_the_documents_does_what_it_says() {
    let mut complaints = String::new();
    let mut run = 0;
    for document in documents() {
        let bench = Bench::demo();
        let blocks = blocks(&document);
        for (number, block) in blocks.iter().enumerate().filter(|(_, block)| block.language == "sh") {
            if block.before.starts_with(NOT_RUN) {
                continue;
            }
            let shown = blocks
                .get(number + 1)
                .filter(|next| next.language == "json" && next.before.starts_with("```"));
            let place = format!("{}:{}", document.display(), block.line);
            match example(&bench, &block.text, shown) {
                Ok(()) => run += 1,
                Err(complaint) => writeln!(complaints, "\n{place}: {complaint}").expect("a text grows"),
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
    assert!(run > 10, "only {run} examples were found");
}

#[test]
fn every_fixture_of_the_documents_can_be_used() {
    for document in documents() {
        for block in blocks(&document).iter().filter(|block| block.before == "<!-- fixture -->") {
            let started = Bench::try_start(Bench::builder().fixture(block.text.clone()));
            if let Err(error) = started {
                panic!("{}:{}: {error}", document.display(), block.line);
            }
        }
    }
}

/// A fenced block.
struct Block {
    /// The line of its opening fence.
    line: usize,
    language: String,
    text: String,
    /// The line before it that is not empty: of the block before it the closing fence.
    before: String,
}

fn blocks(document: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(document).expect("the document can be read");
    let mut blocks: Vec<Block> = Vec::new();
    let (mut inside, mut before) = (false, String::new());
    for (line, text) in (1..).zip(text.lines()) {
        if let Some(language) = text.strip_prefix("```") {
            inside = !inside;
            if inside {
                let before = before.clone();
                blocks.push(Block {
                    line,
                    language: language.trim().to_owned(),
                    text: String::new(),
                    before,
                });
            }
        } else if inside {
            let block = blocks.last_mut().expect("a block is open");
            block.text.push_str(text);
            block.text.push('\n');
        }
        if !text.trim().is_empty() {
            text.trim().clone_into(&mut before);
        }
    }
    assert!(!inside, "{}: a block is not closed", document.display());
    blocks
}

/// Runs one example, and compares what comes with what is shown.
fn example(bench: &Bench, command: &str, shown: Option<&Block>) -> Result<(), String> {
    let words = words(command)?;
    if words.first().map(String::as_str) != Some("curl") {
        return Err(format!("only one curl can be run: mark the block with {NOT_RUN} why -->"));
    }
    let answer = Curl::read(&words[1..])?.send(bench);
    let Some(shown) = shown else {
        return Ok(());
    };
    let wanted: Value =
        serde_json::from_str(&shown.text).map_err(|error| format!("line {}: {error}", shown.line))?;
    let found: Value =
        serde_json::from_slice(&answer.body).map_err(|error| format!("no JSON: {error}\n{answer}"))?;
    difference("", &wanted, &found).map_or(Ok(()), |difference| Err(format!("{difference}\n{answer}")))
}

/// Where two values differ, if they do; `"…"` is like anything.
fn difference(place: &str, wanted: &Value, found: &Value) -> Option<String> {
    match (wanted, found) {
        (Value::String(anything), _) if anything == "…" => None,
        (Value::Object(wanted), Value::Object(found)) => {
            let missing = wanted.keys().find(|key| !found.contains_key(*key));
            let new = found.keys().find(|key| !wanted.contains_key(*key));
            missing
                .map(|key| format!("{place}/{key} is shown, and does not come"))
                .or_else(|| new.map(|key| format!("{place}/{key} comes, and is not shown")))
                .or_else(|| {
                    wanted
                        .iter()
                        .find_map(|(key, value)| difference(&format!("{place}/{key}"), value, &found[key]))
                })
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            let mut pairs = wanted.iter().zip(found).enumerate();
            pairs.find_map(|(index, (wanted, found))| difference(&format!("{place}/{index}"), wanted, found))
        }
        _ if wanted == found => None,
        _ => Some(format!("{place} is shown as {wanted}, and comes as {found}")),
    }
}

/// A curl command, as far as the documents use it.
#[derive(Debug, Default, PartialEq)]
struct Curl {
    method: Option<String>,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Curl {
    fn read(words: &[String]) -> Result<Curl, String> {
        let mut curl = Curl::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().cloned().ok_or_else(|| format!("{word} has no value"));
            match word.as_str() {
                "-s" | "-i" | "-si" | "-is" => {}
                "-X" => curl.method = Some(value()?),
                "-H" => {
                    let header = value()?;
                    let (name, value) =
                        header.split_once(':').ok_or_else(|| format!("{header:?} is no header"))?;
                    curl.headers.push((name.trim().to_owned(), value.trim().to_owned()));
                }
                "-d" | "--data" => curl.body = Some(value()?),
                "--json" => {
                    curl.headers.push(("content-type".to_owned(), "application/json".to_owned()));
                    curl.headers.push(("accept".to_owned(), "application/json".to_owned()));
                    curl.body = Some(value()?);
                }
                "-u" => {
                    curl.headers.push(("authorization".to_owned(), format!("Basic {}", base64(&value()?))));
                }
                flag if flag.starts_with('-') => return Err(format!("curl's {flag} is not known here")),
                url if curl.url.is_empty() => url.clone_into(&mut curl.url),
                other => return Err(format!("two addresses: {other}")),
            }
        }
        if curl.body.is_some()
            && !curl.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            // As curl does.
            curl.headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        }
        if curl.url.is_empty() { Err("no address".to_owned()) } else { Ok(curl) }
    }

    #[track_caller]
    fn send(self, bench: &Bench) -> Answer {
        let method =
            self.method.unwrap_or_else(|| if self.body.is_some() { "POST" } else { "GET" }.to_owned());
        let (path, host) = split_url(&self.url);
        let caller = bench.without_key();
        let mut request = caller.request(&method, &path);
        for (name, value) in self.headers.iter().chain(&host.map(|host| ("host".to_owned(), host))) {
            request = request.header(name, value);
        }
        match self.body {
            Some(body) => request.body(body).send(),
            None => request.send(),
        }
    }
}

/// The path of an address of the examples' server, and its host where that names a sandbox.
#[track_caller]
fn split_url(url: &str) -> (String, Option<String>) {
    if let Some(path) = SERVERS.iter().find_map(|server| url.strip_prefix(server)) {
        return (if path.is_empty() { "/".to_owned() } else { path.to_owned() }, None);
    }
    let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("{url} is not the examples' server"));
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    assert!(host.ends_with(".localhost:6896"), "{url} is not the examples' server");
    (path.to_owned(), Some(host.to_owned()))
}

/// The words of a shell command: quotes, escapes and continued lines, nothing more.
fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = command.trim().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('\n') => {}
                Some(other) => word.get_or_insert_default().push(other),
                None => return Err("a \\ at the end".to_owned()),
            },
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(other) => word.push(other),
                        None => return Err("a ' is not closed".to_owned()),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('"') => break,
                        Some('\\') => word.extend(letters.next()),
                        Some('$' | '`') => return Err("no variables, no commands".to_owned()),
                        Some(other) => word.push(other),
                        None => return Err("a \" is not closed".to_owned()),
                    }
                }
            }
            '\n' | ';' | '|' | '&' | '>' | '<' | '$' | '`' | '#' => {
                return Err(format!("{letter:?}: only a single plain command can be run"));
            }
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Base64, for `-u`.
fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits =
            (0..3).fold(0_usize, |bits, place| bits << 8 | usize::from(*chunk.get(place).unwrap_or(&0)));
        for place in 0..4 {
            let letter = LETTERS[bits >> (18 - 6 * place) & 63];
            encoded.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    encoded
}

#[test]
fn commands_are_read_as_a_shell_reads_them() {
    let command = "curl -s 'http://x/?a=1' \\\n  -H 'apikey: it'\\''s' -d \"{\\\"a\\\": 1}\"\n";
    assert_eq!(
        words(command).unwrap(),
        ["curl", "-s", "http://x/?a=1", "-H", "apikey: it's", "-d", "{\"a\": 1}"]
    );
    for command in ["curl x | jq", "curl x; curl y", "a\nb", "curl $URL", "curl 'x", "curl \"$x\""] {
        assert!(words(command).is_err(), "{command}");
    }
}

#[test]
fn credentials_are_encoded_as_curl_does() {
    for (text, encoded) in
        [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("user:pass", "dXNlcjpwYXNz")]
    {
        assert_eq!(base64(text), encoded);
    }
}

#[test]
fn an_example_that_is_not_true_is_told() {
    let bench = Bench::with(&shop());
    let block =
        |text: &str| Block { line: 1, language: "json".into(), text: text.into(), before: String::new() };
    let run = |command: &str, shown: &str| example(&bench, command, Some(&block(shown)));
    let ready = "curl http://localhost:6896/_stend/ready";
    assert_eq!(run(ready, r#"{"status": "ready"}"#), Ok(()));
    assert_eq!(run(ready, r#"{"status": "…"}"#), Ok(()));
    assert_eq!(run(ready, r#""…""#), Ok(()));
    for shown in [r#"{"status": "steady"}"#, "{}", r#"{"status": "ready", "more": 1}"#, "[]"] {
        assert!(run(ready, shown).is_err(), "{shown}");
    }
    assert!(example(&bench, "cargo run", None).is_err());
    assert!(example(&bench, "curl -k http://localhost:6896/", None).is_err());
}
