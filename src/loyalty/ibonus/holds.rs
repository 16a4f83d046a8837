//! `fiscal_hub`: holds of points and coupons, captured, cancelled, or over.

use std::sync::Arc;

use super::balance::Sum;
use super::coupon::{CouponRef, draw_new};
use super::currency::Currency;
use super::ids::{ClientId, CouponId, HubHoldId, OrderId};
use super::orders::{ReceiptKind, Spend};
use super::{Books, Refusal};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::HoldId;
use crate::loyalty::time::Time;

/// A hold of the fiscal hub; ended ones are kept, so that a second attempt is told what became of the first.
#[derive(Clone, Debug, PartialEq)]
pub struct HubHold {
    /// Its number.
    pub id: HubHoldId,
    /// A UUID, by which it is written off and cancelled.
    pub transaction_id: Arc<str>,
    /// Whose points and coupons it claims.
    pub client: ClientId,
    /// In what.
    pub currency: Currency,
    /// How much it claimed when it was made; what is left of that is the ledger's to say.
    pub amount: Amount,
    /// The coupons it claims.
    pub coupons: Arc<[CouponId]>,
    /// The account's hold; none if it claims coupons alone.
    pub number: Option<HoldId>,
    /// When it was made.
    pub made_at: Time,
    /// When it is over.
    pub expires_at: Time,
    /// What has become of it.
    pub state: HoldState,
    /// The order it was written off with.
    pub fiscal_order: Option<OrderId>,
    /// The entry that its capture wrote.
    pub entry: Option<u64>,
}

/// What has become of a hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HoldState {
    /// It claims its points and coupons.
    #[default]
    Active,
    /// They were spent.
    WrittenOff,
    /// It was given up.
    Cancelled,
    /// Its time was over, or every point under it burnt or was taken back.
    Expired,
}

/// A hold to be made.
#[derive(Clone, Copy, Debug)]
pub struct HoldOrder<'a> {
    /// Whose.
    pub client: ClientId,
    /// In what.
    pub currency: Currency,
    /// How much; nothing is allowed if there are coupons \[I\].
    pub amount: Amount,
    /// The client's coupons to claim.
    pub coupons: &'a [CouponId],
}

impl Books {
    /// The holds, ended ones too, by number.
    pub fn holds(&self) -> impl DoubleEndedIterator<Item = &Arc<HubHold>> + ExactSizeIterator {
        self.holds.values()
    }

    /// A hold.
    pub fn hold(&self, id: HubHoldId) -> Option<&Arc<HubHold>> {
        self.holds.get(&id)
    }

    /// The hold of this transactionId, also one that has ended.
    pub fn hold_of_transaction(&self, transaction_id: &str) -> Option<&Arc<HubHold>> {
        self.by_transaction.get(transaction_id).and_then(|id| self.holds.get(id))
    }

    /// A client's active holds, those of coupons alone last.
    pub fn active_holds_of(&self, client: ClientId) -> impl Iterator<Item = &Arc<HubHold>> {
        let ids = self.client(client).into_iter().flat_map(|client| {
            let alone = client.coupon_holds.iter().map(|(_, id)| id);
            client.tickets.values().chain(alone)
        });
        ids.filter_map(|id| self.holds.get(id))
    }

    /// What is left under a hold now; nothing, once it has ended.
    pub fn held_amount(&self, hold: &HubHold) -> Amount {
        let account = self.client(hold.client).map(|client| client.accounts().of(hold.currency));
        let claim = account.and_then(|account| account.active_hold(hold.number?));
        claim.map_or(Amount::ZERO, |claim| claim.amount)
    }

    /// Holds points and coupons: 30 days to the millisecond \[E\], *rule* `hold_ttl`.
    ///
    /// Refuses: an unknown client; a sum under zero, or nothing without coupons; more than is available; a coupon
    /// that cannot be used, or is held already; a hold that would be over at once.
    pub fn make_hold(&mut self, order: &HoldOrder<'_>, now: Time) -> Result<Arc<HubHold>, Refusal> {
        let client = self.client(order.client).ok_or(Refusal::UnknownClient { id: order.client })?;
        let nothing = order.amount.is_zero() && order.coupons.is_empty();
        if order.amount.is_negative() || nothing {
            return Err(Refusal::AmountNotPositive);
        }
        client.check_available(Sum { amount: order.amount, currency: order.currency })?;
        Books::check_coupons(client, order.coupons, now)?;
        let expires_at = now + self.rules.hold_ttl;
        if expires_at <= now {
            return Err(Refusal::DeadlinePassed);
        }

        let hold = HubHold {
            id: self.counts.holds.take(),
            transaction_id: self.new_transaction_id(),
            client: order.client,
            currency: order.currency,
            amount: order.amount,
            coupons: order.coupons.into(),
            number: None,
            made_at: now,
            expires_at,
            state: HoldState::Active,
            fiscal_order: None,
            entry: None,
        };
        Ok(self.place_hold(hold, now))
    }

