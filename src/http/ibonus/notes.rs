//! What the journal is told of i-bonus.me's refusals: the rule that says no, how sure that is, and the numbers it saw.

use super::error::Failure;
use crate::loyalty::ibonus::{Books, Refusal};
use crate::sandbox::journal::note::{Evidence, Fact, Note};

/// The rule behind the refusal of credentials.
const CREDENTIALS: &str = "every call names a user: by HTTP Basic, the hub's by login and api_key";

/// The note on a failure, if there is one; `text` is what the answer says.
pub(super) fn of(failure: &Failure, text: &str) -> Option<Note> {
    let text = text.to_owned();
    Some(match failure {
        Failure::BadCredentials(_) => {
            Note::refusal("badCredentials", CREDENTIALS, Evidence::Documented, text)
        }
        Failure::PublicTokenMissing => refusal(&Refusal::WrongPublicToken, text),
        Failure::UnknownId(name, _) => {
            Note::refusal(name, "the id in the path is a number", Evidence::Inferred, text)
        }
        Failure::BadInput(_) => Note::bad_input(None, text),
        Failure::Refused(no) => refusal(no, text),
        Failure::Other(..) => return None,
    })
}

fn refusal(refusal: &Refusal, text: String) -> Note {
    let (evidence, rule) = rule_of(refusal);
    let note = Note::refusal(refusal.name(), rule, evidence, text);
    match refusal {
        Refusal::InsufficientPoints { currency, available } => {
            note.with("currency", currency.name()).with("available", *available)
        }
        Refusal::MoreThanTotal { total } => note.with("limit", *total),
        _ => note,
    }
}

