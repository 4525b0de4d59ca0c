//! The vault against plaintext SQLite with the same records, in one process and in turn; ratios of processor time.
//!
//! `cargo xtask bench vault`; with `KOSHA_RECORDS=100000` only the unlocking of so many records. Figures and what they mean: `docs/performance.md`.

use kosha_crypto::SystemEntropy;
use kosha_crypto::slot::KdfStrength;
use kosha_tests::generator::{Generated, STYLES, records};
use kosha_tests::keystore::OpenKeystore;
use kosha_tests::measure::{Ratio, cpu_of, peak_memory, resident_memory};
use kosha_vault::{
    Code, CreateOptions, Durability, Env, Filter, Header, HeaderDate, NewBody, PersonId, RecordId, Unlock,
    Vault,
};
use rusqlite::{Connection, params};
use std::path::Path;
use std::sync::Arc;

/// As in the command and the apps: memory is wiped when it is given back, and that costs.
#[global_allocator]
static ALLOCATOR: kosha::WipingAllocator = kosha::WIPING;

const ROUNDS: usize = 7;
const COUNT: usize = 10_000;
const BATCH: usize = 100;

/// Set by [`large`] for the processes that it starts: the vault to open.
const OPEN: &str = "KOSHA_BENCH_OPEN";

fn main() {
    if let Some(path) = std::env::var_os(OPEN) {
        return open_alone(Path::new(&path));
    }
    let data: Vec<Generated> = (0_u64..)
        .zip(STYLES)
        .flat_map(|(seed, style)| records(style, 70_000 + seed, COUNT / STYLES.len()))
        .collect();
    if let Some(count) = std::env::var("KOSHA_RECORDS").ok().and_then(|count| count.parse().ok()) {
        return large(&data, count);
    }
    let bytes: usize = data.iter().map(|record| record.bytes.len()).sum();
    println!("{} records, {} bytes on average, {ROUNDS} rounds\n", data.len(), bytes / data.len());
    println!("| work | plaintext SQLite | vault | ratio | target |\n| --- | --- | --- | --- | --- |");

    let mut table = Table::default();
    for round in 0..ROUNDS {
        table.round(round, &data);
    }
    table.print();
    println!("\npeak memory of this process: {} MiB", peak_memory() >> 20);
}

/// Unlocks a vault of `count` records in fresh processes: time, and memory over that of the process before.
fn large(data: &[Generated], count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vault");
    let (mut vault, person) = create(&path);
    let mut numbered = (0_u64..).zip(data.iter().cycle()).take(count).peekable();
    while numbered.peek().is_some() {
        let mut transaction = vault.begin(Durability::Normal).expect("a transaction");
        for (number, record) in numbered.by_ref().take(1000) {
            let mut header = header(person, record);
            header.identity = kosha_crypto::digest::sha256(&[b"identity", &number.to_le_bytes()]);
            let body = NewBody { resource_skeleton: &record.bytes, holes: &[], text: &record.title };
            transaction.add_record(header, &body).expect("an insert");
        }
        transaction.commit().expect("a commit");
    }
    drop(vault);
    println!("{count} records, {} MiB on disk; unlock to first page:", size_of(&path) >> 20);
    let program = std::env::current_exe().expect("this program");
    for _ in 0..ROUNDS {
        let done = std::process::Command::new(&program).env(OPEN, &path).status().expect("a process");
        assert!(done.success());
    }
}

fn open_alone(path: &Path) {
    let before = resident_memory();
    let (vault, time) = cpu_of(|| open_first_page(path));
    let more = resident_memory().saturating_sub(before);
    println!("{:.1} ms, {} KiB more in memory", time.as_secs_f64() * 1e3, more >> 10);
    drop(vault);
}

#[derive(Default)]
struct Table {
    insert: Ratio,
    single: Ratio,
    open: Ratio,
    page: Ratio,
    point: Ratio,
    size: Vec<f64>,
}

