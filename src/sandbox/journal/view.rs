//! An entry as it is shown: decoded, with its notes, and without credentials.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::ser::Serializer;

use super::entry::{Body, Entry, FaultDone, Headers};
use super::json::Json;
use super::note::{Note, NoteKind};
use super::unknown::{Shape, unknown_fields};
use super::{Found, redact};
use crate::loyalty::Programme;
use crate::loyalty::time::Time;

/// What is known of the operations beside their names: which fields the body of each may have.
pub type Shapes<'s> = &'s dyn Fn(Programme, &str) -> Option<&'s Shape>;

/// An entry as it is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryView<'e> {
    id: u64,
    at: Time,
    api: Option<&'static str>,
    operation: Option<&'static str>,
    request: RequestView<'e>,
    /// Null if the client got none.
    answer: Option<AnswerView<'e>>,
    notes: Vec<Note>,
    fault: Option<FaultView<'e>>,
    duration_ms: Millis,
}

#[derive(Debug, Serialize)]
struct RequestView<'e> {
    method: &'e str,
    path: &'e str,
    query: BTreeMap<Cow<'e, str>, OneOrMore<'e>>,
    headers: BTreeMap<Cow<'e, str>, OneOrMore<'e>>,
    #[serde(flatten)]
    body: BodyView<'e>,
}

#[derive(Debug, Serialize)]
struct AnswerView<'e> {
    status: u16,
    headers: BTreeMap<Cow<'e, str>, OneOrMore<'e>>,
    #[serde(flatten)]
    body: BodyView<'e>,
}

#[derive(Debug, Serialize)]
struct FaultView<'e> {
    id: Option<&'e str>,
    effect: &'e str,
    answered: bool,
}

/// A body, and how it is to be read where that is not plain.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BodyView<'e> {
    body: Shown<'e>,
    /// `base64` if the body is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body_encoding: Option<&'static str>,
    /// Why there is no body here, though there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    body_omitted: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Shown<'e> {
    Nothing,
    Json(Json<'e>),
    Text(Cow<'e, str>),
}

/// What stands once is a text; what stands twice, an array of them.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum OneOrMore<'e> {
    One(Cow<'e, str>),
    More(Vec<Cow<'e, str>>),
}

/// A duration in milliseconds, to the microsecond.
#[derive(Clone, Copy, Debug)]
struct Millis(std::time::Duration);

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Printing only: durations of calls are far below 2^53 microseconds.
        #[allow(clippy::cast_precision_loss)]
        serializer.serialize_f64(self.0.as_micros() as f64 / 1_000.0)
    }
}

impl Found {
    /// The entry as it is shown, of this sandbox.
    pub fn view<'e>(&'e self, sandbox: &'e str, shapes: Shapes<'_>) -> EntryView<'e> {
        let entry = &*self.entry;
        let request_json = json_of(entry.body_of_request());
        // A refusal was decided at the entry's time.
        let timed = |note: &Note| match note.kind() {
            NoteKind::Refusal => note.clone().with("now", entry.at),
            _ => note.clone(),
        };
        let mut notes: Vec<Note> = entry.notes.iter().map(timed).collect();
        notes.extend(computed_notes(entry, request_json.as_ref(), shapes));
        let answer = entry.is_answered().then(|| AnswerView {
            status: entry.status,
            headers: answer_headers(entry, self.id, sandbox),
            body: body(entry.body_of_answer(), json_of(entry.body_of_answer())),
        });
        EntryView {
            id: self.id,
            at: entry.at,
            api: entry.called.api.map(Programme::name),
            operation: entry.called.operation.map(|(name, _)| name),
            request: RequestView {
                method: entry.method(),
                path: entry.path(),
                query: query(entry),
                headers: headers(entry.request_headers()),
                body: body(entry.body_of_request(), request_json),
            },
            answer,
            notes,
            fault: entry.fault.as_ref().map(fault),
            duration_ms: Millis(entry.took),
        }
    }
}

fn fault(fault: &FaultDone) -> FaultView<'_> {
    FaultView { id: fault.id.as_deref(), effect: &fault.text, answered: fault.answered }
}

