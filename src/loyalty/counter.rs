//! Numbers as ids, and their counters: what the programmes that number their records share.

use serde::{Deserialize, Serialize};

/// The highest id that a record may come with: far from the end of what can be counted, and exact in JSON.
pub const GIVEN_MAX: u64 = 1 << 53;

/// Gives the ids of one kind of record: ascending, above all that were given before or came with a fixture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counter(u64);

impl Counter {
    /// A counter that gave `last` last.
    pub const fn from_last(last: u64) -> Counter {
        Counter(last)
    }

    /// What it gave last; 0 is nothing yet.
    pub const fn last(self) -> u64 {
        self.0
    }

    /// The next number.
    pub(in crate::loyalty) fn take<Id: From<u64>>(&mut self) -> Id {
        self.0 += 1;
        Id::from(self.0)
    }

    /// Goes on above a number that a record came with.
    pub(in crate::loyalty) fn pass(&mut self, given: impl Into<u64>) {
        self.0 = self.0.max(given.into());
    }

    /// The number that a record came with, or the next one.
    pub(in crate::loyalty) fn take_or<Id: From<u64> + Into<u64> + Copy>(&mut self, given: Option<Id>) -> Id {
        match given {
            None => self.take(),
            Some(id) => {
                self.pass(id);
                id
            }
        }
    }
}

/// A kind of id: a number of a type of its own.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(out)
            }
        }

        impl From<u64> for $name {
            fn from(id: u64) -> $name {
                $name(id)
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> u64 {
                id.0
            }
        }
    };
}
pub(in crate::loyalty) use id;
