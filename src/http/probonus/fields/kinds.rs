//! What a single value may be, and what pydantic says of one that is something else. Numbers and booleans may be
//! texts, in a body as in a query; texts may not be numbers.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::Place;
use super::problem::Wrong;
use crate::http::fields;
use crate::loyalty::amount::{Amount, AmountError, Percent};

/// A value as it was sent.
#[derive(Clone, Copy)]
pub(super) enum Given<'b> {
    Query(&'b str),
    Json(&'b RawValue),
}

/// A value without its quotes.
pub(super) enum Plain<'b> {
    Null,
    Boolean(bool),
    /// A number's own digits.
    Number(&'b str),
    Text(Cow<'b, str>),
    /// A list or an object.
    Other,
}

impl<'b> Given<'b> {
    pub(super) fn plain(self) -> Plain<'b> {
        match self {
            Given::Query(text) => Plain::Text(Cow::Borrowed(text)),
            Given::Json(raw) => match raw.get().as_bytes().first() {
                Some(b'n') => Plain::Null,
                Some(b't') => Plain::Boolean(true),
                Some(b'f') => Plain::Boolean(false),
                Some(b'"') => fields::text(raw).map_or(Plain::Other, Plain::Text),
                Some(b'[' | b'{') => Plain::Other,
                _ => Plain::Number(raw.get()),
            },
        }
    }

    pub(super) fn is_null(self) -> bool {
        self.json().is_some_and(|raw| raw.get() == "null")
    }

    pub(super) fn json(self) -> Option<&'b RawValue> {
        match self {
            Given::Query(_) => None,
            Given::Json(raw) => Some(raw),
        }
    }

    /// The `input` of an error.
    pub(super) fn echoed(self) -> Box<RawValue> {
        match self {
            Given::Query(text) => serde_json::value::to_raw_value(text).expect("a text is JSON"),
            Given::Json(raw) => raw.to_owned(),
        }
    }
}

/// A text.
pub(in crate::http::probonus) fn text(place: Place<'_, '_>) -> Option<String> {
    place.read(|value| match value {
        Plain::Text(text) => Ok(text.into_owned()),
        _ => Err(Wrong::NoText),
    })
}

/// A text that is kept.
pub(in crate::http::probonus) fn kept(place: Place<'_, '_>) -> Option<Box<str>> {
    text(place).map(String::into_boxed_str)
}

/// A text that is not empty.
pub(in crate::http::probonus) fn some_text(place: Place<'_, '_>) -> Option<String> {
    place.read(|value| match value {
        Plain::Text(text) if text.is_empty() => Err(Wrong::TooShort),
        Plain::Text(text) => Ok(text.into_owned()),
        _ => Err(Wrong::NoText),
    })
}

/// An id. One under zero is the id of nothing, and so is 0 \[I\].
pub(in crate::http::probonus) fn id<T: From<u64>>(place: Place<'_, '_>) -> Option<T> {
    place.read(integer).map(|id| T::from(u64::try_from(id).unwrap_or(0)))
}

/// How many: not less than none. More than can be counted is as many as can be.
pub(in crate::http::probonus) fn count(place: Place<'_, '_>) -> Option<usize> {
    place.read(|value| match integer(value)? {
        count if count < 0 => Err(Wrong::AtLeast(0)),
        count => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
    })
}

/// A number of days, or none.
pub(in crate::http::probonus) fn days(place: Place<'_, '_>) -> Option<u32> {
    place.read(|value| match integer(value)? {
        days if days < 0 => Err(Wrong::AtLeast(0)),
        days => u32::try_from(days).map_err(|_| Wrong::AtMost(u32::MAX.into())),
    })
}

/// A number of days that points live: at least one.
pub(in crate::http::probonus) fn lifetime(place: Place<'_, '_>) -> Option<u32> {
    place.read(|value| match integer(value)? {
        days if days <= 0 => Err(Wrong::MoreThan(0)),
        days => u32::try_from(days).map_err(|_| Wrong::AtMost(u32::MAX.into())),
    })
}

/// A sum of money or of points, or nothing.
pub(in crate::http::probonus) fn sum(place: Place<'_, '_>) -> Option<Amount> {
    amount(&place, Wrong::AtLeast(0), |amount| !amount.is_negative())
}

/// Points that are given or taken: more than nothing.
pub(in crate::http::probonus) fn points(place: Place<'_, '_>) -> Option<Amount> {
    amount(&place, Wrong::MoreThan(0), Amount::is_positive)
}

fn amount(place: &Place<'_, '_>, too_small: Wrong, fits: impl FnOnce(Amount) -> bool) -> Option<Amount> {
    place.read(|value| {
        let beyond =
            |is_negative| Err(if is_negative { too_small.clone() } else { Wrong::OVER_THE_LARGEST_SUM });
        let amount = decimal(value, beyond)?;
        if fits(amount) { Ok(amount) } else { Err(too_small) }
    })
}

