//! `stend generate`: a large fixture, the same one for the same number and seed.
//!
//! It is written as it is made, so that a million clients take no more memory than ten.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::output::seen_enough;
use crate::loyalty::Programme;
use crate::sandbox::dice::Dice;

/// The most clients that one fixture is made for.
const CLIENTS_MAX: u64 = 10_000_000;

/// Make a large fixture
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// How many clients there are in each programme
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=CLIENTS_MAX))]
    clients: u64,
    /// Another number gives other people
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Which programmes it is for [default: all]
    #[arg(long, value_name = "API", value_delimiter = ',')]
    api: Vec<Api>,
    /// The file it is written to [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lowercase")]
enum Api {
    Loyalclient,
    Ibonus,
    Probonus,
}

impl Api {
    fn programme(self) -> Programme {
        match self {
            Api::Loyalclient => Programme::LoyalClient,
            Api::Ibonus => Programme::Ibonus,
            Api::Probonus => Programme::ProBonus,
        }
    }
}

impl Generate {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match &self.out {
            None => {
                let written = self.write(BufWriter::new(io::stdout().lock()));
                seen_enough(written).context("cannot write to stdout")
            }
            Some(path) => {
                let file = File::create(path).with_context(|| format!("cannot make {}", path.display()))?;
                let written = self.write(BufWriter::new(file));
                written.with_context(|| format!("cannot write to {}", path.display()))
            }
        }
    }

    fn write(&self, mut out: impl Write) -> io::Result<()> {
        write!(out, r#"{{"version":1,"seed":{}"#, self.seed)?;
        for api in [Api::Loyalclient, Api::Ibonus, Api::Probonus] {
            if !self.api.is_empty() && !self.api.contains(&api) {
                continue;
            }
            let name = api.programme().name();
            let (head, list, record): (Value, _, fn(&mut People, u64) -> Value) = match api {
                Api::Loyalclient => (loyalclient_head(), "clients", loyalclient_client),
                Api::Ibonus => (ibonus_head(), "clients", ibonus_client),
                Api::Probonus => (probonus_head(), "accounts", probonus_account),
            };
            let head = head.to_string();
            let head = head.strip_suffix('}').expect("it is an object");
            write!(out, ",\n\"{name}\":{head},\"{list}\":[")?;
            // The same people in all programmes.
            let mut people = People(Dice::new(self.seed, "", "generate"));
            for number in 0..self.clients {
                let comma = if number == 0 { "" } else { "," };
                write!(out, "{comma}\n{}", record(&mut people, number))?;
            }
            write!(out, "]}}")?;
        }
        writeln!(out, "}}")?;
        out.flush()
    }
}

const WOMEN: [&str; 12] = [
    "Анна",
    "Мария",
    "Елена",
    "Ольга",
    "Наталья",
    "Екатерина",
    "Ирина",
    "Татьяна",
    "Светлана",
    "Юлия",
    "Дарья",
    "Вера",
];
const MEN: [&str; 12] = [
    "Иван",
    "Алексей",
    "Дмитрий",
    "Сергей",
    "Андрей",
    "Павел",
    "Николай",
    "Михаил",
    "Артём",
    "Егор",
    "Пётр",
    "Олег",
];
/// As men have them; women's end in `а`.
const SURNAMES: [&str; 16] = [
    "Иванов",
    "Смирнов",
    "Кузнецов",
    "Попов",
    "Васильев",
    "Соколов",
    "Морозов",
    "Волков",
    "Лебедев",
    "Козлов",
    "Новиков",
    "Орлов",
    "Зайцев",
    "Павлов",
    "Белов",
    "Громов",
];

/// Draws people.
struct People(Dice);

/// What is drawn for each: the same for each programme.
struct Person {
    first: &'static str,
    last: String,
    is_woman: bool,
    phone: u64,
    birthday: String,
    /// Whole points.
    points: u64,
    has_card: bool,
    burns: bool,
    level: u64,
    turnover: u64,
}

