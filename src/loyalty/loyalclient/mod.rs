//! LoyalClient's own records and rules over the ledger: clients of levels, points of sale, holds.
//!
//! The source of every rule is the vendor's page "Базовая REST API интеграция", version 8, 2 December 2024;
//! `docs/fidelity.md` says which are documented and which inferred. One file a call: [`find`], [`recalc`],
//! [`hold`], [`retail`].

pub mod find;
pub mod hold;
pub mod id;
pub mod phone;
pub mod recalc;
pub mod records;
pub mod retail;

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::amount::{Amount, Percent};
use super::ledger::{Event, HoldId, Numbers};
use super::time::Time;
use super::{Expired, ExpiredKind, Programme};
use id::{Mint, ObjectId};
use records::{Client, Level, LevelKind, Point, Rules};

/// Why LoyalClient says no to a readable request. Checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such client \[D\].
    ClientNotFound,
    /// No such point of sale \[D\].
    PointNotFound,
    /// Neither is there \[I: both keys are in the answer\].
    ClientAndPointNotFound,
    /// More is to be spent than `limit` \[D\].
    SpendOverLimit {
        /// The most that may be spent now.
        limit: Amount,
    },
    /// More is to be held than `limit` \[I\].
    HoldOverLimit {
        /// The most that may be held now.
        limit: Amount,
    },
    /// The accrual would bring the account over the ledger's limit \[I\].
    BalanceOverLimit,
}

impl Refusal {
    /// The refusal's name in the journal and in `docs/fidelity.md`.
    pub const fn name(self) -> &'static str {
        match self {
            Refusal::ClientNotFound => "clientNotFound",
            Refusal::PointNotFound => "pointNotFound",
            Refusal::ClientAndPointNotFound => "clientAndPointNotFound",
            Refusal::SpendOverLimit { .. } => "spendOverLimit",
            Refusal::HoldOverLimit { .. } => "holdOverLimit",
            Refusal::BalanceOverLimit => "balanceOverLimit",
        }
    }
}

/// A hold's place in the books: where it was made and whose it is, in the order of the index by point of sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ticket {
    point: ObjectId,
    client: ObjectId,
    hold: HoldId,
}

/// All that LoyalClient knows. A clone is O(1).
#[derive(Clone, Debug)]
pub struct Books {
    rules: Arc<Rules>,
    api_keys: Arc<BTreeSet<Box<str>>>,
    points: OrdMap<ObjectId, Arc<Point>>,
    levels: OrdMap<ObjectId, Arc<Level>>,
    first_level: Option<ObjectId>,
    clients: OrdMap<ObjectId, Arc<Client>>,
    by_phone: OrdMap<u64, ObjectId>,
    by_card: OrdMap<Arc<str>, ObjectId>,
    by_code: OrdMap<Arc<str>, ObjectId>,
    /// The active holds, by the id that the API shows.
    tickets: OrdMap<ObjectId, Ticket>,
    /// The same tickets, by point of sale and client: what an operation there may end.
    tickets_by_point: OrdSet<Ticket>,
    /// The clients with something due, soonest first: one row a client.
    due: OrdSet<(Time, ObjectId)>,
    numbers: Numbers,
    mint: Mint,
}

impl Books {
    /// Empty books under these rules; new ids carry the five bytes of `machine`.
    pub fn new(rules: Rules, api_keys: impl IntoIterator<Item = Box<str>>, machine: [u8; 5]) -> Books {
        Books {
            rules: Arc::new(rules),
            api_keys: Arc::new(api_keys.into_iter().collect()),
            points: OrdMap::new(),
            levels: OrdMap::new(),
            first_level: None,
            clients: OrdMap::new(),
            by_phone: OrdMap::new(),
            by_card: OrdMap::new(),
            by_code: OrdMap::new(),
            tickets: OrdMap::new(),
            tickets_by_point: OrdSet::new(),
            due: OrdSet::new(),
            numbers: Numbers::default(),
            mint: Mint::new(machine),
        }
    }

