//! A client: who it is, its counters, its accounts, its coupons.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::coupon::Coupon;
use super::currency::{Accounts, Currency};
use super::ids::{ClientId, CouponId, HubHoldId};
use super::phone::Phone;
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{HoldId, POSTED_MAX};
use crate::loyalty::time::Time;

/// A client of the programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// The id.
    pub id: ClientId,
    /// The e-mail address.
    pub email: Option<Arc<str>>,
    /// The phone.
    pub phone: Option<Phone>,
    /// The name.
    pub name: Option<Box<str>>,
    /// The URL of a picture.
    pub avatar_url: Option<Box<str>>,
    /// What the client bought and said.
    pub counters: Counters,
    /// 32 hex digits \[D\]; a fixture may have any other text \[E: the examples are scrubbed\].
    pub token: Arc<str>,
    pub(super) accounts: Accounts,
    pub(super) coupons: OrdMap<CouponId, Coupon>,
    /// When the live coupons are over, the soonest first.
    pub(super) coupon_deadlines: OrdSet<(Time, CouponId)>,
    /// The holds of the accounts' active holds.
    pub(super) tickets: OrdMap<HoldId, HubHoldId>,
    /// The active holds of coupons alone, the soonest over first.
    pub(super) coupon_holds: OrdSet<(Time, HubHoldId)>,
}

impl Client {
    /// The accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// All the coupons, those that are used or over, too, by id.
    pub fn coupons(&self) -> impl DoubleEndedIterator<Item = &Coupon> + ExactSizeIterator {
        self.coupons.values()
    }

    /// A coupon.
    pub fn coupon(&self, id: CouponId) -> Option<&Coupon> {
        self.coupons.get(&id)
    }

    /// The holds behind the accounts' active holds, oldest first.
    pub fn hold_ids(&self) -> impl Iterator<Item = (HoldId, HubHoldId)> {
        self.tickets.iter().map(|(number, id)| (*number, *id))
    }

    /// When something next happens here by itself.
    pub(super) fn next_due(&self) -> Option<Time> {
        let accounts = Currency::ALL.map(|currency| self.accounts.of(currency).next_due());
        let hold = self.coupon_holds.get_min().map(|(at, _)| *at);
        let coupon = self.coupon_deadlines.get_min().map(|(at, _)| *at);
        accounts.into_iter().chain([hold, coupon]).flatten().min()
    }

    /// Adds a coupon, with its deadline.
    pub(super) fn add_coupon(&mut self, coupon: Coupon) {
        coupon.deadline().map(|at| self.coupon_deadlines.insert((at, coupon.id)));
        self.coupons.insert(coupon.id, coupon);
    }

    /// The one door to a change of a coupon: keeps its deadline true.
    pub(super) fn change_coupon(&mut self, id: CouponId, change: impl FnOnce(&mut Coupon)) {
        let Some(coupon) = self.coupons.get_mut(&id) else {
            return;
        };
        let before = coupon.deadline();
        change(coupon);
        let after = coupon.deadline();
        if before != after {
            before.map(|at| self.coupon_deadlines.remove(&(at, id)));
            after.map(|at| self.coupon_deadlines.insert((at, id)));
        }
    }
}

/// What a client bought and said. What a fixture gives is the starting value; orders go on from there \[I\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Sales that are not wholly refunded.
    pub paid_purchases: u64,
    /// All sales.
    pub total_purchases: u64,
    /// `total_purchases_amount / total_purchases`.
    pub average_bill: Amount,
    /// The sum of all sales.
    pub total_purchases_amount: Amount,
    /// The sum of all sales less what was refunded.
    pub paid_purchases_amount: Amount,
    /// Good reviews; only a fixture writes any.
    pub positive_reviews: u64,
    /// Reviews that are neither.
    pub neutral_reviews: u64,
    /// Bad reviews.
    pub negative_reviews: u64,
}

impl Counters {
    /// Counts a sale.
    pub(super) fn sale(&mut self, total: Amount) {
        let add = |sum: Amount| (sum + total).min(POSTED_MAX);
        self.paid_purchases = self.paid_purchases.saturating_add(1);
        self.total_purchases = self.total_purchases.saturating_add(1);
        self.total_purchases_amount = add(self.total_purchases_amount);
        self.paid_purchases_amount = add(self.paid_purchases_amount);
        // A half goes up; sums are at most 10^17 hundredths, so twice of them fits.
        let count = i64::try_from(self.total_purchases).unwrap_or(i64::MAX / 4);
        let sum = self.total_purchases_amount.hundredths();
        self.average_bill = Amount::from_hundredths((2 * sum + count) / (2 * count));
    }

    /// Counts what was refunded of a sale; `whole` once nothing is left of it.
    pub(super) fn refund(&mut self, refunded: Amount, whole: bool) {
        self.paid_purchases_amount = (self.paid_purchases_amount - refunded).max(Amount::ZERO);
        if whole {
            self.paid_purchases = self.paid_purchases.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, Counters};

    #[test]
    fn counters_follow_the_orders() {
        let mut counters = Counters::default();
        for hundredths in [10_000, 5_001, 5_000] {
            counters.sale(Amount::from_hundredths(hundredths));
        }
        assert_eq!((counters.total_purchases, counters.paid_purchases), (3, 3));
        assert_eq!(counters.average_bill.to_string(), "66.67");
        counters.refund(Amount::whole(40), false);
        assert_eq!(
            (counters.paid_purchases, counters.paid_purchases_amount.to_string()),
            (3, "160.01".into())
        );
        counters.refund(Amount::whole(60), true);
        assert_eq!((counters.paid_purchases, counters.total_purchases), (2, 3));
        assert_eq!(counters.total_purchases_amount.to_string(), "200.01");
    }
}
