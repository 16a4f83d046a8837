//! The programme's switches, each a *rule* of `docs/fidelity.md`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Hour, UtcOffset};
use crate::loyalty::time::Period;

/// The programme's switches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ProbonusRules")]
pub struct Rules {
    /// The status of missing or wrong credentials: 401 or 403.
    #[schemars(with = "u16", extend("enum" = [401, 403]))]
    pub auth_error_status: AuthErrorStatus,
    /// What is answered for a record that is not there.
    pub not_found: NotFound,
    /// How long an access token lives; more than nothing.
    pub token_ttl: Period,
    /// How long a refresh token lives; more than nothing.
    pub refresh_ttl: Period,
    /// At which hour the server's day begins: 0 to 23.
    #[schemars(with = "u8", range(max = 23))]
    pub day_change_hour: Hour,
    /// How far the server's clocks are ahead of UTC.
    pub utc_offset: UtcOffset,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            auth_error_status: AuthErrorStatus::default(),
            not_found: NotFound::default(),
            token_ttl: Period::minutes(30),
            refresh_ttl: Period::days(30),
            day_change_hour: Hour::default(),
            utc_offset: UtcOffset::default(),
        }
    }
}

impl Rules {
    /// When the server's days begin.
    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.day_change_hour, self.utc_offset)
    }
}

/// The status of missing or wrong credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum AuthErrorStatus {
    /// 401.
    #[default]
    Unauthorized,
    /// 403.
    Forbidden,
}

impl TryFrom<u16> for AuthErrorStatus {
    type Error = &'static str;
    fn try_from(status: u16) -> Result<AuthErrorStatus, &'static str> {
        match status {
            401 => Ok(AuthErrorStatus::Unauthorized),
            403 => Ok(AuthErrorStatus::Forbidden),
            _ => Err("expected 401 or 403"),
        }
    }
}

impl From<AuthErrorStatus> for u16 {
    fn from(status: AuthErrorStatus) -> u16 {
        match status {
            AuthErrorStatus::Unauthorized => 401,
            AuthErrorStatus::Forbidden => 403,
        }
    }
}

/// What is answered for a record that is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum NotFound {
    /// 404.
    #[default]
    #[serde(rename = "404")]
    Status404,
    /// 200 with the body `null`.
    #[serde(rename = "null")]
    Null,
}
