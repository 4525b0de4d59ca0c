//! Writing of slots.

use kosha_crypto::Slot;
use rusqlite::params;

use super::Transaction;
use crate::error::Result;

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
}
