//! `accounts.get_balance`, `accounts.get_balance_extended`: what there is, and when and how much will burn \[D\].

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::ids::AccountId;
use super::super::{Books, Refusal};
use crate::loyalty::amount::Amount;
use crate::loyalty::time::Time;

/// A balance in parts, which add up to it exactly: pending + burning + permanent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtendedBalance {
    /// Points on the account.
    pub balance: Amount,
    /// Those that can be spent.
    pub available: Amount,
    /// Those that cannot be spent yet, soonest first; whether they burn one day shows once they are active \[I\].
    pub pending: Vec<PendingPart>,
    /// Those that can be spent and will burn, soonest first: one part a day \[I\].
    pub burning: Vec<BurningPart>,
    /// Those that can be spent and never burn.
    pub permanent: Amount,
}

/// Points that cannot be spent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingPart {
    /// How many.
    pub amount: Amount,
    /// When they can be.
    pub active_from: Time,
}

/// Points that will burn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BurningPart {
    /// How many.
    pub amount: Amount,
    /// The server's day that begins with their burning.
    pub burn_date: NaiveDate,
    /// How many days there are until it.
    pub days_left: u64,
}

impl Books {
    /// Points on an account, pending ones included.
    ///
    /// Refuses: an unknown account.
    pub fn balance(&self, id: AccountId) -> Result<Amount, Refusal> {
        Ok(self.find_account(id)?.points.posted())
    }

    /// The balance in parts.
    ///
    /// Refuses: an unknown account.
    pub fn extended_balance(&self, id: AccountId, now: Time) -> Result<ExtendedBalance, Refusal> {
        let points = &self.find_account(id)?.points;
        let calendar = self.rules.calendar();
        let (mut pending, mut burning) = (BTreeMap::new(), BTreeMap::new());
        let mut permanent = Amount::ZERO;
        for lot in points.lots() {
            let part = match (lot.active_from, lot.expires_at) {
                (Some(active_from), _) => pending.entry(active_from).or_default(),
                (None, Some(expires_at)) => burning.entry(calendar.day_of(expires_at)).or_default(),
                (None, None) => &mut permanent,
            };
            *part += lot.amount;
        }
        let pending = pending.into_iter().map(|(active_from, amount)| PendingPart { amount, active_from });
        let burning = burning.into_iter().map(|(burn_date, amount)| {
            let days_left = calendar.days_until(burn_date, now);
            BurningPart { amount, burn_date, days_left }
        });
        Ok(ExtendedBalance {
            balance: points.posted(),
            available: points.available(),
            pending: pending.collect(),
            burning: burning.collect(),
            permanent,
        })
    }
}
