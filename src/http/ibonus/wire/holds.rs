//! Holds of the fiscal hub.

use std::borrow::Cow;

use serde::Serialize;

use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields;
use crate::loyalty::amount::Amount;
use crate::loyalty::ibonus::Books;
use crate::loyalty::ibonus::currency::Currency;
use crate::loyalty::ibonus::holds::{HoldOrder, HubHold};
use crate::loyalty::ibonus::ids::{ClientId, CouponId, ItemId, OrderId};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireHold<'a> {
    amount: Amount,
    balance_id: u64,
    client_id: u64,
    currency: &'static str,
    expiration_date: i64,
    fiscal_order_id: Option<u64>,
    id: u64,
    /// Always null \[E\].
    order_id: Option<u64>,
    transaction_date: i64,
    transaction_id: &'a str,
}

pub(in crate::http::ibonus) fn hold(hold: &HubHold) -> WireHold<'_> {
    WireHold {
        amount: hold.amount,
        balance_id: Books::balance_id(hold.client, hold.currency),
        client_id: hold.client.0,
        currency: hold.currency.name(),
        expiration_date: hold.expires_at.millis(),
        fiscal_order_id: hold.fiscal_order.map(|order| order.0),
        id: hold.id.0,
        order_id: None,
        transaction_date: hold.made_at.millis(),
        transaction_id: &hold.transaction_id,
    }
}

/// A hold to be made, as it is sent.
pub(in crate::http::ibonus) struct HoldRequest {
    client: ClientId,
    currency: Currency,
    amount: Amount,
    coupons: Vec<CouponId>,
}

impl HoldRequest {
    pub(in crate::http::ibonus) fn order(&self) -> HoldOrder<'_> {
        let (client, currency, amount) = (self.client, self.currency, self.amount);
        HoldOrder { client, currency, amount, coupons: &self.coupons }
    }
}

pub(in crate::http::ibonus) fn hold_request(body: &[u8]) -> Result<HoldRequest, Failure> {
    fields::object(body, |body| {
        let client = body.required("clientId", fields::id);
        let currency = body.required("currency", fields::one_of(Currency::read));
        let amount = body.required("amount", fields::money);
        let coupons = body.optional("couponIds", fields::ids);
        let coupons = coupons?.unwrap_or_default();
        Some(HoldRequest { client: client?, currency: currency?, amount: amount?, coupons })
    })
}

pub(in crate::http::ibonus) fn write_off_request(
    body: &[u8],
) -> Result<(Cow<'_, str>, Option<OrderId>), Failure> {
    fields::object(body, |body| {
        let transaction_id = body.required("transactionId", fields::text);
        let order = body.optional("fiscalOrderId", fields::id);
        Some((transaction_id?, order?))
    })
}

pub(in crate::http::ibonus) fn cancel_request(body: &[u8]) -> Result<Cow<'_, str>, Failure> {
    fields::object(body, |body| body.required("transactionId", fields::text))
}

pub(in crate::http::ibonus) fn refund_request(body: &[u8]) -> Result<Vec<ItemId>, Failure> {
    fields::object(body, |body| body.required("orderItems", fields::ids))
}
