//! Exact amounts of points and of money, and the only doors from raw numbers to them.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A sum of points or of money, exact to the hundredth.
///
/// Held as an integer of hundredths; may be negative (an entry of a ledger is signed). Prints whole sums
/// without a decimal point (`878`, not `878.0`; LoyalClient \[E\]) and the others with one or two (`100.5`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// Why a number is not an [`Amount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The text is not a decimal number.
    #[error("not a number")]
    NotANumber,
    /// A third significant decimal.
    #[error("at most two decimals")]
    TooPrecise,
    /// Beyond ±[`Amount::MAX`].
    #[error("over the limit of {}", Amount::MAX)]
    TooLarge,
}

/// What is wrong with an exponent that is too long to count with.
fn beyond(exponent: &str) -> AmountError {
    match exponent.strip_prefix(['-', '+']).unwrap_or(exponent) {
        digits if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            AmountError::NotANumber
        }
        _ if exponent.starts_with('-') => AmountError::TooPrecise,
        _ => AmountError::TooLarge,
    }
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);
    /// The largest sum that is read from a client or a fixture: 10^12.
    pub const MAX: Amount = Amount(100_000_000_000_000);

    /// Up to so many hundredths, the floats nearest to two sums differ, and print as these sums.
    const FLOAT_MAX: u64 = 1_000_000_000_000_000;

    /// So many hundredths.
    pub const fn from_hundredths(hundredths: i64) -> Amount {
        Amount(hundredths)
    }

    /// So many whole points (or roubles).
    pub const fn whole(units: i64) -> Amount {
        Amount(units * 100)
    }

    /// The sum in hundredths.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Reads a JSON number's own digits, without passing through a float: `100.000` is a hundred,
    /// `0.005` is refused, `1e2` is a hundred.
    pub fn parse(text: &str) -> Result<Amount, AmountError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| beyond(exponent))?),
            None => (digits, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(AmountError::NotANumber);
        }
        // The digit at place p is worth digit × 10^p hundredths.
        let top = i64::try_from(whole.len()).map_err(|_| AmountError::TooLarge)? + 1 + i64::from(exponent);
        let mut sum: i64 = 0;
        for (place, digit) in (0_i64..).zip(whole.bytes().chain(fraction.bytes())) {
            let digit = i64::from(digit - b'0');
            if digit == 0 {
                continue;
            }
            let power = top - place;
            if power < 0 {
                return Err(AmountError::TooPrecise);
            }
            let worth = u32::try_from(power).ok().and_then(|power| 10_i64.checked_pow(power));
            sum = worth
                .and_then(|worth| worth.checked_mul(digit))
                .and_then(|worth| sum.checked_add(worth))
                .ok_or(AmountError::TooLarge)?;
        }
        if sum > Amount::MAX.0 {
            return Err(AmountError::TooLarge);
        }
        Ok(Amount(if negative { -sum } else { sum }))
    }

    /// Whether the sum is over zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether the sum is under zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether the sum is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether the sum has no more decimals than `decimals`.
    pub const fn fits(self, decimals: Decimals) -> bool {
        self.0 % decimals.step() == 0
    }

    /// `percent` per cent of the sum, rounded to `decimals`.
    #[must_use]
    pub fn percent(self, percent: Percent, decimals: Decimals, rounding: Rounding) -> Amount {
        // hundredths × hundredths of a per cent = 10^-4 of a hundredth; i128 holds every product.
        let exact = i128::from(self.0) * i128::from(percent.0.0);
        let step = i128::from(decimals.step()) * 10_000;
        let steps = match rounding {
            Rounding::Floor => exact.div_euclid(step),
            Rounding::HalfUp => (exact + step / 2).div_euclid(step),
        };
        let rounded = steps * i128::from(decimals.step());
        Amount(i64::try_from(rounded).unwrap_or(i64::MAX))
    }

    /// The sum rounded down to `decimals`.
    #[must_use]
    pub const fn floor(self, decimals: Decimals) -> Amount {
        Amount(self.0.div_euclid(decimals.step()) * decimals.step())
    }
}

/// How many decimals points have. LoyalClient's *rule* `points.decimals`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Decimals {
    /// Whole points.
    #[default]
    Zero,
    /// Hundredths.
    Two,
}

impl TryFrom<u8> for Decimals {
    type Error = &'static str;
    fn try_from(decimals: u8) -> Result<Decimals, &'static str> {
        match decimals {
            0 => Ok(Decimals::Zero),
            2 => Ok(Decimals::Two),
            _ => Err("expected 0 or 2"),
        }
    }
}

impl From<Decimals> for u8 {
    fn from(decimals: Decimals) -> u8 {
        match decimals {
            Decimals::Zero => 0,
            Decimals::Two => 2,
        }
    }
}

impl Decimals {
    const fn step(self) -> i64 {
        match self {
            Decimals::Zero => 100,
            Decimals::Two => 1,
        }
    }
}

/// How a part of a sum is brought to the points' decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Down.
    #[default]
    Floor,
    /// To the nearest; a half goes up.
    HalfUp,
}

/// A share in per cent, exact to the hundredth of a per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(Amount);

impl Percent {
    /// The whole.
    pub const ALL: Percent = Percent(Amount::whole(100));
    /// Nothing.
    pub const NONE: Percent = Percent(Amount::ZERO);

    /// A share between 0 and 100 %.
    pub fn new(amount: Amount) -> Option<Percent> {
        (!amount.is_negative() && amount <= Percent::ALL.0).then_some(Percent(amount))
    }

