//! Holds of the fiscal hub: made, captured, cancelled, over.

use super::super::history::HistoryQuery;
use super::super::holds::{HoldOrder, HoldState, HubHold};
use super::super::write_off::WriteOff;
use super::*;
use crate::loyalty::ExpiredKind;

fn hold(shop: &mut Shop, text: &str, coupons: &[CouponId]) -> Result<Arc<HubHold>, Refusal> {
    let order = HoldOrder { client: ANNA, currency: Currency::Points, amount: amount(text), coupons };
    shop.books.make_hold(&order, shop.now)
}

#[test]
fn a_hold_lives_thirty_days_to_the_millisecond() {
    let mut shop = Shop::new();
    let held = hold(&mut shop, "60", &[]).unwrap();
    assert_eq!(held.expires_at, shop.now + Period::days(30));
    assert_eq!(shop.points(), "40");
    shop.advance(Period::from_millis(2_591_999_999));
    assert_eq!(shop.points(), "40");
    let over = shop.advance(Period::from_millis(1));
    assert_eq!((over[0].kind, over[0].id.as_str()), (ExpiredKind::Hold, &*held.transaction_id));
    assert_eq!(shop.points(), "100");
    let expired = Refusal::HoldExpired { transaction_id: (*held.transaction_id).into() };
    shop.refuses(&expired, |it| it.books.capture_hold(&held.transaction_id, None, it.now));
    shop.check();
}

#[test]
fn a_hold_that_cannot_be_made_is_refused() {
    let mut shop = Shop::new();
    let short = Refusal::InsufficientPoints { currency: Currency::Points, available: amount("100") };
    for (text, coupons, refusal) in [
        ("100.01", &[][..], short),
        ("0", &[], Refusal::AmountNotPositive),
        ("-1", &[COUPON], Refusal::AmountNotPositive),
        ("1", &[CouponId(9)], Refusal::UnknownCoupon { id: CouponId(9) }),
        ("1", &[COUPON, COUPON], Refusal::CouponRepeated { id: COUPON }),
    ] {
        shop.refuses(&refusal, |shop| hold(shop, text, coupons));
    }
    let id = ClientId(9);
    let order = HoldOrder { client: id, currency: Currency::Points, amount: amount("1"), coupons: &[] };
    shop.refuses(&Refusal::UnknownClient { id }, |it| it.books.make_hold(&order, it.now));
}

#[test]
fn an_ended_hold_tells_how_it_ended() {
    let mut shop = Shop::new();
    let captured = hold(&mut shop, "10", &[]).unwrap();
    let cancelled = hold(&mut shop, "10", &[]).unwrap();
    shop.books.capture_hold(&captured.transaction_id, None, shop.now).unwrap();
    shop.books.cancel_hold(&cancelled.transaction_id).unwrap();
    assert_eq!(shop.points(), "90");
    let [of_captured, of_cancelled] = [&captured, &cancelled].map(|hold| (*hold.transaction_id).into());
    for (id, refusal) in [
        (&*captured.transaction_id, Refusal::HoldWrittenOff { transaction_id: of_captured }),
        (&*cancelled.transaction_id, Refusal::HoldCancelled { transaction_id: of_cancelled }),
        ("unknown", Refusal::HoldNotFound { transaction_id: "unknown".into() }),
    ] {
        shop.refuses(&refusal, |it| it.books.capture_hold(id, None, it.now));
        shop.refuses(&refusal, |it| it.books.cancel_hold(id));
    }
    let open = hold(&mut shop, "10", &[]).unwrap();
    let id = OrderId(9);
    shop.refuses(&Refusal::UnknownOrder { id }, |it| {
        it.books.capture_hold(&open.transaction_id, Some(id), it.now)
    });
    shop.check();
}

#[test]
fn history_shows_a_capture_with_its_transaction_id_and_not_a_hold() {
    let mut shop = Shop::new();
    let held = hold(&mut shop, "10", &[]).unwrap();
    assert_eq!(shop.books.history(ANNA, &HistoryQuery::default()).unwrap(), []);
    shop.books.capture_hold(&held.transaction_id, None, shop.now).unwrap();
    let history = shop.books.history(ANNA, &HistoryQuery::default()).unwrap();
    assert_eq!((history.len(), &history[0].id), (1, &held.transaction_id));
    assert_eq!(history[0].sum, sum("-10", Currency::Points));
}

#[test]
fn a_held_coupon_is_listed_and_cannot_be_used_elsewhere() {
    let mut shop = Shop::new();
    let held = hold(&mut shop, "0", &[COUPON]).unwrap();
    assert_eq!(shop.books.coupons_of(ANNA, shop.now).unwrap().len(), 1);
    let refusal = Refusal::CouponHeld { id: COUPON };
    shop.refuses(&refusal, |shop| hold(shop, "1", &[COUPON]));
    shop.refuses(&refusal, |shop| shop.ring(Ring { coupons: &[COUPON], ..RING }));
    let order = WriteOff { balance: vec![], coupons: vec![COUPON] };
    shop.refuses(&refusal, |shop| shop.books.write_off(ANNA, &order, shop.now));
    shop.check();

    let mut cancelled = shop.clone();
    cancelled.books.cancel_hold(&held.transaction_id).unwrap();
    cancelled.sell(Ring { coupons: &[COUPON], ..RING });
    cancelled.check();

    shop.books.capture_hold(&held.transaction_id, None, shop.now).unwrap();
    assert_eq!(shop.books.coupons_of(ANNA, shop.now).unwrap(), []);
    shop.check();
}

