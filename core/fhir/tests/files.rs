//! Real and hostile files: nothing panics, every entry is accounted for, every span is exact.
//!
//! The folder is named by `KOSHA_TEST_DATA` (default: `../shared/data` beside the repository); without it the
//! tests say so and pass.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, clippy::panic)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use kosha_fhir::{Limits, Outcome, Reading, Refusal, read, reason_text};

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("KOSHA_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let there = folder.is_dir();
    if !there {
        println!("no test data; set KOSHA_TEST_DATA");
    }
    there.then_some(folder)
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(list) = std::fs::read_dir(folder) else { return };
    let mut list: Vec<_> = list.flatten().map(|item| item.path()).collect();
    list.sort();
    for path in list {
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

/// Everything that must hold of a reading, whatever the file.
fn examine(bytes: &[u8], reading: &Reading<'_>) {
    if !reading.inflated && !reading.converted {
        assert_eq!(&*reading.text, bytes);
    }
    let mut last = 0;
    for (at, entry) in reading.entries.iter().enumerate() {
        assert_eq!(entry.ordinal as usize, at);
        assert!(entry.span.start >= last && entry.span.end <= reading.text.len() && !entry.span.is_empty());
        last = entry.span.end;
        match &entry.outcome {
            Outcome::Resource { resource_type } => {
                let text = &reading.text[entry.span.clone()];
                assert!(text.starts_with(b"{") && text.ends_with(b"}"));
                let extract = reading.extract(entry.ordinal).unwrap();
                assert_eq!(&extract.resource_type, resource_type);
                assert!(!extract.card.title.is_empty() && extract.card.title.chars().count() <= 200);
                assert!(extract.search_text.len() <= 16 * 1024);
                for file in &extract.attachments {
                    assert!(file.span.start > entry.span.start && file.span.end < entry.span.end);
                    assert_eq!(reading.text[file.span.start - 1], b'"');
                    assert_eq!(reading.text[file.span.end], b'"');
                }
                for code in extract.warnings {
                    assert_ne!(reason_text(code), reason_text("no such code"));
                }
            }
            Outcome::Skipped(code) | Outcome::Refused(code) => {
                assert_ne!(reason_text(code), reason_text("no such code"));
                assert!(reading.extract(entry.ordinal).is_err());
            }
        }
    }
    // The gaps and the entries make up the file again.
    let mut again = Vec::with_capacity(reading.text.len());
    let mut at = 0;
    for entry in &reading.entries {
        again.extend_from_slice(&reading.text[at..entry.span.start]);
        again.extend_from_slice(reading.bytes(entry.ordinal));
        at = entry.span.end;
    }
    again.extend_from_slice(&reading.text[at..]);
    assert!(again == *reading.text);
}

#[test]
fn every_file_is_read_or_refused_by_name() {
    let Some(folder) = data() else { return };
    let mut list = Vec::new();
    files(&folder, &mut list);
    let (mut read_count, mut refused) = (0, std::collections::BTreeMap::new());
    for path in &list {
        // The two large ones have their own test.
        let bytes = std::fs::read(path).unwrap();
        if bytes.starts_with(&[0x1f, 0x8b]) {
            continue;
        }
        match read(&bytes, &Limits::default()) {
            Ok(reading) => {
                read_count += 1;
                examine(&bytes, &reading);
            }
            Err(refusal) => {
                assert_ne!(reason_text(refusal.code), reason_text("no such code"), "{}", refusal.code);
                *refused.entry((refusal.code, refusal.looks_like)).or_insert(0) += 1;
            }
        }
    }
    println!("{read_count} read, refused: {refused:?}");
    assert!(read_count > 300, "{read_count}");
}

fn refusal(name: &str) -> Option<Refusal> {
    let bytes = std::fs::read(data()?.join("fhir/edge/generated").join(name)).ok()?;
    Some(read(&bytes, &Limits::default()).err().unwrap_or_else(|| panic!("{name} was read")))
}

#[test]
fn what_must_be_refused_is_refused_by_its_name() {
    for (name, code) in [
        ("truncated-mid-string.json", "truncated"),
        ("truncated-bundle.json", "truncated"),
        ("utf16le.json", "encoding-utf16"),
        ("latin1.json", "encoding-not-utf8"),
        ("empty.json", "empty"),
        ("whitespace.json", "empty"),
        ("null.json", "no-resource-type"),
        ("array.json", "no-resource-type"),
        ("nul-bytes.json", "not-fhir-json"),
        ("no-resourceType.json", "no-resource-type"),
        ("deep-100.json", "too-deep"),
        ("deep-1000.json", "too-deep"),
        ("deep-20000.json", "too-deep"),
        ("comments.json", "json-comment"),
        ("trailing-comma.json", "trailing-comma"),
        ("gzip-bomb-200mb.json.gz", "inflates-too-large"),
    ] {
        if let Some(refusal) = refusal(name) {
            assert_eq!(refusal.code, code, "{name}");
        }
    }
    if let Some(refusal) = refusal("deep-arrays-100k.json") {
        assert!(matches!(refusal.code, "truncated" | "no-resource-type"));
    }
}

#[test]
fn what_must_be_accepted_is_accepted_with_its_remarks() {
    let Some(folder) = data() else { return };
    let cases: &[(&str, usize, &[&str])] = &[
        ("bom.json", 1, &[]),
        ("array-of-resources.json", 2, &[]),
        ("resourceType-last.json", 1, &[]),
        ("unknown-resourceType.json", 1, &[]),
        ("duplicate-keys.json", 1, &["duplicate-key"]),
        ("huge-exponent.json", 1, &[]),
        ("deep-50.json", 1, &["deep-nesting"]),
        ("contained-3k-refs.json", 1, &[]),
        ("contained-missing.json", 1, &[]),
        ("reference-cycle.json", 2, &[]),
        ("refs-all-shapes.json", 0, &[]),
        ("primitive-extension.json", 1, &[]),
        ("dates.json", 0, &["date-unclear"]),
        ("unit-code-conflict.json", 0, &["unit-unclear"]),
        ("long-string.json", 1, &[]),
        ("bad-base64.json", 1, &["invalid-base64"]),
        ("mime-lies.json", 1, &["type-differs"]),
        ("r5-medicationrequest.json", 1, &["other-release"]),
        ("stu3-medicationrequest.json", 1, &["other-release"]),
        ("dstu2-medicationorder.json", 1, &["other-release"]),
        ("arrays-instead-of-objects.json", 1, &["odd-shape"]),
        ("numbers-as-strings.json", 1, &["odd-shape"]),
        ("empty-objects.json", 1, &["odd-shape"]),
        ("lone-surrogate.json", 1, &[]),
        ("multi-patient.json", 0, &["several-patients"]),
        ("ndjson.ndjson", 4, &[]),
    ];
    for (name, entries, remarks) in cases {
        let Ok(bytes) = std::fs::read(folder.join("fhir/edge/generated").join(name)) else { continue };
        let reading =
            read(&bytes, &Limits::default()).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.code));
        examine(&bytes, &reading);
        let kept = reading.entries.iter().filter(|entry| entry.resource_type().is_some()).count();
        if *entries > 0 {
            assert_eq!(kept, *entries, "{name}");
        }
        let mut seen: Vec<&str> = reading.warnings.iter().map(|finding| finding.reason).collect();
        for entry in &reading.entries {
            seen.extend(reading.extract(entry.ordinal).map(|extract| extract.warnings).unwrap_or_default());
        }
        for remark in *remarks {
            assert!(seen.contains(remark), "{name}: {remark} not in {seen:?}");
        }
    }
}

