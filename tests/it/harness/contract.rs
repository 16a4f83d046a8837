//! Holds what was asked and answered against the documents of `contract/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

use super::Answer;
use super::caller::Asked;

/// Where i-bonus.me's uploads are served: a place that no contract promises.
const PICTURES: &str = "/ext/pictures/";

/// The documents, read once.
static CONTRACTS: LazyLock<Vec<Contract>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the contracts are in contract/")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| Contract::read(path)).collect()
});

/// One operation of a contract.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// In capitals.
    pub(crate) method: String,
    /// With its braces.
    pub(crate) path: String,
    /// Its `operationId`.
    pub(crate) name: String,
}

/// All operations of all contracts.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for contract in CONTRACTS.iter() {
        for (path, item) in contract.paths() {
            let operations = item.as_object().expect("a path item is an object").iter();
            for (method, operation) in operations.filter(|(key, _)| is_method(key)) {
                let name = operation["operationId"].as_str().expect("an operation has its name").to_owned();
                all.push(Operation { method: method.to_uppercase(), path: path.clone(), name });
            }
        }
    }
    all
}

/// The names of all refusals that the contracts tell of.
pub(crate) fn refusals() -> BTreeSet<String> {
    let items = CONTRACTS.iter().flat_map(|contract| contract.paths().values());
    let operations = items.flat_map(|item| item.as_object().expect("a path item is an object").values());
    let names = operations.filter_map(|operation| operation.get("x-refusals")?.as_array()).flatten();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Whether an operation can give this refusal, as the contracts have it.
pub(super) fn knows_refusal(name: &str, refusal: &str) -> bool {
    let items = CONTRACTS.iter().flat_map(|contract| contract.paths().values());
    let operations = items.flat_map(|item| item.as_object().expect("a path item is an object").values());
    let known = operations.filter(|operation| operation["operationId"] == name);
    known.filter_map(|operation| operation["x-refusals"].as_array()).flatten().any(|known| known == refusal)
}

/// Whether an exchange is as the contracts say; else what is not. `any_status` is for a server that was told to
/// fail: then the `default` of an operation counts, too.
pub(super) fn check(asked: &Asked, answer: &Answer, any_status: bool) -> Result<(), String> {
    let (path, head_only) = (without_sandbox(asked.path()), asked.method == "HEAD");
    // A browser's question before a page's request: a matter of HTTP, and of no contract.
    if asked.method == "OPTIONS" && asked.header("access-control-request-method").is_some() {
        let is_known = [204, 403, 405].contains(&answer.status);
        return is_known.then_some(()).ok_or_else(|| "no answer to a preflight".to_owned());
    }
    if answer.header("x-stend-error").is_some() {
        return own_problem(answer);
    }
    let Some(contract) = CONTRACTS.iter().find(|contract| contract.covers(path)) else {
        return outside(path, answer);
    };
    if path.starts_with(PICTURES) && answer.status == 200 {
        return Ok(());
    }
    // i-bonus.me's paths end in a slash, and are answered without it, too.
    let with_slash = format!("{path}/");
    let Some((template, item)) = contract.path_item(path).or_else(|| contract.path_item(&with_slash)) else {
        return contract.unmatched("path", 404, head_only, answer);
    };
    let method = asked.method.to_lowercase();
    let Some(operation) = item.get(&method).filter(|_| is_method(&method)) else {
        return contract.unmatched("method", 405, head_only, answer);
    };
    let place = format!("/paths/{}/{method}", escaped(template));
    let responses = operation["responses"].as_object().ok_or("the operation documents no answers")?;
    let status = match answer.status.to_string() {
        status if responses.contains_key(&status) => status,
        _ if any_status && responses.contains_key("default") => "default".to_owned(),
        status => {
            let known: Vec<_> = responses.keys().filter(|status| *status != "default").collect();
            return Err(format!("status {status} of {template} is not documented; documented are {known:?}"));
        }
    };
    let documented = contract.response(&format!("{place}/responses/{status}"), head_only, answer);
    match documented {
        // A status that the operation has by itself can come from a fault, too, in the shape of those.
        Err(complaint) if any_status && responses.contains_key("default") => contract
            .response(&format!("{place}/responses/default"), head_only, answer)
            .map_err(|_| complaint)?,
        documented => documented?,
    }
    if (200..300).contains(&answer.status) {
        contract.request(&place, operation, asked)?;
    }
    Ok(())
}

/// One document.
struct Contract {
    document: Value,
    /// The first segments of its paths: `/integration`.
    prefixes: Vec<String>,
    /// By the pointer of the schema.
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Contract {
    fn read(path: &Path) -> Contract {
        let text = std::fs::read_to_string(path).expect("the contract can be read");
        let document: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let paths = document["paths"].as_object().expect("a contract has paths").keys();
        let mut prefixes: Vec<String> = paths.map(|path| first_segment(path).to_owned()).collect();
        prefixes.sort();
        prefixes.dedup();
        Contract { document, prefixes, validators: Mutex::default() }
    }

    fn covers(&self, path: &str) -> bool {
        self.prefixes.iter().any(|prefix| first_segment(path) == prefix)
    }

    fn paths(&self) -> &serde_json::Map<String, Value> {
        self.document["paths"].as_object().expect("a contract has paths")
    }

    /// The template that a path fits, and what stands under it; one without braces goes first.
    fn path_item(&self, path: &str) -> Option<(&String, &Value)> {
        self.paths()
            .get_key_value(path)
            .or_else(|| self.paths().iter().find(|(template, _)| fits(template, path)))
    }

    /// What answers a path or a method that the contract does not know.
    fn unmatched(&self, what: &str, status: u16, head_only: bool, answer: &Answer) -> Result<(), String> {
        if answer.status != status {
            return Err(format!("the {what} is not in the contract, and the answer is not {status}"));
        }
        self.response(&format!("/x-unmatched/{what}"), head_only, answer)
    }

    fn response(&self, pointer: &str, head_only: bool, answer: &Answer) -> Result<(), String> {
        let (pointer, response) = self.resolve(pointer)?;
        let headers = response.get("headers").and_then(Value::as_object);
        for name in headers.into_iter().flat_map(serde_json::Map::keys) {
            let (pointer, header) = self.resolve(&format!("{pointer}/headers/{}", escaped(name)))?;
            match answer.header(name) {
                Some(value) => {
                    self.text(&format!("{pointer}/schema"), value, &format!("the header {name}"))?;
                }
                None if header["required"] == true => return Err(format!("the header {name} is missing")),
                None => {}
            }
        }
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            return if answer.body.is_empty() {
                Ok(())
            } else {
                Err("a body where none is documented".to_owned())
            };
        };
        let media_type = answer.header("content-type").unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !content.contains_key(essence) {
            let known: Vec<_> = content.keys().collect();
            return Err(format!("the Content-Type is {media_type:?}, and documented are {known:?}"));
        }
        if head_only {
            return if answer.body.is_empty() { Ok(()) } else { Err("HEAD has a body".to_owned()) };
        }
        if content[essence].get("schema").is_none() || !(essence.ends_with("json")) {
            return Ok(());
        }
        let body =
            serde_json::from_slice(&answer.body).map_err(|error| format!("the body is no JSON: {error}"))?;
        self.value(&format!("{pointer}/content/{}/schema", escaped(essence)), &body, "the body of the answer")
    }

    /// What got a success must have been good input by the contract, too.
    fn request(&self, place: &str, operation: &Value, asked: &Asked) -> Result<(), String> {
        let mut known = Vec::new();
        for index in 0..operation["parameters"].as_array().map_or(0, Vec::len) {
            let (_, parameter) = self.resolve(&format!("{place}/parameters/{index}"))?;
            known.extend(parameter["name"].as_str().filter(|_| parameter["in"] == "query"));
        }
        known.extend(self.credentials_in_query(operation));
        for pair in asked.query().split('&').filter(|pair| !pair.is_empty()) {
            let name = pair.split('=').next().unwrap_or_default();
            if !known.contains(&name) {
                return Err(format!("the parameter {name:?} was accepted, and documented are {known:?}"));
            }
        }
        let text = asked.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&asked.body);
        if operation.get("requestBody").is_none() || text.trim_ascii().is_empty() {
            return Ok(());
        }
        let (pointer, body) = self.resolve(&format!("{place}/requestBody"))?;
        if body["content"].get("application/json").is_none_or(|content| content.get("schema").is_none()) {
            return Ok(());
        }
        let value =
            serde_json::from_slice(text).map_err(|error| format!("what was accepted is no JSON: {error}"))?;
        let pointer = format!("{pointer}/content/application~1json/schema");
        self.value(&pointer, &value, "the body of the request, which was accepted,")
    }

    /// The credentials of an operation that stand in the query.
    fn credentials_in_query(&self, operation: &Value) -> Vec<&str> {
        let security = operation.get("security").or_else(|| self.document.get("security"));
        let names = security.and_then(Value::as_array).into_iter().flatten();
        let names = names.filter_map(Value::as_object).flat_map(serde_json::Map::keys);
        let schemes = names.map(|name| &self.document["components"]["securitySchemes"][name]);
        schemes
            .filter(|scheme| scheme["in"] == "query")
            .filter_map(|scheme| scheme["name"].as_str())
            .collect()
    }

    /// What a pointer leads to, references followed, and the pointer of that.
    fn resolve(&self, pointer: &str) -> Result<(String, &Value), String> {
        let mut pointer = pointer.to_owned();
        loop {
            let value =
                self.document.pointer(&pointer).ok_or_else(|| format!("the contract lacks {pointer}"))?;
            match value.get("$ref").and_then(Value::as_str) {
                Some(target) => target.trim_start_matches('#').clone_into(&mut pointer),
                None => return Ok((pointer, value)),
            }
        }
    }

    /// A header's text against a schema, which may be for a number.
    fn text(&self, pointer: &str, text: &str, what: &str) -> Result<(), String> {
        let value = Value::from(text);
        self.value(pointer, &value, what).or_else(|complaint| {
            let number = text.parse::<i64>().map_err(|_| complaint.clone())?;
            self.value(pointer, &Value::from(number), what).map_err(|_| complaint)
        })
    }

    fn value(&self, pointer: &str, value: &Value, what: &str) -> Result<(), String> {
        let validator = self.validator(pointer)?;
        let mut complaint = String::new();
        for error in validator.iter_errors(value) {
            write!(complaint, "\n  at {:?}: {error}", error.instance_path().as_str()).expect("a text grows");
        }
        if complaint.is_empty() { Ok(()) } else { Err(format!("{what} does not fit its schema:{complaint}")) }
    }

    fn validator(&self, pointer: &str) -> Result<Arc<Validator>, String> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(pointer) {
            return Ok(Arc::clone(validator));
        }
        // The schema with the whole document around it, so that its references are found.
        let mut schema = self.document.clone();
        let reference = pointer.replace('%', "%25").replace('{', "%7B").replace('}', "%7D");
        schema["$ref"] = Value::from(format!("#{reference}"));
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| format!("the contract's {pointer} is no schema: {error}"))?;
        Ok(Arc::clone(validators.entry(pointer.to_owned()).or_insert(Arc::new(validator))))
    }
}

