//! i-bonus.me's own records and rules over the ledger: clients with two accounts and coupons, orders, holds.
//!
//! The sources of the rules are the vendor's purchase scenario and its public documentation of the whole API;
//! `docs/fidelity.md` says which are documented and which inferred. One file a resource or a call:
//!
//! | what | where |
//! | --- | --- |
//! | clients | [`client`] (the record), [`find`], [`balance`], [`history`], [`write_off`] |
//! | coupons of clients | [`coupon`] (the record), [`coupons`] |
//! | orders | [`orders`]: the record, lines, sale, refund, test orders, lists |
//! | holds, `fiscal_hub` | [`holds`] |
//! | settings | [`settings`], [`contact_info`], [`sale_points`], [`templates`], [`image`] |
//! | users | [`users`], [`registration`] |
//! | fixtures | [`load`] |
//! | shared | [`refusal`], [`rules`], [`ids`], [`currency`], [`phone`], [`like`], [`page`], [`mint`], [`audit`] |

pub mod audit;
pub mod balance;
pub mod client;
pub mod contact_info;
pub mod coupon;
pub mod coupons;
pub mod currency;
pub mod find;
pub mod history;
pub mod holds;
pub mod ids;
pub mod image;
pub mod like;
pub mod load;
pub mod orders;
pub mod page;
pub mod phone;
pub mod refusal;
pub mod registration;
pub mod rules;
pub mod sale_points;
pub mod settings;
pub mod templates;
pub mod users;
pub mod write_off;

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::ledger::{Event, Hold, HoldId, Numbers};
pub use super::mint;
use super::time::Time;
use super::{Expired, ExpiredKind, Programme, amount::Amount};
use client::Client;
use contact_info::ContactInfo;
use coupon::{CouponState, TokenIndex};
use currency::Currency;
use holds::{HoldState, HubHold};
use ids::{
    ClientId, Counter, CouponId, EmployeeId, HubHoldId, ItemId, MerchantId, OrderId, SalePointId, TemplateId,
};
use image::{Image, Picture};
use mint::{Mint, MintState};
use orders::Order;
pub use refusal::Refusal;
use registration::{Code, CodeKey};
use rules::Rules;
use sale_points::SalePoint;
use settings::{Preset, Settings};
use templates::Template;
use users::{Employee, LoginIndex, Merchant};

/// How long a token is: 32 hex digits \[D\].
const TOKEN_BYTES: usize = 16;

/// All that i-bonus.me knows. A clone is O(1).
#[derive(Clone, Debug, PartialEq)]
pub struct Books {
    rules: Arc<Rules>,

    merchants: OrdMap<MerchantId, Arc<Merchant>>,
    employees: OrdMap<EmployeeId, Arc<Employee>>,
    logins: LoginIndex,
    /// What the vendor hands out for the calls that register merchants.
    public_token: Option<Arc<str>>,
    /// The last code that was sent to each address.
    codes: OrdMap<CodeKey, Code>,

    settings: Arc<Settings>,
    presets: Arc<[Preset]>,
    contact_info: Arc<ContactInfo>,
    logo: Option<Picture>,
    sale_points: OrdMap<SalePointId, Arc<SalePoint>>,
    templates: OrdMap<TemplateId, Arc<Template>>,
    images: OrdMap<Arc<str>, Arc<Image>>,

    clients: OrdMap<ClientId, Arc<Client>>,
    by_phone: OrdMap<Arc<str>, ClientId>,
    by_email: OrdMap<Arc<str>, ClientId>,
    by_token: OrdMap<Arc<str>, ClientId>,
    tokens: TokenIndex,

    orders: OrdMap<OrderId, Arc<Order>>,
    orders_by_time: OrdSet<(Time, OrderId)>,
    orders_by_client: OrdSet<(ClientId, Time, OrderId)>,
    by_external_id: OrdMap<Arc<str>, OrderId>,
    /// The sales by their items.
    items: OrdMap<ItemId, OrderId>,

