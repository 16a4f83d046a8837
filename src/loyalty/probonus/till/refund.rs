//! A return of a whole check: undoes what the sale did to the points and the turnover.

use std::sync::Arc;

use super::super::accounts::{Note, TransactionKind};
use super::super::checks::Check;
use super::super::ids::{AccountId, CheckId};
use super::super::{Books, Refusal};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{LotId, POSTED_MAX, Spent};
use crate::loyalty::time::Time;

impl Books {
    /// Returns a check. The points paid go back to their lots, those of a lot that has burnt meanwhile stay burnt
    /// \[I\]; then the accrued ones are taken back as far as they are left: from their own lot, and no others \[I\].
    /// The turnover is lowered, a ladder's step stays. An account that is not active any more gets its points, too
    /// \[I\].
    ///
    /// Refuses: an unknown check; one that was returned before; a balance over the ledger's limit.
    pub fn refund(&mut self, id: CheckId, now: Time) -> Result<Arc<Check>, Refusal> {
        let check = self.find_check(id)?;
        if check.refunded_at.is_some() {
            return Err(Refusal::CheckRefunded { id });
        }
        if let Some(account) = check.account {
            let posted = self.known_account(account).points.posted();
            let given_back = check.effects.spent.as_ref().map_or(Amount::ZERO, Spent::left);
            if given_back > POSTED_MAX - posted {
                return Err(Refusal::BalanceOverLimit { account });
            }
        }

        let mut check = Check::clone(check);
        if let Some(account) = check.account {
            self.give_back(account, &mut check, now);
            self.take_back(account, &check, now);
            let money = check.money_paid();
            self.change(account, |account, _| {
                account.set_turnover((account.turnover - money).max(Amount::ZERO));
            });
        }
        check.refunded_at = Some(now);
        Ok(self.insert_check(check))
    }

    fn give_back(&mut self, account: AccountId, check: &mut Check, now: Time) {
        let Some(spent) = check.effects.spent.as_mut().filter(|spent| spent.left().is_positive()) else {
            return;
        };
        let (left, note) = (spent.left(), refund_note(check.id));
        self.change(account, |account, numbers| {
            let given = account
                .points
                .give_back(spent, left, now, numbers)
                .expect("what is left is over zero, and the limit was checked before");
            if given.returned.is_positive() {
                account.note_last(note);
            }
        });
    }

    fn take_back(&mut self, account: AccountId, check: &Check, now: Time) {
        let points = &self.known_account(account).points;
        let left = match check.effects.lot {
            Some(lot) => points.lots().find(|it| it.id == lot).map_or(Amount::ZERO, |lot| lot.amount),
            // The lot of a fixture's check is not known: the soonest to burn stand for it.
            None => points.posted(),
        };
        let amount = check.bonus_accrued.min(left);
        if !amount.is_positive() {
            return;
        }
        // No lot has the number 0.
        let lot = check.effects.lot.unwrap_or(LotId(0));
        let note = refund_note(check.id);
        self.change(account, |account, numbers| {
            let (_, holds) =
                account.points.take_back(lot, amount, now, numbers).expect("the amount is more than nothing");
            debug_assert!(holds.is_empty(), "ProBonus holds nothing");
            account.note_last(note);
        });
    }
}

fn refund_note(check: CheckId) -> Note {
    Note { kind: TransactionKind::Refund, comment: None, check: Some(check) }
}
