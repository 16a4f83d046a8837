//! Clients, their balances and histories.

use std::sync::Arc;

use serde::Serialize;

use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields::{self, Object};
use crate::http::ibonus::parameters::{Parameters, moment};
use crate::loyalty::amount::Amount;
use crate::loyalty::ibonus::balance;
use crate::loyalty::ibonus::client::Client;
use crate::loyalty::ibonus::currency::Currency;
use crate::loyalty::ibonus::find::ClientsQuery;
use crate::loyalty::ibonus::history::{HistoryQuery, Transaction};
use crate::loyalty::ibonus::like::Like;
use crate::loyalty::ibonus::write_off::WriteOff;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireClient<'a> {
    id: u64,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    name: Option<&'a str>,
    avatar_url: Option<&'a str>,
    paid_purchases: u64,
    total_purchases: u64,
    average_bill: Amount,
    total_purchases_amount: Amount,
    paid_purchases_amount: Amount,
    positive_reviews: u64,
    neutral_reviews: u64,
    negative_reviews: u64,
    token: &'a str,
}

pub(in crate::http::ibonus) fn client(client: &Arc<Client>) -> WireClient<'_> {
    let counters = &client.counters;
    WireClient {
        id: client.id.0,
        email: client.email.as_deref(),
        phone: client.phone.as_ref().map(|phone| &**phone.as_given()),
        name: client.name.as_deref(),
        avatar_url: client.avatar_url.as_deref(),
        paid_purchases: counters.paid_purchases,
        total_purchases: counters.total_purchases,
        average_bill: counters.average_bill,
        total_purchases_amount: counters.total_purchases_amount,
        paid_purchases_amount: counters.paid_purchases_amount,
        positive_reviews: counters.positive_reviews,
        neutral_reviews: counters.neutral_reviews,
        negative_reviews: counters.negative_reviews,
        token: &client.token,
    }
}

pub(in crate::http::ibonus) fn clients_query(query: &Parameters) -> Option<ClientsQuery> {
    let (phone, email) = (query.get("phone").map(Like::of_phone), query.get("email").map(Like::new));
    Some(ClientsQuery { phone, email, page: query.page()? })
}

/// A sum of one currency.
#[derive(Serialize)]
pub(in crate::http::ibonus) struct Sum {
    amount: Amount,
    currency: &'static str,
}

impl From<balance::Sum> for Sum {
    fn from(sum: balance::Sum) -> Sum {
        Sum { amount: sum.amount, currency: sum.currency.name() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireTransaction<'a> {
    #[serde(flatten)]
    sum: Sum,
    transaction_date: i64,
    transaction_id: &'a str,
}

pub(in crate::http::ibonus) fn transaction(transaction: &Transaction) -> WireTransaction<'_> {
    WireTransaction {
        sum: transaction.sum.into(),
        transaction_date: transaction.date.millis(),
        transaction_id: &transaction.id,
    }
}

pub(in crate::http::ibonus) fn history_query(query: &Parameters) -> Option<HistoryQuery> {
    let (from, to) = (query.optional("from", moment), query.optional("to", moment));
    let page = query.page();
    Some(HistoryQuery { from: from?, to: to?, page: page? })
}

pub(in crate::http::ibonus) fn write_off(body: &[u8]) -> Result<WriteOff, Failure> {
    fields::object(body, |body| {
        let balance = body.objects_or_none("balance").and_then(|sums| fields::each(&sums, sum));
        let coupons = body.optional("coupons", fields::ids);
        Some(WriteOff { balance: balance?, coupons: coupons?.unwrap_or_default() })
    })
}

fn sum(sum: &Object<'_, '_>) -> Option<balance::Sum> {
    let amount = sum.required("amount", fields::money);
    let currency = sum.required("currency", fields::one_of(Currency::read));
    Some(balance::Sum { amount: amount?, currency: currency? })
}
