//! `/loyalty/settings/` and its write-off rules: what a purchase gives, and the sums a cashier is offered.

use std::sync::Arc;

use super::balance::Sum;
use super::currency::Currency;
use super::ids::TemplateId;
use super::{Books, Refusal};
use crate::loyalty::amount::{Amount, Decimals, Percent, Rounding};
use crate::loyalty::time::{Period, Time};

/// A preset sum, offered to the cashier and not enforced \[I\].
pub type Preset = Sum;

/// What purchases give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether they give anything at all: neither points nor coupons, if not \[D, I\].
    pub active: bool,
    /// In what it is given.
    pub currency: Currency,
    /// For the first purchase \[D\].
    pub new_customer: Cashback,
    /// For all later ones \[D\].
    pub customer: Cashback,
}

/// What one purchase gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cashback {
    /// The template of the coupon that is issued.
    pub coupon: Option<TemplateId>,
    /// How `amount` is meant.
    pub kind: CashbackKind,
    /// A fixed sum, or per cent of the order's; left out: nothing.
    pub amount: Option<Amount>,
    /// After how many days the points burn \[D\]; left out: never.
    pub valid_days: Option<u32>,
}

/// How the amount of a cashback is meant \[D\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CashbackKind {
    /// A fixed sum.
    Amount,
    /// A percentage of the order's sum.
    #[default]
    Percentage,
}

impl CashbackKind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            CashbackKind::Amount => "amount",
            CashbackKind::Percentage => "percentage",
        }
    }

    /// The kind of this name.
    pub fn read(name: &str) -> Result<CashbackKind, Refusal> {
        match name {
            "amount" => Ok(CashbackKind::Amount),
            "percentage" => Ok(CashbackKind::Percentage),
            _ => Err(Refusal::UnknownCashbackType { given: name.into() }),
        }
    }
}

impl Cashback {
    /// What is accrued on `base`: a percentage is rounded half up to the hundredth \[I\].
    pub(super) fn on(&self, base: Amount) -> Amount {
        let amount = self.amount.unwrap_or_default();
        match self.kind {
            CashbackKind::Amount => amount,
            CashbackKind::Percentage => {
                let percent = Percent::new(amount).expect("percentages are checked when settings are put");
                base.percent(percent, Decimals::Two, Rounding::HalfUp)
            }
        }
    }

    /// When points that are accrued now burn; what would outlive the year 9999 never does.
    pub(super) fn expires_at(&self, now: Time) -> Option<Time> {
        now.checked_add(Period::days(self.valid_days?))
    }

    fn check(&self, books: &Books) -> Result<(), Refusal> {
        let amount = self.amount.unwrap_or_default();
        if amount.is_negative() {
            return Err(Refusal::AmountNegative);
        }
        if self.kind == CashbackKind::Percentage && Percent::new(amount).is_none() {
            return Err(Refusal::PercentageOverLimit);
        }
        if self.valid_days == Some(0) {
            return Err(Refusal::ValidDaysNotPositive);
        }
        match self.coupon {
            Some(id) if books.templates.get(&id).is_none_or(|template| template.deleted) => {
                Err(Refusal::UnknownTemplate { id })
            }
            _ => Ok(()),
        }
    }
}

impl Books {
    /// What purchases give.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Replaces what purchases give.
    ///
    /// Refuses, of the first purchase's part before the later ones': a sum under zero; more than 100 %; points
    /// that would burn at once; a template that is not there or deleted \[I\].
    pub fn put_settings(&mut self, settings: Settings) -> Result<(), Refusal> {
        settings.new_customer.check(self)?;
        settings.customer.check(self)?;
        self.settings = Arc::new(settings);
        Ok(())
    }

    /// The sums a cashier is offered.
    pub fn presets(&self) -> &[Preset] {
        &self.presets
    }

    /// Replaces the sums a cashier is offered: fixtures do, no call does.
    pub fn put_presets(&mut self, presets: Vec<Preset>) {
        self.presets = presets.into();
    }
}
