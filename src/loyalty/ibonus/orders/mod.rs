//! Orders: the record, and a file for each thing that is done with it: [`sale`], [`refund`], [`test_order`],
//! [`list`]; [`line`](mod@line) reckons the items.

pub mod line;
pub mod list;
pub mod refund;
pub mod sale;
pub mod test_order;

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::coupon::CouponRef;
use super::currency::Currency;
use super::ids::{ClientId, CouponId, ItemId, OrderId};
use super::users::UserId;
use super::{Books, Refusal, find::Customer};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{LotId, Spent};
use crate::loyalty::time::Time;
use line::Item;

/// An order: a sale, a refund of items of one sale, or a payout.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its id \[I: the original's list does not show it, though other calls need it\].
    pub id: OrderId,
    /// `TEST-0001-00000069` \[E\].
    pub number: Arc<str>,
    /// The merchant's own number; a refund through the hub has none \[I\].
    pub external_id: Option<Arc<str>>,
    /// What kind it is.
    pub kind: ReceiptKind,
    /// When it was placed.
    pub date: Time,
    /// The merchant's own date: the same, unless a fixture says otherwise \[I\].
    pub external_date: Time,
    /// Whose it is; none for an anonymous one.
    pub customer: Option<ClientId>,
    /// What the order says of the customer.
    pub contact: Contact,
    /// Who placed it.
    pub by: UserId,
    /// `/internal_fiscal_check/{32 letters and digits}/` \[E\].
    pub public_url: Box<str>,
    /// What the customer thought of it; fixtures alone say.
    pub reaction: Option<Reaction>,
    /// What the customer wrote; fixtures alone say.
    pub comment: Option<Box<str>>,
    /// The sum of its items; of a refund: what was refunded \[I\].
    pub total: Amount,
    /// How far the printing is; new ones are printed \[I\].
    pub status: OrderStatus,
    /// What was accrued; of a refund: what was taken back, negative \[I\].
    pub cashback: Amount,
    /// In what.
    pub cashback_currency: Currency,
    /// What was paid by card.
    pub amount_card: Option<Amount>,
    /// What was paid in cash.
    pub amount_cash: Option<Amount>,
    /// The fiscal drive's number: fixtures alone have it, and it only filters \[I\].
    pub fiscal_fn: Option<Box<str>>,
    /// The fiscal document's number: fixtures alone have it, and it only filters \[I\].
    pub fiscal_fd: Option<Box<str>>,
    /// Its items; a refund shows those of the sale that it refunds \[I\].
    pub items: Arc<[Item]>,
    /// Whether it is a test: kept, and nothing else \[I\].
    pub test: bool,
    /// The sale it refunds.
    pub refund_of: Option<OrderId>,
    /// What a sale did, so that it can be undone.
    pub effects: Effects,
}

/// What an order says of its customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct Contact {
    pub phone: Option<Box<str>>,
    pub email: Option<Box<str>>,
    pub name: Option<Box<str>>,
    pub avatar_url: Option<Box<str>>,
}

/// What a sale did, so that it can be undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// What was accrued.
    pub accrued: Option<Accrued>,
    /// What was spent on it: at the sale, and with captured holds that name it.
    pub spends: Vec<Spend>,
    /// The coupon it gave.
    pub issued: Option<CouponId>,
    /// The coupons redeemed with it.
    pub redeemed: Vec<CouponRef>,
    /// The items refunded.
    pub refunded: BTreeSet<ItemId>,
}

/// What a sale accrued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrued {
    /// In what.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// Its lot; an order of a fixture knows none.
    pub lot: Option<LotId>,
    /// How much of it refunds have cancelled, whether there was as much left or not.
    pub cancelled: Amount,
}

/// What was spent on a sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Spend {
    /// Whose points.
    pub client: ClientId,
    /// In what.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// From which lots, and what has not been given back yet.
    pub spent: Spent,
}

/// What kind of receipt an order is \[D\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptKind {
    /// Something was sold.
    #[default]
    Sale,
    /// Items of a sale came back.
    Refund,
    /// Money was paid out; fixtures alone have any.
    Payout,
}

impl ReceiptKind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            ReceiptKind::Sale => "sale",
            ReceiptKind::Refund => "refund",
            ReceiptKind::Payout => "payout",
        }
    }

    /// The kind of this name.
    pub fn read(name: &str) -> Result<ReceiptKind, Refusal> {
        let found = [ReceiptKind::Sale, ReceiptKind::Refund, ReceiptKind::Payout]
            .into_iter()
            .find(|kind| kind.name() == name);
        found.ok_or_else(|| Refusal::UnknownReceiptType { given: name.into() })
    }
}

/// How far the printing of a receipt is \[D\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum OrderStatus {
    /// It waits.
    InQueue,
    /// It is being printed.
    Printing,
    /// It is done.
    #[default]
    Printed,
    /// It failed.
    Error,
}

impl OrderStatus {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            OrderStatus::InQueue => "inQueue",
            OrderStatus::Printing => "printing",
            OrderStatus::Printed => "printed",
            OrderStatus::Error => "error",
        }
    }
}

