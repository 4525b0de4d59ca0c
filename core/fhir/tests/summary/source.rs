//! Source bundles as a wallet would hand them over, and the checks that every written bundle must pass.

use std::collections::{BTreeMap, BTreeSet};

use kosha_fhir::summary::{Held, PatientFields, SummaryInput, SummaryRecord, Supporting};
use kosha_fhir::{Kind, Standing};
use serde_json::Value;
use serde_json::value::RawValue;

/// One resource of a source bundle.
pub(crate) struct Source {
    pub(crate) bytes: Vec<u8>,
    pub(crate) full_url: String,
    pub(crate) bundle: String,
    pub(crate) resource_type: String,
    pub(crate) title: String,
    pub(crate) kind: Kind,
    pub(crate) standing: Standing,
    pub(crate) date_text: String,
    pub(crate) codes: Vec<(String, String)>,
}

#[derive(serde::Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(serde::Deserialize)]
struct Entry<'a> {
    #[serde(rename = "fullUrl", default)]
    full_url: String,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

/// Resources of a bundle's text; empty for anything else.
pub(crate) fn split(text: &str, bundle: &str) -> Vec<Source> {
    let Ok(parsed) = serde_json::from_str::<Bundle<'_>>(text) else { return Vec::new() };
    let entries = parsed.entry.into_iter();
    entries.filter_map(|entry| Some(source(entry.resource?.get(), &entry.full_url, bundle))).collect()
}

pub(crate) fn source(resource: &str, full_url: &str, bundle: &str) -> Source {
    let value: Value = serde_json::from_str(resource).unwrap_or_default();
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let resource_type = text("/resourceType");
    let title = ["/code/text", "/code/coding/0/display", "/vaccineCode/text", "/type/text", "/title"]
        .iter()
        .map(|pointer| text(pointer))
        .find(|title| !title.is_empty())
        .unwrap_or_else(|| format!("A {resource_type}"));
    Source {
        bytes: resource.as_bytes().to_vec(),
        full_url: full_url.to_owned(),
        bundle: bundle.to_owned(),
        kind: kind(&resource_type),
        standing: Standing::Fact,
        title,
        date_text: text("/effectiveDateTime"),
        codes: Vec::new(),
        resource_type,
    }
}

fn kind(resource_type: &str) -> Kind {
    match resource_type {
        "AllergyIntolerance" => Kind::Allergy,
        "Condition" => Kind::Problem,
        "MedicationRequest" | "MedicationStatement" | "MedicationDispense" => Kind::Medicine,
        "Immunization" => Kind::Immunization,
        "Observation" => Kind::Result,
        "DiagnosticReport" => Kind::Report,
        "Procedure" => Kind::Procedure,
        "Encounter" => Kind::Visit,
        "Composition" | "DocumentReference" | "Binary" => Kind::Document,
        "ImagingStudy" => Kind::Imaging,
        "ServiceRequest" => Kind::Request,
        "CarePlan" | "Goal" => Kind::Plan,
        "Appointment" => Kind::Appointment,
        "FamilyMemberHistory" => Kind::Family,
        "DeviceUseStatement" => Kind::Device,
        "Claim" | "ExplanationOfBenefit" | "Coverage" => Kind::Billing,
        "Consent" => Kind::Consent,
        "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "Medication" => {
            Kind::Support
        }
        _ => Kind::Other,
    }
}

/// Everything but support is granted; people and organisations come along.
pub(crate) fn input<'a>(sources: &'a [Source], patient: &'a PatientFields) -> SummaryInput<'a> {
    input_of(sources, patient, |source| source.kind != Kind::Support)
}

pub(crate) fn input_of<'a>(
    sources: &'a [Source],
    patient: &'a PatientFields,
    granted: impl Fn(&Source) -> bool,
) -> SummaryInput<'a> {
    let supports = ["Patient", "Practitioner", "PractitionerRole", "Organization"];
    SummaryInput {
        patient,
        records: sources.iter().filter(|source| granted(source)).map(record).collect(),
        supporting: sources
            .iter()
            .filter(|source| supports.contains(&source.resource_type.as_str()))
            .map(|source| Supporting {
                bytes: &source.bytes,
                bundle: &source.bundle,
                full_url: &source.full_url,
            })
            .collect(),
        held: Held::default(),
        now_ms: 1_795_384_667_000,
        bundle_id: [7; 16],
        checkpoint: None,
    }
}

