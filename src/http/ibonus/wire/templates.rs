//! The templates of coupons.

use serde::Serialize;

use crate::http::ibonus::ask::Ask;
use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields;
use crate::loyalty::ibonus::coupon::Texts;
use crate::loyalty::ibonus::templates::{Style, Template, TemplateOrder};
use crate::loyalty::time::Time;

/// What is not known is null \[I\].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireTemplate<'a> {
    id: u64,
    title: Option<&'a str>,
    header: Option<&'a str>,
    sub_header: Option<&'a str>,
    short_description: Option<&'a str>,
    long_description: Option<&'a str>,
    image_path: Option<String>,
    style: &'static str,
    valid_days: Option<u32>,
    valid_until: Option<i64>,
    deleted: bool,
}

pub(in crate::http::ibonus) fn template<'a>(template: &'a Template, ask: &Ask<'_>) -> WireTemplate<'a> {
    let texts = &template.texts;
    WireTemplate {
        id: template.id.0,
        title: texts.title.as_deref(),
        header: texts.header.as_deref(),
        sub_header: texts.sub_header.as_deref(),
        short_description: texts.short_description.as_deref(),
        long_description: texts.long_description.as_deref(),
        image_path: template.picture.as_ref().map(|picture| ask.url_of(picture)),
        style: template.style.name(),
        valid_days: template.valid_days,
        valid_until: template.valid_until.map(Time::millis),
        deleted: template.deleted,
    }
}

pub(in crate::http::ibonus) fn template_request(body: &[u8]) -> Result<TemplateOrder, Failure> {
    fields::object(body, |body| {
        let text = |name| body.optional(name, fields::kept);
        let (title, header, sub_header) = (text("title"), text("header"), text("subHeader"));
        let (short_description, long_description) = (text("shortDescription"), text("longDescription"));
        let style = body.optional("style", fields::one_of(Style::read));
        let valid_days = body.optional("validDays", fields::days);
        let valid_until = body.optional("validUntil", fields::moment);
        let deleted = body.optional("deleted", fields::flag);
        let texts = Texts {
            title: title?,
            header: header?,
            sub_header: sub_header?,
            short_description: short_description?,
            long_description: long_description?,
        };
        Some(TemplateOrder {
            texts,
            style: style?,
            valid_days: valid_days?,
            valid_until: valid_until?,
            deleted: deleted?,
        })
    })
}
