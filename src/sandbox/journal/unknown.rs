//! Fields of a body that the operation does not know: they are accepted, and noted, as they are slips of the pen more
//! often than not.

use std::collections::BTreeMap;

use super::json::Json;
use super::note::{Note, NoteKind};
use crate::sandbox::fixture::read::nearest;

/// How many unknown fields of one call are noted.
pub const UNKNOWN_FIELDS_MAX: usize = 50;

/// Which fields a piece of JSON may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Whatever it likes.
    #[default]
    Any,
    /// The same for each of its elements.
    Array(Box<Shape>),
    /// These, by name.
    Object(BTreeMap<Box<str>, Shape>),
}

/// A note on each field of a body that is not in its shape.
pub(super) fn unknown_fields(operation: &str, shape: &Shape, body: &Json<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    look(operation, shape, body, "", &mut notes);
    notes
}

fn look(operation: &str, shape: &Shape, piece: &Json<'_>, way: &str, notes: &mut Vec<Note>) {
    match (shape, piece) {
        (Shape::Array(shape), Json::Array(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                look(operation, shape, element, &format!("{way}[{index}]"), notes);
            }
        }
        (Shape::Object(fields), Json::Object(members)) => {
            for (name, value) in members {
                let field = if way.is_empty() { name.clone().into_owned() } else { format!("{way}.{name}") };
                match fields.get(&**name) {
                    Some(shape) => look(operation, shape, value, &field, notes),
                    None if notes.len() < UNKNOWN_FIELDS_MAX => {
                        let known: Vec<&str> = fields.keys().map(AsRef::as_ref).collect();
                        notes.push(note(operation, field, nearest(name, &known)));
                    }
                    None => return,
                }
            }
        }
        _ => {}
    }
}

fn note(operation: &str, field: String, nearest: Option<&str>) -> Note {
    let hint = nearest.map(|nearest| format!("; the nearest it knows is {nearest}")).unwrap_or_default();
    Note::new(
        NoteKind::UnknownField,
        format!("{operation} knows no field {field}, and did not look at it{hint}"),
    )
    .with("field", field)
    .with("nearest", nearest.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object<const N: usize>(fields: [(&str, Shape); N]) -> Shape {
        Shape::Object(fields.into_iter().map(|(name, shape)| (name.into(), shape)).collect())
    }

    fn notes(body: &str) -> String {
        let item = object([("name", Shape::Any), ("price", Shape::Any)]);
        let shape =
            object([("amount", Shape::Any), ("items", Shape::Array(Box::new(item))), ("more", Shape::Any)]);
        let notes = unknown_fields("orders.create", &shape, &Json::parse(body).unwrap());
        notes.iter().map(|note| serde_json::to_string(note).unwrap() + "\n").collect()
    }

    #[test]
    fn unknown_fields_are_noted_with_the_way_to_them_and_the_nearest_known_one() {
        assert_eq!(
            notes(r#"{"amuont":1,"items":[{"name":1},{"cost":2}],"more":{"anything":1}}"#),
            concat!(
                r#"{"kind":"unknownField","text":"orders.create knows no field amuont, and did not look at it; the nearest it knows is amount","field":"amuont","nearest":"amount"}"#,
                "\n",
                r#"{"kind":"unknownField","text":"orders.create knows no field items[1].cost, and did not look at it","field":"items[1].cost","nearest":null}"#,
                "\n",
            )
        );
    }

    #[test]
    fn what_is_known_or_of_another_kind_is_not_noted() {
        for body in [r#"{"amount":1,"items":[]}"#, "[1]", "5", r#"{"items":{"x":1}}"#] {
            assert_eq!(notes(body), "", "{body}");
        }
    }

    #[test]
    fn no_more_than_so_many_are_noted() {
        let fields: Vec<String> =
            (0..UNKNOWN_FIELDS_MAX + 5).map(|number| format!("\"x{number}\":1")).collect();
        assert_eq!(notes(&format!("{{{}}}", fields.join(","))).lines().count(), UNKNOWN_FIELDS_MAX);
    }
}
