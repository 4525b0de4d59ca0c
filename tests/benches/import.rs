//! From a hospital's file to committed records: megabytes a second on one core, and the memory it takes.
//!
//! `cargo xtask bench import`. Reads the synthetic whole-patient bundles of the outside test data, else generated ones.

use kosha::import::ImportWish;
use kosha_tests::generator::{STYLES, bundle};
use kosha_tests::measure::{cpu_of, median, peak_memory};
use kosha_tests::programs::{files_below, test_data};
use kosha_tests::wallets::vault_with;
use std::path::{Path, PathBuf};
use std::process::Command;

/// As in the command and the apps: memory is wiped when it is given back, and that costs.
#[global_allocator]
static ALLOCATOR: kosha::WipingAllocator = kosha::WIPING;

const ROUNDS: usize = 5;
/// Set for the process that imports one file and tells its peak memory.
const ALONE: &str = "KOSHA_BENCH_ALONE";

fn main() {
    if let Some(file) = std::env::var_os(ALONE) {
        return alone(Path::new(&file));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let files = files(folder.path());
    let bytes: u64 = files.iter().map(|file| size(file)).sum();
    println!(
        "| file | MB | from file to committed | peak memory over that of an empty vault |\n| --- | --- | --- | --- |"
    );
    let mut speeds = Vec::new();
    for round in 0..ROUNDS {
        let mut session = vault_with(&folder.path().join(format!("vault-{round}")), &[]);
        let wish = ImportWish { paths: files.clone(), person: None };
        let (report, took) = cpu_of(|| session.import(&wish, &mut ()).expect("an import"));
        assert_eq!(report.totals.refused, 0);
        speeds.push(megabytes(bytes) / took.as_secs_f64());
    }
    println!("| {} files | {:.1} | {:.1} MB/s | |", files.len(), megabytes(bytes), median(speeds));
    let idle = memory_of(Path::new(""));
    let mut by_size = files;
    by_size.sort_by_key(|file| std::cmp::Reverse(size(file)));
    for file in by_size.iter().take(3) {
        let used = memory_of(file).saturating_sub(idle);
        let times = megabytes(used) / megabytes(size(file));
        println!(
            "| one alone | {:.1} | | {:.1} MB, {times:.1} times the file |",
            megabytes(size(file)),
            megabytes(used)
        );
    }
}

/// Imports one file, or none, into a new vault, and prints the peak memory of this process.
fn alone(file: &Path) {
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<PathBuf> = if file.as_os_str().is_empty() { Vec::new() } else { vec![file.to_path_buf()] };
    drop(vault_with(&folder.path().join("vault"), &files));
    println!("{}", peak_memory());
}

fn memory_of(file: &Path) -> u64 {
    let output =
        Command::new(std::env::current_exe().expect("own path")).env(ALONE, file).output().expect("itself");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of bytes")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    if let Some(data) = test_data() {
        return files_below(&data.join("fhir/synthea-r4"))
            .into_iter()
            .filter(|file| file.extension().is_some_and(|end| end == "json"))
            .collect();
    }
    (0_u64..)
        .zip(STYLES)
        .map(|(seed, style)| {
            let file = folder.join(format!("bundle-{seed}.json"));
            std::fs::write(&file, bundle(style, seed, 1_500)).expect("a file");
            file
        })
        .collect()
}

fn size(file: &Path) -> u64 {
    file.metadata().map_or(0, |about| about.len())
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
