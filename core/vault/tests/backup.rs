//! Backup: one file that grows, opens elsewhere by its secret alone, and is refused by name when it is not what was made.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test may fail, and reads better short"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{
    Keystore, PASSPHRASE, add_person, add_record, copy, create, create_quick, env, export, furnish, header,
    open, problems, resource,
};
use kosha_crypto::{KdfStrength, VaultId};
use kosha_vault::{
    BackupFault, BackupInfo, BackupOptions, BackupReport, CreateOptions, Durability, Error, NewBody, Part,
    RestoreOptions, Result, Unlock, Vault, Why, discard_replaced, restore, verify,
};
use proptest::prelude::*;

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn back_up(vault: &mut Vault, file: &Path) -> Result<BackupReport> {
    let options = BackupOptions { full: false, now_ms: 1_700_000_000_000 };
    vault.backup(file, options)?.run(&mut |_, _| {})
}

fn check(file: &Path) -> Result<BackupInfo> {
    let scratch = tempfile::tempdir().unwrap();
    let result = verify(file, Unlock::Passphrase(PASSPHRASE), &env(), scratch.path(), &mut |_, _| {});
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0, "nothing is left behind");
    result
}

fn bring_back(file: &Path, place: &Path, options: &RestoreOptions<'_>) -> Result<Vault> {
    let unlock = Unlock::Passphrase(PASSPHRASE);
    restore(file, place, unlock, &env(), options, &mut |_, _| {}, &mut |_, _| Ok(())).map(|(vault, _)| vault)
}

fn fault<T>(result: Result<T>) -> BackupFault {
    match result {
        Err(Error::Backup(fault)) => fault,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it was taken"),
    }
}

fn content(seed: u32, len: u32) -> Vec<u8> {
    (0..len).map(|n| (n.wrapping_mul(seed + 7) >> 3).to_le_bytes()[0]).collect()
}

fn attach(vault: &mut Vault, seed: u32, len: u32) {
    let content = content(seed, len);
    let person = vault.persons()[0].id;
    let mut tx = vault.begin(Durability::Full).unwrap();
    let attachment = tx.add_attachment(&mut content.as_slice()).unwrap();
    let holes = [kosha_vault::Hole { at: 1, attachment: attachment.id }];
    let body = NewBody { resource_skeleton: b"\"\"", holes: &holes, text: "scan" };
    tx.add_record(header(person, 1000 + seed), &body).unwrap();
    tx.commit().unwrap();
}

#[test]
fn a_vault_comes_back_from_its_backup_alone() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    let file = desk.at("backup");
    let first = back_up(&mut vault, &file).unwrap();
    assert_eq!((first.why, first.info.runs, first.attachments), (Why::First, 1, 1));
    assert_eq!(first.info, check(&file).unwrap());

    let person = vault.persons()[0].id;
    add_record(&mut vault, person, 77);
    attach(&mut vault, 3, 200_000);
    let second = back_up(&mut vault, &file).unwrap();
    assert_eq!((second.why, second.info.runs), (Why::Added, 2));
    assert_eq!((second.versions, second.attachments), (2, 1));
    assert!(second.written < first.written + 300_000 && second.info.size == first.info.size + second.written);
    assert_eq!(second.info.sequence, vault.anchor().unwrap().sequence);
    assert_eq!(second.info, check(&file).unwrap());

    let back = bring_back(&file, &desk.at("back"), &RestoreOptions::default()).unwrap();
    assert_eq!(export(&back).unwrap(), export(&vault).unwrap());
    assert_eq!(problems(&back), [""; 0]);
    assert_eq!(back.id(), vault.id());
    assert_eq!(back.checkpoint(0).unwrap().note, second.info.checkpoint);
    drop(back);
    // And again from the disk, and it can be written to and backed up.
    let mut back = open(&desk.at("back")).unwrap();
    add_record(&mut back, person, 78);
    assert_eq!(back_up(&mut back, &file).unwrap().why, Why::Added);
}

#[test]
fn a_backup_is_of_the_moment_at_which_it_was_prepared() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    let before = export(&vault).unwrap();
    let job = vault.backup(&desk.at("backup"), BackupOptions::default()).unwrap();
    let person = vault.persons()[0].id;
    for number in 200..260 {
        add_record(&mut vault, person, number);
    }
    attach(&mut vault, 9, 90_000);
    std::thread::spawn(move || job.run(&mut |_, _| {}).unwrap()).join().unwrap();
    let back = bring_back(&desk.at("backup"), &desk.at("back"), &RestoreOptions::default()).unwrap();
    assert_eq!(export(&back).unwrap(), before);
    back_up(&mut vault, &desk.at("backup")).unwrap();
    let back = bring_back(&desk.at("backup"), &desk.at("back2"), &RestoreOptions::default()).unwrap();
    assert_eq!(export(&back).unwrap(), export(&vault).unwrap());
}

