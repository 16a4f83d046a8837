//! Users.

use serde::Serialize;

use crate::loyalty::probonus::users::User;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct WireUser<'a> {
    id: u64,
    login: &'a str,
    email: Option<&'a str>,
    last_name: Option<&'a str>,
    first_name: Option<&'a str>,
    patronymic: Option<&'a str>,
    comment: Option<&'a str>,
}

/// A user, without its password.
pub(in crate::http::probonus) fn user(user: &User) -> WireUser<'_> {
    WireUser {
        id: user.id.0,
        login: &user.login,
        email: user.email.as_deref(),
        last_name: user.last_name.as_deref(),
        first_name: user.first_name.as_deref(),
        patronymic: user.patronymic.as_deref(),
        comment: user.comment.as_deref(),
    }
}
