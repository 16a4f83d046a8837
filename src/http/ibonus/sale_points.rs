//! The merchant's places: `salePoints.list`, `.put`.

use super::ask::{Answer, Ask};
use super::wire::{List, sale_points as wire};
use super::{done, shown};

pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let points = ask.as_user(Ok(()), |open, ()| Ok(open.books.sale_points().cloned().collect::<Vec<_>>()))?;
    Ok(shown(&List(&points, wire::sale_point)))
}

/// Replaces the list.
pub(super) fn put(ask: &Ask<'_>) -> Answer {
    let points = wire::sale_points_request(ask.body());
    ask.as_user(points, |open, points| Ok(open.books.put_sale_points(points)?))?;
    Ok(done())
}
