//! Dishes of a check: what they cost.

use super::Refusal;
use crate::loyalty::amount::Amount;
pub use crate::loyalty::quantity::{Quantity, QuantityError};

/// A dish that is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DishOrder {
    /// What it is called.
    pub name: Box<str>,
    /// How many; exact to the thousandth \[I\].
    pub quantity: Quantity,
    /// What one costs.
    pub price: Amount,
}

/// A dish of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dish {
    /// What it is called.
    pub name: Box<str>,
    /// How many.
    pub quantity: Quantity,
    /// What one costs.
    pub price: Amount,
    /// What they cost.
    pub sum: Amount,
}

impl DishOrder {
    /// Price × quantity, rounded half up to the hundredth \[I\]. `dish` is its place, for the refusal.
    ///
    /// Refuses: a price under zero; a quantity not over zero; a sum over [`Amount::MAX`].
    pub fn sum(&self, dish: usize) -> Result<Amount, Refusal> {
        if self.price.is_negative() {
            return Err(Refusal::PriceNegative { dish });
        }
        if self.quantity.thousandths() <= 0 {
            return Err(Refusal::QuantityNotPositive { dish });
        }
        let exact = i128::from(self.price.hundredths()) * i128::from(self.quantity.thousandths());
        let sum = i64::try_from((exact + 500) / 1_000).map_err(|_| Refusal::TotalOverLimit)?;
        let sum = Amount::from_hundredths(sum);
        if sum > Amount::MAX { Err(Refusal::TotalOverLimit) } else { Ok(sum) }
    }
}

/// The dishes with what they cost, and their total.
///
/// Refuses: no dishes; a price under zero; a quantity not over zero; a total over [`Amount::MAX`].
pub(super) fn reckon(orders: &[DishOrder]) -> Result<(Vec<Dish>, Amount), Refusal> {
    if orders.is_empty() {
        return Err(Refusal::NoDishes);
    }
    let mut dishes = Vec::with_capacity(orders.len());
    let mut total = Amount::ZERO;
    for (place, order) in orders.iter().enumerate() {
        let sum = order.sum(place)?;
        total += sum;
        if total > Amount::MAX {
            return Err(Refusal::TotalOverLimit);
        }
        let DishOrder { name, quantity, price } = order.clone();
        dishes.push(Dish { name, quantity, price, sum });
    }
    Ok((dishes, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dish_costs_price_times_quantity() {
        for (price, quantity, sum) in [
            ("100", "1", Ok("100")),
            ("100.5", "0.333", Ok("33.47")),
            ("0.01", "0.5", Ok("0.01")),
            ("0", "3", Ok("0")),
            ("-1", "1", Err(Refusal::PriceNegative { dish: 0 })),
            ("1", "0", Err(Refusal::QuantityNotPositive { dish: 0 })),
            ("1", "-1", Err(Refusal::QuantityNotPositive { dish: 0 })),
            ("1000000000000", "1.1", Err(Refusal::TotalOverLimit)),
            ("1000000000000", "100000000000", Err(Refusal::TotalOverLimit)),
        ] {
            let quantity = Quantity::parse(quantity).unwrap();
            let dish = DishOrder { name: "Суп".into(), quantity, price: Amount::parse(price).unwrap() };
            let reckoned = reckon(&[dish]).map(|(_, total)| total.to_string());
            assert_eq!(reckoned, sum.map(str::to_owned), "{price}");
        }
        assert_eq!(reckon(&[]), Err(Refusal::NoDishes));
    }
}