#[test]
fn a_device_alone_is_no_way_to_restore_and_never_goes_along() {
    let desk = Desk::new();
    let mut quick = create_quick(&desk.at("quick"));
    assert_eq!(fault(quick.backup(&desk.at("backup"), BackupOptions::default())), BackupFault::NoSecret);
    assert!(!desk.at("backup").exists());

    let options = CreateOptions {
        passphrase: Some(PASSPHRASE),
        device: Some((&Keystore, "old phone")),
        strength: KdfStrength::FLOOR,
    };
    let mut vault = Vault::create(&desk.at("vault"), &options, env()).unwrap();
    furnish(&mut vault);
    back_up(&mut vault, &desk.at("backup")).unwrap();
    let options = RestoreOptions { device: Some((&Keystore, "new phone")), ..RestoreOptions::default() };
    let back = bring_back(&desk.at("backup"), &desk.at("back"), &options).unwrap();
    assert_eq!(export(&back).unwrap(), export(&vault).unwrap());
    drop(back);
    let back = Vault::open(&desk.at("back"), Unlock::Device(&Keystore, "to read"), env()).unwrap();
    assert_eq!(problems(&back), [""; 0]);
    let db = fs::read(desk.at("back").join("vault.db")).unwrap();
    let holds = |what: &[u8]| db.windows(what.len()).any(|bytes| bytes == what);
    assert!(holds(b"new phone") && !holds(b"old phone"));
}

#[test]
fn what_is_not_this_backup_is_refused_by_name_and_left_alone() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    let bytes = fs::read(&file).unwrap();

    let mut other = create(&desk.at("other")).unwrap();
    assert_eq!(fault(other.backup(&file, BackupOptions::default())), BackupFault::OtherVault);
    assert_eq!(fault(other.backup(&file, BackupOptions { full: true, now_ms: 0 })), BackupFault::OtherVault);
    fs::write(desk.at("letter"), "Dear doctor, this is a letter of a few lines and no backup.").unwrap();
    assert_eq!(fault(vault.backup(&desk.at("letter"), BackupOptions::default())), BackupFault::NotABackup);
    assert_eq!(fault(check(&desk.at("letter"))), BackupFault::NotABackup);
    assert_eq!(fs::read(&file).unwrap(), bytes);

    let mut newer = bytes.clone();
    newer[4] = 9;
    fs::write(desk.at("newer"), &newer).unwrap();
    assert_eq!(fault(check(&desk.at("newer"))), BackupFault::Newer(9));
    assert_eq!(fault(vault.backup(&desk.at("newer"), BackupOptions::default())), BackupFault::Newer(9));

    let unlock = Unlock::Passphrase(b"another passphrase");
    let scratch = tempfile::tempdir().unwrap();
    let wrong = verify(&file, unlock, &env(), scratch.path(), &mut |_, _| {});
    assert!(matches!(wrong, Err(Error::WrongKey)));
    let device = Unlock::Device(&Keystore, "to read");
    let none = verify(&file, device, &env(), scratch.path(), &mut |_, _| {});
    assert!(matches!(none, Err(Error::NoSlot)));
}

/// Offsets at which segments begin, and the end.
fn segments(bytes: &[u8]) -> Vec<usize> {
    let mut found: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, four)| four == b"KSEG").map(|(at, _)| at).collect();
    found.push(bytes.len());
    found
}

