//! `orders.create`, a refund, and `hub.refund`: undoes a sale, or the part of it that some items are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::client::Client;
use super::super::coupon::CouponState;
use super::super::ids::{ClientId, CouponId, ItemId, OrderId};
use super::super::users::UserId;
use super::super::{Books, Refusal};
use super::line::{self, Item};
use super::{Accrued, Effects, Order, Receipt, ReceiptKind};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{LotId, POSTED_MAX};
use crate::loyalty::time::Time;

/// A refund to be placed.
#[derive(Clone, Copy, Debug)]
pub struct Refund<'a> {
    /// What it has in common with other orders. The customer is the sale's, whoever is named here \[I\].
    pub receipt: Receipt<'a>,
    /// The items that come back, as `/items/` lists them \[E\].
    pub items: &'a [ItemId],
}

/// What a refund will do, reckoned before anything is changed: what is asked for, whether it is there or not.
pub(in super::super) struct Parts {
    /// The sale.
    pub(in super::super) sale: OrderId,
    /// The items that come back.
    pub(in super::super) items: Arc<[Item]>,
    /// What they cost.
    pub(in super::super) total: Amount,
    /// Whether nothing of the sale is left after it.
    whole: bool,
    /// What of the accrual is cancelled.
    cancelled: Amount,
    /// What is given back of each spend.
    given_back: Vec<Amount>,
}

impl Books {
    /// Places a refund.
    ///
    /// Refuses: no items; a missing or known externalId \[I: a refund has one of its own\]; an item that is
    /// unknown, named twice, or of another order than the first; a test's; one refunded before; a balance over the
    /// ledger's limit.
    pub fn place_refund(&mut self, refund: &Refund<'_>, now: Time) -> Result<OrderId, Refusal> {
        if refund.items.is_empty() {
            return Err(Refusal::NoItems);
        }
        self.check_external_id(refund.receipt.external_id)?;
        let parts = self.plan_refund(refund.items)?;

        let order = self.carry_out_refund(&parts, refund.receipt.by, now);
        Ok(self.insert_order(order.with_receipt(&refund.receipt)))
    }

    /// `hub.refund`: the same without a receipt: no externalId, no payments \[I\].
    pub fn refund_through_hub(
        &mut self,
        items: &[ItemId],
        by: UserId,
        now: Time,
    ) -> Result<OrderId, Refusal> {
        let parts = self.plan_refund(items)?;
        let contact = self.orders.get(&parts.sale).map(|sale| sale.contact.clone()).unwrap_or_default();
        let mut order = self.carry_out_refund(&parts, by, now);
        order.contact = contact;
        Ok(self.insert_order(order))
    }

    fn plan_refund(&self, items: &[ItemId]) -> Result<Parts, Refusal> {
        let sale = self.sale_of(items)?;
        if sale.test {
            return Err(Refusal::TestOrderItem { id: items[0] });
        }
        let parts = Parts::of(sale, items)?;
        let given_back: Amount = parts.given_back.iter().copied().sum();
        let overflows = |spend: &super::Spend| {
            let account = self.known_client(spend.client).accounts().of(spend.currency);
            given_back > POSTED_MAX - account.posted()
        };
        if sale.effects.spends.iter().any(overflows) {
            return Err(Refusal::BalanceOverLimit);
        }
        Ok(parts)
    }

    /// The one sale that all of these are items of.
    pub(super) fn sale_of(&self, items: &[ItemId]) -> Result<&Arc<Order>, Refusal> {
        let first = items.first().ok_or(Refusal::NoItems)?;
        let sale = *self.items.get(first).ok_or(Refusal::UnknownItem { id: *first })?;
        let mut named = BTreeSet::new();
        for id in items {
            let order = self.items.get(id).ok_or(Refusal::UnknownItem { id: *id })?;
            if !named.insert(id) {
                return Err(Refusal::ItemRepeated { id: *id });
            }
            if *order != sale {
                return Err(Refusal::SeveralOrders { id: *id });
            }
        }
        Ok(self.orders.get(&sale).expect("items are those of orders that are there"))
    }

    /// What a refund of these items is.
    pub(in super::super) fn parts_of(&self, items: &[ItemId]) -> Result<Parts, Refusal> {
        Parts::of(self.sale_of(items)?, items)
    }

    /// Marks items of a sale as refunded, and nothing else: for a fixture's refund, whose balances are what they
    /// are after it.
    pub(in super::super) fn mark_refunded(&mut self, parts: &Parts) {
        self.change_order(parts.sale, |sale| {
            parts.advance(sale);
            for (spend, part) in sale.effects.spends.iter_mut().zip(&parts.given_back) {
                spend.spent.forget(*part);
            }
        });
    }

