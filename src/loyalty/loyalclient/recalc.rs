//! `recalc`: what an operation would do. Changes nothing.

use super::id::ObjectId;
use super::records::{Client, Level, LevelKind, Point};
use super::{Books, Refusal};
use crate::loyalty::amount::{Amount, Percent, Rounding};

/// The operation to reckon.
#[derive(Clone, Debug)]
pub struct RecalcOrder {
    /// Whose; `None` if what was sent is no id.
    pub client: Option<ObjectId>,
    /// Where; `None` if what was sent is no id.
    pub point: Option<ObjectId>,
    /// The receipt's sum.
    pub amount: Amount,
    /// The caller's own holds.
    pub holds: Vec<ObjectId>,
}

/// What the operation would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recalc {
    /// The receipt's sum.
    pub amount: Amount,
    /// The operation's percentage, which may differ from the level's \[D\].
    pub percent: Percent,
    /// Whether points are accrued or the price reduced.
    pub kind: LevelKind,
    /// The most that can be spent.
    pub spend: Amount,
    /// What is accrued if nothing is spent.
    pub earn: Amount,
}

impl Books {
    /// Reckons an operation.
    pub fn recalc(&self, order: &RecalcOrder) -> Result<Recalc, Refusal> {
        let (client, point) = self.parties(order.client, order.point)?;
        Ok(self.reckon(client, point, order.amount, &order.holds))
    }

    /// What an operation of this client at this point would do.
    pub(super) fn reckon(&self, client: &Client, point: &Point, amount: Amount, own: &[ObjectId]) -> Recalc {
        let level = self.level_of(client);
        let percent = Books::percent_at(point, level);
        Recalc {
            amount,
            percent,
            kind: level.kind,
            spend: self.spend_limit(client, level, amount, own),
            earn: match level.kind {
                LevelKind::Discount => Amount::ZERO,
                LevelKind::Cashback => {
                    amount.percent(percent, self.rules.points.decimals, self.rules.points.rounding)
                }
            },
        }
    }

    /// The most that can be spent: min(available, amount × maxSpendPercent / 100), rounded down, whatever the
    /// rounding of accruals.
    fn spend_limit(&self, client: &Client, level: &Level, amount: Amount, own: &[ObjectId]) -> Amount {
        let decimals = self.rules.points.decimals;
        let share = amount.percent(level.max_spend_percent, decimals, Rounding::Floor);
        self.balance(client, level, own).floor(decimals).min(share)
    }
}
