//! `hold` and `release`: points kept for a till for a while.

use super::id::ObjectId;
use super::{Books, Refusal, Ticket};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger;
use crate::loyalty::time::{Period, Time};

/// The points to hold.
#[derive(Clone, Debug)]
pub struct HoldOrder {
    /// Whose; `None` if what was sent is no id.
    pub client: Option<ObjectId>,
    /// Where; `None` if what was sent is no id.
    pub point: Option<ObjectId>,
    /// How many points.
    pub amount: Amount,
    /// For how long: 10 minutes unless said otherwise, at most 30 \[D\].
    pub duration: Period,
}

/// A hold that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub id: ObjectId,
    /// Until when: the second the hold was made in, plus the duration.
    pub until: Time,
    /// The points held.
    pub amount: Amount,
}

impl Books {
    /// Holds points. What other holds claim is not available; several may be active at once \[I\].
    pub fn hold(&mut self, order: &HoldOrder, now: Time) -> Result<Held, Refusal> {
        let (client, point) = self.parties(order.client, order.point)?;
        let limit = self.balance(client, self.level_of(client), &[]);
        if order.amount > limit {
            return Err(Refusal::HoldOverLimit { limit });
        }

        let (client, point) = (client.id, point.id);
        let second = Time::from_seconds(now.seconds()).expect("the second of a Time is a Time");
        let until = second + order.duration;
        let id = self.mint_id(now);
        // At the very end of time a hold is over as it is made.
        if until > now {
            self.place_hold(id, client, point, order.amount, until, now)
                .expect("the limit was checked before");
        }
        Ok(Held { id, until, amount: order.amount })
    }

    /// Gives a hold up. That there is no such hold is a success, too \[D\].
    pub fn release(&mut self, id: Option<ObjectId>) {
        if let Some(ticket) = id.and_then(|id| self.tickets.get(&id)).copied() {
            self.end_hold(ticket);
        }
    }

    /// Puts a hold on the account and into the books.
    pub(super) fn place_hold(
        &mut self,
        id: ObjectId,
        client: ObjectId,
        point: ObjectId,
        amount: Amount,
        until: Time,
        now: Time,
    ) -> Result<(), ledger::Refusal> {
        let hold = self.change(client, |record, numbers| {
            let hold = record.account.hold(amount, until, now, numbers)?;
            record.tickets.insert(hold, id);
            Ok(hold)
        })?;
        let ticket = Ticket { point, client, hold };
        self.tickets.insert(id, ticket);
        self.tickets_by_point.insert(ticket);
        Ok(())
    }

    /// Releases an active hold.
    pub(super) fn end_hold(&mut self, ticket: Ticket) {
        self.change(ticket.client, |client, _| client.account.release(ticket.hold))
            .expect("a ticket is in the books as long as its hold is active");
        self.forget_ticket(ticket.client, ticket.hold);
    }
}
