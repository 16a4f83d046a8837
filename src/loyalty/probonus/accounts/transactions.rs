//! `accounts.transactions`: how a balance changed, in a period or lately \[D, twice\].

use std::sync::Arc;

use super::super::calendar::Period;
use super::super::ids::{AccountId, CheckId};
use super::super::{Books, Refusal};
use super::{Account, TransactionKind};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{Entry, EntryKind};
use crate::loyalty::time::Time;

/// Which transactions to list; given together, both hold \[I\].
#[derive(Clone, Copy, Debug, Default)]
pub struct TransactionsQuery {
    /// Those of this period.
    pub period: Period,
    /// So many, the last ones.
    pub count: Option<usize>,
}

/// A change of a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The entry's number.
    pub id: u64,
    /// Whose.
    pub account: AccountId,
    /// When: a burn at the day change, however late somebody looked.
    pub date: Time,
    /// What it was.
    pub kind: TransactionKind,
    /// How much; what leaves the account is negative.
    pub amount: Amount,
    /// Points on the account after it, pending ones included.
    pub balance: Amount,
    /// What was said with it.
    pub comment: Option<Arc<str>>,
    /// The check that it belongs to.
    pub check: Option<CheckId>,
}

impl Books {
    /// The transactions of an account, newest first. What a fixture opened it with is none.
    ///
    /// Refuses: an unknown account.
    pub fn transactions(
        &self,
        id: AccountId,
        query: &TransactionsQuery,
    ) -> Result<Vec<Transaction>, Refusal> {
        let account = self.find_account(id)?;
        let window = self.rules.calendar().window(query.period);
        let entries = account.points.entries().newest_first();
        let transactions = entries
            .skip_while(|entry| !window.is_not_over(entry.at))
            .take_while(|entry| window.has_begun(entry.at))
            .filter_map(|entry| account.transaction(entry));
        Ok(transactions.take(query.count.unwrap_or(usize::MAX)).collect())
    }
}

impl Account {
    /// An entry as a transaction; none if it is no vendor's: what a fixture opened the account with.
    pub(in super::super) fn transaction(&self, entry: &Entry) -> Option<Transaction> {
        let note = self.notes.get(&entry.id);
        let kind = match (note, entry.kind) {
            (Some(note), _) => note.kind,
            (None, EntryKind::Opening) => return None,
            (None, EntryKind::Burn) => TransactionKind::Burn,
            // A balance set from outside looks like points given or taken by hand [I].
            (None, _) if entry.amount.is_negative() => TransactionKind::Withdraw,
            (None, _) => TransactionKind::Refill,
        };
        Some(Transaction {
            id: entry.id,
            account: self.id,
            date: entry.at,
            kind,
            amount: entry.amount,
            balance: entry.balance,
            comment: note.and_then(|note| note.comment.clone()),
            check: note.and_then(|note| note.check),
        })
    }
}
