//! Account groups, and operations on all accounts of one.

use super::super::account_groups::GroupUpdate;
use super::super::account_groups::operations::GroupOutcome;
use super::super::accounts::insert::AccountOrder;
use super::*;
use crate::loyalty::ledger::POSTED_MAX;

#[test]
fn a_group_with_a_template_has_one_for_the_api() {
    let mut shop = Shop::new();
    let (some, none) = (Some(template()), None::<Template>);
    let empty = Some(Template::default());
    for (have_template, given, shown) in [
        (None, none.clone(), none.clone()),
        (None, some.clone(), some.clone()),
        (Some(true), none.clone(), empty.clone()),
        (Some(false), some.clone(), none.clone()),
    ] {
        let order = GroupOrder { name: "Г".into(), have_template, template: given };
        let group = shop.books.insert_group(order.clone()).unwrap();
        assert_eq!(group.template(), shown.as_ref(), "{order:?}");
        assert_eq!(group.have_template, shown.is_some());
    }
    let update = |have_template, template| GroupUpdate { name: Change::Stays, have_template, template };
    for (update, shown) in [
        (update(Change::Is(false), Change::Stays), none.clone()),
        (update(Change::Stays, Change::Stays), none.clone()),
        (update(Change::Is(true), Change::Stays), some.clone()),
        (update(Change::Stays, Change::Is(None)), none),
        (update(Change::Is(true), Change::Stays), empty),
        (update(Change::Stays, Change::Is(some.clone())), some),
    ] {
        let group = shop.books.update_group(SELF_REGISTERED, update.clone()).unwrap();
        assert_eq!(group.template(), shown.as_ref(), "{update:?}");
    }
    let id = GroupId(9);
    shop.refuses(&Refusal::GroupNotFound { id }, |shop| shop.books.update_group(id, GroupUpdate::default()));
    let id = DiscountId(9);
    for (refusal, template) in [
        (Refusal::DiscountNotFound { id }, Template { discount: Some(id), ..template() }),
        (Refusal::AmountNegative, Template { welcome_bonus: amount("-1"), ..template() }),
        (Refusal::BurnDaysNotPositive, Template { burning_days: Some(0), ..template() }),
    ] {
        let order = GroupOrder { template: Some(template), ..GroupOrder::default() };
        shop.refuses(&refusal, |shop| shop.books.insert_group(order));
    }
}

#[test]
fn a_group_is_refilled_and_withdrawn_from_as_a_whole() {
    let mut shop = Shop::new();
    let poor = shop.books.insert_account(AccountOrder::new(SELF_REGISTERED), shop.now).unwrap().id;
    let idle = AccountOrder { is_active: false, ..AccountOrder::new(SELF_REGISTERED) };
    let idle = shop.books.insert_account(idle, shop.now).unwrap().id;
    let outcome = |accounts, text| GroupOutcome { accounts, amount: amount(text) };
    let balances = |shop: &Shop| [ANNA, poor, idle].map(|id| shop.books.balance(id).unwrap().to_string());
    let with_comment = Operation { comment: Some("К празднику"), ..operation("5") };
    let given = shop.books.refill_group(SELF_REGISTERED, &with_comment, shop.now).unwrap();
    assert_eq!((given, balances(&shop)), (outcome(2, "10"), ["105", "5", "0"].map(String::from)));
    let newest = &shop.books.transactions(poor, &TransactionsQuery::default()).unwrap()[0];
    assert_eq!((newest.kind.name(), newest.comment.as_deref()), ("refill", Some("К празднику")));

    // At most what is available on each, and no entry where that is nothing.
    let taken = shop.books.withdraw_group(SELF_REGISTERED, &operation("50"), shop.now).unwrap();
    assert_eq!((taken, balances(&shop)), (outcome(2, "55"), ["55", "0", "0"].map(String::from)));
    let taken = shop.books.withdraw_group(SELF_REGISTERED, &operation("5"), shop.now).unwrap();
    assert_eq!(taken, outcome(1, "5"));
    assert_eq!(shop.books.transactions(poor, &TransactionsQuery::default()).unwrap().len(), 2);
    assert_eq!(shop.books.refill_group(PLAIN, &operation("1"), shop.now), Ok(outcome(0, "0")));
    shop.check();
}

#[test]
fn a_groups_operation_is_done_to_all_or_to_none() {
    let mut shop = Shop::new();
    let full = shop.books.insert_by_template(guest("1"), shop.now).unwrap().id;
    let rest = Operation { amount: POSTED_MAX - amount("100"), ..Operation::default() };
    shop.books.refill(Whose::Id(full), &rest, shop.now).unwrap();
    shop.refuses(&Refusal::BalanceOverLimit { account: full }, |shop| {
        shop.books.refill_group(SELF_REGISTERED, &operation("1"), shop.now)
    });
    let id = GroupId(9);
    let zero_days = Operation { burn_days: Some(0), ..operation("1") };
    for (refusal, group, operation) in [
        (Refusal::GroupNotFound { id }, id, operation("1")),
        (Refusal::AmountNotPositive, SELF_REGISTERED, operation("0")),
        (Refusal::BurnDaysNotPositive, SELF_REGISTERED, zero_days),
    ] {
        shop.refuses(&refusal, |shop| shop.books.refill_group(group, &operation, shop.now));
        if refusal != Refusal::BurnDaysNotPositive {
            shop.refuses(&refusal, |shop| shop.books.withdraw_group(group, &operation, shop.now));
        }
    }
}
