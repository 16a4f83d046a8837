//! What must always hold in the books, beside what an account checks of itself.

use imbl::OrdSet;

use super::Books;
use super::client::Client;
use super::currency::Currency;
use super::holds::{HoldState, HubHold};
use super::ids::{ClientId, CouponId};
use super::orders::Order;
use crate::loyalty::amount::Amount;
use crate::loyalty::time::Time;

/// Whose account it is about, what must hold and does not, the numbers.
pub type Violation = (ClientId, &'static str, String);

impl Books {
    /// What is not as it must be, with the client it is about; nothing, unless there is a bug.
    pub fn violations(&self, now: Time) -> Vec<Violation> {
        let mut found = Vec::new();
        for client in self.clients.values() {
            self.check_client(client, now, &mut found);
        }
        for hold in self.holds.values() {
            self.check_hold(hold, &mut found);
        }
        for order in self.orders.values() {
            check_order(order, &mut found);
            self.check_order_indexes(order, &mut found);
        }
        let customers = self.orders.values().filter(|order| order.customer.is_some()).count();
        let (by_time, by_client) = (self.orders_by_time.len(), self.orders_by_client.len());
        if (by_time, by_client) != (self.orders.len(), customers) {
            let orders = self.orders.len();
            let detail = format!("{by_time} of {orders} by time, {by_client} of {customers} by client");
            found.push((ClientId(0), "oneRowAnOrder", detail));
        }
        let (due, clients) = (self.due.len(), self.clients.values());
        let with_due = clients.filter(|client| client.next_due().is_some()).count();
        if due != with_due {
            found.push((ClientId(0), "oneDeadlineAClient", format!("{due} deadlines, {with_due} clients")));
        }
        found
    }

    fn check_client(&self, client: &Client, now: Time, found: &mut Vec<Violation>) {
        let mut holds = 0;
        for currency in Currency::ALL {
            let account = client.accounts().of(currency);
            let own = account.violations(now).into_iter();
            found.extend(
                own.map(|(rule, detail)| (client.id, rule, format!("{}: {detail}", currency.name()))),
            );
            for hold in account.holds() {
                holds += 1;
                let behind = client.tickets.get(&hold.id).and_then(|id| self.hold(*id));
                if behind.is_none_or(|it| it.state != HoldState::Active || it.number != Some(hold.id)) {
                    found.push((client.id, "everyHoldHasItsTicket", format!("{hold:?}: {behind:?}")));
                }
            }
        }
        let mut check = |holds: bool, rule, detail: &dyn Fn() -> String| {
            if !holds {
                found.push((client.id, rule, detail()));
            }
        };
        check(holds == client.tickets.len(), "noTicketWithoutHold", &|| {
            format!("{holds} holds, {} tickets", client.tickets.len())
        });
        let due = client.next_due();
        check(due.is_none_or(|at| self.due.contains(&(at, client.id))), "everyDeadlineIsIndexed", &|| {
            format!("{due:?}")
        });
        let deadlines = client.coupons().filter_map(|coupon| Some((coupon.deadline()?, coupon.id)));
        let deadlines: OrdSet<(Time, CouponId)> = deadlines.collect();
        check(deadlines == client.coupon_deadlines, "everyLiveCouponHasItsDeadline", &|| {
            format!("{:?}", client.coupon_deadlines)
        });
        for coupon in client.coupons() {
            let over = coupon.deadline().is_some_and(|at| at <= now);
            check(!over, "noExpiredCouponAlive", &|| format!("{coupon:?}"));
            let holder = coupon.held_by.and_then(|id| self.hold(id));
            let held = coupon.held_by.is_none()
                || holder.is_some_and(|it| it.state == HoldState::Active && it.coupons.contains(&coupon.id));
            check(held, "everyHeldCouponHasItsHold", &|| format!("{coupon:?}: {holder:?}"));
            let at = self.tokens.linked.get(&coupon.tokens.token);
            check(at.is_some_and(|at| at.client == client.id), "everyCouponIsIndexed", &|| {
                format!("{coupon:?}: {at:?}")
            });
        }
    }

    fn check_order_indexes(&self, order: &Order, found: &mut Vec<Violation>) {
        let by_time = self.orders_by_time.contains(&(order.date, order.id));
        let row = order.customer.map(|client| (client, order.date, order.id));
        if !by_time || row.is_some_and(|row| !self.orders_by_client.contains(&row)) {
            let client = order.customer.unwrap_or(ClientId(0));
            found.push((client, "everyOrderIsIndexed", format!("{order:?}")));
        }
    }

    fn check_hold(&self, hold: &HubHold, found: &mut Vec<Violation>) {
        let client = self.client(hold.client);
        let on_account = client.is_some_and(|client| match hold.number {
            Some(number) => client.accounts().of(hold.currency).active_hold(number).is_some(),
            None => client.coupon_holds.contains(&(hold.expires_at, hold.id)),
        });
        if on_account != (hold.state == HoldState::Active) {
            found.push((hold.client, "activeHoldsAreOnTheAccount", format!("{hold:?}")));
        }
    }
}

/// What was undone of a sale is no more than what it did; of a wholly refunded one it is all.
fn check_order(order: &Order, found: &mut Vec<Violation>) {
    let account = order.customer.unwrap_or(ClientId(0));
    let whole = !order.items.is_empty() && order.is_wholly_refunded();
    let parts = order.effects.accrued.iter().map(|accrued| accrued.amount - accrued.cancelled);
    for left in parts {
        if left.is_negative() || whole && !left.is_zero() {
            found.push((account, "cancelledAtMostAccrued", format!("{:?}", order.effects)));
        }
    }
    for spend in &order.effects.spends {
        if spend.spent.left() > spend.amount || spend.spent.left().is_negative() {
            found.push((account, "givenBackAtMostSpent", format!("{:?}", order.effects)));
        }
    }
    let items: Amount = order.items.iter().map(|item| item.sum).sum();
    if !order.items.is_empty() && items != order.total {
        found.push((account, "totalIsSumOfItems", format!("total {}, items {items}", order.total)));
    }
}
