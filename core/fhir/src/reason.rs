//! Why a file or an entry did not come in, or came in with a remark: stable codes and their plain sentences.

/// A whole file that cannot be read. `code` is stable; the sentence is for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", reason_text(.code))]
pub struct Refusal {
    /// Stable kebab-case code, e.g. `truncated`.
    pub code: &'static str,
    /// What the bytes look like when they are no FHIR: `pdf`, `ccda`, `xml`, `hl7v2`, `dicom`, `image`, `zip`, `text`,
    /// `binary`; else empty.
    pub looks_like: &'static str,
}

impl Refusal {
    pub(crate) const fn new(code: &'static str) -> Refusal {
        Refusal { code, looks_like: "" }
    }
}

const SENTENCES: &[(&str, &str)] = &[
    ("empty", "The file is empty."),
    ("too-large", "The file is larger than 32 MB."),
    ("inflates-too-large", "The compressed file unpacks to more than 64 MB."),
    ("broken-gzip", "The compressed file is damaged or cut short."),
    (
        "gzip-unread-rest",
        "The compressed file is followed by bytes that belong to nothing; what came before them was taken in.",
    ),
    ("too-many-parts", "The compressed file is put together from more than 10,000 parts."),
    ("encoding-utf16", "The file is written in UTF-16. Please save it as UTF-8."),
    ("encoding-not-utf8", "This is not written in UTF-8; it may be an older Western encoding."),
    ("not-fhir-json", "The file is not a FHIR record in JSON."),
    ("no-resource-type", "This does not say what kind of FHIR record it is."),
    ("xml-broken", "This is not well-formed XML, or not as FHIR writes it. Nothing of it was taken in."),
    (
        "xml-doctype",
        "This defines its own words at its start, which is not safe to follow. Nothing of it was taken in.",
    ),
    ("xml-too-large", "The file becomes too large when it is read."),
    ("truncated", "This ends in the middle; a part is missing. Nothing of it was taken in."),
    ("broken-json", "This is not well-formed JSON."),
    ("control-bytes", "There are control characters where text should be."),
    ("json-comment", "There are comments, which JSON does not allow."),
    ("trailing-comma", "There is a comma too many before a closing bracket."),
    ("too-deep", "The record is nested too deeply to be read safely."),
    ("too-many-entries", "The file holds more than 100,000 entries."),
    ("resource-too-large", "The record is larger than 4 MB even without its attachments."),
    ("not-an-object", "This entry is not a FHIR record."),
    ("deleted", "The source deleted this record; there is nothing to keep."),
    ("no-resource", "The entry holds no record."),
    ("operation-outcome", "A message from the source's server, not a health record."),
    ("duplicate-key", "A field appears twice in the record. The last one counts, as in most readers."),
    (
        "doubled-entry-list",
        "The bundle has its field `entry` more than once; the entries of all of them were looked at.",
    ),
    (
        "doubled-resource",
        "The entry has its field `resource` more than once; which record is meant is not clear.",
    ),
    ("type-differs", "An attachment is not of the type it says it is."),
    ("invalid-base64", "An attachment is damaged and cannot be opened."),
    ("date-unclear", "A date cannot be right and is left out; the record is shown without a date."),
    ("unit-unclear", "A result's unit is stated in two ways that differ; it is kept out of charts."),
    ("odd-shape", "Some fields do not have the form that FHIR asks for; what could be read is shown."),
    ("several-patients", "The file holds records of more than one patient."),
    (
        "other-release",
        "The file is written in another FHIR release than R4; its records are shown in plain form.",
    ),
    (
        "subject-unclear",
        "It is not clear whose record this is; the file is about one person, so it is filed as theirs.",
    ),
    (
        "subject-unknown",
        "The record is about someone else than the persons of this file; it stays in the file and is filed with nobody.",
    ),
    ("deep-nesting", "The record is nested unusually deep."),
];

/// The plain sentence of a reason code; the same sentence for a code this version does not know.
pub fn reason_text(code: &str) -> &'static str {
    SENTENCES.iter().find(|(known, _)| *known == code).map_or("This could not be read.", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_sentence() {
        for (at, (code, text)) in SENTENCES.iter().enumerate() {
            assert!(text.ends_with('.') && !code.contains('_'));
            assert!(!SENTENCES.iter().skip(at + 1).any(|(other, same)| other == code || same == text));
        }
    }
}
