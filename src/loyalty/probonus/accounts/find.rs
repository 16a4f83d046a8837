//! `accounts.list`, `accounts.get_by_id`, `accounts.find_by_phone`, `accounts.find_by_identifier`.

use std::sync::Arc;

use super::super::ids::{AccountId, GroupId, IdentifierTypeId};
use super::super::page::Page;
use super::super::phone::{self, Phone};
use super::super::{Books, Refusal};
use super::Account;

/// Which accounts to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountsQuery<'a> {
    /// Those of this group.
    pub group: Option<GroupId>,
    /// Those whose name, phone or an identifier holds this, upper and lower case alike \[I\].
    pub text: Option<&'a str>,
    /// Which part of the list.
    pub page: Page,
}

/// How a call names an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    /// By id.
    Id(AccountId),
    /// By phone, in any spelling.
    Phone(&'a str),
}

impl Books {
    /// The accounts, by id.
    pub fn accounts(&self) -> impl DoubleEndedIterator<Item = &Arc<Account>> + ExactSizeIterator {
        self.accounts.values()
    }

    /// An account, if it is there.
    pub fn account(&self, id: AccountId) -> Option<&Arc<Account>> {
        self.accounts.get(&id)
    }

    /// The accounts of a group, by id.
    pub fn accounts_in(&self, group: GroupId) -> impl Iterator<Item = &Arc<Account>> {
        let members = self.by_group.range((group, AccountId(0))..=(group, AccountId(u64::MAX)));
        members.filter_map(|(_, id)| self.accounts.get(id))
    }

    /// `accounts.list`, by id.
    ///
    /// Refuses: an unknown group.
    pub fn list_accounts(&self, query: &AccountsQuery<'_>) -> Result<Vec<Arc<Account>>, Refusal> {
        let text = query.text.map(str::trim).filter(|text| !text.is_empty()).map(Needle::new);
        let matches = |account: &&Arc<Account>| text.as_ref().is_none_or(|needle| needle.is_in(account));
        Ok(match query.group {
            None => query.page.of(self.accounts().filter(matches).map(Arc::clone)),
            Some(group) => {
                self.find_group(group)?;
                query.page.of(self.accounts_in(group).filter(matches).map(Arc::clone))
            }
        })
    }

    /// `accounts.get_by_id`.
    pub fn find_account(&self, id: AccountId) -> Result<&Arc<Account>, Refusal> {
        self.accounts.get(&id).ok_or(Refusal::AccountNotFound { id })
    }

    /// `accounts.find_by_phone` \[D\].
    pub fn find_by_phone(&self, phone: &str) -> Result<&Arc<Account>, Refusal> {
        let id = self.by_phone.get(phone::number(phone).as_str());
        id.and_then(|id| self.accounts.get(id)).ok_or(Refusal::PhoneNotFound)
    }

    /// `accounts.find_by_identifier`: the one that has it, exactly; of several, that of the first type and then
    /// of the lowest id \[I\].
    ///
    /// Refuses: an unknown type; an identifier that no account has.
    pub fn find_by_identifier(
        &self,
        value: &str,
        type_id: Option<IdentifierTypeId>,
    ) -> Result<&Arc<Account>, Refusal> {
        if let Some(id) = type_id.filter(|id| !self.identifier_types.contains_key(id)) {
            return Err(Refusal::IdentifierTypeNotFound { id });
        }
        let mut owners = self.owners(value.into());
        let found = owners.find(|(of, _)| type_id.is_none_or(|type_id| *of == type_id));
        found.and_then(|(_, id)| self.accounts.get(&id)).ok_or(Refusal::IdentifierNotFound)
    }

    /// The account that a call names.
    pub fn find_whose(&self, whose: Whose<'_>) -> Result<&Arc<Account>, Refusal> {
        match whose {
            Whose::Id(id) => self.find_account(id),
            Whose::Phone(phone) => self.find_by_phone(phone),
        }
    }

    /// The account that the caller has found before.
    pub(in super::super) fn known_account(&self, id: AccountId) -> &Arc<Account> {
        self.accounts.get(&id).expect("the caller has found this account")
    }
}

/// A text to look for.
struct Needle {
    lower: String,
    /// The digits to look for in phones: of a whole phone in the spelling of the index.
    digits: Option<String>,
}

impl Needle {
    fn new(text: &str) -> Needle {
        let is_phone = text.chars().all(|sign| sign.is_ascii_digit() || "+-() ".contains(sign));
        let digits = Some(phone::number(text)).filter(|digits| is_phone && !digits.is_empty());
        Needle { lower: text.to_lowercase(), digits }
    }

    fn is_in(&self, account: &Account) -> bool {
        let phone = account.phone.as_ref().map(Phone::number);
        let in_phone =
            || phone.zip(self.digits.as_ref()).is_some_and(|(phone, it)| phone.contains(it.as_str()));
        let in_value = |value: &str| value.to_lowercase().contains(&self.lower);
        in_value(&account.profile.full_name())
            || in_phone()
            || account.identifiers.iter().any(|identifier| in_value(&identifier.value))
    }
}
