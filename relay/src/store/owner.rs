//! Creating, watching and ending a link: the wallet's side.

use kosha_wire::relay::{LinkMode, LinkStatus, SealedView};
use rusqlite::{Transaction, params};

use super::{IdHash, KEEP_ENDED, LinkRow, PIECE, Store, StoreError, signed};

/// Most view records in one answer.
const VIEWS_PER_ANSWER: u32 = 500;

/// A link to be stored; everything in it has been checked.
pub(crate) struct NewLink<'a> {
    pub(crate) management: [u8; 32],
    pub(crate) mode: LinkMode,
    pub(crate) view_key: &'a str,
    pub(crate) expires: u64,
    pub(crate) max_views: Option<u32>,
    /// The slow hash of the passcode and how many wrong ones are borne.
    pub(crate) passcode: Option<(String, u32)>,
    pub(crate) files: Vec<NewFile<'a>>,
}

/// A file of a [`NewLink`].
pub(crate) struct NewFile<'a> {
    pub(crate) content_type: &'a str,
    pub(crate) fhir_version: Option<&'a str>,
    pub(crate) last_updated: Option<&'a str>,
    pub(crate) jwe: &'a str,
}

/// What became of a creation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Created {
    /// Stored now.
    New(LinkStatus),
    /// It was there already, from the same owner; nothing changed.
    Same(LinkStatus),
    /// The id has another owner, or its owner has ended it.
    Conflict,
    /// The store holds as much as it may.
    Full,
}

/// An answer that only the owner of a link gets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Owned<T> {
    Yes(T),
    NotYours,
    Unknown,
}

impl Store {
    /// Whether the id is taken, by whomever.
    pub(crate) fn knows(&self, id: &IdHash) -> Result<bool, StoreError> {
        Ok(LinkRow::find(&self.connection, id)?.is_some())
    }

    /// What a creation with this id and owner would find; `None` when the id is free.
    pub(crate) fn existing(
        &self,
        id: &IdHash,
        management: &[u8; 32],
        now: u64,
    ) -> Result<Option<Created>, StoreError> {
        Ok(LinkRow::find(&self.connection, id)?.map(|row| already(&row, management, now)))
    }

    /// Stores a link, all of it or nothing.
    pub(crate) fn create(
        &mut self,
        id: &IdHash,
        link: &NewLink<'_>,
        now: u64,
    ) -> Result<Created, StoreError> {
        let tx = self.connection.transaction()?;
        if let Some(row) = LinkRow::find(&tx, id)? {
            return Ok(already(&row, &link.management, now));
        }
        let stored: i64 = tx.query_row("SELECT coalesce(sum(length), 0) FROM file", [], |row| row.get(0))?;
        let more: usize = link.files.iter().map(|file| file.jwe.len()).sum();
        if signed(self.limits.stored_bytes) < stored.saturating_add(i64::try_from(more).unwrap_or(i64::MAX)) {
            return Ok(Created::Full);
        }
        insert_link(&tx, id, link)?;
        for (idx, file) in (0_i64..).zip(&link.files) {
            insert_file(&tx, id, idx, file)?;
        }
        let row = LinkRow::find(&tx, id)?;
        tx.commit()?;
        Ok(row.map_or(Created::Conflict, |row| Created::New(status_of(&row, now))))
    }

    /// The state of a link.
    pub(crate) fn status(
        &self,
        id: &IdHash,
        management: &[u8; 32],
        now: u64,
    ) -> Result<Owned<LinkStatus>, StoreError> {
        Ok(match LinkRow::find(&self.connection, id)? {
            None => Owned::Unknown,
            Some(row) if row.management != *management => Owned::NotYours,
            Some(row) => Owned::Yes(status_of(&row, now)),
        })
    }

    /// View records newer than `after`, oldest first.
    pub(crate) fn views(
        &self,
        id: &IdHash,
        management: &[u8; 32],
        after: u64,
    ) -> Result<Owned<Vec<SealedView>>, StoreError> {
        match LinkRow::find(&self.connection, id)? {
            None => return Ok(Owned::Unknown),
            Some(row) if row.management != *management => return Ok(Owned::NotYours),
            Some(_) => {}
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, sealed FROM view WHERE link = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )?;
        let rows = statement.query_map(params![id, signed(after), VIEWS_PER_ANSWER], |row| {
            Ok(SealedView { seq: row.get::<_, i64>(0)?.unsigned_abs(), sealed: row.get(1)? })
        })?;
        Ok(Owned::Yes(rows.collect::<Result<_, _>>()?))
    }