impl Table {
    fn round(&mut self, round: usize, data: &[Generated]) {
        let folder = tempfile::tempdir().expect("a folder");
        let (plain_path, vault_path) = (folder.path().join("plain.db"), folder.path().join("vault"));
        let mut plain = Plain::create(&plain_path);
        let (mut vault, person) = create(&vault_path);
        // Who goes first changes from round to round.
        let mut ids = Vec::new();
        let mut fill_plain = || cpu_of(|| plain.insert(data, BATCH)).1;
        let mut fill_vault = || cpu_of(|| ids = insert(&mut vault, person, data, BATCH)).1;
        let (theirs, ours) = in_turn(round, &mut fill_plain, &mut fill_vault);
        self.insert.round(theirs, ours);

        let few = &data[..200];
        let (theirs, ours) = in_turn(round, &mut || cpu_of(|| plain.insert(few, 1)).1, &mut || {
            cpu_of(|| insert(&mut vault, person, few, 1)).1
        });
        self.single.round(theirs, ours);
        drop(vault);
        plain.checkpoint();
        let sizes = [plain_path.as_path(), vault_path.as_path()].map(size_of);
        #[allow(clippy::cast_precision_loss)]
        self.size.push(sizes[1] as f64 / sizes[0] as f64);

        drop(plain);
        let (mut plain, mut vault) = (None, None);
        let (theirs, ours) = in_turn(
            round,
            &mut || cpu_of(|| plain = Some(Plain::open_first_page(&plain_path))).1,
            &mut || cpu_of(|| vault = Some(open_first_page(&vault_path))).1,
        );
        self.open.round(theirs, ours);
        let (plain, vault) = (plain.expect("open"), vault.expect("open"));

        let (theirs, ours) =
            in_turn(round, &mut || cpu_of(|| (0..200).for_each(|_| plain.page())).1, &mut || {
                cpu_of(|| (0..200).for_each(|_| page(&vault))).1
            });
        self.page.round(theirs, ours);
        let (theirs, ours) = in_turn(
            round,
            &mut || cpu_of(|| (0..COUNT).step_by(7).for_each(|at| plain.point(at * 7919 % COUNT))).1,
            &mut || cpu_of(|| (0..COUNT).step_by(7).for_each(|at| point(&vault, ids[at * 7919 % COUNT]))).1,
        );
        self.point.round(theirs, ours);
    }

    fn print(&self) {
        self.insert.print("insert, batches of 100, compressed", COUNT, "1.3");
        self.single.print("insert, one a transaction (NORMAL)", 200, "1.1");
        self.open.print("unlock to first page, 10,000 records", 1, "6 ms");
        self.page.print("timeline page of 50", 200, "0.1");
        self.point.print("point read, decompressed", COUNT.div_ceil(7), "1.6");
        println!("| file size | | | {:.2} | 0.5 |", kosha_tests::measure::median(self.size.clone()));
    }
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
    if path.is_dir() {
        kosha_tests::programs::files_below(path)
            .iter()
            .map(|file| file.metadata().map_or(0, |about| about.len()))
            .sum()
    } else {
        path.metadata().map_or(0, |about| about.len())
    }
}

/// The peer: the same records readable, with the indexes that a timeline needs.
struct Plain(Connection);

impl Plain {
    fn create(path: &Path) -> Self {
        let plain = Self::open(path);
        plain
            .0
            .execute_batch(
                "CREATE TABLE rec(id INTEGER PRIMARY KEY, uid BLOB UNIQUE, rtype TEXT, date INTEGER, ver INTEGER, title TEXT, line TEXT, body BLOB);
                 CREATE INDEX timeline ON rec(date DESC, id);
                 CREATE INDEX kinds ON rec(rtype, date DESC);",
            )
            .expect("a schema");
        plain
    }

