//! Whether an entry is one that somebody looks for, and if not, field by field what is different.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::entry::Body;
use super::filter::Filter;
use super::json::{Json, same_scalar};
use super::{Found, redact};
use crate::sandbox::faults::matching::Glob;

/// How many differences of one entry are told.
pub const MISMATCHES_MAX: usize = 20;

/// How much of what was found in the place of what was expected is told, in bytes of JSON.
const ACTUAL_MAX: usize = 500;

/// What an entry must be and have. What is left out is met by any of them.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    /// API, operation and status.
    pub filter: Filter,
    /// The method, in capitals.
    pub method: Option<Box<str>>,
    /// The path: a glob, and its text.
    pub path: Option<(Glob, Box<str>)>,
    /// JSON that the body of the request has, and perhaps more.
    pub body: Option<Box<str>>,
}

/// A pattern that is made ready for being held against many entries.
#[derive(Debug)]
pub struct Criteria<'p> {
    pattern: &'p Pattern,
    body: Option<Json<'p>>,
}

/// What became of an entry that was held against a pattern.
#[derive(Debug)]
pub enum Judged {
    /// It has all that is wanted.
    Fits,
    /// It has not.
    Differs(Difference),
    /// It has all that can be seen, but its body was not kept.
    Unknown,
}

/// How an entry differs from a pattern.
#[derive(Debug, Default)]
pub struct Difference {
    /// How far it is away: what the call is weighs more than what it says.
    pub distance: usize,
    /// What is different: the first [`MISMATCHES_MAX`] things.
    pub mismatches: Vec<Mismatch>,
    unknown: bool,
}

/// One thing that is different.
#[derive(Debug, Serialize)]
pub struct Mismatch {
    /// The way to it: `operation`, `body.items[0].price`.
    pub field: String,
    /// What was looked for.
    pub expected: Box<RawValue>,
    /// What is there; null if there is nothing.
    pub actual: Option<Box<RawValue>>,
}

impl Pattern {
    /// The pattern, made ready.
    pub fn criteria(&self) -> Criteria<'_> {
        Criteria { pattern: self, body: self.body.as_deref().and_then(Json::parse) }
    }
}

impl Criteria<'_> {
    /// Holds an entry against the pattern.
    pub fn judge(&self, found: &Found) -> Judged {
        let (entry, pattern) = (&*found.entry, self.pattern);
        let mut difference = Difference::default();
        let mut compare = |field: &str, weight: usize, expected: Option<&str>, actual: Option<&str>| {
            if expected.is_some() && expected != actual {
                difference.note(field, weight, raw(&expected), actual.map(|actual| raw(&actual)));
            }
        };
        let api = pattern.filter.api.map(crate::loyalty::Programme::name);
        compare("api", 16, api, entry.called.api.map(crate::loyalty::Programme::name));
        let operation = entry.called.operation.map(|(name, _)| name);
        compare("operation", 8, pattern.filter.operation.as_deref(), operation);
        compare("method", 4, pattern.method.as_deref(), Some(entry.method()));
        if let Some((glob, text)) = &pattern.path
            && !glob.fits(entry.path())
        {
            compare("path", 8, Some(text), Some(entry.path()));
        }
        let status = entry.is_answered().then_some(entry.status);
        if let Some(expected) = pattern.filter.status
            && status != Some(expected)
        {
            difference.note("status", 2, raw(&expected), status.map(|status| raw(&status)));
        }
        if let Some(expected) = &self.body {
            compare_bodies(expected, entry.body_of_request(), &mut difference);
        }
        match difference {
            Difference { distance: 0, unknown: false, .. } => Judged::Fits,
            Difference { distance: 0, unknown: true, .. } => Judged::Unknown,
            difference => Judged::Differs(difference),
        }
    }
}

impl Difference {
    fn note(&mut self, field: &str, weight: usize, expected: Box<RawValue>, actual: Option<Box<RawValue>>) {
        self.distance += weight;
        if self.mismatches.len() < MISMATCHES_MAX {
            self.mismatches.push(Mismatch { field: field.to_owned(), expected, actual });
        }
    }
}

