//! The items of an order: what they cost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::Refusal;
use super::super::ids::{ItemId, OrderId};
use crate::loyalty::amount::{Amount, Decimals, Percent, Rounding};
pub use crate::loyalty::quantity::{Quantity, QuantityError};

/// In what a thing is measured \[D\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)] // the names say it
pub enum Unit {
    #[default]
    #[serde(rename = "piece")]
    Piece,
    #[serde(rename = "kg")]
    Kilogram,
    #[serde(rename = "g")]
    Gram,
    #[serde(rename = "L")]
    Litre,
    #[serde(rename = "ml")]
    Millilitre,
}

impl Unit {
    /// All of them, in the documentation's order.
    pub const ALL: [Unit; 5] = [Unit::Piece, Unit::Kilogram, Unit::Gram, Unit::Litre, Unit::Millilitre];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Piece => "piece",
            Unit::Kilogram => "kg",
            Unit::Gram => "g",
            Unit::Litre => "L",
            Unit::Millilitre => "ml",
        }
    }

    /// The unit of this name.
    pub fn read(name: &str) -> Result<Unit, Refusal> {
        let found = Unit::ALL.into_iter().find(|unit| unit.name() == name);
        found.ok_or_else(|| Refusal::UnknownUnit { given: name.into() })
    }
}

/// What is taken off a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    /// How the value is meant.
    pub kind: DiscountKind,
    /// Per cent, or a sum off the line.
    pub value: Amount,
}

/// How the value of a discount is meant \[D\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DiscountKind {
    /// Per cent of the line.
    Percent,
    /// A sum off the line.
    Amount,
}

impl DiscountKind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            DiscountKind::Percent => "percent",
            DiscountKind::Amount => "amount",
        }
    }

    /// The kind of this name.
    pub fn read(name: &str) -> Result<DiscountKind, Refusal> {
        match name {
            "percent" => Ok(DiscountKind::Percent),
            "amount" => Ok(DiscountKind::Amount),
            _ => Err(Refusal::UnknownDiscountType { given: name.into() }),
        }
    }
}

/// An item that is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What one costs.
    pub price: Amount,
    /// How many.
    pub quantity: Quantity,
    /// Of what.
    pub unit: Unit,
    /// The VAT in per cent; only kept.
    pub vat: Amount,
    /// What it is called.
    pub name: Box<str>,
    /// What is taken off.
    pub discount: Option<Discount>,
}

/// An item of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// The sale it belongs to.
    pub order: OrderId,
    /// What was sold.
    pub line: Line,
    /// What it cost, less the discount.
    pub sum: Amount,
}

impl Line {
    /// Price × quantity, rounded half up to the hundredth \[I\], less the discount, of which a percentage is
    /// rounded likewise \[I\]. `line` is its place, for the refusal.
    ///
    /// Refuses: a price or VAT under zero; a quantity not over zero; a discount under zero, over 100 %, or over
    /// what the line costs \[I\]; more than can be reckoned with.
    pub fn sum(&self, line: usize) -> Result<Amount, Refusal> {
        if self.price.is_negative() || self.vat.is_negative() {
            return Err(Refusal::LineNegative { line });
        }
        if self.quantity.thousandths() <= 0 {
            return Err(Refusal::QuantityNotPositive { line });
        }
        let exact = i128::from(self.price.hundredths()) * i128::from(self.quantity.thousandths());
        let gross = i64::try_from((exact + 500) / 1_000).map_err(|_| Refusal::TotalOverLimit)?;
        let gross = Amount::from_hundredths(gross);
        if gross > Amount::MAX {
            return Err(Refusal::TotalOverLimit);
        }

        let over = Refusal::DiscountOverLimit { line };
        let off = match self.discount {
            None => Amount::ZERO,
            Some(Discount { kind: DiscountKind::Amount, value }) => value,
            Some(Discount { kind: DiscountKind::Percent, value }) => {
                let percent = Percent::new(value).ok_or_else(|| over.clone())?;
                gross.percent(percent, Decimals::Two, Rounding::HalfUp)
            }
        };
        if off.is_negative() || off > gross {
            return Err(over);
        }
        Ok(gross - off)
    }
}

