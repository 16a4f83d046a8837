//! The shop that the ProBonus tests are in, and who calls there.

use std::ops::Deref;

use serde_json::{Value, json};

use crate::harness::{Answer, Bench, Caller};

/// Where the calls are.
pub(crate) const BASE: &str = "/api/v0";

/// The permanent token.
pub(crate) const API_KEY: &str = "test-key";

/// 1,000.50 points: 150 that burn tomorrow, 350.50 in 30 days, 500 never; in the group with the template, on the
/// second step of the ladder; phone, card and e-mail, a coupon, a check.
pub(crate) const MARIA: u64 = 1;

/// [`MARIA`]'s phone.
pub(crate) const MARIA_PHONE: &str = "+79161234567";

/// [`MARIA`]'s card.
pub(crate) const MARIA_CARD: &str = "10000017";

/// 100 points, in [`MARIA`]'s group; a phone and nothing else.
pub(crate) const ALEXEI: u64 = 2;

/// [`ALEXEI`]'s phone.
pub(crate) const ALEXEI_PHONE: &str = "+79161234568";

/// No points, among the guests, `r_keeper`'s ten per cent off.
pub(crate) const OLGA: u64 = 3;

/// 40 points, among the guests, not active.
pub(crate) const NIKOLAI: u64 = 4;

/// The group without a template.
pub(crate) const GUESTS: u64 = 1;

/// The group with the template.
pub(crate) const SELF_REGISTERED: u64 = 3;

/// The shop.
pub(crate) struct Shop {
    bench: Bench,
}

impl Deref for Shop {
    type Target = Bench;
    fn deref(&self) -> &Bench {
        &self.bench
    }
}

/// The shop, under the default rules.
pub(crate) fn shop() -> Shop {
    shop_with_rules(json!({}))
}

/// The shop under other rules: an object of the rules that differ from the defaults.
pub(crate) fn shop_with_rules(rules: Value) -> Shop {
    let mut fixture = fixture();
    fixture["probonus"]["rules"] = rules;
    Shop { bench: Bench::with(&fixture) }
}

/// The shop of a server with another limit of bodies.
pub(crate) fn shop_with_body_limit(limit: u64) -> Shop {
    let limit = format!("{limit}").parse().expect("a number of bytes");
    let builder = Bench::builder().fixture(fixture().to_string());
    Shop { bench: Bench::start(builder.options(|options| options.body_limit = limit)) }
}

impl Shop {
    /// Who calls with the permanent token.
    pub(crate) fn by_key(&self) -> Guest {
        Guest::new(self, &[("x-api-key", API_KEY)])
    }

    /// Who calls with a bearer token.
    pub(crate) fn by_token(&self, token: &Value) -> Guest {
        let authorization = format!("Bearer {}", token.as_str().expect("a token is a text"));
        Guest::new(self, &[("authorization", &authorization)])
    }

    /// Who calls with these headers.
    pub(crate) fn with(&self, headers: &[(&str, &str)]) -> Guest {
        Guest::new(self, headers)
    }

    /// Who calls without credentials.
    pub(crate) fn nobody(&self) -> Guest {
        Guest::new(self, &[])
    }

    /// Logs the user of the demo in; answers the pair.
    #[track_caller]
    pub(crate) fn log_in(&self) -> Value {
        self.nobody().post("auth/login", json!({"login": "admin", "password": "111"})).ok()
    }

    /// GETs a call with the permanent token.
    #[track_caller]
    pub(crate) fn read(&self, call: &str) -> Answer {
        self.by_key().get(call)
    }

    /// POSTs to a call with the permanent token.
    #[track_caller]
    pub(crate) fn order(&self, call: &str, body: Value) -> Answer {
        self.by_key().post(call, body)
    }
}

/// Who calls, and with which headers.
pub(crate) struct Guest {
    caller: Caller,
    headers: Vec<(String, String)>,
}

#[allow(clippy::needless_pass_by_value)] // a body is written where it is sent
impl Guest {
    fn new(caller: &Caller, headers: &[(&str, &str)]) -> Guest {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Guest { caller: caller.clone(), headers: headers.collect() }
    }

    /// The same in another sandbox, named by the path.
    pub(crate) fn in_sandbox(&self, name: &str) -> Guest {
        Guest { caller: self.caller.in_sandbox(name), headers: self.headers.clone() }
    }

    /// GETs a call: `accounts/get_by_id?id=1`.
    #[track_caller]
    pub(crate) fn get(&self, call: &str) -> Answer {
        self.send("GET", call, None)
    }

    /// POSTs JSON to a call.
    #[track_caller]
    pub(crate) fn post(&self, call: &str, body: Value) -> Answer {
        self.send("POST", call, Some(&body.to_string()))
    }

    /// Calls, with a body that need not be JSON.
    #[track_caller]
    pub(crate) fn send(&self, method: &str, call: &str, body: Option<&str>) -> Answer {
        let mut request = self.caller.request(method, &format!("{BASE}/{call}"));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match body {
            Some(body) => request.body(body).send(),
            None => request.send(),
        }
    }

    /// Calls in a form that is accepted and that no contract promises, such as `"3"` for a number.
    #[track_caller]
    pub(crate) fn loosely(&self, method: &str, call: &str, body: &str) -> Answer {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers = headers.collect::<Vec<String>>().concat();
        let mut socket = self.caller.socket();
        let length = body.len();
        socket.send(format!(
            "{method} {BASE}/{call} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {length}\r\n\r\n{body}"
        ));
        socket.bare_answer().expect("an answer")
    }
}

/// A text as it stands in a query.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| encoded + &format!("%{byte:02X}"))
}

