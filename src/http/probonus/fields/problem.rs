//! What is wrong with a value: pydantic's type of error, its words, and what it tells beside them.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::loyalty::amount::Amount;

/// A step of the way to a value.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(in crate::http::probonus) enum Step {
    Name(&'static str),
    Index(usize),
}

/// What is wrong with a value. The texts are pydantic's, to the letter.
#[derive(Clone, Debug)]
pub(in crate::http::probonus) enum Wrong {
    Missing,
    /// With the words of the JSON parser.
    NoJson(String),
    NoObject,
    NoList,
    TooLong {
        max: usize,
        actual: usize,
    },
    NoText,
    TooShort,
    NoInteger,
    UnparsableInteger,
    HugeInteger,
    IntegerWithFraction,
    NoDecimal,
    UnparsableDecimal,
    TooManyDecimals,
    NotFinite,
    /// Not more than this.
    MoreThan(i64),
    /// Less than this.
    AtLeast(i64),
    /// More than this.
    AtMost(i64),
    NoBoolean,
    UnparsableBoolean,
    /// None of a few names, which are told in quotes.
    NoneOf(&'static str),
    NoDate,
    /// With the words of the parser, as in the following.
    BadDate(Cow<'static, str>),
    NeitherDateNorTime(Cow<'static, str>),
    DateWithTime,
    NoTime,
    BadTime(Cow<'static, str>),
    NeitherTimeNorDate(Cow<'static, str>),
}

impl Wrong {
    fn kind(&self) -> &'static str {
        match self {
            Wrong::Missing => "missing",
            Wrong::NoJson(_) => "json_invalid",
            Wrong::NoObject => "model_attributes_type",
            Wrong::NoList => "list_type",
            Wrong::TooLong { .. } => "too_long",
            Wrong::NoText => "string_type",
            Wrong::TooShort => "string_too_short",
            Wrong::NoInteger => "int_type",
            Wrong::UnparsableInteger => "int_parsing",
            Wrong::HugeInteger => "int_parsing_size",
            Wrong::IntegerWithFraction => "int_from_float",
            Wrong::NoDecimal => "decimal_type",
            Wrong::UnparsableDecimal => "decimal_parsing",
            Wrong::TooManyDecimals => "decimal_max_places",
            Wrong::NotFinite => "finite_number",
            Wrong::MoreThan(_) => "greater_than",
            Wrong::AtLeast(_) => "greater_than_equal",
            Wrong::AtMost(_) => "less_than_equal",
            Wrong::NoBoolean => "bool_type",
            Wrong::UnparsableBoolean => "bool_parsing",
            Wrong::NoneOf(_) => "literal_error",
            Wrong::NoDate => "date_type",
            Wrong::BadDate(_) => "date_parsing",
            Wrong::NeitherDateNorTime(_) => "date_from_datetime_parsing",
            Wrong::DateWithTime => "date_from_datetime_inexact",
            Wrong::NoTime => "datetime_type",
            Wrong::BadTime(_) => "datetime_parsing",
            Wrong::NeitherTimeNorDate(_) => "datetime_from_date_parsing",
        }
    }

    fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Wrong::Missing => "Field required",
            Wrong::NoJson(_) => "JSON decode error",
            Wrong::NoObject => "Input should be a valid dictionary or object to extract fields from",
            Wrong::NoList => "Input should be a valid list",
            Wrong::TooLong { max, actual } => {
                return format!("List should have at most {max} items after validation, not {actual}").into();
            }
            Wrong::NoText => "Input should be a valid string",
            Wrong::TooShort => "String should have at least 1 character",
            Wrong::NoInteger => "Input should be a valid integer",
            Wrong::UnparsableInteger => {
                "Input should be a valid integer, unable to parse string as an integer"
            }
            Wrong::HugeInteger => "Unable to parse input string as an integer, exceeded maximum size",
            Wrong::IntegerWithFraction => {
                "Input should be a valid integer, got a number with a fractional part"
            }
            Wrong::NoDecimal => "Decimal input should be an integer, float, string or Decimal object",
            Wrong::UnparsableDecimal => "Input should be a valid decimal",
            Wrong::TooManyDecimals => "Decimal input should have no more than 2 decimal places",
            Wrong::NotFinite => "Input should be a finite number",
            Wrong::MoreThan(least) => return format!("Input should be greater than {least}").into(),
            Wrong::AtLeast(least) => {
                return format!("Input should be greater than or equal to {least}").into();
            }
            Wrong::AtMost(most) => return format!("Input should be less than or equal to {most}").into(),
            Wrong::NoBoolean => "Input should be a valid boolean",
            Wrong::UnparsableBoolean => "Input should be a valid boolean, unable to interpret input",
            Wrong::NoneOf(expected) => return format!("Input should be {expected}").into(),
            Wrong::NoDate => "Input should be a valid date",
            Wrong::BadDate(error) => {
                return format!("Input should be a valid date in the format YYYY-MM-DD, {error}").into();
            }
            Wrong::NeitherDateNorTime(error) => {
                return format!("Input should be a valid date or datetime, {error}").into();
            }
            Wrong::DateWithTime => "Datetimes provided to dates should have zero time - e.g. be exact dates",
            Wrong::NoTime => "Input should be a valid datetime",
            Wrong::BadTime(error) => return format!("Input should be a valid datetime, {error}").into(),
            Wrong::NeitherTimeNorDate(error) => {
                return format!("Input should be a valid datetime or date, {error}").into();
            }
        })
    }

    fn context(&self) -> Option<Value> {
        Some(match self {
            Wrong::NoJson(error) => json!({ "error": error }),
            Wrong::TooLong { max, actual } => {
                json!({"field_type": "List", "max_length": max, "actual_length": actual})
            }
            Wrong::TooShort => json!({"min_length": 1}),
            Wrong::TooManyDecimals => json!({"decimal_places": 2}),
            Wrong::MoreThan(least) => json!({ "gt": least }),
            Wrong::AtLeast(least) => json!({ "ge": least }),
            Wrong::AtMost(most) => json!({ "le": most }),
            Wrong::NoneOf(expected) => json!({ "expected": expected }),
            Wrong::BadDate(error)
            | Wrong::NeitherDateNorTime(error)
            | Wrong::BadTime(error)
            | Wrong::NeitherTimeNorDate(error) => json!({ "error": error }),
            _ => return None,
        })
    }

    /// More than the largest sum.
    pub(in crate::http::probonus) const OVER_THE_LARGEST_SUM: Wrong =
        Wrong::AtMost(Amount::MAX.hundredths() / 100);
}

/// One entry of a 422's `detail`.
#[derive(Debug)]
pub(in crate::http::probonus) struct Problem {
    wrong: Wrong,
    way: Vec<Step>,
    input: Box<RawValue>,
}

impl Problem {
    pub(in crate::http::probonus) fn new(wrong: &Wrong, way: Vec<Step>, input: Box<RawValue>) -> Problem {
        Problem { wrong: wrong.clone(), way, input }
    }

    /// Which field it is about, as `phone` or `identifiers[0].typeId`, and what is wrong with it.
    pub(in crate::http::probonus) fn told(&self) -> (String, String) {
        let mut field = String::new();
        // The first step says only where: in the body or in the query.
        for step in &self.way[1.min(self.way.len())..] {
            match step {
                Step::Name(name) if field.is_empty() => field.push_str(name),
                Step::Name(name) => field.extend([".", name]),
                Step::Index(index) => field.extend(["[", &index.to_string(), "]"]),
            }
        }
        (field, self.wrong.message().into_owned())
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Detail<'a> {
            r#type: &'a str,
            loc: &'a [Step],
            msg: &'a str,
            input: &'a RawValue,
            #[serde(skip_serializing_if = "Option::is_none")]
            ctx: Option<Value>,
        }
        let detail = Detail {
            r#type: self.wrong.kind(),
            loc: &self.way,
            msg: &self.wrong.message(),
            input: &self.input,
            ctx: self.wrong.context(),
        };
        detail.serialize(serializer)
    }
}
