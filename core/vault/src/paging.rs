//! Paging that neither loses nor repeats a record while others are added and changed between two pages.
//!
//! A page is continued by the place of its last record in the order of dates. An update may give a record another date, and
//! so another place, which could carry it past a reader in either direction. A bookmark therefore remembers how many
//! versions there were when the first page was read; each record keeps the place it had then, and a record that came later
//! the place of its first version.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use kosha_crypto::id::RecordId;

use crate::error::{Error, Result};
use crate::index::{Cursor, Entry, Filter, InvalidCursor, OrderKey};
use crate::vault::Vault;

/// Where a reader of pages stands. As text 66 hexadecimal digits, opaque to callers; good across restarts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Bookmark {
    /// Highest row of a version when the first page was read.
    rows: i64,
    after: Cursor,
}

impl fmt::Display for Bookmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{}", self.rows, self.after)
    }
}

impl fmt::Debug for Bookmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bookmark(redacted)")
    }
}

impl FromStr for Bookmark {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> std::result::Result<Self, InvalidCursor> {
        let (rows, after) = text.split_at_checked(16).ok_or(InvalidCursor)?;
        if !rows.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(InvalidCursor);
        }
        let rows = i64::from_str_radix(rows, 16).map_err(|_| InvalidCursor)?;
        Ok(Self { rows, after: after.parse()? })
    }
}

/// Records in order, and where to go on.
#[derive(Debug)]
pub struct StablePage<'a> {
    /// Entries as they are now; newest first, undated last, equal ones by id, in the order of when the first page was read.
    pub entries: Vec<Entry<'a>>,
    /// Pass as `after` for the next page; absent when this was the last.
    pub next: Option<Bookmark>,
}

impl Vault {
    /// At most `limit` records that `filter` admits, after the place `after`. Whoever reads on to the end gets each record
    /// that was there at the first page, and still is admitted, exactly once; records that were added since at most once.
    pub fn page(&self, filter: &Filter<'_>, after: Option<Bookmark>, limit: usize) -> Result<StablePage<'_>> {
        let rows = match after {
            Some(bookmark) => bookmark.rows,
            None => match self.conn.query_row("SELECT ifnull(max(n),0) FROM h", [], |row| row.get(0)) {
                // The last rows cannot be read, and nothing comes behind them: such a vault is not written.
                Err(error) if crate::schema::is_corrupt(&error) => i64::MAX,
                last => last?,
            },
        };
        let moved = self.moved_since(rows)?;
        let from = after.map(|bookmark| bookmark.after);
        // One more than wanted shows whether there is a next page; each moved one may stand in the way of another.
        let wanted = limit.saturating_add(1);
        let found = self.index().page(filter, from, wanted.saturating_add(moved.len()));
        let mut entries: Vec<(OrderKey, Entry<'_>)> = found
            .entries
            .into_iter()
            .filter(|entry| !moved.contains_key(&entry.id()))
            .take(wanted)
            .map(|entry| (entry.order_key(), entry))
            .collect();
        let returned = moved
            .iter()
            .filter(|(_, key)| from.is_none_or(|from| **key > from.0))
            .filter_map(|(record, key)| Some((*key, self.index().get(*record)?)))
            .filter(|(_, entry)| filter.admits(*entry));
        entries.extend(returned);
        entries.sort_unstable_by_key(|(key, _)| *key);
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(|(key, _)| Bookmark { rows, after: Cursor(*key) });
        Ok(StablePage { entries: entries.into_iter().map(|(_, entry)| entry).collect(), next })
    }

    /// The records that stand elsewhere now than when there were versions up to `rows`, with their place of then.
    fn moved_since(&self, rows: i64) -> Result<BTreeMap<RecordId, OrderKey>> {
        let mut moved = BTreeMap::new();
        for (record, _) in self.index().all_past() {
            let Some(entry) = self.index().get(record).filter(|entry| entry.row() > rows) else { continue };
            if moved.contains_key(&record) {
                continue;
            }
            let past = self.index().past(record);
            let then = past.iter().rev().find(|past| past.row <= rows).or(past.first());
            let Some(then) = then else { continue };
            let header = match self.header_in(record, then.version, then.row) {
                Ok(header) => header,
                // Nobody can tell where it stood; it stays where it is.
                Err(Error::Damaged(_)) => continue,
                Err(error) => return Err(error),
            };
            let key = OrderKey::new(header.date.map(|date| date.start_ms), record);
            if key != entry.order_key() {
                moved.insert(record, key);
            }
        }
        Ok(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trip_and_refusals() {
        let after = Cursor(OrderKey::new(Some(-7), RecordId::from_bytes([7; 16])));
        for rows in [0, 1, i64::MAX] {
            let bookmark = Bookmark { rows, after };
            assert_eq!(bookmark.to_string().parse::<Bookmark>().ok(), Some(bookmark));
        }
        let good = Bookmark { rows: 9, after }.to_string();
        for bad in ["", &good[1..], &good[16..], &format!("f{}", &good[1..]), &format!("+{}", &good[1..])] {
            assert!(bad.parse::<Bookmark>().is_err(), "{bad}");
        }
    }
}
