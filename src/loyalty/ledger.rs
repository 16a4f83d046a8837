//! Accounts: points in lots, holds on them, and the entries that say how they came and went.
//!
//! What the three programmes share, and all they share. An [`Account`] is plain data with rules: time is an
//! argument, numbers come from a counter that is handed in, and each command checks everything before it
//! changes anything, so that a refused command changes nothing.
//!
//! Order of events, when several are due: by time; at one and the same time a hold expires, then a lot becomes
//! active, then a lot burns. Something is over when its deadline is not after now.

use std::collections::{BTreeSet, VecDeque};

use imbl::{OrdMap, OrdSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::Amount;
use super::log::Log;
use super::time::Time;

/// The most points an account may hold: 10^15. Beyond it a command is refused, so that no sum ever overflows.
pub const POSTED_MAX: Amount = Amount::whole(1_000_000_000_000_000);

/// How many ended holds an account remembers, so that a second attempt is told what became of the first. When
/// one more ends, it no longer knows of the one that was made first.
pub const ENDED_HOLDS_MAX: usize = 1_000;

/// Gives the numbers of lots, holds and entries: ascending, never one twice within a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers(u64);

impl Numbers {
    /// The next number, from 1 upwards.
    pub fn take(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }

    /// Those that come after `last`.
    pub const fn after(last: u64) -> Numbers {
        Numbers(last)
    }

    /// The last number that was taken; 0 if none was.
    pub const fn last(&self) -> u64 {
        self.0
    }
}

/// A lot's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LotId(pub u64);

/// A hold's number: younger holds have higher ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoldId(pub u64);

/// Points accrued together, with one expiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its number.
    pub id: LotId,
    /// What is left of it; more than nothing.
    pub amount: Amount,
    /// When it burns; `None` is never.
    pub expires_at: Option<Time>,
    /// Until when it is pending: on the account, but not to be spent. `None` once it is active.
    pub active_from: Option<Time>,
}

impl Lot {
    /// Soonest to burn first, those that never burn last, the older first among equals.
    fn rank(&self) -> (bool, Option<Time>, LotId) {
        (self.expires_at.is_none(), self.expires_at, self.id)
    }
}

/// A claim on points that is captured, released, or expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Its number.
    pub id: HoldId,
    /// Points claimed; more than nothing.
    pub amount: Amount,
    /// When it is over.
    pub expires_at: Time,
}

/// Points to be given, or to open an account with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLot {
    /// How many; nothing is no lot.
    pub amount: Amount,
    /// When they burn; `None` is never.
    pub expires_at: Option<Time>,
    /// When they become active; `None` is at once.
    pub active_from: Option<Time>,
}

impl NewLot {
    /// Whether the points can ever be used, seen from `now`.
    pub fn is_usable(&self, now: Time) -> bool {
        let first_use = self.active_from.unwrap_or(now).max(now);
        self.amount.is_positive() && self.expires_at.is_none_or(|at| at > first_use)
    }
}

/// How a hold ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// Its points were spent.
    Captured,
    /// It was given up.
    Released,
    /// Its time was over.
    Expired,
    /// Every point under it burnt, or was taken back.
    ShrunkAway,
}

/// What an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EntryKind {
    /// What the fixture gave.
    Opening,
    /// Points given.
    Accrual,
    /// Points spent, captured holds included.
    Spend,
    /// A lot's expiry.
    Burn,
    /// An accrual taken back.
    TakeBack,
    /// A spend given back.
    GiveBack,
    /// A balance set from outside the programme.
    Adjustment,
}

impl EntryKind {
    /// The kind's name in the control API.
    pub const fn name(self) -> &'static str {
        match self {
            EntryKind::Opening => "opening",
            EntryKind::Accrual => "accrual",
            EntryKind::Spend => "spend",
            EntryKind::Burn => "burn",
            EntryKind::TakeBack => "takeBack",
            EntryKind::GiveBack => "giveBack",
            EntryKind::Adjustment => "adjustment",
        }
    }
}

/// One line of an account's ledger; never changed or removed once written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: u64,
    /// When it happened: a burn at the lot's deadline, however late somebody looked.
    pub at: Time,
    /// What it records.
    pub kind: EntryKind,
    /// Signed: what leaves the account is negative.
    pub amount: Amount,
    /// Points on the account after it.
    pub balance: Amount,
}

