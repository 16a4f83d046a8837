//! How records come into the books from outside the programme: from a fixture, or an upsert.
//!
//! A file for each kind that takes more than a few lines: [`accounts`], [`checks`], and [`changes`] of accounts;
//! the others are here and in [`catalogue`]. Each record is added whole, or all that speaks against it is told
//! and nothing has changed. Ids that are left out are counted on: so add the records that have one first.
//! The order is: users, discounts, identifier types, groups, accounts, checks, sessions, [`Books::go_on_from`].

pub mod accounts;
pub mod catalogue;
pub mod changes;
pub mod checks;

use std::sync::Arc;

use super::auth::Session;
use super::ids::{AccountId, DiscountId, GroupId, IdentifierTypeId, UserId};
use super::mint::{Mint, MintState};
use super::rules::Rules;
use super::users::User;
use super::{Books, Counts};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{self, Numbers};

/// Why a record cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The id is taken.
    #[error("another record has this id already")]
    DuplicateId,
    /// The id is the service user's.
    #[error("the id 0 is the service user's")]
    ServiceId,
    /// Another user logs in with this.
    #[error("user {0} logs in with this already")]
    DuplicateLogin(UserId),
    /// Another session has this token.
    #[error("another session has this token already")]
    DuplicateToken,
    /// Another account has this phone.
    #[error("account {0} has this phone already")]
    DuplicatePhone(AccountId),
    /// Another account has this identifier, and its type is unique.
    #[error("account {0} has this identifier already, and its type is unique")]
    DuplicateIdentifier(AccountId),
    /// The identifier is there twice.
    #[error("the identifier is there twice")]
    IdentifierRepeated,
    /// The type cannot be unique.
    #[error("accounts {0} and {1} have the same identifier of this type")]
    IdentifiersAlike(AccountId, AccountId),
    /// The user is not there.
    #[error("there is no user {0}")]
    UnknownUser(UserId),
    /// The group is not there.
    #[error("there is no account group {0}")]
    UnknownGroup(GroupId),
    /// No group was named, and there is none to take.
    #[error("there is no account group: add one to \"accountGroups\"")]
    NoGroup,
    /// The discount is not there.
    #[error("there is no discount {0}")]
    UnknownDiscount(DiscountId),
    /// The type is not there.
    #[error("there is no identifier type {0}")]
    UnknownIdentifierType(IdentifierTypeId),
    /// The account is not there.
    #[error("there is no account {0}")]
    UnknownAccount(AccountId),
    /// A phone without digits.
    #[error("a phone has digits")]
    BadPhone,
    /// The sum is under zero.
    #[error("the amount must not be negative")]
    AmountNegative,
    /// The points would burn at once.
    #[error("points live for a day at least: leave this out if they never burn")]
    DaysNotPositive,
    /// The lot would burn before it becomes active.
    #[error("the points would burn before they become active")]
    BurnsBeforeActive,
    /// The account would have too much.
    #[error("the account would have more than {}", ledger::POSTED_MAX)]
    BalanceOverLimit,
    /// The discount has no such step.
    #[error("the discount has no step {0}")]
    UnknownStep(usize),
    /// The percent and steps of a discount do not fit.
    #[error("this is no discount: {0}")]
    BadRate(&'static str),
    /// A dish that cannot be sold.
    #[error("the dishes do not add up: {0}")]
    BadDishes(&'static str),
    /// The dishes do not add up to the total.
    #[error("the dishes add up to {0}")]
    NotTheSumOfDishes(Amount),
    /// More was paid with points and taken off than there was to pay.
    #[error("discount and points together are more than the total of {0}")]
    MoreThanTotal(Amount),
    /// A check has done what it did.
    #[error("what a check did to points and turnover is done: take it back at the till instead")]
    CheckIsDone,
    /// What the internals say does not fit the record.
    #[error("this does not fit the account's ledger: {0}")]
    Contradiction(Box<str>),
}

/// One step of the way to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a member, by its name in the fixture.
    Key(&'static str),
    /// To an element.
    Index(usize),
}

/// A [`Conflict`], and the way from the record to the field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// The way.
    pub path: Vec<Step>,
    /// What is wrong there.
    pub conflict: Conflict,
}

/// What speaks against a record, as it is found.
#[derive(Default)]
struct Conflicts(Vec<FieldConflict>);

impl Conflicts {
    fn add(&mut self, field: &'static str, conflict: Conflict) {
        self.add_at(&[Step::Key(field)], conflict);
    }

    fn add_at(&mut self, path: &[Step], conflict: Conflict) {
        self.0.push(FieldConflict { path: path.to_vec(), conflict });
    }

    fn into_result(self) -> Result<(), Vec<FieldConflict>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

impl Books {
    /// Sets the programme's switches.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = Arc::new(rules);
    }

    /// Adds permanent keys.
    pub fn add_keys(&mut self, keys: impl IntoIterator<Item = Box<str>>) {
        Arc::make_mut(&mut self.api_keys).extend(keys);
    }

    /// Goes on from where an export stood: after its records are added.
    pub fn go_on_from(&mut self, counts: Counts, last_number: u64, mint: MintState) {
        self.counts = counts;
        self.numbers = Numbers::after(last_number);
        self.mint = Mint::at(mint);
    }

    /// Adds a user, or puts it in the place of the one with its id if `replace` says so. Without an id it gets
    /// the next one.
    pub fn add_user(
        &mut self,
        id: Option<UserId>,
        user: User,
        replace: bool,
    ) -> Result<UserId, Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        match id {
            Some(UserId(0)) => conflicts.add("id", Conflict::ServiceId),
            Some(id) if !replace && self.users.contains_key(&id) => {
                conflicts.add("id", Conflict::DuplicateId);
            }
            _ => {}
        }
        if let Some(other) = self.by_login.get(&user.login).filter(|other| Some(**other) != id) {
            conflicts.add("login", Conflict::DuplicateLogin(*other));
        }
        conflicts.into_result()?;

        let id = self.counts.users.take_or(id);
        self.users.get(&id).map(|old| self.by_login.remove(&old.login));
        self.by_login.insert(Arc::clone(&user.login), id);
        self.users.insert(id, Arc::new(User { id, ..user }));
        Ok(id)
    }

    /// Adds a pair of tokens: what an export carries beside the records a fixture shows.
    pub fn add_session(&mut self, session: Session) -> Result<(), Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if self.sessions.all.contains_key(&session.id) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if !self.users.contains_key(&session.user) {
            conflicts.add("user", Conflict::UnknownUser(session.user));
        }
        if self.sessions.by_access.contains_key(&session.access.text) {
            conflicts.add("access", Conflict::DuplicateToken);
        }
        if self.sessions.by_refresh.contains_key(&session.refresh.text) {
            conflicts.add("refresh", Conflict::DuplicateToken);
        }
        conflicts.into_result()?;

        self.counts.sessions.pass(session.id);
        // A pair whose both tokens are over is none.
        if session.next_due().is_some() {
            self.sessions.insert(session);
        }
        Ok(())
    }
}
