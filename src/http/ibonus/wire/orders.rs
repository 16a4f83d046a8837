//! Orders and their items.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use super::clients::{WireClient, client};
use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields::{self, Object, Wrong};
use crate::http::ibonus::parameters::{Parameters, moment, number};
use crate::loyalty::amount::Amount;
use crate::loyalty::ibonus::client::Client;
use crate::loyalty::ibonus::currency::Currency;
use crate::loyalty::ibonus::find::Customer;
use crate::loyalty::ibonus::ids::{ClientId, CouponId, ItemId};
use crate::loyalty::ibonus::like::Like;
use crate::loyalty::ibonus::orders::line::{Discount, DiscountKind, Item, Line, Quantity, Unit};
use crate::loyalty::ibonus::orders::list::OrdersQuery;
use crate::loyalty::ibonus::orders::refund::Refund;
use crate::loyalty::ibonus::orders::sale::Sale;
use crate::loyalty::ibonus::orders::{Order, Reaction, Receipt, ReceiptKind};
use crate::loyalty::ibonus::users::{Employee, Role, UserId};
use crate::loyalty::ibonus::{Books, Refusal};

/// An order with those that it tells of, taken out of the books to be shown.
pub(in crate::http::ibonus) struct Listed {
    order: Arc<Order>,
    customer: Option<Arc<Client>>,
    /// None, if the merchant itself placed it \[I\].
    employee: Option<Arc<Employee>>,
}

impl Listed {
    pub(in crate::http::ibonus) fn of(order: Arc<Order>, books: &Books) -> Listed {
        let customer = order.customer.and_then(|id| books.client(id)).cloned();
        let employee = match order.by {
            UserId::Merchant(_) => None,
            UserId::Employee(id) => books.employee(id).cloned(),
        };
        Listed { order, customer, employee }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireOrder<'a> {
    /// Not in the vendor's example \[I: other calls need it\].
    id: u64,
    cashback_amount: Amount,
    cashback_currency: &'static str,
    order_number: &'a str,
    external_order_number: Option<&'a str>,
    order_date: i64,
    external_order_date: i64,
    receipt_type: &'static str,
    customer_phone: Option<&'a str>,
    customer_email: Option<&'a str>,
    customer_name: Option<&'a str>,
    customer_avatar_url: Option<&'a str>,
    customer: Option<WireClient<'a>>,
    employee: Option<WireEmployee<'a>>,
    #[serde(rename = "publicURL")]
    public_url: &'a str,
    reaction: Option<&'static str>,
    customer_comment: Option<&'a str>,
    total_amount: Amount,
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireEmployee<'a> {
    email: Option<&'a str>,
    first_name: Option<&'a str>,
    id: u64,
    inn: Option<&'a str>,
    last_name: Option<&'a str>,
    login: Option<&'a str>,
    role: Option<&'static str>,
}

pub(in crate::http::ibonus) fn order(listed: &Listed) -> WireOrder<'_> {
    let Listed { order, customer, employee } = listed;
    WireOrder {
        id: order.id.0,
        cashback_amount: order.cashback,
        cashback_currency: order.cashback_currency.cashback_name(),
        order_number: &order.number,
        external_order_number: order.external_id.as_deref(),
        order_date: order.date.millis(),
        external_order_date: order.external_date.millis(),
        receipt_type: order.kind.name(),
        customer_phone: order.contact.phone.as_deref(),
        customer_email: order.contact.email.as_deref(),
        customer_name: order.contact.name.as_deref(),
        customer_avatar_url: order.contact.avatar_url.as_deref(),
        customer: customer.as_ref().map(client),
        employee: employee.as_deref().map(wire_employee),
        public_url: &order.public_url,
        reaction: order.reaction.map(Reaction::name),
        customer_comment: order.comment.as_deref(),
        total_amount: order.total,
        status: order.status.name(),
    }
}

fn wire_employee(employee: &Employee) -> WireEmployee<'_> {
    let person = &employee.person;
    WireEmployee {
        email: person.email.as_deref(),
        first_name: person.first_name.as_deref(),
        id: employee.id.0,
        inn: person.inn.as_deref(),
        last_name: person.last_name.as_deref(),
        login: employee.login.as_deref(),
        role: employee.role.map(Role::name),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireItem<'a> {
    id: u64,
    order_id: u64,
    name: &'a str,
    price: Amount,
    quantity: Quantity,
    unit: &'static str,
    vat: Amount,
    discount_type: Option<&'static str>,
    discount_value: Amount,
}

pub(in crate::http::ibonus) fn item(item: &Item) -> WireItem<'_> {
    let line = &item.line;
    WireItem {
        id: item.id.0,
        order_id: item.order.0,
        name: &line.name,
        price: line.price,
        quantity: line.quantity,
        unit: line.unit.name(),
        vat: line.vat,
        discount_type: line.discount.map(|discount| discount.kind.name()),
        discount_value: line.discount.map_or(Amount::ZERO, |discount| discount.value),
    }
}

pub(in crate::http::ibonus) fn orders_query(query: &Parameters) -> Option<OrdersQuery> {
    let (from, to) = (query.optional("from", moment), query.optional("to", moment));
    let client = query.optional("client_id", number);
    let kind = query.optional("receipt_type", |name| ReceiptKind::read(name).map_err(Wrong::Refused));
    let page = query.page();
    Some(OrdersQuery {
        from: from?,
        to: to?,
        fiscal_fn: query.get("fn").map(Like::new),
        fiscal_fd: query.get("fd").map(Like::new),
        client: client?.map(ClientId),
        kind: kind?,
        page: page?,
    })
}

