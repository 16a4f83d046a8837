//! Settings, contact information, sale points.

use super::super::ids::SalePointId;
use super::super::sale_points::{Place, SalePointOrder};
use super::*;

#[test]
fn settings_that_make_no_sense_are_refused() {
    let mut shop = Shop::new();
    shop.books.create_template(TemplateOrder { deleted: Some(true), ..TemplateOrder::default() });
    let percentage = |text| Cashback { amount: Some(amount(text)), ..Cashback::default() };
    let coupon = |id| Cashback { coupon: Some(TemplateId(id)), ..Cashback::default() };
    for (cashback, refusal) in [
        (percentage("100.01"), Refusal::PercentageOverLimit),
        (percentage("-1"), Refusal::AmountNegative),
        (Cashback { valid_days: Some(0), ..percentage("1") }, Refusal::ValidDaysNotPositive),
        (coupon(9), Refusal::UnknownTemplate { id: TemplateId(9) }),
        (coupon(2), Refusal::UnknownTemplate { id: TemplateId(2) }),
    ] {
        let new = Settings { customer: cashback, ..settings() };
        shop.refuses(&refusal, |shop| shop.books.put_settings(new));
    }
    assert!(matches!(CashbackKind::read("percent"), Err(Refusal::UnknownCashbackType { .. })));
    assert!(matches!(Currency::read("RUB"), Err(Refusal::UnknownCurrency { .. })));
}

#[test]
fn putting_sale_points_replaces_the_list() {
    let mut shop = Shop::new();
    let order = |id: Option<u64>, city: &str| SalePointOrder {
        id: id.map(SalePointId),
        place: Place { city: Some(city.into()), ..Place::default() },
    };
    shop.books.put_sale_points(vec![order(None, "Москва"), order(None, "Тверь")]).unwrap();
    shop.books.put_sale_points(vec![order(None, "Казань"), order(Some(2), "Тула")]).unwrap();
    let list: Vec<(u64, &str)> =
        shop.books.sale_points().map(|it| (it.id.0, it.place.city.as_deref().unwrap())).collect();
    assert_eq!(list, [(2, "Тула"), (3, "Казань")]);
    let unknown = Refusal::UnknownSalePoint { id: SalePointId(1) };
    shop.refuses(&unknown, |shop| shop.books.put_sale_points(vec![order(Some(1), "")]));
    let repeated = Refusal::SalePointRepeated { id: SalePointId(2) };
    shop.refuses(&repeated, |shop| shop.books.put_sale_points(vec![order(Some(2), ""), order(Some(2), "")]));
}