fn compare_bodies(expected: &Json<'_>, actual: Body<'_>, difference: &mut Difference) {
    let text = match actual {
        Body::Omitted(_) => {
            difference.unknown = true;
            return;
        }
        Body::Whole(bytes) => std::str::from_utf8(bytes),
    };
    let json = text.ok().and_then(Json::parse);
    match (json, text) {
        (Some(actual), _) => compare(expected, &actual, "body", difference),
        (None, Ok("")) => difference.note("body", 1, shown(expected), None),
        (None, Ok(text)) => difference.note("body", 1, shown(expected), Some(short(&redact::text(text)))),
        (None, Err(_)) => difference.note("body", 1, shown(expected), Some(raw(&"[binary]"))),
    }
}

/// Of an object every field that is expected is there, and fits; an array has as many elements as are expected, and
/// each fits the one in its place; numbers are equal as numbers, `1` and `1.0` alike; all else is equal.
fn compare(expected: &Json<'_>, actual: &Json<'_>, way: &str, difference: &mut Difference) {
    match (expected, actual) {
        (_, Json::Hidden(_)) => difference.unknown = true,
        (Json::Object(fields), Json::Object(_)) => {
            for (name, expected) in fields {
                let way = format!("{way}.{name}");
                let secret = redact::is_secret(name);
                match actual.get(name) {
                    Some(actual) if secret => {
                        let mut apart = Difference::default();
                        compare(expected, actual, &way, &mut apart);
                        difference.unknown |= apart.unknown;
                        if apart.distance > 0 {
                            difference.note(&way, 1, raw(&redact::REDACTED), Some(raw(&redact::REDACTED)));
                        }
                    }
                    Some(actual) => compare(expected, actual, &way, difference),
                    None if secret => difference.note(&way, 1, raw(&redact::REDACTED), None),
                    None => difference.note(&way, 1, shown(expected), None),
                }
            }
        }
        (Json::Array(expected_elements), Json::Array(elements))
            if expected_elements.len() == elements.len() =>
        {
            for (index, (expected, actual)) in expected_elements.iter().zip(elements).enumerate() {
                compare(expected, actual, &format!("{way}[{index}]"), difference);
            }
        }
        (Json::Scalar(one), Json::Scalar(other)) if same_scalar(one.get(), other.get()) => {}
        _ => {
            let mut actual = shown(actual);
            if actual.get().len() > ACTUAL_MAX {
                actual = short(actual.get());
            }
            difference.note(way, 1, shown(expected), Some(actual));
        }
    }
}

/// A piece of JSON without its credentials.
fn shown(json: &Json<'_>) -> Box<RawValue> {
    // A copy to hide them in.
    let text = raw(json);
    let Some(mut json) = Json::parse(text.get()) else {
        return text;
    };
    redact::json(&mut json);
    raw(&json)
}

/// A text, or its beginning.
fn short(text: &str) -> Box<RawValue> {
    match text.char_indices().nth(ACTUAL_MAX) {
        Some((end, _)) => raw(&format!("{}… ({} bytes)", &text[..end], text.len())),
        None => raw(&text),
    }
}

