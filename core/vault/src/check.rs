//! The check: every seal of every table, every chunk of every attachment, the set-hash, the log and its signature.

use std::collections::BTreeSet;
use std::io;

use kosha_crypto::id::RecordId;

use crate::body;
use crate::error::{Error, Part, Problem, Result};
use crate::index::Entry;
use crate::rows::blob;
use crate::schema::scan;
use crate::unlock::{self, Loader, SEAL, SET, UNREADABLE};
use crate::vault::Vault;

const STRUCTURE: &str = "the database's structure is damaged";
const CHANGED: &str = "the stored state is not the one in memory";
const SIGNATURE: &str = "the signed checkpoint does not hold";
const UNNAMED: &str = "a body belongs to no record";
const CONTENT: &str = "the content is not what was stored";

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Number of current records.
    pub records: u64,
    /// Everything that is wrong, sorted; empty for a whole vault.
    pub problems: Vec<Problem>,
}

/// Counts what was looked at.
struct Progress<'a> {
    done: u64,
    total: u64,
    tell: &'a mut dyn FnMut(u64, u64),
}

impl Progress<'_> {
    fn step(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(64) || self.done == self.total {
            (self.tell)(self.done, self.total);
        }
    }
}

type Problems = BTreeSet<Problem>;

fn found(problems: &mut Problems, place: Part, reason: &'static str) {
    problems.insert(Problem { place, reason });
}

/// Takes damage as a problem and passes other errors on.
fn note<T>(problems: &mut Problems, place: Part, result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Damaged(inner)) => {
            found(problems, inner, SEAL);
            found(problems, place, CONTENT);
            Ok(None)
        }
        Err(Error::UnknownAttachment(_) | Error::UnknownRecord(_) | Error::UnknownVersion(_)) => {
            found(problems, place, CONTENT);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

impl Vault {
    /// Reads everything and verifies every seal. `progress` is told how many of how many things were looked at.
    /// Damage is in the report; an error is one of the disk or the database itself.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport> {
        self.end_reading()?;
        let mut problems: Problems = self.problems().iter().copied().collect();
        self.check_structure(&mut problems)?;
        self.check_rows(&mut problems)?;

        let versions: Vec<_> = self.versions().collect();
        let total = versions.len()
            + self.stored.documents().filter(|document| !document.info.parts_deleted).count()
            + self.stored.attachments().count();
        let log = self.log_len();
        let mut progress = Progress {
            done: 0,
            total: u64::try_from(total).unwrap_or(u64::MAX).saturating_add(log),
            tell: progress,
        };
        for (record, version, row) in versions {
            let part = Part::Record(record);
            if note(&mut problems, part, self.header_in(record, version, row))?.is_some()
                && let Some(bytes) = note(&mut problems, part, self.container(record, version, row))?
            {
                match body::decode(&bytes) {
                    Ok(container) => {
                        for hole in container.holes {
                            if self.stored.attachment(hole.attachment).is_none() {
                                found(&mut problems, part, CONTENT);
                            }
                        }
                    }
                    Err(_) => found(&mut problems, part, CONTENT),
                }
            }
            progress.step();
        }
        for attachment in self.stored.attachments() {
            note(&mut problems, Part::Attachment(attachment.id), self.check_attachment(attachment.id))?;
            progress.step();
        }
        for document in self.stored.documents().filter(|document| !document.info.parts_deleted) {
            note(
                &mut problems,
                Part::Document(document.info.id),
                self.document_to(document.info.id, &mut io::sink()),
            )?;
            progress.step();
        }
        for index in 0..log {
            note(&mut problems, Part::LogEntry(index), self.log_entry(index))?;
            progress.step();
        }
        let records = u64::try_from(self.index.len()).unwrap_or(u64::MAX);
        Ok(CheckReport { records, problems: problems.into_iter().collect() })
    }

    /// Every version that the index knows.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (RecordId, kosha_crypto::id::Version, i64)> {
        let current = self.index.iter().map(|entry: Entry<'_>| (entry.id(), entry.version(), entry.row()));
        let past = self.index.all_past().map(|(record, past)| (record, past.version, past.row));
        current.chain(past)
    }

    fn check_structure(&self, problems: &mut Problems) -> Result<()> {
        let mut statement = self.conn.prepare("PRAGMA integrity_check(1)")?;
        let answer = statement.query_row([], |row| row.get::<_, String>(0));
        match answer {
            Ok(answer) if answer == "ok" => {}
            Ok(_) => found(problems, Part::Database, STRUCTURE),
            Err(error) if crate::schema::is_corrupt(&error) => found(problems, Part::Database, STRUCTURE),
            Err(error) => return Err(error.into()),
        }
        let whole = scan(&self.conn, 'b', "b", |n, row| {
            let named = self.conn.prepare_cached("SELECT 1 FROM h WHERE n=?1")?.exists([n]);
            if blob(row, 1).is_err() || !matches!(named, Ok(true)) {
                found(problems, Part::Rows('b'), UNNAMED);
            }
            Ok(())
        })?;
        if !whole {
            found(problems, Part::Rows('b'), UNREADABLE);
        }
        Ok(())
    }

    /// Loads all tables once more, as an unlock does, and compares with the stored state and the one in memory.
    fn check_rows(&self, problems: &mut Problems) -> Result<()> {
        let keys = &self.keys;
        note(problems, Part::Keys, unlock::vault_keys(&self.conn, keys.vault, &keys.root))?;
        let stored = unlock::read_state(&self.conn, &keys.own, keys.vault)?;
        let signed = match (&self.state, &keys.signer) {
            (Some(state), Some(signer)) => signer.public().open_checkpoint(&state.note).ok(),
            _ => None,
        };
        let size = signed.as_ref().map_or(0, |note| note.size);
        let mut loader = Loader::new(&self.conn, keys.vault, &keys.root, &keys.own, size);
        loader.tables()?;
        loader.compare(stored.as_ref());
        problems.extend(loader.problems.iter().copied());
        let same = match (&stored, &self.state) {
            (Some(stored), Some(state)) => {
                stored.sequence == state.sequence && stored.encode() == state.encode()
            }
            (None, None) => true,
            _ => false,
        };
        if !same {
            found(problems, Part::State, CHANGED);
        }
        if loader.index.len() != self.index.len() {
            found(problems, Part::Set, SET);
        }
        if signed.map(|note| note.root) != loader.watched_root {
            found(problems, Part::LogSigner, SIGNATURE);
        }
        Ok(())
    }
}
