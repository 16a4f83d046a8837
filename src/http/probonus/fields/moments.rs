//! Days and times, read by pydantic's own parser.

use chrono::NaiveDate;
use speedate::{
    Date, DateTime, DateTimeConfig, MicrosecondsPrecisionOverflowBehavior, ParseError, TimeConfig,
};
use strum::EnumMessage;

use super::kinds::Plain;
use super::problem::Wrong;
use super::{Fields, Place};
use crate::loyalty::probonus::calendar::{Edge, Period, UtcOffset};
use crate::loyalty::time::Time;

/// An end of a period, as it was given.
#[derive(Clone, Copy)]
pub(in crate::http::probonus) enum GivenEdge {
    Day(NaiveDate),
    /// Milliseconds since 1970.
    Moment(i64),
    /// A time without an offset: the server's, in milliseconds since the server's 1970.
    Local(i64),
}

/// `dateFrom`, `dateTo`, as they were given.
#[derive(Clone, Copy)]
pub(in crate::http::probonus) struct GivenPeriod {
    from: Option<GivenEdge>,
    to: Option<GivenEdge>,
}

impl GivenPeriod {
    pub(in crate::http::probonus) fn read(fields: &Fields<'_, '_>) -> Option<GivenPeriod> {
        let (from, to) = (fields.optional("dateFrom", edge), fields.optional("dateTo", edge));
        Some(GivenPeriod { from: from?, to: to? })
    }

    /// The period of a server whose clocks are this far ahead of UTC.
    pub(in crate::http::probonus) fn at(self, offset: UtcOffset) -> Period {
        let edge = |edge: GivenEdge| match edge {
            GivenEdge::Day(day) => Edge::Day(day),
            GivenEdge::Moment(millis) => moment(millis),
            GivenEdge::Local(millis) => moment(millis - i64::from(offset.minutes()) * 60_000),
        };
        Period { from: self.from.map(edge), to: self.to.map(edge) }
    }
}

/// A moment; one before 1970 is on its last day before, and one after the year 9999 is the end of time.
fn moment(millis: i64) -> Edge {
    match Time::from_millis(millis) {
        Some(at) => Edge::Moment(at),
        None if millis < 0 => Edge::Day(NaiveDate::from_epoch_days(-2).expect("it is a day")),
        None => Edge::Moment(Time::MAX),
    }
}

/// A day. A time is one if it is at midnight, a number if it is seconds since 1970 at midnight.
pub(in crate::http::probonus) fn date(place: Place<'_, '_>) -> Option<NaiveDate> {
    place.read(|value| {
        let text = text_of(&value).ok_or(Wrong::NoDate)?;
        let date = if let Ok(date) = Date::parse_str(text) {
            date
        } else {
            let time = DateTime::parse_str_with_config(text, &config());
            let time = time.map_err(|error| Wrong::NeitherDateNorTime(words(&error)))?;
            if time.time.total_seconds() != 0 || time.time.microsecond != 0 {
                return Err(Wrong::DateWithTime);
            }
            time.date
        };
        day(date).ok_or(Wrong::BadDate(YEAR_0.into()))
    })
}

/// A day or a time; a number is seconds, or milliseconds, since 1970.
fn edge(place: Place<'_, '_>) -> Option<GivenEdge> {
    place.read(|value| {
        let text = text_of(&value).ok_or(Wrong::NoTime)?;
        match DateTime::parse_str_with_config(text, &config()) {
            Ok(time) if time.date.year == 0 => Err(Wrong::BadTime(YEAR_0.into())),
            Ok(time) => Ok(match time.time.tz_offset {
                Some(_) => GivenEdge::Moment(time.timestamp_tz_ms()),
                None => GivenEdge::Local(time.timestamp_ms()),
            }),
            Err(error) if matches!(value, Plain::Number(_)) => Err(Wrong::BadTime(words(&error))),
            Err(_) => match Date::parse_str(text) {
                Ok(date) => day(date).map(GivenEdge::Day).ok_or(Wrong::BadTime(YEAR_0.into())),
                Err(error) => Err(Wrong::NeitherTimeNorDate(words(&error))),
            },
        }
    })
}

const YEAR_0: &str = "year 0 is out of range";

/// Finer fractions than microseconds are dropped; a number counts from UTC's 1970.
fn config() -> DateTimeConfig {
    let time = TimeConfig::builder()
        .microseconds_precision_overflow_behavior(MicrosecondsPrecisionOverflowBehavior::Truncate)
        .unix_timestamp_offset(Some(0));
    DateTimeConfig::builder().time_config(time.build()).build()
}

fn text_of<'v>(value: &'v Plain<'_>) -> Option<&'v str> {
    match value {
        Plain::Number(number) => Some(number),
        Plain::Text(text) => Some(text),
        Plain::Null | Plain::Boolean(_) | Plain::Other => None,
    }
}

/// There is no year 0 in Python.
fn day(date: Date) -> Option<NaiveDate> {
    let date = Some(date).filter(|date| date.year > 0)?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

fn words(error: &ParseError) -> std::borrow::Cow<'static, str> {
    error.get_documentation().unwrap_or("it cannot be read").into()
}
