//! A rule: which calls, how often, how likely, and what then. [`Rule::read`] is the only way to one, and tells all
//! that is wrong with it.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{DelayDocument, EffectDocument, MatchDocument, Probability, RuleDocument};
use super::effect::Delay;
use super::matching::{Glob, Match, Pattern};
use super::{Connection, DELAY_MAX, Effect, Reply, ReplyBody, When};
use crate::loyalty::Programme;
use crate::loyalty::time::Period;
use crate::sandbox::fixture::read::{self, Mistake, Path, Problem, did_you_mean};

/// The methods that a rule can ask for.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The headers that only the server can set.
const SERVERS_OWN: [&str; 5] =
    ["connection", "content-length", "transfer-encoding", "x-stend-request", "x-stend-sandbox"];

/// A rule.
#[derive(Debug)]
pub struct Rule {
    pub(super) matcher: Match,
    pub(super) skip: Option<u64>,
    pub(super) times: Option<u64>,
    pub(super) probability: Option<f64>,
    pub(super) effect: Arc<Effect>,
    /// As it was sent, to be shown.
    pub(super) match_text: Arc<RawValue>,
    /// As it was sent, to be shown.
    pub(super) effect_text: Arc<RawValue>,
}

impl Rule {
    /// Reads a rule. `operations` are the names of an API's operations.
    pub fn read(
        text: &str,
        operations: impl Fn(Programme) -> Vec<&'static str>,
    ) -> Result<Rule, Vec<Mistake>> {
        let mut reading = read::read::<RuleDocument>(text);
        let Some(document) = reading.value.take() else {
            return Err(reading.mistakes);
        };
        // Of a field that could not be read, nothing else can be said.
        let mut wrong = Wrong { problems: Vec::new(), whole: reading.mistakes.is_empty() };
        let rule = build(document, text, operations, &mut wrong);
        match rule {
            Some(rule) if wrong.whole && wrong.problems.is_empty() => Ok(rule),
            _ => Err(reading.mistakes_with(wrong.problems)),
        }
    }
}

/// What is wrong with a rule.
pub(in crate::sandbox) struct Wrong {
    pub(in crate::sandbox) problems: Vec<Problem>,
    /// Whether every field could be read.
    pub(in crate::sandbox) whole: bool,
}

impl Wrong {
    pub(in crate::sandbox) fn note(&mut self, path: &[&'static str], detail: impl Into<String>) {
        let path = path.iter().fold(Path::default(), |path, key| path.key(*key));
        self.problems.push(Problem::new(path, detail));
    }
}

fn build(
    document: RuleDocument,
    text: &str,
    operations: impl Fn(Programme) -> Vec<&'static str>,
    wrong: &mut Wrong,
) -> Option<Rule> {
    let RuleDocument { r#match, skip, times, probability, effect } = document;
    if r#match.is_none() {
        wrong.note(&["match"], "\"match\" is missing: {} matches every call of the emulated APIs");
    }
    if effect.is_none() {
        wrong.note(&["effect"], "\"effect\" is missing: say what happens, for example {\"status\":503}");
    }
    if times == Some(0) {
        wrong.note(&["times"], "expected a whole number from 1; without it, the fault acts again and again");
    }
    let pieces = Pieces::of(text);
    // Left to itself, serde takes an array for an object whose fields may all be left out.
    for (piece, key) in [(pieces.r#match, "match"), (pieces.effect, "effect")] {
        if piece.is_some_and(|piece| piece.get().starts_with('[')) {
            wrong.note(&[key], "expected an object, found an array");
            wrong.whole = false;
        }
    }
    let matcher = r#match.map(|document| matcher(document, pieces.pattern, operations, wrong));
    let effect = effect.map(|document| self::effect(document, pieces.reply, wrong));
    Some(Rule {
        matcher: matcher?,
        skip,
        times,
        probability: probability.map(|Probability(number)| number),
        effect: Arc::new(effect?),
        match_text: pieces.r#match?.to_owned().into(),
        effect_text: pieces.effect?.to_owned().into(),
    })
}

/// The parts of a rule's text that are kept to the letter.
#[derive(Default)]
struct Pieces<'a> {
    r#match: Option<&'a RawValue>,
    pattern: Option<&'a RawValue>,
    effect: Option<&'a RawValue>,
    reply: Option<&'a RawValue>,
}

impl<'a> Pieces<'a> {
    /// Of a text with mistakes, perhaps none.
    fn of(text: &'a str) -> Pieces<'a> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Outer<'a> {
            #[serde(borrow)]
            r#match: Option<&'a RawValue>,
            #[serde(borrow)]
            effect: Option<&'a RawValue>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Inner<'a> {
            #[serde(borrow, deserialize_with = "said")]
            body: Option<&'a RawValue>,
        }
        /// Null is a body, too.
        fn said<'de, D: serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<&'de RawValue>, D::Error> {
            <&RawValue>::deserialize(deserializer).map(Some)
        }
        let outer: Outer<'a> = serde_json::from_str(text).unwrap_or_default();
        let body = |piece: Option<&'a RawValue>| {
            let inner: Option<Inner<'a>> = piece.and_then(|piece| serde_json::from_str(piece.get()).ok());
            inner.and_then(|inner| inner.body)
        };
        Pieces {
            r#match: outer.r#match,
            pattern: body(outer.r#match),
            effect: outer.effect,
            reply: body(outer.effect),
        }
    }
}

/// Reads what calls are meant, and notes what can never be met.
pub(in crate::sandbox) fn matcher(
    document: MatchDocument,
    pattern: Option<&RawValue>,
    operations: impl Fn(Programme) -> Vec<&'static str>,
    wrong: &mut Wrong,
) -> Match {
    let api = document.api.map(|api| api.0);
    if let Some(name) = document.operation.as_deref() {
        let apis = match api {
            Some(api) => vec![api],
            None => vec![Programme::LoyalClient, Programme::Ibonus, Programme::ProBonus],
        };
        let known: Vec<&str> = apis.into_iter().flat_map(&operations).collect();
        if !known.contains(&name) {
            let of = api.map(|api| format!(" of {}", api.name())).unwrap_or_default();
            let hint = did_you_mean(name, &known);
            wrong.note(&["match", "operation"], format!("there is no operation {name:?}{of}: {hint}"));
        }
    }
    let method = document.method.map(|method| method.to_ascii_uppercase());
    if let Some(method) = method.as_deref().filter(|method| !METHODS.contains(method)) {
        let hint = did_you_mean(method, &METHODS);
        wrong.note(&["match", "method"], format!("{method:?} is no method: {hint}"));
    }
    if let Some(complaint) = document.path.as_deref().and_then(path_complaint) {
        wrong.note(&["match", "path"], complaint);
    }
    Match {
        api,
        operation: document.operation.map(String::into_boxed_str),
        method: method.map(String::into_boxed_str),
        path: document.path.as_deref().map(Glob::new),
        body: document.body.and(pattern).map(|pattern| Pattern::new(pattern.get())),
    }
}

/// Why no path will ever fit this glob.
fn path_complaint(glob: &str) -> Option<&'static str> {
    if !glob.starts_with(['/', '*']) {
        Some("a path begins with / or with **")
    } else if glob.contains(['{', '}']) {
        Some("write * where the contract has a name in braces: /ext/api/v1/clients/*/balance")
    } else if glob.contains('?') {
        Some("a path is matched without its query")
    } else if glob.starts_with("/sandboxes/") {
        Some("a path is matched without its sandbox: it begins with /integration, /ext or /api")
    } else if glob.starts_with("/_stend") {
        Some("calls of the emulated APIs are meant, and none of stend's own: /integration, /ext and /api")
    } else {
        None
    }
}