#[test]
fn large_packed_files_come_whole() {
    let Some(folder) = data() else { return };
    for (name, entries) in [("huge-collection.json.gz", 9931), ("100k-observations.json.gz", 100_000)] {
        let Ok(bytes) = std::fs::read(folder.join("fhir/edge/generated").join(name)) else { continue };
        let reading = read(&bytes, &Limits::default()).unwrap();
        assert!(reading.inflated);
        assert_eq!(reading.entries.len(), entries, "{name}");
        let last = u32::try_from(entries - 1).unwrap();
        assert!(reading.extract(0).is_ok() && reading.extract(last).is_ok());
    }
}

#[test]
#[ignore = "prints speed; run with --release"]
fn speed() {
    let Some(folder) = data() else { return };
    let mut list = Vec::new();
    files(&folder.join("fhir/synthea-r4"), &mut list);
    let texts: Vec<Vec<u8>> = list.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let size: usize = texts.iter().map(Vec::len).sum();
    #[allow(clippy::cast_precision_loss)]
    let rate = |seconds: f64| size as f64 / 1e6 / seconds;
    let mut best = [f64::MAX; 2];
    for _ in 0..5 {
        let start = Instant::now();
        for text in &texts {
            std::hint::black_box(read(text, &Limits::default()).unwrap());
        }
        best[0] = best[0].min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        for text in &texts {
            let reading = read(text, &Limits::default()).unwrap();
            for entry in &reading.entries {
                let _ = std::hint::black_box(reading.extract(entry.ordinal));
            }
        }
        best[1] = best[1].min(start.elapsed().as_secs_f64());
    }
    println!(
        "{} files, {} bytes: split {:.0} MB/s, split + extract {:.0} MB/s",
        texts.len(),
        size,
        rate(best[0]),
        rate(best[1])
    );
}
