//! What the compiler cannot check: that files say what they are for, that the layers keep apart, and that code,
//! contracts and documents speak of the same routes, refusals and flags.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Bench, Operation, operations, refusals, shop};

#[test]
fn every_file_says_at_its_top_what_it_is_for() {
    for folder in ["src", "tests", "benches"] {
        for file in rust_files(folder) {
            let text = read(&file);
            let first = text.lines().next().unwrap_or_default();
            assert!(
                first.starts_with("//! ") || first.starts_with("#!"),
                "{} opens with {first:?}",
                file.display()
            );
        }
    }
}

#[test]
fn the_rules_and_the_bench_know_no_http() {
    for folder in ["src/loyalty", "src/sandbox"] {
        for file in rust_files(folder) {
            for (number, line) in (1..).zip(read(&file).lines()) {
                let code = line.split("//").next().unwrap_or_default();
                assert!(!code.contains("actix"), "{}:{number}: {line}", file.display());
                assert!(!code.contains("crate::http"), "{}:{number}: {line}", file.display());
            }
        }
    }
}

#[test]
fn every_route_of_the_contracts_is_there_with_the_methods_they_say() {
    let bench = Bench::with(&shop());
    let operations = operations();
    let paths: BTreeSet<&String> = operations.iter().map(|operation| &operation.path).collect();
    for path in paths {
        let answer = bench.request("BREW", &filled_in(path)).send();
        assert_eq!(answer.status, 405, "{path} is in the contract, but not in the server\n{answer}");
        let allow = answer.header("allow").expect("405 has Allow");
        let allowed: BTreeSet<&str> = allow.split(',').map(str::trim).collect();
        let known = operations.iter().filter(|operation| operation.path == *path);
        let known: BTreeSet<&str> = known.map(|operation| operation.method.as_str()).collect();
        assert_eq!(allowed, known, "the methods of {path}: the server's, and the contract's");
    }
}

#[test]
fn every_operation_of_the_server_has_a_contract_under_its_name() {
    let known = operations();
    for operation in stend::http::operations() {
        for method in operation.methods {
            let contract = known.iter().find(|contract| {
                let path = contract.path.trim_end_matches('/').replace("{token}", "{id}");
                contract.method == method.as_str() && path == operation.path
            });
            let contract =
                contract.unwrap_or_else(|| panic!("{method} {} is in no contract", operation.path));
            assert_eq!(contract.name.trim_end_matches(".post"), operation.name);
        }
    }
}

#[test]
fn every_control_route_of_the_server_has_a_contract() {
    let operations = operations();
    let mut routes = 0;
    for file in rust_files("src/http/control") {
        let text = read(&file);
        for (place, opening) in text.match_indices("resource(\"") {
            let route = text[place + opening.len()..].split('"').next().unwrap_or_default();
            routes += 1;
            assert!(
                operations.iter().any(|operation| operation.path == format!("/_stend{route}")),
                "{} has {route}, and no contract has",
                file.display()
            );
        }
    }
    let known = operations.iter().filter(|operation| operation.path.starts_with("/_stend"));
    let known: BTreeSet<&String> = known.map(|operation| &operation.path).collect();
    assert_eq!(routes, known.len(), "as many routes in src/http/control as in the contract");
}

#[test]
fn every_operation_and_every_refusal_of_the_contracts_is_in_the_fidelity_document() {
    let document = read(&root().join("docs/fidelity.md"));
    for Operation { method, path, name } in operations().iter().filter(|operation| operation.method != "HEAD")
    {
        assert!(
            document.contains(&format!("`{method} {path}`")),
            "{name} ({method} {path}) is not in docs/fidelity.md"
        );
    }
    for refusal in refusals() {
        assert!(document.contains(&format!("`{refusal}`")), "{refusal} is not in docs/fidelity.md");
    }
}

