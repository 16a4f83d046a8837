//! Reads the body of an i-bonus.me request: all that is wrong with it is told in one message, by the way to each
//! field. Null is as good as left out \[I\], unknown fields are not looked at.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde_json::value::RawValue;

use super::error::Failure;
use crate::http::fields::{self, Members, is_number, read_body};
use crate::loyalty::amount::{Amount, AmountError};
use crate::loyalty::ibonus::Refusal;
use crate::loyalty::ibonus::orders::line::{Quantity, QuantityError};
use crate::loyalty::time::Time;
use crate::loyalty::whole;

/// What is wrong with one value.
pub(super) enum Wrong {
    /// It cannot be read: the end of a sentence that begins with its name.
    Unreadable(Cow<'static, str>),
    /// It can be read, and is none of those that there are.
    Refused(Refusal),
}

impl Wrong {
    fn must_be<T>(what: &'static str) -> Result<T, Wrong> {
        Err(Wrong::Unreadable(format!("must be {what}").into()))
    }
}

/// All that is wrong with a request: what cannot be read goes before the first refusal.
#[derive(Default)]
pub(super) struct Notes {
    sentences: RefCell<Vec<String>>,
    refused: RefCell<Option<Refusal>>,
}

impl Notes {
    /// The value, or a note on what is wrong with it.
    pub(super) fn take<T>(&self, name: impl fmt::Display, value: Result<T, Wrong>) -> Option<T> {
        match value {
            Ok(value) => return Some(value),
            Err(Wrong::Unreadable(what)) => self.sentences.borrow_mut().push(format!("{name} {what}.")),
            Err(Wrong::Refused(refusal)) => {
                self.refused.borrow_mut().get_or_insert(refusal);
            }
        }
        None
    }

    pub(super) fn missing<T>(&self, name: impl fmt::Display) -> Option<T> {
        self.take(name, Err(Wrong::Unreadable("is missing".into())))
    }

    /// What was read, if nothing was wrong.
    pub(super) fn done<T>(self, read: Option<T>) -> Result<T, Failure> {
        let sentences = self.sentences.into_inner();
        match (read, self.refused.into_inner()) {
            (Some(value), None) if sentences.is_empty() => Ok(value),
            (_, Some(refusal)) if sentences.is_empty() => Err(refusal.into()),
            _ => Err(Failure::BadInput(sentences.join(" "))),
        }
    }
}

/// The way to a value of a body, `order.items[0]`: put together only when something is wrong there.
#[derive(Clone, Copy)]
struct Way<'w> {
    parent: Option<&'w Way<'w>>,
    /// Empty for the body itself.
    name: &'static str,
    /// Of an element of the array of this name.
    place: Option<usize>,
}

impl Way<'static> {
    const BODY: Way<'static> = Way { parent: None, name: "", place: None };
}

impl<'w> Way<'w> {
    fn field(&'w self, name: &'static str) -> Way<'w> {
        Way { parent: Some(self), name, place: None }
    }

    fn element(self, place: usize) -> Way<'w> {
        Way { place: Some(place), ..self }
    }

    fn is_body(&self) -> bool {
        self.name.is_empty() && self.place.is_none()
    }
}

impl fmt::Display for Way<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent.filter(|parent| !parent.is_body()) {
            write!(out, "{parent}.")?;
        }
        out.write_str(self.name)?;
        self.place.map_or(Ok(()), |place| write!(out, "[{place}]"))
    }
}

/// An object of a body.
pub(super) struct Object<'b, 'w> {
    members: Members<'b>,
    way: Way<'w>,
    notes: &'w Notes,
}

/// Reads a body that must be an object.
pub(super) fn object<'b, T>(
    body: &'b [u8],
    read: impl FnOnce(&Object<'b, '_>) -> Option<T>,
) -> Result<T, Failure> {
    let members = read_body(body, "object").map_err(Failure::BadInput)?;
    let notes = Notes::default();
    let value = read(&Object { members, way: Way::BODY, notes: &notes });
    notes.done(value)
}

/// Reads a body that must be an array of objects.
pub(super) fn list<'b, T>(
    body: &'b [u8],
    read: impl Fn(&Object<'b, '_>) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let elements: Vec<&RawValue> = read_body(body, "array").map_err(Failure::BadInput)?;
    let notes = Notes::default();
    let values = objects(Way::BODY, &elements, &notes).and_then(|objects| each(&objects, read));
    notes.done(values)
}

/// Reads every object, also behind one that cannot be read.
pub(super) fn each<'b, 'w, T>(
    objects: &[Object<'b, 'w>],
    read: impl Fn(&Object<'b, 'w>) -> Option<T>,
) -> Option<Vec<T>> {
    let values: Vec<Option<T>> = objects.iter().map(read).collect();
    values.into_iter().collect()
}

