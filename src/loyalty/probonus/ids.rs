//! ProBonus's ids: whole numbers from 1 upwards, one count for each kind of record \[D: integers; I: the counts\].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of id: a number of a type of its own.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
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
id!(
    /// A user's id; 0 is the service user behind the permanent keys \[I\].
    UserId
);
id!(
    /// A session's number: a pair of tokens. No answer shows it.
    SessionId
);
id!(
    /// An account group's id.
    GroupId
);
id!(
    /// An account's id.
    AccountId
);
id!(
    /// The id of an account's identifier, unique among all accounts' \[I\].
    IdentifierId
);
id!(
    /// The id of an identifier type.
    IdentifierTypeId
);
id!(
    /// A discount's id.
    DiscountId
);
id!(
    /// The id of an account's coupon.
    CouponId
);
id!(
    /// A check's id.
    CheckId
);

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
    pub(super) fn take<Id: From<u64>>(&mut self) -> Id {
        self.0 += 1;
        Id::from(self.0)
    }

    /// Goes on above a number that a record came with.
    pub(super) fn pass(&mut self, given: impl Into<u64>) {
        self.0 = self.0.max(given.into());
    }

    /// The number that a record came with, or the next one.
    pub(super) fn take_or<Id: From<u64> + Into<u64> + Copy>(&mut self, given: Option<Id>) -> Id {
        match given {
            None => self.take(),
            Some(id) => {
                self.pass(id);
                id
            }
        }
    }
}
