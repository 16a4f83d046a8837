//! The two currencies, and a client's account in each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::loyalty::ledger::Account;

/// What a balance is kept in \[D\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Currency {
    /// Points.
    #[default]
    Points,
    /// Roubles.
    Rubles,
}

impl Currency {
    /// Both, in the order of the answers \[E\].
    pub const ALL: [Currency; 2] = [Currency::Points, Currency::Rubles];

    /// Its name in requests and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Currency::Points => "points",
            Currency::Rubles => "rubles",
        }
    }

    /// Its name as an order's `cashbackCurrency`: `RUB` for roubles \[E\].
    pub const fn cashback_name(self) -> &'static str {
        match self {
            Currency::Points => "points",
            Currency::Rubles => "RUB",
        }
    }

    /// The currency of this name.
    pub fn read(name: &str) -> Result<Currency, Refusal> {
        let found = Currency::ALL.into_iter().find(|currency| currency.name() == name);
        found.ok_or_else(|| Refusal::UnknownCurrency { given: name.into() })
    }
}

/// A client's account in each currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accounts {
    points: Account,
    rubles: Account,
}

impl Accounts {
    /// The account in this currency.
    pub fn of(&self, currency: Currency) -> &Account {
        match currency {
            Currency::Points => &self.points,
            Currency::Rubles => &self.rubles,
        }
    }

    pub(super) fn of_mut(&mut self, currency: Currency) -> &mut Account {
        match currency {
            Currency::Points => &mut self.points,
            Currency::Rubles => &mut self.rubles,
        }
    }
}
