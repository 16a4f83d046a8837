//! Who may call: HTTP Basic, the hub's key, the vendor's token; and what comes first.

use serde_json::json;

use super::shop::{ANNA, BASE, KEY, PUBLIC, basic, error, sale, shop};

/// Every call under Basic, each in a way that would go wrong in all other respects, too.
const UNDER_BASIC: [(&str, &str); 24] = [
    ("GET", "/clients/?limit=x"),
    ("GET", "/clients/coupons/"),
    ("GET", "/clients/nobody/"),
    ("GET", "/clients/99/coupons/"),
    ("GET", "/clients/99/balance/"),
    ("GET", "/clients/99/balance/history/?from=x"),
    ("POST", "/clients/99/balance/write_off/"),
    ("PUT", "/coupons/share/redeem/"),
    ("GET", "/fiscal/orders/?limit=x"),
    ("POST", "/fiscal/orders/"),
    ("POST", "/fiscal/orders/create_test/"),
    ("GET", "/fiscal/orders/99/items/"),
    ("GET", "/fiscal/auth/"),
    ("GET", "/loyalty/settings/"),
    ("PUT", "/loyalty/settings/"),
    ("GET", "/loyalty/settings/write_off/rules/"),
    ("PUT", "/loyalty/settings/contact_info/"),
    ("POST", "/loyalty/settings/contact_info/logo/"),
    ("DELETE", "/loyalty/settings/contact_info/logo/"),
    ("PUT", "/loyalty/settings/sale_points/"),
    ("POST", "/loyalty/coupons/"),
    ("GET", "/loyalty/coupons/99/"),
    ("PUT", "/loyalty/coupons/99/"),
    ("POST", "/loyalty/coupons/99/image/"),
];