    holds: OrdMap<HubHoldId, Arc<HubHold>>,
    by_transaction: OrdMap<Arc<str>, HubHoldId>,
    /// The captured holds by the entries they wrote.
    captures: OrdMap<u64, HubHoldId>,

    /// The clients with something due, soonest first: one row a client.
    due: OrdSet<(Time, ClientId)>,
    numbers: Numbers,
    counts: Counts,
    mint: Mint,
}

/// What was given last, of each kind of id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Merchants.
    pub merchants: Counter,
    /// Employees.
    pub employees: Counter,
    /// Sale points.
    pub sale_points: Counter,
    /// Coupon templates.
    pub templates: Counter,
    /// Clients.
    pub clients: Counter,
    /// Clients' coupons.
    pub coupons: Counter,
    /// Orders.
    pub orders: Counter,
    /// Items of orders.
    pub items: Counter,
    /// The last part of order numbers.
    pub receipts: Counter,
    /// Holds.
    pub holds: Counter,
}

impl Books {
    /// Empty books under these rules; tokens are drawn from `seed`'s stream.
    pub fn new(rules: Rules, seed: [u8; 32]) -> Books {
        Books {
            rules: Arc::new(rules),
            merchants: OrdMap::new(),
            employees: OrdMap::new(),
            logins: LoginIndex::default(),
            public_token: None,
            codes: OrdMap::new(),
            settings: Arc::default(),
            presets: Arc::default(),
            contact_info: Arc::default(),
            logo: None,
            sale_points: OrdMap::new(),
            templates: OrdMap::new(),
            images: OrdMap::new(),
            clients: OrdMap::new(),
            by_phone: OrdMap::new(),
            by_email: OrdMap::new(),
            by_token: OrdMap::new(),
            tokens: TokenIndex::default(),
            orders: OrdMap::new(),
            orders_by_time: OrdSet::new(),
            orders_by_client: OrdSet::new(),
            by_external_id: OrdMap::new(),
            items: OrdMap::new(),
            holds: OrdMap::new(),
            by_transaction: OrdMap::new(),
            captures: OrdMap::new(),
            due: OrdSet::new(),
            numbers: Numbers::default(),
            counts: Counts::default(),
            mint: Mint::new(seed),
        }
    }

    /// From now on new tokens come from another stream: for a sandbox of its own.
    pub fn set_seed(&mut self, seed: [u8; 32]) {
        self.mint = Mint::new(seed);
    }

    /// The programme's switches.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What was given last, of each kind of id.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The last number of a lot, a ledger's hold, or an entry.
    pub fn last_number(&self) -> u64 {
        self.numbers.last()
    }

    /// Where the generator of tokens stands.
    pub fn mint_state(&self) -> MintState {
        self.mint.state()
    }

    /// Goes on from where an export stood: after its records are added.
    pub fn go_on_from(&mut self, counts: Counts, last_number: u64, mint: MintState) {
        self.counts = counts;
        self.numbers = Numbers::after(last_number);
        self.mint = Mint::at(mint);
    }

    /// The clients, by id.
    pub fn clients(&self) -> impl DoubleEndedIterator<Item = &Arc<Client>> + ExactSizeIterator {
        self.clients.values()
    }

    /// A client.
    pub fn client(&self, id: ClientId) -> Option<&Arc<Client>> {
        self.clients.get(&id)
    }

    /// When something next happens by itself.
    pub fn next_due(&self) -> Option<Time> {
        self.due.get_min().map(|(at, _)| *at)
    }

