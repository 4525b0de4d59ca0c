//! A vault of a lifetime: 100,000 records, unlocked and searched in fresh processes.

use crate::ours::Ours;
use crate::{BATCH, WORD, generated, millis, size_of};
use kosha_tests::measure::{cpu_of, median, resident_memory};
use std::path::Path;
use std::process::Command;

const ROUNDS: usize = 5;
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
    drop(ours);
    println!("\n{count} records, {} MiB on disk; medians of {ROUNDS} fresh processes:", size_of(&path) >> 20);
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
