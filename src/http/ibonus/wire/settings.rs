//! What purchases give, and the sums a cashier is offered.

use serde::Serialize;

use super::clients::Sum;
use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields::{self, Object};
use crate::loyalty::amount::Amount;
use crate::loyalty::ibonus::currency::Currency;
use crate::loyalty::ibonus::settings::{self, CashbackKind, Preset};

#[derive(Serialize)]
pub(in crate::http::ibonus) struct Settings {
    active: bool,
    currency: &'static str,
    #[serde(rename = "newCustomerSettings")]
    new_customer: Cashback,
    #[serde(rename = "customerSettings")]
    customer: Cashback,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cashback {
    coupon_id: Option<u64>,
    r#type: &'static str,
    amount: Option<Amount>,
    valid_days: Option<u32>,
}

impl From<&settings::Settings> for Settings {
    fn from(settings: &settings::Settings) -> Settings {
        Settings {
            active: settings.active,
            currency: settings.currency.name(),
            new_customer: Cashback::from(&settings.new_customer),
            customer: Cashback::from(&settings.customer),
        }
    }
}

impl From<&settings::Cashback> for Cashback {
    fn from(cashback: &settings::Cashback) -> Cashback {
        Cashback {
            coupon_id: cashback.coupon.map(|id| id.0),
            r#type: cashback.kind.name(),
            amount: cashback.amount,
            valid_days: cashback.valid_days,
        }
    }
}

pub(in crate::http::ibonus) fn settings_request(body: &[u8]) -> Result<settings::Settings, Failure> {
    fields::object(body, |body| {
        let active = body.required("active", fields::flag);
        let currency = body.required("currency", fields::one_of(Currency::read));
        let new_customer = body.object("newCustomerSettings").and_then(|given| cashback(&given));
        let customer = body.object("customerSettings").and_then(|given| cashback(&given));
        Some(settings::Settings {
            active: active?,
            currency: currency?,
            new_customer: new_customer?,
            customer: customer?,
        })
    })
}

fn cashback(cashback: &Object<'_, '_>) -> Option<settings::Cashback> {
    let coupon = cashback.optional("couponId", fields::id);
    let kind = cashback.required("type", fields::one_of(CashbackKind::read));
    let amount = cashback.optional("amount", fields::money);
    let valid_days = cashback.optional("validDays", fields::days);
    Some(settings::Cashback { coupon: coupon?, kind: kind?, amount: amount?, valid_days: valid_days? })
}

#[derive(Serialize)]
pub(in crate::http::ibonus) struct WriteOffRules {
    patterns: Vec<Sum>,
}

impl From<Vec<Preset>> for WriteOffRules {
    fn from(presets: Vec<Preset>) -> WriteOffRules {
        WriteOffRules { patterns: presets.into_iter().map(Sum::from).collect() }
    }
}
