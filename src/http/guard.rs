//! Who may call `/_stend`: not a foreign web page, and with `--admin-token` only who knows it.
//!
//! A page in a browser can send requests to localhost, and by rebinding a DNS name of its own it can even read
//! the answers. So a `Host` that is a DNS name with a dot is refused, and so is what a browser marks as coming
//! from elsewhere.

use std::net::{Ipv4Addr, Ipv6Addr};

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, WWW_AUTHENTICATE};
use actix_web::http::uri::Authority;
use actix_web::http::{Method, StatusCode};

use super::problem::Problem;
use super::select::{bearer, split_credential};
use crate::config::Options;

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The control calls that want no token: who waits for the server may not know it.
const WITHOUT_TOKEN: [&str; 2] = ["/_stend/health", "/_stend/ready"];

/// The refusal of a control call, if it must be refused.
pub(super) fn refusal(path: &str, request: &ServiceRequest, options: &Options) -> Option<HttpResponse> {
    let headers = request.headers();
    // A request line may name a host, too.
    let authority = request.uri().authority().map(Authority::as_str);
    let host_header = match headers.get(HOST).map(HeaderValue::to_str) {
        None => None,
        Some(Ok(host)) => Some(host),
        Some(Err(_)) => return Some(forbidden("the header Host is not readable")),
    };
    for host in [host_header, authority].into_iter().flatten() {
        if !host_allowed(host, &options.allow_host) {
            let name = without_port(host);
            return Some(forbidden(&format!(
                "/_stend does not answer to the host name {name:?}, as a foreign web page could use it: \
                 call it by an IP address, by localhost, or start stend with --allow-host {name}"
            )));
        }
    }
    // A link from anywhere may lead to the documents: who follows it sees them, the page with the link does not.
    let follows_a_link = request.method() == Method::GET
        && headers.get(SEC_FETCH_MODE).is_some_and(|mode| mode == "navigate")
        && headers.get(SEC_FETCH_DEST).is_none_or(|destination| destination == "document")
        && (path == "/_stend/docs" || path.starts_with("/_stend/openapi/"));
    if follows_a_link {
        return token_refusal(path, headers, options);
    }
    if let Some(origin) = headers.get(ORIGIN)
        && !same_origin(origin, host_header)
    {
        return Some(forbidden(
            "/_stend does not answer to web pages of other origins: call it from a test or from a terminal",
        ));
    }
    if headers.get(SEC_FETCH_SITE).is_some_and(|site| site != "same-origin" && site != "none") {
        return Some(forbidden("/_stend does not answer to other sites' web pages (Sec-Fetch-Site)"));
    }
    token_refusal(path, headers, options)
}

fn token_refusal(path: &str, headers: &HeaderMap, options: &Options) -> Option<HttpResponse> {
    let token =
        options.admin_token.as_deref().filter(|token| !token.is_empty() && !WITHOUT_TOKEN.contains(&path))?;
    if bearer(headers).is_some_and(|given| given == token || split_credential(given).0 == token) {
        return None;
    }
    let problem = Problem::new(
        StatusCode::UNAUTHORIZED,
        "/_stend wants the admin token here: send the header Authorization: Bearer <token>",
    );
    let mut response = problem.response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    Some(response)
}

fn forbidden(detail: &str) -> HttpResponse {
    Problem::new(StatusCode::FORBIDDEN, detail).response()
}

fn without_port(host: &str) -> &str {
    if host.starts_with('[') {
        return host.find(']').map_or(host, |end| &host[..=end]);
    }
    host.rsplit_once(':').map_or(host, |(name, _port)| name)
}

/// IP literals and names without a dot pass: a page cannot rebind those.
fn host_allowed(host: &str, allowed: &[String]) -> bool {
    let name = without_port(host);
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let ip_v6 = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    !name.contains('.') && ip_v6.is_none()
        || name.parse::<Ipv4Addr>().is_ok()
        || ip_v6.is_some_and(|name| name.parse::<Ipv6Addr>().is_ok())
        || name.ends_with(".localhost")
        || name == "host.docker.internal"
        || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
}

fn same_origin(origin: &HeaderValue, host: Option<&str>) -> bool {
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_a_page_cannot_rebind_are_hosts() {
        let allowed = ["stend.example.com".to_owned()];
        for host in [
            "localhost",
            "localhost:6896",
            "LOCALHOST.",
            "127.0.0.1:6896",
            "[::1]:6896",
            "ci-7.localhost:6896",
            "stend:6896",
            "host.docker.internal:6896",
            "stend.example.com:6896",
        ] {
            assert!(host_allowed(host, &allowed), "{host}");
        }
        for host in ["evil.example.com", "localhost.evil.com:6896", "127.0.0.1.nip.io", "[evil.com]", "a.b"] {
            assert!(!host_allowed(host, &allowed), "{host}");
        }
    }

    #[test]
    fn an_origin_is_ours_only_with_our_host() {
        let origin = |text| HeaderValue::from_static(text);
        assert!(same_origin(&origin("http://localhost:6896"), Some("localhost:6896")));
        for foreign in ["null", "http://localhost:3000", "https://evil.example.com", ""] {
            assert!(!same_origin(&origin(foreign), Some("localhost:6896")), "{foreign}");
        }
    }
}
