//! The shop that the i-bonus.me tests are in, and who calls there.

use std::ops::Deref;

use serde_json::{Value, json};
use stend::loyalty::amount::Amount;
use stend::loyalty::ibonus::Books;
use stend::loyalty::ibonus::balance::Sum;
use stend::loyalty::ibonus::client::Counters;
use stend::loyalty::ibonus::coupon::Texts;
use stend::loyalty::ibonus::currency::Currency;
use stend::loyalty::ibonus::ids::{CouponId, EmployeeId, MerchantId, TemplateId};
use stend::loyalty::ibonus::load::clients::{Good, NewBalance, NewClient, NewCoupon, NewLot};
use stend::loyalty::ibonus::phone::Phone;
use stend::loyalty::ibonus::settings::{Cashback, CashbackKind, Settings};
use stend::loyalty::ibonus::templates::{Style, Template};
use stend::loyalty::ibonus::users::{Employee, Merchant, Person, Role};
use stend::{Period, Time};

use crate::harness::{Answer, Bench, Caller, START_SECONDS};

/// Where the calls are.
pub(crate) const BASE: &str = "/ext/api/v1";

/// The clock at the start, in milliseconds.
pub(crate) const START_MS: i64 = START_SECONDS * 1_000;

/// A day, in milliseconds.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// 100 points, 50 rubles, coupons 1 and 2, one purchase paid; phone and e-mail.
pub(crate) const ANNA: u64 = 1;

/// [`ANNA`]'s phone, in full dress.
pub(crate) const ANNA_PHONE: &str = "+7 (912) 345-67-89";

/// [`ANNA`]'s token.
pub(crate) const ANNA_TOKEN: &str = "0a000000000000000000000000000001";

/// An e-mail and nothing else.
pub(crate) const BORIS: u64 = 2;

/// A phone and nothing else.
pub(crate) const VERA: u64 = 3;

/// The key of the fiscal hub.
pub(crate) const KEY: &str = "2965f5329e0e97da957ca88c4ada5578";

/// What the vendor hands out to register merchants.
pub(crate) const PUBLIC: &str = "public-token";

/// The shop. At its end its books must be in order.
pub(crate) struct Shop(Bench);

impl Deref for Shop {
    type Target = Bench;
    fn deref(&self) -> &Bench {
        &self.0
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let sandbox = self.stend().default_sandbox();
            let violations = sandbox.run(|world, now| format!("{:?}", world.ibonus.violations(now)));
            assert_eq!(violations, "[]", "the books of i-bonus.me");
        }
    }
}

/// The shop, in the default sandbox.
pub(crate) fn shop() -> Shop {
    let shop = Shop(Bench::with(&json!({"version": 1})));
    shop.open_in("default");
    shop
}