/// An answer that stend marks as its own: a mistake in the set-up, which must not look like a vendor's.
fn own_problem(answer: &Answer) -> Result<(), String> {
    let control = CONTRACTS.iter().find(|contract| contract.covers("/_stend"));
    let control = control.ok_or("there is no contract for /_stend")?;
    if answer.header("content-type") != Some("application/problem+json") {
        return Err("an answer with X-Stend-Error is application/problem+json".to_owned());
    }
    let body =
        serde_json::from_slice(&answer.body).map_err(|error| format!("the body is no JSON: {error}"))?;
    control.value("/components/schemas/Problem", &body, "the body of the answer")
}

/// Beside the contracts there are the page at `/` and ProBonus's own pages, and nothing else.
fn outside(path: &str, answer: &Answer) -> Result<(), String> {
    match path {
        "/" | "/docs" | "/openapi.json" => Ok(()),
        _ if path.starts_with("/docs/") => Ok(()),
        _ => Err(format!("no contract has {path}, and the answer ({}) has no X-Stend-Error", answer.status)),
    }
}

fn without_sandbox(path: &str) -> &str {
    let rest = path.strip_prefix("/sandboxes/");
    rest.map_or(path, |rest| rest.find('/').map_or("/", |slash| &rest[slash..]))
}

