//! What an empty section says, in a document and in a collection.

use serde_json::{Map, Value, json};

use super::section::{Section, empty_reason};
use super::shape;
use super::{SummaryInput, narrative};

const EMPTY_REASON: &str = "http://terminology.hl7.org/CodeSystem/list-empty-reason";

/// The empty reason of a demanded section, as concept and sentence; `None` for one that need not be there.
pub(super) fn absent(section: Section, input: &SummaryInput<'_>) -> Option<(Value, &'static str)> {
    let kind = section.required_kind()?;
    let shared = input.records.iter().filter(|record| record.kind == kind).count();
    let (code, sentence) = empty_reason(section, &input.held, u32::try_from(shared).unwrap_or(u32::MAX));
    Some((shape::concept(EMPTY_REASON, code, sentence), sentence))
}

/// A `List` resource for a collection: either entries, or the reason why there are none.
pub(super) fn list(
    section: Section,
    id: &str,
    patient: &str,
    date: &str,
    entries: Vec<Value>,
) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("resourceType".into(), "List".into());
    out.insert("id".into(), id.into());
    out.insert("text".into(), narrative::paragraph(section.title()));
    out.insert("status".into(), "current".into());
    out.insert("mode".into(), "snapshot".into());
    out.insert("title".into(), section.title().into());
    out.insert("code".into(), section.code());
    out.insert("subject".into(), shape::reference(patient));
    out.insert("date".into(), date.into());
    if !entries.is_empty() {
        let items: Vec<Value> = entries.into_iter().map(|item| json!({"item": item})).collect();
        out.insert("entry".into(), items.into());
    }
    out
}
