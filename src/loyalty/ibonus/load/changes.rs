//! Changes of clients from outside the programme: of what is known of them, and of their balances.

use std::sync::Arc;

use super::super::Books;
use super::super::client::Counters;
use super::super::currency::Currency;
use super::super::ids::ClientId;
use super::super::phone::Phone;
use super::{Conflict, Conflicts, FieldConflict};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger;
use crate::loyalty::time::Time;

/// What to change of a client: what is left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ClientChange {
    /// The e-mail address.
    pub email: Option<Arc<str>>,
    /// The phone.
    pub phone: Option<Phone>,
    /// The name.
    pub name: Option<Box<str>>,
    /// The URL of a picture.
    pub avatar_url: Option<Box<str>>,
    /// What the client bought and said.
    pub counters: Option<Counters>,
    /// The token.
    pub token: Option<Arc<str>>,
}

impl Books {
    /// Changes what is known of a client; or tells all that speaks against it.
    pub fn change_client(&mut self, id: ClientId, change: ClientChange) -> Result<(), Vec<FieldConflict>> {
        let Some(client) = self.client(id).map(Arc::clone) else {
            return Err(vec![FieldConflict::new("id", Conflict::UnknownClient(id))]);
        };
        let mut conflicts = Conflicts::default();
        let phone_of = change.phone.as_ref().and_then(|phone| self.by_phone.get(phone.digits()));
        if let Some(other) = phone_of.filter(|other| **other != id) {
            conflicts.add("phone", Conflict::DuplicatePhone(*other));
        }
        let email_of = change.email.as_ref().and_then(|email| self.by_email.get(email));
        if let Some(other) = email_of.filter(|other| **other != id) {
            conflicts.add("email", Conflict::DuplicateEmail(*other));
        }
        let token_of = change.token.as_ref().and_then(|token| self.by_token.get(token));
        if token_of.is_some_and(|other| *other != id) {
            conflicts.add("token", Conflict::DuplicateToken);
        }
        conflicts.into_result()?;

        if let Some(phone) = &change.phone {
            client.phone.as_ref().map(|old| self.by_phone.remove(old.digits()));
            self.by_phone.insert(Arc::clone(phone.digits()), id);
        }
        if let Some(email) = &change.email {
            client.email.as_ref().map(|old| self.by_email.remove(old));
            self.by_email.insert(Arc::clone(email), id);
        }
        if let Some(token) = &change.token {
            self.by_token.remove(&client.token);
            self.by_token.insert(Arc::clone(token), id);
        }
        self.change(id, |client, _| {
            client.phone = change.phone.or(client.phone.take());
            client.email = change.email.or(client.email.take());
            client.name = change.name.or(client.name.take());
            client.avatar_url = change.avatar_url.or(client.avatar_url.take());
            client.counters = change.counters.unwrap_or(client.counters);
            client.token = change.token.unwrap_or_else(|| Arc::clone(&client.token));
        });
        Ok(())
    }

    /// Sets what is on a client's account: the difference is an adjustment entry; what is set lower takes the
    /// soonest to burn, and shrinks holds, the youngest first.
    pub fn adjust_balance(
        &mut self,
        id: ClientId,
        currency: Currency,
        posted: Amount,
        now: Time,
    ) -> Result<(), FieldConflict> {
        if self.client(id).is_none() {
            return Err(FieldConflict::new("id", Conflict::UnknownClient(id)));
        }
        let adjusted =
            self.change(id, |client, numbers| client.accounts.of_mut(currency).adjust(posted, now, numbers));
        let shrunk = adjusted.map_err(|refusal| {
            let conflict = match refusal {
                ledger::Refusal::BalanceOverLimit => Conflict::BalanceOverLimit,
                _ => Conflict::AmountNegative,
            };
            FieldConflict::new("amount", conflict)
        })?;
        self.close_shrunk(id, &shrunk);
        Ok(())
    }
}
