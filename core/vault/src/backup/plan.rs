//! What a run has to take: one look at all tables, in the read transaction that the run will use.

use kosha_crypto::{SetHash, Slot};
use rusqlite::{Connection, Row};

use super::entry::columns;
use super::head::travels;
use super::manifest::{Extent, Manifest};
use super::{BackupFault, GROWING, SMALL};
use crate::bytes::{Malformed, Read};
use crate::error::{Error, Part, Result};
use crate::rows::{Rows, blob, counter, id};
use crate::state::State;

/// What is new, and what the whole then is.
pub(super) struct Plan {
    /// Behind which row each growing table is new.
    pub(super) after: [i64; GROWING.len()],
    pub(super) growing: [Extent; GROWING.len()],
    pub(super) small: [Extent; SMALL.len()],
    pub(super) grown: SetHash,
    pub(super) set: SetHash,
    /// The state without device slots, as the backup holds it.
    pub(super) state: State,
    /// Bytes of rows, roughly.
    pub(super) bytes: u64,
}

/// Calls `each` with the rows behind `after`, read as `SELECT n,<columns>`.
pub(super) fn rows(
    conn: &Connection,
    table: char,
    after: i64,
    mut each: impl FnMut(i64, &Row<'_>) -> Result<()>,
) -> Result<()> {
    let names = columns(table).join(",");
    let mut statement = conn.prepare(&format!("SELECT n,{names} FROM {table} WHERE n>?1 ORDER BY n"))?;
    let mut rows = statement.query([after])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, row)?;
    }
    Ok(())
}

/// The slot of a row, when it goes into a backup.
pub(super) fn travelling(row: &Row<'_>) -> Result<Option<Slot>> {
    let bytes = blob(row, 1).map_err(|_| Error::Damaged(Part::Slot))?;
    let slot = Slot::from_bytes(bytes).map_err(|_| Error::Damaged(Part::Slot))?;
    Ok(travels(&slot).then_some(slot))
}

impl Plan {
    /// Errors: [`BackupFault::OtherCopy`] when `base` holds what these tables do not, [`Error::Damaged`] when the tables
    /// are not what the state says.
    pub(super) fn make(
        conn: &Connection,
        hasher: &Rows,
        state: &State,
        base: Option<&Manifest>,
    ) -> Result<Self> {
        let mut plan = Self {
            after: base.map_or([0; GROWING.len()], |base| base.growing.map(|extent| extent.last)),
            growing: base.map_or_else(Default::default, |base| base.growing),
            small: Default::default(),
            grown: base.map_or(SetHash::EMPTY, |base| base.grown),
            set: SetHash::EMPTY,
            state: state.clone(),
            bytes: 0,
        };
        plan.growing(conn, hasher)?;
        plan.set = plan.grown;
        plan.small(conn, hasher)?;
        let hashed = plan.hashed();
        if plan.set != plan.state.set || hashed != plan.state.count {
            return Err(match base {
                Some(_) => BackupFault::OtherCopy.into(),
                None => Error::Damaged(Part::Set),
            });
        }
        if base.is_some_and(|base| base.sequence > plan.state.sequence) {
            return Err(BackupFault::OtherCopy.into());
        }
        Ok(plan)
    }

    /// Number of rows that the set-hash covers: all but bodies and the state.
    fn hashed(&self) -> u64 {
        let growing = GROWING.iter().zip(&self.growing).filter(|(table, _)| **table != 'b');
        let small = SMALL.iter().zip(&self.small).filter(|(table, _)| **table != 'z');
        growing.chain(small).map(|(_, extent)| extent.count).sum()
    }

    fn growing(&mut self, conn: &Connection, hasher: &Rows) -> Result<()> {
        for ((table, extent), after) in GROWING.iter().zip(&mut self.growing).zip(self.after) {
            if *table == 'b' {
                let (count, last, bytes): (i64, Option<i64>, Option<i64>) = conn.query_row(
                    "SELECT count(*),max(n),sum(length(b)) FROM b WHERE n>?1",
                    [after],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )?;
                extent.count += u64::try_from(count).unwrap_or(0);
                extent.last = last.unwrap_or(extent.last);
                self.bytes += u64::try_from(bytes.unwrap_or(0)).unwrap_or(0);
                continue;
            }
            let (grown, bytes) = (&mut self.grown, &mut self.bytes);
            rows(conn, *table, after, |n, row| {
                let hash = (|| -> Read<_> {
                    Ok(match table {
                        'h' => {
                            let (i, w, c) = (id(row, 1)?, id(row, 2)?, counter(row, 3)?);
                            hasher.record(n, &i, &w, c, blob(row, 4)?, blob(row, 5)?)?
                        }
                        'l' => {
                            let leaf = blob(row, 4)?.try_into().map_err(|_| Malformed)?;
                            hasher.log_entry(n, &id(row, 1)?, blob(row, 2)?, blob(row, 3)?, &leaf)?
                        }
                        _ => hasher.described(*table, n, &id(row, 1)?, blob(row, 2)?, blob(row, 3)?)?,
                    })
                })();
                grown.add(&hash.map_err(|_| Error::Damaged(Part::Rows(*table)))?);
                extent.count += 1;
                extent.last = n;
                *bytes += 512;
                Ok(())
            })?;
        }
        Ok(())
    }

    fn small(&mut self, conn: &Connection, hasher: &Rows) -> Result<()> {
        for (table, extent) in SMALL.iter().zip(&mut self.small) {
            let (set, state, bytes) = (&mut self.set, &mut self.state, &mut self.bytes);
            rows(conn, *table, i64::MIN, |n, row| {
                if *table == 's' && travelling(row)?.is_none() {
                    let slot = blob(row, 1).map_err(|_| Error::Damaged(Part::Slot))?;
                    state.remove(&hasher.slot(n, slot));
                    return Ok(());
                }
                let hash = (|| -> Read<_> {
                    Ok(match table {
                        's' => Some(hasher.slot(n, blob(row, 1)?)),
                        'v' => Some(hasher.vault_keys(n, blob(row, 1)?)?),
                        'w' => Some(hasher.writer(n, &id(row, 1)?, blob(row, 2)?)?),
                        'p' => Some(hasher.person(n, &id(row, 1)?, blob(row, 2)?, blob(row, 3)?)?),
                        'i' => {
                            *bytes += u64::try_from(blob(row, 2)?.len()).unwrap_or(0);
                            Some(hasher.item(n, &id(row, 1)?, blob(row, 2)?)?)
                        }
                        _ => None,
                    })
                })();
                if let Some(hash) = hash.map_err(|_| Error::Damaged(Part::Rows(*table)))? {
                    set.add(&hash);
                }
                extent.count += 1;
                extent.last = n;
                Ok(())
            })?;
        }
        Ok(())
    }
}
