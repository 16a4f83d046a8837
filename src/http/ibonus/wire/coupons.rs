//! Coupons of clients.

use serde::Serialize;

use super::Contact;
use super::clients::{WireClient, client};
use crate::http::ibonus::fields::Wrong;
use crate::http::ibonus::parameters::Parameters;
use crate::loyalty::ibonus::coupon::Coupon;
use crate::loyalty::ibonus::coupons::{FoundCoupon, TokenType};
use crate::loyalty::time::Time;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::ibonus) struct WireCoupon<'a> {
    id: u64,
    // Absent, not null \[D\].
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_header: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long_description: Option<&'a str>,
    expire_date: Option<i64>,
    token: &'a str,
    share_token: &'a str,
    merchant_token: &'a str,
    merchant_share_token: &'a str,
}

pub(in crate::http::ibonus) fn coupon(coupon: &Coupon) -> WireCoupon<'_> {
    let (texts, tokens) = (&*coupon.texts, &coupon.tokens);
    WireCoupon {
        id: coupon.id.0,
        title: texts.title.as_deref(),
        header: texts.header.as_deref(),
        sub_header: texts.sub_header.as_deref(),
        short_description: texts.short_description.as_deref(),
        long_description: texts.long_description.as_deref(),
        expire_date: coupon.expire_date.map(Time::millis),
        token: &tokens.token,
        share_token: &tokens.share_token,
        merchant_token: &tokens.merchant_token,
        merchant_share_token: &tokens.merchant_share_token,
    }
}

#[derive(Serialize)]
pub(in crate::http::ibonus) struct ClientAndCoupon<'a> {
    client: WireClient<'a>,
    /// One object \[E\].
    coupons: WireCoupon<'a>,
}

pub(in crate::http::ibonus) fn client_and_coupon(found: &FoundCoupon) -> ClientAndCoupon<'_> {
    ClientAndCoupon { client: client(&found.client), coupons: coupon(&found.coupon) }
}

pub(in crate::http::ibonus) fn coupon_query(query: &Parameters) -> Option<(TokenType, String)> {
    let by = query.optional("type", |name| TokenType::read(name).map_err(Wrong::Refused));
    let by = by.and_then(|by| by.or_else(|| query.missing("type")));
    let token = query.required("token");
    Some((by?, token?))
}

/// Who redeems a share token.
pub(in crate::http::ibonus) struct RedeemQuery {
    pub(in crate::http::ibonus) person: Contact,
    pub(in crate::http::ibonus) name: Option<String>,
    pub(in crate::http::ibonus) token: String,
}

pub(in crate::http::ibonus) fn redeem_query(query: &Parameters) -> Option<RedeemQuery> {
    let (person, name) = (Contact::of(query), query.text("name"));
    Some(RedeemQuery { person, name, token: query.required("token")? })
}
