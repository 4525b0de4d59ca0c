//! What the typed FHIR R4 of other people makes of a resource: whether it can be read, and whether everything in it is known
//! there. A member that R4 does not have is dropped when the resource is written again.

use fhir::r4::resources::Resource;
use fhir::r4::validate::Validate;
use serde_json::Value;

/// What is wrong with a resource, one line each; none when it is R4 and whole. Names places, never what is written there.
pub fn problems(resource: &Value) -> Vec<String> {
    let kind = resource["resourceType"].as_str().unwrap_or("no type").to_owned();
    // By way of text: only so are the digits of numbers kept.
    let typed: Resource = match serde_json::from_str(&resource.to_string()) {
        Ok(typed) => typed,
        Err(error) => return vec![format!("{kind}: {error}")],
    };
    let mut found: Vec<String> = typed
        .validate()
        .into_iter()
        .map(|issue| format!("{kind}: {}: {}", issue.path, issue.message))
        .collect();
    let written = serde_json::to_value(&typed).expect("typed resources are written");
    dropped(resource, &written, &kind, &mut found);
    found
}

/// Places of `ours` that are not in `theirs`, or differ there.
fn dropped(ours: &Value, theirs: &Value, place: &str, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in ours {
                match theirs.get(key) {
                    Some(other) => dropped(value, other, &format!("{place}.{key}"), found),
                    None => found.push(format!("{place}.{key} is no member")),
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (at, (one, other)) in ours.iter().zip(theirs).enumerate() {
                dropped(one, other, &format!("{place}[{at}]"), found);
            }
        }
        (ours, theirs) if same(ours, theirs) => {}
        _ => found.push(format!("{place} differs")),
    }
}

/// Whether two values say the same; of numbers, with the same digits.
fn same(one: &Value, other: &Value) -> bool {
    one == other || (one.is_number() && other.is_number() && one.to_string() == other.to_string())
}
