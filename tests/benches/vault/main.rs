//! The vault against SQLite with the same records: plaintext in the same process and in turn, `SQLCipher` in a process of its
//! own in each round. Ratios of processor time.
//!
//! `cargo xtask bench vault`. What the figures mean: `docs/performance.md`.

mod counts;
mod encrypted;
mod large;
mod ours;
mod peer;
mod unseen;

use encrypted::Encrypted;
use kosha_crypto::SystemEntropy;
use kosha_tests::generator::{Generated, STYLES, records};
use kosha_tests::measure::{Ratio, cpu_of, median, peak_memory};
use kosha_tests::programs::files_below;
use ours::Ours;
use peer::{Peer, Row};
use std::path::Path;

/// As in the command and the apps: memory is wiped when it is given back, and that costs.
#[global_allocator]
static ALLOCATOR: kosha::WipingAllocator = kosha::WIPING;

const ROUNDS: usize = 7;
const COUNT: usize = 10_000;
const BATCH: usize = 100;
/// Records that are added one in a transaction.
const SINGLE: usize = 200;
/// Bytes of the attachment.
const FILE: usize = 20 << 20;
/// A word to search for after unlocking.
const WORD: &str = "haemoglobin";

fn main() {
    if large::is_asked() {
        return large::one_process();
    }
    if counts::is_asked() {
        return counts::run();
    }
    let data = generated(COUNT);
    let bytes: usize = data.iter().map(|row| row.bytes.len()).sum();
    println!("{} records, {} bytes on average, {ROUNDS} rounds\n", data.len(), bytes / data.len());
    let mut table = Table::default();
    let encrypted = Encrypted::find(&data);
    for round in 0..ROUNDS {
        table.round(round, &data);
        if let Some(encrypted) = &encrypted {
            table.encrypted.push(encrypted.run());
        }
    }
    table.print();
    unseen::print();
    drop(data);
    println!("\npeak memory of this process: {} MiB", peak_memory() >> 20);
    large::print(100_000);
}

/// Records of all styles, with what is searched in them: the words that are meant for people.
fn generated(count: usize) -> Vec<Row> {
    let row = |record: Generated| {
        let text = unseen::words(&record.bytes);
        Row {
            resource_type: record.resource_type.to_owned(),
            title: record.title,
            text,
            date_ms: record.date_ms,
            bytes: record.bytes,
        }
    };
    let styles = (0_u64..).zip(STYLES);
    styles.flat_map(|(seed, style)| records(style, 70_000 + seed, count / STYLES.len())).map(row).collect()
}

fn random(out: &mut [u8]) {
    kosha_crypto::Entropy::fill(&SystemEntropy, out).expect("randomness");
}

/// Both pieces of work, the other one first in every second round.
fn in_turn<T>(round: usize, peer: &mut dyn FnMut() -> T, ours: &mut dyn FnMut() -> T) -> (T, T) {
    if round.is_multiple_of(2) {
        let theirs = peer();
        (theirs, ours())
    } else {
        let mine = ours();
        (peer(), mine)
    }
}

fn size_of(path: &Path) -> u64 {
    let files = if path.is_dir() { files_below(path) } else { vec![path.to_owned()] };
    files.iter().map(|file| file.metadata().map_or(0, |about| about.len())).sum()
}

#[allow(clippy::cast_precision_loss)]
fn share(ours: u64, theirs: u64) -> f64 {
    ours as f64 / theirs as f64
}

#[derive(Default)]
struct Table {
    rows: Vec<(&'static str, usize, &'static str, &'static str, Ratio)>,
    alone: Vec<(&'static str, &'static str, Vec<f64>)>,
    sizes: Vec<(&'static str, &'static str, Vec<f64>)>,
    encrypted: Vec<encrypted::Times>,
}

impl Table {
    /// A round of one row; `name` is that of `SQLCipher`'s process too.
    fn row(
        &mut self,
        name: &'static str,
        per: usize,
        shown: &'static str,
        target: &'static str,
        (theirs, ours): (std::time::Duration, std::time::Duration),
    ) {
        let at = self.rows.iter().position(|row| row.0 == name).unwrap_or_else(|| {
            self.rows.push((name, per, shown, target, Ratio::default()));
            self.rows.len() - 1
        });
        self.rows[at].4.round(theirs, ours);
    }

