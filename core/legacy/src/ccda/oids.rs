//! Object identifiers of CDA as the addresses that FHIR has for them ("HL7 Terminology", naming systems).

use crate::json::Json;
use crate::resource::is_oid;

/// Code systems; others are `urn:oid:` and their number.
const SYSTEMS: [(&str, &str); 41] = [
    ("2.16.840.1.113883.6.1", "http://loinc.org"),
    ("2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    ("2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"),
    ("2.16.840.1.113883.6.4", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("2.16.840.1.113883.6.103", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.6.104", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.6.2", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
    ("2.16.840.1.113883.6.59", "http://hl7.org/fhir/sid/cvx"),
    ("2.16.840.1.113883.12.227", "http://hl7.org/fhir/sid/mvx"),
    ("2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc"),
    ("2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"),
    ("2.16.840.1.113883.6.13", "http://www.ada.org/cdt"),
    ("2.16.840.1.113883.6.285", "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"),
    ("2.16.840.1.113883.6.8", "http://unitsofmeasure.org"),
    ("2.16.840.1.113883.6.73", "http://www.whocc.no/atc"),
    ("2.16.840.1.113883.6.24", "urn:iso:std:iso:11073:10101"),
    ("2.16.840.1.113883.6.101", "http://nucc.org/provider-taxonomy"),
    ("2.16.840.1.113883.6.259", "https://www.cdc.gov/nhsn/cdaportal/terminology/codesystem/hsloc.html"),
    ("2.16.840.1.113883.6.345", "http://va.gov/terminology/medrt"),
    ("2.16.840.1.113883.4.9", "http://fdasis.nlm.nih.gov"),
    ("2.16.840.1.113883.3.26.1.5", "http://hl7.org/fhir/ndfrt"),
    ("2.16.840.1.113883.3.26.1.1", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
    ("2.16.840.1.113883.5.1", "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender"),
    ("2.16.840.1.113883.5.2", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    ("2.16.840.1.113883.5.4", "http://terminology.hl7.org/CodeSystem/v3-ActCode"),
    ("2.16.840.1.113883.5.6", "http://terminology.hl7.org/CodeSystem/v3-ActClass"),
    ("2.16.840.1.113883.5.7", "http://terminology.hl7.org/CodeSystem/v3-ActPriority"),
    ("2.16.840.1.113883.5.8", "http://terminology.hl7.org/CodeSystem/v3-ActReason"),
    ("2.16.840.1.113883.5.25", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"),
    ("2.16.840.1.113883.5.83", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"),
    ("2.16.840.1.113883.5.88", "http://terminology.hl7.org/CodeSystem/v3-ParticipationFunction"),
    ("2.16.840.1.113883.5.110", "http://terminology.hl7.org/CodeSystem/v3-RoleClass"),
    ("2.16.840.1.113883.5.111", "http://terminology.hl7.org/CodeSystem/v3-RoleCode"),
    ("2.16.840.1.113883.5.112", "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"),
    ("2.16.840.1.113883.5.139", "http://terminology.hl7.org/CodeSystem/v3-TimingEvent"),
    ("2.16.840.1.113883.5.1008", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"),
    ("2.16.840.1.113883.5.1063", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"),
    ("2.16.840.1.113883.5.1119", "http://terminology.hl7.org/CodeSystem/v3-AddressUse"),
];

/// Systems of numbers that FHIR itself has named.
const NUMBERS: [(&str, &str); 2] = [
    ("2.16.840.1.113883.4.1", "http://hl7.org/fhir/sid/us-ssn"),
    ("2.16.840.1.113883.4.6", "http://hl7.org/fhir/sid/us-npi"),
];

fn known(table: &[(&str, &str)], oid: &str) -> Option<Json> {
    table.iter().find(|(known, _)| *known == oid).map(|(_, address)| Json::Text((*address).to_owned()))
}

/// The system of a code.
pub(super) fn code_system(oid: &str) -> Option<Json> {
    let of_v2 = || {
        let table: u16 = oid.strip_prefix("2.16.840.1.113883.12.")?.parse().ok()?;
        Some(Json::Text(format!("http://terminology.hl7.org/CodeSystem/v2-{table:04}")))
    };
    known(&SYSTEMS, oid).or_else(of_v2).or_else(|| address(oid))
}

/// The system of an identifier.
pub(super) fn number_system(oid: &str) -> Option<Json> {
    known(&NUMBERS, oid).or_else(|| address(oid))
}

/// An OID or UUID as an address.
pub(super) fn address(id: &str) -> Option<Json> {
    if is_oid(id) {
        return Some(Json::Text(format!("urn:oid:{id}")));
    }
    let groups: Vec<usize> = id.split('-').map(str::len).collect();
    let is_uuid =
        groups == [8, 4, 4, 4, 12] && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_uuid.then(|| Json::Text(format!("urn:uuid:{}", id.to_ascii_lowercase())))
}
