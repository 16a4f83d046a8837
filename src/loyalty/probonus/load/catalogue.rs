//! Discounts, identifier types and account groups from outside.

use std::sync::Arc;

use super::super::Books;
use super::super::account_groups::{Group, Template};
use super::super::discounts::{Discount, Kind, Rate, Source, Step as LadderStep};
use super::super::identifier_types::IdentifierType;
use super::super::ids::{DiscountId, GroupId, IdentifierTypeId};
use super::{Conflict, Conflicts, FieldConflict, Step};
use crate::loyalty::amount::Percent;

/// A discount to be added.
#[derive(Clone, Debug, Default)]
pub struct NewDiscount {
    /// The id; left out: the next one.
    pub id: Option<DiscountId>,
    /// The name.
    pub name: Box<str>,
    /// Where it comes from.
    pub source: Source,
    /// What it gives.
    pub kind: Kind,
    /// How much, always the same; without steps left out: nothing.
    pub percent: Option<Percent>,
    /// How much, by turnover.
    pub steps: Option<Vec<LadderStep>>,
}

/// A group to be added.
#[derive(Clone, Debug, Default)]
pub struct NewGroup {
    /// The id; left out: the next one.
    pub id: Option<GroupId>,
    /// The name.
    pub name: Box<str>,
    /// Left out: whether a template is given.
    pub have_template: Option<bool>,
    /// The template.
    pub template: Option<Template>,
}

impl Books {
    /// Adds a discount, or puts it in the place of the one with its id if `replace` says so; `r_keeper`'s too.
    pub fn add_discount(
        &mut self,
        new: NewDiscount,
        replace: bool,
    ) -> Result<DiscountId, Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if new.id.is_some_and(|id| !replace && self.discounts.contains_key(&id)) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        // An answer's `percent` beside its `steps` is null.
        let percent = if new.steps.is_none() { new.percent.or(Some(Percent::NONE)) } else { new.percent };
        let rate = Rate::new(percent, new.steps).map_err(|refusal| {
            conflicts.add("steps", Conflict::BadRate(refusal.name()));
        });
        conflicts.into_result()?;

        let rate = rate.expect("what is no rate was told as a conflict");
        let id = self.counts.discounts.take_or(new.id);
        let discount = Discount { id, name: new.name, source: new.source, kind: new.kind, rate };
        self.discounts.insert(id, Arc::new(discount));
        Ok(id)
    }

    /// Adds an identifier type, or puts it in the place of the one with its id if `replace` says so. Without an
    /// id it gets the next one.
    pub fn add_identifier_type(
        &mut self,
        id: Option<IdentifierTypeId>,
        new: IdentifierType,
        replace: bool,
    ) -> Result<IdentifierTypeId, Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if id.is_some_and(|id| !replace && self.identifier_types.contains_key(&id)) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if let Some((one, other)) = id.filter(|_| new.unique).and_then(|id| self.alike(id)) {
            conflicts.add("unique", Conflict::IdentifiersAlike(one, other));
        }
        conflicts.into_result()?;

        let id = self.counts.identifier_types.take_or(id);
        self.identifier_types.insert(id, Arc::new(IdentifierType { id, ..new }));
        Ok(id)
    }

    /// Adds a group, or puts it in the place of the one with its id if `replace` says so; its accounts stay
    /// counted.
    pub fn add_group(&mut self, new: NewGroup, replace: bool) -> Result<GroupId, Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        if new.id.is_some_and(|id| !replace && self.groups.contains_key(&id)) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if let Some(template) = &new.template {
            let mut add = |path: &[&'static str], conflict| {
                let path = [&["template"], path].concat();
                conflicts.add_at(&path.into_iter().map(Step::Key).collect::<Vec<_>>(), conflict);
            };
            if let Some(id) = template.discount.filter(|id| !self.discounts.contains_key(id)) {
                add(&["discountId"], Conflict::UnknownDiscount(id));
            }
            if template.welcome_bonus.is_negative() {
                add(&["welcomeBonus"], Conflict::AmountNegative);
            }
            if template.burning_days == Some(0) {
                add(&["burning", "days"], Conflict::DaysNotPositive);
            }
        }
        conflicts.into_result()?;

        let id = self.counts.groups.take_or(new.id);
        let have_template = new.have_template.unwrap_or(new.template.is_some());
        let template = new.template.or_else(|| have_template.then(Template::default));
        let accounts_count = self.groups.get(&id).map_or(0, |group| group.accounts_count);
        let group = Group { id, name: new.name, have_template, template, accounts_count };
        self.groups.insert(id, Arc::new(group));
        Ok(id)
    }

    /// Sets what a group counts of its accounts: once all of a fixture's are added, as what it gives is the
    /// starting value. Later accounts are counted on from there.
    pub fn set_accounts_count(&mut self, id: GroupId, count: u64) {
        if self.groups.contains_key(&id) {
            self.count_in_group(id, |_| count);
        }
    }
}
