//! Searching: what is found and in which order, whatever became of the sealed file of the searched text.
#![allow(
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

use common::{Keystore, Place, add_person, copy, create_quick, day, env, header, open_quick};
use kosha_vault::{
    BackupOptions, Durability, Error, Filter, Header, NewBody, PersonId, RecordId, RestoreOptions,
    Transaction, Unlock, Vault, restore,
};
use proptest::prelude::*;

const DAY: i64 = 86_400_000;

fn titled(person: PersonId, title: &str, start_ms: Option<i64>) -> Header {
    let mut header = Header::new(person, 3);
    header.title = title.into();
    header.date = start_ms.map(day);
    header
}

fn put(tx: &mut Transaction<'_>, header: Header, text: &str) -> RecordId {
    tx.add_record(header, &NewBody { resource_skeleton: b"{}", holes: &[], text }).unwrap()
}

fn add(vault: &mut Vault, header: Header, text: &str) -> RecordId {
    let mut tx = vault.begin(Durability::Full).unwrap();
    let record = put(&mut tx, header, text);
    tx.commit().unwrap();
    record
}

fn update(vault: &mut Vault, record: RecordId, text: &str) {
    let header = vault.header(record).unwrap();
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.update_record(record, header, &NewBody { resource_skeleton: b"{}", holes: &[], text }).unwrap();
    tx.commit().unwrap();
}

fn find(vault: &Vault, words: &str) -> Vec<RecordId> {
    vault.search(words, &Filter::default(), 10_000).unwrap()
}

/// A vault of 300 records, enough for a sealed file, locked: record n holds `every`, `w<n>` and `group<n mod 7>`.
fn filled(path: &Path) -> (PersonId, Vec<RecordId>) {
    let mut vault = create_quick(path);
    let person = add_person(&mut vault, b"");
    let mut tx = vault.begin(Durability::Full).unwrap();
    let records = (0..300)
        .map(|number| put(&mut tx, header(person, number), &format!("every w{number} group{}", number % 7)))
        .collect();
    tx.commit().unwrap();
    drop(vault);
    assert!(path.join("search").exists(), "kept at the lock");
    (person, records)
}

/// All that these searches answer.
fn answers(vault: &Vault) -> Vec<Vec<RecordId>> {
    let asked = ["every", "w7", "w29 ever", "group3", "group3 w1", "haemoglobin", "new", "gone", "e", "zz"];
    asked.into_iter().map(|words| find(vault, words)).collect()
}

/// Opens with the file as it is and without it: both answer the same. The file that was there stays.
fn same_either_way(path: &Path) -> Vec<Vec<RecordId>> {
    let file = path.join("search");
    let quick = answers(&open_quick(path).unwrap());
    let kept = fs::read(&file).ok();
    let _ = fs::remove_file(&file);
    assert_eq!(answers(&open_quick(path).unwrap()), quick);
    if let Some(kept) = kept {
        fs::write(&file, kept).unwrap();
    }
    quick
}

#[test]
fn what_is_newer_than_the_sealed_file_is_found_and_what_it_replaced_is_not() {
    let place = Place::new();
    let (person, records) = filled(&place.path);
    let file = place.path.join("search");
    let before = fs::read(&file).unwrap();
    assert_eq!(same_either_way(&place.path)[0].len(), 300);

    // In memory, and then from a file that does not know of it.
    let mut vault = open_quick(&place.path).unwrap();
    assert_eq!(find(&vault, "w299"), [records[299]]);
    update(&mut vault, records[299], "new words");
    update(&mut vault, records[298], "gone");
    update(&mut vault, records[298], "new again");
    let added = add(&mut vault, titled(person, "Another", None), "new");
    let expected = [records[299], records[298], added];
    for reopened in [false, true] {
        if reopened {
            drop(vault);
            vault = open_quick(&place.path).unwrap();
        }
        assert_eq!(find(&vault, "new"), expected);
        for words in ["w299", "w298", "gone"] {
            assert!(find(&vault, words).is_empty(), "{words}");
        }
    }
    drop(vault);
    assert!(fs::read(&file).unwrap() == before, "three records are not worth a new file");
    let told = same_either_way(&place.path);

    // An older file is brought up to date, one from later or from another branch is of no use.
    let other = place.path.with_extension("other");
    copy(&place.path, &other);
    let mut vault = open_quick(&place.path).unwrap();
    let mut tx = vault.begin(Durability::Full).unwrap();
    (300..600).for_each(|number| {
        put(&mut tx, header(person, number), "every new");
    });
    tx.commit().unwrap();
    drop(vault);
    assert!(fs::read(&file).unwrap() != before, "300 are");
    assert_eq!(same_either_way(&place.path)[0].len(), 598);
    fs::copy(&file, other.join("search")).unwrap();
    assert_eq!(same_either_way(&other), told, "from later");
    let mut vault = open_quick(&other).unwrap();
    let mut tx = vault.begin(Durability::Full).unwrap();
    (300..700).for_each(|number| {
        put(&mut tx, header(person, number), "other");
    });
    tx.commit().unwrap();
    drop(vault);
    fs::copy(&file, other.join("search")).unwrap();
    assert_eq!(same_either_way(&other)[0].len(), 298, "from another branch");
    fs::write(place.path.join("search"), &before).unwrap();
    assert_eq!(same_either_way(&place.path)[0].len(), 598, "from before");
}

