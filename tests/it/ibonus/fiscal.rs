//! `fiscal.auth`: who calls, with the merchant's credentials of the fiscal hub.

use super::shop::{KEY, shop};

#[test]
fn everybody_gets_the_merchants_key_and_login_and_employees_their_role() {
    let shop = shop();
    let tail = r#""inn":"123 123 123 321","lastName":"#;
    shop.merchant().get("/fiscal/auth/").is(
        200,
        &format!(
            r#"{{"accountType":"merchant","email":"merchant@example.com","firstName":"Мария","fiscalApiKey":"{KEY}","fiscalLogin":"79123456789",{tail}"Хозяйкина"}}"#
        ),
    );
    for (user, email, role) in [
        (shop.cashier(), "cashier@example.com", "cashier"),
        (shop.manager(), "manager@example.com", "manager"),
    ] {
        user.get("/fiscal/auth/").is(
            200,
            &format!(
                r#"{{"accountType":"employee","email":"{email}","firstName":"Кассир","fiscalApiKey":"{KEY}","fiscalLogin":"79123456789",{tail}"Кассиров","role":"{role}"}}"#
            ),
        );
    }
}
