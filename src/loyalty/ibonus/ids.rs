//! i-bonus.me's ids: whole numbers from 1 upwards, one count for each kind of record \[E\].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The highest id that a record may come with: far from the end of what can be counted, and exact in JSON.
pub const GIVEN_MAX: u64 = 1 << 53;

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