/// All that an account is made of, to be put together again.
#[derive(Clone, Debug, Default)]
pub struct AccountParts {
    /// Soonest to burn first.
    pub lots: Vec<Lot>,
    /// The active holds.
    pub holds: Vec<Hold>,
    /// The holds that ended.
    pub ended: Vec<(HoldId, Ending)>,
    /// Number, time, kind and signed amount of the entries, oldest first.
    pub entries: Vec<(u64, Time, EntryKind, Amount)>,
}

/// From which lots points were spent, so that they can be given back to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    parts: Vec<SpentPart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct SpentPart {
    lot: LotId,
    /// What has not been given back yet.
    left: Amount,
    expires_at: Option<Time>,
}

impl Spent {
    /// What has not been given back yet.
    pub fn left(&self) -> Amount {
        self.parts.iter().map(|part| part.left).sum()
    }

    /// A spend of which this is left: a lot, how much came from it, and when it burns. A lot that is not on the
    /// account any more comes back with what is given back to it, a number that never was one as a new lot.
    pub fn from_parts(parts: impl IntoIterator<Item = (LotId, Amount, Option<Time>)>) -> Spent {
        let part = |(lot, left, expires_at)| SpentPart { lot, left, expires_at };
        Spent { parts: parts.into_iter().map(part).collect() }
    }

    /// What has not been given back yet, lot by lot, in the order it was taken.
    pub fn parts(&self) -> impl Iterator<Item = (LotId, Amount, Option<Time>)> {
        self.parts.iter().map(|part| (part.lot, part.left, part.expires_at))
    }

    /// Counts a part as given back, last taken first, without giving it to anybody; more than is left is all.
    pub fn forget(&mut self, amount: Amount) {
        let mut rest = amount;
        for part in self.parts.iter_mut().rev() {
            let given = part.left.min(rest);
            part.left -= given;
            rest -= given;
        }
    }
}

/// What became of points that were given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenBack {
    /// Back on the account.
    pub returned: Amount,
    /// Not back: their lot has expired meanwhile.
    pub expired: Amount,
}

/// What happened by itself when time passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A hold ended at its deadline.
    HoldExpired(Hold),
    /// A hold ended because every point under it was gone.
    HoldShrunkAway(Hold),
    /// A lot became active.
    LotActive(LotId),
    /// What was left of a lot burnt at its deadline.
    LotBurnt {
        /// The lot.
        id: LotId,
        /// What burnt.
        amount: Amount,
        /// Its deadline.
        at: Time,
    },
}

/// Why an account says no. Checked in this order, before anything is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The sum is nothing, or under it.
    #[error("the amount must be more than zero")]
    AmountNotPositive,
    /// The deadline is not after now, or the lot would burn before it is active.
    #[error("the deadline is over already")]
    DeadlinePassed,
    /// No hold of this number is known.
    #[error("no such hold")]
    HoldNotFound,
    /// The hold was captured before.
    #[error("the hold is captured already")]
    HoldCaptured,
    /// The hold was released before.
    #[error("the hold is released already")]
    HoldReleased,
    /// The hold's time was over, or no point was left under it.
    #[error("the hold is expired")]
    HoldExpired,
    /// More than was spent and not yet given back.
    #[error("only {left} of the spend can be given back")]
    MoreThanSpent {
        /// The most that can be given back.
        left: Amount,
    },
    /// More than is available.
    #[error("only {available} available")]
    InsufficientPoints {
        /// The most that can be taken.
        available: Amount,
    },
    /// The account would exceed [`POSTED_MAX`].
    #[error("the account would hold more than {POSTED_MAX}")]
    BalanceOverLimit,
}

/// An account's points: lots, holds, and entries.
///
/// Always true, and checked by [`Account::violations`]: posted = sum of lots = sum of entries; pending = sum of
/// pending lots; held = sum of holds ≤ posted − pending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    posted: Amount,
    pending: Amount,
    held: Amount,
    /// Soonest to burn first.
    lots: VecDeque<Lot>,
    holds: OrdMap<HoldId, Hold>,
    /// The holds' deadlines, soonest first; the younger last among equals.
    deadlines: OrdSet<(Time, HoldId)>,
    ended: OrdMap<HoldId, Ending>,
    entries: Log<Entry>,
}

