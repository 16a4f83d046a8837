//! LoyalClient's records: levels, points of sale, clients; and how they come into the books.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Books;
use super::id::ObjectId;
use crate::loyalty::amount::{Amount, Decimals, Percent, Rounding};
use crate::loyalty::ledger::{self, Account, EntryKind, HoldId};
use crate::loyalty::time::{Period, Time};

/// The programme's switches, each a *rule* of `docs/fidelity.md`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// What an error's body looks like.
    pub error_envelope: ErrorEnvelope,
    /// The status of a missing or wrong key: 422 or 401.
    #[schemars(with = "u16", extend("enum" = [422, 401]))]
    pub auth_error_status: AuthErrorStatus,
    /// Which holds a successful retail ends, beside the ones it lists.
    pub retail_releases: RetailReleases,
    /// Decimals, rounding and life of points.
    pub points: PointRules,
}

/// Decimals, rounding and life of points.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "LoyalClientPointRules")]
pub struct PointRules {
    /// How many decimals points have: 0 or 2.
    #[schemars(with = "u8", extend("enum" = [0, 2]))]
    pub decimals: Decimals,
    /// How accruals are rounded to them.
    pub rounding: Rounding,
    /// How long accrued points live (`P365D`); null is for ever.
    pub ttl: Option<Period>,
}

/// What an error's body looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorEnvelope {
    /// The keys of the parameters alone.
    #[default]
    Flat,
    /// With `"success": false` before them.
    WithSuccess,
}

/// The status of a missing or wrong key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum AuthErrorStatus {
    /// 422, as the page has it: every error is.
    #[default]
    Unprocessable,
    /// 401.
    Unauthorized,
}

impl TryFrom<u16> for AuthErrorStatus {
    type Error = &'static str;
    fn try_from(status: u16) -> Result<AuthErrorStatus, &'static str> {
        match status {
            422 => Ok(AuthErrorStatus::Unprocessable),
            401 => Ok(AuthErrorStatus::Unauthorized),
            _ => Err("expected 422 or 401"),
        }
    }
}

impl From<AuthErrorStatus> for u16 {
    fn from(status: AuthErrorStatus) -> u16 {
        match status {
            AuthErrorStatus::Unprocessable => 422,
            AuthErrorStatus::Unauthorized => 401,
        }
    }
}

/// Which holds a successful retail ends, beside the ones it lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetailReleases {
    /// The client's, made at this point of sale.
    #[default]
    ClientAtPoint,
    /// None.
    ListedOnly,
    /// Every client's, made at this point of sale.
    AllAtPoint,
}

/// A point of sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its id.
    pub id: ObjectId,
    /// Its name, for people.
    pub title: Box<str>,
    /// Where the percentage of an operation differs from the level's.
    pub percent_by_level: BTreeMap<ObjectId, Percent>,
}

/// A level of the programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    pub title: Box<str>,
    /// What is accrued of a receipt, or taken off it.
    pub percent: Percent,
    /// Whether points are accrued or the price reduced.
    pub kind: LevelKind,
    /// The share of a receipt that may be paid with points; nothing for a discount \[I\].
    pub max_spend_percent: Percent,
}

/// What a level gives \[D\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelKind {
    /// Points.
    #[default]
    Cashback,
    /// A lower price, and no points.
    Discount,
}

/// A client of the programme, with the account.
#[derive(Clone, Debug)]
pub struct Client {
    /// The id.
    pub id: ObjectId,
    /// The name.
    pub name: Option<Box<str>>,
    /// A URL.
    pub photo: Option<Box<str>>,
    /// The birthday.
    pub birthday: Option<NaiveDate>,
    /// The level's id; the level is in the books.
    pub level: ObjectId,
    /// The digits, in the form `7920…`.
    pub phone: Option<u64>,
    /// The e-mail address.
    pub email: Option<Box<str>>,
    /// The card's number.
    pub card: Option<Arc<str>>,
    /// The code from the app.
    pub code: Option<Arc<str>>,
    /// The points.
    pub account: Account,
    /// The API's ids of the account's active holds.
    pub(super) tickets: OrdMap<HoldId, ObjectId>,
}

