//! Which sandbox a request means: by path, header, credential or host, in this order.

use std::borrow::Cow;

use actix_web::http::Uri;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName};
use actix_web::http::uri::PathAndQuery;

use crate::sandbox::is_name;

/// The header that names a sandbox, in requests and in answers.
pub(super) const X_STEND_SANDBOX: HeaderName = HeaderName::from_static("x-stend-sandbox");

/// What a path that names a sandbox begins with.
const PATH_PREFIX: &str = "/sandboxes/";

/// The headers whose value is a credential that may end in `~` and a sandbox's name.
const CREDENTIALS: [HeaderName; 2] =
    [HeaderName::from_static("apikey"), HeaderName::from_static("x-api-key")];

/// A credential without its sandbox, and the sandbox: `test-key~ci-7` is `test-key` in `ci-7`. What follows the
/// last `~` counts only if it is a name.
pub(super) fn split_credential(credential: &str) -> (&str, Option<&str>) {
    match credential.rsplit_once('~') {
        Some((secret, name)) if is_name(name) => (secret, Some(name)),
        _ => (credential, None),
    }
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

/// The sandbox that the headers name.
pub(super) fn by_headers(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    if let Some(name) = headers.get(&X_STEND_SANDBOX) {
        // Bytes that are no text are no name either, and the caller is told so.
        return Some(Cow::Borrowed(name.to_str().unwrap_or("?")));
    }
    let credentials = CREDENTIALS.into_iter().filter_map(|header| headers.get(header)?.to_str().ok());
    let by_credential =
        credentials.chain(bearer(headers)).find_map(|credential| split_credential(credential).1);
    by_credential.map(Cow::Borrowed).or_else(|| by_host(headers).map(Cow::Owned))
}

/// The token of `Authorization: Bearer …`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// `ci-7` of `ci-7.localhost:6896`; hosts are the same in upper and in lower case.
fn by_host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let host = host.rsplit_once(':').map_or(host, |(host, _port)| host);
    let host = host.strip_suffix('.').unwrap_or(host);
    let (name, domain) = host.rsplit_once('.')?;
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
            assert_eq!(by_headers(&headers).as_deref(), sandbox, "{host}");
        }
    }
}
