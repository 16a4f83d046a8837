//! Swagger UI, served from inside the binary: no address outside is asked for anything.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ContentType, X_FRAME_OPTIONS};
use actix_web::web::Bytes;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// The files that a page needs, with their types.
const FILES: [(&str, &str); 4] = [
    ("swagger-ui.css", "text/css; charset=utf-8"),
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    ("swagger-ui-standalone-preset.js", "text/javascript; charset=utf-8"),
    ("favicon-32x32.png", "image/png"),
];

/// A page that shows documents, the first of them at the start.
///
/// `files` is the folder of Swagger UI's files, `documents` are names and addresses; all of them are relative to
/// the page, so that a page in a sandbox stays in it. Who is logged in is not kept: a browser would keep it for the pages
/// of all sandboxes.
pub(super) fn page(title: &str, files: &str, documents: &[(&str, &str)]) -> HttpResponse {
    let urls: Vec<_> =
        documents.iter().map(|(name, url)| serde_json::json!({"name": name, "url": url})).collect();
    let urls = serde_json::Value::from(urls);
    let mut response = HttpResponse::Ok();
    // No other page may show it as if it were its own.
    response.content_type(ContentType::html()).insert_header((X_FRAME_OPTIONS, "DENY")).body(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"{files}/favicon-32x32.png\">\
         <link rel=\"stylesheet\" href=\"{files}/swagger-ui.css\">\
         <body><div id=\"swagger-ui\"></div>\
         <script src=\"{files}/swagger-ui-bundle.js\"></script>\
         <script src=\"{files}/swagger-ui-standalone-preset.js\"></script>\
         <script>window.ui = SwaggerUIBundle({{urls: {urls}, dom_id: \"#swagger-ui\", deepLinking: true, \
         presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: \"StandaloneLayout\", \
         validatorUrl: null}})</script>"
    ))
}

/// One of Swagger UI's files.
pub(super) fn file(name: &str) -> Option<HttpResponse> {
    static UNPACKED: OnceLock<BTreeMap<&str, Bytes>> = OnceLock::new();
    let (_, media_type) = FILES.iter().find(|(known, _)| *known == name)?;
    let file = UNPACKED.get_or_init(unpack).get(name)?.clone();
    let mut response = HttpResponse::Ok();
    Some(response.content_type(*media_type).insert_header((CACHE_CONTROL, "max-age=3600")).body(file))
}

fn unpack() -> BTreeMap<&'static str, Bytes> {
    let mut archive =
        ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).expect("the archive is part of the binary");
    let paths: Vec<String> = archive.file_names().flatten().map(Cow::into_owned).collect();
    let mut files = BTreeMap::new();
    for (name, _) in FILES {
        // At the top there is one folder, named after the version.
        let path = paths.iter().find(|path| {
            path.split_once('/')
                .and_then(|(_, path)| path.strip_prefix("dist/"))
                .is_some_and(|file| file == name)
        });
        let mut file = archive.by_name(path.expect("the archive has this file")).expect("it was listed");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("the archive is whole");
        files.insert(name, Bytes::from(bytes));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_the_archive() {
        for (name, _) in FILES {
            assert!(file(name).is_some(), "{name}");
        }
        assert!(file("index.html").is_none());
    }
}
