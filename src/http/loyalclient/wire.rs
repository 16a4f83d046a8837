//! LoyalClient's shapes as they are on the wire.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::fields::Fields;
use crate::loyalty::amount::{Amount, Percent};
use crate::loyalty::loyalclient::find::{FindQuery, Found};
use crate::loyalty::loyalclient::hold::{Held, HoldOrder};
use crate::loyalty::loyalclient::id::ObjectId;
use crate::loyalty::loyalclient::recalc::{Recalc, RecalcOrder};
use crate::loyalty::loyalclient::records::{Client, Level, LevelKind, Rules};
use crate::loyalty::loyalclient::retail::{Retail, RetailOrder, RetailPoints};

pub(super) struct ClientRequest<'a> {
    search: Cow<'a, str>,
    point: Option<ObjectId>,
    holds: Vec<ObjectId>,
}

impl ClientRequest<'_> {
    pub(super) fn query(&self) -> FindQuery<'_> {
        FindQuery { search: &self.search, point: self.point, holds: self.holds.clone() }
    }
}

pub(super) fn client_request<'a>(fields: &mut Fields<'a>, _: &Rules) -> Option<ClientRequest<'a>> {
    let (search, point, holds) = (fields.search("search"), fields.id("point"), fields.holds("hold"));
    Some(ClientRequest { search: search?, point: point?, holds: holds? })
}

pub(super) fn recalc_order(fields: &mut Fields<'_>, _: &Rules) -> Option<RecalcOrder> {
    let (client, point) = (fields.id("client"), fields.id("point"));
    let (amount, holds) = (fields.money("amount"), fields.holds("hold"));
    Some(RecalcOrder { client: client?, point: point?, amount: amount?, holds: holds? })
}

pub(super) fn hold_order(fields: &mut Fields<'_>, rules: &Rules) -> Option<HoldOrder> {
    let (client, point) = (fields.id("client"), fields.id("point"));
    let amount = fields.points("amount", rules.points.decimals);
    let duration = fields.minutes("duration");
    Some(HoldOrder { client: client?, point: point?, amount: amount?, duration: duration? })
}

#[allow(clippy::option_option)] // the outer one is "could be read", as in all these functions
pub(super) fn release_order(fields: &mut Fields<'_>, _: &Rules) -> Option<Option<ObjectId>> {
    fields.id("id")
}

pub(super) fn retail_order(fields: &mut Fields<'_>, rules: &Rules) -> Option<RetailOrder> {
    let (client, point) = (fields.id("client"), fields.id("point"));
    let amount = fields.money("amount");
    let spend = fields.points_or_none("spend", rules.points.decimals);
    let holds = fields.holds("hold");
    Some(RetailOrder { client: client?, point: point?, amount: amount?, spend: spend?, holds: holds? })
}

#[derive(Serialize)]
pub(super) struct ClientAnswer {
    success: bool,
    client: FoundClient,
}

/// Serialised from the shared records themselves: nothing is copied.
struct FoundClient {
    client: Arc<Client>,
    level: Arc<Level>,
    balance: Amount,
}

impl From<Found> for ClientAnswer {
    fn from(found: Found) -> ClientAnswer {
        let Found { client, level, balance } = found;
        ClientAnswer { success: true, client: FoundClient { client, level, balance } }
    }
}

impl Serialize for FoundClient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct WireClient<'a> {
            id: ObjectId,
            name: Option<&'a str>,
            photo: Option<&'a str>,
            birthday: Option<chrono::NaiveDate>,
            level: WireLevel<'a>,
            phone: u64,
            email: Option<&'a str>,
            balance: Amount,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct WireLevel<'a> {
            id: ObjectId,
            title: &'a str,
            percent: Percent,
            r#type: LevelKind,
            max_spend_percent: Percent,
        }
        let (client, level) = (&self.client, &self.level);
        WireClient {
            id: client.id,
            name: client.name.as_deref(),
            photo: client.photo.as_deref(),
            birthday: client.birthday,
            level: WireLevel {
                id: level.id,
                title: &level.title,
                percent: level.percent,
                r#type: level.kind,
                max_spend_percent: level.max_spend_percent,
            },
            phone: client.phone,
            email: client.email.as_deref(),
            balance: self.balance,
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
pub(super) struct RecalcAnswer {
    success: bool,
    recalc: WireRecalc,
}

#[derive(Serialize)]
struct WireRecalc {
    amount: Amount,
    percent: Percent,
    r#type: LevelKind,
    spend: Amount,
    earn: Amount,
}

impl From<Recalc> for RecalcAnswer {
    fn from(recalc: Recalc) -> RecalcAnswer {
        let Recalc { amount, percent, kind, spend, earn } = recalc;
        RecalcAnswer { success: true, recalc: WireRecalc { amount, percent, r#type: kind, spend, earn } }
    }
}

#[derive(Serialize)]
pub(super) struct HoldAnswer {
    success: bool,
    held: WireHeld,
}

#[derive(Serialize)]
struct WireHeld {
    id: ObjectId,
    /// UNIX seconds \[D\].
    until: i64,
    amount: Amount,
}

impl From<Held> for HoldAnswer {
    fn from(held: Held) -> HoldAnswer {
        let Held { id, until, amount } = held;
        HoldAnswer { success: true, held: WireHeld { id, until: until.seconds(), amount } }
    }
}

#[derive(Serialize)]
pub(super) struct ReleaseAnswer {
    success: bool,
}

impl Default for ReleaseAnswer {
    fn default() -> ReleaseAnswer {
        ReleaseAnswer { success: true }
    }
}

#[derive(Serialize)]
pub(super) struct RetailAnswer {
    success: bool,
    retail: WireRetail,
}

#[derive(Serialize)]
struct WireRetail {
    amount: Amount,
    total: Amount,
    percent: Percent,
    r#type: LevelKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    spend: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earn: Option<Amount>,
}

impl From<Retail> for RetailAnswer {
    fn from(retail: Retail) -> RetailAnswer {
        let Retail { amount, total, percent, kind, points } = retail;
        let (spend, earn) = match points {
            RetailPoints::Spent(spent) => (Some(spent), None),
            RetailPoints::Earned(earned) => (None, Some(earned)),
            RetailPoints::Untouched => (None, None),
        };
        RetailAnswer {
            success: true,
            retail: WireRetail { amount, total, percent, r#type: kind, spend, earn },
        }
    }
}
