//! The vendor's page of typical scenarios, bullet by bullet, with the demo's data.

use serde_json::{Value, json};

use crate::harness::{Answer, Bench};

/// An application of a restaurant, with its permanent token.
struct Application(Bench);

impl Application {
    fn of_a_restaurant() -> Application {
        Application(Bench::demo())
    }

    #[track_caller]
    fn call(&self, path: &str, body: &Value) -> Answer {
        self.0.request("POST", path).header("X-API-Key", "test-key").json(body).send()
    }

    #[track_caller]
    fn read(&self, path: &str) -> Value {
        self.0.request("GET", path).header("X-API-Key", "test-key").send().ok()
    }

    fn maria(&self) -> Value {
        self.call("/api/v0/accounts/find_by_phone", &json!({"phone": "+79161234567"})).ok()
    }
}

#[test]
fn authorisation_1_a_bearer_token_from_login_and_its_renewal() {
    let bench = Bench::demo();
    let pair = bench.post("/api/v0/auth/login", &json!({"login": "admin", "password": "111"})).ok();
    let with = |token: &Value| format!("Bearer {}", token.as_str().expect("a token is a text"));
    let groups = |token: &Value| {
        bench.request("GET", "/api/v0/account_groups/list").header("Authorization", &with(token)).send()
    };
    groups(&pair["accessToken"]).ok();

    bench.advance("PT30M");
    groups(&pair["accessToken"]).with_status(401);
    let renewal = bench.request("POST", "/api/v0/auth/refresh_token");
    let renewed = renewal.header("Authorization", &with(&pair["accessToken"])).send().ok();
    groups(&renewed["accessToken"]).ok();
}

#[test]
fn authorisation_2_a_permanent_token_in_the_headers() {
    let application = Application::of_a_restaurant();
    for _ in 0..2 {
        application.read("/api/v0/account_groups/list");
        application.0.advance("P365D");
    }
}

#[test]
fn profile_1_the_phone_is_what_a_guest_is_known_by() {
    let application = Application::of_a_restaurant();
    for spelling in ["+79161234567", "79161234567", "8 (916) 123-45-67", "9161234567"] {
        let found = application.call("/api/v0/accounts/find_by_phone", &json!({"phone": spelling})).ok();
        assert_eq!(found["id"], 1, "{spelling}");
    }
    let again = json!({"accountId": 3, "lastName": "Соколова", "phone": "8 916 123 45 67"});
    application.call("/api/v0/accounts/insert_by_template", &again).with_status(409);
}

#[test]
fn profile_2_a_new_guest_is_opened_by_the_template_of_the_group_for_the_api() {
    let application = Application::of_a_restaurant();
    let groups = application.read("/api/v0/account_groups/list");
    let group = groups.as_array().unwrap().iter().find(|group| group["haveTemplate"] == true);
    let group = group.expect("the demo has a group for the API");
    assert_eq!((&group["id"], &group["name"]), (&json!(3), &json!("Самостоятельно зарегистрировавшиеся")));

    // At the least profile and phone.
    let guest = json!({"accountId": group["id"], "lastName": "Волков", "firstName": "Игорь", "phone": "+79167654321"});
    let account = application.call("/api/v0/accounts/insert_by_template", &guest).ok();
    let template = &group["template"];
    assert_eq!(account["accountGroupId"], group["id"]);
    assert_eq!(account["discount"]["id"], template["discountId"], "the level");
    assert_eq!(account["balance"], template["welcomeBonus"], "the welcome bonus");
    assert_eq!(account["burning"], template["burning"], "the burning");

    // E-mail and further identifiers if wanted.
    let guest = json!({
        "accountId": group["id"], "firstName": "Анна", "phone": "+79031112233", "email": "anna@example.com",
        "identifiers": [{"typeId": 1, "value": "10000042"}]
    });
    let account = application.call("/api/v0/accounts/insert_by_template", &guest).ok();
    assert_eq!(
        (&account["email"], &account["identifiers"][0]["value"]),
        (&json!("anna@example.com"), &json!("10000042"))
    );

    // Important: the group needs a template for the API.
    let guest = json!({"accountId": 1, "firstName": "Пётр", "phone": "+79030000000"});
    application.call("/api/v0/accounts/insert_by_template", &guest).with_status(400);
}

