//! The templates of coupons: `couponTemplates.list`, `.create`, `.get`, `.put`, `.delete`, `.image.upload`,
//! `.image.delete`.

use super::ask::{Answer, Ask};
use super::wire::templates as wire;
use super::{done, shown, uploads};

pub(super) async fn list(ask: Ask) -> Answer {
    let templates =
        ask.as_user(Ok(()), |open, ()| Ok(open.books.templates().cloned().collect::<Vec<_>>()))?;
    let templates: Vec<_> = templates.iter().map(|template| wire::template(template, &ask)).collect();
    Ok(shown(&templates))
}

pub(super) async fn create(ask: Ask) -> Answer {
    let order = wire::template_request(ask.body());
    let template = ask.as_user(order, |open, order| Ok(open.books.create_template(order)))?;
    Ok(shown(&wire::template(&template, &ask)))
}

pub(super) async fn get(ask: Ask) -> Answer {
    let id = ask.id("Coupon");
    let template = ask.as_user(id, |open, id| Ok(open.books.template(id)?.clone()))?;
    Ok(shown(&wire::template(&template, &ask)))
}

pub(super) async fn put(ask: Ask) -> Answer {
    let (id, order) = (ask.id("Coupon"), wire::template_request(ask.body()));
    ask.as_user(order, |open, order| Ok(open.books.put_template(id?, order)?))?;
    Ok(done())
}

pub(super) async fn delete(ask: Ask) -> Answer {
    let id = ask.id("Coupon");
    ask.as_user(id, |open, id| Ok(open.books.delete_template(id)?))?;
    Ok(done())
}

pub(super) async fn upload_image(ask: Ask) -> Answer {
    let upload = uploads::part(&ask.request, &ask.call.body, "image").await;
    let id = ask.id("Coupon");
    ask.as_user(upload, |open, upload| Ok(open.books.put_template_image(id?, upload)?))?;
    Ok(done())
}

pub(super) async fn delete_image(ask: Ask) -> Answer {
    let id = ask.id("Coupon");
    ask.as_user(id, |open, id| Ok(open.books.delete_template_image(id)?))?;
    Ok(done())
}
