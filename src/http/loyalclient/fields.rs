//! Reads the fields of a LoyalClient request, and notes all that is wrong with them, not only the first.

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;

use crate::http::fields::{Members, is_number, read_body, text};
use crate::loyalty::amount::{Amount, AmountError, Decimals};
use crate::loyalty::loyalclient::id::ObjectId;
use crate::loyalty::time::Period;
use crate::loyalty::whole;

/// How long a hold lasts when the request does not say, in minutes \[D\].
const HOLD_MINUTES_DEFAULT: u32 = 10;

/// The longest hold, in minutes \[D\].
const HOLD_MINUTES_MAX: u32 = 30;

/// What is wrong, each by its field.
#[derive(Debug)]
pub(super) struct BadFields(pub(super) Vec<(&'static str, Cow<'static, str>)>);

/// The fields of a request.
pub(super) struct Fields<'a> {
    members: Members<'a>,
    wrong: Vec<(&'static str, Cow<'static, str>)>,
}

impl<'a> Fields<'a> {
    /// Reads a body that must be a JSON object. The Content-Type is not asked for \[I\].
    pub(super) fn of(body: &'a [u8]) -> Result<Fields<'a>, BadFields> {
        match read_body(body, "object") {
            Ok(members) => Ok(Fields { members, wrong: Vec::new() }),
            Err(sentence) => Err(BadFields(vec![("body", sentence.into())])),
        }
    }

    /// What was read, if nothing was wrong.
    pub(super) fn done<T>(self, read: Option<T>) -> Result<T, BadFields> {
        match read {
            Some(value) if self.wrong.is_empty() => Ok(value),
            _ => Err(BadFields(self.wrong)),
        }
    }

    /// An id. What is no id of 24 hex digits is `Some(None)`: simply not found \[I\].
    #[allow(clippy::option_option)] // the outer one is "could be read", as in all these methods
    pub(super) fn id(&mut self, name: &'static str) -> Option<Option<ObjectId>> {
        let raw = self.required(name)?;
        match text(raw) {
            Some(text) => Some(ObjectId::parse(&text)),
            None => self.wrong(name, "must be a string"),
        }
    }

    /// What to search for: a string, or a number by its digits \[I\].
    pub(super) fn search(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let raw = self.required(name)?;
        match text(raw) {
            Some(text) if text.trim().is_empty() => self.wrong(name, "must not be empty"),
            Some(text) => Some(text),
            None if is_number(raw) && raw.get().bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(Cow::Borrowed(raw.get()))
            }
            None if is_number(raw) => match whole::parse(raw.get()) {
                Some(number) => Some(Cow::Owned(number.to_string())),
                None => self.wrong(name, "must be a string, or a whole number that is not negative"),
            },
            None => self.wrong(name, "must be a string or a number"),
        }
    }

    /// A sum of money: over zero, at most two decimals.
    pub(super) fn money(&mut self, name: &'static str) -> Option<Amount> {
        let amount = self.amount(name, Decimals::Two)?;
        if amount.is_positive() { Some(amount) } else { self.wrong(name, "must be more than 0") }
    }

    /// Points: over zero, with the decimals that points have here.
    pub(super) fn points(&mut self, name: &'static str, decimals: Decimals) -> Option<Amount> {
        let amount = self.amount(name, decimals)?;
        if amount.is_positive() { Some(amount) } else { self.wrong(name, "must be more than 0") }
    }

    /// Points or none: zero or over it, with the decimals that points have here.
    pub(super) fn points_or_none(&mut self, name: &'static str, decimals: Decimals) -> Option<Amount> {
        let amount = self.amount(name, decimals)?;
        if amount.is_negative() { self.wrong(name, "must not be negative") } else { Some(amount) }
    }

    /// How long to hold: whole minutes from 1 to 30, 10 if left out \[D\].
    pub(super) fn minutes(&mut self, name: &'static str) -> Option<Period> {
        let Some(raw) = self.members.get(name) else {
            return Some(Period::minutes(HOLD_MINUTES_DEFAULT));
        };
        if !is_number(raw) {
            return self.wrong(name, "must be a number of minutes");
        }
        let whole = Amount::parse(raw.get()).ok().filter(|minutes| minutes.fits(Decimals::Zero));
        let minutes = whole.and_then(|minutes| u32::try_from(minutes.hundredths() / 100).ok());
        match minutes.filter(|minutes| (1..=HOLD_MINUTES_MAX).contains(minutes)) {
            Some(minutes) => Some(Period::minutes(minutes)),
            None => self.wrong(name, "must be a whole number of minutes from 1 to 30"),
        }
    }

    /// The caller's own holds; left out and null are none \[I\]. Strings that are no ids are ignored \[I\].
    pub(super) fn holds(&mut self, name: &'static str) -> Option<Vec<ObjectId>> {
        let Some(raw) = self.members.get(name).filter(|raw| raw.get() != "null") else {
            return Some(Vec::new());
        };
        let ids: Option<Vec<Cow<'_, str>>> = serde_json::from_str::<Vec<&RawValue>>(raw.get())
            .ok()
            .and_then(|ids| ids.into_iter().map(text).collect());
        match ids {
            Some(ids) => Some(ids.iter().filter_map(|id| ObjectId::parse(id)).collect()),
            None => self.wrong(name, "must be an array of strings"),
        }
    }

    fn amount(&mut self, name: &'static str, decimals: Decimals) -> Option<Amount> {
        let raw = self.required(name)?;
        if !is_number(raw) {
            return self.wrong(name, "must be a number");
        }
        match Amount::parse(raw.get()) {
            Ok(amount) if amount.fits(decimals) => Some(amount),
            Ok(_) => self.wrong(name, "must be whole: points have no decimals here"),
            Err(AmountError::TooPrecise) => self.wrong(name, "can have two decimals at most"),
            Err(AmountError::TooLarge) => self.wrong(name, format!("can't be more than {}", Amount::MAX)),
            Err(AmountError::NotANumber) => self.wrong(name, "must be a number"),
        }
    }

    fn required(&mut self, name: &'static str) -> Option<&'a RawValue> {
        let raw = self.members.get(name);
        if raw.is_none() {
            return self.wrong(name, "is missing");
        }
        raw
    }

    fn wrong<T>(&mut self, name: &'static str, what: impl fmt::Display) -> Option<T> {
        let mut sentence = format!("{name} {what}.");
        sentence[..1].make_ascii_uppercase();
        self.wrong.push((name, sentence.into()));
        None
    }
}