/// What can be told of a call from the entry alone.
fn computed_notes(entry: &Entry, body: Option<&Json<'_>>, shapes: Shapes<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(fault) = &entry.fault {
        let note = Note::new(NoteKind::Fault, fault.text.to_string());
        notes.push(note.with("fault", fault.id.as_deref().map(str::to_owned)));
    }
    match (entry.called.api, entry.called.operation) {
        (Some(api), Some((operation, _))) => {
            if let (Some(body), Some(shape)) = (body, shapes(api, operation)) {
                notes.extend(unknown_fields(operation, shape, body));
            }
        }
        _ if matches!(entry.status, 404 | 405) && entry.fault.is_none() => {
            let (method, path) = (entry.method(), entry.path());
            let text = match entry.status {
                405 => format!("{path} is not called by {method}: see the header Allow of the answer"),
                _ => format!(
                    "there is nothing at {method} {path}: either it is misspelt, or it is not emulated"
                ),
            };
            notes.push(Note::new(NoteKind::NotEmulated, text));
        }
        _ => {}
    }
    if entry.called.api == Some(Programme::Ibonus) {
        notes.extend(unencoded_percent(entry.query()));
    }
    notes
}

/// The wildcard `%` of i-bonus.me is sent as `%25`. A `%` before two hex digits is something else, and most likely not
/// meant so if that is a letter or a digit: nobody has to encode those.
fn unencoded_percent(query: &str) -> Option<Note> {
    query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let (code, letter) = value.match_indices('%').find_map(|(at, _)| {
            let code = value.get(at..at + 3)?;
            let byte = u8::from_str_radix(code.get(1..)?, 16).ok()?;
            byte.is_ascii_alphanumeric().then(|| (code, char::from(byte)))
        })?;
        let text = format!("{code} in an address is {letter}: where % is the wildcard, it is sent as %25");
        Some(Note::new(NoteKind::BadInput, text).with("field", name.to_owned()))
    })
}

fn answer_headers<'e>(entry: &'e Entry, id: u64, sandbox: &'e str) -> BTreeMap<Cow<'e, str>, OneOrMore<'e>> {
    let mut headers = headers(entry.answer_headers());
    headers.insert("x-stend-request".into(), OneOrMore::One(id.to_string().into()));
    headers.insert("x-stend-sandbox".into(), OneOrMore::One(sandbox.into()));
    headers
}

fn headers(headers: Headers<'_>) -> BTreeMap<Cow<'_, str>, OneOrMore<'_>> {
    gathered(headers.map(|(name, value)| {
        let value = match String::from_utf8_lossy(value) {
            Cow::Borrowed(value) => redact::header(name, value),
            Cow::Owned(value) => Cow::Owned(redact::header(name, &value).into_owned()),
        };
        (Cow::Borrowed(name), value)
    }))
}

fn query(entry: &Entry) -> BTreeMap<Cow<'_, str>, OneOrMore<'_>> {
    gathered(form_urlencoded::parse(entry.query().as_bytes()).map(|(name, value)| {
        let hidden = redact::is_secret_in_query(entry.path(), &name);
        (name, if hidden { Cow::Borrowed(redact::REDACTED) } else { value })
    }))
}

/// By name, in the order they came.
fn gathered<'e>(
    pairs: impl Iterator<Item = (Cow<'e, str>, Cow<'e, str>)>,
) -> BTreeMap<Cow<'e, str>, OneOrMore<'e>> {
    let mut gathered: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in pairs {
        gathered.entry(name).or_default().push(value);
    }
    let one = |mut values: Vec<Cow<'e, str>>| match values.len() {
        1 => OneOrMore::One(values.remove(0)),
        _ => OneOrMore::More(values),
    };
    gathered.into_iter().map(|(name, values)| (name, one(values))).collect()
}

fn json_of(body: Body<'_>) -> Option<Json<'_>> {
    match body {
        Body::Whole(bytes) => Json::parse(std::str::from_utf8(bytes).ok()?),
        Body::Omitted(_) => None,
    }
}

fn body<'e>(body: Body<'e>, json: Option<Json<'e>>) -> BodyView<'e> {
    let mut view = BodyView { body: Shown::Nothing, body_encoding: None, body_omitted: None };
    match (body, json) {
        (Body::Omitted(bytes), _) => {
            view.body_omitted = Some(match bytes {
                Some(bytes) => format!("{bytes} bytes, which is more than is kept of a body"),
                None => "it was sent bit by bit".to_owned(),
            });
        }
        (Body::Whole([]), _) => {}
        (Body::Whole(_), Some(mut json)) => {
            redact::json(&mut json);
            view.body = Shown::Json(json);
        }
        (Body::Whole(bytes), None) => {
            if let Ok(text) = std::str::from_utf8(bytes) {
                view.body = Shown::Text(redact::text(text));
            } else {
                view.body = Shown::Text(STANDARD.encode(bytes).into());
                view.body_encoding = Some("base64");
            }
        }
    }
    view
}