    /// The programme's switches.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// Whether this is one of the programme's keys.
    pub fn knows_key(&self, key: &str) -> bool {
        self.api_keys.contains(key)
    }

    /// From now on new ids carry other bytes: for a sandbox of its own.
    pub fn set_machine(&mut self, machine: [u8; 5]) {
        self.mint = Mint::new(machine);
    }

    /// The programme's keys, in order.
    pub fn api_keys(&self) -> impl Iterator<Item = &str> {
        self.api_keys.iter().map(AsRef::as_ref)
    }

    /// The points of sale, by id.
    pub fn points(&self) -> impl Iterator<Item = &Arc<Point>> {
        self.points.values()
    }

    /// The levels: that of clients which name none, and the others by id.
    pub fn levels(&self) -> impl Iterator<Item = &Arc<Level>> {
        let first = self.first_level;
        let others = self.levels.values().filter(move |level| Some(level.id) != first);
        first.and_then(|id| self.levels.get(&id)).into_iter().chain(others)
    }

    /// The clients, by id.
    pub fn clients(&self) -> impl DoubleEndedIterator<Item = &Arc<Client>> + ExactSizeIterator {
        self.clients.values()
    }

    /// A client.
    pub fn client(&self, id: ObjectId) -> Option<&Arc<Client>> {
        self.clients.get(&id)
    }

