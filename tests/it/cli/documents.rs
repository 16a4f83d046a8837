//! Every `stend …` that a document shows is a command that the program takes.

use super::stend;
use crate::tidy::documents;

/// The arguments of each command of this kind in a document, as far as they are stend's own.
fn commands(text: &str) -> Vec<Vec<String>> {
    let (mut inside, mut found) = (false, Vec::new());
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        }
        let line = line.trim().trim_start_matches("- ").trim_start_matches("run: ");
        let Some(rest) = line.strip_prefix("stend ").filter(|_| inside) else { continue };
        let own = rest.split_whitespace().take_while(|word| !["--", "|", ">", "&", "#"].contains(word));
        found.push(own.map(|word| word.trim_matches(['\'', '"', ';']).to_owned()).collect());
    }
    found
}

#[test]
fn every_command_of_the_documents_is_taken() {
    let mut tried = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).expect("the document can be read");
        for own in commands(&text) {
            // What stands before a plea for help is read, and nothing is done.
            let arguments: Vec<&str> = own.iter().map(String::as_str).chain(["--help"]).collect();
            let (code, _, stderr) = stend(&arguments, &[]);
            assert_eq!(code, Some(0), "{}: stend {}\n{stderr}", document.display(), own.join(" "));
            tried += 1;
        }
    }
    assert!(tried > 12, "only {tried} commands were found");
}
