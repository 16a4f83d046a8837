//! A shop to test in, and the tables of what is not an order.

mod balances;
mod clients;
mod coupons;
mod holds;
mod load;
mod model;
mod settings;
mod users;

use std::sync::Arc;

use super::balance::Sum;
use super::currency::Currency;
use super::find::Customer;
use super::ids::{ClientId, CouponId, EmployeeId, ItemId, MerchantId, OrderId, TemplateId};
use super::load::clients::{NewBalance, NewClient, NewCoupon, NewLot};
use super::orders::Receipt;
use super::orders::line::{Line, Quantity, Unit};
use super::orders::refund::Refund;
use super::orders::sale::{Placed, Sale};
use super::phone::Phone;
use super::rules::Rules;
use super::settings::{Cashback, CashbackKind, Settings};
use super::templates::TemplateOrder;
use super::users::{Employee, Merchant, Person, Role, UserId};
use super::{Books, Refusal};
use crate::loyalty::Expired;
use crate::loyalty::amount::Amount;
use crate::loyalty::time::{Period, Time};

pub(super) const ANNA: ClientId = ClientId(1);
pub(super) const ANNA_PHONE: &str = "+7 (912) 345-67-89";
pub(super) const COUPON: CouponId = CouponId(1);
pub(super) const MERCHANT: UserId = UserId::Merchant(MerchantId(1));
pub(super) const CASHIER: UserId = UserId::Employee(EmployeeId(1));
pub(super) const TEMPLATE: TemplateId = TemplateId(1);

/// Books with a merchant, a cashier, a template, and Anna, who has 100 points, 50 rubles and a coupon. The first
/// purchase gives 30 points, later ones 10 % for 30 days.
#[derive(Clone)]
pub(super) struct Shop {
    pub(super) books: Books,
    pub(super) now: Time,
    receipts: u32,
}

/// A sale as the tests ring it up.
#[derive(Clone, Copy)]
pub(super) struct Ring<'a> {
    pub(super) customer: Customer<'a>,
    /// Price and quantity.
    pub(super) lines: &'a [(&'a str, &'a str)],
    pub(super) write_off: Option<&'a str>,
    pub(super) currency: Option<Currency>,
    pub(super) coupons: &'a [CouponId],
    pub(super) by: UserId,
}

pub(super) const RING: Ring<'static> = Ring {
    customer: Customer { phone: Some(ANNA_PHONE), email: None },
    lines: &[("100", "1")],
    write_off: None,
    currency: None,
    coupons: &[],
    by: MERCHANT,
};

pub(super) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(super) fn sum(text: &str, currency: Currency) -> Sum {
    Sum { amount: amount(text), currency }
}

pub(super) fn line(price: &str, quantity: &str) -> Line {
    Line {
        price: amount(price),
        quantity: Quantity::parse(quantity).unwrap(),
        unit: Unit::Piece,
        vat: amount("20"),
        name: "Капучино".into(),
        discount: None,
    }
}

impl Shop {
    pub(super) fn new() -> Shop {
        Shop::with_rules(Rules::default())
    }

    pub(super) fn with_rules(rules: Rules) -> Shop {
        let now = Time::parse("2026-01-01T00:00:00Z").unwrap();
        let mut books = Books::new(rules, [7; 32]);
        books.add_merchant(merchant()).unwrap();
        books.add_employee(cashier()).unwrap();
        let template = TemplateOrder { valid_days: Some(10), ..TemplateOrder::default() };
        assert_eq!(books.create_template(template).id, TEMPLATE);
        books.put_settings(settings()).unwrap();
        books.add_client(anna(), now).unwrap();
        Shop { books, now, receipts: 0 }
    }

    pub(super) fn ring(&mut self, ring: Ring<'_>) -> Result<Placed, Refusal> {
        self.receipts += 1;
        let external_id = format!("sale-{}", self.receipts);
        let lines: Vec<Line> = ring.lines.iter().map(|(price, quantity)| line(price, quantity)).collect();
        let sale = Sale {
            receipt: Shop::receipt(&external_id, ring.customer, ring.by),
            lines: &lines,
            write_off: ring.write_off.map(amount),
            currency: ring.currency,
            coupons: ring.coupons,
        };
        self.books.place_sale(&sale, self.now)
    }

