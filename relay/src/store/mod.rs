//! The relay's store: one SQLite file, one connection, every decision about a link inside one transaction.
//!
//! * [`owner`]: what the wallet that made a link asks for
//! * [`reader`]: what those who open a link ask for
//! * [`sweep`]: what goes away by itself

mod owner;
mod reader;
mod schema;
mod sweep;

use std::path::Path;

use kosha_wire::relay::LinkMode;
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(crate) use owner::{Created, NewFile, NewLink, Owned};
pub(crate) use reader::{Attempt, StoredFile};

/// SHA-256 of a link's id: all that the store knows of it.
pub(crate) type IdHash = [u8; 32];

/// Ciphertext is kept in pieces of so many bytes.
pub(crate) const PIECE: usize = 128 * 1024;
/// How long the bare row of an ended link is kept, in seconds: 30 days.
const KEEP_ENDED: u64 = 30 * 24 * 3600;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// SQLite refused; only its own code is kept, since its messages may quote.
    #[error("SQLite: {0}")]
    Sqlite(String),
    /// Written by a newer relay.
    #[error("written by a newer version")]
    Newer,
    /// A SQLite file, but not a relay's.
    #[error("not a relay's store")]
    NotOurs,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(
            error.sqlite_error_code().map_or_else(|| "unexpected row".to_owned(), |code| format!("{code:?}")),
        )
    }
}

/// The bounds that the store enforces.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoreLimits {
    /// Most ciphertext in all, in bytes.
    pub(crate) stored_bytes: u64,
    /// Most tombstones of ids that were never created here.
    pub(crate) tombstones: u32,
    /// View records kept per link.
    pub(crate) views_per_link: u32,
    /// How long a used-up link keeps its ciphertext for those who still hold tickets, in seconds.
    pub(crate) ticket_grace: u64,
}

/// The open store.
pub(crate) struct Store {
    connection: Connection,
    limits: StoreLimits,
}

impl Store {
    /// Opens `relay.db` in `folder`, making it if absent.
    pub(crate) fn open(folder: &Path, limits: StoreLimits) -> Result<Self, StoreError> {
        let mut connection = Connection::open(folder.join("relay.db"))?;
        schema::prepare(&mut connection)?;
        let mut store = Self { connection, limits };
        store.end_exhausted()?;
        Ok(store)
    }

    /// Folds the write-ahead log into the file and empties it, so that deleted ciphertext is in neither.
    pub(crate) fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// A row of `link`.
struct LinkRow {
    management: [u8; 32],
    /// `None`: the tombstone of an id that was never created here.
    mode: Option<LinkMode>,
    view_key: String,
    expires: u64,
    ended: bool,
    withdrawn: bool,
    views: u32,
    max_views: Option<u32>,
    passcode: Option<String>,
    attempts_left: Option<u32>,
}

impl LinkRow {
    const SELECT: &'static str = "SELECT management, mode, view_key, expires, ended IS NOT NULL, withdrawn, views, max_views, \
                                  passcode, attempts_left FROM link WHERE id = ?1";

    fn find(connection: &Connection, id: &IdHash) -> Result<Option<Self>, StoreError> {
        Ok(connection.prepare_cached(Self::SELECT)?.query_row(params![id], Self::read).optional()?)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            management: row.get(0)?,
            mode: match row.get::<_, i64>(1)? {
                1 => Some(LinkMode::Manifest),
                2 => Some(LinkMode::Direct),
                _ => None,
            },
            view_key: row.get(2)?,
            expires: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
            ended: row.get(4)?,
            withdrawn: row.get(5)?,
            views: row.get(6)?,
            max_views: row.get(7)?,
            passcode: row.get(8)?,
            attempts_left: row.get(9)?,
        })
    }

    /// Whether tickets of this link are still good: not withdrawn, not guessed to its end, not expired.
    fn running(&self, now: u64) -> bool {
        self.mode.is_some() && !self.ended && now < self.expires
    }

    /// Whether the link still answers new readers. Computed each time, never stored.
    fn answers(&self, now: u64) -> bool {
        self.running(now)
            && self.max_views.is_none_or(|max| self.views < max)
            && (self.passcode.is_none() || self.attempts_left.is_some_and(|left| left > 0))
    }
}

/// SQLite's integers are signed.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
