//! `auth.login`, `auth.info`, `auth.refresh_token`, `auth.logout`: sessions, each a pair of tokens.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::ids::{SessionId, UserId};
use super::users::User;
use super::{Books, Refusal};
use crate::loyalty::amount::Amount;
use crate::loyalty::time::{Period, Time};
use crate::loyalty::{Expired, ExpiredKind, Programme};

/// How many sessions there may be; one more ends the oldest \[I\].
pub const SESSIONS_MAX: usize = 10_000;

/// How long a token is: 64 hex digits \[I\].
const TOKEN_BYTES: usize = 32;

/// A pair of tokens, and whose they are. It ends when both are over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Opens the calls.
    pub access: Token,
    /// Gives a new pair.
    pub refresh: Token,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What is sent.
    pub text: Arc<str>,
    /// When its life ends.
    pub expires_at: Time,
    /// Whether that has been told.
    pub over: bool,
}

impl Token {
    fn lives(&self, now: Time) -> bool {
        self.expires_at > now
    }

    fn deadline(&self) -> Option<Time> {
        (!self.over).then_some(self.expires_at)
    }
}

impl Session {
    /// When something next happens here by itself.
    pub(super) fn next_due(&self) -> Option<Time> {
        [self.access.deadline(), self.refresh.deadline()].into_iter().flatten().min()
    }
}

/// What a log-in or a refresh answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Opens the calls.
    pub access: Arc<str>,
    /// Gives a new pair.
    pub refresh: Arc<str>,
    /// How long the access token lives.
    pub expires_in: Period,
}

/// What a new pair is asked for with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshWith<'a> {
    /// The access token, also one whose life has ended while its refresh token lives \[D\].
    Access(&'a str),
    /// The refresh token.
    Refresh(&'a str),
}

/// The sessions, with all that leads to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sessions {
    pub(super) all: OrdMap<SessionId, Arc<Session>>,
    pub(super) by_access: OrdMap<Arc<str>, SessionId>,
    pub(super) by_refresh: OrdMap<Arc<str>, SessionId>,
    /// What is over next, soonest first: one row a session.
    pub(super) due: OrdSet<(Time, SessionId)>,
}

impl Sessions {
    pub(super) fn insert(&mut self, session: Session) {
        let id = session.id;
        self.by_access.insert(Arc::clone(&session.access.text), id);
        self.by_refresh.insert(Arc::clone(&session.refresh.text), id);
        session.next_due().map(|at| self.due.insert((at, id)));
        self.all.insert(id, Arc::new(session));
    }

    fn remove(&mut self, id: SessionId) {
        if let Some(session) = self.all.remove(&id) {
            self.by_access.remove(&session.access.text);
            self.by_refresh.remove(&session.refresh.text);
            session.next_due().map(|at| self.due.remove(&(at, id)));
        }
    }

    fn by_access(&self, token: &str) -> Result<&Arc<Session>, Refusal> {
        self.by_access.get(token).and_then(|id| self.all.get(id)).ok_or(Refusal::UnknownToken)
    }

    fn by_refresh(&self, token: &str) -> Result<&Arc<Session>, Refusal> {
        self.by_refresh.get(token).and_then(|id| self.all.get(id)).ok_or(Refusal::UnknownToken)
    }

    /// Lets the tokens of this session that are due by `at` be over; without a living one it ends.
    pub(super) fn settle(&mut self, id: SessionId, at: Time) -> Vec<Expired> {
        let mut expired = Vec::new();
        let Some(mut session) = self.all.get(&id).map(|session| Session::clone(session)) else {
            self.due.remove(&(at, id));
            return expired;
        };
        self.remove(id);
        let (number, user) = (session.id, session.user);
        for (name, token) in [("access", &mut session.access), ("refresh", &mut session.refresh)] {
            if token.over || token.expires_at > at {
                continue;
            }
            token.over = true;
            expired.push(Expired {
                kind: ExpiredKind::Token,
                programme: Programme::ProBonus,
                id: format!("{name}-{number}"),
                account: user.to_string(),
                amount: Amount::ZERO,
                at: token.expires_at,
            });
        }
        if session.next_due().is_some() {
            self.insert(session);
        }
        expired
    }
}

