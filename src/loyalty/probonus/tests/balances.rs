//! What there is, and when and how much will burn.

use super::super::accounts::balance::{BurningPart, ExtendedBalance, PendingPart};
use super::*;

#[test]
fn a_balance_comes_in_parts_that_add_up() {
    let mut shop = Shop::with_delay();
    shop.sell("200", "0");
    for (text, burn_days) in [("7", Some(1)), ("3", Some(1)), ("5", Some(2))] {
        let operation = Operation { burn_days, ..operation(text) };
        shop.books.refill(Whose::Id(ANNA), &operation, shop.now).unwrap();
    }
    let update = AccountUpdate { burning_days: Change::Is(None), ..AccountUpdate::default() };
    shop.books.update_account(ANNA, update).unwrap();
    shop.refill("1");

    let burning = |text, burn_date: &str, days_left| BurningPart {
        amount: amount(text),
        burn_date: burn_date.parse().unwrap(),
        days_left,
    };
    let expected = ExtendedBalance {
        balance: amount("126"),
        available: amount("116"),
        pending: vec![PendingPart { amount: amount("10"), active_from: time("2026-01-02T21:00:00Z") }],
        burning: vec![
            burning("10", "2026-01-02", 1),
            burning("5", "2026-01-03", 2),
            burning("100", "2026-01-31", 30),
        ],
        permanent: amount("1"),
    };
    assert_eq!(shop.books.extended_balance(ANNA, shop.now), Ok(expected));

    shop.advance_to("2026-01-02T21:00:00Z");
    let expected = ExtendedBalance {
        balance: amount("111"),
        available: amount("111"),
        pending: vec![],
        // The accrual burns thirty days after its activation.
        burning: vec![burning("100", "2026-01-31", 28), burning("10", "2026-02-02", 30)],
        permanent: amount("1"),
    };
    assert_eq!(shop.books.extended_balance(ANNA, shop.now), Ok(expected));
    shop.check();
}

#[test]
fn a_deferred_accrual_cannot_be_spent_before_its_day() {
    let mut shop = Shop::with_delay();
    let guest = shop.books.insert_by_template(guest("1"), shop.now).unwrap();
    assert_eq!((guest.points().posted(), guest.points().available()), (amount("100"), Amount::ZERO));
    let whose = Whose::Id(guest.id);
    let refusal = Refusal::InsufficientPoints { available: Amount::ZERO };
    shop.refuses(&refusal, |shop| shop.books.withdraw(whose, &operation("1"), shop.now));
    // Refills do not wait.
    shop.books.refill(whose, &operation("1"), shop.now).unwrap();
    shop.books.withdraw(whose, &operation("1"), shop.now).unwrap();

    shop.advance_to("2026-01-02T20:59:59.999Z");
    shop.refuses(&refusal, |shop| shop.books.withdraw(whose, &operation("1"), shop.now));
    shop.advance_to("2026-01-02T21:00:00Z");
    shop.books.withdraw(whose, &operation("100"), shop.now).unwrap();
    shop.check();
}

#[test]
fn at_the_end_of_time_nothing_breaks() {
    let mut shop = Shop::with_delay();
    shop.advance_to_time(Time::MAX);
    shop.sell("100", "0");
    shop.refill("5");
    let guest = shop.books.insert_by_template(guest("1"), shop.now).unwrap();
    assert_eq!(guest.points().available(), amount("100"));
    shop.books.log_in("admin", "111", shop.now).unwrap();
    shop.books.settle(shop.now);
    shop.check();
}
