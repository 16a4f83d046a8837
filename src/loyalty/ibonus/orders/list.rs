//! `orders.list` and `orders.items`: the merchant sees all, an employee only its own \[D\].

use std::sync::Arc;

use super::super::ids::{ClientId, OrderId};
use super::super::like::Like;
use super::super::page::Page;
use super::super::users::UserId;
use super::super::{Books, Refusal};
use super::line::Item;
use super::{Order, ReceiptKind};
use crate::loyalty::time::Time;

/// Which orders to list; those that hold all that is asked \[I\].
#[derive(Clone, Debug, Default)]
pub struct OrdersQuery {
    /// Not before this moment \[D\].
    pub from: Option<Time>,
    /// Not after this moment \[D\].
    pub to: Option<Time>,
    /// By the fiscal drive's number.
    pub fiscal_fn: Option<Like>,
    /// By the fiscal document's number.
    pub fiscal_fd: Option<Like>,
    /// Of this client; one that is not there has none \[I\].
    pub client: Option<ClientId>,
    /// Of this kind.
    pub kind: Option<ReceiptKind>,
    /// Which part of the list.
    pub page: Page,
}

impl Order {
    /// Whether this user may see it.
    pub fn is_seen_by(&self, user: UserId) -> bool {
        matches!(user, UserId::Merchant(_)) || self.by == user
    }
}

impl Books {
    /// The orders that this user may see and that match, newest first \[D\]; of one moment, the higher id first
    /// \[I\].
    pub fn list_orders(&self, query: &OrdersQuery, user: UserId) -> Vec<Arc<Order>> {
        let from = (query.from.unwrap_or(Time::MIN), OrderId(0));
        let to = (query.to.unwrap_or(Time::MAX), OrderId(u64::MAX));
        if from > to {
            return Vec::new();
        }
        let like = |like: &Option<Like>, text: &Option<Box<str>>| {
            like.as_ref().is_none_or(|like| text.as_deref().is_some_and(|text| like.matches(text)))
        };
        let matches = |order: &&Arc<Order>| {
            order.is_seen_by(user)
                && query.kind.is_none_or(|kind| kind == order.kind)
                && like(&query.fiscal_fn, &order.fiscal_fn)
                && like(&query.fiscal_fd, &order.fiscal_fd)
        };
        let page = |ids: &mut dyn Iterator<Item = OrderId>| {
            query.page.of(ids.filter_map(|id| self.orders.get(&id)).filter(matches).map(Arc::clone))
        };
        match query.client {
            None => page(&mut self.orders_by_time.range(from..=to).rev().map(|(_, id)| *id)),
            Some(client) => {
                let range = (client, from.0, from.1)..=(client, to.0, to.1);
                page(&mut self.orders_by_client.range(range).rev().map(|(_, _, id)| *id))
            }
        }
    }

    /// The items of an order. One that this user may not see is not there \[I\].
    pub fn items_of(&self, id: OrderId, user: UserId) -> Result<Arc<[Item]>, Refusal> {
        let order = self.order(id).filter(|order| order.is_seen_by(user));
        order.map(|order| Arc::clone(&order.items)).ok_or(Refusal::OrderNotFound { id })
    }
}
