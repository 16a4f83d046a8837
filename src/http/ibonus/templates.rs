//! The templates of coupons: `couponTemplates.list`, `.create`, `.get`, `.put`, `.delete`, `.image.upload`,
//! `.image.delete`.

use super::ask::{Answer, Ask};
use super::wire::templates as wire;
use super::{done, shown, uploads};

pub(super) fn list(ask: &Ask<'_>) -> Answer {
    let templates =
        ask.as_user(Ok(()), |open, ()| Ok(open.books.templates().cloned().collect::<Vec<_>>()))?;
    let templates: Vec<_> = templates.iter().map(|template| wire::template(template, ask)).collect();
    Ok(shown(&templates))
}

pub(super) fn create(ask: &Ask<'_>) -> Answer {
    let order = wire::template_request(ask.body());
    let template = ask.as_user(order, |open, order| Ok(open.books.create_template(order)))?;
    Ok(shown(&wire::template(&template, ask)))
}

pub(super) fn get(ask: &Ask<'_>) -> Answer {
    let id = ask.id("Coupon");
    let template = ask.as_user(id, |open, id| Ok(open.books.template(id)?.clone()))?;
    Ok(shown(&wire::template(&template, ask)))
}

pub(super) fn put(ask: &Ask<'_>) -> Answer {
    let (id, order) = (ask.id("Coupon"), wire::template_request(ask.body()));
    ask.as_user(order, |open, order| Ok(open.books.put_template(id?, order)?))?;
    Ok(done())
}

pub(super) fn delete(ask: &Ask<'_>) -> Answer {
    let id = ask.id("Coupon");
    ask.as_user(id, |open, id| Ok(open.books.delete_template(id)?))?;
    Ok(done())
}

pub(super) fn upload_image(ask: &Ask<'_>) -> Answer {
    let upload = uploads::part(ask.request, &ask.call.body, "image");
    let id = ask.id("Coupon");
    ask.as_user(upload, |open, upload| Ok(open.books.put_template_image(id?, upload)?))?;
    Ok(done())
}

pub(super) fn delete_image(ask: &Ask<'_>) -> Answer {
    let id = ask.id("Coupon");
    ask.as_user(id, |open, id| Ok(open.books.delete_template_image(id)?))?;
    Ok(done())
}
