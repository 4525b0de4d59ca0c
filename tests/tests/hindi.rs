//! The command in Hindi: what it prints of itself has no English word. Words of the records themselves stay as they came.

use std::collections::BTreeSet;

use kosha_tests::programs::{Kosha, samples};
use serde_json::Value;

/// Keys of FHIR whose text is written by the source for people; `show` also names the type.
const WRITTEN: [&str; 17] = [
    "resourceType",
    "text",
    "display",
    "title",
    "family",
    "given",
    "prefix",
    "name",
    "unit",
    "valueString",
    "description",
    "conclusion",
    "patientInstruction",
    "lotNumber",
    "div",
    "city",
    "value",
];
/// What is no word: the name of the command, and a unit.
const SIGNS: [&str; 2] = ["kosha", "min"];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_ascii_alphabetic()).filter(|word| {
        // Abbreviations (PDF, KB, Td, HbA) are the same in every language.
        word.chars().filter(char::is_ascii_lowercase).count() > 2
    })
}

/// The words that the sources wrote.
fn written(value: &Value, by_people: bool, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                written(value, WRITTEN.contains(&key.as_str()), into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| written(item, by_people, into)),
        Value::String(text) if by_people => into.extend(words(text).map(str::to_lowercase)),
        _ => {}
    }
}

struct Hindi {
    kosha: Kosha,
    of_records: BTreeSet<String>,
}

impl Hindi {
    /// What a command prints, whatever its end.
    fn says(&self, line: &[&str]) -> String {
        let output = self.kosha.command(["--language", "hi"]).args(line).output().expect("kosha starts");
        String::from_utf8([output.stdout, output.stderr].concat()).expect("text")
    }

    /// Runs a command, and looks for words of neither Hindi nor the records.
    fn checked(&self, line: &[&str]) -> String {
        let said = self.says(line);
        let devanagari = said.chars().any(|char| ('\u{900}'..='\u{97f}').contains(&char));
        assert!(devanagari, "{line:?} says nothing in Hindi: {said}");
        for text in said.lines() {
            // What is typed stands between backticks; options, paths, types of files and codes are no words.
            let plain: String = text.split('`').step_by(2).collect();
            let parts = plain.split_whitespace().filter(|part| {
                // A word that the width of a column has cut is none.
                let digits = part.chars().any(|char| char.is_ascii_digit());
                // The beginning of an id; a few have no digit.
                let id =
                    part.len() == 8 && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                !id && !part.starts_with("--") && !part.contains('/') && !digits && !part.contains('…')
            });
            for word in parts.flat_map(words) {
                let known = self.of_records.contains(&word.to_lowercase()) || SIGNS.contains(&word);
                assert!(known, "{line:?} says {word:?} in: {text}");
            }
        }
        said
    }
}

fn hindi(folder: &std::path::Path) -> (Hindi, Vec<String>) {
    let kosha = Kosha::init(folder.join("vault"));
    let mut of_records = BTreeSet::new();
    for file in std::fs::read_dir(samples()).expect("samples") {
        let path = file.expect("a sample").path();
        of_records.extend(words(&path.to_string_lossy()).map(str::to_lowercase));
        let value: Value = serde_json::from_slice(&std::fs::read(path).expect("a sample")).expect("JSON");
        written(&value, false, &mut of_records);
    }
    // What this test writes down itself.
    of_records.extend(["zorba", "kg", "mg", "dl"].map(str::to_owned));
    let hindi = Hindi { kosha, of_records };
    let said = hindi.checked(&["import", &samples().to_string_lossy()]);
    assert!(said.contains("फ़ाइलें"), "{said}");
    let page = hindi.kosha.json(["timeline", "--limit", "400"]);
    let ids = page["records"].as_array().expect("records").iter();
    let ids = ids.map(|record| record["id"].as_str().expect("an id").to_owned()).collect();
    (hindi, ids)
}