/// A share in per cent.
pub(in crate::http::probonus) fn percent(place: Place<'_, '_>) -> Option<Percent> {
    let out = |is_negative| if is_negative { Wrong::AtLeast(0) } else { Wrong::AtMost(100) };
    place.read(|value| {
        let percent = decimal(value, |is_negative| Err(out(is_negative)))?;
        Percent::new(percent).ok_or_else(|| out(percent.is_negative()))
    })
}

/// True or false.
pub(in crate::http::probonus) fn flag(place: Place<'_, '_>) -> Option<bool> {
    place.read(|value| match value {
        Plain::Boolean(flag) => Ok(flag),
        Plain::Text(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "on" | "t" | "true" | "y" | "yes" => Ok(true),
            "0" | "off" | "f" | "false" | "n" | "no" => Ok(false),
            _ => Err(Wrong::UnparsableBoolean),
        },
        Plain::Number(number) => match number.parse::<f64>() {
            Ok(1.0) => Ok(true),
            Ok(0.0) => Ok(false),
            _ if is_whole(number) => Err(Wrong::UnparsableBoolean),
            _ => Err(Wrong::NoBoolean),
        },
        Plain::Null | Plain::Other => Err(Wrong::NoBoolean),
    })
}

/// One of a few names; `expected` tells them as pydantic does: `'male' or 'female'`.
pub(in crate::http::probonus) fn one_of<T: Copy>(
    place: &Place<'_, '_>,
    names: &[(&str, T)],
    expected: &'static str,
) -> Option<T> {
    place.read(|value| {
        let found = match &value {
            Plain::Text(text) => names.iter().find(|(name, _)| name == text),
            _ => None,
        };
        found.map(|(_, value)| *value).ok_or(Wrong::NoneOf(expected))
    })
}

/// Whether a JSON number is written as a whole one.
fn is_whole(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// A whole number; one that is too large to count with is as large as can be.
fn integer(value: Plain<'_>) -> Result<i64, Wrong> {
    match value {
        Plain::Boolean(flag) => Ok(i64::from(flag)),
        Plain::Number(number) if is_whole(number) => Ok(saturated(number)),
        Plain::Number(number) => {
            let number: f64 = number.parse().map_err(|_| Wrong::NoInteger)?;
            if number.fract() != 0.0 {
                return Err(Wrong::IntegerWithFraction);
            }
            // The largest float under 2^63: a whole number of i64.
            if number.abs() > 9_223_372_036_854_774_784.0 {
                return Err(Wrong::HugeInteger);
            }
            #[allow(clippy::cast_possible_truncation)] // it was looked at just now
            Ok(number as i64)
        }
        Plain::Text(text) => integer_of(&text).ok_or(Wrong::UnparsableInteger),
        Plain::Null | Plain::Other => Err(Wrong::NoInteger),
    }
}

/// `3`, `+3`, ` 3 `, `1_000`, `3.00`: what pydantic takes for a whole number in a text.
fn integer_of(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_number =
        whole.split('_').all(are_digits) && !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    is_number.then(|| saturated(&format!("{sign}{}", whole.replace('_', ""))))
}

fn saturated(digits: &str) -> i64 {
    digits.parse().unwrap_or(if digits.starts_with('-') { i64::MIN } else { i64::MAX })
}

/// A number of two decimals, by its digits; `beyond` says what becomes of one that is over the largest sum, or
/// under the same below zero.
fn decimal(value: Plain<'_>, beyond: impl FnOnce(bool) -> Result<Amount, Wrong>) -> Result<Amount, Wrong> {
    let text = match value {
        Plain::Number(number) => Cow::Borrowed(number),
        Plain::Text(text) => Cow::Owned(decimal_of(&text)?),
        Plain::Null | Plain::Boolean(_) | Plain::Other => return Err(Wrong::NoDecimal),
    };
    match Amount::parse(&text) {
        Ok(amount) => Ok(amount),
        Err(AmountError::NotANumber) => Err(Wrong::UnparsableDecimal),
        Err(AmountError::TooPrecise) => Err(Wrong::TooManyDecimals),
        Err(AmountError::TooLarge) => beyond(text.starts_with('-')),
    }
}

/// `5`, `+5`, ` 5 `, `1_000`, `5.`, `.5`: what Python takes for a decimal number in a text, as JSON writes it.
fn decimal_of(text: &str) -> Result<String, Wrong> {
    let text = text.trim().replace('_', "");
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    if ["nan", "snan", "inf", "infinity"].contains(&rest.to_ascii_lowercase().as_str()) {
        return Err(Wrong::NotFinite);
    }
    match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|first: char| first.is_ascii_digit()) => {
            Ok(format!("{sign}0.{fraction}"))
        }
        _ => Ok(format!("{sign}{rest}")),
    }
}
