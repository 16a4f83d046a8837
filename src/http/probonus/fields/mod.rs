//! Reads the query or the body of a ProBonus request as FastAPI and pydantic do: all that is wrong with it is told
//! in one answer, field by field. Unknown fields are not looked at. What a single value may be stands in [`kinds`].

pub(super) mod kinds;
pub(super) mod moments;
pub(super) mod problem;

use std::cell::RefCell;

use actix_web::web::Query;
use serde_json::value::RawValue;

use super::error::Failure;
use crate::http::fields::Members;
use crate::loyalty::probonus::change::Change;
use kinds::{Given, Plain};
use problem::{Problem, Step, Wrong};

/// All that is wrong with a request.
#[derive(Default)]
struct Notes(RefCell<Vec<Problem>>);

impl Notes {
    /// What was read, if nothing was wrong.
    fn done<T>(self, read: Option<T>) -> Result<T, Failure> {
        match (read, self.0.into_inner()) {
            (Some(value), problems) if problems.is_empty() => Ok(value),
            (_, problems) => Err(Failure::Invalid(problems)),
        }
    }
}

/// The way to a value: a step, and the way before it.
#[derive(Clone, Copy)]
struct Way<'p> {
    before: Option<&'p Way<'p>>,
    step: Step,
}

impl Way<'_> {
    fn start(step: &'static str) -> Way<'static> {
        Way { before: None, step: Step::Name(step) }
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = self.before.map(Way::steps).unwrap_or_default();
        steps.push(self.step);
        steps
    }
}

/// A value in its place.
#[derive(Clone, Copy)]
pub(super) struct Place<'b, 'p> {
    given: Given<'b>,
    way: Way<'p>,
    notes: &'p Notes,
}

/// Fields: those of a query, of a body, or of an object in it.
pub(super) struct Fields<'b, 'p> {
    source: Source<'b>,
    way: Way<'p>,
    notes: &'p Notes,
}

enum Source<'b> {
    Query(&'b [(String, String)]),
    Object {
        members: Members<'b>,
        /// As it was sent.
        text: &'b str,
    },
    /// There is no body.
    Nothing,
}

/// Reads a query: of a parameter that stands twice the last counts.
pub(super) fn query<T>(query: &str, read: impl FnOnce(&Fields<'_, '_>) -> Option<T>) -> Result<T, Failure> {
    // Names and values are texts, and whatever is sent is one.
    let pairs = Query::<Vec<(String, String)>>::from_query(query).map(Query::into_inner);
    let (pairs, notes) = (pairs.unwrap_or_default(), Notes::default());
    let value = read(&Fields { source: Source::Query(&pairs), way: Way::start("query"), notes: &notes });
    notes.done(value)
}

/// Reads a body, which must be a JSON object. Without one, or with null, all fields are left out: where one of them
/// must be there, the body is what is missing. The Content-Type is not looked at \[I\].
pub(super) fn body<T>(body: &[u8], read: impl FnOnce(&Fields<'_, '_>) -> Option<T>) -> Result<T, Failure> {
    let text = std::str::from_utf8(body).map_err(|_| Failure::Unparsable)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (notes, way) = (Notes::default(), Way::start("body"));
    if text.is_empty() || text.trim_ascii() == "null" {
        let value = read(&Fields { source: Source::Nothing, way, notes: &notes });
        let wrong = if text.is_empty() { Wrong::Missing } else { Wrong::NoObject };
        return notes
            .done(value)
            .map_err(|_| Failure::invalid(&wrong, way.steps(), RawValue::NULL.to_owned()));
    }
    let members: Members<'_> = match serde_json::from_str(text) {
        Ok(members) => members,
        // JSON of another kind, as long as it is JSON.
        Err(error) if error.is_data() => {
            let raw: &RawValue = serde_json::from_str(text).map_err(|error| no_json(text, &error))?;
            return Err(Failure::invalid(&Wrong::NoObject, way.steps(), raw.to_owned()));
        }
        Err(error) => return Err(no_json(text, &error)),
    };
    let value = read(&Fields { source: Source::Object { members, text }, way, notes: &notes });
    notes.done(value)
}

/// The position is counted in characters, as Python does; the words are those of another parser than Python's.
fn no_json(text: &str, error: &serde_json::Error) -> Failure {
    let position = if error.is_eof() {
        text.chars().count()
    } else {
        let before: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let bytes = before + error.column().saturating_sub(1);
        text.char_indices().take_while(|(place, _)| *place < bytes).count()
    };
    let steps = vec![Step::Name("body"), Step::Index(position)];
    let nothing = RawValue::from_string("{}".to_owned()).expect("it is JSON");
    Failure::invalid(&Wrong::NoJson(error.to_string()), steps, nothing)
}