/// Demands a refusal, in FastAPI's shape.
#[track_caller]
pub(crate) fn refused(answer: &Answer, status: u16, detail: &str) {
    assert_eq!((answer.status, answer.json()), (status, json!({"detail": detail})), "\n{answer}");
}

/// Demands bad input; answers the list of what is wrong.
#[track_caller]
pub(crate) fn wrong(answer: &Answer) -> Value {
    answer.with_status(422).json()["detail"].clone()
}

/// Demands that these fields are at fault, in this order: the way to each, with the type of its error.
#[track_caller]
pub(crate) fn blames(answer: &Answer, wanted: &[(&str, &str)]) {
    let problems = wrong(answer);
    let found: Vec<(String, String)> = problems
        .as_array()
        .expect("a list")
        .iter()
        .map(|problem| {
            let steps = problem["loc"].as_array().expect("a way").iter();
            let way: Vec<String> =
                steps.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
            (way.join("."), problem["type"].as_str().expect("a type").to_owned())
        })
        .collect();
    let wanted: Vec<(String, String)> =
        wanted.iter().map(|(way, kind)| ((*way).to_owned(), (*kind).to_owned())).collect();
    assert_eq!(found, wanted, "\n{answer}");
}

fn fixture() -> Value {
    json!({"version": 1, "probonus": {
        "users": [
            {"id": 1, "login": "admin", "password": "111", "email": "admin@example.com", "lastName": "Орлова",
             "firstName": "Вера", "patronymic": "Андреевна", "comment": "Администратор"},
            {"id": 2, "login": "till", "password": "222"}
        ],
        "apiKeys": [API_KEY],
        "accountGroups": [
            {"id": GUESTS, "name": "Гости", "haveTemplate": false},
            {"id": 2, "name": "Сотрудники", "haveTemplate": false},
            {"id": SELF_REGISTERED, "name": "Самостоятельно зарегистрировавшиеся", "haveTemplate": true,
             "template": {"discountId": 3, "welcomeBonus": 200, "burning": {"days": 90}, "activationDelayDays": 1}}
        ],
        "identifierTypes": [
            {"id": 1, "name": "Карта", "mask": "99999999", "unique": true},
            {"id": 2, "name": "Телефон", "unique": false},
            {"id": 3, "name": "E-mail", "unique": false},
            {"id": 4, "name": "Виртуальная карта", "unique": true}
        ],
        "discounts": [
            {"id": 1, "name": "Скидка 10 %", "source": "rkeeper", "kind": "discount", "percent": 10},
            {"id": 2, "name": "Бонусы 5 %", "source": "rkeeper", "kind": "bonus", "percent": 5},
            {"id": 3, "name": "Накопительная", "source": "composite", "kind": "bonus", "steps": [
                {"threshold": 0, "percent": 3}, {"threshold": 10000, "percent": 5},
                {"threshold": 50000, "percent": 10}]}
        ],
        "accounts": [
            {"id": MARIA, "accountGroupId": SELF_REGISTERED, "lastName": "Соколова", "firstName": "Мария",
             "patronymic": "Игоревна", "birthday": "1990-07-14", "sex": "female", "phone": MARIA_PHONE,
             "email": "maria@example.com", "comment": "Столик у окна",
             "identifiers": [{"id": 1, "typeId": 1, "value": MARIA_CARD},
                             {"id": 2, "typeId": 3, "value": "maria@example.com"}],
             "lots": [{"amount": 150, "expiresAt": "2026-01-02T00:00:00+03:00"},
                      {"amount": 350.5, "expiresAt": "2026-01-31T00:00:00+03:00"},
                      {"amount": 500}],
             "discountId": 3, "turnover": 23480, "burning": {"days": 90},
             "coupons": [{"id": 1, "name": "Десерт в подарок", "code": "DESSERT", "validUntil": "2026-01-31"},
                         {"id": 2, "name": "Лимонад в подарок", "code": null, "validUntil": "2025-12-31"}],
             "createdAt": "2025-03-08T12:00:00+03:00"},
            {"id": ALEXEI, "accountGroupId": SELF_REGISTERED, "lastName": "Морозов", "firstName": "Алексей",
             "phone": ALEXEI_PHONE, "balance": 100, "createdAt": "2025-10-01T18:30:00+03:00"},
            {"id": OLGA, "accountGroupId": GUESTS, "lastName": "Тихонова", "firstName": "Ольга",
             "phone": "+79161234571", "discountId": 1, "createdAt": "2025-11-15T13:00:00+03:00"},
            {"id": NIKOLAI, "accountGroupId": GUESTS, "lastName": "Захаров", "firstName": "Николай",
             "phone": "+79161234573", "balance": 40, "isActive": false, "createdAt": "2024-06-01T12:00:00+03:00"}
        ],
        "checks": [
            {"id": 1, "number": "1001", "openedAt": "2025-12-01T19:05:00+03:00",
             "closedAt": "2025-12-01T20:20:00+03:00", "restaurant": "Трактир", "cashier": "Павел Громов",
             "accountId": MARIA, "total": 704, "discountSum": 0, "bonusPaid": 70, "bonusAccrued": 31.7,
             "dishes": [{"name": "Шашлык", "quantity": 0.35, "price": 1840, "sum": 644},
                        {"name": "Лепёшка", "quantity": 1, "price": 60, "sum": 60}]},
            {"id": 2, "number": "1002", "openedAt": "2025-12-02T13:10:00+03:00",
             "closedAt": "2025-12-02T13:55:00+03:00", "accountId": OLGA, "total": 1500, "discountSum": 150,
             "bonusPaid": 0, "bonusAccrued": 0,
             "dishes": [{"name": "Стейк", "quantity": 1, "price": 1500, "sum": 1500}]}
        ]
    }})
}
