//! The rules of loyalty: `(world, command, now) → outcome | refusal`. No HTTP, no clock, no JSON.
//!
//! The words used here and everywhere: an **account** owns points; **posted** are the points on it, **held**
//! those under active holds, **pending** those that are not active yet, **available** is what is left of them.
//! A **lot** is points accrued together with one expiry; a **hold** is a claim on points that is captured,
//! released, or expires; an **entry** is one line of an account's ledger; a **refusal** is a business "no".

pub mod amount;
pub mod counter;
pub mod digits;
pub mod ibonus;
pub mod ledger;
pub mod log;
pub mod loyalclient;
pub mod mint;
pub mod probonus;
pub mod quantity;
pub mod time;
pub mod whole;

use time::Time;

/// Everything the three programmes know. They share nothing but the kind of ledger they keep.
///
/// A clone is O(1), whatever the number of accounts: the maps are persistent and the records shared.
#[derive(Clone, Debug)]
pub struct World {
    /// LoyalClient's books.
    pub loyalclient: loyalclient::Books,
    /// i-bonus.me's books.
    pub ibonus: ibonus::Books,
    /// ProBonus's books.
    pub probonus: probonus::Books,
}

impl World {
    /// When something next happens by itself.
    pub fn next_due(&self) -> Option<Time> {
        let due = [self.loyalclient.next_due(), self.ibonus.next_due(), self.probonus.next_due()];
        due.into_iter().flatten().min()
    }

    /// Lets happen all that is due by `now`; answers what is over, in order of time.
    pub fn settle(&mut self, now: Time) -> Vec<Expired> {
        let mut expired = self.loyalclient.settle(now);
        expired.extend(self.ibonus.settle(now));
        expired.extend(self.probonus.settle(now));
        expired.sort_by_key(|expired| expired.at);
        expired
    }
}

/// One of the three programmes that are emulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Programme {
    /// LoyalClient, `/integration/general/*`.
    LoyalClient,
    /// i-bonus.me, `/ext/api/v1/*`.
    Ibonus,
    /// ProBonus, `/api/v0/*`.
    ProBonus,
}

impl Programme {
    /// Its name in the control API and in fixtures.
    pub const fn name(self) -> &'static str {
        match self {
            Programme::LoyalClient => "loyalclient",
            Programme::Ibonus => "ibonus",
            Programme::ProBonus => "probonus",
        }
    }

    /// The programme of this name.
    pub fn parse(name: &str) -> Option<Programme> {
        [Programme::LoyalClient, Programme::Ibonus, Programme::ProBonus]
            .into_iter()
            .find(|programme| programme.name() == name)
    }
}

/// Something whose time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expired {
    /// What it was.
    pub kind: ExpiredKind,
    /// Whose it was.
    pub programme: Programme,
    /// Its id: a hold's as its API shows it, a lot's number.
    pub id: String,
    /// The id of the account it belonged to.
    pub account: String,
    /// The points it was about.
    pub amount: amount::Amount,
    /// When it was over.
    pub at: Time,
}

/// What can be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiredKind {
    /// A hold: its points are available again, or burnt with their lot.
    Hold,
    /// A lot: its points are gone.
    Lot,
    /// A coupon: it cannot be used any more.
    Coupon,
    /// A token: nobody can log in with it any more.
    Token,
}

impl ExpiredKind {
    /// The kind's name in the control API.
    pub const fn name(self) -> &'static str {
        match self {
            ExpiredKind::Hold => "hold",
            ExpiredKind::Lot => "lot",
            ExpiredKind::Coupon => "coupon",
            ExpiredKind::Token => "token",
        }
    }
}
