//! Work on a vault is killed at random moments, again and again. What was promised is there, and the vault is whole.
//!
//! Each kind of work runs in a process of its own (`kosha_tests::faults`), on the facade, as an app would. A kill counts
//! only where the work was not done yet.

use kosha::attach::AttachWish;
use kosha::family::NewPerson;
use kosha::import::ImportWish;
use kosha::restore::RestoreWish;
use kosha::timeline::TimelineQuery;
use kosha::{Environment, LockedWallet, Session, Unlock};
use kosha_crypto::SystemEntropy;
use kosha_crypto::digest::sha256;
use kosha_crypto::slot::KdfStrength;
use kosha_tests::faults::{Aim, Order, Worker, order, promise, rounds};
use kosha_tests::generator::{Dice, STYLES, bundle};
use kosha_tests::keystore::FileKeystore;
use kosha_tests::noise::Noise;
use kosha_tests::programs::files_below;
use kosha_tests::wallets::environment;
use kosha_vault::{CreateOptions, Env, Vault};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// After so many runs a fresh vault is taken, so that the work stays short.
const GENERATION: usize = 25;

/// A kind of work, and what has to hold after each kill.
trait Work {
    const NAME: &str;
    /// Kills in `cargo xtask test`; in `torture` 2,000.
    const KILLS: usize = 40;

    /// A fresh vault.
    fn begin(folder: &Path) -> Self;

    /// What the worker does, with its promises.
    fn work(order: &Order);

    /// Looks at what a worker left that made these promises.
    fn verify(&mut self, folder: &Path, seed: u64, promised: &[String]);
}

/// Kills one kind of work at moments spread over its whole length.
fn kill<W: Work>() {
    let kills = rounds(W::KILLS, 2_000);
    let start = Instant::now();
    let mut folder = fresh();
    let mut state = W::begin(folder.path());
    let mut trial = Worker::start("worker", W::NAME, folder.path(), 0);
    trial.ready();
    let (promised, length) = trial.finished();
    assert!(!promised.is_empty(), "the work promises nothing");
    state.verify(folder.path(), 0, &promised);
    let mut aim = Aim::new(4_711, length);
    let (mut counted, mut behind, mut runs) = (0, 0, 0);
    while counted < kills {
        assert!(runs < kills * 4, "only {counted} of {runs} were still at work when they were killed");
        runs += 1;
        if runs % GENERATION == 0 {
            folder = fresh();
            state = W::begin(folder.path());
        }
        let seed = runs as u64;
        let mut worker = Worker::start("worker", W::NAME, folder.path(), seed);
        worker.ready();
        let (promised, at_work) = worker.killed(&mut aim);
        counted += usize::from(at_work);
        behind += usize::from(at_work && !promised.is_empty());
        state.verify(folder.path(), seed, &promised);
    }
    println!(
        "{}: {counted} kills in {runs} runs, {behind} of them behind the first promise, {:.0} s",
        W::NAME,
        start.elapsed().as_secs_f64()
    );
}

/// In memory where the machine has such a folder: what a process wrote outlives its kill in either.
fn fresh() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// The entry of workers; as a test it has nothing to do.
#[test]
fn worker() {
    let Some(order) = order() else { return };
    match order.work.as_str() {
        Import::NAME => Import::work(&order),
        Attach::NAME => Attach::work(&order),
        Rotate::NAME => Rotate::work(&order),
        Backup::NAME => Backup::work(&order),
        Restore::NAME => Restore::work(&order),
        other => panic!("no such work: {other}"),
    }
}

#[test]
fn killed_imports_lose_nothing() {
    kill::<Import>();
}

#[test]
fn killed_attachings_lose_nothing_and_leave_nothing_behind() {
    kill::<Attach>();
}

#[test]
fn killed_replacements_of_keys_leave_one_key_that_opens_everything() {
    kill::<Rotate>();
}

#[test]
fn killed_backups_keep_what_they_held() {
    kill::<Backup>();
}

#[test]
fn killed_restores_leave_the_old_vault_or_the_new_one() {
    kill::<Restore>();
}

/// The keystore is a folder, so that a key that was destroyed is gone.
fn on(folder: &Path) -> Environment {
    let mut environment = environment();
    environment.keystore = Some(Arc::new(FileKeystore::new(&folder.join("keystore"))));
    environment
}

fn open_with(folder: &Path, unlock: &Unlock<'_>) -> Session {
    let wallet = LockedWallet::open(&folder.join("vault"), on(folder)).expect("a vault");
    wallet.unlock(unlock).expect("the vault opens")
}

fn open(folder: &Path) -> Session {
    open_with(folder, &Unlock::Device)
}