#[test]
fn a_file_that_is_not_whole_is_no_file() {
    let place = Place::new();
    filled(&place.path);
    let other = Place::new();
    filled(&other.path);
    let file = place.path.join("search");
    let whole = fs::read(&file).unwrap();
    let told = same_either_way(&place.path);
    for len in [0, 7, 16, 33, 34, 50, whole.len() / 2, whole.len() - 1] {
        fs::write(&file, &whole[..len]).unwrap();
        assert_eq!(same_either_way(&place.path), told, "cut to {len}");
    }
    for at in [0, 4, 8, 16, 18, 34, 60, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        fs::write(&file, &flipped).unwrap();
        assert_eq!(same_either_way(&place.path), told, "byte {at}");
    }
    fs::copy(other.path.join("search"), &file).unwrap();
    assert_eq!(same_either_way(&place.path), told, "of another vault");
    fs::copy(place.path.join("index"), &file).unwrap();
    assert_eq!(same_either_way(&place.path), told, "the other file");
    // A process ended while it wrote: the half stands beside it and is written over, or cannot be.
    fs::write(&file, &whole).unwrap();
    fs::write(place.path.join("search.tmp"), &whole[..100]).unwrap();
    assert_eq!(same_either_way(&place.path), told);
    fs::remove_file(&file).unwrap();
    assert_eq!(answers(&open_quick(&place.path).unwrap()), told);
    assert!(file.exists() && !place.path.join("search.tmp").exists());
    fs::remove_file(&file).unwrap();
    fs::create_dir(place.path.join("search.tmp")).unwrap();
    assert_eq!(answers(&open_quick(&place.path).unwrap()), told);
    assert!(!file.exists());
}

#[test]
fn the_file_says_nothing_and_has_one_owner() {
    let place = Place::new();
    filled(&place.path);
    let told = same_either_way(&place.path);
    let file = fs::read(place.path.join("search")).unwrap();
    for word in ["every", "group", "haemoglobin", "haemo"] {
        assert!(!file.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word}");
    }
    let vault = open_quick(&place.path).unwrap();
    assert!(matches!(open_quick(&place.path), Err(Error::InUse)));
    assert_eq!(answers(&vault), told);
}

#[test]
fn a_restored_vault_makes_its_own_file_and_takes_no_other_in() {
    let place = Place::new();
    let (person, _) = filled(&place.path);
    let mut vault = open_quick(&place.path).unwrap();
    let phrase = kosha_crypto::RecoveryPhrase::generate(&kosha_crypto::SystemEntropy).unwrap();
    vault.replace_recovery(&phrase).unwrap();
    let backup = place.path.with_extension("backup");
    vault.backup(&backup, BackupOptions::default()).unwrap().run(&mut |_, _| {}).unwrap();
    let told = answers(&vault);
    // What comes later is not in the backup, but in the file.
    let mut tx = vault.begin(Durability::Full).unwrap();
    (300..600).for_each(|number| {
        put(&mut tx, header(person, number), "every new");
    });
    tx.commit().unwrap();
    drop(vault);
    let back = place.path.with_extension("back");
    let device: Option<(&dyn kosha_crypto::DeviceKeystore, &str)> = Some((&Keystore, "main"));
    let options = RestoreOptions { device, ..RestoreOptions::default() };
    let unlock = Unlock::Recovery(&phrase);
    let restored =
        restore(&backup, &back, unlock, &env(), &options, &mut |_, _| {}, &mut |_, _| Ok(())).unwrap().0;
    assert_eq!(answers(&restored), told);
    drop(restored);
    assert_eq!(same_either_way(&back), told);
    fs::copy(place.path.join("search"), back.join("search")).unwrap();
    assert_eq!(same_either_way(&back), told, "the file of the vault that was backed up");
}

