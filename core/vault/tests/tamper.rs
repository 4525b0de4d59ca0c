//! Someone without the key edits the files. What needs an anchor outside of the vault is shown to need it.
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

use common::{
    Place, add_person, add_record, copy, create_quick, export, furnish, open_quick, problems, snapshot,
};
use kosha_vault::{Durability, Error, Filter, Part, Vault};

fn furnished() -> (Place, Vec<kosha_vault::RecordId>) {
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let records = furnish(&mut vault);
    assert_eq!(problems(&vault), [""; 0]);
    drop(vault);
    (place, records)
}

fn open(place: &Place) -> Vault {
    open_quick(&place.path).unwrap()
}

fn names(vault: &Vault) -> Vec<String> {
    vault.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn a_flipped_bit_in_a_body_or_header_is_named_and_the_others_stay() {
    let (place, records) = furnished();
    let flip = |table: &str, column: &str, at: u32, n: u32| {
        place.sql(&format!(
            "UPDATE {table} SET {column}=CAST(substr({column},1,{at}-1)||x'{}'||substr({column},{at}+1) AS BLOB) WHERE n={n}",
            "5a"
        ));
    };
    flip("b", "b", 90, 1);
    flip("h", "h", 60, 2);
    let vault = open(&place);
    let damaged: Vec<Part> = vault.problems().iter().map(|p| p.place).collect();
    assert_eq!(damaged, [Part::Record(records[1])], "the header is found at unlock");
    assert!(matches!(vault.body(records[0]), Err(Error::Damaged(Part::Record(id))) if id == records[0]));
    assert!(vault.body(records[1]).is_ok(), "its second version is whole");
    assert_eq!(vault.index().len(), records.len());
    for record in &records[2..] {
        vault.body(*record).unwrap();
    }
    let found = problems(&vault);
    for record in &records[..2] {
        assert!(found.iter().any(|p| p.contains(&record.to_string())), "{found:?}");
    }
    assert!(
        vault.search("haemoglobin", &Filter::default(), 99).unwrap().len() >= 9,
        "search goes round the damage"
    );
}

#[test]
fn a_damaged_newest_version_is_not_replaced_by_an_older_one() {
    let (place, records) = furnished();
    place.sql("UPDATE h SET h=CAST(substr(h,1,80)||x'00000000'||substr(h,85) AS BLOB) WHERE c=2");
    let mut vault = open(&place);
    assert!(matches!(vault.body(records[1]), Err(Error::Damaged(Part::Record(id))) if id == records[1]));
    assert!(vault.index().get(records[1]).is_none());
    let versions = vault.history(records[1]).unwrap();
    assert_eq!(versions.len(), 2);
    assert!(vault.body_at(records[1], versions[0]).is_ok(), "history stays readable");
    assert!(vault.body_at(records[1], versions[1]).is_err());
    let ids: Vec<_> = vault.index().iter().map(kosha_vault::Entry::id).collect();
    assert!(!ids.contains(&records[1]) && ids.len() == records.len() - 1);
    let mut tx = vault.begin(Durability::Full).unwrap();
    let header = common::header(tx.persons()[0].id, 1);
    assert!(matches!(
        tx.update_record(records[1], header, &kosha_vault::NewBody::default()),
        Err(Error::Damaged(_))
    ));
}

#[test]
fn swapped_rows_are_found() {
    for (table, columns) in
        [("h", "k,h"), ("b", "b"), ("i", "b"), ("l", "k,b,h"), ("f", "k,h"), ("d", "k,h,b"), ("p", "k,h")]
    {
        let (place, _) = furnished();
        let sets: Vec<String> =
            columns.split(',').map(|c| format!("{c}=(SELECT {c} FROM t WHERE t.n=3-{table}.n)")).collect();
        place.sql(&format!(
            "CREATE TEMP TABLE t AS SELECT * FROM {table} WHERE n<3; UPDATE {table} SET {} WHERE n<3 AND (SELECT count(*) FROM t)=2;",
            sets.join(",")
        ));
        let vault = open(&place);
        if table == "f" {
            continue; // one attachment: nothing to swap with
        }
        assert!(!problems(&vault).is_empty(), "table {table}");
        assert!(table == "b" || !names(&vault).is_empty(), "table {table} at unlock");
    }
}

#[test]
fn an_old_version_put_back_is_found() {
    // Old body under the new header; old header and body together; an old item.
    let (place, records) = furnished();
    place.sql("UPDATE b SET b=(SELECT b FROM b x WHERE x.n=2) WHERE n=13");
    let vault = open(&place);
    assert!(matches!(vault.body(records[1]), Err(Error::Damaged(_))));
    drop(vault);

    let (place, _) = furnished();
    place.sql("DELETE FROM h WHERE c=2; DELETE FROM b WHERE n=13");
    assert_eq!(names(&open(&place)), ["set of all rows: rows were added, removed, put back or changed"]);

    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let item = kosha_vault::ItemId::from_bytes([1; 16]);
    for value in [b"grant", b"ended"] {
        let mut tx = vault.begin(Durability::Full).unwrap();
        tx.put_item(1, item, value).unwrap();
        tx.commit().unwrap();
        if value == b"grant" {
            drop(vault);
            place.sql("CREATE TABLE x AS SELECT * FROM i");
            place.sql("ALTER TABLE x RENAME TO y");
            let keep = place.path.join("kept");
            fs::copy(place.database(), &keep).unwrap();
            place.sql("DROP TABLE y");
            vault = open(&place);
        }
    }
    drop(vault);
    let kept = place.path.join("kept");
    place.sql(&format!(
        "ATTACH '{}' AS o; UPDATE i SET b=(SELECT b FROM o.i AS k WHERE k.n=i.n)",
        kept.display()
    ));
    assert_eq!(names(&open(&place)), ["set of all rows: rows were added, removed, put back or changed"]);
}

#[test]
fn a_removed_or_copied_row_is_found_in_every_table() {
    for table in ["h", "d", "f", "i", "l", "p", "w", "s", "b"] {
        let (place, _) = furnished();
        if table == "s" {
            place.sql("INSERT INTO s(b) SELECT b FROM s");
        } else {
            place.sql(&format!("DELETE FROM {table} WHERE n=1"));
        }
        let vault = open(&place);
        assert!(!problems(&vault).is_empty(), "table {table}");
        assert!(table == "b" || !names(&vault).is_empty(), "table {table} at unlock");
    }
    for (table, columns) in [("h", "w,c,k,h"), ("i", "b"), ("d", "k,h,b"), ("p", "k,h")] {
        let (place, _) = furnished();
        place.sql(&format!(
            "INSERT INTO {table}(i,{columns}) SELECT randomblob(16),{columns} FROM {table} WHERE n=1"
        ));
        let vault = open(&place);
        assert!(!names(&vault).is_empty(), "table {table}");
        if table == "h" {
            assert_eq!(vault.index().len(), 13, "the copy is not a record");
        }
    }
}

#[test]
fn without_its_state_a_vault_can_be_read_and_not_written() {
    let (place, records) = furnished();
    place.sql("UPDATE z SET c=c-1");
    let mut vault = open(&place);
    assert!(names(&vault).contains(&"vault state: the seal does not hold".to_owned()));
    vault.body(records[0]).unwrap();
    assert!(vault.anchor().is_none());
    assert!(matches!(vault.begin(Durability::Full).map(|_| ()), Err(Error::ReadOnly)));
}

#[test]
fn a_mismatch_is_not_washed_away_by_the_next_write() {
    let (place, _) = furnished();
    place.sql("DELETE FROM i WHERE n=1");
    let mut vault = open(&place);
    let person = add_person(&mut vault, b"new");
    add_record(&mut vault, person, 900);
    drop(vault);
    assert!(!names(&open(&place)).is_empty());
}

#[test]
fn an_older_copy_of_everything_is_found_by_the_anchor_alone() {
    let (place, _) = furnished();
    let older = place.path.with_extension("older");
    copy(&place.path, &older);
    let mut vault = open(&place);
    let person = add_person(&mut vault, b"new");
    add_record(&mut vault, person, 901);
    let anchor = vault.anchor().unwrap();
    drop(vault);
    let vault = open_quick(&older).unwrap();
    assert!(problems(&vault).is_empty(), "nothing inside the vault can tell");
    let found = vault.anchor().unwrap();
    assert!(found.sequence < anchor.sequence && found.state != anchor.state);
}

#[test]
fn a_missing_or_foreign_attachment_file_is_named() {
    let (place, _) = furnished();
    let file = place.files().remove(0);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 16]).unwrap();
    let vault = open(&place);
    let found = problems(&vault);
    assert!(found.iter().any(|p| p.starts_with("attachment ")), "{found:?}");
    assert!(export(&vault).is_err());
    drop(vault);
    fs::remove_file(&file).unwrap();
    assert!(problems(&open(&place)).iter().any(|p| p.starts_with("attachment ")));
}