#[test]
fn commands_of_records_speak_hindi() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hindi, ids) = hindi(folder.path());
    for line in [
        "persons",
        "timeline --limit 300",
        "visits",
        "changes --since 2000",
        "medicines --all",
        "medicines",
        "allergies --all",
        "problems --all",
        "vaccinations --all",
        "results",
        "results --vitals",
        "documents --all",
        "emergency",
        "shares",
        "search zorba",
        "check",
    ] {
        hindi.checked(&line.split(' ').collect::<Vec<_>>());
    }
    for id in ids.iter().step_by(7) {
        hindi.checked(&["show", id]);
    }
    let results = hindi.kosha.json(["results"]);
    let code = results["results"][0]["code"].as_str().or_else(|| results["results"][0]["name"].as_str());
    hindi.checked(&["trend", code.expect("a result")]);
}

#[test]
fn own_entries_and_a_list_that_is_cut_are_told_in_hindi() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hindi, ids) = hindi(folder.path());
    hindi.checked(&["add", "weight", "72.5", "kg"]);
    let page = hindi.kosha.json(["add", "note", "Zorba"]);
    let id = page["records"][0]["id"].as_str().expect("an id");
    hindi.checked(&["correct", id, "note", "Zorba", "--again"]);
    let removed = hindi.checked(&["remove", id]);
    assert!(removed.contains("हटा"), "{removed}");
    let cut = hindi.says(&["search", "a", "--limit", "1"]);
    assert!(cut.contains("--limit"), "{cut}");
    let whole = hindi.says(&["search", "a", "--limit", "500"]);
    assert!(!whole.contains("--limit"), "{whole}");
    let page = hindi.kosha.json(["search", "a", "--limit", "1"]);
    assert_eq!(page["records"].as_array().map(Vec::len), Some(1));
    assert!(!ids.is_empty());
}

/// What is to be agreed to has to be understood.
#[test]
fn what_is_shared_scanned_and_proved_is_told_in_hindi() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hindi, _) = hindi(folder.path());
    for text in ["upi://pay?pa=a@b", "shlink:/abc", "shc:/12", "HC1:X", "plain", "91-1234-5678-9012"] {
        hindi.checked(&["scan", text]);
    }
    // Nobody listens there: the review comes first, and what was agreed to waits.
    let share = ["share", "--kind", "medicine", "--kind", "allergy", "--purpose", "Zorba", "--yes"];
    let review = hindi.checked(&share);
    assert!(review.contains("जन्म तारीख़") && review.contains("जो किसी और प्रकार"), "{review}");
    let file = folder.path().join("zorba");
    let file = file.to_str().expect("a path");
    hindi.says(&["log", "--prove", "--all", "--out", file]);
    // Details of entries are proved as they were written.
    let proved = hindi.says(&["verify-proof", file]);
    assert!(proved.contains("लॉग की हर प्रविष्टि इस फ़ाइल में है"), "{proved}");
}

#[test]
fn what_went_wrong_is_told_in_hindi() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hindi, ids) = hindi(folder.path());
    for line in [
        "show ffffffffffffffff",
        "timeline --from x",
        "timeline --kind x",
        "timeline --after x",
        "timeline --person nobody",
        "trend nothing",
        "add pulse 9000",
        "add weight x",
        "add height 5",
        "add pulse 70 kg",
        "add sugar 130",
        "view shlink:/abc",
        "add bp 130",
        "add problem x --on 2999",
        "person change nobody --owner",
        "refile --undo",
        "revoke 1234",
        "share --purpose x",
        "recovery remove",
        "emergency-card show",
        "init",
        "verify-proof Cargo.toml",
        "backup --verify nowhere",
    ] {
        let said = hindi.checked(&line.split(' ').collect::<Vec<_>>());
        assert!(said.starts_with("kosha: "), "{line}: {said}");
    }
    let empty = hindi.checked(&["share", "--all", "--purpose", "", "--yes"]);
    assert!(empty.contains("बताएँ कि यह किस काम के लिए है"), "{empty}");
    let id = ids.first().expect("a record");
    hindi.checked(&["remove", id]);
    // Codes are the same in every language.
    let json = hindi.says(&["--json", "timeline", "--from", "x"]);
    assert!(json.contains("\"bad-date\""), "{json}");
}
