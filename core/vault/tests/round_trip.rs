//! What goes in comes out, across closing and opening.
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

use common::{Keystore, Place, add_person, add_record, env, header, problems, resource};
use kosha_crypto::KdfStrength;
use kosha_crypto::digest::sha256;
use kosha_vault::{
    AttachmentId, Carrier, CreateOptions, Cursor, DocHole, Durability, Error, Filter, Hole, ItemId, NewBody,
    NewDocument, Part, RecordId, Unlock, Vault,
};

/// A resource with an attachment in it, as a file holds it, and its parts: skeleton and offset of the hole.
fn with_attachment(content: &[u8]) -> (Vec<u8>, Vec<u8>, u64) {
    use base64::Engine as _;
    let before = br#"{"resourceType":"Binary","contentType":"application/pdf","data":""#;
    let after = br#""}"#;
    let encoded = base64::engine::general_purpose::STANDARD.encode(content);
    let whole = [&before[..], encoded.as_bytes(), after].concat();
    (whole, [&before[..], after].concat(), before.len() as u64)
}

#[test]
fn documents_come_back_byte_for_byte() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"profile");
    for (round, size) in [0_usize, 1, 2, 3, 4_097, 65_536, 65_537, 200_001].into_iter().enumerate() {
        let content: Vec<u8> = (0..size).map(|n| u8::try_from((n * 31 + round) % 251).unwrap()).collect();
        let (binary, skeleton, at) = with_attachment(&content);
        let plain = resource(7);
        let parts: [&[u8]; 5] = [b"\xef\xbb\xbf[ ", &binary, b" ,\n", plain.as_bytes(), b"  ]\n"];
        let file = parts.concat();

        let mut tx = vault.begin(Durability::Normal).unwrap();
        let attachment = tx.add_attachment(&mut content.as_slice()).unwrap();
        assert_eq!((attachment.len, attachment.hash), (size as u64, sha256(&[&content])));
        let document = tx.new_document_id().unwrap();
        let mut first = header(person, 100 + u32::try_from(round).unwrap());
        first.document = Some(document);
        let holes = [Hole { at, attachment: attachment.id }];
        let first = tx
            .add_record(first, &NewBody { resource_skeleton: &skeleton, holes: &holes, text: "a scan" })
            .unwrap();
        let second = tx
            .add_record(
                header(person, 200 + u32::try_from(round).unwrap()),
                &NewBody { resource_skeleton: plain.as_bytes(), holes: &[], text: "" },
            )
            .unwrap();
        let version = kosha_vault::Version { writer: tx.vault().writer(), counter: 1 };
        let holes = [
            DocHole { at: parts[0].len() as u64, record: first, version },
            DocHole { at: (parts[0].len() + parts[2].len()) as u64, record: second, version },
        ];
        let skeleton = [parts[0], parts[2], parts[4]].concat();
        let hash = sha256(&[&file]);
        let carrier = Carrier::Skeleton { bytes: &skeleton, holes: &holes };
        let info = NewDocument { name: "report.json", received_ms: 5, hash, len: file.len() as u64, carrier };
        tx.add_document_as(document, &info).unwrap();
        assert_eq!(tx.document_by_hash(&hash), Some(document));
        tx.commit().unwrap();

        for reopened in [false, true] {
            if reopened {
                drop(vault);
                vault = place.open();
            }
            let mut out = Vec::new();
            vault.document_to(document, &mut out).unwrap();
            assert_eq!(out, file);
            assert_eq!(*vault.body(first).unwrap().resource, binary);
            assert_eq!(vault.body(first).unwrap().text.as_str(), "a scan");
            assert_eq!(vault.document_by_hash(&hash), Some(document));
            let info = vault.document(document).unwrap();
            assert_eq!(
                (info.name.as_str(), info.received_ms, info.len),
                ("report.json", 5, file.len() as u64)
            );
            let mut out = Vec::new();
            vault.attachment_to(attachment.id, &mut out).unwrap();
            assert_eq!(out, content);
        }
    }
    assert_eq!(problems(&vault), [""; 0]);
}

