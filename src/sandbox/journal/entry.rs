//! One call and its answer, as they were received and sent. Nothing is parsed, decoded or formatted before somebody
//! reads; what is short is copied into one buffer, which the next entry uses again.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use super::note::Note;
use crate::loyalty::Programme;
use crate::loyalty::time::Time;

/// Bodies up to this size are copied: a shared one keeps the whole buffer alive that it was read into.
const COPY_MAX: usize = 4 << 10;

/// The largest body that is kept, in bytes. Of a larger one the entry tells only how large it was.
pub const BODY_KEPT_MAX: usize = 4 << 20;

/// How much room for the copies an entry begins with: most need no more.
const ROOM: usize = 1 << 10;

/// A buffer that has grown beyond this is not used again.
const ROOM_AGAIN_MAX: usize = 16 << 10;

/// The operation that was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    /// The API; none outside of all.
    pub api: Option<Programme>,
    /// The operation's name, and its place among all; none if there is no such call.
    pub operation: Option<(&'static str, u16)>,
}

/// What a fault has done to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultDone {
    /// The id of the rule; none if the request asked for it.
    pub id: Option<Box<str>>,
    /// What it does, in words.
    pub text: Box<str>,
    /// Whether the client gets an answer.
    pub answered: bool,
}

/// A body that is not in the buffer.
#[derive(Debug, Default)]
enum Large {
    /// It is in the buffer, or there is none.
    #[default]
    No,
    /// The buffer it was received in, or is sent from.
    Shared(Bytes),
    /// It is not kept: so many bytes, if that is known.
    Omitted(Option<u64>),
}

/// A body as it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body<'e> {
    /// All of it.
    Whole(&'e [u8]),
    /// It was too large, or is not known: so many bytes, if that is known.
    Omitted(Option<u64>),
}

/// Where each part of the buffer ends.
#[derive(Debug, Default)]
struct Ends {
    method: usize,
    path: usize,
    query: usize,
    request_headers: usize,
    request_body: usize,
    answer_headers: usize,
    answer_body: usize,
}

/// One call and its answer.
#[derive(Debug)]
pub struct Entry {
    /// The sandbox's clock.
    pub(super) at: Time,
    /// Real time.
    pub(super) took: Duration,
    pub(super) called: Called,
    pub(super) status: u16,
    pub(super) notes: Vec<Note>,
    pub(super) fault: Option<FaultDone>,
    text: Vec<u8>,
    ends: Ends,
    request_large: Large,
    answer_large: Large,
}

impl Default for Entry {
    fn default() -> Entry {
        Entry {
            at: Time::MIN,
            took: Duration::ZERO,
            called: Called { api: None, operation: None },
            status: 0,
            notes: Vec::new(),
            fault: None,
            text: Vec::with_capacity(ROOM),
            ends: Ends::default(),
            request_large: Large::No,
            answer_large: Large::No,
        }
    }
}

impl Entry {
    /// Whether its buffer is worth being used again.
    pub(super) fn is_reusable(&self) -> bool {
        self.text.capacity() <= ROOM_AGAIN_MAX
    }

    /// Forgets everything but the buffer.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.notes.clear();
        self.fault = None;
        self.ends = Ends::default();
        self.request_large = Large::No;
        self.answer_large = Large::No;
    }

    /// Keeps what was asked; its headers and its body follow.
    pub fn asked(&mut self, method: &str, path: &str, query: &str) {
        self.text.extend_from_slice(method.as_bytes());
        self.ends.method = self.text.len();
        self.text.extend_from_slice(path.as_bytes());
        self.ends.path = self.text.len();
        self.text.extend_from_slice(query.as_bytes());
        self.ends.query = self.text.len();
    }

    /// Keeps a header: of the request before its body, of the answer before its own.
    pub fn header(&mut self, name: &str, value: &[u8]) {
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_ne_bytes();
        self.text.extend_from_slice(&length(name.len()));
        self.text.extend_from_slice(&length(value.len()));
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(value);
    }

    /// Keeps the body of the request.
    pub fn request_body(&mut self, body: &Bytes) {
        self.ends.request_headers = self.text.len();
        self.request_large = keep(&mut self.text, body);
        self.ends.request_body = self.text.len();
    }

    /// Keeps the body of the answer.
    pub fn answer_body(&mut self, body: &Bytes) {
        self.ends.answer_headers = self.text.len();
        self.answer_large = keep(&mut self.text, body);
        self.ends.answer_body = self.text.len();
    }

    /// Keeps that the answer has a body which is not known.
    pub fn answer_body_unknown(&mut self, bytes: Option<u64>) {
        self.ends.answer_headers = self.text.len();
        self.answer_large = Large::Omitted(bytes);
        self.ends.answer_body = self.text.len();
    }

    /// How much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let large = |large: &Large| if let Large::Shared(body) = large { body.len() } else { 0 };
        size_of::<Entry>()
            + self.text.capacity()
            + large(&self.request_large)
            + large(&self.answer_large)
            + self.notes.iter().map(Note::bytes).sum::<usize>()
            + self.fault.as_ref().map_or(0, |fault| fault.text.len())
    }

    pub(super) fn method(&self) -> &str {
        self.str(0..self.ends.method)
    }

    pub(super) fn path(&self) -> &str {
        self.str(self.ends.method..self.ends.path)
    }

    pub(super) fn query(&self) -> &str {
        self.str(self.ends.path..self.ends.query)
    }

    pub(super) fn request_headers(&self) -> Headers<'_> {
        Headers(&self.text[self.ends.query..self.ends.request_headers])
    }

    pub(super) fn answer_headers(&self) -> Headers<'_> {
        Headers(&self.text[self.ends.request_body..self.ends.answer_headers])
    }

    pub(super) fn body_of_request(&self) -> Body<'_> {
        body(&self.text[self.ends.request_headers..self.ends.request_body], &self.request_large)
    }

    pub(super) fn body_of_answer(&self) -> Body<'_> {
        body(&self.text[self.ends.answer_headers..self.ends.answer_body], &self.answer_large)
    }

    /// Whether the client got an answer.
    pub(super) fn is_answered(&self) -> bool {
        self.fault.as_ref().is_none_or(|fault| fault.answered)
    }

    /// What was a text when it came.
    fn str(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(&self.text[range]).expect("it was copied from a text")
    }
}

