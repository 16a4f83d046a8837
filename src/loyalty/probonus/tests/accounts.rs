//! Opening, finding and changing accounts; identifier types and discounts.

use super::super::account_groups::GroupUpdate;
use super::super::accounts::find::AccountsQuery;
use super::super::accounts::insert::AccountOrder;
use super::super::discounts::DiscountUpdate;
use super::super::identifier_types::IdentifierTypeUpdate;
use super::super::page::Page;
use super::*;

#[test]
fn a_new_guest_gets_what_the_groups_template_says() {
    let mut shop = Shop::new();
    let order = TemplateOrder { identifiers: vec![identifier(CARD, "1234")], ..guest("8 900 000-00-01") };
    let account = shop.books.insert_by_template(order, shop.now).unwrap();
    assert_eq!((account.id, account.group), (AccountId(2), SELF_REGISTERED));
    assert_eq!((account.discount, account.burning_days), (Some(LADDER), Some(30)));
    assert_eq!(account.points().posted(), amount("100"));
    assert_eq!(shop.books.group(SELF_REGISTERED).unwrap().accounts_count, 2);
    assert_eq!(shop.history(), [("accrual", "100".into(), "100".into(), None)]);
    let lot = account.points().lots().next().unwrap();
    assert_eq!(lot.expires_at, Some(time("2026-01-30T21:00:00Z")), "the day change of the 31st, in Moscow");
    shop.check();
}

#[test]
fn an_account_is_opened_by_template_only_in_a_group_that_has_one() {
    let mut shop = Shop::new();
    let insert = |group, phone: &'static str, identifiers: Vec<IdentifierOrder>| {
        move |shop: &mut Shop| {
            let order = TemplateOrder { group, identifiers, ..guest(phone) };
            shop.books.insert_by_template(order, shop.now)
        }
    };
    let one = AccountId(2);
    let card = vec![identifier(CARD, "1234")];
    insert(SELF_REGISTERED, "1", card.clone())(&mut shop).unwrap();
    let (type_id, table) = (IdentifierTypeId(9), vec![identifier(TABLE, "5")]);
    for (refusal, group, phone, identifiers) in [
        (Refusal::GroupNotFound { id: GroupId(9) }, GroupId(9), "2", vec![]),
        (Refusal::NoTemplate { group: PLAIN }, PLAIN, "2", vec![]),
        (Refusal::BadPhone, SELF_REGISTERED, "no", vec![]),
        (Refusal::PhoneTaken { account: ANNA }, SELF_REGISTERED, "89123456789", vec![]),
        (
            Refusal::IdentifierTypeNotFound { id: type_id },
            SELF_REGISTERED,
            "2",
            vec![identifier(type_id, "1")],
        ),
        (Refusal::IdentifierMask { type_id: CARD }, SELF_REGISTERED, "2", vec![identifier(CARD, "x")]),
        (Refusal::IdentifierTaken { account: one, type_id: CARD }, SELF_REGISTERED, "2", card),
        (
            Refusal::IdentifierRepeated { type_id: TABLE },
            SELF_REGISTERED,
            "2",
            [table.clone(), table.clone()].concat(),
        ),
    ] {
        shop.refuses(&refusal, insert(group, phone, identifiers));
    }
    // Of a type that is not unique, several have the same.
    insert(SELF_REGISTERED, "2", table.clone())(&mut shop).unwrap();
    insert(SELF_REGISTERED, "3", table)(&mut shop).unwrap();
    assert_eq!(shop.books.find_by_identifier("5", None).unwrap().id, AccountId(3));

    let update = GroupUpdate { have_template: Change::Is(false), ..GroupUpdate::default() };
    shop.books.update_group(SELF_REGISTERED, update).unwrap();
    shop.refuses(&Refusal::NoTemplate { group: SELF_REGISTERED }, insert(SELF_REGISTERED, "4", Vec::new()));
    shop.check();
}

