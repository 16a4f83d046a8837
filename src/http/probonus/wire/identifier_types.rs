//! Types of identifiers.

use serde::Serialize;

use crate::http::probonus::fields::{Fields, kinds};
use crate::loyalty::probonus::identifier_types::{IdentifierType, IdentifierTypeOrder, IdentifierTypeUpdate};
use crate::loyalty::probonus::ids::IdentifierTypeId;

#[derive(Serialize)]
pub(in crate::http::probonus) struct WireIdentifierType<'a> {
    id: u64,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mask: Option<&'a str>,
    unique: bool,
}

pub(in crate::http::probonus) fn identifier_type(kind: &IdentifierType) -> WireIdentifierType<'_> {
    WireIdentifierType { id: kind.id.0, name: &kind.name, mask: kind.mask.as_deref(), unique: kind.unique }
}

pub(in crate::http::probonus) fn insert(fields: &Fields<'_, '_>) -> Option<IdentifierTypeOrder> {
    let name = fields.required("name", kinds::kept);
    let mask = fields.optional("mask", kinds::kept);
    let unique = fields.optional("unique", kinds::flag);
    Some(IdentifierTypeOrder { name: name?, mask: mask?, unique: unique?.unwrap_or_default() })
}

pub(in crate::http::probonus) fn update(
    fields: &Fields<'_, '_>,
) -> Option<(IdentifierTypeId, IdentifierTypeUpdate)> {
    let id = fields.required("id", kinds::id);
    let name = fields.change("name", kinds::kept);
    let mask = fields.change("mask", |place| place.nullable(kinds::kept));
    let unique = fields.change("unique", kinds::flag);
    Some((id?, IdentifierTypeUpdate { name: name?, mask: mask?, unique: unique? }))
}
