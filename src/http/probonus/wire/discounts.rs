//! Discounts, bonuses and ladders.

use serde::Serialize;

use crate::http::probonus::fields::{Fields, Place, kinds};
use crate::loyalty::amount::{Amount, Percent};
use crate::loyalty::probonus::discounts::{
    Discount, DiscountOrder, DiscountUpdate, Kind, Rate, STEPS_MAX, Step,
};
use crate::loyalty::probonus::ids::DiscountId;

#[derive(Serialize)]
pub(in crate::http::probonus) struct WireDiscount<'a> {
    id: u64,
    name: &'a str,
    source: &'static str,
    kind: &'static str,
    percent: Option<Percent>,
    steps: Option<Vec<WireStep>>,
}

#[derive(Serialize)]
struct WireStep {
    threshold: Amount,
    percent: Percent,
}

pub(in crate::http::probonus) fn discount(discount: &Discount) -> WireDiscount<'_> {
    let step = |step: &Step| WireStep { threshold: step.threshold, percent: step.percent };
    let (percent, steps) = match &discount.rate {
        Rate::Fixed(percent) => (Some(*percent), None),
        Rate::Ladder(steps) => (None, Some(steps.iter().map(step).collect())),
    };
    WireDiscount {
        id: discount.id.0,
        name: &discount.name,
        source: discount.source.name(),
        kind: discount.kind.name(),
        percent,
        steps,
    }
}

pub(in crate::http::probonus) fn insert(fields: &Fields<'_, '_>) -> Option<DiscountOrder> {
    let name = fields.required("name", kinds::kept);
    let kind = fields.optional("kind", kind);
    let percent = fields.optional("percent", kinds::percent);
    let steps = fields.optional("steps", steps);
    Some(DiscountOrder { name: name?, kind: kind?.unwrap_or_default(), percent: percent?, steps: steps? })
}

pub(in crate::http::probonus) fn update(fields: &Fields<'_, '_>) -> Option<(DiscountId, DiscountUpdate)> {
    let id = fields.required("id", kinds::id);
    let name = fields.change("name", kinds::kept);
    let kind = fields.change("kind", kind);
    let percent = fields.optional("percent", kinds::percent);
    let steps = fields.optional("steps", steps);
    Some((id?, DiscountUpdate { name: name?, kind: kind?, percent: percent?, steps: steps? }))
}

fn kind(place: Place<'_, '_>) -> Option<Kind> {
    let kinds = [Kind::Discount, Kind::Bonus].map(|kind| (kind.name(), kind));
    kinds::one_of(&place, &kinds, "'discount' or 'bonus'")
}

/// The steps of a ladder. Of too many there are read just so many as the rules need to refuse them.
fn steps(place: Place<'_, '_>) -> Option<Vec<Step>> {
    place.first(STEPS_MAX + 1, |place| {
        place.object(|fields| {
            let threshold = fields.required("threshold", kinds::sum);
            let percent = fields.required("percent", kinds::percent);
            Some(Step { threshold: threshold?, percent: percent? })
        })
    })
}