#[test]
fn credentials_come_before_everything_else_and_are_asked_for_by_name() {
    let shop = shop();
    for (method, path) in UNDER_BASIC {
        let path = format!("{BASE}{path}");
        let answer = shop.request(method, &path).body("{").send();
        let message = error(&answer, 401);
        assert_eq!(message, "Login and password are missing: send them by HTTP Basic.", "{method} {path}");
        assert_eq!(answer.header("www-authenticate"), Some(r#"Basic realm="i-bonus.me""#));
        for authorization in [
            basic("merchant@example.com", "wrong"),
            basic("nobody", "secret"),
            basic("", ""),
            basic("merchant@example.com~ci-7:", "secret"),
        ] {
            let answer = shop.request(method, &path).header("authorization", &authorization).body("{").send();
            assert_eq!(error(&answer, 401), "Login or password is wrong.", "{method} {path}");
        }
    }
}

#[test]
fn what_is_no_basic_is_told_so() {
    let shop = shop();
    let path = format!("{BASE}/clients/");
    for authorization in ["Basic", "Basic !!!", "Basic YQ==", "Digest x", "Basic /w==", ""] {
        let answer = shop.request("GET", &path).header("authorization", authorization).send();
        let message = error(&answer, 401);
        assert!(message.starts_with("The header Authorization holds no login"), "{authorization}: {message}");
    }
}

#[test]
fn users_log_in_by_e_mail_phone_or_login() {
    let shop = shop();
    for (login, password, is_let_in) in [
        ("merchant@example.com", "secret", true),
        ("79000000001", "secret", true),
        ("+7 (900) 000-00-01", "secret", true),
        ("cashier@example.com", "till", true),
        ("111111", "till", true),
        ("79000000002", "till", true),
        ("111111", "secret", false),
        ("Мария", "secret", false),
        // The fiscal hub's, not Basic's.
        ("79123456789", "secret", false),
    ] {
        let status = shop.user(login, password).get("/fiscal/auth/").status;
        assert_eq!(status == 200, is_let_in, "{login}");
    }
}

#[test]
fn after_the_credentials_comes_the_input_and_then_the_rules() {
    let shop = shop();
    let merchant = shop.merchant();
    let path = "/clients/99/balance/write_off/";
    let bad = merchant.request("POST", path, Some(r#"{"balance":5}"#));
    assert_eq!(error(&bad, 400), "balance must be an array.");
    let unknown = merchant.post(path, &json!({"balance": [{"amount": 1, "currency": "euros"}]}));
    assert_eq!(error(&unknown, 400), "Currency \"euros\" is unknown.");
    error(&merchant.post(path, &json!({})), 404);
}

#[test]
fn the_hub_takes_login_and_key_from_the_query_and_needs_no_basic() {
    let shop = shop();
    let call = |query: &str| {
        let path = format!("{BASE}/fiscal_hub/cash_back/hold/{query}");
        shop.post(&path, &json!({"clientId": ANNA, "currency": "points", "amount": 1}))
    };
    for (login, key) in [
        ("merchant@example.com", KEY),
        ("79000000001", KEY),
        ("%2B7(900)000-00-01", KEY),
        ("79123456789", KEY),
        ("cashier@example.com", KEY),
        ("111111", KEY),
        ("manager@example.com", KEY),
        ("manager@example.com", "manager-key"),
    ] {
        call(&format!("?login={login}&api_key={key}")).ok();
    }
    for query in [
        "?login=cashier@example.com&api_key=manager-key",
        "?login=merchant@example.com&api_key=wrong",
        "?login=nobody&api_key=manager-key",
        "?login=&api_key=",
    ] {
        let answer = call(query);
        assert_eq!(error(&answer, 401), "login or api_key is wrong.", "{query}");
        assert!(answer.header("www-authenticate").is_some_and(|scheme| scheme.starts_with("Basic ")));
    }
    for query in ["", "?login=merchant@example.com", &format!("?api_key={KEY}")] {
        let message = error(&call(query), 401);
        assert_eq!(message, "login or api_key is missing: both stand in the query.");
    }
    // Basic is not looked at, and does not help.
    let path = format!("{BASE}/fiscal_hub/cash_back/refund/");
    let basic = basic("merchant@example.com", "secret");
    error(&shop.request("POST", &path).header("authorization", &basic).body("{").send(), 401);
}

#[test]
fn the_vendors_token_comes_before_what_it_is_sent_with() {
    let shop = shop();
    for (method, call) in [
        ("GET", "exists"),
        ("POST", "send_code"),
        ("POST", "create"),
        ("POST", "send_auth_code"),
        ("POST", "auth_via_code"),
    ] {
        let path = format!("{BASE}/merchant/public/{call}/");
        let send = |query: &str| shop.request(method, &format!("{path}{query}")).body("{").send();
        assert_eq!(error(&send(""), 401), "token is missing: it stands in the query.");
        let wrong = send("?token=wrong");
        assert_eq!(error(&wrong, 401), "The token is wrong.");
        assert!(wrong.header("www-authenticate").is_some());
    }
    shop.books(|books, _| books.set_public_token(None));
    let closed = shop.get(&format!("{BASE}/merchant/public/exists/?token={PUBLIC}"));
    assert_eq!(error(&closed, 401), "The token is wrong.");
}

#[test]
fn an_employee_sees_its_own_orders_and_the_merchant_sees_all() {
    let shop = shop();
    let users = [shop.merchant(), shop.cashier(), shop.manager()];
    for (number, user) in users.iter().enumerate() {
        user.post("/fiscal/orders/", &sale(&number.to_string(), 10)).is(200, "");
    }
    let [merchant, cashier, manager] = &users;
    let seen = |user: &super::shop::User| {
        let orders = user.get("/fiscal/orders/").ok();
        let orders = orders.as_array().unwrap().iter();
        orders.map(|order| order["externalOrderNumber"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen(merchant), ["2", "1", "0"]);
    assert_eq!((seen(cashier), seen(manager)), (vec!["1".to_owned()], vec!["2".to_owned()]));
    let cashiers = cashier.newest()["id"].clone();
    let path = format!("/fiscal/orders/{cashiers}/items/");
    merchant.get(&path).ok();
    cashier.get(&path).ok();
    assert_eq!(error(&manager.get(&path), 404), format!("Order with id={cashiers} is not found."));
}