    fn alone(&mut self, shown: &'static str, target: &'static str, value: f64) {
        push(&mut self.alone, shown, target, value);
    }

    fn round(&mut self, round: usize, data: &[Row]) {
        let folder = tempfile::tempdir().expect("a folder");
        let (plain, vault) = (folder.path().join("plain.db"), folder.path().join("vault"));
        self.without_search(round, data, &plain, &vault);
        let (plain, vault) = (folder.path().join("searched.db"), folder.path().join("searched"));
        self.with_search(round, data, &plain, &vault);
    }

    fn without_search(&mut self, round: usize, data: &[Row], plain_path: &Path, vault_path: &Path) {
        let mut plain = Peer::create(plain_path, None, false);
        let mut ours = Ours::create(vault_path);
        let took = in_turn(round, &mut || cpu_of(|| plain.insert(data, BATCH, &mut random)).1, &mut || {
            cpu_of(|| ours.insert(data, BATCH)).1
        });
        self.row("insert", COUNT, "insert, batches of 100, compressed", "1.3", took);
        let ids = ours.ids().to_vec();
        let few = &data[..SINGLE];
        let took = in_turn(round, &mut || cpu_of(|| plain.insert(few, 1, &mut random)).1, &mut || {
            cpu_of(|| ours.insert(few, 1)).1
        });
        self.row("single", SINGLE, "insert, one a transaction (`NORMAL`)", "1.1", took);
        drop(ours);
        plain.checkpoint();
        drop(plain);
        let database = size_of(&vault_path.join("vault.db"));
        push(
            &mut self.sizes,
            "`vault.db`, styles known to the dictionary",
            "",
            share(database, size_of(plain_path)),
        );

        let (mut plain, mut ours) = (None, None);
        let took = in_turn(
            round,
            &mut || {
                cpu_of(|| {
                    let peer = Peer::open(plain_path, None, false);
                    peer.page();
                    plain = Some(peer);
                })
                .1
            },
            &mut || cpu_of(|| ours = Some(Ours::open_first_page(vault_path))).1,
        );
        self.row("open", 1, "unlock to first page, 10,000 records", "6 ms", took);
        let (plain, mut ours) = (plain.expect("open"), ours.expect("open"));
        let compared = cpu_of(|| ours.compared()).1;
        self.alone("rows compared after the unlock, on a second thread", "", millis(compared));
        let took = in_turn(round, &mut || cpu_of(|| (0..200).for_each(|_| plain.page())).1, &mut || {
            cpu_of(|| (0..200).for_each(|_| ours.page())).1
        });
        self.row("page", 200, "timeline page of 50", "0.1", took);
        for (name, count, times, shown, target) in [
            ("page-bodies", 50, 100, "timeline page of 50 with bodies", "2.5"),
            ("scan", COUNT, 1, "every body, newest first", "3.0"),
        ] {
            let took = in_turn(
                round,
                &mut || cpu_of(|| (0..times).for_each(|_| assert!(plain.bodies(count) > 0))).1,
                &mut || cpu_of(|| (0..times).for_each(|_| assert!(ours.bodies(count) > 0))).1,
            );
            self.row(name, times, shown, target, took);
        }
        let places = || (0..COUNT).step_by(7).map(|at| at * 7919 % COUNT);
        let took = in_turn(round, &mut || cpu_of(|| places().for_each(|at| plain.point(at))).1, &mut || {
            cpu_of(|| places().for_each(|at| ours.point(ids[at]))).1
        });
        self.row("point", COUNT.div_ceil(7), "point read, decompressed", "1.4", took);
        self.alone(
            "delete one record, all keys new, 10,000 records",
            "",
            millis(cpu_of(|| ours.delete(ids[3])).1),
        );
        self.alone("all keys new, 10,000 records", "150 ms", millis(cpu_of(|| ours.rotate()).1));
    }

