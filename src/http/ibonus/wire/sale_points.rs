//! The merchant's places.

use std::sync::Arc;

use serde::Serialize;

use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields;
use crate::loyalty::ibonus::sale_points::{Place, SalePoint, SalePointOrder};

#[derive(Serialize)]
pub(in crate::http::ibonus) struct WireSalePoint<'a> {
    id: u64,
    region: Option<&'a str>,
    city: Option<&'a str>,
    address: Option<&'a str>,
    phone: Option<&'a str>,
}

pub(in crate::http::ibonus) fn sale_point(point: &Arc<SalePoint>) -> WireSalePoint<'_> {
    WireSalePoint {
        id: point.id.0,
        region: point.place.region.as_deref(),
        city: point.place.city.as_deref(),
        address: point.place.address.as_deref(),
        phone: point.place.phone.as_deref(),
    }
}

pub(in crate::http::ibonus) fn sale_points_request(body: &[u8]) -> Result<Vec<SalePointOrder>, Failure> {
    fields::list(body, |point| {
        let id = point.optional("id", fields::id);
        let text = |name| point.optional(name, fields::kept);
        let (region, city, address, phone) = (text("region"), text("city"), text("address"), text("phone"));
        let place = Place { region: region?, city: city?, address: address?, phone: phone? };
        Some(SalePointOrder { id: id?, place })
    })
}
