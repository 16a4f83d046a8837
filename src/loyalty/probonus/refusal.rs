//! Why ProBonus says no to a readable request: a value for each reason, with data and no prose.

use super::ids::{AccountId, CheckId, DiscountId, GroupId, IdentifierTypeId};
use crate::loyalty::amount::Amount;

/// A business "no". Each operation checks in the order its own page says, before anything is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are what the variant's own line speaks of
pub enum Refusal {
    /// Neither a token nor a key.
    CredentialsMissing,
    /// No user of this login and password.
    WrongCredentials,
    /// No permanent key of this programme.
    UnknownKey,
    /// No token that was given, or one that stopped working.
    UnknownToken,
    /// The access token's life has ended.
    TokenExpired,
    /// The refresh token's life has ended.
    RefreshTokenExpired,

    /// No account of this id.
    AccountNotFound { id: AccountId },
    /// No account with this phone.
    PhoneNotFound,
    /// No account with this identifier.
    IdentifierNotFound,
    /// No account group of this id.
    GroupNotFound { id: GroupId },
    /// No discount of this id.
    DiscountNotFound { id: DiscountId },
    /// No identifier type of this id.
    IdentifierTypeNotFound { id: IdentifierTypeId },
    /// No check of this id.
    CheckNotFound { id: CheckId },

    /// Another account has this phone.
    PhoneTaken { account: AccountId },
    /// Another account has this identifier, and its type is unique.
    IdentifierTaken { account: AccountId, type_id: IdentifierTypeId },
    /// The type cannot become unique: these two accounts have the same identifier of it.
    IdentifiersAlike { one: AccountId, other: AccountId },

    /// A phone without digits.
    BadPhone,
    /// The identifier is not what its type's mask says.
    IdentifierMask { type_id: IdentifierTypeId },
    /// The identifier is named twice in one request.
    IdentifierRepeated { type_id: IdentifierTypeId },
    /// The group has no template: `haveTemplate` is false \[D\].
    NoTemplate { group: GroupId },
    /// The account is not active.
    AccountInactive { id: AccountId },
    /// A sum that must be more than nothing.
    AmountNotPositive,
    /// A sum under zero.
    AmountNegative,
    /// Points that would burn at once.
    BurnDaysNotPositive,
    /// More than is available.
    InsufficientPoints { available: Amount },
    /// The account would exceed the ledger's limit.
    BalanceOverLimit { account: AccountId },

    /// Discounts that come from `r_keeper` cannot be changed here \[D\].
    RkeeperDiscount { id: DiscountId },
    /// A percent of its own, and steps too.
    PercentAndSteps,
    /// Neither a percent nor steps.
    PercentOrStepsMissing,
    /// A ladder of more steps than [`super::discounts::STEPS_MAX`].
    TooManySteps,
    /// A step's threshold under zero.
    ThresholdNegative,
    /// Two steps with the same threshold.
    ThresholdRepeated { threshold: Amount },

    /// A sale of nothing.
    NoDishes,
    /// A price under zero; `dish` counts from 0.
    PriceNegative { dish: usize },
    /// A quantity that is not over zero.
    QuantityNotPositive { dish: usize },
    /// The check's total would be more than can be reckoned with.
    TotalOverLimit,
    /// More than the check's total is to be paid with points.
    MoreThanTotal { total: Amount },
    /// The check was returned before.
    CheckRefunded { id: CheckId },
}

impl Refusal {
    /// The refusal's name in the journal and in `docs/fidelity.md`.
    pub const fn name(&self) -> &'static str {
        match self {
            Refusal::CredentialsMissing => "credentialsMissing",
            Refusal::WrongCredentials => "wrongCredentials",
            Refusal::UnknownKey => "unknownKey",
            Refusal::UnknownToken => "unknownToken",
            Refusal::TokenExpired => "tokenExpired",
            Refusal::RefreshTokenExpired => "refreshTokenExpired",
            Refusal::AccountNotFound { .. } => "accountNotFound",
            Refusal::PhoneNotFound => "phoneNotFound",
            Refusal::IdentifierNotFound => "identifierNotFound",
            Refusal::GroupNotFound { .. } => "groupNotFound",
            Refusal::DiscountNotFound { .. } => "discountNotFound",
            Refusal::IdentifierTypeNotFound { .. } => "identifierTypeNotFound",
            Refusal::CheckNotFound { .. } => "checkNotFound",
            Refusal::PhoneTaken { .. } => "phoneTaken",
            Refusal::IdentifierTaken { .. } => "identifierTaken",
            Refusal::IdentifiersAlike { .. } => "identifiersAlike",
            Refusal::BadPhone => "badPhone",
            Refusal::IdentifierMask { .. } => "identifierMask",
            Refusal::IdentifierRepeated { .. } => "identifierRepeated",
            Refusal::NoTemplate { .. } => "noTemplate",
            Refusal::AccountInactive { .. } => "accountInactive",
            Refusal::AmountNotPositive => "amountNotPositive",
            Refusal::AmountNegative => "amountNegative",
            Refusal::BurnDaysNotPositive => "burnDaysNotPositive",
            Refusal::InsufficientPoints { .. } => "insufficientPoints",
            Refusal::BalanceOverLimit { .. } => "balanceOverLimit",
            Refusal::RkeeperDiscount { .. } => "rkeeperDiscount",
            Refusal::PercentAndSteps => "percentAndSteps",
            Refusal::PercentOrStepsMissing => "percentOrStepsMissing",
            Refusal::TooManySteps => "tooManySteps",
            Refusal::ThresholdNegative => "thresholdNegative",
            Refusal::ThresholdRepeated { .. } => "thresholdRepeated",
            Refusal::NoDishes => "noDishes",
            Refusal::PriceNegative { .. } => "priceNegative",
            Refusal::QuantityNotPositive { .. } => "quantityNotPositive",
            Refusal::TotalOverLimit => "totalOverLimit",
            Refusal::MoreThanTotal { .. } => "moreThanTotal",
            Refusal::CheckRefunded { .. } => "checkRefunded",
        }
    }
}