    /// `holds.writeOff`: spends what is left under a hold and redeems its coupons. If it names a sale, what was
    /// spent comes back when that is refunded \[I\]. A coupon that is over meanwhile has dropped out \[I\].
    ///
    /// Refuses: an unknown hold; one that was written off, cancelled, or is over; an unknown order.
    pub fn capture_hold(
        &mut self,
        transaction_id: &str,
        fiscal_order: Option<OrderId>,
        now: Time,
    ) -> Result<(), Refusal> {
        let hold = self.active_hold(transaction_id)?;
        if let Some(id) = fiscal_order.filter(|id| !self.orders.contains_key(id)) {
            return Err(Refusal::UnknownOrder { id });
        }

        let claimed = self.change(hold.client, |client, numbers| {
            let claims = |id: &&CouponId| client.coupon(**id).is_some_and(|it| it.held_by == Some(hold.id));
            let coupons: Vec<CouponId> = hold.coupons.iter().filter(claims).copied().collect();
            client.redeem(&coupons);
            let account = client.accounts.of_mut(hold.currency);
            let captured = hold.number.map(|number| {
                let amount = account.active_hold(number).map_or(Amount::ZERO, |held| held.amount);
                let spent = account.capture(number, now, numbers).expect("the hold is active in the books");
                let entry = account.entries().newest_first().next().map(|entry| entry.id);
                (amount, spent, entry)
            });
            (captured, coupons)
        });
        let (captured, coupons) = claimed;
        let entry = captured.as_ref().and_then(|(_, _, entry)| *entry);
        self.close_hold(hold.id, HoldState::WrittenOff);
        let closed = Arc::make_mut(self.holds.get_mut(&hold.id).expect("it was closed a line ago"));
        (closed.fiscal_order, closed.entry) = (fiscal_order, entry);
        entry.map(|entry| self.captures.insert(entry, hold.id));
        if let Some(order) = fiscal_order {
            let (client, currency) = (hold.client, hold.currency);
            let spend = captured.map(|(amount, spent, _)| Spend { client, currency, amount, spent });
            self.attach(order, client, spend, &coupons);
        }
        Ok(())
    }

    /// `holds.cancel`: gives a hold up.
    ///
    /// Refuses: an unknown hold; one that was written off, cancelled, or is over.
    pub fn cancel_hold(&mut self, transaction_id: &str) -> Result<(), Refusal> {
        let hold = self.active_hold(transaction_id)?;
        self.change(hold.client, |client, _| {
            let account = client.accounts.of_mut(hold.currency);
            hold.number.map(|number| account.release(number).expect("the hold is active in the books"))
        });
        self.close_hold(hold.id, HoldState::Cancelled);
        Ok(())
    }

    fn active_hold(&self, transaction_id: &str) -> Result<Arc<HubHold>, Refusal> {
        let found = self.hold_of_transaction(transaction_id);
        let transaction_id = transaction_id.into();
        let Some(hold) = found else {
            return Err(Refusal::HoldNotFound { transaction_id });
        };
        match hold.state {
            HoldState::Active => Ok(Arc::clone(hold)),
            HoldState::WrittenOff => Err(Refusal::HoldWrittenOff { transaction_id }),
            HoldState::Cancelled => Err(Refusal::HoldCancelled { transaction_id }),
            HoldState::Expired => Err(Refusal::HoldExpired { transaction_id }),
        }
    }

    /// Puts an active hold on the account, the coupons and into the books. The caller has checked it.
    pub(super) fn place_hold(&mut self, mut hold: HubHold, now: Time) -> Arc<HubHold> {
        hold.number = self.change(hold.client, |client, numbers| {
            for coupon in hold.coupons.iter() {
                client.change_coupon(*coupon, |coupon| coupon.held_by = Some(hold.id));
            }
            if hold.amount.is_zero() {
                client.coupon_holds.insert((hold.expires_at, hold.id));
                return None;
            }
            let account = client.accounts.of_mut(hold.currency);
            let number = account
                .hold(hold.amount, hold.expires_at, now, numbers)
                .expect("what is available and the deadline were checked before");
            client.tickets.insert(number, hold.id);
            Some(number)
        });
        let hold = Arc::new(hold);
        self.by_transaction.insert(Arc::clone(&hold.transaction_id), hold.id);
        self.holds.insert(hold.id, Arc::clone(&hold));
        hold
    }

    pub(super) fn new_transaction_id(&mut self) -> Arc<str> {
        let (mint, taken) = (&mut self.mint, &self.by_transaction);
        draw_new(|| mint.uuid(), |id| taken.contains_key(id))
    }

    /// Ends a hold whose points are spent or free already; its coupons are free with it.
    pub(super) fn close_hold(&mut self, id: HubHoldId, state: HoldState) -> Arc<HubHold> {
        let hold = self.holds.get_mut(&id).expect("the caller has found this hold");
        Arc::make_mut(hold).state = state;
        let hold = Arc::clone(hold);
        self.change(hold.client, |client, _| {
            match hold.number {
                Some(number) => drop(client.tickets.remove(&number)),
                None => drop(client.coupon_holds.remove(&(hold.expires_at, id))),
            }
            for coupon in hold.coupons.iter() {
                client.change_coupon(*coupon, |coupon| {
                    if coupon.held_by == Some(id) {
                        coupon.held_by = None;
                    }
                });
            }
        });
        hold
    }

    /// Notes a captured hold on the sale that it names; other orders have nothing to give back.
    fn attach(&mut self, id: OrderId, client: ClientId, spend: Option<Spend>, coupons: &[CouponId]) {
        self.change_order(id, |order| {
            if order.kind != ReceiptKind::Sale || order.test {
                return;
            }
            order.effects.spends.extend(spend);
            order.effects.redeemed.extend(coupons.iter().map(|coupon| CouponRef { client, coupon: *coupon }));
        });
    }
}