/// What the books know of what was refused, beside what the refusal tells itself.
pub(super) fn seen(failure: &Failure, books: &Books) -> Vec<(&'static str, Fact)> {
    match failure {
        Failure::Refused(
            Refusal::HoldExpired { transaction_id }
            | Refusal::HoldCancelled { transaction_id }
            | Refusal::HoldWrittenOff { transaction_id },
        ) => {
            let hold = books.hold_of_transaction(transaction_id);
            hold.map(|hold| vec![("deadline", hold.expires_at.into()), ("held", hold.amount.into())])
                .unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The rule that says no, and how sure it is: the marks of `docs/fidelity.md`.
#[rustfmt::skip] // a table
fn rule_of(refusal: &Refusal) -> (Evidence, &'static str) {
    use Evidence::{Documented, Example, Inferred};
    match refusal {
        Refusal::ClientNotFound { .. } => (Example, "the id in the path is a client's"),
        Refusal::ClientTokenNotFound => (Inferred, "the token in the path is a client's, and no number"),
        Refusal::UnknownClient { .. } => (Inferred, "the id in the body is a client's"),
        Refusal::CustomerMissing => (Inferred, "who uses points or coupons, or redeems a shared one, is named by phone or e-mail"),
        Refusal::UnknownCurrency { .. } => (Documented, "a balance is kept in points or in rubles"),
        Refusal::AmountNegative => (Inferred, "no sum is under zero"),
        Refusal::AmountNotPositive => (Inferred, "a hold is of more than nothing"),
        Refusal::MoreThanTotal { .. } => (Inferred, "no more is written off than the order's total"),
        Refusal::InsufficientPoints { .. } => (Documented, "no more is taken than the balance says, beside what holds claim"),
        Refusal::BalanceOverLimit => (Inferred, "an account has no more than 10^15"),
        Refusal::UnknownCoupon { .. } => (Documented, "a coupon's id is one of the client's own"),
        Refusal::CouponRepeated { .. } => (Inferred, "a coupon is named once in a request"),
        Refusal::CouponRedeemed { .. } => (Inferred, "a coupon is used once"),
        Refusal::CouponExpired { .. } => (Documented, "a coupon is valid up to its expireDate"),
        Refusal::CouponCancelled { .. } => (Documented, "a coupon goes back with the order that gave it"),
        Refusal::CouponHeld { .. } => (Inferred, "a coupon under an active hold is claimed"),
        Refusal::CouponNotFound => (Inferred, "the token is that of a coupon of this type"),
        Refusal::UnknownCouponType { .. } => (Documented, "a type is linked, shared or merchant"),
        Refusal::ShareTokenUsed { .. } => (Inferred, "a share token is redeemed once"),
        Refusal::UnknownReceiptType { .. } => (Documented, "a receipt is a sale or a refund, in the list a payout, too"),
        Refusal::NoItems => (Inferred, "an order has items"),
        Refusal::UnknownUnit { .. } => (Documented, "a unit is piece, kg, g, L or ml"),
        Refusal::UnknownDiscountType { .. } => (Documented, "a discount is a percent or an amount"),
        Refusal::LineNegative { .. } => (Inferred, "no price and no VAT is under zero"),
        Refusal::QuantityNotPositive { .. } => (Inferred, "a quantity is over zero"),
        Refusal::DiscountOverLimit { .. } => (Inferred, "a discount is from zero to what the line costs"),
        Refusal::TotalOverLimit => (Inferred, "no line and no total is over 10^12"),
        Refusal::ExternalIdMissing => (Inferred, "an order has an externalId"),
        Refusal::DuplicateExternalId { .. } => (Inferred, "an externalId is that of one order, tests apart"),
        Refusal::OrderNotFound { .. } => (Documented, "the id in the path is that of an order which the user may see"),
        Refusal::UnknownOrder { .. } => (Inferred, "the id in the body is an order's"),
        Refusal::UnknownItem { .. } => (Inferred, "an item is one of a sale"),
        Refusal::ItemRepeated { .. } => (Inferred, "an item is named once in a refund"),
        Refusal::SeveralOrders { .. } => (Inferred, "the items of a refund are of one order"),
        Refusal::ItemRefunded { .. } => (Inferred, "an item is refunded once"),
        Refusal::TestOrderItem { .. } => (Inferred, "nothing is refunded of a test order"),
        Refusal::HoldNotFound { .. } => (Inferred, "the transactionId is a hold's"),
        Refusal::HoldWrittenOff { .. } => (Inferred, "a hold is written off once"),
        Refusal::HoldCancelled { .. } => (Inferred, "a cancelled hold claims nothing"),
        Refusal::HoldExpired { .. } => (Example, "a hold lives up to its expirationDate, and while there are points under it"),
        Refusal::DeadlinePassed => (Inferred, "a hold ends after it is made"),
        Refusal::UnknownCashbackType { .. } => (Documented, "cashback is an amount or a percentage"),
        Refusal::PercentageOverLimit => (Inferred, "a percentage is 100 at most"),
        Refusal::ValidDaysNotPositive => (Inferred, "points live for a day at least"),
        Refusal::TemplateNotFound { .. } => (Inferred, "the id in the path is a template's"),
        Refusal::UnknownTemplate { .. } => (Inferred, "the id in the body is that of a template which is not deleted"),
        Refusal::UnknownStyle { .. } => (Documented, "a style is one of the nine themes"),
        Refusal::UnknownSalePoint { .. } => (Inferred, "the id in the body is a sale point's"),
        Refusal::SalePointRepeated { .. } => (Inferred, "a sale point is named once in a request"),
        Refusal::WrongPublicToken => (Documented, "the query has the token that the vendor hands out"),
        Refusal::AddressMissing => (Inferred, "a code is sent to a phone or to an e-mail"),
        Refusal::WrongCode => (Inferred, "the code is the one that was sent last"),
        Refusal::UsedCode => (Inferred, "a code is used once"),
        Refusal::MerchantExists => (Inferred, "an e-mail and a phone belong to one merchant"),
        Refusal::MerchantNotFound => (Inferred, "the e-mail or the phone is a merchant's"),
        Refusal::PasswordMissing => (Inferred, "a merchant has a password"),
    }
}
