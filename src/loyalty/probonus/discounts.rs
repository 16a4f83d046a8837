//! `discounts.*`: the discounts read from `r_keeper`, and the composite ones: ladders, which are made here.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::Account;
use super::change::Change;
use super::ids::DiscountId;
use super::{Books, Refusal};
use crate::loyalty::amount::{Amount, Percent};

/// The most steps a ladder has \[I\].
pub const STEPS_MAX: usize = 100;

/// A discount, or a bonus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    /// The id.
    pub id: DiscountId,
    /// The name.
    pub name: Box<str>,
    /// Where it comes from.
    pub source: Source,
    /// What it gives.
    pub kind: Kind,
    /// How much.
    pub rate: Rate,
}

/// Where a discount comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "DiscountSource")]
pub enum Source {
    /// Read from `r_keeper`: cannot be changed \[D\].
    Rkeeper,
    /// Made here \[D\].
    #[default]
    Composite,
}

impl Source {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Rkeeper => "rkeeper",
            Source::Composite => "composite",
        }
    }
}

/// What a discount gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "ProbonusDiscountKind")]
pub enum Kind {
    /// A lower price.
    Discount,
    /// Points.
    #[default]
    Bonus,
}

impl Kind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Discount => "discount",
            Kind::Bonus => "bonus",
        }
    }
}

/// How much a discount gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Always the same.
    Fixed(Percent),
    /// More with the turnover: the steps by their thresholds.
    Ladder(Arc<[Step]>),
}

/// A step of a ladder, reached when turnover ≥ threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The turnover.
    pub threshold: Amount,
    /// What is given from there on.
    pub percent: Percent,
}

impl Rate {
    /// A percent, or a ladder of these steps in any order; not both.
    ///
    /// Refuses: both; neither; too many steps; a threshold under zero; one that is there twice.
    pub fn new(percent: Option<Percent>, steps: Option<Vec<Step>>) -> Result<Rate, Refusal> {
        let mut steps = match (percent, steps) {
            (Some(_), Some(_)) => return Err(Refusal::PercentAndSteps),
            (Some(percent), None) => return Ok(Rate::Fixed(percent)),
            (None, Some(steps)) if !steps.is_empty() => steps,
            (None, _) => return Err(Refusal::PercentOrStepsMissing),
        };
        if steps.len() > STEPS_MAX {
            return Err(Refusal::TooManySteps);
        }
        if steps.iter().any(|step| step.threshold.is_negative()) {
            return Err(Refusal::ThresholdNegative);
        }
        steps.sort_by_key(|step| step.threshold);
        if let Some(pair) = steps.windows(2).find(|pair| pair[0].threshold == pair[1].threshold) {
            return Err(Refusal::ThresholdRepeated { threshold: pair[0].threshold });
        }
        Ok(Rate::Ladder(steps.into()))
    }

    /// The percent of this turnover and, of a ladder, the number of the step, from 1 upwards; 0 is below the
    /// first, where nothing is given \[I\].
    pub fn at(&self, turnover: Amount) -> (Percent, Option<usize>) {
        match self {
            Rate::Fixed(percent) => (*percent, None),
            Rate::Ladder(steps) => {
                let reached = steps.partition_point(|step| step.threshold <= turnover);
                let step = reached.checked_sub(1).and_then(|place| steps.get(place));
                (step.map_or(Percent::NONE, |step| step.percent), Some(reached))
            }
        }
    }

    /// The turnover from which a ladder's step of this number is reached.
    pub fn threshold_of(&self, step: usize) -> Option<Amount> {
        match self {
            Rate::Fixed(_) => None,
            Rate::Ladder(steps) => {
                step.checked_sub(1).and_then(|place| steps.get(place)).map(|it| it.threshold)
            }
        }
    }
}

/// The discount of an account as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrentDiscount<'a> {
    /// Which.
    pub discount: &'a Discount,
    /// What it gives now.
    pub percent: Percent,
    /// The number of a ladder's step, from 1 upwards; 0 is below the first.
    pub step: Option<usize>,
}

/// A discount to be made: a composite one \[D\].
#[derive(Clone, Debug)]
pub struct DiscountOrder {
    /// The name.
    pub name: Box<str>,
    /// What it gives.
    pub kind: Kind,
    /// How much, always the same.
    pub percent: Option<Percent>,
    /// How much, by turnover.
    pub steps: Option<Vec<Step>>,
}

/// What to change of a discount.
#[derive(Clone, Debug, Default)]
pub struct DiscountUpdate {
    /// The name.
    pub name: Change<Box<str>>,
    /// What it gives.
    pub kind: Change<Kind>,
    /// A percent in the place of what is given now; none says nothing.
    pub percent: Option<Percent>,
    /// A ladder in the place of what is given now; none says nothing.
    pub steps: Option<Vec<Step>>,
}

impl Books {
    /// `discounts.list`, by id.
    pub fn discounts(&self) -> impl ExactSizeIterator<Item = &Arc<Discount>> {
        self.discounts.values()
    }

    /// A discount.
    pub fn discount(&self, id: DiscountId) -> Option<&Arc<Discount>> {
        self.discounts.get(&id)
    }

    /// The discount of an account, at the step that its turnover has reached.
    pub fn discount_of(&self, account: &Account) -> Option<CurrentDiscount<'_>> {
        let discount = self.discounts.get(&account.discount?)?;
        let (percent, step) = discount.rate.at(account.turnover_peak);
        Some(CurrentDiscount { discount, percent, step })
    }

    /// `discounts.insert`: makes a composite discount.
    ///
    /// Refuses: a percent and steps, or neither; steps that are no ladder.
    pub fn insert_discount(&mut self, order: DiscountOrder) -> Result<Arc<Discount>, Refusal> {
        let rate = Rate::new(order.percent, order.steps)?;
        let id = self.counts.discounts.take();
        let discount =
            Arc::new(Discount { id, name: order.name, source: Source::Composite, kind: order.kind, rate });
        self.discounts.insert(id, Arc::clone(&discount));
        Ok(discount)
    }

    /// `discounts.update`. A ladder's new steps hold at once for all who climb it, from the turnover they have
    /// reached \[I\].
    ///
    /// Refuses: an unknown discount; one of `r_keeper`'s \[D\]; a percent and steps; steps that are no ladder.
    pub fn update_discount(
        &mut self,
        id: DiscountId,
        update: DiscountUpdate,
    ) -> Result<Arc<Discount>, Refusal> {
        let old = self.discounts.get(&id).ok_or(Refusal::DiscountNotFound { id })?;
        if old.source == Source::Rkeeper {
            return Err(Refusal::RkeeperDiscount { id });
        }
        let rate = match (update.percent, update.steps) {
            (None, None) => old.rate.clone(),
            (percent, steps) => Rate::new(percent, steps)?,
        };

        let mut discount = Discount { rate, ..Discount::clone(old) };
        update.name.apply(&mut discount.name);
        update.kind.apply(&mut discount.kind);
        let discount = Arc::new(discount);
        self.discounts.insert(id, Arc::clone(&discount));
        Ok(discount)
    }

    /// Checks that the discount that is named is there.
    pub(super) fn check_discount(&self, id: Option<DiscountId>) -> Result<(), Refusal> {
        match id {
            Some(id) if !self.discounts.contains_key(&id) => Err(Refusal::DiscountNotFound { id }),
            _ => Ok(()),
        }
    }
}
