//! Sums over many accounts.

use crate::loyalty::amount::Amount;

/// The sum of amounts of any number of accounts. One account's points are limited, so that their sum is exact;
/// those of a million full ones stop at what an amount can hold.
pub(super) fn total(amounts: impl IntoIterator<Item = Amount>) -> Amount {
    amounts.into_iter().fold(Amount::ZERO, plus)
}

/// The same for two.
pub(super) fn plus(one: Amount, other: Amount) -> Amount {
    Amount::from_hundredths(one.hundredths().saturating_add(other.hundredths()))
}