#[test]
fn operations_are_named_once_in_their_api() {
    let name = |operation: Operation| {
        let api = operation.path.split('/').nth(1).unwrap_or_default().to_owned();
        (api, operation.name)
    };
    let mut names: Vec<(String, String)> = operations().into_iter().map(name).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn the_evidence_of_a_refusal_is_that_of_the_fidelity_document() {
    let document = read(&root().join("docs/fidelity.md"));
    for (heading, file) in [
        ("LoyalClient", "loyalclient/error.rs"),
        ("i-bonus.me", "ibonus/notes.rs"),
        ("ProBonus", "probonus/notes.rs"),
    ] {
        let part = document.split("\n## ").find(|part| part.starts_with(heading)).expect("it has its part");
        let code = read(&root().join("src/http").join(file));
        let mut seen = 0;
        for line in code.lines().filter_map(|line| line.trim().strip_prefix("Refusal::")) {
            let Some((refusal, told)) = line.split_once(" => (") else { continue };
            let mark = told.chars().next().expect("the name of a mark");
            let name = refusal.split(' ').next().expect("a name");
            let name = format!("{}{}", name[..1].to_lowercase(), &name[1..]);
            let row =
                part.lines().find(|row| row.starts_with(&format!("| `{name}` | ")) && row.contains('['));
            let row = row.unwrap_or_else(|| panic!("{heading} has no row of {name}"));
            assert!(row.contains(&format!("[{mark}]")), "{name} is [{mark}] in {file}, and here: {row}");
            seen += 1;
        }
        assert!(seen > 5, "{file} has a table of refusals");
    }
}

#[test]
fn every_promise_to_testers_names_tests_that_are_there() {
    let tests: Vec<String> = rust_files("tests/it").iter().map(|file| read(file)).collect();
    let promises = read(&root().join("docs/why.md"));
    let mut shown_by = 0;
    for row in promises.lines().filter(|line| line.starts_with("| ") && line.contains(".md)")) {
        let shown = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let names: Vec<&str> = shown.split('`').filter(|name| name.contains('_')).collect();
        assert!(!names.is_empty() || shown.contains("cargo bench"), "nothing shows this: {row}");
        for name in names {
            let function = format!("fn {name}()");
            assert!(tests.iter().any(|text| text.contains(&function)), "there is no test {name}");
            shown_by += 1;
        }
    }
    assert!(shown_by > 20, "{shown_by}");
}

#[test]
fn the_readme_tells_of_every_flag_and_of_no_other() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_stend")).args(["serve", "--help"]).output().expect("it runs");
    let help = String::from_utf8(output.stdout).expect("help is UTF-8");
    let mut flags = BTreeSet::new();
    for line in help.lines().map(str::trim_start).filter(|line| line.starts_with('-')) {
        // `-p, --port <PORT>` and `--host <HOST>`; descriptions begin in a line of their own or further right.
        let head = line.split("  ").next().unwrap_or_default();
        flags.extend(head.split([' ', ',', '=']).filter(|word| word.starts_with("--")).map(str::to_owned));
    }
    flags.remove("--help");
    flags.remove("--version");
    assert!(flags.contains("--port"), "{help}");

    let readme = read(&root().join("README.md"));
    let told: BTreeSet<String> = readme
        .lines()
        .filter(|line| line.starts_with("| `--"))
        .filter_map(|line| line.split('`').nth(1).map(str::to_owned))
        .collect();
    assert_eq!(told, flags, "the flags of the README, and those of stend serve --help");
}

#[test]
fn every_link_in_the_documents_leads_to_a_file() {
    let others = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(|name| root().join(name));
    for document in documents().into_iter().chain(others) {
        let folder = document.parent().expect("a document lies in a folder");
        let mut in_code = false;
        for line in read(&document).lines() {
            in_code ^= line.starts_with("```");
            for target in
                line.split("](").skip(1).filter(|_| !in_code).filter_map(|rest| rest.split(')').next())
            {
                let path = target.split('#').next().unwrap_or_default();
                if !path.is_empty() && !target.contains("://") {
                    assert!(folder.join(path).exists(), "{} links to {target}", document.display());
                }
            }
        }
    }
}

/// A template with something in each of its braces.
fn filled_in(template: &str) -> String {
    let segments = template.split('/').map(|segment| if segment.starts_with('{') { "x" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The README and all of docs/.
pub(crate) fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    let entries = root().join("docs").read_dir().expect("there is docs/");
    found.extend(entries.map(|entry| entry.expect("it can be read").path()));
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.sort();
    found
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has files");
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
