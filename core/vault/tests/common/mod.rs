//! What the tests share: a vault in a temporary folder and made-up records.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kosha_crypto::digest::sha256;
use kosha_crypto::{Availability, DeviceKeystore, KdfStrength, KeystoreError, Secret, SystemEntropy};
use kosha_vault::{
    Code, CreateOptions, Durability, Env, Header, HeaderDate, NewBody, PersonId, RecordId, Result, Unlock,
    Vault,
};

pub const PASSPHRASE: &[u8] = b"a passphrase of the tests";

pub fn env() -> Env {
    Env { entropy: Arc::new(SystemEntropy) }
}

/// A vault that goes away with the test.
pub struct Place {
    _folder: tempfile::TempDir,
    pub path: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        Self { _folder: folder, path }
    }

    pub fn create(&self) -> Vault {
        create(&self.path).unwrap()
    }

    pub fn open(&self) -> Vault {
        open(&self.path).unwrap()
    }

    pub fn database(&self) -> PathBuf {
        self.path.join("vault.db")
    }

    /// Files of attachments.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(self.path.join("files")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// Plain SQLite on the database, as someone without the key has it.
    pub fn sql(&self, sql: &str) {
        let conn = rusqlite::Connection::open(self.database()).unwrap();
        conn.execute_batch(sql).unwrap();
        conn.close().unwrap();
    }
}

pub fn create(path: &Path) -> Result<Vault> {
    let options = CreateOptions { passphrase: Some(PASSPHRASE), device: None, strength: KdfStrength::FLOOR };
    Vault::create(path, &options, env())
}

pub fn open(path: &Path) -> Result<Vault> {
    Vault::open(path, Unlock::Passphrase(PASSPHRASE), env())
}

pub fn add_person(vault: &mut Vault, profile: &[u8]) -> PersonId {
    let mut tx = vault.begin(Durability::Full).unwrap();
    let person = tx.add_person(profile).unwrap();
    tx.commit().unwrap();
    person
}

pub fn day(start_ms: i64) -> HeaderDate {
    HeaderDate {
        start_ms,
        end_ms: start_ms + 86_399_999,
        precision: 3,
        offset_minutes: Some(330),
        basis: 1,
        raw: "d".into(),
    }
}

/// A header with something in most fields.
pub fn header(person: PersonId, number: u32) -> Header {
    let mut header = Header::new(person, u16::try_from(number % 7).unwrap() + 1);
    header.resource_type = "Observation".into();
    header.title = format!("Haemoglobin {number}");
    header.line = "13.2 g/dL, within range".into();
    header.chips = vec!["lab".into()];
    header.codes = vec![Code { system: "http://loinc.org".into(), code: format!("718-{}", number % 9) }];
    header.date = Some(day(1_600_000_000_000 + i64::from(number) * 3_600_000));
    header.value = Some("13.2".into());
    header.unit = Some("g/dL".into());
    header.range_low = Some("12".into());
    header.range_high = Some("16".into());
    header.source = "Aster Hospital, Kochi".into();
    header.identity = sha256(&[b"identity", &number.to_le_bytes()]);
    header.content = sha256(&[b"content", &number.to_le_bytes()]);
    header.ordinal = number;
    header.added_ms = 1_700_000_000_000;
    header
}

pub fn resource(number: u32) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"o{number}","status":"final","valueQuantity":{{"value":13.2,"unit":"g/dL"}}}}"#
    )
}

pub fn add_record(vault: &mut Vault, person: PersonId, number: u32) -> RecordId {
    let mut tx = vault.begin(Durability::Full).unwrap();
    let resource = resource(number);
    let body = NewBody {
        resource_skeleton: resource.as_bytes(),
        holes: &[],
        text: &format!("haemoglobin word{number}"),
    };
    let record = tx.add_record(header(person, number), &body).unwrap();
    tx.commit().unwrap();
    record
}

pub fn problems(vault: &Vault) -> Vec<String> {
    let report = vault.check(&mut |_, _| {}).unwrap();
    report.problems.iter().map(ToString::to_string).collect()
}

/// Seals by keeping; enough to see that labels and associated data go through.
pub struct Keystore;

