//! Sales and refunds as tables; what the lists show.

use super::super::coupon::CouponState;
use super::super::find::Customer;
use super::super::ids::{CouponId, ItemId, TemplateId};
use super::super::like::Like;
use super::super::rules::{AccrualBase, Rules};
use super::super::settings::{Cashback, Settings};
use super::super::tests::*;
use super::super::{Refusal, page::Page};
use super::list::OrdersQuery;
use super::refund::Refund;
use super::sale::{PaymentMismatch, Sale};
use super::{Currency, OrderId, Receipt, ReceiptKind};
use crate::loyalty::amount::Amount;
use crate::loyalty::time::Period;

const ANONYMOUS: Customer<'static> = Customer { phone: None, email: None };

#[test]
fn the_first_purchase_and_later_ones_give_what_the_settings_say() {
    let mut shop = Shop::new();
    for (lines, cashback, points) in [
        (&[("10", "1")][..], "30", "130"),
        (&[("10", "1")], "1", "131"),
        (&[("0.05", "1")], "0.01", "131.01"),
        (&[("0.04", "1")], "0", "131.01"),
        (&[("100", "1"), ("50", "0.5")], "12.5", "143.51"),
    ] {
        let order = shop.sell(Ring { lines, ..RING });
        let order = shop.books.order(order).unwrap();
        assert_eq!(
            (order.cashback.to_string(), shop.points()),
            (cashback.into(), points.into()),
            "{lines:?}"
        );
    }
    let anonymous = shop.sell(Ring { customer: ANONYMOUS, ..RING });
    assert_eq!(shop.books.order(anonymous).unwrap().cashback, Amount::ZERO);
    // Later ones burn after 30 days, the first one never does.
    shop.advance(Period::days(30));
    assert_eq!(shop.points(), "130");
    shop.check();
}

#[test]
fn a_wholly_refunded_first_purchase_leaves_the_next_one_the_first() {
    let mut shop = Shop::new();
    let first = shop.sell(RING);
    shop.refund(&shop.items(first)).unwrap();
    let next = shop.sell(RING);
    assert_eq!(shop.books.order(next).unwrap().cashback, amount("30"));
}

#[test]
fn an_inactive_programme_gives_nothing() {
    let mut shop = Shop::new();
    let with_coupon = Cashback { coupon: Some(TEMPLATE), ..settings().new_customer };
    let settings = Settings { active: false, new_customer: with_coupon, ..settings() };
    shop.books.put_settings(settings).unwrap();
    shop.sell(Ring { write_off: Some("40"), ..RING });
    assert_eq!(shop.points(), "60");
    assert_eq!(shop.books.client(ANNA).unwrap().coupons().len(), 1);
}

#[test]
fn the_accrual_base_is_a_rule() {
    for (accrual_base, cashback) in [(AccrualBase::OrderTotal, "10"), (AccrualBase::PaidPart, "6")] {
        let mut shop = Shop::with_rules(Rules { accrual_base, ..Rules::default() });
        shop.sell(RING);
        let order = shop.sell(Ring { write_off: Some("40"), ..RING });
        assert_eq!(shop.books.order(order).unwrap().cashback.to_string(), cashback, "{accrual_base:?}");
    }
}

