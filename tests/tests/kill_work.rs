//! Work on a vault is killed at random moments, again and again. What was promised is there, and the vault is whole.
//!
//! Each kind of work runs in a process of its own (`kosha_tests::faults`), on the facade, as an app would.

use kosha::import::ImportWish;
use kosha::{LockedWallet, Session, Unlock};
use kosha_tests::faults::{Order, Worker, order, promise};
use kosha_tests::generator::{Dice, STYLES, bundle};
use kosha_tests::wallets::{environment, vault_with};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Kills of each kind of work; in `torture` many more.
fn kills() -> usize {
    if std::env::var_os("KOSHA_TORTURE").is_some() { 2_000 } else { 40 }
}

/// After so many kills a fresh vault is taken, so that the work stays short.
const GENERATION: usize = 25;

fn open(folder: &Path) -> Session {
    LockedWallet::open(&folder.join("vault"), environment())
        .and_then(|wallet| wallet.unlock(&Unlock::Device))
        .expect("the vault opens")
}

fn whole(mut session: Session) -> u64 {
    let report = session.check(&mut |_, _| {}).expect("a check");
    assert!(report.ok, "{report:?}");
    report.records
}

/// The entry of workers; as a test it has nothing to do.
#[test]
fn worker() {
    let Some(order) = order() else { return };
    match order.work.as_str() {
        "import" => import(&order),
        other => panic!("no such work: {other}"),
    }
}

/// Kills one kind of work at moments spread over its whole length. `verify` is called after each kill with what was
/// promised in it.
fn kill(work: &str, make: impl Fn(&Path), mut verify: impl FnMut(&Path, &[String])) {
    let mut dice = Dice::new(4_711);
    let mut folder = tempfile::tempdir().expect("a folder");
    make(folder.path());
    let length = {
        let trial = tempfile::tempdir().expect("a folder");
        make(trial.path());
        let mut worker = Worker::start("worker", work, trial.path(), 0);
        worker.ready();
        worker.finished().1
    };
    let (mut before, mut inside) = (0, 0);
    for round in 0..kills() {
        if round % GENERATION == 0 {
            folder = tempfile::tempdir().expect("a folder");
            make(folder.path());
        }
        let mut worker = Worker::start("worker", work, folder.path(), round as u64 + 1);
        worker.ready();
        let reach = u64::try_from(length.as_micros()).expect("short");
        let promised = worker.killed_after(Duration::from_micros(dice.number() % reach.max(1)));
        let count = if promised.is_empty() { &mut before } else { &mut inside };
        *count += 1;
        verify(folder.path(), &promised);
    }
    println!(
        "{work}: {} kills over {length:?}, {before} before the first promise, {inside} behind it",
        kills()
    );
}

fn import(order: &Order) {
    let mut session = open(&order.folder);
    promise("ready");
    for number in 0..6 {
        let file = order.folder.join(format!("{}-{number}.json", order.seed));
        let bundle = bundle(STYLES[number % STYLES.len()], order.seed * 10 + number as u64, 6);
        std::fs::write(&file, bundle).expect("a file");
        let report =
            session.import(&ImportWish { paths: vec![file], person: None }, &mut ()).expect("an import");
        promise(&report.totals.stored.to_string());
    }
}

#[test]
fn killed_imports_lose_nothing() {
    let mut stored = (PathBuf::new(), 0);
    kill(
        "import",
        |folder| drop(vault_with(&folder.join("vault"), &[])),
        |folder, promised| {
            if stored.0 != folder {
                stored = (folder.to_owned(), 0);
            }
            stored.1 += promised.iter().map(|line| line.parse::<u64>().expect("a count")).sum::<u64>();
            let records = whole(open(folder));
            assert!(records >= stored.1, "{records} records, {} were promised", stored.1);
            stored.1 = records;
        },
    );
}