/// A vault that the device opens, and recovery words, which are kept in a file beside it.
fn make(folder: &Path) -> Session {
    let keystore = FileKeystore::new(&folder.join("keystore"));
    let options = CreateOptions {
        passphrase: None,
        device: Some((&keystore, "kosha-vault")),
        strength: KdfStrength::FLOOR,
    };
    drop(
        Vault::create(&folder.join("vault"), &options, Env { entropy: Arc::new(SystemEntropy) })
            .expect("a vault"),
    );
    let mut session = open(folder);
    let person = NewPerson { name: "Asha Marigold".to_owned(), ..NewPerson::default() };
    session.add_person(&person).expect("a person");
    let new = session.new_recovery().expect("words");
    session.use_recovery(&new).expect("a way back");
    std::fs::write(folder.join("words"), new.words().as_bytes()).expect("a file");
    session
}

fn words(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("words")).expect("words")
}

/// Imports one file: how many records are new.
fn take(session: &mut Session, folder: &Path, number: u64, count: usize) -> u64 {
    let file = folder.join(format!("import-{number}.json"));
    let style = usize::try_from(number).expect("small") % STYLES.len();
    std::fs::write(&file, bundle(STYLES[style], number, count)).expect("a file");
    let report = session.import(&ImportWish { paths: vec![file], person: None }, &mut ()).expect("an import");
    assert!(report.stopped.is_none(), "{:?}", report.stopped);
    report.totals.stored as u64
}

fn whole(session: &mut Session) -> u64 {
    let report = session.check(&mut |_, _| {}).expect("a check");
    assert!(report.ok, "{report:?}");
    report.records
}

