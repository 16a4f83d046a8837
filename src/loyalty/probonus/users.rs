//! Users: who logs in. The service user is behind the permanent keys.

use std::sync::Arc;

use super::ids::UserId;
use super::{Books, Refusal};

/// A user \[D, wiki: has these\].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// What it logs in with.
    pub login: Arc<str>,
    /// What it logs in with, too. The service user has none, and cannot log in so.
    pub password: Option<Box<str>>,
    /// The e-mail.
    pub email: Option<Box<str>>,
    /// The last name.
    pub last_name: Option<Box<str>>,
    /// The first name.
    pub first_name: Option<Box<str>>,
    /// The patronymic.
    pub patronymic: Option<Box<str>>,
    /// A comment.
    pub comment: Option<Box<str>>,
}

impl User {
    /// A user of this login and password, and nothing else.
    pub fn new(id: UserId, login: &str, password: Option<&str>) -> User {
        User {
            id,
            login: login.into(),
            password: password.map(Box::from),
            email: None,
            last_name: None,
            first_name: None,
            patronymic: None,
            comment: None,
        }
    }

    /// Who calls with a permanent key: id 0, login `api` \[I\].
    pub fn service() -> User {
        User::new(UserId(0), "api", None)
    }
}

impl Books {
    /// `users.list`: the users, by id. The service user is none of them \[I\].
    pub fn users(&self) -> impl ExactSizeIterator<Item = &Arc<User>> {
        self.users.values()
    }

    /// A user.
    pub fn user(&self, id: UserId) -> Option<&Arc<User>> {
        self.users.get(&id)
    }

    /// The permanent keys, in order.
    pub fn api_keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.api_keys.iter().map(AsRef::as_ref)
    }

    /// Who calls with this permanent key: the service user.
    pub fn user_of_key(&self, key: &str) -> Result<Arc<User>, Refusal> {
        if self.api_keys.contains(key) { Ok(Arc::new(User::service())) } else { Err(Refusal::UnknownKey) }
    }
}