#[test]
fn orphans_are_swept_unless_something_is_wrong() {
    let (place, _) = furnished();
    let files = place.path.join("files");
    let orphan = files.join("0123456789abcdef0123456789abcdef");
    let unfinished = files.join("fedcba9876543210fedcba9876543210.tmp");
    let foreign = files.join("notes.txt");
    for file in [&orphan, &unfinished, &foreign] {
        fs::write(file, b"x").unwrap();
    }
    let vault = open(&place);
    assert!(!orphan.exists() && !unfinished.exists() && foreign.exists());
    assert_eq!(problems(&vault), [""; 0]);
    drop(vault);
    fs::write(&orphan, b"x").unwrap();
    place.sql("DELETE FROM f WHERE n=1");
    drop(open(&place));
    assert!(orphan.exists() && place.files().len() == 3, "a file whose row may only be damaged is kept");
}

/// A generator that is the same everywhere.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn every_flipped_bit_is_named_or_changes_nothing() {
    let (place, _) = furnished();
    let whole = export(&open(&place)).unwrap();
    let files = snapshot(&place.path);
    let mut seed = 0x5eed_1234_abcd_0001;
    let (mut named, mut harmless) = (0, 0);
    for (path, bytes) in files.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        for _ in 0..200 {
            let at = usize::try_from(random(&mut seed)).unwrap() % bytes.len();
            let bit = 1_u8 << (random(&mut seed) % 8);
            let mut changed = bytes.clone();
            changed[at] ^= bit;
            fs::write(path, &changed).unwrap();
            let unchanged = match open_quick(&place.path) {
                Err(_) => false,
                Ok(vault) => {
                    let clean = vault.check(&mut |_, _| {}).is_ok_and(|report| report.problems.is_empty());
                    let same = export(&vault).is_ok_and(|export| export == whole);
                    assert!(
                        !clean || same,
                        "bit {bit} of byte {at} of {} changes something unseen",
                        path.display()
                    );
                    clean
                }
            };
            let kept = path.ends_with("index");
            if kept {
                assert!(unchanged, "a snapshot is never needed");
            } else if unchanged {
                harmless += 1;
            } else {
                named += 1;
            }
            for (path, bytes) in &files {
                fs::write(path, bytes).unwrap();
            }
            for leftover in ["vault.db-wal", "vault.db-shm"] {
                let _ = fs::remove_file(place.path.join(leftover));
            }
        }
    }
    println!("{named} flips named, {harmless} harmless");
    assert!(named > harmless);
}
