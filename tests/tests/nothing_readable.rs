//! No word of a patient, and no name of a resource, in any file of the vault: at work, after a kill, after lock.

use kosha_tests::canary::Canaries;
use kosha_tests::programs::{Kosha, files_below, samples, test_data};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// FHIR R4 resource names of eight letters or more that the imported files use.
const RESOURCE_NAMES: [&str; 24] = [
    "AllergyIntolerance",
    "Appointment",
    "CarePlan",
    "CareTeam",
    "Composition",
    "Condition",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "ImagingStudy",
    "Immunization",
    "Location",
    "Medication",
    "MedicationAdministration",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Organization",
    "Practitioner",
    "Procedure",
    "Provenance",
    "ServiceRequest",
];

/// Words of the sample patient's files, and those of a generated one where there is outside data.
fn canaries(files: &[PathBuf]) -> Canaries {
    let mut words: Vec<String> = RESOURCE_NAMES.iter().map(|name| (*name).to_owned()).collect();
    for file in files {
        words.push(file.file_name().expect("a name").to_string_lossy().into_owned());
        let text = String::from_utf8_lossy(&std::fs::read(file).expect("a file")).into_owned();
        // Values of strings, as they stand: names, titles, notes, identifiers, codes, dates.
        let mut strings: Vec<&str> = text
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|word| (8..80).contains(&word.len()) && !word.contains('\\'))
            .collect();
        strings.sort_unstable();
        strings.dedup();
        let step = strings.len().div_ceil(400).max(1);
        words.extend(strings.into_iter().step_by(step).map(str::to_owned));
    }
    Canaries::new(words)
}

fn imported() -> Vec<PathBuf> {
    let mut files = files_below(&samples());
    if let Some(data) = test_data() {
        files.extend(
            files_below(&data.join("fhir/synthea-r4")).into_iter().filter(|file| is_json(file)).take(2),
        );
        files.extend(files_below(&data.join("abdm")).into_iter().filter(|file| is_json(file)).take(3));
    }
    files
}

fn is_json(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "json")
}

#[test]
fn at_work_after_a_kill_and_after_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let temporary = folder.path().join("tmp");
    std::fs::create_dir_all(&temporary).expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let files = imported();
    let canaries = canaries(&files);
    assert!(canaries.len() > 1_000, "too few words to mean anything: {}", canaries.len());
    let import = || {
        let mut command = kosha.command(["import"]);
        command.args(&files).env("TMPDIR", &temporary).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };

    // At work: look while it runs, then kill it.
    let mut child = import().spawn().expect("kosha starts");
    for _ in 0..6 {
        std::thread::sleep(Duration::from_millis(60));
        canaries.absent_below(kosha.vault());
        canaries.absent_below(&temporary);
    }
    child.kill().expect("a kill");
    child.wait().expect("an end");
    canaries.absent_below(kosha.vault());
    canaries.absent_below(&temporary);

    // To the end, then locked.
    assert!(import().status().expect("kosha starts").code().is_some_and(|code| code == 0 || code == 3));
    canaries.absent_below(kosha.vault());
    canaries.absent_below(&temporary);
    kosha.json(["search", "diabetes"]);
    kosha.json(["timeline"]);
    canaries.absent_below(kosha.vault());
    canaries.absent_below(&temporary);
}
