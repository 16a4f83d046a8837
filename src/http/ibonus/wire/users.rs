//! Who calls, and the registration of merchants.

use std::sync::Arc;

use actix_web::HttpRequest;
use serde::Serialize;

use super::Contact;
use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields;
use crate::http::ibonus::parameters::{self, Parameters};
use crate::loyalty::ibonus::find::Customer;
use crate::loyalty::ibonus::registration::{self, Registration};
use crate::loyalty::ibonus::users::{self, Role, UserId};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct FiscalAuth {
    account_type: &'static str,
    email: Option<Arc<str>>,
    first_name: Option<Box<str>>,
    fiscal_api_key: Box<str>,
    fiscal_login: Box<str>,
    inn: Option<Box<str>>,
    last_name: Option<Box<str>>,
    /// Of employees alone \[D\], of whom it may be null \[D\].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[allow(clippy::option_option)]
    role: Option<Option<&'static str>>,
}

impl From<users::FiscalAuth<'_>> for FiscalAuth {
    fn from(auth: users::FiscalAuth<'_>) -> FiscalAuth {
        let (account_type, role) = match auth.user {
            UserId::Merchant(_) => ("merchant", None),
            UserId::Employee(_) => ("employee", Some(auth.role.map(Role::name))),
        };
        let person = auth.person;
        FiscalAuth {
            account_type,
            email: person.email.clone(),
            first_name: person.first_name.clone(),
            fiscal_api_key: auth.api_key.into(),
            fiscal_login: auth.login.into(),
            inn: person.inn.clone(),
            last_name: person.last_name.clone(),
            role,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct Exists {
    exists: bool,
    has_loyalty_settings: bool,
}

impl From<registration::Exists> for Exists {
    fn from(found: registration::Exists) -> Exists {
        Exists { exists: found.exists, has_loyalty_settings: found.has_loyalty_settings }
    }
}

#[derive(Serialize)]
pub(in crate::http::ibonus) struct Code<'a> {
    pub(in crate::http::ibonus) code: &'a str,
}

#[allow(clippy::unnecessary_wraps)] // as all that reads a query
pub(in crate::http::ibonus) fn contact(query: &Parameters) -> Option<Contact> {
    Some(Contact::of(query))
}

pub(in crate::http::ibonus) fn auth_query(query: &Parameters) -> Option<(Contact, String)> {
    Some((Contact::of(query), query.required("code")?))
}

/// A merchant to be created, as it is sent.
pub(in crate::http::ibonus) struct GivenMerchant {
    code: String,
    password: String,
    email: Option<Box<str>>,
    phone: Option<Box<str>>,
    first_name: Option<Box<str>>,
    last_name: Option<Box<str>>,
    company: Option<Box<str>>,
    company_url: Option<Box<str>>,
    inn: Option<Box<str>>,
}

impl GivenMerchant {
    pub(in crate::http::ibonus) fn order(&self) -> Registration<'_> {
        Registration {
            contact: Customer { phone: self.phone.as_deref(), email: self.email.as_deref() },
            code: &self.code,
            password: &self.password,
            first_name: self.first_name.as_deref(),
            last_name: self.last_name.as_deref(),
            company: self.company.as_deref(),
            company_url: self.company_url.as_deref(),
            inn: self.inn.as_deref(),
        }
    }
}

/// Half of it stands in the query, half in the body.
pub(in crate::http::ibonus) fn registration(
    request: &HttpRequest,
    body: &[u8],
) -> Result<GivenMerchant, Failure> {
    let secrets = parameters::query(request, |query| {
        let (code, password) = (query.required("code"), query.required("password"));
        Some((code?, password?))
    });
    let merchant = fields::object(body, |body| {
        let text = |name| body.optional(name, fields::kept);
        let (email, phone, first_name) = (text("email"), text("phone"), text("firstName"));
        let (last_name, company) = (text("lastName"), text("company"));
        let (company_url, inn) = (text("companyURL"), text("inn"));
        Some(GivenMerchant {
            code: String::new(),
            password: String::new(),
            email: email?,
            phone: phone?,
            first_name: first_name?,
            last_name: last_name?,
            company: company?,
            company_url: company_url?,
            inn: inn?,
        })
    });
    let ((code, password), merchant) = Failure::both(secrets, merchant)?;
    Ok(GivenMerchant { code, password, ..merchant })
}
