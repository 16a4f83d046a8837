//! `orders.create`, a sale: writes off points, redeems coupons, accrues, issues a coupon.

use std::sync::Arc;

use super::super::balance::Sum;
use super::super::coupon::CouponRef;
use super::super::currency::Currency;
use super::super::ids::{ClientId, CouponId, OrderId};
use super::super::settings::Cashback;
use super::super::{Books, Refusal, client::Client, rules::AccrualBase};
use super::line::{self, Item, Line};
use super::{Accrued, Order, Receipt, ReceiptKind, Spend};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{EntryKind, POSTED_MAX};
use crate::loyalty::time::Time;

/// A sale to be placed.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    /// What it has in common with other orders.
    pub receipt: Receipt<'a>,
    /// What is sold.
    pub lines: &'a [Line],
    /// What to write off from the customer's balance; nothing is as good as left out \[I\].
    pub write_off: Option<Amount>,
    /// In what; left out: the settings' currency \[I\].
    pub currency: Option<Currency>,
    /// The customer's coupons to redeem.
    pub coupons: &'a [CouponId],
}

/// An order that was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub order: OrderId,
    /// What does not add up: accepted, as the vendor's own example does not either \[E\], and worth a note.
    pub mismatch: Option<PaymentMismatch>,
}

/// Card, cash and what was written off are not the order's total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentMismatch {
    /// The order's total.
    pub total: Amount,
    /// What was paid by card.
    pub card: Amount,
    /// What was paid in cash.
    pub cash: Amount,
    /// What was written off.
    pub written_off: Amount,
}

/// What a sale will do, reckoned before anything is changed.
struct Plan {
    sums: Vec<Amount>,
    total: Amount,
    write_off: Sum,
    accrue: Sum,
    cashback: Cashback,
}

impl Books {
    /// Places a sale.
    ///
    /// Refuses: no items; a line that does not add up; a total over the limit; a missing or known externalId; a
    /// sum under zero; a write-off or coupons without a customer; more than the total; more than is available; a
    /// coupon that cannot be used; an accrual over the ledger's limit.
    pub fn place_sale(&mut self, sale: &Sale<'_>, now: Time) -> Result<Placed, Refusal> {
        let plan = self.plan_sale(sale, now)?;

        let customer = self.meet_customer(sale.receipt.customer, None);
        let mut order =
            self.new_order(ReceiptKind::Sale, sale.receipt.by, customer, now).with_receipt(&sale.receipt);
        order.items = self.new_items(order.id, sale.lines, &plan.sums);
        order.total = plan.total;
        if let Some(client) = customer {
            self.carry_out(&mut order, client, sale.coupons, &plan, now);
        }
        let order = self.insert_order(order);
        Ok(Placed { order, mismatch: mismatch(sale, &plan) })
    }

    fn plan_sale(&self, sale: &Sale<'_>, now: Time) -> Result<Plan, Refusal> {
        let (sums, total) = line::sums(sale.lines)?;
        self.check_external_id(sale.receipt.external_id)?;
        let write_off = Sum {
            amount: sale.write_off.unwrap_or_default(),
            currency: sale.currency.unwrap_or(self.settings.currency),
        };
        if write_off.amount.is_negative() {
            return Err(Refusal::AmountNegative);
        }
        let wants_customer = write_off.amount.is_positive() || !sale.coupons.is_empty();
        if wants_customer && !sale.receipt.customer.is_named() {
            return Err(Refusal::CustomerMissing);
        }
        if write_off.amount > total {
            return Err(Refusal::MoreThanTotal { total });
        }
        let client = self.find_customer(sale.receipt.customer);
        match client {
            Some(client) => {
                client.check_available(write_off)?;
                Books::check_coupons(client, sale.coupons, now)?;
            }
            // Who is not known yet has nothing to write off.
            None if write_off.amount.is_positive() => {
                let (currency, available) = (write_off.currency, Amount::ZERO);
                return Err(Refusal::InsufficientPoints { currency, available });
            }
            None => sale.coupons.first().map_or(Ok(()), |id| Err(Refusal::UnknownCoupon { id: *id }))?,
        }

        let cashback = self.cashback_for(client);
        let base = match self.rules.accrual_base {
            AccrualBase::OrderTotal => total,
            AccrualBase::PaidPart => total - write_off.amount,
        };
        let accrue = Sum { amount: cashback.on(base), currency: self.settings.currency };
        let posted = client.map_or(Amount::ZERO, |client| client.accounts().of(accrue.currency).posted());
        let leaves = if write_off.currency == accrue.currency { write_off.amount } else { Amount::ZERO };
        if accrue.amount > POSTED_MAX - (posted - leaves) {
            return Err(Refusal::BalanceOverLimit);
        }
        Ok(Plan { sums, total, write_off, accrue, cashback })
    }