impl Account {
    /// An account put together from its parts; or what does not fit. What is due stays due.
    pub fn restore(parts: AccountParts) -> Result<Account, String> {
        const FITS: std::ops::RangeInclusive<Amount> = Amount::ZERO..=POSTED_MAX;
        let mut account = Account::default();
        for lot in parts.lots {
            let sum = account.posted + lot.amount;
            if account.lots.iter().any(|other| other.id == lot.id) || !FITS.contains(&sum) {
                return Err(format!("lot {} does not fit", lot.id.0));
            }
            account.posted = sum;
            if lot.active_from.is_some() {
                account.pending += lot.amount;
            }
            account.lots.push_back(lot);
        }
        for hold in parts.holds {
            account.held += hold.amount;
            account.deadlines.insert((hold.expires_at, hold.id));
            if account.holds.insert(hold.id, hold).is_some() || !FITS.contains(&account.held) {
                return Err("the holds do not fit".to_owned());
            }
        }
        account.ended = parts.ended.into_iter().collect();
        let (mut balance, mut last) = (Amount::ZERO, 0);
        for (id, at, kind, amount) in parts.entries {
            let possible = (-POSTED_MAX..=POSTED_MAX).contains(&amount);
            if id <= last || !possible || !FITS.contains(&(balance + amount)) {
                return Err(format!("entry {id} does not fit"));
            }
            (balance, last) = (balance + amount, id);
            account.entries.push(Entry { id, at, kind, amount, balance });
        }
        // Nothing is over yet at the beginning of time: whatever is found does not fit together.
        match account.violations(Time::MIN).into_iter().next() {
            Some((_, detail)) => Err(detail),
            None => Ok(account),
        }
    }

    /// The holds that ended and are remembered, oldest first.
    pub fn ended(&self) -> impl Iterator<Item = (HoldId, Ending)> {
        self.ended.iter().map(|(id, ending)| (*id, *ending))
    }

    /// Points on the account.
    pub fn posted(&self) -> Amount {
        self.posted
    }

    /// Points on the account that cannot be spent yet.
    pub fn pending(&self) -> Amount {
        self.pending
    }

    /// Points under active holds.
    pub fn held(&self) -> Amount {
        self.held
    }

    /// Points that can be spent or held now.
    pub fn available(&self) -> Amount {
        self.posted - self.pending - self.held
    }

    /// Points that can be spent by whom the holds `own` belong to: these do not reduce what is available.
    /// Numbers that are no active holds here, and repeated ones, do not count.
    pub fn available_beside(&self, own: impl IntoIterator<Item = HoldId>) -> Amount {
        let own: BTreeSet<HoldId> = own.into_iter().collect();
        self.available() + own.iter().filter_map(|id| self.holds.get(id)).map(|hold| hold.amount).sum()
    }

    /// The lots, soonest to burn first.
    pub fn lots(&self) -> impl Iterator<Item = &Lot> {
        self.lots.iter()
    }

