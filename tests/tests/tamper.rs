//! Tampering with the files of a whole vault: pages flipped, swapped, put back; the vault, its log of writes, or its end
//! taken away; rows removed and copied. Whatever is done is refused, named, said, or changes nothing that anyone reads.

use kosha::import::ImportWish;
use kosha::timeline::TimelineQuery;
use kosha::{Clock, Environment, LockedWallet, Session, Unlock};
use kosha_crypto::digest::Sha256;
use kosha_crypto::slot::KdfStrength;
use kosha_tests::anchors::MemoryAnchors;
use kosha_tests::keystore::OpenKeystore;
use kosha_tests::programs::{Kosha, PASSPHRASE, files_below, samples};
use kosha_tests::wallets;
use kosha_vault::{CreateOptions, Env, Vault};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const PAGE: usize = 4096;

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if !entry.file_name().to_string_lossy().ends_with("-shm") {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn environment(anchors: &Arc<MemoryAnchors>) -> Environment {
    let mut environment = wallets::environment();
    environment.anchors = Some(Arc::clone(anchors) as _);
    environment
}

fn open(folder: &Path, anchors: &Arc<MemoryAnchors>) -> Result<Session, kosha::Error> {
    LockedWallet::open(folder, environment(anchors))?.unlock(&Unlock::Device)
}

/// A new vault; its first anchor is the one that a person accepts.
fn create(folder: &Path, anchors: &Arc<MemoryAnchors>) {
    let options = CreateOptions {
        passphrase: None,
        device: Some((&OpenKeystore, "kosha-vault")),
        strength: KdfStrength::FLOOR,
    };
    drop(Vault::create(folder, &options, Env { entropy: Arc::new(kosha_crypto::SystemEntropy) }).unwrap());
    open(folder, anchors).unwrap().accept_copy().unwrap();
}

fn import(session: &mut Session, files: &[PathBuf]) {
    let wish = ImportWish { paths: files.to_vec(), person: None };
    assert!(session.import(&wish, &mut ()).unwrap().stopped.is_none());
}

/// The files of the sample patient.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(samples())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// A hash of all that can be read: every record with its bytes, and the log.
fn everything(session: &Session) -> Result<[u8; 32], kosha::Error> {
    let mut hash = Sha256::new();
    let mut query = TimelineQuery { limit: 500, ..TimelineQuery::default() };
    loop {
        let page = session.timeline(&query)?;
        for card in &page.records {
            hash.update(format!("{card:?}{}{}", card.title, card.summary).as_bytes());
            let mut bytes = Vec::new();
            session.original_to(&card.id, &mut bytes)?;
            hash.update(&bytes);
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    for entry in session.log()?.entries {
        hash.update(format!("{}{}{}{}", entry.index, entry.time, entry.event, entry.detail).as_bytes());
    }
    Ok(hash.finish())
}

/// What a person meets who opens these files.
#[derive(Debug, PartialEq, Eq)]
enum Met {
    /// The vault does not open.
    Refused,
    /// `check` names places.
    Named,
    /// A warning says that these are not the records that were left.
    Warned(&'static str),
    /// All is as it was.
    Same,
}

/// The vault as it was left, with the anchor of that moment.
struct Left {
    anchors: Arc<MemoryAnchors>,
    everything: [u8; 32],
}

impl Left {
    fn meet(&self, folder: &Path, what: &str) -> Met {
        let anchors = Arc::new(self.anchors.fork());
        let Ok(mut session) = open(folder, &anchors) else { return Met::Refused };
        // That something is damaged is said, too; the check has to name what.
        if let Some(warning) = session.warnings().iter().find(|warning| warning.code != "damaged") {
            return Met::Warned(warning.code);
        }
        let Ok(report) = session.check(&mut |_, _| {}) else { return Met::Named };
        if !report.ok {
            return Met::Named;
        }
        assert_eq!(everything(&session).unwrap(), self.everything, "{what}: silently wrong");
        Met::Same
    }
}

/// A vault in its folder: closed, and as it was some imports before.
struct Closed {
    _folder: tempfile::TempDir,
    older: PathBuf,
    vault: PathBuf,
    left: Left,
}

fn closed() -> Closed {
    let folder = tempfile::tempdir().unwrap();
    let (vault, older) = (folder.path().join("vault"), folder.path().join("older"));
    let anchors = Arc::new(MemoryAnchors::default());
    create(&vault, &anchors);
    let files = files();
    let (first, rest) = files.split_at(files.len() / 2);
    import(&mut open(&vault, &anchors).unwrap(), first);
    copy(&vault, &older);
    import(&mut open(&vault, &anchors).unwrap(), rest);
    let everything = everything(&open(&vault, &anchors).unwrap()).unwrap();
    Closed { _folder: folder, older, vault, left: Left { anchors, everything } }
}

impl Closed {
    /// What is met when `vault.db` holds these bytes.
    fn with(&self, bytes: &[u8], what: &str) -> Met {
        let place = self.vault.with_extension("tampered");
        copy(&self.vault, &place);
        fs::write(place.join("vault.db"), bytes).unwrap();
        let met = self.left.meet(&place, what);
        fs::remove_dir_all(&place).unwrap();
        met
    }

    fn database(&self) -> Vec<u8> {
        fs::read(self.vault.join("vault.db")).unwrap()
    }
}

/// A vault with committed changes in its write-ahead log, as a process that was killed leaves it.
struct Killed {
    _folder: tempfile::TempDir,
    vault: PathBuf,
    left: Left,
}

fn killed() -> Killed {
    let folder = tempfile::tempdir().unwrap();
    let (vault, copied) = (folder.path().join("vault"), folder.path().join("copied"));
    let anchors = Arc::new(MemoryAnchors::default());
    create(&vault, &anchors);
    let files = files();
    let (first, rest) = files.split_at(files.len() / 2);
    import(&mut open(&vault, &anchors).unwrap(), first);
    let mut session = open(&vault, &anchors).unwrap();
    for file in rest {
        import(&mut session, std::slice::from_ref(file));
    }
    let everything = everything(&session).unwrap();
    copy(&vault, &copied);
    drop(session);
    assert!(fs::metadata(copied.join("vault.db-wal")).unwrap().len() > 0);
    Killed { _folder: folder, vault: copied, left: Left { anchors, everything } }
}

impl Killed {
    /// What is met when a file of the vault holds these bytes; without bytes it is gone.
    fn with(&self, name: &str, bytes: Option<&[u8]>, what: &str) -> Met {
        let place = self.vault.with_extension("tampered");
        copy(&self.vault, &place);
        match bytes {
            Some(bytes) => fs::write(place.join(name), bytes).unwrap(),
            None => fs::remove_file(place.join(name)).unwrap(),
        }
        let met = self.left.meet(&place, what);
        fs::remove_dir_all(&place).unwrap();
        met
    }
}

/// Every one of `count` numbers in the long form, about `most` of them otherwise, the first and last among them.
fn chosen(count: usize, most: usize) -> Vec<usize> {
    let step = if std::env::var_os("KOSHA_TORTURE").is_some() { 1 } else { count.div_ceil(most).max(1) };
    let mut chosen: Vec<usize> = (0..count).step_by(step).chain(count.checked_sub(1)).collect();
    chosen.dedup();
    chosen
}

#[test]
fn class_1_a_bit_flipped_in_a_page() {
    let vault = closed();
    let whole = vault.database();
    assert_eq!(vault.with(&whole, "untouched"), Met::Same);
    let (mut found, mut all) = (0, 0);
    for page in chosen(whole.len() / PAGE, 40) {
        // The middle of a page, and its end, where SQLite puts cells first.
        for at in [PAGE / 2, PAGE - 20] {
            let mut bytes = whole.clone();
            bytes[page * PAGE + at] ^= 0x10;
            all += 1;
            found += u32::from(vault.with(&bytes, &format!("bit in page {page}")) != Met::Same);
        }
    }
    println!("{found} of {all} flips found; the others lie in unused space");
    assert!(found * 2 > all);
}

#[test]
fn class_2_two_pages_swapped() {
    let vault = closed();
    let whole = vault.database();
    let pages = whole.len() / PAGE;
    for first in chosen(pages - 1, 40) {
        let mut bytes = whole.clone();
        let (front, back) = bytes.split_at_mut((first + 1) * PAGE);
        front[first * PAGE..].swap_with_slice(&mut back[..PAGE]);
        let met = vault.with(&bytes, &format!("pages {first} and {}", first + 1));
        let found = matches!(met, Met::Refused | Met::Named | Met::Warned("not-comparable"));
        assert!(found, "pages {first} and {}: {met:?}", first + 1);
    }
}

#[test]
fn class_3_an_old_page_put_back() {
    let vault = closed();
    let (whole, old) = (vault.database(), fs::read(vault.older.join("vault.db")).unwrap());
    let changed: Vec<usize> = (1..old.len() / PAGE)
        .filter(|page| whole[page * PAGE..][..PAGE] != old[page * PAGE..][..PAGE])
        .collect();
    assert!(changed.len() > 3);
    for at in chosen(changed.len(), 40) {
        let page = changed[at];
        let mut bytes = whole.clone();
        bytes[page * PAGE..][..PAGE].copy_from_slice(&old[page * PAGE..][..PAGE]);
        let met = vault.with(&bytes, &format!("old page {page}"));
        assert_ne!(met, Met::Same, "old page {page}");
    }
}

#[test]
fn class_4_the_whole_vault_of_before() {
    let vault = closed();
    assert_eq!(vault.left.meet(&vault.older, "older"), Met::Warned("older-copy"));
    let mut session = open(&vault.older, &vault.left.anchors).unwrap();
    let report = session.check(&mut |_, _| {}).unwrap();
    assert!(report.problems.is_empty() && !report.ok, "nothing inside the vault can tell");
    let accepted = session.accept_copy().unwrap().unwrap();
    assert_eq!((accepted.code, session.warnings().len()), ("older-copy", 0));
    drop(session);
    // Now the newer one is the stranger.
    let met = vault.left.meet(&vault.vault, "newer");
    assert!(matches!(met, Met::Warned("changed-copy" | "older-copy")), "{met:?}");
}

#[test]
fn classes_5_and_6_the_write_ahead_log_removed_or_cut() {
    let vault = killed();
    assert_eq!(vault.left.meet(&vault.vault, "untouched"), Met::Same);
    let vault = killed();
    let wal = fs::read(vault.vault.join("vault.db-wal")).unwrap();
    assert_eq!(vault.with("vault.db-wal", None, "no log of writes"), Met::Warned("older-copy"));
    assert_eq!(vault.with("vault.db-wal", Some(b""), "an empty one"), Met::Warned("older-copy"));
    assert_eq!(vault.with("vault.db-wal", Some(&wal[..wal.len() / 2]), "half"), Met::Warned("older-copy"));
}

#[test]
fn class_7_every_file_cut_at_every_page() {
    let vault = closed();
    let (mut cuts, mut named) = (0, 0);
    for file in files_below(&vault.vault) {
        let whole = fs::read(&file).unwrap();
        let name = file.strip_prefix(&vault.vault).unwrap().to_str().unwrap();
        let place = vault.vault.with_extension("tampered");
        for len in (0..whole.len()).step_by(PAGE).chain(whole.len().checked_sub(1)) {
            copy(&vault.vault, &place);
            fs::write(place.join(name), &whole[..len]).unwrap();
            let met = vault.left.meet(&place, &format!("{name} cut to {len}"));
            fs::remove_dir_all(&place).unwrap();
            cuts += 1;
            named += u32::from(met != Met::Same);
            // Snapshots of what was in memory are never needed; everything else is.
            let needed = !matches!(name, "index" | "search");
            assert_eq!(met != Met::Same, needed, "{name} cut to {len} of {}: {met:?}", whole.len());
        }
    }
    println!("{cuts} cuts, {named} named; the others cut what is made again");
    let vault = killed();
    let (whole, wal) = (
        fs::read(vault.vault.join("vault.db")).unwrap(),
        fs::read(vault.vault.join("vault.db-wal")).unwrap(),
    );
    for page in 0..whole.len() / PAGE {
        // What the log of writes brings back is as good as what was there: then nothing is lost.
        vault.with("vault.db", Some(&whole[..page * PAGE]), &format!("cut to {page} pages, with a log"));
    }
    let frames = (wal.len() - 32) / (PAGE + 24);
    for frame in 0..frames {
        let met =
            vault.with("vault.db-wal", Some(&wal[..32 + frame * (PAGE + 24)]), &format!("{frame} frames"));
        assert_eq!(met, Met::Warned("older-copy"), "{frame} of {frames} frames");
    }
}

#[test]
fn class_8_rows_removed_and_copied() {
    let vault = closed();
    for sql in [
        "DELETE FROM h WHERE n=3; DELETE FROM b WHERE n=3",
        "INSERT INTO h SELECT (SELECT max(n)+1 FROM h),randomblob(16),w,c,k,h FROM h WHERE n=3; INSERT INTO b SELECT (SELECT max(n) FROM h),b FROM b WHERE n=3",
        "INSERT INTO h SELECT (SELECT max(n)+1 FROM h),i,w,c,k,h FROM h WHERE n=3; INSERT INTO b SELECT (SELECT max(n) FROM h),b FROM b WHERE n=3",
        "DELETE FROM l WHERE n=(SELECT max(n) FROM l)",
        "UPDATE z SET c=c+1",
    ] {
        let place = vault.vault.with_extension("tampered");
        copy(&vault.vault, &place);
        let conn = rusqlite::Connection::open(place.join("vault.db")).unwrap();
        conn.execute_batch(sql).unwrap();
        conn.close().unwrap();
        let met = vault.left.meet(&place, sql);
        assert!(matches!(met, Met::Named | Met::Refused | Met::Warned("not-comparable")), "{sql}: {met:?}");
        fs::remove_dir_all(&place).unwrap();
    }
}

#[test]
fn the_vault_of_another_person_in_the_same_place() {
    let vault = closed();
    let other = vault.vault.with_extension("other");
    create(&other, &Arc::new(MemoryAnchors::default()));
    fs::remove_dir_all(&vault.vault).unwrap();
    copy(&other, &vault.vault);
    // The same keystore opens it: only what is kept outside tells.
    assert_eq!(vault.left.meet(&vault.vault, "another"), Met::Warned("other-vault"));
}

/// Tells the time that it is given.
struct Told(AtomicI64);

impl Clock for Told {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[test]
fn a_clock_set_back_changes_neither_order_nor_alarm() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, older) = (folder.path().join("vault"), folder.path().join("older"));
    let anchors = Arc::new(MemoryAnchors::default());
    create(&vault, &anchors);
    let at = |ms| {
        let mut environment = environment(&anchors);
        environment.clock = Arc::new(Told(AtomicI64::new(ms)));
        LockedWallet::open(&vault, environment).and_then(|wallet| wallet.unlock(&Unlock::Device)).unwrap()
    };
    let files = files();
    import(&mut at(1_800_000_000_000), &files[..2]);
    copy(&vault, &older);
    for ms in [946_684_800_000, -1, 0] {
        let mut session = at(ms);
        assert!(session.warnings().is_empty());
        import(&mut session, &files[2..3]);
        session.accept_copy().unwrap();
        assert!(session.check(&mut |_, _| {}).unwrap().ok);
    }
    let mut session = at(5);
    import(&mut session, &files);
    let log = session.log().unwrap().entries;
    assert!(log.iter().enumerate().all(|(number, entry)| entry.index == number as u64));
    assert!(log.last().unwrap().time < log[1].time, "as the clock said, in the order in which it happened");
    drop(session);
    let left = Left { anchors, everything: [0; 32] };
    assert_eq!(left.meet(&older, "older, by a clock that went back"), Met::Warned("older-copy"));
}

#[test]
fn two_processes_never_have_one_vault() {
    let folder = tempfile::tempdir().unwrap();
    let kosha = Kosha::init(folder.path().join("vault"));
    let mut environment = wallets::environment();
    environment.keystore = None;
    let session = LockedWallet::open(kosha.vault(), environment)
        .and_then(|wallet| wallet.unlock(&Unlock::Passphrase(PASSPHRASE.as_bytes())))
        .unwrap();
    for words in [&["timeline"][..], &["check"], &["import", "-"]] {
        assert_eq!(kosha.error(words).1["code"], "in-use");
    }
    drop(session);
    assert_eq!(kosha.json(["check"])["ok"], true);
}