#[test]
fn profile_3_whether_a_guest_is_there_and_nearly_all_there_is_about_it() {
    let application = Application::of_a_restaurant();
    let maria = application.maria();
    assert_eq!(
        (&maria["lastName"], &maria["firstName"]),
        (&json!("Соколова"), &json!("Мария")),
        "the profile"
    );
    assert!(maria["balance"].as_f64().is_some_and(|balance| balance > 0.0), "the current balance");
    assert!(maria["discount"]["percent"].is_number(), "the current level");
    assert_eq!(maria["coupons"][0]["name"], "Десерт в подарок", "the coupons");
    application.call("/api/v0/accounts/find_by_phone", &json!({"phone": "+79167654321"})).with_status(404);
}

#[test]
fn further_1_points_for_a_guest_on_the_applications_own_account() {
    let application = Application::of_a_restaurant();
    let before = application.maria()["balance"].as_f64().expect("a number");
    let order = json!({"phone": "+79161234567", "amount": 50, "comment": "За отзыв в приложении"});
    let answer = application.call("/api/v0/accounts/refill", &order).ok();
    assert_eq!(answer["balance"], before + 50.0);
    assert_eq!(application.maria()["balance"], answer["balance"]);
}

#[test]
fn further_2_the_transactions_of_a_period_and_the_last_ones() {
    let application = Application::of_a_restaurant();
    for amount in [10, 20, 30] {
        application.call("/api/v0/accounts/refill", &json!({"accountId": 1, "amount": amount})).ok();
        application.0.advance("PT6H");
    }
    let amounts = |query: &str| -> Vec<Value> {
        let list = application.read(&format!("/api/v0/accounts/transactions?accountId=1&{query}"));
        list.as_array().unwrap().iter().map(|transaction| transaction["amount"].clone()).collect()
    };
    assert_eq!(amounts("dateFrom=2026-01-01&dateTo=2026-01-01"), [30, 20, 10]);
    assert_eq!(amounts("dateFrom=2026-01-01T09:00:00&dateTo=2026-01-01T15:00:00"), [30, 20]);
    assert_eq!(amounts("count=2"), [30, 20]);
}

#[test]
fn further_3_profile_discount_and_the_life_of_points_are_changed() {
    let application = Application::of_a_restaurant();
    let before = application.maria();
    let order = json!({"id": 1, "lastName": "Волкова", "discountId": 1, "burning": {"days": 30}});
    let after = application.call("/api/v0/accounts/update", &order).ok();
    assert_eq!((&after["lastName"], &after["burning"]), (&json!("Волкова"), &json!({"days": 30})));
    assert_eq!((&after["discount"]["kind"], &after["discount"]["percent"]), (&json!("discount"), &json!(10)));
    assert_eq!(
        (&after["firstName"], &after["balance"]),
        (&before["firstName"], &before["balance"]),
        "the rest stays"
    );
}

#[test]
fn further_4_a_guests_check_down_to_its_dishes() {
    let application = Application::of_a_restaurant();
    let check = application.read("/api/v0/checks/get_by_id?id=1");
    assert_eq!(check["accountId"], 1);
    let dishes = check["dishes"].as_array().expect("a list");
    let sum: f64 = dishes.iter().map(|dish| dish["sum"].as_f64().expect("a number")).sum();
    assert_eq!(check["total"], sum);
    assert!(dishes.iter().all(|dish| dish["name"].is_string()));
}

#[test]
fn further_5_when_and_how_much_will_burn() {
    let application = Application::of_a_restaurant();
    let balance = application.read("/api/v0/accounts/get_balance_extended?accountId=1");
    let soon = &balance["burning"][0];
    assert_eq!((&soon["amount"], &soon["daysLeft"]), (&json!(150), &json!(1)));
    application.0.advance("P1D");
    let left = application.read("/api/v0/accounts/get_balance_extended?accountId=1");
    let number = |value: &Value| value.as_f64().expect("a number");
    assert!((number(&balance["balance"]) - number(&left["balance"]) - 150.0).abs() < 0.001, "{left}");
}
