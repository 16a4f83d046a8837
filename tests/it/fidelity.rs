//! The tables of `docs/fidelity.md` that say, call by call, what is exact and what is inferred: they are made from the
//! contract documents, so that such a fact stands in one place. `UPDATE=1 cargo test` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What stands before a table in the document, followed by its contract's path.
const OPENING: &str = "<!-- made from ";

/// What stands behind it.
const CLOSING: &str = "<!-- until here -->";

#[test]
fn the_tables_of_the_fidelity_document_are_those_of_the_contracts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = root.join("docs/fidelity.md");
    let text = std::fs::read_to_string(&document).expect("the document is there");
    let (mut made, mut left) = (String::new(), text.as_str());
    let mut contracts = Vec::new();
    while let Some((before, behind)) = left.split_once(OPENING) {
        let (contract, behind) = behind.split_once(" -->").expect("the comment names a contract");
        let (_, behind) = behind.split_once(CLOSING).expect("the table has an end");
        contracts.push(contract.to_owned());
        let table = table(&root.join(contract));
        write!(made, "{before}{OPENING}{contract} -->\n\n{table}\n{CLOSING}").expect("a text grows");
        left = behind;
    }
    made.push_str(left);
    assert_eq!(
        contracts,
        emulated(root),
        "every emulated API has its table, in the order of the contracts' names"
    );
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&document, made).expect("the document is writable");
        return;
    }
    let differing = text.lines().zip(made.lines()).find(|(one, other)| one != other);
    assert!(text == made, "UPDATE=1 cargo test writes it anew; the first line that differs: {differing:#?}");
}

/// The contracts of the emulated APIs.
fn emulated(root: &Path) -> Vec<String> {
    let folder = std::fs::read_dir(root.join("contract")).expect("the contracts are there");
    let mut names: Vec<String> = folder
        .map(|file| file.expect("the folder is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter_map(|path| path.file_name()?.to_str().map(|name| format!("contract/{name}")))
        .filter(|name| name != "contract/control.json")
        .collect();
    // As in the document: LoyalClient is the first that was there.
    names.sort_by_key(|name| (name != "contract/loyalclient.json", name.clone()));
    names
}

/// The table of one contract.
fn table(path: &PathBuf) -> String {
    let text = std::fs::read_to_string(path).expect("the contract is there");
    let contract: Value = serde_json::from_str(&text).expect("the contract is JSON");
    let mut rows: Vec<Row> = Vec::new();
    for (path, item) in contract["paths"].as_object().expect("it has paths") {
        for method in ["get", "post", "put", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let name = operation["operationId"].as_str().expect("an operation has its name");
            let name = name.trim_end_matches(".post").to_owned();
            let call = format!("`{} {path}`", method.to_uppercase());
            // GET and POST of one path are one operation.
            if let Some(row) = rows.iter_mut().find(|row| row.name == name) {
                row.calls.push(call);
                continue;
            }
            let mut row = Row { name, calls: vec![call], ..Row::default() };
            mark(operation).unwrap_or("I").clone_into(&mut row.mark);
            row.note("the call", operation);
            let mut reading = Reading { contract: &contract, row: &mut row };
            reading.operation(operation);
            rows.push(row);
        }
    }
    let mut table =
        "| operation | call | evidence | exact | inferred, and why | rules |\n| --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    for row in rows {
        writeln!(table, "{}", row.line()).expect("a text grows");
    }
    table
}

/// One operation.
#[derive(Default)]
struct Row {
    name: String,
    calls: Vec<String>,
    mark: String,
    /// The names of fields that are documented or shown, by their mark.
    exact: BTreeMap<String, Vec<String>>,
    /// Reasons, in the order they are found, each with what it is about.
    inferred: Vec<(String, Vec<String>)>,
    rules: Vec<String>,
}

impl Row {
    /// Takes the evidence of one thing.
    fn note(&mut self, what: &str, thing: &Value) {
        let evidence = &thing["x-evidence"];
        if let Some(rule) = evidence["rule"].as_str() {
            let rule = format!("`{rule}`");
            if !self.rules.contains(&rule) {
                self.rules.push(rule);
            }
        }
        let Some(why) = evidence["why"].as_str() else { return };
        let known = self.inferred.iter().position(|(reason, _)| reason == why);
        let place = known.unwrap_or_else(|| {
            self.inferred.push((why.to_owned(), Vec::new()));
            self.inferred.len() - 1
        });
        let about = &mut self.inferred[place].1;
        if !about.iter().any(|known| known == what) {
            about.push(what.to_owned());
        }
    }

    fn line(&self) -> String {
        let exact = self.exact.iter().map(|(mark, names)| format!("[{mark}] {}", names.join(", ")));
        let exact: Vec<String> = exact.collect();
        let inferred = self.inferred.iter().map(|(why, about)| format!("{}: {why}", shortened(about)));
        let inferred: Vec<String> = inferred.collect();
        let cells = [
            format!("`{}`", self.name),
            self.calls.join(", "),
            format!("[{}]", self.mark),
            exact.join("; "),
            inferred.join("<br>"),
            self.rules.join(", "),
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        format!("| {} |", cells.join(" | ")).replace("|  |", "| |")
    }
}

/// So many names that a reader sees what it is about.
fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 6;
    match names.len() {
        0..=SHOWN => names.join(", "),
        all => format!("{} and {} more", names[..SHOWN].join(", "), all - SHOWN),
    }
}

fn mark(thing: &Value) -> Option<&str> {
    thing["x-evidence"]["mark"].as_str()
}

/// Goes through all that an operation takes and answers.
struct Reading<'a> {
    contract: &'a Value,
    row: &'a mut Row,
}