#[test]
fn an_original_is_kept_once_and_whole() {
    let place = Place::new();
    let mut vault = place.create();
    let content = vec![0xa5; 300_000];
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut tx = vault.begin(Durability::Full).unwrap();
        let attachment = tx.add_attachment(&mut content.as_slice()).unwrap();
        assert_eq!(tx.add_attachment_bytes(&content).unwrap(), attachment);
        let hash = sha256(&[&content]);
        let carrier = Carrier::Original(attachment.id);
        let document = NewDocument { name: "x.gz", received_ms: 1, hash, len: 300_000, carrier };
        tx.add_document(&document).unwrap();
        tx.commit().unwrap();
        ids.push(attachment.id);
    }
    assert_eq!(ids[0], ids[1], "the same content is stored once");
    assert_eq!(place.files().len(), 1);
    let documents = vault.documents();
    assert_eq!(documents.len(), 2);
    let mut out = Vec::new();
    vault.document_to(documents[0].id, &mut out).unwrap();
    assert_eq!(out, content);
}

#[test]
fn versions_stay_as_history() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"profile");
    let record = add_record(&mut vault, person, 1);
    for text in ["second", "third"] {
        let mut tx = vault.begin(Durability::Full).unwrap();
        let mut changed = header(person, 1);
        changed.title = text.into();
        changed.content = sha256(&[text.as_bytes()]);
        tx.update_record(record, changed, &NewBody { resource_skeleton: text.as_bytes(), holes: &[], text })
            .unwrap();
        tx.commit().unwrap();
    }
    let mut tx = vault.begin(Durability::Full).unwrap();
    let other = header(person, 2);
    assert!(matches!(tx.update_record(record, other, &NewBody::default()), Err(Error::Invalid(_))));
    drop(tx);
    for reopened in [false, true] {
        if reopened {
            drop(vault);
            vault = place.open();
        }
        let versions = vault.history(record).unwrap();
        assert_eq!(versions.iter().map(|v| v.counter).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(*vault.body(record).unwrap().resource, b"third");
        assert_eq!(*vault.body_at(record, versions[0]).unwrap().resource, resource(1).as_bytes());
        assert_eq!(*vault.body_at(record, versions[1]).unwrap().resource, b"second");
        assert_eq!(vault.header_at(record, versions[1]).unwrap().title, "second");
        assert_eq!(vault.header(record).unwrap().title, "third");
        assert_eq!(vault.index().len(), 1);
        let known = vault.index().with_identity(&header(person, 1).identity);
        assert_eq!(
            known.iter().map(|k| (k.version.counter, k.current)).collect::<Vec<_>>(),
            [(3, true), (2, false), (1, false)]
        );
        assert_eq!(known[2].content, header(person, 1).content);
        assert_eq!(vault.search("third", &Filter::default(), 9).unwrap(), [record]);
        assert_eq!(vault.search("second", &Filter::default(), 9).unwrap(), [] as [RecordId; 0]);
    }
    assert_eq!(problems(&vault), [""; 0]);
}

#[test]
fn persons_items_and_log() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"Asha");
    let second = add_person(&mut vault, b"Ravi");
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.set_person(person, b"Asha Nair").unwrap();
    assert_eq!(tx.persons()[0].profile, b"Asha Nair");
    let item = ItemId::from_bytes([3; 16]);
    tx.put_item(4, item, b"old").unwrap();
    tx.put_item(4, item, b"new").unwrap();
    tx.put_item(5, item, b"other kind").unwrap();
    assert_eq!(tx.log(10, "share", "to Dr Rao").unwrap(), 0);
    assert_eq!(tx.log(11, "revoke", "").unwrap(), 1);
    tx.commit().unwrap();
    let checkpoint = vault.checkpoint(12).unwrap();
    drop(vault);

    let mut vault = place.open();
    let persons = vault.persons();
    assert_eq!(
        persons.iter().map(|p| (p.id, p.profile.as_slice())).collect::<Vec<_>>(),
        [(person, &b"Asha Nair"[..]), (second, b"Ravi")]
    );
    let items = vault.items(4).unwrap();
    assert_eq!(items.iter().map(|(id, b)| (*id, b.as_slice())).collect::<Vec<_>>(), [(item, &b"new"[..])]);
    assert_eq!(*vault.item(5, item).unwrap(), b"other kind");
    let log = vault.log(None, 10).unwrap();
    assert_eq!(
        log.iter().map(|e| (e.index, e.time_ms, e.event.as_str(), e.detail.as_str())).collect::<Vec<_>>(),
        [(0, 10, "share", "to Dr Rao"), (1, 11, "revoke", "")]
    );
    assert_eq!(vault.log(Some(0), 10).unwrap().len(), 1);
    assert_eq!(vault.checkpoint(99).unwrap(), checkpoint, "key and tree survive");
    assert_eq!((checkpoint.size, checkpoint.note.lines().nth(1)), (2, Some("2")));

    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.remove_item(4, item).unwrap();
    assert!(matches!(tx.remove_item(4, item), Err(Error::UnknownItem(_))));
    tx.commit().unwrap();
    assert!(vault.items(4).unwrap().is_empty());
    assert_eq!(problems(&vault), [""; 0]);
}

