//! Checks from outside: what they say, and what they did to balances that are what they are after it.

use std::sync::Arc;

use super::super::Books;
use super::super::checks::{Check, Effects};
use super::super::dish::{self, Dish, DishOrder};
use super::super::ids::{AccountId, CheckId};
use super::super::sum;
use super::{Conflict, Conflicts, FieldConflict};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{LotId, Spent};
use crate::loyalty::time::Time;

/// A check to be added.
#[derive(Clone, Debug)]
pub struct NewCheck {
    /// The id; left out: the next one.
    pub id: Option<CheckId>,
    /// What is printed on it; left out: the id.
    pub number: Option<Arc<str>>,
    /// When the table was opened.
    pub opened_at: Time,
    /// When it was paid.
    pub closed_at: Time,
    /// Where.
    pub restaurant: Option<Box<str>>,
    /// By whom.
    pub cashier: Option<Box<str>>,
    /// Whose it is.
    pub account: Option<AccountId>,
    /// Left out: the sum of the dishes.
    pub total: Option<Amount>,
    /// What was taken off.
    pub discount_sum: Amount,
    /// What was paid with points, and is off the balance. Returned, it comes as points that never burn.
    pub bonus_paid: Amount,
    /// What was accrued, and is on the balance or spent since.
    pub bonus_accrued: Amount,
    /// What was served.
    pub dishes: Vec<DishOrder>,
    /// When it was returned.
    pub refunded_at: Option<Time>,
    /// What it did, as an export has it; left out: made of the fields above.
    pub effects: Option<Effects>,
}

impl NewCheck {
    /// A check of nothing yet, with all the defaults.
    pub fn new(closed_at: Time) -> NewCheck {
        NewCheck {
            id: None,
            number: None,
            opened_at: closed_at,
            closed_at,
            restaurant: None,
            cashier: None,
            account: None,
            total: None,
            discount_sum: Amount::ZERO,
            bonus_paid: Amount::ZERO,
            bonus_accrued: Amount::ZERO,
            dishes: Vec::new(),
            refunded_at: None,
            effects: None,
        }
    }
}

impl Books {
    /// Adds a check; or tells all that speaks against it. Balances and turnovers stay as they are.
    pub fn add_check(&mut self, new: NewCheck) -> Result<CheckId, Vec<FieldConflict>> {
        let (dishes, total) = self.check_new_check(&new)?;

        let id = self.counts.checks.take_or(new.id);
        let effects = match new.effects {
            Some(effects) => effects,
            None if new.bonus_paid.is_positive() && new.refunded_at.is_none() => {
                let lot = LotId(self.numbers.take());
                Effects { spent: Some(Spent::from_parts([(lot, new.bonus_paid, None)])), lot: None }
            }
            None => Effects::default(),
        };
        self.insert_check(Check {
            id,
            number: new.number.unwrap_or_else(|| id.to_string().into()),
            opened_at: new.opened_at,
            closed_at: new.closed_at,
            restaurant: new.restaurant,
            cashier: new.cashier,
            account: new.account,
            total,
            discount_sum: new.discount_sum,
            bonus_paid: new.bonus_paid,
            bonus_accrued: new.bonus_accrued,
            dishes: dishes.into(),
            refunded_at: new.refunded_at,
            effects,
        });
        Ok(id)
    }

    /// Changes what is told of a check; or tells all that speaks against it. Answers whether anything changed. What it
    /// did to points and turnover is done: whose it is, what was paid and accrued stay, and its return.
    pub fn change_check(&mut self, id: CheckId, new: NewCheck) -> Result<bool, Vec<FieldConflict>> {
        let old = match self.checks.get(&id) {
            Some(old) => Check::clone(old),
            None => return self.add_check(new).map(|_| true),
        };
        let mut conflicts = Conflicts::default();
        for (field, is_other) in [
            ("accountId", new.account != old.account),
            ("bonusPaid", new.bonus_paid != old.bonus_paid),
            ("bonusAccrued", new.bonus_accrued != old.bonus_accrued),
            ("refundedAt", new.refunded_at != old.refunded_at),
        ] {
            if is_other {
                conflicts.add(field, Conflict::CheckIsDone);
            }
        }
        let (dishes, total) = self.check_new_check(&NewCheck { id: None, ..new.clone() })?;
        if total - new.discount_sum != old.total - old.discount_sum {
            conflicts.add("total", Conflict::CheckIsDone);
        }
        conflicts.into_result()?;

        let check = Check {
            number: new.number.unwrap_or_else(|| Arc::clone(&old.number)),
            opened_at: new.opened_at,
            closed_at: new.closed_at,
            restaurant: new.restaurant,
            cashier: new.cashier,
            total,
            discount_sum: new.discount_sum,
            dishes: dishes.into(),
            ..old.clone()
        };
        let is_other = check != old;
        self.insert_check(check);
        Ok(is_other)
    }

    fn check_new_check(&self, new: &NewCheck) -> Result<(Vec<Dish>, Amount), Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if new.id.is_some_and(|id| self.checks.contains_key(&id)) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if let Some(id) = new.account.filter(|id| !self.accounts.contains_key(id)) {
            conflicts.add("accountId", Conflict::UnknownAccount(id));
        }
        let mut reckoned = (Vec::new(), new.total.unwrap_or_default());
        if !new.dishes.is_empty() {
            match dish::reckon(&new.dishes) {
                Err(refusal) => conflicts.add("dishes", Conflict::BadDishes(refusal.name())),
                Ok((_, total)) if new.total.is_some_and(|given| given != total) => {
                    conflicts.add("total", Conflict::NotTheSumOfDishes(total));
                }
                Ok(found) => reckoned = found,
            }
        }
        for (field, amount) in [
            ("total", reckoned.1),
            ("discountSum", new.discount_sum),
            ("bonusPaid", new.bonus_paid),
            ("bonusAccrued", new.bonus_accrued),
        ] {
            if amount.is_negative() {
                conflicts.add(field, Conflict::AmountNegative);
            }
        }
        if sum::plus(new.discount_sum, new.bonus_paid) > reckoned.1 {
            conflicts.add("total", Conflict::MoreThanTotal(reckoned.1));
        }
        conflicts.into_result().map(|()| reckoned)
    }
}
