//! Whole numbers by their digits: `7`, `7.0` and `70e-1` are one and the same, as in JSON Schema.

/// Reads a JSON number's own digits, without passing through a float. `None` if it is not whole, negative, or too
/// large to be kept.
pub fn parse(number: &str) -> Option<u64> {
    let (negative, digits) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The digit at place p is worth digit × 10^(top - p).
    let top = i64::try_from(whole.len()).ok()? - 1 + i64::from(exponent);
    let mut sum: u64 = 0;
    for (place, digit) in (0_i64..).zip(whole.bytes().chain(fraction.bytes())) {
        let digit = u64::from(digit - b'0');
        if digit > 0 {
            let worth = 10_u64.checked_pow(u32::try_from(top - place).ok()?)?;
            sum = sum.checked_add(worth.checked_mul(digit)?)?;
        }
    }
    if negative && sum > 0 { None } else { Some(sum) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_whole_by_its_value_and_not_by_its_spelling() {
        for (number, read) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("-0.0", Some(0)),
            ("0e99", Some(0)),
            ("7", Some(7)),
            ("7.0", Some(7)),
            ("7.000e2", Some(700)),
            ("70e-1", Some(7)),
            ("1E+2", Some(100)),
            ("0.5e1", Some(5)),
            ("79201234567.0", Some(79_201_234_567)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("9007199254740993.0", Some(9_007_199_254_740_993)),
            ("1e20", None),
            ("1e99999999999", None),
            ("-1", None),
            ("1.5", None),
            ("1e-1", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("+1", None),
            ("0x10", None),
            ("1e", None),
            ("true", None),
        ] {
            assert_eq!(parse(number), read, "{number}");
        }
    }
}
