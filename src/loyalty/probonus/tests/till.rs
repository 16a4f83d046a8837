//! The till: sales, returns, ladders and checks.

use super::super::calendar::{Edge, Period as Days};
use super::super::checks::ChecksQuery;
use super::*;

#[test]
fn a_sale_takes_points_gives_points_and_writes_a_check() {
    let mut shop = Shop::new();
    let sale = Sale {
        whose: Whose::Id(ANNA),
        dishes: &[dish(amount("150"), "2"), dish(amount("100.5"), "0.5")],
        bonus_paid: amount("50"),
        restaurant: Some("На Невском"),
        cashier: Some("Ольга"),
    };
    let check = shop.books.sale(&sale, shop.now).unwrap();
    assert_eq!((check.id, &*check.number), (CheckId(1), "1"));
    assert_eq!((check.restaurant.as_deref(), check.cashier.as_deref()), (Some("На Невском"), Some("Ольга")));
    let sums = [check.total, check.discount_sum, check.bonus_paid, check.bonus_accrued, check.money_paid()];
    assert_eq!(sums.map(|sum| sum.to_string()), ["350.25", "0", "50", "15.01", "300.25"]);
    assert_eq!(check.dishes.iter().map(|dish| dish.sum).sum::<Amount>(), check.total);
    assert_eq!(shop.books.account(ANNA).unwrap().turnover, amount("300.25"));
    assert_eq!(
        shop.history()[..2],
        [
            ("accrual", "15.01".into(), "65.01".into(), Some(check.id)),
            ("payment", "-50".into(), "50".into(), Some(check.id)),
        ]
    );
    assert_eq!(shop.books.find_check(check.id), Ok(&check));
    shop.check();
}

#[test]
fn a_discount_is_taken_off_what_is_paid_with_money() {
    for (price, bonus_paid, discount_sum, money) in [
        ("200", "0", "20", "180"),
        ("200", "50", "15", "135"),
        ("100", "100", "0", "0"),
        ("0.05", "0", "0.01", "0.04"),
    ] {
        let mut shop = Shop::new();
        shop.put_on(TEN_OFF);
        let check = shop.ring(price, bonus_paid).unwrap();
        assert_eq!(check.discount_sum, amount(discount_sum), "{price} {bonus_paid}");
        assert_eq!(check.money_paid(), amount(money), "{price} {bonus_paid}");
        assert!(check.bonus_accrued.is_zero());
        assert_eq!(shop.books.account(ANNA).unwrap().turnover, amount(money));
        shop.check();
    }
}

#[test]
fn a_sale_that_cannot_be_is_refused() {
    let mut shop = Shop::new();
    for (refusal, price, bonus_paid) in [
        (Refusal::PriceNegative { dish: 0 }, "-1", "0"),
        (Refusal::AmountNegative, "10", "-1"),
        (Refusal::MoreThanTotal { total: amount("10") }, "10", "10.01"),
        (Refusal::InsufficientPoints { available: amount("100") }, "500", "100.01"),
    ] {
        shop.refuses(&refusal, |shop| shop.ring(price, bonus_paid));
    }
    let nothing = Sale {
        whose: Whose::Id(ANNA),
        dishes: &[],
        bonus_paid: Amount::ZERO,
        restaurant: None,
        cashier: None,
    };
    shop.refuses(&Refusal::NoDishes, |shop| shop.books.sale(&nothing, shop.now));
    let nobody = Sale { whose: Whose::Phone("1"), ..nothing };
    shop.refuses(&Refusal::PhoneNotFound, |shop| shop.books.sale(&nobody, shop.now));
}

#[test]
fn a_step_is_reached_with_its_threshold_and_stays() {
    let mut shop = Shop::new();
    let (first, second) = ((percent("5"), Some(1)), (percent("10"), Some(2)));
    shop.sell("999.99", "0");
    assert_eq!(shop.level(), first);
    // The step before the sale says what the sale gives.
    let check = shop.ring("0.01", "0").unwrap();
    assert!(check.bonus_accrued.is_zero());
    assert_eq!(shop.level(), second);
    assert_eq!(shop.ring("100", "0").unwrap().bonus_accrued, amount("10"));
    shop.books.refund(CheckId(1), shop.now).unwrap();
    assert_eq!(shop.books.account(ANNA).unwrap().turnover, amount("100.01"));
    assert_eq!(shop.level(), second, "a return leaves the step");
    shop.check();

    shop.put_on(LADDER);
    assert_eq!(shop.level(), first, "to set a discount overrides the step");
    let update = AccountUpdate { turnover: Change::Is(amount("5000")), ..AccountUpdate::default() };
    shop.books.update_account(ANNA, update).unwrap();
    assert_eq!(shop.level(), second, "a step follows the turnover");
    shop.put_on(TEN_OFF);
    assert_eq!(shop.level(), (percent("10"), None));
    shop.check();
}