#[test]
fn new_keys_and_deletion_leave_no_file_that_knows_what_was_deleted() {
    let place = Place::new();
    let (_, records) = filled(&place.path);
    let file = place.path.join("search");
    let before = fs::read(&file).unwrap();
    fs::write(place.path.join("search.tmp"), &before).unwrap();
    let mut vault = open_quick(&place.path).unwrap();
    assert_eq!(find(&vault, "w29 every"), [records[29]]);
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.delete_records(&[records[29]], &[]).unwrap();
    tx.commit_with_new_keys(None, &|step| {
        if step == "rotate-durable" {
            assert!(!file.exists() && !place.path.join("search.tmp").exists());
        }
    })
    .unwrap();
    assert!(find(&vault, "w29 every").is_empty());
    drop(vault);
    assert!(fs::read(&file).unwrap() != before, "made anew");
    let told = same_either_way(&place.path);
    assert_eq!(told[0].len(), 299);
    assert!(!told.concat().contains(&records[29]));
    // The file of before says nothing to the new keys.
    fs::write(&file, &before).unwrap();
    assert_eq!(same_either_way(&place.path), told);
    // New keys alone: the same answers.
    let mut vault = open_quick(&place.path).unwrap();
    vault.rotate(None, &|_| {}).unwrap();
    drop(vault);
    assert_eq!(same_either_way(&place.path), told);
}

#[test]
fn newest_first_unless_the_title_or_the_whole_word_says_otherwise() {
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let person = add_person(&mut vault, b"");
    let mut tx = vault.begin(Durability::Full).unwrap();
    let mut put = |title, days: Option<i64>, text| {
        put(&mut tx, titled(person, title, days.map(|days| days * DAY)), text)
    };
    let old = put("Letter", Some(50), "fever");
    let whole = put("Letter", Some(90), "fever");
    let beginning = put("Letter", Some(100), "feverish");
    let title = put("Fever", Some(70), "");
    let in_title = put("Feverish", Some(77), "");
    let undated = put("Fever", None, "");
    let first = put("Letter", Some(200), "feverish");
    tx.commit().unwrap();
    // Counted as of day 200, 112, 105, 104, 100, 64; undated ones last.
    let expected = [first, title, in_title, whole, beginning, old, undated];
    for words in ["fever", "FEVER", "fév"] {
        let found = find(&vault, words);
        if words == "fév" {
            // No whole word: 200, 105, 100, 98, 90, 50.
            assert_eq!(found, [first, in_title, beginning, title, whole, old, undated]);
        } else {
            assert_eq!(found, expected);
        }
        for limit in 0..9 {
            let some = vault.search(words, &Filter::default(), limit).unwrap();
            assert_eq!(some, found[..limit.min(7)], "a larger limit adds to the end");
        }
    }
    assert_eq!(find(&vault, "letter fever"), [first, whole, beginning, old]);
}

