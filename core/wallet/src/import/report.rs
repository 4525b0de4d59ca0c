//! What became of each file and entry of an import.

use kosha_fhir::Language;
use serde::{Serialize, Serializer};

use crate::{Error, reason};

/// What became of an import.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// File by file, in the order in which they were read.
    pub files: Vec<FileReport>,
    /// Sums over all files.
    pub totals: Totals,
    /// Why it ended before the last file; files that are not listed were not looked at.
    #[serde(skip)]
    pub stopped: Option<Error>,
}

/// Sums. `stored + updated + duplicate + skipped + refused == entries`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Totals {
    pub files: usize,
    pub entries: usize,
    pub stored: usize,
    pub updated: usize,
    pub duplicate: usize,
    pub skipped: usize,
    pub refused: usize,
}

/// What became of a file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileOutcome {
    /// It was kept, and something new came in.
    Imported,
    /// It was kept; some of its entries were refused.
    Partly,
    /// Everything in it was here already.
    Duplicate,
    /// It holds nothing to keep.
    Empty,
    /// It is something else than a health record, found on the way.
    Skipped,
    /// It cannot be kept.
    Refused,
}

/// One file. A file that is refused or passed over as a whole counts as one entry, named `file`.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Name as it was given or found.
    pub file: String,
    /// What became of it as a whole.
    pub outcome: FileOutcome,
    /// The document under which the vault keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The record that it became, where it holds none and is kept as a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Entries that are new.
    pub stored: usize,
    /// Entries that are newer versions of records that were here.
    pub updated: usize,
    /// Entries that were here already.
    pub duplicate: usize,
    /// Entries that hold nothing to keep.
    pub skipped: Vec<Note>,
    /// Entries that cannot be kept as records; the file itself is kept whole, with them in it.
    pub refused: Vec<Note>,
    /// Remarks on what was kept.
    pub warnings: Vec<Note>,
}

/// A remark on an entry or on the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Which entry.
    pub entry: Place,
    /// Stable code.
    pub reason: &'static str,
    /// The reason as a plain sentence of the session's language.
    pub text: &'static str,
}

/// Where in a file. In JSON a number from 0, or `"file"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File,
    /// An entry, counted from 0.
    Entry(u32),
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::File => serializer.serialize_str("file"),
            Self::Entry(ordinal) => serializer.serialize_u32(*ordinal),
        }
    }
}

impl Note {
    pub(crate) fn new(entry: Option<u32>, reason: &'static str) -> Self {
        Self {
            entry: entry.map_or(Place::File, Place::Entry),
            reason,
            text: reason::text(Language::English, reason),
        }
    }
}

impl FileReport {
    pub(crate) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            outcome: FileOutcome::Empty,
            document: None,
            record: None,
            stored: 0,
            updated: 0,
            duplicate: 0,
            skipped: Vec::new(),
            refused: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub(crate) fn refused(file: &str, code: &'static str) -> Self {
        let refused = vec![Note::new(None, code)];
        Self { outcome: FileOutcome::Refused, refused, ..Self::new(file) }
    }

    pub(crate) fn skipped(file: &str, code: &'static str) -> Self {
        let skipped = vec![Note::new(None, code)];
        Self { outcome: FileOutcome::Skipped, skipped, ..Self::new(file) }
    }

    /// How many entries the file has, as it is counted here.
    pub fn entries(&self) -> usize {
        self.stored + self.updated + self.duplicate + self.skipped.len() + self.refused.len()
    }

    /// Puts all remarks into a language.
    pub(crate) fn speak(&mut self, language: Language) {
        for note in self.skipped.iter_mut().chain(&mut self.refused).chain(&mut self.warnings) {
            note.text = reason::text(language, note.reason);
        }
    }

    /// Draws the outcome from the counts.
    pub(crate) fn judge(&mut self) {
        self.outcome = if !self.refused.is_empty() {
            FileOutcome::Partly
        } else if self.stored + self.updated > 0 {
            FileOutcome::Imported
        } else if self.duplicate > 0 {
            FileOutcome::Duplicate
        } else {
            FileOutcome::Empty
        };
        self.warnings.sort_by_key(|note| note.entry);
    }
}

impl ImportReport {
    pub(crate) fn add(&mut self, file: FileReport) {
        let totals = &mut self.totals;
        totals.files += 1;
        totals.entries += file.entries();
        totals.stored += file.stored;
        totals.updated += file.updated;
        totals.duplicate += file.duplicate;
        totals.skipped += file.skipped.len();
        totals.refused += file.refused.len();
        self.files.push(file);
    }
}

impl std::fmt::Debug for ImportReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportReport")
            .field("totals", &self.totals)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for FileReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileReport")
            .field("outcome", &self.outcome)
            .field("entries", &self.entries())
            .finish_non_exhaustive()
    }
}