#[test]
fn a_coupon_that_is_over_drops_out_of_its_hold() {
    let mut shop = Shop::new();
    let held = hold(&mut shop, "10", &[COUPON]).unwrap();
    shop.advance(Period::days(11));
    shop.check();
    shop.books.capture_hold(&held.transaction_id, None, shop.now).unwrap();
    assert_eq!(shop.points(), "90");
    shop.check();
}

#[test]
fn a_hold_of_coupons_alone_expires_too() {
    let mut shop = Shop::new();
    let id = shop.books.create_template(TemplateOrder::default()).id;
    let coupon = NewCoupon { template: Some(id), ..NewCoupon::default() };
    shop.books.add_coupon(ANNA, coupon, shop.now).unwrap();
    let held = hold(&mut shop, "0", &[CouponId(2)]).unwrap();
    let over = shop.advance(Period::days(30));
    assert!(over.iter().any(|it| it.kind == ExpiredKind::Hold && *it.id == *held.transaction_id), "{over:?}");
    assert_eq!(shop.books.coupon_holder(ANNA, CouponId(2)), None);
    shop.check();
}

#[test]
fn when_points_burn_under_holds_the_youngest_shrinks_first() {
    let mut shop = Shop::new();
    shop.books.adjust_balance(ANNA, Currency::Points, amount("0"), shop.now).unwrap();
    shop.sell(RING);
    shop.sell(RING); // 30 for ever, 10 for 30 days
    shop.advance(Period::days(1));
    let older = hold(&mut shop, "28", &[]).unwrap();
    let younger = hold(&mut shop, "10", &[]).unwrap();
    shop.advance(Period::days(29));
    assert_eq!(shop.points(), "0");
    shop.books.capture_hold(&younger.transaction_id, None, shop.now).unwrap();
    shop.books.capture_hold(&older.transaction_id, None, shop.now).unwrap();
    let posted = shop.books.client(ANNA).unwrap().accounts().of(Currency::Points).posted();
    assert_eq!(posted, Amount::ZERO, "28 and what was left of 10");
    shop.check();
}

#[test]
fn a_hold_under_which_nothing_is_left_is_over() {
    let mut shop = Shop::new();
    let held = hold(&mut shop, "100", &[COUPON]).unwrap();
    shop.books.adjust_balance(ANNA, Currency::Points, Amount::ZERO, shop.now).unwrap();
    assert_eq!(shop.books.hold(held.id).unwrap().state, HoldState::Expired);
    assert_eq!(shop.books.coupon_holder(ANNA, COUPON), None);
    shop.check();
}

#[test]
fn a_refund_takes_points_back_from_under_a_hold() {
    let mut shop = Shop::new();
    shop.books.adjust_balance(ANNA, Currency::Points, Amount::ZERO, shop.now).unwrap();
    let lines = [("1", "1"), ("2", "1")];
    let sale = shop.sell(Ring { lines: &lines, ..RING }); // 30 points
    let held = hold(&mut shop, "30", &[COUPON]).unwrap();
    let items = shop.items(sale);
    shop.refund(&items[..1]).unwrap();
    assert_eq!(shop.books.held_amount(&held), amount("20"));
    shop.refund(&items[1..]).unwrap();
    let expired = Refusal::HoldExpired { transaction_id: (*held.transaction_id).into() };
    shop.refuses(&expired, |it| it.books.capture_hold(&held.transaction_id, None, it.now));
    assert_eq!(shop.books.active_holds_of(ANNA).count(), 0);
    assert_eq!(shop.books.coupon_holder(ANNA, COUPON), None);
    shop.check();
}

#[test]
fn what_a_hold_spent_on_a_sale_comes_back_with_its_refund() {
    let mut shop = Shop::new();
    let held = hold(&mut shop, "60", &[COUPON]).unwrap();
    let sale = shop.sell(Ring { lines: &[("40", "1"), ("60", "1")], customer: Customer::default(), ..RING });
    shop.books.capture_hold(&held.transaction_id, Some(sale), shop.now).unwrap();
    assert_eq!(shop.points(), "40");
    let items = shop.items(sale);
    shop.books.refund_through_hub(&items[..1], MERCHANT, shop.now).unwrap();
    assert_eq!(shop.points(), "64");
    shop.books.refund_through_hub(&items[1..], MERCHANT, shop.now).unwrap();
    assert_eq!(shop.points(), "100");
    assert_eq!(shop.books.coupons_of(ANNA, shop.now).unwrap().len(), 1, "the coupon is usable again");
    shop.check();
}

impl Books {
    fn coupon_holder(&self, client: ClientId, coupon: CouponId) -> Option<super::super::ids::HubHoldId> {
        self.client(client)?.coupon(coupon)?.held_by
    }
}
