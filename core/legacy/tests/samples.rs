//! Other people's messages, where they are at hand: every segment is accounted for, and what is made is FHIR.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may stop")]

use std::path::{Path, PathBuf};

use kosha_fhir::Limits;

fn data() -> Option<PathBuf> {
    let named = std::env::var_os("KOSHA_TEST_DATA").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    Some(named.unwrap_or_else(beside).join("fhir/hl7v2")).filter(|folder| folder.exists())
}

#[test]
fn messages_of_other_systems_are_read() {
    let Some(folder) = data() else {
        println!("no data of other systems here: KOSHA_TEST_DATA names none");
        return;
    };
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "hl7") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let converted = match kosha_legacy::hl7v2(&bytes) {
            Ok(converted) => converted,
            Err(refusal) => {
                println!("{name}: {refusal}");
                continue;
            }
        };
        let limits = Limits { now_ms: Some(1_790_000_000_000), ..Limits::default() };
        let reading = kosha_fhir::read(&converted.bundle, &limits).unwrap();
        assert_eq!(reading.entries.len(), converted.resources, "{name}");
        let mut kinds = std::collections::BTreeMap::new();
        for entry in &reading.entries {
            let extract = reading.extract(entry.ordinal).unwrap();
            *kinds.entry(extract.resource_type.clone()).or_insert(0) += 1;
            let remarks: Vec<_> = extract.warnings.iter().filter(|code| **code != "invalid-base64").collect();
            if !remarks.is_empty() {
                println!("{name}: {} {remarks:?}", extract.resource_type);
            }
        }
        let mut left = std::collections::BTreeMap::new();
        for one in &converted.left {
            *left.entry(one.reason).or_insert(0) += 1;
        }
        println!("{name}: {kinds:?} left {left:?}");
    }
}
