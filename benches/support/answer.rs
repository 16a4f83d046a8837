//! As much of HTTP as a load needs: where an answer ends, its status, its body.

use std::io;

/// What an answer begins with, for as many bytes as its status takes.
const STATUS_AT: std::ops::Range<usize> = 9..12;

/// A whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// Where its body begins.
    pub(crate) body_at: usize,
    /// How long its body is, as it came: with its chunks' frames, if it came in chunks.
    pub(crate) length: usize,
}

impl Answer {
    /// The answer at the start of these bytes, once it is there as a whole.
    pub(crate) fn read(bytes: &[u8]) -> io::Result<Option<Answer>> {
        let Some(body_at) = find(bytes, b"\r\n\r\n").map(|at| at + 4) else {
            return Ok(None);
        };
        let bad = || io::Error::other(format!("not an answer: {}", text(bytes)));
        let head = std::str::from_utf8(&bytes[..body_at]).map_err(|_| bad())?;
        let status = head.get(STATUS_AT).and_then(|status| status.parse().ok()).ok_or_else(bad)?;
        let body = &bytes[body_at..];
        let length = if status == 204 || status == 304 {
            Some(0)
        } else if let Some(length) = header(head, "content-length") {
            let length: usize = length.parse().map_err(|_| bad())?;
            (body.len() >= length).then_some(length)
        } else if header(head, "transfer-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
        {
            chunks(body).ok_or_else(bad)?
        } else {
            return Err(io::Error::other(format!("an answer without a length: {}", text(bytes))));
        };
        Ok(length.map(|length| Answer { status, body_at, length }))
    }

    /// Its body, if it came as a whole and not in chunks.
    pub(crate) fn body(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.body_at..self.body_at + self.length]
    }
}

/// The value of a header line.
fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (given, value) = line.split_once(':')?;
        given.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// How long a body in chunks is; the inner `None` as long as its last chunk is not there, the outer one if it is
/// none. No server here sends trailers.
#[expect(clippy::option_option, reason = "what is no body, and what is no whole one")]
fn chunks(body: &[u8]) -> Option<Option<usize>> {
    let mut at = 0;
    loop {
        let Some(end) = find(&body[at..], b"\r\n") else {
            return Some(None);
        };
        let size = std::str::from_utf8(&body[at..at + end]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        at += end + 2 + size + 2;
        if body.len() < at {
            return Some(None);
        }
        if size == 0 {
            return Some(Some(at));
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Bytes for people.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
