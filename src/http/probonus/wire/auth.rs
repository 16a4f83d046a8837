//! Log-ins and their tokens.

use serde::Serialize;

use crate::http::probonus::fields::{Fields, kinds};
use crate::loyalty::probonus::auth::Pair;
use crate::sandbox::DEFAULT_SANDBOX;

/// Login and password; FastAPI's own forms say `username` \[I\].
pub(in crate::http::probonus) fn login(fields: &Fields<'_, '_>) -> Option<(String, String)> {
    let login = fields.first_of(&["login", "username"], kinds::text);
    let password = fields.required("password", kinds::text);
    Some((login?, password?))
}

/// The refresh token, if there is one.
#[allow(clippy::option_option)] // the outer one is "could be read"
pub(in crate::http::probonus) fn refresh(fields: &Fields<'_, '_>) -> Option<Option<String>> {
    fields.optional("refreshToken", kinds::text)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::probonus) struct Tokens {
    access_token: String,
    refresh_token: String,
    token_type: &'static str,
    /// In seconds.
    expires_in: i64,
}

/// A pair of tokens that lead back to the sandbox that gave them.
pub(in crate::http::probonus) fn tokens(pair: &Pair, sandbox: &str) -> Tokens {
    let named = |token: &str| match sandbox {
        DEFAULT_SANDBOX => token.to_owned(),
        name => format!("{token}~{name}"),
    };
    Tokens {
        access_token: named(&pair.access),
        refresh_token: named(&pair.refresh),
        token_type: "bearer",
        expires_in: pair.expires_in.millis() / 1000,
    }
}

#[derive(Serialize)]
pub(in crate::http::probonus) struct Success {
    pub(in crate::http::probonus) success: bool,
}
