//! `/_stend/till`: sales and returns of ProBonus, as a till rings them up.

use serde_json::{Value, json};

use crate::harness::{Answer, Bench, Caller};

/// The demo's Мария Соколова.
const MARIA: u64 = 1;

fn sale(caller: &Caller, body: &Value) -> Answer {
    caller.post("/_stend/till/sales", body)
}

fn refund(caller: &Caller, check: &Value) -> Answer {
    caller.post("/_stend/till/refunds", &json!({"checkId": check}))
}

fn account(caller: &Caller, id: u64) -> Value {
    caller.get(&format!("/_stend/accounts/probonus/{id}")).ok()
}

/// A shop of one guest with 100 points and a bonus of ten per cent.
fn shop(account: &Value) -> Bench {
    let mut guest =
        json!({"id": 1, "accountGroupId": 1, "phone": "+79160000001", "discountId": 1, "balance": 100});
    for (key, value) in account.as_object().expect("an object") {
        guest[key] = value.clone();
    }
    Bench::with(&json!({"version": 1, "probonus": {
        "accountGroups": [{"id": 1, "name": "Гости"}],
        "discounts": [
            {"id": 1, "name": "Бонусы", "source": "rkeeper", "kind": "bonus", "percent": 10},
            {"id": 2, "name": "Скидка", "source": "rkeeper", "kind": "discount", "percent": 20},
            {"id": 3, "name": "Лестница", "source": "composite", "kind": "bonus",
             "steps": [{"threshold": 0, "percent": 3}, {"threshold": 1000, "percent": 5}]}],
        "accounts": [guest]}}))
}

fn soup(price: u64) -> Value {
    json!([{"name": "Борщ", "quantity": 1, "price": price}])
}

#[test]
fn a_sale_takes_points_accrues_on_the_money_and_writes_its_check() {
    let bench = shop(&json!({}));
    let dishes = json!([{"name": "Борщ", "quantity": 2, "price": 350}, {"name": "Компот", "quantity": 1.5, "price": 200}]);
    let answer = sale(
        &bench,
        &json!({"accountId": 1, "dishes": dishes, "bonusPaid": 60, "restaurant": "Кафе", "cashier": "Ольга"}),
    );
    assert_eq!(answer.status, 201, "{answer}");
    let check = answer.json();
    assert_eq!(
        check,
        json!({"id": 1, "number": "1", "openedAt": "2026-01-01T03:00:00+03:00", "closedAt": "2026-01-01T03:00:00+03:00",
            "restaurant": "Кафе", "cashier": "Ольга", "accountId": 1, "total": 1000, "discountSum": 0,
            "bonusPaid": 60, "bonusAccrued": 94,
            "dishes": [{"name": "Борщ", "quantity": 2, "price": 350, "sum": 700},
                {"name": "Компот", "quantity": 1.5, "price": 200, "sum": 300}]})
    );
    assert_eq!(account(&bench, 1)["posted"], 134);
}

#[test]
fn a_discount_is_taken_off_and_accrues_nothing() {
    let bench = shop(&json!({"discountId": 2}));
    let check = sale(&bench, &json!({"phone": "8 916 000-00-01", "dishes": soup(500)})).json();
    assert_eq!([&check["total"], &check["discountSum"], &check["bonusAccrued"]], [500, 100, 0]);
    assert_eq!(account(&bench, 1)["posted"], 100);
}

#[test]
fn the_ladder_rises_with_the_turnover_and_a_return_leaves_its_step() {
    let bench = shop(&json!({"discountId": 3}));
    let first = sale(&bench, &json!({"accountId": 1, "dishes": soup(1000)})).json();
    assert_eq!(first["bonusAccrued"], 30, "the step of before the sale");
    let second = sale(&bench, &json!({"accountId": 1, "dishes": soup(1000)})).json();
    assert_eq!(second["bonusAccrued"], 50, "a step is reached when the turnover is at its threshold");
    for check in [&first, &second] {
        refund(&bench, &check["id"]).ok();
    }
    let third = sale(&bench, &json!({"accountId": 1, "dishes": soup(1000)})).json();
    assert_eq!(third["bonusAccrued"], 50, "the turnover is nothing again, the step stays");
}

