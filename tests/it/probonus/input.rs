//! Every kind of bad field, with pydantic's words for it to the letter; and what is read all the same.

use serde_json::{Value, json};

use super::shop::{Shop, encoded, shop, wrong};

/// What is wrong with one field of a body, in an order that is right but for it.
fn of_body(shop: &Shop, call: &str, order: &Value, field: &str, given: &str) -> Value {
    let mut rest: Vec<String> = Vec::new();
    for (name, value) in order.as_object().expect("an order is an object") {
        if name != field {
            rest.push(format!("\"{name}\":{value}"));
        }
    }
    rest.push(format!("\"{field}\":{given}"));
    let body = format!("{{{}}}", rest.join(","));
    let answer = shop.by_key().loosely("POST", call, &body);
    let mut problems = wrong(&answer);
    let problem = problems[0].take();
    assert_eq!(problems.as_array().map(Vec::len), Some(1), "{answer}");
    let input: Value = serde_json::from_str(given).expect("JSON");
    assert_eq!((&problem["loc"], &problem["input"]), (&json!(["body", field]), &input), "{answer}");
    problem
}

/// The same of a query.
fn of_query(shop: &Shop, call: &str, field: &str, given: &str) -> Value {
    let answer = shop.read(&format!("{call}{field}={}", encoded(given)));
    let mut problems = wrong(&answer);
    let problem = problems[0].take();
    assert_eq!(problems.as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!((&problem["loc"], &problem["input"]), (&json!(["query", field]), &json!(given)), "{answer}");
    problem
}

fn is(problem: &Value, kind: &str, message: &str, context: &Value) {
    let found = (&problem["type"], &problem["msg"], &problem["ctx"]);
    assert_eq!(found, (&json!(kind), &json!(message), context));
    assert_eq!(problem.get("ctx").is_some(), !context.is_null());
}

const NO_INTEGER: (&str, &str) = ("int_type", "Input should be a valid integer");
const UNPARSABLE_INTEGER: (&str, &str) =
    ("int_parsing", "Input should be a valid integer, unable to parse string as an integer");
const FRACTION: (&str, &str) =
    ("int_from_float", "Input should be a valid integer, got a number with a fractional part");
const HUGE: (&str, &str) =
    ("int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size");

#[test]
fn an_integer_is_read_as_pydantic_does() {
    let shop = shop();
    let order = json!({"accountId": 1});
    for (given, (kind, message)) in [
        ("null", NO_INTEGER),
        ("[]", NO_INTEGER),
        ("{}", NO_INTEGER),
        ("3.5", FRACTION),
        ("-3.7", FRACTION),
        ("1e-5", FRACTION),
        ("1e20", HUGE),
        ("\"3.5\"", UNPARSABLE_INTEGER),
        ("\"x\"", UNPARSABLE_INTEGER),
        ("\"\"", UNPARSABLE_INTEGER),
        ("\"1__0\"", UNPARSABLE_INTEGER),
        ("\"_1\"", UNPARSABLE_INTEGER),
        ("\"1e2\"", UNPARSABLE_INTEGER),
        ("\"0x10\"", UNPARSABLE_INTEGER),
        ("\"٣\"", UNPARSABLE_INTEGER),
        ("\"3.\"", UNPARSABLE_INTEGER),
        ("\".0\"", UNPARSABLE_INTEGER),
        ("\"-\"", UNPARSABLE_INTEGER),
        ("\"+ 3\"", UNPARSABLE_INTEGER),
    ] {
        is(&of_body(&shop, "accounts/get_balance", &order, "accountId", given), kind, message, &Value::Null);
    }
    for given in ["x", "", "3.5", "1e2", " ", "null", "true", "[]"] {
        let problem = of_query(&shop, "accounts/get_balance?", "accountId", given);
        is(&problem, UNPARSABLE_INTEGER.0, UNPARSABLE_INTEGER.1, &Value::Null);
    }
    for given in
        ["1", "1.0", "1e0", "true", "\"1\"", "\" 1 \"", "\"+1\"", "\"1.0\"", "\"0_1\"", "\"\\n01.000\""]
    {
        let body = format!("{{\"accountId\":{given}}}");
        let answer = shop.by_key().loosely("POST", "accounts/get_balance", &body);
        assert_eq!(answer.ok()["accountId"], 1, "{given}");
    }
    let answer =
        shop.by_key().loosely("POST", "accounts/get_balance", r#"{"accountId":12345678901234567890123}"#);
    assert_eq!(answer.status, 404, "{answer}");
    assert_eq!(shop.read("accounts/get_balance?accountId=+1").ok()["accountId"], 1);
}

#[test]
fn points_are_more_than_nothing() {
    let shop = shop();
    let more_than_0 = ("greater_than", "Input should be greater than 0", json!({"gt": 0}));
    for call in ["accounts/refill", "accounts/withdraw"] {
        for given in ["0", "-5", "-0.01", "-1e15", "\"-5\""] {
            let answer = of_body(&shop, call, &json!({"accountId": 1, "amount": 1}), "amount", given);
            is(&answer, more_than_0.0, more_than_0.1, &more_than_0.2);
        }
    }
}

#[test]
fn an_integer_keeps_to_its_bounds() {
    let shop = shop();
    let order = json!({"accountId": 1, "amount": 1});
    let more_than = ("greater_than", "Input should be greater than 0", json!({"gt": 0}));
    let at_least = ("greater_than_equal", "Input should be greater than or equal to 0", json!({"ge": 0}));
    let at_most = (
        "less_than_equal",
        "Input should be less than or equal to 4294967295",
        json!({"le": 4_294_967_295_u32}),
    );
    for (given, (kind, message, context)) in
        [("0", &more_than), ("\"-1\"", &more_than), ("-1e18", &more_than), ("4294967296", &at_most)]
    {
        is(&of_body(&shop, "accounts/refill", &order, "burnDays", given), kind, message, context);
    }
    for (call, field) in [
        ("accounts/list?", "offset"),
        ("accounts/list?", "limit"),
        ("accounts/transactions?accountId=1&", "count"),
    ] {
        is(&of_query(&shop, call, field, "-1"), at_least.0, at_least.1, &at_least.2);
    }
    let days = json!({"id": 1, "burning": {"days": -1}});
    let problems = wrong(&shop.order("accounts/update", days));
    assert_eq!(problems[0]["loc"], json!(["body", "burning", "days"]));
    // As many as anybody could ask for.
    let all = shop.read("accounts/list?limit=99999999999999999999").ok();
    assert_eq!(all.as_array().unwrap().len(), 4);
}

#[test]
fn a_sum_is_read_by_its_digits() {
    let shop = shop();
    let order = json!({"accountId": 1, "amount": 1});
    let no_decimal =
        ("decimal_type", "Decimal input should be an integer, float, string or Decimal object", Value::Null);
    let unparsable = ("decimal_parsing", "Input should be a valid decimal", Value::Null);
    let not_finite = ("finite_number", "Input should be a finite number", Value::Null);
    let too_precise = (
        "decimal_max_places",
        "Decimal input should have no more than 2 decimal places",
        json!({"decimal_places": 2}),
    );
    let too_large = (
        "less_than_equal",
        "Input should be less than or equal to 1000000000000",
        json!({"le": 1_000_000_000_000_i64}),
    );
    for (given, (kind, message, context)) in [
        ("null", &no_decimal),
        ("true", &no_decimal),
        ("[]", &no_decimal),
        ("{}", &no_decimal),
        ("\"x\"", &unparsable),
        ("\"\"", &unparsable),
        ("\"1,5\"", &unparsable),
        ("\".\"", &unparsable),
        ("\"- 5\"", &unparsable),
        ("\"NaN\"", &not_finite),
        ("\"-Infinity\"", &not_finite),
        ("1.005", &too_precise),
        ("\"1.005\"", &too_precise),
        ("1e-5", &too_precise),
        ("0.001", &too_precise),
        ("1000000000001", &too_large),
        ("1000000000000.01", &too_large),
        ("1e13", &too_large),
        ("\"1e999999999\"", &too_large),
    ] {
        is(&of_body(&shop, "accounts/refill", &order, "amount", given), kind, message, context);
    }
    let mut sum = 1000.5;
    for (given, worth) in [
        ("1", 1.0),
        ("1.50", 1.5),
        ("100.000", 100.0),
        ("1e2", 100.0),
        ("0.1", 0.1),
        ("\"1.500\"", 1.5),
        ("\" 5 \"", 5.0),
        ("\"1_0\"", 10.0),
        ("\"+5\"", 5.0),
        ("\"5.\"", 5.0),
        ("\".5\"", 0.5),
        ("\"1e-1\"", 0.1),
    ] {
        let body = format!("{{\"accountId\":1,\"amount\":{given}}}");
        sum += worth;
        let answer = shop.by_key().loosely("POST", "accounts/refill", &body).ok();
        let balance = answer["balance"].as_f64().expect("a number");
        assert!((balance - sum).abs() < 0.001, "{given}: {balance}, not {sum}");
    }
}

#[test]
fn a_percent_is_between_none_and_all() {
    let shop = shop();
    let order = json!({"name": "x", "percent": 1});
    for (given, kind, message, context) in [
        ("-1", "greater_than_equal", "Input should be greater than or equal to 0", json!({"ge": 0})),
        ("-1e20", "greater_than_equal", "Input should be greater than or equal to 0", json!({"ge": 0})),
        ("100.01", "less_than_equal", "Input should be less than or equal to 100", json!({"le": 100})),
        ("1e20", "less_than_equal", "Input should be less than or equal to 100", json!({"le": 100})),
        (
            "100.001",
            "decimal_max_places",
            "Decimal input should have no more than 2 decimal places",
            json!({"decimal_places": 2}),
        ),
        ("\"x\"", "decimal_parsing", "Input should be a valid decimal", Value::Null),
    ] {
        is(&of_body(&shop, "discounts/insert", &order, "percent", given), kind, message, &context);
    }
}

#[test]
fn a_boolean_is_read_as_pydantic_does() {
    let shop = shop();
    let order = json!({"id": 1});
    let no_boolean = ("bool_type", "Input should be a valid boolean");
    let unparsable = ("bool_parsing", "Input should be a valid boolean, unable to interpret input");
    for (given, (kind, message)) in [
        ("null", no_boolean),
        ("0.5", no_boolean),
        ("[]", no_boolean),
        ("{}", no_boolean),
        ("2", unparsable),
        ("-1", unparsable),
        ("\"maybe\"", unparsable),
        ("\"\"", unparsable),
        ("\" true \"", unparsable),
        ("\"2\"", unparsable),
        ("\"1.0\"", unparsable),
    ] {
        is(&of_body(&shop, "accounts/update", &order, "isActive", given), kind, message, &Value::Null);
    }
    for (texts, meant) in [
        (["true", "1", "1.0", "\"true\"", "\"YES\"", "\"1\"", "\"t\"", "\"oN\"", "\"y\""], true),
        (["false", "0", "0.0", "\"false\"", "\"NO\"", "\"0\"", "\"f\"", "\"oFF\"", "\"n\""], false),
    ] {
        for given in texts {
            let body = format!("{{\"id\":1,\"isActive\":{given}}}");
            let answer = shop.by_key().loosely("POST", "accounts/update", &body);
            assert_eq!(answer.ok()["isActive"], meant, "{given}");
        }
    }
}

#[test]
fn a_text_is_a_text() {
    let shop = shop();
    let order = json!({"phone": "79161234567"});
    for given in ["null", "79161234567", "true", "[]", "{}"] {
        let problem = of_body(&shop, "accounts/find_by_phone", &order, "phone", given);
        is(&problem, "string_type", "Input should be a valid string", &Value::Null);
    }
    let order = json!({"id": 1});
    let identifier = r#"[{"typeId":1,"value":""}]"#;
    let body = format!("{{\"id\":1,\"identifiers\":{identifier}}}");
    assert_eq!(
        wrong(&shop.by_key().send("POST", "accounts/update", Some(&body))),
        json!([{"type": "string_too_short", "loc": ["body", "identifiers", 0, "value"],
                "msg": "String should have at least 1 character", "input": "", "ctx": {"min_length": 1}}])
    );
    for (given, field, expected) in [
        ("\"ж\"", "sex", "'male' or 'female'"),
        ("5", "sex", "'male' or 'female'"),
        ("\"Male\"", "sex", "'male' or 'female'"),
        ("[]", "sex", "'male' or 'female'"),
    ] {
        let problem = of_body(&shop, "accounts/update", &order, field, given);
        is(&problem, "literal_error", &format!("Input should be {expected}"), &json!({"expected": expected}));
    }
    for given in ["null", "\"x\""] {
        let problem = of_body(&shop, "discounts/update", &json!({"id": 3}), "kind", given);
        let expected = "'discount' or 'bonus'";
        is(&problem, "literal_error", &format!("Input should be {expected}"), &json!({"expected": expected}));
    }
}

#[test]
fn lists_and_objects_are_such() {
    let shop = shop();
    let order = json!({"id": 1});
    for given in ["5", "{}", "\"x\"", "true"] {
        let problem = of_body(&shop, "accounts/update", &order, "identifiers", given);
        is(&problem, "list_type", "Input should be a valid list", &Value::Null);
    }
    for given in ["5", "[]", "\"x\""] {
        let problem = of_body(&shop, "accounts/update", &order, "burning", given);
        let message = "Input should be a valid dictionary or object to extract fields from";
        is(&problem, "model_attributes_type", message, &Value::Null);
    }
    let many = Value::from(vec![json!({}); 101]).to_string();
    let problem = of_body(&shop, "accounts/update", &order, "identifiers", &many);
    is(
        &problem,
        "too_long",
        "List should have at most 100 items after validation, not 101",
        &json!({"field_type": "List", "max_length": 100, "actual_length": 101}),
    );
    assert_eq!(
        wrong(&shop.order("account_groups/update", json!({"id": 3, "template": {"burning": {"x": [1]}}}))),
        json!([{"type": "missing", "loc": ["body", "template", "burning", "days"], "msg": "Field required",
                "input": {"x": [1]}}])
    );
}

#[test]
fn a_missing_field_is_told_with_all_that_is_there() {
    let shop = shop();
    assert_eq!(
        wrong(&shop.by_key().send("POST", "accounts/find_by_phone", Some(" {\"accountId\": 3} "))),
        json!([{"type": "missing", "loc": ["body", "phone"], "msg": "Field required", "input": {"accountId": 3}}])
    );
    assert_eq!(
        wrong(&shop.read("accounts/find_by_phone?Phone=1")),
        json!([{"type": "missing", "loc": ["query", "phone"], "msg": "Field required", "input": null}])
    );
}

#[test]
fn a_day_is_read_as_pydantic_does() {
    let shop = shop();
    let order = json!({"id": 1});
    for given in ["true", "[]", "{}"] {
        let problem = of_body(&shop, "accounts/update", &order, "birthday", given);
        is(&problem, "date_type", "Input should be a valid date", &Value::Null);
    }
    for (given, error) in [
        ("\"x\"", "input is too short"),
        ("\"\"", "input is too short"),
        ("\"2026-1-1\"", "input is too short"),
        ("\"2026-13-01\"", "month value is outside expected range of 1-12"),
        ("\"2026-02-30\"", "day value is outside expected range"),
        ("\"01.01.2026\"", "invalid character in year"),
        ("\" 2026-01-01 \"", "invalid character in year"),
        ("\"2026-01-01T25:00:00\"", "hour value is outside expected range of 0-23"),
        ("\"2026-01-01x\"", "invalid datetime separator, expected `T`, `t`, `_` or space"),
        ("\"2026-01-01T10:00:00+99:00\"", "timezone offset must be less than 24 hours"),
    ] {
        let problem = of_body(&shop, "accounts/update", &order, "birthday", given);
        let message = format!("Input should be a valid date or datetime, {error}");
        is(&problem, "date_from_datetime_parsing", &message, &json!({"error": error}));
    }
    for given in ["5", "1767225601", "\"2026-01-01T10:00:00\"", "\"20260101\""] {
        let problem = of_body(&shop, "accounts/update", &order, "birthday", given);
        let message = "Datetimes provided to dates should have zero time - e.g. be exact dates";
        is(&problem, "date_from_datetime_inexact", message, &Value::Null);
    }
    let problem = of_body(&shop, "accounts/update", &order, "birthday", "\"0000-01-01\"");
    let message = "Input should be a valid date in the format YYYY-MM-DD, year 0 is out of range";
    is(&problem, "date_parsing", message, &json!({"error": "year 0 is out of range"}));
    for (given, day) in [
        ("\"2026-01-01\"", "2026-01-01"),
        ("\"1900-02-28\"", "1900-02-28"),
        ("\"2026-01-01T00:00:00\"", "2026-01-01"),
        ("\"2026-01-01T00:00:00+03:00\"", "2026-01-01"),
        ("1767225600", "2026-01-01"),
        ("\"1767225600\"", "2026-01-01"),
    ] {
        let body = format!("{{\"id\":1,\"birthday\":{given}}}");
        let answer = shop.by_key().loosely("POST", "accounts/update", &body);
        assert_eq!(answer.ok()["birthday"], day, "{given}");
    }
}

#[test]
fn an_end_of_a_period_is_read_as_pydantic_does() {
    let shop = shop();
    let order = json!({});
    for given in ["true", "[]", "{}"] {
        let problem = of_body(&shop, "checks/list", &order, "dateFrom", given);
        is(&problem, "datetime_type", "Input should be a valid datetime", &Value::Null);
    }
    for (given, error) in [
        ("x", "input is too short"),
        ("", "input is too short"),
        ("2026-13-01", "month value is outside expected range of 1-12"),
        ("01.01.2026", "invalid character in year"),
        ("2026-01-01T25:00:00", "unexpected extra characters at the end of the input"),
        ("2026-01-01T10", "unexpected extra characters at the end of the input"),
        // A plus that was not encoded.
        ("2026-01-01T00:00:00 03:00", "unexpected extra characters at the end of the input"),
    ] {
        let message = format!("Input should be a valid datetime or date, {error}");
        let context = json!({"error": error});
        let body = of_body(&shop, "checks/list", &order, "dateTo", &json!(given).to_string());
        for problem in [body, of_query(&shop, "checks/list?", "dateTo", given)] {
            is(&problem, "datetime_from_date_parsing", &message, &context);
        }
    }
    let problem = of_query(&shop, "checks/list?", "dateTo", "0000-01-01");
    let message = "Input should be a valid datetime, year 0 is out of range";
    is(&problem, "datetime_parsing", message, &json!({"error": "year 0 is out of range"}));
    // The first check was closed at 2025-12-01T20:20:00+03:00, 1764609600 in seconds.
    for (given, count) in [
        ("\"2025-12-01\"", 1),
        ("\"2025-12-01 20:20\"", 1),
        ("\"2025-12-01_17:20:00z\"", 1),
        ("\"2025-12-01T17:20:00.123456789Z\"", 1),
        ("\"2025-12-01T12:19:59-05:00\"", 0),
        ("1764609600", 1),
        ("1764609599", 0),
        ("\"1764609600.5\"", 1),
        ("1764609600000", 1),
        ("-1", 0),
        ("\"9999-12-31T23:59:59-10:00\"", 2),
    ] {
        let answer = shop.by_key().loosely("POST", "checks/list", &format!("{{\"dateTo\":{given}}}"));
        assert_eq!(answer.ok().as_array().unwrap().len(), count, "{given}");
    }
}
