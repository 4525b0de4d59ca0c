//! Ways to unlock, new keys, deletion for good: on real files, with the keystore as a phone has it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail, and reads better short"
)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use common::{PASSPHRASE, Place, add_person, copy, create, env, header, snapshot};
use kosha_crypto::{
    Availability, DeviceKeystore, KdfStrength, KeystoreError, RecoveryPhrase, Secret, SlotKind, SystemEntropy,
};
use kosha_vault::{
    Carrier, CreateOptions, DocHole, DocumentId, Durability, Error, Filter, Hole, NewBody, NewDocument,
    RecordId, Result, Unlock, Vault,
};
use proptest::prelude::*;

/// Keys by label, as a keystore has them: without the key nothing opens.
#[derive(Default)]
struct Keystore {
    keys: Mutex<BTreeMap<String, [u8; 32]>>,
    seals: Mutex<usize>,
    stuck: Mutex<bool>,
}

impl Keystore {
    fn labels(&self) -> Vec<String> {
        self.keys.lock().unwrap().keys().cloned().collect()
    }

    fn mask(key: &[u8; 32], aad: &[u8], secret: &[u8]) -> Vec<u8> {
        let pad = kosha_crypto::digest::sha256(&[key, aad]);
        secret.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect()
    }
}

impl DeviceKeystore for Keystore {
    fn seal(&self, label: &str, aad: &[u8], secret: &[u8]) -> std::result::Result<Vec<u8>, KeystoreError> {
        if *self.stuck.lock().unwrap() {
            return Err(KeystoreError::Cancelled);
        }
        let mut seals = self.seals.lock().unwrap();
        *seals += 1;
        let key = kosha_crypto::digest::sha256(&[label.as_bytes(), &seals.to_be_bytes()]);
        Ok(Self::mask(self.keys.lock().unwrap().entry(label.to_owned()).or_insert(key), aad, secret))
    }

    fn open(
        &self,
        label: &str,
        aad: &[u8],
        sealed: &[u8],
        _: &str,
    ) -> std::result::Result<Secret, KeystoreError> {
        let keys = self.keys.lock().unwrap();
        Ok(Secret::new(Self::mask(keys.get(label).ok_or(KeystoreError::KeyMissing)?, aad, sealed)))
    }

    fn delete(&self, label: &str) -> std::result::Result<(), KeystoreError> {
        if *self.stuck.lock().unwrap() {
            return Err(KeystoreError::Failed);
        }
        self.keys.lock().unwrap().remove(label);
        Ok(())
    }

    fn availability(&self) -> Availability {
        Availability::Software
    }
}

fn with_device(place: &Path, keystore: &Keystore) -> Vault {
    let options = CreateOptions {
        passphrase: Some(PASSPHRASE),
        device: Some((keystore, "first")),
        strength: KdfStrength::FLOOR,
    };
    Vault::create(place, &options, env()).unwrap()
}

fn by(place: &Path, unlock: Unlock<'_>) -> Result<()> {
    Vault::open(place, unlock, env()).map(drop)
}

