//! What the requests for new accounts have in common: group, profile, identifiers.

use std::sync::Arc;

use crate::http::probonus::fields::{Fields, Place, kinds, moments};
use crate::loyalty::probonus::accounts::identifiers::IdentifierOrder;
use crate::loyalty::probonus::accounts::{Profile, Sex};
use crate::loyalty::probonus::ids::GroupId;

/// The most identifiers that one request may name \[I\].
pub(in crate::http::probonus) const IDENTIFIERS_MAX: usize = 100;

/// The group: `accountId` is the page's own name for it \[D\].
pub(super) fn group(fields: &Fields<'_, '_>) -> Option<GroupId> {
    fields.first_of(&["accountId", "accountGroupId", "groupId"], kinds::id)
}

pub(super) fn profile(fields: &Fields<'_, '_>) -> Option<Profile> {
    let last_name = fields.optional("lastName", kinds::kept);
    let first_name = fields.optional("firstName", kinds::kept);
    let patronymic = fields.optional("patronymic", kinds::kept);
    let birthday = fields.optional("birthday", moments::date);
    let sex = fields.optional("sex", sex);
    let email = fields.optional("email", kinds::kept);
    let comment = fields.optional("comment", kinds::kept);
    Some(Profile {
        last_name: last_name?,
        first_name: first_name?,
        patronymic: patronymic?,
        birthday: birthday?,
        sex: sex?,
        email: email?,
        comment: comment?,
    })
}

pub(super) fn sex(place: Place<'_, '_>) -> Option<Sex> {
    let sexes = [Sex::Male, Sex::Female].map(|sex| (sex.name(), sex));
    kinds::one_of(&place, &sexes, "'male' or 'female'")
}

pub(super) fn identifiers(place: Place<'_, '_>) -> Option<Vec<IdentifierOrder>> {
    place.list(IDENTIFIERS_MAX, |place| {
        place.object(|fields| {
            let type_id = fields.required("typeId", kinds::id);
            let value = fields.required("value", kinds::some_text);
            Some(IdentifierOrder { type_id: type_id?, value: Arc::from(value?) })
        })
    })
}
