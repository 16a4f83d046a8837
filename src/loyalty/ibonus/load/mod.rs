//! How records come into the books from outside the programme: from a fixture, or an upsert.
//!
//! A file for each kind that takes more than a line: [`clients`], [`changes`] of
//! them, [`orders`], [`holds`]; users, templates and
//! sale points are here. Each record is added whole, or all that speaks against it is told and nothing has
//! changed. Ids that are left out are counted on: so add the records that have one first.

pub mod changes;
pub mod clients;
pub mod holds;
pub mod orders;

use std::sync::Arc;

use super::Books;
use super::ids::{ClientId, OrderId, SalePointId, TemplateId};
use super::sale_points::SalePoint;
use super::templates::Template;
use super::users::{Employee, Merchant, Person, UserId};
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

impl Books {
    /// Adds a merchant. The first one is the employees'.
    pub fn add_merchant(&mut self, mut merchant: Merchant) -> Result<(), Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if merchant.id.0 != 0 && self.merchants.contains_key(&merchant.id) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        self.check_logins(&merchant.person, None, &mut conflicts);
        conflicts.into_result()?;

        let given = Some(merchant.id).filter(|id| id.0 != 0);
        merchant.id = self.counts.merchants.take_or(given);
        self.insert_merchant(merchant);
        Ok(())
    }

    /// Adds an employee. An id of 0 is counted on.
    pub fn add_employee(&mut self, mut employee: Employee) -> Result<(), Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if employee.id.0 != 0 && self.employees.contains_key(&employee.id) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        self.check_logins(&employee.person, employee.login.as_ref(), &mut conflicts);
        conflicts.into_result()?;

        let given = Some(employee.id).filter(|id| id.0 != 0);
        employee.id = self.counts.employees.take_or(given);
        self.logins.add(UserId::Employee(employee.id), &employee.person, employee.login.as_ref());
        self.employees.insert(employee.id, Arc::new(employee));
        Ok(())
    }

    /// Adds a template. An id of 0 is counted on.
    pub fn add_template(&mut self, mut template: Template) -> Result<TemplateId, Vec<FieldConflict>> {
        if template.id.0 != 0 && self.templates.contains_key(&template.id) {
            return Err(vec![FieldConflict::new("id", Conflict::DuplicateId)]);
        }
        let given = Some(template.id).filter(|id| id.0 != 0);
        template.id = self.counts.templates.take_or(given);
        let id = template.id;
        self.templates.insert(id, Arc::new(template));
        Ok(id)
    }

    /// Adds a sale point. An id of 0 is counted on.
    pub fn add_sale_point(&mut self, mut point: SalePoint) -> Result<SalePointId, Vec<FieldConflict>> {
        if point.id.0 != 0 && self.sale_points.contains_key(&point.id) {
            return Err(vec![FieldConflict::new("id", Conflict::DuplicateId)]);
        }
        let given = Some(point.id).filter(|id| id.0 != 0);
        point.id = self.counts.sale_points.take_or(given);
        let id = point.id;
        self.sale_points.insert(id, Arc::new(point));
        Ok(id)
    }

    /// Sets the logo: a fixture's is a URL.
    pub fn set_logo(&mut self, logo: Option<super::image::Picture>) {
        let old = std::mem::replace(&mut self.logo, logo);
        self.discard(old);
    }

    fn check_logins(&self, person: &Person, login: Option<&Arc<str>>, conflicts: &mut Conflicts) {
        let names = &self.logins.names;
        if person.email.as_ref().is_some_and(|email| names.contains_key(email)) {
            conflicts.add("email", Conflict::DuplicateLogin);
        }
        if login.is_some_and(|login| names.contains_key(login)) {
            conflicts.add("login", Conflict::DuplicateLogin);
        }
        let phones = &self.logins.phones;
        if person.phone.as_ref().is_some_and(|phone| phones.contains_key(phone.digits())) {
            conflicts.add("phone", Conflict::DuplicateLogin);
        }
    }
}
