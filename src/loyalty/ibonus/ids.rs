//! i-bonus.me's ids: whole numbers from 1 upwards, one count for each kind of record \[E\].

use crate::loyalty::counter::id;
pub use crate::loyalty::counter::{Counter, GIVEN_MAX};

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