fn sound(vault: &Vault) {
    let report = vault.check(&mut |_, _| {}).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

fn rotate(vault: &mut Vault, keystore: &Keystore, label: &str) {
    let key = vault.renew_device_key(keystore, label, "why").unwrap();
    vault.rotate(key.as_ref(), &|_| {}).unwrap();
    assert_eq!(vault.destroy_old_keys(keystore).unwrap(), 0);
}

/// A record with an attachment of its own and one that is `shared`.
fn record(vault: &mut Vault, number: u32, shared: &[u8]) -> (RecordId, DocumentId) {
    let person = vault.persons()[0].id;
    let mut tx = vault.begin(Durability::Full).unwrap();
    let own = tx.add_attachment_bytes(format!("own content {number}").repeat(500).as_bytes()).unwrap();
    let common = tx.add_attachment_bytes(shared).unwrap();
    let document = tx.new_document_id().unwrap();
    let mut with = header(person, number);
    with.document = Some(document);
    let text = format!("qzcanary{number} sugar");
    let holes = [Hole { at: 0, attachment: own.id }, Hole { at: 1, attachment: common.id }];
    let id = tx
        .add_record(with, &NewBody { resource_skeleton: text.as_bytes(), holes: &holes, text: &text })
        .unwrap();
    let mut other = header(person, number + 1000);
    other.document = Some(document);
    let body = NewBody { resource_skeleton: b"neighbour", holes: &[], text: "neighbour" };
    let neighbour = tx.add_record(other, &body).unwrap();
    tx.commit().unwrap();
    let mut file = Vec::new();
    let versions = [id, neighbour].map(|record| (record, vault.history(record).unwrap()[0]));
    let holes = versions.map(|(record, version)| DocHole { at: 1, record, version });
    file.extend_from_slice(b"[");
    file.extend_from_slice(&vault.body(id).unwrap().resource);
    file.extend_from_slice(&vault.body(neighbour).unwrap().resource);
    file.extend_from_slice(b"]");
    let mut tx = vault.begin(Durability::Full).unwrap();
    let new = NewDocument {
        name: "file.json",
        received_ms: 0,
        hash: kosha_crypto::digest::sha256(&[&file]),
        len: file.len() as u64,
        carrier: Carrier::Skeleton { bytes: b"[]", holes: &holes },
    };
    tx.add_document_as(document, &new).unwrap();
    tx.log(1, "import", "1 file").unwrap();
    tx.commit().unwrap();
    let mut out = Vec::new();
    vault.document_to(document, &mut out).unwrap();
    assert_eq!(out, file);
    (id, document)
}

#[test]
fn every_way_opens_and_none_that_was_removed() {
    let place = Place::new();
    let keystore = Keystore::default();
    let mut vault = with_device(&place.path, &keystore);
    let phrase = RecoveryPhrase::generate(&SystemEntropy).unwrap();
    vault.replace_recovery(&phrase).unwrap();
    vault.replace_passphrase(b"another one", KdfStrength::FLOOR).unwrap();
    assert!(vault.is_recovery(&phrase).unwrap());
    drop(vault);
    assert!(matches!(by(&place.path, Unlock::Passphrase(PASSPHRASE)), Err(Error::WrongKey)));
    by(&place.path, Unlock::Passphrase(b"another one")).unwrap();
    by(&place.path, Unlock::Recovery(&phrase)).unwrap();
    by(&place.path, Unlock::Device(&keystore, "why")).unwrap();
    let kinds: Vec<SlotKind> = Vault::ways(&place.path).unwrap().iter().map(|slot| slot.kind).collect();
    assert_eq!(kinds, [SlotKind::Device, SlotKind::Recovery, SlotKind::Passphrase]);

    let other = RecoveryPhrase::generate(&SystemEntropy).unwrap();
    assert!(matches!(by(&place.path, Unlock::Recovery(&other)), Err(Error::WrongKey)));
    let mut vault = Vault::open(&place.path, Unlock::Recovery(&phrase), env()).unwrap();
    let opened = vault.opened_by().unwrap();
    for slot in vault.slots().unwrap().iter().filter(|slot| slot.id != opened) {
        vault.remove_slot(slot.id).unwrap();
    }
    assert!(matches!(vault.remove_slot(opened), Err(Error::LastSlot)), "never the last one");
    sound(&vault);
    assert_eq!(vault.destroy_old_keys(&keystore).unwrap(), 0);
    assert!(keystore.labels().is_empty(), "the keystore key of a removed slot is destroyed");
    drop(vault);
    assert!(matches!(by(&place.path, Unlock::Passphrase(b"another one")), Err(Error::NoSlot)));
    by(&place.path, Unlock::Recovery(&phrase)).unwrap();
}

#[test]
fn no_key_is_made_where_a_vault_is() {
    let place = Place::new();
    let keystore = Keystore::default();
    drop(with_device(&place.path, &keystore));
    let made = *keystore.seals.lock().unwrap();
    keystore.keys.lock().unwrap().clear();
    let before: BTreeMap<_, _> = snapshot(&place.path).into_iter().collect();
    let gone = by(&place.path, Unlock::Device(&keystore, "why"));
    assert!(matches!(gone, Err(Error::Keystore(KeystoreError::KeyMissing))), "{gone:?}");
    let options =
        CreateOptions { passphrase: None, device: Some((&keystore, "second")), strength: KdfStrength::FLOOR };
    assert!(matches!(Vault::create(&place.path, &options, env()), Err(Error::Exists)));
    std::fs::remove_file(place.database()).unwrap();
    assert!(matches!(by(&place.path, Unlock::Device(&keystore, "why")), Err(Error::NotAVault)));
    assert!(matches!(Vault::create(&place.path, &options, env()), Err(Error::Exists)));
    assert_eq!(*keystore.seals.lock().unwrap(), made);
    assert!(keystore.labels().is_empty());
    std::fs::write(place.database(), &before[&place.database()]).unwrap();
    by(&place.path, Unlock::Passphrase(PASSPHRASE)).unwrap();
}

#[test]
fn new_keys_leave_everything_readable_and_no_old_row() {
    let place = Place::new();
    let keystore = Keystore::default();
    let mut vault = with_device(&place.path, &keystore);
    add_person(&mut vault, b"first");
    add_person(&mut vault, b"second");
    let (id, document) = record(&mut vault, 1, b"common");
    let phrase = RecoveryPhrase::generate(&SystemEntropy).unwrap();
    vault.replace_recovery(&phrase).unwrap();
    let log_key = vault.checkpoint(0).unwrap().fingerprint;
    let body = vault.body(id).unwrap();
    let sealed =
        rows(&place, "SELECT k FROM h UNION SELECT h FROM h UNION SELECT b FROM i UNION SELECT k FROM p");
    rotate(&mut vault, &keystore, "second");
    assert!(vault.body(id).unwrap() == body);
    assert_eq!(vault.search("qzcanary1", &Filter::default(), 9).unwrap(), [id]);
    assert_eq!(vault.checkpoint(0).unwrap().fingerprint, log_key);
    let mut file = Vec::new();
    vault.document_to(document, &mut file).unwrap();
    sound(&vault);
    record(&mut vault, 2, b"common");
    sound(&vault);
    assert_eq!(keystore.labels(), ["second"]);
    drop(vault);
    for (path, bytes) in snapshot(&place.path) {
        for old in &sealed {
            assert!(!contains(&bytes, old), "an old row is left in {}", path.display());
        }
    }
    by(&place.path, Unlock::Device(&keystore, "why")).unwrap();
    by(&place.path, Unlock::Recovery(&phrase)).unwrap();
    sound(&Vault::open(&place.path, Unlock::Passphrase(PASSPHRASE), env()).unwrap());
}

fn rows(place: &Place, sql: &str) -> Vec<Vec<u8>> {
    let conn = rusqlite::Connection::open(place.database()).unwrap();
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

/// Whether the bytes hold any 24 bytes in a row of `part`.
fn contains(bytes: &[u8], part: &[u8]) -> bool {
    let pieces: std::collections::HashSet<&[u8]> = part.windows(24).step_by(24).collect();
    !pieces.is_empty() && bytes.windows(24).any(|window| pieces.contains(window))
}

#[test]
fn what_was_deleted_is_nowhere_and_an_old_copy_opens_with_its_passphrase_alone() {
    let place = Place::new();
    let keystore = Keystore::default();
    let mut vault = with_device(&place.path, &keystore);
    add_person(&mut vault, b"first");
    let (gone, opened) = record(&mut vault, 1, b"common content");
    let (kept, whole) = record(&mut vault, 2, b"common content");
    let mut again = vault.header(gone).unwrap();
    again.title = "qzcanary changed".into();
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.update_record(gone, again, &NewBody { resource_skeleton: b"qzcanary-two", holes: &[], text: "two" })
        .unwrap();
    tx.commit().unwrap();
    assert_eq!(vault.search("qzcanary1 qzcan", &Filter::default(), 9).unwrap(), [] as [RecordId; 0]);
    drop(vault);

    let sealed = rows(
        &place,
        "SELECT h.h FROM h WHERE n IN (1,5) UNION SELECT b FROM b WHERE n IN (1,5) UNION SELECT k FROM h WHERE n IN (1,5) \
         UNION SELECT b FROM d WHERE n=1 UNION SELECT k FROM d WHERE n=1",
    );
    assert!(sealed.len() >= 8);
    let files = place.files().len();
    let old = Place::new();
    copy(&place.path, &old.path);

    let mut vault = Vault::open(&place.path, Unlock::Device(&keystore, "why"), env()).unwrap();
    assert_eq!(vault.search("neighbour", &Filter::default(), 9).unwrap().len(), 2);
    let plan = vault.plan_deletion(&[gone], &[]).unwrap();
    assert_eq!((plan.versions, plan.attachments.len()), (2, 1));
    assert_eq!((plan.documents_opened.as_slice(), plan.documents_gone.len()), (&[opened][..], 0));
    let key = vault.renew_device_key(&keystore, "second", "why").unwrap();
    let mut tx = vault.begin(Durability::Full).unwrap();
    assert_eq!(tx.delete_records(&[gone], &[]).unwrap(), plan);
    tx.log(5, "deleted", "1 record").unwrap();
    tx.commit_with_new_keys(key.as_ref(), &|_| {}).unwrap();
    // While the vault is still open.
    for (path, bytes) in snapshot(&place.path) {
        assert!(!sealed.iter().any(|row| contains(&bytes, row)), "something is left in {}", path.display());
    }
    assert_eq!(vault.destroy_old_keys(&keystore).unwrap(), 0);
    sound(&vault);
    assert_eq!(place.files().len(), files - 1);
    assert!(matches!(vault.body(gone), Err(Error::UnknownRecord(_))));
    assert_eq!(vault.search("qzcanary", &Filter::default(), 9).unwrap(), [kept]);
    assert!(matches!(vault.document_to(opened, &mut Vec::new()), Err(Error::PartsDeleted(_))));
    assert!(vault.document(opened).unwrap().parts_deleted);
    vault.document_to(whole, &mut Vec::new()).unwrap();
    let hash = vault.document(opened).unwrap().hash;
    assert_eq!(vault.document_by_hash(&hash), None, "the same file comes in anew");

    // The file comes in again, under an id of its own; the old id leads to it.
    let mut tx = vault.begin(Durability::Full).unwrap();
    let original = tx.add_attachment_bytes(b"the file").unwrap();
    let carrier = Carrier::Original(original.id);
    let new =
        tx.add_document(&NewDocument { name: "file.json", received_ms: 1, hash, len: 8, carrier }).unwrap();
    tx.commit().unwrap();
    let mut out = Vec::new();
    vault.document_to(opened, &mut out).unwrap();
    assert_eq!((out.as_slice(), vault.document(opened).unwrap().id), (&b"the file"[..], new));
    assert_eq!(vault.documents().len(), 2);
    sound(&vault);
    drop(vault);
    sound(&Vault::open(&place.path, Unlock::Device(&keystore, "why"), env()).unwrap());

    let locked = by(&old.path, Unlock::Device(&keystore, "why"));
    assert!(matches!(locked, Err(Error::Keystore(KeystoreError::KeyMissing))), "{locked:?}");
    let vault = Vault::open(&old.path, Unlock::Passphrase(PASSPHRASE), env()).unwrap();
    assert_eq!(
        &vault.body(gone).unwrap().resource[..],
        b"qzcanary-two",
        "the passphrase of its day opens an old copy"
    );
}

#[test]
fn a_file_whose_every_record_goes_goes_too() {
    let place = Place::new();
    let mut vault = create(&place.path).unwrap();
    add_person(&mut vault, b"first");
    let (_, document) = record(&mut vault, 1, b"common");
    let all: Vec<RecordId> = vault.index().iter().map(kosha_vault::Entry::id).collect();
    let mut tx = vault.begin(Durability::Full).unwrap();
    let done = tx.delete_records(&all, &[]).unwrap();
    assert_eq!((done.documents_gone.as_slice(), done.attachments.len()), (&[document][..], 2));
    assert!(matches!(tx.commit(), Err(Error::Invalid(_))), "a deletion ends with new keys");
    assert_eq!(vault.index().len(), 2);
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.delete_records(&all, &[]).unwrap();
    drop(tx);
    sound(&vault);
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.delete_records(&all, &[]).unwrap();
    tx.commit_with_new_keys(None, &|_| {}).unwrap();
    assert!(vault.index().is_empty() && vault.documents().is_empty() && place.files().is_empty());
    sound(&vault);
}

#[test]
fn new_keys_are_refused_where_somebody_wrote_into_the_vault() {
    let place = Place::new();
    let mut vault = create(&place.path).unwrap();
    add_person(&mut vault, b"first");
    record(&mut vault, 1, b"common");
    drop(vault);
    place.sql("DELETE FROM h WHERE n=2; DELETE FROM b WHERE n=2;");
    let before: BTreeMap<_, _> = snapshot(&place.path).into_iter().collect();
    let mut vault = place.open();
    assert!(matches!(vault.rotate(None, &|_| {}), Err(Error::Damaged(_))));
    drop(vault);
    let after: BTreeMap<_, _> = snapshot(&place.path).into_iter().collect();
    assert_eq!(before[&place.database()], after[&place.database()]);
}

#[test]
fn a_keystore_that_fails_changes_nothing_and_is_asked_again() {
    let place = Place::new();
    let keystore = Keystore::default();
    let mut vault = with_device(&place.path, &keystore);
    *keystore.stuck.lock().unwrap() = true;
    assert!(matches!(vault.new_device_key(&keystore, "second", "why"), Err(Error::Keystore(_))));
    *keystore.stuck.lock().unwrap() = false;
    let key = vault.renew_device_key(&keystore, "third", "why").unwrap();
    let done = vault.rotate(key.as_ref(), &|_| {}).unwrap();
    assert_eq!((done.old_keys, done.other_devices), (2, 0), "the one that was never made, and the first");
    *keystore.stuck.lock().unwrap() = true;
    assert_eq!(vault.destroy_old_keys(&keystore).unwrap(), 2);
    drop(vault);
    *keystore.stuck.lock().unwrap() = false;
    let mut vault = Vault::open(&place.path, Unlock::Device(&keystore, "why"), env()).unwrap();
    assert_eq!(vault.destroy_old_keys(&keystore).unwrap(), 0);
    assert_eq!(keystore.labels(), ["third"]);
    sound(&vault);
}

#[derive(Debug, Clone)]
enum Step {
    Passphrase(u8),
    Recovery,
    RemoveRecovery,
    Device,
    RemoveDevice,
    Rotate,
    Add,
    Delete,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_keeps_the_vault_whole(steps in prop::collection::vec(prop_oneof![
        (0_u8..4).prop_map(Step::Passphrase), Just(Step::Recovery), Just(Step::RemoveRecovery), Just(Step::Device),
        Just(Step::RemoveDevice), Just(Step::Rotate), Just(Step::Rotate), Just(Step::Add), Just(Step::Add),
        Just(Step::Delete)
    ], 1..10)) {
        let place = Place::new();
        let keystore = Keystore::default();
        let mut vault = create(&place.path).unwrap();
        add_person(&mut vault, b"first");
        let mut passphrases: Vec<Vec<u8>> = vec![PASSPHRASE.to_vec()];
        let mut phrases: Vec<RecoveryPhrase> = Vec::new();
        let (mut recovery, mut device, mut number) = (false, false, 0_u32);
        for step in &steps {
            number += 1;
            let label = format!("label {number}");
            let of = |vault: &Vault, kind| vault.slots().unwrap().into_iter().find(|slot| slot.kind == kind);
            match step {
                Step::Passphrase(which) => {
                    let new = format!("passphrase {number} {which}").into_bytes();
                    vault.replace_passphrase(&new, KdfStrength::FLOOR).unwrap();
                    passphrases.push(new);
                }
                Step::Recovery => {
                    let phrase = RecoveryPhrase::generate(&SystemEntropy).unwrap();
                    vault.replace_recovery(&phrase).unwrap();
                    phrases.push(phrase);
                    recovery = true;
                }
                Step::RemoveRecovery => if let Some(slot) = of(&vault, SlotKind::Recovery) {
                    vault.remove_slot(slot.id).unwrap();
                    recovery = false;
                },
                Step::Device => {
                    let key = vault.new_device_key(&keystore, &label, "why").unwrap();
                    vault.put_device_key(&key).unwrap();
                    device = true;
                }
                Step::RemoveDevice => if let Some(slot) = of(&vault, SlotKind::Device) {
                    vault.remove_slot(slot.id).unwrap();
                    device = false;
                },
                Step::Rotate => {
                    let key = vault.renew_device_key(&keystore, &label, "why").unwrap();
                    prop_assert_eq!(key.is_some(), device);
                    vault.rotate(key.as_ref(), &|_| {}).unwrap();
                }
                Step::Add => { record(&mut vault, number, b"common"); }
                Step::Delete => {
                    let first = vault.index().iter().map(kosha_vault::Entry::id).min();
                    let mut tx = vault.begin(Durability::Full).unwrap();
                    if let Some(record) = first {
                        tx.delete_records(&[record], &[]).unwrap();
                    }
                    tx.commit_with_new_keys(None, &|_| {}).unwrap();
                }
            }
            prop_assert_eq!(vault.destroy_old_keys(&keystore).unwrap(), 0);
            sound(&vault);
        }
        drop(vault);
        prop_assert_eq!(keystore.labels().len(), usize::from(device));
        let last = passphrases.len() - 1;
        for (at, passphrase) in passphrases.iter().enumerate() {
            prop_assert_eq!(by(&place.path, Unlock::Passphrase(passphrase)).is_ok(), at == last);
        }
        let current = phrases.len().wrapping_sub(1);
        for (at, phrase) in phrases.iter().enumerate() {
            prop_assert_eq!(by(&place.path, Unlock::Recovery(phrase)).is_ok(), recovery && at == current);
        }
        prop_assert_eq!(by(&place.path, Unlock::Device(&keystore, "why")).is_ok(), device);
        sound(&Vault::open(&place.path, Unlock::Passphrase(&passphrases[last]), env()).unwrap());
    }
}
