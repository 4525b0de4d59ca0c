//! The tables and the settings of the relay's SQLite store.

use rusqlite::Connection;

use super::StoreError;

/// Marks the file as a relay's store ("Kosr").
const APPLICATION_ID: i64 = 0x4b6f_7372;
/// Version of the tables.
const VERSION: i64 = 1;

/// `link.id` is the SHA-256 of the link's id, `link.management` that of its management token.
/// `purge_at` is when the ciphertext must go (NULL once it has gone), `forget_at` when the row itself goes.
/// Ciphertext lies in pieces, so that a long file is sent without being held in memory.
const TABLES: &str = "
CREATE TABLE link (
  id            BLOB PRIMARY KEY CHECK (length(id) = 32),
  management    BLOB NOT NULL CHECK (length(management) = 32),
  mode          INTEGER NOT NULL,
  view_key      TEXT NOT NULL,
  expires       INTEGER NOT NULL,
  ended         INTEGER,
  withdrawn     INTEGER NOT NULL DEFAULT 0,
  views         INTEGER NOT NULL DEFAULT 0,
  max_views     INTEGER,
  passcode      TEXT,
  attempts_left INTEGER,
  purge_at      INTEGER,
  forget_at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX link_purge ON link (purge_at) WHERE purge_at IS NOT NULL;
CREATE INDEX link_forget ON link (forget_at);
CREATE INDEX link_tombstone ON link (forget_at) WHERE mode = 0;
CREATE TABLE file (
  link         BLOB NOT NULL REFERENCES link (id) ON DELETE CASCADE,
  idx          INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  fhir_version TEXT,
  last_updated TEXT,
  length       INTEGER NOT NULL,
  PRIMARY KEY (link, idx)
) WITHOUT ROWID;
CREATE TABLE piece (
  link  BLOB NOT NULL,
  idx   INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (link, idx, n),
  FOREIGN KEY (link, idx) REFERENCES file (link, idx) ON DELETE CASCADE
);
CREATE TABLE view (
  link   BLOB NOT NULL REFERENCES link (id) ON DELETE CASCADE,
  seq    INTEGER NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (link, seq)
) WITHOUT ROWID;
";

/// Sets up a connection and, in an empty file, the tables.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    // Deleted ciphertext is overwritten, and full synchronisation makes an acknowledged ending last.
    connection.execute_batch(
        "PRAGMA auto_vacuum = INCREMENTAL;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA busy_timeout = 5000;",
    )?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, version, tables) {
        (APPLICATION_ID, VERSION, _) => Ok(()),
        (APPLICATION_ID, version, _) if version > VERSION => Err(StoreError::Newer),
        (0, 0, 0) => {
            let tx = connection.transaction()?;
            tx.execute_batch(TABLES)?;
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", VERSION)?;
            tx.commit()?;
            Ok(())
        }
        _ => Err(StoreError::NotOurs),
    }
}
