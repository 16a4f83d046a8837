//! Which sandbox a request means: by path, header, credential or host, in this order.

use std::borrow::Cow;

use actix_web::http::Uri;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName};
use actix_web::http::uri::PathAndQuery;
use actix_web::web::Query;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::fields::{Members, read_body, text};
use crate::sandbox::is_name;

/// The header that names a sandbox, in requests and in answers.
pub(super) const X_STEND_SANDBOX: HeaderName = HeaderName::from_static("x-stend-sandbox");

/// What a path that names a sandbox begins with.
const PATH_PREFIX: &str = "/sandboxes/";

/// The headers whose value is a credential that may end in `~` and a sandbox's name.
const CREDENTIALS: [HeaderName; 2] =
    [HeaderName::from_static("apikey"), HeaderName::from_static("x-api-key")];

/// i-bonus.me's credentials that stand in the query, and below which paths they are such.
const QUERY_CREDENTIALS: [(&str, &str); 2] =
    [("/ext/api/v1/fiscal_hub/", "login"), ("/ext/api/v1/merchant/public/", "token")];

/// What the paths of ProBonus's log-ins begin with.
const PROBONUS_AUTH: &str = "/api/v0/auth/";

/// ProBonus's credentials that stand in the body: of which calls, and the names, of which the first counts.
const BODY_CREDENTIALS: [(&str, &[&str]); 2] =
    [("login", &["login", "username"]), ("refresh_token", &["refreshToken"])];

/// Base64, with the padding or without it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A credential without its sandbox, and the sandbox: `test-key~ci-7` is `test-key` in `ci-7`. What follows the
/// last `~` counts only if it is a name.
pub(super) fn split_credential(credential: &str) -> (&str, Option<&str>) {
    match rsplit_at(credential, b'~') {
        Some((secret, name)) if is_name(name) => (secret, Some(name)),
        _ => (credential, None),
    }
}

/// What stands before and after the last of an ASCII character; for texts so short that a loop is faster than
/// `rsplit_once`.
fn rsplit_at(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().rposition(|byte| byte == at)?;
    Some((&text[..place], &text[place + 1..]))
}

/// The sandbox that a path names, and the address without it.
pub(super) fn split_path(uri: &Uri) -> Option<(String, Uri)> {
    let rest = uri.path().strip_prefix(PATH_PREFIX)?;
    let (name, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).ok()?);
    Some((name.to_owned(), Uri::from_parts(parts).ok()?))
}

/// The sandbox that headers, query and body name; the path is the routed one.
pub(super) fn by_request<'r>(
    headers: &'r HeaderMap,
    path: &str,
    query: &str,
    body: &[u8],
) -> Option<Cow<'r, str>> {
    if let Some(name) = headers.get(&X_STEND_SANDBOX) {
        // Bytes that are no text are no name either, and the caller is told so.
        return Some(Cow::Borrowed(name.to_str().unwrap_or("?")));
    }
    let credentials = CREDENTIALS.into_iter().filter_map(|header| headers.get(header)?.to_str().ok());
    let by_credential =
        credentials.chain(bearer(headers)).find_map(|credential| split_credential(credential).1);
    let by_credential = by_credential.map(Cow::Borrowed);
    let by_ibonus = || by_credential_of_ibonus(headers, path, query).map(Cow::Owned);
    let by_probonus = || by_credential_of_probonus(path, body).map(Cow::Owned);
    by_credential.or_else(by_ibonus).or_else(by_probonus).or_else(|| by_host(headers).map(Cow::Owned))
}

/// `ci-7` of a log-in's `login` or `username`, and of the `refreshToken` that such a log-in gave.
fn by_credential_of_probonus(path: &str, body: &[u8]) -> Option<String> {
    let call = path.strip_prefix(PROBONUS_AUTH)?;
    let (_, names) = BODY_CREDENTIALS.iter().find(|(known, _)| *known == call)?;
    let members: Members<'_> = read_body(body, "object").ok()?;
    let credential = names.iter().find_map(|name| text(members.get(name)?))?;
    split_credential(&credential).1.map(str::to_owned)
}

/// `ci-7` of the Basic user `merchant@example.com~ci-7` on any path, and on their own of the fiscal hub's `login`, of the merchants' `token`.
fn by_credential_of_ibonus(headers: &HeaderMap, path: &str, query: &str) -> Option<String> {
    let by_query = || {
        let (_, name) = QUERY_CREDENTIALS.iter().find(|(below, _)| path.starts_with(below))?;
        let pairs = Query::<Vec<(String, String)>>::from_query(query).ok()?.into_inner();
        pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    };
    let sandbox = |credential: String| split_credential(&credential).1.map(str::to_owned);
    basic(headers).and_then(|(user, _)| sandbox(user)).or_else(|| by_query().and_then(sandbox))
}

/// User and password of `Authorization: Basic …`.
pub(super) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = String::from_utf8(BASE64.decode(credentials.trim()).ok()?).ok()?;
    credentials.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

