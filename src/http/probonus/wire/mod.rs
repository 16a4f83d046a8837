//! ProBonus's shapes as they are on the wire, a file a tag: requests are read into the rules' orders, records are
//! shown as they lie, without copies.

pub(super) mod account_groups;
pub(super) mod accounts;
pub(super) mod auth;
pub(super) mod checks;
pub(super) mod discounts;
pub(super) mod identifier_types;
pub(super) mod operations;
pub(super) mod profile;
pub(super) mod reports;
pub(super) mod transactions;
pub(super) mod users;

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use serde::{Serialize, Serializer};

use super::fields::{Place, kinds};
use crate::loyalty::probonus::calendar::UtcOffset;
use crate::loyalty::time::Time;

/// A list of records, each shown as it goes out.
pub(super) struct List<'a, T, W>(pub(super) &'a [T], pub(super) fn(&'a T) -> W);

impl<T, W: Serialize> Serialize for List<'_, T, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

/// A moment on the server's clocks: ISO 8601 as Python prints it, with microseconds only if there are any.
#[derive(Clone, Copy)]
struct Moment {
    at: Time,
    offset: UtcOffset,
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = FixedOffset::east_opt(self.offset.minutes() * 60).expect("it is 14 hours at most");
        let utc =
            DateTime::from_timestamp_millis(self.at.millis()).expect("a Time is in years of four digits");
        let local = utc.with_timezone(&offset).naive_local();
        // The end of time in UTC is in the year 10000 further east.
        let end = DateTime::from_timestamp_millis(Time::MAX.millis()).as_ref().map(DateTime::naive_utc);
        let local: NaiveDateTime = end.map_or(local, |end| local.min(end));
        let millis = local.and_utc().timestamp_subsec_millis();
        write!(out, "{}", local.format("%Y-%m-%dT%H:%M:%S"))?;
        if millis != 0 {
            write!(out, ".{millis:03}000")?;
        }
        write!(out, "{}", self.offset)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// When points burn: `{"days": 90}`.
#[derive(Serialize)]
struct Burning {
    days: u32,
}

impl Burning {
    fn after(days: Option<u32>) -> Option<Burning> {
        days.map(|days| Burning { days })
    }
}

/// Reads the same.
fn burning(place: Place<'_, '_>) -> Option<u32> {
    place.object(|fields| fields.required("days", kinds::lifetime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_on_the_servers_clocks() {
        for (at, offset, printed) in [
            ("2026-01-01T00:00:00Z", "+03:00", "2026-01-01T03:00:00+03:00"),
            ("2026-01-01T00:00:00.5Z", "-05:30", "2025-12-31T18:30:00.500000-05:30"),
            ("1970-01-01T00:00:00Z", "+00:00", "1970-01-01T00:00:00+00:00"),
            ("9999-12-31T23:59:59.999Z", "+14:00", "9999-12-31T23:59:59.999000+14:00"),
        ] {
            let moment = Moment { at: Time::parse(at).unwrap(), offset: UtcOffset::parse(offset).unwrap() };
            assert_eq!(moment.to_string(), printed);
        }
    }
}