impl<'a> Reading<'a> {
    fn operation(&mut self, operation: &'a Value) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = self.resolved(parameter);
            if parameter["in"] == "header" {
                continue;
            }
            let name = format!("`{}`", parameter["name"].as_str().unwrap_or_default());
            self.field(&name, &[parameter, &parameter["schema"]]);
        }
        let body = self.resolved(&operation["requestBody"]);
        self.content("", body);
        for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
            let answer = self.resolved(answer);
            if status.starts_with('2') {
                self.row.note(&format!("status {status}"), answer);
                self.content("", answer);
            }
        }
    }

    fn content(&mut self, prefix: &str, holder: &'a Value) {
        for media in holder["content"].as_object().into_iter().flatten().map(|(_, media)| media) {
            self.schema(prefix, &media["schema"], 0);
        }
    }

    /// The fields of a schema, and of what is in it.
    fn schema(&mut self, prefix: &str, schema: &'a Value, depth: usize) {
        // Deeper than any document here: a schema that holds itself.
        if depth > 6 || schema.is_null() {
            return;
        }
        let schema = self.resolved(schema);
        for part in ["allOf", "anyOf", "oneOf"] {
            for choice in schema[part].as_array().into_iter().flatten() {
                self.schema(prefix, choice, depth + 1);
            }
        }
        if let Some(items) = schema.get("items") {
            self.schema(prefix, items, depth + 1);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            let resolved = self.resolved(property);
            self.field(&format!("`{path}`"), &[property, resolved, schema]);
            self.schema(&path, property, depth + 1);
        }
    }

    /// One field; its evidence is the first that one of `sources` has.
    fn field(&mut self, name: &str, sources: &[&'a Value]) {
        for source in &sources[..sources.len().min(2)] {
            self.row.note(name, source);
        }
        if let Some(exact @ ("D" | "E")) = sources.iter().find_map(|source| mark(source)) {
            let names = self.row.exact.entry(exact.to_owned()).or_default();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }

    fn resolved(&self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                self.contract.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere")
            }
            None => value,
        }
    }
}
