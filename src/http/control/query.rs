//! The query of a control call: unknown and unreadable parameters are errors, all of them in one answer.

use actix_web::HttpRequest;
use actix_web::web::Query;

use crate::http::problem::{InputError, Problem};
use crate::sandbox::fixture::read::did_you_mean;

/// How many items a list answers when the caller does not say.
pub(super) const LIMIT_DEFAULT: usize = 100;

/// How many items a list answers at most.
pub(super) const LIMIT_MAX: usize = 1_000;

/// The parameters of a query.
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
    wrong: Vec<InputError>,
}

impl Parameters {
    /// Reads a query that may have these parameters, each once.
    pub(super) fn of(request: &HttpRequest, known: &[&str]) -> Parameters {
        let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string());
        let mut parameters = Parameters { pairs: Vec::new(), wrong: Vec::new() };
        match pairs {
            Ok(pairs) => parameters.pairs = pairs.into_inner(),
            Err(error) => parameters.note("", format!("the query cannot be read: {error}")),
        }
        for place in 0..parameters.pairs.len() {
            let name = parameters.pairs[place].0.clone();
            if !known.contains(&name.as_str()) {
                let hint = did_you_mean(&name, known);
                parameters.note(&name, format!("unknown parameter \"{name}\": {hint}"));
            } else if parameters.pairs[..place].iter().any(|(earlier, _)| *earlier == name) {
                parameters.note(&name, format!("\"{name}\" stands twice"));
            }
        }
        parameters
    }

    /// A parameter as it was sent.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// How many items to skip.
    pub(super) fn offset(&mut self) -> usize {
        self.number("offset", "a whole number from 0").unwrap_or(0)
    }

    /// How many items to answer at most.
    pub(super) fn limit(&mut self) -> usize {
        let expected = format!("a whole number from 0 to {LIMIT_MAX}");
        match self.number("limit", &expected) {
            Some(limit) if limit > LIMIT_MAX => {
                self.note("limit", format!("expected {expected}"));
                LIMIT_MAX
            }
            limit => limit.unwrap_or(LIMIT_DEFAULT),
        }
    }

    /// Notes something wrong with a parameter.
    pub(super) fn note(&mut self, name: &str, detail: String) {
        self.wrong.push(InputError { pointer: name.to_owned(), detail });
    }

    /// Nothing, or all that was wrong.
    pub(super) fn done(self) -> Result<(), Problem> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Problem::bad_input(self.wrong)) }
    }

    /// A whole number; one that is too large to count with is as large as can be.
    fn number(&mut self, name: &str, expected: &str) -> Option<usize> {
        let text = self.text(name)?;
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.note(name, format!("expected {expected}"));
            return None;
        }
        Some(text.parse().unwrap_or(usize::MAX))
    }
}

/// A page of a list that is short enough to be made whole.
pub(super) fn page<T>(request: &HttpRequest, all: Vec<T>) -> Result<(Vec<T>, usize), Problem> {
    let mut parameters = Parameters::of(request, &["offset", "limit"]);
    let (offset, limit) = (parameters.offset(), parameters.limit());
    parameters.done()?;
    let total = all.len();
    Ok((all.into_iter().skip(offset).take(limit).collect(), total))
}
