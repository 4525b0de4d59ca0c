//! Files of every format that is read: this repository's own fixtures, and the texts in its tests.
//! The fuzzer begins with them, and the typed check converts them.

mod dicom;
mod literals;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Largest seed, in bytes: longer ones are slow to change and tell nothing more.
const LARGEST: usize = 64 << 10;

/// What people write down themselves, as the target reads it: a sort, when, a remark, then what the sort asks for.
const OWN: [&str; 14] = [
    "weight\n2024-03-05\nafter breakfast\n72.5 kg",
    "weight\n\n\n160 lb",
    "height\n2024\n\n5 ft 11 in",
    "pulse\n2024-03-05T10:20\n\n72",
    "temperature\n2024-03\n\n98.6F",
    "oxygen\n2024-03-05T10:20:30+05:30\n\n97%",
    "pressure\n2024-03-05\nlying down\n१३०/८५ mmHg",
    "sugar\n2024-03-05\n\n110 mg/dl",
    "medicine\n\n\nMetformin\n500 mg\n1-0-1\n2\nafter food\nas needed\n2023\n2027-01\nSugar",
    "allergy\n\n\nPenicillin\nRash\nserious",
    "problem\n2020\n\nAsthma\n2022-05",
    "vaccination\n2021\n\nCovishield\n2\nCity Hospital",
    "visit\n2024-03-05\n\nCity Hospital\nDr Shah\nFever\n2024-03-06",
    "blood group\n\n\nAB Rh negative",
];

/// All of them, by the name of the format: `fhir_json`, `fhir_xml`, `narrative`, `hl7v2`, `csv`, `dicom`, `ccda`,
/// `own_entry`.
///
/// Errors: a folder of the repository cannot be read, or a fixture is no JSON.
pub fn all() -> io::Result<Seeds> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seeds = Seeds::default();
    seeds.fixtures(&root)?;
    for source in ["core/fhir/src", "core/fhir/tests", "core/legacy/src", "core/legacy/tests"] {
        for path in files(&root.join(source), "rs")? {
            seeds.source(&fs::read_to_string(path)?);
        }
    }
    for seed in OWN {
        seeds.add("own_entry", seed);
    }
    for seed in dicom::files() {
        seeds.add("dicom", seed);
    }
    Ok(seeds)
}

/// Every file of a kind below a folder, in order.
fn files(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Files by their format.
#[derive(Default)]
pub struct Seeds(BTreeMap<&'static str, Vec<Vec<u8>>>);

impl Seeds {
    /// The files of a format, in order.
    pub fn of(&self, format: &str) -> &[Vec<u8>] {
        self.0.get(format).map(Vec::as_slice).unwrap_or_default()
    }

    fn add(&mut self, target: &'static str, seed: impl Into<Vec<u8>>) {
        let seed = seed.into();
        if !seed.is_empty() && seed.len() <= LARGEST {
            self.0.entry(target).or_default().push(seed);
        }
    }

    /// Whole files; of a bundle or a list also each resource, as the large ones are left out.
    fn fixtures(&mut self, root: &Path) -> io::Result<()> {
        for folder in ["core/fhir/fixtures", "core/legacy/fixtures", "tests/fixtures"] {
            for path in files(&root.join(folder), "json")? {
                let bytes = fs::read(path)?;
                self.resources(&serde_json::from_slice(&bytes)?);
                self.add("fhir_json", bytes);
            }
            for path in files(&root.join(folder), "xml")? {
                self.xml(&fs::read_to_string(path)?);
            }
            for (ending, target) in [("hl7", "hl7v2"), ("csv", "csv"), ("dcm", "dicom")] {
                for path in files(&root.join(folder), ending)? {
                    self.add(target, fs::read(path)?);
                }
            }
        }
        Ok(())
    }

    fn resources(&mut self, value: &serde_json::Value) {
        let kind = value.get("resourceType").and_then(serde_json::Value::as_str);
        if kind.is_some_and(|kind| kind != "Bundle") {
            self.add("fhir_json", value.to_string());
        }
        if let Some(words) = value.get("div").and_then(serde_json::Value::as_str) {
            self.add("narrative", words);
        }
        match value {
            serde_json::Value::Array(items) => items.iter().for_each(|item| self.resources(item)),
            serde_json::Value::Object(members) => members.values().for_each(|member| self.resources(member)),
            _ => {}
        }
    }

    fn xml(&mut self, text: &str) {
        let target = if text.contains("urn:hl7-org:v3") { "ccda" } else { "fhir_xml" };
        self.add(target, text);
    }

    /// The texts of a test. Segments of HL7 v2 are put under a head, a message for each type that is named before them.
    fn source(&mut self, source: &str) {
        let mut message = Message::default();
        for text in literals::of(source) {
            if Message::is_kind(&text) || Message::is_segment(&text) {
                if Message::is_kind(&text) || message.segments.len() >= 12 {
                    self.add("hl7v2", message.end(&text));
                }
                if Message::is_segment(&text) {
                    message.segments.push(text);
                }
                continue;
            }
            let start = text.trim_start();
            if start.starts_with("MSH|") {
                self.add("hl7v2", text.as_str());
            } else if start.starts_with(['{', '[']) {
                self.add("fhir_json", text.as_str());
            } else if start.starts_with('<') && text.contains("xmlns") {
                self.xml(&text);
            } else if text.contains('<') {
                self.add("narrative", text.as_str());
            } else if text.contains('\n') && text.contains([',', ';', '\t']) {
                self.add("csv", text.as_str());
            }
        }
        self.add("hl7v2", message.end(""));
    }

    /// Writes each file into the folder of its format, below `folder`.
    ///
    /// Errors: that cannot be written into.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (target, seeds) in &self.0 {
            let folder = folder.join(target);
            fs::create_dir_all(&folder)?;
            for (at, seed) in seeds.iter().enumerate() {
                fs::write(folder.join(format!("seed-{at:04}")), seed)?;
            }
        }
        Ok(())
    }
}

/// A message of HL7 v2 that grows.
#[derive(Default)]
struct Message {
    kind: String,
    segments: Vec<String>,
}

impl Message {
    /// `ORU^R01`.
    fn is_kind(text: &str) -> bool {
        text.split_once('^').is_some_and(|(message, event)| {
            let (letter, number) = event.split_at_checked(1).unwrap_or_default();
            (message.len(), number.len()) == (3, 2)
                && message.chars().chain(letter.chars()).all(|letter| letter.is_ascii_uppercase())
                && number.bytes().all(|digit| digit.is_ascii_digit())
        })
    }

    /// `OBX|1|…`, and not a whole message.
    fn is_segment(text: &str) -> bool {
        let Some((name, _)) = text.split_once('|') else { return false };
        name.len() == 3
            && name != "MSH"
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }

    /// What came so far as a message; another begins.
    fn end(&mut self, next: &str) -> String {
        let kind = if self.kind.is_empty() { "ORU^R01" } else { &self.kind };
        let segments = std::mem::take(&mut self.segments);
        let mut lines =
            vec![format!("MSH|^~\\&|LAB|City Hospital|K|K|20240305101500+0530||{kind}|1|P|2.5.1")];
        if !segments.iter().any(|segment| segment.starts_with("PID")) {
            lines.push(
                "PID|1||77^^^H&1.2.3&ISO^MR||Rao^Asha^M||19800102|F|||12 Lake Road^^Pune^MH^411001^IN".into(),
            );
        }
        let empty = segments.is_empty();
        lines.extend(segments);
        if Self::is_kind(next) {
            next.clone_into(&mut self.kind);
        }
        if empty { String::new() } else { lines.join("\r") }
    }
}