    /// The ids that the API shows for a client's active holds, oldest first, with their numbers.
    pub fn hold_ids<'a>(&self, client: &'a Client) -> impl Iterator<Item = (HoldId, ObjectId)> + 'a {
        client.tickets.iter().map(|(hold, id)| (*hold, *id))
    }

    /// When something next happens by itself.
    pub fn next_due(&self) -> Option<Time> {
        self.due.get_min().map(|(at, _)| *at)
    }

    /// Lets happen all that is due by `now`; answers what is over, in order of time.
    pub fn settle(&mut self, now: Time) -> Vec<Expired> {
        let mut expired = Vec::new();
        while let Some((at, client)) = self.due.get_min().copied().filter(|(at, _)| *at <= now) {
            let events = self.change(client, |client, numbers| client.account.settle(at, numbers));
            for event in events {
                let (kind, id, amount) = match event {
                    Event::LotActive(_) => continue,
                    Event::LotBurnt { id, amount, .. } => (ExpiredKind::Lot, id.0.to_string(), amount),
                    Event::HoldExpired(hold) | Event::HoldShrunkAway(hold) => {
                        let id = self.forget_ticket(client, hold.id);
                        (ExpiredKind::Hold, id.to_string(), hold.amount)
                    }
                };
                expired.push(Expired {
                    kind,
                    programme: Programme::LoyalClient,
                    id,
                    account: client.to_string(),
                    amount,
                    at,
                });
            }
        }
        expired
    }

    /// What is not as it must be, with the account it is about; nothing, unless there is a bug.
    pub fn violations(&self, now: Time) -> Vec<(ObjectId, &'static str, String)> {
        let mut found = Vec::new();
        let (mut holds, mut waiting) = (0, 0);
        for (id, client) in &self.clients {
            let account = &client.account;
            found.extend(account.violations(now).into_iter().map(|(rule, detail)| (*id, rule, detail)));
            for hold in account.holds() {
                holds += 1;
                let ticket = client.tickets.get(&hold.id).and_then(|id| self.tickets.get(id));
                if ticket.is_none_or(|ticket| ticket.client != *id || ticket.hold != hold.id) {
                    found.push((*id, "everyHoldHasItsTicket", format!("{hold:?}: {ticket:?}")));
                }
                if ticket.is_some_and(|ticket| !self.tickets_by_point.contains(ticket)) {
                    found.push((*id, "everyTicketIsIndexed", format!("{ticket:?}")));
                }
            }
            if let Some(at) = account.next_due() {
                waiting += 1;
                if !self.due.contains(&(at, *id)) {
                    found.push((*id, "everyDeadlineIsIndexed", at.to_string()));
                }
            }
        }
        // One too many is nobody's in particular: the first row's client stands for it.
        if holds != self.tickets.len() || holds != self.tickets_by_point.len() {
            let detail = format!(
                "{holds} holds, {} tickets, {} by point of sale",
                self.tickets.len(),
                self.tickets_by_point.len()
            );
            let first = self.tickets.values().chain(&self.tickets_by_point).next();
            found.extend(first.map(|ticket| (ticket.client, "noTicketWithoutHold", detail)));
        }
        if waiting != self.due.len() {
            let detail = format!("{waiting} clients with something due, {} rows", self.due.len());
            found.extend(self.due.get_min().map(|(_, client)| (*client, "noDeadlineWithoutEvent", detail)));
        }
        found
    }

    /// A new id, which no hold and no record has.
    pub fn mint_id(&mut self, now: Time) -> ObjectId {
        loop {
            let id = self.mint.id(now);
            let taken = self.tickets.contains_key(&id)
                || self.clients.contains_key(&id)
                || self.levels.contains_key(&id)
                || self.points.contains_key(&id);
            if !taken {
                return id;
            }
        }
    }

    /// The client and the point of sale that a request names.
    fn parties(
        &self,
        client: Option<ObjectId>,
        point: Option<ObjectId>,
    ) -> Result<(&Arc<Client>, &Arc<Point>), Refusal> {
        let client = client.and_then(|id| self.clients.get(&id));
        let point = point.and_then(|id| self.points.get(&id));
        match (client, point) {
            (Some(client), Some(point)) => Ok((client, point)),
            (None, Some(_)) => Err(Refusal::ClientNotFound),
            (Some(_), None) => Err(Refusal::PointNotFound),
            (None, None) => Err(Refusal::ClientAndPointNotFound),
        }
    }

    fn level_of(&self, client: &Client) -> &Arc<Level> {
        self.levels.get(&client.level).expect("a client is added only with a level that is there")
    }

    /// The tickets of the holds among `listed` that are active and this client's: its own. Others are
    /// ignored \[I\].
    fn own_tickets(&self, client: &Client, listed: &[ObjectId]) -> impl Iterator<Item = &Ticket> {
        let tickets = listed.iter().filter_map(|id| self.tickets.get(id));
        tickets.filter(|ticket| ticket.client == client.id)
    }

    /// What a client has, beside its own holds: always 0 for a discount level \[D\].
    fn balance(&self, client: &Client, level: &Level, listed: &[ObjectId]) -> Amount {
        match level.kind {
            LevelKind::Discount => Amount::ZERO,
            LevelKind::Cashback => {
                let own = self.own_tickets(client, listed);
                client.account.available_beside(own.map(|ticket| ticket.hold))
            }
        }
    }

    /// The percentage of an operation: the point's own for the level, else the level's \[D, I\].
    fn percent_at(point: &Point, level: &Level) -> Percent {
        point.percent_by_level.get(&level.id).copied().unwrap_or(level.percent)
    }

    /// The one door to a change of a client: keeps the index of deadlines true.
    fn change<R>(&mut self, id: ObjectId, change: impl FnOnce(&mut Client, &mut Numbers) -> R) -> R {
        let client = self.clients.get_mut(&id).expect("the caller has found this client");
        let client = Arc::make_mut(client);
        let before = client.account.next_due();
        let outcome = change(client, &mut self.numbers);
        let after = client.account.next_due();
        if before != after {
            before.map(|at| self.due.remove(&(at, id)));
            after.map(|at| self.due.insert((at, id)));
        }
        outcome
    }

    /// Takes the ticket of a hold that has ended out of the books; answers the id the API showed for it.
    fn forget_ticket(&mut self, client: ObjectId, hold: HoldId) -> ObjectId {
        let client = self.clients.get_mut(&client).expect("the caller has found this client");
        let id = Arc::make_mut(client).tickets.remove(&hold).expect("every hold has its ticket");
        let ticket = self.tickets.remove(&id).expect("the id of an active hold leads to its ticket");
        self.tickets_by_point.remove(&ticket);
        id
    }
}

#[cfg(test)]
mod tests;