/// The shop of a server with another limit of bodies.
pub(crate) fn shop_with_body_limit(limit: u64) -> Shop {
    let builder = Bench::builder().fixture(r#"{"version":1}"#);
    let limit = format!("{limit}").parse().expect("a number of bytes");
    let shop = Shop(Bench::start(builder.options(|options| options.body_limit = limit)));
    shop.open_in("default");
    shop
}

impl Shop {
    /// Puts the shop into a sandbox.
    pub(crate) fn open_in(&self, sandbox: &str) {
        let sandbox = self.stend().sandbox(sandbox).expect("there is room");
        sandbox.run(|world, now| fill(&mut world.ibonus, now));
    }

    /// Works on the books themselves.
    pub(crate) fn books<R>(&self, work: impl FnOnce(&mut Books, Time) -> R) -> R {
        self.stend().default_sandbox().run(|world, now| work(&mut world.ibonus, now))
    }

    /// The merchant.
    pub(crate) fn merchant(&self) -> User {
        self.user("merchant@example.com", "secret")
    }

    /// Employee 1, a cashier.
    pub(crate) fn cashier(&self) -> User {
        self.user("cashier@example.com", "till")
    }

    /// Employee 2, a manager.
    pub(crate) fn manager(&self) -> User {
        self.user("manager@example.com", "office")
    }

    /// Who logs in so.
    pub(crate) fn user(&self, login: &str, password: &str) -> User {
        User { caller: Caller::clone(self), authorization: basic(login, password) }
    }

    /// A call of the fiscal hub, by the merchant.
    #[track_caller]
    pub(crate) fn hub(&self, call: &str, body: &Value) -> Answer {
        let path = format!("{BASE}/fiscal_hub/cash_back/{call}/?login=merchant%40example.com&api_key={KEY}");
        self.post(&path, body)
    }

    /// Holds points of [`ANNA`]; answers the transactionId.
    #[track_caller]
    pub(crate) fn held(&self, amount: impl Into<Value>) -> String {
        let body = json!({"clientId": ANNA, "currency": "points", "amount": amount.into()});
        let hold = self.hub("hold", &body).ok();
        hold["transactionId"].as_str().expect("a hold has its transactionId").to_owned()
    }

    /// What a client can write off: points and rubles.
    #[track_caller]
    pub(crate) fn available(&self, client: u64) -> [Value; 2] {
        let balance = self.merchant().get(&format!("/clients/{client}/balance/")).ok();
        assert_eq!([&balance[0]["currency"], &balance[1]["currency"]], ["points", "rubles"]);
        [balance[0]["amount"].clone(), balance[1]["amount"].clone()]
    }
}

/// Who calls with HTTP Basic.
pub(crate) struct User {
    pub(crate) caller: Caller,
    authorization: String,
}

impl User {
    /// GETs a path below [`BASE`].
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, None)
    }

    /// DELETEs one.
    #[track_caller]
    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path, None)
    }

    /// POSTs JSON.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path, Some(&body.to_string()))
    }

    /// PUTs JSON.
    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        self.request("PUT", path, Some(&body.to_string()))
    }

    /// Any method, any body.
    #[track_caller]
    pub(crate) fn request(&self, method: &str, path: &str, body: Option<&str>) -> Answer {
        let path = format!("{BASE}{path}");
        let request = self.caller.request(method, &path).header("authorization", &self.authorization);
        match body {
            Some(body) => request.header("content-type", "application/json").body(body).send(),
            None => request.send(),
        }
    }

    /// Uploads a form with one part.
    #[track_caller]
    pub(crate) fn upload(&self, path: &str, part: &str, media_type: Option<&str>, bytes: &[u8]) -> Answer {
        let typed = media_type.map_or(String::new(), |name| format!("Content-Type: {name}\r\n"));
        let head = format!(
            "--X\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nnothing\r\n--X\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"a.png\"\r\n{typed}\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--X--\r\n"].concat();
        self.form(path, "multipart/form-data; boundary=X", body)
    }

    /// Posts any bytes of any type.
    #[track_caller]
    pub(crate) fn form(&self, path: &str, media_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let request = self.caller.request("POST", &format!("{BASE}{path}"));
        let request = request.header("authorization", &self.authorization).header("content-type", media_type);
        request.body(body).send()
    }

    /// Sells [`ANNA`] one thing for a price.
    #[track_caller]
    pub(crate) fn sells(&self, external_id: &str, price: impl Into<Value>) {
        self.post("/fiscal/orders/", &sale(external_id, price)).is(200, "");
    }

    /// The newest order.
    #[track_caller]
    pub(crate) fn newest(&self) -> Value {
        self.get("/fiscal/orders/?limit=1").ok()[0].clone()
    }

    /// The ids of the newest order's items.
    #[track_caller]
    pub(crate) fn newest_items(&self) -> Vec<Value> {
        let items = self.get(&format!("/fiscal/orders/{}/items/", self.newest()["id"])).ok();
        items.as_array().expect("a list").iter().map(|item| item["id"].clone()).collect()
    }
}

/// A sale to [`ANNA`] of one thing, ready to be changed.
pub(crate) fn sale(external_id: &str, price: impl Into<Value>) -> Value {
    json!({"order": {
        "externalId": external_id, "receiptType": "sale", "customerPhone": ANNA_PHONE,
        "items": [{"price": price.into(), "quantity": 1, "unit": "piece", "vat": 20, "name": "Капучино"}]
    }})
}

/// A refund of items.
pub(crate) fn refund(external_id: &str, items: &[Value]) -> Value {
    let items: Vec<Value> = items.iter().map(|id| json!({"id": id})).collect();
    json!({"order": {"externalId": external_id, "receiptType": "refund", "items": items}})
}

/// Demands an error in i-bonus.me's shape; answers its message.
#[track_caller]
pub(crate) fn error(answer: &Answer, status: u16) -> String {
    answer.with_status(status);
    let body = answer.json();
    assert_eq!(body["status"], status, "{answer}");
    let message = body["message"].as_str().expect("an error has a message").to_owned();
    assert!(message.ends_with('.'), "no sentence: {message:?}");
    message
}

