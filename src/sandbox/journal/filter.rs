//! Which entries a list is asked for, by what is known of them without looking into them.

use super::entry::{Called, Entry};
use crate::loyalty::Programme;

/// What an entry must be. What is left out is met by any of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The API.
    pub api: Option<Programme>,
    /// The operation's name.
    pub operation: Option<Box<str>>,
    /// The status of the answer.
    pub status: Option<u16>,
}

impl Filter {
    /// Whether an entry is one of them.
    pub fn fits_entry(&self, entry: &Entry) -> bool {
        self.fits(entry.called, entry.is_answered().then_some(entry.status))
    }

    /// The same, of what is known without looking into it.
    pub(super) fn fits(&self, called: Called, status: Option<u16>) -> bool {
        let is_operation = |name| called.operation.is_some_and(|(operation, _)| operation == name);
        self.api.is_none_or(|api| called.api == Some(api))
            && self.status.is_none_or(|wanted| status == Some(wanted))
            && self.operation.as_deref().is_none_or(is_operation)
    }
}
