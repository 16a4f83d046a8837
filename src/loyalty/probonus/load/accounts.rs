//! Accounts from outside, with their points, identifiers and coupons.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use imbl::OrdMap;

use super::super::Books;
use super::super::accounts::coupons::Coupon;
use super::super::accounts::identifiers::Identifier;
use super::super::accounts::{Account, Note, Profile};
use super::super::ids::{AccountId, CouponId, DiscountId, GroupId, IdentifierId, IdentifierTypeId};
use super::super::phone::Phone;
use super::{Conflict, Conflicts, FieldConflict, Step};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{self, AccountParts, EntryKind, NewLot};
use crate::loyalty::time::Time;

/// An account to be added.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// The id; left out: the next one.
    pub id: Option<AccountId>,
    /// The group; left out: the one of the lowest id.
    pub group: Option<GroupId>,
    /// Who it is.
    pub profile: Profile,
    /// The phone.
    pub phone: Option<Phone>,
    /// What it is known by, beside the phone. Masks hold for what calls give, not here.
    pub identifiers: Vec<NewIdentifier>,
    /// The discount or bonus.
    pub discount: Option<DiscountId>,
    /// The number of a ladder's step, if it is a higher one than the turnover reaches.
    pub step: Option<usize>,
    /// The money paid.
    pub turnover: Amount,
    /// The highest turnover since the discount was set; left out: the turnover, or the step's threshold.
    pub turnover_peak: Option<Amount>,
    /// The coupons.
    pub coupons: Vec<NewCoupon>,
    /// After how many days new points burn.
    pub burning_days: Option<u32>,
    /// Whether it is not active.
    pub is_inactive: bool,
    /// When it was opened; left out: now.
    pub created_at: Option<Time>,
    /// The points.
    pub points: Points,
}

/// The points of an account to be added.
#[derive(Clone, Debug)]
pub enum Points {
    /// Those it is opened with. Lots that are over already are left out.
    Opening(Vec<NewLot>),
    /// A ledger as an export has it, with what its entries do not hold, by their numbers. What is due stays due.
    Restored(Box<AccountParts>, Vec<(u64, Note)>),
}

impl Default for Points {
    fn default() -> Points {
        Points::Opening(Vec::new())
    }
}

/// An identifier to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdentifier {
    /// The id; left out: the next one.
    pub id: Option<IdentifierId>,
    /// Its type.
    pub type_id: IdentifierTypeId,
    /// What is on the card.
    pub value: Arc<str>,
}

/// A coupon to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCoupon {
    /// The id; left out: the next one.
    pub id: Option<CouponId>,
    /// What it is called.
    pub name: Box<str>,
    /// What is said at the till.
    pub code: Option<Box<str>>,
    /// The last day on which it is good.
    pub valid_until: Option<NaiveDate>,
}

impl Books {
    /// Adds an account with opening entries for its points; or tells all that speaks against it.
    pub fn add_account(&mut self, new: NewAccount, now: Time) -> Result<AccountId, Vec<FieldConflict>> {
        let mut conflicts = self.new_account_conflicts(&new, now);
        let group = new.group.or_else(|| self.groups.get_min().map(|(id, _)| *id));
        if group.is_none() {
            conflicts.add("accountGroupId", Conflict::NoGroup);
        }
        let restored = match &new.points {
            Points::Opening(_) => None,
            Points::Restored(parts, notes) => restore(parts, notes, &mut conflicts),
        };
        conflicts.into_result()?;

        let group = group.expect("that there is none was told as a conflict");
        let (points, notes) = match (restored, new.points) {
            (Some(restored), _) => restored,
            (None, Points::Opening(lots)) => (self.opened(&lots, now), OrdMap::new()),
            (None, Points::Restored(..)) => (ledger::Account::default(), OrdMap::new()),
        };
        let ladder = new.discount.and_then(|id| self.discounts.get(&id));
        let step = new.step.zip(ladder).and_then(|(step, discount)| discount.rate.threshold_of(step));
        let peak = new.turnover_peak.or(step).unwrap_or(new.turnover).max(new.turnover);
        let id = self.counts.accounts.take_or(new.id);
        new.identifiers.iter().filter_map(|it| it.id).for_each(|id| self.counts.identifiers.pass(id));
        let identifiers = new.identifiers.into_iter().map(|NewIdentifier { id, type_id, value }| {
            Identifier { id: self.counts.identifiers.take_or(id), type_id, value }
        });
        let identifiers = identifiers.collect();
        let coupons = self.new_coupons(new.coupons, now);
        self.insert_into_books(Account {
            id,
            group,
            profile: new.profile,
            phone: new.phone,
            identifiers,
            discount: new.discount,
            turnover: new.turnover,
            turnover_peak: peak,
            coupons,
            burning_days: new.burning_days,
            is_active: !new.is_inactive,
            created_at: new.created_at.unwrap_or(now),
            points,
            notes,
        });
        Ok(id)
    }

    /// Coupons as they will be, by id; those whose last day is over are over.
    pub(super) fn new_coupons(&mut self, coupons: Vec<NewCoupon>, now: Time) -> Arc<[Coupon]> {
        coupons.iter().filter_map(|coupon| coupon.id).for_each(|id| self.counts.coupons.pass(id));
        let calendar = self.rules.calendar();
        let mut made: Vec<Coupon> = coupons
            .into_iter()
            .map(|new| {
                let id = self.counts.coupons.take_or(new.id);
                Coupon::new(id, new.name, new.code, new.valid_until, calendar, now)
            })
            .collect();
        made.sort_by_key(|coupon| coupon.id);
        made.into()
    }

