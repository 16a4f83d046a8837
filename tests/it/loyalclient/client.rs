//! `POST /integration/general/client`: finds a client by phone, card or code.

use serde_json::{Value, json};

use crate::harness::{
    ANNA_PHONE, BONUS_LEVEL, Bench, DIANA, DIANA_PHONE, IVAN, IVAN_CARD, IVAN_CODE, IVAN_PHONE, KIOSK,
    NOBODY, TILL, ZOE, shop,
};

#[test]
fn the_answer_is_the_documented_one_to_the_byte() {
    let bench = Bench::shop();
    let answer = bench.client(json!({"search": IVAN_PHONE, "point": TILL}));
    answer.is(
        200,
        "{\"success\":true,\"client\":{\"id\":\"62a0f1e2d3c4b5a697882486\",\"name\":\"Иван\",\
         \"photo\":\"https://example.com/ivan.jpeg\",\"birthday\":\"2021-03-29\",\
         \"level\":{\"id\":\"621a0f1e2d3c4b5a69788f23\",\"title\":\"Бонусы\",\"percent\":10,\"type\":\"cashback\",\
         \"maxSpendPercent\":100},\"phone\":79201234567,\"email\":\"mail@mail.mail\",\"balance\":878}}",
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn what_a_client_has_not_told_is_null() {
    Bench::shop().client(json!({"search": ANNA_PHONE, "point": TILL})).is(
        200,
        "{\"success\":true,\"client\":{\"id\":\"62a0f1e2d3c4b5a697882487\",\"name\":null,\"photo\":null,\
         \"birthday\":null,\"level\":{\"id\":\"621a0f1e2d3c4b5a69788f24\",\"title\":\"Половина\",\"percent\":7.5,\
         \"type\":\"cashback\",\"maxSpendPercent\":50},\"phone\":79207654321,\"email\":null,\"balance\":1000}}",
    );
}

#[test]
fn a_discount_level_shows_no_balance_and_no_share() {
    let bench = Bench::shop();
    bench.client(json!({"search": DIANA_PHONE, "point": TILL})).is(
        200,
        "{\"success\":true,\"client\":{\"id\":\"62a0f1e2d3c4b5a697882488\",\"name\":\"Диана\",\"photo\":null,\
         \"birthday\":null,\"level\":{\"id\":\"621a0f1e2d3c4b5a69788f25\",\"title\":\"Скидка\",\"percent\":5,\
         \"type\":\"discount\",\"maxSpendPercent\":0},\"phone\":79200000003,\"email\":null,\"balance\":0}}",
    );
    assert_eq!(bench.account(DIANA)["posted"], 300, "the points are there, though");
}

#[test]
fn every_spelling_of_a_phone_finds_its_client() {
    let bench = Bench::shop();
    for search in [
        json!("79201234567"),
        json!("+79201234567"),
        json!("+7 (920) 123-45-67"),
        json!("8 920 123 45 67"),
        json!("89201234567"),
        json!("9201234567"),
        json!("920.123.45.67"),
        json!(79_201_234_567_u64),
        json!(89_201_234_567_u64),
        json!(9_201_234_567_u64),
        json!(79_201_234_567_f64),
    ] {
        assert_eq!(found(&bench, &search), IVAN, "{search}");
    }
}

#[test]
fn a_card_and_a_code_find_their_client_exactly() {
    let bench = Bench::shop();
    for search in [json!(IVAN_CARD), json!(IVAN_CODE), json!(4321)] {
        assert_eq!(found(&bench, &search), IVAN, "{search}");
    }
    for search in ["card-0001", "CARD-000", "CARD-0001 ", "CARD 0001", " 4321", "432", "43210"] {
        bench.client(json!({"search": search, "point": TILL})).refused(r#"{"client":"Client not found."}"#);
    }
}

#[test]
fn a_phone_goes_before_a_card_and_a_card_before_a_code() {
    let mut fixture = shop();
    fixture["loyalclient"]["clients"] = json!([
        {"id": "aaaaaaaaaaaaaaaaaaaaaaa1", "phone": 79_000_000_001_u64, "code": "111"},
        {"id": "aaaaaaaaaaaaaaaaaaaaaaa2", "phone": 79_000_000_002_u64, "card": "79000000001"},
        {"id": "aaaaaaaaaaaaaaaaaaaaaaa3", "phone": 79_000_000_003_u64, "card": "111"}
    ]);
    let bench = Bench::with(&fixture);
    assert_eq!(found(&bench, &json!("79000000001")), "aaaaaaaaaaaaaaaaaaaaaaa1");
    assert_eq!(found(&bench, &json!("111")), "aaaaaaaaaaaaaaaaaaaaaaa3");
}

#[test]
fn nobody_is_found_by_a_name_an_id_or_an_email() {
    let bench = Bench::shop();
    for search in ["Иван", IVAN, "mail@mail.mail", "79209999999", "7920", "0", "x"] {
        bench.client(json!({"search": search, "point": TILL})).refused(r#"{"client":"Client not found."}"#);
    }
}

#[test]
fn an_unknown_point_is_refused_and_both_unknown_are_told_together() {
    let bench = Bench::shop();
    for point in [NOBODY, "", "till", "62A0F1E2D3C4B5A69788F4F4", IVAN] {
        let both = r#"{"client":"Client not found.","point":"Point not found."}"#;
        bench
            .client(json!({"search": IVAN_PHONE, "point": point}))
            .refused(r#"{"point":"Point not found."}"#);
        bench.client(json!({"search": "nobody", "point": point})).refused(both);
    }
}

#[test]
fn holds_reduce_the_balance_but_not_for_who_lists_them() {
    let bench = Bench::shop();
    let first = bench.holds(IVAN, 100);
    let second = bench.holds_at(KIOSK, IVAN, 50);
    for (listed, balance) in [
        (json!([]), 728),
        (Value::Null, 728),
        (json!([first]), 828),
        (json!([second]), 778),
        (json!([first, second]), 878),
        (json!([first, first]), 828),
    ] {
        let body = json!({"search": IVAN_PHONE, "point": TILL, "hold": listed});
        assert_eq!(bench.client(body).ok()["client"]["balance"], balance, "{listed}");
    }
}

#[test]
fn listed_holds_that_are_not_the_clients_active_ones_are_ignored() {
    let bench = Bench::shop();
    let (kept, released) = (bench.holds(IVAN, 100), bench.holds(IVAN, 200));
    let foreign = {
        bench.retail(json!({"client": ZOE, "point": KIOSK, "amount": 500, "spend": 0})).ok();
        bench.holds(ZOE, 100)
    };
    bench.release(json!({"id": released})).ok();
    for listed in [json!([released]), json!([foreign]), json!([NOBODY]), json!(["no id"]), json!([""])] {
        let body = json!({"search": IVAN_PHONE, "point": TILL, "hold": listed});
        assert_eq!(bench.client(body).ok()["client"]["balance"], 778, "{listed}");
    }
    bench.advance("PT10M");
    let body = json!({"search": IVAN_PHONE, "point": TILL, "hold": [kept]});
    assert_eq!(bench.client(body).ok()["client"]["balance"], 878, "an expired hold is over, listed or not");
}

#[test]
fn looking_a_client_up_changes_nothing() {
    let bench = Bench::shop();
    let held = bench.holds(IVAN, 100);
    let before = bench.account(IVAN);
    bench.client(json!({"search": IVAN_PHONE, "point": TILL, "hold": [held]})).ok();
    assert_eq!(bench.account(IVAN), before);
}

#[test]
fn a_client_whose_level_is_left_out_has_the_first_one() {
    let mut fixture = shop();
    fixture["loyalclient"]["clients"] = json!([{"id": IVAN, "phone": 79_201_234_567_u64}]);
    let bench = Bench::with(&fixture);
    let client = bench.client(json!({"search": IVAN_PHONE, "point": TILL})).ok();
    assert_eq!(client["client"]["level"]["id"], BONUS_LEVEL);
    assert_eq!(client["client"]["balance"], 0);
}

/// The id of the client that is found.
#[track_caller]
fn found(bench: &Bench, search: &Value) -> String {
    let answer = bench.client(json!({"search": search, "point": TILL})).ok();
    answer["client"]["id"].as_str().expect("a client has an id").to_owned()
}