pub(crate) fn record(source: &Source) -> SummaryRecord<'_> {
    SummaryRecord {
        bytes: &source.bytes,
        kind: source.kind,
        standing: source.standing,
        title: &source.title,
        line: "",
        date_text: &source.date_text,
        date_ms: None,
        codes: &source.codes,
        source: "City Hospital",
        received_ms: 1_700_000_000_000,
        bundle: &source.bundle,
        full_url: &source.full_url,
        sensitive: false,
    }
}

/// What holds for every written bundle. Returns it as a tree.
pub(crate) fn check(written: &[u8], records: usize) -> Value {
    let bundle: Value = serde_json::from_slice(written).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let urls: BTreeSet<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), entries.len(), "fullUrls differ");
    for entry in entries {
        let resource = &entry["resource"];
        assert_eq!(format!("urn:uuid:{}", resource["id"].as_str().unwrap()), entry["fullUrl"]);
        let contained: BTreeSet<String> = resource["contained"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|inner| format!("#{}", inner["id"].as_str().unwrap()))
            .collect();
        references(resource, &mut |reference| {
            assert!(
                urls.contains(reference) || contained.contains(reference) || reference == "#",
                "{reference} leads out of the share"
            );
        });
    }
    let of_type = count_types(&bundle);
    assert_eq!(of_type.get("Patient"), Some(&1), "one patient");
    if bundle["type"] == "document" {
        check_document(&bundle, records);
    } else {
        assert!(entries.iter().all(|entry| entry["resource"]["meta"].get("profile").is_none()));
        assert_eq!(entries[0]["resource"]["resourceType"], "Patient");
    }
    bundle
}

fn check_document(bundle: &Value, records: usize) {
    let composition = &bundle["entry"][0]["resource"];
    assert_eq!(composition["resourceType"], "Composition");
    assert_eq!(composition["type"]["coding"][0]["code"], "60591-5");
    let sections = composition["section"].as_array().unwrap();
    let mut listed = BTreeSet::new();
    for section in sections {
        assert!(section["title"].is_string() && section["code"]["coding"][0]["code"].is_string());
        let div = section["text"]["div"].as_str().unwrap();
        assert!(div.starts_with("<div xmlns=\"http://www.w3.org/1999/xhtml\">") && div.ends_with("</div>"));
        match section["entry"].as_array() {
            Some(entries) => {
                assert!(section.get("emptyReason").is_none() && !entries.is_empty());
                for entry in entries {
                    assert!(listed.insert(entry["reference"].as_str().unwrap()), "in one section only");
                }
            }
            None => assert!(section["emptyReason"]["coding"][0]["code"].is_string()),
        }
    }
    assert_eq!(listed.len(), records, "every granted record stands in a section");
    for required in ["11450-4", "48765-2", "10160-0"] {
        assert!(sections.iter().any(|section| section["code"]["coding"][0]["code"] == required));
    }
}

pub(crate) fn count_types(bundle: &Value) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for entry in bundle["entry"].as_array().unwrap() {
        *counts.entry(entry["resource"]["resourceType"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    counts
}

/// Every text under a key `reference`, however deep.
pub(crate) fn references(value: &Value, seen: &mut impl FnMut(&str)) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| references(item, seen)),
        Value::Object(object) => {
            for (key, inner) in object {
                match inner {
                    Value::String(text) if key == "reference" => seen(text),
                    _ => references(inner, seen),
                }
            }
        }
        _ => {}
    }
}

/// The section of a document with this title.
pub(crate) fn section<'v>(bundle: &'v Value, title: &str) -> Option<&'v Value> {
    let sections = bundle["entry"][0]["resource"]["section"].as_array().unwrap();
    sections.iter().find(|section| section["title"] == title)
}

/// The resources of a type in a bundle.
pub(crate) fn of_type<'v>(bundle: &'v Value, resource_type: &str) -> Vec<&'v Value> {
    let entries = bundle["entry"].as_array().unwrap().iter();
    entries.map(|entry| &entry["resource"]).filter(|it| it["resourceType"] == resource_type).collect()
}
