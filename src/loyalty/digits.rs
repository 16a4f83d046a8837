//! Digits, whatever stands between them.

/// The digits of a text.
pub fn digits(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    digits.extend(text.chars().filter(char::is_ascii_digit));
    digits
}
