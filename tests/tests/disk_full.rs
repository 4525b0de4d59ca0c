//! A disk that is full during any work: a named error in plain words, nothing lost that was acknowledged, the vault whole,
//! and all works again when there is room. On a small file system in memory, where this process may mount one.

use kosha::attach::AttachWish;
use kosha::import::ImportWish;
use kosha::restore::RestoreWish;
use kosha::timeline::TimelineQuery;
use kosha::{Error, LockedWallet, Session, Unlock};
use kosha_tests::generator::{STYLES, bundle};
use kosha_tests::mounts::Mount;
use kosha_tests::noise::Noise;
use kosha_tests::programs::samples;
use kosha_tests::wallets::{environment, vault_with};
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Size of the disk in KiB.
const DISK: usize = 6_000;
/// How much room is left on it, in KiB, when the work begins.
const ROOM: [usize; 9] = [0, 4, 12, 36, 68, 100, 160, 300, 600];

/// A small disk.
struct Disk(Mount);

impl Disk {
    /// Fills it up to `room` KiB.
    fn fill(&self, room: usize) {
        let mut file = fs::File::create(self.0.path().join("filler")).expect("a file");
        while file.write_all(&[1; 4096]).is_ok() {}
        let written = file.metadata().expect("a length").len();
        file.set_len(written.saturating_sub(room as u64 * 1024)).expect("a length");
    }

    fn empty(&self) {
        fs::remove_file(self.0.path().join("filler")).expect("removed");
    }
}

fn open(vault: &Path) -> Result<Session, Error> {
    LockedWallet::open(vault, environment()).and_then(|wallet| wallet.unlock(&Unlock::Device))
}

fn ids(session: &Session) -> Vec<String> {
    let query = TimelineQuery { limit: 500, ..TimelineQuery::default() };
    let mut ids: Vec<_> =
        session.timeline(&query).expect("a page").records.into_iter().map(|card| card.id).collect();
    ids.sort();
    ids
}

/// What a work is given: the vault's session, a folder on the disk, one beside it, and a number of its own.
struct Given<'a> {
    session: &'a mut Session,
    disk: &'a Path,
    aside: &'a Path,
    words: &'a str,
    number: u64,
}

type Work = fn(&mut Given<'_>) -> Result<(), Error>;

fn import(given: &mut Given<'_>) -> Result<(), Error> {
    let file = given.aside.join("more.json");
    fs::write(&file, bundle(STYLES[0], 500 + given.number, 60)).expect("a file");
    let report = given.session.import(&ImportWish { paths: vec![file], person: None }, &mut ())?;
    report.stopped.map_or(Ok(()), Err)
}

fn attach(given: &mut Given<'_>) -> Result<(), Error> {
    let file = given.aside.join("scan");
    fs::write(&file, Noise::new(given.number, 250_000).bytes()).expect("a file");
    let persons = given.session.persons()?.persons;
    let person = persons.first().map(|person| person.id.clone());
    let report = given.session.attach(&AttachWish { files: vec![file], person, ..AttachWish::default() })?;
    assert!(report.refused.is_empty(), "a full disk is no fault of the file");
    Ok(())
}

fn rotate(given: &mut Given<'_>) -> Result<(), Error> {
    given.session.rotate().map(drop)
}

fn delete(given: &mut Given<'_>) -> Result<(), Error> {
    let first = ids(given.session).first().expect("a record").clone();
    given.session.delete(&[first]).map(drop)
}

fn backup(given: &mut Given<'_>) -> Result<(), Error> {
    let file = given.disk.join("backup.kosha");
    given.session.backup(&file, true, &mut |_, _| {}).map(drop)
}

fn restore(given: &mut Given<'_>) -> Result<(), Error> {
    let file = given.aside.join("whole.kosha");
    let place = given.disk.join("restored");
    let unlock = Unlock::Recovery(given.words);
    let wish = RestoreWish::default();
    let restored = LockedWallet::restore(&file, &place, &unlock, wish, environment(), &mut |_, _| {});
    assert!(restored.is_ok() || !place.exists(), "whole or not at all");
    if place.exists() {
        fs::remove_dir_all(place).expect("removed");
    }
    restored.map(drop)
}

fn export(given: &mut Given<'_>) -> Result<(), Error> {
    let place = given.disk.join("export");
    let done = given.session.export(&place, None, &mut |_, _| {});
    let _ = fs::remove_dir_all(place);
    done.map(drop)
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(disk) = Mount::small(&folder.path().join("disk"), DISK).map(Disk) else { return };
    let vault = disk.0.path().join("vault");
    let mut session = vault_with(&vault, &[samples()]);
    let words = session.new_recovery().expect("words");
    session.use_recovery(&words).expect("a way");
    session.backup(&folder.path().join("whole.kosha"), false, &mut |_, _| {}).expect("a backup");
    drop(session);
    let kinds: [(&str, Work); 7] = [
        ("import", import),
        ("attach", attach),
        ("rotate", rotate),
        ("delete", delete),
        ("backup", backup),
        ("restore", restore),
        ("export", export),
    ];
    let mut number = 0;
    for (name, work) in kinds {
        let mut full = 0;
        for room in ROOM {
            number += 1;
            let mut session = open(&vault).expect("there is room");
            let before = ids(&session);
            let words = words.words();
            let mut given = Given {
                session: &mut session,
                disk: disk.0.path(),
                aside: folder.path(),
                words: &words,
                number,
            };
            disk.fill(room);
            let outcome = work(&mut given);
            if let Err(error) = &outcome {
                full += 1;
                assert_eq!(error.code(), "disk-full", "{name} with {room} KiB: {error}");
                assert!(error.to_string().contains("room") || error.to_string().contains("full"), "{error}");
            }
            let kept = |session: &mut Session, when: &str| {
                let report = session.check(&mut |_, _| {}).expect("a check");
                assert!(report.ok, "{name} with {room} KiB, {when}: {report:?}");
                let now = ids(session);
                let gone = before.iter().filter(|id| !now.contains(id)).count();
                assert!(gone <= usize::from(name == "delete"), "{name} with {room} KiB, {when}: {gone} gone");
                assert!(outcome.is_ok() || gone == 0, "{name}: said to have failed, yet done");
            };
            kept(&mut session, "at once");
            drop(session);
            // A vault opens on a full disk, or says that it is full.
            match open(&vault) {
                Ok(mut session) => kept(&mut session, "opened again"),
                Err(error) => assert_eq!(error.code(), "disk-full", "{name} with {room} KiB: {error}"),
            }
            disk.empty();
            kept(&mut open(&vault).expect("there is room"), "with room");
        }
        let mut session = open(&vault).expect("there is room");
        number += 1;
        let words = words.words();
        let mut given =
            Given { session: &mut session, disk: disk.0.path(), aside: folder.path(), words: &words, number };
        assert_eq!(work(&mut given), Ok(()), "{name} works again when there is room");
        let _ = fs::remove_file(disk.0.path().join("backup.kosha"));
        println!("{name}: {full} of {} times the disk was full", ROOM.len());
        assert!(full > 0, "{name} never met a full disk");
    }
}
