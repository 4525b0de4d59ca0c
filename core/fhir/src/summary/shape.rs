//! Small FHIR shapes and tables that both bundles need.

use serde_json::{Value, json};

/// FHIR extension that says why a value is missing.
const DATA_ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// Fields that name the one a resource is about. At the top of a granted record they are always the patient: the
/// wallet files a record under one person only.
pub(super) const SUBJECT_FIELDS: [&str; 4] = ["subject", "patient", "beneficiary", "for"];

/// Types whose readers need a subject, with the field it stands in. Written even where the source forgot it.
const WITH_SUBJECT: [(&str, &str); 18] = [
    ("AllergyIntolerance", "patient"),
    ("CarePlan", "subject"),
    ("Composition", "subject"),
    ("Condition", "subject"),
    ("DeviceUseStatement", "subject"),
    ("DiagnosticReport", "subject"),
    ("DocumentReference", "subject"),
    ("Encounter", "subject"),
    ("FamilyMemberHistory", "patient"),
    ("ImagingStudy", "subject"),
    ("Immunization", "patient"),
    ("MedicationAdministration", "subject"),
    ("MedicationDispense", "subject"),
    ("MedicationRequest", "subject"),
    ("MedicationStatement", "subject"),
    ("Observation", "subject"),
    ("Procedure", "subject"),
    ("ServiceRequest", "subject"),
];

/// The field for the subject of a type, where every reader expects one.
pub(super) fn subject_field(resource_type: &str) -> Option<&'static str> {
    WITH_SUBJECT.iter().find(|(name, _)| *name == resource_type).map(|(_, field)| *field)
}

/// True where R4 demands the reference, so that a cut one is marked as masked instead of vanishing: `owner` is the
/// resource type at its top, else the name of the field that the reference's parent stands in. `Observation.focus`
/// is not demanded, but without it the result would seem to be about the patient.
pub(super) fn must_stay(owner: &str, field: &str) -> bool {
    const DEMANDED: [(&str, &str); 20] = [
        ("Claim", "provider"),
        ("ClaimResponse", "insurer"),
        ("Composition", "author"),
        ("Coverage", "payor"),
        ("DeviceUseStatement", "device"),
        ("ExplanationOfBenefit", "insurer"),
        ("ExplanationOfBenefit", "provider"),
        ("Observation", "focus"),
        ("Provenance", "target"),
        ("diagnosis", "condition"),
        ("entity", "what"),
        ("entry", "item"),
        ("insurance", "coverage"),
        ("location", "location"),
        ("performer", "actor"),
        ("relatesTo", "target"),
        ("relatesTo", "targetReference"),
        ("suspectEntity", "instance"),
        ("agent", "who"),
        ("link", "target"),
    ];
    DEMANDED.contains(&(owner, field))
}

/// An element whose only content is the reason of its absence: `masked` (not shared) or `unknown`.
pub(super) fn data_absent(code: &str) -> Value {
    json!({"extension": [{"url": DATA_ABSENT, "valueCode": code}]})
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, by form.
pub(super) fn is_date(text: &str) -> bool {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    matches!(form.as_str(), "9999" | "9999-99" | "9999-99-99")
}

/// A `CodeableConcept` with one coding and its text.
pub(super) fn concept(system: &str, code: &str, text: &str) -> Value {
    json!({"coding": [{"system": system, "code": code}], "text": text})
}

/// A `Reference` to an entry of the bundle.
pub(super) fn reference(urn: &str) -> Value {
    json!({"reference": urn})
}

/// A text for readers: JSON and XML take no control characters, and no list needs more than this.
pub(super) fn shown(text: &str) -> String {
    let plain = |c: char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let mut out: String = text.chars().filter(|c| plain(*c) || *c == '\n').take(1000).collect();
    out = out.replace('\n', " ");
    out.trim().to_owned()
}