    fn opened(&mut self, lots: &[NewLot], now: Time) -> ledger::Account {
        let mut points = ledger::Account::default();
        for lot in lots.iter().filter(|lot| lot.is_usable(now)) {
            let NewLot { amount, expires_at, active_from } = *lot;
            points
                .accrue(EntryKind::Opening, amount, expires_at, active_from, now, &mut self.numbers)
                .expect("the lots were checked before");
        }
        points
    }

    fn new_account_conflicts(&self, new: &NewAccount, now: Time) -> Conflicts {
        let mut conflicts = Conflicts::default();
        if new.id.is_some_and(|id| self.accounts.contains_key(&id)) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if let Some(id) = new.group.filter(|id| !self.groups.contains_key(id)) {
            conflicts.add("accountGroupId", Conflict::UnknownGroup(id));
        }
        if let Some(other) = new.phone.as_ref().and_then(|phone| self.by_phone.get(phone.number())) {
            conflicts.add("phone", Conflict::DuplicatePhone(*other));
        }
        self.check_new_identifiers(&new.identifiers, None, &mut conflicts);
        match new.discount.map(|id| (id, self.discounts.get(&id))) {
            Some((id, None)) => conflicts.add("discountId", Conflict::UnknownDiscount(id)),
            Some((_, Some(discount))) => {
                let unknown =
                    new.step.filter(|step| *step > 0 && discount.rate.threshold_of(*step).is_none());
                if let Some(step) = unknown {
                    conflicts.add("discount", Conflict::UnknownStep(step));
                }
            }
            None => {}
        }
        if new.turnover.is_negative() {
            conflicts.add("turnover", Conflict::AmountNegative);
        }
        if new.burning_days == Some(0) {
            conflicts.add_at(&[Step::Key("burning"), Step::Key("days")], Conflict::DaysNotPositive);
        }
        check_coupons(&new.coupons, &mut conflicts);
        if let Points::Opening(lots) = &new.points {
            check_lots(lots, now, &mut conflicts);
        }
        conflicts
    }

    /// Checks identifiers that `own` account, or a new one, is to have.
    pub(super) fn check_new_identifiers(
        &self,
        identifiers: &[NewIdentifier],
        own: Option<AccountId>,
        conflicts: &mut Conflicts,
    ) {
        let (mut ids, mut named) = (BTreeSet::new(), BTreeSet::new());
        for (place, identifier) in identifiers.iter().enumerate() {
            let mut add = |field, conflict| {
                conflicts.add_at(&[Step::Key("identifiers"), Step::Index(place), Step::Key(field)], conflict);
            };
            let NewIdentifier { id, type_id, value } = identifier;
            if id.is_some_and(|id| !ids.insert(id)) {
                add("id", Conflict::DuplicateId);
            }
            if !named.insert((*type_id, value)) {
                add("value", Conflict::IdentifierRepeated);
            }
            match self.identifier_types.get(type_id) {
                None => add("typeId", Conflict::UnknownIdentifierType(*type_id)),
                Some(kind) => {
                    if let Some(other) = self.other_owner(*type_id, value, own).filter(|_| kind.unique) {
                        add("value", Conflict::DuplicateIdentifier(other));
                    }
                }
            }
        }
    }
}

/// The ledger and the notes of an account, if they fit together.
fn restore(
    parts: &AccountParts,
    notes: &[(u64, Note)],
    conflicts: &mut Conflicts,
) -> Option<(ledger::Account, OrdMap<u64, Note>)> {
    let entries: BTreeSet<u64> = parts.entries.iter().map(|entry| entry.0).collect();
    let lost = notes.iter().find(|(entry, _)| !entries.contains(entry));
    let detail = match (lost, parts.holds.is_empty()) {
        (Some((entry, _)), _) => format!("there is no entry {entry}"),
        (None, false) => "there are no holds in ProBonus".to_owned(),
        (None, true) => match ledger::Account::restore(parts.clone()) {
            Ok(points) => return Some((points, notes.iter().cloned().collect())),
            Err(detail) => detail,
        },
    };
    conflicts.add_at(&[], Conflict::Contradiction(detail.into()));
    None
}

/// Checks that the coupons' ids differ.
pub(super) fn check_coupons(coupons: &[NewCoupon], conflicts: &mut Conflicts) {
    let mut ids = BTreeSet::new();
    for (place, coupon) in coupons.iter().enumerate() {
        if coupon.id.is_some_and(|id| !ids.insert(id)) {
            conflicts
                .add_at(&[Step::Key("coupons"), Step::Index(place), Step::Key("id")], Conflict::DuplicateId);
        }
    }
}

/// Checks that an account can have these lots; those that are over already do not count.
pub(super) fn check_lots(lots: &[NewLot], now: Time, conflicts: &mut Conflicts) {
    let mut sum = Amount::ZERO;
    for (place, lot) in lots.iter().enumerate() {
        let path = [Step::Key("lots"), Step::Index(place)];
        if lot.amount.is_negative() {
            conflicts.add_at(&path, Conflict::AmountNegative);
            continue;
        }
        let first_use = lot.active_from.unwrap_or(now).max(now);
        if lot.expires_at.is_some_and(|at| at > now && at <= first_use) {
            conflicts.add_at(&path, Conflict::BurnsBeforeActive);
        }
        if lot.amount > ledger::POSTED_MAX - sum {
            conflicts.add_at(&path, Conflict::BalanceOverLimit);
            break;
        }
        sum += lot.amount;
    }
}
