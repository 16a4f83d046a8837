//! Makes the journal's entries from real requests and answers, and counts these. On the way of every emulated call: what
//! was received and sent is copied, and looked at only when somebody reads.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;

use super::disrupt::Faulted;
use super::meter::Meter;
use super::operations::Operation;
use crate::loyalty::Programme;
use crate::sandbox::Sandbox;
use crate::sandbox::journal::entry::{Called, Entry, FaultDone};
use crate::sandbox::journal::note::{Note, Notes};
use crate::sandbox::journal::{Draft, Outcome};

/// A call that is being worked on, as the journal will know it.
pub(super) struct Record {
    draft: Draft,
    api: Option<Programme>,
    is_head: bool,
    /// The operation, once it is known.
    pub(super) operation: Option<&'static Operation>,
}

/// An answer's body, taken out for a look.
enum Peeked {
    Empty(BoxBody),
    Whole(Bytes),
    /// It cannot be looked at before it is sent.
    Unknown(BoxBody, Option<u64>),
}

impl Record {
    /// A call is there; without a body if that could not be read.
    pub(super) fn begin(
        sandbox: &Sandbox,
        api: Option<Programme>,
        request: &ServiceRequest,
        body: Option<&Bytes>,
    ) -> Record {
        let draft = sandbox.journal().begin(|entry| {
            entry.asked(request.method().as_str(), request.uri().path(), request.query_string());
            copy_headers(request.headers(), entry);
            entry.request_body(body.unwrap_or(&Bytes::new()));
        });
        Record { draft, api, is_head: *request.method() == Method::HEAD, operation: None }
    }

    /// The call is answered, and can be seen in the journal from now on. Answers its number there.
    pub(super) fn end(
        self,
        sandbox: &Sandbox,
        meter: &Meter,
        mut response: HttpResponse,
    ) -> (HttpResponse, u64) {
        let Record { draft, api, is_head, operation } = self;
        let notes: Option<Notes> = response.extensions_mut().remove();
        let fault = response.extensions().get::<Faulted>().map(fault_done);
        let at = match (operation, &fault) {
            // Whoever does the operation looks at the clock for it.
            (Some(_), None) => sandbox.shown(),
            _ => sandbox.run(|_, now| now),
        };
        let status = response.status();
        let called = Called { api, operation: operation.map(|operation| (operation.name, operation.number)) };
        let notes = notes.map(|notes| notes.0).unwrap_or_default();
        let outcome = Outcome { at, called, status: status.as_u16(), notes, fault };
        let (response, body) = response.into_parts();
        let body = if is_head { Peeked::Empty(body) } else { peek(body) };
        let put = sandbox.journal().put(draft, outcome, |entry| {
            copy_headers(response.headers(), entry);
            match &body {
                Peeked::Empty(_) => entry.answer_body(&Bytes::new()),
                Peeked::Whole(bytes) => entry.answer_body(bytes),
                Peeked::Unknown(_, length) => entry.answer_body_unknown(*length),
            }
        });
        meter.count(api, operation, status, put.took);
        let body = match body {
            Peeked::Empty(body) | Peeked::Unknown(body, _) => body,
            Peeked::Whole(bytes) => BoxBody::new(bytes),
        };
        (response.set_body(body), put.id)
    }
}

/// Leaves a note for the journal on an answer.
pub(super) fn noted(mut response: HttpResponse, note: Note) -> HttpResponse {
    let mut extensions = response.extensions_mut();
    match extensions.get_mut::<Notes>() {
        Some(notes) => notes.0.push(note),
        None => {
            extensions.insert(Notes(vec![note]));
        }
    }
    drop(extensions);
    response
}

/// Leaves a note that something could not be read.
pub(super) fn noted_bad_input(response: HttpResponse, text: impl Into<Cow<'static, str>>) -> HttpResponse {
    noted(response, Note::bad_input(None, text))
}

fn copy_headers(headers: &HeaderMap, entry: &mut Entry) {
    for (name, value) in headers {
        entry.header(name.as_str(), value.as_bytes());
    }
}

fn fault_done(faulted: &Faulted) -> FaultDone {
    FaultDone {
        id: faulted.id.map(|id| id.to_string().into()),
        text: faulted.text.as_str().into(),
        answered: faulted.answered,
    }
}

fn peek(body: BoxBody) -> Peeked {
    match body.size() {
        BodySize::None | BodySize::Sized(0) => Peeked::Empty(body),
        BodySize::Stream => Peeked::Unknown(body, None),
        BodySize::Sized(length) => match body.try_into_bytes() {
            Ok(bytes) => Peeked::Whole(bytes),
            Err(body) => Peeked::Unknown(body, Some(length)),
        },
    }
}
