//! A programme to test in: a group with a template, a ladder, a discount of the till's, and Anna.

mod accounts;
mod auth;
mod balances;
mod groups;
mod load;
mod model;
mod points;
mod reports;
mod till;

use std::sync::Arc;

use super::account_groups::{GroupOrder, Template};
use super::accounts::Profile;
use super::accounts::find::Whose;
use super::accounts::identifiers::IdentifierOrder;
use super::accounts::insert::TemplateOrder;
use super::accounts::points::{Operated, Operation};
use super::accounts::transactions::TransactionsQuery;
use super::accounts::update::AccountUpdate;
use super::change::Change;
use super::checks::Check;
use super::discounts::{DiscountOrder, Kind, Source, Step};
use super::dish::{DishOrder, Quantity};
use super::identifier_types::IdentifierTypeOrder;
use super::ids::{AccountId, CheckId, DiscountId, GroupId, IdentifierTypeId, UserId};
use super::load::catalogue::NewDiscount;
use super::rules::Rules;
use super::till::sale::Sale;
use super::users::User;
use super::{Books, Refusal};
use crate::loyalty::Expired;
use crate::loyalty::amount::{Amount, Percent};
use crate::loyalty::time::{Period, Time};

pub(super) const PLAIN: GroupId = GroupId(1);
pub(super) const SELF_REGISTERED: GroupId = GroupId(2);
pub(super) const LADDER: DiscountId = DiscountId(1);
pub(super) const TEN_OFF: DiscountId = DiscountId(2);
pub(super) const RKEEPER: DiscountId = DiscountId(3);
pub(super) const CARD: IdentifierTypeId = IdentifierTypeId(1);
pub(super) const TABLE: IdentifierTypeId = IdentifierTypeId(2);
pub(super) const ANNA: AccountId = AccountId(1);
pub(super) const ANNA_PHONE: &str = "+7 (912) 345-67-89";
/// Noon in Moscow.
pub(super) const START: &str = "2026-01-01T09:00:00Z";

/// Books whose template gives the ladder (5 % from 0, 10 % from 1,000), 100 points, and 30 days to spend them.
#[derive(Clone)]
pub(super) struct Shop {
    pub(super) books: Books,
    pub(super) now: Time,
}

pub(super) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(super) fn percent(text: &str) -> Percent {
    Percent::new(amount(text)).unwrap()
}

pub(super) fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

pub(super) fn step(threshold: &str, given: &str) -> Step {
    Step { threshold: amount(threshold), percent: percent(given) }
}

pub(super) fn ladder() -> DiscountOrder {
    DiscountOrder {
        name: "Лестница".into(),
        kind: Kind::Bonus,
        percent: None,
        steps: Some(vec![step("1000", "10"), step("0", "5")]),
    }
}

pub(super) fn template() -> Template {
    Template {
        discount: Some(LADDER),
        welcome_bonus: amount("100"),
        burning_days: Some(30),
        activation_delay_days: 0,
    }
}

pub(super) fn operation(text: &str) -> Operation<'_> {
    Operation { amount: amount(text), ..Operation::default() }
}

pub(super) fn guest(phone: &str) -> TemplateOrder<'_> {
    let profile = Profile { first_name: Some("Анна".into()), ..Profile::default() };
    TemplateOrder { group: SELF_REGISTERED, profile, phone, identifiers: Vec::new() }
}

pub(super) fn identifier(type_id: IdentifierTypeId, value: &str) -> IdentifierOrder {
    IdentifierOrder { type_id, value: value.into() }
}

pub(super) fn dish(price: Amount, quantity: &str) -> DishOrder {
    DishOrder { name: "Борщ".into(), quantity: Quantity::parse(quantity).unwrap(), price }
}

impl Shop {
    pub(super) fn new() -> Shop {
        Shop::with_rules(Rules::default())
    }

