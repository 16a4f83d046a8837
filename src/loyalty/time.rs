//! Moments and spans of time as the rules see them: numbers that are handed in, never read off a clock.

use std::fmt;
use std::ops::Add;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, in milliseconds since the UNIX epoch, UTC.
///
/// Reads and prints RFC 3339 (`2026-01-01T00:00:00.000Z`) between the years 1970 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// Why a text is not a [`Time`] or a [`Period`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339.
    #[error("not a time: write RFC 3339, for example 2026-01-31T12:00:00Z")]
    NotATime,
    /// Before 1970 or after 9999.
    #[error("a time outside the years 1970 to 9999")]
    OutOfRange,
    /// Neither ISO 8601 nor the short form.
    #[error("not a duration: write PT11M or P30D, or 11m or 30d")]
    NotADuration,
    /// Months and years differ in length.
    #[error("months and years differ in length: say how many days, for example P30D")]
    NoFixedLength,
    /// A duration under zero.
    #[error("a duration cannot be negative")]
    Negative,
}

impl Time {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Time = Time(0);
    /// The last millisecond of the year 9999.
    pub const MAX: Time = Time(253_402_300_799_999);

    /// So many milliseconds after the epoch, if that lies within the years 1970 to 9999.
    pub fn from_millis(millis: i64) -> Option<Time> {
        (Time::MIN.0..=Time::MAX.0).contains(&millis).then_some(Time(millis))
    }

    /// So many seconds after the epoch, if that lies within the years 1970 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Time> {
        seconds.checked_mul(1000).and_then(Time::from_millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch: the second this moment lies in.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Reads RFC 3339 with any offset; what is finer than a millisecond is dropped.
    pub fn parse(text: &str) -> Result<Time, TimeError> {
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| TimeError::NotATime)?;
        Time::from_millis(time.timestamp_millis()).ok_or(TimeError::OutOfRange)
    }

    /// The moment `period` later, if that lies before the year 10000.
    pub fn checked_add(self, period: Period) -> Option<Time> {
        self.0.checked_add(period.0).and_then(Time::from_millis)
    }

    /// The time from `earlier` until this moment; nothing if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Time) -> Period {
        Period((self.0 - earlier.0).max(0))
    }
}

/// The end of time stops a sum: what would end after the year 9999 ends in its last millisecond.
impl Add<Period> for Time {
    type Output = Time;
    fn add(self, period: Period) -> Time {
        self.checked_add(period).unwrap_or(Time::MAX)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time: DateTime<Utc> =
            DateTime::from_timestamp_millis(self.0).expect("a Time lies within the years 1970 to 9999");
        out.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// A span of time of a fixed length, in milliseconds, never negative.
///
/// Reads ISO 8601 (`PT11M`, `P30D`) and the short form (`11m`, `30d`, `1h30m`); prints ISO 8601.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(i64);

impl Period {
    /// No time at all.
    pub const ZERO: Period = Period(0);
    const DAY: i64 = 86_400_000;

    /// So many minutes.
    pub const fn minutes(minutes: u32) -> Period {
        Period(minutes as i64 * 60_000)
    }

    /// So many days.
    pub const fn days(days: u32) -> Period {
        Period(days as i64 * Period::DAY)
    }

    /// So many milliseconds.
    pub const fn from_millis(millis: u64) -> Period {
        Period(if millis > i64::MAX as u64 { i64::MAX } else { millis.cast_signed() })
    }

    /// The span in milliseconds.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads `PT11M`, `P30D`, `11m`, `30d`. What is finer than a millisecond is dropped.
    pub fn parse(text: &str) -> Result<Period, TimeError> {
        let span: jiff::Span = text.trim().parse().map_err(|_| TimeError::NotADuration)?;
        let millis = span
            .total((jiff::Unit::Millisecond, jiff::SpanRelativeTo::days_are_24_hours()))
            .map_err(|_| TimeError::NoFixedLength)?;
        if millis < 0.0 {
            return Err(TimeError::Negative);
        }
        // A span that can be written at all (under 20,000 years) is far below 2^53 milliseconds.
        #[allow(clippy::cast_possible_truncation)]
        Ok(Period(millis as i64))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 != 0 && self.0 % Period::DAY == 0 {
            write!(out, "P{}D", self.0 / Period::DAY)
        } else {
            write!(out, "{}", jiff::SignedDuration::from_millis(self.0))
        }
    }
}

/// Reads and prints as text, with a `parse` as the only door.
macro_rules! serde_as_text {
    ($type:ident, $expecting:literal, $schema:tt) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $type;
                    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                        out.write_str($expecting)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        <$type>::parse(text).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
    };
}
serde_as_text!(Time, "a time such as \"2026-01-31T12:00:00Z\"", {
    "description": "A time: RFC 3339, any offset, between the years 1970 and 9999.",
    "type": "string",
    "format": "date-time"
});
serde_as_text!(Period, "a duration such as \"PT11M\" or \"30d\"", {
    "description": "A duration of a fixed length: ISO 8601 (PT11M, P30D), or short (11m, 30d, 1h30m).",
    "type": "string",
    "examples": ["PT11M", "30d"]
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_both_forms() {
        for (text, millis, printed) in [
            ("PT11M", 660_000, "PT11M"),
            ("11m", 660_000, "PT11M"),
            ("P30D", 2_592_000_000, "P30D"),
            ("30d", 2_592_000_000, "P30D"),
            ("1h30m", 5_400_000, "PT1H30M"),
            ("P2W", 1_209_600_000, "P14D"),
            ("PT0.5S", 500, "PT0.5S"),
            ("PT0S", 0, "PT0S"),
            ("250ms", 250, "PT0.25S"),
        ] {
            let period = Period::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((period.millis(), period.to_string().as_str()), (millis, printed), "{text}");
            assert_eq!(Period::parse(&period.to_string()), Ok(period));
        }
    }

    #[test]
    fn spans_without_a_fixed_length_or_below_zero_are_refused() {
        for (text, error) in [
            ("P1M", TimeError::NoFixedLength),
            ("P1Y", TimeError::NoFixedLength),
            ("-PT1M", TimeError::Negative),
            ("soon", TimeError::NotADuration),
            ("", TimeError::NotADuration),
            ("11", TimeError::NotADuration),
        ] {
            assert_eq!(Period::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn times_are_read_with_any_offset_and_printed_in_utc() {
        let time = Time::parse("2026-01-01T03:00:00.5+03:00").unwrap();
        assert_eq!(time.to_string(), "2026-01-01T00:00:00.500Z");
        assert_eq!(Time::parse("2026-01-01"), Err(TimeError::NotATime));
        assert_eq!(Time::parse("1969-12-31T23:59:59Z"), Err(TimeError::OutOfRange));
        assert_eq!(Time::MAX.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Time::MAX + Period::days(1), Time::MAX);
    }
}