#[test]
fn a_return_undoes_a_sale_once() {
    let mut shop = Shop::new();
    shop.refill("20");
    let lots = |shop: &Shop| shop.books.account(ANNA).unwrap().points().lots().cloned().collect::<Vec<_>>();
    let before = lots(&shop);
    let id = shop.sell("200", "110");
    assert_eq!(shop.balance(), "14.5");
    let check = shop.books.refund(id, shop.now).unwrap();
    assert_eq!(check.refunded_at, Some(shop.now));
    assert_eq!(lots(&shop), before, "points go back to their lots");
    assert_eq!(
        shop.history()[..2],
        [
            ("refund", "-4.5".into(), "120".into(), Some(id)),
            ("refund", "110".into(), "124.5".into(), Some(id)),
        ]
    );
    assert!(shop.books.account(ANNA).unwrap().turnover.is_zero());
    shop.check();
    shop.refuses(&Refusal::CheckRefunded { id }, |shop| shop.books.refund(id, shop.now));
    let id = CheckId(9);
    shop.refuses(&Refusal::CheckNotFound { id }, |shop| shop.books.refund(id, shop.now));
}

#[test]
fn accrued_points_are_taken_back_as_far_as_they_are_left() {
    for (withdrawn, balance) in [("0", "100"), ("100", "0"), ("105", "0"), ("110", "0")] {
        let mut shop = Shop::new();
        let id = shop.sell("200", "0");
        if withdrawn != "0" {
            shop.withdraw(withdrawn);
        }
        shop.books.refund(id, shop.now).unwrap();
        assert_eq!(shop.balance(), balance, "{withdrawn} withdrawn");
        shop.check();
    }
    // Others than the accrued ones stay.
    let mut shop = Shop::new();
    let id = shop.sell("200", "0");
    shop.withdraw("105");
    let update = AccountUpdate { burning_days: Change::Is(None), ..AccountUpdate::default() };
    shop.books.update_account(ANNA, update).unwrap();
    shop.refill("50");
    shop.books.refund(id, shop.now).unwrap();
    assert_eq!(shop.balance(), "50");
}

#[test]
fn a_pending_accrual_is_taken_back_too() {
    let mut shop = Shop::with_delay();
    let id = shop.sell("200", "0");
    assert_eq!(shop.balance(), "110");
    shop.books.refund(id, shop.now).unwrap();
    assert_eq!(shop.balance(), "100");
    assert_eq!(shop.advance(Period::days(3)), []);
    shop.check();
}

#[test]
fn points_of_a_lot_that_has_burnt_stay_burnt() {
    let mut shop = Shop::new();
    let id = shop.sell("60", "60");
    shop.advance(Period::days(31));
    assert_eq!(shop.balance(), "0");
    let entries = shop.history().len();
    shop.books.refund(id, shop.now).unwrap();
    assert_eq!((shop.balance(), shop.history().len()), ("0".to_owned(), entries));
    shop.check();
}

#[test]
fn checks_are_listed_by_account_and_day() {
    let mut shop = Shop::new();
    let first = shop.sell("10", "0");
    shop.advance(Period::days(1));
    let second = shop.sell("10", "0");
    let other = shop.books.insert_by_template(guest("1"), shop.now).unwrap().id;
    let day = |text: &str| Some(Edge::Day(text.parse().unwrap()));
    for (account, from, to, found) in [
        (None, None, None, vec![first, second]),
        (Some(ANNA), None, None, vec![first, second]),
        (Some(other), None, None, vec![]),
        (Some(ANNA), day("2026-01-02"), None, vec![second]),
        (None, None, day("2026-01-01"), vec![first]),
    ] {
        let query = ChecksQuery { account, period: Days { from, to } };
        let ids: Vec<_> = shop.books.list_checks(&query).unwrap().iter().map(|it| it.id).collect();
        assert_eq!(ids, found, "{query:?}");
    }
    let id = AccountId(9);
    let query = ChecksQuery { account: Some(id), ..ChecksQuery::default() };
    assert_eq!(shop.books.list_checks(&query), Err(Refusal::AccountNotFound { id }));
}