#[test]
fn a_sale_writes_off_redeems_and_issues() {
    let mut shop = Shop::new();
    let settings = Settings {
        new_customer: Cashback { coupon: Some(TEMPLATE), ..settings().new_customer },
        ..settings()
    };
    shop.books.put_settings(settings).unwrap();
    let ring = Ring { write_off: Some("50"), currency: Some(Currency::Rubles), coupons: &[COUPON], ..RING };
    let order = shop.sell(ring);
    assert_eq!(shop.balance(ANNA), ("130".into(), "0".into()));
    let listed = shop.books.coupons_of(ANNA, shop.now).unwrap();
    assert_eq!((listed.len(), listed[0].id), (1, CouponId(2)), "the old one is used, a new one issued");
    assert_eq!(listed[0].expire_date, Some(shop.now + Period::days(10)));
    let order = shop.books.order(order).unwrap();
    assert_eq!(&*order.number, "TEST-0001-00000001");
    let url = order.public_url.strip_prefix("/internal_fiscal_check/").unwrap().strip_suffix('/').unwrap();
    assert!(url.len() == 32 && url.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{url}");
    let counters = shop.books.client(ANNA).unwrap().counters;
    assert_eq!((counters.paid_purchases, counters.average_bill), (1, amount("100")));
    shop.check();
}

#[test]
fn a_sale_that_cannot_be_is_refused_whole() {
    let mut shop = Shop::new();
    let short = |text| Refusal::InsufficientPoints { currency: Currency::Points, available: amount(text) };
    let unknown = Customer { phone: Some("1"), email: None };
    let two = [COUPON, CouponId(9)];
    for (ring, refusal) in [
        (Ring { lines: &[], ..RING }, Refusal::NoItems),
        (Ring { lines: &[("1", "1"), ("1", "0")], ..RING }, Refusal::QuantityNotPositive { line: 1 }),
        (Ring { lines: &[("-1", "1")], ..RING }, Refusal::LineNegative { line: 0 }),
        (Ring { write_off: Some("-1"), ..RING }, Refusal::AmountNegative),
        (Ring { write_off: Some("1"), customer: ANONYMOUS, ..RING }, Refusal::CustomerMissing),
        (Ring { coupons: &[COUPON], customer: ANONYMOUS, ..RING }, Refusal::CustomerMissing),
        (Ring { write_off: Some("100.01"), ..RING }, Refusal::MoreThanTotal { total: amount("100") }),
        (Ring { write_off: Some("101"), lines: &[("200", "1")], ..RING }, short("100")),
        (Ring { write_off: Some("1"), customer: unknown, ..RING }, short("0")),
        (Ring { coupons: &[COUPON], customer: unknown, ..RING }, Refusal::UnknownCoupon { id: COUPON }),
        (Ring { write_off: Some("1"), coupons: &two, ..RING }, Refusal::UnknownCoupon { id: CouponId(9) }),
    ] {
        shop.refuses(&refusal, |shop| shop.ring(ring));
    }
    let receipt = Receipt {
        external_id: "254",
        customer: Customer { phone: Some(ANNA_PHONE), email: None },
        amount_card: None,
        amount_cash: None,
        by: MERCHANT,
    };
    let lines = [line("1", "1")];
    let sale = Sale { receipt, lines: &lines, write_off: None, currency: None, coupons: &[] };
    let placed = shop.books.place_sale(&sale, shop.now).unwrap();
    let order = placed.order;
    shop.refuses(&Refusal::DuplicateExternalId { order }, |shop| shop.books.place_sale(&sale, shop.now));
    let items = shop.items(order);
    let refund = Refund { receipt, items: &items };
    shop.refuses(&Refusal::DuplicateExternalId { order }, |shop| shop.books.place_refund(&refund, shop.now));
    let nameless = Sale { receipt: Receipt { external_id: " ", ..receipt }, ..sale };
    shop.refuses(&Refusal::ExternalIdMissing, |shop| shop.books.place_sale(&nameless, shop.now));
}

#[test]
fn payments_that_do_not_add_up_are_accepted_and_told() {
    let mut shop = Shop::new();
    let lines = [line("10", "1")];
    for (number, card, cash, write_off, told) in [
        // The vendor's own example.
        (1, Some("20"), Some("10"), Some("10"), true),
        (2, Some("3"), Some("2"), Some("5"), false),
        (3, Some("5"), None, Some("5"), false),
        (4, None, Some("5"), None, true),
        (5, None, None, None, false),
    ] {
        let external_id = number.to_string();
        let receipt = Receipt {
            external_id: &external_id,
            customer: Customer { phone: Some(ANNA_PHONE), email: None },
            amount_card: card.map(amount),
            amount_cash: cash.map(amount),
            by: MERCHANT,
        };
        let write_off = write_off.map(amount);
        let sale = Sale { receipt, lines: &lines, write_off, currency: None, coupons: &[] };
        let mismatch = shop.books.place_sale(&sale, shop.now).unwrap().mismatch;
        let expected = PaymentMismatch {
            total: amount("10"),
            card: receipt.amount_card.unwrap_or_default(),
            cash: receipt.amount_cash.unwrap_or_default(),
            written_off: write_off.unwrap_or_default(),
        };
        assert_eq!(mismatch, told.then_some(expected), "{number}");
    }
}

#[test]
fn the_parts_of_a_refund_add_up_exactly() {
    let mut shop = Shop::new();
    shop.sell(RING); // 30 points, the first purchase
    let lines = [("33.33", "1"), ("33.33", "1"), ("33.34", "1")];
    let sale = shop.sell(Ring { lines: &lines, write_off: Some("10"), ..RING });
    assert_eq!(shop.points(), "130");
    let items = shop.items(sale);
    for (item, cashback, points) in [(0, "-3.33", "130"), (1, "-3.33", "130"), (2, "-3.34", "130")] {
        let refund = shop.refund(&items[item..=item]).unwrap();
        let refund = shop.books.order(refund).unwrap();
        assert_eq!((refund.cashback.to_string(), refund.kind), (cashback.into(), ReceiptKind::Refund));
        assert_eq!(shop.points(), points, "as much is taken back as is returned");
    }
    let sale = shop.books.order(sale).unwrap();
    assert_eq!(sale.effects.spends[0].spent.left(), Amount::ZERO);
    assert_eq!(sale.effects.accrued.unwrap().cancelled, amount("10"));
    let counters = shop.books.client(ANNA).unwrap().counters;
    assert_eq!((counters.paid_purchases, counters.total_purchases), (1, 2));
    assert_eq!(counters.paid_purchases_amount, amount("100"));
    shop.check();
}

#[test]
fn a_refund_that_cannot_be_is_refused_whole() {
    let mut shop = Shop::new();
    let sale = shop.sell(Ring { lines: &[("1", "1"), ("2", "1")], ..RING });
    let other = shop.sell(RING);
    let (items, other) = (shop.items(sale), shop.items(other)[0]);
    let (first, second, unknown) = (items[0], items[1], ItemId(99));
    for (items, refusal) in [
        (&[][..], Refusal::NoItems),
        (&[unknown], Refusal::UnknownItem { id: unknown }),
        (&[first, unknown], Refusal::UnknownItem { id: unknown }),
        (&[first, first], Refusal::ItemRepeated { id: first }),
        (&[first, other], Refusal::SeveralOrders { id: other }),
    ] {
        shop.refuses(&refusal, |shop| shop.refund(items));
    }
    let refund = shop.refund(&[first]).unwrap();
    shop.refuses(&Refusal::ItemRefunded { id: first }, |shop| shop.refund(&[second, first]));
    assert_eq!(shop.items(refund), [first], "a refund shows the items of the sale");
}

#[test]
fn points_that_are_spent_already_stop_the_taking_back_at_nothing() {
    let mut shop = Shop::new();
    let sale = shop.sell(RING);
    shop.sell(Ring { lines: &[("130", "1")], write_off: Some("130"), ..RING });
    assert_eq!(shop.points(), "13");
    let refund = shop.refund(&shop.items(sale)).unwrap();
    assert_eq!(shop.books.order(refund).unwrap().cashback, amount("-13"));
    assert_eq!(shop.points(), "0");
    shop.check();
}

#[test]
fn returned_points_come_back_with_their_lots_old_expiry() {
    let mut shop = Shop::new();
    shop.sell(RING);
    shop.sell(RING); // 10 points that burn on day 30, on top of 130
    let sale = shop.sell(Ring { lines: &[("50", "1"), ("50", "1")], write_off: Some("20"), ..RING });
    assert_eq!(shop.points(), "130");
    let items = shop.items(sale);
    // Last taken first: the half comes back to the lot that never burns.
    shop.refund(&items[..1]).unwrap();
    assert_eq!(shop.points(), "135");
    shop.advance(Period::days(30));
    let before = shop.points();
    shop.refund(&items[1..]).unwrap();
    assert_eq!((before, shop.points()), ("130".into(), "125".into()), "what has burnt meanwhile stays burnt");
    shop.check();
}

#[test]
fn coupons_of_a_refunded_sale_are_cancelled_or_usable_again() {
    let mut shop = Shop::new();
    let new_customer = Cashback { coupon: Some(TEMPLATE), ..settings().new_customer };
    shop.books.put_settings(Settings { new_customer, ..settings() }).unwrap();
    let lines = [("50", "1"), ("50", "1")];
    let sale = shop.sell(Ring { lines: &lines, coupons: &[COUPON], ..RING });
    let issued = CouponId(2);
    let states = |shop: &Shop| {
        let client = shop.books.client(ANNA).unwrap();
        [COUPON, issued].map(|id| client.coupon(id).unwrap().state)
    };
    let items = shop.items(sale);
    assert_eq!(states(&shop), [CouponState::Redeemed, CouponState::Live]);
    shop.refund(&items[..1]).unwrap();
    assert_eq!(states(&shop), [CouponState::Redeemed, CouponState::Cancelled]);
    let mut late = shop.clone();
    shop.refund(&items[1..]).unwrap();
    assert_eq!(states(&shop), [CouponState::Live, CouponState::Cancelled]);
    shop.refuses(&Refusal::CouponCancelled { id: issued }, |shop| {
        shop.ring(Ring { coupons: &[issued], ..RING })
    });
    shop.sell(Ring { coupons: &[COUPON], ..RING });
    shop.check();

    late.advance(Period::days(11));
    late.refund(&items[1..]).unwrap();
    assert_eq!(states(&late), [CouponState::Redeemed, CouponState::Cancelled], "an expired one stays used");
    late.check();
}

#[test]
fn a_deleted_or_ended_template_issues_nothing() {
    let mut shop = Shop::new();
    let new_customer = Cashback { coupon: Some(TEMPLATE), ..settings().new_customer };
    shop.books.put_settings(Settings { new_customer, ..settings() }).unwrap();
    shop.books.delete_template(TemplateId(1)).unwrap();
    let sale = shop.sell(RING);
    assert_eq!(shop.books.order(sale).unwrap().effects.issued, None);
}

#[test]
fn a_test_order_is_kept_and_touches_nothing_else() {
    let mut shop = Shop::new();
    let before = shop.books.client(ANNA).unwrap().clone();
    let receipt = |phone| Receipt {
        external_id: "1",
        customer: Customer { phone: Some(phone), email: None },
        amount_card: None,
        amount_cash: None,
        by: CASHIER,
    };
    let lines = [line("100", "1")];
    let sale = Sale {
        receipt: receipt(ANNA_PHONE),
        lines: &lines,
        write_off: Some(amount("5")),
        currency: None,
        coupons: &[COUPON],
    };
    let order = shop.books.place_test_sale(&sale, shop.now).unwrap();
    let unknown = Sale { receipt: receipt("1"), ..sale };
    shop.books.place_test_sale(&unknown, shop.now).unwrap();
    let items = shop.items(order);
    let refund = Refund { receipt: receipt(ANNA_PHONE), items: &items };
    shop.books.place_test_refund(&refund, shop.now).unwrap();

    assert_eq!(**shop.books.client(ANNA).unwrap(), *before);
    assert_eq!((shop.books.clients().len(), shop.books.orders().len()), (1, 3));
    shop.refuses(&Refusal::TestOrderItem { id: items[0] }, |shop| shop.refund(&items));
    shop.books.place_sale(&Sale { write_off: None, coupons: &[], ..sale }, shop.now).unwrap();
    shop.check();
}

#[test]
fn the_merchant_sees_all_orders_and_an_employee_its_own() {
    let mut shop = Shop::new();
    let start = shop.now;
    let first = shop.sell(RING);
    shop.advance(Period::days(1));
    let second = shop.sell(Ring { by: CASHIER, ..RING });
    let third = shop.sell(Ring { customer: ANONYMOUS, ..RING });
    let refund = shop.refund(&shop.items(second)).unwrap();
    let day = start + Period::days(1);
    let all = OrdersQuery::default();
    let page = Page { offset: 1, limit: Some(2) };
    for (query, by, orders) in [
        (all.clone(), MERCHANT, &[refund, third, second, first][..]),
        (all.clone(), CASHIER, &[second]),
        (OrdersQuery { from: Some(day), ..all.clone() }, MERCHANT, &[refund, third, second]),
        (OrdersQuery { to: Some(start), ..all.clone() }, MERCHANT, &[first]),
        (OrdersQuery { from: Some(day), to: Some(start), ..all.clone() }, MERCHANT, &[]),
        (OrdersQuery { client: Some(ANNA), ..all.clone() }, MERCHANT, &[refund, second, first]),
        (OrdersQuery { kind: Some(ReceiptKind::Refund), ..all.clone() }, MERCHANT, &[refund]),
        (OrdersQuery { fiscal_fn: Some(Like::new("%")), ..all.clone() }, MERCHANT, &[]),
        (OrdersQuery { page, ..all }, MERCHANT, &[third, second]),
    ] {
        let found: Vec<OrderId> = shop.books.list_orders(&query, by).iter().map(|order| order.id).collect();
        assert_eq!(found, orders, "{query:?} {by:?}");
    }
    assert!(shop.books.items_of(second, CASHIER).is_ok());
    assert_eq!(shop.books.items_of(first, CASHIER), Err(Refusal::OrderNotFound { id: first }));
    assert_eq!(shop.books.items_of(OrderId(9), MERCHANT), Err(Refusal::OrderNotFound { id: OrderId(9) }));
}
