//! The server's days: when one begins, on which one a moment lies, and periods of them.

use std::fmt;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loyalty::time::Time;

const HOUR_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// How far the server's clocks are ahead of UTC, in whole minutes. Reads and prints `+03:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UtcOffset(i32);

impl UtcOffset {
    /// The furthest that any clock is from UTC, in minutes.
    const MAX: i32 = 14 * 60;

    /// So many minutes ahead of UTC, at most 14 hours either way.
    pub fn from_minutes(minutes: i32) -> Option<UtcOffset> {
        (-UtcOffset::MAX..=UtcOffset::MAX).contains(&minutes).then_some(UtcOffset(minutes))
    }

    /// Minutes ahead of UTC.
    pub const fn minutes(self) -> i32 {
        self.0
    }

    /// Reads `+03:00`, `-09:30`.
    pub fn parse(text: &str) -> Option<UtcOffset> {
        let (sign, rest) = match text.as_bytes().first()? {
            b'+' => (1, &text[1..]),
            b'-' => (-1, &text[1..]),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let two = |text: &str| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse::<i32>().ok() } else { None }
        };
        let minutes = two(minutes).filter(|minutes| *minutes < 60)?;
        UtcOffset::from_minutes(sign * (two(hours)? * 60 + minutes))
    }
}

/// Moscow's.
impl Default for UtcOffset {
    fn default() -> UtcOffset {
        UtcOffset(3 * 60)
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.unsigned_abs();
        write!(out, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl TryFrom<String> for UtcOffset {
    type Error = &'static str;
    fn try_from(text: String) -> Result<UtcOffset, &'static str> {
        UtcOffset::parse(&text).ok_or("expected an offset such as \"+03:00\", at most 14 hours")
    }
}

impl From<UtcOffset> for String {
    fn from(offset: UtcOffset) -> String {
        offset.to_string()
    }
}

impl JsonSchema for UtcOffset {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UtcOffset".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[+-][0-9]{2}:[0-9]{2}$", "examples": ["+03:00"] })
    }
}

/// An hour of the day, 0 to 23.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Hour(u8);

impl TryFrom<u8> for Hour {
    type Error = &'static str;
    fn try_from(hour: u8) -> Result<Hour, &'static str> {
        if hour < 24 { Ok(Hour(hour)) } else { Err("expected an hour from 0 to 23") }
    }
}

impl From<Hour> for u8 {
    fn from(hour: Hour) -> u8 {
        hour.0
    }
}

/// When the server's days begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What is added to a moment, so that the day it lies on begins at a whole number of days.
    shift_millis: i64,
}

impl Calendar {
    /// Days that begin at this hour of clocks that are this far ahead of UTC.
    pub fn new(day_change_hour: Hour, offset: UtcOffset) -> Calendar {
        Calendar {
            shift_millis: i64::from(offset.minutes()) * 60_000 - i64::from(day_change_hour.0) * HOUR_MILLIS,
        }
    }

    /// The day that a moment lies on: before the day change it is still the day before.
    pub fn day_of(self, at: Time) -> NaiveDate {
        i32::try_from(self.number_of(at))
            .ok()
            .and_then(NaiveDate::from_epoch_days)
            .expect("a Time lies within the years 1970 to 9999")
    }

    /// When a day begins; none if that is after the year 9999. What begins before 1970 begins with it.
    pub fn start_of(self, day: NaiveDate) -> Option<Time> {
        self.start(i64::from(day.to_epoch_days()))
    }

    /// The day change so many days after the day of `from`; none if that is after the year 9999.
    pub fn change_after(self, from: Time, days: u32) -> Option<Time> {
        self.start(self.number_of(from) + i64::from(days))
    }

    /// How many days there are from the day of `now` to `day`; none before it.
    pub fn days_until(self, day: NaiveDate, now: Time) -> u64 {
        u64::try_from(i64::from(day.to_epoch_days()) - self.number_of(now)).unwrap_or(0)
    }

    /// The moments of a period, whose days and moments are both inclusive.
    pub fn window(self, period: Period) -> Window {
        let from = match period.from {
            None => Some(Time::MIN),
            Some(Edge::Day(day)) => self.start_of(day),
            Some(Edge::Moment(at)) => Some(at),
        };
        let before = match period.to {
            None => None,
            Some(Edge::Day(day)) => self.start(i64::from(day.to_epoch_days()) + 1),
            Some(Edge::Moment(at)) => Time::from_millis(at.millis() + 1),
        };
        Window { from, before }
    }

