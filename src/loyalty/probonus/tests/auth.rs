//! The ways in: tokens with their lives, and permanent keys.

use super::super::auth::{RefreshWith, SESSIONS_MAX};
use super::*;
use crate::loyalty::ExpiredKind;

#[test]
fn a_user_logs_in_and_out() {
    let mut shop = Shop::new();
    for (login, password) in [("admin", "112"), ("Admin", "111"), ("api", ""), ("", "")] {
        shop.refuses(&Refusal::WrongCredentials, |shop| shop.books.log_in(login, password, shop.now));
    }
    let pair = shop.books.log_in("admin", "111", shop.now).unwrap();
    assert_eq!(pair.expires_in, Period::minutes(30));
    assert_eq!(&*shop.books.user_of_token(&pair.access, shop.now).unwrap().login, "admin");
    assert_eq!(shop.books.user_of_token(&pair.refresh, shop.now), Err(Refusal::UnknownToken));
    shop.check();

    shop.books.log_out(&pair.access, shop.now).unwrap();
    shop.refuses(&Refusal::UnknownToken, |shop| shop.books.user_of_token(&pair.access, shop.now));
    shop.refuses(&Refusal::UnknownToken, |shop| {
        shop.books.refresh(RefreshWith::Refresh(&pair.refresh), shop.now)
    });
    shop.refuses(&Refusal::UnknownToken, |shop| shop.books.log_out(&pair.access, shop.now));
    shop.check();
}

#[test]
fn a_permanent_key_is_the_service_user() {
    let shop = Shop::new();
    let user = shop.books.user_of_key("permanent").unwrap();
    assert_eq!((user.id, &*user.login), (UserId(0), "api"));
    assert_eq!(shop.books.user_of_key("other"), Err(Refusal::UnknownKey));
    assert!(shop.books.users().all(|user| user.id != UserId(0)));
}

#[test]
fn a_token_is_renewed_while_its_refresh_token_lives() {
    // How long after the log-in, and whether access and refresh token then do.
    for (minutes, by_access, by_refresh) in [
        (0, Ok(()), Ok(())),
        (29, Ok(()), Ok(())),
        (30, Ok(()), Ok(())),
        (30 * 24 * 60 - 1, Ok(()), Ok(())),
        (30 * 24 * 60, Err(Refusal::UnknownToken), Err(Refusal::UnknownToken)),
    ] {
        let mut shop = Shop::new();
        let old = shop.books.log_in("admin", "111", shop.now).unwrap();
        shop.advance(Period::minutes(minutes));
        for (with, outcome) in
            [(RefreshWith::Access(&old.access), by_access), (RefreshWith::Refresh(&old.refresh), by_refresh)]
        {
            let mut shop = shop.clone();
            let new = shop.books.refresh(with, shop.now);
            assert_eq!(new.as_ref().map(|_| ()).map_err(Clone::clone), outcome, "{minutes} {with:?}");
            shop.check();
            let Ok(new) = new else { continue };
            assert!(shop.books.user_of_token(&new.access, shop.now).is_ok());
            for dead in [RefreshWith::Access(&old.access), RefreshWith::Refresh(&old.refresh)] {
                assert_eq!(shop.books.refresh(dead, shop.now), Err(Refusal::UnknownToken));
            }
            assert_eq!(shop.books.user_of_token(&old.access, shop.now), Err(Refusal::UnknownToken));
        }
    }
}

#[test]
fn an_access_token_opens_nothing_once_its_life_has_ended() {
    let mut shop = Shop::new();
    let pair = shop.books.log_in("admin", "111", shop.now).unwrap();
    // Whether somebody has settled meanwhile or not.
    let later = shop.now + Period::minutes(30);
    assert_eq!(shop.books.user_of_token(&pair.access, later), Err(Refusal::TokenExpired));
    shop.advance(Period::minutes(30));
    shop.refuses(&Refusal::TokenExpired, |shop| shop.books.user_of_token(&pair.access, shop.now));
    shop.refuses(&Refusal::TokenExpired, |shop| shop.books.log_out(&pair.access, shop.now));
    let much_later = shop.now + Period::days(31);
    let refused = shop.books.clone().refresh(RefreshWith::Access(&pair.access), much_later);
    assert_eq!(refused, Err(Refusal::RefreshTokenExpired));
}

#[test]
fn ends_of_tokens_are_told_in_order_of_time() {
    let rules = Rules { refresh_ttl: Period::minutes(45), ..Rules::default() };
    let mut shop = Shop::with_rules(rules);
    shop.books.log_in("admin", "111", shop.now).unwrap();
    shop.advance(Period::minutes(20));
    shop.books.log_in("admin", "111", shop.now).unwrap();
    let told: Vec<_> = shop
        .advance(Period::minutes(60))
        .into_iter()
        .map(|it| (it.kind, it.id, it.account, it.at.since(time(START)).millis() / 60_000))
        .collect();
    let token = |id: &str, minute| (ExpiredKind::Token, id.to_owned(), "1".to_owned(), minute);
    assert_eq!(
        told,
        [token("access-1", 30), token("refresh-1", 45), token("access-2", 50), token("refresh-2", 65)]
    );
    assert_eq!(shop.books.sessions().len(), 0);
    shop.check();
}

#[test]
fn one_session_too_many_ends_the_oldest() {
    let mut shop = Shop::new();
    let first = shop.books.log_in("admin", "111", shop.now).unwrap();
    for _ in 1..SESSIONS_MAX {
        shop.books.log_in("admin", "111", shop.now).unwrap();
    }
    assert!(shop.books.user_of_token(&first.access, shop.now).is_ok());
    shop.books.log_in("admin", "111", shop.now).unwrap();
    assert_eq!(shop.books.user_of_token(&first.access, shop.now), Err(Refusal::UnknownToken));
    assert_eq!(shop.books.sessions().len(), SESSIONS_MAX);
}
