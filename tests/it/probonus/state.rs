//! ProBonus's records through `/_stend/state`: patched, exported, put back; and their tokens with them.

use serde_json::{Value, json};

use super::shop::{ALEXEI, MARIA, Shop, shop};
use crate::harness::{Answer, Bench};

fn patch(shop: &Shop, records: &Value) -> Answer {
    shop.request("PATCH", "/_stend/state").json(&json!({"probonus": records})).send()
}

fn account(shop: &Shop, id: u64) -> Value {
    shop.read(&format!("accounts/get_by_id?id={id}")).ok()
}

fn references(list: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = list.as_array().expect("a list").iter();
    list.map(|reference| {
        assert_eq!(reference["api"], "probonus");
        (text(&reference["kind"]), text(&reference["id"]))
    })
    .collect()
}

#[test]
fn one_call_makes_a_test_account() {
    let shop = shop();
    let made = patch(
        &shop,
        &json!({"accounts": [{"firstName": "Анна", "phone": "8 916 000-00-09", "balance": 100}]}),
    );
    let made = made.ok();
    assert_eq!(made["changed"], json!([]));
    let [(kind, id)] = &references(&made["created"])[..] else { panic!("{made}") };
    assert_eq!(kind, "account");
    let found = shop.read("accounts/find_by_phone?phone=79160000009").ok();
    assert_eq!(found["id"].to_string(), *id);
    assert_eq!((&found["firstName"], &found["balance"]), (&json!("Анна"), &json!(100)));
}

#[test]
fn a_patch_brings_records_of_every_kind_and_names_each() {
    let shop = shop();
    let records = json!({
        "rules": {"token_ttl": "PT1M"},
        "apiKeys": ["second-key"],
        "users": [{"id": 50, "login": "second", "password": "222"}],
        "discounts": [{"id": 50, "name": "Лестница", "steps": [{"threshold": 0, "percent": 1}]}],
        "identifierTypes": [{"id": 50, "name": "Брелок"}],
        "accountGroups": [{"id": 50, "name": "Новые", "template": {"discountId": 50, "welcomeBonus": 10}}],
        "accounts": [{"id": 50, "accountGroupId": 50, "lastName": "Новая", "phone": "+79160000050",
            "identifiers": [{"typeId": 50, "value": "7"}], "lots": [{"amount": 30, "expiresIn": "P1D"}]}],
        "checks": [{"id": 50, "accountId": 50, "dishes": [{"name": "Борщ", "price": 300}]}]});
    let made = patch(&shop, &records).ok();
    let kinds = ["user", "discount", "identifierType", "accountGroup", "account", "check"];
    let created: Vec<(String, String)> = kinds.map(|kind| (kind.to_owned(), "50".to_owned())).to_vec();
    assert_eq!(references(&made["created"]), created);
    assert_eq!(made["changed"], json!([]));

    let pair = shop
        .with(&[("x-api-key", "second-key")])
        .post("auth/login", json!({"login": "second", "password": "222"}));
    assert_eq!(pair.ok()["expiresIn"], 60);
    assert_eq!(shop.read("checks/get_by_id?id=50").ok()["total"], 300);
    assert_eq!(shop.read("accounts/find_by_identifier?value=7").ok()["id"], 50);

    // The same once more changes nothing but what is relative to now.
    let again = patch(&shop, &records).ok();
    assert_eq!(again["created"], json!([]));
    assert!(references(&again["changed"]).iter().all(|(kind, _)| kind == "account"), "{again}");
}

#[test]
fn an_account_is_merged_and_a_changed_balance_is_an_adjustment() {
    let shop = shop();
    let before = account(&shop, MARIA);
    let changed = patch(&shop, &json!({"accounts": [{"id": MARIA, "comment": "VIP", "balance": 1200}]})).ok();
    assert_eq!(references(&changed["changed"]), [("account".to_owned(), MARIA.to_string())]);
    let mut wanted = before.clone();
    wanted["comment"] = json!("VIP");
    wanted["balance"] = json!(1200);
    assert_eq!(account(&shop, MARIA), wanted, "all else stays, the step of the ladder too");
    let view = shop.get(&format!("/_stend/accounts/probonus/{MARIA}")).ok();
    let entries = view["entries"].as_array().expect("a list");
    assert_eq!(entries.last().expect("entries")["kind"], "adjustment");
}

