//! What the lists of medicines and results say of real files of Indian hospitals' software, in English and Hindi, as it was last
//! read by eye (`tests/snapshots`; written anew with `KOSHA_BLESS=1`). The files are not part of the repository.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Desk, environment};
use kosha::import::ImportWish;
use kosha::timeline::TimelineQuery;
use kosha::views::results::{ResultLine, ResultsQuery};
use kosha::views::{Medicine, MedicinesQuery, Which};
use kosha::{Clock, Language, Session};

/// 2026-11-23.
struct Noon;

impl Clock for Noon {
    fn now_ms(&self) -> i64 {
        1_795_392_000_000
    }
}

fn bundles() -> Vec<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let root = std::env::var_os("KOSHA_TEST_DATA").map_or_else(beside, PathBuf::from);
    let files = |folder: &str| {
        let mut files: Vec<PathBuf> = std::fs::read_dir(root.join(folder))
            .into_iter()
            .flatten()
            .flatten()
            .map(|item| item.path())
            .collect();
        files.sort();
        files
    };
    let is_bundle = |path: &PathBuf| {
        let value: Option<serde_json::Value> =
            std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        value.is_some_and(|value| value["resourceType"] == "Bundle")
    };
    ["abdm", "fhir/abdm-nrces"].iter().flat_map(|folder| files(folder)).filter(is_bundle).collect()
}

fn named(name: &str, plain: Option<&str>) -> String {
    plain.map_or_else(|| name.to_owned(), |plain| format!("{name} ({plain})"))
}

fn joined(parts: &[Option<&str>]) -> String {
    parts.iter().flatten().copied().collect::<Vec<_>>().join(" | ")
}

fn medicine(one: &Medicine) -> String {
    let name = named(&one.name, one.plain.as_deref());
    joined(&[
        Some(&name),
        one.dosage.as_deref(),
        Some(one.state_text),
        one.since.as_deref(),
        one.until.as_deref(),
        one.sources.first().and_then(|source| source.source.as_deref()),
    ])
}

fn result(one: &ResultLine) -> String {
    let name = named(&one.name, one.plain.as_deref());
    joined(&[
        Some(&name),
        Some(&one.text),
        one.flag.as_ref().map(|flag| flag.text.as_str()),
        one.range.as_deref(),
        one.date.as_deref(),
        one.previous.as_ref().map(|before| before.text.as_str()),
        one.report.as_deref(),
    ])
}

/// In the order of the alphabet: what is of one moment has no order that is always the same.
fn lists(session: &Session) -> String {
    let mut lines = Vec::new();
    let query = MedicinesQuery { which: Which::All, limit: 1000, ..MedicinesQuery::default() };
    let found = session.medicines(&query).unwrap();
    for order in &found.do_not_take {
        lines.push(format!("  M {} | {}\n", order.title, order.state_text));
    }
    lines.extend(found.medicines.iter().map(|one| format!("  M {}\n", medicine(one))));
    for (vitals, sign) in [(false, 'R'), (true, 'V')] {
        let query = ResultsQuery { vitals, limit: 1000, ..ResultsQuery::default() };
        for one in session.results(&query).unwrap().results {
            // A name is what a person would say: no key, no address.
            assert!(!one.name.contains("://") && !one.name.contains('|'), "{}", one.name);
            lines.push(format!("  {sign} {}\n", result(&one)));
        }
    }
    lines.sort();
    lines.concat()
}

fn all_dated(session: &Session, file: &str) {
    let kinds = vec!["result".to_owned(), "vital".to_owned()];
    let query = TimelineQuery { kinds, limit: 1000, ..TimelineQuery::default() };
    for record in session.timeline(&query).unwrap().records {
        assert!(record.date.is_some(), "{file}: {} has no date", record.title);
    }
}

#[test]
fn medicines_and_results_read_as_a_person_would_write_them() {
    let files = bundles();
    if files.is_empty() {
        println!("skipped: KOSHA_TEST_DATA names no folder with these files");
        return;
    }
    let mut said = Language::ALL.iter().map(|language| (*language, String::new())).collect::<Vec<_>>();
    for path in files {
        let mut environment = environment();
        environment.clock = Arc::new(Noon);
        let mut desk = Desk::with(environment);
        desk.session.import(&ImportWish { paths: vec![path.clone()], person: None }, &mut ()).unwrap();
        let file = path.file_name().unwrap().to_str().unwrap();
        for (language, out) in &mut said {
            desk.session.set_language(*language);
            writeln!(out, "{file}\n{}", lists(&desk.session)).unwrap();
        }
        all_dated(&desk.session, file);
    }
    for (language, said) in said {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/abdm.{language}.txt"));
        if std::env::var_os("KOSHA_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &said).unwrap();
        }
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        let other = before.lines().zip(said.lines()).find(|(before, now)| before != now);
        assert!(
            before == said,
            "{language}: not as it was read; first {other:#?}. Read it, then run with KOSHA_BLESS=1"
        );
    }
}
