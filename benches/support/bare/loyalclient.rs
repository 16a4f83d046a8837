//! LoyalClient's five calls.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::answer;
use crate::support::fixture::{API_KEY, POINT};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/integration/general")
            .route("/client", web::post().to(client))
            .route("/recalc", web::post().to(recalc))
            .route("/bonuses/hold", web::post().to(hold))
            .route("/bonuses/release", web::post().to(release))
            .route("/retail", web::post().to(retail)),
    );
}

fn has_key(request: &HttpRequest) -> bool {
    request.headers().get("apikey").is_some_and(|key| key == API_KEY)
}

#[derive(Deserialize)]
struct ClientQuery {
    search: String,
    point: String,
    hold: Vec<String>,
}

#[derive(Serialize)]
struct ClientAnswer {
    success: bool,
    client: Client,
}

#[derive(Serialize)]
struct Client {
    id: &'static str,
    name: &'static str,
    photo: &'static str,
    birthday: &'static str,
    level: Level,
    phone: u64,
    email: &'static str,
    balance: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Level {
    id: &'static str,
    title: &'static str,
    percent: u64,
    r#type: &'static str,
    max_spend_percent: u64,
}

async fn client(request: HttpRequest, query: web::Json<ClientQuery>) -> HttpResponse {
    answer(
        has_key(&request),
        query.search.len() == 11 && query.point == POINT && query.hold.is_empty(),
        || ClientAnswer {
            success: true,
            client: Client {
                id: "62a0f1e2d3c4b5a697882486",
                name: "Иван",
                photo: "https://example.com/photos/ivan.jpg",
                birthday: "2021-03-29",
                level: Level {
                    id: "62a0f1e2d3c4b5a69788a001",
                    title: "Базовый",
                    percent: 10,
                    r#type: "cashback",
                    max_spend_percent: 100,
                },
                phone: 79_201_234_567,
                email: "mail@mail.mail",
                balance: 878,
            },
        },
    )
}

#[derive(Deserialize)]
struct RecalcOrder {
    client: String,
    point: String,
    amount: f64,
    hold: Vec<String>,
}

#[derive(Serialize)]
struct RecalcAnswer {
    success: bool,
    recalc: Recalc,
}

#[derive(Serialize)]
struct Recalc {
    amount: u64,
    percent: u64,
    r#type: &'static str,
    spend: u64,
    earn: u64,
}

async fn recalc(request: HttpRequest, order: web::Json<RecalcOrder>) -> HttpResponse {
    let good =
        order.client.len() == 24 && order.point == POINT && order.amount > 0.0 && order.hold.is_empty();
    answer(has_key(&request), good, || RecalcAnswer {
        success: true,
        recalc: Recalc { amount: 1_000, percent: 10, r#type: "cashback", spend: 878, earn: 100 },
    })
}

#[derive(Deserialize)]
struct HoldOrder {
    client: String,
    point: String,
    amount: f64,
    duration: u64,
}

#[derive(Serialize)]
struct HoldAnswer {
    success: bool,
    held: Held,
}

#[derive(Serialize)]
struct Held {
    id: &'static str,
    until: u64,
    amount: u64,
}

async fn hold(request: HttpRequest, order: web::Json<HoldOrder>) -> HttpResponse {
    let good = order.client.len() == 24 && order.point == POINT && order.amount > 0.0 && order.duration > 0;
    answer(has_key(&request), good, || HoldAnswer {
        success: true,
        held: Held { id: "674468400102030405000001", until: 1_767_225_600, amount: 10 },
    })
}

#[derive(Deserialize)]
struct ReleaseOrder {
    id: String,
}

#[derive(Serialize)]
struct ReleaseAnswer {
    success: bool,
}

async fn release(request: HttpRequest, order: web::Json<ReleaseOrder>) -> HttpResponse {
    answer(has_key(&request), order.id.len() == 24, || ReleaseAnswer { success: true })
}

#[derive(Deserialize)]
struct RetailOrder {
    client: String,
    point: String,
    amount: f64,
    spend: u64,
    hold: Vec<String>,
}

#[derive(Serialize)]
struct RetailAnswer {
    success: bool,
    retail: Retail,
}

#[derive(Serialize)]
struct Retail {
    amount: u64,
    total: u64,
    percent: u64,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    spend: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earn: Option<u64>,
}

async fn retail(request: HttpRequest, order: web::Json<RetailOrder>) -> HttpResponse {
    let good =
        order.client.len() == 24 && order.point == POINT && order.amount > 0.0 && order.hold.is_empty();
    let (spend, earn) = if order.spend > 0 { (Some(order.spend), None) } else { (None, Some(100)) };
    let total = 1_000 - order.spend;
    answer(has_key(&request), good, || RetailAnswer {
        success: true,
        retail: Retail { amount: 1_000, total, percent: 10, r#type: "cashback", spend, earn },
    })
}
