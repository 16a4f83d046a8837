//! LIKE: `%` stands for any run of characters, as in SQL \[D\]; everything else, `_` and `\` too, is itself \[I\].

/// A pattern, taken apart once and then held against many texts without copying any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    /// What stands between the `%`; a single part is a pattern without any, and matches exactly.
    parts: Box<[Box<str>]>,
}

impl Like {
    /// The pattern as it was sent.
    pub fn new(pattern: &str) -> Like {
        Like { parts: pattern.split('%').map(Box::from).collect() }
    }

    /// A pattern for phones: what stands between the digits does not count \[I\]. Letters do: no phone has any,
    /// so nothing matches them.
    pub fn of_phone(pattern: &str) -> Like {
        let part =
            |part: &str| part.chars().filter(|one| one.is_ascii_digit() || one.is_alphabetic()).collect();
        Like { parts: pattern.split('%').map(part).collect() }
    }

    /// The text, if it is the only one that can match: the pattern has no `%`.
    pub fn exact(&self) -> Option<&str> {
        match &*self.parts {
            [part] => Some(part),
            _ => None,
        }
    }

    /// Whether the whole text matches.
    ///
    /// The first part must start the text and the last one end it; those between are looked for from left to
    /// right, each as early as it can be. That is enough: a later place never leaves more room for the rest.
    pub fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = &*self.parts else {
            return self.exact() == Some(text);
        };
        let Some(rest) = text.strip_prefix(&**first) else {
            return false;
        };
        let Some(mut rest) = rest.strip_suffix(&**last) else {
            return false;
        };
        for part in middle {
            let Some(at) = rest.find(&**part) else {
                return false;
            };
            rest = &rest[at + part.len()..];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Like;

    #[test]
    fn a_percent_sign_is_any_run_of_characters_and_nothing_else_is_special() {
        for (pattern, text, matches) in [
            ("test@test.ru", "test@test.ru", true),
            ("test@test.ru", "test@test.rus", false),
            ("test@test.ru", "Test@test.ru", false),
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("%", "anything", true),
            ("%%", "anything", true),
            ("test%", "test@test.ru", true),
            ("test%", "atest", false),
            ("%.ru", "test@test.ru", true),
            ("%.ru", "test@test.ru.org", false),
            ("%@%", "test@test.ru", true),
            ("%@%", "test", false),
            ("t%t@%.ru", "test@test.ru", true),
            // The first part and the last one may not share characters.
            ("aba%aba", "aba", false),
            ("aba%aba", "ababa", false),
            ("aba%aba", "abaaba", true),
            ("a%ab%b", "aabb", true),
            ("a%ab%ab%b", "aababb", true),
            ("a%ab%ab%b", "aabb", false),
            ("a_c", "abc", false),
            ("a_c", "a_c", true),
            ("a_%", "a_c", true),
            (r"a\%", r"a\c", true),
            (r"a\%", "a%", false),
            ("имя%", "имя@почта.рф", true),
            ("%рф", "имя@почта.рф", true),
        ] {
            assert_eq!(Like::new(pattern).matches(text), matches, "{pattern} on {text}");
        }
    }

    #[test]
    fn phones_match_by_their_digits() {
        for (pattern, digits, matches) in [
            ("+7 (912) 345-67-89", "79123456789", true),
            ("+7 (912) 345-67-89", "7912345678", false),
            ("7912%", "79123456789", true),
            ("+7 912 %", "79123456789", true),
            ("%67-89", "79123456789", true),
            ("%123%789", "79123456789", true),
            ("%", "79123456789", true),
            ("abc", "79123456789", false),
            ("%abc%", "79123456789", false),
            ("%(912)-%", "79123456789", true),
        ] {
            assert_eq!(Like::of_phone(pattern).matches(digits), matches, "{pattern} on {digits}");
        }
    }

    #[test]
    fn many_percent_signs_cost_no_more_than_a_walk_along_the_text() {
        let pattern = "%a".repeat(2_000) + "%b";
        assert!(!Like::new(&pattern).matches(&"a".repeat(20_000)));
    }
}
