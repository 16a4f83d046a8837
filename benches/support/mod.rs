//! What the benches share. Each uses a part of it.

#![allow(dead_code, reason = "each bench uses a part")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

pub(crate) mod answer;
pub(crate) mod bare;
pub(crate) mod figures;
pub(crate) mod fixture;
pub(crate) mod load;
pub(crate) mod process;
pub(crate) mod request;
pub(crate) mod stend;
