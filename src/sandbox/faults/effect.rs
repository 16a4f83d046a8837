//! What a fault does to a call.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::loyalty::time::Period;
use crate::sandbox::dice::Dice;

/// What a fault does: at least one of the three.
#[derive(Clone, Debug)]
pub struct Effect {
    /// How long the call takes, in real time, beside what it takes anyway.
    pub(super) delay: Option<Delay>,
    /// What is answered in the place of the operation's own answer.
    pub reply: Option<Reply>,
    /// What becomes of the connection.
    pub connection: Option<Connection>,
    /// Whether the operation is done.
    pub when: When,
}

/// A delay: of one length, or of a random one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delay {
    pub(super) min: Period,
    pub(super) max: Period,
}

/// An answer that a fault gives.
#[derive(Clone, Debug)]
pub struct Reply {
    /// From 200 to 599.
    pub status: u16,
    /// Without one, it is an error in the shape of the API that was called.
    pub body: Option<ReplyBody>,
    /// Names and values, fit to be sent.
    pub headers: Vec<(Box<str>, Box<str>)>,
}

/// The body of a [`Reply`].
#[derive(Clone, Debug)]
pub enum ReplyBody {
    /// A string is sent as it is: an error page, or half a JSON.
    Text(Box<str>),
    /// All else is sent as JSON, to the letter.
    Json(Box<RawValue>),
}

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Connection {
    /// It is closed without an answer.
    Close,
    /// It is reset: the client sees a connection that was torn down.
    Reset,
    /// It is closed in the middle of the answer's body.
    Truncate,
    /// It stays open, and no answer comes.
    Stall,
}

/// Whether the operation is done when the fault acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// Nothing has happened. A fault that only delays lets the operation be done later.
    #[default]
    Before,
    /// The operation is done, and then its answer comes late, is replaced or is lost.
    After,
}

impl Delay {
    /// How long it is this time; only a random one throws the dice.
    pub(super) fn choose(self, dice: &mut Dice) -> Duration {
        let [min, max] = [self.min, self.max].map(|period| period.millis().unsigned_abs());
        Duration::from_millis(if min < max { min + dice.below(max - min + 1) } else { min })
    }
}

impl Connection {
    /// Whether the client gets no answer at all.
    pub fn loses_the_answer(self) -> bool {
        self != Connection::Truncate
    }

    fn name(self) -> &'static str {
        match self {
            Connection::Close => "close",
            Connection::Reset => "reset",
            Connection::Truncate => "truncate",
            Connection::Stall => "stall",
        }
    }
}

/// `delay PT0.8S, status 503, before the operation`.
impl fmt::Display for Effect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.delay {
            Some(Delay { min, max }) if min == max => write!(out, "delay {min}, ")?,
            Some(Delay { min, max }) => write!(out, "delay {min} to {max}, ")?,
            None => {}
        }
        if let Some(reply) = &self.reply {
            write!(out, "status {}, ", reply.status)?;
        }
        if let Some(connection) = self.connection {
            write!(out, "{}, ", connection.name())?;
        }
        out.write_str(match self.when {
            When::Before => "before the operation",
            When::After => "after the operation",
        })
    }
}
