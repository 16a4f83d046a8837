//! Of ProBonus: an account by its phone, points given and taken.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::answer;
use crate::support::fixture::API_KEY;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/api/v0/accounts")
            .route("/find_by_phone", web::post().to(find_by_phone))
            .route("/refill", web::post().to(refill))
            .route("/withdraw", web::post().to(withdraw)),
    );
}

fn has_key(request: &HttpRequest) -> bool {
    request.headers().get("x-api-key").is_some_and(|key| key == API_KEY)
}

#[derive(Deserialize)]
struct PhoneQuery {
    phone: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    id: u64,
    account_group_id: u64,
    account_group_name: &'static str,
    last_name: &'static str,
    first_name: &'static str,
    patronymic: Option<&'static str>,
    birthday: &'static str,
    sex: &'static str,
    phone: String,
    email: &'static str,
    comment: Option<&'static str>,
    identifiers: [u64; 0],
    balance: u64,
    discount: Discount,
    turnover: u64,
    coupons: [u64; 0],
    burning: Option<u64>,
    is_active: bool,
    created_at: &'static str,
}

#[derive(Serialize)]
struct Discount {
    id: u64,
    name: &'static str,
    kind: &'static str,
    percent: u64,
}

async fn find_by_phone(request: HttpRequest, query: web::Json<PhoneQuery>) -> HttpResponse {
    answer(has_key(&request), query.phone.len() == 12, || Found {
        id: 1,
        account_group_id: 1,
        account_group_name: "Гости",
        last_name: "Соколова",
        first_name: "Мария",
        patronymic: None,
        birthday: "1990-07-14",
        sex: "female",
        phone: query.into_inner().phone,
        email: "mail0@mail.mail",
        comment: None,
        identifiers: [],
        balance: 878,
        discount: Discount { id: 1, name: "Бонус 10 %", kind: "bonus", percent: 10 },
        turnover: 0,
        coupons: [],
        burning: None,
        is_active: true,
        created_at: "2025-03-08T12:00:00+03:00",
    })
}

#[derive(Deserialize)]
struct Operation {
    phone: String,
    amount: f64,
    comment: String,
}

impl Operation {
    fn is_good(&self) -> bool {
        self.phone.len() == 12 && self.amount > 0.0 && !self.comment.is_empty()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operated {
    transaction_id: u64,
    balance: u64,
}

async fn refill(request: HttpRequest, operation: web::Json<Operation>) -> HttpResponse {
    let operated = || Operated { transaction_id: 1_001, balance: 978 };
    answer(has_key(&request), operation.is_good(), operated)
}

async fn withdraw(request: HttpRequest, operation: web::Json<Operation>) -> HttpResponse {
    let operated = || Operated { transaction_id: 1_002, balance: 878 };
    answer(has_key(&request), operation.is_good(), operated)
}
