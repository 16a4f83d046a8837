//! ProBonus's ids: whole numbers from 1 upwards, one count for each kind of record \[D: integers; I: the counts\].

pub use crate::loyalty::counter::Counter;
use crate::loyalty::counter::id;

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
