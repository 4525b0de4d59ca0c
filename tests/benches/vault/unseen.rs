//! How small a vault is with records of sources that its dictionary has never seen: the outside test data.

use crate::ours::Ours;
use crate::peer::{Peer, Row};
use crate::{BATCH, random, share, size_of};
use kosha_tests::programs::{files_below, test_data};
use serde_json::Value;
use std::path::Path;

/// Longest resource that counts: larger ones are their attachments.
const LONGEST: usize = 64 * 1024;

/// Prints a row for each folder of bundles.
pub fn print() {
    let Some(data) = test_data() else {
        println!("(sources that the dictionary has not seen: KOSHA_TEST_DATA names no folder)");
        return;
    };
    println!(
        "\n| resources of bundles that the dictionary has not seen | number | bytes on average | `vault.db` against plaintext | whole vault with search against plaintext with FTS5 | aim |\n| --- | --- | --- | --- | --- | --- |"
    );
    let mut all = Vec::new();
    for name in ["abdm", "fhir", "ips"] {
        let rows = resources(&data.join(name));
        line(name, &rows);
        all.extend(rows);
    }
    line("all", &all);
}

fn line(name: &str, rows: &[Row]) {
    let Some(average) = rows.iter().map(|row| row.bytes.len()).sum::<usize>().checked_div(rows.len()) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let ratio = |searched: bool| {
        let path = |name: &str| folder.path().join(format!("{name}-{searched}"));
        let mut plain = Peer::create(&path("plain"), None, searched);
        plain.insert(rows, BATCH, &mut random);
        plain.checkpoint();
        let mut ours = Ours::create(&path("vault"));
        ours.insert(rows, BATCH);
        if searched {
            ours.search("blood");
        }
        drop(ours);
        let ours = if searched { path("vault") } else { path("vault").join("vault.db") };
        share(size_of(&ours), size_of(&path("plain")))
    };
    println!("| {name} | {} | {average} | {:.2} | {:.2} | 0.4 |", rows.len(), ratio(false), ratio(true));
}

/// The resources of all bundles below a folder, each as its file writes it.
fn resources(folder: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    for file in
        files_below(folder).iter().filter(|file| file.extension().is_some_and(|ending| ending == "json"))
    {
        let Ok(bundle) =
            serde_json::from_slice::<Bundle<'_>>(&std::fs::read(file).unwrap_or_default()).map(|bundle| {
                bundle.entry.iter().filter_map(|entry| row(entry.resource?.get())).collect::<Vec<_>>()
            })
        else {
            continue;
        };
        rows.extend(bundle);
    }
    rows
}

#[derive(serde::Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(serde::Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: Option<&'a serde_json::value::RawValue>,
}

fn row(resource: &str) -> Option<Row> {
    let kind: Value = serde_json::from_str(resource).ok()?;
    let resource_type = kind.get("resourceType")?.as_str()?.to_owned();
    let text = words(resource.as_bytes());
    let title = text.split(' ').take(4).collect::<Vec<_>>().join(" ");
    let bytes = resource.as_bytes().to_vec();
    (bytes.len() <= LONGEST).then_some(Row { resource_type, title, text, date_ms: 1_700_000_000_000, bytes })
}

/// What is searched in a resource: its texts for people.
pub fn words(resource: &[u8]) -> String {
    fn walk(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(name, value)| match value {
                Value::String(text) if matches!(name.as_str(), "display" | "text" | "title" | "name") => {
                    out.push(text.clone());
                }
                _ => walk(value, out),
            }),
            Value::Array(list) => list.iter().for_each(|value| walk(value, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    walk(&serde_json::from_slice(resource).unwrap_or(Value::Null), &mut out);
    out.join(" ")
}
