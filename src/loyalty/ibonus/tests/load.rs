//! Records from outside: what is in the way of them, and what becomes of them.

use super::super::currency::Currency;
use super::super::holds::{HoldState, HubHold};
use super::super::ids::HubHoldId;
use super::super::load::changes::ClientChange;
use super::super::load::orders::{NewItem, NewOrder};
use super::super::load::{Conflict, FieldConflict, Step};
use super::super::orders::ReceiptKind;
use super::*;

fn at(path: &[Step], conflict: Conflict) -> FieldConflict {
    FieldConflict { path: path.to_vec(), conflict }
}

#[test]
fn all_that_speaks_against_a_client_is_told() {
    let mut shop = Shop::new();
    let twice = NewCoupon { merchant_token: Some("123456".into()), ..NewCoupon::default() };
    let unknown = NewCoupon { template: Some(TemplateId(9)), ..twice.clone() };
    let negative = NewLot { amount: amount("-1"), ..NewLot::default() };
    let new = NewClient {
        id: Some(ANNA),
        coupons: vec![twice, unknown],
        balances: vec![NewBalance { currency: Currency::Rubles, lots: vec![negative] }],
        ..anna()
    };
    let found = shop.books.clone().add_client(new, shop.now).unwrap_err();
    let (key, index) = (Step::Key, Step::Index);
    assert_eq!(
        found,
        [
            at(&[key("id")], Conflict::DuplicateId),
            at(&[key("phone")], Conflict::DuplicatePhone(ANNA)),
            at(&[key("email")], Conflict::DuplicateEmail(ANNA)),
            at(&[key("token")], Conflict::DuplicateToken),
            at(&[key("balances"), index(0), key("lots"), index(0)], Conflict::AmountNegative),
            at(&[key("coupons"), index(1), key("template")], Conflict::UnknownTemplate(TemplateId(9))),
            at(&[key("coupons"), index(1), key("merchantToken")], Conflict::DuplicateToken),
        ]
    );
    // A phone in another spelling is the same phone.
    let spelled = client(9, "7-912-345-67-89", "x@y");
    let found = shop.books.add_client(spelled, shop.now).unwrap_err();
    assert_eq!(found, [at(&[key("phone")], Conflict::DuplicatePhone(ANNA))]);
}

#[test]
fn new_ids_go_on_above_those_that_were_given() {
    let mut shop = Shop::new();
    shop.books.add_client(client(41, "1", "a@b"), shop.now).unwrap();
    assert_eq!(shop.books.add_client(NewClient::default(), shop.now), Ok(ClientId(42)));
    let order = NewOrder { number: Some("TEST-0001-00000069".into()), ..NewOrder::new(shop.now, MERCHANT) };
    shop.books.add_order(order).unwrap();
    let sale = shop.sell(RING);
    assert_eq!(&*shop.books.order(sale).unwrap().number, "TEST-0001-00000070");
}

#[test]
fn a_sale_of_a_fixture_can_be_refunded() {
    let mut shop = Shop::new();
    let item = |id, price| NewItem { id: Some(ItemId(id)), line: line(price, "1") };
    let sale = NewOrder {
        client: Some(ANNA),
        items: vec![item(10, "60"), item(11, "40")],
        cashback: amount("10"),
        written_off: Some(sum("20", Currency::Points)),
        ..NewOrder::new(shop.now, CASHIER)
    };
    shop.books.add_order(sale.clone()).unwrap();
    let again = shop.books.add_order(sale).unwrap_err();
    assert_eq!(again.len(), 2, "both items are there already: {again:?}");
    shop.refund(&[ItemId(11)]).unwrap();
    let sold = shop.books.orders().next().unwrap();
    let parts = sold.effects.spends[0].spent.parts().map(|(_, left, burns_at)| (left, burns_at));
    assert_eq!(parts.collect::<Vec<_>>(), [(amount("12"), None)]);
    assert_eq!(shop.points(), "104", "4 of 10 taken back, 8 of 20 returned");

    let refund = NewOrder {
        kind: ReceiptKind::Refund,
        client: Some(ANNA),
        refunds: vec![ItemId(10)],
        ..NewOrder::new(shop.now, MERCHANT)
    };
    let id = shop.books.add_order(refund).unwrap();
    assert_eq!(shop.points(), "104", "a fixture's balances are what they are after its orders");
    assert_eq!(shop.books.order(id).unwrap().total, amount("60"));
    shop.refuses(&Refusal::ItemRefunded { id: ItemId(10) }, |shop| shop.refund(&[ItemId(10)]));
    shop.check();
}

#[test]
fn holds_come_back_from_an_export() {
    let mut shop = Shop::new();
    let hold = HubHold {
        id: HubHoldId(5),
        transaction_id: "uuid".into(),
        client: ANNA,
        currency: Currency::Rubles,
        amount: amount("20"),
        coupons: [COUPON].into(),
        number: None,
        made_at: shop.now,
        expires_at: shop.now + Period::days(1),
        state: HoldState::Active,
        fiscal_order: None,
        entry: None,
    };
    shop.books.add_hold(hold.clone(), shop.now).unwrap();
    assert_eq!(shop.balance(ANNA).1, "30");
    assert_eq!(shop.books.clone().add_hold(hold, shop.now).unwrap_err().len(), 3, "id, uuid, coupon");
    shop.check();
    shop.books.cancel_hold("uuid").unwrap();
    shop.check();
}

#[test]
fn a_change_keeps_the_indexes_true() {
    let mut shop = Shop::new();
    let change = ClientChange { phone: Some(Phone::new("1 23")), ..ClientChange::default() };
    shop.books.change_client(ANNA, change).unwrap();
    let find = |phone| shop.books.find_customer(Customer { phone: Some(phone), email: None }).map(|it| it.id);
    assert_eq!((find("123"), find(ANNA_PHONE)), (Some(ANNA), None));
    assert_eq!(shop.books.client(ANNA).unwrap().name.as_deref(), Some("Анна"));
    shop.check();
}

#[test]
fn an_exports_counters_go_on() {
    let mut shop = Shop::new();
    let mut copy = Shop::new();
    shop.sell(RING);
    copy.books.go_on_from(shop.books.counts(), shop.books.last_number(), shop.books.mint_state());
    assert_eq!(shop.sell(RING), copy.sell(Ring { lines: &[("7", "1")], ..RING }));
}
