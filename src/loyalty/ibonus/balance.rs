//! `clients.balance`: what a client can write off.

use super::currency::Currency;
use super::ids::ClientId;
use super::{Books, Refusal};
use crate::loyalty::amount::Amount;

/// A sum in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

impl Books {
    /// What is available for write-off \[D\]: active holds are off already \[I\]. Both currencies, always \[I\].
    pub fn balance(&self, client: ClientId) -> Result<[Sum; 2], Refusal> {
        let client = self.client_in_path(client)?;
        Ok(Currency::ALL.map(|currency| Sum { amount: client.accounts().of(currency).available(), currency }))
    }

    /// The answer's `balanceId`: two numbers a client, odd for points and even for rubles \[I\].
    pub const fn balance_id(client: ClientId, currency: Currency) -> u64 {
        let second = client.0.saturating_mul(2);
        match currency {
            Currency::Points => second.saturating_sub(1),
            Currency::Rubles => second,
        }
    }
}