    fn open(path: &Path) -> Self {
        let connection = Connection::open(path).expect("SQLite opens");
        connection
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;",
            )
            .expect("settings");
        Self(connection)
    }

    fn insert(&mut self, data: &[Generated], batch: usize) {
        for chunk in data.chunks(batch) {
            let transaction = self.0.transaction().expect("a transaction");
            {
                let mut insert = transaction
                    .prepare_cached(
                        "INSERT INTO rec(uid, rtype, date, ver, title, line, body) VALUES(?,?,?,1,?,?,?)",
                    )
                    .expect("a statement");
                for record in chunk {
                    let mut uid = [0_u8; 16];
                    kosha_crypto::Entropy::fill(&SystemEntropy, &mut uid).expect("randomness");
                    insert
                        .execute(params![
                            uid,
                            record.resource_type,
                            record.date_ms,
                            record.title,
                            "12.5 g/dL",
                            record.bytes
                        ])
                        .expect("an insert");
                }
            }
            transaction.commit().expect("a commit");
        }
    }

    fn checkpoint(&self) {
        self.0.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
    }

    fn open_first_page(path: &Path) -> Self {
        let plain = Self::open(path);
        plain.page();
        plain
    }

    fn page(&self) {
        let mut select = self
            .0
            .prepare_cached(
                "SELECT id, uid, rtype, date, title, line FROM rec ORDER BY date DESC, id LIMIT 50",
            )
            .expect("a statement");
        let rows = select
            .query_map([], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, Vec<u8>>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, String>(4)?,
                    row.get::<_, String>(5)?,
                ))
            })
            .expect("rows");
        assert_eq!(std::hint::black_box(rows.flatten().collect::<Vec<_>>()).len(), 50);
    }

    fn point(&self, at: usize) {
        let mut select = self.0.prepare_cached("SELECT body FROM rec WHERE id = ?").expect("a statement");
        let id = i64::try_from(at + 1).expect("small");
        let body: Vec<u8> = select.query_row([id], |row| row.get(0)).expect("a row");
        assert!(!std::hint::black_box(body).is_empty());
    }
}

fn env() -> Env {
    Env { entropy: Arc::new(SystemEntropy) }
}

fn create(path: &Path) -> (Vault, PersonId) {
    let options = CreateOptions {
        passphrase: None,
        device: Some((&OpenKeystore, "bench")),
        strength: KdfStrength::FLOOR,
    };
    let mut vault = Vault::create(path, &options, env()).expect("a vault");
    let mut transaction = vault.begin(Durability::Normal).expect("a transaction");
    let person = transaction.add_person(b"{}").expect("a person");
    transaction.commit().expect("a commit");
    (vault, person)
}

fn insert(vault: &mut Vault, person: PersonId, data: &[Generated], batch: usize) -> Vec<RecordId> {
    let mut ids = Vec::with_capacity(data.len());
    for chunk in data.chunks(batch) {
        let mut transaction = vault.begin(Durability::Normal).expect("a transaction");
        for record in chunk {
            let body = NewBody { resource_skeleton: &record.bytes, holes: &[], text: &record.title };
            ids.push(transaction.add_record(header(person, record), &body).expect("an insert"));
        }
        transaction.commit().expect("a commit");
    }
    ids
}

/// A header as an import would make it: every field that a result has.
fn header(person: PersonId, record: &Generated) -> Header {
    let mut header = Header::new(person, 5);
    record.resource_type.clone_into(&mut header.resource_type);
    header.title.clone_from(&record.title);
    "12.5 g/dL".clone_into(&mut header.line);
    header.codes = vec![Code { system: "http://loinc.org".into(), code: "718-7".into() }];
    header.date = Some(HeaderDate {
        start_ms: record.date_ms,
        end_ms: record.date_ms,
        precision: 5,
        offset_minutes: Some(330),
        basis: 0,
        raw: "2024-03-05T10:15:00+05:30".into(),
    });
    header.value = Some("12.5".into());
    header.unit = Some("g/dL".into());
    header.source = "City General Hospital".into();
    header.content = kosha_crypto::digest::sha256(&[&record.bytes]);
    header.identity = kosha_crypto::digest::sha256(&[b"identity", &record.bytes]);
    header.added_ms = 1_790_000_000_000;
    header
}

fn open_first_page(path: &Path) -> Vault {
    let vault = Vault::open(path, Unlock::Device(&OpenKeystore, "bench"), env()).expect("the vault opens");
    page(&vault);
    vault
}

fn page(vault: &Vault) {
    let page = vault.index().page(&Filter::default(), None, 50);
    let shown: Vec<(RecordId, u16, i64, &str, &str)> = page
        .entries
        .iter()
        .map(|entry| {
            (
                entry.id(),
                entry.kind(),
                entry.date().map_or(0, |date| date.start_ms),
                entry.title(),
                entry.line(),
            )
        })
        .collect();
    assert_eq!(std::hint::black_box(shown).len(), 50);
}

fn point(vault: &Vault, id: RecordId) {
    let body = vault.body(id).expect("a body");
    assert!(!std::hint::black_box(body).resource.is_empty());
}