    fn number_of(self, at: Time) -> i64 {
        (at.millis() + self.shift_millis).div_euclid(DAY_MILLIS)
    }

    fn start(self, day: i64) -> Option<Time> {
        Time::from_millis((day * DAY_MILLIS - self.shift_millis).max(Time::MIN.millis()))
    }
}

/// An end of a period: a day of the server, or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The whole day.
    Day(NaiveDate),
    /// The moment.
    Moment(Time),
}

/// `dateFrom`, `dateTo`, both inclusive; left out: from the beginning, to the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Where it begins.
    pub from: Option<Edge>,
    /// Where it ends.
    pub to: Option<Edge>,
}

/// The moments of a [`Period`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Not before this; none is never.
    from: Option<Time>,
    /// Before this; none is for ever.
    before: Option<Time>,
}

impl Window {
    /// Whether a moment is not before the period.
    pub fn has_begun(self, at: Time) -> bool {
        self.from.is_some_and(|from| at >= from)
    }

    /// Whether a moment is not after the period.
    pub fn is_not_over(self, at: Time) -> bool {
        self.before.is_none_or(|before| at < before)
    }

    /// Whether a moment lies in the period.
    pub fn contains(self, at: Time) -> bool {
        self.has_begun(at) && self.is_not_over(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn offsets_are_read_and_printed() {
        for (text, minutes) in [("+03:00", 180), ("-09:30", -570), ("+00:00", 0), ("+14:00", 840)] {
            let offset = UtcOffset::parse(text).unwrap();
            assert_eq!((offset.minutes(), offset.to_string().as_str()), (minutes, text));
        }
        for text in ["", "3", "03:00", "+3:00", "+03:60", "+14:01", "+03", "Z", "+-3:00", "м03:00"] {
            assert_eq!(UtcOffset::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_its_hour_of_the_servers_clock() {
        for (hour, offset, at, day_of, next) in [
            (0, "+03:00", "2026-01-01T20:59:59Z", "2026-01-01", "2026-01-01T21:00:00Z"),
            (0, "+03:00", "2026-01-01T21:00:00Z", "2026-01-02", "2026-01-02T21:00:00Z"),
            (6, "+03:00", "2026-01-02T02:59:59Z", "2026-01-01", "2026-01-02T03:00:00Z"),
            (6, "+03:00", "2026-01-02T03:00:00Z", "2026-01-02", "2026-01-03T03:00:00Z"),
            (0, "-05:00", "2026-01-01T04:59:59Z", "2025-12-31", "2026-01-01T05:00:00Z"),
        ] {
            let offset = UtcOffset::parse(offset).unwrap();
            let calendar = Calendar::new(Hour::try_from(hour).unwrap(), offset);
            assert_eq!(calendar.day_of(time(at)), day(day_of), "{at}");
            assert_eq!(calendar.change_after(time(at), 1), Some(time(next)), "{at}");
            assert_eq!(calendar.start_of(calendar.day_of(time(next))), Some(time(next)));
        }
        let calendar = Calendar::new(Hour::default(), UtcOffset::default());
        assert_eq!(calendar.start_of(calendar.day_of(Time::MIN)), Some(Time::MIN));
        assert_eq!(calendar.change_after(Time::MAX, 1), None);
        assert_eq!(calendar.change_after(Time::MIN, u32::MAX), None);
    }

    #[test]
    fn both_ends_of_a_period_belong_to_it() {
        let calendar = Calendar::new(Hour::default(), UtcOffset::default());
        let first = Some(Edge::Day(day("2026-01-02")));
        let days = calendar.window(Period { from: first, to: first });
        for (at, inside) in [
            ("2026-01-01T20:59:59.999Z", false),
            ("2026-01-01T21:00:00Z", true),
            ("2026-01-02T20:59:59.999Z", true),
            ("2026-01-02T21:00:00Z", false),
        ] {
            assert_eq!(days.contains(time(at)), inside, "{at}");
        }
        let moment = Some(Edge::Moment(time("2026-01-01T00:00:00Z")));
        let moments = calendar.window(Period { from: moment, to: moment });
        assert!(moments.contains(time("2026-01-01T00:00:00Z")));
        assert!(!moments.contains(time("2026-01-01T00:00:00.001Z")));
        assert!(calendar.window(Period::default()).contains(Time::MAX));
    }
}
