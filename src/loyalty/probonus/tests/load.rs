//! Records from outside: what is in the way of them, and what becomes of them.

use super::super::load::accounts::{NewAccount, NewCoupon, NewIdentifier, Points};
use super::super::load::catalogue::NewGroup;
use super::super::load::changes::{AccountChange, NewPoints};
use super::super::load::checks::NewCheck;
use super::super::load::{self, Conflict, FieldConflict};
use super::super::phone::Phone;
use super::*;
use crate::loyalty::ExpiredKind;
use crate::loyalty::ledger::{AccountParts, NewLot};

fn lot(text: &str) -> NewLot {
    NewLot { amount: amount(text), expires_at: None, active_from: None }
}

fn key(name: &'static str) -> load::Step {
    load::Step::Key(name)
}

fn at(path: &[load::Step], conflict: Conflict) -> FieldConflict {
    FieldConflict { path: path.to_vec(), conflict }
}

#[test]
fn all_that_speaks_against_an_account_is_told() {
    let mut shop = Shop::new();
    let new_identifier = |type_id| NewIdentifier { id: None, type_id, value: "1".into() };
    let unknown = IdentifierTypeId(9);
    let new = NewAccount {
        id: Some(ANNA),
        group: Some(GroupId(9)),
        phone: Phone::new("9123456789"),
        identifiers: vec![new_identifier(CARD), new_identifier(unknown), new_identifier(CARD)],
        discount: Some(LADDER),
        step: Some(3),
        turnover: amount("-1"),
        burning_days: Some(0),
        points: Points::Opening(vec![lot("1"), lot("-1")]),
        ..NewAccount::default()
    };
    let before = shop.books.clone();
    let found = shop.books.add_account(new, shop.now).unwrap_err();
    let element = |list, place, field| [key(list), load::Step::Index(place), key(field)];
    assert_eq!(
        found,
        [
            at(&[key("id")], Conflict::DuplicateId),
            at(&[key("accountGroupId")], Conflict::UnknownGroup(GroupId(9))),
            at(&[key("phone")], Conflict::DuplicatePhone(ANNA)),
            at(&element("identifiers", 1, "typeId"), Conflict::UnknownIdentifierType(unknown)),
            at(&element("identifiers", 2, "value"), Conflict::IdentifierRepeated),
            at(&[key("discount")], Conflict::UnknownStep(3)),
            at(&[key("turnover")], Conflict::AmountNegative),
            at(&[key("burning"), key("days")], Conflict::DaysNotPositive),
            at(&[key("lots"), load::Step::Index(1)], Conflict::AmountNegative),
        ]
    );
    assert_eq!(shop.books, before);
}

#[test]
fn an_account_with_the_defaults_is_of_the_first_group_and_new_ids_go_on_above() {
    let mut shop = Shop::new();
    let new = NewAccount {
        id: Some(AccountId(41)),
        discount: Some(LADDER),
        step: Some(2),
        ..NewAccount::default()
    };
    shop.books.add_account(new, shop.now).unwrap();
    let account = shop.books.account(AccountId(41)).unwrap();
    assert_eq!((account.group, account.created_at, account.is_active), (PLAIN, shop.now, true));
    assert_eq!(
        shop.books.discount_of(account).unwrap().step,
        Some(2),
        "a fixture's step is higher than its turnover"
    );
    assert_eq!(shop.books.add_account(NewAccount::default(), shop.now), Ok(AccountId(42)));
    shop.books.set_accounts_count(PLAIN, 120);
    shop.books.add_account(NewAccount::default(), shop.now).unwrap();
    assert_eq!(shop.books.group(PLAIN).unwrap().accounts_count, 121);
    shop.check();
}

#[test]
fn opening_points_are_in_no_history() {
    let mut shop = Shop::new();
    let expired = NewLot { expires_at: Some(time("2025-01-01T00:00:00Z")), ..lot("9") };
    let new = NewAccount { points: Points::Opening(vec![lot("5"), expired]), ..NewAccount::default() };
    let id = shop.books.add_account(new, shop.now).unwrap();
    assert_eq!(shop.books.balance(id), Ok(amount("5")));
    assert_eq!(shop.books.transactions(id, &TransactionsQuery::default()), Ok(vec![]));
    let adjust = |points| AccountChange { points, ..AccountChange::default() };
    assert_eq!(shop.books.change_account(id, adjust(NewPoints::Sum(amount("3"))), shop.now), Ok(true));
    assert_eq!(shop.books.change_account(id, adjust(NewPoints::Stay), shop.now), Ok(false));
    let newest = &shop.books.transactions(id, &TransactionsQuery::default()).unwrap()[0];
    assert_eq!((newest.kind.name(), newest.amount), ("withdraw", amount("-2")));
    shop.check();
}

