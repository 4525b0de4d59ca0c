//! Other people's messages and documents, where they are at hand: every part is accounted for, and what is made is FHIR.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may stop")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kosha_fhir::Limits;
use kosha_legacy::{Converted, reason_text};

fn data(kind: &str) -> Option<PathBuf> {
    let named = std::env::var_os("KOSHA_TEST_DATA").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    Some(named.unwrap_or_else(beside).join("fhir").join(kind)).filter(|folder| folder.exists())
}

/// The files of a kind, by the endings of their names; none where there is no data here.
fn files(kind: &str, endings: &[&str]) -> Vec<PathBuf> {
    let Some(folder) = data(kind) else {
        println!("no data of other systems here: KOSHA_TEST_DATA names none");
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
            if path.is_dir() {
                folders.push(path);
            } else if ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    files
}

fn kinds(name: &str, converted: &Converted) -> BTreeMap<String, usize> {
    let limits = Limits { now_ms: Some(1_790_000_000_000), ..Limits::default() };
    let reading = kosha_fhir::read(&converted.bundle, &limits).unwrap();
    assert_eq!(reading.entries.len(), converted.resources, "{name}");
    let mut kinds = BTreeMap::new();
    for entry in &reading.entries {
        let extract = reading.extract(entry.ordinal).unwrap();
        *kinds.entry(extract.resource_type.clone()).or_insert(0) += 1;
        let remarks: Vec<_> = extract.warnings.iter().filter(|code| **code != "invalid-base64").collect();
        if !remarks.is_empty() {
            println!("{name}: {} {remarks:?}", extract.resource_type);
        }
    }
    let mut left = BTreeMap::new();
    for one in &converted.left {
        assert!(!reason_text(one.reason).is_empty(), "{}", one.reason);
        *left.entry(one.reason).or_insert(0) += 1;
    }
    println!("{name}: {kinds:?} left {left:?}");
    kinds
}

#[test]
fn messages_of_other_systems_are_read() {
    for file in &files("hl7v2", &["hl7"]) {
        let bytes = std::fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        match kosha_legacy::hl7v2(&bytes) {
            Ok(converted) => drop(kinds(&name, &converted)),
            Err(refusal) => println!("{name}: {refusal}"),
        }
    }
}

#[test]
fn documents_of_other_systems_are_read() {
    let files = files("ccda", &["ccda", "xml"]);
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !kosha_legacy::is_ccda(&bytes) {
            println!("{name}: no clinical document");
            continue;
        }
        let converted = kosha_legacy::ccda(&bytes).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let kinds = kinds(&name, &converted);
        assert_eq!(kinds.get("Patient"), Some(&1), "{name}");
    }
}
