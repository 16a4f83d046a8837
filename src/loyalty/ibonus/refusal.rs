//! Why i-bonus.me says no to a readable request: a value for each reason, with data and no prose.

use super::currency::Currency;
use super::ids::{ClientId, CouponId, ItemId, OrderId, SalePointId, TemplateId};
use crate::loyalty::amount::Amount;

/// A business "no". Each operation checks in the order its own page says, before anything is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are what the variant's own line speaks of
pub enum Refusal {
    /// No client of the id in the path.
    ClientNotFound { id: ClientId },
    /// No client of the token in the path; a number is not a token \[I\].
    ClientTokenNotFound,
    /// No client of the id in the body.
    UnknownClient { id: ClientId },
    /// Neither a phone nor an e-mail that would name a customer.
    CustomerMissing,
    /// Neither points nor rubles.
    UnknownCurrency { given: Box<str> },
    /// A sum under zero.
    AmountNegative,
    /// A sum that must be more than nothing.
    AmountNotPositive,
    /// More than the order's total is to be written off.
    MoreThanTotal { total: Amount },
    /// More than is available.
    InsufficientPoints { currency: Currency, available: Amount },
    /// The account would exceed the ledger's limit.
    BalanceOverLimit,

    /// The client has no coupon of this id.
    UnknownCoupon { id: CouponId },
    /// The coupon is named twice in one request.
    CouponRepeated { id: CouponId },
    /// The coupon is redeemed already.
    CouponRedeemed { id: CouponId },
    /// The coupon is over.
    CouponExpired { id: CouponId },
    /// The coupon was taken back with the order that issued it.
    CouponCancelled { id: CouponId },
    /// The coupon is under an active hold.
    CouponHeld { id: CouponId },
    /// No coupon of this token.
    CouponNotFound,
    /// Neither linked nor shared nor merchant.
    UnknownCouponType { given: Box<str> },
    /// The share token was redeemed before.
    ShareTokenUsed { id: CouponId },

    /// None of sale, refund, payout; or one that cannot be placed.
    UnknownReceiptType { given: Box<str> },
    /// An order without items.
    NoItems,
    /// None of piece, kg, g, L, ml.
    UnknownUnit { given: Box<str> },
    /// Neither percent nor amount.
    UnknownDiscountType { given: Box<str> },
    /// A price or a VAT under zero; `line` counts from 0.
    LineNegative { line: usize },
    /// A quantity that is not over zero.
    QuantityNotPositive { line: usize },
    /// A discount under zero, over 100 %, or over the line's sum.
    DiscountOverLimit { line: usize },
    /// The order's total would be more than can be reckoned with.
    TotalOverLimit,
    /// An order without a number of the caller's own.
    ExternalIdMissing,
    /// Another order has this externalId.
    DuplicateExternalId { order: OrderId },
    /// No order of the id in the path, or none that this user may see.
    OrderNotFound { id: OrderId },
    /// No order of the id in the body.
    UnknownOrder { id: OrderId },
    /// No sale has this item.
    UnknownItem { id: ItemId },
    /// The item is named twice in one request.
    ItemRepeated { id: ItemId },
    /// The items belong to different orders.
    SeveralOrders { id: ItemId },
    /// The item was refunded before.
    ItemRefunded { id: ItemId },
    /// The item is one of a test order, which nothing can be refunded of.
    TestOrderItem { id: ItemId },

    /// No hold of this transactionId.
    HoldNotFound { transaction_id: Box<str> },
    /// The hold was written off before.
    HoldWrittenOff { transaction_id: Box<str> },
    /// The hold was cancelled before.
    HoldCancelled { transaction_id: Box<str> },
    /// The hold's time was over, or no point was left under it.
    HoldExpired { transaction_id: Box<str> },
    /// The hold would be over at once: the clock stands at the end of time.
    DeadlinePassed,

    /// Neither amount nor percentage.
    UnknownCashbackType { given: Box<str> },
    /// More than 100 %.
    PercentageOverLimit,
    /// Points that would burn at once.
    ValidDaysNotPositive,
    /// No template of the id in the path.
    TemplateNotFound { id: TemplateId },
    /// No template of the id in the body, or a deleted one.
    UnknownTemplate { id: TemplateId },
    /// None of the nine themes.
    UnknownStyle { given: Box<str> },
    /// No sale point of this id.
    UnknownSalePoint { id: SalePointId },
    /// The sale point is named twice in one request.
    SalePointRepeated { id: SalePointId },