fn raw(value: &(impl Serialize + ?Sized)) -> Box<RawValue> {
    to_raw_value(value).expect("texts, numbers and JSON are JSON")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::*;
    use crate::loyalty::Programme;
    use crate::sandbox::journal::entry::{Called, Entry};

    fn found(body: impl Into<Bytes>) -> Found {
        let mut entry = Entry::default();
        entry.asked("POST", "/integration/general/bonuses/hold", "");
        entry.request_body(&body.into());
        entry.answer_body(&Bytes::new());
        entry.called = Called { api: Some(Programme::LoyalClient), operation: Some(("hold", 2)) };
        entry.status = 200;
        Found { id: 1, entry: Arc::new(entry) }
    }

    fn told(pattern: &Pattern, found: &Found) -> String {
        match pattern.criteria().judge(found) {
            Judged::Fits => "fits".to_owned(),
            Judged::Unknown => "unknown".to_owned(),
            Judged::Differs(difference) => {
                let told = difference.mismatches.iter().map(|it| {
                    let actual = it.actual.as_ref().map_or("nothing", |actual| actual.get());
                    format!("{} {} {actual}", it.field, it.expected)
                });
                told.collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn a_body_has_what_is_expected_and_perhaps_more() {
        for (expected, body, outcome) in [
            (r#"{"amount":100}"#, r#"{"amount":1e2,"more":1}"#, "fits"),
            (r#"{"a":{"b":"\u0041"}}"#, r#"{"a":{"b":"A","c":2}}"#, "fits"),
            (r#"{"a":[{"b":1},2]}"#, r#"{"a":[{"b":1,"c":1},2.0]}"#, "fits"),
            ("{}", r#"{"a":1}"#, "fits"),
            (r#"{"amount":100,"b":true}"#, r#"{"amount":50}"#, "body.amount 100 50; body.b true nothing"),
            (r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, "body.a [1] [1,2]"),
            (r#"{"a":[1,{"b":2}]}"#, r#"{"a":[1,{"b":3}]}"#, "body.a[1].b 2 3"),
            (r#"{"a":null}"#, "{}", "body.a null nothing"),
            (r#"{"a":1}"#, r#"{"a":"1"}"#, r#"body.a 1 "1""#),
            ("{}", "[]", "body {} []"),
            ("{}", "", "body {} nothing"),
            ("{}", "a=b", r#"body {} "a=b""#),
        ] {
            let pattern = Pattern { body: Some(expected.into()), ..Pattern::default() };
            assert_eq!(told(&pattern, &found(body)), outcome, "{expected} {body}");
        }
    }

    #[test]
    fn everything_that_is_different_is_told_and_what_the_call_is_weighs_most() {
        let pattern = Pattern {
            filter: Filter {
                api: Some(Programme::Ibonus),
                operation: Some("holds.create".into()),
                status: Some(422),
            },
            method: Some("GET".into()),
            path: Some((Glob::new("/ext/**"), "/ext/**".into())),
            body: None,
        };
        assert_eq!(
            told(&pattern, &found("")),
            concat!(
                r#"api "ibonus" "loyalclient"; operation "holds.create" "hold"; method "GET" "POST"; "#,
                r#"path "/ext/**" "/integration/general/bonuses/hold"; status 422 200"#
            )
        );
        let fits = Pattern {
            filter: Filter {
                api: Some(Programme::LoyalClient),
                operation: Some("hold".into()),
                status: Some(200),
            },
            method: Some("POST".into()),
            path: Some((Glob::new("/integration/**/hold"), "".into())),
            body: None,
        };
        assert_eq!(told(&fits, &found("")), "fits");
    }

    #[test]
    fn credentials_are_compared_and_not_told() {
        let pattern = |body: &str| Pattern { body: Some(body.into()), ..Pattern::default() };
        let kept = found(r#"{"login":"a","password":"right"}"#);
        assert_eq!(told(&pattern(r#"{"password":"right"}"#), &kept), "fits");
        assert_eq!(
            told(&pattern(r#"{"password":"wrong"}"#), &kept),
            r#"body.password "[redacted]" "[redacted]""#
        );
        assert_eq!(told(&pattern("[]"), &kept), r#"body [] {"login":"a","password":"[redacted]"}"#);
    }

    #[test]
    fn of_a_body_that_was_not_kept_nothing_is_known() {
        let large = found(vec![b' '; crate::sandbox::journal::entry::BODY_KEPT_MAX + 1]);
        let pattern = Pattern { body: Some("{}".into()), ..Pattern::default() };
        assert_eq!(told(&pattern, &large), "unknown");
        let elsewhere = Pattern { method: Some("GET".into()), ..pattern };
        assert_eq!(told(&elsewhere, &large), r#"method "GET" "POST""#);
    }

    #[test]
    fn what_is_long_is_told_in_short() {
        let pattern = Pattern { body: Some(r#"{"a":1}"#.into()), ..Pattern::default() };
        let told = told(&pattern, &found(format!(r#"{{"a":[{}1]}}"#, "1,".repeat(1_000))));
        assert!(told.len() < 700 && told.ends_with("bytes)\""), "{told}");
    }
}