fn effect(document: EffectDocument, body: Option<&RawValue>, wrong: &mut Wrong) -> Effect {
    let EffectDocument { delay, status, headers, connection, when, body: has_body } = document;
    if wrong.whole && delay.is_none() && status.is_none() && connection.is_none() {
        let detail = "an effect does something: give it a delay, a status or a connection";
        wrong.note(&["effect"], detail);
    }
    let delay = delay.map(|document| self::delay(document, wrong));
    for (given, field) in [(has_body.is_some(), "body"), (headers.is_some(), "headers")] {
        if wrong.whole && given && status.is_none() {
            wrong.note(&["effect", field], format!("{field} comes with a status: give that, too"));
        }
    }
    if let Some(connection) = connection.filter(|connection| connection.loses_the_answer())
        && status.is_some()
    {
        let detail = format!("with {connection:?} no answer comes, so it has no status").to_lowercase();
        wrong.note(&["effect", "status"], detail);
    }
    let cut = connection == Some(Connection::Truncate);
    // What is truncated is an answer, so the operation is done.
    let reply = status.map(|status| reply(status, body, headers.unwrap_or_default(), wrong));
    Effect { delay, reply, connection, when: if cut { When::After } else { when.unwrap_or_default() } }
}

fn delay(document: DelayDocument, wrong: &mut Wrong) -> Delay {
    let longest = Period::from_millis(u64::try_from(DELAY_MAX.as_millis()).unwrap_or(u64::MAX));
    let (min, max) = match document {
        DelayDocument::Exactly(period) => (period, period),
        DelayDocument::Between { min, max } => (min, max),
    };
    if max > longest || min > longest {
        wrong.note(&["effect", "delay"], format!("a delay takes {} seconds at most", DELAY_MAX.as_secs()));
    } else if min > max {
        wrong.note(&["effect", "delay"], format!("min is {min}, which is more than max, {max}"));
    }
    Delay { min, max }
}

fn reply(
    status: u64,
    body: Option<&RawValue>,
    headers: std::collections::BTreeMap<String, String>,
    wrong: &mut Wrong,
) -> Reply {
    let known = u16::try_from(status).ok().filter(|status| (200..=599).contains(status));
    if known.is_none() {
        wrong.note(&["effect", "status"], "expected a status from 200 to 599");
    }
    if body.is_some() && matches!(status, 204 | 205 | 304) {
        wrong.note(&["effect", "body"], format!("an answer with status {status} has no body"));
    }
    for (name, value) in &headers {
        if let Some(complaint) = header_complaint(name, value) {
            let path = Path::default().key("effect").key("headers").key(name.clone());
            wrong.problems.push(Problem::new(path, complaint));
        }
    }
    let body = body.map(|body| match serde_json::from_str::<String>(body.get()) {
        Ok(text) => ReplyBody::Text(text.into()),
        Err(_) => ReplyBody::Json(body.to_owned()),
    });
    let headers = headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    Reply { status: known.unwrap_or(500), body, headers }
}

/// Why a header cannot be sent.
fn header_complaint(name: &str, value: &str) -> Option<String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let is_shown = |byte: u8| byte == b'\t' || (b' '..=b'~').contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        Some(format!("{name:?} is no name of a header"))
    } else if SERVERS_OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) {
        Some(format!("{name} is set by the server itself"))
    } else if !value.bytes().all(is_shown) {
        Some("the value of a header takes the letters, digits and signs of ASCII only".to_owned())
    } else {
        None
    }
}