impl<'b> Fields<'b, '_> {
    /// A field that must be there.
    pub(super) fn required<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(Place<'b, '_>) -> Option<T>,
    ) -> Option<T> {
        match self.get(name) {
            Some(given) => self.at(name, given, read),
            None => self.missing(name),
        }
    }

    /// A field that may be left out; null is as good \[I\].
    #[allow(clippy::option_option)] // the outer one is "could be read", as in all these methods
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(Place<'b, '_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.get(name).filter(|given| !given.is_null()) {
            Some(given) => self.at(name, given, read).map(Some),
            None => Some(None),
        }
    }

    /// A field of an update: left out, it stays as it is.
    pub(super) fn change<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(Place<'b, '_>) -> Option<T>,
    ) -> Option<Change<T>> {
        match self.get(name) {
            Some(given) => self.at(name, given, read).map(Change::Is),
            None => Some(Change::Stays),
        }
    }

    /// A field of several names, one of which must be there; the first that is counts.
    pub(super) fn first_of<T>(
        &self,
        names: &[&'static str],
        read: impl Fn(Place<'b, '_>) -> Option<T>,
    ) -> Option<T> {
        let found: Vec<Option<Option<T>>> = names.iter().map(|name| self.optional(name, &read)).collect();
        let found: Option<Vec<Option<T>>> = found.into_iter().collect();
        found?.into_iter().flatten().next().or_else(|| self.missing(names[0]))
    }

    /// Whether a field is there, and not null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|given| !given.is_null())
    }

    /// Notes that a field must be there.
    pub(super) fn missing<T>(&self, name: &'static str) -> Option<T> {
        let input = match &self.source {
            Source::Object { text, .. } => {
                RawValue::from_string(text.trim_ascii().to_owned()).expect("it was read")
            }
            Source::Query(_) | Source::Nothing => RawValue::NULL.to_owned(),
        };
        let way = Way { before: Some(&self.way), step: Step::Name(name) };
        self.notes.0.borrow_mut().push(Problem::new(&Wrong::Missing, way.steps(), input));
        None
    }

    fn at<T>(
        &self,
        name: &'static str,
        given: Given<'b>,
        read: impl FnOnce(Place<'b, '_>) -> Option<T>,
    ) -> Option<T> {
        let way = Way { before: Some(&self.way), step: Step::Name(name) };
        read(Place { given, way, notes: self.notes })
    }

    fn get(&self, name: &str) -> Option<Given<'b>> {
        match &self.source {
            Source::Query(pairs) => {
                let pair = pairs.iter().rev().find(|(key, _)| key == name);
                pair.map(|(_, value)| Given::Query(value))
            }
            Source::Object { members, .. } => members.get(name).map(Given::Json),
            Source::Nothing => None,
        }
    }
}

impl<'b> Place<'b, '_> {
    /// Reads the value, or notes what is wrong with it.
    fn read<T>(&self, read: impl FnOnce(Plain<'b>) -> Result<T, Wrong>) -> Option<T> {
        match read(self.given.plain()) {
            Ok(value) => Some(value),
            Err(wrong) => self.wrong(&wrong),
        }
    }

    fn wrong<T>(&self, wrong: &Wrong) -> Option<T> {
        self.notes.0.borrow_mut().push(Problem::new(wrong, self.way.steps(), self.given.echoed()));
        None
    }

    /// Reads an object.
    pub(super) fn object<T>(self, read: impl FnOnce(&Fields<'b, '_>) -> Option<T>) -> Option<T> {
        let text = self.given.json().map_or("", RawValue::get);
        match serde_json::from_str(text) {
            Ok(members) => {
                read(&Fields { source: Source::Object { members, text }, way: self.way, notes: self.notes })
            }
            Err(_) => self.wrong(&Wrong::NoObject),
        }
    }

    /// Reads a list of at most so many elements.
    pub(super) fn list<T>(self, max: usize, read: impl Fn(Place<'b, '_>) -> Option<T>) -> Option<Vec<T>> {
        let elements = self.elements()?;
        match elements.len() {
            actual if actual > max => self.wrong(&Wrong::TooLong { max, actual }),
            _ => self.each(&elements, read),
        }
    }

    /// Reads the first elements of a list, and does not look at the others.
    pub(super) fn first<T>(self, count: usize, read: impl Fn(Place<'b, '_>) -> Option<T>) -> Option<Vec<T>> {
        let elements = self.elements()?;
        self.each(&elements[..count.min(elements.len())], read)
    }

    fn elements(&self) -> Option<Vec<&'b RawValue>> {
        let text = self.given.json().map_or("", RawValue::get);
        serde_json::from_str(text).ok().or_else(|| self.wrong(&Wrong::NoList))
    }

    /// Reads every element, also behind one that cannot be read.
    fn each<T>(
        &self,
        elements: &[&'b RawValue],
        read: impl Fn(Place<'b, '_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let values = elements.iter().enumerate().map(|(index, raw)| {
            let way = Way { before: Some(&self.way), step: Step::Index(index) };
            read(Place { given: Given::Json(raw), way, notes: self.notes })
        });
        let values: Vec<Option<T>> = values.collect();
        values.into_iter().collect()
    }

    /// Reads null as nothing, and anything else as it is.
    #[allow(clippy::option_option)] // the outer one is "could be read"
    pub(super) fn nullable<T>(self, read: impl FnOnce(Self) -> Option<T>) -> Option<Option<T>> {
        if self.given.is_null() { Some(None) } else { read(self).map(Some) }
    }
}