    /// Lets happen all that is due by `now`; answers what is over, in order of time. At one and the same time
    /// the accounts come first, points before rubles, then holds of coupons alone, then coupons.
    pub fn settle(&mut self, now: Time) -> Vec<Expired> {
        let mut expired = Vec::new();
        while let Some((at, client)) = self.due.get_min().copied().filter(|(at, _)| *at <= now) {
            for over in self.change(client, |client, numbers| due_now(client, at, numbers)) {
                let (kind, id, amount) = match over {
                    Over::Lot(id, amount) => (ExpiredKind::Lot, id.to_string(), amount),
                    Over::Coupon(id) => (ExpiredKind::Coupon, id.to_string(), Amount::ZERO),
                    Over::Hold(hold) => {
                        let closed = self.close_ledger_hold(client, hold.id, HoldState::Expired);
                        (ExpiredKind::Hold, closed.transaction_id.to_string(), hold.amount)
                    }
                    Over::CouponHold(id) => {
                        let closed = self.close_hold(id, HoldState::Expired);
                        (ExpiredKind::Hold, closed.transaction_id.to_string(), Amount::ZERO)
                    }
                };
                let programme = Programme::Ibonus;
                expired.push(Expired { kind, programme, id, account: client.to_string(), amount, at });
            }
        }
        expired
    }

    /// The client that the caller has found before.
    fn known_client(&self, id: ClientId) -> &Arc<Client> {
        self.clients.get(&id).expect("the caller has found this client")
    }

    /// The client of the id in a path.
    fn client_in_path(&self, id: ClientId) -> Result<&Arc<Client>, Refusal> {
        self.client(id).ok_or(Refusal::ClientNotFound { id })
    }

    /// The one door to a change of a client: keeps the index of deadlines true.
    fn change<R>(&mut self, id: ClientId, change: impl FnOnce(&mut Client, &mut Numbers) -> R) -> R {
        let client = self.clients.get_mut(&id).expect("the caller has found this client");
        let client = Arc::make_mut(client);
        let before = client.next_due();
        let outcome = change(client, &mut self.numbers);
        let after = client.next_due();
        if before != after {
            before.map(|at| self.due.remove(&(at, id)));
            after.map(|at| self.due.insert((at, id)));
        }
        outcome
    }

    /// Ends the hold behind a ledger's hold that is no more.
    fn close_ledger_hold(&mut self, client: ClientId, number: HoldId, state: HoldState) -> Arc<HubHold> {
        let tickets = &self.known_client(client).tickets;
        let id = *tickets.get(&number).expect("every hold of an account has its hold in the books");
        self.close_hold(id, state)
    }

    /// Ends the holds under which no point is left.
    fn close_shrunk(&mut self, client: ClientId, shrunk: &[Hold]) {
        for hold in shrunk {
            self.close_ledger_hold(client, hold.id, HoldState::Expired);
        }
    }
}

/// Something of a client's that is over.
enum Over {
    Lot(u64, Amount),
    Hold(Hold),
    CouponHold(HubHoldId),
    Coupon(CouponId),
}

/// Lets happen all of a client's that is due by `at`.
fn due_now(client: &mut Client, at: Time, numbers: &mut Numbers) -> Vec<Over> {
    let mut over = Vec::new();
    for currency in Currency::ALL {
        let events = client.accounts.of_mut(currency).settle(at, numbers);
        over.extend(events.into_iter().filter_map(|event| match event {
            Event::LotActive(_) => None,
            Event::LotBurnt { id, amount, .. } => Some(Over::Lot(id.0, amount)),
            Event::HoldExpired(hold) | Event::HoldShrunkAway(hold) => Some(Over::Hold(hold)),
        }));
    }
    while let Some(due) = client.coupon_holds.get_min().copied().filter(|(due, _)| *due <= at) {
        client.coupon_holds.remove(&due);
        over.push(Over::CouponHold(due.1));
    }
    while let Some((_, id)) = client.coupon_deadlines.get_min().copied().filter(|(due, _)| *due <= at) {
        client.change_coupon(id, |coupon| {
            coupon.state = CouponState::Expired;
            coupon.held_by = None;
        });
        over.push(Over::Coupon(id));
    }
    over
}

#[cfg(test)]
mod tests;
