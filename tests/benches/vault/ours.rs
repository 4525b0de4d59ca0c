//! The vault's side of the benchmark.

use crate::peer::Row;
use kosha_crypto::slot::KdfStrength;
use kosha_crypto::{RecoveryPhrase, SystemEntropy};
use kosha_tests::keystore::OpenKeystore;
use kosha_vault::{
    AttachmentId, BackupOptions, Code, CreateOptions, Durability, Env, Filter, Header, HeaderDate, NewBody,
    PersonId, RecordId, RestoreOptions, Unlock, Vault, restore,
};
use std::path::Path;
use std::sync::Arc;

/// A vault with one person.
pub struct Ours {
    vault: Vault,
    person: PersonId,
    ids: Vec<RecordId>,
    file: Option<AttachmentId>,
}

fn env() -> Env {
    Env { entropy: Arc::new(SystemEntropy) }
}

impl Ours {
    /// An empty one.
    pub fn create(path: &Path) -> Self {
        let options = CreateOptions {
            passphrase: None,
            device: Some((&OpenKeystore, "bench")),
            strength: KdfStrength::FLOOR,
        };
        let mut vault = Vault::create(path, &options, env()).expect("a vault");
        let mut transaction = vault.begin(Durability::Normal).expect("a transaction");
        let person = transaction.add_person(b"{}").expect("a person");
        transaction.commit().expect("a commit");
        Self { vault, person, ids: Vec::new(), file: None }
    }

    /// Unlocked, and its first page read.
    pub fn open_first_page(path: &Path) -> Self {
        let vault =
            Vault::open(path, Unlock::Device(&OpenKeystore, "bench"), env()).expect("the vault opens");
        let person = vault.persons().first().expect("a person").id;
        let ours = Self { vault, person, ids: Vec::new(), file: None };
        ours.page();
        ours
    }

    /// Waits for the comparison of all rows, which goes on in a thread after an unlock and would count as processor time of
    /// whatever is measured next.
    pub fn compared(&self) {
        assert!(self.vault.problems().is_empty());
    }

    /// Ids of the records that were added, in their order.
    pub fn ids(&self) -> &[RecordId] {
        &self.ids
    }

    /// Adds records, so many in each transaction.
    pub fn insert(&mut self, data: &[Row], batch: usize) {
        self.insert_all(data, batch, false);
    }

    /// The same, with an entry of the log in each transaction.
    pub fn insert_logged(&mut self, data: &[Row], batch: usize) {
        self.insert_all(data, batch, true);
    }

    fn insert_all(&mut self, data: &[Row], batch: usize, logged: bool) {
        for chunk in data.chunks(batch) {
            let mut transaction = self.vault.begin(Durability::Normal).expect("a transaction");
            for record in chunk {
                let body = NewBody { resource_skeleton: &record.bytes, holes: &[], text: &record.text };
                let header = header(self.person, record);
                self.ids.push(transaction.add_record(header, &body).expect("an insert"));
            }
            if logged {
                transaction.log(1, "import", "batch").expect("a log");
            }
            transaction.commit().expect("a commit");
        }
    }

    /// The fifty newest cards.
    pub fn page(&self) {
        let page = self.vault.index().page(&Filter::default(), None, 50);
        let shown: Vec<(RecordId, u16, i64, &str, &str)> = page
            .entries
            .iter()
            .map(|entry| {
                let date = entry.date().map_or(0, |date| date.start_ms);
                (entry.id(), entry.kind(), date, entry.title(), entry.line())
            })
            .collect();
        assert_eq!(std::hint::black_box(shown).len(), 50);
    }

    /// The newest bodies, at most `limit`: their bytes in all.
    pub fn bodies(&self, limit: usize) -> usize {
        let page = self.vault.index().page(&Filter::default(), None, limit);
        let body = |id| self.vault.body(id).expect("a body").resource;
        page.entries.iter().map(|entry| std::hint::black_box(body(entry.id())).len()).sum()
    }

    /// One body.
    pub fn point(&self, id: RecordId) {
        let body = self.vault.body(id).expect("a body");
        assert!(!std::hint::black_box(body).resource.is_empty());
    }

    /// The twenty first records with the word.
    pub fn search(&self, word: &str) -> usize {
        std::hint::black_box(self.vault.search(word, &Filter::default(), 20).expect("a search")).len()
    }

    /// A file in, committed.
    pub fn write_file(&mut self, content: &[u8]) {
        let mut transaction = self.vault.begin(Durability::Normal).expect("a transaction");
        let mut source = content;
        self.file = Some(transaction.add_attachment(&mut source).expect("an attachment").id);
        let holes = [kosha_vault::Hole { at: 1, attachment: self.file.expect("just made") }];
        let body = NewBody { resource_skeleton: b"\"\"", holes: &holes, text: "scan" };
        transaction.add_record(Header::new(self.person, 1), &body).expect("a record");
        transaction.commit().expect("a commit");
    }

    /// The file out, of which the length is known.
    pub fn read_file(&self, len: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(len);
        self.vault.attachment_to(self.file.expect("written"), &mut out).expect("an attachment");
        out
    }

    /// One record gone for good, and new keys for all others.
    pub fn delete(&mut self, id: RecordId) {
        let mut transaction = self.vault.begin(Durability::Full).expect("a transaction");
        transaction.delete_records(&[id], &[]).expect("a deletion");
        transaction.commit_with_new_keys(None, &|_| {}).expect("a commit");
    }

    /// Everything into a new backup, which opens by the phrase alone.
    pub fn back_up(&mut self, file: &Path, phrase: &RecoveryPhrase) {
        self.vault.replace_recovery(phrase).expect("a way to open");
        let options = BackupOptions { full: true, now_ms: 1_790_000_000_000 };
        self.vault.backup(file, options).expect("a backup").run(&mut |_, _| {}).expect("a run");
    }

    /// New keys for everything.
    pub fn rotate(&mut self) {
        let transaction = self.vault.begin(Durability::Full).expect("a transaction");
        transaction.commit_with_new_keys(None, &|_| {}).expect("a commit");
    }
}

/// A header as an import would make it: every field that a result has.
fn header(person: PersonId, record: &Row) -> Header {
    let mut header = Header::new(person, 5);
    header.resource_type.clone_from(&record.resource_type);
    header.title.clone_from(&record.title);
    "12.5 g/dL".clone_into(&mut header.line);
    header.codes = vec![Code { system: "http://loinc.org".into(), code: "718-7".into() }];
    header.date = Some(HeaderDate {
        start_ms: record.date_ms,
        end_ms: record.date_ms,
        precision: 5,
        offset_minutes: Some(330),
        basis: 0,
        raw: "2024-03-05T10:15:00+05:30".into(),
    });
    header.value = Some("12.5".into());
    header.unit = Some("g/dL".into());
    header.source = "City General Hospital".into();
    header.content = kosha_crypto::digest::sha256(&[&record.bytes]);
    header.identity = kosha_crypto::digest::sha256(&[b"identity", &record.bytes]);
    header.added_ms = 1_790_000_000_000;
    header
}

/// A vault out of its backup, all of it looked at before it is there.
pub fn bring_back(file: &Path, place: &Path, phrase: &RecoveryPhrase) {
    let options = RestoreOptions { device: Some((&OpenKeystore, "bench")), ..RestoreOptions::default() };
    let unlock = Unlock::Recovery(phrase);
    restore(file, place, unlock, &env(), &options, &mut |_, _| {}, &mut |_, _| Ok(())).expect("a vault");
}
