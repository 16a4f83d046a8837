//! The form in which somebody says what they look for, and how often it should have been called.

use std::time::Duration;

use serde::Deserialize;
use serde::de::{Error, IgnoredAny};
use serde_json::value::RawValue;

use super::filter::Filter;
use super::matching::Pattern;
use super::verify::Times;
use crate::loyalty::Programme;
use crate::loyalty::time::Period;
use crate::sandbox::faults::document::{Api, MatchDocument, said};
use crate::sandbox::faults::rule::{Wrong, matcher};
use crate::sandbox::fixture::read::{self, Mistake, Reading};

/// How long a verification waits at most.
pub const WITHIN_MAX: Duration = Duration::from_mins(1);

/// What somebody wants to know: whether something was called as often as it should have been.
#[derive(Clone, Debug)]
pub struct Verification {
    /// What.
    pub pattern: Pattern,
    /// How often.
    pub times: Times,
    /// How long to wait for it, in real time.
    pub within: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct VerificationDocument {
    r#match: EntryMatchDocument,
    #[serde(default, deserialize_with = "said")]
    times: Option<TimesDocument>,
    #[serde(default, deserialize_with = "said")]
    within: Option<Period>,
}

/// As of a fault, and the status of the answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct EntryMatchDocument {
    #[serde(default, deserialize_with = "said")]
    api: Option<Api>,
    #[serde(default, deserialize_with = "said")]
    operation: Option<String>,
    #[serde(default, deserialize_with = "said")]
    method: Option<String>,
    #[serde(default, deserialize_with = "said")]
    path: Option<String>,
    #[serde(default, deserialize_with = "said")]
    status: Option<Status>,
    /// Taken from the text.
    #[serde(default, deserialize_with = "said")]
    body: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"exactly\":1}")]
struct TimesDocument {
    #[serde(default, deserialize_with = "said")]
    exactly: Option<u64>,
    #[serde(default, rename = "atLeast", deserialize_with = "said")]
    at_least: Option<u64>,
    #[serde(default, rename = "atMost", deserialize_with = "said")]
    at_most: Option<u64>,
}

/// A status of HTTP.
struct Status(u16);

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Status, D::Error> {
        let status = u64::deserialize(deserializer)?;
        let status = u16::try_from(status).ok().filter(|status| (100..=599).contains(status));
        status.map(Status).ok_or_else(|| D::Error::custom("expected a status from 100 to 599"))
    }
}

impl Verification {
    /// Reads `{"match": {…}, "times": {…}, "within": "PT2S"}`. `operations` are the names of an API's operations.
    pub fn read(
        text: &str,
        operations: impl Fn(Programme) -> Vec<&'static str>,
    ) -> Result<Verification, Vec<Mistake>> {
        let mut reading = read::read::<VerificationDocument>(text);
        let document = reading.value.take();
        let mut wrong = Wrong { problems: Vec::new(), whole: reading.mistakes.is_empty() };
        let verification = document.map(|document| Verification {
            pattern: pattern(document.r#match, text, operations, &mut wrong),
            times: document.times.map_or(Times::AtLeast(1), |times| self::times(&times, &mut wrong)),
            within: document.within.map_or(Duration::ZERO, |within| self::within(within, &mut wrong)),
        });
        whole(reading, wrong, verification)
    }
}

fn whole<D, T>(reading: Reading<'_, D>, wrong: Wrong, value: Option<T>) -> Result<T, Vec<Mistake>> {
    match value {
        Some(value) if reading.mistakes.is_empty() && wrong.problems.is_empty() => Ok(value),
        _ => Err(reading.mistakes_with(wrong.problems)),
    }
}

fn pattern(
    document: EntryMatchDocument,
    text: &str,
    operations: impl Fn(Programme) -> Vec<&'static str>,
    wrong: &mut Wrong,
) -> Pattern {
    let EntryMatchDocument { api, operation, method, path, status, body } = document;
    // Left to itself, serde takes an array for an object whose fields may all be left out.
    if match_text(text).is_some_and(|text| text.get().starts_with('[')) {
        wrong.note(&["match"], "expected an object, found an array");
    }
    let glob_text = path.clone().map(String::into_boxed_str);
    let body = body.and_then(|_| body_text(text)).map(|body| body.get().into());
    let document = MatchDocument { api, operation, method, path, body: None };
    let known = matcher(document, None, operations, wrong);
    Pattern {
        filter: Filter { api: known.api, operation: known.operation, status: status.map(|status| status.0) },
        method: known.method,
        path: known.path.zip(glob_text),
        body,
    }
}

fn times(document: &TimesDocument, wrong: &mut Wrong) -> Times {
    match (document.exactly, document.at_least, document.at_most) {
        (Some(times), None, None) => Times::Exactly(times),
        (None, Some(times), None) => Times::AtLeast(times),
        (None, None, Some(times)) => Times::AtMost(times),
        // Of a field that could not be read, nothing else can be said.
        _ if !wrong.whole => Times::AtLeast(1),
        _ => {
            wrong
                .note(&["times"], "say one of the three: {\"exactly\":1}, {\"atLeast\":1} or {\"atMost\":1}");
            Times::AtLeast(1)
        }
    }
}

fn within(within: Period, wrong: &mut Wrong) -> Duration {
    let within = Duration::from_millis(within.millis().unsigned_abs());
    if within > WITHIN_MAX {
        wrong.note(&["within"], format!("a verification waits {} seconds at most", WITHIN_MAX.as_secs()));
    }
    within
}

/// The piece of a text that says what is looked for.
fn match_text(text: &str) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Outer<'a> {
        #[serde(borrow)]
        r#match: Option<&'a RawValue>,
    }
    serde_json::from_str::<Outer<'_>>(text).ok()?.r#match
}

