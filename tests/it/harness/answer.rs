//! What came back, and what can be demanded of it.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(super) asked: String,
}

impl Answer {
    /// The body as text.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("answers are UTF-8")
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("the answer is no JSON: {error}\n{self}"),
        }
    }

    /// A header of the answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }

    /// Demands a status.
    #[track_caller]
    pub(crate) fn with_status(&self, status: u16) -> &Answer {
        assert_eq!(self.status, status, "the status\n{self}");
        self
    }

    /// Demands a status, and the body to the byte.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &str) -> &Answer {
        assert_eq!((self.status, self.text()), (status, body), "\n{self}");
        self
    }

    /// Demands a success; answers its JSON.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        self.with_status(200).json()
    }

    /// Demands a refusal of LoyalClient, to the byte.
    #[track_caller]
    pub(crate) fn refused(&self, body: &str) {
        self.is(422, body);
    }

    /// Demands that exactly these fields are at fault, whatever the sentences say.
    #[track_caller]
    pub(crate) fn blames(&self, fields: &[&str]) {
        self.blames_with(422, fields);
    }

    /// The same in LoyalClient's shape with another status.
    #[track_caller]
    pub(crate) fn blames_with(&self, status: u16, fields: &[&str]) {
        self.with_status(status);
        let errors = self.json();
        let errors = errors.as_object().unwrap_or_else(|| panic!("an error is an object\n{self}"));
        let blamed: BTreeSet<&str> = errors.keys().map(String::as_str).collect();
        assert_eq!(blamed, fields.iter().copied().collect(), "the fields at fault\n{self}");
        for (field, sentence) in errors {
            let sentence = sentence.as_str().unwrap_or_else(|| panic!("{field} has no sentence\n{self}"));
            assert!(
                !sentence.starts_with(char::is_lowercase) && sentence.ends_with('.'),
                "{field} has no plain sentence: {sentence:?}"
            );
        }
    }

    /// Demands a problem of stend's own surface; answers its sentence.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> String {
        self.with_status(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "\n{self}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "\n{self}");
        problem["detail"].as_str().expect("a problem has a detail").to_owned()
    }

    /// Demands bad input of stend's own surface, with these pointers at fault and no others, in any order.
    #[track_caller]
    pub(crate) fn points_at(&self, pointers: &[&str]) {
        self.problem(400);
        let problem = self.json();
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors\n{self}"));
        let mut found: Vec<&str> = errors.iter().filter_map(|error| error["pointer"].as_str()).collect();
        let mut wanted = pointers.to_vec();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "the pointers\n{self}");
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "asked: {}", self.asked)?;
        writeln!(out, "answered: {} {}", self.status, shortened(&self.body))?;
        write!(out, "with: {:?}", self.headers)
    }
}

pub(super) fn find_header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// A body in a message: whole, unless it is long.
pub(super) fn shortened(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    match text.char_indices().nth(2_000) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], body.len()),
        None => text.into_owned(),
    }
}
