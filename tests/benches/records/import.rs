//! From a hospital's file to committed records: megabytes a second on one core, and the memory it takes.

use std::path::{Path, PathBuf};
use std::process::Command;

use kosha::import::ImportWish;
use kosha_tests::measure::{cpu_of, median, peak_memory};
use kosha_tests::wallets::vault_with;

use crate::{ROUNDS, megabytes, size};

/// Set for the process that imports one file and tells its peak memory.
const ALONE: &str = "KOSHA_BENCH_ALONE";
/// Bytes of the large bundle, which stands on one line.
const LARGE: usize = 14_700_000;

/// Whether this process is to import one file only.
pub fn is_asked() -> bool {
    std::env::var_os(ALONE).is_some()
}

/// Prints both tables.
pub fn print(files: &[PathBuf]) {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes: u64 = files.iter().map(|file| size(file)).sum();
    let mut speeds = Vec::new();
    for round in 0..ROUNDS {
        let mut session = vault_with(&folder.path().join(format!("vault-{round}")), &[]);
        let wish = ImportWish { paths: files.to_vec(), person: None };
        let (report, took) = cpu_of(|| session.import(&wish, &mut ()).expect("an import"));
        assert_eq!(report.totals.refused, 0);
        speeds.push(megabytes(bytes) / took.as_secs_f64());
    }
    println!("\n| from file to committed | MB | MB/s | aim |\n| --- | --- | --- | --- |");
    println!("| {} files | {:.1} | {:.1} | 60 |", files.len(), megabytes(bytes), median(speeds));

    let large = large(folder.path(), files);
    let idle = memory_of(Path::new(""));
    let mut by_size = files.to_vec();
    by_size.sort_by_key(|file| std::cmp::Reverse(size(file)));
    println!(
        "\n| one file alone | MB | peak memory over that of an empty vault | aim |\n| --- | --- | --- | --- |"
    );
    let several = by_size.iter().take(3).map(|file| ("as it is", file));
    for (what, file) in several.chain([("one line", &large)]) {
        let used = memory_of(file).saturating_sub(idle);
        let times = megabytes(used) / megabytes(size(file));
        let (file, used) = (megabytes(size(file)), megabytes(used));
        println!("| {what} | {file:.1} | {used:.1} MB, {times:.1} times the file | 3 |");
    }
}

/// A bundle of the entries of all files, on one line.
fn large(folder: &Path, files: &[PathBuf]) -> PathBuf {
    let mut entries: Vec<String> = Vec::new();
    let (mut length, mut round) = (0, 0);
    while length < LARGE {
        for file in files {
            let text = std::fs::read_to_string(file).expect("a bundle");
            // The same records again would be told apart by nothing and kept once.
            let text =
                if round == 0 { text } else { text.replace("urn:uuid:", &format!("urn:uuid:{round:x}")) };
            let bundle: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            for entry in bundle["entry"].as_array().expect("entries") {
                entries.push(entry.to_string());
                length += entries.last().map_or(0, |entry| entry.len() + 1);
                if length >= LARGE {
                    break;
                }
            }
            if length >= LARGE {
                break;
            }
        }
        round += 1;
    }
    let path = folder.join("large.json");
    let text = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","));
    std::fs::write(&path, text).expect("a file");
    path
}

/// Imports one file, or none, into a new vault, and prints the peak memory of this process.
pub fn one_process() {
    let file = PathBuf::from(std::env::var_os(ALONE).expect("a file"));
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<PathBuf> = if file.as_os_str().is_empty() { Vec::new() } else { vec![file] };
    drop(vault_with(&folder.path().join("vault"), &files));
    println!("{}", peak_memory());
}

fn memory_of(file: &Path) -> u64 {
    let output =
        Command::new(std::env::current_exe().expect("own path")).env(ALONE, file).output().expect("itself");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of bytes")
}
