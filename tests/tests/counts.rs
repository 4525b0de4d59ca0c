//! How many allergies, medicines, problems, results and vaccinations messages and documents of other systems hold, as Kosha
//! takes them in and as other parsers count them by the rules of the standards.

#![allow(clippy::redundant_closure_for_method_calls, reason = "the method itself is of one lifetime only")]

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use kosha_fhir::{Extract, Limits, Standing};
use kosha_legacy::{Converted, Refusal};
use kosha_tests::programs::{root, test_data};
use kosha_tests::python::python;
use serde_json::Value;

type Counts = BTreeMap<String, u64>;

/// Codes that say that there is no allergy, or none of a kind (SNOMED CT).
const NO_ALLERGY: [&str; 6] = ["716186003", "409137002", "429625007", "428607008", "428197003", "1003774007"];

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("a folder is read").path()) {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if endings.contains(&ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The files of outside data and of the project's own fixtures.
fn samples(kind: &str, endings: &[&str], fixtures: &str) -> Vec<PathBuf> {
    let mut found = files(&root().join(fixtures), endings);
    if let Some(data) = test_data() {
        found.extend(files(&data.join("fhir").join(kind), endings));
    }
    found
}

/// What the other parser counts, file by file; `None` where it can read nothing.
fn peer(python: &Path, script: &str, files: &[PathBuf]) -> Vec<Option<Counts>> {
    let script = root().join("tests/peers/counts").join(script);
    let output = Command::new(python).arg(script).args(files).output().expect("python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("it prints text");
    let counts = printed.lines().map(|line| {
        let read: Value = serde_json::from_str(line).expect("it prints JSON");
        let read = read.as_object().expect("an object").clone();
        let pairs = read.into_iter().map(|(key, number)| Some((key, number.as_u64()?)));
        pairs.collect()
    });
    counts.collect()
}

/// A record that Kosha makes of a part of a file.
struct Made<'a> {
    extract: Extract,
    resource: &'a Value,
    /// Whether a report lists it.
    reported: bool,
}

impl Made<'_> {
    /// Whether it says that something is so, may be, or is to be: neither withdrawn nor negated nor called off.
    fn holds(&self) -> bool {
        matches!(self.extract.card.standing, Standing::Fact | Standing::Planned | Standing::Unconfirmed)
    }

    fn says_none(&self) -> bool {
        let codes = self.resource["code"]["coding"].as_array().into_iter().flatten();
        codes.into_iter().any(|coding| NO_ALLERGY.contains(&coding["code"].as_str().unwrap_or_default()))
    }

    /// What it counts as in a message.
    fn in_message(&self) -> Option<&'static str> {
        let standing = self.extract.card.standing;
        Some(match self.extract.resource_type.as_str() {
            "AllergyIntolerance" if self.says_none() => "none_known",
            "MedicationRequest" if standing == Standing::Cancelled => "cancelled",
            "Immunization" if standing == Standing::NotDone => "not_given",
            _ if !self.holds() => return None,
            "AllergyIntolerance" => "allergies",
            "Condition" => "problems",
            "Procedure" => "procedures",
            "MedicationRequest" => "prescriptions",
            "MedicationDispense" => "dispenses",
            "MedicationAdministration" => "administered",
            "Immunization" => "vaccinations",
            "Observation" if self.is_result() => "results",
            _ => return None,
        })
    }

    /// Whether an observation tells what came out of it: not of one that is still to come.
    fn is_result(&self) -> bool {
        let members = self.resource.as_object().into_iter().flatten();
        let told = members.into_iter().any(|(key, _)| key.starts_with("value") || key == "interpretation");
        told && self.resource["status"] != "registered"
    }

    /// What it counts as in a document.
    fn in_document(&self) -> Option<&'static str> {
        Some(match self.extract.resource_type.as_str() {
            "AllergyIntolerance" if self.says_none() => "none_known",
            "Immunization" if self.extract.card.standing == Standing::NotDone => "not_given",
            _ if !self.holds() => return None,
            "AllergyIntolerance" => "allergies",
            "Condition" => "problems",
            "MedicationStatement" => "medicines",
            "MedicationRequest" => "orders",
            "Immunization" => "vaccinations",
            "Observation" if self.reported => "results",
            "Observation" if self.resource["category"][0]["coding"][0]["code"] == "vital-signs" => {
                "vital_signs"
            }
            _ => return None,
        })
    }
}

