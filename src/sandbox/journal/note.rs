//! What stend has to say about a call beside its answer: why it was refused, what of it could not be read, which of its
//! fields nobody knows.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::loyalty::amount::Amount;
use crate::loyalty::time::Time;

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// The programme says no.
    Refusal,
    /// A field that the operation does not know.
    UnknownField,
    /// Something that could not be read.
    BadInput,
    /// There is no such call here.
    NotEmulated,
    /// Something that does not add up, and was accepted all the same.
    Mismatch,
    /// A fault had its hand in it.
    Fault,
}

impl NoteKind {
    /// Its name in the control API.
    pub const fn name(self) -> &'static str {
        match self {
            NoteKind::Refusal => "refusal",
            NoteKind::UnknownField => "unknownField",
            NoteKind::BadInput => "badInput",
            NoteKind::NotEmulated => "notEmulated",
            NoteKind::Mismatch => "mismatch",
            NoteKind::Fault => "fault",
        }
    }
}

/// How sure it is that the original says no, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The vendor's page says so.
    Documented,
    /// Read off one of the vendor's examples.
    Example,
    /// The page is silent: our reading.
    Inferred,
}

impl Evidence {
    /// Its mark in the documents.
    pub const fn mark(self) -> &'static str {
        match self {
            Evidence::Documented => "D",
            Evidence::Example => "E",
            Evidence::Inferred => "I",
        }
    }
}

/// Something that a note tells beside its sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A text.
    Text(Cow<'static, str>),
    /// A whole number.
    Number(u64),
    /// A sum of points or of money.
    Amount(Amount),
    /// A moment.
    Time(Time),
    /// Nothing, where there could be something.
    Nothing,
}

impl From<&'static str> for Fact {
    fn from(text: &'static str) -> Fact {
        Fact::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Fact {
        Fact::Text(Cow::Owned(text))
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Fact {
        Fact::Number(number)
    }
}

impl From<Amount> for Fact {
    fn from(amount: Amount) -> Fact {
        Fact::Amount(amount)
    }
}

impl From<Time> for Fact {
    fn from(time: Time) -> Fact {
        Fact::Time(time)
    }
}

impl<F: Into<Fact>> From<Option<F>> for Fact {
    fn from(fact: Option<F>) -> Fact {
        fact.map_or(Fact::Nothing, Into::into)
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Fact::Text(text) => serializer.serialize_str(text),
            Fact::Number(number) => serializer.serialize_u64(*number),
            Fact::Amount(amount) => amount.serialize(serializer),
            Fact::Time(time) => time.serialize(serializer),
            Fact::Nothing => serializer.serialize_none(),
        }
    }
}

/// One thing that stend has to say about a call: `{"kind","text",…}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    kind: NoteKind,
    text: Cow<'static, str>,
    /// The name of the refusal, if it is one.
    refusal: Option<&'static str>,
    facts: Vec<(&'static str, Fact)>,
}

impl Note {
    /// A note of this kind.
    pub fn new(kind: NoteKind, text: impl Into<Cow<'static, str>>) -> Note {
        Note { kind, text: text.into(), refusal: None, facts: Vec::new() }
    }

    /// The programme says no: by the refusal's name, the rule that says so, and how sure that is. `text` tells of this
    /// call.
    pub fn refusal(
        name: &'static str,
        rule: &'static str,
        evidence: Evidence,
        text: impl Into<Cow<'static, str>>,
    ) -> Note {
        Note { refusal: Some(name), ..Note::new(NoteKind::Refusal, text) }
            .with("refusal", name)
            .with("rule", rule)
            .with("evidence", evidence.mark())
    }

    /// Something could not be read; `field` if it is one's fault.
    pub fn bad_input(field: Option<&'static str>, text: impl Into<Cow<'static, str>>) -> Note {
        let note = Note::new(NoteKind::BadInput, text);
        match field {
            Some(field) => note.with("field", field),
            None => note,
        }
    }

    /// The note with another sentence.
    #[must_use]
    pub fn saying(self, text: impl Into<Cow<'static, str>>) -> Note {
        Note { text: text.into(), ..self }
    }

    /// The note with something more to tell.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Note {
        self.facts.push((name, fact.into()));
        self
    }

    /// What it is about.
    pub fn kind(&self) -> NoteKind {
        self.kind
    }

    /// The name of the refusal that it tells of.
    pub fn refusal_name(&self) -> Option<&'static str> {
        self.refusal
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let text = |text: &Cow<'static, str>| if let Cow::Owned(text) = text { text.capacity() } else { 0 };
        let facts = self.facts.iter().map(|(_, fact)| match fact {
            Fact::Text(fact) => text(fact),
            Fact::Number(_) | Fact::Amount(_) | Fact::Time(_) | Fact::Nothing => 0,
        });
        size_of::<Note>()
            + text(&self.text)
            + self.facts.capacity() * size_of::<(&'static str, Fact)>()
            + facts.sum::<usize>()
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let head = [("kind", self.kind.name()), ("text", &self.text)].into_iter();
        let head = head.map(|(name, text)| (name, Fact::Text(Cow::Owned(text.to_owned()))));
        serializer.collect_map(head.chain(self.facts.iter().cloned()))
    }
}

/// What a call's answer is handed over with.
#[derive(Clone, Debug, Default)]
pub struct Notes(pub Vec<Note>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_a_flat_object() {
        let note =
            Note::refusal("holdOverLimit", "no more than is available", Evidence::Inferred, "too much")
                .with("limit", Amount::whole(378))
                .with("nearest", None::<String>);
        assert_eq!(
            serde_json::to_string(&note).unwrap(),
            r#"{"kind":"refusal","text":"too much","refusal":"holdOverLimit","rule":"no more than is available","evidence":"I","limit":378,"nearest":null}"#
        );
        assert_eq!(note.refusal_name(), Some("holdOverLimit"));
    }
}
