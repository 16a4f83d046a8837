//! Holds from outside: what an export carries beside the records a fixture shows.

use std::sync::Arc;

use super::super::Books;
use super::super::holds::{HoldState, HubHold};
use super::super::ids::HubHoldId;
use super::{Conflict, Conflicts, FieldConflict};
use crate::loyalty::time::Time;

impl Books {
    /// Adds a hold; or tells all that speaks against it. An active one claims its points and coupons, unless its
    /// time is over; any other is only remembered. An id of 0 and an empty transactionId are new ones.
    pub fn add_hold(&mut self, mut hold: HubHold, now: Time) -> Result<HubHoldId, Vec<FieldConflict>> {
        if hold.expires_at <= now && hold.state == HoldState::Active {
            hold.state = HoldState::Expired;
        }
        self.check_new_hold(&hold, now).into_result()?;

        let given = Some(hold.id).filter(|id| id.0 != 0);
        hold.id = self.counts.holds.take_or(given);
        if hold.transaction_id.is_empty() {
            hold.transaction_id = self.new_transaction_id();
        }
        hold.number = None;
        let id = hold.id;
        if hold.state == HoldState::Active {
            self.place_hold(hold, now);
        } else {
            hold.entry.map(|entry| self.captures.insert(entry, id));
            self.by_transaction.insert(Arc::clone(&hold.transaction_id), id);
            self.holds.insert(id, Arc::new(hold));
        }
        Ok(id)
    }

    fn check_new_hold(&self, hold: &HubHold, now: Time) -> Conflicts {
        let mut conflicts = Conflicts::default();
        if hold.id.0 != 0 && self.holds.contains_key(&hold.id) {
            conflicts.add("id", Conflict::DuplicateId);
        }
        if self.by_transaction.contains_key(&hold.transaction_id) {
            conflicts.add("transactionId", Conflict::DuplicateToken);
        }
        if hold.amount.is_negative() || hold.amount.is_zero() && hold.coupons.is_empty() {
            conflicts.add("amount", Conflict::AmountNotPositive);
        }
        let Some(client) = self.client(hold.client) else {
            conflicts.add("client", Conflict::UnknownClient(hold.client));
            return conflicts;
        };
        if hold.state == HoldState::Active {
            let available = client.accounts().of(hold.currency).available();
            if hold.amount > available {
                conflicts.add("amount", Conflict::HoldOverAvailable(available));
            }
            if let Err(refusal) = Books::check_coupons(client, &hold.coupons, now) {
                conflicts.add("coupons", Conflict::NotHoldable(refusal.name()));
            }
        }
        conflicts
    }
}
