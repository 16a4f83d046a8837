//! A sale: takes points and a discount off, accrues, raises the turnover, writes the check and its entries.

use std::sync::Arc;

use super::super::accounts::find::Whose;
use super::super::accounts::{Note, TransactionKind};
use super::super::checks::{Check, Effects};
use super::super::discounts::Kind;
use super::super::dish::{self, Dish, DishOrder};
use super::super::ids::{AccountId, CheckId};
use super::super::sum;
use super::super::{Books, Refusal};
use crate::loyalty::amount::{Amount, Decimals, Rounding};
use crate::loyalty::ledger::POSTED_MAX;
use crate::loyalty::time::Time;

/// A sale to be rung up.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    /// The guest.
    pub whose: Whose<'a>,
    /// What is served.
    pub dishes: &'a [DishOrder],
    /// What is paid with points; nothing is nothing.
    pub bonus_paid: Amount,
    /// Where.
    pub restaurant: Option<&'a str>,
    /// By whom.
    pub cashier: Option<&'a str>,
}

/// What a sale will do, reckoned before anything is changed.
struct Plan {
    account: AccountId,
    dishes: Vec<Dish>,
    total: Amount,
    discount_sum: Amount,
    accrued: Amount,
}

impl Books {
    /// Rings up a sale. The percent is that of the account's step before it, on what is not paid with points;
    /// a discount and an accrual are rounded half up to the hundredth \[I\].
    ///
    /// Refuses: an unknown account; one that is not active \[I\]; no dishes, or one that does not add up; a total
    /// over the limit; points under zero, more than the total, more than are available; an accrual over the
    /// ledger's limit.
    pub fn sale(&mut self, sale: &Sale<'_>, now: Time) -> Result<Arc<Check>, Refusal> {
        let plan = self.plan_sale(sale)?;

        let (id, account) = (self.counts.checks.take::<CheckId>(), plan.account);
        let mut effects = Effects::default();
        if sale.bonus_paid.is_positive() {
            let (amount, kind) = (sale.bonus_paid, TransactionKind::Payment);
            effects.spent = Some(self.take(account, amount, kind, None, Some(id), now).0);
        }
        if plan.accrued.is_positive() {
            let note = Note { kind: TransactionKind::Accrual, comment: None, check: Some(id) };
            effects.lot = Some(self.accrue(account, plan.accrued, note, now));
        }
        let check = Check {
            id,
            number: id.to_string().into(),
            opened_at: now,
            closed_at: now,
            restaurant: sale.restaurant.map(Box::from),
            cashier: sale.cashier.map(Box::from),
            account: Some(account),
            total: plan.total,
            discount_sum: plan.discount_sum,
            bonus_paid: sale.bonus_paid,
            bonus_accrued: plan.accrued,
            dishes: plan.dishes.into(),
            refunded_at: None,
            effects,
        };
        let money = check.money_paid();
        self.change(account, |account, _| {
            account.set_turnover(sum::plus(account.turnover, money).min(POSTED_MAX));
        });
        Ok(self.insert_check(check))
    }

    fn plan_sale(&self, sale: &Sale<'_>) -> Result<Plan, Refusal> {
        let account = self.active_account(sale.whose)?;
        let (dishes, total) = dish::reckon(sale.dishes)?;
        if sale.bonus_paid.is_negative() {
            return Err(Refusal::AmountNegative);
        }
        if sale.bonus_paid > total {
            return Err(Refusal::MoreThanTotal { total });
        }
        let available = account.points.available();
        if sale.bonus_paid > available {
            return Err(Refusal::InsufficientPoints { available });
        }

        let rest = total - sale.bonus_paid;
        let (mut discount_sum, mut accrued) = (Amount::ZERO, Amount::ZERO);
        if let Some(current) = self.discount_of(account) {
            let part = rest.percent(current.percent, Decimals::Two, Rounding::HalfUp);
            match current.discount.kind {
                Kind::Discount => discount_sum = part,
                Kind::Bonus => accrued = part,
            }
        }
        if accrued > POSTED_MAX - (account.points.posted() - sale.bonus_paid) {
            return Err(Refusal::BalanceOverLimit { account: account.id });
        }
        Ok(Plan { account: account.id, dishes, total, discount_sum, accrued })
    }
}
