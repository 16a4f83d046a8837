//! A credential names its sandbox; what one sandbox knows no other does.

use serde_json::json;

use super::shop::{ANNA, BASE, KEY, PUBLIC, basic, error, shop};

#[test]
fn a_suffix_of_user_login_or_token_names_the_sandbox() {
    let shop = shop();
    shop.open_in("ci-7");
    let own = shop.user("merchant@example.com~ci-7", "secret");
    let write_off = json!({"balance": [{"amount": 100, "currency": "points"}]});
    let answer = own.post("/clients/1/balance/write_off/", &write_off);
    answer.is(200, "");
    assert_eq!(answer.header("x-stend-sandbox"), Some("ci-7"));
    assert_eq!(shop.available(ANNA)[0], 100, "the default one's");

    let hold = json!({"clientId": ANNA, "currency": "points", "amount": 1});
    for (login, available) in
        [("111111~ci-7", false), ("merchant@example.com%7Eci-7", false), ("111111", true)]
    {
        let path = format!("{BASE}/fiscal_hub/cash_back/hold/?login={login}&api_key={KEY}");
        assert_eq!(shop.post(&path, &hold).status == 200, available, "{login}");
    }
    let path = format!("{BASE}/merchant/public/exists/?email=merchant@example.com&token={PUBLIC}");
    let answer = shop.get(&format!("{path}~ci-7"));
    assert_eq!(
        (answer.ok()["exists"].clone(), answer.header("x-stend-sandbox")),
        (json!(true), Some("ci-7"))
    );
    let elsewhere = shop.get(&format!("{path}~ci-8"));
    assert_eq!(error(&elsewhere, 401), "The token is wrong.");
    assert_eq!(elsewhere.header("x-stend-sandbox"), Some("ci-8"));
}

#[test]
fn a_coupons_token_in_the_query_is_data_and_names_no_sandbox() {
    let shop = shop();
    let answer = shop.merchant().get("/clients/coupons/?type=linked&token=x~ci-7");
    error(&answer, 404);
    assert_eq!(answer.header("x-stend-sandbox"), Some("default"));
}

#[test]
fn a_picture_leads_back_to_its_sandbox_by_whatever_way_it_was_asked_for() {
    let shop = shop();
    shop.open_in("ci-7");
    let basic_user = basic("merchant@example.com", "secret");
    let upload = "--X\r\nContent-Disposition: form-data; name=\"logo\"\r\n\r\nlogo\r\n--X--\r\n";
    let url = |headers: &[(&str, &str)], prefix: &str, method: &str, path: &str, body: &str| {
        let mut socket = shop.socket();
        let headers: Vec<String> =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let headers = headers.concat();
        let head = format!(
            "{method} {prefix}{BASE}{path} HTTP/1.1\r\n{headers}content-type: multipart/form-data; boundary=X\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.send(head);
        let answer = socket.bare_answer().expect("an answer");
        assert_eq!(answer.status, 200, "{answer}");
        answer
    };
    let logo_path = |headers: &[(&str, &str)], prefix: &str| {
        let answer = url(headers, prefix, "GET", "/loyalty/settings/contact_info/", "");
        answer.json()["logoPath"].as_str().expect("a URL").to_owned()
    };
    let host = shop.authority().to_owned();
    let own = basic("merchant@example.com~ci-7", "secret");
    let by_suffix = [("host", "stend:6896"), ("authorization", own.as_str())];
    url(&by_suffix, "", "POST", "/loyalty/settings/contact_info/logo/", upload);
    assert!(logo_path(&by_suffix, "").starts_with("http://stend:6896/sandboxes/ci-7/ext/"));
    for (headers, prefix) in [
        (vec![("host", host.as_str()), ("authorization", basic_user.as_str())], "/sandboxes/ci-7"),
        (vec![("host", &host), ("authorization", &basic_user), ("x-stend-sandbox", "ci-7")], ""),
        (vec![("host", &host), ("authorization", &own)], ""),
    ] {
        let url = logo_path(&headers, prefix);
        let path = url.strip_prefix(&format!("http://{host}")).expect("the host that was asked");
        assert_eq!(shop.get(path).text(), "logo");
    }
    let in_a_host = [("host", "ci-7.localhost"), ("authorization", basic_user.as_str())];
    assert!(logo_path(&in_a_host, "").starts_with("http://ci-7.localhost/sandboxes/ci-7/ext/"));

    let by_default = [("host", host.as_str()), ("authorization", basic_user.as_str())];
    url(&by_default, "", "POST", "/loyalty/settings/contact_info/logo/", upload);
    assert!(logo_path(&by_default, "").starts_with(&format!("http://{host}/ext/")), "no prefix");
}

#[test]
fn the_same_calls_in_two_sandboxes_of_one_name_give_the_same_bytes() {
    let run = || {
        let shop = shop();
        let merchant = shop.merchant();
        merchant.sells("1", 10);
        let hold = shop.hub("hold", &json!({"clientId": ANNA, "currency": "points", "amount": 1}));
        [merchant.get("/fiscal/orders/").body, hold.body, merchant.get("/clients/1/coupons/").body]
    };
    assert_eq!(run(), run());
}
