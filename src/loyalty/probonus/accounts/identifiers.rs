//! Identifiers of accounts: cards, e-mails and so on; whose they are, and whether they may be.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::ids::{AccountId, IdentifierId, IdentifierTypeId};
use super::super::{Books, Refusal};
use super::Account;

/// An identifier of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// The id.
    pub id: IdentifierId,
    /// Its type; it is in the books.
    pub type_id: IdentifierTypeId,
    /// What is on the card.
    pub value: Arc<str>,
}

/// An identifier to be added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentifierOrder {
    /// Its type.
    pub type_id: IdentifierTypeId,
    /// What is on the card.
    pub value: Arc<str>,
}

impl Books {
    /// Checks identifiers that `own` account, or a new one, is to have.
    ///
    /// Refuses, of each in turn: an unknown type; one that is not as its type's mask says; one named twice; one
    /// that another account has, if its type is unique.
    pub(in super::super) fn check_identifiers(
        &self,
        identifiers: &[IdentifierOrder],
        own: Option<AccountId>,
    ) -> Result<(), Refusal> {
        let mut named = BTreeSet::new();
        for order in identifiers {
            let IdentifierOrder { type_id, value } = order;
            let type_id = *type_id;
            let kind =
                self.identifier_type(type_id).ok_or(Refusal::IdentifierTypeNotFound { id: type_id })?;
            if !kind.fits(value) {
                return Err(Refusal::IdentifierMask { type_id });
            }
            if !named.insert(order) {
                return Err(Refusal::IdentifierRepeated { type_id });
            }
            if let Some(account) = self.other_owner(type_id, value, own).filter(|_| kind.unique) {
                return Err(Refusal::IdentifierTaken { account, type_id });
            }
        }
        Ok(())
    }

    /// An account other than `own` that has this identifier.
    pub(in super::super) fn other_owner(
        &self,
        type_id: IdentifierTypeId,
        value: &Arc<str>,
        own: Option<AccountId>,
    ) -> Option<AccountId> {
        let mut owners =
            self.owners(Arc::clone(value)).filter(|(of, _)| *of == type_id).map(|(_, account)| account);
        owners.find(|account| Some(*account) != own)
    }

    /// The accounts with an identifier of this value, by its type, then by id.
    pub(in super::super) fn owners(
        &self,
        value: Arc<str>,
    ) -> impl Iterator<Item = (IdentifierTypeId, AccountId)> {
        let first = (Arc::clone(&value), IdentifierTypeId(0), AccountId(0));
        let last = (value, IdentifierTypeId(u64::MAX), AccountId(u64::MAX));
        self.by_identifier.range(first..=last).map(|row| (row.1, row.2))
    }

    /// Identifiers as they will be: those that `old` has keep their ids \[I\].
    pub(in super::super) fn new_identifiers(
        &mut self,
        orders: Vec<IdentifierOrder>,
        old: &[Identifier],
    ) -> Arc<[Identifier]> {
        let identifiers = orders.into_iter().map(|IdentifierOrder { type_id, value }| {
            let known = old.iter().find(|it| it.type_id == type_id && it.value == value);
            let id = known.map_or_else(|| self.counts.identifiers.take(), |it| it.id);
            Identifier { id, type_id, value }
        });
        identifiers.collect()
    }

    /// Puts an account's identifiers into the index, or takes them out of it.
    pub(in super::super) fn index_identifiers(&mut self, account: &Account, there: bool) {
        for identifier in account.identifiers.iter() {
            let row = (Arc::clone(&identifier.value), identifier.type_id, account.id);
            if there {
                self.by_identifier.insert(row);
            } else {
                self.by_identifier.remove(&row);
            }
        }
    }
}
