//! Groups of accounts, and their templates.

use serde::Serialize;

use super::Burning;
use super::operations::{self, GivenOperation};
use crate::http::probonus::fields::{Fields, Place, kinds};
use crate::loyalty::amount::Amount;
use crate::loyalty::probonus::account_groups::operations::GroupOutcome;
use crate::loyalty::probonus::account_groups::{Group, GroupOrder, GroupUpdate, Template};
use crate::loyalty::probonus::ids::GroupId;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct WireGroup<'a> {
    id: u64,
    name: &'a str,
    have_template: bool,
    template: Option<WireTemplate>,
    accounts_count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireTemplate {
    discount_id: Option<u64>,
    welcome_bonus: Amount,
    burning: Option<Burning>,
    activation_delay_days: u32,
}

pub(in crate::http::probonus) fn group(group: &Group) -> WireGroup<'_> {
    let template = |template: &Template| WireTemplate {
        discount_id: template.discount.map(u64::from),
        welcome_bonus: template.welcome_bonus,
        burning: Burning::after(template.burning_days),
        activation_delay_days: template.activation_delay_days,
    };
    WireGroup {
        id: group.id.0,
        name: &group.name,
        have_template: group.have_template,
        template: group.template().map(template),
        accounts_count: group.accounts_count,
    }
}

pub(in crate::http::probonus) fn insert(fields: &Fields<'_, '_>) -> Option<GroupOrder> {
    let name = fields.required("name", kinds::kept);
    let have_template = fields.optional("haveTemplate", kinds::flag);
    let template = fields.optional("template", template);
    Some(GroupOrder { name: name?, have_template: have_template?, template: template? })
}

pub(in crate::http::probonus) fn update(fields: &Fields<'_, '_>) -> Option<(GroupId, GroupUpdate)> {
    let id = fields.required("id", kinds::id);
    let name = fields.change("name", kinds::kept);
    let have_template = fields.change("haveTemplate", kinds::flag);
    let template = fields.change("template", |place| place.nullable(template));
    Some((id?, GroupUpdate { name: name?, have_template: have_template?, template: template? }))
}

/// What is left out gives nothing.
fn template(place: Place<'_, '_>) -> Option<Template> {
    place.object(|fields| {
        let discount = fields.optional("discountId", kinds::id);
        let welcome_bonus = fields.optional("welcomeBonus", kinds::sum);
        let burning_days = fields.optional("burning", super::burning);
        let activation_delay_days = fields.optional("activationDelayDays", kinds::days);
        Some(Template {
            discount: discount?,
            welcome_bonus: welcome_bonus?.unwrap_or_default(),
            burning_days: burning_days?,
            activation_delay_days: activation_delay_days?.unwrap_or_default(),
        })
    })
}

pub(in crate::http::probonus) fn operation(fields: &Fields<'_, '_>) -> Option<(GroupId, GivenOperation)> {
    let (id, operation) = (fields.required("id", kinds::id), operations::given(fields));
    Some((id?, operation?))
}

#[derive(Serialize)]
pub(in crate::http::probonus) struct WireOutcome {
    accounts: usize,
    amount: Amount,
}

pub(in crate::http::probonus) fn outcome(outcome: GroupOutcome) -> WireOutcome {
    WireOutcome { accounts: outcome.accounts, amount: outcome.amount }
}