#[test]
fn a_dropped_transaction_leaves_nothing() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"Asha");
    let record = add_record(&mut vault, person, 1);
    vault.search("x", &Filter::default(), 1).unwrap();
    let anchor = vault.anchor();
    let mut tx = vault.begin(Durability::Full).unwrap();
    let other = tx.add_person(b"Ravi").unwrap();
    let attachment = tx.add_attachment(&mut vec![7_u8; 100_000].as_slice()).unwrap();
    tx.add_record(header(other, 2), &NewBody { resource_skeleton: b"{}", holes: &[], text: "gone" }).unwrap();
    tx.update_record(record, header(person, 1), &NewBody::default()).unwrap();
    tx.put_item(1, ItemId::from_bytes([1; 16]), b"x").unwrap();
    tx.log(1, "e", "").unwrap();
    drop(tx);
    for reopened in [false, true] {
        if reopened {
            drop(vault);
            vault = place.open();
        }
        assert_eq!(vault.anchor(), anchor);
        assert_eq!(vault.persons().len(), 1);
        assert_eq!(vault.index().len(), 1);
        assert_eq!(vault.history(record).unwrap().len(), 1);
        assert!(vault.items(1).unwrap().is_empty());
        assert_eq!(vault.log_len(), 0);
        assert!(vault.search("gone", &Filter::default(), 1).unwrap().is_empty());
        assert!(place.files().is_empty(), "attachment files of the transaction are gone");
        assert!(matches!(
            vault.attachment_to(attachment.id, &mut Vec::new()),
            Err(Error::UnknownAttachment(_))
        ));
    }
    assert_eq!(problems(&vault), [""; 0]);
}

#[test]
fn what_cannot_be_stored_is_refused_and_the_transaction_goes_on() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"");
    let stranger = kosha_vault::PersonId::from_bytes([9; 16]);
    let mut tx = vault.begin(Durability::Full).unwrap();
    let body = NewBody::default();
    assert!(matches!(tx.add_record(header(stranger, 1), &body), Err(Error::UnknownPerson(_))));
    let hole = [Hole { at: 0, attachment: AttachmentId::from_bytes([1; 16]) }];
    let holed = NewBody { holes: &hole, ..body };
    assert!(matches!(tx.add_record(header(person, 1), &holed), Err(Error::UnknownAttachment(_))));
    let mut long = header(person, 1);
    long.title = "x".repeat(300_000);
    assert!(matches!(tx.add_record(long, &body), Err(Error::TooLarge(_))));
    assert!(matches!(tx.log(0, &"e".repeat(257), ""), Err(Error::TooLarge(_))));
    let unknown = RecordId::from_bytes([5; 16]);
    assert!(matches!(tx.update_record(unknown, header(person, 1), &body), Err(Error::UnknownRecord(_))));
    let good = tx.add_record(header(person, 1), &body).unwrap();
    assert!(matches!(tx.add_record_as(good, header(person, 1), &body), Err(Error::Invalid(_))));
    tx.commit().unwrap();
    assert_eq!(vault.index().len(), 1);
    assert!(matches!(vault.body(unknown), Err(Error::UnknownRecord(_))));
}

#[test]
fn pages_stay_in_place_while_records_come_in() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"");
    let other = add_person(&mut vault, b"");
    let mut expected = Vec::new();
    for number in 0..40 {
        expected.push(add_record(&mut vault, person, number));
        add_record(&mut vault, other, 100 + number);
    }
    expected.reverse();
    let filter = Filter { person: Some(person), ..Filter::default() };
    let (mut seen, mut after) = (Vec::new(), None);
    for round in 0.. {
        let page = vault.index().page(&filter, after, 7);
        seen.extend(page.entries.iter().map(|entry| entry.id()));
        let next: Option<Cursor> = page.next;
        let Some(next) = next else { break };
        after = Some(next.to_string().parse().unwrap());
        // Newer records arrive: they come before this place and move nothing behind it.
        add_record(&mut vault, person, 1000 + round);
    }
    assert_eq!(seen, expected);
    assert_eq!(vault.index().page(&filter, None, 1000).entries.len(), 45);
    let kinds = [3];
    let filtered = Filter { kinds: Some(&kinds), person: Some(person), ..Filter::default() };
    let page = vault.index().page(&filtered, None, 1000);
    assert!(!page.entries.is_empty() && page.entries.iter().all(|entry| entry.kind() == 3));
    let from = 1_600_000_000_000 + 39 * 3_600_000;
    let recent = Filter {
        person: Some(other),
        from_ms: Some(from),
        to_ms: Some(from + 100 * 3_600_000),
        ..Filter::default()
    };
    assert!(
        vault
            .index()
            .page(&recent, None, 1000)
            .entries
            .iter()
            .all(|entry| entry.date().unwrap().end_ms >= from)
    );
}

