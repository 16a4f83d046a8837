//! i-bonus.me's ids: whole numbers from 1 upwards, one count for each kind of record \[E\].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::loyalty::counter::{Counter, GIVEN_MAX};

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
    /// A client's id.
    ClientId
);
id!(
    /// The id of a client's coupon, unique among that client's; new ones come from one count for all.
    CouponId
);
id!(
    /// A coupon template's id.
    TemplateId
);
id!(
    /// An order's id.
    OrderId
);
id!(
    /// The id of an order's item, as `/items/` lists it.
    ItemId
);
id!(
    /// A hold's number, the answer's `id`; it is asked for by its transactionId.
    HubHoldId
);
id!(
    /// A sale point's id.
    SalePointId
);
id!(
    /// A merchant's number; no answer shows it.
    MerchantId
);
id!(
    /// An employee's id.
    EmployeeId
);
