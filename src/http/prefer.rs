//! The header `Prefer: code=503` (RFC 7240): one request asks for a status itself.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName};

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The status that a request asks for, if it asks for one; or a sentence, if it cannot have that. Other preferences
/// are not ours, and of several codes the first counts.
pub(super) fn status(headers: &HeaderMap) -> Option<Result<StatusCode, String>> {
    let code = headers.get_all(PREFER).filter_map(|value| value.to_str().ok()).find_map(code)?;
    let status = code.parse().ok().filter(|code| (400..=599).contains(code));
    let status = status.and_then(|code| StatusCode::from_u16(code).ok());
    Some(
        status
            .ok_or_else(|| format!("Prefer: code={code} cannot be had: a code is a status from 400 to 599")),
    )
}

/// `503` of `respond-async, code=503; and="more"`.
fn code(preferences: &str) -> Option<&str> {
    let mut quoted = false;
    let mut preferences = preferences.split(move |letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    preferences.find_map(|preference| {
        let preference = preference.split(';').next()?;
        let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
        name.trim().eq_ignore_ascii_case("code").then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_among_the_preferences() {
        for (preferences, found) in [
            ("code=503", Some("503")),
            ("Code = \"503\"", Some("503")),
            ("respond-async, code=429; wait=10", Some("429")),
            ("code=503, code=500", Some("503")),
            ("return=minimal", None),
            ("example=\"a, code=503\"", None),
            ("codes=503", None),
            ("code", Some("")),
            ("code; a=1", Some("")),
            ("", None),
        ] {
            assert_eq!(code(preferences), found, "{preferences}");
        }
    }

    #[test]
    fn a_code_is_a_status_of_an_error() {
        for (code, status) in
            [("400", Some(400)), ("599", Some(599)), ("200", None), ("600", None), ("x", None), ("", None)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(PREFER, format!("code={code}").parse().unwrap());
            let found = super::status(&headers).unwrap();
            assert_eq!(found.ok().map(|status| status.as_u16()), status, "{code}");
        }
    }
}