impl People {
    fn next(&mut self, number: u64) -> Person {
        let [names, day, month, year, points, more, level, turnover] = self.0.bytes::<8>().map(u64::from);
        let pick = |list: &[&'static str], by: u64| list[usize::try_from(by).expect("a byte") % list.len()];
        let is_woman = names % 2 == 0;
        let last = pick(&SURNAMES, names / 16);
        Person {
            first: pick(if is_woman { &WOMEN } else { &MEN }, names / 2),
            last: if is_woman { format!("{last}а") } else { last.to_owned() },
            is_woman,
            // Nobody has the same, and none is in the demo.
            phone: 79_000_000_000 + number,
            birthday: format!("{}-{:02}-{:02}", 1950 + year % 55, 1 + month % 12, 1 + day % 28),
            points: points * 10,
            has_card: more % 3 == 0,
            burns: more % 5 == 0,
            level: level % 3,
            turnover: turnover * 300,
        }
    }
}

impl Person {
    /// The points as lots: some of them burn.
    fn points(&self) -> (&'static str, Value) {
        if self.burns && self.points > 0 {
            let half = self.points / 2;
            let lots = json!([{"amount": half, "expiresAt": "2030-01-01T00:00:00Z"}, {"amount": self.points - half}]);
            ("lots", lots)
        } else {
            ("balance", json!(self.points))
        }
    }
}

const LEVELS: [(&str, &str, u64); 3] = [
    ("62a0f1e2d3c4b5a69788a001", "Базовый", 5),
    ("62a0f1e2d3c4b5a69788a002", "Серебро", 7),
    ("62a0f1e2d3c4b5a69788a003", "Золото", 10),
];

fn loyalclient_head() -> Value {
    let level = |(id, title, percent)| json!({"id": id, "title": title, "percent": percent, "type": "cashback", "maxSpendPercent": 50});
    json!({
        "apiKeys": ["test-key"],
        "points": [{"id": "62a0f1e2d3c4b5a69788f4f4", "title": "Кофейня"}],
        "levels": LEVELS.map(level),
    })
}

fn loyalclient_client(people: &mut People, number: u64) -> Value {
    let person = people.next(number);
    let (key, points) = person.points();
    let level = usize::try_from(person.level).expect("it is under three");
    let mut client = json!({
        "id": format!("62a0f1e2d3c4b5a7{number:08x}"),
        "name": person.first,
        "birthday": person.birthday,
        "level": LEVELS[level].0,
        "phone": person.phone,
        "email": format!("client{number}@example.com"),
        key: points,
    });
    if person.has_card {
        client["card"] = json!(format!("{:08}", 20_000_000 + number));
    }
    client
}

fn ibonus_head() -> Value {
    let accrual = json!({"type": "percentage", "amount": 10, "validDays": 90});
    json!({
        "merchant": {"email": "merchant@example.com", "password": "secret",
            "fiscalApiKey": "fiscal-key", "fiscalLogin": "79990000000"},
        "settings": {"active": true, "currency": "points", "newCustomerSettings": accrual, "customerSettings": accrual},
    })
}

fn ibonus_client(people: &mut People, number: u64) -> Value {
    let person = people.next(number);
    let balance = match person.points() {
        ("lots", lots) => json!({"currency": "points", "lots": lots}),
        (_, amount) => json!({"currency": "points", "amount": amount}),
    };
    json!({
        "id": number + 1,
        "name": format!("{} {}", person.first, person.last),
        "phone": format!("+{}", person.phone),
        "email": format!("client{number}@example.com"),
        "balances": [balance],
    })
}

fn probonus_head() -> Value {
    json!({
        "users": [{"id": 1, "login": "admin", "password": "111"}],
        "apiKeys": ["test-key"],
        "discounts": [{"id": 1, "name": "Накопительная", "kind": "bonus", "steps": [
            {"threshold": 0, "percent": 3}, {"threshold": 10000, "percent": 5}, {"threshold": 50000, "percent": 10}]}],
        "identifierTypes": [{"id": 1, "name": "Карта", "mask": "99999999", "unique": true}],
        "accountGroups": [{"id": 1, "name": "Гости"},
            {"id": 3, "name": "Самостоятельно зарегистрировавшиеся", "haveTemplate": true,
                "template": {"discountId": 1, "welcomeBonus": 200, "burning": {"days": 90}}}],
    })
}

fn probonus_account(people: &mut People, number: u64) -> Value {
    let person = people.next(number);
    let (key, points) = person.points();
    let mut account = json!({
        "id": number + 1,
        "accountGroupId": if person.level == 0 { 1 } else { 3 },
        "lastName": person.last,
        "firstName": person.first,
        "birthday": person.birthday,
        "sex": if person.is_woman { "female" } else { "male" },
        "phone": format!("+{}", person.phone),
        "discountId": 1,
        "turnover": person.turnover,
        key: points,
    });
    if person.has_card {
        account["identifiers"] = json!([{"typeId": 1, "value": format!("{:08}", 20_000_000 + number)}]);
    }
    account
}
