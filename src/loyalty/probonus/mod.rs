//! ProBonus's own records and rules over the ledger: account groups, accounts, discounts, checks, and a till.
//!
//! The sources of the rules are the vendor's pages about its API and its typical scenarios; `docs/fidelity.md`
//! says which are documented and which inferred. One file a resource or a call:
//!
//! | what | where |
//! | --- | --- |
//! | auth, users | [`auth`], [`users`] |
//! | account groups | [`account_groups`] (the record), [`account_groups::operations`] (refill and withdraw) |
//! | accounts | [`accounts`] (the record) and its files: find, insert, update, points, transactions, balance |
//! | identifier types, discounts | [`identifier_types`], [`discounts`] |
//! | checks, and where they come from | [`checks`], [`dish`], [`till`]: sale, refund |
//! | reports | [`reports`] |
//! | fixtures | [`load`] |
//! | shared | [`refusal`], [`rules`], [`calendar`], [`ids`], [`phone`], [`page`], [`change`], [`mint`], [`audit`] |

pub mod account_groups;
pub mod accounts;
pub mod audit;
pub mod auth;
pub mod calendar;
pub mod change;
pub mod checks;
pub mod discounts;
pub mod dish;
pub mod identifier_types;
pub mod ids;
pub mod load;
pub mod page;
pub mod phone;
pub mod refusal;
pub mod reports;
pub mod rules;
mod sum;
pub mod till;
pub mod users;

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::amount::Amount;
use super::ledger::{Event, Numbers};
pub use super::mint;
use super::time::Time;
use super::{Expired, ExpiredKind, Programme};
use account_groups::Group;
use accounts::Account;
use auth::Sessions;
use checks::Check;
use discounts::Discount;
use identifier_types::IdentifierType;
use ids::{AccountId, CheckId, Counter, DiscountId, GroupId, IdentifierTypeId, UserId};
use mint::{Mint, MintState};
pub use refusal::Refusal;
use rules::Rules;
use users::User;

/// All that ProBonus knows. A clone is O(1).
#[derive(Clone, Debug, PartialEq)]
pub struct Books {
    rules: Arc<Rules>,
    api_keys: Arc<BTreeSet<Box<str>>>,

    users: OrdMap<UserId, Arc<User>>,
    by_login: OrdMap<Arc<str>, UserId>,
    sessions: Sessions,

    groups: OrdMap<GroupId, Arc<Group>>,
    identifier_types: OrdMap<IdentifierTypeId, Arc<IdentifierType>>,
    discounts: OrdMap<DiscountId, Arc<Discount>>,

    accounts: OrdMap<AccountId, Arc<Account>>,
    by_phone: OrdMap<Arc<str>, AccountId>,
    by_identifier: OrdSet<(Arc<str>, IdentifierTypeId, AccountId)>,
    by_group: OrdSet<(GroupId, AccountId)>,

    checks: OrdMap<CheckId, Arc<Check>>,
    checks_by_account: OrdSet<(AccountId, CheckId)>,

    /// The accounts with something due, soonest first: one row an account.
    due: OrdSet<(Time, AccountId)>,
    numbers: Numbers,
    counts: Counts,
    mint: Mint,
}

/// What was given last, of each kind of id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Users.
    pub users: Counter,
    /// Pairs of tokens.
    pub sessions: Counter,
    /// Account groups.
    pub groups: Counter,
    /// Identifier types.
    pub identifier_types: Counter,
    /// Discounts.
    pub discounts: Counter,
    /// Accounts.
    pub accounts: Counter,
    /// Identifiers of accounts.
    pub identifiers: Counter,
    /// Coupons of accounts.
    pub coupons: Counter,
    /// Checks.
    pub checks: Counter,
}

impl Books {
    /// Empty books under these rules; tokens are drawn from `seed`'s stream.
    pub fn new(rules: Rules, api_keys: impl IntoIterator<Item = Box<str>>, seed: [u8; 32]) -> Books {
        Books {
            rules: Arc::new(rules),
            api_keys: Arc::new(api_keys.into_iter().collect()),
            users: OrdMap::new(),
            by_login: OrdMap::new(),
            sessions: Sessions::default(),
            groups: OrdMap::new(),
            identifier_types: OrdMap::new(),
            discounts: OrdMap::new(),
            accounts: OrdMap::new(),
            by_phone: OrdMap::new(),
            by_identifier: OrdSet::new(),
            by_group: OrdSet::new(),
            checks: OrdMap::new(),
            checks_by_account: OrdSet::new(),
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

    /// The last number of a lot or an entry.
    pub fn last_number(&self) -> u64 {
        self.numbers.last()
    }

    /// Where the generator of tokens stands.
    pub fn mint_state(&self) -> MintState {
        self.mint.state()
    }

    /// When something next happens by itself.
    pub fn next_due(&self) -> Option<Time> {
        let account = self.due.get_min().map(|(at, _)| *at);
        let token = self.sessions.due.get_min().map(|(at, _)| *at);
        account.into_iter().chain(token).min()
    }

    /// Lets happen all that is due by `now`; answers what is over, in order of time. At one and the same time
    /// the accounts come first, of each the points before the coupons, then the tokens.
    pub fn settle(&mut self, now: Time) -> Vec<Expired> {
        let mut expired = Vec::new();
        while let Some(at) = self.next_due().filter(|at| *at <= now) {
            let account = self.due.get_min().copied().filter(|(due, _)| *due <= at);
            let session = self.sessions.due.get_min().copied().filter(|(due, _)| *due <= at);
            match (account, session) {
                (Some((_, account)), _) => self.settle_account(account, at, &mut expired),
                (None, Some((_, session))) => expired.extend(self.sessions.settle(session, at)),
                (None, None) => break,
            }
        }
        expired
    }

    fn settle_account(&mut self, id: AccountId, at: Time, expired: &mut Vec<Expired>) {
        let (events, coupons) =
            self.change(id, |account, numbers| (account.points.settle(at, numbers), account.end_coupons(at)));
        let lots = events.into_iter().filter_map(|event| match event {
            Event::LotBurnt { id, amount, .. } => Some((ExpiredKind::Lot, id.0, amount)),
            // There are no holds here.
            Event::LotActive(_) | Event::HoldExpired(_) | Event::HoldShrunkAway(_) => None,
        });
        let coupons = coupons.into_iter().map(|coupon| (ExpiredKind::Coupon, coupon.0, Amount::ZERO));
        expired.extend(lots.chain(coupons).map(|(kind, over, amount)| Expired {
            kind,
            programme: Programme::ProBonus,
            id: over.to_string(),
            account: id.to_string(),
            amount,
            at,
        }));
    }

    /// The one door to a change of an account: keeps the index of deadlines true.
    fn change<R>(&mut self, id: AccountId, change: impl FnOnce(&mut Account, &mut Numbers) -> R) -> R {
        let account = self.accounts.get_mut(&id).expect("the caller has found this account");
        let account = Arc::make_mut(account);
        let before = account.next_due();
        let outcome = change(account, &mut self.numbers);
        let after = account.next_due();
        if before != after {
            before.map(|at| self.due.remove(&(at, id)));
            after.map(|at| self.due.insert((at, id)));
        }
        outcome
    }
}

#[cfg(test)]
mod tests;