#[test]
fn the_index_shows_the_header() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"");
    let mut tx = vault.begin(Durability::Full).unwrap();
    let mut full = header(person, 3);
    full.chips = vec!["a".into(), "b\u{1f}c".into(), String::new()];
    full.dosage = Some("1-0-1".into());
    full.standing = 5;
    full.flag = 2;
    full.sensitivity = 4;
    full.do_not_perform = true;
    full.visit = Some(RecordId::from_bytes([1; 16]));
    full.title = "é".repeat(5000);
    let record = tx.add_record(full.clone(), &NewBody::default()).unwrap();
    let mut gone = header(person, 4);
    gone.tombstone = true;
    tx.add_record(gone, &NewBody::default()).unwrap();
    tx.commit().unwrap();
    drop(vault);
    let vault = place.open();
    let entry = vault.index().get(record).unwrap();
    assert_eq!(entry.title(), "é".repeat(512));
    assert_eq!(entry.line(), full.line);
    assert_eq!(entry.chips().collect::<Vec<_>>(), ["a", "bc", ""]);
    assert_eq!(entry.dosage(), "1-0-1");
    let measure = entry.measure().unwrap();
    assert_eq!(
        (measure.value, measure.unit, measure.range_low, measure.range_high),
        ("13.2", "g/dL", "12", "16")
    );
    assert_eq!(entry.codes().collect::<Vec<_>>(), full.codes.iter().collect::<Vec<_>>());
    assert_eq!((entry.standing(), entry.flag(), entry.sensitivity()), (5, 2, 4));
    assert!(entry.do_not_perform() && !entry.tombstone() && !entry.has_attachments());
    assert_eq!(
        (entry.person(), entry.source(), entry.resource_type()),
        (person, full.source.as_str(), "Observation")
    );
    assert_eq!(entry.visit(), full.visit);
    assert_eq!(vault.header(record).unwrap(), full);
    let hidden = |filter: Filter<'_>| vault.index().page(&filter, None, 9).entries.is_empty();
    assert!(!hidden(Filter::default()));
    assert!(hidden(Filter { hide_standing: 1 << 5, ..Filter::default() }));
    assert!(hidden(Filter { hide_sensitivity: 4, ..Filter::default() }));
    assert!(hidden(Filter { without_kinds: &[4], ..Filter::default() }));
    assert!(!format!("{entry:?}{:?}", vault.header(record)).contains("g/dL"));
}

#[test]
fn unlocking_by_device_and_the_states_apart() {
    let place = Place::new();
    let options =
        CreateOptions { passphrase: None, device: Some((&Keystore, "main")), strength: KdfStrength::FLOOR };
    let vault = Vault::create(&place.path, &options, env()).unwrap();
    let id = vault.id();
    drop(vault);
    let vault = Vault::open(&place.path, Unlock::Device(&Keystore, "to read"), env()).unwrap();
    assert_eq!(vault.id(), id);
    assert!(matches!(common::open(&place.path), Err(Error::InUse)), "a second owner");
    drop(vault);
    assert!(matches!(common::open(&place.path), Err(Error::NoSlot)), "no passphrase slot");

    let none = CreateOptions { passphrase: None, device: None, strength: KdfStrength::FLOOR };
    assert!(matches!(Vault::create(&place.path, &none, env()), Err(Error::Invalid(_))));
    let other = Place::new();
    other.create();
    let wrong = Vault::open(&other.path, Unlock::Passphrase(b"wrong"), env());
    assert!(matches!(wrong, Err(Error::WrongKey)));
    // A flipped bit in the slot is damage, not a wrong passphrase.
    other.sql("UPDATE s SET b=CAST(zeroblob(20)||substr(b,21) AS BLOB)");
    assert!(matches!(common::open(&other.path), Err(Error::Damaged(Part::Slot))));
}
