//! `retail`: the operation itself. Spends points or accrues them, and ends the holds it was for.

use std::collections::BTreeSet;

use super::id::ObjectId;
use super::records::{Client, LevelKind, RetailReleases};
use super::{Books, Refusal, Ticket};
use crate::loyalty::amount::{Amount, Decimals, Percent, Rounding};
use crate::loyalty::ledger::{EntryKind, HoldId, POSTED_MAX};
use crate::loyalty::time::Time;

/// The operation to do.
#[derive(Clone, Debug)]
pub struct RetailOrder {
    /// Whose; `None` if what was sent is no id.
    pub client: Option<ObjectId>,
    /// Where; `None` if what was sent is no id.
    pub point: Option<ObjectId>,
    /// The receipt's sum.
    pub amount: Amount,
    /// The points to spend; 0 accrues instead \[D\].
    pub spend: Amount,
    /// The caller's own holds.
    pub holds: Vec<ObjectId>,
}

/// What the operation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retail {
    /// The receipt's sum.
    pub amount: Amount,
    /// What is paid by card or cash.
    pub total: Amount,
    /// The operation's percentage.
    pub percent: Percent,
    /// Whether points are accrued or the price reduced.
    pub kind: LevelKind,
    /// What became of the points.
    pub points: RetailPoints,
}

/// What an operation did with points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetailPoints {
    /// Spent so many; nothing is accrued then, not even on what is paid by card \[D\].
    Spent(Amount),
    /// Accrued so many.
    Earned(Amount),
    /// Nothing: the price was reduced.
    Untouched,
}

impl Books {
    /// Does the operation. A repeated call is a second operation \[I\]; a refused one changes nothing.
    pub fn retail(&mut self, order: &RetailOrder, now: Time) -> Result<Retail, Refusal> {
        let (client, point) = self.parties(order.client, order.point)?;
        let reckoned = self.reckon(client, point, order.amount, &order.holds);
        if order.spend > reckoned.spend {
            return Err(Refusal::SpendOverLimit { limit: reckoned.spend });
        }
        let earned = if order.spend.is_zero() { reckoned.earn } else { Amount::ZERO };
        if earned > POSTED_MAX - client.account.posted() {
            return Err(Refusal::BalanceOverLimit);
        }

        let (id, ended) = (client.id, self.holds_ended_by(client, point.id, &order.holds));
        for ticket in ended {
            self.end_hold(ticket);
        }
        let expires_at = self.rules.points.ttl.map(|ttl| now + ttl);
        let points = self.change(id, |client, numbers| {
            let account = &mut client.account;
            if order.spend.is_positive() {
                account.spend(order.spend, now, numbers).expect("the limit was checked before");
                RetailPoints::Spent(order.spend)
            } else if reckoned.kind == LevelKind::Discount {
                RetailPoints::Untouched
            } else {
                // With a ttl of nothing, or at the very end of time, points are gone as they are given.
                if earned.is_positive() && expires_at.is_none_or(|at| at > now) {
                    account
                        .accrue(EntryKind::Accrual, earned, expires_at, None, now, numbers)
                        .expect("sum and expiry were checked before");
                }
                RetailPoints::Earned(earned)
            }
        });
        let total = match points {
            RetailPoints::Spent(spent) => order.amount - spent,
            RetailPoints::Earned(_) => order.amount,
            RetailPoints::Untouched => {
                order.amount.percent(reckoned.percent.rest(), Decimals::Two, Rounding::HalfUp)
            }
        };
        Ok(Retail { amount: order.amount, total, percent: reckoned.percent, kind: reckoned.kind, points })
    }

    /// The holds that end with a successful operation: the client's that are listed, and, as the *rule*
    /// `retail_releases` says, those made at this point of sale.
    fn holds_ended_by(&self, client: &Client, point: ObjectId, listed: &[ObjectId]) -> BTreeSet<Ticket> {
        let clients = match self.rules.retail_releases {
            RetailReleases::ListedOnly => None,
            RetailReleases::ClientAtPoint => Some((client.id, client.id)),
            RetailReleases::AllAtPoint => Some((ObjectId::MIN, ObjectId::MAX)),
        };
        let at_point = clients.into_iter().flat_map(|(first, last)| {
            let first = Ticket { point, client: first, hold: HoldId(u64::MIN) };
            let last = Ticket { point, client: last, hold: HoldId(u64::MAX) };
            self.tickets_by_point.range(first..=last)
        });
        self.own_tickets(client, listed).chain(at_point).copied().collect()
    }
}
