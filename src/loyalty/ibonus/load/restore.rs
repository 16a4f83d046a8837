//! Puts together what an export took apart: records, and what is hidden of them.

use std::sync::Arc;

use super::super::Books;
use super::super::balance::Sum;
use super::super::coupon::CouponState;
use super::super::currency::{Accounts, Currency};
use super::super::holds::{HoldState, HubHold};
use super::super::ids::{ClientId, HubHoldId, OrderId};
use super::super::orders::line::Item;
use super::super::orders::{Effects, Order, ReceiptKind};
use super::clients::{NewBalance, NewClient};
use super::orders::NewOrder;
use super::{Conflict, FieldConflict};
use crate::loyalty::amount::Amount;
use crate::loyalty::ledger::{Account, AccountParts, Ending, EntryKind, Hold, HoldId, Lot, LotId};
use crate::loyalty::time::Time;

/// What an account does not show.
#[derive(Clone, Debug, Default)]
pub struct HiddenAccount {
    /// The numbers of the lots, soonest to burn first.
    pub lots: Vec<LotId>,
    /// The active holds.
    pub holds: Vec<Hold>,
    /// The holds that ended.
    pub ended: Vec<(HoldId, Ending)>,
    /// Number, time, kind and signed amount of the entries, oldest first.
    pub entries: Vec<(u64, Time, EntryKind, Amount)>,
}

impl HiddenAccount {
    fn last_number(&self) -> u64 {
        let lots = self.lots.iter().map(|lot| lot.0);
        let holds = self.holds.iter().map(|hold| hold.id.0);
        let ended = self.ended.iter().map(|(hold, _)| hold.0);
        let entries = self.entries.iter().map(|entry| entry.0);
        lots.chain(holds).chain(ended).chain(entries).max().unwrap_or(0)
    }

    /// The account of these lots.
    fn account(self, shown: &[NewBalance], currency: Currency, last: u64) -> Result<Account, String> {
        let shown = shown.iter().filter(|balance| balance.currency == currency);
        let shown: Vec<_> =
            shown.flat_map(|balance| &balance.lots).filter(|lot| !lot.amount.is_zero()).collect();
        if shown.len() != self.lots.len() {
            return Err(format!("{} lots, {} numbers of lots", shown.len(), self.lots.len()));
        }
        if self.last_number() > last {
            return Err(format!("number {}, but the numbers go up to {last}", self.last_number()));
        }
        let lots = self.lots.iter().zip(shown).map(|(id, lot)| Lot {
            id: *id,
            amount: lot.amount,
            expires_at: lot.expires_at,
            active_from: lot.active_from,
        });
        let (lots, HiddenAccount { holds, ended, entries, .. }) = (lots.collect(), self);
        Account::restore(AccountParts { lots, holds, ended, entries })
    }
}

impl Order {
    /// What its customer wrote off on it, as far as one sum says it: the sum was written off at the sale, or with
    /// captured holds that name it.
    pub fn written_off(&self) -> Option<Sum> {
        let first = self.effects.spends.first()?;
        let (client, currency) = (first.client, first.currency);
        let alike = self.effects.spends.iter().all(|it| it.client == client && it.currency == currency);
        let amount = self.effects.spends.iter().map(|spend| spend.amount).sum();
        let is_told = alike && self.customer == Some(client) && amount <= self.total;
        is_told.then_some(Sum { amount, currency })
    }
}

impl Books {
    /// Puts a client with used accounts into the books; or tells all that speaks against it. No number is over
    /// `last_number`. What is due stays due.
    pub fn restore_client(
        &mut self,
        id: ClientId,
        new: NewClient,
        hidden: [(Currency, HiddenAccount); 2],
        last_number: u64,
        now: Time,
    ) -> Result<ClientId, Vec<FieldConflict>> {
        self.client_conflicts(&new, now).into_result()?;
        let mut accounts = Accounts::default();
        for (currency, hidden) in hidden {
            let account = hidden.account(&new.balances, currency, last_number).map_err(|detail| {
                let whose = format!("client {id}");
                FieldConflict::contradiction(whose, format!("{}: {detail}", currency.name()))
            })?;
            *accounts.of_mut(currency) = account;
        }
        Ok(self.insert_new_client(new, accounts, now))
    }

