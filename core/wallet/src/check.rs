//! Verifying every seal, the set of rows, the files and the log.

use serde::Serialize;

use crate::anchor::DAMAGED;
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedProblem {
    /// Where, e.g. `record 0123…`.
    pub place: String,
    /// What, in plain words.
    pub reason: String,
}

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
            })
            .collect();
        let ok = problems.is_empty() && !self.is_replaced();
        // The problems say it.
        let mut warnings = self.warnings();
        warnings.retain(|warning| warning.code != DAMAGED);
        Ok(CheckReport { ok, records: report.records, problems, warnings })
    }
}