#[test]
fn a_return_gives_the_points_paid_back_and_takes_the_accrued_ones() {
    let bench = shop(&json!({}));
    let check = sale(&bench, &json!({"accountId": 1, "dishes": soup(1000), "bonusPaid": 100})).json();
    assert_eq!(account(&bench, 1)["posted"], 90);
    assert_eq!(refund(&bench, &check["id"]).ok(), check);
    assert_eq!(account(&bench, 1)["posted"], 100);
    let again = refund(&bench, &check["id"]);
    again.problem(400);
    assert_eq!(again.json()["errors"][0]["pointer"], "/checkId");
}

#[test]
fn what_a_till_cannot_ring_up_is_refused_by_its_field_and_changes_nothing() {
    let bench = shop(&json!({}));
    let before = bench.get("/_stend/state").ok();
    for (body, status, pointer) in [
        (json!({"accountId": 1, "dishes": []}), 400, "/dishes"),
        (json!({"accountId": 1, "dishes": soup(10), "bonusPaid": 11}), 400, "/bonusPaid"),
        (json!({"accountId": 1, "dishes": soup(1000), "bonusPaid": 101}), 400, "/bonusPaid"),
        (json!({"accountId": 1, "dishes": soup(1000), "bonusPaid": -1}), 400, "/bonusPaid"),
        (
            json!({"accountId": 1, "dishes": [{"name": "Борщ", "quantity": 0, "price": 1}]}),
            400,
            "/dishes/0/quantity",
        ),
        (
            json!({"accountId": 1, "dishes": [{"name": "Борщ", "quantity": 1, "price": -1}]}),
            400,
            "/dishes/0/price",
        ),
        (json!({"accountId": 7, "dishes": soup(10)}), 404, "/accountId"),
        (json!({"phone": "+79160000009", "dishes": soup(10)}), 404, "/phone"),
        (json!({"dishes": soup(10)}), 400, ""),
        (json!({"accountId": 1, "phone": "+79160000001", "dishes": soup(10)}), 400, ""),
        (json!({"accountId": 1, "dishes": soup(10), "tip": 5}), 400, "/tip"),
        (json!({"accountId": "1", "dishes": soup(10)}), 400, "/accountId"),
        (
            json!({"accountId": 1, "dishes": [{"name": "Борщ", "quantity": 1.0001, "price": 1}]}),
            400,
            "/dishes/0/quantity",
        ),
        (json!({"accountId": 1, "dishes": vec![soup(1)[0].clone(); 1001]}), 400, "/dishes"),
    ] {
        let answer = sale(&bench, &body);
        answer.problem(status);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{answer}");
    }
    refund(&bench, &json!(99)).problem(404);
    assert_eq!(bench.get("/_stend/state").ok(), before);
}

#[test]
fn the_demo_has_a_guest_to_sell_to_and_a_check_to_take_back() {
    let bench = Bench::demo();
    let before = account(&bench, MARIA)["posted"].clone();
    let check = sale(&bench, &json!({"accountId": MARIA, "dishes": soup(1000)})).json();
    assert!(check["bonusAccrued"].as_f64() > Some(0.0), "{check}");
    refund(&bench, &check["id"]).ok();
    assert_eq!(account(&bench, MARIA)["posted"], before);
}

#[test]
fn sales_at_the_same_time_are_all_rung_up() {
    let bench = shop(&json!({"balance": 64}));
    std::thread::scope(|scope| {
        for _ in 0..64 {
            let caller = bench.clone();
            scope.spawn(move || {
                sale(&caller, &json!({"accountId": 1, "dishes": soup(10), "bonusPaid": 1})).json();
            });
        }
    });
    // One point less and nine tenths more, sixty-four times.
    assert_eq!(account(&bench, 1)["posted"], 57.6);
}
