//! Filing records with another person, and taking that back.
//!
//! A refiled record gets a new version under the other person's keys. The version before stays as history, and so does the
//! file it came in.

use std::collections::BTreeSet;

use kosha_crypto::id::{ItemId, PersonId, RecordId};
use kosha_vault::Durability;
use serde::{Deserialize, Serialize};

use crate::family::Circle;
use crate::{Error, Session, items, session};

/// Most refilings that can be taken back.
const MOST_KEPT: usize = 32;

/// What became of a refiling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refiled {
    /// Ids of the records that were moved.
    pub records: Vec<String>,
    /// Whose they are now; absent where a refiling was taken back for several persons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// How many stay where they are: they were there already, were moved again since, or are gone.
    pub unchanged: usize,
}

/// What the vault keeps of a refiling, so that it can be taken back.
#[derive(Serialize, Deserialize)]
struct Stored {
    v: u8,
    at_ms: i64,
    moves: Vec<Move>,
}

#[derive(Serialize, Deserialize)]
struct Move {
    record: String,
    from: String,
    to: String,
}

impl Session {
    /// Files records with another person. Each of `records` is a record, or a file: then all current records that came in
    /// it. Whatever hangs on a record (the values of a report) has to be named too; the parts of an imaging study go with any of them.
    pub fn refile(&mut self, records: &[String], to: &str) -> Result<Refiled, Error> {
        let to = self.person_meant(to)?;
        let circle = self.circle()?;
        let mut chosen: BTreeSet<RecordId> = BTreeSet::new();
        for text in records {
            self.chosen(text, &mut chosen)?;
        }
        if chosen.is_empty() {
            return Err(Error::NothingChosen);
        }
        let chosen: BTreeSet<RecordId> = self.with_parts(chosen)?.into_iter().collect();
        let moves: Vec<(RecordId, PersonId, PersonId)> = chosen
            .iter()
            .filter_map(|record| self.vault().index().get(*record))
            .filter(|entry| circle.one(entry.person()) != to)
            .map(|entry| (entry.id(), entry.person(), to))
            .collect();
        let stored = Stored {
            v: 1,
            at_ms: self.environment().now_ms(),
            moves: moves
                .iter()
                .map(|(record, from, to)| Move {
                    record: record.to_string(),
                    from: from.to_string(),
                    to: to.to_string(),
                })
                .collect(),
        };
        if !moves.is_empty() {
            self.move_records(&moves, "refiled", Some(&stored), None)?;
        }
        Ok(Refiled {
            records: moves.iter().map(|(record, _, _)| record.to_string()).collect(),
            person: Some(to.to_string()),
            unchanged: chosen.len() - moves.len(),
        })
    }

    /// Takes the last refiling back. Records that were moved again since, or deleted, stay as they are.
    /// [`Error::NothingToUndo`] when there is none.
    pub fn undo_refile(&mut self) -> Result<Refiled, Error> {
        let (item, stored) = self.refilings()?.pop().ok_or(Error::NothingToUndo)?;
        let circle = self.circle()?;
        let moves: Vec<(RecordId, PersonId, PersonId)> =
            stored.moves.iter().filter_map(|moved| self.back(moved, &circle)).collect();
        if moves.is_empty() {
            // Nothing of it is left to be moved: forgotten, and nothing happened that the log should tell.
            let mut tx = self.vault_mut().begin(Durability::Full)?;
            tx.remove_item(items::REFILING, item)?;
            tx.commit()?;
        } else {
            self.move_records(&moves, "refiling-undone", None, Some(item))?;
        }
        Ok(Refiled {
            records: moves.iter().map(|(record, _, _)| record.to_string()).collect(),
            person: None,
            unchanged: stored.moves.len() - moves.len(),
        })
    }

    /// The move that takes `moved` back, when the record still is where it was moved to.
    fn back(&self, moved: &Move, circle: &Circle) -> Option<(RecordId, PersonId, PersonId)> {
        let record: RecordId = moved.record.parse().ok()?;
        let (from, to): (PersonId, PersonId) = (moved.from.parse().ok()?, moved.to.parse().ok()?);
        let entry = self.vault().index().get(record).filter(|entry| !entry.tombstone())?;
        let there = circle.one(entry.person()) == circle.one(to) && entry.person() != from;
        let known = self.vault().persons().iter().any(|person| person.id == from);
        (there && known).then(|| (record, entry.person(), from))
    }

    fn chosen(&self, text: &str, chosen: &mut BTreeSet<RecordId>) -> Result<(), Error> {
        let documents = self.vault().documents().into_iter().map(|document| document.id);
        match (self.record_meant(text), session::meant(documents, text)) {
            (Ok(record), Err(None)) => {
                chosen.insert(record);
            }
            (Err(Error::NoSuchRecord), Ok(document)) => chosen.extend(
                self.vault()
                    .index()
                    .iter()
                    .filter(|entry| entry.document() == Some(document) && !entry.tombstone())
                    .map(kosha_vault::Entry::id),
            ),
            (Err(Error::NoSuchRecord), Err(None)) => return Err(Error::NoSuchRecord),
            _ => return Err(Error::Ambiguous),
        }
        Ok(())
    }

    fn move_records(
        &mut self,
        moves: &[(RecordId, PersonId, PersonId)],
        event: &str,
        keep: Option<&Stored>,
        drop: Option<ItemId>,
    ) -> Result<(), Error> {
        let now_ms = self.environment().now_ms();
        let kept = self.refilings()?;
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        for (record, _, to) in moves {
            let mut header = tx.header(*record)?;
            header.person = *to;
            tx.update_header(*record, header)?;
        }
        if let Some(stored) = keep {
            let item = tx.new_item_id()?;
            let bytes = serde_json::to_vec(stored).map_err(|_| Error::Internal)?;
            tx.put_item(items::REFILING, item, &bytes)?;
            for (old, _) in kept.iter().take((kept.len() + 1).saturating_sub(MOST_KEPT)) {
                tx.remove_item(items::REFILING, *old)?;
            }
        }
        if let Some(item) = drop {
            tx.remove_item(items::REFILING, item)?;
        }
        tx.log(now_ms, event, &format!("{} records", moves.len()))?;
        tx.commit()?;
        self.refresh_emergency_card()
    }

    /// The refilings that can be taken back, the last one last.
    fn refilings(&self) -> Result<Vec<(ItemId, Stored)>, Error> {
        let mut found = Vec::new();
        for (item, bytes) in self.vault().items(items::REFILING)? {
            let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| Error::Damaged)?;
            if stored.v == 1 {
                found.push((item, stored));
            }
        }
        found.sort_by_key(|(item, stored)| (stored.at_ms, *item));
        Ok(found)
    }
}
