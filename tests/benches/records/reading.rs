//! Bundles in memory: split into entries, and every entry understood, beside `serde_json` (a tree of values) and the typed
//! resources of the crate `fhir`, which is built and runs apart.

use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use kosha_fhir::{Limits, Outcome};
use kosha_tests::measure::{cpu_of, median};

use crate::{ROUNDS, megabytes};

/// The typed reader, where `cargo xtask bench records` could build it.
const TYPED: &str = "KOSHA_BENCH_TYPED";

/// Prints the table.
pub fn print(files: &[PathBuf]) {
    let texts: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).expect("a bundle")).collect();
    let bytes: u64 = texts.iter().map(|text| text.len() as u64).sum();
    let speed = |times: Vec<Duration>| {
        median(times.iter().map(|took| megabytes(bytes) / took.as_secs_f64()).collect())
    };
    let (mut values, mut split, mut cards, mut typed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        values.push(timed(&texts, |text| {
            black_box(serde_json::from_slice::<serde_json::Value>(text).expect("JSON"));
        }));
        split.push(timed(&texts, |text| {
            black_box(kosha_fhir::read(text, &Limits::default()).expect("a bundle").entries.len());
        }));
        cards.push(timed(&texts, |text| {
            let reading = kosha_fhir::read(text, &Limits::default()).expect("a bundle");
            for entry in &reading.entries {
                if matches!(entry.outcome, Outcome::Resource { .. }) {
                    black_box(reading.extract(entry.ordinal).expect("a record"));
                }
            }
        }));
        typed.extend(self::typed(files));
    }
    println!("| reading in memory | MB/s | aim |\n| --- | --- | --- |");
    println!("| Kosha: split into entries | {:.0} | 500 |", speed(split));
    println!("| Kosha: every entry into its card | {:.0} | |", speed(cards));
    println!("| `serde_json::Value` | {:.0} | |", speed(values));
    if typed.is_empty() {
        println!("| `fhir` 4.1.2, typed | not built | |");
    } else {
        println!("| `fhir` 4.1.2, typed | {:.0} | |", speed(typed));
    }
}

fn timed(texts: &[Vec<u8>], mut read: impl FnMut(&[u8])) -> Duration {
    cpu_of(|| texts.iter().for_each(|text| read(text))).1
}

/// One round of the typed reader over the same files.
fn typed(files: &[PathBuf]) -> Option<Duration> {
    let output = Command::new(std::env::var_os(TYPED)?).args(files).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(Duration::from_nanos(String::from_utf8_lossy(&output.stdout).trim().parse().expect("nanoseconds")))
}