#[test]
fn an_account_can_be_opened_with_everything_given() {
    let mut shop = Shop::new();
    let order = AccountOrder {
        phone: Some("+375 29 123-45-67"),
        discount: Some(LADDER),
        turnover: amount("1000"),
        burning_days: Some(10),
        ..AccountOrder::new(PLAIN)
    };
    let account = shop.books.insert_account(order.clone(), shop.now).unwrap();
    let current = shop.books.discount_of(&account).unwrap();
    assert_eq!((current.percent, current.step), (percent("10"), Some(2)));
    assert!(account.points().posted().is_zero());

    let order = AccountOrder { phone: None, ..order };
    for (refusal, order) in [
        (Refusal::GroupNotFound { id: GroupId(9) }, AccountOrder { group: GroupId(9), ..order.clone() }),
        (
            Refusal::DiscountNotFound { id: DiscountId(9) },
            AccountOrder { discount: Some(DiscountId(9)), ..order.clone() },
        ),
        (Refusal::AmountNegative, AccountOrder { turnover: amount("-1"), ..order.clone() }),
        (Refusal::BurnDaysNotPositive, AccountOrder { burning_days: Some(0), ..order.clone() }),
    ] {
        shop.refuses(&refusal, |shop| shop.books.insert_account(order, shop.now));
    }
    shop.check();
}

#[test]
fn a_phone_in_any_spelling_finds_its_account() {
    let shop = Shop::new();
    for phone in ["+7 (912) 345-67-89", "79123456789", "89123456789", "9123456789"] {
        assert_eq!(shop.books.find_by_phone(phone).unwrap().id, ANNA, "{phone}");
    }
    for phone in ["9123456780", "3456789", "", "+", "Анна"] {
        assert_eq!(shop.books.find_by_phone(phone).unwrap_err(), Refusal::PhoneNotFound, "{phone}");
    }
}

#[test]
fn accounts_are_listed_by_group_and_by_what_they_hold() {
    let mut shop = Shop::new();
    let profile = Profile { last_name: Some("Петров".into()), ..Profile::default() };
    let order = AccountOrder {
        profile,
        phone: Some("9001234567"),
        identifiers: vec![identifier(TABLE, "VIP-7")],
        ..AccountOrder::new(PLAIN)
    };
    let petrov = shop.books.insert_account(order, shop.now).unwrap().id;
    let page = Page::default();
    for (group, text, limit, found) in [
        (None, None, 100, vec![ANNA, petrov]),
        (None, None, 1, vec![ANNA]),
        (Some(PLAIN), None, 100, vec![petrov]),
        (None, Some("аНН"), 100, vec![ANNA]),
        (None, Some("петр"), 100, vec![petrov]),
        (None, Some("8 900 123-45-67"), 100, vec![petrov]),
        (None, Some("345"), 100, vec![ANNA, petrov]),
        (None, Some("vip"), 100, vec![petrov]),
        (Some(PLAIN), Some("анна"), 100, vec![]),
        (None, Some("  "), 100, vec![ANNA, petrov]),
    ] {
        let query = AccountsQuery { group, text, page: Page { limit, ..page } };
        let ids: Vec<_> = shop.books.list_accounts(&query).unwrap().iter().map(|it| it.id).collect();
        assert_eq!(ids, found, "{query:?}");
    }
    let query = AccountsQuery { group: Some(GroupId(9)), ..AccountsQuery::default() };
    assert_eq!(shop.books.list_accounts(&query), Err(Refusal::GroupNotFound { id: GroupId(9) }));
    let refused = shop.books.find_by_identifier("VIP-7", Some(CARD)).unwrap_err();
    assert_eq!(refused, Refusal::IdentifierNotFound);
}

