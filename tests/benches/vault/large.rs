//! A vault of a lifetime: 100,000 records and 2,000 attachments, unlocked and searched in fresh processes, backed up and
//! restored.

use crate::ours::{Ours, bring_back};
use crate::{BATCH, WORD, generated, millis, random, size_of};
use kosha_crypto::{RecoveryPhrase, SystemEntropy};
use kosha_tests::measure::{cpu_of, median, resident_memory};
use std::path::Path;
use std::process::Command;

const ROUNDS: usize = 5;
const ATTACHMENTS: usize = 2_000;
/// Bytes of each.
const ATTACHMENT: usize = 20 << 10;
/// Set for the processes that are started here: the vault to open.
const OPEN: &str = "KOSHA_BENCH_OPEN";

/// Whether this process is one of those.
pub fn is_asked() -> bool {
    std::env::var_os(OPEN).is_some()
}

/// Fills a vault and prints what fresh processes measure in it.
pub fn print(count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vault");
    let mut ours = Ours::create(&path);
    ours.search(WORD);
    ours.insert_logged(&generated(count), BATCH * 10);
    ours.search(WORD);
    let mut content = vec![0; ATTACHMENT];
    for _ in 0..ATTACHMENTS {
        random(&mut content);
        ours.write_file(&content);
    }
    let phrase = RecoveryPhrase::generate(&SystemEntropy).expect("a phrase");
    let (file, place) = (folder.path().join("backup"), folder.path().join("restored"));
    let saved = cpu_of(|| ours.back_up(&file, &phrase)).1;
    let restored = cpu_of(|| bring_back(&file, &place, &phrase)).1;
    drop(ours);
    println!(
        "\n{count} records, {ATTACHMENTS} attachments: whole backup {:.0} ms, {} MiB; restored, all of it checked, {:.0} ms",
        millis(saved),
        size_of(&file) >> 20,
        millis(restored)
    );
    println!("{} MiB on disk; medians of {ROUNDS} fresh processes:", size_of(&path) >> 20);
    let runs: Vec<Vec<f64>> = (0..ROUNDS).map(|_| fresh(&path)).collect();
    let names =
        ["unlock to first page, ms", "more memory then, MiB", "first search, ms", "more memory then, MiB"];
    let aims = ["60", "60", "50", ""];
    println!("| what | figure | aim |\n| --- | --- | --- |");
    for (at, (name, aim)) in names.iter().zip(aims).enumerate() {
        println!("| {name} | {:.1} | {aim} |", median(runs.iter().map(|run| run[at]).collect()));
    }
}

fn fresh(path: &Path) -> Vec<f64> {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).env(OPEN, path).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .filter_map(|figure| figure.parse().ok())
        .collect()
}

/// What such a process does.
#[allow(clippy::cast_precision_loss)]
pub fn one_process() {
    let path = std::env::var_os(OPEN).expect("a vault");
    let before = resident_memory();
    let more = || resident_memory().saturating_sub(before) as f64 / f64::from(1 << 20);
    let (ours, unlocked) = cpu_of(|| Ours::open_first_page(Path::new(&path)));
    let first = more();
    let (found, searched) = cpu_of(|| ours.search(WORD));
    assert!(found > 0);
    println!("{} {first} {} {}", millis(unlocked), millis(searched), more());
}