    pub(super) fn with_rules(rules: Rules) -> Shop {
        let now = time(START);
        let mut books = Books::new(rules, [Box::from("permanent")], [7; 32]);
        books.add_user(None, User::new(UserId(0), "admin", Some("111")), false).unwrap();
        let off = DiscountOrder {
            name: "Скидка".into(),
            kind: Kind::Discount,
            percent: Some(percent("10")),
            steps: None,
        };
        assert_eq!(books.insert_discount(ladder()).unwrap().id, LADDER);
        assert_eq!(books.insert_discount(off).unwrap().id, TEN_OFF);
        let rkeeper = NewDiscount {
            name: "Из кассы".into(),
            source: Source::Rkeeper,
            kind: Kind::Discount,
            percent: Some(percent("3")),
            ..NewDiscount::default()
        };
        assert_eq!(books.add_discount(rkeeper, false), Ok(RKEEPER));
        for (name, mask, unique) in [("Карта", Some("9999"), true), ("Стол", None, false)] {
            let mask = mask.map(Box::from);
            books.insert_identifier_type(IdentifierTypeOrder { name: name.into(), mask, unique });
        }
        let plain = GroupOrder { name: "Обычные".into(), ..GroupOrder::default() };
        assert_eq!(books.insert_group(plain).unwrap().id, PLAIN);
        let registered = GroupOrder {
            name: "Самостоятельно зарегистрировавшиеся".into(),
            template: Some(template()),
            ..GroupOrder::default()
        };
        assert_eq!(books.insert_group(registered).unwrap().id, SELF_REGISTERED);
        assert_eq!(books.insert_by_template(guest(ANNA_PHONE), now).unwrap().id, ANNA);
        Shop { books, now }
    }

    /// A shop whose accruals wait for two days.
    pub(super) fn with_delay() -> Shop {
        let mut shop = Shop::new();
        let template = Template { activation_delay_days: 2, ..template() };
        let update = super::account_groups::GroupUpdate {
            template: Change::Is(Some(template)),
            ..super::account_groups::GroupUpdate::default()
        };
        shop.books.update_group(SELF_REGISTERED, update).unwrap();
        shop
    }

    pub(super) fn advance(&mut self, by: Period) -> Vec<Expired> {
        self.advance_to_time(self.now + by)
    }

    pub(super) fn advance_to(&mut self, to: &str) -> Vec<Expired> {
        self.advance_to_time(time(to))
    }

    fn advance_to_time(&mut self, to: Time) -> Vec<Expired> {
        self.now = to;
        self.books.settle(to)
    }

    pub(super) fn refill(&mut self, text: &str) -> Operated {
        self.books.refill(Whose::Id(ANNA), &operation(text), self.now).unwrap()
    }

    pub(super) fn withdraw(&mut self, text: &str) -> Operated {
        self.books.withdraw(Whose::Id(ANNA), &operation(text), self.now).unwrap()
    }

    /// Sells one dish at this price to Anna, and takes so many points for it.
    pub(super) fn ring(&mut self, price: &str, bonus_paid: &str) -> Result<Arc<Check>, Refusal> {
        let sale = Sale {
            whose: Whose::Phone(ANNA_PHONE),
            dishes: &[dish(amount(price), "1")],
            bonus_paid: amount(bonus_paid),
            restaurant: None,
            cashier: Some("Ольга"),
        };
        self.books.sale(&sale, self.now)
    }

    pub(super) fn sell(&mut self, price: &str, bonus_paid: &str) -> CheckId {
        self.ring(price, bonus_paid).unwrap().id
    }

    pub(super) fn put_on(&mut self, discount: DiscountId) {
        let update = AccountUpdate { discount: Change::Is(Some(discount)), ..AccountUpdate::default() };
        self.books.update_account(ANNA, update).unwrap();
    }

    pub(super) fn balance(&self) -> String {
        self.books.balance(ANNA).unwrap().to_string()
    }

    /// Percent in hundredths and step of Anna's discount.
    pub(super) fn level(&self) -> (Percent, Option<usize>) {
        let account = self.books.account(ANNA).unwrap();
        let current = self.books.discount_of(account).unwrap();
        (current.percent, current.step)
    }

    /// Kind, amount, balance and check of Anna's transactions, newest first.
    pub(super) fn history(&self) -> Vec<(&'static str, String, String, Option<CheckId>)> {
        let transactions = self.books.transactions(ANNA, &TransactionsQuery::default()).unwrap();
        let row = |it: super::accounts::transactions::Transaction| {
            (it.kind.name(), it.amount.to_string(), it.balance.to_string(), it.check)
        };
        transactions.into_iter().map(row).collect()
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
