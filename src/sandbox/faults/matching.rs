//! Whether a call is one that a rule means: names, a glob over the path, a part of the body.

use std::cell::OnceCell;

use serde_json::{Number, Value};

use super::Asked;
use crate::loyalty::Programme;

/// Which calls are meant. What is left out is met by any of them.
#[derive(Clone, Debug, Default)]
pub struct Match {
    /// The API.
    pub api: Option<Programme>,
    /// The operation's name.
    pub operation: Option<Box<str>>,
    /// The method, in capitals.
    pub method: Option<Box<str>>,
    /// The path.
    pub path: Option<Glob>,
    /// What the body has, and perhaps more.
    pub body: Option<Pattern>,
}

impl Match {
    /// Whether a call is meant. `body` is the call's, parsed when it is first asked for: none if it is no JSON.
    pub fn fits(&self, asked: &Asked<'_>, body: &OnceCell<Option<Value>>) -> bool {
        self.api.is_none_or(|api| asked.api == Some(api))
            && self.operation.as_deref().is_none_or(|name| asked.operation == Some(name))
            && self.method.as_deref().is_none_or(|method| asked.method == method)
            && self.path.as_ref().is_none_or(|glob| glob.fits(asked.path))
            && self.body.as_ref().is_none_or(|pattern| {
                body.get_or_init(|| parse(asked.body)).as_ref().is_some_and(|body| pattern.fits(body))
            })
    }
}

/// A path in which `*` is any part of a segment, and `**` any number of segments, also none. A slash at the end is
/// not looked at.
#[derive(Clone, Debug)]
pub struct Glob(Vec<Box<str>>);

impl Glob {
    /// Every text is a glob.
    pub fn new(text: &str) -> Glob {
        Glob(segments(text).map(Box::from).collect())
    }

    /// Whether a path fits.
    pub fn fits(&self, path: &str) -> bool {
        let path: Vec<&str> = segments(path).collect();
        let segment = |pattern: &Box<str>, segment: &&str| {
            fits(pattern.as_bytes(), segment.as_bytes(), |byte| *byte == b'*', |one, other| one == other)
        };
        fits(&self.0, &path, |pattern| **pattern == *"**", segment)
    }
}

fn segments(path: &str) -> std::str::Split<'_, char> {
    path.strip_suffix('/').unwrap_or(path).split('/')
}

/// Whether items fit a pattern, some of whose parts stand for any number of items, also none.
fn fits<P, I>(pattern: &[P], items: &[I], any: impl Fn(&P) -> bool, one: impl Fn(&P, &I) -> bool) -> bool {
    let (mut part, mut item) = (0, 0);
    // Behind the last part that stands for any number: where to go on when it takes one item more.
    let mut again: Option<(usize, usize)> = None;
    while item < items.len() {
        if pattern.get(part).is_some_and(&any) {
            part += 1;
            again = Some((part, item));
        } else if pattern.get(part).is_some_and(|part| one(part, &items[item])) {
            part += 1;
            item += 1;
        } else if let Some((after, from)) = again {
            (part, item) = (after, from + 1);
            again = Some((after, from + 1));
        } else {
            return false;
        }
    }
    pattern[part..].iter().all(any)
}

/// What a JSON body has, and perhaps more.
#[derive(Clone, Debug)]
pub struct Pattern(Value);

impl Pattern {
    /// The pattern of a JSON text. One that is no JSON is fitted by null alone.
    pub fn new(json: &str) -> Pattern {
        Pattern(serde_json::from_str(json).unwrap_or_default())
    }

    /// Whether a body has it all.
    pub fn fits(&self, body: &Value) -> bool {
        is_part_of(&self.0, body)
    }
}

/// Of an object every field that is wanted is there, and fits; an array has as many elements as are wanted, and each
/// fits the one in its place; numbers are equal as numbers, `1` and `1.0` alike; all else is equal.
fn is_part_of(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            wanted.iter().all(|(key, wanted)| found.get(key).is_some_and(|found| is_part_of(wanted, found)))
        }
        (Value::Array(wanted), Value::Array(found)) => {
            wanted.len() == found.len()
                && wanted.iter().zip(found).all(|(wanted, found)| is_part_of(wanted, found))
        }
        (Value::Number(wanted), Value::Number(found)) => same_number(wanted, found),
        _ => wanted == found,
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    let is_whole = |number: &Number| number.is_i64() || number.is_u64();
    if is_whole(one) && is_whole(other) { one == other } else { one.as_f64() == other.as_f64() }
}

/// A body, if it is JSON; some clients put a byte-order mark before it.
fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)).ok()
}
