//! The owner's right to leave: everything, readable without Kosha, in a folder.

mod folder;
mod log;
mod page;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kosha_consent::{Ledger, LedgerEntry, Outcome, OwnersCopy};
use kosha_crypto::id::{AttachmentId, DocumentId, PersonId, RecordId};
use kosha_vault::{Durability, Transaction};
use serde::Serialize;

pub(crate) use self::log::is_log;
pub(crate) use self::records::{address, is_earlier};
use crate::family::Circle;
use crate::person::Profile;
use crate::{Error, Session};
use folder::Folder;

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// Number of persons.
    pub persons: u64,
    /// Number of records, each in a file that came in or in a bundle of its person.
    pub records: u64,
    /// Files that came in, byte for byte.
    pub documents: u64,
    /// Records written into a bundle, since no file that they came in could be.
    pub bundled: u64,
    /// Attachments.
    pub attachments: u64,
    /// Ids of what could not be read.
    pub unreadable: Vec<String>,
}

/// One transaction for the entry of one person.
struct ExportLedger<'a>(Transaction<'a>);

impl Ledger for ExportLedger<'_> {
    type Error = Error;

    fn commit(mut self, entry: &LedgerEntry) -> Result<(), Error> {
        self.0.log(entry.at_ms, entry.name(), &entry.detail())?;
        Ok(self.0.commit()?)
    }
}

/// What goes into the folder, and where it went.
struct Export<'a> {
    session: &'a Session,
    circle: Circle,
    folder: Folder,
    /// The right to each person's records, with the name that they are shown by.
    copies: Vec<(OwnersCopy, Profile)>,
    /// Whether these are all persons of the vault.
    everyone: bool,
    /// Files of documents that were written whole.
    documents: BTreeMap<DocumentId, String>,
    /// Files of records that are in no such document.
    records: BTreeMap<RecordId, String>,
    attachments: BTreeMap<AttachmentId, String>,
    /// Titles and files of what stands in the body of a record.
    within: BTreeMap<RecordId, Vec<(String, String)>>,
    report: ExportReport,
    unreadable: BTreeSet<String>,
    done: u64,
    total: u64,
    tell: &'a mut dyn FnMut(u64, u64),
}

impl Session {
    /// Writes everything into `dir`, which must be empty or not there yet: below `fhir` each file that came in byte for
    /// byte, and records that are in no whole file as a collection bundle of their person; attachments; the log; and a
    /// page that lists them. Whoever can read the folder can read all of it: nothing in it is encrypted.
    ///
    /// With `person` (id or name) only their records; a file that holds anything else is then not written, its records
    /// of that person are. The log is then left out.
    ///
    /// That a copy is taken is durable in the log before the first byte is written. `progress` is told how many records
    /// and files are done, and how many there are. When it fails, what was written is removed again.
    pub fn export(
        &mut self,
        dir: &Path,
        person: Option<&str>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ExportReport, Error> {
        if self.vault().holds(dir)? {
            return Err(Error::InsideVault);
        }
        let mut persons = self.profiles()?;
        let circle = Circle::of(&persons);
        // Persons who are one are exported as one.
        persons.retain(|(id, _)| circle.one(*id) == *id);
        let everyone = person.is_none() || persons.len() == 1;
        if let Some(text) = person {
            let wanted = circle.one(self.person_called(text)?);
            persons.retain(|(id, _)| *id == wanted);
        }
        persons.sort_by(|(_, a), (_, b)| b.owner.cmp(&a.owner).then_with(|| a.name.cmp(&b.name)));
        let folder = Folder::prepare(dir)?;
        let now_ms = self.environment().now_ms();
        let mut copies = Vec::with_capacity(persons.len());
        for (id, profile) in persons {
            let records = u32::try_from(self.records_of(&circle, id).count()).unwrap_or(u32::MAX);
            let ledger = ExportLedger(self.vault_mut().begin(Durability::Full)?);
            copies.push((OwnersCopy::begin(ledger, id, records, now_ms)?, profile));
        }
        self.reached("export-recorded");
        let mut export = Export {
            session: self,
            circle,
            folder,
            copies,
            everyone,
            documents: BTreeMap::new(),
            records: BTreeMap::new(),
            attachments: BTreeMap::new(),
            within: BTreeMap::new(),
            report: ExportReport::default(),
            unreadable: BTreeSet::new(),
            done: 0,
            total: 0,
            tell: progress,
        };
        let written = export.write();
        let Export { folder, copies, mut report, unreadable, .. } = export;
        if written.is_err() {
            folder.remove();
        }
        report.unreadable = unreadable.into_iter().collect();
        let outcome = match &written {
            Ok(()) => Outcome::Delivered,
            Err(error) => Outcome::Failed { reason: error.code() },
        };
        for (copy, _) in copies {
            let entry = copy.ended(outcome, self.environment().now_ms());
            let mut tx = self.vault_mut().begin(Durability::Full)?;
            tx.log(entry.at_ms, entry.name(), &entry.detail())?;
            tx.commit()?;
        }
        written.map(|()| report)
    }

    /// Records of a person that are not deleted.
    fn records_of<'s>(
        &'s self,
        circle: &'s Circle,
        person: PersonId,
    ) -> impl Iterator<Item = kosha_vault::Entry<'s>> {
        let theirs = move |entry: &kosha_vault::Entry<'_>| circle.one(entry.person()) == person;
        self.vault().index().iter().filter(|entry| !entry.tombstone()).filter(theirs)
    }
}

impl Export<'_> {
    fn write(&mut self) -> Result<(), Error> {
        let records: usize = self
            .copies
            .iter()
            .map(|(copy, _)| self.session.records_of(&self.circle, copy.person()).count())
            .sum();
        let documents = self.session.vault().documents().len();
        self.report.persons = u64::try_from(self.copies.len()).unwrap_or(u64::MAX);
        self.report.records = u64::try_from(records).unwrap_or(u64::MAX);
        self.total = u64::try_from(records + documents).unwrap_or(u64::MAX);
        (self.tell)(0, self.total);
        self.write_documents()?;
        for number in 0..self.copies.len() {
            self.write_records(number)?;
            self.write_attachments(number)?;
        }
        if self.everyone {
            log::write(self.session, &mut self.folder)?;
        }
        page::write(self)?;
        self.folder.settle()
    }

    fn step(&mut self) {
        self.done += 1;
        (self.tell)(self.done.min(self.total), self.total);
    }

    /// Takes what is damaged as unreadable and passes other errors on.
    fn readable<T>(
        &mut self,
        id: &impl std::fmt::Display,
        result: Result<T, kosha_vault::Error>,
    ) -> Result<Option<T>, Error> {
        use kosha_vault::Error as E;
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error @ (E::Io(_) | E::DiskFull | E::Database(_) | E::InUse)) => Err(error.into()),
            Err(_) => {
                self.unreadable.insert(id.to_string());
                Ok(None)
            }
        }
    }
}
