//! Receipts, down to their dishes.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::Moment;
use crate::http::probonus::fields::moments::GivenPeriod;
use crate::http::probonus::fields::{Fields, kinds};
use crate::loyalty::amount::Amount;
use crate::loyalty::probonus::calendar::UtcOffset;
use crate::loyalty::probonus::checks::{Check, ChecksQuery};
use crate::loyalty::probonus::dish::{Dish, Quantity};
use crate::loyalty::probonus::ids::AccountId;

pub(in crate::http::probonus) struct GivenQuery {
    account: Option<AccountId>,
    period: GivenPeriod,
}

impl GivenQuery {
    pub(in crate::http::probonus) fn at(&self, offset: UtcOffset) -> ChecksQuery {
        ChecksQuery { account: self.account, period: self.period.at(offset) }
    }
}

pub(in crate::http::probonus) fn query(fields: &Fields<'_, '_>) -> Option<GivenQuery> {
    let (account, period) = (fields.optional("accountId", kinds::id), GivenPeriod::read(fields));
    Some(GivenQuery { account: account?, period: period? })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct WireCheck<'a> {
    id: u64,
    number: &'a str,
    opened_at: Moment,
    closed_at: Moment,
    restaurant: Option<&'a str>,
    cashier: Option<&'a str>,
    account_id: Option<u64>,
    total: Amount,
    discount_sum: Amount,
    bonus_paid: Amount,
    bonus_accrued: Amount,
    dishes: Vec<WireDish<'a>>,
}

#[derive(Serialize)]
struct WireDish<'a> {
    name: &'a str,
    quantity: Quantity,
    price: Amount,
    sum: Amount,
}

/// A receipt, on clocks that are this far ahead of UTC.
pub(in crate::http) fn check(check: &Check, offset: UtcOffset) -> WireCheck<'_> {
    WireCheck {
        id: check.id.0,
        number: &check.number,
        opened_at: Moment { at: check.opened_at, offset },
        closed_at: Moment { at: check.closed_at, offset },
        restaurant: check.restaurant.as_deref(),
        cashier: check.cashier.as_deref(),
        account_id: check.account.map(u64::from),
        total: check.total,
        discount_sum: check.discount_sum,
        bonus_paid: check.bonus_paid,
        bonus_accrued: check.bonus_accrued,
        dishes: check.dishes.iter().map(dish).collect(),
    }
}

fn dish(dish: &Dish) -> WireDish<'_> {
    WireDish { name: &dish.name, quantity: dish.quantity, price: dish.price, sum: dish.sum }
}

/// Receipts.
pub(in crate::http::probonus) fn list(checks: &[Arc<Check>], offset: UtcOffset) -> impl Serialize + '_ {
    struct Checks<'a>(&'a [Arc<Check>], UtcOffset);
    impl Serialize for Checks<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.0.iter().map(|it| check(it, self.1)))
        }
    }
    Checks(checks, offset)
}
