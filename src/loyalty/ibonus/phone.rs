//! Phones, compared by digits alone \[I\]: 10, 11 and 12 of them are all the same to the original \[E\].

use std::sync::Arc;

pub use crate::loyalty::digits::digits;

/// A phone: as it was given, and its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    text: Arc<str>,
    digits: Arc<str>,
}

impl Phone {
    /// Reads a phone; a text without digits is none \[I\].
    pub fn new(text: &str) -> Option<Phone> {
        let digits: Arc<str> = digits(text).into();
        if digits.is_empty() {
            return None;
        }
        let text = if *digits == *text { Arc::clone(&digits) } else { Arc::from(text) };
        Some(Phone { text, digits })
    }

    /// As it was given.
    pub fn as_given(&self) -> &Arc<str> {
        &self.text
    }

    /// The digits, by which phones are compared.
    pub fn digits(&self) -> &Arc<str> {
        &self.digits
    }
}
