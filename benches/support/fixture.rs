//! Fixtures of any size, as JSON text: the same people for all benches. ASCII digits for phones, so that an answer's
//! length is known.

use std::fmt::Write;

/// The point of sale of every request to LoyalClient.
pub(crate) const POINT: &str = "62a0f1e2d3c4b5a69788f4f4";

/// The key of every request to LoyalClient and to ProBonus.
pub(crate) const API_KEY: &str = "test-key";

/// Who makes every request to i-bonus.me: e-mail and password, as HTTP Basic writes them.
pub(crate) const MERCHANT: &str = "merchant@example.com:secret";

/// The id of LoyalClient's client with this number.
pub(crate) fn client_id(number: u64) -> String {
    format!("62a0f1e2d3c4b5a6{:08x}", CLIENT_FIRST + number)
}

/// The phone of the client with this number, in every programme.
pub(crate) const fn phone(number: u64) -> u64 {
    79_201_234_567 + number
}

/// The token of i-bonus.me's client with this number; its id is one more than that.
pub(crate) fn ibonus_token(number: u64) -> String {
    format!("{:032x}", 0xa000_0000_0000_0000_u128 + u128::from(number))
}

const CLIENT_FIRST: u64 = 0x9788_2486;

/// Which programmes a fixture has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Programmes {
    LoyalClient,
    Ibonus,
    ProBonus,
    All,
}

/// A fixture with so many clients in each of these programmes.
pub(crate) fn fixture(programmes: Programmes, clients: u64) -> String {
    let mut text = r#"{"version":1"#.to_owned();
    let wanted = |one| programmes == one || programmes == Programmes::All;
    if wanted(Programmes::LoyalClient) {
        loyalclient(&mut text, clients);
    }
    if wanted(Programmes::Ibonus) {
        ibonus(&mut text, clients);
    }
    if wanted(Programmes::ProBonus) {
        probonus(&mut text, clients);
    }
    text.push('}');
    text
}

/// Each client has a name, a photo, a birthday, an e-mail address and one lot.
fn loyalclient(text: &mut String, clients: u64) {
    add(
        text,
        format_args!(
            r#","loyalclient":{{"apiKeys":["{API_KEY}"],"points":[{{"id":"{POINT}","title":"Кофейня"}}],"levels":[{{"id":"62a0f1e2d3c4b5a69788a001","title":"Базовый","percent":10,"type":"cashback","maxSpendPercent":100}}],"clients":["#
        ),
    );
    for number in 0..clients {
        let comma = if number == 0 { "" } else { "," };
        let (id, phone) = (client_id(number), phone(number));
        add(
            text,
            format_args!(
                r#"{comma}{{"id":"{id}","name":"Иван","photo":"https://example.com/photos/ivan.jpg","birthday":"2021-03-29","level":"62a0f1e2d3c4b5a69788a001","phone":{phone},"email":"mail@mail.mail","balance":878}}"#
            ),
        );
    }
    text.push_str("]}");
}

/// Each client has a name, a photo, an e-mail address and one lot of points; a tenth of an order is accrued.
fn ibonus(text: &mut String, clients: u64) {
    let (email, password) = MERCHANT.split_once(':').expect("e-mail and password");
    let accrual = r#"{"couponId":null,"type":"percentage","amount":10,"validDays":null}"#;
    add(
        text,
        format_args!(
            r#","ibonus":{{"merchant":{{"email":"{email}","password":"{password}","fiscalApiKey":"fiscal-key"}},"settings":{{"active":true,"currency":"points","newCustomerSettings":{accrual},"customerSettings":{accrual}}},"clients":["#
        ),
    );
    for number in 0..clients {
        let comma = if number == 0 { "" } else { "," };
        let (id, phone, token) = (number + 1, phone(number), ibonus_token(number));
        add(
            text,
            format_args!(
                r#"{comma}{{"id":{id},"name":"Иван","phone":"{phone}","email":"mail{number}@mail.mail","avatarUrl":"https://example.com/photos/ivan.jpg","token":"{token}","balances":[{{"currency":"points","amount":878}}]}}"#
            ),
        );
    }
    text.push_str("]}");
}

/// Each account has a name, an e-mail address, a bonus and one lot.
fn probonus(text: &mut String, accounts: u64) {
    add(
        text,
        format_args!(
            r#","probonus":{{"users":[{{"id":1,"login":"admin","password":"111"}}],"apiKeys":["{API_KEY}"],"accountGroups":[{{"id":1,"name":"Гости","haveTemplate":false}}],"discounts":[{{"id":1,"name":"Бонус 10 %","source":"rkeeper","kind":"bonus","percent":10}}],"accounts":["#
        ),
    );
    for number in 0..accounts {
        let comma = if number == 0 { "" } else { "," };
        let (id, phone) = (number + 1, phone(number));
        add(
            text,
            format_args!(
                r#"{comma}{{"id":{id},"accountGroupId":1,"lastName":"Соколова","firstName":"Мария","birthday":"1990-07-14","sex":"female","phone":"+{phone}","email":"mail{number}@mail.mail","balance":878,"discountId":1,"createdAt":"2025-03-08T12:00:00+03:00"}}"#
            ),
        );
    }
    text.push_str("]}");
}

fn add(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a String takes all that is written to it");
}
