//! How the merchant can be reached, and its logo: `settings.contactInfo.get`, `.put`, `settings.logo.upload`,
//! `.delete`.

use super::ask::{Answer, Ask};
use super::wire::contact_info as wire;
use super::{done, shown, uploads};

pub(super) fn get(ask: &Ask<'_>) -> Answer {
    let (info, logo) =
        ask.as_user(Ok(()), |open, ()| Ok((open.books.contact_info().clone(), open.books.logo().cloned())))?;
    let logo_path = logo.map(|logo| ask.url_of(&logo));
    Ok(shown(&wire::contact_info(&info, logo_path)))
}

pub(super) fn put(ask: &Ask<'_>) -> Answer {
    ask.as_user(wire::contact_info_request(ask.body()), |open, info| {
        open.books.put_contact_info(info);
        Ok(())
    })?;
    Ok(done())
}

pub(super) fn upload_logo(ask: &Ask<'_>) -> Answer {
    let upload = uploads::part(ask.request, &ask.call.body, "logo");
    ask.as_user(upload, |open, upload| {
        open.books.put_logo(upload);
        Ok(())
    })?;
    Ok(done())
}

pub(super) fn delete_logo(ask: &Ask<'_>) -> Answer {
    ask.as_user(Ok(()), |open, ()| {
        open.books.delete_logo();
        Ok(())
    })?;
    Ok(done())
}
