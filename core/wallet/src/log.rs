//! The log as a person reads it.

use serde::Serialize;

use crate::{Error, Session, date};

/// How many entries are read from the vault at a time.
const STEP: usize = 500;

/// The log, oldest entry first.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Log {
    /// The entries.
    pub entries: Vec<LogLine>,
}

/// One entry of the log.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Its number in the log, from 0.
    pub index: u64,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// What happened, a stable word: `import`, `released`, `delivered`, `viewed`, `consent-withdrawn`, `copy-accepted`, …
    pub event: String,
    /// More about it, in plain words: what was agreed to with the purpose in the patient's own words, ids and counts,
    /// names of recipients as they gave them. No record's content.
    pub detail: String,
}

impl Session {
    /// Everything that happened, oldest first. [`Session::refresh_shares`] brings in who looked since.
    pub fn log(&self) -> Result<Log, Error> {
        let mut entries = Vec::new();
        let mut after = None;
        loop {
            let page = self.vault().log(after, STEP)?;
            let Some(last) = page.last() else { break };
            after = Some(last.index);
            entries.extend(page.into_iter().map(|entry| LogLine {
                index: entry.index,
                time: date::rfc3339(entry.time_ms),
                event: entry.event,
                detail: entry.detail,
            }));
        }
        Ok(Log { entries })
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("entries", &self.entries.len()).finish()
    }
}

impl std::fmt::Debug for LogLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogLine")
            .field("time", &self.time)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}
