//! What the contract documents know of the operations beside their paths: which fields a body may have, and which
//! refusals there are. Read when somebody first asks, so that such a fact stands in one place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::control::documents::text_of;
use crate::loyalty::Programme;
use crate::sandbox::journal::unknown::Shape;

/// How deep references of a schema are followed.
const DEPTH_MAX: usize = 20;

/// What a document tells of one operation.
#[derive(Debug, Default)]
struct Facts {
    /// None if the body is no JSON, or is not looked at.
    shape: Option<Shape>,
    /// In the order of their checks.
    refusals: Vec<Box<str>>,
}

static FACTS: LazyLock<BTreeMap<(Programme, Box<str>), Facts>> = LazyLock::new(|| {
    let mut facts = BTreeMap::new();
    for api in [Programme::LoyalClient, Programme::Ibonus, Programme::ProBonus] {
        let document: Value = serde_json::from_str(text_of(api)).expect("the contracts are JSON");
        read(api, &document, &mut facts);
    }
    facts
});

/// Which fields the body of an operation may have.
pub(super) fn shape(api: Programme, operation: &str) -> Option<&'static Shape> {
    FACTS.get(&(api, operation.into()))?.shape.as_ref()
}

/// The refusals that an operation can give, in the order of their checks.
pub(super) fn refusals(api: Programme, operation: &str) -> impl Iterator<Item = &'static str> {
    let facts = FACTS.get(&(api, operation.into())).into_iter();
    facts.flat_map(|facts| &facts.refusals).map(AsRef::as_ref)
}

fn read(api: Programme, document: &Value, facts: &mut BTreeMap<(Programme, Box<str>), Facts>) {
    let paths = document["paths"].as_object().into_iter().flat_map(serde_json::Map::values);
    let operations = paths.filter_map(Value::as_object).flat_map(serde_json::Map::values);
    for operation in operations {
        let Some(name) = operation["operationId"].as_str() else {
            continue;
        };
        // GET and POST of one path are one operation.
        let facts = facts.entry((api, name.trim_end_matches(".post").into())).or_default();
        let schema = &resolved(document, &operation["requestBody"])["content"]["application/json"]["schema"];
        if !schema.is_null() {
            facts.shape = Some(shape_of(document, schema, 0));
        }
        for refusal in operation["x-refusals"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !facts.refusals.iter().any(|known| **known == *refusal) {
                facts.refusals.push(refusal.into());
            }
        }
    }
}

/// What a reference leads to, or the thing itself.
fn resolved<'d>(document: &'d Value, thing: &'d Value) -> &'d Value {
    let target = thing["$ref"].as_str().and_then(|target| document.pointer(target.strip_prefix('#')?));
    target.map_or(thing, |target| resolved(document, target))
}

fn shape_of(document: &Value, schema: &Value, depth: usize) -> Shape {
    let target = resolved(document, schema);
    if depth > DEPTH_MAX || target["additionalProperties"].is_object() {
        return Shape::Any;
    }
    let mut fields = BTreeMap::new();
    for (name, schema) in target["properties"].as_object().into_iter().flatten() {
        fields.insert(name.as_str().into(), shape_of(document, schema, depth + 1));
    }
    let mut elements = None;
    if target["items"].is_object() {
        elements = Some(shape_of(document, &target["items"], depth + 1));
    }
    for part in ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|part| target[part].as_array()).flatten() {
        match shape_of(document, part, depth + 1) {
            Shape::Any => {}
            Shape::Array(of) => elements = Some(*of),
            // The same field in two readings: what either of them knows is known.
            Shape::Object(more) => {
                for (name, shape) in more {
                    merge(&mut fields, name, shape);
                }
            }
        }
    }
    match elements {
        _ if !fields.is_empty() => Shape::Object(fields),
        Some(shape) => Shape::Array(Box::new(shape)),
        None => Shape::Any,
    }
}

fn merge(fields: &mut BTreeMap<Box<str>, Shape>, name: Box<str>, shape: Shape) {
    match (fields.remove(&name), shape) {
        (Some(Shape::Object(mut known)), Shape::Object(more)) => {
            for (name, shape) in more {
                merge(&mut known, name, shape);
            }
            fields.insert(name, Shape::Object(known));
        }
        (Some(Shape::Array(known)), Shape::Array(more)) => {
            let mut both = BTreeMap::from([(Box::default(), *known)]);
            merge(&mut both, Box::default(), *more);
            let both = both.remove("").unwrap_or_default();
            fields.insert(name, Shape::Array(Box::new(both)));
        }
        (Some(Shape::Any), _) => {
            fields.insert(name, Shape::Any);
        }
        (_, shape) => {
            fields.insert(name, shape);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::operations::operations;

    #[test]
    fn every_operation_is_in_a_contract_with_its_refusals() {
        for operation in operations() {
            let count = refusals(operation.api, operation.name).count();
            assert!(count > 0, "{} has no refusals, not even of credentials", operation.name);
        }
    }

    #[test]
    fn the_fields_of_a_body_are_known_also_deep_inside_and_of_either_reading() {
        let fields = |shape: &Shape| match shape {
            Shape::Object(fields) => fields.keys().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            other => format!("{other:?}"),
        };
        let hold = shape(Programme::LoyalClient, "hold").unwrap();
        assert_eq!(fields(hold), "amount client duration point");
        let Some(Shape::Object(order)) = shape(Programme::Ibonus, "orders.createTest") else { panic!() };
        let Some(Shape::Array(item)) = order.get("items") else { panic!("{order:?}") };
        // Of a sale and of a refund.
        assert!(fields(item).contains("price") && fields(item).contains("id"), "{item:?}");
        assert!(matches!(shape(Programme::Ibonus, "salePoints.put"), Some(Shape::Array(_))));
        assert_eq!(shape(Programme::Ibonus, "clients.list"), None);
        let login = shape(Programme::ProBonus, "auth.login").unwrap();
        assert_eq!(fields(login), "login password username");
        assert_eq!(
            fields(shape(Programme::ProBonus, "accounts.list").unwrap()),
            "accountGroupId limit offset query"
        );
    }
}
