//! LoyalClient's records: levels, points of sale, clients; and how they come into the books.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{Mint, ObjectId};
use super::{Books, Ticket};
use crate::loyalty::amount::{Amount, Decimals, Percent, Rounding};
pub use crate::loyalty::ledger::NewLot;
use crate::loyalty::ledger::{self, Account, AccountParts, EntryKind, Hold, HoldId, Lot, LotId, Numbers};
use crate::loyalty::time::{Period, Time};

/// The programme's switches, each a *rule* of `docs/fidelity.md`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// What an error's body looks like.
    pub error_envelope: ErrorEnvelope,
    /// The status of a missing or wrong key: 422 or 401.
    pub auth_error_status: AuthErrorStatus,
    /// Which holds a successful retail ends, beside the ones it lists.
    pub retail_releases: RetailReleases,
    /// Decimals, rounding and life of points.
    pub points: PointRules,
}

/// Decimals, rounding and life of points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointRules {
    /// How many decimals points have: 0 or 2.
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
#[derive(Clone, Debug, PartialEq)]
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
    /// The digits, in the form `7920…`. An answer always has them.
    pub phone: u64,
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

/// A client to be added, or what one becomes.
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
    /// The digits, in the form `7920…`. An answer always has them.
    pub phone: u64,
    /// The e-mail address.
    pub email: Option<Box<str>>,
    /// The card's number.
    pub card: Option<Arc<str>>,
    /// The code from the app.
    pub code: Option<Arc<str>>,
    /// The points. Lots that are over already are left out.
    pub lots: Vec<NewLot>,
}

/// What becomes of the points of a client that is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// They stay.
    Stay,
    /// Their sum becomes that of the lots given: what is missing comes as a lot that never burns.
    SumOf,
    /// The lots given replace them.
    ReplacedBy,
}

/// A hold that is there from the start, or what one becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What an account does not show: numbers of lots (in their order) and holds, what has ended, and the entries.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    /// The numbers of the lots, soonest to burn first.
    pub lots: Vec<LotId>,
    /// The numbers of the active holds, oldest first.
    pub holds: Vec<HoldId>,
    /// The holds that ended.
    pub ended: Vec<(HoldId, ledger::Ending)>,
    /// Number, time, kind and signed amount of the entries, oldest first.
    pub entries: Vec<(u64, Time, EntryKind, Amount)>,
}

/// What the books count with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// The bytes in the middle of new ids.
    pub machine: [u8; 5],
    /// How many ids were made.
    pub minted: u32,
    /// The last number of a lot, a hold or an entry.
    pub numbers: u64,
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
    /// The hold is not there.
    #[error("there is no hold {0}")]
    UnknownHold(ObjectId),
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
    /// A hold stays with its client.
    #[error("the hold is of client {0}, and stays so")]
    OtherClientsHold(ObjectId),
    /// What is hidden of an account does not fit what its records show.
    #[error("this does not fit the records of client {0} ({1}): delete this row, or all of \"internals\"")]
    Contradiction(ObjectId, Box<str>),
}

