//! `client`: find a client by phone, card or code.

use std::sync::Arc;

use super::id::ObjectId;
use super::records::{Client, Level};
use super::{Books, Refusal, phone};
use crate::loyalty::amount::Amount;

/// What to find, and for whom the balance is reckoned.
#[derive(Clone, Debug)]
pub struct FindQuery<'a> {
    /// A phone, a card or a code; a number is asked for by its digits.
    pub search: &'a str,
    /// The point of sale; `None` if what was sent is no id.
    pub point: Option<ObjectId>,
    /// The caller's own holds.
    pub holds: Vec<ObjectId>,
}

/// A client that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The client.
    pub client: Arc<Client>,
    /// Its level.
    pub level: Arc<Level>,
    /// Points available now, beside the caller's own holds; always 0 for a discount level \[D\].
    pub balance: Amount,
}

impl Books {
    /// Finds a client. Phones match on digits alone, cards and codes exactly; a phone wins over a card, a card
    /// over a code \[I\].
    pub fn find(&self, query: &FindQuery<'_>) -> Result<Found, Refusal> {
        let by_phone = phone::digits(query.search).and_then(|digits| self.by_phone.get(&digits));
        let id = by_phone
            .or_else(|| self.by_card.get(query.search))
            .or_else(|| self.by_code.get(query.search))
            .copied();
        let (client, _) = self.parties(id, query.point)?;
        let level = self.level_of(client);
        let balance = self.balance(client, level, &query.holds);
        Ok(Found { client: Arc::clone(client), level: Arc::clone(level), balance })
    }
}