#[test]
fn cut_altered_and_mixed_backups_are_refused_by_name() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    let one_run = fs::read(&file).unwrap();
    let person = vault.persons()[0].id;
    add_record(&mut vault, person, 300);
    back_up(&mut vault, &file).unwrap();
    let two_runs = fs::read(&file).unwrap();
    let try_bytes = |bytes: &[u8]| {
        let path = desk.at("tried");
        fs::write(&path, bytes).unwrap();
        check(&path)
    };

    // Cut: within the first run nothing can be restored, within the second the first one can.
    for len in (40..one_run.len()).step_by(one_run.len() / 37) {
        let fault = fault(try_bytes(&one_run[..len]));
        assert!(matches!(fault, BackupFault::CutShort { whole: false }), "{len}: {fault}");
    }
    for len in (one_run.len() + 1..two_runs.len()).step_by((two_runs.len() - one_run.len()) / 23) {
        assert_eq!(fault(try_bytes(&two_runs[..len])), BackupFault::CutShort { whole: true }, "{len}");
    }
    fs::write(desk.at("tried"), &two_runs[..two_runs.len() - 3]).unwrap();
    let refused = bring_back(&desk.at("tried"), &desk.at("back"), &RestoreOptions::default());
    assert_eq!(fault(refused), BackupFault::CutShort { whole: true });
    assert!(!desk.at("back").exists());
    let options = RestoreOptions { last_whole: true, ..RestoreOptions::default() };
    let back = bring_back(&desk.at("tried"), &desk.at("back"), &options).unwrap();
    assert_eq!(back.index().len() + 1, vault.index().len());

    // Altered: any bit.
    for at in (0..two_runs.len()).step_by(two_runs.len() / 60) {
        let mut changed = two_runs.clone();
        changed[at] ^= 1 << (at % 8);
        match try_bytes(&changed) {
            Err(Error::Backup(_)) => {}
            Err(other) => panic!("{at}: {other}"),
            Ok(_) => panic!("{at}: taken"),
        }
    }
    // Mixed: segments of another backup of the same vault, or in another order, or one left out.
    vault.backup(&desk.at("twin"), BackupOptions::default()).unwrap().run(&mut |_, _| {}).unwrap();
    let twin = fs::read(desk.at("twin")).unwrap();
    let (ours, theirs) = (segments(&two_runs), segments(&twin));
    let mixed = [&two_runs[..ours[1]], &twin[theirs[1]..]].concat();
    assert_eq!(fault(try_bytes(&mixed)), BackupFault::Mixed);
    let swapped = [
        &two_runs[..ours[0]],
        &two_runs[ours[1]..ours[2]],
        &two_runs[ours[0]..ours[1]],
        &two_runs[ours[2]..],
    ]
    .concat();
    assert_eq!(fault(try_bytes(&swapped)), BackupFault::Mixed);
    let left_out = [&two_runs[..ours[1]], &two_runs[ours[2]..]].concat();
    assert_eq!(fault(try_bytes(&left_out)), BackupFault::Mixed);
    // The head of one, the segments of the other.
    let head = [&twin[..theirs[0]], &two_runs[ours[0]..]].concat();
    assert_eq!(fault(try_bytes(&head)), BackupFault::Mixed);
}

#[test]
fn damage_in_the_middle_is_never_cut_away_by_the_next_run() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    let person = vault.persons()[0].id;
    add_record(&mut vault, person, 300);
    back_up(&mut vault, &file).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    // The length of a last frame, so that it seems to go far beyond the end of the file.
    let starts = segments(&bytes);
    let at = starts[starts.len() - 3] + 76;
    bytes[at + 2] ^= 0x7f;
    fs::write(&file, &bytes).unwrap();
    assert!(matches!(
        fault(vault.backup(&file, BackupOptions::default())),
        BackupFault::Altered | BackupFault::Mixed
    ));
    assert_eq!(fs::read(&file).unwrap(), bytes);
    let options = BackupOptions { full: true, now_ms: 5 };
    let report = vault.backup(&file, options).unwrap().run(&mut |_, _| {}).unwrap();
    assert_eq!((report.why, report.info.runs), (Why::Asked, 1));
    check(&file).unwrap();
}

#[test]
fn a_run_that_broke_off_is_gone_on_with() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    for seed in 0..3 {
        attach(&mut vault, seed, 9_000_000);
    }
    // Whole first, to know what it takes; then the same cut at many places, as a kill leaves it.
    let file = desk.at("backup");
    let whole = back_up(&mut vault, &file).unwrap();
    let bytes = fs::read(&file).unwrap();
    let mut reused = 0;
    for share in 1..12 {
        fs::remove_file(&file).ok();
        fs::write(desk.at("backup.part"), &bytes[..bytes.len() * share / 12]).unwrap();
        let report = back_up(&mut vault, &file).unwrap();
        assert!(!desk.at("backup.part").exists());
        assert!(report.written <= whole.written + 1_000_000);
        reused = reused.max(report.reused);
        let back = bring_back(&file, &desk.at(&format!("back{share}")), &RestoreOptions::default()).unwrap();
        assert_eq!(export(&back).unwrap(), export(&vault).unwrap());
        fs::remove_dir_all(desk.at(&format!("back{share}"))).unwrap();
    }
    assert!(reused >= 1, "whole pieces are not written again");

    // The same for a run that adds.
    let before = fs::read(&file).unwrap();
    attach(&mut vault, 8, 20_000_000);
    back_up(&mut vault, &file).unwrap();
    let after = fs::read(&file).unwrap();
    for share in 1..6 {
        let cut = before.len() + (after.len() - before.len()) * share / 6;
        fs::write(&file, &after[..cut]).unwrap();
        assert_eq!(fault(check(&file)), BackupFault::CutShort { whole: true });
        let report = back_up(&mut vault, &file).unwrap();
        assert_eq!((report.why, report.info.runs), (Why::Added, 2));
        assert_eq!(fs::read(&file).unwrap()[..before.len()], before[..]);
        check(&file).unwrap();
        if share == 5 {
            assert!(report.written < 5_000_000, "{}", report.written);
        }
    }
}