/// An order as it is sent.
pub(in crate::http::ibonus) struct GivenOrder<'b> {
    external_id: Cow<'b, str>,
    phone: Option<Cow<'b, str>>,
    email: Option<Cow<'b, str>>,
    amount_card: Option<Amount>,
    amount_cash: Option<Amount>,
    pub(in crate::http::ibonus) items: GivenItems,
}

/// Its items, by its receiptType.
pub(in crate::http::ibonus) enum GivenItems {
    Sale(Vec<Line>),
    Refund(Vec<ItemId>),
}

impl GivenOrder<'_> {
    pub(in crate::http::ibonus) fn receipt(&self, by: UserId) -> Receipt<'_> {
        Receipt {
            external_id: &self.external_id,
            customer: Customer { phone: self.phone.as_deref(), email: self.email.as_deref() },
            amount_card: self.amount_card,
            amount_cash: self.amount_cash,
            by,
        }
    }
}

/// What is sent to place an order. Of a refund the order alone counts \[I\].
pub(in crate::http::ibonus) struct OrderRequest<'b> {
    pub(in crate::http::ibonus) order: GivenOrder<'b>,
    write_off: Option<Amount>,
    currency: Option<Currency>,
    coupons: Vec<CouponId>,
}

impl OrderRequest<'_> {
    pub(in crate::http::ibonus) fn sale<'a>(&'a self, receipt: Receipt<'a>, lines: &'a [Line]) -> Sale<'a> {
        let (write_off, currency, coupons) = (self.write_off, self.currency, &self.coupons);
        Sale { receipt, lines, write_off, currency, coupons }
    }
}

/// A test: nothing is written off, nothing is redeemed.
pub(in crate::http::ibonus) fn test_sale<'a>(receipt: Receipt<'a>, lines: &'a [Line]) -> Sale<'a> {
    Sale { receipt, lines, write_off: None, currency: None, coupons: &[] }
}

pub(in crate::http::ibonus) fn refund<'a>(receipt: Receipt<'a>, items: &'a [ItemId]) -> Refund<'a> {
    Refund { receipt, items }
}

pub(in crate::http::ibonus) fn order_request(body: &[u8]) -> Result<OrderRequest<'_>, Failure> {
    fields::object(body, |body| {
        let order = body.object("order").and_then(|order| given_order(&order));
        let write_off = body.optional("amount", fields::money);
        let currency = body.optional("currency", fields::one_of(Currency::read));
        let coupons = body.optional("coupons", fields::ids);
        Some(OrderRequest {
            order: order?,
            write_off: write_off?,
            currency: currency?,
            coupons: coupons?.unwrap_or_default(),
        })
    })
}

pub(in crate::http::ibonus) fn test_order(body: &[u8]) -> Result<GivenOrder<'_>, Failure> {
    fields::object(body, given_order)
}

fn given_order<'b>(order: &Object<'b, '_>) -> Option<GivenOrder<'b>> {
    let external_id = order.required("externalId", fields::text);
    let kind = order.required("receiptType", fields::one_of(placeable));
    let amount_card = order.optional("amountCard", fields::paid);
    let amount_cash = order.optional("amountCash", fields::paid);
    let phone = order.optional("customerPhone", fields::text);
    let email = order.optional("customerEmail", fields::text);
    let items = order.objects("items").and_then(|items| match kind? {
        Placeable::Sale => fields::each(&items, line).map(GivenItems::Sale),
        Placeable::Refund => {
            fields::each(&items, |item| item.required("id", fields::id)).map(GivenItems::Refund)
        }
    });
    Some(GivenOrder {
        external_id: external_id?,
        phone: phone?,
        email: email?,
        amount_card: amount_card?,
        amount_cash: amount_cash?,
        items: items?,
    })
}

/// The kinds that a call can place: payouts come with fixtures \[I\].
#[derive(Clone, Copy)]
enum Placeable {
    Sale,
    Refund,
}

fn placeable(name: &str) -> Result<Placeable, Refusal> {
    match ReceiptKind::read(name)? {
        ReceiptKind::Sale => Ok(Placeable::Sale),
        ReceiptKind::Refund => Ok(Placeable::Refund),
        ReceiptKind::Payout => Err(Refusal::UnknownReceiptType { given: name.into() }),
    }
}

fn line(item: &Object<'_, '_>) -> Option<Line> {
    let price = item.required("price", fields::money);
    let quantity = item.required("quantity", fields::quantity);
    let unit = item.required("unit", fields::one_of(Unit::read));
    let vat = item.required("vat", fields::money);
    let name = item.required("name", fields::kept);
    let kind = item.optional("discountType", fields::one_of(DiscountKind::read));
    let value = item.optional("discountValue", fields::money);
    // A value without a type says nothing: the list of items shows `null` and 0 \[I\].
    let value = value?.unwrap_or_default();
    let discount = kind?.map(|kind| Discount { kind, value });
    Some(Line { price: price?, quantity: quantity?, unit: unit?, vat: vat?, name: name?, discount })
}
