//! How much of a thing is bought: a number of thousandths.

use std::fmt;

use serde::{Serialize, Serializer};

use super::amount::{Amount, AmountError};

/// How much of a thing, exact to the thousandth: 0.333 kg \[I\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i64);

/// Why a number is not a [`Quantity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// The text is not a decimal number.
    #[error("not a number")]
    NotANumber,
    /// A fourth significant decimal.
    #[error("at most three decimals")]
    TooPrecise,
    /// Beyond 10^11.
    #[error("over the limit of 100000000000")]
    TooLarge,
}

impl Quantity {
    /// So many thousandths.
    pub const fn from_thousandths(thousandths: i64) -> Quantity {
        Quantity(thousandths)
    }

    /// The quantity in thousandths.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Reads a JSON number's own digits, without passing through a float.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        // Thousandths of a number are the hundredths of ten times that number.
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let tenfold = match exponent.parse::<i32>() {
            Ok(exponent) => format!("{mantissa}e{}", exponent.saturating_add(1)),
            Err(_) => text.to_owned(),
        };
        match Amount::parse(&tenfold) {
            Ok(amount) => Ok(Quantity(amount.hundredths())),
            Err(AmountError::NotANumber) => Err(QuantityError::NotANumber),
            Err(AmountError::TooPrecise) => Err(QuantityError::TooPrecise),
            Err(AmountError::TooLarge) => Err(QuantityError::TooLarge),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000, self.0.unsigned_abs() % 1_000);
        let text = format!("{sign}{whole}.{rest:03}");
        out.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000)
        } else {
            // Printing only. Up to 10^11 the nearest float prints back as the very same three decimals.
            #[allow(clippy::cast_precision_loss)]
            serializer.serialize_f64(self.0 as f64 / 1_000.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_to_the_thousandth() {
        for (text, read) in [
            ("1", Ok(1_000)),
            ("0.333", Ok(333)),
            ("0.3330", Ok(333)),
            ("2.5e1", Ok(25_000)),
            ("1e-3", Ok(1)),
            ("0.0001", Err(QuantityError::TooPrecise)),
            ("1e-4", Err(QuantityError::TooPrecise)),
            ("1e12", Err(QuantityError::TooLarge)),
            ("1e2147483647", Err(QuantityError::TooLarge)),
            ("1e99999999999", Err(QuantityError::TooLarge)),
            ("x", Err(QuantityError::NotANumber)),
        ] {
            assert_eq!(Quantity::parse(text).map(Quantity::thousandths), read, "{text}");
        }
        for (thousandths, text) in [(1_000, "1"), (333, "0.333"), (1_500, "1.5"), (10_000, "10")] {
            assert_eq!(Quantity(thousandths).to_string(), text);
            assert_eq!(serde_json::to_string(&Quantity(thousandths)).unwrap(), text);
        }
    }
}