impl<'b> Object<'b, '_> {
    /// A field that must be there.
    pub(super) fn required<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&'b RawValue) -> Result<T, Wrong>,
    ) -> Option<T> {
        match self.get(name) {
            Some(raw) => self.notes.take(self.way.field(name), read(raw)),
            None => self.notes.missing(self.way.field(name)),
        }
    }

    /// A field that may be left out.
    #[allow(clippy::option_option)] // the outer one is "could be read"
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&'b RawValue) -> Result<T, Wrong>,
    ) -> Option<Option<T>> {
        match self.get(name) {
            Some(raw) => self.notes.take(self.way.field(name), read(raw)).map(Some),
            None => Some(None),
        }
    }

    /// An object that must be there.
    pub(super) fn object(&self, name: &'static str) -> Option<Object<'b, '_>> {
        let members = self.required(name, members)?;
        Some(Object { members, way: self.way.field(name), notes: self.notes })
    }

    /// An array of objects that must be there.
    pub(super) fn objects(&self, name: &'static str) -> Option<Vec<Object<'b, '_>>> {
        let elements = self.required(name, elements)?;
        objects(self.way.field(name), &elements, self.notes)
    }

    /// An array of objects that may be left out; then it is empty.
    pub(super) fn objects_or_none(&self, name: &'static str) -> Option<Vec<Object<'b, '_>>> {
        let elements = self.optional(name, elements)?.unwrap_or_default();
        objects(self.way.field(name), &elements, self.notes)
    }

    fn get(&self, name: &str) -> Option<&'b RawValue> {
        self.members.get(name).filter(|raw| raw.get() != "null")
    }
}

fn objects<'b, 'w>(way: Way<'w>, elements: &[&'b RawValue], notes: &'w Notes) -> Option<Vec<Object<'b, 'w>>> {
    let objects = elements.iter().enumerate().map(|(place, raw)| {
        let way = way.element(place);
        let members = notes.take(way, members(raw))?;
        Some(Object { members, way, notes })
    });
    let objects: Vec<Option<Object<'b, 'w>>> = objects.collect();
    objects.into_iter().collect()
}

fn members(raw: &RawValue) -> Result<Members<'_>, Wrong> {
    serde_json::from_str(raw.get()).or_else(|_| Wrong::must_be("an object"))
}

fn elements(raw: &RawValue) -> Result<Vec<&RawValue>, Wrong> {
    serde_json::from_str(raw.get()).or_else(|_| Wrong::must_be("an array"))
}

/// A text.
pub(super) fn text(raw: &RawValue) -> Result<Cow<'_, str>, Wrong> {
    fields::text(raw).map_or_else(|| Wrong::must_be("a string"), Ok)
}

/// A text that is kept.
pub(super) fn kept(raw: &RawValue) -> Result<Box<str>, Wrong> {
    text(raw).map(Box::from)
}

/// True or false.
pub(super) fn flag(raw: &RawValue) -> Result<bool, Wrong> {
    raw.get().parse().or_else(|_| Wrong::must_be("true or false"))
}

/// A sum of money, by its digits.
pub(super) fn money(raw: &RawValue) -> Result<Amount, Wrong> {
    if !is_number(raw) {
        return Wrong::must_be("a number");
    }
    Amount::parse(raw.get()).map_err(|error| {
        Wrong::Unreadable(match error {
            AmountError::NotANumber => "must be a number".into(),
            AmountError::TooPrecise => "can have two decimals at most".into(),
            AmountError::TooLarge => format!("can't be more than {}", Amount::MAX).into(),
        })
    })
}

/// A sum of money that was paid.
pub(super) fn paid(raw: &RawValue) -> Result<Amount, Wrong> {
    let sum = money(raw)?;
    if sum.is_negative() { Err(Wrong::Unreadable("can't be negative".into())) } else { Ok(sum) }
}

/// How much of a thing, by its digits.
pub(super) fn quantity(raw: &RawValue) -> Result<Quantity, Wrong> {
    if !is_number(raw) {
        return Wrong::must_be("a number");
    }
    Quantity::parse(raw.get()).map_err(|error| {
        Wrong::Unreadable(match error {
            QuantityError::NotANumber => "must be a number".into(),
            QuantityError::TooPrecise => "can have three decimals at most".into(),
            QuantityError::TooLarge => "can't be more than 100000000000".into(),
        })
    })
}

/// An id.
pub(super) fn id<T: From<u64>>(raw: &RawValue) -> Result<T, Wrong> {
    whole(raw).map(T::from)
}

/// Ids.
pub(super) fn ids<T: From<u64>>(raw: &RawValue) -> Result<Vec<T>, Wrong> {
    let elements = elements(raw).ok();
    let ids = elements.and_then(|elements| elements.into_iter().map(|raw| id(raw).ok()).collect());
    ids.map_or_else(|| Wrong::must_be("an array of whole numbers that are not negative"), Ok)
}

/// A number of days.
pub(super) fn days(raw: &RawValue) -> Result<u32, Wrong> {
    let days = u32::try_from(whole(raw)?);
    days.map_err(|_| Wrong::Unreadable(format!("can't be more than {}", u32::MAX).into()))
}

/// A moment in milliseconds.
pub(super) fn moment(raw: &RawValue) -> Result<Time, Wrong> {
    let millis = i64::try_from(whole(raw)?).ok().and_then(Time::from_millis);
    millis.ok_or_else(|| Wrong::Unreadable(format!("can't be more than {}", Time::MAX.millis()).into()))
}

/// One of a few names.
pub(super) fn one_of<'b, T>(
    read: impl FnOnce(&str) -> Result<T, Refusal>,
) -> impl FnOnce(&'b RawValue) -> Result<T, Wrong> {
    |raw| read(&text(raw)?).map_err(Wrong::Refused)
}

fn whole(raw: &RawValue) -> Result<u64, Wrong> {
    whole::parse(raw.get()).map_or_else(|| Wrong::must_be("a whole number that is not negative"), Ok)
}
