//! Instructions of the hot paths, counted by `valgrind --tool=callgrind`: they do not move with what else the machine does.
//!
//! Valgrind knows no vector AES, so the ciphers run as on a processor with plain AES instructions.

use crate::ours::Ours;
use crate::{COUNT, WORD, generated};
use std::process::{Command, Stdio};

/// Set by `cargo xtask bench counts`.
const ASKED: &str = "KOSHA_BENCH_COUNTS";
/// Set for the processes that are started here: the work to do.
const WORK: &str = "KOSHA_BENCH_WORK";

/// Name, what is done, how often.
const PATHS: [(&str, &str, u64); 6] = [
    ("insert", "insert one record (batches of 100)", 1_000),
    ("page", "timeline page of 50", 100),
    ("point", "point read, decompressed", 1_000),
    ("unlock", "unlock to first page, 10,000 records", 1),
    ("first-search", "first search after unlock, 10,000 records", 1),
    ("search", "search, newest 20, warm", 100),
];

/// Whether this process is to count, or to be counted.
pub fn is_asked() -> bool {
    std::env::var_os(ASKED).is_some() || std::env::var_os(WORK).is_some()
}

/// Counts each path in a process of its own and prints a table.
pub fn run() {
    if let Ok(work) = std::env::var(WORK) {
        return one_process(&work);
    }
    let valgrind = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    if !valgrind.is_ok_and(|status| status.success()) {
        println!("skipped: instructions are counted by valgrind, which is not here");
        return;
    }
    println!("| work | instructions |\n| --- | --- |");
    for (name, shown, times) in PATHS {
        println!("| {shown} | {} |", grouped(count(name) / times));
    }
}

fn count(name: &str) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counts*counted*"])
        .arg(program)
        .env(WORK, name)
        .output()
        .expect("valgrind runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let collected = said.lines().find_map(|line| line.split_once("Collected :"));
    collected.and_then(|(_, count)| count.trim().parse().ok()).expect("a count")
}

/// `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Instructions are collected in here alone.
#[inline(never)]
fn counted(work: &mut dyn FnMut()) {
    work();
    std::hint::black_box(());
}

fn one_process(name: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vault");
    let data = generated(COUNT);
    let mut ours = Ours::create(&path);
    let times = PATHS.iter().find(|path| path.0 == name).expect("a path").2;
    let few = &data[..usize::try_from(times).expect("small")];
    if name == "insert" {
        ours.insert(&data[COUNT / 2..], 100);
        return counted(&mut || ours.insert(few, 100));
    }
    ours.search(WORD);
    ours.insert_logged(&data, 100);
    ours.search(WORD);
    let ids = ours.ids().to_vec();
    drop(ours);
    if name == "unlock" {
        return counted(&mut || drop(Ours::open_first_page(&path)));
    }
    let ours = Ours::open_first_page(&path);
    match name {
        "first-search" => counted(&mut || assert!(ours.search(WORD) > 0)),
        "search" => {
            ours.search(WORD);
            counted(&mut || (0..times).for_each(|_| assert!(ours.search("glucose") > 0)));
        }
        "page" => counted(&mut || (0..times).for_each(|_| ours.page())),
        "point" => counted(&mut || ids.iter().step_by(10).for_each(|id| ours.point(*id))),
        other => panic!("no such work: {other}"),
    }
}
