//! `checks.*`: receipts down to their dishes \[D\]. They come from the [`till`](super::till).

use std::sync::Arc;

use super::calendar::Period;
use super::dish::Dish;
use super::ids::{AccountId, CheckId};
use super::{Books, Refusal};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{LotId, Spent};
use crate::loyalty::time::Time;

/// A check.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The id.
    pub id: CheckId,
    /// What is printed on it; the till numbers them by their ids \[I\].
    pub number: Arc<str>,
    /// When the table was opened.
    pub opened_at: Time,
    /// When it was paid: the till does both at once \[I\].
    pub closed_at: Time,
    /// Where.
    pub restaurant: Option<Box<str>>,
    /// By whom.
    pub cashier: Option<Box<str>>,
    /// Whose it is; a fixture's may be nobody's.
    pub account: Option<AccountId>,
    /// The sum of the dishes.
    pub total: Amount,
    /// What was taken off.
    pub discount_sum: Amount,
    /// What was paid with points.
    pub bonus_paid: Amount,
    /// What was accrued.
    pub bonus_accrued: Amount,
    /// What was served.
    pub dishes: Arc<[Dish]>,
    /// When it was returned.
    pub refunded_at: Option<Time>,
    /// What it did, so that it can be undone.
    pub effects: Effects,
}

/// What a check did, so that it can be undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// From which lots points were paid, and what has not been given back.
    pub spent: Option<Spent>,
    /// The lot that was accrued; a fixture's check knows none.
    pub lot: Option<LotId>,
}

impl Check {
    /// What was paid with money.
    pub fn money_paid(&self) -> Amount {
        self.total - self.discount_sum - self.bonus_paid
    }
}

/// Which checks to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChecksQuery {
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those that were closed in this period \[I\].
    pub period: Period,
}

impl Books {
    /// The checks, by id.
    pub fn checks(&self) -> impl DoubleEndedIterator<Item = &Arc<Check>> + ExactSizeIterator {
        self.checks.values()
    }

    /// A check, if it is there.
    pub fn check(&self, id: CheckId) -> Option<&Arc<Check>> {
        self.checks.get(&id)
    }

    /// `checks.get_by_id` \[D\].
    pub fn find_check(&self, id: CheckId) -> Result<&Arc<Check>, Refusal> {
        self.checks.get(&id).ok_or(Refusal::CheckNotFound { id })
    }

    /// `checks.list`, by id.
    ///
    /// Refuses: an unknown account.
    pub fn list_checks(&self, query: &ChecksQuery) -> Result<Vec<Arc<Check>>, Refusal> {
        let window = self.rules.calendar().window(query.period);
        let inside = |check: &&Arc<Check>| window.contains(check.closed_at);
        Ok(match query.account {
            None => self.checks().filter(inside).map(Arc::clone).collect(),
            Some(account) => {
                self.find_account(account)?;
                let own = (account, CheckId(0))..=(account, CheckId(u64::MAX));
                let checks = self.checks_by_account.range(own).filter_map(|(_, id)| self.checks.get(id));
                checks.filter(inside).map(Arc::clone).collect()
            }
        })
    }

    /// Puts a check into the books and their index.
    pub(super) fn insert_check(&mut self, check: Check) -> Arc<Check> {
        let check = Arc::new(check);
        check.account.map(|account| self.checks_by_account.insert((account, check.id)));
        self.checks.insert(check.id, Arc::clone(&check));
        check
    }
}
