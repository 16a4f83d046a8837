//! Clients: listed by pattern, found by token.

use super::super::find::ClientsQuery;
use super::super::like::Like;
use super::super::page::Page;
use super::*;

#[test]
fn clients_are_listed_by_phone_and_email_with_percent_signs() {
    let mut shop = Shop::new();
    shop.books.add_client(client(7, "79120000000", "boris@test.ru"), shop.now).unwrap();
    shop.books.add_client(client(5, "8 (495) 111-22-33", "vera@mail.org"), shop.now).unwrap();
    for (phone, email, ids) in [
        (None, None, &[1, 5, 7][..]),
        (Some("7912%"), None, &[1, 7]),
        (Some("79123456789"), None, &[1]),
        (Some("+7 912 345 67 89"), None, &[1]),
        (Some("7912345678"), None, &[]),
        (Some("%"), None, &[1, 5, 7]),
        (None, Some("%@test.ru"), &[1, 7]),
        (None, Some("vera@mail.org"), &[5]),
        (None, Some("VERA@mail.org"), &[]),
        (None, Some("vera_mail.org"), &[]),
        (Some("7912%"), Some("b%"), &[7]),
        (Some("79123456789"), Some("b%"), &[]),
        (Some("7912%"), Some("anna@test.ru"), &[1]),
    ] {
        let (phone_like, email_like) = (phone.map(Like::of_phone), email.map(Like::new));
        let query = ClientsQuery { phone: phone_like, email: email_like, page: Page::default() };
        let found: Vec<u64> = shop.books.list_clients(&query).iter().map(|client| client.id.0).collect();
        assert_eq!(found, ids, "{phone:?} {email:?}");
    }
    for (offset, limit, ids) in
        [(0, Some(2), &[1, 5][..]), (1, None, &[5, 7]), (0, Some(0), &[]), (9, None, &[])]
    {
        let query = ClientsQuery { page: Page { offset, limit }, ..ClientsQuery::default() };
        let found: Vec<u64> = shop.books.list_clients(&query).iter().map(|client| client.id.0).collect();
        assert_eq!(found, ids, "{offset} {limit:?}");
    }
}

#[test]
fn a_client_is_found_by_its_token_and_a_number_is_no_token() {
    let mut shop = Shop::new();
    let numeric = NewClient { token: Some("12345".into()), ..client(2, "1", "b@b") };
    shop.books.add_client(numeric, shop.now).unwrap();
    assert_eq!(shop.books.client_by_token("anna-token").unwrap().id, ANNA);
    for token in ["12345", "1", "unknown", ""] {
        assert_eq!(shop.books.client_by_token(token).unwrap_err(), Refusal::ClientTokenNotFound, "{token}");
    }
}

#[test]
fn a_customer_is_found_by_phone_before_email_and_created_if_unknown() {
    let mut shop = Shop::new();
    shop.books.add_client(client(2, "", "boris@test.ru"), shop.now).unwrap();
    for (phone, email, id) in [
        (Some("79123456789"), Some("boris@test.ru"), Some(1)),
        (Some("7 900"), Some("boris@test.ru"), Some(2)),
        (Some("7 900"), None, Some(2)),
        // A phone that is there already stays.
        (Some("7 901"), Some("boris@test.ru"), Some(2)),
        (Some(""), Some("vera@test.ru"), Some(3)),
        (None, Some("vera@test.ru"), Some(3)),
        (Some(" "), Some(" "), None),
        (None, None, None),
    ] {
        let order = shop.sell(Ring { customer: Customer { phone, email }, ..RING });
        let customer = shop.books.order(order).unwrap().customer;
        assert_eq!(customer.map(|id| id.0), id, "{phone:?} {email:?}");
    }
    let boris = shop.books.client(ClientId(2)).unwrap();
    assert_eq!(&**boris.phone.as_ref().unwrap().as_given(), "7 900", "an empty phone is filled in");
    assert_eq!(shop.books.client(ClientId(3)).unwrap().token.len(), 32);
    shop.check();
}