    /// What a purchase gives this client: the first one, while nothing is paid for, is another than the later
    /// ones \[D, I\].
    fn cashback_for(&self, client: Option<&Arc<Client>>) -> Cashback {
        let first = client.is_none_or(|client| client.counters.paid_purchases == 0);
        match (self.settings.active, first) {
            (false, _) => Cashback::default(),
            (true, true) => self.settings.new_customer.clone(),
            (true, false) => self.settings.customer.clone(),
        }
    }

    /// Does to the customer what the sale is to do.
    fn carry_out(&mut self, order: &mut Order, id: ClientId, coupons: &[CouponId], plan: &Plan, now: Time) {
        let Sum { amount, currency } = plan.write_off;
        let burns_at = plan.cashback.expires_at(now);
        let (spent, lot) = self.change(id, |client, numbers| {
            client.counters.sale(plan.total);
            client.redeem(coupons);
            let spent = amount.is_positive().then(|| {
                let account = client.accounts.of_mut(currency);
                account.spend(amount, now, numbers).expect("what is available was checked before")
            });
            let lot = plan.accrue.amount.is_positive().then(|| {
                let account = client.accounts.of_mut(plan.accrue.currency);
                account
                    .accrue(EntryKind::Accrual, plan.accrue.amount, burns_at, None, now, numbers)
                    .expect("the sum was checked before, and points live for a day at least")
            });
            (spent, lot)
        });
        order.effects.redeemed =
            coupons.iter().map(|coupon| CouponRef { client: id, coupon: *coupon }).collect();
        order.effects.spends =
            spent.map(|spent| Spend { client: id, currency, amount, spent }).into_iter().collect();
        order.effects.accrued = lot.map(|lot| Accrued {
            currency: plan.accrue.currency,
            amount: plan.accrue.amount,
            lot: Some(lot),
            cancelled: Amount::ZERO,
        });
        order.cashback = plan.accrue.amount;
        order.cashback_currency = plan.accrue.currency;

        let template = plan.cashback.coupon.and_then(|id| self.templates.get(&id));
        if let Some(template) = template.filter(|template| template.gives_coupons(now)) {
            let (texts, through) = (Arc::clone(&template.texts), template.expire_date(now));
            order.effects.issued = Some(self.give_coupon(id, texts, plan.cashback.coupon, through));
        }
    }

    pub(super) fn new_items(&mut self, order: OrderId, lines: &[Line], sums: &[Amount]) -> Arc<[Item]> {
        let items = lines.iter().zip(sums);
        items
            .map(|(line, sum)| Item { id: self.counts.items.take(), order, line: line.clone(), sum: *sum })
            .collect()
    }
}

/// What does not add up, if the receipt says how it was paid.
fn mismatch(sale: &Sale<'_>, plan: &Plan) -> Option<PaymentMismatch> {
    let (card, cash) = (sale.receipt.amount_card, sale.receipt.amount_cash);
    if card.is_none() && cash.is_none() {
        return None;
    }
    let (card, cash) = (card.unwrap_or_default(), cash.unwrap_or_default());
    let written_off = plan.write_off.amount;
    let mismatch = PaymentMismatch { total: plan.total, card, cash, written_off };
    (card + cash + written_off != plan.total).then_some(mismatch)
}
