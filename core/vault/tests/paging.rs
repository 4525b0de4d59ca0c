//! Paging through many records while others are added and changed: none lost, none twice. And the words for what changed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use common::{Place, add_person, day, header, resource};
use kosha_vault::{Bookmark, Changed, Durability, Filter, NewBody, PersonId, RecordId, Vault};

const HOUR: i64 = 3_600_000;

fn put(vault: &mut Vault, person: PersonId, numbers: std::ops::Range<u32>) -> Vec<RecordId> {
    let mut tx = vault.begin(Durability::Normal).unwrap();
    let mut added = Vec::new();
    for number in numbers {
        let text = resource(number);
        let body = NewBody { resource_skeleton: text.as_bytes(), holes: &[], text: "" };
        added.push(tx.add_record(header(person, number), &body).unwrap());
    }
    tx.commit().unwrap();
    added
}

/// A newer version with another date (or none).
fn redate(vault: &mut Vault, record: RecordId, start_ms: Option<i64>) {
    let mut changed = vault.header(record).unwrap();
    changed.date = start_ms.map(day);
    let mut tx = vault.begin(Durability::Normal).unwrap();
    tx.update_header(record, changed).unwrap();
    tx.commit().unwrap();
}

#[test]
fn ten_thousand_records_are_paged_once_each_while_an_import_adds_and_updates() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"");
    let records = put(&mut vault, person, 0..10_000);
    // Some have a history from before.
    for at in (0..10_000).step_by(997) {
        redate(&mut vault, records[at], Some(1_650_000_000_000 + i64::try_from(at).unwrap()));
    }
    let start: BTreeSet<RecordId> = records.iter().copied().collect();
    let mut seen: Vec<RecordId> = Vec::new();
    let mut bookmark: Option<Bookmark> = None;
    let mut next_number = 10_000;
    let mut round = 0_usize;
    loop {
        let page = vault.page(&Filter::default(), bookmark, 250).unwrap();
        seen.extend(page.entries.iter().map(|entry| entry.id()));
        // Through its text, as a shell keeps it.
        bookmark = page.next.map(|next| next.to_string().parse().unwrap());
        if bookmark.is_none() {
            break;
        }
        // New ones all over, seen ones to the end, later ones to the front, to no date and back, some twice.
        let more = put(&mut vault, person, next_number..next_number + 40);
        next_number += 40;
        redate(&mut vault, more[0], Some(1));
        let page_seen = seen[seen.len() - 1 - round % 200];
        redate(&mut vault, page_seen, Some(HOUR));
        for (step, start_ms) in
            [(1, Some(1_900_000_000_000)), (2, None), (3, Some(1_600_000_000_000)), (1, None)]
        {
            redate(&mut vault, records[(round * 131 + step * 2503) % 10_000], start_ms);
        }
        if round == 20 {
            drop(vault);
            vault = place.open();
        }
        round += 1;
        assert!(round < 200, "it ends");
    }
    assert!(round > 30);
    let once: BTreeSet<RecordId> = seen.iter().copied().collect();
    assert_eq!(once.len(), seen.len(), "a record came twice");
    assert!(start.is_subset(&once), "{} records were lost", start.difference(&once).count());
}

#[test]
fn what_changed_is_told_coarsely_and_a_listener_hears_of_each_commit() {
    let place = Place::new();
    let mut vault = place.create();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    vault.on_commit(Box::new(move |sequence| ears.lock().unwrap().push(sequence)));
    let start = vault.sequence();
    let (one, other) = (add_person(&mut vault, b"1"), add_person(&mut vault, b"2"));
    assert_eq!(vault.changes_since(start), Changed { persons: true, ..Changed::default() });

    let here = vault.sequence();
    let record = put(&mut vault, one, 0..1).remove(0);
    let changed = vault.changes_since(here);
    assert_eq!((changed.persons, changed.records_of), (false, BTreeSet::from([one])));

    let here = vault.sequence();
    let before = vault.body(record).unwrap();
    let mut moved = vault.header(record).unwrap();
    moved.person = other;
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.update_header(record, moved.clone()).unwrap();
    assert!(tx.update_header(record, moved).is_err(), "twice in one transaction");
    tx.log(1, "refiled", "").unwrap();
    tx.commit().unwrap();
    let changed = vault.changes_since(here);
    assert_eq!((changed.log, changed.records_of), (true, BTreeSet::from([one, other])));
    assert_eq!(vault.index().get(record).unwrap().person(), other);
    let versions = vault.history(record).unwrap();
    assert_eq!(vault.header_at(record, versions[0]).unwrap().person, one);
    assert!(vault.body(record).unwrap() == before && vault.body_at(record, versions[0]).unwrap() == before);

    let here = vault.sequence();
    drop(vault.begin(Durability::Full).unwrap());
    assert!(vault.changes_since(here).is_empty(), "nothing was committed");
    assert_eq!(*heard.lock().unwrap(), (start + 1..=here).collect::<Vec<_>>());
    drop(vault);
    let vault = place.open();
    assert!(vault.changes_since(here).is_empty());
    assert!(vault.changes_since(start).everything);
    assert!(common::problems(&vault).is_empty());
}