    fn with_search(&mut self, round: usize, data: &[Row], plain_path: &Path, vault_path: &Path) {
        let mut plain = Peer::create(plain_path, None, true);
        let mut ours = Ours::create(vault_path);
        // The index is in memory from the first search on; the last one takes in what came since.
        ours.search(WORD);
        let took = in_turn(round, &mut || cpu_of(|| plain.insert(data, BATCH, &mut random)).1, &mut || {
            cpu_of(|| {
                ours.insert_logged(data, BATCH);
                ours.search(WORD);
            })
            .1
        });
        self.row("insert-search", COUNT, "insert with search and log", "1.0", took);
        drop(ours);
        plain.checkpoint();
        drop(plain);
        let files = size_of(vault_path);
        push(
            &mut self.sizes,
            "whole vault with search, against SQLite with FTS5",
            "",
            share(files, size_of(plain_path)),
        );

        let plain = Peer::open(plain_path, None, true);
        let ours = Ours::open_first_page(vault_path);
        ours.compared();
        let took =
            in_turn(round, &mut || cpu_of(|| plain.search(WORD)).1, &mut || cpu_of(|| ours.search(WORD)).1);
        self.row("first-search", 1, "first search after unlock, 10,000 records", "3 ms", took);
        let words: Vec<String> = data.iter().step_by(50).filter_map(|row| first_word(&row.title)).collect();
        let took = in_turn(
            round,
            &mut || cpu_of(|| words.iter().for_each(|word| assert!(plain.search(word) > 0, "{word}"))).1,
            &mut || cpu_of(|| words.iter().for_each(|word| assert!(ours.search(word) > 0, "{word}"))).1,
        );
        self.row("search", words.len(), "search, newest 20, warm", "1.0", took);

        let content: Vec<u8> = (0..FILE).map(|at| (at * 31 % 251).to_le_bytes()[0]).collect();
        let mut ours = ours;
        let took = in_turn(round, &mut || cpu_of(|| plain.write_file(&content)).1, &mut || {
            cpu_of(|| ours.write_file(&content)).1
        });
        self.row("write-file", 1, "attachment of 20 MiB, write", "0.3", took);
        let took =
            in_turn(round, &mut || cpu_of(|| assert_eq!(plain.read_file().len(), FILE)).1, &mut || {
                cpu_of(|| assert_eq!(ours.read_file(FILE).len(), FILE)).1
            });
        self.row("read-file", 1, "attachment of 20 MiB, read", "0.7", took);
    }

    fn print(&self) {
        println!(
            "| work | plaintext SQLite | vault | ratio | aim | SQLCipher, ratio |\n| --- | --- | --- | --- | --- | --- |"
        );
        for (name, per, shown, target, ratio) in &self.rows {
            let theirs: Vec<f64> = self
                .encrypted
                .iter()
                .zip(ratio.peers())
                .filter_map(|(times, plain)| Some(times.get(*name)?.as_secs_f64() / plain.as_secs_f64()))
                .collect();
            let cipher = if theirs.is_empty() { "-".to_owned() } else { format!("{:.2}", median(theirs)) };
            ratio.print(shown, *per, &format!("{target} | {cipher}"));
        }
        for (shown, target, values) in &self.alone {
            println!("| {shown} | | {:.1} ms | | {target} | |", median(values.clone()));
        }
        for (shown, target, values) in &self.sizes {
            println!("| {shown} | | | {:.2} | {target} | |", median(values.clone()));
        }
    }
}

fn push(
    list: &mut Vec<(&'static str, &'static str, Vec<f64>)>,
    shown: &'static str,
    target: &'static str,
    value: f64,
) {
    match list.iter_mut().find(|row| row.0 == shown) {
        Some(row) => row.2.push(value),
        None => list.push((shown, target, vec![value])),
    }
}

fn millis(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn first_word(title: &str) -> Option<String> {
    title.split(|char: char| !char.is_alphanumeric()).find(|word| word.len() > 3).map(str::to_lowercase)
}