    /// Ends a link and deletes its ciphertext. An unknown id becomes a tombstone of this owner.
    /// `false`: the link has another owner.
    pub(crate) fn withdraw(
        &mut self,
        id: &IdHash,
        management: &[u8; 32],
        now: u64,
    ) -> Result<bool, StoreError> {
        let most = self.limits.tombstones;
        let tx = self.connection.transaction()?;
        let row = LinkRow::find(&tx, id)?;
        let held = row.is_some();
        match row {
            Some(row) if row.management != *management => return Ok(false),
            Some(row) if row.withdrawn => return Ok(true),
            Some(_) => {
                tx.execute("DELETE FROM file WHERE link = ?1", params![id])?;
                tx.execute(
                    "UPDATE link SET ended = coalesce(ended, ?2), withdrawn = 1, passcode = NULL, purge_at = NULL, \
                     forget_at = ?3 WHERE id = ?1",
                    params![id, signed(now), signed(now + KEEP_ENDED)],
                )?;
            }
            None => insert_tombstone(&tx, id, management, now, most)?,
        }
        tx.commit()?;
        if held {
            // The withdrawal is durable; if emptying the write-ahead log as well fails, the next sweep makes up for it.
            let _ = self.checkpoint();
        }
        Ok(true)
    }
}

fn already(row: &LinkRow, management: &[u8; 32], now: u64) -> Created {
    if row.management != *management || row.withdrawn {
        Created::Conflict
    } else {
        Created::Same(status_of(row, now))
    }
}

fn status_of(row: &LinkRow, now: u64) -> LinkStatus {
    LinkStatus {
        active: row.answers(now),
        expires: row.expires,
        views: row.views,
        views_left: row.max_views.map(|max| max.saturating_sub(row.views)),
        passcode_attempts_left: row.attempts_left,
    }
}

fn insert_link(tx: &Transaction<'_>, id: &IdHash, link: &NewLink<'_>) -> Result<(), StoreError> {
    let (passcode, attempts) = link.passcode.as_ref().map(|(hash, attempts)| (hash, attempts)).unzip();
    let mode = match link.mode {
        LinkMode::Manifest => 1,
        LinkMode::Direct => 2,
    };
    tx.execute(
        "INSERT INTO link (id, management, mode, view_key, expires, max_views, passcode, attempts_left, purge_at, forget_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5, ?9)",
        params![
            id,
            link.management,
            mode,
            link.view_key,
            signed(link.expires),
            link.max_views,
            passcode,
            attempts,
            signed(link.expires.saturating_add(KEEP_ENDED))
        ],
    )?;
    Ok(())
}

fn insert_file(tx: &Transaction<'_>, id: &IdHash, idx: i64, file: &NewFile<'_>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO file (link, idx, content_type, fhir_version, last_updated, length) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            id,
            idx,
            file.content_type,
            file.fhir_version,
            file.last_updated,
            i64::try_from(file.jwe.len()).unwrap_or(i64::MAX)
        ],
    )?;
    let mut statement =
        tx.prepare_cached("INSERT INTO piece (link, idx, n, bytes) VALUES (?1, ?2, ?3, ?4)")?;
    for (n, bytes) in (0_i64..).zip(file.jwe.as_bytes().chunks(PIECE)) {
        statement.execute(params![id, idx, n, bytes])?;
    }
    Ok(())
}

/// Remembers that an id must never be created; of too many such memories the oldest go.
fn insert_tombstone(
    tx: &Transaction<'_>,
    id: &IdHash,
    management: &[u8; 32],
    now: u64,
    most: u32,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO link (id, management, mode, view_key, expires, ended, withdrawn, forget_at) \
         VALUES (?1, ?2, 0, '', ?3, ?3, 1, ?4)",
        params![id, management, signed(now), signed(now + KEEP_ENDED)],
    )?;
    let held: i64 = tx.query_row("SELECT count(*) FROM link WHERE mode = 0", [], |row| row.get(0))?;
    let excess = held - i64::from(most);
    if excess > 0 {
        tx.execute(
            "DELETE FROM link WHERE id IN (SELECT id FROM link WHERE mode = 0 ORDER BY forget_at LIMIT ?1)",
            params![excess],
        )?;
    }
    Ok(())
}
