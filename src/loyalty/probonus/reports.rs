//! `reports.balances`, `reports.transactions`, `reports.burning`: by group and period; the totals are the
//! ledger's exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::accounts::{Account, TransactionKind};
use super::calendar::{Period, Window};
use super::ids::GroupId;
use super::{Books, Refusal, sum};
use crate::loyalty::amount::Amount;

/// What to report on.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportQuery {
    /// One group; left out: all of them.
    pub group: Option<GroupId>,
    /// The period.
    pub period: Period,
}

/// What groups have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balances {
    /// The groups, by id.
    pub groups: Vec<GroupBalance>,
    /// All of them together.
    pub total: AccountsTotal,
}

/// What a group has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupBalance {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: Box<str>,
    /// How many accounts, and their points.
    pub of_it: AccountsTotal,
}

/// Accounts and their points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountsTotal {
    /// How many accounts.
    pub accounts: usize,
    /// The points.
    pub amount: Amount,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transactions {
    /// The kinds of which there is any, in the order of the kinds.
    pub rows: Vec<TransactionsRow>,
    /// All of them together.
    pub total: TransactionsTotal,
}

/// What was done of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionsRow {
    /// The kind.
    pub kind: TransactionKind,
    /// How often, and the points.
    pub of_it: TransactionsTotal,
}

/// Transactions and their points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionsTotal {
    /// How many.
    pub count: usize,
    /// The points; what left the accounts is negative.
    pub amount: Amount,
}

/// What will burn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burning {
    /// The days, soonest first.
    pub rows: Vec<BurningRow>,
    /// All of them together; an account of several days counts once \[I\].
    pub total: AccountsTotal,
}

/// What will burn on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BurningRow {
    /// The server's day that begins with the burning.
    pub burn_date: NaiveDate,
    /// Of how many accounts, and the points.
    pub of_it: AccountsTotal,
}

impl Books {
    /// What groups have, or had at the end of the period; when it begins says nothing \[I\]. Accounts that were
    /// opened later do not count.
    ///
    /// Refuses: an unknown group.
    pub fn report_balances(&self, query: &ReportQuery) -> Result<Balances, Refusal> {
        let window = self.rules.calendar().window(query.period);
        let mut groups = Vec::new();
        let mut total = AccountsTotal::default();
        for group in self.groups_of(query)? {
            let balances = self.accounts_in(group).filter_map(|account| balance_at_end(account, window));
            let of_it = balances.fold(AccountsTotal::default(), AccountsTotal::plus);
            total = AccountsTotal {
                accounts: total.accounts + of_it.accounts,
                amount: sum::plus(total.amount, of_it.amount),
            };
            let name = self.group(group).map(|group| group.name.clone()).unwrap_or_default();
            groups.push(GroupBalance { group, name, of_it });
        }
        Ok(Balances { groups, total })
    }

    /// What was done in the period; what a fixture opened accounts with is nothing that was done.
    ///
    /// Refuses: an unknown group.
    pub fn report_transactions(&self, query: &ReportQuery) -> Result<Transactions, Refusal> {
        let window = self.rules.calendar().window(query.period);
        let mut rows: BTreeMap<TransactionKind, TransactionsTotal> = BTreeMap::new();
        for account in self.accounts_of(query)? {
            let entries = account.points().entries().newest_first();
            let inside = entries
                .skip_while(|entry| !window.is_not_over(entry.at))
                .take_while(|entry| window.has_begun(entry.at));
            for transaction in inside.filter_map(|entry| account.transaction(entry)) {
                let row = rows.entry(transaction.kind).or_default();
                *row = row.plus(1, transaction.amount);
            }
        }
        let total =
            rows.values().fold(TransactionsTotal::default(), |sum, row| sum.plus(row.count, row.amount));
        let rows = rows.into_iter().map(|(kind, of_it)| TransactionsRow { kind, of_it });
        Ok(Transactions { rows: rows.collect(), total })
    }

    /// What will burn, pending points included, on the days of the period.
    ///
    /// Refuses: an unknown group.
    pub fn report_burning(&self, query: &ReportQuery) -> Result<Burning, Refusal> {
        let calendar = self.rules.calendar();
        let window = calendar.window(query.period);
        let mut rows: BTreeMap<NaiveDate, AccountsTotal> = BTreeMap::new();
        let mut total = AccountsTotal::default();
        for account in self.accounts_of(query)? {
            let mut days = BTreeSet::new();
            for lot in account.points().lots() {
                let Some(at) = lot.expires_at.filter(|at| window.contains(*at)) else { continue };
                let day = calendar.day_of(at);
                let row = rows.entry(day).or_default();
                row.accounts += usize::from(days.insert(day));
                row.amount = sum::plus(row.amount, lot.amount);
                total.amount = sum::plus(total.amount, lot.amount);
            }
            total.accounts += usize::from(!days.is_empty());
        }
        let rows = rows.into_iter().map(|(burn_date, of_it)| BurningRow { burn_date, of_it });
        Ok(Burning { rows: rows.collect(), total })
    }

    fn groups_of(&self, query: &ReportQuery) -> Result<Vec<GroupId>, Refusal> {
        match query.group {
            None => Ok(self.groups.keys().copied().collect()),
            Some(group) => self.find_group(group).map(|group| vec![group.id]),
        }
    }

    fn accounts_of(&self, query: &ReportQuery) -> Result<impl Iterator<Item = &Arc<Account>>, Refusal> {
        let groups = self.groups_of(query)?;
        Ok(groups.into_iter().flat_map(|group| self.accounts_in(group)))
    }
}

/// What an account had at the end of the period; none if it was not there yet.
fn balance_at_end(account: &Arc<Account>, window: Window) -> Option<Amount> {
    let mut entries = account.points().entries().newest_first();
    let last = entries.find(|entry| window.is_not_over(entry.at)).map(|entry| entry.balance);
    last.or_else(|| window.is_not_over(account.created_at).then_some(Amount::ZERO))
}

impl AccountsTotal {
    fn plus(self, amount: Amount) -> AccountsTotal {
        AccountsTotal { accounts: self.accounts + 1, amount: sum::plus(self.amount, amount) }
    }
}

impl TransactionsTotal {
    fn plus(self, count: usize, amount: Amount) -> TransactionsTotal {
        TransactionsTotal { count: self.count + count, amount: sum::plus(self.amount, amount) }
    }
}