#[test]
fn a_coupon_is_over_after_its_last_day() {
    let mut shop = Shop::new();
    let coupon = |valid_until: &str| NewCoupon {
        name: "Десерт".into(),
        valid_until: Some(valid_until.parse().unwrap()),
        ..NewCoupon::default()
    };
    let coupons = vec![coupon("2026-01-02"), coupon("2025-12-31"), NewCoupon::default()];
    let id = shop.books.add_account(NewAccount { coupons, ..NewAccount::default() }, shop.now).unwrap();
    let live =
        |shop: &Shop| shop.books.account(id).unwrap().live_coupons().map(|it| it.id.0).collect::<Vec<_>>();
    assert_eq!(live(&shop), [1, 3]);
    assert_eq!(shop.advance_to("2026-01-02T20:59:59.999Z"), []);
    let over = shop.advance_to("2026-01-02T21:00:00Z");
    assert_eq!(over.len(), 1);
    assert_eq!((over[0].kind, over[0].id.as_str()), (ExpiredKind::Coupon, "1"));
    assert_eq!(live(&shop), [3]);
    shop.check();
}

#[test]
fn a_check_of_a_fixture_can_be_returned() {
    let mut shop = Shop::new();
    let new = NewCheck {
        id: Some(CheckId(10)),
        account: Some(ANNA),
        dishes: vec![dish(amount("100"), "1")],
        bonus_paid: amount("20"),
        bonus_accrued: amount("8"),
        ..NewCheck::new(shop.now)
    };
    assert_eq!(shop.books.add_check(new.clone()), Ok(CheckId(10)));
    assert_eq!(shop.balance(), "100", "balances are what they are after it");
    shop.books.refund(CheckId(10), shop.now).unwrap();
    assert_eq!(shop.balance(), "112");
    shop.check();
    assert_eq!(shop.sell("1", "0"), CheckId(11));

    let bad = NewCheck {
        account: Some(AccountId(9)),
        total: Some(amount("99")),
        bonus_accrued: amount("-1"),
        discount_sum: amount("80.01"),
        ..new
    };
    let total = amount("100");
    assert_eq!(
        shop.books.add_check(bad).unwrap_err(),
        [
            at(&[key("id")], Conflict::DuplicateId),
            at(&[key("accountId")], Conflict::UnknownAccount(AccountId(9))),
            at(&[key("total")], Conflict::NotTheSumOfDishes(total)),
            at(&[key("bonusAccrued")], Conflict::AmountNegative),
            at(&[key("total")], Conflict::MoreThanTotal(amount("99"))),
        ]
    );
}

#[test]
fn a_change_tells_all_that_speaks_against_it() {
    let mut shop = Shop::new();
    let id = shop.books.insert_by_template(guest("1"), shop.now).unwrap().id;
    let update = AccountUpdate {
        phone: Change::Is(Some("89123456789".into())),
        discount: Change::Is(Some(DiscountId(9))),
        ..AccountUpdate::default()
    };
    let change = AccountChange { update, points: NewPoints::Sum(amount("-1")), ..AccountChange::default() };
    assert_eq!(
        shop.books.change_account(id, change, shop.now).unwrap_err(),
        [
            at(&[key("phone")], Conflict::DuplicatePhone(ANNA)),
            at(&[key("discountId")], Conflict::UnknownDiscount(DiscountId(9))),
            at(&[key("balance")], Conflict::AmountNegative),
        ]
    );
    let bad = Template { discount: Some(DiscountId(9)), burning_days: Some(0), ..template() };
    let bad = NewGroup { id: Some(PLAIN), template: Some(bad), ..NewGroup::default() };
    assert_eq!(shop.books.add_group(bad, false).unwrap_err().len(), 3);
    let twice = User::new(UserId(0), "admin", None);
    assert_eq!(
        shop.books.add_user(Some(UserId(0)), twice, false).unwrap_err(),
        [at(&[key("id")], Conflict::ServiceId), at(&[key("login")], Conflict::DuplicateLogin(UserId(1)))]
    );
}

