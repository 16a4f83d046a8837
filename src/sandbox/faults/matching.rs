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
        fits(
            &self.0,
            &path,
            |pattern| **pattern == *"**",
            |pattern, segment| {
                fits(pattern.as_bytes(), segment.as_bytes(), |byte| *byte == b'*', |one, other| one == other)
            },
        )
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_star_is_within_a_segment_and_two_are_any_number_of_them() {
        for (glob, fit, unfit) in [
            ("/a/b", &["/a/b", "/a/b/"][..], &["/a", "/a/b/c", "/a/bc", "/A/b", "a/b", "/a//b"][..]),
            ("/a/b/", &["/a/b", "/a/b/"], &["/a", "/a/b//"]),
            ("/a/*", &["/a/b", "/a/b/", "/a/*"], &["/a/b/c", "/b/b", "/a/"]),
            ("/a/*/c", &["/a/b/c", "/a//c"], &["/a/c", "/a/b/b/c"]),
            ("/a/b*d", &["/a/bd", "/a/bcd", "/a/bdbd"], &["/a/b/d", "/a/bdc"]),
            ("/a/*b*c*", &["/a/bc", "/a/xbyczbc"], &["/a/cb", "/a/b/c"]),
            ("/a/**", &["/a", "/a/b", "/a/b/c/d", "/a/"], &["/ab", "/b/a", "a/b"]),
            ("**", &["/", "/a", "/a/b", ""], &[]),
            ("/**", &["/", "/a", "/a/b"], &["a"]),
            ("**/c", &["/c", "/a/c", "/a/b/c"], &["/c/a", "/ac"]),
            ("/a/**/c", &["/a/c", "/a/b/c", "/a/b/b/c", "/a/c/c"], &["/a/b", "/c", "/a/bc"]),
            ("/**/b/**/d", &["/b/d", "/a/b/c/d", "/b/b/d"], &["/a/d", "/d/b"]),
            ("/a/x**", &["/a/x", "/a/xy"], &["/a/x/y"]),
            (
                "/ext/api/v1/clients/*/balance",
                &["/ext/api/v1/clients/5/balance/"],
                &["/ext/api/v1/clients/balance"],
            ),
        ] {
            let glob_read = Glob::new(glob);
            for path in fit {
                assert!(glob_read.fits(path), "{glob} and {path}");
            }
            for path in unfit {
                assert!(!glob_read.fits(path), "{glob} and {path}");
            }
        }
    }

    #[test]
    fn a_body_may_have_more_than_is_wanted() {
        let body = json!({
            "client": "62a0", "amount": 100.5, "count": 1, "flag": true, "none": null,
            "hold": ["a", "b"], "items": [{"id": 1, "name": "x"}, {"id": 2, "name": "y"}], "deep": {"a": {"b": 1, "c": 2}}
        });
        for wanted in [
            r"{}",
            r#"{"amount":100.50,"client":"62a0"}"#,
            r#"{"count":1.0}"#,
            r#"{"count":1e0,"flag":true,"none":null}"#,
            r#"{"hold":["a","b"]}"#,
            r#"{"items":[{"id":1},{}]}"#,
            r#"{"deep":{"a":{"b":1}}}"#,
        ] {
            assert!(Pattern::new(wanted).fits(&body), "{wanted}");
        }
        for wanted in [
            r#"{"amount":100}"#,
            r#"{"amount":"100.5"}"#,
            r#"{"client":"62A0"}"#,
            r#"{"flag":1}"#,
            r#"{"missing":null}"#,
            r#"{"hold":["a"]}"#,
            r#"{"hold":["b","a"]}"#,
            r#"{"hold":[]}"#,
            r#"{"items":[{"id":1},{"id":3}]}"#,
            r#"{"deep":{"a":1}}"#,
            r"[]",
            r"null",
        ] {
            assert!(!Pattern::new(wanted).fits(&body), "{wanted}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers_and_whole_ones_to_the_last_digit() {
        for (wanted, found, same) in [
            ("1", "1.00", true),
            ("-1", "-1.0", true),
            ("0", "-0.0", true),
            ("18446744073709551615", "18446744073709551615", true),
            ("18446744073709551615", "18446744073709551614", false),
            ("9007199254740993", "9007199254740992", false),
            ("1", "true", false),
        ] {
            let found_read = serde_json::from_str(found).unwrap();
            assert_eq!(Pattern::new(wanted).fits(&found_read), same, "{wanted} and {found}");
        }
    }

    /// The meaning of a pattern, written down without a thought for speed.
    fn fits_slowly(pattern: &[u8], items: &[u8]) -> bool {
        match (pattern, items) {
            ([], items) => items.is_empty(),
            ([b'*', rest @ ..], items) => (0..=items.len()).any(|taken| fits_slowly(rest, &items[taken..])),
            ([one, rest @ ..], [item, items @ ..]) => one == item && fits_slowly(rest, items),
            (_, []) => false,
        }
    }

    proptest! {
        #[test]
        fn the_fast_way_and_the_slow_way_agree(pattern in "[ab*]{0,8}", items in "[ab]{0,10}") {
            let fast = fits(pattern.as_bytes(), items.as_bytes(), |part| *part == b'*', |one, other| one == other);
            prop_assert_eq!(fast, fits_slowly(pattern.as_bytes(), items.as_bytes()));
        }
    }
}
