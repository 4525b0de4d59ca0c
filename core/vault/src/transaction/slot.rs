//! Writing of slots.

use kosha_crypto::Slot;
use kosha_crypto::id::SlotId;
use rusqlite::params;

use super::Transaction;
use crate::error::{Error, Part, Result};

impl Transaction<'_> {
    /// Adds a slot.
    pub(crate) fn insert_slot(&mut self, slot: &Slot) -> Result<()> {
        self.step(|tx| {
            let bytes = slot.to_bytes();
            tx.vault.conn.prepare_cached("INSERT INTO s(b) VALUES(?1)")?.execute(params![bytes])?;
            let row = tx.inserted();
            tx.state.add(&tx.rows.slot(row, &bytes));
            Ok(())
        })
    }

    /// Removes a slot. [`Error::LastSlot`] when no other one would be left.
    pub(crate) fn delete_slot(&mut self, slot: SlotId) -> Result<Slot> {
        let rows = crate::slots::rows(&self.vault.conn)?;
        let found =
            rows.into_iter().filter_map(|(row, bytes)| Some((row, Slot::from_bytes(&bytes).ok()?, bytes)));
        // One that is damaged opens nothing, so that it does not count as another way.
        let whole: Vec<_> = found.collect();
        let (row, found, bytes) = match whole.iter().find(|(_, found, _)| found.id() == slot) {
            Some(_) if whole.len() < 2 => return Err(Error::LastSlot),
            Some(found) => found,
            None => return Err(Error::UnknownSlot(slot)),
        };
        self.step(|tx| {
            tx.state.remove(&tx.rows.slot(*row, bytes));
            let deleted = tx.vault.conn.execute("DELETE FROM s WHERE n=?1", [*row])?;
            if deleted == 1 { Ok(()) } else { Err(Error::Damaged(Part::Slot)) }
        })?;
        Ok(found.clone())
    }
}
