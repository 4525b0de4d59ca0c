//! Pieces of FHIR R4 resources that more than one format is made into.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::json::{Json, list, object, text};

/// A reference that says only a name.
pub(crate) fn named(name: Option<String>) -> Option<Json> {
    Some(object([("display", Some(text(name?)?))]))
}

/// A concept of one code of a small set of FHIR's own.
pub(crate) fn coded(system: &'static str, code: &str) -> Json {
    object([("coding", list([object([("system", text(system)), ("code", text(code))])]))])
}

pub(crate) fn add_note(resource: &mut Json, said: String) {
    // An appointment has one comment and no notes.
    if is(resource, "Appointment") {
        let said = match resource.get("comment") {
            Some(Json::Text(before)) => format!("{before}\n{said}"),
            _ => said,
        };
        resource.put("comment", text(said));
    } else if let Some(said) = text(said) {
        resource.push("note", object([("text", Some(said))]));
    }
}

/// Adds what R4 asks for and the file does not say, as unknown: a resource without it is read by nobody else.
pub(crate) fn complete(resource: &mut Json) {
    let unknown = || Some(object([("extension", list([absent()]))]));
    if is(resource, "DocumentReference") && !resource.has("content") {
        resource.put("content", list([object([("attachment", unknown())])]));
    }
    if is(resource, "Composition") {
        if !resource.has("type") {
            resource.put("type", unknown());
        }
        if !resource.has("date") {
            resource.put("_date", unknown());
        }
        if !resource.has("author") {
            resource.put("author", list(unknown()));
        }
        if !resource.has("title") {
            resource.put("title", text("Clinical document"));
        }
    }
    if is(resource, "ImagingStudy") {
        if !resource.has("subject") {
            resource.put("subject", Some(somebody(None)));
        }
        let Json::Object(members) = resource else { return };
        let Some((_, Json::List(series))) = members.iter_mut().find(|(key, _)| *key == "series") else {
            return;
        };
        series.retain(|series| series.has("uid"));
        for series in series.iter_mut().filter(|series| !series.has("modality")) {
            series.put("modality", unknown());
        }
        members.retain(|(_, value)| !matches!(value, Json::List(items) if items.is_empty()));
    }
}

/// Says that a value is not known (FHIR R4, `data-absent-reason`).
fn absent() -> Json {
    object([
        ("url", text("http://hl7.org/fhir/StructureDefinition/data-absent-reason")),
        ("valueCode", text("unknown")),
    ])
}

fn is(resource: &Json, kind: &str) -> bool {
    matches!(resource.get("resourceType"), Some(Json::Text(known)) if known == kind)
}

/// A resource that FHIR wants to have a subject, where the message names nobody.
pub(crate) fn somebody(subject: Option<Json>) -> Json {
    subject.unwrap_or_else(|| object([("display", text("Patient"))]))
}

/// `instant` needs a time of day.
pub(crate) fn is_instant(time: &Json) -> bool {
    matches!(time, Json::Text(time) if time.contains('T'))
}

/// `effectiveDateTime` for one moment, `effectivePeriod` for two.
pub(crate) fn put_effective(resource: &mut Json, start: Option<Json>, end: Option<Json>) {
    match (start, end) {
        (start, Some(end)) if start.as_ref() != Some(&end) => {
            resource.put("effectivePeriod", Some(object([("start", start), ("end", Some(end))])));
        }
        (start, _) => resource.put("effectiveDateTime", start),
    }
}

/// An `Attachment` with these bytes. `named` is the media type that the sender gave.
pub(crate) fn file(bytes: &[u8], named: &str) -> Json {
    // Told by the content where it tells, since senders name many kinds of file alike.
    let found = kosha_fhir::media_of(bytes).map(|media| media.content_type.to_owned());
    let media = found.or_else(|| is_media(named).then(|| named.to_owned()));
    // Data has a type in R4, if only the one of bytes that nobody knows.
    let media = media.unwrap_or_else(|| "application/octet-stream".to_owned());
    object([("contentType", text(media)), ("data", text(STANDARD.encode(bytes)))])
}

fn is_media(name: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'))
    };
    name.split_once('/').is_some_and(|(kind, subtype)| {
        matches!(kind, "application" | "audio" | "image" | "text" | "video") && word(subtype)
    })
}

pub(crate) fn is_oid(id: &str) -> bool {
    id.starts_with(['0', '1', '2'])
        && id.contains('.')
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.'))
}

/// Words that say that there is no allergy, as the code of SNOMED CT that says so.
pub(crate) fn none_known(said: &str) -> Option<&'static str> {
    let said = said.trim().trim_end_matches('.').to_lowercase();
    match said.as_str() {
        "nkda" | "no known drug allergies" | "no known drug allergy" | "no known medication allergies" => {
            Some("409137002")
        }
        "no known food allergies" | "no known food allergy" => Some("429625007"),
        "nka" | "none" | "none known" | "no known allergies" | "no known allergy" | "no allergies" => {
            Some("716186003")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::none_known;

    #[test]
    fn that_there_is_none_is_told_from_an_allergy() {
        for none in ["NKDA", "No known allergies.", "none known"] {
            assert!(none_known(none).is_some(), "{none}");
        }
        for some in ["Penicillin", "no known reaction to nuts", ""] {
            assert!(none_known(some).is_none(), "{some}");
        }
    }
}
