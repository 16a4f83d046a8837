//! The registration of merchants: `merchants.exists`, `.sendCode`, `.create`, `.sendAuthCode`, `.authViaCode`.

use super::ask::{Answer, Ask};
use super::wire::users as wire;
use super::{done, parameters, shown};

pub(super) fn exists(ask: &Ask<'_>) -> Answer {
    let contact = parameters::query(ask.request, wire::contact);
    let exists = ask.with_public_token(contact, |books, token, contact| {
        books.merchant_exists(token, contact.as_customer())
    })?;
    Ok(shown(&wire::Exists::from(exists)))
}

/// Sends a code for [`create`]: the answer shows it, and nothing is sent.
pub(super) fn send_code(ask: &Ask<'_>) -> Answer {
    let contact = parameters::query(ask.request, wire::contact);
    let code = ask
        .with_public_token(contact, |books, token, contact| books.send_code(token, contact.as_customer()))?;
    Ok(shown(&wire::Code { code: &code }))
}

pub(super) fn create(ask: &Ask<'_>) -> Answer {
    let registration = wire::registration(ask.request, ask.body());
    ask.with_public_token(registration, |books, token, registration| {
        books.create_merchant(token, &registration.order())
    })?;
    Ok(done())
}

/// Sends a code for [`auth_via_code`].
pub(super) fn send_auth_code(ask: &Ask<'_>) -> Answer {
    let contact = parameters::query(ask.request, wire::contact);
    let code = ask.with_public_token(contact, |books, token, contact| {
        books.send_auth_code(token, contact.as_customer())
    })?;
    Ok(shown(&wire::Code { code: &code }))
}

/// Accepts a code, and answers it \[E: it looks like a slip\]. It opens no session \[I\].
pub(super) fn auth_via_code(ask: &Ask<'_>) -> Answer {
    let query = parameters::query(ask.request, wire::auth_query);
    let code = ask.with_public_token(query, |books, token, (contact, code)| {
        books.auth_via_code(token, contact.as_customer(), &code)
    })?;
    Ok(shown(&wire::Code { code: &code }))
}
