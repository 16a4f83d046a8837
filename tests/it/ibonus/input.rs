//! Bad input: queries and bodies that cannot be read, and all that is wrong with them in one message.

use serde_json::{Value, json};

use super::shop::{BASE, KEY, PUBLIC, START_MS, basic, error, refund, sale, shop};

#[test]
fn a_query_that_cannot_be_read_is_told_which_parameter_is_at_fault() {
    let shop = shop();
    let number = "must be a whole number that is not negative";
    for (path, parameters) in [
        ("/clients/", ["offset", "limit"].as_slice()),
        ("/clients/1/balance/history/", &["from", "to", "offset", "limit"]),
        ("/fiscal/orders/", &["from", "to", "client_id", "offset", "limit"]),
    ] {
        for parameter in parameters {
            for value in ["-1", "x", "1.5", "", "%2B1", "1e3", "0x10", "%20", "null", "%D9%A1"] {
                let answer = shop.merchant().get(&format!("{path}?{parameter}={value}"));
                assert_eq!(error(&answer, 400), format!("{parameter} {number}."), "{path} {value}");
            }
        }
        let all: Vec<String> = parameters.iter().map(|parameter| format!("{parameter}=x")).collect();
        let message = error(&shop.merchant().get(&format!("{path}?{}", all.join("&"))), 400);
        for parameter in parameters {
            assert!(message.contains(&format!("{parameter} {number}.")), "{message}");
        }
    }
}

#[test]
fn unknown_parameters_are_not_looked_at_and_of_one_that_stands_twice_the_first_counts() {
    let shop = shop();
    let authorization = basic("merchant@example.com", "secret");
    for (query, count) in [("colour=red&%ff=%fe&&=", 3), ("limit=1&limit=x", 1)] {
        // The contract knows no such parameters, so no contract is asked.
        let mut socket = shop.socket();
        socket.send(format!(
            "GET {BASE}/clients/?{query} HTTP/1.1\r\nhost: x\r\nauthorization: {authorization}\r\n\r\n"
        ));
        let clients = socket.bare_answer().expect("an answer").ok();
        assert_eq!(clients.as_array().unwrap().len(), count, "{query}");
    }
}

#[test]
fn a_body_that_is_no_json_object_is_refused() {
    let shop = shop();
    for (method, path) in [
        ("POST", "/clients/1/balance/write_off/"),
        ("POST", "/fiscal/orders/"),
        ("POST", "/fiscal/orders/create_test/"),
        ("PUT", "/loyalty/settings/"),
        ("PUT", "/loyalty/settings/contact_info/"),
        ("POST", "/loyalty/coupons/"),
        ("PUT", "/loyalty/coupons/1/"),
    ] {
        for (body, message) in [
            ("", "The body is empty: send a JSON object."),
            (" \n", "The body is empty: send a JSON object."),
            ("[]", "The body must be a JSON object."),
            ("5", "The body must be a JSON object."),
            ("null", "The body must be a JSON object."),
        ] {
            let answer = shop.merchant().request(method, path, Some(body));
            assert_eq!(error(&answer, 400), message, "{method} {path} {body:?}");
        }
        for body in ["{", "{\"a\":}", "{} {}", "{'a':1}", "nothing"] {
            let message = error(&shop.merchant().request(method, path, Some(body)), 400);
            assert!(message.starts_with("The body is not JSON: "), "{method} {path} {body:?}: {message}");
        }
    }
    for body in ["{}", "5"] {
        let answer = shop.merchant().request("PUT", "/loyalty/settings/sale_points/", Some(body));
        assert_eq!(error(&answer, 400), "The body must be a JSON array.");
    }
    let bytes = shop.merchant().form("/fiscal/orders/", "application/json", [b'{', 0xff]);
    assert_eq!(error(&bytes, 400), "The body is not UTF-8.");
}