/// A [`Conflict`], and the field it is about: a path of names and of indexes, as in the fixture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// The field, `lots` with their index; empty where it is about the record as a whole.
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
        self.check_point(&point)?;
        self.points.insert(point.id, Arc::new(point));
        Ok(())
    }

    /// Adds a client with opening entries for the points; or tells all that speaks against it.
    pub fn add_client(&mut self, new: NewClient, now: Time) -> Result<(), Vec<FieldConflict>> {
        let mut conflicts = self.new_client_conflicts(&new);
        conflicts.extend(self.lot_conflicts(&new.lots, now));
        if !conflicts.is_empty() {
            return Err(conflicts);
        }

        let mut account = Account::default();
        for lot in new.lots.iter().filter(|lot| lot.is_usable(now)) {
            let NewLot { amount, expires_at, active_from } = *lot;
            account
                .accrue(EntryKind::Opening, amount, expires_at, active_from, now, &mut self.numbers)
                .expect("the lots were checked before");
        }
        self.insert_client(new, account, OrdMap::new());
        Ok(())
    }

    /// Adds a client as it was, with its active `holds`; or tells all that speaks against it. What does not fit
    /// `hidden` is a conflict of no field.
    pub fn restore_client(
        &mut self,
        new: NewClient,
        holds: &[NewHold],
        hidden: Hidden,
    ) -> Result<(), Vec<FieldConflict>> {
        let conflicts = self.new_client_conflicts(&new);
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        let id = new.id;
        let contradiction =
            |detail: String| vec![FieldConflict::new("", Conflict::Contradiction(id, detail.into()))];
        if let Some(detail) = self.contradiction(&new.lots, holds, &hidden) {
            return Err(contradiction(detail));
        }

        let tickets = hidden.holds.iter().zip(holds).filter_map(|(number, hold)| Some((*number, hold.id?)));
        let tickets = tickets.collect();
        let lots = hidden.lots.into_iter().zip(&new.lots).map(|(id, lot)| {
            let NewLot { amount, expires_at, active_from } = *lot;
            Lot { id, amount, expires_at, active_from }
        });
        let active = hidden.holds.iter().zip(holds).map(|(id, hold)| {
            let NewHold { amount, expires_at, .. } = *hold;
            Hold { id: *id, amount, expires_at }
        });
        let parts = AccountParts {
            lots: lots.collect(),
            holds: active.collect(),
            ended: hidden.ended,
            entries: hidden.entries,
        };
        let account = Account::restore(parts).map_err(contradiction)?;
        for (number, hold) in hidden.holds.iter().zip(holds) {
            let ticket = Ticket { client: id, hold: *number, point: hold.point };
            hold.id.map(|id| self.tickets.insert(id, ticket));
            self.tickets_by_point.insert(ticket);
        }
        self.insert_client(new, account, tickets);
        Ok(())
    }

    /// Makes a client what `new` says; or tells all that speaks against it. Answers whether anything changed.
    pub fn change_client(
        &mut self,
        new: NewClient,
        points: Points,
        now: Time,
    ) -> Result<bool, Vec<FieldConflict>> {
        let Some(old) = self.clients.get(&new.id).cloned() else {
            return Err(vec![FieldConflict::new("id", Conflict::UnknownClient(new.id))]);
        };
        let mut conflicts = self.client_conflicts(&new);
        conflicts.extend(self.lot_conflicts(&new.lots, now));
        if !conflicts.is_empty() {
            return Err(conflicts);
        }

        let id = new.id;
        self.by_phone.remove(&old.phone);
        self.by_phone.insert(new.phone, id);
        old.card.as_ref().map(|card| self.by_card.remove(card));
        new.card.clone().map(|card| self.by_card.insert(card, id));
        old.code.as_ref().map(|code| self.by_code.remove(code));
        new.code.clone().map(|code| self.by_code.insert(code, id));
        let ended = self.change(id, |client, numbers| {
            client.name = new.name;
            client.photo = new.photo;
            client.birthday = new.birthday;
            client.level = new.level.unwrap_or(client.level);
            client.phone = new.phone;
            client.email = new.email;
            client.card = new.card;
            client.code = new.code;
            let account = &mut client.account;
            match points {
                Points::Stay => Ok(Vec::new()),
                Points::SumOf => account.adjust(new.lots.iter().map(|lot| lot.amount).sum(), now, numbers),
                Points::ReplacedBy => {
                    let lots: Vec<NewLot> = new.lots.into_iter().filter(|lot| lot.is_usable(now)).collect();
                    account.replace_lots(&lots, now, numbers)
                }
            }
        });
        for hold in ended.expect("the lots were checked before") {
            self.forget_ticket(id, hold.id);
        }
        Ok(self.clients.get(&id).is_some_and(|client| **client != *old))
    }

    /// Adds a hold; or tells all that speaks against it. One whose time is over is left out.
    pub fn add_hold(&mut self, new: NewHold, now: Time) -> Result<(), Vec<FieldConflict>> {
        let mut conflicts = Vec::new();
        if new.id.is_some_and(|id| self.tickets.contains_key(&id)) {
            conflicts.push(FieldConflict::new("id", Conflict::DuplicateId));
        }
        let over = new.expires_at <= now;
        let available = self.clients.get(&new.client).map(|client| client.account.available());
        conflicts.extend(self.hold_conflicts(&new, available.filter(|_| !over)));
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        if !over {
            let id = new.id.unwrap_or_else(|| self.mint_id(now));
            self.place_hold(id, new.client, new.point, new.amount, new.expires_at, now)
                .expect("the hold was checked before");
        }
        Ok(())
    }

    /// Makes an active hold what `new` says; or tells all that speaks against it. Answers whether anything
    /// changed. One whose time is over by that is over when the books are next settled.
    pub fn change_hold(&mut self, id: ObjectId, new: &NewHold) -> Result<bool, Vec<FieldConflict>> {
        let Some(ticket) = self.tickets.get(&id).copied() else {
            return Err(vec![FieldConflict::new("id", Conflict::UnknownHold(id))]);
        };
        if new.client != ticket.client {
            return Err(vec![FieldConflict::new("client", Conflict::OtherClientsHold(ticket.client))]);
        }
        let account = self.clients.get(&ticket.client).map(|client| &client.account);
        let available = account.map(|account| account.available_beside([ticket.hold]));
        let conflicts = self.hold_conflicts(new, available);
        if !conflicts.is_empty() {
            return Err(conflicts);
        }

        let before = account.and_then(|account| account.active_hold(ticket.hold)).cloned();
        self.change(ticket.client, |client, _| {
            client.account.alter_hold(ticket.hold, new.amount, new.expires_at)
        })
        .expect("the hold was checked before");
        let moved = Ticket { point: new.point, ..ticket };
        self.tickets.insert(id, moved);
        self.tickets_by_point.remove(&ticket);
        self.tickets_by_point.insert(moved);
        let now_so = before.map(|before| (before.amount, before.expires_at, ticket.point));
        Ok(now_so != Some((new.amount, new.expires_at, new.point)))
    }

    /// An active hold.
    pub fn active_hold(&self, id: ObjectId) -> Option<NewHold> {
        let ticket = self.tickets.get(&id)?;
        let hold = self.clients.get(&ticket.client)?.account.active_hold(ticket.hold)?;
        let (client, point) = (ticket.client, ticket.point);
        Some(NewHold { id: Some(id), client, point, amount: hold.amount, expires_at: hold.expires_at })
    }

    /// The active holds with their numbers, oldest first.
    pub fn active_holds(&self) -> Vec<(HoldId, NewHold)> {
        let holds =
            self.tickets.iter().filter_map(|(id, ticket)| Some((ticket.hold, self.active_hold(*id)?)));
        let mut holds: Vec<_> = holds.collect();
        holds.sort_unstable_by_key(|(number, _)| *number);
        holds
    }

    /// A level.
    pub fn level(&self, id: ObjectId) -> Option<&Arc<Level>> {
        self.levels.get(&id)
    }

    /// A point of sale.
    pub fn point(&self, id: ObjectId) -> Option<&Arc<Point>> {
        self.points.get(&id)
    }

    /// Puts a level in the place of the one with its id, if there is one; answers whether that changed anything.
    pub fn change_level(&mut self, level: Level) -> bool {
        let level = Arc::new(level);
        self.levels.insert(level.id, Arc::clone(&level)).is_none_or(|old| old != level)
    }

    /// Puts a point of sale in the place of the one with its id, if there is one; answers whether that changed
    /// anything.
    pub fn change_point(&mut self, point: Point) -> Result<bool, FieldConflict> {
        self.check_point(&point)?;
        let point = Arc::new(point);
        Ok(self.points.insert(point.id, Arc::clone(&point)).is_none_or(|old| old != point))
    }

    /// Sets the programme's switches.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = Arc::new(rules);
    }

    /// Adds keys of the programme.
    pub fn add_keys(&mut self, keys: impl IntoIterator<Item = Box<str>>) {
        Arc::make_mut(&mut self.api_keys).extend(keys);
    }

    /// The first phone from `from` upwards that no client has.
    pub fn unused_phone(&self, from: u64) -> u64 {
        let mut free = from;
        for (taken, _) in self.by_phone.range(from..) {
            if *taken != free {
                break;
            }
            free += 1;
        }
        free
    }

    /// What the books count with.
    pub fn counters(&self) -> Counters {
        Counters { machine: self.mint.machine(), minted: self.mint.minted(), numbers: self.numbers.last() }
    }

    /// Goes on counting from here.
    pub fn set_counters(&mut self, counters: Counters) {
        self.mint = Mint::resumed(counters.machine, counters.minted);
        self.numbers = Numbers::after(counters.numbers);
    }

    fn insert_client(&mut self, new: NewClient, account: Account, tickets: OrdMap<HoldId, ObjectId>) {
        let id = new.id;
        self.by_phone.insert(new.phone, id);
        new.card.clone().map(|card| self.by_card.insert(card, id));
        new.code.clone().map(|code| self.by_code.insert(code, id));
        account.next_due().map(|at| self.due.insert((at, id)));
        let client = Client {
            id,
            name: new.name,
            photo: new.photo,
            birthday: new.birthday,
            level: new.level.or(self.first_level).expect("the check before found a level"),
            phone: new.phone,
            email: new.email,
            card: new.card,
            code: new.code,
            account,
            tickets,
        };
        self.clients.insert(id, Arc::new(client));
    }

    /// What does not fit between what the records of an account show and what they do not.
    fn contradiction(&self, lots: &[NewLot], holds: &[NewHold], hidden: &Hidden) -> Option<String> {
        if lots.len() != hidden.lots.len() {
            return Some(format!("{} lots, {} numbers", lots.len(), hidden.lots.len()));
        }
        if holds.len() != hidden.holds.len() {
            return Some(format!("{} holds, {} numbers", holds.len(), hidden.holds.len()));
        }
        let numbers = hidden.lots.iter().map(|lot| lot.0).chain(hidden.holds.iter().map(|hold| hold.0));
        let numbers = numbers.chain(hidden.ended.iter().map(|(hold, _)| hold.0));
        let last = numbers.chain(hidden.entries.iter().map(|entry| entry.0)).max();
        if last.is_some_and(|last| last > self.numbers.last()) {
            return Some(format!("numbers go up to {}", self.numbers.last()));
        }
        let ids: BTreeSet<ObjectId> = holds.iter().filter_map(|hold| hold.id).collect();
        if ids.len() != holds.len() || ids.iter().any(|id| self.tickets.contains_key(id)) {
            return Some("a hold without an id of its own".to_owned());
        }
        if holds.iter().any(|hold| !self.points.contains_key(&hold.point)) {
            return Some("a hold at an unknown point of sale".to_owned());
        }
        None
    }

    fn check_point(&self, point: &Point) -> Result<(), FieldConflict> {
        match point.percent_by_level.keys().find(|level| !self.has_level(**level)) {
            Some(level) => Err(FieldConflict::new("percentByLevel", Conflict::UnknownLevel(*level))),
            None => Ok(()),
        }
    }

    /// What speaks against a new client; its lots apart.
    fn new_client_conflicts(&self, new: &NewClient) -> Vec<FieldConflict> {
        let mut conflicts = Vec::new();
        if self.clients.contains_key(&new.id) {
            conflicts.push(FieldConflict::new("id", Conflict::DuplicateId));
        }
        if new.level.is_none() && self.first_level.is_none() {
            conflicts.push(FieldConflict::new("level", Conflict::NoLevel));
        }
        conflicts.extend(self.client_conflicts(new));
        conflicts
    }

    /// What speaks against a client, new or changed; its lots apart.
    fn client_conflicts(&self, new: &NewClient) -> Vec<FieldConflict> {
        let mut conflicts = Vec::new();
        let mut conflict = |field, conflict| conflicts.push(FieldConflict::new(field, conflict));
        let another = |owner: Option<&ObjectId>| owner.copied().filter(|owner| *owner != new.id);
        if let Some(level) = new.level.filter(|level| !self.has_level(*level)) {
            conflict("level", Conflict::UnknownLevel(level));
        }
        if let Some(other) = another(self.by_phone.get(&new.phone)) {
            conflict("phone", Conflict::DuplicatePhone(other));
        }
        if let Some(other) = another(new.card.as_ref().and_then(|card| self.by_card.get(card))) {
            conflict("card", Conflict::DuplicateCard(other));
        }
        if let Some(other) = another(new.code.as_ref().and_then(|code| self.by_code.get(code))) {
            conflict("code", Conflict::DuplicateCode(other));
        }
        conflicts
    }

    /// What speaks against lots.
    fn lot_conflicts(&self, lots: &[NewLot], now: Time) -> Vec<FieldConflict> {
        let mut conflicts = Vec::new();
        let mut conflict = |field, conflict| conflicts.push(FieldConflict { field, conflict });
        let mut sum = Amount::ZERO;
        for (index, lot) in lots.iter().enumerate() {
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

    /// What speaks against a hold, new or changed, where `available` is what can be held, if it matters.
    fn hold_conflicts(&self, new: &NewHold, available: Option<Amount>) -> Vec<FieldConflict> {
        let mut conflicts = Vec::new();
        let mut conflict = |field, conflict| conflicts.push(FieldConflict::new(field, conflict));
        if !self.points.contains_key(&new.point) {
            conflict("point", Conflict::UnknownPoint(new.point));
        }
        if !new.amount.is_positive() {
            conflict("amount", Conflict::AmountNotPositive);
        } else if !new.amount.fits(self.rules.points.decimals) {
            conflict("amount", Conflict::AmountTooPrecise);
        } else if let Some(available) = available.filter(|available| new.amount > *available) {
            conflict("amount", Conflict::HoldOverAvailable(available));
        }
        if !self.clients.contains_key(&new.client) {
            conflict("client", Conflict::UnknownClient(new.client));
        }
        conflicts
    }
}
