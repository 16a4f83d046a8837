//! The audit: whether the ledgers of a world are as they must be.

use serde::Serialize;

use crate::loyalty::time::Time;
use crate::loyalty::{Programme, World};

/// Something that is not as it must be: a bug of ours.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    /// The programme's name.
    pub api: &'static str,
    /// The account's id in that programme.
    pub account: String,
    /// What must hold, and does not.
    pub rule: &'static str,
    /// The numbers.
    pub detail: String,
}

/// All violations of a world at `now`: posted = sum of lots = sum of entries; held = sum of active holds ≤
/// posted; no expired hold or lot alive; no hold ended twice.
pub fn violations(world: &World, now: Time) -> Vec<Violation> {
    let violation =
        |api: Programme, account: String, rule, detail| Violation { api: api.name(), account, rule, detail };
    let loyalclient = world.loyalclient.violations(now).into_iter();
    let loyalclient = loyalclient
        .map(|(account, rule, detail)| violation(Programme::LoyalClient, account.to_string(), rule, detail));
    let ibonus = world.ibonus.violations(now).into_iter();
    let ibonus =
        ibonus.map(|(account, rule, detail)| violation(Programme::Ibonus, account.to_string(), rule, detail));
    let probonus = world.probonus.violations(now).into_iter();
    let probonus = probonus
        .map(|(account, rule, detail)| violation(Programme::ProBonus, account.to_string(), rule, detail));
    loyalclient.chain(ibonus).chain(probonus).collect()
}