/// A client to be added.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// The id.
    pub id: ObjectId,
    /// The name.
    pub name: Option<Box<str>>,
    /// A URL.
    pub photo: Option<Box<str>>,
    /// The birthday.
    pub birthday: Option<NaiveDate>,
    /// The level's id; left out: the first level that was added.
    pub level: Option<ObjectId>,
    /// The digits, in the form `7920…`.
    pub phone: Option<u64>,
    /// The e-mail address.
    pub email: Option<Box<str>>,
    /// The card's number.
    pub card: Option<Arc<str>>,
    /// The code from the app.
    pub code: Option<Arc<str>>,
    /// The points. Lots that are over already are left out.
    pub lots: Vec<NewLot>,
}

/// Points that an account is opened with.
#[derive(Clone, Debug)]
pub struct NewLot {
    /// How many; nothing is no lot.
    pub amount: Amount,
    /// When they burn.
    pub expires_at: Option<Time>,
    /// When they become active.
    pub active_from: Option<Time>,
}

/// A hold that is there from the start.
#[derive(Clone, Debug)]
pub struct NewHold {
    /// The id; left out: a new one.
    pub id: Option<ObjectId>,
    /// Whose.
    pub client: ObjectId,
    /// Where it was made.
    pub point: ObjectId,
    /// How many points.
    pub amount: Amount,
    /// When it is over; one that is over already is left out.
    pub expires_at: Time,
}

/// Why a record cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The id is taken.
    #[error("another record has this id already")]
    DuplicateId,
    /// Another client has this phone.
    #[error("client {0} has this phone already")]
    DuplicatePhone(ObjectId),
    /// Another client has this card.
    #[error("client {0} has this card already")]
    DuplicateCard(ObjectId),
    /// Another client has this code.
    #[error("client {0} has this code already")]
    DuplicateCode(ObjectId),
    /// The level is not there.
    #[error("there is no level {0}")]
    UnknownLevel(ObjectId),
    /// No level was named, and there is none to take.
    #[error("there is no level: add one to \"levels\"")]
    NoLevel,
    /// The client is not there.
    #[error("there is no client {0}")]
    UnknownClient(ObjectId),
    /// The point of sale is not there.
    #[error("there is no point of sale {0}")]
    UnknownPoint(ObjectId),
    /// The sum is not over zero.
    #[error("the amount must be more than zero")]
    AmountNotPositive,
    /// The sum is under zero.
    #[error("the amount must not be negative")]
    AmountNegative,
    /// The sum has more decimals than points have here.
    #[error("points have no decimals here (rule points.decimals)")]
    AmountTooPrecise,
    /// The lot would burn before it becomes active.
    #[error("the points would burn before they become active")]
    BurnsBeforeActive,
    /// The client would have too much.
    #[error("the client would have more than {} points", ledger::POSTED_MAX)]
    BalanceOverLimit,
    /// The hold is for more than is available.
    #[error("the client has only {0} points available")]
    HoldOverAvailable(Amount),
}

/// A [`Conflict`], and the field it is about: a path of names and of indexes, as in the fixture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// The field; `lots` come with their index.
    pub field: (&'static str, Option<usize>),
    /// What is wrong with it.
    pub conflict: Conflict,
}

impl FieldConflict {
    fn new(field: &'static str, conflict: Conflict) -> FieldConflict {
        FieldConflict { field: (field, None), conflict }
    }
}

impl Books {
    /// Adds a level; the first one is that of clients which name none.
    pub fn add_level(&mut self, level: Level) -> Result<(), FieldConflict> {
        if self.levels.contains_key(&level.id) {
            return Err(FieldConflict::new("id", Conflict::DuplicateId));
        }
        self.first_level.get_or_insert(level.id);
        self.levels.insert(level.id, Arc::new(level));
        Ok(())
    }

    /// Whether the level is there.
    pub fn has_level(&self, id: ObjectId) -> bool {
        self.levels.contains_key(&id)
    }

    /// Adds a point of sale.
    pub fn add_point(&mut self, point: Point) -> Result<(), FieldConflict> {
        if self.points.contains_key(&point.id) {
            return Err(FieldConflict::new("id", Conflict::DuplicateId));
        }
        for level in point.percent_by_level.keys() {
            if !self.has_level(*level) {
                return Err(FieldConflict::new("percentByLevel", Conflict::UnknownLevel(*level)));
            }
        }
        self.points.insert(point.id, Arc::new(point));
        Ok(())
    }

