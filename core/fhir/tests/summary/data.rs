//! Bundles of hospitals and of other projects, where the test data is at hand.

use std::path::{Path, PathBuf};

use kosha_fhir::summary::{PatientFields, collection, ips};
use kosha_fhir::{Kind, Limits, read};
use serde_json::Value;

use crate::source::{Source, check, count_types, input, of_type, section};

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

/// The resources of a file as import reads them.
fn imported(bytes: &[u8]) -> Vec<Source> {
    let Ok(reading) = read(bytes, &Limits::default()) else { return Vec::new() };
    let each = reading.entries.iter().filter_map(|entry| {
        let extract = reading.extract(entry.ordinal).ok()?;
        Some(Source {
            bytes: reading.bytes(entry.ordinal).to_vec(),
            full_url: entry.full_url.clone().unwrap_or_default(),
            bundle: format!("{:?}", entry.bundle),
            resource_type: extract.resource_type,
            title: extract.card.title,
            kind: extract.kind,
            standing: extract.card.standing,
            date_text: extract.card.date_text,
            codes: extract.codes,
        })
    });
    each.collect()
}

#[test]
fn every_granted_entry_of_real_bundles_is_written() {
    let Some(root) = test_data() else { return };
    let mut written = 0;
    for folder in ["fhir/synthea-r4", "abdm", "ips", "fhir/abdm-nrces", "fhir/edge/generated", "fhir/us-core"]
    {
        for file in files(&root.join(folder)) {
            let Ok(bytes) = std::fs::read(&file) else { continue };
            let sources = imported(&bytes);
            let patient = sources.iter().find(|source| source.resource_type == "Patient");
            let patient =
                patient.map(|source| PatientFields::from_resource(&source.bytes)).unwrap_or_default();
            let granted: Vec<&Source> =
                sources.iter().filter(|source| source.kind != Kind::Support).collect();
            if granted.is_empty() {
                continue;
            }
            let input = input(&sources, &patient);
            let document = check(&ips(&input).unwrap(), granted.len());
            let gathered = check(&collection(&input).unwrap(), granted.len());
            for bundle in [&document, &gathered] {
                let lists = of_type(bundle, "Provenance");
                let told: usize = lists.iter().map(|one| one["target"].as_array().unwrap().len()).sum();
                assert_eq!(told, granted.len(), "each entry says where it came from");
                all_types_are_there(bundle, &granted);
            }
            negations_stand_apart(&document, &granted);
            written += 1;
        }
    }
    assert!(written > 60, "only {written} files");
}

/// As many of each type as were granted; those that no parser takes are there as `Basic`.
fn all_types_are_there(bundle: &Value, granted: &[&Source]) {
    let counts = count_types(bundle);
    let unread = counts.get("Basic").copied().unwrap_or_default();
    for source in granted {
        let resource_type = &source.resource_type;
        let wanted = granted.iter().filter(|other| other.resource_type == *resource_type).count();
        let found = counts.get(resource_type).copied().unwrap_or_default();
        assert!(found + unread >= wanted, "{resource_type}");
    }
}

fn negations_stand_apart(document: &Value, granted: &[&Source]) {
    let negated = granted.iter().filter(|source| source.standing.negates()).count();
    let apart = section(document, "Not current or ruled out").and_then(|apart| apart["entry"].as_array());
    assert_eq!(apart.map_or(0, Vec::len), negated);
}
