//! How the merchant can be reached.

use serde::Serialize;

use crate::http::ibonus::error::Failure;
use crate::http::ibonus::fields;
use crate::loyalty::ibonus::contact_info::ContactInfo;

/// What is not known is null \[I\].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireContactInfo<'a> {
    company: Option<&'a str>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    url: Option<&'a str>,
    instagram: Option<&'a str>,
    facebook: Option<&'a str>,
    vk: Option<&'a str>,
    youtube: Option<&'a str>,
    logo_path: Option<String>,
}

pub(in crate::http::ibonus) fn contact_info(
    info: &ContactInfo,
    logo_path: Option<String>,
) -> WireContactInfo<'_> {
    WireContactInfo {
        company: info.company.as_deref(),
        phone: info.phone.as_deref(),
        email: info.email.as_deref(),
        url: info.url.as_deref(),
        instagram: info.instagram.as_deref(),
        facebook: info.facebook.as_deref(),
        vk: info.vk.as_deref(),
        youtube: info.youtube.as_deref(),
        logo_path,
    }
}

pub(in crate::http::ibonus) fn contact_info_request(body: &[u8]) -> Result<ContactInfo, Failure> {
    fields::object(body, |body| {
        let text = |name| body.optional(name, fields::kept);
        let (company, phone, email) = (text("company"), text("phone"), text("email"));
        let (url, instagram, facebook) = (text("url"), text("instagram"), text("facebook"));
        let (vk, youtube) = (text("vk"), text("youtube"));
        Some(ContactInfo {
            company: company?,
            phone: phone?,
            email: email?,
            url: url?,
            instagram: instagram?,
            facebook: facebook?,
            vk: vk?,
            youtube: youtube?,
        })
    })
}
