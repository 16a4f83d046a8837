//! What is not shown of a call: credentials. They are kept as they were sent, and hidden when somebody reads.

use std::borrow::Cow;

use super::json::Json;

/// What stands in the place of a credential.
pub const REDACTED: &str = "[redacted]";

/// Headers whose value is a credential.
const HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "apikey", "x-api-key"];

/// Headers of which the first word, the scheme, is shown.
const WITH_SCHEME: [&str; 2] = ["authorization", "proxy-authorization"];

/// Fields of bodies and of queries whose value is a credential: in lower case, without what joins their words. So
/// `api_key` and `apiKey` are one. The longest comes first.
const FIELDS: [&str; 7] =
    ["authorization", "apikey", "xapikey", "fiscalapikey", "password", "accesstoken", "refreshtoken"];

/// Below which paths the query's `token` is a credential, and not data: it is what the vendor hands out to merchants.
const TOKEN_BELOW: &str = "/ext/api/v1/merchant/public/";

/// A header's value as it is shown; the name is in lower case.
pub fn header<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if !HEADERS.contains(&name) {
        return Cow::Borrowed(value);
    }
    match value.trim().split_once(' ') {
        Some((scheme, _)) if WITH_SCHEME.contains(&name) => Cow::Owned(format!("{scheme} {REDACTED}")),
        _ => Cow::Borrowed(REDACTED),
    }
}

/// Whether a field of a body is a credential.
pub fn is_secret(field: &str) -> bool {
    // Longer ones are none, whatever joins their words.
    if field.len() > 2 * FIELDS[0].len() {
        return false;
    }
    let letters = field.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    let letters: String = letters.collect();
    FIELDS.contains(&letters.as_str())
}

/// Whether a parameter of a query is a credential.
pub fn is_secret_in_query(path: &str, parameter: &str) -> bool {
    is_secret(parameter) || parameter == "token" && path.starts_with(TOKEN_BELOW)
}

/// Hides what is a credential in a body.
pub fn json(json: &mut Json<'_>) {
    match json {
        Json::Scalar(_) | Json::Hidden(_) => {}
        Json::Array(elements) => elements.iter_mut().for_each(self::json),
        Json::Object(members) => {
            let echoes = is_echo(members);
            for (key, value) in members {
                if is_secret(key) || echoes && key == "input" {
                    *value = Json::Hidden(REDACTED);
                } else {
                    self::json(value);
                }
            }
        }
    }
}

/// Whether these are the members of an error of ProBonus's, whose `input` is a credential by its `loc`.
fn is_echo(members: &[(Cow<'_, str>, Json<'_>)]) -> bool {
    let is_secret = |step: &Json<'_>| match step {
        Json::Scalar(raw) => serde_json::from_str::<String>(raw.get()).is_ok_and(|step| is_secret(&step)),
        Json::Array(_) | Json::Object(_) | Json::Hidden(_) => false,
    };
    members.iter().any(|(key, loc)| match loc {
        Json::Array(steps) => key == "loc" && steps.iter().any(is_secret),
        Json::Scalar(_) | Json::Object(_) | Json::Hidden(_) => false,
    })
}

/// A body that is no JSON, as it is shown: the pairs of a form without its credentials; other texts that name one are
/// hidden as a whole, as nobody knows where it ends.
pub fn text(text: &str) -> Cow<'_, str> {
    let letters: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    if !FIELDS.iter().any(|field| letters.contains(field)) {
        return Cow::Borrowed(text);
    }
    let is_form = text.contains('=')
        && !text.contains(|letter: char| letter.is_whitespace() || "{}[]\"<>".contains(letter));
    if !is_form {
        return Cow::Owned(format!(
            "[redacted: {} bytes that are no JSON and name a credential]",
            text.len()
        ));
    }
    let pairs = text.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => Cow::Owned(format!("{name}={REDACTED}")),
        _ => Cow::Borrowed(pair),
    });
    Cow::Owned(pairs.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_credential_in_a_header_the_scheme_is_left() {
        for (name, value, shown) in [
            ("authorization", "Basic bWVyY2hhbnQ6c2VjcmV0", "Basic [redacted]"),
            ("authorization", "Bearer  abc", "Bearer [redacted]"),
            ("proxy-authorization", "Basic abc", "Basic [redacted]"),
            ("authorization", "abc", REDACTED),
            ("apikey", "test-key", REDACTED),
            ("x-api-key", "test key", REDACTED),
            ("cookie", "a=b; c=d", REDACTED),
            ("set-cookie", "a=b", REDACTED),
            ("content-type", "application/json", "application/json"),
        ] {
            assert_eq!(header(name, value), shown, "{name}");
        }
    }

    #[test]
    fn credentials_in_bodies_are_hidden_wherever_they_lie() {
        let text = r#"{"login":"a","password":"p","b":[{"accessToken":"t","refresh_token":{"x":1}}],"token":"data"}"#;
        let mut body = Json::parse(text).unwrap();
        json(&mut body);
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"login":"a","password":"[redacted]","b":[{"accessToken":"[redacted]","refresh_token":"[redacted]"}],"token":"data"}"#
        );
    }

    #[test]
    fn an_error_does_not_echo_a_credential() {
        let text = r#"{"detail":[{"loc":["body","password"],"input":5},{"loc":["body","phone"],"input":5}]}"#;
        let mut body = Json::parse(text).unwrap();
        json(&mut body);
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"detail":[{"loc":["body","password"],"input":"[redacted]"},{"loc":["body","phone"],"input":5}]}"#
        );
    }

    #[test]
    fn a_parameter_is_a_credential_by_its_name_and_the_merchants_token_by_its_path() {
        let merchants = "/ext/api/v1/merchant/public/exists/";
        for (path, parameter, secret) in [
            ("/x", "api_key", true),
            ("/x", "apikey", true),
            ("/x", "apiKey", true),
            ("/x", "password", true),
            ("/x", "accessToken", true),
            ("/x", "access_token", true),
            ("/x", "refreshToken", true),
            ("/x", "fiscalApiKey", true),
            ("/x", "X-API-Key", true),
            ("/x", "Authorization", true),
            ("/x", "token", false),
            ("/x", "login", false),
            ("/x", "keyboard", false),
            (merchants, "token", true),
            (merchants, "phone", false),
        ] {
            assert_eq!(is_secret_in_query(path, parameter), secret, "{path} {parameter}");
        }
    }

    #[test]
    fn a_text_that_names_a_credential_is_hidden_but_for_the_pairs_of_a_form() {
        for (body, shown) in [
            ("hello", "hello"),
            ("login=a&password=p%20q&x=1", "login=a&password=[redacted]&x=1"),
            ("login=a&pass=b", "login=a&pass=b"),
            (r#"{"login":"a","password":"p"#, "[redacted: 26 bytes that are no JSON and name a credential]"),
        ] {
            assert_eq!(text(body), shown);
        }
    }
}
