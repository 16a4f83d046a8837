//! `identifier_types.*`: what accounts are known by, beside their phones: cards, e-mails and so on.

use std::sync::Arc;

use super::change::Change;
use super::ids::{AccountId, IdentifierTypeId};
use super::{Books, Refusal};

/// A type of identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierType {
    /// The id.
    pub id: IdentifierTypeId,
    /// The name.
    pub name: Box<str>,
    /// What an identifier looks like; none is anything.
    pub mask: Option<Box<str>>,
    /// Whether no two accounts may have the same.
    pub unique: bool,
}

impl IdentifierType {
    /// Whether a value is what the mask says: `9` and `#` stand for a digit, `a` for a letter, `*` for either,
    /// and everything else for itself \[I: the page is silent; these are the signs of input masks\].
    pub fn fits(&self, value: &str) -> bool {
        let Some(mask) = &self.mask else { return true };
        let mut signs = mask.chars();
        value.chars().all(|character| match signs.next() {
            Some('9' | '#') => character.is_ascii_digit(),
            Some('a') => character.is_alphabetic(),
            Some('*') => character.is_alphanumeric(),
            sign => sign == Some(character),
        }) && signs.next().is_none()
    }
}

/// A type to be made.
#[derive(Clone, Debug, Default)]
pub struct IdentifierTypeOrder {
    /// The name.
    pub name: Box<str>,
    /// What an identifier looks like.
    pub mask: Option<Box<str>>,
    /// Whether no two accounts may have the same.
    pub unique: bool,
}

/// What to change of a type.
#[derive(Clone, Debug, Default)]
pub struct IdentifierTypeUpdate {
    /// The name.
    pub name: Change<Box<str>>,
    /// What an identifier looks like. Those that are there stay \[I\].
    pub mask: Change<Option<Box<str>>>,
    /// Whether no two accounts may have the same.
    pub unique: Change<bool>,
}

impl Books {
    /// `identifier_types.list`, by id.
    pub fn identifier_types(&self) -> impl ExactSizeIterator<Item = &Arc<IdentifierType>> {
        self.identifier_types.values()
    }

    /// A type.
    pub fn identifier_type(&self, id: IdentifierTypeId) -> Option<&Arc<IdentifierType>> {
        self.identifier_types.get(&id)
    }

    /// `identifier_types.insert`.
    pub fn insert_identifier_type(&mut self, order: IdentifierTypeOrder) -> Arc<IdentifierType> {
        let id = self.counts.identifier_types.take();
        let IdentifierTypeOrder { name, mask, unique } = order;
        let made = Arc::new(IdentifierType { id, name, mask, unique });
        self.identifier_types.insert(id, Arc::clone(&made));
        made
    }

    /// `identifier_types.update`.
    ///
    /// Refuses: an unknown type; to become unique while two accounts have the same \[I\].
    pub fn update_identifier_type(
        &mut self,
        id: IdentifierTypeId,
        update: IdentifierTypeUpdate,
    ) -> Result<Arc<IdentifierType>, Refusal> {
        let old = self.identifier_types.get(&id).ok_or(Refusal::IdentifierTypeNotFound { id })?;
        if !old.unique
            && update.unique == Change::Is(true)
            && let Some((one, other)) = self.alike(id)
        {
            return Err(Refusal::IdentifiersAlike { one, other });
        }

        let mut changed = IdentifierType::clone(old);
        update.name.apply(&mut changed.name);
        update.mask.apply(&mut changed.mask);
        update.unique.apply(&mut changed.unique);
        let changed = Arc::new(changed);
        self.identifier_types.insert(id, Arc::clone(&changed));
        Ok(changed)
    }

    /// Two accounts with the same identifier of this type.
    pub(super) fn alike(&self, id: IdentifierTypeId) -> Option<(AccountId, AccountId)> {
        let of_it = self.by_identifier.iter().filter(|(_, type_id, _)| *type_id == id);
        let next = self.by_identifier.iter().filter(|(_, type_id, _)| *type_id == id).skip(1);
        of_it.zip(next).find(|(one, other)| one.0 == other.0).map(|(one, other)| (one.2, other.2))
    }
}

#[cfg(test)]
mod tests {
    use super::{IdentifierType, IdentifierTypeId};

    #[test]
    fn a_mask_says_sign_by_sign_what_a_value_looks_like() {
        for (mask, value, fits) in [
            (None, "anything", true),
            (Some("9999"), "1234", true),
            (Some("####"), "1234", true),
            (Some("9999"), "12345", false),
            (Some("9999"), "123", false),
            (Some("9999"), "12a4", false),
            (Some("+7 (999)"), "+7 (912)", true),
            (Some("+7 (999)"), "+8 (912)", false),
            (Some("aa-**"), "АБ-1ж", true),
            (Some("aa-**"), "А1-1ж", false),
        ] {
            let mask = mask.map(Box::from);
            let kind = IdentifierType { id: IdentifierTypeId(1), name: "".into(), mask, unique: true };
            assert_eq!(kind.fits(value), fits, "{:?} {value}", kind.mask);
        }
    }
}
