//! Rules, settings, contact info, templates, sale points and pictures from outside.

use std::sync::Arc;

use super::super::Books;
use super::super::ids::{SalePointId, TemplateId};
use super::super::image::{Image, Picture, Upload};
use super::super::rules::Rules;
use super::super::sale_points::SalePoint;
use super::super::settings::{Cashback, CashbackKind, Settings};
use super::super::templates::Template;
use super::{Conflict, Conflicts, FieldConflict, Step};
use crate::loyalty::amount::{Amount, Percent};

impl Books {
    /// Sets the programme's switches.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = Arc::new(rules);
    }

    /// Sets what purchases give; or tells all that speaks against it. A template that is deleted is allowed: it may
    /// have been deleted since.
    pub fn set_settings(&mut self, settings: Settings) -> Result<(), Vec<FieldConflict>> {
        let mut conflicts = Conflicts::default();
        self.check_cashback("newCustomerSettings", &settings.new_customer, &mut conflicts);
        self.check_cashback("customerSettings", &settings.customer, &mut conflicts);
        conflicts.into_result()?;

        self.settings = Arc::new(settings);
        Ok(())
    }

    fn check_cashback(&self, part: &'static str, cashback: &Cashback, conflicts: &mut Conflicts) {
        let mut add = |field, conflict| conflicts.add_at(&[Step::Key(part), Step::Key(field)], conflict);
        if let Some(id) = cashback.coupon.filter(|id| !self.templates.contains_key(id)) {
            add("couponId", Conflict::UnknownTemplate(id));
        }
        let amount = cashback.amount.unwrap_or(Amount::ZERO);
        if amount.is_negative() {
            add("amount", Conflict::AmountNegative);
        } else if cashback.kind == CashbackKind::Percentage && Percent::new(amount).is_none() {
            add("amount", Conflict::PercentageOverLimit);
        }
        if cashback.valid_days == Some(0) {
            add("validDays", Conflict::ValidDaysNotPositive);
        }
    }

    /// Adds a template. An id of 0 is counted on.
    pub fn add_template(&mut self, mut template: Template) -> Result<TemplateId, Vec<FieldConflict>> {
        if template.id.0 != 0 && self.templates.contains_key(&template.id) {
            return Err(vec![FieldConflict::new("id", Conflict::DuplicateId)]);
        }
        let given = Some(template.id).filter(|id| id.0 != 0);
        template.id = self.counts.templates.take_or(given);
        let id = template.id;
        self.templates.insert(id, Arc::new(template));
        Ok(id)
    }

    /// Makes a template that is there what `template` says; answers whether anything changed. A stored picture that
    /// it no longer shows is forgotten.
    pub fn change_template(&mut self, template: Template) -> bool {
        let id = template.id;
        let picture = template.picture.clone();
        let changed = self.templates.get(&id).is_none_or(|old| **old != template);
        let old = self.templates.insert(id, Arc::new(template)).and_then(|old| old.picture.clone());
        if old != picture {
            self.discard(old);
        }
        changed
    }

    /// Adds a sale point. An id of 0 is counted on.
    pub fn add_sale_point(&mut self, mut point: SalePoint) -> Result<SalePointId, Vec<FieldConflict>> {
        if point.id.0 != 0 && self.sale_points.contains_key(&point.id) {
            return Err(vec![FieldConflict::new("id", Conflict::DuplicateId)]);
        }
        let given = Some(point.id).filter(|id| id.0 != 0);
        point.id = self.counts.sale_points.take_or(given);
        let id = point.id;
        self.sale_points.insert(id, Arc::new(point));
        Ok(id)
    }

    /// Makes a sale point that is there what `point` says; answers whether anything changed.
    pub fn change_sale_point(&mut self, point: SalePoint) -> bool {
        let changed = self.sale_points.get(&point.id).is_none_or(|old| **old != point);
        self.sale_points.insert(point.id, Arc::new(point));
        changed
    }

    /// Stores a picture under its own name, or under a new one.
    pub fn store_named(&mut self, name: Option<Arc<str>>, upload: Upload) -> Result<Picture, FieldConflict> {
        let Some(name) = name else {
            return Ok(self.store(upload));
        };
        if self.images.contains_key(&name) {
            return Err(FieldConflict::new("name", Conflict::DuplicateImage));
        }
        let Upload { content_type, bytes } = upload;
        let image = Arc::new(Image { name: Arc::clone(&name), content_type, bytes });
        self.images.insert(name, Arc::clone(&image));
        Ok(Picture::Stored(image))
    }

    /// Sets the logo: a stored one, or a fixture's URL.
    pub fn set_logo(&mut self, logo: Option<Picture>) {
        let old = std::mem::replace(&mut self.logo, logo);
        if old != self.logo {
            self.discard(old);
        }
    }
}
