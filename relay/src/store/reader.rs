//! Answering those who open a link: attempts, views and files are counted here, in transactions.

use kosha_wire::relay::LinkMode;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::{IdHash, LinkRow, Store, StoreError, signed};

/// What a link that answers asks of its reader.
pub(crate) enum Attempt {
    /// Nothing: views are sealed to this key.
    Open { view_key: String },
    /// A passcode; one attempt has been taken off, and comes back with a view.
    Reserved { view_key: String, hash: String },
    /// A passcode that was not given; nothing was taken off.
    Needed { remaining: u32 },
}

/// A file as a manifest describes it.
pub(crate) struct StoredFile {
    pub(crate) idx: u32,
    pub(crate) content_type: String,
    pub(crate) fhir_version: Option<String>,
    pub(crate) last_updated: Option<String>,
    pub(crate) length: u64,
}

impl Store {
    /// Begins to open a link; `None` when it does not answer. With `offers_passcode` an attempt is taken off before
    /// the slow hash is worked out, so that no number of parallel guesses gets more than the limit.
    pub(crate) fn begin(
        &mut self,
        id: &IdHash,
        mode: LinkMode,
        offers_passcode: bool,
        now: u64,
    ) -> Result<Option<Attempt>, StoreError> {
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(row) = LinkRow::find(&tx, id)?.filter(|row| row.mode == Some(mode) && row.answers(now))
        else {
            return Ok(None);
        };
        let Some(hash) = row.passcode else { return Ok(Some(Attempt::Open { view_key: row.view_key })) };
        if !offers_passcode {
            return Ok(Some(Attempt::Needed { remaining: row.attempts_left.unwrap_or(0) }));
        }
        tx.execute("UPDATE link SET attempts_left = attempts_left - 1 WHERE id = ?1", params![id])?;
        tx.commit()?;
        Ok(Some(Attempt::Reserved { view_key: row.view_key, hash }))
    }

    /// The reserved attempt was a wrong passcode: how many are left. At none the link has ended.
    pub(crate) fn wrong_passcode(&mut self, id: &IdHash, now: u64) -> Result<u32, StoreError> {
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let left = LinkRow::find(&tx, id)?.and_then(|row| row.attempts_left).unwrap_or(0);
        if left == 0 {
            end(&tx, id, now)?;
        }
        tx.commit()?;
        if left == 0 {
            let _ = self.checkpoint();
        }
        Ok(left)
    }

    /// Gives a reserved attempt back without a view: it was never judged.
    pub(crate) fn give_back(&mut self, id: &IdHash) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE link SET attempts_left = attempts_left + 1 WHERE id = ?1", params![id])?;
        Ok(())
    }

    /// Counts one view and keeps its sealed record; `None` when the link has ended in between.
    /// `reserved`: the passcode was right, its attempt comes back.
    pub(crate) fn view(
        &mut self,
        id: &IdHash,
        reserved: bool,
        sealed: &str,
        now: u64,
    ) -> Result<Option<Vec<StoredFile>>, StoreError> {
        let limits = self.limits;
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if reserved {
            tx.execute("UPDATE link SET attempts_left = attempts_left + 1 WHERE id = ?1", params![id])?;
        }
        let Some(row) = LinkRow::find(&tx, id)?.filter(|row| row.answers(now)) else {
            tx.commit()?;
            return Ok(None);
        };
        let seq = row.views.saturating_add(1);
        tx.execute("UPDATE link SET views = ?2 WHERE id = ?1", params![id, seq])?;
        if seq <= limits.views_per_link {
            tx.execute("INSERT INTO view (link, seq, sealed) VALUES (?1, ?2, ?3)", params![id, seq, sealed])?;
        }
        if row.max_views.is_some_and(|max| seq >= max) {
            // Whoever got the last view may still fetch the files it named.
            let grace = signed(row.expires.min(now + limits.ticket_grace));
            tx.execute("UPDATE link SET purge_at = ?2 WHERE id = ?1", params![id, grace])?;
        }
        let files = files(&tx, id)?;
        tx.commit()?;
        Ok(Some(files))
    }

    /// A file named by a ticket; `None` when the link was withdrawn or has expired.
    pub(crate) fn ticketed(&self, id: &IdHash, idx: u32, now: u64) -> Result<Option<StoredFile>, StoreError> {
        if !LinkRow::find(&self.connection, id)?.is_some_and(|row| row.running(now)) {
            return Ok(None);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT idx, content_type, fhir_version, last_updated, length FROM file WHERE link = ?1 AND idx = ?2",
        )?;
        Ok(statement.query_row(params![id, idx], read_file).optional()?)
    }

    /// One piece of a file; `None` when it has been deleted.
    pub(crate) fn piece(&self, id: &IdHash, idx: u32, n: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT bytes FROM piece WHERE link = ?1 AND idx = ?2 AND n = ?3")?;
        Ok(statement.query_row(params![id, idx, signed(n)], |row| row.get(0)).optional()?)
    }

    /// A whole file; `None` when it has been deleted.
    pub(crate) fn jwe(&self, id: &IdHash, file: &StoredFile) -> Result<Option<String>, StoreError> {
        let mut bytes = Vec::with_capacity(usize::try_from(file.length).unwrap_or(0));
        let mut n = 0;
        while let Some(piece) = self.piece(id, file.idx, n)? {
            bytes.extend_from_slice(&piece);
            n += 1;
        }
        let whole = u64::try_from(bytes.len()).is_ok_and(|length| length == file.length);
        Ok(String::from_utf8(bytes).ok().filter(|_| whole))
    }

    /// A guess that was reserved when the process died counts as used.
    pub(super) fn end_exhausted(&mut self) -> Result<(), StoreError> {
        let tx = self.connection.transaction()?;
        tx.execute("DELETE FROM file WHERE link IN (SELECT id FROM link WHERE attempts_left = 0)", [])?;
        tx.execute("UPDATE link SET ended = coalesce(ended, expires), purge_at = NULL, passcode = NULL WHERE attempts_left = 0", [])?;
        tx.commit()?;
        Ok(())
    }
}

/// Ends a link for good, ciphertext included.
fn end(tx: &Transaction<'_>, id: &IdHash, now: u64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM file WHERE link = ?1", params![id])?;
    tx.execute(
        "UPDATE link SET ended = coalesce(ended, ?2), purge_at = NULL, passcode = NULL WHERE id = ?1",
        params![id, signed(now)],
    )?;
    Ok(())
}

fn files(tx: &Transaction<'_>, id: &IdHash) -> Result<Vec<StoredFile>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT idx, content_type, fhir_version, last_updated, length FROM file WHERE link = ?1 ORDER BY idx",
    )?;
    let rows = statement.query_map(params![id], read_file)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read_file(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredFile> {
    Ok(StoredFile {
        idx: row.get(0)?,
        content_type: row.get(1)?,
        fhir_version: row.get(2)?,
        last_updated: row.get(3)?,
        length: row.get::<_, i64>(4)?.unsigned_abs(),
    })
}
