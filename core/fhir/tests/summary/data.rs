//! Bundles of hospitals and of other projects, where the test data is at hand.

use std::path::{Path, PathBuf};

use kosha_fhir::Kind;
use kosha_fhir::summary::{PatientFields, collection, ips};

use crate::source::{check, count_types, input, split};

fn test_data() -> Option<PathBuf> {
    let root = std::env::var_os("KOSHA_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    if root.is_dir() {
        return Some(root);
    }
    println!("test data is not at hand; set KOSHA_TEST_DATA");
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    out.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    out.sort();
    out
}

#[test]
fn every_granted_entry_of_real_bundles_is_written() {
    let Some(root) = test_data() else { return };
    let mut written = 0;
    for folder in ["fhir/synthea-r4", "abdm", "ips", "fhir/abdm-nrces", "fhir/edge/generated", "fhir/us-core"]
    {
        for file in files(&root.join(folder)) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let sources = split(text.trim_start_matches('\u{feff}'), "one");
            let patient = sources.iter().find(|source| source.resource_type == "Patient");
            let patient =
                patient.map(|source| PatientFields::from_resource(&source.bytes)).unwrap_or_default();
            let granted: Vec<_> = sources.iter().filter(|source| source.kind != Kind::Support).collect();
            if granted.is_empty() {
                continue;
            }
            let input = input(&sources, &patient);
            let document = check(&ips(&input).unwrap(), granted.len());
            let gathered = check(&collection(&input).unwrap(), granted.len());
            for bundle in [&document, &gathered] {
                let counts = count_types(bundle);
                for resource_type in
                    ["Condition", "Observation", "MedicationRequest", "Immunization", "Encounter"]
                {
                    let wanted =
                        granted.iter().filter(|source| source.resource_type == resource_type).count();
                    let unread = counts.get("Basic").copied().unwrap_or_default();
                    let found = counts.get(resource_type).copied().unwrap_or_default();
                    assert!(found <= wanted && found + unread >= wanted, "{resource_type}");
                }
            }
            written += 1;
        }
    }
    assert!(written > 20, "only {written} bundles");
}
