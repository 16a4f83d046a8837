//! Of i-bonus.me: the clients by phone, a balance, an order.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::answer;
use crate::support::fixture::{MERCHANT, ibonus_token};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/ext/api/v1")
            .route("/clients/", web::get().to(clients))
            .route("/clients/{id}/balance/", web::get().to(balance))
            .route("/fiscal/orders/", web::post().to(order)),
    );
}

/// Whether the merchant calls.
fn has_key(request: &HttpRequest) -> bool {
    let credentials = || {
        let encoded = request.headers().get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
        STANDARD.decode(encoded).ok()
    };
    credentials().is_some_and(|credentials| credentials == MERCHANT.as_bytes())
}

#[derive(Deserialize)]
struct ClientsQuery {
    phone: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    id: u64,
    email: &'static str,
    phone: String,
    name: &'static str,
    avatar_url: Option<&'static str>,
    paid_purchases: u64,
    total_purchases: u64,
    average_bill: u64,
    total_purchases_amount: u64,
    paid_purchases_amount: u64,
    positive_reviews: u64,
    neutral_reviews: u64,
    negative_reviews: u64,
    token: String,
}

async fn clients(request: HttpRequest, query: web::Query<ClientsQuery>) -> HttpResponse {
    answer(has_key(&request), query.phone.len() == 11, || {
        [Client {
            id: 1,
            email: "mail0@mail.mail",
            phone: query.into_inner().phone,
            name: "Иван",
            avatar_url: Some("https://example.com/photos/ivan.jpg"),
            paid_purchases: 0,
            total_purchases: 0,
            average_bill: 0,
            total_purchases_amount: 0,
            paid_purchases_amount: 0,
            positive_reviews: 0,
            neutral_reviews: 0,
            negative_reviews: 0,
            token: ibonus_token(0),
        }]
    })
}

#[derive(Serialize)]
struct Sum {
    amount: u64,
    currency: &'static str,
}

async fn balance(request: HttpRequest, id: web::Path<u64>) -> HttpResponse {
    answer(has_key(&request), *id == 1, || {
        [Sum { amount: 878, currency: "points" }, Sum { amount: 0, currency: "rubles" }]
    })
}

#[derive(Deserialize)]
struct OrderCall {
    order: Order,
    amount: f64,
    currency: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    external_id: String,
    receipt_type: String,
    amount_card: f64,
    customer_phone: String,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    name: String,
    price: f64,
    quantity: f64,
    unit: String,
    vat: u64,
}

async fn order(request: HttpRequest, call: web::Json<OrderCall>) -> HttpResponse {
    let order = &call.order;
    let good_item = |item: &Item| {
        !item.name.is_empty() && item.price * item.quantity > 0.0 && item.unit == "piece" && item.vat == 20
    };
    let good = call.amount > 0.0
        && call.currency == "points"
        && !order.external_id.is_empty()
        && order.receipt_type == "sale"
        && order.amount_card > 0.0
        && order.customer_phone.len() == 11
        && order.items.iter().all(good_item);
    if !has_key(&request) {
        return HttpResponse::Unauthorized().finish();
    }
    if good { HttpResponse::Ok().finish() } else { HttpResponse::BadRequest().finish() }
}
