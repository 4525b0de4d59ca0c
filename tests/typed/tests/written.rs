//! Every resource that Kosha writes is R4 for others too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kosha_legacy::{Converted, Refusal};
use kosha_typed::problems;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files with this ending below a folder, in order; none where there is no such folder.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Other people's data, where there is some.
fn data(folder: &str, endings: &[&str]) -> Vec<Vec<u8>> {
    let named =
        std::env::var_os("KOSHA_TEST_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    if !named.is_dir() {
        println!("skipped: KOSHA_TEST_DATA names no folder");
    }
    files(&named.join(folder), endings).into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Counts what was looked at and what is wrong with it.
#[derive(Default)]
struct Tally {
    seen: BTreeMap<String, usize>,
    wrong: BTreeMap<String, usize>,
}

impl Tally {
    /// A resource, or each of a bundle and the bundle itself.
    fn look(&mut self, resource: &Value) {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        *self.seen.entry(kind.to_owned()).or_default() += 1;
        let mut alone = resource.clone();
        let entries = alone.get_mut("entry").and_then(Value::as_array_mut).filter(|_| kind == "Bundle");
        for entry in entries.into_iter().flatten() {
            let held = entry.as_object_mut().and_then(|entry| entry.remove("resource"));
            held.iter().for_each(|held| self.look(held));
        }
        // The typed reader knows no date that is said to be unknown, which R4 allows.
        if kind == "Composition" && alone["_date"]["extension"][0]["valueCode"] == "unknown" {
            alone["date"] = "1970".into();
        }
        for problem in problems(&alone) {
            *self.wrong.entry(problem).or_default() += 1;
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.look(&serde_json::from_slice(bytes).unwrap());
    }

    /// Looks at what files of another format became.
    fn converted<'f>(
        &mut self,
        files: impl IntoIterator<Item = &'f Vec<u8>>,
        convert: fn(&[u8]) -> Result<Converted, Refusal>,
    ) {
        for file in files {
            if let Ok(converted) = convert(file) {
                // A bundle without entries says so by having none.
                self.bytes(&converted.bundle);
            }
        }
    }

    /// Everything was R4, and there was something to look at.
    fn end(self, at_least: usize) {
        println!("{:?}", self.seen);
        let wrong: Vec<String> =
            self.wrong.iter().map(|(place, count)| format!("{count} x {place}")).collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
        let seen: usize = self.seen.values().sum();
        assert!(seen >= at_least, "only {seen} resources");
    }
}

#[test]
fn the_check_finds_what_is_no_r4() {
    let right = serde_json::json!({ "resourceType": "Observation", "status": "final", "code": { "text": "Weight" },
        "valueQuantity": { "value": 70.5, "unit": "kg" } });
    assert_eq!(problems(&right), [""; 0]);
    for (member, value) in [
        ("colour", Value::from("red")),
        ("status", "finished".into()),
        ("code", "Weight".into()),
        ("valueQuantity", serde_json::json!({ "value": 70.5, "units": "kg" })),
    ] {
        let mut wrong = right.clone();
        wrong[member] = value;
        assert_eq!(problems(&wrong).len(), 1, "{member}: {:?}", problems(&wrong));
    }
    assert_eq!(problems(&serde_json::json!({ "resourceType": "Illness" })).len(), 1);
}

#[test]
fn summaries() {
    let mut tally = Tally::default();
    let folder = root().join("core/fhir/fixtures/summary");
    for file in ["ips.json", "collection.json"] {
        let mut bundle: Value = serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap();
        // A member that the source of the fixture has beside those of R4 goes on to whoever reads, as all it says.
        for entry in bundle["entry"].as_array_mut().unwrap() {
            if entry["resource"]["resourceType"] == "MedicationRequest" {
                entry["resource"].as_object_mut().unwrap().remove("code").unwrap();
            }
        }
        tally.look(&bundle);
    }
    tally.end(10);
}

#[test]
fn entries_of_ones_own() {
    let mut tally = Tally::default();
    let folder = root().join("core/fhir/fixtures/own");
    // Its folder `cards` holds no resources.
    for file in files(&folder, &["json"]).iter().filter(|file| !file.starts_with(folder.join("cards"))) {
        tally.bytes(&fs::read(file).unwrap());
    }
    tally.end(40);
}

/// JSON that was made of XML: every member in its place, alone or in a list.
#[test]
fn fhir_in_xml() {
    let mut tally = Tally::default();
    let seeds = kosha_seeds::all().unwrap();
    for file in seeds.of("fhir_xml").iter().chain(&data("fhir/xml-r4", &["xml"])) {
        let Ok(reading) = kosha_fhir::read(file, &kosha_fhir::Limits::default()) else { continue };
        // Types of other releases, and one of none, are read as well.
        let is_r4 = |kind: &str| !["MedicationOrder", "Novelty"].contains(&kind);
        for entry in reading.entries.iter().filter(|entry| entry.resource_type().is_some_and(is_r4)) {
            tally.bytes(reading.bytes(entry.ordinal));
        }
    }
    tally.end(1);
}

#[test]
fn hl7_v2() {
    let mut tally = Tally::default();
    tally.converted(kosha_seeds::all().unwrap().of("hl7v2"), kosha_legacy::hl7v2);
    tally.converted(&data("fhir/hl7v2", &["hl7"]), kosha_legacy::hl7v2);
    tally.end(40);
}

#[test]
fn c_cda() {
    let mut tally = Tally::default();
    tally.converted(kosha_seeds::all().unwrap().of("ccda"), kosha_legacy::ccda);
    tally.converted(&data("fhir/ccda", &["xml"]), kosha_legacy::ccda);
    tally.end(20);
}

#[test]
fn dicom() {
    let mut tally = Tally::default();
    tally.converted(kosha_seeds::all().unwrap().of("dicom"), kosha_legacy::dicom);
    tally.converted(&data("fhir/attachments/dicom", &["dcm"]), kosha_legacy::dicom);
    tally.end(12);
}

#[test]
fn tables_of_readings() {
    let mut tally = Tally::default();
    tally.converted(kosha_seeds::all().unwrap().of("csv"), kosha_legacy::csv);
    tally.converted(&data("fhir", &["csv"]), kosha_legacy::csv);
    tally.end(20);
}

/// The `kosha` command, where it was built: what it says of a file that is attached, and what an export holds of it.
#[test]
fn attached_files() {
    let Some(programs) = std::env::var_os("KOSHA_BIN").map(PathBuf::from) else {
        println!("skipped: KOSHA_BIN names no folder with the kosha command");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let kosha = |words: &[&str]| {
        let mut command = Command::new(programs.join("kosha"));
        command.args(words).env("KOSHA_VAULT", at("vault")).env("KOSHA_ANCHOR", at("anchors"));
        command.env("KOSHA_PASSPHRASE", "seven quiet herons").current_dir(folder.path());
        assert!(command.output().unwrap().status.success(), "kosha {}", words[0]);
    };
    fs::write(at("letter.pdf"), "%PDF-1.4\nsome pages\n%%EOF").unwrap();
    fs::write(at("note.txt"), "Walked a long way today.\n").unwrap();
    kosha(&["init"]);
    kosha(&["person", "add", "Asha Rao"]);
    kosha(&["attach", "letter.pdf", "--title", "Discharge letter", "--date", "2024-03"]);
    kosha(&["attach", "note.txt"]);
    kosha(&["export", "out", "--yes"]);
    let mut tally = Tally::default();
    for file in files(&at("out"), &["json", "ndjson"]) {
        let text = fs::read_to_string(file).unwrap();
        for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>().flatten() {
            if value["resourceType"].is_string() {
                tally.look(&value);
            }
        }
    }
    tally.end(2);
}