#[test]
fn what_a_broken_off_run_left_of_a_file_is_not_gone_on_with_when_the_file_was_made_anew() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    attach(&mut vault, 1, 40_000_000);
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    let bytes = fs::read(&file).unwrap();
    let files = fs::read_dir(desk.at("vault").join("files")).unwrap();
    let sealed =
        files.map(|entry| entry.unwrap().path()).find(|path| path.metadata().unwrap().len() > 30_000_000);
    let sealed = sealed.unwrap();
    // One that broke off in the middle of the file, and one that broke off behind it.
    for share in [3, 5] {
        fs::remove_file(&file).unwrap();
        fs::write(desk.at("backup.part"), &bytes[..bytes.len() * share / 6]).unwrap();
        let mut damaged = fs::read(&sealed).unwrap();
        damaged[20_000_000] ^= 1;
        fs::write(&sealed, &damaged).unwrap();
        let mut tx = vault.begin(Durability::Full).unwrap();
        tx.add_attachment(&mut content(1, 40_000_000).as_slice()).unwrap();
        assert_eq!(tx.put_back(), 1);
        tx.commit().unwrap();
        let report = back_up(&mut vault, &file).unwrap();
        assert!(report.damaged.is_empty() && report.written > 40_000_000, "all of it is written again");
        check(&file).unwrap();
    }
}

#[test]
fn a_file_that_was_cut_never_takes_the_place_of_a_whole_one() {
    let desk = Desk::new();
    let file = desk.at("backup");
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    attach(&mut vault, 1, 300_000);
    back_up(&mut vault, &file).unwrap();
    let good = fs::read(&file).unwrap();
    let files = fs::read_dir(desk.at("vault/files")).unwrap().map(|entry| entry.unwrap().path());
    let largest = files.max_by_key(|path| path.metadata().unwrap().len()).unwrap();
    fs::File::options().write(true).open(&largest).unwrap().set_len(100_000).unwrap();
    for full in [false, true] {
        let options = BackupOptions { full, now_ms: 1_700_000_000_000 };
        let run = vault.backup(&file, options).and_then(|job| job.run(&mut |_, _| {}));
        assert!(matches!(run, Err(Error::Damaged(Part::Attachment(_)))), "{full}");
        assert_eq!(fs::read(&file).unwrap(), good);
    }
}

#[test]
fn what_a_broken_off_full_run_left_goes_with_the_next_run_that_adds() {
    let desk = Desk::new();
    let (file, part) = (desk.at("backup"), desk.at("backup.part"));
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    back_up(&mut vault, &file).unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&part, &whole[..whole.len() / 2]).unwrap();
    attach(&mut vault, 1, 100_000);
    assert_eq!(back_up(&mut vault, &file).unwrap().why, Why::Added);
    assert!(!part.exists());
    // What is somebody else's stays.
    let mut other = create(&desk.at("other")).unwrap();
    back_up(&mut other, &desk.at("others")).unwrap();
    for foreign in [fs::read(desk.at("others")).unwrap(), b"notes of my own".to_vec()] {
        fs::write(&part, &foreign).unwrap();
        attach(&mut vault, 2, 100_000);
        back_up(&mut vault, &file).unwrap();
        assert_eq!(fs::read(&part).unwrap(), foreign);
    }
}