    /// Not the token that the vendor handed out.
    WrongPublicToken,
    /// Neither a phone nor an e-mail to send a code to.
    AddressMissing,
    /// Not the code that was sent last.
    WrongCode,
    /// The code was used before.
    UsedCode,
    /// Somebody logs in with this e-mail or phone already.
    MerchantExists,
    /// No merchant of this e-mail or phone.
    MerchantNotFound,
    /// A merchant without a password could not log in.
    PasswordMissing,
}

impl Refusal {
    /// The refusal's name in the journal and in `docs/fidelity.md`.
    pub const fn name(&self) -> &'static str {
        match self {
            Refusal::ClientNotFound { .. } => "clientNotFound",
            Refusal::ClientTokenNotFound => "clientTokenNotFound",
            Refusal::UnknownClient { .. } => "unknownClient",
            Refusal::CustomerMissing => "customerMissing",
            Refusal::UnknownCurrency { .. } => "unknownCurrency",
            Refusal::AmountNegative => "amountNegative",
            Refusal::AmountNotPositive => "amountNotPositive",
            Refusal::MoreThanTotal { .. } => "moreThanTotal",
            Refusal::InsufficientPoints { .. } => "insufficientPoints",
            Refusal::BalanceOverLimit => "balanceOverLimit",
            Refusal::UnknownCoupon { .. } => "unknownCoupon",
            Refusal::CouponRepeated { .. } => "couponRepeated",
            Refusal::CouponRedeemed { .. } => "couponRedeemed",
            Refusal::CouponExpired { .. } => "couponExpired",
            Refusal::CouponCancelled { .. } => "couponCancelled",
            Refusal::CouponHeld { .. } => "couponHeld",
            Refusal::CouponNotFound => "couponNotFound",
            Refusal::UnknownCouponType { .. } => "unknownCouponType",
            Refusal::ShareTokenUsed { .. } => "shareTokenUsed",
            Refusal::UnknownReceiptType { .. } => "unknownReceiptType",
            Refusal::NoItems => "noItems",
            Refusal::UnknownUnit { .. } => "unknownUnit",
            Refusal::UnknownDiscountType { .. } => "unknownDiscountType",
            Refusal::LineNegative { .. } => "lineNegative",
            Refusal::QuantityNotPositive { .. } => "quantityNotPositive",
            Refusal::DiscountOverLimit { .. } => "discountOverLimit",
            Refusal::TotalOverLimit => "totalOverLimit",
            Refusal::ExternalIdMissing => "externalIdMissing",
            Refusal::DuplicateExternalId { .. } => "duplicateExternalId",
            Refusal::OrderNotFound { .. } => "orderNotFound",
            Refusal::UnknownOrder { .. } => "unknownOrder",
            Refusal::UnknownItem { .. } => "unknownItem",
            Refusal::ItemRepeated { .. } => "itemRepeated",
            Refusal::SeveralOrders { .. } => "severalOrders",
            Refusal::ItemRefunded { .. } => "itemRefunded",
            Refusal::TestOrderItem { .. } => "testOrderItem",
            Refusal::HoldNotFound { .. } => "holdNotFound",
            Refusal::HoldWrittenOff { .. } => "holdWrittenOff",
            Refusal::HoldCancelled { .. } => "holdCancelled",
            Refusal::HoldExpired { .. } => "holdExpired",
            Refusal::DeadlinePassed => "deadlinePassed",
            Refusal::UnknownCashbackType { .. } => "unknownCashbackType",
            Refusal::PercentageOverLimit => "percentageOverLimit",
            Refusal::ValidDaysNotPositive => "validDaysNotPositive",
            Refusal::TemplateNotFound { .. } => "templateNotFound",
            Refusal::UnknownTemplate { .. } => "unknownTemplate",
            Refusal::UnknownStyle { .. } => "unknownStyle",
            Refusal::UnknownSalePoint { .. } => "unknownSalePoint",
            Refusal::SalePointRepeated { .. } => "salePointRepeated",
            Refusal::WrongPublicToken => "wrongPublicToken",
            Refusal::AddressMissing => "addressMissing",
            Refusal::WrongCode => "wrongCode",
            Refusal::UsedCode => "usedCode",
            Refusal::MerchantExists => "merchantExists",
            Refusal::MerchantNotFound => "merchantNotFound",
            Refusal::PasswordMissing => "passwordMissing",
        }
    }
}