impl Books {
    /// The sessions, oldest first.
    pub fn sessions(&self) -> impl ExactSizeIterator<Item = &Arc<Session>> {
        self.sessions.all.values()
    }

    /// Logs a user in; sessions it has go on \[I\].
    ///
    /// Refuses: no user of this login and password.
    pub fn log_in(&mut self, login: &str, password: &str, now: Time) -> Result<Pair, Refusal> {
        let user = self.by_login.get(login).and_then(|id| self.users.get(id));
        let user = user.filter(|user| user.password.as_deref() == Some(password));
        let id = user.ok_or(Refusal::WrongCredentials)?.id;
        Ok(self.open_session(id, now))
    }

    /// `auth.info`: whose access token this is; what every call with one asks first.
    ///
    /// Refuses: a token that was not given, or stopped working; one whose life has ended.
    pub fn user_of_token(&self, token: &str, now: Time) -> Result<Arc<User>, Refusal> {
        let session = self.living_session(token, now)?;
        self.users.get(&session.user).map(Arc::clone).ok_or(Refusal::UnknownToken)
    }

    /// Gives a new pair; the old one stops working.
    ///
    /// Refuses: a token that was not given, or stopped working; one whose session's refresh token is over. An
    /// access token that lives needs none \[I\].
    pub fn refresh(&mut self, with: RefreshWith<'_>, now: Time) -> Result<Pair, Refusal> {
        let (session, suffices) = match with {
            RefreshWith::Access(token) => {
                let session = self.sessions.by_access(token)?;
                (session, session.access.lives(now))
            }
            RefreshWith::Refresh(token) => (self.sessions.by_refresh(token)?, false),
        };
        if !suffices && !session.refresh.lives(now) {
            return Err(Refusal::RefreshTokenExpired);
        }

        let (id, user) = (session.id, session.user);
        self.sessions.remove(id);
        Ok(self.open_session(user, now))
    }

    /// Ends an access token and its refresh token.
    ///
    /// Refuses: a token that was not given, or stopped working; one whose life has ended \[I\].
    pub fn log_out(&mut self, token: &str, now: Time) -> Result<(), Refusal> {
        let id = self.living_session(token, now)?.id;
        self.sessions.remove(id);
        Ok(())
    }

    fn living_session(&self, token: &str, now: Time) -> Result<&Arc<Session>, Refusal> {
        let session = self.sessions.by_access(token)?;
        if session.access.lives(now) { Ok(session) } else { Err(Refusal::TokenExpired) }
    }

    fn open_session(&mut self, user: UserId, now: Time) -> Pair {
        while self.sessions.all.len() >= SESSIONS_MAX {
            let Some(oldest) = self.sessions.all.get_min().map(|(id, _)| *id) else { break };
            self.sessions.remove(oldest);
        }
        let (token_ttl, refresh_ttl) = (self.rules.token_ttl, self.rules.refresh_ttl);
        let mut token = |ttl: Period| Token { text: self.new_token(), expires_at: now + ttl, over: false };
        let (access, refresh) = (token(token_ttl), token(refresh_ttl));
        let pair = Pair {
            access: Arc::clone(&access.text),
            refresh: Arc::clone(&refresh.text),
            expires_in: token_ttl,
        };
        let id = self.counts.sessions.take();
        self.sessions.insert(Session { id, user, access, refresh });
        pair
    }

    /// A token that no session has.
    fn new_token(&mut self) -> Arc<str> {
        loop {
            let token: Arc<str> = self.mint.token::<TOKEN_BYTES>().into();
            let sessions = &self.sessions;
            if !sessions.by_access.contains_key(&token) && !sessions.by_refresh.contains_key(&token) {
                return token;
            }
        }
    }
}