#[test]
fn fields_that_are_left_out_stay() {
    let mut shop = Shop::new();
    let before = Arc::clone(shop.books.account(ANNA).unwrap());
    let unchanged = shop.books.update_account(ANNA, AccountUpdate::default()).unwrap();
    assert_eq!(unchanged, before);

    let update = AccountUpdate {
        email: Change::Is(Some("anna@test.ru".into())),
        phone: Change::Is(Some("8 900 000-00-00".into())),
        group: Change::Is(PLAIN),
        identifiers: Change::Is(vec![identifier(CARD, "1234")]),
        burning_days: Change::Is(None),
        ..AccountUpdate::default()
    };
    let changed = shop.books.update_account(ANNA, update.clone()).unwrap();
    assert_eq!(changed.profile.email.as_deref(), Some("anna@test.ru"));
    assert_eq!(changed.profile.first_name, before.profile.first_name);
    assert_eq!(changed.burning_days, None);
    assert_eq!(changed.points(), before.points());
    assert!(shop.books.find_by_phone(ANNA_PHONE).is_err());
    assert_eq!(shop.books.find_by_phone("79000000000").unwrap().id, ANNA);
    let counts = [PLAIN, SELF_REGISTERED].map(|id| shop.books.group(id).unwrap().accounts_count);
    assert_eq!(counts, [1, 0]);
    // The same identifier again keeps its id.
    let again = shop.books.update_account(ANNA, update).unwrap();
    assert_eq!(again.identifiers, changed.identifiers);
    shop.check();

    let other = shop.books.insert_by_template(guest("1"), shop.now).unwrap().id;
    let id = DiscountId(9);
    for (refusal, update) in [
        (
            Refusal::GroupNotFound { id: GroupId(9) },
            AccountUpdate { group: Change::Is(GroupId(9)), ..AccountUpdate::default() },
        ),
        (
            Refusal::PhoneTaken { account: ANNA },
            AccountUpdate { phone: Change::Is(Some("9000000000".into())), ..AccountUpdate::default() },
        ),
        (
            Refusal::IdentifierTaken { account: ANNA, type_id: CARD },
            AccountUpdate {
                identifiers: Change::Is(vec![identifier(CARD, "1234")]),
                ..AccountUpdate::default()
            },
        ),
        (
            Refusal::DiscountNotFound { id },
            AccountUpdate { discount: Change::Is(Some(id)), ..AccountUpdate::default() },
        ),
        (
            Refusal::AmountNegative,
            AccountUpdate { turnover: Change::Is(amount("-1")), ..AccountUpdate::default() },
        ),
        (
            Refusal::BurnDaysNotPositive,
            AccountUpdate { burning_days: Change::Is(Some(0)), ..AccountUpdate::default() },
        ),
    ] {
        shop.refuses(&refusal, |shop| shop.books.update_account(other, update));
    }
    let id = AccountId(9);
    shop.refuses(&Refusal::AccountNotFound { id }, |shop| {
        shop.books.update_account(id, AccountUpdate::default())
    });
}

#[test]
fn r_keepers_discounts_are_read_and_ladders_are_made_and_changed() {
    let mut shop = Shop::new();
    shop.refuses(&Refusal::RkeeperDiscount { id: RKEEPER }, |shop| {
        shop.books.update_discount(RKEEPER, DiscountUpdate::default())
    });
    let id = DiscountId(9);
    shop.refuses(&Refusal::DiscountNotFound { id }, |shop| {
        shop.books.update_discount(id, DiscountUpdate::default())
    });
    for (refusal, percent, steps) in [
        (Refusal::PercentOrStepsMissing, None, None),
        (Refusal::PercentOrStepsMissing, None, Some(vec![])),
        (Refusal::PercentAndSteps, Some(percent("1")), Some(vec![step("0", "1")])),
        (Refusal::ThresholdNegative, None, Some(vec![step("-1", "1")])),
        (
            Refusal::ThresholdRepeated { threshold: amount("5") },
            None,
            Some(vec![step("5", "1"), step("5", "2")]),
        ),
        (Refusal::TooManySteps, None, Some(vec![step("0", "1"); 101])),
    ] {
        let order = DiscountOrder { percent, steps, ..ladder() };
        shop.refuses(&refusal, |shop| shop.books.insert_discount(order));
    }

    // New steps hold at once, from the turnover that was reached.
    assert_eq!(shop.level(), (percent("5"), Some(1)));
    let steps = Some(vec![step("0", "1"), step("10", "2")]);
    let update =
        DiscountUpdate { steps, name: Change::Is("Другая".into()), ..DiscountUpdate::default() };
    let changed = shop.books.update_discount(LADDER, update).unwrap();
    assert_eq!((&*changed.name, changed.kind), ("Другая", Kind::Bonus));
    assert_eq!(shop.level(), (percent("1"), Some(1)));
}

#[test]
fn a_type_becomes_unique_only_if_no_two_accounts_are_alike() {
    let mut shop = Shop::new();
    for phone in ["1", "2"] {
        let order = TemplateOrder { identifiers: vec![identifier(TABLE, "5")], ..guest(phone) };
        shop.books.insert_by_template(order, shop.now).unwrap();
    }
    let update = IdentifierTypeUpdate { unique: Change::Is(true), ..IdentifierTypeUpdate::default() };
    let (one, other) = (AccountId(2), AccountId(3));
    shop.refuses(&Refusal::IdentifiersAlike { one, other }, |shop| {
        shop.books.update_identifier_type(TABLE, update.clone())
    });
    let moved = AccountUpdate { identifiers: Change::Is(vec![]), ..AccountUpdate::default() };
    shop.books.update_account(other, moved).unwrap();
    assert!(shop.books.update_identifier_type(TABLE, update).unwrap().unique);
    let id = IdentifierTypeId(9);
    shop.refuses(&Refusal::IdentifierTypeNotFound { id }, |shop| {
        shop.books.update_identifier_type(id, IdentifierTypeUpdate::default())
    });
    shop.check();
}