/// The sums of an order's lines, and their total.
///
/// Refuses: no lines; a line that does not add up; a total over what can be reckoned with.
pub(in super::super) fn sums(lines: &[Line]) -> Result<(Vec<Amount>, Amount), Refusal> {
    if lines.is_empty() {
        return Err(Refusal::NoItems);
    }
    let sums: Vec<Amount> =
        lines.iter().enumerate().map(|(place, line)| line.sum(place)).collect::<Result<_, _>>()?;
    let mut total = Amount::ZERO;
    for sum in &sums {
        total += *sum;
        if total > Amount::MAX {
            return Err(Refusal::TotalOverLimit);
        }
    }
    Ok((sums, total))
}

/// `whole` × `part` / `of`, rounded half up to the hundredth; nothing of nothing.
pub(super) fn share(whole: Amount, part: Amount, of: Amount) -> Amount {
    let [whole, part, of] = [whole, part, of].map(|amount| i128::from(amount.hundredths()));
    if of == 0 {
        return Amount::ZERO;
    }
    let rounded = (2 * whole * part + of).div_euclid(2 * of);
    Amount::from_hundredths(i64::try_from(rounded).expect("a share is no more than the whole"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    #[test]
    fn a_line_costs_price_times_quantity_less_the_discount() {
        for (price, quantity, discount, sum) in [
            ("10", "1", None, "10"),
            ("10000", "2", None, "20000"),
            ("100.5", "0.333", None, "33.47"),
            ("0.01", "0.5", None, "0.01"),
            ("0.01", "0.499", None, "0"),
            ("100", "1", Some(("percent", "10")), "90"),
            ("100", "1", Some(("percent", "100")), "0"),
            ("0.33", "1", Some(("percent", "50")), "0.16"),
            ("100", "3", Some(("amount", "10")), "290"),
        ] {
            let line = line(price, quantity, discount);
            assert_eq!(line.sum(0), Ok(amount(sum)), "{price} × {quantity} less {discount:?}");
        }
    }

    #[test]
    fn lines_that_cannot_be_are_refused() {
        let place = 3;
        for (price, quantity, discount, refusal) in [
            ("-1", "1", None, Refusal::LineNegative { line: place }),
            ("1", "0", None, Refusal::QuantityNotPositive { line: place }),
            ("1", "-1", None, Refusal::QuantityNotPositive { line: place }),
            ("1", "1", Some(("percent", "100.01")), Refusal::DiscountOverLimit { line: place }),
            ("1", "1", Some(("amount", "1.01")), Refusal::DiscountOverLimit { line: place }),
            ("1", "1", Some(("amount", "-1")), Refusal::DiscountOverLimit { line: place }),
            ("1000000000000", "1.1", None, Refusal::TotalOverLimit),
            ("1000000000000", "100000000000", None, Refusal::TotalOverLimit),
        ] {
            assert_eq!(line(price, quantity, discount).sum(place), Err(refusal), "{price} × {quantity}");
        }
        assert_eq!(sums(&[]), Err(Refusal::NoItems));
    }

    #[test]
    fn a_share_is_rounded_half_up() {
        for (whole, part, of, rounded) in [
            ("10", "1", "3", "3.33"),
            ("10", "2", "3", "6.67"),
            ("0.01", "1", "2", "0.01"),
            ("5", "0", "0", "0"),
        ] {
            assert_eq!(share(amount(whole), amount(part), amount(of)), amount(rounded));
        }
    }

    fn line(price: &str, quantity: &str, discount: Option<(&str, &str)>) -> Line {
        Line {
            price: amount(price),
            quantity: Quantity::parse(quantity).unwrap(),
            unit: Unit::Piece,
            vat: amount("20"),
            name: "Капучино".into(),
            discount: discount.map(|(kind, value)| Discount {
                kind: DiscountKind::read(kind).unwrap(),
                value: amount(value),
            }),
        }
    }
}
