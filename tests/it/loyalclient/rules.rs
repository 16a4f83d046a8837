//! The switches between readings of the vendor's page: each `rule` of `docs/fidelity.md`.

use serde_json::{Value, json};

use crate::harness::{ANNA, Bench, IVAN, IVAN_PHONE, KIOSK, NOBODY, TILL, ZOE, shop};

#[test]
fn auth_error_status_401_is_for_the_key_alone() {
    let flat = Bench::shop();
    let bench = Bench::shop_with_rules(json!({"auth_error_status": 401}));
    let body = json!({"search": "nobody", "point": TILL});
    for (at_422, at_401) in [
        (flat.without_key().client(body.clone()), bench.without_key().client(body.clone())),
        (flat.with_key("wrong").client(body.clone()), bench.with_key("wrong").client(body.clone())),
    ] {
        at_422.blames(&["apikey"]);
        at_401.is(401, at_422.text());
    }
    bench.client(body).with_status(422);
    bench.client(json!({})).with_status(422);
}

#[test]
fn error_envelope_with_success_marks_every_kind_of_error() {
    let bench = Bench::start(
        Bench::builder()
            .fixture({
                let mut fixture = shop();
                fixture["loyalclient"]["rules"] = json!({"error_envelope": "with_success"});
                fixture.to_string()
            })
            .options(|options| options.body_limit = "1KiB".parse().expect("a size")),
    );
    let body = json!({"search": IVAN_PHONE, "point": TILL});
    let unreadable = bench.request("POST", "/integration/general/client").body("{").send();
    let large = bench.request("POST", "/integration/general/client").body(" ".repeat(1025)).send();
    for (answer, status, key) in [
        (bench.without_key().client(body.clone()), 422, "apikey"),
        (bench.with_key("wrong").client(body), 422, "apikey"),
        (unreadable, 422, "body"),
        (bench.client(json!({"point": TILL})), 422, "search"),
        (bench.client(json!({"search": "nobody", "point": TILL})), 422, "client"),
        (bench.recalc(json!({"client": IVAN, "point": NOBODY, "amount": 1})), 422, "point"),
        (bench.hold(json!({"client": ZOE, "point": TILL, "amount": 1})), 422, "amount"),
        (bench.retail(json!({"client": ZOE, "point": TILL, "amount": 1, "spend": 1})), 422, "spend"),
        (bench.release(json!({})), 422, "id"),
        (bench.post("/integration/general/nothing", &json!({})), 404, "path"),
        (bench.get("/integration/general/client"), 405, "method"),
        (large, 413, "body"),
    ] {
        answer.with_status(status);
        let start = format!(r#"{{"success":false,"{key}":""#);
        assert!(answer.text().starts_with(&start), "{answer}");
    }
}

#[test]
fn error_envelope_with_success_leaves_the_documented_texts_as_they_are() {
    let bench = Bench::shop_with_rules(json!({"error_envelope": "with_success"}));
    bench
        .client(json!({"search": "nobody", "point": NOBODY}))
        .refused(r#"{"success":false,"client":"Client not found.","point":"Point not found."}"#);
    bench
        .retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 101}))
        .refused(r#"{"success":false,"spend":"Spend can't be more 100"}"#);
}

#[test]
fn retail_releases_decides_which_holds_an_operation_ends() {
    for (rule, ivans_left, annas_left) in [
        ("listed_only", vec!["at till", "at kiosk"], vec!["at till"]),
        ("client_at_point", vec!["at kiosk"], vec!["at till"]),
        ("all_at_point", vec!["at kiosk"], vec![]),
    ] {
        let bench = Bench::shop_with_rules(json!({"retail_releases": rule}));
        let mut names = vec![
            (bench.holds(IVAN, 10), "at till"),
            (bench.holds_at(KIOSK, IVAN, 20), "at kiosk"),
            (bench.holds_at(KIOSK, IVAN, 30), "listed"),
        ];
        let listed = names[2].0.clone();
        names.push((bench.holds(ANNA, 40), "at till"));
        bench
            .retail(json!({"client": IVAN, "point": TILL, "amount": 100, "spend": 0, "hold": [listed]}))
            .ok();

        let left = |client| -> Vec<&str> {
            let holds = bench.account(client)["holds"].clone();
            let ids = holds.as_array().expect("a list").iter().map(|hold| hold["id"].clone());
            ids.map(|id| names.iter().find(|(known, _)| id == known.as_str()).expect("it was made here").1)
                .collect()
        };
        assert_eq!((left(IVAN), left(ANNA)), (ivans_left, annas_left), "{rule}");
    }
}