    /// Adds a client with opening entries for the points; or tells all that speaks against it.
    pub fn add_client(&mut self, new: NewClient, now: Time) -> Result<(), Vec<FieldConflict>> {
        let conflicts = self.client_conflicts(&new, now);
        if !conflicts.is_empty() {
            return Err(conflicts);
        }

        let id = new.id;
        let level = new.level.or(self.first_level).expect("the check before found a level");
        new.phone.map(|phone| self.by_phone.insert(phone, id));
        new.card.clone().map(|card| self.by_card.insert(card, id));
        new.code.clone().map(|code| self.by_code.insert(code, id));
        let mut account = Account::default();
        for lot in new.lots {
            if lot.amount.is_zero() || lot.expires_at.is_some_and(|at| at <= now) {
                continue;
            }
            account
                .accrue(
                    EntryKind::Opening,
                    lot.amount,
                    lot.expires_at,
                    lot.active_from,
                    now,
                    &mut self.numbers,
                )
                .expect("the lots were checked before");
        }
        account.next_due().map(|at| self.due.insert((at, id)));
        let client = Client {
            id,
            name: new.name,
            photo: new.photo,
            birthday: new.birthday,
            level,
            phone: new.phone,
            email: new.email,
            card: new.card,
            code: new.code,
            account,
            tickets: OrdMap::new(),
        };
        self.clients.insert(id, Arc::new(client));
        Ok(())
    }

    /// Adds a hold; or tells all that speaks against it. One whose time is over is left out.
    pub fn add_hold(&mut self, new: NewHold, now: Time) -> Result<(), Vec<FieldConflict>> {
        let mut conflicts = Vec::new();
        if new.id.is_some_and(|id| self.tickets.contains_key(&id)) {
            conflicts.push(FieldConflict::new("id", Conflict::DuplicateId));
        }
        if !self.points.contains_key(&new.point) {
            conflicts.push(FieldConflict::new("point", Conflict::UnknownPoint(new.point)));
        }
        if !new.amount.is_positive() {
            conflicts.push(FieldConflict::new("amount", Conflict::AmountNotPositive));
        }
        if !new.amount.fits(self.rules.points.decimals) {
            conflicts.push(FieldConflict::new("amount", Conflict::AmountTooPrecise));
        }
        let over = new.expires_at <= now;
        match self.clients.get(&new.client) {
            None => conflicts.push(FieldConflict::new("client", Conflict::UnknownClient(new.client))),
            Some(client) if !over && new.amount > client.account.available() => {
                let available = client.account.available();
                conflicts.push(FieldConflict::new("amount", Conflict::HoldOverAvailable(available)));
            }
            Some(_) => {}
        }
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        if !over {
            let id = new.id.unwrap_or_else(|| self.mint.id(now));
            self.place_hold(id, new.client, new.point, new.amount, new.expires_at, now)
                .expect("the hold was checked before");
        }
        Ok(())
    }

    fn client_conflicts(&self, new: &NewClient, now: Time) -> Vec<FieldConflict> {
        let mut conflicts = Vec::new();
        let mut conflict = |field, conflict| conflicts.push(FieldConflict { field, conflict });
        if self.clients.contains_key(&new.id) {
            conflict(("id", None), Conflict::DuplicateId);
        }
        match new.level {
            None if self.first_level.is_none() => conflict(("level", None), Conflict::NoLevel),
            Some(level) if !self.has_level(level) => conflict(("level", None), Conflict::UnknownLevel(level)),
            _ => {}
        }
        if let Some(other) = new.phone.and_then(|phone| self.by_phone.get(&phone)) {
            conflict(("phone", None), Conflict::DuplicatePhone(*other));
        }
        if let Some(other) = new.card.as_ref().and_then(|card| self.by_card.get(card)) {
            conflict(("card", None), Conflict::DuplicateCard(*other));
        }
        if let Some(other) = new.code.as_ref().and_then(|code| self.by_code.get(code)) {
            conflict(("code", None), Conflict::DuplicateCode(*other));
        }
        let mut sum = Amount::ZERO;
        for (index, lot) in new.lots.iter().enumerate() {
            let field = ("lots", Some(index));
            if lot.amount.is_negative() {
                conflict(field, Conflict::AmountNegative);
                continue;
            }
            if !lot.amount.fits(self.rules.points.decimals) {
                conflict(field, Conflict::AmountTooPrecise);
            }
            let first_use = lot.active_from.unwrap_or(now).max(now);
            if lot.expires_at.is_some_and(|at| at > now && at <= first_use) {
                conflict(field, Conflict::BurnsBeforeActive);
            }
            if lot.amount > ledger::POSTED_MAX - sum {
                conflict(field, Conflict::BalanceOverLimit);
                break;
            }
            sum += lot.amount;
        }
        conflicts
    }
}
