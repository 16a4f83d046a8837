//! How records come into the books from outside the programme: from a fixture, or an upsert.
//!
//! A file for each kind: [`users`], [`settings`] with templates and sale points, [`clients`], [`changes`] of them,
//! [`orders`], [`holds`]; [`restore`] puts together what an export took apart. Each record is added whole, or all
//! that speaks against it is told and nothing has changed. Ids that are left out are counted on: so add the records
//! that have one first.

pub mod changes;
pub mod clients;
pub mod holds;
pub mod orders;
pub mod restore;
pub mod settings;
pub mod users;

use super::ids::{ClientId, CouponId, OrderId, TemplateId};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger;

/// Why a record cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The id is taken.
    #[error("another record has this id already")]
    DuplicateId,
    /// Another client has this phone.
    #[error("client {0} has this phone already")]
    DuplicatePhone(ClientId),
    /// Another client has this e-mail.
    #[error("client {0} has this e-mail already")]
    DuplicateEmail(ClientId),
    /// Another client or coupon has this token.
    #[error("another record has this token already")]
    DuplicateToken,
    /// Another user logs in with this.
    #[error("another user logs in with this already")]
    DuplicateLogin,
    /// Another order has this number.
    #[error("order {0} has this externalId already")]
    DuplicateExternalId(OrderId),
    /// The client is not there.
    #[error("there is no client {0}")]
    UnknownClient(ClientId),
    /// The template is not there.
    #[error("there is no coupon template {0}")]
    UnknownTemplate(TemplateId),
    /// The user is not there.
    #[error("there is no such employee")]
    UnknownUser,
    /// Points or coupons without somebody who has them.
    #[error("this needs a client")]
    ClientMissing,
    /// The sum is not over zero.
    #[error("the amount must be more than zero")]
    AmountNotPositive,
    /// The sum is under zero.
    #[error("the amount must not be negative")]
    AmountNegative,
    /// The sum is over zero.
    #[error("a refund takes cashback back: the amount must not be more than zero")]
    AmountPositive,
    /// More was written off than the order cost.
    #[error("more than the order's total of {0}")]
    MoreThanTotal(Amount),
    /// The items do not add up to the total.
    #[error("the items add up to {0}")]
    NotTheSumOfItems(Amount),
    /// A line that cannot be sold.
    #[error("the line does not add up: {0}")]
    BadLine(&'static str),
    /// Items that cannot be refunded.
    #[error("the items cannot be refunded: {0}")]
    NotRefundable(&'static str),
    /// The lot would burn before it becomes active.
    #[error("the points would burn before they become active")]
    BurnsBeforeActive,
    /// The account would have too much.
    #[error("the account would have more than {}", ledger::POSTED_MAX)]
    BalanceOverLimit,
    /// The hold is for more than is available.
    #[error("the client has only {0} available")]
    HoldOverAvailable(Amount),
    /// The coupon cannot be held.
    #[error("the coupon cannot be held: {0}")]
    NotHoldable(&'static str),
    /// The currency is given twice.
    #[error("the currency is given twice")]
    DuplicateCurrency,
    /// Another image has this name.
    #[error("another image has this name already")]
    DuplicateImage,
    /// The coupon is not the client's.
    #[error("the client has no coupon {0}")]
    UnknownCoupon(CouponId),
    /// More than the whole.
    #[error("a share is between 0 and 100 per cent")]
    PercentageOverLimit,
    /// Points that would burn at once.
    #[error("points live for a day at least: leave the field out if they never burn")]
    ValidDaysNotPositive,
    /// What is asked of an order cannot be changed.
    #[error("what an order did cannot be changed: place a refund, or add another order")]
    OrderIsDone,
    /// What is hidden of a record does not fit what it shows.
    #[error("this does not fit the records of {0}: delete this row, or all of \"internals\"")]
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

impl FieldConflict {
    /// What is hidden of `whose` does not fit its records.
    fn contradiction(whose: impl std::fmt::Display, detail: impl std::fmt::Display) -> Vec<FieldConflict> {
        vec![FieldConflict::at(&[], Conflict::Contradiction(format!("{whose} ({detail})").into()))]
    }

    fn at(path: &[Step], conflict: Conflict) -> FieldConflict {
        FieldConflict { path: path.to_vec(), conflict }
    }

    fn new(field: &'static str, conflict: Conflict) -> FieldConflict {
        FieldConflict::at(&[Step::Key(field)], conflict)
    }
}

/// What speaks against a record, as it is found.
#[derive(Default)]
struct Conflicts(Vec<FieldConflict>);

impl Conflicts {
    fn add(&mut self, field: &'static str, conflict: Conflict) {
        self.0.push(FieldConflict::new(field, conflict));
    }

    fn add_at(&mut self, path: &[Step], conflict: Conflict) {
        self.0.push(FieldConflict::at(path, conflict));
    }

    fn into_result(self) -> Result<(), Vec<FieldConflict>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
