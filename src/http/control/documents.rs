//! The contract documents, and Swagger UI over all of them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::Path;

use crate::http::problem::Problem;
use crate::http::swagger;

/// ProBonus's document, which has a page of its own, too.
pub(in crate::http) const PROBONUS: &str = include_str!("../../../contract/probonus.json");

/// The documents, by name: what each is of, and its text.
const DOCUMENTS: [(&str, &str, &str); 4] = [
    ("loyalclient", "LoyalClient", include_str!("../../../contract/loyalclient.json")),
    ("ibonus", "i-bonus.me", include_str!("../../../contract/ibonus.json")),
    ("probonus", "ProBonus", PROBONUS),
    ("control", "stend's own controls", include_str!("../../../contract/control.json")),
];

/// A contract document.
pub(super) async fn document(name: Path<String>) -> Result<HttpResponse, Problem> {
    let found = DOCUMENTS.iter().find(|(known, _, _)| name.strip_suffix(".json") == Some(known));
    let Some((_, _, text)) = found else {
        let known = DOCUMENTS.map(|(name, _, _)| format!("{name}.json")).join(", ");
        let detail = format!("there is no document {:?}: known here: {known}", name.as_str());
        return Err(Problem::new(StatusCode::NOT_FOUND, detail));
    };
    // Calls from the page go to where the document came from: into the same sandbox, if its address names one.
    let text = text.replacen("\"url\": \"/\"", "\"url\": \"../../\"", 1);
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(text))
}

/// The page.
pub(super) async fn page() -> HttpResponse {
    let urls = DOCUMENTS.map(|(name, title, _)| (title, format!("openapi/{name}.json")));
    let urls: Vec<(&str, &str)> = urls.iter().map(|(title, url)| (*title, url.as_str())).collect();
    swagger::page("stend", "docs", &urls)
}

/// What the page is made of.
pub(super) async fn page_file(name: Path<String>) -> Result<HttpResponse, Problem> {
    swagger::file(&name).ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, format!("there is no file {:?} of Swagger UI", name.as_str()))
    })
}
