//! stend: a test bench for loyalty integrations.

pub mod loyalty;
