//! A till for ProBonus: its receipts come from the till, and not through its API.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;

use super::{input, said};
use crate::http::call::Call;
use crate::http::json::json;
use crate::http::problem::{InputError, Problem};
use crate::http::probonus;
use crate::loyalty::amount::Amount;
use crate::loyalty::probonus::Refusal;
use crate::loyalty::probonus::accounts::find::Whose;
use crate::loyalty::probonus::dish::DishOrder;
use crate::loyalty::probonus::ids::{AccountId, CheckId};
use crate::loyalty::probonus::till::sale::Sale;
use crate::sandbox::fixture::values::QuantityNumber;

/// How many dishes one sale may have.
pub(super) const DISHES_MAX: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", expecting = "an object")]
struct SaleRequest {
    #[serde(default, deserialize_with = "said")]
    account_id: Option<u64>,
    #[serde(default, deserialize_with = "said")]
    phone: Option<String>,
    dishes: Vec<WireDish>,
    #[serde(default)]
    bonus_paid: Amount,
    #[serde(default, deserialize_with = "said")]
    restaurant: Option<String>,
    #[serde(default, deserialize_with = "said")]
    cashier: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct WireDish {
    name: Box<str>,
    quantity: QuantityNumber,
    price: Amount,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", expecting = "an object")]
struct RefundRequest {
    check_id: u64,
}

/// Rings up a sale; answers its check.
pub(super) async fn sale(call: Call) -> Result<HttpResponse, Problem> {
    let request: SaleRequest = input(&call)?;
    let whose = match (request.account_id, &request.phone) {
        (Some(id), None) => Whose::Id(AccountId(id)),
        (None, Some(phone)) => Whose::Phone(phone),
        _ => return Err(wrong("", "say whose sale it is: \"accountId\" or \"phone\", one of the two")),
    };
    if request.dishes.len() > DISHES_MAX {
        return Err(wrong("/dishes", &format!("a sale has at most {DISHES_MAX} dishes")));
    }
    let dishes = request.dishes.into_iter();
    let dishes =
        dishes.map(|dish| DishOrder { name: dish.name, quantity: dish.quantity.0, price: dish.price });
    let dishes: Vec<DishOrder> = dishes.collect();
    let sale = Sale {
        whose,
        dishes: &dishes,
        bonus_paid: request.bonus_paid,
        restaurant: request.restaurant.as_deref(),
        cashier: request.cashier.as_deref(),
    };
    call.sandbox.run(|world, now| {
        let books = &mut world.probonus;
        let check = books.sale(&sale, now).map_err(|refusal| problem(&refusal, &place(&refusal, whose)))?;
        Ok(json(StatusCode::CREATED, &probonus::check(&check, books.rules().utc_offset)))
    })
}

/// Takes a whole check back; answers it.
pub(super) async fn refund(call: Call) -> Result<HttpResponse, Problem> {
    let RefundRequest { check_id } = input(&call)?;
    call.sandbox.run(|world, now| {
        let books = &mut world.probonus;
        let check = books.refund(CheckId(check_id), now).map_err(|refusal| problem(&refusal, "/checkId"))?;
        Ok(json(StatusCode::OK, &probonus::check(&check, books.rules().utc_offset)))
    })
}

/// The field of a sale that a refusal is about.
fn place(refusal: &Refusal, whose: Whose<'_>) -> String {
    match refusal {
        Refusal::NoDishes | Refusal::TotalOverLimit => "/dishes".to_owned(),
        Refusal::PriceNegative { dish } => format!("/dishes/{dish}/price"),
        Refusal::QuantityNotPositive { dish } => format!("/dishes/{dish}/quantity"),
        Refusal::AmountNegative | Refusal::MoreThanTotal { .. } | Refusal::InsufficientPoints { .. } => {
            "/bonusPaid".to_owned()
        }
        _ => match whose {
            Whose::Id(_) => "/accountId".to_owned(),
            Whose::Phone(_) => "/phone".to_owned(),
        },
    }
}

fn problem(refusal: &Refusal, pointer: &str) -> Problem {
    let (status, text) = probonus::error::told(refusal);
    Problem::refused(status, pointer.to_owned(), text.into_owned())
}

fn wrong(pointer: &str, detail: &str) -> Problem {
    Problem::bad_input(vec![InputError { pointer: pointer.to_owned(), detail: detail.to_owned() }])
}
