//! `accounts.refill`, `accounts.withdraw`: points given and taken by hand; and how points come and go at all.

use std::sync::Arc;

use super::super::account_groups::check_days;
use super::super::ids::{AccountId, CheckId};
use super::super::{Books, Refusal};
use super::find::Whose;
use super::{Account, Note, TransactionKind};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{EntryKind, LotId, POSTED_MAX, Spent};
use crate::loyalty::time::Time;

/// Points to be given or taken by hand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Operation<'a> {
    /// How many; more than nothing.
    pub amount: Amount,
    /// What is said with it.
    pub comment: Option<&'a str>,
    /// After how many days they burn: at the day change of the server's own day and so many more. Left out: after
    /// as many as the account's points do \[I\].
    pub burn_days: Option<u32>,
}

impl Operation<'_> {
    /// The comment, one copy for all who get it; an empty one says nothing \[I\].
    pub(in super::super) fn shared_comment(&self) -> Option<Arc<str>> {
        self.comment.filter(|comment| !comment.is_empty()).map(Arc::from)
    }
}

/// What an operation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operated {
    /// The account.
    pub account: AccountId,
    /// The entry.
    pub transaction: u64,
    /// Points on the account after it, pending ones included.
    pub balance: Amount,
}

impl Books {
    /// Gives points to an account; they can be spent at once.
    ///
    /// Refuses: an unknown account; one that is not active \[I\]; a sum not over zero; points that would burn at
    /// once; more than the ledger's limit.
    pub fn refill(
        &mut self,
        whose: Whose<'_>,
        operation: &Operation<'_>,
        now: Time,
    ) -> Result<Operated, Refusal> {
        let account = self.active_account(whose)?;
        let (id, posted) = (account.id, account.points.posted());
        if !operation.amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        check_days(operation.burn_days)?;
        if operation.amount > POSTED_MAX - posted {
            return Err(Refusal::BalanceOverLimit { account: id });
        }

        let comment = operation.shared_comment();
        let transaction = self.give(id, operation.amount, operation.burn_days, comment, now);
        Ok(self.operated(id, transaction))
    }

    /// Takes points from an account, the soonest to burn first. `burn_days` say nothing here \[I\].
    ///
    /// Refuses: an unknown account; one that is not active \[I\]; a sum not over zero; more than is available.
    pub fn withdraw(
        &mut self,
        whose: Whose<'_>,
        operation: &Operation<'_>,
        now: Time,
    ) -> Result<Operated, Refusal> {
        let account = self.active_account(whose)?;
        let (id, available) = (account.id, account.points.available());
        if !operation.amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        if operation.amount > available {
            return Err(Refusal::InsufficientPoints { available });
        }

        let comment = operation.shared_comment();
        let (_, transaction) = self.take(id, operation.amount, TransactionKind::Withdraw, comment, None, now);
        Ok(self.operated(id, transaction))
    }

    fn operated(&self, id: AccountId, transaction: u64) -> Operated {
        Operated { account: id, transaction, balance: self.known_account(id).points.posted() }
    }

    /// The account that a call names, if points come and go there.
    pub(in super::super) fn active_account(&self, whose: Whose<'_>) -> Result<&Arc<Account>, Refusal> {
        let account = self.find_whose(whose)?;
        if account.is_active { Ok(account) } else { Err(Refusal::AccountInactive { id: account.id }) }
    }

    /// Gives points by hand, active at once; answers the entry. The caller has checked sum, days and limit.
    pub(in super::super) fn give(
        &mut self,
        id: AccountId,
        amount: Amount,
        burn_days: Option<u32>,
        comment: Option<Arc<str>>,
        now: Time,
    ) -> u64 {
        let calendar = self.rules.calendar();
        self.change(id, |account, numbers| {
            let days = burn_days.or(account.burning_days);
            let expires_at = days.and_then(|days| calendar.change_after(now, days));
            account
                .points
                .accrue(EntryKind::Accrual, amount, expires_at, None, now, numbers)
                .expect("sum and limit were checked before, and a later day begins after now");
            account.note_last(Note { kind: TransactionKind::Refill, comment, check: None })
        })
    }

    /// Takes points, the soonest to burn first; answers from which lots, and the entry. The caller has checked
    /// that they are available.
    pub(in super::super) fn take(
        &mut self,
        id: AccountId,
        amount: Amount,
        kind: TransactionKind,
        comment: Option<Arc<str>>,
        check: Option<CheckId>,
        now: Time,
    ) -> (Spent, u64) {
        self.change(id, |account, numbers| {
            let spent =
                account.points.spend(amount, now, numbers).expect("what is available was checked before");
            (spent, account.note_last(Note { kind, comment, check }))
        })
    }

    /// Gives points as the programme does: they wait for as many days as the group's template says, and burning
    /// counts from the day on which they become active. What would outlive the year 9999 never burns. The caller
    /// has checked sum and limit.
    pub(in super::super) fn accrue(&mut self, id: AccountId, amount: Amount, note: Note, now: Time) -> LotId {
        let calendar = self.rules.calendar();
        let delay_days = self.activation_delay_of(self.known_account(id));
        let active_from =
            (delay_days > 0).then(|| calendar.change_after(now, delay_days).unwrap_or(Time::MAX));
        self.change(id, |account, numbers| {
            let counted_from = active_from.unwrap_or(now);
            let expires_at = account.burning_days.and_then(|days| calendar.change_after(counted_from, days));
            let lot = account
                .points
                .accrue(EntryKind::Accrual, amount, expires_at, active_from, now, numbers)
                .expect("sum and limit were checked before, and a later day begins after activation");
            account.note_last(note);
            lot
        })
    }

    /// After how many days accruals can be spent: what the group's template says.
    fn activation_delay_of(&self, account: &Account) -> u32 {
        let template = self.groups.get(&account.group).and_then(|group| group.template());
        template.map_or(0, |template| template.activation_delay_days)
    }
}
