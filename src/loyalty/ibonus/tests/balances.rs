//! Balances: history and write-off.

use super::super::history::{HistoryQuery, Transaction};
use super::super::page::Page;
use super::super::write_off::WriteOff;
use super::*;

fn history(shop: &Shop, query: &HistoryQuery) -> Vec<(String, &'static str)> {
    let line = |it: &Transaction| (it.sum.amount.to_string(), it.sum.currency.name());
    shop.books.history(ANNA, query).unwrap().iter().map(line).collect()
}

#[test]
fn history_is_newest_first_with_write_offs_negative_and_without_openings() {
    let mut shop = Shop::new();
    let day = Period::days(1);
    let start = shop.now;
    shop.sell(RING);
    shop.advance(day);
    let both = vec![sum("5", Currency::Points), sum("7", Currency::Rubles)];
    shop.books.write_off(ANNA, &WriteOff { balance: both, coupons: vec![] }, shop.now).unwrap();
    shop.advance(day);
    shop.sell(RING);
    let all = HistoryQuery::default();
    let (sale, rubles, points, first) =
        (("10", "points"), ("-7", "rubles"), ("-5", "points"), ("30", "points"));
    for (query, expected) in [
        (all, vec![sale, rubles, points, first]),
        (HistoryQuery { from: Some(start + day), ..all }, vec![sale, rubles, points]),
        (HistoryQuery { to: Some(start + day), ..all }, vec![rubles, points, first]),
        (HistoryQuery { from: Some(start + day), to: Some(start + day), ..all }, vec![rubles, points]),
        (HistoryQuery { page: Page { offset: 1, limit: Some(2) }, ..all }, vec![rubles, points]),
    ] {
        let expected: Vec<_> = expected.iter().map(|(sum, of)| ((*sum).to_owned(), *of)).collect();
        assert_eq!(history(&shop, &query), expected, "{query:?}");
    }
    // Burnt points are seen at their deadline.
    shop.advance(Period::days(40));
    let newest = shop.books.history(ANNA, &all).unwrap().remove(0);
    assert_eq!((newest.sum.amount.to_string(), newest.date), ("-10".to_owned(), start + Period::days(32)));
    shop.check();
}

#[test]
fn a_write_off_is_all_or_nothing() {
    let mut shop = Shop::new();
    let points = |text| sum(text, Currency::Points);
    let rubles = |text| sum(text, Currency::Rubles);
    let short = |currency, text| Refusal::InsufficientPoints { currency, available: amount(text) };
    for (balance, coupons, refusal) in [
        (vec![points("100.01")], vec![], short(Currency::Points, "100")),
        (vec![points("60"), points("60")], vec![], short(Currency::Points, "100")),
        (vec![points("1"), rubles("51")], vec![COUPON], short(Currency::Rubles, "50")),
        (vec![points("-1")], vec![], Refusal::AmountNegative),
        (vec![points("1")], vec![COUPON, CouponId(9)], Refusal::UnknownCoupon { id: CouponId(9) }),
        (vec![points("1")], vec![COUPON, COUPON], Refusal::CouponRepeated { id: COUPON }),
    ] {
        let order = WriteOff { balance, coupons };
        shop.refuses(&refusal, |shop| shop.books.write_off(ANNA, &order, shop.now));
    }
    let order = WriteOff { balance: vec![points("100"), rubles("1.5")], coupons: vec![COUPON] };
    shop.books.write_off(ANNA, &order, shop.now).unwrap();
    assert_eq!(shop.balance(ANNA), ("0".into(), "48.5".into()));
    assert_eq!(shop.books.coupons_of(ANNA, shop.now).unwrap(), []);
    let again = WriteOff { balance: vec![], coupons: vec![COUPON] };
    let redeemed = Refusal::CouponRedeemed { id: COUPON };
    shop.refuses(&redeemed, |shop| shop.books.write_off(ANNA, &again, shop.now));
    let nobody = Refusal::ClientNotFound { id: ClientId(9) };
    shop.refuses(&nobody, |shop| shop.books.write_off(ClientId(9), &again, shop.now));
    shop.books.write_off(ANNA, &WriteOff::default(), shop.now).unwrap();
    shop.check();
}
