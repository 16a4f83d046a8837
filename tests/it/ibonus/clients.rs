//! Clients: found, listed, their balances and histories, writing off.

use std::sync::Barrier;

use serde_json::{Value, json};

use super::shop::{ANNA, ANNA_TOKEN, BORIS, DAY_MS, START_MS, VERA, error, sale, shop};

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().expect("a list").iter().map(|client| client["id"].as_u64().expect("an id")).collect()
}

#[test]
fn a_client_is_shown_with_all_its_fields_in_the_vendors_order() {
    let shop = shop();
    let anna = format!(
        r#"{{"id":1,"email":"anna@example.com","phone":"+7 (912) 345-67-89","name":"Анна","avatarUrl":"https://example.com/anna.png","paidPurchases":1,"totalPurchases":1,"averageBill":0,"totalPurchasesAmount":0,"paidPurchasesAmount":0,"positiveReviews":0,"neutralReviews":0,"negativeReviews":0,"token":"{ANNA_TOKEN}"}}"#
    );
    shop.merchant().get("/clients/?phone=79123456789").is(200, &format!("[{anna}]"));
    shop.merchant().get(&format!("/clients/{ANNA_TOKEN}/")).is(200, &anna);
    let boris = shop.merchant().get("/clients/?email=boris@example.com").ok();
    for field in ["phone", "name", "avatarUrl"] {
        assert_eq!(boris[0][field], Value::Null, "nullable, and always there");
    }
}

#[test]
fn clients_are_listed_by_id_and_by_pages() {
    let shop = shop();
    for (query, found) in [
        ("", vec![1, 2, 3]),
        ("?offset=1", vec![2, 3]),
        ("?limit=2", vec![1, 2]),
        ("?offset=1&limit=1", vec![2]),
        ("?limit=0", vec![]),
        ("?offset=99", vec![]),
        ("?limit=99999999999999999999999", vec![1, 2, 3]),
        ("?offset=99999999999999999999999", vec![]),
    ] {
        assert_eq!(ids(&shop.merchant().get(&format!("/clients/{query}")).ok()), found, "{query}");
    }
}

#[test]
fn a_percent_sign_is_any_run_of_characters_once_the_url_is_decoded() {
    let shop = shop();
    for (query, found) in [
        ("phone=79123456789", vec![ANNA]),
        ("phone=%2B7%20(912)%20345-67-89", vec![ANNA]),
        ("phone=+7(912)345-67-89", vec![ANNA]),
        ("phone=7912%25", vec![ANNA]),
        ("phone=7%25", vec![ANNA, VERA]),
        ("phone=%25", vec![ANNA, VERA]),
        ("phone=%25789", vec![ANNA]),
        ("phone=7912", vec![]),
        ("phone=", vec![]),
        ("email=%25@example.com", vec![ANNA, BORIS]),
        ("email=%25", vec![ANNA, BORIS]),
        ("email=anna%40example.com", vec![ANNA]),
        ("email=ann_@example.com", vec![]),
        ("email=%25&phone=%25", vec![ANNA]),
        ("email=%25&phone=%25&offset=1", vec![]),
        // The letter y, not LIKE's percent: the quirk that is kept.
        ("email=%79", vec![]),
        // Two that are not hex are themselves.
        ("email=%25nna%@example.com", vec![ANNA]),
    ] {
        let found_ids = ids(&shop.merchant().get(&format!("/clients/?{query}")).ok());
        assert_eq!(found_ids, found, "{query}");
    }
}

#[test]
fn a_number_is_no_token_and_a_wrong_token_is_nobodys() {
    let shop = shop();
    for token in ["1", "123", "0a000000000000000000000000000002", "%D0%96"] {
        let answer = shop.merchant().get(&format!("/clients/{token}/"));
        assert_eq!(error(&answer, 404), "Client with this token is not found.", "{token}");
    }
    shop.merchant().get(&format!("/clients/{ANNA_TOKEN}/?type=client&token={ANNA_TOKEN}")).ok();
}

