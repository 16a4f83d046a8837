//! The programme's switches, each a *rule* of `docs/fidelity.md`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loyalty::time::Period;

/// The programme's switches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "IbonusRules")]
pub struct Rules {
    /// What a percentage is accrued on.
    pub accrual_base: AccrualBase,
    /// How long a hold lives (`P30D` \[E\]); more than nothing.
    pub hold_ttl: Period,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { accrual_base: AccrualBase::default(), hold_ttl: Period::days(30) }
    }
}

/// What a percentage is accrued on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccrualBase {
    /// The order's total \[D: "a percentage of the order sum"\].
    #[default]
    OrderTotal,
    /// The total less the points written off.
    PaidPart,
}