/// What a customer thought of an order \[D\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the names say it
pub enum Reaction {
    Negative,
    Neutral,
    Positive,
}

impl Reaction {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Reaction::Negative => "negative",
            Reaction::Neutral => "neutral",
            Reaction::Positive => "positive",
        }
    }
}

/// What is alike in all orders that are placed.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The merchant's own number.
    pub external_id: &'a str,
    /// Who the customer is.
    pub customer: Customer<'a>,
    /// What was paid by card.
    pub amount_card: Option<Amount>,
    /// What was paid in cash.
    pub amount_cash: Option<Amount>,
    /// Who places the order.
    pub by: UserId,
}

/// The start of the order numbers \[E: the only sample\].
const NUMBER_PREFIX: &str = "TEST-0001-";

impl Order {
    /// Whether every item was refunded.
    pub fn is_wholly_refunded(&self) -> bool {
        self.effects.refunded.len() == self.items.len()
    }

    /// The count in a number of the shape this emulator gives.
    pub(super) fn count_in(number: &str) -> Option<u64> {
        // What is beyond is no count of ours: the next number must fit in behind it.
        number.strip_prefix(NUMBER_PREFIX)?.parse().ok().filter(|count| *count <= super::ids::GIVEN_MAX)
    }
}

impl Books {
    /// The orders, by id.
    pub fn orders(&self) -> impl DoubleEndedIterator<Item = &Arc<Order>> + ExactSizeIterator {
        self.orders.values()
    }

    /// An order.
    pub fn order(&self, id: OrderId) -> Option<&Arc<Order>> {
        self.orders.get(&id)
    }

    /// Checks the merchant's own number: there, and no other order's \[I\].
    fn check_external_id(&self, external_id: &str) -> Result<(), Refusal> {
        if external_id.trim().is_empty() {
            return Err(Refusal::ExternalIdMissing);
        }
        match self.by_external_id.get(external_id) {
            Some(order) => Err(Refusal::DuplicateExternalId { order: *order }),
            None => Ok(()),
        }
    }

    /// The next order number.
    pub(super) fn next_order_number(&mut self) -> Arc<str> {
        format!("{NUMBER_PREFIX}{:08}", self.counts.receipts.take::<u64>()).into()
    }

    /// A new public URL.
    pub(super) fn new_public_url(&mut self) -> Box<str> {
        format!("/internal_fiscal_check/{}/", self.mint.letters()).into()
    }

    /// A new order of this kind, with nothing in it yet.
    fn new_order(&mut self, kind: ReceiptKind, by: UserId, customer: Option<ClientId>, now: Time) -> Order {
        let client = customer.and_then(|id| self.clients.get(&id));
        let contact = client.map_or_else(Contact::default, |client| Contact {
            phone: None,
            email: None,
            name: client.name.clone(),
            avatar_url: client.avatar_url.clone(),
        });
        Order {
            id: self.counts.orders.take(),
            number: self.next_order_number(),
            external_id: None,
            kind,
            date: now,
            external_date: now,
            customer,
            contact,
            by,
            public_url: self.new_public_url(),
            reaction: None,
            comment: None,
            total: Amount::ZERO,
            status: OrderStatus::Printed,
            cashback: Amount::ZERO,
            cashback_currency: self.settings.currency,
            amount_card: None,
            amount_cash: None,
            fiscal_fn: None,
            fiscal_fd: None,
            items: Arc::default(),
            test: false,
            refund_of: None,
            effects: Effects::default(),
        }
    }

    /// Puts an order into the books and their indexes. A test's number may come again \[I\].
    pub(super) fn insert_order(&mut self, order: Order) -> OrderId {
        let id = order.id;
        self.orders_by_time.insert((order.date, id));
        order.customer.map(|client| self.orders_by_client.insert((client, order.date, id)));
        if let Some(external_id) = order.external_id.as_ref().filter(|_| !order.test) {
            self.by_external_id.insert(Arc::clone(external_id), id);
        }
        if order.kind == ReceiptKind::Sale {
            for item in order.items.iter() {
                self.items.insert(item.id, id);
            }
        }
        self.orders.insert(id, Arc::new(order));
        id
    }

    /// The one door to a change of an order.
    pub(super) fn change_order<R>(&mut self, id: OrderId, change: impl FnOnce(&mut Order) -> R) -> R {
        let order = self.orders.get_mut(&id).expect("the caller has found this order");
        change(Arc::make_mut(order))
    }
}

impl Order {
    /// Takes over what the receipt says.
    fn with_receipt(mut self, receipt: &Receipt<'_>) -> Order {
        self.external_id = Some(receipt.external_id.into());
        self.contact.phone = receipt.customer.phone.map(Box::from);
        self.contact.email = receipt.customer.email.map(Box::from);
        self.amount_card = receipt.amount_card;
        self.amount_cash = receipt.amount_cash;
        self
    }
}

#[cfg(test)]
mod tests;
