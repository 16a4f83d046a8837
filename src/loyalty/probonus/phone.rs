//! Phones, compared by digits: `8XXXXXXXXXX`, `+7…`, `7…`, and ten digits are one number.

use std::sync::Arc;

pub use crate::loyalty::digits::digits;

/// The digits by which a phone is found: ten get a 7 in front, of eleven a first 8 becomes a 7, others stay \[I\].
pub fn number(text: &str) -> String {
    let digits = digits(text);
    match (digits.len(), digits.strip_prefix('8')) {
        (10, _) => format!("7{digits}"),
        (11, Some(rest)) => format!("7{rest}"),
        _ => digits,
    }
}

/// A phone: as it was given, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    text: Arc<str>,
    number: Arc<str>,
}

impl Phone {
    /// Reads a phone; a text without digits is none \[I\].
    pub fn new(text: &str) -> Option<Phone> {
        let text = text.trim();
        let number: Arc<str> = number(text).into();
        if number.is_empty() {
            return None;
        }
        let text = if *number == *text { Arc::clone(&number) } else { Arc::from(text) };
        Some(Phone { text, number })
    }

    /// As it was given.
    pub fn as_given(&self) -> &Arc<str> {
        &self.text
    }

    /// The digits by which phones are compared.
    pub fn number(&self) -> &Arc<str> {
        &self.number
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;

    #[test]
    fn all_russian_spellings_are_one_number() {
        for (text, number) in [
            ("+7 (912) 345-67-89", "79123456789"),
            ("79123456789", "79123456789"),
            ("8 912 345 67 89", "79123456789"),
            ("9123456789", "79123456789"),
            // Ten digits are ten digits, whatever they begin with.
            ("8123456789", "78123456789"),
            ("+375 29 123-45-67", "375291234567"),
            ("112", "112"),
        ] {
            assert_eq!(&**Phone::new(text).unwrap().number(), number, "{text}");
        }
        assert_eq!(Phone::new("no digits"), None);
    }
}
