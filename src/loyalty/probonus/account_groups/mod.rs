//! `account_groups.*`: the record, read, made and changed; [`operations`] on all accounts of a group.

pub mod operations;

use std::sync::Arc;

use super::change::Change;
use super::ids::{DiscountId, GroupId};
use super::{Books, Refusal};
use crate::loyalty::amount::Amount;

/// A group of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id \[D\].
    pub id: GroupId,
    /// The name.
    pub name: Box<str>,
    /// «Шаблон для API»: whether accounts may be opened by template \[D\].
    pub have_template: bool,
    /// What such an account gets; not shown while `have_template` is false \[I\].
    pub template: Option<Template>,
    /// How many accounts there are in it, those that are not active too.
    pub accounts_count: u64,
}

/// What an account that is opened by template gets: level, welcome bonus, burning \[D\].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The discount or bonus.
    pub discount: Option<DiscountId>,
    /// The points it begins with; nothing is none.
    pub welcome_bonus: Amount,
    /// After how many days its points burn; more than none. Left out: never.
    pub burning_days: Option<u32>,
    /// After how many days the welcome bonus and accruals at the till can be spent.
    pub activation_delay_days: u32,
}

impl Group {
    /// The template, if there is one for the API.
    pub fn template(&self) -> Option<&Template> {
        self.template.as_ref().filter(|_| self.have_template)
    }
}

/// A group to be made.
#[derive(Clone, Debug, Default)]
pub struct GroupOrder {
    /// The name.
    pub name: Box<str>,
    /// Left out: whether a template is given \[I\].
    pub have_template: Option<bool>,
    /// Left out: one that gives nothing, if the group has one \[I\].
    pub template: Option<Template>,
}

/// What to change of a group.
#[derive(Clone, Debug, Default)]
pub struct GroupUpdate {
    /// The name.
    pub name: Change<Box<str>>,
    /// Left out: true if a template is given, false if it is `null`, else as it was \[I\].
    pub have_template: Change<bool>,
    /// As a whole \[I\].
    pub template: Change<Option<Template>>,
}

impl Books {
    /// `account_groups.list`, by id.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Arc<Group>> {
        self.groups.values()
    }

    /// A group, if it is there.
    pub fn group(&self, id: GroupId) -> Option<&Arc<Group>> {
        self.groups.get(&id)
    }

    /// `account_groups.get_by_id`, and the group that a call names.
    pub fn find_group(&self, id: GroupId) -> Result<&Arc<Group>, Refusal> {
        self.groups.get(&id).ok_or(Refusal::GroupNotFound { id })
    }

    /// `account_groups.insert`.
    ///
    /// Refuses: a template with an unknown discount, with a bonus under zero, or whose points would burn at once.
    pub fn insert_group(&mut self, order: GroupOrder) -> Result<Arc<Group>, Refusal> {
        let have_template = order.have_template.unwrap_or(order.template.is_some());
        self.check_template(order.template.as_ref())?;

        let template = order.template.or_else(|| have_template.then(Template::default));
        let id = self.counts.groups.take();
        let group = Arc::new(Group { id, name: order.name, have_template, template, accounts_count: 0 });
        self.groups.insert(id, Arc::clone(&group));
        Ok(group)
    }

    /// `account_groups.update`. Accounts that are there stay as they are \[I\].
    ///
    /// Refuses: an unknown group; a template as [`Books::insert_group`] does.
    pub fn update_group(&mut self, id: GroupId, update: GroupUpdate) -> Result<Arc<Group>, Refusal> {
        let mut group = Group::clone(self.find_group(id)?);
        self.check_template(update.template.given().and_then(Option::as_ref))?;

        update.name.apply(&mut group.name);
        if let Some(template) = update.template.given() {
            group.have_template = template.is_some();
        }
        update.have_template.apply(&mut group.have_template);
        update.template.apply(&mut group.template);
        if group.have_template {
            group.template.get_or_insert_default();
        }
        let group = Arc::new(group);
        self.groups.insert(id, Arc::clone(&group));
        Ok(group)
    }

    fn check_template(&self, template: Option<&Template>) -> Result<(), Refusal> {
        let Some(template) = template else { return Ok(()) };
        self.check_discount(template.discount)?;
        if template.welcome_bonus.is_negative() {
            return Err(Refusal::AmountNegative);
        }
        check_days(template.burning_days)
    }

    /// Counts an account in, or out of, a group.
    pub(super) fn count_in_group(&mut self, id: GroupId, count: impl FnOnce(u64) -> u64) {
        let group = Arc::make_mut(self.groups.get_mut(&id).expect("an account's group is there"));
        group.accounts_count = count(group.accounts_count);
    }
}

/// Checks that points which burn after so many days do not burn at once.
pub(super) fn check_days(days: Option<u32>) -> Result<(), Refusal> {
    if days == Some(0) { Err(Refusal::BurnDaysNotPositive) } else { Ok(()) }
}
