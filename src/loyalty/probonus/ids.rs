//! ProBonus's ids: whole numbers from 1 upwards, one count for each kind of record \[D: integers; I: the counts\].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::loyalty::counter::Counter;

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
