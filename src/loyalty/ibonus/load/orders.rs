//! Orders from outside: what they say, and what they did to balances that are what they are after it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::Books;
use super::super::balance::Sum;
use super::super::currency::Currency;
use super::super::ids::{ClientId, ItemId, OrderId};
use super::super::orders::line::{Item, Line};
use super::super::orders::refund::Parts;
use super::super::orders::{Accrued, Contact, Effects, Order, OrderStatus, Reaction, ReceiptKind, Spend};
use super::super::users::UserId;
use super::{Conflict, Conflicts, FieldConflict, Step};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{LotId, Spent};
use crate::loyalty::time::Time;

/// An order to be added.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The id; left out: the next one.
    pub id: Option<OrderId>,
    /// The order number; left out: the next one.
    pub number: Option<Arc<str>>,
    /// The merchant's own number.
    pub external_id: Option<Arc<str>>,
    /// What kind it is.
    pub kind: ReceiptKind,
    /// When it was placed.
    pub date: Time,
    /// The merchant's own date; left out: the same.
    pub external_date: Option<Time>,
    /// Whose it is.
    pub client: Option<ClientId>,
    /// What it says of the customer.
    pub contact: Contact,
    /// Who placed it.
    pub by: UserId,
    /// Left out: a new one.
    pub public_url: Option<Box<str>>,
    /// What the customer thought of it.
    pub reaction: Option<Reaction>,
    /// What the customer wrote.
    pub comment: Option<Box<str>>,
    /// Left out: the sum of the items.
    pub total: Option<Amount>,
    /// How far the printing is.
    pub status: OrderStatus,
    /// What was accrued, and is on the balance or spent since; of a refund: what was taken back, negative.
    pub cashback: Amount,
    /// In what; left out: the settings' currency.
    pub cashback_currency: Option<Currency>,
    /// What was paid by card.
    pub amount_card: Option<Amount>,
    /// What was paid in cash.
    pub amount_cash: Option<Amount>,
    /// The fiscal drive's number.
    pub fiscal_fn: Option<Box<str>>,
    /// The fiscal document's number.
    pub fiscal_fd: Option<Box<str>>,
    /// The items of a sale or payout.
    pub items: Vec<NewItem>,
    /// The items that a refund refunds: those of a sale that was added before.
    pub refunds: Vec<ItemId>,
    /// What was written off, and is off the balance. Refunded, it comes as points that never burn.
    pub written_off: Option<Sum>,
    /// Whether it is a test.
    pub test: bool,
}

/// An item to be added.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// The id; left out: the next one.
    pub id: Option<ItemId>,
    /// What was sold.
    pub line: Line,
}

/// What is only told of an order, and does nothing.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // as in `Order`
pub struct Told {
    pub number: Arc<str>,
    pub external_id: Option<Arc<str>>,
    pub date: Time,
    pub external_date: Time,
    pub contact: Contact,
    pub public_url: Box<str>,
    pub reaction: Option<Reaction>,
    pub comment: Option<Box<str>>,
    pub status: OrderStatus,
    pub amount_card: Option<Amount>,
    pub amount_cash: Option<Amount>,
    pub fiscal_fn: Option<Box<str>>,
    pub fiscal_fd: Option<Box<str>>,
}

impl Told {
    fn of(order: &Order) -> Told {
        Told {
            number: Arc::clone(&order.number),
            external_id: order.external_id.clone(),
            date: order.date,
            external_date: order.external_date,
            contact: order.contact.clone(),
            public_url: order.public_url.clone(),
            reaction: order.reaction,
            comment: order.comment.clone(),
            status: order.status,
            amount_card: order.amount_card,
            amount_cash: order.amount_cash,
            fiscal_fn: order.fiscal_fn.clone(),
            fiscal_fd: order.fiscal_fd.clone(),
        }
    }

    fn set(self, order: &mut Order) {
        order.number = self.number;
        order.external_id = self.external_id;
        order.date = self.date;
        order.external_date = self.external_date;
        order.contact = self.contact;
        order.public_url = self.public_url;
        order.reaction = self.reaction;
        order.comment = self.comment;
        order.status = self.status;
        order.amount_card = self.amount_card;
        order.amount_cash = self.amount_cash;
        order.fiscal_fn = self.fiscal_fn;
        order.fiscal_fd = self.fiscal_fd;
    }
}

