//! The till, where checks come from: [`sale`] and [`refund`]. No call of ProBonus's own; stend's controls ring
//! it up.

pub mod refund;
pub mod sale;
