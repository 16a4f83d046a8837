//! Which rules act, on which calls, how often and how likely.
