//! Orders: `orders.create`, `.list`, `.items`, `.createTest`.

use actix_web::HttpResponse;

use super::ask::{Answer, Ask};
use super::wire::{List, orders as wire};
use super::{done, parameters, shown};
use crate::loyalty::ibonus::orders::sale::PaymentMismatch;
use wire::GivenItems;

/// The orders that the user may see, newest first.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let query = parameters::query(ask.request, wire::orders_query);
    let orders = ask.as_user(query, |open, query| {
        let orders = open.books.list_orders(&query, open.by).into_iter();
        Ok(orders.map(|order| wire::Listed::of(order, open.books)).collect::<Vec<_>>())
    })?;
    Ok(shown(&List(&orders, wire::order)))
}

/// Places a sale, or a refund.
pub(super) fn create(ask: &Ask<'_>) -> Answer {
    let placed = ask.as_user(wire::order_request(ask.body()), |open, request| {
        let receipt = request.order.receipt(open.by);
        Ok(match &request.order.items {
            GivenItems::Sale(lines) => {
                open.books.place_sale(&request.sale(receipt, lines), open.now)?.mismatch
            }
            GivenItems::Refund(items) => {
                open.books.place_refund(&wire::refund(receipt, items), open.now)?;
                None
            }
        })
    });
    Ok(noted(done(), placed?))
}

/// Keeps a test order.
pub(super) fn create_test(ask: &Ask<'_>) -> Answer {
    ask.as_user(wire::test_order(ask.body()), |open, order| {
        let receipt = order.receipt(open.by);
        match &order.items {
            GivenItems::Sale(lines) => {
                open.books.place_test_sale(&wire::test_sale(receipt, lines), open.now)?
            }
            GivenItems::Refund(items) => {
                open.books.place_test_refund(&wire::refund(receipt, items), open.now)?
            }
        };
        Ok(())
    })?;
    Ok(done())
}

/// The items of an order.
pub(super) fn items(ask: &Ask<'_>) -> Answer {
    let id = ask.id("Order");
    let items = ask.as_user(id, |open, id| Ok(open.books.items_of(id, open.by)?))?;
    Ok(shown(&List(&items, wire::item)))
}

/// Leaves on the answer that card, cash and points are not the order's total \[E: accepted\]. The journal will take
/// it from there, with `response().extensions().get::<PaymentMismatch>()`: no other part of the edge knows of it.
fn noted(mut response: HttpResponse, mismatch: Option<PaymentMismatch>) -> HttpResponse {
    if let Some(mismatch) = mismatch {
        response.extensions_mut().insert(mismatch);
    }
    response
}
