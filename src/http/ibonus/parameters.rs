//! Reads the query of an i-bonus.me request: unknown parameters are not looked at, and of one that stands twice
//! the first counts \[I\].
//!
//! `%` is LIKE's only after the URL is decoded: it is sent as `%25`. An unencoded `%79` is the letter y, as in the
//! original \[I\]; a `%` that no two hex digits follow is itself.

use actix_web::HttpRequest;
use actix_web::web::Query;

use super::error::Failure;
use super::fields::{Notes, Wrong};
use crate::loyalty::ibonus::page::Page;
use crate::loyalty::time::Time;

/// The parameters of a query.
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
    notes: Notes,
}

/// Reads a query.
pub(super) fn query<T>(
    request: &HttpRequest,
    read: impl FnOnce(&Parameters) -> Option<T>,
) -> Result<T, Failure> {
    let parameters = Parameters::of(request);
    let value = read(&parameters);
    parameters.notes.done(value)
}

impl Parameters {
    pub(super) fn of(request: &HttpRequest) -> Parameters {
        // Names and values are texts, and whatever is sent is one.
        let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string());
        Parameters { pairs: pairs.map(Query::into_inner).unwrap_or_default(), notes: Notes::default() }
    }

    /// A parameter as it was sent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same, to be kept.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// A parameter that must be there.
    pub(super) fn required(&self, name: &str) -> Option<String> {
        self.text(name).or_else(|| self.missing(name))
    }

    /// Notes that a parameter must be there.
    pub(super) fn missing<T>(&self, name: &str) -> Option<T> {
        self.notes.missing(name)
    }

    /// A parameter that may be left out.
    #[allow(clippy::option_option)] // the outer one is "could be read", as in all these methods
    pub(super) fn optional<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<Option<T>> {
        match self.get(name) {
            Some(value) => self.notes.take(name, read(value)).map(Some),
            None => Some(None),
        }
    }

    /// `offset` and `limit`.
    pub(super) fn page(&self) -> Option<Page> {
        let (offset, limit) = (self.optional("offset", number), self.optional("limit", number));
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Some(Page { offset: offset?.map_or(0, count), limit: limit?.map(count) })
    }
}

/// A whole number; one that is too large to count with is as large as can be.
pub(super) fn number(value: &str) -> Result<u64, Wrong> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Wrong::Unreadable("must be a whole number that is not negative".into()));
    }
    Ok(value.parse().unwrap_or(u64::MAX))
}

/// A moment in milliseconds; one after the end of time is the end of time.
pub(super) fn moment(value: &str) -> Result<Time, Wrong> {
    let millis = i64::try_from(number(value)?).ok();
    Ok(millis.and_then(Time::from_millis).unwrap_or(Time::MAX))
}
