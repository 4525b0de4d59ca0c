//! What else is inside a resource, for the review before sharing.

use serde_json::{Map, Value};

use super::shape::shown;

/// Names of what travels inside a resource beyond its own statement.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Inside {
    /// Titles of a document's sections, at any depth.
    pub sections: Vec<String>,
    /// Contained resources, e.g. `Medication: Metformin 500 mg`.
    pub contained: Vec<String>,
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Inside")
            .field("sections", &self.sections.len())
            .field("contained", &self.contained.len())
            .finish()
    }
}

/// Name what is inside a resource. An unreadable one has nothing to name: no summary takes its body in.
pub fn inside(resource: &[u8]) -> Inside {
    let Ok(Value::Object(resource)) = serde_json::from_slice(resource) else { return Inside::default() };
    let mut out = Inside::default();
    if resource.get("resourceType").and_then(Value::as_str) == Some("Composition") {
        sections(&resource, &mut out.sections);
    }
    let contained = resource.get("contained").and_then(Value::as_array).map(Vec::as_slice);
    out.contained = contained.unwrap_or_default().iter().filter_map(Value::as_object).map(named).collect();
    out
}

fn sections(holder: &Map<String, Value>, out: &mut Vec<String>) {
    let list = holder.get("section").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for section in list.iter().filter_map(Value::as_object) {
        let title = text(section, "title").or_else(|| concept(section, "code"));
        out.push(title.unwrap_or_else(|| "Section without a title".to_owned()));
        sections(section, out);
    }
}

fn named(resource: &Map<String, Value>) -> String {
    let kind = text(resource, "resourceType").unwrap_or_else(|| "Resource".to_owned());
    let name = match resource.get("name") {
        Some(Value::String(name)) => Some(shown(name)),
        Some(Value::Array(names)) => names.first().and_then(Value::as_object).and_then(human),
        _ => None,
    };
    let fields = ["code", "vaccineCode", "medicationCodeableConcept", "type"];
    let said = name
        .or_else(|| fields.iter().find_map(|field| concept(resource, field)))
        .or_else(|| text(resource, "description"));
    match said {
        Some(said) => format!("{kind}: {said}"),
        None => kind,
    }
}

fn human(name: &Map<String, Value>) -> Option<String> {
    text(name, "text").or_else(|| text(name, "family"))
}

fn concept(holder: &Map<String, Value>, field: &str) -> Option<String> {
    let concept = holder.get(field)?.as_object()?;
    text(concept, "text").or_else(|| {
        let codings = concept.get("coding")?.as_array()?;
        codings.iter().filter_map(Value::as_object).find_map(|coding| text(coding, "display"))
    })
}

fn text(holder: &Map<String, Value>, field: &str) -> Option<String> {
    let said = shown(holder.get(field)?.as_str()?);
    (!said.is_empty()).then_some(said)
}
