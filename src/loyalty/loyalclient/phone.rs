//! Phones as LoyalClient compares them: on digits alone \[I\].

/// The longest number E.164 knows.
const DIGITS_MAX: u32 = 15;

/// The digits of a phone, in the form `7920…`: `+7 (920) …`, `8920…` and `920…` (ten digits) are one number.
///
/// `None` if the text holds anything but digits and the marks people write between them, no digit at all, or
/// more than there are in a phone; and if it begins with a zero, as no number with its country does.
pub fn digits(text: &str) -> Option<u64> {
    let mut number: u64 = 0;
    let mut count = 0;
    for character in text.chars() {
        match character {
            '0'..='9' if count < DIGITS_MAX => {
                number = number * 10 + u64::from(character) - u64::from('0');
                count += 1;
            }
            '+' | '(' | ')' | '-' | '.' | ' ' | '\u{a0}' | '\u{2010}'..='\u{2014}' => {}
            _ => return None,
        }
    }
    match count {
        0 => None,
        10 => Some(70_000_000_000 + number),
        11 if number / 10_000_000_000 == 8 => Some(number - 10_000_000_000),
        // A zero in front would be lost, and `0123` be the same as `123`.
        _ if number < 10_u64.pow(count - 1) => None,
        _ => Some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn every_russian_spelling_is_one_number() {
        for text in [
            "79201234567",
            "+79201234567",
            "89201234567",
            "9201234567",
            "+7 (920) 123-45-67",
            "8 920 123 45 67",
        ] {
            assert_eq!(digits(text), Some(79_201_234_567), "{text}");
        }
    }

    #[test]
    fn other_numbers_stay_as_they_are() {
        assert_eq!(digits("+375 29 123 45 67"), Some(375_291_234_567));
        assert_eq!(digits("123"), Some(123));
    }

    #[test]
    fn what_is_no_phone_is_none() {
        for text in
            ["", "+", "0", "CARD-1", "7920abc", "1234567890123456", "７９２０", "079201234567", "0123"]
        {
            assert_eq!(digits(text), None, "{text}");
        }
    }
}