    /// The active holds, oldest first.
    pub fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.holds.values()
    }

    /// An active hold.
    pub fn active_hold(&self, id: HoldId) -> Option<&Hold> {
        self.holds.get(&id)
    }

    /// The entries, newest first.
    pub fn entries(&self) -> &Log<Entry> {
        &self.entries
    }

    /// When something next happens here by itself.
    pub fn next_due(&self) -> Option<Time> {
        self.next_event().map(|(at, _)| at)
    }

    /// Gives points, in a lot of their own: active at once if `active_from` is over.
    ///
    /// Refuses: a sum not over zero; an `expires_at` that is over, or not after the lot becomes active; more
    /// than [`POSTED_MAX`].
    pub fn accrue(
        &mut self,
        kind: EntryKind,
        amount: Amount,
        expires_at: Option<Time>,
        active_from: Option<Time>,
        now: Time,
        numbers: &mut Numbers,
    ) -> Result<LotId, Refusal> {
        let first_use = active_from.unwrap_or(now).max(now);
        if !amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        if expires_at.is_some_and(|at| at <= first_use) {
            return Err(Refusal::DeadlinePassed);
        }
        if amount > POSTED_MAX - self.posted {
            return Err(Refusal::BalanceOverLimit);
        }

        let id = LotId(numbers.take());
        let active_from = active_from.filter(|at| *at > now);
        self.add_lot(Lot { id, amount, expires_at, active_from });
        self.write(kind, amount, now, numbers);
        Ok(id)
    }

    /// Spends points, soonest to burn first.
    ///
    /// Refuses: a sum not over zero; more than is available.
    pub fn spend(&mut self, amount: Amount, now: Time, numbers: &mut Numbers) -> Result<Spent, Refusal> {
        if !amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        if amount > self.available() {
            return Err(Refusal::InsufficientPoints { available: self.available() });
        }

        let parts = self.take_soonest(amount, false);
        self.write(EntryKind::Spend, -amount, now, numbers);
        Ok(Spent { parts })
    }

    /// Holds points until `expires_at`.
    ///
    /// Refuses: a sum not over zero; a deadline that is over; more than is available.
    pub fn hold(
        &mut self,
        amount: Amount,
        expires_at: Time,
        now: Time,
        numbers: &mut Numbers,
    ) -> Result<HoldId, Refusal> {
        if !amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        if expires_at <= now {
            return Err(Refusal::DeadlinePassed);
        }
        if amount > self.available() {
            return Err(Refusal::InsufficientPoints { available: self.available() });
        }

        let id = HoldId(numbers.take());
        self.holds.insert(id, Hold { id, amount, expires_at });
        self.deadlines.insert((expires_at, id));
        self.held += amount;
        Ok(id)
    }

    /// Gives a hold up: its points are available again.
    ///
    /// Refuses: a hold that is not known, or ended before (told how).
    pub fn release(&mut self, id: HoldId) -> Result<Hold, Refusal> {
        self.check_active(id)?;
        Ok(self.end_hold(id, Ending::Released))
    }

    /// Spends a hold's points, soonest to burn first; the hold ends.
    ///
    /// Refuses: a hold that is not known, or ended before (told how).
    pub fn capture(&mut self, id: HoldId, now: Time, numbers: &mut Numbers) -> Result<Spent, Refusal> {
        self.check_active(id)?;
        let hold = self.end_hold(id, Ending::Captured);
        let parts = self.take_soonest(hold.amount, false);
        self.write(EntryKind::Spend, -hold.amount, now, numbers);
        Ok(Spent { parts })
    }

    /// Takes an accrual back: from its own lot first, then soonest to burn, as far as there are points.
    /// Holds shrink to what is left, the youngest first; those that end at nothing are returned.
    ///
    /// Refuses: a sum not over zero. The sum taken back may be smaller than asked, and nothing.
    pub fn take_back(
        &mut self,
        lot: LotId,
        amount: Amount,
        now: Time,
        numbers: &mut Numbers,
    ) -> Result<(Amount, Vec<Hold>), Refusal> {
        if !amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        let amount = amount.min(self.posted);
        if amount.is_zero() {
            return Ok((amount, Vec::new()));
        }

        let mut rest = amount;
        // Only the lot's number is known, so this looks through the lots: taking back is rare.
        if let Some(place) = self.lots.iter().position(|own| own.id == lot) {
            let own = self.lots[place].amount.min(rest);
            self.reduce_lot(place, own);
            rest -= own;
        }
        self.take_soonest(rest, true);
        self.write(EntryKind::TakeBack, -amount, now, numbers);
        Ok((amount, self.shrink_holds()))
    }

    /// Gives a part of a spend back to the lots it came from, last taken first, each with its old expiry. What
    /// belongs to a lot that has expired meanwhile stays expired.
    ///
    /// Refuses: a sum not over zero; more than was spent and not yet given back; more than [`POSTED_MAX`].
    pub fn give_back(
        &mut self,
        spent: &mut Spent,
        amount: Amount,
        now: Time,
        numbers: &mut Numbers,
    ) -> Result<GivenBack, Refusal> {
        if !amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        if amount > spent.left() {
            return Err(Refusal::MoreThanSpent { left: spent.left() });
        }
        if amount > POSTED_MAX - self.posted {
            return Err(Refusal::BalanceOverLimit);
        }

        let mut outcome = GivenBack::default();
        let mut rest = amount;
        for part in spent.parts.iter_mut().rev() {
            let given = part.left.min(rest);
            if given.is_zero() {
                continue;
            }
            part.left -= given;
            rest -= given;
            if part.expires_at.is_some_and(|at| at <= now) {
                outcome.expired += given;
                continue;
            }
            outcome.returned += given;
            // Its points were spent, so it was active.
            let lot = Lot { id: part.lot, amount: given, expires_at: part.expires_at, active_from: None };
            match self.lots.binary_search_by_key(&lot.rank(), Lot::rank) {
                Ok(place) => {
                    self.lots[place].amount += given;
                    self.posted += given;
                }
                Err(_) => self.add_lot(lot),
            }
        }
        if outcome.returned.is_positive() {
            self.write(EntryKind::GiveBack, outcome.returned, now, numbers);
        }
        Ok(outcome)
    }

    /// Sets the points on the account: what is missing comes as a lot that never burns, what is too much is
    /// taken soonest to burn first. Holds shrink to what is left, the youngest first; those that end at nothing
    /// are returned.
    ///
    /// Refuses: more than [`POSTED_MAX`]; less than nothing.
    pub fn adjust(&mut self, posted: Amount, now: Time, numbers: &mut Numbers) -> Result<Vec<Hold>, Refusal> {
        if posted.is_negative() {
            return Err(Refusal::AmountNotPositive);
        }
        if posted > POSTED_MAX {
            return Err(Refusal::BalanceOverLimit);
        }
        let by = posted - self.posted;
        if by.is_positive() {
            let id = LotId(numbers.take());
            self.add_lot(Lot { id, amount: by, expires_at: None, active_from: None });
        } else {
            self.take_soonest(-by, true);
        }
        if !by.is_zero() {
            self.write(EntryKind::Adjustment, by, now, numbers);
        }
        Ok(self.shrink_holds())
    }

    /// Puts other lots in the place of those that are there. Holds shrink to what can be spent, the youngest
    /// first; those that end at nothing are returned. The same lots again change nothing.
    ///
    /// Refuses: more than [`POSTED_MAX`]; a lot that can never be used.
    pub fn replace_lots(
        &mut self,
        lots: &[NewLot],
        now: Time,
        numbers: &mut Numbers,
    ) -> Result<Vec<Hold>, Refusal> {
        let mut sum = Amount::ZERO;
        for lot in lots {
            if !lot.is_usable(now) {
                return Err(Refusal::DeadlinePassed);
            }
            if lot.amount > POSTED_MAX - sum {
                return Err(Refusal::BalanceOverLimit);
            }
            sum += lot.amount;
        }

        let active_from = |lot: &NewLot| lot.active_from.filter(|at| *at > now);
        let mut sorted: Vec<&NewLot> = lots.iter().collect();
        sorted.sort_by_key(|lot| (lot.expires_at.is_none(), lot.expires_at));
        let same = self.lots.iter().map(|lot| (lot.amount, lot.expires_at, lot.active_from));
        if same.eq(sorted.iter().map(|lot| (lot.amount, lot.expires_at, active_from(lot)))) {
            return Ok(Vec::new());
        }
        let before = self.posted;
        self.lots.clear();
        (self.posted, self.pending) = (Amount::ZERO, Amount::ZERO);
        for lot in lots {
            let id = LotId(numbers.take());
            let (amount, expires_at) = (lot.amount, lot.expires_at);
            self.add_lot(Lot { id, amount, expires_at, active_from: active_from(lot) });
        }
        if self.posted != before {
            self.write(EntryKind::Adjustment, self.posted - before, now, numbers);
        }
        Ok(self.shrink_holds())
    }

    /// Gives an active hold another sum and another deadline.
    ///
    /// Refuses: a sum not over zero; a hold that is not known, or ended before; more than is available beside it.
    pub fn alter_hold(&mut self, id: HoldId, amount: Amount, expires_at: Time) -> Result<(), Refusal> {
        if !amount.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        self.check_active(id)?;
        let available = self.available_beside([id]);
        if amount > available {
            return Err(Refusal::InsufficientPoints { available });
        }

        let hold = self.holds.get_mut(&id).expect("the check before found it active");
        self.deadlines.remove(&(hold.expires_at, id));
        self.deadlines.insert((expires_at, id));
        self.held += amount - hold.amount;
        (hold.amount, hold.expires_at) = (amount, expires_at);
        Ok(())
    }

    /// Lets happen, in order, all that is due by `now`.
    pub fn settle(&mut self, now: Time, numbers: &mut Numbers) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some((at, due)) = self.next_event().filter(|(at, _)| *at <= now) {
            match due {
                Due::HoldExpires(id) => {
                    events.push(Event::HoldExpired(self.end_hold(id, Ending::Expired)));
                }
                Due::LotActive(id) => {
                    let lot = self
                        .lots
                        .iter_mut()
                        .find(|lot| lot.id == id)
                        .expect("the event was found on this lot");
                    lot.active_from = None;
                    self.pending -= lot.amount;
                    events.push(Event::LotActive(id));
                }
                Due::LotBurns(id) => {
                    let lot = self.lots.pop_front().expect("the event was found on the first lot");
                    self.posted -= lot.amount;
                    self.write(EntryKind::Burn, -lot.amount, at, numbers);
                    events.push(Event::LotBurnt { id, amount: lot.amount, at });
                    events.extend(self.shrink_holds().into_iter().map(Event::HoldShrunkAway));
                }
            }
        }
        events
    }

    /// What is not as it must be; nothing, unless there is a bug.
    pub fn violations(&self, now: Time) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let mut check = |holds: bool, rule, detail: &dyn Fn() -> String| {
            if !holds {
                found.push((rule, detail()));
            }
        };
        let lots: Amount = self.lots.iter().map(|lot| lot.amount).sum();
        let pending: Amount =
            self.lots.iter().filter(|lot| lot.active_from.is_some()).map(|lot| lot.amount).sum();
        let holds: Amount = self.holds.values().map(|hold| hold.amount).sum();
        let entries: Amount = self.entries.newest_first().map(|entry| entry.amount).sum();
        check(self.posted == lots, "postedIsSumOfLots", &|| format!("posted {}, lots {lots}", self.posted));
        check(self.posted == entries, "postedIsSumOfEntries", &|| {
            format!("posted {}, entries {entries}", self.posted)
        });
        check(self.pending == pending, "pendingIsSumOfPendingLots", &|| {
            format!("pending {}, pending lots {pending}", self.pending)
        });
        check(self.held == holds, "heldIsSumOfHolds", &|| format!("held {}, holds {holds}", self.held));
        check(!self.available().is_negative(), "heldAtMostPosted", &|| {
            format!("posted {}, pending {}, held {}", self.posted, self.pending, self.held)
        });
        check(!self.posted.is_negative(), "postedNotNegative", &|| format!("posted {}", self.posted));
        for lot in &self.lots {
            check(lot.amount.is_positive(), "lotNotEmpty", &|| format!("{lot:?}"));
            check(lot.expires_at.is_none_or(|at| at > now), "noExpiredLotAlive", &|| format!("{lot:?}"));
            check(lot.active_from.is_none_or(|at| at > now), "noActiveLotPending", &|| format!("{lot:?}"));
        }
        check(self.lots.iter().is_sorted_by_key(Lot::rank), "lotsSoonestFirst", &|| {
            format!("{:?}", self.lots)
        });
        for hold in self.holds.values() {
            check(hold.amount.is_positive(), "holdNotEmpty", &|| format!("{hold:?}"));
            check(hold.expires_at > now, "noExpiredHoldAlive", &|| format!("{hold:?}"));
            check(!self.ended.contains_key(&hold.id), "noHoldEndedTwice", &|| format!("{hold:?}"));
            check(self.deadlines.contains(&(hold.expires_at, hold.id)), "everyHoldHasItsDeadline", &|| {
                format!("{hold:?}")
            });
        }
        check(self.deadlines.len() == self.holds.len(), "everyHoldHasItsDeadline", &|| {
            format!("{} deadlines, {} holds", self.deadlines.len(), self.holds.len())
        });
        found
    }

    fn check_active(&self, id: HoldId) -> Result<(), Refusal> {
        if self.holds.contains_key(&id) {
            return Ok(());
        }
        Err(match self.ended.get(&id) {
            None => Refusal::HoldNotFound,
            Some(Ending::Captured) => Refusal::HoldCaptured,
            Some(Ending::Released) => Refusal::HoldReleased,
            Some(Ending::Expired | Ending::ShrunkAway) => Refusal::HoldExpired,
        })
    }

    fn next_event(&self) -> Option<(Time, Due)> {
        let hold = self.deadlines.get_min().map(|(at, id)| (*at, Due::HoldExpires(*id)));
        // Looks through the lots, but only of an account with pending ones: an index of them would cost every
        // account memory, and few have any.
        let activation = if self.pending.is_zero() {
            None
        } else {
            self.lots.iter().filter_map(|lot| Some((lot.active_from?, Due::LotActive(lot.id)))).min()
        };
        let burn = self.lots.front().and_then(|lot| Some((lot.expires_at?, Due::LotBurns(lot.id))));
        [hold, activation, burn].into_iter().flatten().min()
    }

    fn add_lot(&mut self, lot: Lot) {
        self.posted += lot.amount;
        if lot.active_from.is_some() {
            self.pending += lot.amount;
        }
        if self.lots.is_empty() {
            // Most accounts have one lot, and a fixture may have a million accounts.
            self.lots.reserve_exact(1);
        }
        let place = self.lots.partition_point(|other| other.rank() < lot.rank());
        self.lots.insert(place, lot);
    }

    /// Takes `amount` off the lots, soonest to burn first; pending ones only if asked. The caller has checked
    /// that there is enough.
    fn take_soonest(&mut self, amount: Amount, also_pending: bool) -> Vec<SpentPart> {
        let mut parts = Vec::new();
        let mut rest = amount;
        let mut place = 0;
        while rest.is_positive() {
            let lot = &self.lots[place];
            if lot.active_from.is_some() && !also_pending {
                place += 1;
                continue;
            }
            let left = lot.amount.min(rest);
            rest -= left;
            parts.push(SpentPart { lot: lot.id, left, expires_at: lot.expires_at });
            // Either this empties the lot, and the next one comes to its place, or nothing is left to take.
            self.reduce_lot(place, left);
        }
        parts
    }

    fn reduce_lot(&mut self, place: usize, by: Amount) {
        let lot = &mut self.lots[place];
        lot.amount -= by;
        self.posted -= by;
        if lot.active_from.is_some() {
            self.pending -= by;
        }
        if lot.amount.is_zero() {
            self.lots.remove(place);
        }
    }

    /// Brings the holds down to what can be spent, the youngest first; returns those that end at nothing.
    fn shrink_holds(&mut self) -> Vec<Hold> {
        let mut ended = Vec::new();
        while self.available().is_negative() {
            let too_much = -self.available();
            let (id, hold) =
                self.holds.get_max().expect("held is the sum of the holds, and more than nothing");
            let id = *id;
            if hold.amount <= too_much {
                ended.push(self.end_hold(id, Ending::ShrunkAway));
            } else {
                let hold = self.holds.get_mut(&id).expect("it was the youngest hold a line ago");
                hold.amount -= too_much;
                self.held -= too_much;
            }
        }
        ended
    }

    fn end_hold(&mut self, id: HoldId, ending: Ending) -> Hold {
        let hold = self.holds.remove(&id).expect("the caller has seen this hold active");
        self.deadlines.remove(&(hold.expires_at, id));
        self.held -= hold.amount;
        // Room is made before, lest a hold that outlived a thousand younger ones be forgotten as it ends.
        if self.ended.len() == ENDED_HOLDS_MAX {
            self.ended = self.ended.without_min().1;
        }
        self.ended.insert(id, ending);
        hold
    }

    fn write(&mut self, kind: EntryKind, amount: Amount, at: Time, numbers: &mut Numbers) {
        self.entries.push(Entry { id: numbers.take(), at, kind, amount, balance: self.posted });
    }
}

/// What is next to happen by itself; the order is the one among events of the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    HoldExpires(HoldId),
    LotActive(LotId),
    LotBurns(LotId),
}

#[cfg(test)]
mod tests;
