//! Users: logging in, the hub's credentials, registration.

use super::super::registration::Registration;
use super::*;

#[test]
fn users_log_in_with_email_phone_or_login() {
    let shop = Shop::new();
    for (login, password, user) in [
        ("merchant@example.com", "secret", Some(MERCHANT)),
        ("79990000000", "secret", Some(MERCHANT)),
        ("+7 (999) 000-00-00", "secret", Some(MERCHANT)),
        ("923217", "till", Some(CASHIER)),
        ("cashier@example.com", "till", Some(CASHIER)),
        ("merchant@example.com", "till", None),
        ("fiscal", "secret", None),
        ("", "", None),
    ] {
        assert_eq!(shop.books.log_in(login, password), user, "{login}");
    }
}

#[test]
fn the_hub_wants_a_users_login_and_the_merchants_key() {
    let mut shop = Shop::new();
    let own_key = Employee {
        person: Person { email: Some("own@example.com".into()), ..Person::default() },
        login: None,
        fiscal_api_key: Some("own".into()),
        ..cashier()
    };
    shop.books.add_employee(own_key).unwrap();
    let own = UserId::Employee(EmployeeId(2));
    for (login, key, user) in [
        ("merchant@example.com", "key", Some(MERCHANT)),
        ("79990000000", "key", Some(MERCHANT)),
        ("fiscal", "key", Some(MERCHANT)),
        ("cashier@example.com", "key", Some(CASHIER)),
        ("923217", "key", Some(CASHIER)),
        ("own@example.com", "key", Some(own)),
        ("own@example.com", "own", Some(own)),
        ("cashier@example.com", "own", None),
        ("merchant@example.com", "secret", None),
        ("nobody", "key", None),
    ] {
        assert_eq!(shop.books.log_in_to_hub(login, key), user, "{login} {key}");
    }
    let auth = shop.books.fiscal_auth(own).unwrap();
    assert_eq!((auth.api_key, auth.login, auth.role), ("key", "fiscal", Some(Role::Cashier)));
    assert_eq!(shop.books.fiscal_auth(MERCHANT).unwrap().role, None);
}

#[test]
fn a_merchant_registers_with_the_code_it_was_sent() {
    let mut shop = Shop::new();
    let contact = Customer { phone: Some("+7 (123) 123-23-32"), email: Some("new@example.com") };
    shop.refuses(&Refusal::WrongPublicToken, |shop| shop.books.send_code("token", contact));
    shop.books.set_public_token(Some("token"));
    shop.refuses(&Refusal::WrongPublicToken, |shop| shop.books.send_code("other", contact));
    shop.refuses(&Refusal::AddressMissing, |it| it.books.send_code("token", Customer::default()));

    let code = shop.books.send_code("token", contact).unwrap();
    let order = Registration { contact, code: &code, password: "word", ..Registration::default() };
    let by_phone = Registration { contact: Customer { email: None, ..contact }, ..order };
    let taken = Customer { email: Some("new@example.com"), phone: Some("79990000000") };
    for (order, refusal) in [
        (Registration { password: "", ..order }, Refusal::PasswordMissing),
        (Registration { code: "12345", ..order }, Refusal::WrongCode),
        // With both addresses given the code went to the e-mail.
        (by_phone, Refusal::WrongCode),
        (Registration { contact: taken, ..order }, Refusal::MerchantExists),
    ] {
        shop.refuses(&refusal, |shop| shop.books.create_merchant("token", &order));
    }
    assert!(!shop.books.merchant_exists("token", contact).unwrap().exists);
    let user = shop.books.create_merchant("token", &order).unwrap();
    assert_eq!(shop.books.log_in("new@example.com", "word"), Some(user));
    assert_eq!(shop.books.log_in("71231232332", "word"), Some(user));
    let exists = shop.books.merchant_exists("token", contact).unwrap();
    assert!(exists.exists && exists.has_loyalty_settings);
    shop.refuses(&Refusal::UsedCode, |shop| shop.books.create_merchant("token", &order));
    assert_eq!(shop.books.fiscal_auth(CASHIER).unwrap().api_key, "key", "employees stay the first one's");
}

#[test]
fn a_merchant_authorises_itself_with_a_code_once() {
    let mut shop = Shop::new();
    shop.books.set_public_token(Some("token"));
    let contact = Customer { phone: Some("79990000000"), email: None };
    let unknown = Customer { phone: Some("1"), email: None };
    shop.refuses(&Refusal::MerchantNotFound, |shop| shop.books.send_auth_code("token", unknown));
    let code = shop.books.send_auth_code("token", contact).unwrap();
    shop.refuses(&Refusal::WrongCode, |shop| shop.books.auth_via_code("token", unknown, &code));
    assert_eq!(shop.books.auth_via_code("token", contact, &code), Ok(Arc::clone(&code)));
    shop.refuses(&Refusal::UsedCode, |shop| shop.books.auth_via_code("token", contact, &code));
}
