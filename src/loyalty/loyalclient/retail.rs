//! `retail`: the operation itself. Spends points or accrues them, and ends the holds it was for.

use std::collections::BTreeSet;

use super::id::ObjectId;
use super::records::{Client, LevelKind, RetailReleases};
use super::{Books, Refusal, Ticket};
use crate::loyalty::amount::{Amount, Decimals, Percent, Rounding};
use crate::loyalty::ledger::{EntryKind, POSTED_MAX};
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
                if earned.is_positive() {
                    account
                        .accrue(EntryKind::Accrual, earned, expires_at, None, now, numbers)
                        .expect("the sum was checked before, and a ttl is longer than nothing");
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
    fn holds_ended_by(&self, client: &Client, point: ObjectId, listed: &[ObjectId]) -> Vec<Ticket> {
        let listed: BTreeSet<&ObjectId> = listed.iter().collect();
        let ends = |id: &ObjectId, ticket: &Ticket| {
            let own = ticket.client == client.id;
            let at_point = ticket.point == point;
            own && listed.contains(id)
                || match self.rules.retail_releases {
                    RetailReleases::ListedOnly => false,
                    RetailReleases::ClientAtPoint => own && at_point,
                    RetailReleases::AllAtPoint => at_point,
                }
        };
        if self.rules.retail_releases == RetailReleases::AllAtPoint {
            return self.tickets.iter().filter(|(id, ticket)| ends(id, ticket)).map(|(_, ticket)| *ticket).collect();
        }
        let own = client.tickets.values().filter_map(|id| Some((id, self.tickets.get(id)?)));
        own.filter(|(id, ticket)| ends(id, ticket)).map(|(_, ticket)| *ticket).collect()
    }
}
