//! `/_stend/accounts`: who has how many points, and how they came.

use serde_json::{Value, json};

use crate::harness::{ANNA, Bench, DIANA, IVAN, KIOSK, LEO, NOBODY, TILL, ZOE, shop};

#[test]
fn an_account_shows_its_points_lots_holds_and_entries() {
    let bench = Bench::shop();
    let id = bench.holds(LEO, 120);
    let answer = bench.get(&format!("/_stend/accounts/loyalclient/{LEO}"));
    let account = answer.ok();
    assert_eq!(account["entries"].as_array().map(Vec::len), Some(3));
    let entries = account["entries"].clone();
    let mut without_numbers = account.clone();
    for list in ["lots", "entries"] {
        for item in without_numbers[list].as_array_mut().expect("a list") {
            let number = item.as_object_mut().expect("an object").remove("id").expect("it has a number");
            assert!(number.as_str().is_some_and(|number| number.parse::<u64>().is_ok()), "{number}");
        }
    }
    assert_eq!(
        without_numbers,
        json!({
            "api": "loyalclient", "id": LEO, "name": "Лев", "phone": "79200000004",
            "posted": 350, "held": 120, "available": 230,
            "lots": [
                {"amount": 100, "expiresAt": "2026-01-11T00:00:00.000Z"},
                {"amount": 50, "expiresAt": "2026-01-21T00:00:00.000Z"},
                {"amount": 200, "expiresAt": null}
            ],
            "holds": [{"id": id, "amount": 120, "expiresAt": "2026-01-01T00:10:00.000Z"}],
            "coupons": [],
            "entries": entries.as_array().expect("a list").iter().map(|entry| json!({
                "at": "2026-01-01T00:00:00.000Z", "kind": "opening",
                "amount": entry["amount"], "balance": entry["balance"]
            })).collect::<Vec<Value>>()
        })
    );
    let start =
        format!(r#"{{"api":"loyalclient","id":"{LEO}","name":"Лев","phone":"79200000004","posted":350,"#);
    assert!(answer.text().starts_with(&start), "{answer}");
}

#[test]
fn a_lot_that_waits_shows_from_when_it_is_active() {
    let mut fixture = shop();
    fixture["loyalclient"]["clients"] =
        json!([{"id": IVAN, "phone": 79_201_234_567_u64, "lots": [{"amount": 50, "activeIn": "P14D"}]}]);
    let bench = Bench::with(&fixture);
    assert_eq!(bench.account(IVAN)["lots"][0]["activeFrom"], "2026-01-15T00:00:00.000Z");
    bench.advance("P14D");
    assert_eq!(bench.account(IVAN)["lots"][0].get("activeFrom"), None);
}

#[test]
fn an_account_that_is_not_there_is_404() {
    let bench = Bench::shop();
    for path in [
        format!("loyalclient/{NOBODY}"),
        "loyalclient/x".to_owned(),
        format!("loyalclient/{}", IVAN.to_uppercase()),
        format!("ibonus/{IVAN}"),
        format!("probonus/{IVAN}"),
        format!("nonsense/{IVAN}"),
    ] {
        bench.get(&format!("/_stend/accounts/{path}")).problem(404);
    }
}

#[test]
fn the_list_has_all_accounts_by_id() {
    let bench = Bench::shop();
    assert_eq!(
        listed(&bench, ""),
        (vec![IVAN, ANNA, DIANA, LEO, ZOE].into_iter().map(str::to_owned).collect(), 5)
    );
    let list = bench.get("/_stend/accounts").ok();
    assert_eq!(list["accounts"][0], bench.account(IVAN), "each as it is shown by itself");
}

#[test]
fn the_list_can_be_filtered() {
    let bench = Bench::shop();
    for (query, found) in [
        ("api=loyalclient&query=Лев", vec![LEO]),
        ("query=лев", vec![LEO]),
        ("query=ИВАН", vec![IVAN]),
        ("query=а", vec![IVAN, DIANA]),
        ("query=79201234567", vec![IVAN]),
        ("query=%2B7%20(920)%20123-45-67", vec![IVAN]),
        ("query=89201234567", vec![IVAN]),
        ("query=9201234567", vec![IVAN]),
        ("query=1234", vec![IVAN]),
        ("query=792", vec![IVAN, ANNA, DIANA, LEO, ZOE]),
        ("query=62a0f1e2d3c4b5a697882489", vec![LEO]),
        ("query=nobody", vec![]),
        ("query=", vec![IVAN, ANNA, DIANA, LEO, ZOE]),
        ("api=ibonus", vec![]),
        ("api=probonus", vec![]),
    ] {
        let total = found.len();
        let query = percent_encoded(query);
        let wanted = (found.into_iter().map(str::to_owned).collect(), total);
        assert_eq!(listed(&bench, &format!("?{query}")), wanted, "{query}");
    }
}

#[test]
fn total_is_the_number_before_offset_and_limit() {
    let bench = Bench::shop();
    for (query, found) in [
        ("limit=2", vec![IVAN, ANNA]),
        ("offset=3", vec![LEO, ZOE]),
        ("offset=1&limit=1", vec![ANNA]),
        ("limit=0", vec![]),
        ("offset=5", vec![]),
        ("offset=18446744073709551615", vec![]),
        ("offset=18446744073709551616", vec![]),
        ("limit=1000", vec![IVAN, ANNA, DIANA, LEO, ZOE]),
        ("query=792&offset=4", vec![ZOE]),
    ] {
        let wanted = (found.into_iter().map(str::to_owned).collect(), 5);
        assert_eq!(listed(&bench, &format!("?{query}")), wanted, "{query}");
    }
}

#[test]
fn a_page_is_a_part_of_the_whole_list_from_whichever_end_it_is_nearer() {
    let bench = Bench::demo();
    let (all, total) = listed(&bench, "?limit=100");
    assert!(total > 12, "{total}");
    assert_eq!(all.len(), total);
    for offset in 0..total + 2 {
        for limit in [1, 2, 5, 100] {
            let (page, counted) = listed(&bench, &format!("?offset={offset}&limit={limit}"));
            let wanted: Vec<String> = all.iter().skip(offset).take(limit).cloned().collect();
            assert_eq!((page, counted), (wanted, total), "{offset} {limit}");
        }
    }
}

#[test]
fn bad_parameters_are_told_by_their_names_all_at_once() {
    let bench = Bench::shop();
    for (query, names) in [
        ("limit=1001", &["limit"][..]),
        ("limit=-1", &["limit"]),
        ("limit=", &["limit"]),
        ("limit=ten", &["limit"]),
        ("offset=1.5", &["offset"]),
        ("offset=%2B1&limit=%2B1", &["offset", "limit"]),
        ("api=nonsense", &["api"]),
        ("name=x", &["name"]),
        ("limit=1&limit=2", &["limit"]),
        ("api=x&limit=x&offset=x&colour=red", &["api", "limit", "offset", "colour"]),
    ] {
        bench.get(&format!("/_stend/accounts?{query}")).points_at(names);
    }
}

#[test]
fn an_account_shows_what_is_true_now() {
    let bench = Bench::shop();
    bench.retail(json!({"client": ZOE, "point": KIOSK, "amount": 100, "spend": 0})).ok();
    bench.holds_at(TILL, ZOE, 5);
    let points = |key| bench.account(ZOE)[key].clone();
    assert_eq!([points("posted"), points("held"), points("available")], [20, 5, 15].map(Value::from));
    bench.advance("PT10M");
    assert_eq!([points("posted"), points("held"), points("available")], [20, 0, 20].map(Value::from));
}

#[track_caller]
fn listed(bench: &Bench, query: &str) -> (Vec<String>, usize) {
    let list = bench.get(&format!("/_stend/accounts{query}")).ok();
    let ids = list["accounts"].as_array().expect("a list").iter();
    let ids = ids.map(|account| account["id"].as_str().expect("an account has an id").to_owned()).collect();
    (ids, usize::try_from(list["total"].as_u64().expect("a number")).expect("it is small"))
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
