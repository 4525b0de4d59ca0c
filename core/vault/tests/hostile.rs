//! What is not a whole vault is refused by name and left as it is.
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

use std::fs;
use std::path::Path;

use common::{PASSPHRASE, Place, create, create_quick, furnish, open, open_quick, snapshot};
use kosha_vault::{Durability, Error, Header, NewBody, Part};

/// Opening `path` fails, and changes no byte of the database.
fn refused(path: &Path) -> Error {
    let before = fs::read(path.join("vault.db")).ok();
    let error = open_quick(path).expect_err("must not open");
    assert!(fs::read(path.join("vault.db")).ok() == before, "opening changed the file");
    let text = format!("{error} {error:?}");
    assert!(!text.contains("Asha") && !text.contains(path.to_str().unwrap()));
    error
}

#[test]
fn not_a_vault() {
    let place = Place::new();
    assert!(matches!(open(&place.path), Err(Error::Missing)));
    fs::create_dir(&place.path).unwrap();
    assert!(matches!(refused(&place.path), Error::NotAVault));
    for content in [&b""[..], b"hello", &[0; 5000], b"SQLite format 3\0"] {
        fs::write(place.database(), content).unwrap();
        assert!(matches!(refused(&place.path), Error::NotAVault | Error::Damaged(Part::Database)));
    }
    fs::remove_file(place.database()).unwrap();
    place.sql("CREATE TABLE s(n INTEGER PRIMARY KEY,b BLOB NOT NULL)");
    assert!(matches!(refused(&place.path), Error::NotAVault), "a database of someone else");
    let file = place.path.join("file");
    fs::write(&file, b"x").unwrap();
    assert!(matches!(open(&file), Err(Error::NotAVault)));
}

#[test]
fn cut_anywhere() {
    let place = Place::new();
    furnish(&mut create_quick(&place.path));
    let whole = fs::read(place.database()).unwrap();
    for len in [16, 99, 100, 4_095, 4_096, 5_000] {
        fs::write(place.database(), &whole[..len]).unwrap();
        assert!(matches!(refused(&place.path), Error::Damaged(_)), "cut to {len}");
    }
    fs::write(place.database(), &whole).unwrap();
    open_quick(&place.path).unwrap();
}

#[test]
fn a_cut_database_is_read_as_far_as_it_goes_and_never_written() {
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    furnish(&mut vault);
    let all = {
        let mut tx = vault.begin(Durability::Full).unwrap();
        let person = tx.add_person(b"").unwrap();
        for n in 0..400_u32 {
            let bytes: Vec<u8> = (0..600_u32).map(|at| (at * n).to_le_bytes()[1]).collect();
            let body = NewBody { resource_skeleton: &bytes, holes: &[], text: "" };
            tx.add_record(Header::new(person, 1), &body).unwrap();
        }
        tx.commit().unwrap();
        vault.index().len()
    };
    drop(vault);
    let whole = fs::read(place.database()).unwrap();
    let pages = u32::try_from(whole.len() / 4096).unwrap();
    for keep in [pages - 1, pages * 3 / 4, pages / 2] {
        let cut = &whole[..usize::try_from(keep).unwrap() * 4096 + 100];
        fs::write(place.database(), cut).unwrap();
        let mut vault = open_quick(&place.path).unwrap();
        let missing = Part::Pages(keep + 1, pages);
        assert!(vault.problems().iter().any(|problem| problem.place == missing), "{:?}", vault.problems());
        let report = vault.check(&mut |_, _| {}).unwrap();
        assert!(report.problems.iter().any(|problem| problem.place == missing));
        assert!(
            report.problems.iter().any(|problem| matches!(problem.place, Part::Rows(_) | Part::Record(_)))
        );
        let readable = vault.index().iter().filter(|entry| vault.body(entry.id()).is_ok()).count();
        assert!(readable > all / 8 && readable < all, "{readable} of {all} with {keep} of {pages} pages");
        assert!(!vault.is_writable());
        assert!(matches!(vault.begin(Durability::Full), Err(Error::ReadOnly)));
        drop(vault);
        assert!(fs::read(place.database()).unwrap() == cut, "reading changed the file");
    }
}

#[test]
fn newer_and_foreign_formats() {
    let place = Place::new();
    furnish(&mut create_quick(&place.path));
    place.sql("PRAGMA user_version=2");
    assert!(matches!(refused(&place.path), Error::Newer(2)));
    place.sql("PRAGMA user_version=1; ALTER TABLE h ADD COLUMN x");
    assert!(matches!(refused(&place.path), Error::Damaged(Part::Database)));
}

#[test]
fn another_vaults_rows_or_slot() {
    let (place, other) = (Place::new(), Place::new());
    furnish(&mut create_quick(&place.path));
    furnish(&mut create_quick(&other.path));
    place.sql(&format!("ATTACH '{}' AS o; UPDATE s SET b=(SELECT b FROM o.s)", other.database().display()));
    assert!(matches!(refused(&place.path), Error::Damaged(Part::Keys)));
    place.sql(&format!("ATTACH '{}' AS o; UPDATE v SET b=(SELECT b FROM o.v)", other.database().display()));
    let vault = open_quick(&place.path).unwrap();
    assert!(
        vault.index().is_empty() && vault.problems().len() > 10,
        "opens as the other one, every row named"
    );
}

#[test]
fn created_once_and_never_over_something() {
    let place = Place::new();
    fs::create_dir(&place.path).unwrap();
    drop(create(&place.path).unwrap());
    let before = snapshot(&place.path);
    assert!(matches!(create(&place.path), Err(Error::Exists)));
    assert!(snapshot(&place.path) == before, "the first vault was changed");
    let other = Place::new();
    fs::write(&other.path, b"mine").unwrap();
    assert!(matches!(create(&other.path), Err(Error::Exists)));
    assert_eq!(fs::read(&other.path).unwrap(), b"mine");
    let full = Place::new();
    fs::create_dir(&full.path).unwrap();
    fs::write(full.path.join("letter"), b"mine").unwrap();
    assert!(matches!(create(&full.path), Err(Error::Exists)));
    let beside: Vec<_> = fs::read_dir(place.path.parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 1, "nothing is left beside the vault");
    assert!(matches!(create(&place.path.join("no/where")), Err(Error::NoParent)));
}

#[test]
fn one_owner_at_a_time_and_wrong_passphrases() {
    let place = Place::new();
    let vault = create(&place.path).unwrap();
    assert!(matches!(open(&place.path), Err(Error::InUse)));
    drop(vault);
    for wrong in [&b""[..], b"x", &PASSPHRASE[1..]] {
        let unlock = kosha_vault::Unlock::Passphrase(wrong);
        let before = fs::read(place.database()).unwrap();
        assert!(matches!(kosha_vault::Vault::open(&place.path, unlock, common::env()), Err(Error::WrongKey)));
        assert!(fs::read(place.database()).unwrap() == before, "a wrong passphrase changed the file");
    }
    open(&place.path).unwrap();
}
