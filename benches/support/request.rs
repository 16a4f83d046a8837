//! Requests as they are sent: all their bytes are made beforehand, but for an id or a number in some.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fixture::{API_KEY, MERCHANT};

/// Where the id of the answer before goes.
pub(crate) const ID: &str = "........................";

/// Where a number goes that no other request has.
pub(crate) const SERIAL: &str = "############";

/// The numbers given out, over all rounds.
static SERIALS: AtomicU64 = AtomicU64::new(0);

/// A request as it is sent.
#[derive(Clone)]
pub(crate) struct Request {
    /// Head and body.
    pub(crate) bytes: Vec<u8>,
    id_at: Option<usize>,
    serial_at: Option<usize>,
    /// Whether its answer holds a number that grows, and so grows itself now and then.
    pub(crate) grows: bool,
}

impl Request {
    /// A request with these lines in its head.
    pub(crate) fn new(method: &str, path: &str, headers: &str, body: Option<&str>) -> Request {
        let about_body = body.map_or(String::new(), |body| {
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
        });
        let body = body.unwrap_or_default();
        let text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{about_body}\r\n{body}");
        let (id_at, serial_at) = (text.find(ID), text.find(SERIAL));
        Request { bytes: text.into_bytes(), id_at, serial_at, grows: false }
    }

    /// A call of LoyalClient, by its path below `/integration/general`.
    pub(crate) fn loyalclient(call: &str, body: &str) -> Request {
        let headers = format!("apikey: {API_KEY}\r\n");
        Request::new("POST", &format!("/integration/general/{call}"), &headers, Some(body))
    }

    /// A call of i-bonus.me, by its path below `/ext/api/v1`.
    pub(crate) fn ibonus(method: &str, path: &str, body: Option<&str>) -> Request {
        let headers = format!("Authorization: Basic {}\r\n", STANDARD.encode(MERCHANT));
        Request::new(method, &format!("/ext/api/v1/{path}"), &headers, body)
    }

    /// A call of ProBonus, by its path below `/api/v0`.
    pub(crate) fn probonus(call: &str, body: &str) -> Request {
        let headers = format!("X-API-Key: {API_KEY}\r\n");
        Request::new("POST", &format!("/api/v0/{call}"), &headers, Some(body))
    }

    /// The same, whose answer holds a number that grows.
    pub(crate) fn with_a_growing_answer(self) -> Request {
        Request { grows: true, ..self }
    }

    /// Whether it needs the id of the answer before.
    pub(crate) fn wants_id(&self) -> bool {
        self.id_at.is_some()
    }

    /// Puts the id of the answer before in.
    pub(crate) fn set_id(&mut self, id: &[u8]) {
        if let Some(at) = self.id_at {
            self.bytes[at..at + ID.len()].copy_from_slice(id);
        }
    }

    /// Puts a new number in.
    pub(crate) fn set_serial(&mut self) {
        let Some(at) = self.serial_at else {
            return;
        };
        let mut number = SERIALS.fetch_add(1, Ordering::Relaxed);
        for digit in self.bytes[at..at + SERIAL.len()].iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }
}