impl NewOrder {
    /// A sale of nothing yet, with all the defaults.
    pub fn new(date: Time, by: UserId) -> NewOrder {
        NewOrder {
            id: None,
            number: None,
            external_id: None,
            kind: ReceiptKind::Sale,
            date,
            external_date: None,
            client: None,
            contact: Contact::default(),
            by,
            public_url: None,
            reaction: None,
            comment: None,
            total: None,
            status: OrderStatus::Printed,
            cashback: Amount::ZERO,
            cashback_currency: None,
            amount_card: None,
            amount_cash: None,
            fiscal_fn: None,
            fiscal_fd: None,
            items: Vec::new(),
            refunds: Vec::new(),
            written_off: None,
            test: false,
        }
    }
}

impl Books {
    /// Whether a sale has this item.
    pub fn has_item(&self, id: ItemId) -> bool {
        self.items.contains_key(&id)
    }

    /// Adds an order; or tells all that speaks against it. Balances and counters stay as they are.
    pub fn add_order(&mut self, new: NewOrder) -> Result<OrderId, Vec<FieldConflict>> {
        let checked = self.check_new_order(&new)?;
        if let Some(parts) = &checked.refund {
            self.mark_refunded(parts);
        }

        let id = self.counts.orders.take_or(new.id);
        let refund_of = checked.refund.as_ref().map(|parts| parts.sale);
        let items = match checked.refund {
            Some(parts) => parts.items,
            None => self.opening_items(id, new.items.clone(), &checked.sums),
        };
        let currency = new.cashback_currency.unwrap_or(self.settings.currency);
        let effects = self.opening_effects(new.kind, new.client, new.cashback, currency, new.written_off);
        let total = new.total.unwrap_or(checked.total);
        Ok(self.insert_new_order(id, new, items, total, refund_of, effects))
    }

    /// Puts a new order into the books. The caller has checked it.
    pub(super) fn insert_new_order(
        &mut self,
        id: OrderId,
        new: NewOrder,
        items: Arc<[Item]>,
        total: Amount,
        refund_of: Option<OrderId>,
        effects: Effects,
    ) -> OrderId {
        if let Some(count) = new.number.as_deref().and_then(Order::count_in) {
            self.counts.receipts.pass(count);
        }
        let order = Order {
            id,
            number: new.number.unwrap_or_else(|| self.next_order_number()),
            external_id: new.external_id,
            kind: new.kind,
            date: new.date,
            external_date: new.external_date.unwrap_or(new.date),
            customer: new.client,
            contact: new.contact,
            by: new.by,
            public_url: new.public_url.unwrap_or_else(|| self.new_public_url()),
            reaction: new.reaction,
            comment: new.comment,
            total,
            status: new.status,
            cashback: new.cashback,
            cashback_currency: new.cashback_currency.unwrap_or(self.settings.currency),
            amount_card: new.amount_card,
            amount_cash: new.amount_cash,
            fiscal_fn: new.fiscal_fn,
            fiscal_fd: new.fiscal_fd,
            items,
            test: new.test,
            refund_of,
            effects: if new.test { Effects::default() } else { effects },
        };
        self.insert_order(order)
    }

    pub(super) fn check_new_order(&self, new: &NewOrder) -> Result<Checked, Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if new.id.is_some_and(|id| self.orders.contains_key(&id)) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if let Some(id) = new.client.filter(|id| !self.clients.contains_key(id)) {
            conflicts.add("client", Conflict::UnknownClient(id));
        }
        if self.person(new.by).is_none() {
            conflicts.add("employee", Conflict::UnknownUser);
        }
        let other = new.external_id.as_ref().filter(|_| !new.test).and_then(|id| self.by_external_id.get(id));
        if let Some(other) = other {
            conflicts.add("externalOrderNumber", Conflict::DuplicateExternalId(*other));
        }