impl DeviceKeystore for Keystore {
    fn seal(&self, label: &str, aad: &[u8], secret: &[u8]) -> std::result::Result<Vec<u8>, KeystoreError> {
        Ok([sha256(&[label.as_bytes(), aad]).as_slice(), secret].concat())
    }
    fn open(
        &self,
        label: &str,
        aad: &[u8],
        sealed: &[u8],
        reason: &str,
    ) -> std::result::Result<Secret, KeystoreError> {
        assert!(!reason.is_empty());
        let (tag, secret) = sealed.split_at(32);
        if tag == sha256(&[label.as_bytes(), aad]) {
            Ok(Secret::new(secret.to_vec()))
        } else {
            Err(KeystoreError::Refused)
        }
    }
    fn delete(&self, _: &str) -> std::result::Result<(), KeystoreError> {
        Ok(())
    }
    fn availability(&self) -> Availability {
        Availability::Software
    }
}

/// A vault that opens without the work of a passphrase.
pub fn create_quick(path: &Path) -> Vault {
    let options =
        CreateOptions { passphrase: None, device: Some((&Keystore, "main")), strength: KdfStrength::FLOOR };
    Vault::create(path, &options, env()).unwrap()
}

pub fn open_quick(path: &Path) -> Result<Vault> {
    Vault::open(path, Unlock::Device(&Keystore, "to read"), env())
}

/// Copies a vault's folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All files of a vault, with their bytes.
pub fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(snapshot(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// Everything that a vault gives back, as one hash per thing.
pub fn export(vault: &Vault) -> Result<Vec<(String, [u8; 32])>> {
    let mut out = Vec::new();
    for person in vault.persons() {
        out.push((person.id.to_string(), sha256(&[&person.profile])));
    }
    for entry in vault.index().iter() {
        for version in vault.history(entry.id())? {
            let header = vault.header_at(entry.id(), version)?.encode().unwrap();
            let body = vault.body_at(entry.id(), version)?;
            let hash = sha256(&[&header, &body.resource, body.text.as_bytes()]);
            out.push((format!("{} {}", entry.id(), version.counter), hash));
        }
    }
    for document in vault.documents() {
        let mut bytes = Vec::new();
        vault.document_to(document.id, &mut bytes)?;
        out.push((document.id.to_string(), sha256(&[document.name.as_bytes(), &bytes])));
    }
    for (item, bytes) in vault.items(1)? {
        out.push((item.to_string(), sha256(&[&bytes])));
    }
    for entry in vault.log(None, 1000)? {
        out.push((entry.index.to_string(), sha256(&[entry.event.as_bytes(), entry.detail.as_bytes()])));
    }
    Ok(out)
}

/// A bit of everything: two persons, records, versions, an attachment, documents of both kinds, items, log.
pub fn furnish(vault: &mut Vault) -> Vec<RecordId> {
    let persons = [add_person(vault, b"Asha"), add_person(vault, b"Ravi")];
    let mut records = Vec::new();
    for number in 0..12 {
        records.push(add_record(vault, persons[usize::from(number % 3 == 0)], number));
    }
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.update_record(
        records[1],
        header(persons[0], 1),
        &NewBody { resource_skeleton: b"{}", holes: &[], text: "v2" },
    )
    .unwrap();
    let content: Vec<u8> = (0..150_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let attachment = tx.add_attachment_bytes(&content).unwrap();
    let holes = [kosha_vault::Hole { at: 1, attachment: attachment.id }];
    let body = NewBody { resource_skeleton: b"\"\"", holes: &holes, text: "scan" };
    records.push(tx.add_record(header(persons[0], 50), &body).unwrap());
    let version = kosha_vault::Version { writer: tx.vault().writer(), counter: 1 };
    let holes = [kosha_vault::DocHole { at: 1, record: records[0], version }];
    let file = format!("[{}]", resource(0));
    let (hash, len) = (sha256(&[file.as_bytes()]), file.len() as u64);
    let carrier = kosha_vault::Carrier::Skeleton { bytes: b"[]", holes: &holes };
    tx.add_document(&kosha_vault::NewDocument { name: "a.json", received_ms: 1, hash, len, carrier })
        .unwrap();
    let carrier = kosha_vault::Carrier::Original(attachment.id);
    let (hash, len) = (attachment.hash, attachment.len);
    tx.add_document(&kosha_vault::NewDocument { name: "b.bin", received_ms: 2, hash, len, carrier }).unwrap();
    for n in 0..3 {
        tx.put_item(1, kosha_vault::ItemId::from_bytes([n; 16]), &[n; 40]).unwrap();
        tx.log(i64::from(n), "event", "detail of it").unwrap();
    }
    tx.commit().unwrap();
    records
}
