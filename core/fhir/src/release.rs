//! Which FHIR release a file was written in.

use crate::reading::Entry;

/// A FHIR release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum FhirVersion {
    Dstu2,
    Stu3,
    R4,
    R4B,
    R5,
}

impl FhirVersion {
    /// The release's name.
    pub fn as_str(self) -> &'static str {
        match self {
            FhirVersion::Dstu2 => "DSTU2",
            FhirVersion::Stu3 => "STU3",
            FhirVersion::R4 => "R4",
            FhirVersion::R4B => "R4B",
            FhirVersion::R5 => "R5",
        }
    }
}

/// Types that only one release has.
const TYPES: [(&str, FhirVersion); 13] = [
    ("MedicationOrder", FhirVersion::Dstu2),
    ("DiagnosticOrder", FhirVersion::Dstu2),
    ("ProcedureRequest", FhirVersion::Stu3),
    ("ReferralRequest", FhirVersion::Stu3),
    ("DeviceComponent", FhirVersion::Stu3),
    ("Sequence", FhirVersion::Stu3),
    ("MedicationUsage", FhirVersion::R5),
    ("InventoryItem", FhirVersion::R5),
    ("ImagingSelection", FhirVersion::R5),
    ("Permission", FhirVersion::R5),
    ("GenomicStudy", FhirVersion::R5),
    ("DeviceUsage", FhirVersion::R5),
    ("Transport", FhirVersion::R5),
];

/// Member names that tell a release, with the quotes and colon that make them names.
const MEMBERS: [(&str, &[u8], FhirVersion); 17] = [
    ("MedicationRequest", b"\"medication\"", FhirVersion::R5),
    ("MedicationStatement", b"\"medication\"", FhirVersion::R5),
    ("Encounter", b"\"actualPeriod\"", FhirVersion::R5),
    ("Procedure", b"\"occurrenceDateTime\"", FhirVersion::R5),
    ("Procedure", b"\"occurrencePeriod\"", FhirVersion::R5),
    ("MedicationRequest", b"\"context\"", FhirVersion::Stu3),
    ("MedicationStatement", b"\"taken\"", FhirVersion::Stu3),
    ("MedicationStatement", b"\"wasNotTaken\"", FhirVersion::Dstu2),
    ("Immunization", b"\"wasNotGiven\"", FhirVersion::Dstu2),
    ("Immunization", b"\"notGiven\"", FhirVersion::Stu3),
    ("Procedure", b"\"notDone\"", FhirVersion::Stu3),
    ("AllergyIntolerance", b"\"substance\":", FhirVersion::Dstu2),
    ("Condition", b"\"dateRecorded\"", FhirVersion::Dstu2),
    ("Condition", b"\"assertedDate\"", FhirVersion::Stu3),
    ("AllergyIntolerance", b"\"assertedDate\"", FhirVersion::Stu3),
    ("Observation", b"\"related\"", FhirVersion::Stu3),
    ("DocumentReference", b"\"indexed\"", FhirVersion::Stu3),
];

/// Told by profile addresses first, then by the shape of the first resources that show it; R4 in doubt.
pub(crate) fn of(text: &[u8], entries: &[Entry], profiles: &str) -> FhirVersion {
    for (mark, version) in [
        ("/DSTU2/", FhirVersion::Dstu2),
        ("/STU3/", FhirVersion::Stu3),
        ("/3.0/", FhirVersion::Stu3),
        ("/4.3/", FhirVersion::R4B),
        ("/5.0/", FhirVersion::R5),
    ] {
        if profiles.contains(mark) {
            return version;
        }
    }
    for entry in entries.iter().take(200) {
        let Some(resource_type) = entry.resource_type() else { continue };
        if let Some((_, version)) = TYPES.iter().find(|(name, _)| *name == resource_type) {
            return *version;
        }
        let bytes = text.get(entry.span.clone()).unwrap_or_default();
        let bytes = bytes.get(..bytes.len().min(20_000)).unwrap_or_default();
        for (name, member, version) in MEMBERS {
            if name == resource_type && is_member(bytes, member) {
                return version;
            }
        }
    }
    FhirVersion::R4
}

/// True when the quoted name stands there as a member of the resource itself or of a part, followed by a colon.
fn is_member(bytes: &[u8], name: &[u8]) -> bool {
    let name = name.strip_suffix(b":").unwrap_or(name);
    memchr::memmem::find_iter(bytes, name)
        .any(|at| bytes.get(at + name.len()..).unwrap_or_default().trim_ascii_start().first() == Some(&b':'))
}

#[cfg(test)]
mod tests {
    use crate::{FhirVersion, Limits, read};

    fn of(json: &str) -> FhirVersion {
        read(json.as_bytes(), &Limits::default()).unwrap().fhir_version
    }

    #[test]
    fn by_shape() {
        assert_eq!(of(r#"{"resourceType":"MedicationOrder"}"#), FhirVersion::Dstu2);
        assert_eq!(
            of(r#"{"resourceType":"MedicationRequest","context":{"reference":"x"}}"#),
            FhirVersion::Stu3
        );
        assert_eq!(
            of(r#"{"resourceType":"MedicationRequest","medication":{"concept":{"text":"x"}}}"#),
            FhirVersion::R5
        );
        assert_eq!(
            of(r#"{"resourceType":"MedicationRequest","medicationCodeableConcept":{"text":"x"}}"#),
            FhirVersion::R4
        );
    }
}
