//! Changes of accounts from outside the programme: of what is known of them, and of their points.

use std::sync::Arc;

use super::super::Books;
use super::super::accounts::Account;
use super::super::accounts::update::AccountUpdate;
use super::super::change::Change;
use super::super::ids::AccountId;
use super::super::phone::Phone;
use super::accounts::{NewCoupon, NewIdentifier, check_coupons, check_lots};
use super::{Conflict, Conflicts, FieldConflict, Step};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{NewLot, POSTED_MAX};
use crate::loyalty::time::Time;

/// What to change of an account.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// What the API's own call can change, too.
    pub update: AccountUpdate,
    /// When it was opened.
    pub created_at: Change<Time>,
    /// The coupons, all of them.
    pub coupons: Change<Vec<NewCoupon>>,
    /// The points.
    pub points: NewPoints,
}

/// What becomes of the points of an account that is changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NewPoints {
    /// They stay.
    #[default]
    Stay,
    /// Their sum becomes this: what is missing comes as a lot that never burns, what is too much is taken soonest
    /// to burn first.
    Sum(Amount),
    /// These lots replace them.
    Lots(Vec<NewLot>),
}

impl Books {
    /// Changes an account; or tells all that speaks against it. Answers whether anything changed; a changed
    /// balance is an adjustment entry.
    pub fn change_account(
        &mut self,
        id: AccountId,
        change: AccountChange,
        now: Time,
    ) -> Result<bool, Vec<FieldConflict>> {
        let Some(old) = self.account(id).map(Arc::clone) else {
            let conflict = Conflict::UnknownAccount(id);
            return Err(vec![FieldConflict { path: vec![Step::Key("id")], conflict }]);
        };
        self.change_conflicts(&old, &change, now).into_result()?;

        let AccountChange { update, created_at, coupons, points } = change;
        self.carry_out_update(id, update);
        let coupons = match coupons {
            Change::Stays => None,
            Change::Is(coupons) => Some(self.new_coupons(coupons, now)),
        };
        self.change(id, |account, numbers| {
            created_at.apply(&mut account.created_at);
            account.coupons = coupons.unwrap_or_else(|| Arc::clone(&account.coupons));
            let changed = match points {
                NewPoints::Stay => Ok(Vec::new()),
                NewPoints::Sum(sum) => account.points.adjust(sum, now, numbers),
                NewPoints::Lots(lots) => {
                    let lots: Vec<NewLot> = lots.into_iter().filter(|lot| lot.is_usable(now)).collect();
                    account.points.replace_lots(&lots, now, numbers)
                }
            };
            changed.expect("sum and lots were checked before");
        });
        Ok(self.account(id) != Some(&old))
    }

    fn change_conflicts(&self, old: &Account, change: &AccountChange, now: Time) -> Conflicts {
        let mut conflicts = Conflicts::default();
        let AccountChange { update, coupons, points, .. } = change;
        if let Some(id) = update.group.given().copied().filter(|id| !self.groups.contains_key(id)) {
            conflicts.add("accountGroupId", Conflict::UnknownGroup(id));
        }
        if let Some(text) = update.phone.given().and_then(Option::as_deref) {
            match Phone::new(text).map(|phone| self.by_phone.get(phone.number())) {
                None => conflicts.add("phone", Conflict::BadPhone),
                Some(Some(other)) if *other != old.id => {
                    conflicts.add("phone", Conflict::DuplicatePhone(*other));
                }
                Some(_) => {}
            }
        }
        let orders = update.identifiers.given().map_or(&[][..], Vec::as_slice);
        let identifiers: Vec<NewIdentifier> = orders
            .iter()
            .map(|order| NewIdentifier { id: None, type_id: order.type_id, value: Arc::clone(&order.value) })
            .collect();
        self.check_new_identifiers(&identifiers, Some(old.id), &mut conflicts);
        let discount = update.discount.given().copied().flatten();
        if let Some(id) = discount.filter(|id| !self.discounts.contains_key(id)) {
            conflicts.add("discountId", Conflict::UnknownDiscount(id));
        }
        if update.turnover.given().is_some_and(|turnover| turnover.is_negative()) {
            conflicts.add("turnover", Conflict::AmountNegative);
        }
        if update.burning_days == Change::Is(Some(0)) {
            conflicts.add_at(&[Step::Key("burning"), Step::Key("days")], Conflict::DaysNotPositive);
        }
        check_coupons(coupons.given().map_or(&[], Vec::as_slice), &mut conflicts);
        match points {
            NewPoints::Sum(sum) if sum.is_negative() => conflicts.add("balance", Conflict::AmountNegative),
            NewPoints::Sum(sum) if *sum > POSTED_MAX => conflicts.add("balance", Conflict::BalanceOverLimit),
            NewPoints::Stay | NewPoints::Sum(_) => {}
            NewPoints::Lots(lots) => check_lots(lots, now, &mut conflicts),
        }
        conflicts
    }
}