#[test]
fn two_copies_that_went_apart_are_not_mixed() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    drop(vault);
    copy(&desk.at("vault"), &desk.at("twin"));
    let mut vault = open(&desk.at("vault")).unwrap();
    let mut twin = open(&desk.at("twin")).unwrap();
    let person = vault.persons()[0].id;
    add_record(&mut vault, person, 400);
    add_record(&mut twin, person, 401);
    add_record(&mut twin, person, 402);
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    let bytes = fs::read(&file).unwrap();
    assert_eq!(fault(twin.backup(&file, BackupOptions::default())), BackupFault::OtherCopy);
    assert_eq!(fs::read(&file).unwrap(), bytes);
    // An older copy of the vault does not take the newer rows out of the backup either.
    back_up(&mut twin, &desk.at("twins")).unwrap();
    drop(twin);
    fs::remove_dir_all(desk.at("twin")).unwrap();
    let mut old = bring_back(&file, &desk.at("old"), &RestoreOptions::default()).unwrap();
    assert_eq!(fault(old.backup(&desk.at("twins"), BackupOptions::default())), BackupFault::OtherCopy);
}

#[test]
fn a_damaged_vault_does_not_follow_a_good_backup() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    drop(vault);
    let conn = rusqlite::Connection::open(desk.at("vault").join("vault.db")).unwrap();
    conn.execute_batch("DELETE FROM h WHERE n=3; DELETE FROM l WHERE n=2").unwrap();
    drop(conn);
    let mut vault = open(&desk.at("vault")).unwrap();
    let bytes = fs::read(&file).unwrap();
    let person = vault.persons()[0].id;
    add_record(&mut vault, person, 400);
    let full = BackupOptions { full: true, now_ms: 0 };
    assert!(matches!(vault.backup(&file, full), Err(Error::Damaged(_))));
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
fn what_is_damaged_in_a_vault_does_not_keep_the_rest_from_coming_back() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    drop(vault);
    let conn = rusqlite::Connection::open(desk.at("vault").join("vault.db")).unwrap();
    conn.execute_batch("UPDATE b SET b=zeroblob(length(b)) WHERE n=4").unwrap();
    drop(conn);
    let mut vault = open(&desk.at("vault")).unwrap();
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    assert_eq!(fault(check(&file)), BackupFault::Unsound);
    let refused = bring_back(&file, &desk.at("back"), &RestoreOptions::default());
    assert_eq!(fault(refused), BackupFault::Unsound);
    let options = RestoreOptions { damaged: true, ..RestoreOptions::default() };
    let back = bring_back(&file, &desk.at("back"), &options).unwrap();
    assert_eq!(back.index().len(), vault.index().len());
    assert_eq!(problems(&back), problems(&vault));
    assert!(!problems(&back).is_empty());
}