    /// Undoes what the parts are, and makes the order of it. First the accrual is cancelled, then the write-off is
    /// returned, in the documentation's order \[D\].
    fn carry_out_refund(&mut self, parts: &Parts, by: UserId, now: Time) -> Order {
        let (customer, before, currency) = self.change_order(parts.sale, |sale| {
            let before = sale.effects.accrued;
            parts.advance(sale);
            (sale.customer, before, sale.cashback_currency)
        });
        let mut taken_back = Amount::ZERO;
        if let Some(client) = customer {
            self.change(client, |client, _| client.counters.refund(parts.total, parts.whole));
            if let Some(accrued) = before {
                taken_back = self.cancel_accrual(client, accrued, parts.cancelled, now);
            }
        }
        self.return_spends(parts, now);
        self.return_coupons(parts, now);

        let mut order = self.new_order(ReceiptKind::Refund, by, customer, now);
        order.items = Arc::clone(&parts.items);
        order.total = parts.total;
        order.cashback = -taken_back;
        order.cashback_currency = currency;
        order.refund_of = Some(parts.sale);
        order
    }

    /// Takes an accrual back: from its own lot first, then soonest to burn \[I\], down to nothing \[I\].
    fn cancel_accrual(&mut self, client: ClientId, accrued: Accrued, amount: Amount, now: Time) -> Amount {
        if !amount.is_positive() {
            return Amount::ZERO;
        }
        // No lot has the number 0: an accrual from a fixture has none of its own.
        let lot = accrued.lot.unwrap_or(LotId(0));
        let (taken, shrunk) = self.change(client, |client, numbers| {
            let account = client.accounts.of_mut(accrued.currency);
            account.take_back(lot, amount, now, numbers).expect("the amount is more than nothing")
        });
        self.close_shrunk(client, &shrunk);
        taken
    }

    /// Gives what was spent back to the lots it came from; an expired one stays expired \[I\].
    fn return_spends(&mut self, parts: &Parts, now: Time) {
        let mut spends = self.change_order(parts.sale, |sale| std::mem::take(&mut sale.effects.spends));
        for (spend, part) in spends.iter_mut().zip(&parts.given_back).filter(|(_, part)| part.is_positive()) {
            self.change(spend.client, |client, numbers| {
                let account = client.accounts.of_mut(spend.currency);
                account
                    .give_back(&mut spend.spent, *part, now, numbers)
                    .expect("the part is what is left at the most, and the limit was checked before");
            });
        }
        self.change_order(parts.sale, |sale| sale.effects.spends = spends);
    }

    /// Cancels the coupon that the sale issued, unless it is redeemed: already with the first item that comes
    /// back, as a coupon has no parts \[D, I\]. Makes coupons that were redeemed with a wholly refunded sale usable
    /// again, if they are not over \[I\].
    fn return_coupons(&mut self, parts: &Parts, now: Time) {
        let sale = Arc::clone(self.orders.get(&parts.sale).expect("the parts are of a sale that is there"));
        if let (Some(client), Some(issued)) = (sale.customer, sale.effects.issued) {
            self.change(client, |client, _| cancel_coupon(client, issued));
        }
        if !parts.whole {
            return;
        }
        for redeemed in &sale.effects.redeemed {
            self.change(redeemed.client, |client, _| {
                client.change_coupon(redeemed.coupon, |coupon| {
                    if coupon.state == CouponState::Redeemed && coupon.is_good_at(now) {
                        coupon.state = CouponState::Live;
                    }
                });
            });
        }
    }
}

fn cancel_coupon(client: &mut Client, id: CouponId) {
    client.change_coupon(id, |coupon| {
        if matches!(coupon.state, CouponState::Live | CouponState::Expired) {
            coupon.state = CouponState::Cancelled;
            coupon.held_by = None;
        }
    });
}

impl Parts {
    /// In proportion to the items' share of the order's total, rounded half up; the last part takes the rest, so
    /// that all parts add up exactly \[I\].
    fn of(sale: &Order, items: &[ItemId]) -> Result<Parts, Refusal> {
        if let Some(id) = items.iter().find(|id| sale.effects.refunded.contains(id)) {
            return Err(Refusal::ItemRefunded { id: *id });
        }
        let named: BTreeSet<ItemId> = items.iter().copied().collect();
        let returned: Arc<[Item]> =
            sale.items.iter().filter(|item| named.contains(&item.id)).cloned().collect();
        let total: Amount = returned.iter().map(|item| item.sum).sum();
        let whole = sale.effects.refunded.len() + returned.len() == sale.items.len();
        let part = |amount: Amount, left: Amount| {
            if whole { left } else { line::share(amount, total, sale.total).min(left) }
        };
        let Effects { accrued, spends, .. } = &sale.effects;
        let cancelled =
            accrued.map_or(Amount::ZERO, |accrued| part(accrued.amount, accrued.amount - accrued.cancelled));
        let given_back = spends.iter().map(|spend| part(spend.amount, spend.spent.left())).collect();
        Ok(Parts { sale: sale.id, items: returned, total, whole, cancelled, given_back })
    }

    /// Notes on the sale what the parts undo; the spends note it themselves.
    fn advance(&self, sale: &mut Order) {
        sale.effects.refunded.extend(self.items.iter().map(|item| item.id));
        if let Some(accrued) = &mut sale.effects.accrued {
            accrued.cancelled += self.cancelled;
        }
    }
}
