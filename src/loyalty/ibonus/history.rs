//! `clients.history`: how a client's balances changed.

use std::sync::Arc;

use super::balance::Sum;
use super::currency::Currency;
use super::ids::ClientId;
use super::page::Page;
use super::{Books, Refusal};
use crate::loyalty::ledger::{Entry, EntryKind};
use crate::loyalty::time::Time;

/// Which changes to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistoryQuery {
    /// Not before this moment \[D\].
    pub from: Option<Time>,
    /// Not after this moment \[D\].
    pub to: Option<Time>,
    /// Which part of the list.
    pub page: Page,
}

/// A change of a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// How much; what was written off, burnt or taken back is negative \[I\].
    pub sum: Sum,
    /// When.
    pub date: Time,
    /// A captured hold's own transactionId; else the entry's number \[E, I\].
    pub id: Arc<str>,
}

impl Books {
    /// The changes of both balances, newest first \[I\]. A hold is none, its capture is one \[I\]; what a fixture
    /// opened an account with is not shown \[I\].
    pub fn history(&self, client: ClientId, query: &HistoryQuery) -> Result<Vec<Transaction>, Refusal> {
        let client = self.client_in_path(client)?;
        let [points, rubles] = Currency::ALL.map(|currency| {
            let entries = client.accounts().of(currency).entries().newest_first();
            entries.map(move |entry| (currency, entry))
        });
        let wanted = newest_first(points, rubles)
            .skip_while(|(_, entry)| query.to.is_some_and(|to| entry.at > to))
            .take_while(|(_, entry)| query.from.is_none_or(|from| entry.at >= from))
            .filter(|(_, entry)| entry.kind != EntryKind::Opening)
            .map(|(currency, entry)| Transaction {
                sum: Sum { amount: entry.amount, currency },
                date: entry.at,
                id: self.transaction_id(entry),
            });
        Ok(query.page.of(wanted))
    }

    fn transaction_id(&self, entry: &Entry) -> Arc<str> {
        let hold = self.captures.get(&entry.id).and_then(|id| self.holds.get(id));
        hold.map_or_else(|| entry.id.to_string().into(), |hold| Arc::clone(&hold.transaction_id))
    }
}

/// Two lists, each newest first, as one: entries are numbered in the order they were written.
fn newest_first<'a>(
    points: impl Iterator<Item = (Currency, &'a Entry)>,
    rubles: impl Iterator<Item = (Currency, &'a Entry)>,
) -> impl Iterator<Item = (Currency, &'a Entry)> {
    let (mut points, mut rubles) = (points.peekable(), rubles.peekable());
    std::iter::from_fn(move || match (points.peek(), rubles.peek()) {
        (Some((_, of_points)), Some((_, of_rubles))) if of_points.id < of_rubles.id => rubles.next(),
        (None, Some(_)) => rubles.next(),
        _ => points.next(),
    })
}
