//! People and organisations that records name: only what a reader needs to know who and where.

use serde_json::{Map, Value};

const PRACTITIONER: &[&str] = &["identifier", "active", "name", "telecom", "gender", "qualification"];
const ROLE: &[&str] =
    &["identifier", "active", "period", "practitioner", "organization", "code", "specialty", "telecom"];
const ORGANIZATION: &[&str] =
    &["identifier", "active", "type", "name", "alias", "telecom", "address", "partOf"];

/// The fields that may come along of a supporting type; `None` for a type that may not.
fn fields(resource_type: &str) -> Option<&'static [&'static str]> {
    match resource_type {
        "Practitioner" => Some(PRACTITIONER),
        "PractitionerRole" => Some(ROLE),
        "Organization" => Some(ORGANIZATION),
        _ => None,
    }
}

/// The resource with only those fields; `None` if its type may not come along or it cannot be read.
pub(super) fn reduced(bytes: &[u8]) -> Option<Map<String, Value>> {
    let Ok(Value::Object(full)) = serde_json::from_slice(bytes) else { return None };
    let resource_type = full.get("resourceType")?.as_str()?.to_owned();
    let allowed = fields(&resource_type)?;
    let mut out = Map::new();
    out.insert("resourceType".into(), resource_type.into());
    out.extend(full.into_iter().filter(|(key, _)| allowed.contains(&key.as_str())));
    for value in out.values_mut() {
        without_extensions(value);
    }
    Some(out)
}

fn without_extensions(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !matches!(key.as_str(), "extension" | "modifierExtension"));
            object.values_mut().for_each(without_extensions);
        }
        Value::Array(list) => list.iter_mut().for_each(without_extensions),
        _ => {}
    }
}
