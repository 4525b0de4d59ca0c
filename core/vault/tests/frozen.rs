//! A vault of format 1, made once and never again: every later version has to open it.
#![allow(
    clippy::format_collect,
    clippy::needless_for_each,
    clippy::redundant_closure_for_method_calls,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and reads better short"
)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use common::{PASSPHRASE, copy, create, env, export, furnish, header, open, problems, resource};
use kosha_vault::{BackupOptions, Durability, NewBody, RestoreOptions, Unlock, restore};

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/v1")
}

fn lines(export: &[(String, [u8; 32])]) -> String {
    export.iter().fold(String::new(), |mut text, (name, hash)| {
        write!(text, "{name} ").unwrap();
        hash.iter().for_each(|byte| write!(text, "{byte:02x}").unwrap());
        text.push('\n');
        text
    })
}

#[test]
fn format_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    copy(&fixture().join("vault"), &path);
    let vault = open(&path).unwrap();
    assert_eq!(problems(&vault), [""; 0]);
    assert_eq!(lines(&export(&vault).unwrap()), fs::read_to_string(fixture().join("expected.txt")).unwrap());
    let note = fs::read_to_string(fixture().join("checkpoint.txt")).unwrap();
    assert_eq!(vault.checkpoint(0).unwrap().note, note);
    assert_eq!(vault.search("haemoglobin word", &kosha_vault::Filter::default(), 99).unwrap().len(), 11);
    // Three bodies without a dictionary and three with dictionary 1.
    assert_eq!(vault.search("glucose", &kosha_vault::Filter::default(), 99).unwrap().len(), 6);
}

#[test]
fn backup_format_1_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/backup-v1");
    let unlock = Unlock::Passphrase(PASSPHRASE);
    let options = RestoreOptions::default();
    let (vault, report) = restore(
        &fixture.join("backup"),
        &folder.path().join("vault"),
        unlock,
        &env(),
        &options,
        &mut |_, _| {},
        &mut |_, _| Ok(()),
    )
    .unwrap();
    assert_eq!((report.info.runs, report.info.made_ms), (2, 1_700_000_000_000));
    assert_eq!(problems(&vault), [""; 0]);
    assert_eq!(lines(&export(&vault).unwrap()), fs::read_to_string(fixture.join("expected.txt")).unwrap());
}

#[test]
#[ignore = "makes the backup of a new format; never run for one that exists"]
fn make_backup() {
    let fixture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/backup-v1");
    assert!(!fixture.exists());
    fs::create_dir_all(&fixture).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut vault = create(&folder.path().join("vault")).unwrap();
    furnish(&mut vault);
    let options = BackupOptions { full: false, now_ms: 1_700_000_000_000 };
    vault.backup(&fixture.join("backup"), options).unwrap().run(&mut |_, _| {}).unwrap();
    let person = vault.persons()[0].id;
    common::add_record(&mut vault, person, 99);
    vault.backup(&fixture.join("backup"), options).unwrap().run(&mut |_, _| {}).unwrap();
    fs::write(fixture.join("expected.txt"), lines(&export(&vault).unwrap())).unwrap();
}

/// The fixture of a format holds bodies of every dictionary that its writers have used.
#[test]
#[ignore = "adds records to the fixture; to be run once for each new dictionary"]
fn add() {
    let path = fixture().join("vault");
    let mut vault = open(&path).unwrap();
    let person = vault.persons()[0].id;
    let first = u32::try_from(vault.index().len()).unwrap() + 100;
    let mut tx = vault.begin(Durability::Full).unwrap();
    for number in first..first + 3 {
        let resource = resource(number).repeat(8);
        let body = NewBody { resource_skeleton: resource.as_bytes(), holes: &[], text: "glucose" };
        tx.add_record(header(person, number), &body).unwrap();
    }
    tx.commit().unwrap();
    fs::write(fixture().join("expected.txt"), lines(&export(&vault).unwrap())).unwrap();
    fs::write(fixture().join("checkpoint.txt"), vault.checkpoint(0).unwrap().note).unwrap();
}

#[test]
#[ignore = "makes the fixture of a new format; never run for one that exists"]
fn make() {
    assert!(!fixture().exists());
    fs::create_dir_all(fixture()).unwrap();
    let mut vault = create(&fixture().join("vault")).unwrap();
    furnish(&mut vault);
    fs::write(fixture().join("expected.txt"), lines(&export(&vault).unwrap())).unwrap();
    fs::write(fixture().join("checkpoint.txt"), vault.checkpoint(0).unwrap().note).unwrap();
}
