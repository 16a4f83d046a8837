//! Reads an upload: one part of a multipart form.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut};
use futures_util::{FutureExt, StreamExt, stream};

use super::error::Failure;
use crate::loyalty::ibonus::image::Upload;

/// A part without a type of its own \[I\].
const TYPE_DEFAULT: &str = "application/octet-stream";

/// The part of this name. The body is here already: nothing is waited for.
pub(super) fn part(request: &HttpRequest, body: &Bytes, name: &str) -> Result<Upload, Failure> {
    let reading = read(request, body, name).now_or_never();
    reading.unwrap_or_else(|| Err(Failure::BadInput("The body ends in the middle of a part.".to_owned())))
}

async fn read(request: &HttpRequest, body: &Bytes, name: &str) -> Result<Upload, Failure> {
    let body = stream::iter([Ok::<_, PayloadError>(body.clone())]);
    let mut form = Multipart::new(request.headers(), body);
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|error| unreadable(&error))?;
        if field.name() != Some(name) {
            continue;
        }
        let content_type = field.content_type().map_or(TYPE_DEFAULT, |media_type| media_type.as_ref()).into();
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.next().await {
            bytes.extend_from_slice(&chunk.map_err(|error| unreadable(&error))?);
        }
        return Ok(Upload { content_type, bytes: bytes.as_ref().into() });
    }
    Err(Failure::BadInput(format!("The part {name:?} is missing.")))
}

fn unreadable(error: &impl std::fmt::Display) -> Failure {
    Failure::BadInput(format!("The body cannot be read as multipart/form-data: {error}."))
}