    /// Puts an order into the books as it was, and changes no other; or tells all that speaks against it. Of a refund
    /// of a sale, `new.refunds` are its items.
    pub fn restore_order(
        &mut self,
        id: OrderId,
        mut new: NewOrder,
        refund_of: Option<OrderId>,
        effects: Effects,
    ) -> Result<OrderId, Vec<FieldConflict>> {
        let refunds = std::mem::take(&mut new.refunds);
        let checked = self.check_new_order(&new)?;
        let contradiction = |detail: &str| FieldConflict::contradiction(format!("order {id}"), detail);
        let referred = match refund_of {
            None => None,
            Some(sale) => {
                let sale = self.order(sale).ok_or_else(|| contradiction("the sale is not there"))?;
                let items: Arc<[Item]> =
                    sale.items.iter().filter(|item| refunds.contains(&item.id)).cloned().collect();
                if items.len() != refunds.len() {
                    return Err(contradiction("the items are not those of the sale"));
                }
                Some(items)
            }
        };
        let total = match &referred {
            None => checked.total,
            Some(items) => items.iter().map(|item| item.sum).sum(),
        };
        let has_items = referred.is_some() || !new.items.is_empty();
        let total = if has_items { total } else { new.total.unwrap_or(total) };
        if new.total.is_some_and(|given| given != total) {
            return Err(vec![FieldConflict::new("totalAmount", Conflict::NotTheSumOfItems(total))]);
        }
        if let Some(accrued) = effects.accrued {
            let told = (new.kind, new.cashback, new.cashback_currency);
            if told != (ReceiptKind::Sale, accrued.amount, Some(accrued.currency)) {
                return Err(contradiction("cashbackAmount is another"));
            }
        }
        let clients = effects.spends.iter().map(|spend| spend.client);
        let mut clients = clients.chain(effects.redeemed.iter().map(|redeemed| redeemed.client));
        if clients.any(|client| self.client(client).is_none()) {
            return Err(contradiction("a client is not there"));
        }

        let items = referred.unwrap_or_else(|| self.opening_items(id, new.items.clone(), &checked.sums));
        if effects.refunded.iter().any(|id| !items.iter().any(|item| item.id == *id)) {
            return Err(contradiction("an item that was refunded is not there"));
        }
        let told = new.written_off;
        let id =
            self.insert_new_order(id, NewOrder { id: Some(id), ..new }, items, total, refund_of, effects);
        self.counts.orders.pass(id);
        match self.order(id) {
            Some(order) if order.written_off() != told => Err(FieldConflict::contradiction(
                format!("order {id}"),
                "writtenOff is another than what was spent",
            )),
            _ => Ok(id),
        }
    }

    /// Puts a hold into the books as it was: an active one is on the account already.
    pub fn restore_hold(&mut self, hold: HubHold) -> Result<HubHoldId, Vec<FieldConflict>> {
        let whose = format!("hold {} of client {}", hold.transaction_id, hold.client);
        let contradiction = |detail: &str| FieldConflict::contradiction(&whose, detail);
        let id = hold.id;
        if id.0 == 0 || self.holds.contains_key(&id) || self.by_transaction.contains_key(&hold.transaction_id)
        {
            return Err(contradiction("another hold has its number or transactionId"));
        }
        let client = self.client(hold.client).ok_or_else(|| contradiction("the client is not there"))?;
        if hold.state == HoldState::Active {
            let account = client.accounts().of(hold.currency);
            if let Some(number) = hold.number {
                let is_there = account.active_hold(number).is_some_and(|it| it.expires_at == hold.expires_at);
                if !is_there || client.tickets.contains_key(&number) {
                    return Err(contradiction("it is not on the account"));
                }
            }
            for coupon in hold.coupons.iter() {
                let coupon = client.coupon(*coupon).ok_or_else(|| contradiction("a coupon is not there"))?;
                if coupon.held_by.is_some() {
                    return Err(contradiction("a coupon is under another hold"));
                }
            }
            self.change(hold.client, |client, _| {
                for coupon in hold.coupons.iter() {
                    client.change_coupon(*coupon, |coupon| {
                        coupon.held_by = Some(id).filter(|_| coupon.state == CouponState::Live);
                    });
                }
                match hold.number {
                    Some(number) => drop(client.tickets.insert(number, id)),
                    None => drop(client.coupon_holds.insert((hold.expires_at, id))),
                }
            });
        }
        hold.entry.map(|entry| self.captures.insert(entry, id));
        self.by_transaction.insert(Arc::clone(&hold.transaction_id), id);
        self.counts.holds.pass(id);
        self.holds.insert(id, Arc::new(hold));
        Ok(id)
    }
}