fn keep(text: &mut Vec<u8>, body: &Bytes) -> Large {
    match body.len() {
        0..=COPY_MAX => {
            text.extend_from_slice(body);
            Large::No
        }
        length if length > BODY_KEPT_MAX => Large::Omitted(u64::try_from(length).ok()),
        _ => Large::Shared(body.clone()),
    }
}

fn body<'e>(copied: &'e [u8], large: &'e Large) -> Body<'e> {
    match large {
        Large::No => Body::Whole(copied),
        Large::Shared(body) => Body::Whole(body),
        Large::Omitted(bytes) => Body::Omitted(*bytes),
    }
}

/// The headers of a request or of an answer, in the order they were kept.
pub(super) struct Headers<'e>(&'e [u8]);

impl<'e> Iterator for Headers<'e> {
    type Item = (&'e str, &'e [u8]);

    fn next(&mut self) -> Option<(&'e str, &'e [u8])> {
        let (name_length, rest) = self.0.split_first_chunk()?;
        let (value_length, rest) = rest.split_first_chunk()?;
        let length = |bytes: &[u8; 4]| usize::try_from(u32::from_ne_bytes(*bytes)).unwrap_or(usize::MAX);
        let (name, rest) = rest.split_at_checked(length(name_length))?;
        let (value, rest) = rest.split_at_checked(length(value_length))?;
        self.0 = rest;
        Some((std::str::from_utf8(name).expect("a header's name is ASCII"), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(request: &'static [u8], answer: &'static [u8]) -> Entry {
        let mut entry = Entry::default();
        entry.asked("POST", "/a", "b=c");
        entry.header("host", b"localhost");
        entry.header("x-empty", b"");
        entry.request_body(&Bytes::from_static(request));
        entry.header("content-type", b"text/plain");
        entry.answer_body(&Bytes::from_static(answer));
        entry
    }

    #[test]
    fn every_part_is_found_again() {
        let mut kept = entry(b"ask", b"told");
        for _ in 0..2 {
            assert_eq!((kept.method(), kept.path(), kept.query()), ("POST", "/a", "b=c"));
            let headers: Vec<_> = kept.request_headers().collect();
            assert_eq!(headers, [("host", &b"localhost"[..]), ("x-empty", b"")]);
            assert_eq!(kept.answer_headers().collect::<Vec<_>>(), [("content-type", &b"text/plain"[..])]);
            assert_eq!(kept.body_of_request(), Body::Whole(b"ask"));
            assert_eq!(kept.body_of_answer(), Body::Whole(b"told"));
            kept.clear();
            kept.asked("POST", "/a", "b=c");
            kept.header("host", b"localhost");
            kept.header("x-empty", b"");
            kept.request_body(&Bytes::from_static(b"ask"));
            kept.header("content-type", b"text/plain");
            kept.answer_body(&Bytes::from_static(b"told"));
        }
    }

    #[test]
    fn short_bodies_are_copied_long_ones_shared_and_very_long_ones_left_out() {
        static SHORT: [u8; COPY_MAX] = [b'a'; COPY_MAX];
        static LONG: [u8; COPY_MAX + 1] = [b'a'; COPY_MAX + 1];
        static VERY_LONG: [u8; BODY_KEPT_MAX + 1] = [b'a'; BODY_KEPT_MAX + 1];
        let (short, long, very_long) = (entry(&SHORT, b""), entry(&LONG, b""), entry(b"", &VERY_LONG));
        assert_eq!(short.body_of_request(), Body::Whole(&SHORT));
        let Body::Whole(shared) = long.body_of_request() else { panic!("it is kept") };
        assert_eq!(shared.as_ptr(), LONG.as_ptr());
        assert_eq!(very_long.body_of_answer(), Body::Omitted(Some(BODY_KEPT_MAX as u64 + 1)));
        assert!(short.bytes() > COPY_MAX && long.bytes() > COPY_MAX && very_long.bytes() < 4 * ROOM);
        assert!(long.bytes() < 2 * ROOM + COPY_MAX);
    }
}