fn first_segment(path: &str) -> &str {
    let end = path.char_indices().skip(1).find(|(_, letter)| *letter == '/');
    end.map_or(path, |(end, _)| &path[..end])
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

fn is_method(key: &str) -> bool {
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"].contains(&key)
}

/// A key as a part of a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, target: &str, body: &str) -> Asked {
        Asked { method: method.into(), target: target.into(), headers: Vec::new(), body: body.into() }
    }

    fn answer(status: u16, media_type: &str, body: &str) -> Answer {
        let headers =
            [("content-type", media_type), ("x-stend-sandbox", "default"), ("x-stend-request", "1")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Answer { status, headers: headers.into(), body: body.into(), asked: String::new() }
    }

    /// The answer with the number that a control call has.
    fn control(mut answer: Answer) -> Answer {
        answer.headers.retain(|(name, _)| name != "x-stend-request");
        answer.headers.push(("x-stend-request".to_owned(), "c1".to_owned()));
        answer
    }

    const RELEASE: &str = "/integration/general/bonuses/release";

    #[test]
    fn an_exchange_as_documented_passes() {
        let good = answer(200, "application/json", r#"{"success":true}"#);
        for target in [RELEASE, "/sandboxes/ci-7/integration/general/bonuses/release"] {
            assert_eq!(check(&asked("POST", target, r#"{"id":"x"}"#), &good, false), Ok(()));
        }
    }

    #[test]
    fn what_is_not_documented_does_not_pass() {
        let release = || asked("POST", RELEASE, r#"{"id":"x"}"#);
        let json = "application/json";
        for (asked, answer, complaint) in [
            (release(), answer(200, json, r#"{"success":false}"#), "does not fit"),
            (release(), answer(200, json, r#"{"success":true,"more":1}"#), "does not fit"),
            (release(), answer(200, json, "nothing"), "no JSON"),
            (release(), answer(200, "text/plain", r#"{"success":true}"#), "Content-Type"),
            (release(), answer(418, json, "{}"), "status 418"),
            (asked("POST", RELEASE, r#"{"id":5}"#), answer(200, json, r#"{"success":true}"#), "was accepted"),
            (asked("GET", RELEASE, ""), answer(200, json, r#"{"success":true}"#), "method is not in"),
            (asked("POST", "/integration/x", ""), answer(200, json, "{}"), "path is not in"),
            (asked("GET", "/elsewhere", ""), answer(404, json, "{}"), "no X-Stend-Error"),
            (
                asked("GET", "/_stend/accounts?colour=red", ""),
                control(answer(200, json, r#"{"accounts":[],"total":0}"#)),
                "colour",
            ),
        ] {
            let found = check(&asked, &answer, false).expect_err(complaint);
            assert!(found.contains(complaint), "{found}");
        }
    }

    #[test]
    fn an_answer_without_its_headers_does_not_pass() {
        let bare = Answer {
            headers: vec![("content-type".into(), "application/json".into())],
            ..answer(200, "", r#"{"success":true}"#)
        };
        let found = check(&asked("POST", RELEASE, r#"{"id":"x"}"#), &bare, false).unwrap_err();
        assert!(found.contains("header X-Stend-"), "{found}");
    }
}
