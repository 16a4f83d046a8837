//! What the journal is told of ProBonus's refusals: the rule that says no, how sure that is, and the numbers it saw.

use std::borrow::Cow;

use super::fields::problem::Problem;
use crate::loyalty::probonus::Refusal;
use crate::sandbox::journal::note::{Evidence, Note};

/// A note on a refusal; `text` is what the answer says.
pub(super) fn refusal(refusal: &Refusal, text: Cow<'static, str>) -> Note {
    let (evidence, rule) = rule_of(refusal);
    let note = Note::refusal(refusal.name(), rule, evidence, text);
    match refusal {
        Refusal::InsufficientPoints { available } => note.with("available", *available),
        Refusal::MoreThanTotal { total } => note.with("limit", *total),
        _ => note,
    }
}

/// A note on each thing that could not be read.
pub(super) fn bad_input(problems: &[Problem]) -> impl Iterator<Item = Note> {
    problems.iter().map(|problem| {
        let (field, text) = problem.told();
        Note::bad_input(None, text).with("field", field)
    })
}

/// The rule that says no, and how sure it is: the marks of `docs/fidelity.md`.
#[rustfmt::skip] // a table
fn rule_of(refusal: &Refusal) -> (Evidence, &'static str) {
    use Evidence::{Documented, Inferred};
    match refusal {
        Refusal::CredentialsMissing => (Documented, "every call but the login has a token or a key"),
        Refusal::WrongCredentials => (Documented, "login and password are a user's"),
        Refusal::UnknownKey => (Documented, "a key is one of the permanent ones"),
        Refusal::UnknownToken => (Documented, "a token was given by a login, and is neither refreshed nor ended"),
        Refusal::TokenExpired => (Documented, "a token works while its life lasts"),
        Refusal::RefreshTokenExpired => (Inferred, "a refresh token works while its life lasts"),
        Refusal::AccountNotFound { .. } => (Inferred, "the id is an account's"),
        Refusal::PhoneNotFound => (Documented, "the phone is an account's"),
        Refusal::IdentifierNotFound => (Inferred, "the identifier is an account's"),
        Refusal::GroupNotFound { .. } => (Inferred, "the id is a group's"),
        Refusal::DiscountNotFound { .. } => (Inferred, "the id is a discount's"),
        Refusal::IdentifierTypeNotFound { .. } => (Inferred, "the id is an identifier type's"),
        Refusal::CheckNotFound { .. } => (Inferred, "the id is a check's"),
        Refusal::PhoneTaken { .. } => (Documented, "a phone belongs to one account"),
        Refusal::IdentifierTaken { .. } => (Inferred, "an identifier of a unique type belongs to one account"),
        Refusal::IdentifiersAlike { .. } => (Inferred, "a type becomes unique while all its identifiers differ"),
        Refusal::BadPhone => (Inferred, "a phone has digits"),
        Refusal::IdentifierMask { .. } => (Inferred, "an identifier is as its type's mask says"),
        Refusal::IdentifierRepeated { .. } => (Inferred, "an identifier is named once in a request"),
        Refusal::NoTemplate { .. } => (Documented, "the group has a template: haveTemplate is true"),
        Refusal::AccountInactive { .. } => (Inferred, "points come and go on active accounts only"),
        Refusal::AmountNotPositive => (Inferred, "points that are given or taken are more than nothing"),
        Refusal::AmountNegative => (Inferred, "no sum is under zero"),
        Refusal::BurnDaysNotPositive => (Inferred, "points live for a day at least"),
        Refusal::InsufficientPoints { .. } => (Inferred, "no more is taken than is available"),
        Refusal::BalanceOverLimit { .. } => (Inferred, "an account has no more than 10^15 points"),
        Refusal::RkeeperDiscount { .. } => (Documented, "discounts of r_keeper's are read, and not changed"),
        Refusal::PercentAndSteps => (Inferred, "a discount has a percent or steps, not both"),
        Refusal::PercentOrStepsMissing => (Inferred, "a discount has a percent or steps"),
        Refusal::TooManySteps => (Inferred, "a ladder has a hundred steps at most"),
        Refusal::ThresholdNegative => (Inferred, "no threshold is under zero"),
        Refusal::ThresholdRepeated { .. } => (Inferred, "each step has a threshold of its own"),
        Refusal::NoDishes => (Inferred, "a sale is of something"),
        Refusal::PriceNegative { .. } => (Inferred, "no price is under zero"),
        Refusal::QuantityNotPositive { .. } => (Inferred, "a quantity is over zero"),
        Refusal::TotalOverLimit => (Inferred, "no check is over 10^12"),
        Refusal::MoreThanTotal { .. } => (Inferred, "no more is paid with points than the total"),
        Refusal::CheckRefunded { .. } => (Inferred, "a check is returned once"),
    }
}