#[test]
fn all_that_is_wrong_with_an_order_is_told_at_once_by_the_way_to_it() {
    let shop = shop();
    for (body, message) in [
        ("{}", "order is missing."),
        (r#"{"order":null}"#, "order is missing."),
        (r#"{"order":5}"#, "order must be an object."),
        (
            r#"{"order":{}}"#,
            "order.externalId is missing. order.receiptType is missing. order.items is missing.",
        ),
        (
            r#"{"order":{"externalId":5,"receiptType":true,"amountCard":"20","amountCash":-1,"customerEmail":[],"customerPhone":79,"items":{}},"amount":"x","currency":5,"coupons":[1,"2"]}"#,
            "order.externalId must be a string. order.receiptType must be a string. order.amountCard must be a number. order.amountCash can't be negative. order.customerPhone must be a string. order.customerEmail must be a string. order.items must be an array. amount must be a number. currency must be a string. coupons must be an array of whole numbers that are not negative.",
        ),
        (
            r#"{"order":{"externalId":"1","receiptType":"sale","items":[{},{"price":"1","quantity":"1","unit":5,"vat":"x","name":5,"discountType":5,"discountValue":"5"},7]}}"#,
            "order.items[2] must be an object.",
        ),
        (
            r#"{"order":{"externalId":"1","receiptType":"sale","items":[{},{"price":"1","quantity":"1","unit":5,"vat":"x","name":5,"discountType":5,"discountValue":"5"}]}}"#,
            "order.items[0].price is missing. order.items[0].quantity is missing. order.items[0].unit is missing. order.items[0].vat is missing. order.items[0].name is missing. order.items[1].price must be a number. order.items[1].quantity must be a number. order.items[1].unit must be a string. order.items[1].vat must be a number. order.items[1].name must be a string. order.items[1].discountType must be a string. order.items[1].discountValue must be a number.",
        ),
        (
            r#"{"order":{"externalId":"1","receiptType":"refund","items":[{},{"id":"63"},{"id":-1},{"id":1.5}]}}"#,
            "order.items[0].id is missing. order.items[1].id must be a whole number that is not negative. order.items[2].id must be a whole number that is not negative. order.items[3].id must be a whole number that is not negative.",
        ),
        // What cannot be read goes before what is unknown.
        (
            r#"{"order":{"externalId":"1","receiptType":"gift","items":[]},"amount":"x"}"#,
            "amount must be a number.",
        ),
    ] {
        let answer = shop.merchant().request("POST", "/fiscal/orders/", Some(body));
        assert_eq!(error(&answer, 400), message, "{body}");
    }
}

#[test]
fn money_has_two_decimals_and_a_quantity_three() {
    let shop = shop();
    let sell = |number: &str, price: &str, quantity: &str, amount: &str| {
        let body = format!(
            r#"{{"order":{{"externalId":"{number}","receiptType":"sale","customerEmail":"anna@example.com","items":[{{"price":{price},"quantity":{quantity},"unit":"kg","vat":20,"name":"x"}}]}},"amount":{amount}}}"#
        );
        shop.merchant().request("POST", "/fiscal/orders/", Some(&body))
    };
    for (price, quantity, amount, message) in [
        ("0.001", "1", "0", "order.items[0].price can have two decimals at most."),
        ("1e-3", "1", "0", "order.items[0].price can have two decimals at most."),
        ("1", "0.0001", "0", "order.items[0].quantity can have three decimals at most."),
        ("1", "1", "0.005", "amount can have two decimals at most."),
        ("1000000000000.01", "1", "0", "order.items[0].price can't be more than 1000000000000."),
        ("1e99", "1", "0", "order.items[0].price can't be more than 1000000000000."),
        ("1", "1e12", "0", "order.items[0].quantity can't be more than 100000000000."),
    ] {
        assert_eq!(error(&sell("no", price, quantity, amount), 400), message);
    }
    for (number, price, quantity, total) in [
        ("1", "10.000", "1.0000", json!(10)),
        ("2", "1e1", "1E0", json!(10)),
        ("3", "0.1", "0.333", json!(0.03)),
        ("4", "1234567890.12", "1", json!(1_234_567_890.12)),
        ("5", "0.07", "0.5", json!(0.04)),
    ] {
        sell(number, price, quantity, "0.00").is(200, "");
        assert_eq!(shop.merchant().newest()["totalAmount"], total, "{price} × {quantity}");
    }
}

#[test]
fn unknown_fields_and_nulls_are_as_good_as_left_out() {
    let shop = shop();
    let mut body = sale("1", 10);
    for name in ["amount", "currency", "coupons", "colour"] {
        body[name] = json!(null);
    }
    for name in ["amountCard", "amountCash", "customerEmail", "шум"] {
        body["order"][name] = json!(null);
    }
    body["order"]["items"][0]["colour"] = json!({"deep": [1, {"deeper": "x"}]});
    shop.merchant().post("/fiscal/orders/", &body).is(200, "");
    let with_mark = format!("\u{feff}{}", sale("2", 10));
    shop.merchant().request("POST", "/fiscal/orders/", Some(&with_mark)).is(200, "");
    let twice = sale("3", 10).to_string().replace(r#""price":10"#, r#""price":-1,"price":20"#);
    shop.merchant().request("POST", "/fiscal/orders/", Some(&twice)).is(200, "");
    assert_eq!(shop.merchant().newest()["totalAmount"], 20, "of one that stands twice the last");
}

#[test]
fn the_other_bodies_name_what_they_lack() {
    let shop = shop();
    let merchant = shop.merchant();
    for (method, path, body, message) in [
        (
            "POST",
            "/clients/1/balance/write_off/",
            r#"{"balance":[{},{"amount":"1","currency":5},{"amount":0.001}],"coupons":5}"#,
            "balance[0].amount is missing. balance[0].currency is missing. balance[1].amount must be a number. balance[1].currency must be a string. balance[2].amount can have two decimals at most. balance[2].currency is missing. coupons must be an array.",
        ),
        (
            "PUT",
            "/loyalty/settings/",
            "{}",
            "active is missing. currency is missing. newCustomerSettings is missing. customerSettings is missing.",
        ),
        (
            "PUT",
            "/loyalty/settings/",
            r#"{"active":"yes","currency":"points","newCustomerSettings":{"couponId":"1","amount":"1","validDays":-1},"customerSettings":5}"#,
            "active must be true or false. newCustomerSettings.couponId must be a whole number that is not negative. newCustomerSettings.type is missing. newCustomerSettings.amount must be a number. newCustomerSettings.validDays must be a whole number that is not negative. customerSettings must be an object.",
        ),
        (
            "PUT",
            "/loyalty/settings/contact_info/",
            r#"{"company":5,"youtube":[]}"#,
            "company must be a string. youtube must be a string.",
        ),
        ("PUT", "/loyalty/settings/sale_points/", r#"[{"id":"1"},{"city":5},6]"#, "[2] must be an object."),
        (
            "PUT",
            "/loyalty/settings/sale_points/",
            r#"[{"id":"1"},{"city":5}]"#,
            "[0].id must be a whole number that is not negative. [1].city must be a string.",
        ),
        (
            "POST",
            "/loyalty/coupons/",
            r#"{"title":5,"style":5,"validDays":4294967296,"validUntil":253402300800000,"deleted":0}"#,
            "title must be a string. style must be a string. validDays can't be more than 4294967295. validUntil can't be more than 253402300799999. deleted must be true or false.",
        ),
    ] {
        let answer = merchant.request(method, path, Some(body));
        assert_eq!(
            error(&answer, 400),
            message.replace(
                "coupons must be an array.",
                "coupons must be an array of whole numbers that are not negative."
            ),
            "{path}"
        );
    }
    let hub = |call: &str, body: &str| {
        let path = format!("{BASE}/fiscal_hub/cash_back/{call}/?login=111111&api_key={KEY}");
        error(&shop.request("POST", &path).body(body).send(), 400)
    };
    assert_eq!(hub("hold", "{}"), "clientId is missing. currency is missing. amount is missing.");
    assert_eq!(hub("hold/write_off", r#"{"fiscalOrderId":"1"}"#).matches('.').count(), 2);
    assert_eq!(hub("hold/cancel", r#"{"transactionId":5}"#), "transactionId must be a string.");
    assert_eq!(hub("refund", "{}"), "orderItems is missing.");
    let create = format!("{BASE}/merchant/public/create/?token={PUBLIC}");
    let answer = shop.request("POST", &create).body(r#"{"phone":79,"email":"a@b.c"}"#).send();
    assert_eq!(error(&answer, 400), "code is missing. password is missing. phone must be a string.");
}

/// The JSON pointers of all that is in a value, the value itself first.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), found));
        }
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements.for_each(|(place, value)| pointers(value, &format!("{at}/{place}"), found));
        }
        _ => {}
    }
}

#[test]
fn whatever_stands_in_a_body_is_taken_as_documented_or_refused_in_the_vendors_shape() {
    let shop = shop();
    let hub = |call: &str| format!("/fiscal_hub/cash_back/{call}/?login=111111&api_key={KEY}");
    let cashback = json!({"couponId": 1, "type": "percentage", "amount": 10, "validDays": 30});
    let mut order = sale("1", 10);
    (order["amount"], order["currency"], order["coupons"]) = (json!(1), json!("points"), json!([1]));
    order["order"]["amountCard"] = json!(9);
    order["order"]["customerEmail"] = json!("anna@example.com");
    order["order"]["items"][0]["discountType"] = json!("amount");
    order["order"]["items"][0]["discountValue"] = json!(1);
    let bodies = [
        (
            "POST",
            "/clients/1/balance/write_off/".to_owned(),
            json!({
                "balance": [{"amount": 1, "currency": "points"}], "coupons": [1]
            }),
        ),
        ("POST", "/fiscal/orders/".to_owned(), order.clone()),
        ("POST", "/fiscal/orders/".to_owned(), refund("2", &[json!(1)])),
        ("POST", "/fiscal/orders/create_test/".to_owned(), order["order"].clone()),
        (
            "PUT",
            "/loyalty/settings/".to_owned(),
            json!({
                "active": true, "currency": "points", "newCustomerSettings": cashback, "customerSettings": cashback
            }),
        ),
        ("PUT", "/loyalty/settings/contact_info/".to_owned(), json!({"company": "x", "phone": "+7"})),
        ("PUT", "/loyalty/settings/sale_points/".to_owned(), json!([{"id": 1, "city": "x"}, {"phone": "7"}])),
        (
            "POST",
            "/loyalty/coupons/".to_owned(),
            json!({
                "title": "x", "style": "theme_white", "validDays": 1, "validUntil": START_MS, "deleted": false
            }),
        ),
        (
            "POST",
            hub("hold"),
            json!({
                "clientId": 1, "currency": "points", "amount": 1, "couponIds": [2]
            }),
        ),
        ("POST", hub("hold/write_off"), json!({"transactionId": "x", "fiscalOrderId": 1})),
        ("POST", hub("refund"), json!({"orderItems": [1, 2]})),
    ];
    let values: Vec<Value> = [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "0.001",
        "1e308",
        "4294967296",
        "18446744073709551615",
        r#""""#,
        r#""x""#,
        r#""1""#,
        r#""\u0000\ud83d\ude00""#,
        "[]",
        "[null]",
        "[1,1]",
        "{}",
        r#"{"id":1}"#,
    ]
    .map(|text| serde_json::from_str(text).expect("JSON"))
    .into();
    for (method, path, body) in bodies {
        let mut places = Vec::new();
        pointers(&body, "", &mut places);
        for (place, value) in places.iter().flat_map(|place| values.iter().map(move |value| (place, value))) {
            let mut body = body.clone();
            *body.pointer_mut(place).expect("it is there") = value.clone();
            // A success is held against the contract: what it got must be good input there, too.
            let answer = shop.merchant().request(method, &path, Some(&body.to_string()));
            match answer.status {
                200 => {}
                400 | 404 => drop(error(&answer, answer.status)),
                _ => panic!("{body} at {place}: {answer}"),
            }
        }
    }
}
