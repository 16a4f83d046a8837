//! i-bonus.me's errors: every refusal to its status and a sentence, in the one body that all errors have \[D\].

use std::fmt;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use serde::Serialize;

use crate::http::json::json;
use crate::loyalty::ibonus::Refusal;
use crate::loyalty::ledger::POSTED_MAX;
use crate::loyalty::time::Time;
use crate::sandbox::Sandbox;

/// Why a call is not answered with a success.
#[derive(Debug)]
pub(super) enum Failure {
    /// Credentials are missing or wrong.
    BadCredentials(&'static str),
    /// The query or the body cannot be read: all that is wrong with it.
    BadInput(String),
    /// The programme says no.
    Refused(Refusal),
    /// Not a matter of the programme: a status and a sentence.
    Other(StatusCode, String),
}

impl Failure {
    /// Nothing has this id.
    pub(super) fn unknown_id(what: &str, id: &str) -> Failure {
        Failure::Other(StatusCode::NOT_FOUND, format!("{what} with id={id} is not found."))
    }

    /// Two halves of an input: what is wrong with either is told in one message.
    pub(super) fn both<A, B>(one: Result<A, Failure>, other: Result<B, Failure>) -> Result<(A, B), Failure> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(Failure::BadInput(one)), Err(Failure::BadInput(other))) => {
                Err(Failure::BadInput(format!("{one} {other}")))
            }
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(refusal)
    }
}

/// A failure with all that its answer shows.
#[derive(Debug)]
pub(super) struct Failed {
    status: StatusCode,
    message: String,
    /// As requested, inside the sandbox, without the query.
    path: Box<str>,
    /// The sandbox's own.
    now: Time,
}

impl Failed {
    pub(super) fn new(failure: Failure, path: &str, now: Time) -> Failed {
        let (status, message) = match failure {
            Failure::BadCredentials(message) => (StatusCode::UNAUTHORIZED, message.to_owned()),
            Failure::BadInput(message) => (StatusCode::BAD_REQUEST, message),
            Failure::Refused(refusal) => (status_of(&refusal), message_of(&refusal)),
            Failure::Other(status, message) => (status, message),
        };
        Failed { status, message, path: path.into(), now }
    }

    pub(super) fn response(&self) -> HttpResponse {
        #[derive(Serialize)]
        struct Body<'a> {
            error: &'a str,
            message: &'a str,
            path: &'a str,
            status: u16,
            timestamp: i64,
        }
        let body = Body {
            error: self.status.canonical_reason().unwrap_or("Error"),
            message: &self.message,
            path: &self.path,
            status: self.status.as_u16(),
            timestamp: self.now.millis(),
        };
        let mut response = json(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            let realm = HeaderValue::from_static(r#"Basic realm="i-bonus.me""#);
            response.headers_mut().insert(WWW_AUTHENTICATE, realm);
        }
        response
    }
}

/// What the server, and not the programme, has to say about a request, in the programme's shape.
pub(in crate::http) fn transport(
    sandbox: &Sandbox,
    path: &str,
    status: StatusCode,
    detail: &str,
) -> HttpResponse {
    let now = sandbox.run(|_, now| now);
    Failed::new(Failure::Other(status, detail.to_owned()), path, now).response()
}

/// 404 for what the path names or the call looks for, 401 for credentials, 400 for all else \[I\].
fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::WrongPublicToken => StatusCode::UNAUTHORIZED,
        Refusal::ClientNotFound { .. }
        | Refusal::ClientTokenNotFound
        | Refusal::CouponNotFound
        | Refusal::OrderNotFound { .. }
        | Refusal::HoldNotFound { .. }
        | Refusal::TemplateNotFound { .. }
        | Refusal::MerchantNotFound => StatusCode::NOT_FOUND,
        Refusal::UnknownClient { .. }
        | Refusal::CustomerMissing
        | Refusal::UnknownCurrency { .. }
        | Refusal::AmountNegative
        | Refusal::AmountNotPositive
        | Refusal::MoreThanTotal { .. }
        | Refusal::InsufficientPoints { .. }
        | Refusal::BalanceOverLimit
        | Refusal::UnknownCoupon { .. }
        | Refusal::CouponRepeated { .. }
        | Refusal::CouponRedeemed { .. }
        | Refusal::CouponExpired { .. }
        | Refusal::CouponCancelled { .. }
        | Refusal::CouponHeld { .. }
        | Refusal::UnknownCouponType { .. }
        | Refusal::ShareTokenUsed { .. }
        | Refusal::UnknownReceiptType { .. }
        | Refusal::NoItems
        | Refusal::UnknownUnit { .. }
        | Refusal::UnknownDiscountType { .. }
        | Refusal::LineNegative { .. }
        | Refusal::QuantityNotPositive { .. }
        | Refusal::DiscountOverLimit { .. }
        | Refusal::TotalOverLimit
        | Refusal::ExternalIdMissing
        | Refusal::DuplicateExternalId { .. }
        | Refusal::UnknownOrder { .. }
        | Refusal::UnknownItem { .. }
        | Refusal::ItemRepeated { .. }
        | Refusal::SeveralOrders { .. }
        | Refusal::ItemRefunded { .. }
        | Refusal::TestOrderItem { .. }
        | Refusal::HoldWrittenOff { .. }
        | Refusal::HoldCancelled { .. }
        | Refusal::HoldExpired { .. }
        | Refusal::DeadlinePassed
        | Refusal::UnknownCashbackType { .. }
        | Refusal::PercentageOverLimit
        | Refusal::ValidDaysNotPositive
        | Refusal::UnknownTemplate { .. }
        | Refusal::UnknownStyle { .. }
        | Refusal::UnknownSalePoint { .. }
        | Refusal::SalePointRepeated { .. }
        | Refusal::AddressMissing
        | Refusal::WrongCode
        | Refusal::UsedCode
        | Refusal::MerchantExists
        | Refusal::PasswordMissing => StatusCode::BAD_REQUEST,
    }
}