/// The piece of it that a body must have; null is one, too.
fn body_text(text: &str) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Inner<'a> {
        #[serde(borrow)]
        body: &'a RawValue,
    }
    serde_json::from_str::<Inner<'_>>(match_text(text)?.get()).ok().map(|inner| inner.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Verification, String> {
        let verification = Verification::read(text, |_| vec!["hold", "retail"]);
        verification.map_err(|mistakes| {
            let told = mistakes.iter().map(|mistake| format!("{}: {}", mistake.pointer, mistake.detail));
            told.collect::<Vec<_>>().join("; ")
        })
    }

    #[test]
    fn a_verification_is_read_with_its_defaults() {
        let plain = read(r#"{"match":{}}"#).unwrap();
        assert_eq!((plain.times, plain.within), (Times::AtLeast(1), Duration::ZERO));
        let full = r#"{"match":{"api":"loyalclient","operation":"hold","method":"post","path":"/integration/**",
            "status":422,"body":{"amount":1.50}},"times":{"exactly":2},"within":"PT2S"}"#;
        let full = read(full).unwrap();
        assert_eq!((full.times, full.within), (Times::Exactly(2), Duration::from_secs(2)));
        assert_eq!(full.pattern.filter.status, Some(422));
        assert_eq!(full.pattern.method.as_deref(), Some("POST"));
        assert_eq!(full.pattern.body.as_deref(), Some(r#"{"amount":1.50}"#));
        let null = read(r#"{"match":{"body":null},"times":{"atMost":0}}"#).unwrap();
        assert_eq!((null.pattern.body.as_deref(), null.times), (Some("null"), Times::AtMost(0)));
    }

    #[test]
    fn what_can_never_be_met_is_told() {
        for (text, told) in [
            ("{}", "/match: \"match\" is missing"),
            (r#"{"match":[]}"#, "/match: expected an object, found an array"),
            (r#"{"match":{"status":99}}"#, "/match/status: expected a status from 100 to 599"),
            (
                r#"{"match":{"status":"200"}}"#,
                "/match/status: expected a whole number, found the string \"200\"",
            ),
            (
                r#"{"match":{"operation":"holt"}}"#,
                "/match/operation: there is no operation \"holt\": did you mean \"hold\"?",
            ),
            (
                r#"{"match":{"api":"x"}}"#,
                "/match/api: \"x\" is not possible here: known here: loyalclient, ibonus, probonus",
            ),
            (r#"{"match":{},"within":"PT2M"}"#, "/within: a verification waits 60 seconds at most"),
            (
                r#"{"match":{},"times":{}}"#,
                "/times: say one of the three: {\"exactly\":1}, {\"atLeast\":1} or {\"atMost\":1}",
            ),
            (r#"{"match":{},"time":{"exactly":1}}"#, "/time: unknown key \"time\": did you mean \"times\"?"),
        ] {
            assert_eq!(read(text).map(drop).unwrap_err(), told, "{text}");
        }
        let several = read(r#"{"match":{"api":"ibonus","method":"FETCH"},"times":{"exactly":1,"atMost":1}}"#);
        let several = several.unwrap_err();
        assert_eq!(several.matches("; ").count(), 1, "{several}");
        let unread = read(r#"{"match":{},"times":{"exactly":-1}}"#).unwrap_err();
        assert_eq!(unread.matches("; ").count(), 0, "{unread}");
    }
}
