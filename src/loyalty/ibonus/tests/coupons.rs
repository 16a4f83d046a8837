//! Coupons: good through their date, found by token, shared once; templates.

use super::super::coupons::TokenType;
use super::super::image::{Picture, Upload};
use super::super::templates::Style;
use super::*;
use crate::loyalty::ExpiredKind;

#[test]
fn a_coupon_is_good_through_its_expire_date() {
    let mut shop = Shop::new();
    let coupon = shop.books.coupons_of(ANNA, shop.now).unwrap().remove(0);
    assert_eq!(coupon.expire_date, Some(shop.now + Period::days(10)));
    assert_eq!(shop.advance(Period::days(10)), []);
    assert_eq!(shop.books.coupons_of(ANNA, shop.now).unwrap().len(), 1, "at its very end it is still good");

    let over = shop.advance(Period::from_millis(1));
    let (kind, id, at) = (over[0].kind, over[0].id.as_str(), over[0].at);
    assert_eq!((over.len(), kind, id, at), (1, ExpiredKind::Coupon, "1", shop.now));
    assert_eq!(shop.books.coupons_of(ANNA, shop.now).unwrap(), []);
    let expired = Refusal::CouponExpired { id: COUPON };
    shop.refuses(&expired, |shop| shop.ring(Ring { coupons: &[COUPON], ..RING }));
    shop.check();
}

#[test]
fn each_type_of_token_is_looked_for_in_its_own_field() {
    let shop = Shop::new();
    let tokens = shop.books.coupons_of(ANNA, shop.now).unwrap().remove(0).tokens;
    for (by, token, found) in [
        ("linked", &tokens.token, true),
        ("linked", &tokens.share_token, false),
        ("shared", &tokens.share_token, true),
        ("shared", &tokens.merchant_share_token, false),
        ("merchant", &tokens.merchant_token, true),
        ("merchant", &tokens.merchant_share_token, false),
    ] {
        let result = shop.books.find_coupon(TokenType::read(by).unwrap(), token, shop.now);
        assert_eq!(
            result.is_ok_and(|it| it.client.id == ANNA && it.coupon.id == COUPON),
            found,
            "{by} {token}"
        );
    }
    assert!(matches!(TokenType::read("other"), Err(Refusal::UnknownCouponType { .. })));
    assert!(tokens.token.len() == 32 && tokens.share_token.len() == 32);
    assert!(tokens.merchant_token.len() == 6 && tokens.merchant_share_token.len() == 6);
}

#[test]
fn a_shared_coupon_gives_another_person_one_of_their_own_once() {
    let mut shop = Shop::new();
    shop.advance(Period::days(3));
    let own = shop.books.coupons_of(ANNA, shop.now).unwrap().remove(0);
    let token = Arc::clone(&own.tokens.share_token);
    let boris = Customer { phone: Some("7 900"), email: None };
    let nobody = Customer::default();
    shop.refuses(&Refusal::CustomerMissing, |it| it.books.redeem_shared(&token, nobody, None, it.now));
    shop.refuses(&Refusal::CouponNotFound, |it| it.books.redeem_shared("x", boris, None, it.now));

    let got = shop.books.redeem_shared(&token, boris, Some("Борис"), shop.now).unwrap();
    assert_eq!((got.client.id, got.client.name.as_deref()), (ClientId(2), Some("Борис")));
    assert_eq!(got.coupon.expire_date, Some(shop.now + Period::days(10)), "its days count from now");
    assert_ne!(got.coupon.tokens, own.tokens);
    assert_eq!(shop.books.coupons_of(ANNA, shop.now).unwrap().len(), 1, "the owner keeps theirs");
    let used = Refusal::ShareTokenUsed { id: COUPON };
    shop.refuses(&used, |it| it.books.redeem_shared(&token, boris, None, it.now));
    shop.check();
}

#[test]
fn a_coupon_expires_at_the_earlier_of_its_templates_limits() {
    let mut shop = Shop::new();
    let day = |days| shop.now + Period::days(days);
    for (valid_days, valid_until, expires) in [
        (None, None, None),
        (Some(5), None, Some(day(5))),
        (None, Some(day(3)), Some(day(3))),
        (Some(5), Some(day(3)), Some(day(3))),
        (Some(2), Some(day(3)), Some(day(2))),
    ] {
        let order = TemplateOrder { valid_days, valid_until, ..TemplateOrder::default() };
        assert_eq!(shop.books.create_template(order).expire_date(shop.now), expires);
    }
}

#[test]
fn templates_are_created_replaced_and_marked_as_deleted() {
    let mut shop = Shop::new();
    let books = &mut shop.books;
    let created = books.create_template(TemplateOrder::default());
    assert_eq!((created.id, created.style.name(), created.deleted), (TemplateId(2), "theme_brown", false));
    let style = Some(Style::read("theme_black").unwrap());
    books.put_template(created.id, TemplateOrder { style, ..TemplateOrder::default() }).unwrap();
    books.delete_template(created.id).unwrap();
    let deleted = books.template(created.id).unwrap();
    assert_eq!((deleted.style, deleted.deleted), (Style::ThemeBlack, true));
    assert_eq!(books.templates().len(), 2, "deleted ones stay in the list");
    let id = TemplateId(9);
    assert_eq!(books.delete_template(id), Err(Refusal::TemplateNotFound { id }));
    assert!(matches!(Style::read("theme_pink"), Err(Refusal::UnknownStyle { .. })));
    for style in Style::ALL {
        assert_eq!(serde_json::to_string(&style).unwrap(), format!("\"{}\"", style.name()));
    }
}

#[test]
fn a_picture_is_served_until_it_is_replaced_or_taken_away() {
    let mut shop = Shop::new();
    let books = &mut shop.books;
    let upload = |byte| Upload { content_type: "image/png".into(), bytes: Arc::from([byte]) };
    let name = |books: &Books| match &books.template(TEMPLATE).unwrap().picture {
        Some(Picture::Stored(image)) => Arc::clone(&image.name),
        other => panic!("{other:?}"),
    };
    books.put_template_image(TEMPLATE, upload(1)).unwrap();
    let first = name(books);
    books.put_template_image(TEMPLATE, upload(2)).unwrap();
    assert_eq!(&*books.image(&name(books)).unwrap().bytes, [2]);
    assert_eq!(books.image(&first), None);
    books.delete_template_image(TEMPLATE).unwrap();
    books.delete_template_image(TEMPLATE).unwrap();
    books.put_logo(upload(3));
    assert!(matches!(books.logo(), Some(Picture::Stored(_))));
    books.delete_logo();
    assert_eq!((books.logo(), books.images.len()), (None, 0));
}
