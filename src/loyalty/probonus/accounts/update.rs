//! `accounts.update`: changes the fields that are given; the others stay \[D\].

use std::sync::Arc;

use chrono::NaiveDate;

use super::super::account_groups::check_days;
use super::super::change::Change;
use super::super::ids::{AccountId, DiscountId, GroupId};
use super::super::phone::Phone;
use super::super::{Books, Refusal};
use super::identifiers::IdentifierOrder;
use super::{Account, Sex};
use crate::loyalty::amount::Amount;

/// What to change of an account.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // the others' names say it
pub struct AccountUpdate {
    pub group: Change<GroupId>,
    pub last_name: Change<Option<Box<str>>>,
    pub first_name: Change<Option<Box<str>>>,
    pub patronymic: Change<Option<Box<str>>>,
    pub birthday: Change<Option<NaiveDate>>,
    pub sex: Change<Option<Sex>>,
    pub email: Change<Option<Box<str>>>,
    pub comment: Change<Option<Box<str>>>,
    pub phone: Change<Option<Box<str>>>,
    /// All of them: those that are left out go \[I\].
    pub identifiers: Change<Vec<IdentifierOrder>>,
    /// Overrides the step of a ladder: the account stands where its turnover is now, on the discount that is
    /// given.
    pub discount: Change<Option<DiscountId>>,
    /// Moves a ladder's step up, if the account climbs one \[I\].
    pub turnover: Change<Amount>,
    /// After how many days points that come from now on burn; those that are there stay as they are \[I\].
    pub burning_days: Change<Option<u32>>,
    pub is_active: Change<bool>,
}

impl Books {
    /// Changes an account.
    ///
    /// Refuses: an unknown account; an unknown group; a phone and identifiers as [`Books::insert_by_template`]
    /// does; an unknown discount; a turnover under zero; points that would burn at once.
    pub fn update_account(&mut self, id: AccountId, update: AccountUpdate) -> Result<Arc<Account>, Refusal> {
        self.find_account(id)?;
        if let Some(group) = update.group.given() {
            self.find_group(*group)?;
        }
        self.check_phone(update.phone.given().and_then(Option::as_deref), Some(id))?;
        self.check_identifiers(update.identifiers.given().map_or(&[], Vec::as_slice), Some(id))?;
        self.check_discount(update.discount.given().copied().flatten())?;
        if update.turnover.given().is_some_and(|turnover| turnover.is_negative()) {
            return Err(Refusal::AmountNegative);
        }
        check_days(update.burning_days.given().copied().flatten())?;

        self.carry_out_update(id, update);
        Ok(Arc::clone(self.known_account(id)))
    }

    /// Changes an account as was checked before, and the indexes with it.
    pub(in super::super) fn carry_out_update(&mut self, id: AccountId, update: AccountUpdate) {
        let old = Arc::clone(self.known_account(id));
        if let Change::Is(group) = update.group
            && group != old.group
        {
            self.by_group.remove(&(old.group, id));
            self.by_group.insert((group, id));
            self.count_in_group(old.group, |count| count.saturating_sub(1));
            self.count_in_group(group, |count| count.saturating_add(1));
        }
        let phone = match update.phone {
            Change::Stays => old.phone.clone(),
            Change::Is(text) => text.as_deref().and_then(Phone::new),
        };
        old.phone.as_ref().map(|phone| self.by_phone.remove(phone.number()));
        phone.as_ref().map(|phone| self.by_phone.insert(Arc::clone(phone.number()), id));
        let identifiers = match update.identifiers {
            Change::Stays => Arc::clone(&old.identifiers),
            Change::Is(orders) => self.new_identifiers(orders, &old.identifiers),
        };
        self.index_identifiers(&old, false);

        self.change(id, |account, _| {
            account.phone = phone;
            account.identifiers = identifiers;
            update.group.apply(&mut account.group);
            update.last_name.apply(&mut account.profile.last_name);
            update.first_name.apply(&mut account.profile.first_name);
            update.patronymic.apply(&mut account.profile.patronymic);
            update.birthday.apply(&mut account.profile.birthday);
            update.sex.apply(&mut account.profile.sex);
            update.email.apply(&mut account.profile.email);
            update.comment.apply(&mut account.profile.comment);
            update.burning_days.apply(&mut account.burning_days);
            update.is_active.apply(&mut account.is_active);
            if let Change::Is(turnover) = update.turnover {
                account.set_turnover(turnover);
            }
            if let Change::Is(discount) = update.discount {
                account.discount = discount;
                account.turnover_peak = account.turnover;
            }
        });
        let changed = Arc::clone(self.known_account(id));
        self.index_identifiers(&changed, true);
    }
}

impl Account {
    /// Sets the turnover; a ladder's step follows it upwards.
    pub(in super::super) fn set_turnover(&mut self, turnover: Amount) {
        self.turnover = turnover;
        self.turnover_peak = self.turnover_peak.max(turnover);
    }
}