#[test]
fn persons_kinds_and_times_narrow_a_search() {
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let persons = [add_person(&mut vault, b""), add_person(&mut vault, b"")];
    let mut tx = vault.begin(Durability::Full).unwrap();
    // More than are put in order one by one.
    let records: Vec<RecordId> = (0..1000_u32)
        .map(|number| {
            let mut header = titled(persons[number as usize % 2], "Fever", Some(i64::from(number) * DAY));
            header.kind = u16::try_from(number % 5).unwrap();
            put(&mut tx, header, if number % 100 == 3 { "rare" } else { "common" })
        })
        .collect();
    tx.commit().unwrap();
    let filters = [
        Filter::default(),
        Filter { person: Some(persons[1]), ..Filter::default() },
        Filter { person: Some(persons[1]), also: &persons, ..Filter::default() },
        Filter { kinds: Some(&[3, 4]), ..Filter::default() },
        Filter { without_kinds: &[3], ..Filter::default() },
        Filter { from_ms: Some(200 * DAY), to_ms: Some(420 * DAY), ..Filter::default() },
        Filter { person: Some(persons[0]), kinds: Some(&[1]), to_ms: Some(7 * DAY), ..Filter::default() },
    ];
    for filter in &filters {
        for (words, rare) in [("fever", None), ("rare", Some(true)), ("common fev", Some(false))] {
            let admitted = |number: &usize| {
                filter.admits(vault.index().get(records[*number]).unwrap())
                    && rare.is_none_or(|rare| rare == (number % 100 == 3))
            };
            let expected: Vec<RecordId> =
                (0..1000).rev().filter(admitted).map(|number| records[number]).collect();
            for limit in [1, 7, 50, 1000] {
                let found = vault.search(words, filter, limit).unwrap();
                assert_eq!(found, expected[..expected.len().min(limit)], "{words}");
            }
        }
    }
    assert!(vault.search("fever", &filters[6], 9).unwrap().len() == 1);
}

#[test]
fn a_new_title_is_searched_with_the_text_that_stays() {
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let person = add_person(&mut vault, b"");
    let record = add(&mut vault, titled(person, "Scan", None), "of the knee");
    assert_eq!(find(&vault, "knee scan"), [record]);
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.update_header(record, titled(person, "एक्स-रे", None)).unwrap();
    tx.commit().unwrap();
    for _ in 0..2 {
        assert_eq!(find(&vault, "एक्स knee"), [record]);
        assert!(find(&vault, "scan").is_empty());
        drop(vault);
        vault = open_quick(&place.path).unwrap();
    }
}

#[derive(Debug, Clone)]
enum Step {
    Add(String, u8),
    Update(usize, String),
    Search,
    Reopen,
    Forget,
    Older,
    Rotate,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => ("[a-c ]{0,5}", any::<u8>()).prop_map(|(text, date)| Step::Add(text, date)),
        4 => (any::<usize>(), "[a-c ]{0,5}").prop_map(|(at, text)| Step::Update(at, text)),
        2 => Just(Step::Search),
        3 => Just(Step::Reopen),
        1 => Just(Step::Forget),
        1 => Just(Step::Older),
        1 => Just(Step::Rotate),
    ];
    proptest::collection::vec(step, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever happened to vault and file: the answers are those without the file.
    #[test]
    fn the_file_never_changes_an_answer(steps in steps()) {
        let place = Place::new();
        let (person, mut records) = filled(&place.path);
        let file = place.path.join("search");
        let first = fs::read(&file).unwrap();
        let mut vault = open_quick(&place.path).unwrap();
        for step in steps {
            match step {
                Step::Add(text, date) => {
                    let date = (date > 9).then_some(i64::from(date) * 5 * DAY);
                    records.push(add(&mut vault, titled(person, &text.replace('a', "b"), date), &text));
                }
                Step::Update(at, text) => update(&mut vault, records[at % records.len()], &text),
                Step::Search => drop(find(&vault, "a")),
                Step::Rotate => drop(vault.rotate(None, &|_| {}).unwrap()),
                Step::Reopen | Step::Forget | Step::Older => {
                    drop(vault);
                    match step {
                        Step::Forget => drop(fs::remove_file(&file)),
                        Step::Older => fs::write(&file, &first).unwrap(),
                        _ => {}
                    }
                    vault = open_quick(&place.path).unwrap();
                }
            }
        }
        let ask = |vault: &Vault| -> Vec<Vec<RecordId>> {
            ["a", "b", "ab", "c a", "every", "w1"].into_iter().map(|words| find(vault, words)).collect()
        };
        let here = ask(&vault);
        drop(vault);
        let from_file = ask(&open_quick(&place.path).unwrap());
        fs::remove_file(&file).unwrap();
        let anew = ask(&open_quick(&place.path).unwrap());
        prop_assert_eq!(&here, &anew);
        prop_assert_eq!(&from_file, &anew);
    }
}
