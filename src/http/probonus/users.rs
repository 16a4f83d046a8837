//! `users.list`.

use super::ask::{Answer, Ask, shown};
use super::wire::{List, users as wire};

/// The users, without their passwords.
pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let users: Vec<_> = ask.look(|open| open.books.users().cloned().collect())?;
    shown(&List(&users, |user| wire::user(user)))
}