#[test]
fn an_answer_can_be_pasted_in() {
    let shop = shop();
    let (answer, check) = (account(&shop, MARIA), shop.read("checks/get_by_id?id=1").ok());
    let before = shop.get("/_stend/state").ok();
    let same = patch(&shop, &json!({"accounts": [answer], "checks": [check]})).ok();
    assert_eq!(shop.get("/_stend/state").ok(), before);
    assert_eq!(same, json!({"created": [], "changed": []}), "what is there already is not changed");

    // Into a shop that knows nothing: what the account names comes with it.
    let empty = Bench::with(&json!({"version": 1, "probonus": {"apiKeys": ["test-key"]}}));
    let mut alexei = account(&shop, ALEXEI);
    alexei["discount"] = Value::Null;
    let pasted = empty.request("PATCH", "/_stend/state").json(&json!({"probonus": {"accounts": [alexei]}}));
    pasted.send().ok();
    let found = empty.request("GET", &format!("/api/v0/accounts/get_by_id?id={ALEXEI}"));
    assert_eq!(found.header("x-api-key", "test-key").send().ok(), alexei);
}

#[test]
fn a_patch_with_mistakes_tells_all_of_them_and_changes_nothing() {
    let shop = shop();
    let before = shop.get("/_stend/state").ok();
    let answer = patch(
        &shop,
        &json!({
            "users": [{"login": "admin"}],
            "discounts": [{"steps": [{"threshold": 0, "percent": 1}, {"threshold": 0, "percent": 2}]}],
            "accountGroups": [{"name": "X", "template": {"discountId": 99}}],
            "accounts": [{"phone": "+79161234567"}, {"accountGroupId": 99}, {"balance": -1},
                {"identifiers": [{"typeId": 99, "value": "1"}]}],
            "checks": [{"accountId": 99}, {"id": 1, "bonusPaid": 77}]}),
    );
    answer.problem(400);
    let errors = answer.json()["errors"].clone();
    let pointers: Vec<&str> = errors
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| error["pointer"].as_str().expect("a text"))
        .collect();
    for wanted in [
        "/probonus/users/0/login",
        "/probonus/discounts/0/steps",
        "/probonus/accountGroups/0/template/discountId",
        "/probonus/accounts/0/phone",
        "/probonus/accounts/1/accountGroupId",
        "/probonus/accounts/2/balance",
        "/probonus/accounts/3/identifiers/0/typeId",
        "/probonus/checks/0/accountId",
        "/probonus/checks/1/bonusPaid",
    ] {
        assert!(pointers.contains(&wanted), "{wanted} is not in {pointers:?}");
    }
    assert_eq!(shop.get("/_stend/state").ok(), before);
}

#[test]
fn an_export_brings_everything_back_tokens_and_checks_too() {
    let shop = shop();
    let pair = shop.log_in();
    shop.order(
        "accounts/refill",
        json!({"accountId": ALEXEI, "amount": 50.5, "burnDays": 3, "comment": "сюрприз"}),
    )
    .ok();
    let sale = json!({"accountId": MARIA, "dishes": [{"name": "Борщ", "quantity": 1.5, "price": 400}], "bonusPaid": 200});
    let check = shop.post("/_stend/till/sales", &sale).json()["id"].clone();
    shop.advance("P2D");
    let exported = shop.get("/_stend/state").ok();

    let put = shop.in_sandbox("copy").request("PUT", "/_stend/state").json(&exported).send();
    put.ok();
    let copy = shop.in_sandbox("copy");
    assert_eq!(copy.get("/_stend/state").ok(), exported);
    // The check remembers from which lots it was paid: the return goes alike in both.
    for caller in [&*shop as &crate::harness::Caller, &copy] {
        caller.post("/_stend/till/refunds", &json!({"checkId": check})).ok();
    }
    let view = format!("/_stend/accounts/probonus/{MARIA}");
    assert_eq!(copy.get(&view).ok(), shop.get(&view).ok());
    // The refresh token still lives, here and there; each gives the same new pair.
    let refreshed = |guest: super::shop::Guest| {
        guest.post("auth/refresh_token", json!({"refreshToken": pair["refreshToken"]})).ok()["accessToken"]
            .clone()
    };
    let (here, there) = (refreshed(shop.nobody()), refreshed(shop.nobody().in_sandbox("copy")));
    let there = there.as_str().expect("a token");
    assert_eq!(here.as_str(), there.strip_suffix("~copy"));
}