/// The sentence, which names what is refused \[I; "… with id=1 is not found." is the vendor's, E\].
fn message_of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::ClientNotFound { id } | Refusal::UnknownClient { id } => not_found("Client", id),
        Refusal::ClientTokenNotFound => "Client with this token is not found.".to_owned(),
        Refusal::CustomerMissing | Refusal::AddressMissing => "Neither phone nor email is given.".to_owned(),
        Refusal::UnknownCurrency { given } => unknown("Currency", given),
        Refusal::AmountNegative => "Amount is negative.".to_owned(),
        Refusal::AmountNotPositive => "Amount is not more than 0.".to_owned(),
        Refusal::MoreThanTotal { total } => {
            format!("Amount is more than the total of the order, {total}.")
        }
        Refusal::InsufficientPoints { currency, available } => {
            format!("Only {available} {} are available.", currency.name())
        }
        Refusal::BalanceOverLimit => format!("The balance would be over the limit of {POSTED_MAX}."),

        Refusal::UnknownCoupon { id } => not_found("Coupon", id),
        Refusal::CouponRepeated { id } => is("Coupon", id, "named twice"),
        Refusal::CouponRedeemed { id } => is("Coupon", id, "redeemed"),
        Refusal::CouponExpired { id } => is("Coupon", id, "expired"),
        Refusal::CouponCancelled { id } => is("Coupon", id, "cancelled"),
        Refusal::CouponHeld { id } => is("Coupon", id, "held"),
        Refusal::CouponNotFound => "Coupon with this token is not found.".to_owned(),
        Refusal::UnknownCouponType { given } | Refusal::UnknownCashbackType { given } => {
            unknown("Type", given)
        }
        Refusal::ShareTokenUsed { id } => format!("The share token of coupon with id={id} is used."),

        Refusal::UnknownReceiptType { given } if &**given == "payout" => {
            "Receipt type \"payout\" cannot be placed.".to_owned()
        }
        Refusal::UnknownReceiptType { given } => unknown("Receipt type", given),
        Refusal::NoItems => "There are no items.".to_owned(),
        Refusal::UnknownUnit { given } => unknown("Unit", given),
        Refusal::UnknownDiscountType { given } => unknown("Discount type", given),
        Refusal::LineNegative { line } => format!("Item {line}: price and vat can't be negative."),
        Refusal::QuantityNotPositive { line } => format!("Item {line}: quantity is not more than 0."),
        Refusal::DiscountOverLimit { line } => format!("Item {line}: the discount is over the limit."),
        Refusal::TotalOverLimit => "The total is over the limit.".to_owned(),
        Refusal::ExternalIdMissing => "externalId is empty.".to_owned(),
        Refusal::DuplicateExternalId { order } => {
            format!("Order with id={order} has this externalId already.")
        }
        Refusal::OrderNotFound { id } | Refusal::UnknownOrder { id } => not_found("Order", id),
        Refusal::UnknownItem { id } => not_found("Item", id),
        Refusal::ItemRepeated { id } => is("Item", id, "named twice"),
        Refusal::SeveralOrders { id } => is("Item", id, "of another order"),
        Refusal::ItemRefunded { id } => is("Item", id, "refunded"),
        Refusal::TestOrderItem { id } => is("Item", id, "of a test order"),

        Refusal::HoldNotFound { transaction_id } => hold_is(transaction_id, "not found"),
        Refusal::HoldWrittenOff { transaction_id } => hold_is(transaction_id, "written off"),
        Refusal::HoldCancelled { transaction_id } => hold_is(transaction_id, "cancelled"),
        Refusal::HoldExpired { transaction_id } => hold_is(transaction_id, "expired"),
        Refusal::DeadlinePassed => "The hold would be over at once.".to_owned(),

        Refusal::PercentageOverLimit => "The percentage is over 100.".to_owned(),
        Refusal::ValidDaysNotPositive => "validDays is not more than 0.".to_owned(),
        Refusal::TemplateNotFound { id } | Refusal::UnknownTemplate { id } => not_found("Coupon", id),
        Refusal::UnknownStyle { given } => unknown("Style", given),
        Refusal::UnknownSalePoint { id } => not_found("Sale point", id),
        Refusal::SalePointRepeated { id } => is("Sale point", id, "named twice"),

        Refusal::WrongPublicToken => "The token is wrong.".to_owned(),
        Refusal::WrongCode => "The code is wrong.".to_owned(),
        Refusal::UsedCode => "The code is used.".to_owned(),
        Refusal::MerchantExists => "Merchant with this email or phone exists already.".to_owned(),
        Refusal::MerchantNotFound => "Merchant with this email or phone is not found.".to_owned(),
        Refusal::PasswordMissing => "The password is empty.".to_owned(),
    }
}

fn not_found(what: &str, id: &impl fmt::Display) -> String {
    is(what, id, "not found")
}

fn is(what: &str, id: &impl fmt::Display, how: &str) -> String {
    format!("{what} with id={id} is {how}.")
}

fn hold_is(transaction_id: &str, how: &str) -> String {
    format!("Hold with transactionId={transaction_id} is {how}.")
}

fn unknown(what: &str, given: &str) -> String {
    format!("{what} {given:?} is unknown.")
}