/// What Kosha makes of a file, counted as `what` says.
fn own(converted: &Converted, what: fn(&Made<'_>) -> Option<&'static str>) -> Counts {
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).expect("it is FHIR");
    let bundle: Value = serde_json::from_slice(&converted.bundle).expect("it is JSON");
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    assert_eq!(entries.len(), reading.entries.len());
    let reports = entries.iter().filter(|entry| entry["resource"]["resourceType"] == "DiagnosticReport");
    let results = reports.flat_map(|entry| entry["resource"]["result"].as_array().into_iter().flatten());
    let reported: HashSet<&str> = results.filter_map(|result| result["reference"].as_str()).collect();
    let mut counts = Counts::new();
    for (entry, made) in reading.entries.iter().zip(&entries) {
        let made = Made {
            extract: reading.extract(entry.ordinal).expect("every entry is read"),
            resource: &made["resource"],
            reported: made["fullUrl"].as_str().is_some_and(|address| reported.contains(address)),
        };
        if let Some(key) = what(&made) {
            *counts.entry(key.to_owned()).or_insert(0) += 1;
        }
    }
    counts
}

/// Compares all files of a kind, and tells of every difference at once.
fn compare(
    kind: &str,
    (script, files): (&str, &[PathBuf]),
    convert: fn(&[u8]) -> Result<Converted, Refusal>,
    what: fn(&Made<'_>) -> Option<&'static str>,
) {
    let Some(python) = python() else { return };
    assert!(!files.is_empty());
    let theirs = peer(&python, script, files);
    assert_eq!(theirs.len(), files.len());
    let mut differences = Vec::new();
    let mut all = Counts::new();
    for (file, theirs) in files.iter().zip(theirs) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let converted = convert(&std::fs::read(file).expect("a sample is read")).ok();
        let ours = converted.map(|converted| own(&converted, what));
        let (Some(ours), Some(theirs)) = (&ours, &theirs) else {
            if ours.is_some() != theirs.is_some() {
                differences.push(format!("{name}: read here {}, there {}", ours.is_some(), theirs.is_some()));
            }
            continue;
        };
        for (key, theirs) in theirs {
            let ours = ours.get(key).copied().unwrap_or(0);
            *all.entry(key.clone()).or_insert(0) += ours;
            if ours != *theirs {
                differences.push(format!("{name}: {key} here {ours}, there {theirs}"));
            }
        }
    }
    println!("{} files of {kind}: {all:?}", files.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Holds without another parser, too: counted by hand.
#[test]
fn every_rule_is_met_in_one_file() {
    let file = root().join("tests/fixtures/counts/every-rule.hl7");
    let converted = kosha_legacy::hl7v2(&std::fs::read(file).expect("a fixture is read")).expect("messages");
    let expected = [
        ("administered", 1),
        ("allergies", 3),
        ("cancelled", 1),
        ("dispenses", 1),
        ("none_known", 1),
        ("not_given", 1),
        ("prescriptions", 2),
        ("problems", 3),
        ("procedures", 1),
        ("results", 3),
        ("vaccinations", 2),
    ];
    let expected: Counts = expected.into_iter().map(|(key, number)| (key.to_owned(), number)).collect();
    assert_eq!(own(&converted, |made| made.in_message()), expected);
}

#[test]
fn messages_hold_as_much_as_another_parser_finds() {
    let files = samples("hl7v2", &["hl7"], "tests/fixtures/counts");
    compare("messages", ("hl7v2.py", &files), kosha_legacy::hl7v2, |made| made.in_message());
}

#[test]
fn documents_hold_as_much_as_another_parser_finds() {
    let files = samples("ccda", &["ccda", "xml"], "core/legacy/fixtures/ccda");
    compare("documents", ("ccda.py", &files), kosha_legacy::ccda, |made| made.in_document());
}
