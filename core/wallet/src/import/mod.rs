//! Bringing records in: files, folders, a stream. Each file is one transaction, durable before its progress is told.

mod archive;
mod ask;
pub(crate) mod decide;
mod file;
pub(crate) mod format;
pub(crate) mod header;
mod latest;
mod people;
mod report;
mod source;
mod take;

use std::path::PathBuf;

use crate::{Error, Session};
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
    /// So many files are to be looked at. Told again, with more, when an archive is opened.
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
        let asker = Asker::new(choice, self.language());
        self.import_all(wish, progress, Some(asker))
    }

    fn import_all(
        &mut self,
        wish: &ImportWish,
        progress: &mut dyn Progress,
        asker: Option<Asker<'_>>,
    ) -> Result<ImportReport, Error> {
        let person = wish.person.as_deref().map(|text| self.person_called(text)).transpose()?;
        let sources = source::find(&wish.paths);
        progress.files_found(sources.len());
        let found = sources.len();
        let mut import =
            take::Import { session: self, person, progress, asker, found, report: ImportReport::default() };
        for source in &sources {
            if let Err(error) = import.source(source) {
                import.report.stopped = Some(error);
                break;
            }
        }
        let mut report = import.report;
        if let Err(error) = self.refresh_emergency_card() {
            report.stopped.get_or_insert(error);
        }
        Ok(report)
    }
}

impl std::fmt::Debug for ImportWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportWish").field("paths", &self.paths.len()).finish_non_exhaustive()
    }
}
