//! The pictures that were uploaded, served without credentials at a path of our own \[I: the original's is not known\].

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::Bytes;

use super::ask::{Answer, Ask};
use super::error::Failure;

/// Where pictures are to be had.
const FOLDER: &str = "/ext/pictures/";

/// The name of the picture that this path is of.
pub(super) fn name_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix(FOLDER)?;
    let name = name.strip_suffix('/').unwrap_or(name);
    Some(name).filter(|name| !name.is_empty() && !name.contains('/'))
}

/// The path of a picture.
pub(super) fn path_of(name: &str) -> String {
    format!("{FOLDER}{name}/")
}

pub(super) fn get(ask: &Ask<'_>) -> Answer {
    let name = ask.id;
    let image = ask.run(|books, _| {
        let image = books.image(name).cloned();
        image.ok_or_else(|| Failure::Other(StatusCode::NOT_FOUND, format!("Picture {name} is not found.")))
    })?;
    let content_type = HeaderValue::from_str(&image.content_type);
    let mut response =
        HttpResponse::with_body(StatusCode::OK, BoxBody::new(Bytes::copy_from_slice(&image.bytes)));
    let headers = response.headers_mut();
    headers
        .insert(CONTENT_TYPE, content_type.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    // Whatever was uploaded, it gets no hold of the controls that are served from the same place.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