#[test]
fn points_rounding_half_up_is_for_accruals_and_not_for_what_may_be_spent() {
    let bench = Bench::shop_with_rules(json!({"points": {"rounding": "half_up"}}));
    for (client, amount, spend, earn) in
        [(ANNA, 999.0, 499, 75), (IVAN, 4.99, 4, 0), (IVAN, 5.0, 5, 1), (ZOE, 15.0, 0, 2)]
    {
        let recalc = bench.recalc(json!({"client": client, "point": TILL, "amount": amount})).ok();
        assert_eq!(
            (&recalc["recalc"]["spend"], &recalc["recalc"]["earn"]),
            (&json!(spend), &json!(earn)),
            "{amount}"
        );
    }
    bench.retail(json!({"client": ZOE, "point": TILL, "amount": 15, "spend": 0})).ok();
    assert_eq!(bench.balance(ZOE), 2);
}

#[test]
fn points_decimals_2_gives_points_kopecks() {
    let bench = Bench::shop_with_rules(json!({"points": {"decimals": 2}}));
    bench
        .recalc(json!({"client": IVAN, "point": TILL, "amount": 99.99}))
        .is(200, r#"{"success":true,"recalc":{"amount":99.99,"percent":10,"type":"cashback","spend":99.99,"earn":9.99}}"#);
    bench
        .retail(json!({"client": IVAN, "point": TILL, "amount": 100.25, "spend": 0.5}))
        .is(200, r#"{"success":true,"retail":{"amount":100.25,"total":99.75,"percent":10,"type":"cashback","spend":0.5}}"#);
    assert_eq!(bench.balance(IVAN), 877.5);
    let held = bench.hold(json!({"client": IVAN, "point": TILL, "amount": 0.01})).ok();
    assert_eq!(held["held"]["amount"], 0.01);
    bench
        .hold(json!({"client": IVAN, "point": TILL, "amount": 877.5}))
        .refused(r#"{"amount":"Amount can't be more 877.49"}"#);
    bench
        .retail(json!({"client": ANNA, "point": TILL, "amount": 0.99, "spend": 0.5}))
        .refused(r#"{"spend":"Spend can't be more 0.49"}"#);
    for body in [r#""amount":1,"spend":0.005"#, r#""amount":1.005,"spend":0"#] {
        let body = format!(r#"{{"client":"{IVAN}","point":"{TILL}",{body}}}"#);
        bench.request("POST", "/integration/general/retail").body(body).send().with_status(422);
    }
}

#[test]
fn points_decimals_2_and_half_up_round_to_kopecks() {
    let bench = Bench::shop_with_rules(json!({"points": {"decimals": 2, "rounding": "half_up"}}));
    for (amount, earn) in [(99.99, json!(10)), (99.94, json!(9.99)), (0.05, json!(0.01)), (0.04, json!(0))] {
        let recalc = bench.recalc(json!({"client": IVAN, "point": TILL, "amount": amount})).ok();
        assert_eq!(recalc["recalc"]["earn"], earn, "{amount}");
    }
}

#[test]
fn points_ttl_lets_accrued_points_burn() {
    let bench = Bench::shop_with_rules(json!({"points": {"ttl": "P365D"}}));
    bench.advance("PT1H");
    bench.retail(json!({"client": IVAN, "point": TILL, "amount": 220, "spend": 0})).ok();
    let lots = bench.account(IVAN)["lots"].clone();
    let ends: Vec<&Value> = lots.as_array().expect("a list").iter().map(|lot| &lot["expiresAt"]).collect();
    assert_eq!(
        ends,
        [&json!("2027-01-01T01:00:00.000Z"), &Value::Null],
        "the fixture's own points keep theirs"
    );

    bench.advance_to("2027-01-01T00:59:59.999Z");
    assert_eq!(bench.balance(IVAN), 900);
    bench.advance("PT0.001S");
    assert_eq!(bench.balance(IVAN), 878);
}