/// All that an export has to carry of an account.
fn exported(shop: &Shop) -> NewAccount {
    let account = shop.books.account(ANNA).unwrap();
    let points = account.points();
    let mut entries: Vec<_> =
        points.entries().newest_first().map(|it| (it.id, it.at, it.kind, it.amount)).collect();
    entries.reverse();
    let parts = AccountParts { lots: points.lots().cloned().collect(), entries, ..AccountParts::default() };
    NewAccount {
        id: Some(account.id),
        group: Some(account.group),
        profile: account.profile.clone(),
        phone: account.phone.clone(),
        discount: account.discount,
        turnover: account.turnover,
        turnover_peak: Some(account.turnover_peak),
        burning_days: account.burning_days,
        created_at: Some(account.created_at),
        points: Points::Restored(
            Box::new(parts),
            account.notes().map(|(entry, note)| (entry, note.clone())).collect(),
        ),
        ..NewAccount::default()
    }
}

#[test]
fn an_exported_state_lives_on_as_the_first_would_have() {
    let mut shop = Shop::with_delay();
    shop.sell("500", "10");
    shop.books.log_in("admin", "111", shop.now).unwrap();
    let books = &shop.books;
    let mut copy = Books::new(books.rules().clone(), books.api_keys().map(Box::from), [0; 32]);
    for user in books.users() {
        copy.add_user(Some(user.id), User::clone(user), false).unwrap();
    }
    for discount in books.discounts() {
        let (percent, steps) = match &discount.rate {
            super::super::discounts::Rate::Fixed(percent) => (Some(*percent), None),
            super::super::discounts::Rate::Ladder(steps) => (None, Some(steps.to_vec())),
        };
        let (name, source, kind) = (discount.name.clone(), discount.source, discount.kind);
        let new = NewDiscount { id: Some(discount.id), name, source, kind, percent, steps };
        copy.add_discount(new, false).unwrap();
    }
    for kind in books.identifier_types() {
        let new = super::super::identifier_types::IdentifierType::clone(kind);
        copy.add_identifier_type(Some(kind.id), new, false).unwrap();
    }
    for group in books.groups() {
        let (name, template) = (group.name.clone(), group.template.clone());
        let have_template = Some(group.have_template);
        copy.add_group(NewGroup { id: Some(group.id), name, have_template, template }, false).unwrap();
    }
    copy.add_account(exported(&shop), shop.now).unwrap();
    for check in books.checks() {
        let check = Check::clone(check);
        let dishes = check.dishes.iter();
        let dishes =
            dishes.map(|it| DishOrder { name: it.name.clone(), quantity: it.quantity, price: it.price });
        copy.add_check(NewCheck {
            id: Some(check.id),
            account: check.account,
            cashier: check.cashier.clone(),
            bonus_paid: check.bonus_paid,
            bonus_accrued: check.bonus_accrued,
            dishes: dishes.collect(),
            effects: Some(check.effects),
            ..NewCheck::new(check.closed_at)
        })
        .unwrap();
    }
    for session in books.sessions() {
        copy.add_session(super::super::auth::Session::clone(session)).unwrap();
    }
    copy.go_on_from(books.counts(), books.last_number(), books.mint_state());
    assert_eq!(copy, shop.books);

    let mut copy = Shop { books: copy, now: shop.now };
    for shop in [&mut shop, &mut copy] {
        shop.books.log_in("admin", "111", shop.now).unwrap();
        shop.books.refund(CheckId(1), shop.now).unwrap();
        shop.advance(Period::days(90));
    }
    assert_eq!(copy.books, shop.books);

    let mut lost = exported(&shop);
    lost.id = None;
    lost.phone = None;
    if let Points::Restored(parts, _) = &mut lost.points {
        parts.entries.pop();
    }
    let found = shop.books.add_account(lost, shop.now).unwrap_err();
    assert!(matches!(found[0].conflict, Conflict::Contradiction(_)), "{found:?}");
}