/// The token of `Authorization: Bearer …`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// `ci-7` of `ci-7.localhost:6896`; hosts are the same in upper and in lower case.
fn by_host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let host = rsplit_at(host, b':').map_or(host, |(host, _port)| host);
    let host = host.strip_suffix('.').unwrap_or(host);
    let (name, domain) = rsplit_at(host, b'.')?;
    domain.eq_ignore_ascii_case("localhost").then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_behind_the_last_tilde_is_a_sandbox() {
        for (credential, secret, sandbox) in [
            ("test-key", "test-key", None),
            ("test-key~ci-7", "test-key", Some("ci-7")),
            ("a~b~ci-7", "a~b", Some("ci-7")),
            ("~ci-7", "", Some("ci-7")),
            ("test-key~", "test-key~", None),
            ("test-key~CI_7", "test-key~CI_7", None),
            ("anna~smith@example.com", "anna~smith@example.com", None),
        ] {
            assert_eq!(split_credential(credential), (secret, sandbox), "{credential}");
        }
    }

    #[test]
    fn a_path_is_read_without_its_sandbox() {
        for (uri, split) in [
            ("/integration/general/client", None),
            ("/sandboxes", None),
            ("/sandboxes/a", Some(("a", "/"))),
            ("/sandboxes/a/", Some(("a", "/"))),
            ("/sandboxes/a?x=1", Some(("a", "/?x=1"))),
            ("/sandboxes/a/_stend/accounts?limit=1", Some(("a", "/_stend/accounts?limit=1"))),
            ("/sandboxes/a/sandboxes/b/x", Some(("a", "/sandboxes/b/x"))),
            ("/sandboxes//x", Some(("", "/x"))),
        ] {
            let split_uri = split_path(&uri.parse().unwrap());
            let split_uri = split_uri.as_ref().map(|(name, uri)| (name.as_str(), uri.to_string()));
            assert_eq!(split_uri, split.map(|(name, uri)| (name, uri.to_owned())), "{uri}");
        }
    }

    #[test]
    fn a_host_names_a_sandbox_only_under_localhost() {
        for (host, sandbox) in [
            ("localhost:6896", None),
            ("127.0.0.1:6896", None),
            ("stend", None),
            ("ci-7.localhost", Some("ci-7")),
            ("CI-7.LOCALHOST:6896", Some("ci-7")),
            ("ci-7.localhost.", Some("ci-7")),
            ("[::1]:6896", None),
            ("ci-7.example.com", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            assert_eq!(by_request(&headers, "/", "", b"").as_deref(), sandbox, "{host}");
        }
    }

    #[test]
    fn i_bonus_credentials_name_a_sandbox_where_they_are_such() {
        let basic = |text: &str| format!("Basic {}", BASE64.encode(text));
        let (clients, hub, public) = (
            "/ext/api/v1/clients/",
            "/ext/api/v1/fiscal_hub/cash_back/hold/",
            "/ext/api/v1/merchant/public/exists/",
        );
        for (path, authorization, query, sandbox) in [
            (clients, basic("a@b.c~ci-7:secret"), "", Some("ci-7")),
            (clients, basic("a@b.c:secret~ci-7"), "", None),
            (clients, basic("a@b.c:secret"), "token=x~ci-7&login=x~ci-7", None),
            (clients, "Basic !".to_owned(), "", None),
            ("/_stend/clock", basic("a@b.c~ci-7:secret"), "", Some("ci-7")),
            ("/_stend/clock", String::new(), "login=a~ci-7", None),
            (hub, String::new(), "login=a%40b.c~ci-7&api_key=k~ci-8", Some("ci-7")),
            (hub, String::new(), "login=a%40b.c%7Eci-7", Some("ci-7")),
            (hub, String::new(), "token=t~ci-7", None),
            (public, String::new(), "phone=7&token=t~ci-7", Some("ci-7")),
            (public, String::new(), "login=t~ci-7", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, authorization.parse().unwrap());
            assert_eq!(
                by_request(&headers, path, query, b"").as_deref(),
                sandbox,
                "{path} {authorization} {query}"
            );
        }
    }

    #[test]
    fn probonus_credentials_in_the_body_name_a_sandbox_where_they_are_such() {
        let (login, refresh) = ("/api/v0/auth/login", "/api/v0/auth/refresh_token");
        for (path, body, sandbox) in [
            (login, r#"{"login":"admin~ci-7","password":"111"}"#, Some("ci-7")),
            (login, r#"{"username":"admin~ci-7"}"#, Some("ci-7")),
            (login, r#"{"login":null,"username":"admin~ci-7"}"#, Some("ci-7")),
            (login, r#"{"login":"admin","username":"admin~ci-7"}"#, None),
            (login, r#"{"login":"admin","password":"111~ci-7"}"#, None),
            (login, r#"{"login":"admin~ci-7""#, None),
            (login, "", None),
            (refresh, r#"{"refreshToken":"abc~ci-7"}"#, Some("ci-7")),
            (refresh, r#"{"login":"admin~ci-7"}"#, None),
            ("/api/v0/auth/logout", r#"{"login":"admin~ci-7"}"#, None),
            ("/integration/general/client", r#"{"login":"admin~ci-7"}"#, None),
        ] {
            let headers = HeaderMap::new();
            let found = by_request(&headers, path, "", body.as_bytes());
            assert_eq!(found.as_deref(), sandbox, "{path} {body}");
        }
    }

    #[test]
    fn basic_credentials_are_read_as_the_rfc_writes_them() {
        for (authorization, read) in [
            ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", Some(("Aladdin", "open sesame"))),
            ("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ", Some(("Aladdin", "open sesame"))),
            ("Basic  YTpiOmM=", Some(("a", "b:c"))),
            ("Basic Og==", Some(("", ""))),
            ("Basic YQ==", None),
            ("Basic", None),
            ("Basic /w==", None),
            ("Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, authorization.parse().unwrap());
            let found = basic(&headers);
            let found = found.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
            assert_eq!(found, read, "{authorization}");
        }
    }
}