#[test]
fn the_balance_is_what_can_be_written_off_in_both_currencies() {
    let shop = shop();
    let balance = |id: u64| shop.merchant().get(&format!("/clients/{id}/balance/"));
    balance(ANNA).is(200, r#"[{"amount":100,"currency":"points"},{"amount":50,"currency":"rubles"}]"#);
    balance(BORIS).is(200, r#"[{"amount":0,"currency":"points"},{"amount":0,"currency":"rubles"}]"#);
    shop.held(33.34);
    balance(ANNA).is(200, r#"[{"amount":66.66,"currency":"points"},{"amount":50,"currency":"rubles"}]"#);
}

#[test]
fn an_id_that_nothing_has_is_not_found_on_every_path() {
    let shop = shop();
    for id in ["99", "0", "abc", "-1", "1.0", "%2B1", "99999999999999999999999999", "x%20y"] {
        for path in ["coupons/", "balance/", "balance/history/"] {
            let message = error(&shop.merchant().get(&format!("/clients/{id}/{path}")), 404);
            assert!(
                message.starts_with("Client with id=") && message.ends_with(" is not found."),
                "{message}"
            );
        }
        let body = json!({"balance": [{"amount": 1, "currency": "points"}]});
        error(&shop.merchant().post(&format!("/clients/{id}/balance/write_off/"), &body), 404);
    }
}

#[test]
fn writing_off_is_all_or_nothing() {
    let shop = shop();
    let write_off = |body: Value| shop.merchant().post("/clients/1/balance/write_off/", &body);
    let sums = |points: Value, rubles: Value| json!([{"amount": points, "currency": "points"}, {"amount": rubles, "currency": "rubles"}]);
    for (body, message) in [
        (json!({"balance": sums(json!(100.01), json!(1))}), "Only 100 points are available."),
        (json!({"balance": sums(json!(1), json!(50.5))}), "Only 50 rubles are available."),
        (json!({"balance": sums(json!(1), json!(-1))}), "Amount is negative."),
        (json!({"balance": sums(json!(1), json!(1)), "coupons": [1, 99]}), "Coupon with id=99 is not found."),
        (json!({"balance": sums(json!(1), json!(1)), "coupons": [1, 1]}), "Coupon with id=1 is named twice."),
        (
            json!({"balance": [{"amount": 1, "currency": "points"}, {"amount": 1, "currency": "euros"}]}),
            "Currency \"euros\" is unknown.",
        ),
    ] {
        assert_eq!(error(&write_off(body.clone()), 400), message, "{body}");
        assert_eq!(shop.available(ANNA), [json!(100), json!(50)]);
    }
    write_off(json!({"balance": sums(json!(99.99), json!(50)), "coupons": [1]})).is(200, "");
    assert_eq!(shop.available(ANNA), [json!(0.01), json!(0)]);
    let message = error(&write_off(json!({"coupons": [1]})), 400);
    assert_eq!(message, "Coupon with id=1 is redeemed.");
    for nothing in
        [json!({}), json!({"balance": null, "coupons": null}), json!({"balance": [], "coupons": []})]
    {
        write_off(nothing).is(200, "");
    }
}

#[test]
fn the_history_shows_changes_newest_first_and_no_opening() {
    let shop = shop();
    let merchant = shop.merchant();
    merchant.get("/clients/1/balance/history/").is(200, "[]");
    merchant.sells("1", 55.5);
    shop.advance("P1D");
    let rubles = json!({"balance": [{"amount": 12.34, "currency": "rubles"}]});
    merchant.post("/clients/1/balance/write_off/", &rubles).is(200, "");
    shop.advance("P1D");
    let transaction = shop.held(20);
    shop.hub("hold/write_off", &json!({"transactionId": transaction})).is(200, "");

    let history = merchant.get("/clients/1/balance/history/").ok();
    let shown = |place: usize| {
        let change = &history[place];
        (change["amount"].clone(), change["currency"].clone(), change["transactionDate"].as_i64().unwrap())
    };
    assert_eq!(shown(0), (json!(-20), json!("points"), START_MS + 2 * DAY_MS));
    assert_eq!(history[0]["transactionId"], transaction, "a captured hold's own");
    assert_eq!(shown(1), (json!(-12.34), json!("rubles"), START_MS + DAY_MS));
    assert_eq!(shown(2), (json!(5.55), json!("points"), START_MS));
    assert_eq!(history.as_array().unwrap().len(), 3);

    let day = START_MS + DAY_MS;
    for (query, count) in [
        (format!("from={day}"), 2),
        (format!("to={day}"), 2),
        (format!("from={day}&to={day}"), 1),
        (format!("from={}&to={}", day + 1, day - 1), 0),
        ("from=999999999999999999999".to_owned(), 0),
        ("to=999999999999999999999".to_owned(), 3),
        ("offset=1&limit=1".to_owned(), 1),
        ("limit=0".to_owned(), 0),
    ] {
        let part = merchant.get(&format!("/clients/1/balance/history/?{query}")).ok();
        assert_eq!(part.as_array().unwrap().len(), count, "{query}");
    }
}

#[test]
fn points_burn_at_their_time_and_not_a_millisecond_before() {
    let shop = shop();
    shop.merchant().sells("1", 200);
    assert_eq!(shop.available(ANNA)[0], 120);
    shop.advance_to("2026-01-30T23:59:59.999Z");
    assert_eq!(shop.available(ANNA)[0], 120);
    shop.advance_to("2026-01-31T00:00:00Z");
    assert_eq!(shop.available(ANNA)[0], 100);
}

#[test]
fn sixty_four_callers_who_write_off_one_balance_never_overspend() {
    const CALLERS: usize = 64;
    let shop = shop();
    let together = Barrier::new(CALLERS);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| {
                let (shop, together) = (&shop, &together);
                scope.spawn(move || {
                    let mut user = shop.merchant();
                    user.caller = user.caller.on_a_connection_of_its_own();
                    let (way, amount) = (number % 3, 10);
                    together.wait();
                    match way {
                        0 => {
                            let body = json!({"balance": [{"amount": amount, "currency": "points"}]});
                            user.post("/clients/1/balance/write_off/", &body).status
                        }
                        1 => {
                            let hold = json!({"clientId": ANNA, "currency": "points", "amount": amount});
                            shop.hub("hold", &hold).status
                        }
                        _ => {
                            // Gives one point, too.
                            let mut order = sale(&format!("order {number}"), amount);
                            order["amount"] = json!(amount);
                            user.post("/fiscal/orders/", &order).status
                        }
                    }
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a caller does not panic")).collect()
    });
    let (done, refused): (Vec<u16>, Vec<u16>) = statuses.into_iter().partition(|status| *status == 200);
    assert!(refused.iter().all(|status| *status == 400));
    // 100 points, and one for each order: the tenth order's point makes an eleventh write-off possible.
    let orders = shop.merchant().get("/fiscal/orders/").ok().as_array().unwrap().len();
    let left = shop.available(ANNA)[0].as_i64().unwrap();
    let gone = 10 * i64::try_from(done.len()).unwrap();
    assert_eq!(left, 100 + i64::try_from(orders).unwrap() - gone, "{} were done", done.len());
    assert!((0..10).contains(&left), "{left} are left: as much was written off as could be");
}

#[test]
fn a_hundred_thousand_clients_are_searched_and_listed() {
    use stend::loyalty::ibonus::load::clients::NewClient;
    let shop = shop();
    shop.books(|books, now| {
        for number in 0..100_000_u32 {
            let email = format!("client{number}@example.org").into();
            books.add_client(NewClient { email: Some(email), ..NewClient::default() }, now).unwrap();
        }
    });
    let found = shop.merchant().get("/clients/?email=%2599999@example.org").ok();
    assert_eq!(ids(&found), [100_003]);
    assert_eq!(ids(&shop.merchant().get("/clients/?offset=100000&limit=2").ok()), [100_001, 100_002]);
}
