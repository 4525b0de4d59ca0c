//! A vault where nothing can be written: a file system mounted for reading. It is read whole, and nothing is written.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Place, create_quick, furnish, open_quick};
use kosha_vault::{Durability, Error, Filter, Vault};

/// A folder seen through a mount for reading only; unmounted at the end.
struct ReadOnly {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl ReadOnly {
    /// `None`, with a line, where mounting is not possible.
    fn of(folder: &Path) -> Option<Self> {
        let outside = tempfile::tempdir().unwrap();
        let path = outside.path().join("read only %20#?");
        fs::create_dir(&path).unwrap();
        let mount = |arguments: &[&str]| {
            let mut command = Command::new("mount");
            command.args(arguments);
            command.output().is_ok_and(|output| output.status.success())
        };
        let (from, to) = (folder.to_str().unwrap(), path.to_str().unwrap());
        if !mount(&["--bind", from, to]) {
            println!("mounting is not possible here; the test is passed over");
            return None;
        }
        let mounted = Self { _folder: outside, path };
        let mounted = mount(&["-o", "remount,ro,bind", mounted.path.to_str().unwrap()]).then_some(mounted);
        if mounted.is_none() {
            println!("mounting for reading is not possible here; the test is passed over");
        }
        mounted
    }

    fn open(&self) -> Result<Vault, Error> {
        open_quick(&self.path)
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.path).output();
    }
}

fn add_log(vault: &mut Vault) {
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.log(1, "import", "1 file").unwrap();
    tx.commit().unwrap();
}

/// Everything is there, and nothing can be written.
fn examine(vault: &mut Vault, records: usize) {
    assert!(!vault.is_writable() && vault.problems().is_empty(), "{:?}", vault.problems());
    assert_eq!(vault.index().len(), records);
    for entry in vault.index().iter() {
        vault.body(entry.id()).unwrap();
    }
    assert!(!vault.index().page(&Filter::default(), None, 5).entries.is_empty());
    assert!(!vault.log(None, 10).unwrap().is_empty());
    assert!(vault.check(&mut |_, _| {}).unwrap().problems.is_empty());
    assert!(matches!(vault.begin(Durability::Full), Err(Error::NotWritable)));
}

#[test]
fn a_closed_vault_is_read_where_nothing_can_be_written() {
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let records = furnish(&mut vault).len();
    add_log(&mut vault);
    let Some(mounted) = ReadOnly::of(&place.path) else { return };

    // Its owner writes, and is reached by another way: not even reading is safe.
    assert!(matches!(mounted.open(), Err(Error::InUse)));
    drop(vault);
    let mut reader = mounted.open().unwrap();
    examine(&mut reader, records);
    let mut second = mounted.open().unwrap();
    examine(&mut second, records);
    // As long as someone reads, nobody writes.
    let writer = open_quick(&place.path);
    assert!(matches!(writer, Err(Error::InUse)));
    drop((reader, second));
    assert!(open_quick(&place.path).unwrap().is_writable());

    fs::remove_file(place.path.join("lock")).unwrap();
    assert!(matches!(mounted.open(), Err(Error::NotWritable)), "without the lock nobody can tell who writes");
}

#[test]
fn commits_that_still_wait_in_the_wal_are_read_too() {
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    furnish(&mut vault);
    let copy = tempfile::tempdir().unwrap();
    drop(vault);
    let mut vault = open_quick(&place.path).unwrap();
    furnish(&mut vault);
    let records = vault.index().len();
    add_log(&mut vault);
    // A copy of what a process that was killed leaves behind.
    for name in ["vault.db", "vault.db-wal", "lock"] {
        fs::copy(place.path.join(name), copy.path().join(name)).unwrap();
    }
    fs::create_dir(copy.path().join("files")).unwrap();
    for file in place.files() {
        fs::copy(&file, copy.path().join("files").join(file.file_name().unwrap())).unwrap();
    }
    assert!(fs::metadata(copy.path().join("vault.db-wal")).unwrap().len() > 0);
    let Some(mounted) = ReadOnly::of(copy.path()) else { return };
    examine(&mut mounted.open().unwrap(), records);
}
