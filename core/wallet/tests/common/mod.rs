//! What these tests share: a wallet in a temporary folder, a keystore in memory, invented records.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses a part of it")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use kosha::import::{FileReport, ImportWish};
use kosha::timeline::{RecordCard, TimelineQuery};
use kosha::{
    Availability, DeviceKeystore, Environment, KeystoreError, LockedWallet, RelayAddress, Request, Response,
    Secret, Session, Transport, TransportError, Unlock,
};

struct NoNetwork;

impl Transport for NoNetwork {
    fn send(&self, _request: Request) -> Result<Response, TransportError> {
        Err(TransportError::Offline)
    }
}

/// Keeps what it was given under its labels; a label that was deleted opens nothing.
#[derive(Default)]
pub struct MemoryKeystore(Mutex<HashMap<String, Vec<Kept>>>);

/// Associated data and secret.
type Kept = (Vec<u8>, Vec<u8>);

impl MemoryKeystore {
    pub fn labels(&self) -> Vec<String> {
        let mut labels: Vec<String> = self.0.lock().unwrap().keys().cloned().collect();
        labels.sort();
        labels
    }
}

impl DeviceKeystore for MemoryKeystore {
    fn seal(&self, label: &str, aad: &[u8], secret: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        let mut keys = self.0.lock().unwrap();
        let held = keys.entry(label.to_owned()).or_default();
        held.push((aad.to_vec(), secret.to_vec()));
        Ok(held.len().to_string().into_bytes())
    }

    fn open(&self, label: &str, aad: &[u8], sealed: &[u8], _: &str) -> Result<Secret, KeystoreError> {
        let keys = self.0.lock().unwrap();
        let held = keys.get(label).ok_or(KeystoreError::KeyMissing)?;
        let number: usize = std::str::from_utf8(sealed)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(KeystoreError::Refused)?;
        match held.get(number.wrapping_sub(1)) {
            Some((known, secret)) if known == aad => Ok(Secret::new(secret.clone())),
            _ => Err(KeystoreError::Refused),
        }
    }

    fn delete(&self, label: &str) -> Result<(), KeystoreError> {
        self.0.lock().unwrap().remove(label);
        Ok(())
    }

    fn availability(&self) -> Availability {
        Availability::Software
    }
}

pub fn environment() -> Environment {
    let relay = RelayAddress { url: "http://127.0.0.1:9".to_owned(), token: None };
    Environment::system(Arc::new(NoNetwork), relay)
}

pub struct Desk {
    pub folder: tempfile::TempDir,
    pub session: Session,
}

pub const PASSPHRASE: &[u8] = b"seven quiet herons";

impl Desk {
    pub fn new() -> Self {
        Self::with(environment())
    }

    pub fn with(environment: Environment) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let session = LockedWallet::create(&folder.path().join("vault"), PASSPHRASE, environment).unwrap();
        Self { folder, session }
    }

    pub fn vault(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn wish(&self, name: &str, text: &str) -> ImportWish {
        ImportWish { paths: vec![self.write(name, text.as_bytes())], person: None }
    }

    pub fn take(&mut self, name: &str, text: &str) -> FileReport {
        let wish = self.wish(name, text);
        self.session.import(&wish, &mut ()).unwrap().files.remove(0)
    }

    /// Records of a person, of everybody when none is named.
    pub fn records(&self, person: Option<&str>) -> Vec<RecordCard> {
        let query =
            TimelineQuery { person: person.map(str::to_owned), limit: 1000, ..TimelineQuery::default() };
        self.session.timeline(&query).unwrap().records
    }

    pub fn titles(&self, person: &str) -> Vec<String> {
        self.records(Some(person)).into_iter().map(|record| record.title).collect()
    }

    pub fn names(&self) -> Vec<String> {
        self.session.persons().unwrap().persons.into_iter().map(|person| person.name).collect()
    }

    pub fn reopen(self, environment: Environment) -> Self {
        let Self { folder, session } = self;
        drop(session);
        let session = LockedWallet::open(&folder.path().join("vault"), environment)
            .unwrap()
            .unlock(&Unlock::Passphrase(PASSPHRASE))
            .unwrap();
        Self { folder, session }
    }
}

/// A file of one patient with one problem.
pub fn file(name: &str, birth_date: &str, problem: &str) -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
  {{"fullUrl":"urn:uuid:p","resource":{{"resourceType":"Patient","name":[{{"text":"{name}"}}],"birthDate":"{birth_date}"}}}},
  {{"fullUrl":"urn:uuid:c","resource":{{"resourceType":"Condition","subject":{{"reference":"urn:uuid:p"}},"code":{{"text":"{problem}"}},"onsetDateTime":"2020-01-01"}}}}]}}"#
    )
}