/// Every record with the hash of its exact bytes.
fn content(session: &Session) -> BTreeSet<(String, [u8; 32])> {
    let mut found = BTreeSet::new();
    let mut query = TimelineQuery { limit: 500, ..TimelineQuery::default() };
    loop {
        let page = session.timeline(&query).expect("a page");
        for record in page.records {
            let mut bytes = Vec::new();
            session.original_to(&record.id, &mut bytes).expect("its bytes");
            found.insert((record.id, sha256(&[&bytes])));
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

struct Import {
    stored: u64,
}

impl Work for Import {
    const NAME: &str = "import";
    const KILLS: usize = 200;

    fn begin(folder: &Path) -> Self {
        drop(make(folder));
        Self { stored: 0 }
    }

    fn work(order: &Order) {
        let mut session = open(&order.folder);
        promise("ready");
        for number in 0..6 {
            let stored = take(&mut session, &order.folder, order.seed * 10 + number, 6);
            promise(&stored.to_string());
        }
    }

    fn verify(&mut self, folder: &Path, _: u64, promised: &[String]) {
        self.stored += promised.iter().map(|line| line.parse::<u64>().expect("a count")).sum::<u64>();
        let records = whole(&mut open(folder));
        assert!(records >= self.stored, "{records} records, {} were promised", self.stored);
        self.stored = records;
    }
}

struct Attach;

impl Work for Attach {
    const NAME: &str = "attach";

    fn begin(folder: &Path) -> Self {
        drop(make(folder));
        Self
    }

    fn work(order: &Order) {
        let mut session = open(&order.folder);
        promise("ready");
        let mut dice = Dice::new(order.seed);
        for (number, most) in [4_000, 70_000, 1_000_000, 300_000].into_iter().enumerate() {
            let content = Noise::new(dice.number(), 1 + dice.below(most) as u64).bytes();
            let file = order.folder.join(format!("scan-{}-{number}", order.seed));
            std::fs::write(&file, &content).expect("a file");
            let report = session.attach(&AttachWish { files: vec![file], ..AttachWish::default() });
            let report = report.expect("it is kept");
            promise(&format!("{} {}", report.attached[0].id, hex(&sha256(&[&content]))));
        }
    }

    fn verify(&mut self, folder: &Path, _: u64, promised: &[String]) {
        let mut session = open(folder);
        for line in promised {
            let (id, hash) = line.split_once(' ').expect("an id and a hash");
            let mut bytes = Vec::new();
            session.attachment_to(id, 1, None, &mut bytes).expect("what was kept");
            assert_eq!(hex(&sha256(&[&bytes])), hash);
        }
        let records = whole(&mut session);
        let files = files_below(&folder.join("vault/files")).len() as u64;
        assert_eq!(files, records, "a file of each record, none that nothing names, none half written");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

struct Rotate {
    content: BTreeSet<(String, [u8; 32])>,
}

impl Work for Rotate {
    const NAME: &str = "rotate";

    fn begin(folder: &Path) -> Self {
        let mut session = make(folder);
        take(&mut session, folder, 1, 60);
        Self { content: content(&session) }
    }

    fn work(order: &Order) {
        let mut session = open(&order.folder);
        promise("ready");
        for _ in 0..3 {
            let rotated = session.rotate().expect("new keys");
            assert!(rotated.device_key && rotated.cleared && rotated.old_keys_left == 0, "{rotated:?}");
            promise("rotated");
        }
    }

    fn verify(&mut self, folder: &Path, seed: u64, _: &[String]) {
        let mut session = open(folder);
        whole(&mut session);
        assert!(content(&session) == self.content);
        assert_eq!(files_below(&folder.join("keystore")).len(), 1, "one key, and no old one");
        drop(session);
        if seed.is_multiple_of(8) {
            let mut session = open_with(folder, &Unlock::Recovery(&words(folder)));
            whole(&mut session);
        }
    }
}

struct Backup {
    stored: u64,
    held: u64,
}

impl Work for Backup {
    const NAME: &str = "backup";

    fn begin(folder: &Path) -> Self {
        let mut session = make(folder);
        take(&mut session, folder, 1, 60);
        Self { stored: whole(&mut session), held: 0 }
    }

    fn work(order: &Order) {
        let mut session = open(&order.folder);
        promise("ready");
        for number in 0..3 {
            let stored = take(&mut session, &order.folder, order.seed * 10 + 10 + number, 4);
            promise(&format!("stored {stored}"));
            let full = order.seed % 4 == 3 && number == 1;
            let backup = order.folder.join("backup.kosha");
            let report = session.backup(&backup, full, &mut |_, _| {}).expect("a backup");
            promise(&format!("held {}", report.backup.records));
        }
    }

    fn verify(&mut self, folder: &Path, _: u64, promised: &[String]) {
        for line in promised {
            let (what, count) = line.split_once(' ').expect("a word and a count");
            let count: u64 = count.parse().expect("a count");
            if what == "held" {
                self.held = count;
            } else {
                self.stored += count;
            }
        }
        let records = whole(&mut open(folder));
        assert!(records >= self.stored, "{records} records, {} were promised", self.stored);
        self.stored = records;
        if self.held == 0 {
            return;
        }
        // What the last whole run held comes back with the words alone, whatever the run that was killed left behind it.
        let there = tempfile::tempdir().expect("a folder");
        let wish = RestoreWish { last_whole: true, ..RestoreWish::default() };
        let (file, words) = (folder.join("backup.kosha"), words(folder));
        let (unlock, place) = (Unlock::Recovery(&words), there.path().join("vault"));
        let (mut restored, report) =
            LockedWallet::restore(&file, &place, &unlock, wish, environment(), &mut |_, _| {})
                .expect("a vault");
        assert!(report.backup.records >= self.held, "{} of {}", report.backup.records, self.held);
        assert!(whole(&mut restored) >= self.held);
    }
}

struct Restore {
    /// What each backup holds.
    states: [BTreeSet<(String, [u8; 32])>; 2],
    current: usize,
}

impl Restore {
    /// Restores of one worker.
    const ROUNDS: u64 = 3;

    fn which(seed: u64, number: u64) -> usize {
        usize::from((seed + number).is_multiple_of(2))
    }

    fn backup(folder: &Path, which: usize) -> PathBuf {
        folder.join(format!("{which}.kosha"))
    }
}

impl Work for Restore {
    const NAME: &str = "restore";
    const KILLS: usize = 100;

    fn begin(folder: &Path) -> Self {
        let mut session = make(folder);
        let states = [0, 1].map(|which| {
            take(&mut session, folder, which, 50);
            let backup = Self::backup(folder, usize::try_from(which).expect("small"));
            session.backup(&backup, false, &mut |_, _| {}).expect("a backup");
            content(&session)
        });
        Self { states, current: 1 }
    }

    fn work(order: &Order) {
        let words = words(&order.folder);
        promise("ready");
        for number in 0..Self::ROUNDS {
            let which = Self::which(order.seed, number);
            let wish = RestoreWish { replace: true, ..RestoreWish::default() };
            drop(
                LockedWallet::restore(
                    &Self::backup(&order.folder, which),
                    &order.folder.join("vault"),
                    &Unlock::Recovery(&words),
                    wish,
                    on(&order.folder),
                    &mut |_, _| {},
                )
                .expect("a vault"),
            );
            promise("restored");
        }
    }

    fn verify(&mut self, folder: &Path, seed: u64, promised: &[String]) {
        let mut session = open(folder);
        whole(&mut session);
        let now = content(&session);
        drop(session);
        let done = promised.len() as u64;
        let before = if done == 0 { self.current } else { Self::which(seed, done - 1) };
        let next = if done < Self::ROUNDS { Self::which(seed, done) } else { before };
        let found = [before, next].into_iter().find(|which| self.states[*which] == now);
        self.current = found.expect("the old vault or the new one");
        let wallet = LockedWallet::open(&folder.join("vault"), on(folder)).expect("a vault");
        wallet.discard_replaced(&Unlock::Device).expect("those put aside are removed");
        let beside = std::fs::read_dir(folder).expect("a folder").flatten();
        let left = beside.filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.contains("replaced") || name.contains("restored") || name.contains(".tmp")
        });
        assert!(left.count() <= 1, "what was being built, which the next restore clears away");
    }
}