    /// What is left of the whole.
    #[must_use]
    pub fn rest(self) -> Percent {
        Percent(Percent::ALL.0 - self.0)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(out, "{sign}{whole}"),
            tens if tens % 10 == 0 => write!(out, "{sign}{whole}.{}", tens / 10),
            _ => write!(out, "{sign}{whole}.{rest:02}"),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            serializer.serialize_i64(self.0 / 100)
        } else if self.0.unsigned_abs() <= Amount::FLOAT_MAX {
            // Printing only: the nearest float prints as the very same two decimals.
            #[allow(clippy::cast_precision_loss)]
            serializer.serialize_f64(self.0 as f64 / 100.0)
        } else {
            // A balance may grow beyond what is exact in a float.
            RawValue::from_string(self.to_string()).expect("a sum prints as a number").serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Amount, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Amount;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a number with at most two decimals")
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Amount, E> {
                Amount::parse(&number.to_string()).map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Amount, E> {
                Amount::parse(&number.to_string()).map_err(E::custom)
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Amount, E> {
                Amount::parse(&number.to_string()).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A JSON Schema of the type's own, and inline: there is nothing in it to refer to.
macro_rules! schema_of_number {
    ($type:ident, $schema:tt) => {
        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}
schema_of_number!(Amount, { "type": "number", "minimum": 0, "maximum": 1_000_000_000_000_i64 });
schema_of_number!(Percent, { "type": "number", "minimum": 0, "maximum": 100 });

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
        let amount = Amount::deserialize(deserializer)?;
        Percent::new(amount).ok_or_else(|| serde::de::Error::custom("a share is between 0 and 100 per cent"))
    }
}

impl Add for Amount {
    type Output = Amount;
    fn add(self, other: Amount) -> Amount {
        Amount(self.0 + other.0)
    }
}

impl Sub for Amount {
    type Output = Amount;
    fn sub(self, other: Amount) -> Amount {
        Amount(self.0 - other.0)
    }
}

impl Neg for Amount {
    type Output = Amount;
    fn neg(self) -> Amount {
        Amount(-self.0)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        self.0 += other.0;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Amount) {
        self.0 -= other.0;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_to_the_hundredth() {
        for (text, hundredths) in [
            ("0", 0),
            ("-0", 0),
            ("878", 87_800),
            ("100.5", 10_050),
            ("100.05", 10_005),
            ("100.000", 10_000),
            ("1e2", 10_000),
            ("1.5E+1", 1_500),
            ("1234e-2", 1_234),
            ("-7.25", -725),
            ("1000000000000", 100_000_000_000_000),
            ("0e999999999", 0),
        ] {
            assert_eq!(Amount::parse(text), Ok(Amount(hundredths)), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_held_exactly_is_refused() {
        for (text, error) in [
            ("0.005", AmountError::TooPrecise),
            ("1e-3", AmountError::TooPrecise),
            ("1000000000000.0000000000000000001", AmountError::TooPrecise),
            ("1000000000000.01", AmountError::TooLarge),
            ("1e13", AmountError::TooLarge),
            ("1e2147483647", AmountError::TooLarge),
            ("99999999999999999999999999", AmountError::TooLarge),
            ("", AmountError::NotANumber),
            ("-", AmountError::NotANumber),
            ("1e99999999999", AmountError::TooLarge),
            ("1e-99999999999", AmountError::TooPrecise),
            ("1e", AmountError::NotANumber),
            ("ten", AmountError::NotANumber),
        ] {
            assert_eq!(Amount::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn whole_sums_print_without_a_decimal_point() {
        for (hundredths, text) in
            [(87_800, "878"), (10_050, "100.5"), (10_005, "100.05"), (-5, "-0.05"), (0, "0"), (-150, "-1.5")]
        {
            assert_eq!(Amount(hundredths).to_string(), text);
            assert_eq!(serde_json::to_string(&Amount(hundredths)).unwrap(), text);
        }
    }

    #[test]
    fn the_greatest_balances_print_to_the_hundredth() {
        for (hundredths, text) in [
            (1_000_000_000_000_001, "10000000000000.01"),
            (-9_999_999_999_999_999, "-99999999999999.99"),
            (99_999_999_999_999_999, "999999999999999.99"),
            (99_999_999_999_999_990, "999999999999999.9"),
        ] {
            assert_eq!(serde_json::to_string(&Amount(hundredths)).unwrap(), text);
        }
    }

    #[test]
    fn a_percentage_is_rounded_as_the_rule_says() {
        let ten = Percent::new(Amount::whole(10)).unwrap();
        let sum = Amount(10_550);
        for (decimals, rounding, expected) in [
            (Decimals::Zero, Rounding::Floor, 1_000),
            (Decimals::Zero, Rounding::HalfUp, 1_100),
            (Decimals::Two, Rounding::Floor, 1_055),
            (Decimals::Two, Rounding::HalfUp, 1_055),
        ] {
            assert_eq!(sum.percent(ten, decimals, rounding), Amount(expected));
        }
        assert_eq!(Amount::MAX.percent(Percent::ALL, Decimals::Two, Rounding::HalfUp), Amount::MAX);
    }

    #[test]
    fn every_sum_survives_printing_and_reading() {
        for hundredths in [1, 99, 101, 12_345_678_901_234, 99_999_999_999_999, -99_999_999_999_999] {
            let text = serde_json::to_string(&Amount(hundredths)).unwrap();
            assert_eq!(serde_json::from_str::<Amount>(&text).unwrap(), Amount(hundredths), "{text}");
        }
    }
}
