//! Bringing records in: files, folders, a stream. Each file is one transaction, durable before its progress is told.

mod ask;
mod decide;
mod file;
pub(crate) mod header;
mod latest;
mod people;
mod report;
mod source;

use std::path::PathBuf;

use kosha_fhir::Limits;

use crate::{Error, Session, export};
use ask::Asker;
pub use ask::{Candidate, PersonAnswer, PersonChoice, PersonQuestion};
pub use report::{FileOutcome, FileReport, ImportReport, Note, Place, Totals};

/// What is to be imported.
#[derive(Clone, Default)]
pub struct ImportWish {
    /// Files, folders (with all below), or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// File everything with this person: id, the beginning of one, or name.
    pub person: Option<String>,
}

/// Hears how far an import is.
pub trait Progress {
    /// So many files are to be looked at.
    fn files_found(&mut self, count: usize);
    /// This file is done; what came in of it is durable.
    fn file_done(&mut self, report: &FileReport);
}

impl Progress for () {
    fn files_found(&mut self, _count: usize) {}
    fn file_done(&mut self, _report: &FileReport) {}
}

impl Session {
    /// Brings in what `wish` names, file by file. A file that cannot be read never keeps another one out; when the
    /// vault itself cannot go on (a full disk), the import ends there and [`ImportReport::stopped`] says why.
    ///
    /// Nobody is asked: somebody unknown becomes a new person, and what differs is a warning.
    pub fn import(&mut self, wish: &ImportWish, progress: &mut dyn Progress) -> Result<ImportReport, Error> {
        self.import_all(wish, progress, None)
    }

    /// [`Session::import`] that asks `choice` wherever it is in doubt whose records a file holds.
    pub fn import_asking(
        &mut self,
        wish: &ImportWish,
        progress: &mut dyn Progress,
        choice: &mut dyn PersonChoice,
    ) -> Result<ImportReport, Error> {
        self.import_all(wish, progress, Some(Asker::new(choice)))
    }

    fn import_all(
        &mut self,
        wish: &ImportWish,
        progress: &mut dyn Progress,
        mut asker: Option<Asker<'_>>,
    ) -> Result<ImportReport, Error> {
        let person = wish.person.as_deref().map(|text| self.person_meant(text)).transpose()?;
        let sources = source::find(&wish.paths);
        progress.files_found(sources.len());
        let mut report = ImportReport::default();
        for source in &sources {
            match self.import_source(source, person, asker.as_mut()) {
                Ok(file) => {
                    progress.file_done(&file);
                    report.add(file);
                }
                Err(error) => {
                    report.stopped = Some(error);
                    break;
                }
            }
        }
        if let Err(error) = self.refresh_emergency_card() {
            report.stopped.get_or_insert(error);
        }
        Ok(report)
    }

    fn import_converted(
        &mut self,
        source: &source::Source,
        bytes: &[u8],
        converted: Result<kosha_legacy::Converted, kosha_legacy::Refusal>,
        person: Option<kosha_crypto::id::PersonId>,
        asker: Option<&mut Asker<'_>>,
    ) -> Result<FileReport, Error> {
        let converted = match converted {
            Ok(converted) => converted,
            Err(refusal) => return Ok(FileReport::refused(&source.name, refusal.0)),
        };
        let limits = Limits { now_ms: Some(self.environment().now_ms()), ..Limits::default() };
        let reading = match kosha_fhir::read(&converted.bundle, &limits) {
            Ok(reading) => reading,
            Err(refusal) => return Ok(FileReport::refused(&source.name, refusal.code)),
        };
        let mut report = self.import_file(source, bytes, &reading, person, asker)?;
        let left = converted.left.iter().filter(|left| left.reason != kosha_legacy::NOTHING_FOR_RECORDS);
        report.skipped.extend(left.map(|left| Note::new(u32::try_from(left.place).ok(), left.reason)));
        Ok(report)
    }

    fn import_source(
        &mut self,
        source: &source::Source,
        person: Option<kosha_crypto::id::PersonId>,
        asker: Option<&mut Asker<'_>>,
    ) -> Result<FileReport, Error> {
        let limits = Limits { now_ms: Some(self.environment().now_ms()), ..Limits::default() };
        let most = u64::try_from(limits.file_bytes).unwrap_or(u64::MAX);
        let bytes = match source.read(most) {
            Ok(bytes) => bytes,
            Err("not-a-file") if source.found => return Ok(FileReport::skipped(&source.name, "not-a-file")),
            Err(code) => return Ok(FileReport::refused(&source.name, code)),
        };
        // What an export has beside the records of today.
        if export::is_log(&bytes) {
            let told = if source.found { FileReport::skipped } else { FileReport::refused };
            return Ok(told(&source.name, "own-log"));
        }
        if source.found && export::is_earlier(&bytes) {
            return Ok(FileReport::skipped(&source.name, "own-earlier"));
        }
        match kosha_fhir::read(&bytes, &limits) {
            Ok(reading) => self.import_file(source, &bytes, &reading, person, asker),
            // A message from before FHIR becomes FHIR; the file itself is kept as it came.
            Err(refusal) if refusal.looks_like == "hl7v2" => {
                self.import_converted(source, &bytes, kosha_legacy::hl7v2(&bytes), person, asker)
            }
            // A picture or a letter in a folder of records is no failure; a file that was named is.
            Err(refusal) if source.found && is_other(&refusal) => {
                Ok(FileReport::skipped(&source.name, refusal.code))
            }
            Err(refusal) => Ok(FileReport::refused(&source.name, refusal.code)),
        }
    }
}

/// Whether a file is by its content something else than records in JSON. JSON without a record, and bytes that nobody
/// can name, may well be a damaged record: those are refused and seen.
fn is_other(refusal: &kosha_fhir::Refusal) -> bool {
    !matches!(refusal.looks_like, "" | "binary")
}

impl std::fmt::Debug for ImportWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportWish").field("paths", &self.paths.len()).finish_non_exhaustive()
    }
}
