//! What goes away by itself: the ciphertext of ended links, and later every trace of them.

use rusqlite::params;

use super::{Store, StoreError, signed};

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Swept {
    /// Links whose ciphertext was deleted.
    pub(crate) purged: usize,
    /// Links and tombstones that were forgotten.
    pub(crate) forgotten: usize,
}

impl Store {
    /// Deletes the ciphertext of links that ended before `now`, and the rows of those that ended weeks before.
    pub(crate) fn sweep(&mut self, now: u64) -> Result<Swept, StoreError> {
        let now = signed(now);
        let tx = self.connection.transaction()?;
        tx.execute(
            "DELETE FROM file WHERE link IN (SELECT id FROM link WHERE purge_at <= ?1)",
            params![now],
        )?;
        let purged = tx
            .execute("UPDATE link SET purge_at = NULL, passcode = NULL WHERE purge_at <= ?1", params![now])?;
        let forgotten = tx.execute("DELETE FROM link WHERE forget_at <= ?1", params![now])?;
        tx.commit()?;
        if purged + forgotten > 0 {
            self.connection.execute_batch("PRAGMA incremental_vacuum")?;
            self.checkpoint()?;
        }
        Ok(Swept { purged, forgotten })
    }
}
