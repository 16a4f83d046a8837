//! JSON as it was sent: the order of its fields, the digits of its numbers, and fields that stand twice are kept.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::sandbox::fixture::read::Members;

/// How deep a document is looked into. What lies deeper is neither shown nor compared.
pub const DEPTH_MAX: usize = 100;

/// A piece of JSON.
#[derive(Debug)]
pub enum Json<'a> {
    /// A number, a string, true, false or null.
    Scalar(&'a RawValue),
    /// Its elements.
    Array(Vec<Json<'a>>),
    /// Its members.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
    /// What is not to be seen, with what is shown in its place.
    Hidden(&'static str),
}

impl<'a> Json<'a> {
    /// Reads a text, if it is JSON; some clients put a byte-order mark before it.
    pub fn parse(text: &'a str) -> Option<Json<'a>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Json::of(serde_json::from_str(text).ok()?, 0)
    }

    fn of(raw: &'a RawValue, depth: usize) -> Option<Json<'a>> {
        let text = raw.get();
        match text.as_bytes() {
            [b'[' | b'{', ..] if depth >= DEPTH_MAX => Some(Json::Hidden("[too deep]")),
            [b'[', ..] => {
                let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                let elements = elements.into_iter().map(|raw| Json::of(raw, depth + 1));
                elements.collect::<Option<_>>().map(Json::Array)
            }
            [b'{', ..] => {
                let members: Members<'_> = serde_json::from_str(text).ok()?;
                let members = members.0.into_iter().map(|(key, raw)| Some((key, Json::of(raw, depth + 1)?)));
                members.collect::<Option<_>>().map(Json::Object)
            }
            _ => Some(Json::Scalar(raw)),
        }
    }

    /// A member's value; of one that stands twice the last.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        let Json::Object(members) = self else {
            return None;
        };
        members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Scalar(raw) => raw.serialize(serializer),
            Json::Array(elements) => serializer.collect_seq(elements),
            Json::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Json::Hidden(instead) => serializer.serialize_str(instead),
        }
    }
}

/// Whether two scalars are the same value: numbers as numbers, `1` and `1.0` alike, strings however they are escaped.
pub fn same_scalar(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (Some(b'"'), Some(b'"')) => {
            let text = |raw: &str| serde_json::from_str::<String>(raw).ok();
            text(one).is_some_and(|one| text(other) == Some(one))
        }
        (Some(b'-' | b'0'..=b'9'), Some(b'-' | b'0'..=b'9')) => same_number(one, other),
        _ => false,
    }
}

fn same_number(one: &str, other: &str) -> bool {
    match (one.parse::<i128>(), other.parse::<i128>()) {
        (Ok(one), Ok(other)) => one == other,
        // As close as a float tells: sums have two decimals.
        _ => one.parse::<f64>().is_ok_and(|one| other.parse() == Ok(one)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_shown_as_it_was() {
        for text in [
            r#"{"b":1.50,"a":[1e3,"\u00e9",null,{}],"b":true}"#,
            "12345678901234567890123",
            "\"text\"",
            "[]",
            "null",
        ] {
            let shown = serde_json::to_string(&Json::parse(text).unwrap()).unwrap();
            assert_eq!(shown, text);
        }
        let shown = serde_json::to_string(&Json::parse("\u{feff} { \"a\" : [ 1 , 2 ] } ").unwrap()).unwrap();
        assert_eq!(shown, r#"{"a":[1,2]}"#);
        for text in ["", "{", "{} x", "nothing", "[1,]"] {
            assert!(Json::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn of_a_member_that_stands_twice_the_last_counts() {
        let json = Json::parse(r#"{"a":1,"a":2}"#).unwrap();
        assert!(matches!(json.get("a"), Some(Json::Scalar(raw)) if raw.get() == "2"));
        assert!(json.get("b").is_none());
    }

    #[test]
    fn what_lies_too_deep_is_hidden() {
        let deep = format!("{}1{}", "[".repeat(DEPTH_MAX + 5), "]".repeat(DEPTH_MAX + 5));
        let shown = serde_json::to_string(&Json::parse(&deep).unwrap()).unwrap();
        assert_eq!(shown, format!("{}\"[too deep]\"{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX)));
    }

    #[test]
    fn scalars_are_compared_as_values() {
        for (one, other, same) in [
            ("1", "1.0", true),
            ("100", "1e2", true),
            ("9007199254740993", "9007199254740992", false),
            ("0.1", "0.10", true),
            ("1", "\"1\"", false),
            ("\"\\u0041\"", "\"A\"", true),
            ("\"a\"", "\"A\"", false),
            ("true", "false", false),
            ("null", "null", true),
        ] {
            assert_eq!(same_scalar(one, other), same, "{one} {other}");
            assert_eq!(same_scalar(other, one), same, "{other} {one}");
        }
    }
}
