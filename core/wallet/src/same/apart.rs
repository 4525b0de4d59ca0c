//! Telling two records apart that are taken for the same, and taking that back.

use std::collections::HashSet;

use kosha_crypto::id::{ItemId, RecordId};
use kosha_vault::Durability;
use serde::{Deserialize, Serialize};

use crate::{Error, Session, items};

/// Two records that are told apart, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Apart {
    /// The two records.
    pub records: [String; 2],
    /// Whether they are told apart now.
    pub apart: bool,
}

/// Two records, the lower id first.
pub(super) type Pair = (RecordId, RecordId);

/// What the vault keeps of it.
#[derive(Serialize, Deserialize)]
struct Stored {
    v: u8,
    records: [String; 2],
}

/// All pairs.
pub(super) fn pairs(session: &Session) -> Result<HashSet<Pair>, Error> {
    Ok(stored(session)?.into_iter().map(|(_, pair)| pair).collect())
}

fn stored(session: &Session) -> Result<Vec<(ItemId, Pair)>, Error> {
    let mut out = Vec::new();
    for (item, bytes) in session.vault().items(items::APART)? {
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| Error::Damaged)?;
        if stored.v != 1 {
            return Err(Error::NewerVault);
        }
        let [a, b] = stored.records;
        if let (Ok(a), Ok(b)) = (a.parse(), b.parse()) {
            out.push((item, ordered(a, b)));
        }
    }
    Ok(out)
}

fn ordered(a: RecordId, b: RecordId) -> Pair {
    (a.min(b), a.max(b))
}

impl Session {
    /// Says that two records tell different things. Both are listed from then on.
    /// [`Error::NotTheSame`] where they are not taken for the same.
    pub fn tell_apart(&mut self, a: &str, b: &str) -> Result<Apart, Error> {
        let (a, b) = ordered(self.record_meant(a)?, self.record_meant(b)?);
        if stored(self)?.iter().any(|(_, pair)| *pair == (a, b)) {
            return Ok(Apart { records: [a.to_string(), b.to_string()], apart: true });
        }
        if !self.same()?.others(a).any(|(other, _)| other == b) {
            return Err(Error::NotTheSame);
        }
        let records = [a.to_string(), b.to_string()];
        let bytes =
            serde_json::to_vec(&Stored { v: 1, records: records.clone() }).map_err(|_| Error::Internal)?;
        let now_ms = self.environment().now_ms();
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        let item = tx.new_item_id()?;
        tx.put_item(items::APART, item, &bytes)?;
        tx.log(now_ms, "told-apart", "2 records")?;
        tx.commit()?;
        Ok(Apart { records, apart: true })
    }

    /// Takes [`Session::tell_apart`] back. [`Error::NothingToUndo`] where they were not told apart.
    pub fn tell_together(&mut self, a: &str, b: &str) -> Result<Apart, Error> {
        let (a, b) = ordered(self.record_meant(a)?, self.record_meant(b)?);
        let known = stored(self)?.into_iter().find(|(_, pair)| *pair == (a, b));
        let (item, _) = known.ok_or(Error::NothingToUndo)?;
        let now_ms = self.environment().now_ms();
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        tx.remove_item(items::APART, item)?;
        tx.log(now_ms, "told-apart-undone", "2 records")?;
        tx.commit()?;
        Ok(Apart { records: [a.to_string(), b.to_string()], apart: false })
    }
}
