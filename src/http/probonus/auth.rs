//! `auth.login`, `auth.info`, `auth.refresh_token`, `auth.logout`.

use super::ask::{Answer, Ask, shown};
use super::wire::{auth as wire, users};
use crate::http::select::split_credential;
use crate::loyalty::probonus::Refusal;
use crate::loyalty::probonus::auth::RefreshWith;

/// A pair of tokens for a login and a password. A login may name a sandbox, which was chosen by it.
pub(super) fn login(ask: &Ask<'_>) -> Answer {
    let (login, password) = ask.input(wire::login)?;
    let login = split_credential(&login).0;
    let pair = ask.open(|open| Ok(open.books.log_in(login, &password, open.now)?))?;
    shown(&wire::tokens(&pair, ask.sandbox().name()))
}

/// Who calls.
pub(super) fn info(ask: &Ask<'_>) -> Answer {
    let user = ask.open(|open| Ok(ask.caller(&open)?))?;
    shown(&users::user(&user))
}

/// A new pair, for a refresh token in the body or else for the bearer token \[I: which goes first\]. A key is not
/// looked at \[I\]: there is nothing to be refreshed.
pub(super) fn refresh_token(ask: &Ask<'_>) -> Answer {
    let given = ask.input(wire::refresh)?;
    let by_refresh = given.as_deref().map(|token| RefreshWith::Refresh(split_credential(token).0));
    let with = by_refresh.or_else(|| ask.token().map(RefreshWith::Access));
    let pair = ask.open(|open| {
        let with = with.ok_or(Refusal::CredentialsMissing)?;
        Ok(open.books.refresh(with, open.now)?)
    })?;
    shown(&wire::tokens(&pair, ask.sandbox().name()))
}

/// Ends the token and its refresh token. A key is not looked at \[I\]: it cannot be ended.
pub(super) fn logout(ask: &Ask<'_>) -> Answer {
    ask.open(|open| {
        let token = ask.token().ok_or(Refusal::CredentialsMissing)?;
        Ok(open.books.log_out(token, open.now)?)
    })?;
    shown(&wire::Success { success: true })
}
