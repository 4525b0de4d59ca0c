//! Versions of an entry after the first: its removal, and what a correction keeps of the one before.

use serde_json::{Map, Value, json};

use super::{Now, OwnDate, OwnEntry, Words, own_mark};

/// Members that date an entry, and those that only say when it was written.
const DATES: [&str; 5] =
    ["/effectiveDateTime", "/onsetDateTime", "/occurrenceDateTime", "/period/start", "/context/period/start"];
const WRITTEN: [&str; 6] = ["identifier", "issued", "dateAsserted", "recordedDate", "recorded", "meta"];

/// The entry once more, marked as entered in error, so that no reader takes it for a fact. `None` for a resource that is
/// no entry of Kosha's.
pub fn withdrawn(resource: &[u8], now: Now) -> Option<Vec<u8>> {
    let mark = own_mark(resource)?;
    let Ok(Value::Object(mut members)) = serde_json::from_slice(resource) else { return None };
    if let Some(Value::Object(meta)) = members.get_mut("meta") {
        meta.insert("versionId".to_owned(), mark.version.saturating_add(1).to_string().into());
        meta.insert("lastUpdated".to_owned(), now.instant().into());
    }
    let resource_type = members.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let system = match resource_type.as_str() {
        "AllergyIntolerance" => Some("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"),
        "Condition" => Some("http://terminology.hl7.org/CodeSystem/condition-ver-status"),
        _ => None,
    };
    match system {
        Some(system) => {
            // FHIR R4, con-5 and ait-2: what is entered in error has no clinical status.
            members.shift_remove("clinicalStatus");
            let status = json!({ "coding": [{ "system": system, "code": "entered-in-error" }] });
            members.insert("verificationStatus".to_owned(), status);
        }
        None => drop(members.insert("status".to_owned(), "entered-in-error".into())),
    }
    Some(Value::Object(members).to_string().into_bytes())
}

/// The date and the note of an entry, which its correction keeps where it says nothing else.
pub fn kept_from(resource: &[u8], entry: &OwnEntry, now: Now) -> (Option<OwnDate>, Option<Words>) {
    let Ok(value) = serde_json::from_slice::<Value>(resource) else { return (None, None) };
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    let date = DATES.iter().find_map(|pointer| OwnDate::parse_any(text(pointer)?, now).ok());
    let note = text("/note/0/text").or_else(|| text("/extension/0/valueAnnotation/text"));
    let note = note.filter(|_| !matches!(entry, OwnEntry::Note(_))).and_then(|note| Words::note(note).ok());
    (date, note)
}

/// Whether two entries say the same, apart from when they were written down and by which identifier they go.
pub fn same_said(one: &[u8], other: &[u8]) -> bool {
    let said = |bytes: &[u8]| -> Option<Map<String, Value>> {
        let mut members: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
        members.retain(|key, _| !WRITTEN.contains(&key.as_str()));
        if members.get("resourceType").and_then(Value::as_str) == Some("DocumentReference") {
            members.retain(|key, _| key != "date");
        }
        Some(members)
    };
    own_mark(one).zip(own_mark(other)).is_some_and(|(one, other)| one.sort == other.sort)
        && said(one) == said(other)
}
