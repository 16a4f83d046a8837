//! `orders.createTest`: an order that is kept and touches nothing else: no balance, no coupon, no counter, no
//! client \[I\].

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::ids::{ItemId, OrderId};
use super::super::{Books, Refusal};
use super::line;
use super::refund::Refund;
use super::sale::Sale;
use super::{Order, Receipt, ReceiptKind};
use crate::loyalty::time::Time;

impl Books {
    /// Keeps a test sale. Its customer is a client only if it is one already; its externalId may come again \[I\].
    ///
    /// Refuses: no items; a line that does not add up; a missing externalId.
    pub fn place_test_sale(&mut self, sale: &Sale<'_>, now: Time) -> Result<OrderId, Refusal> {
        let (sums, total) = line::sums(sale.lines)?;
        check_named(&sale.receipt)?;

        let mut order = self.new_test_order(ReceiptKind::Sale, &sale.receipt, now);
        order.items = self.new_items(order.id, sale.lines, &sums);
        order.total = total;
        Ok(self.insert_order(order))
    }

    /// Keeps a test refund; the items it names stay as they are.
    ///
    /// Refuses: no items; a missing externalId; then, item by item, one that is unknown, named twice, or of
    /// another order than the first.
    pub fn place_test_refund(&mut self, refund: &Refund<'_>, now: Time) -> Result<OrderId, Refusal> {
        if refund.items.is_empty() {
            return Err(Refusal::NoItems);
        }
        check_named(&refund.receipt)?;
        let sale = Arc::clone(self.sale_of(refund.items)?);

        let mut order = self.new_test_order(ReceiptKind::Refund, &refund.receipt, now);
        let named: BTreeSet<ItemId> = refund.items.iter().copied().collect();
        order.items = sale.items.iter().filter(|item| named.contains(&item.id)).cloned().collect();
        order.total = order.items.iter().map(|item| item.sum).sum();
        order.refund_of = Some(sale.id);
        Ok(self.insert_order(order))
    }

    fn new_test_order(&mut self, kind: ReceiptKind, receipt: &Receipt<'_>, now: Time) -> Order {
        let customer = self.find_customer(receipt.customer).map(|client| client.id);
        let mut order = self.new_order(kind, receipt.by, customer, now).with_receipt(receipt);
        order.test = true;
        order
    }
}

fn check_named(receipt: &Receipt<'_>) -> Result<(), Refusal> {
    if receipt.external_id.trim().is_empty() {
        return Err(Refusal::ExternalIdMissing);
    }
    Ok(())
}
