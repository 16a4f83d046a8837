//! `discounts.*`.

use serde_json::{Value, json};

use super::shop::{MARIA, Shop, blames, refused, shop};

fn current(shop: &Shop) -> Value {
    shop.read(&format!("accounts/get_by_id?id={MARIA}")).ok()["discount"].clone()
}

#[test]
fn discounts_are_listed_with_a_percent_or_steps() {
    let shop = shop();
    assert_eq!(
        shop.read("discounts/list").ok(),
        json!([
            {"id": 1, "name": "Скидка 10 %", "source": "rkeeper", "kind": "discount", "percent": 10, "steps": null},
            {"id": 2, "name": "Бонусы 5 %", "source": "rkeeper", "kind": "bonus", "percent": 5, "steps": null},
            {"id": 3, "name": "Накопительная", "source": "composite", "kind": "bonus", "percent": null, "steps": [
                {"threshold": 0, "percent": 3}, {"threshold": 10000, "percent": 5},
                {"threshold": 50000, "percent": 10}]}
        ])
    );
}

#[test]
fn a_composite_discount_is_made_and_changed() {
    let shop = shop();
    let steps = json!([{"threshold": 1000.5, "percent": 7.25}, {"threshold": 0, "percent": 0}]);
    let made =
        shop.order("discounts/insert", json!({"name": "Лестница", "kind": "discount", "steps": steps}));
    let sorted = json!([{"threshold": 0, "percent": 0}, {"threshold": 1000.5, "percent": 7.25}]);
    assert_eq!(
        made.ok(),
        json!({"id": 4, "name": "Лестница", "source": "composite", "kind": "discount", "percent": null, "steps": sorted})
    );
    let made = shop
        .order("discounts/insert", json!({"name": "Всегда", "percent": 100, "kind": null, "steps": null}));
    assert_eq!(made.ok()["kind"], "bonus");
    let changed =
        shop.order("discounts/update", json!({"id": 4, "name": "Ровно", "percent": 1, "steps": null}));
    assert_eq!(
        changed.ok(),
        json!({"id": 4, "name": "Ровно", "source": "composite", "kind": "discount", "percent": 1, "steps": null})
    );
    let changed = shop.order("discounts/update", json!({"id": 4, "kind": "bonus"})).ok();
    assert_eq!((&changed["kind"], &changed["percent"]), (&json!("bonus"), &json!(1)));
}

#[test]
fn a_ladders_new_steps_hold_at_once() {
    let shop = shop();
    assert_eq!(
        current(&shop),
        json!({"id": 3, "name": "Накопительная", "kind": "bonus", "percent": 5, "step": 2})
    );
    let steps = json!([{"threshold": 30000, "percent": 4}]);
    shop.order("discounts/update", json!({"id": 3, "steps": steps})).ok();
    assert_eq!((&current(&shop)["percent"], &current(&shop)["step"]), (&json!(0), &json!(0)));
    shop.order("accounts/update", json!({"id": MARIA, "turnover": 30000})).ok();
    assert_eq!((&current(&shop)["percent"], &current(&shop)["step"]), (&json!(4), &json!(1)));
}

#[test]
fn what_is_no_rate_and_what_is_r_keepers_is_refused() {
    let shop = shop();
    let step = |threshold: i64| json!({"threshold": threshold, "percent": 1});
    let many: Vec<Value> = (0..101).map(step).collect();
    let too_many: Vec<Value> = (0..5_000).map(|_| json!({})).collect();
    for (rate, detail) in [
        (json!({"percent": 1, "steps": [step(0)]}), "Give percent or steps, not both"),
        (json!({"steps": []}), "Give percent or steps"),
        (json!({"steps": many}), "A ladder has 100 steps at most"),
        (json!({"steps": [step(10_000), step(10_000)]}), "The threshold 10000 is there twice"),
    ] {
        for (call, mut body) in [("insert", json!({"name": "x"})), ("update", json!({"id": 3}))] {
            body.as_object_mut().unwrap().extend(rate.as_object().unwrap().clone());
            refused(&shop.order(&format!("discounts/{call}"), body), 400, detail);
        }
    }
    refused(&shop.order("discounts/insert", json!({"name": "x"})), 400, "Give percent or steps");
    let under_zero = shop.order("discounts/insert", json!({"name": "x", "steps": [step(-1)]}));
    blames(&under_zero, &[("body.steps.0.threshold", "greater_than_equal")]);
    // Of a list that is far too long not every element is told of.
    let problems =
        shop.order("discounts/insert", json!({"name": "x", "steps": too_many})).with_status(422).json();
    assert_eq!(problems["detail"].as_array().unwrap().len(), 202);
    let answer = shop.order("discounts/update", json!({"id": 404}));
    refused(&answer, 404, "Discount with id 404 is not found");
    let answer = shop.order("discounts/update", json!({"id": 1, "percent": 11}));
    refused(&answer, 400, "Discount 1 comes from r_keeper and cannot be changed here");
}
