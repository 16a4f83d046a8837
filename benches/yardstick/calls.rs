//! The rows of the table: what is asked, over how many connections.

use crate::support::fixture::{API_KEY, POINT, client_id, phone};
use crate::support::request::{ID, Request, SERIAL};

/// One row of the table.
pub(crate) struct Row {
    /// What it is called.
    pub(crate) call: &'static str,
    /// Over how many connections it is asked.
    pub(crate) connections: usize,
    /// What a connection sends over and over.
    pub(crate) requests: fn(u64) -> Vec<Request>,
    /// Whether it changes anything; these have fewer rounds.
    pub(crate) writes: bool,
}

/// The reads come first, so that none of them sees what the others wrote.
pub(crate) const ROWS: [Row; 12] = [
    Row { call: "client", connections: 1, requests: client, writes: false },
    Row { call: "client", connections: 32, requests: client, writes: false },
    Row { call: "client", connections: 256, requests: client, writes: false },
    Row { call: "recalc", connections: 32, requests: recalc, writes: false },
    Row { call: "i-bonus clients.list by phone", connections: 32, requests: list_by_phone, writes: false },
    Row { call: "i-bonus clients.balance", connections: 32, requests: balance, writes: false },
    Row { call: "ProBonus accounts.find_by_phone", connections: 32, requests: find_by_phone, writes: false },
    Row { call: "hold + release", connections: 32, requests: hold_and_release, writes: true },
    Row { call: "retail", connections: 32, requests: retail, writes: true },
    Row { call: "retail, in 992 sandboxes", connections: 32, requests: retail_in_many, writes: true },
    Row { call: "i-bonus orders.create", connections: 32, requests: order, writes: true },
    Row { call: "ProBonus accounts.refill + withdraw", connections: 32, requests: refill, writes: true },
];

/// All connections ask for one client.
pub(crate) fn client(_: u64) -> Vec<Request> {
    let phone = phone(0);
    let body = format!(r#"{{"search":"{phone}","point":"{POINT}","hold":[]}}"#);
    vec![Request::loyalclient("client", &body)]
}

fn recalc(_: u64) -> Vec<Request> {
    let client = client_id(0);
    let body = format!(r#"{{"client":"{client}","point":"{POINT}","amount":1000,"hold":[]}}"#);
    vec![Request::loyalclient("recalc", &body)]
}

/// Each connection has a client of its own.
fn hold_and_release(connection: u64) -> Vec<Request> {
    let client = client_id(connection + 1);
    let hold = format!(r#"{{"client":"{client}","point":"{POINT}","amount":10,"duration":10}}"#);
    vec![
        Request::loyalclient("bonuses/hold", &hold),
        Request::loyalclient("bonuses/release", &format!(r#"{{"id":"{ID}"}}"#)),
    ]
}

/// Accrues a hundred points and spends them again.
fn retail(connection: u64) -> Vec<Request> {
    [0, 100].map(|spend| Request::loyalclient("retail", &retail_body(connection, spend))).to_vec()
}

/// The same, each connection in 31 sandboxes in turns, which nobody else is in.
fn retail_in_many(connection: u64) -> Vec<Request> {
    let sandboxes = connection * 31..(connection + 1) * 31;
    let retail = |sandbox, spend| {
        let headers = format!("apikey: {API_KEY}\r\nX-Stend-Sandbox: ci-{sandbox}\r\n");
        let body = retail_body(connection, spend);
        Request::new("POST", "/integration/general/retail", &headers, Some(&body))
    };
    sandboxes.flat_map(|sandbox| [0, 100].map(|spend| retail(sandbox, spend))).collect()
}

fn retail_body(connection: u64, spend: u64) -> String {
    let client = client_id(connection + 1);
    format!(r#"{{"client":"{client}","point":"{POINT}","amount":1000,"spend":{spend},"hold":[]}}"#)
}

fn list_by_phone(_: u64) -> Vec<Request> {
    vec![Request::ibonus("GET", &format!("clients/?phone={}", phone(0)), None)]
}

fn balance(_: u64) -> Vec<Request> {
    vec![Request::ibonus("GET", "clients/1/balance/", None)]
}

/// Writes a hundred points off and accrues as many; two items.
fn order(connection: u64) -> Vec<Request> {
    let phone = phone(connection + 1);
    let items = r#"[{"price":250,"quantity":2,"unit":"piece","vat":20,"name":"Капучино"},{"price":500,"quantity":1,"unit":"piece","vat":20,"name":"Завтрак"}]"#;
    let body = format!(
        r#"{{"order":{{"externalId":"{SERIAL}","receiptType":"sale","amountCard":900,"customerPhone":"{phone}","items":{items}}},"amount":100,"currency":"points"}}"#
    );
    vec![Request::ibonus("POST", "fiscal/orders/", Some(&body))]
}

fn find_by_phone(_: u64) -> Vec<Request> {
    vec![Request::probonus("accounts/find_by_phone", &format!(r#"{{"phone":"+{}"}}"#, phone(0)))]
}

/// Gives a hundred points and takes them again.
fn refill(connection: u64) -> Vec<Request> {
    let phone = phone(connection + 1);
    let body = format!(r#"{{"phone":"+{phone}","amount":100,"comment":"yardstick"}}"#);
    ["accounts/refill", "accounts/withdraw"]
        .map(|call| Request::probonus(call, &body).with_a_growing_answer())
        .to_vec()
}
