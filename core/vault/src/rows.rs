//! Sealed rows as the set-hash sees them, and reading their columns without trust.

#![allow(clippy::many_single_char_names, reason = "columns have the names of the schema")]

use kosha_crypto::envelope::fingerprint;
use kosha_crypto::{RowHash, RowHasher};
use rusqlite::Row;

use crate::bytes::{Malformed, Read};

/// A blob column, not copied.
pub(crate) fn blob<'a>(row: &'a Row<'_>, column: usize) -> Read<&'a [u8]> {
    row.get_ref(column).ok().and_then(|value| value.as_blob().ok()).ok_or(Malformed)
}

/// A blob column of 16 bytes.
pub(crate) fn id(row: &Row<'_>, column: usize) -> Read<[u8; 16]> {
    blob(row, column)?.try_into().map_err(|_| Malformed)
}

/// A counter, stored as an integer of SQLite; never negative.
pub(crate) fn counter(row: &Row<'_>, column: usize) -> Read<u64> {
    let value = row.get::<_, i64>(column).map_err(|_| Malformed)?;
    u64::try_from(value).map_err(|_| Malformed)
}

/// Bytes of a keyed envelope, as the set-hash sees them.
fn keyed(sealed: &[u8]) -> Read<[u8; 28]> {
    fingerprint(sealed, true).map_err(|_| Malformed)
}

/// Bytes of a plain envelope, as the set-hash sees them.
fn plain(sealed: &[u8]) -> Read<[u8; 28]> {
    fingerprint(sealed, false).map_err(|_| Malformed)
}

fn table(letter: char) -> u16 {
    u16::try_from(u32::from(letter)).unwrap_or(0)
}

/// Contributions of rows to the set-hash. Bodies (table b, and column b of table d) are not hashed themselves: each is
/// the only one ever sealed under its key, and the wrapped key is hashed.
pub(crate) struct Rows(pub(crate) RowHasher);

impl Rows {
    pub(crate) fn record(
        &self,
        n: i64,
        i: &[u8; 16],
        w: &[u8; 16],
        c: u64,
        k: &[u8],
        h: &[u8],
    ) -> Read<RowHash> {
        let parts: [&[u8]; 6] = [&n.to_be_bytes(), i, w, &c.to_be_bytes(), &keyed(k)?, &keyed(h)?];
        Ok(self.0.row(table('h'), &parts))
    }

    /// Documents (d) and attachments (f).
    pub(crate) fn described(&self, letter: char, n: i64, i: &[u8; 16], k: &[u8], h: &[u8]) -> Read<RowHash> {
        Ok(self.0.row(table(letter), &[&n.to_be_bytes(), i, &keyed(k)?, &plain(h)?]))
    }

    pub(crate) fn item(&self, n: i64, i: &[u8; 16], b: &[u8]) -> Read<RowHash> {
        Ok(self.0.row(table('i'), &[&n.to_be_bytes(), i, &plain(b)?]))
    }

    pub(crate) fn log_entry(&self, n: i64, w: &[u8; 16], k: &[u8], b: &[u8], h: &[u8; 32]) -> Read<RowHash> {
        Ok(self.0.row(table('l'), &[&n.to_be_bytes(), w, &keyed(k)?, &plain(b)?, h]))
    }

    pub(crate) fn person(&self, n: i64, i: &[u8; 16], k: &[u8], h: &[u8]) -> Read<RowHash> {
        Ok(self.0.row(table('p'), &[&n.to_be_bytes(), i, &keyed(k)?, &keyed(h)?]))
    }

    pub(crate) fn slot(&self, n: i64, b: &[u8]) -> RowHash {
        self.0.row(table('s'), &[&n.to_be_bytes(), b])
    }

    pub(crate) fn vault_keys(&self, n: i64, b: &[u8]) -> Read<RowHash> {
        Ok(self.0.row(table('v'), &[&n.to_be_bytes(), &plain(b)?]))
    }

    pub(crate) fn writer(&self, n: i64, i: &[u8; 16], b: &[u8]) -> Read<RowHash> {
        Ok(self.0.row(table('w'), &[&n.to_be_bytes(), i, &keyed(b)?]))
    }
}
