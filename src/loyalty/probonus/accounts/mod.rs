//! `accounts.*`: the record, and a file for each thing that is done with it: [`find`], [`insert`], [`update`],
//! [`points`] (refill and withdraw), [`transactions`], [`balance`]; with [`identifiers`] and [`coupons`].

pub mod balance;
pub mod coupons;
pub mod find;
pub mod identifiers;
pub mod insert;
pub mod points;
pub mod transactions;
pub mod update;

use std::sync::Arc;

use chrono::NaiveDate;
use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::{AccountId, CheckId, DiscountId, GroupId};
use super::phone::Phone;
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger;
use crate::loyalty::time::Time;
use coupons::Coupon;
use identifiers::Identifier;

/// An account: a guest, with points.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The group; it is in the books.
    pub group: GroupId,
    /// Who it is.
    pub profile: Profile,
    /// The phone; no two accounts have the same. A fixture's may have none \[I\].
    pub phone: Option<Phone>,
    /// What it is known by, beside the phone.
    pub identifiers: Arc<[Identifier]>,
    /// The discount or bonus; it is in the books.
    pub discount: Option<DiscountId>,
    /// The money paid.
    pub turnover: Amount,
    /// The highest turnover since the discount was set: it says which step of a ladder is reached. A step only
    /// rises on its own, so this does not follow a turnover that a return lowers.
    pub turnover_peak: Amount,
    /// The coupons, also those that are over.
    pub coupons: Arc<[Coupon]>,
    /// After how many days new points burn; none is never.
    pub burning_days: Option<u32>,
    /// Whether points come and go.
    pub is_active: bool,
    /// When it was opened.
    pub created_at: Time,
    pub(super) points: ledger::Account,
    /// What the ledger's entries do not hold, by their numbers.
    pub(super) notes: OrdMap<u64, Note>,
}

/// Who an account is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct Profile {
    pub last_name: Option<Box<str>>,
    pub first_name: Option<Box<str>>,
    pub patronymic: Option<Box<str>>,
    pub birthday: Option<NaiveDate>,
    pub sex: Option<Sex>,
    pub email: Option<Box<str>>,
    pub comment: Option<Box<str>>,
}

impl Profile {
    /// Last name, first name and patronymic, as far as they are known.
    pub fn full_name(&self) -> String {
        let parts = [&self.last_name, &self.first_name, &self.patronymic];
        parts.into_iter().flatten().map(AsRef::as_ref).collect::<Vec<&str>>().join(" ")
    }
}

/// `male`, `female`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the names say it
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
        }
    }
}

/// What a transaction was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TransactionKind {
    /// Points given by hand.
    Refill,
    /// Points taken by hand.
    Withdraw,
    /// Points given by the programme: a welcome bonus, a purchase.
    Accrual,
    /// A purchase paid with points.
    Payment,
    /// Points whose time was over.
    Burn,
    /// A purchase that was returned.
    Refund,
}

impl TransactionKind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            TransactionKind::Refill => "refill",
            TransactionKind::Withdraw => "withdraw",
            TransactionKind::Accrual => "accrual",
            TransactionKind::Payment => "payment",
            TransactionKind::Burn => "burn",
            TransactionKind::Refund => "refund",
        }
    }
}

/// What a ledger's entry does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it was.
    pub kind: TransactionKind,
    /// What was said with it.
    pub comment: Option<Arc<str>>,
    /// The check that it belongs to.
    pub check: Option<CheckId>,
}

impl Account {
    /// The points: lots and entries.
    pub fn points(&self) -> &ledger::Account {
        &self.points
    }

    /// What an entry does not hold. Burns, opening entries and balances set from outside have none.
    pub fn note(&self, entry: u64) -> Option<&Note> {
        self.notes.get(&entry)
    }

    /// All the notes, with the numbers of their entries.
    pub fn notes(&self) -> impl ExactSizeIterator<Item = (u64, &Note)> {
        self.notes.iter().map(|(entry, note)| (*entry, note))
    }

    /// When something next happens here by itself.
    pub(super) fn next_due(&self) -> Option<Time> {
        let coupons = self.coupons.iter().filter_map(Coupon::deadline);
        self.points.next_due().into_iter().chain(coupons).min()
    }

    /// Notes what the entry written last was; answers its number.
    pub(super) fn note_last(&mut self, note: Note) -> u64 {
        let entry = self.points.entries().newest_first().next();
        let id = entry.expect("the caller has just written an entry").id;
        self.notes.insert(id, note);
        id
    }
}
