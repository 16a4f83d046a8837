//! `fiscal.auth`: who calls, with the merchant's credentials of the fiscal hub.

use actix_web::http::StatusCode;

use super::ask::{Answer, Ask};
use super::error::Failure;
use super::shown;
use super::wire::users::FiscalAuth;

pub(super) fn auth(ask: &Ask<'_>) -> Answer {
    let auth = ask.as_user(Ok(()), |open, ()| {
        let auth = open.books.fiscal_auth(open.by);
        // Employees of nobody: only a fixture can say so.
        let no_merchant = || Failure::Other(StatusCode::NOT_FOUND, "There is no merchant.".to_owned());
        auth.map(FiscalAuth::from).ok_or_else(no_merchant)
    })?;
    Ok(shown(&auth))
}