        let checked = self.check_new_items(new, &mut conflicts);
        let (total, has_items) = (checked.total, !new.items.is_empty() || checked.refund.is_some());
        if new.total.is_some_and(|given| has_items && given != total) {
            conflicts.add("totalAmount", Conflict::NotTheSumOfItems(total));
        }
        if new.total.is_some_and(Amount::is_negative) {
            conflicts.add("totalAmount", Conflict::AmountNegative);
        }
        match new.kind {
            ReceiptKind::Refund if new.cashback.is_positive() => {
                conflicts.add("cashbackAmount", Conflict::AmountPositive);
            }
            ReceiptKind::Sale | ReceiptKind::Payout if new.cashback.is_negative() => {
                conflicts.add("cashbackAmount", Conflict::AmountNegative);
            }
            _ => {}
        }
        if let Some(written_off) = new.written_off {
            let total = new.total.unwrap_or(total);
            if new.client.is_none() {
                conflicts.add("writtenOff", Conflict::ClientMissing);
            }
            if written_off.amount.is_negative() {
                conflicts.add("writtenOff", Conflict::AmountNegative);
            }
            if written_off.amount > total {
                conflicts.add("writtenOff", Conflict::MoreThanTotal(total));
            }
        }
        conflicts.into_result().map(|()| checked)
    }

    fn check_new_items(&self, new: &NewOrder, conflicts: &mut Conflicts) -> Checked {
        let mut checked = Checked { sums: Vec::new(), total: Amount::ZERO, refund: None };
        let mut ids = BTreeSet::new();
        for (place, item) in new.items.iter().enumerate() {
            let path = [Step::Key("items"), Step::Index(place)];
            match item.line.sum(place) {
                Ok(sum) => {
                    checked.sums.push(sum);
                    checked.total = (checked.total + sum).min(Amount::MAX);
                }
                Err(refusal) => conflicts.add_at(&path, Conflict::BadLine(refusal.name())),
            }
            if item.id.is_some_and(|id| self.items.contains_key(&id) || !ids.insert(id)) {
                conflicts.add_at(&[&path[..], &[Step::Key("id")]].concat(), Conflict::DuplicateId);
            }
        }
        if new.kind == ReceiptKind::Refund && !new.test && !new.refunds.is_empty() {
            match self.parts_of(&new.refunds) {
                Ok(parts) => {
                    checked.total = parts.total;
                    checked.refund = Some(parts);
                }
                Err(refusal) => conflicts.add("items", Conflict::NotRefundable(refusal.name())),
            }
        }
        checked
    }

    pub(super) fn opening_items(
        &mut self,
        order: OrderId,
        items: Vec<NewItem>,
        sums: &[Amount],
    ) -> Arc<[Item]> {
        items.iter().filter_map(|item| item.id).for_each(|id| self.counts.items.pass(id));
        let with_sums = items.into_iter().zip(sums);
        with_sums
            .map(|(item, sum)| Item {
                id: self.counts.items.take_or(item.id),
                order,
                line: item.line,
                sum: *sum,
            })
            .collect()
    }

    /// Changes what is only told of an order: its numbers, dates, customer's contact, reaction, comment, status. Answers
    /// whether anything changed.
    pub fn alter_order(
        &mut self,
        id: OrderId,
        alter: impl FnOnce(&mut Told),
    ) -> Result<bool, Vec<FieldConflict>> {
        let old = Arc::clone(self.order(id).expect("the caller has found this order"));
        let mut told = Told::of(&old);
        alter(&mut told);
        let mut conflicts = Conflicts::default();
        let other = told.external_id.as_ref().filter(|_| !old.test);
        let other = other.and_then(|number| self.by_external_id.get(number)).filter(|other| **other != id);
        if let Some(other) = other {
            conflicts.add("externalOrderNumber", Conflict::DuplicateExternalId(*other));
        }
        conflicts.into_result()?;

        let changed = told != Told::of(&old);
        if !old.test {
            old.external_id.as_ref().map(|number| self.by_external_id.remove(number));
        }
        self.orders_by_time.remove(&(old.date, id));
        old.customer.map(|client| self.orders_by_client.remove(&(client, old.date, id)));
        if let Some(count) = Order::count_in(&told.number) {
            self.counts.receipts.pass(count);
        }
        let mut order = Order::clone(&old);
        told.set(&mut order);
        self.insert_order(order);
        Ok(changed)
    }

    /// What refunds of a fixture's sale take back and return. Its lots are not known: what is returned is a lot
    /// of its own that never burns, what is taken back are the soonest to burn.
    fn opening_effects(
        &mut self,
        kind: ReceiptKind,
        client: Option<ClientId>,
        cashback: Amount,
        currency: Currency,
        written_off: Option<Sum>,
    ) -> Effects {
        let Some(client) = client.filter(|_| kind == ReceiptKind::Sale) else {
            return Effects::default();
        };
        let accrued = Accrued { currency, amount: cashback, lot: None, cancelled: Amount::ZERO };
        let spend = written_off.filter(|sum| sum.amount.is_positive()).map(|Sum { amount, currency }| {
            let lot = LotId(self.numbers.take());
            Spend { client, currency, amount, spent: Spent::from_parts([(lot, amount, None)]) }
        });
        Effects {
            accrued: cashback.is_positive().then_some(accrued),
            spends: spend.into_iter().collect(),
            ..Effects::default()
        }
    }
}

/// What was reckoned while an order was checked.
pub(super) struct Checked {
    pub(super) sums: Vec<Amount>,
    pub(super) total: Amount,
    refund: Option<Parts>,
}
