//! Verifying every seal, the set of rows, the files and the log.

use kosha_crypto::id::AttachmentId;
use kosha_vault::{Entry, Part};
use serde::Serialize;

use crate::anchor::DAMAGED;
use crate::words::WORDS;
use crate::{Error, Session, Warning};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Whether all is sound, and these are the records that were left.
    pub ok: bool,
    /// How many records were read.
    pub records: u64,
    /// What is not sound.
    pub problems: Vec<CheckedProblem>,
    /// What else should be known about the records as a whole: [`Session::warnings`].
    pub warnings: Vec<Warning>,
}

/// Something that is not sound. Ids are random and say nothing about anyone.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CheckedProblem {
    /// Where, e.g. `record 0123…`.
    pub place: String,
    /// What, in plain words.
    pub reason: String,
    /// What the owner knows it by, as far as that can be read: title and date of the records concerned, the name of a file.
    /// For the owner's eyes alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
}

impl std::fmt::Debug for CheckedProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckedProblem")
            .field("place", &self.place)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Most records that are named of one problem.
const MOST_ABOUT: usize = 3;

impl Session {
    /// Reads everything and verifies every seal, the set of rows, the files of attachments and the log. `progress` is
    /// told how much is done, and how much there is.
    pub fn check(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, Error> {
        let report = self.vault().check(progress)?;
        let problems: Vec<CheckedProblem> = report
            .problems
            .iter()
            .map(|problem| CheckedProblem {
                place: problem.place.to_string(),
                reason: problem.reason.to_owned(),
                about: self.known_by(problem.place),
            })
            .collect();
        let ok = problems.is_empty() && !self.is_replaced();
        // The problems say it.
        let mut warnings = self.warnings();
        warnings.retain(|warning| warning.code != DAMAGED);
        Ok(CheckReport { ok, records: report.records, problems, warnings })
    }

    /// What the owner knows a part of the vault by; nothing where that cannot be read.
    fn known_by(&self, part: Part) -> Vec<String> {
        let index = self.vault().index();
        let has = |entry: &Entry<'_>, file: AttachmentId| {
            let header = self.vault().header(entry.id());
            header.is_ok_and(|header| header.attachments.iter().any(|one| one.id == file))
        };
        match part {
            Part::Record(record) => index.get(record).map(|entry| self.titled(entry)).into_iter().collect(),
            Part::Document(document) => {
                self.vault().document(document).map(|info| info.name).into_iter().collect()
            }
            Part::Attachment(file) => index
                .iter()
                .filter(|entry| entry.has_attachments() && has(entry, file))
                .take(MOST_ABOUT)
                .map(|entry| self.titled(entry))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn titled(&self, entry: Entry<'_>) -> String {
        let title = match self.spoken(&[entry.id()]).remove(&entry.id()) {
            Some(card) => card.title,
            None => entry.title().to_owned(),
        };
        let date = entry.date().map(|date| self.date_text(date.start_ms, date.precision.min(3), None));
        match date {
            Some(date) => WORDS.say(self.language(), "review-dated", &[("title", &title), ("date", &date)]),
            None => title,
        }
    }
}