/// `Basic …`
pub(crate) fn basic(login: &str, password: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let credentials = format!("{login}:{password}");
    let mut text = String::from("Basic ");
    for three in credentials.as_bytes().chunks(3) {
        let [one, two, last] = [0, 1, 2].map(|place| u32::from(*three.get(place).unwrap_or(&0)));
        let bits = one << 16 | two << 8 | last;
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("an amount")
}

fn fill(books: &mut Books, now: Time) {
    let person = |email: &str, phone: &str, password: &str, first: &str, last: &str| Person {
        email: Some(email.into()),
        phone: Phone::new(phone),
        password: password.into(),
        first_name: Some(first.into()),
        last_name: Some(last.into()),
        inn: Some("123 123 123 321".into()),
    };
    let merchant = Merchant {
        id: MerchantId(0),
        person: person("merchant@example.com", "+7 900 000-00-01", "secret", "Мария", "Хозяйкина"),
        company: Some("Рога и копыта".into()),
        company_url: None,
        fiscal_api_key: KEY.into(),
        fiscal_login: "79123456789".into(),
    };
    books.add_merchant(merchant).expect("it is new");
    for (id, email, phone, login, password, role, key) in [
        (1, "cashier@example.com", "79000000002", "111111", "till", Role::Cashier, None),
        (2, "manager@example.com", "79000000003", "923217", "office", Role::Manager, Some("manager-key")),
    ] {
        let employee = Employee {
            id: EmployeeId(id),
            person: person(email, phone, password, "Кассир", "Кассиров"),
            login: Some(login.into()),
            role: Some(role),
            fiscal_api_key: key.map(Into::into),
        };
        books.add_employee(employee).expect("it is new");
    }
    books.set_public_token(Some(PUBLIC));

    let texts = Texts {
        title: Some("Служебный заголовок".into()),
        header: Some("Заголовок".into()),
        sub_header: Some("Подзаголовок".into()),
        short_description: Some("<b>Короткое</b> описание".into()),
        long_description: Some("Длинное описание".into()),
    };
    let template = Template {
        id: TemplateId(1),
        texts: texts.clone().into(),
        picture: None,
        style: Style::ThemeBrown,
        valid_days: Some(30),
        valid_until: None,
        deleted: false,
    };
    books.add_template(template).expect("it is new");
    let first = Cashback {
        coupon: Some(TemplateId(1)),
        kind: CashbackKind::Amount,
        amount: Some(amount("30")),
        valid_days: None,
    };
    let later = Cashback {
        coupon: None,
        kind: CashbackKind::Percentage,
        amount: Some(amount("10")),
        valid_days: Some(30),
    };
    let settings =
        Settings { active: true, currency: Currency::Points, new_customer: first, customer: later };
    books.put_settings(settings).expect("they are good");
    books.put_presets(vec![Sum { amount: amount("10.5"), currency: Currency::Points }]);

    let lots = |text: &str| vec![NewLot { amount: amount(text), ..NewLot::default() }];
    // Texts that are left out are the template's.
    let coupon = |id: u64, texts: &Texts, template: Option<u64>| NewCoupon {
        id: Some(CouponId(id)),
        texts: Some(texts.clone()),
        template: template.map(TemplateId),
        good: Good::Through(now + Period::days(10)),
        ..NewCoupon::default()
    };
    let anna = NewClient {
        email: Some("anna@example.com".into()),
        phone: Phone::new(ANNA_PHONE),
        name: Some("Анна".into()),
        avatar_url: Some("https://example.com/anna.png".into()),
        counters: Counters { paid_purchases: 1, total_purchases: 1, ..Counters::default() },
        token: Some(ANNA_TOKEN.into()),
        balances: vec![
            NewBalance { currency: Currency::Points, lots: lots("100") },
            NewBalance { currency: Currency::Rubles, lots: lots("50") },
        ],
        coupons: vec![coupon(1, &texts, Some(1)), coupon(2, &Texts::default(), None)],
        ..NewClient::default()
    };
    let boris = NewClient { email: Some("boris@example.com".into()), ..NewClient::default() };
    let vera = NewClient { phone: Phone::new("78120000003"), ..NewClient::default() };
    for client in [anna, boris, vera] {
        books.add_client(client, now).expect("it is new");
    }
}
