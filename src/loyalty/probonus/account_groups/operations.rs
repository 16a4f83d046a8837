//! `account_groups.refill`, `account_groups.withdraw`: points for, or from, every account of a group.

use std::sync::Arc;

use super::super::accounts::points::Operation;
use super::super::accounts::{Account, TransactionKind};
use super::super::ids::{AccountId, GroupId};
use super::super::sum;
use super::super::{Books, Refusal};
use super::check_days;
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::POSTED_MAX;
use crate::loyalty::time::Time;

/// What a group's operation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupOutcome {
    /// How many accounts were really changed.
    pub accounts: usize,
    /// By how much, in all.
    pub amount: Amount,
}

impl Books {
    /// Gives points to every active account of a group, one entry each; to all of them, or to none.
    ///
    /// Refuses: an unknown group; a sum not over zero; points that would burn at once; an account that would
    /// exceed the ledger's limit.
    pub fn refill_group(
        &mut self,
        id: GroupId,
        operation: &Operation<'_>,
        now: Time,
    ) -> Result<GroupOutcome, Refusal> {
        self.find_group(id)?;
        if !operation.amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        check_days(operation.burn_days)?;
        let accounts: Vec<AccountId> = self.active_in(id).map(|account| account.id).collect();
        let full = self
            .active_in(id)
            .find(|account| operation.amount > POSTED_MAX - account.points.posted())
            .map(|account| account.id);
        if let Some(account) = full {
            return Err(Refusal::BalanceOverLimit { account });
        }

        let comment = operation.shared_comment();
        for account in &accounts {
            self.give(*account, operation.amount, operation.burn_days, comment.clone(), now);
        }
        let amount = sum::total(accounts.iter().map(|_| operation.amount));
        Ok(GroupOutcome { accounts: accounts.len(), amount })
    }

    /// Takes points from every active account of a group: at most what is available on each, and no entry where
    /// that is nothing. `burn_days` say nothing here \[I\].
    ///
    /// Refuses: an unknown group; a sum not over zero.
    pub fn withdraw_group(
        &mut self,
        id: GroupId,
        operation: &Operation<'_>,
        now: Time,
    ) -> Result<GroupOutcome, Refusal> {
        self.find_group(id)?;
        if !operation.amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        let parts = self.active_in(id).map(|account| (account.id, account.points.available()));
        let parts: Vec<(AccountId, Amount)> = parts
            .map(|(account, available)| (account, operation.amount.min(available)))
            .filter(|(_, amount)| amount.is_positive())
            .collect();

        let comment = operation.shared_comment();
        for (account, amount) in &parts {
            self.take(*account, *amount, TransactionKind::Withdraw, comment.clone(), None, now);
        }
        let amount = sum::total(parts.iter().map(|(_, amount)| *amount));
        Ok(GroupOutcome { accounts: parts.len(), amount })
    }

    fn active_in(&self, group: GroupId) -> impl Iterator<Item = &Arc<Account>> {
        self.accounts_in(group).filter(|account| account.is_active)
    }
}