#[test]
fn a_vault_is_replaced_only_on_purpose_and_put_aside() {
    let desk = Desk::new();
    let mut vault = create(&desk.at("vault")).unwrap();
    furnish(&mut vault);
    let file = desk.at("backup");
    back_up(&mut vault, &file).unwrap();
    let was = export(&vault).unwrap();
    let person = vault.persons()[0].id;
    add_record(&mut vault, person, 400);
    let now = export(&vault).unwrap();
    let place = desk.at("vault");
    assert!(matches!(bring_back(&file, &place, &RestoreOptions::default()), Err(Error::Exists)));
    // What is no vault is never moved away.
    let letters = desk.at("letters");
    fs::create_dir(&letters).unwrap();
    fs::write(letters.join("letter.txt"), b"mine").unwrap();
    let replace = RestoreOptions { replace: true, ..RestoreOptions::default() };
    for place in [letters.clone(), letters.join("letter.txt")] {
        assert!(matches!(bring_back(&file, &place, &replace), Err(Error::NotAVault)));
    }
    assert_eq!(fs::read(letters.join("letter.txt")).unwrap(), b"mine");
    fs::remove_dir_all(letters).unwrap();
    let options = RestoreOptions { replace: true, ..RestoreOptions::default() };
    assert!(matches!(bring_back(&file, &place, &options), Err(Error::InUse)), "it is open");
    drop(vault);
    let unlock = Unlock::Passphrase(PASSPHRASE);
    let (back, report) =
        restore(&file, &place, unlock, &env(), &options, &mut |_, _| {}, &mut |_, _| Ok(())).unwrap();
    assert_eq!(export(&back).unwrap(), was);
    let aside = report.replaced.unwrap();
    assert_eq!(export(&open(&aside).unwrap()).unwrap(), now);
    assert_eq!(discard_replaced(&place).unwrap(), 1);
    assert!(!aside.exists());
    assert_eq!(export(&back).unwrap(), was);
    let left: Vec<_> = fs::read_dir(desk.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    // A failing last step leaves the old one.
    drop(back);
    let failed =
        restore(&file, &place, unlock, &env(), &options, &mut |_, _| {}, &mut |_, _| Err(Error::DiskFull));
    assert!(matches!(failed, Err(Error::DiskFull)));
    assert_eq!(export(&open(&place).unwrap()).unwrap(), was);
}

#[derive(Debug, Clone)]
enum Step {
    Add(u32),
    Update(usize, u32),
    Attach(u32, u32),
    Profile(u8),
    Item(u8, u8),
    Forget(u8),
    Log(u8),
    Backup,
    CutOff(u8),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..10_000_u32).prop_map(Step::Add),
        2 => (0..50_usize, 0..10_000_u32).prop_map(|(a, b)| Step::Update(a, b)),
        2 => (0..9_u32, 0..300_000_u32).prop_map(|(a, b)| Step::Attach(a, b)),
        1 => any::<u8>().prop_map(Step::Profile),
        2 => (0..4_u8, any::<u8>()).prop_map(|(a, b)| Step::Item(a, b)),
        1 => (0..4_u8).prop_map(Step::Forget),
        1 => any::<u8>().prop_map(Step::Log),
        4 => Just(Step::Backup),
        1 => (1..250_u8).prop_map(Step::CutOff),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happened_a_backup_gives_it_back(steps in proptest::collection::vec(step(), 1..25)) {
        let desk = Desk::new();
        let mut vault = create(&desk.at("vault")).unwrap();
        let person = add_person(&mut vault, b"Asha");
        let file = desk.at("backup");
        let mut records = Vec::new();
        let mut runs = 0;
        let mut settled = 0;
        for step in steps {
            match step {
                Step::Add(number) => records.push((add_record(&mut vault, person, number), number)),
                Step::Update(at, number) if !records.is_empty() => {
                    let (record, kept) = records[at % records.len()];
                    let text = resource(number);
                    let body = NewBody { resource_skeleton: text.as_bytes(), holes: &[], text: "updated" };
                    let mut tx = vault.begin(Durability::Full).unwrap();
                    tx.update_record(record, header(person, kept), &body).unwrap();
                    tx.commit().unwrap();
                }
                Step::Update(..) => {}
                Step::Attach(seed, len) => attach(&mut vault, seed, len),
                Step::Profile(byte) => {
                    let mut tx = vault.begin(Durability::Full).unwrap();
                    tx.set_person(person, &[byte; 30]).unwrap();
                    tx.commit().unwrap();
                }
                Step::Item(id, byte) => {
                    let mut tx = vault.begin(Durability::Full).unwrap();
                    tx.put_item(1, kosha_vault::ItemId::from_bytes([id; 16]), &[byte; 50]).unwrap();
                    tx.commit().unwrap();
                }
                Step::Forget(id) => {
                    let mut tx = vault.begin(Durability::Full).unwrap();
                    let _ = tx.remove_item(1, kosha_vault::ItemId::from_bytes([id; 16]));
                    tx.commit().unwrap();
                }
                Step::Log(byte) => {
                    let mut tx = vault.begin(Durability::Full).unwrap();
                    tx.log(i64::from(byte), "event", "of the test").unwrap();
                    tx.commit().unwrap();
                }
                Step::Backup => {
                    let report = back_up(&mut vault, &file).unwrap();
                    runs += 1;
                    prop_assert_eq!(report.info.runs, runs);
                    settled = report.info.size;
                }
                // A run that broke off: some of its bytes behind what counts.
                Step::CutOff(share) => {
                    if runs > 0 {
                        add_record(&mut vault, person, 5);
                        back_up(&mut vault, &file).unwrap();
                        let bytes = fs::read(&file).unwrap();
                        let whole = usize::try_from(settled).unwrap();
                        let cut = whole + (bytes.len() - whole) * usize::from(share) / 255;
                        fs::write(&file, &bytes[..cut]).unwrap();
                    }
                }
                Step::Reopen => {
                    drop(vault);
                    vault = open(&desk.at("vault")).unwrap();
                }
            }
        }
        back_up(&mut vault, &file).unwrap();
        let back = bring_back(&file, &desk.at("back"), &RestoreOptions::default()).unwrap();
        prop_assert_eq!(export(&back).unwrap(), export(&vault).unwrap());
        prop_assert_eq!(back.id(), vault.id());
        let _: VaultId = back.id();
    }
}