    pub(super) fn sell(&mut self, ring: Ring<'_>) -> OrderId {
        self.ring(ring).unwrap().order
    }

    pub(super) fn refund(&mut self, items: &[ItemId]) -> Result<OrderId, Refusal> {
        self.receipts += 1;
        let external_id = format!("refund-{}", self.receipts);
        let receipt = Shop::receipt(&external_id, Customer::default(), MERCHANT);
        self.books.place_refund(&Refund { receipt, items }, self.now)
    }

    fn receipt<'a>(external_id: &'a str, customer: Customer<'a>, by: UserId) -> Receipt<'a> {
        Receipt { external_id, customer, amount_card: None, amount_cash: None, by }
    }

    pub(super) fn items(&self, order: OrderId) -> Vec<ItemId> {
        self.books.items_of(order, MERCHANT).unwrap().iter().map(|item| item.id).collect()
    }

    pub(super) fn advance(&mut self, by: Period) -> Vec<Expired> {
        self.now = self.now + by;
        self.books.settle(self.now)
    }

    /// Available points and rubles.
    pub(super) fn balance(&self, client: ClientId) -> (String, String) {
        let [points, rubles] = self.books.balance(client).unwrap();
        (points.amount.to_string(), rubles.amount.to_string())
    }

    pub(super) fn points(&self) -> String {
        self.balance(ANNA).0
    }

    #[track_caller]
    pub(super) fn check(&self) {
        assert_eq!(self.books.violations(self.now), []);
    }

    /// Checks that a command is refused so, and that nothing has changed.
    #[track_caller]
    pub(super) fn refuses<T: std::fmt::Debug>(
        &mut self,
        refusal: &Refusal,
        command: impl FnOnce(&mut Shop) -> Result<T, Refusal>,
    ) {
        let before = self.books.clone();
        assert_eq!(command(self).unwrap_err(), *refusal);
        assert_eq!(self.books, before, "a refused command changes nothing");
    }
}

pub(super) fn settings() -> Settings {
    Settings {
        active: true,
        currency: Currency::Points,
        new_customer: Cashback {
            kind: CashbackKind::Amount,
            amount: Some(amount("30")),
            ..Cashback::default()
        },
        customer: Cashback {
            kind: CashbackKind::Percentage,
            amount: Some(amount("10")),
            valid_days: Some(30),
            coupon: None,
        },
    }
}

pub(super) fn merchant() -> Merchant {
    Merchant {
        id: MerchantId(0),
        person: Person {
            email: Some("merchant@example.com".into()),
            phone: Phone::new("+7 999 000-00-00"),
            password: "secret".into(),
            ..Person::default()
        },
        company: None,
        company_url: None,
        fiscal_api_key: "key".into(),
        fiscal_login: "fiscal".into(),
    }
}

pub(super) fn cashier() -> Employee {
    Employee {
        id: EmployeeId(0),
        person: Person {
            email: Some("cashier@example.com".into()),
            password: "till".into(),
            ..Person::default()
        },
        login: Some("923217".into()),
        role: Some(Role::Cashier),
        fiscal_api_key: None,
    }
}

pub(super) fn anna() -> NewClient {
    let balance = |text, currency| NewBalance {
        currency,
        lots: vec![NewLot { amount: amount(text), ..NewLot::default() }],
    };
    NewClient {
        email: Some("anna@test.ru".into()),
        phone: Phone::new(ANNA_PHONE),
        name: Some("Анна".into()),
        token: Some("anna-token".into()),
        balances: vec![balance("100", Currency::Points), balance("50", Currency::Rubles)],
        coupons: vec![NewCoupon { template: Some(TEMPLATE), ..NewCoupon::default() }],
        ..NewClient::default()
    }
}

/// A client with nothing but an id, a phone and an e-mail.
pub(super) fn client(id: u64, phone: &str, email: &str) -> NewClient {
    NewClient {
        id: Some(ClientId(id)),
        phone: Phone::new(phone),
        email: Some(Arc::from(email)),
        ..NewClient::default()
    }
}
