//! Unlocking from the snapshot of the index, and writing it.
//!
//! Content of the file: `SHA-256 of the sealed state | length and time of the database's file | last row of h, d and f |
//! documents | attachments | index`. What was sealed for the state that is there is used as it is; what is older is
//! brought up to date from the rows that came after it, since rows of these tables are only ever added under one set of
//! keys. On any doubt everything is read from the database.

use std::fs;
use std::time::UNIX_EPOCH;

use kosha_crypto::digest::{Sha256, sha256};
use kosha_crypto::id::VaultId;
use kosha_crypto::{RootKey, VaultKeys};
use rusqlite::{Connection, OptionalExtension as _};
use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read, Reader};
use crate::error::Result;
use crate::folder::Folder;
use crate::index::Index;
use crate::snapshot::{Keeper, Kind};
use crate::state::State;
use crate::stored::Stored;
use crate::unlock::Loader;
use crate::vault::{Access, Vault};

/// So many new records, and an eighth of all, are worth a new snapshot before the lock.
const STALE: usize = 1000;

/// How the database's file looked when it was closed: length, time of the last change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    len: u64,
    seconds: u64,
    nanos: u32,
}

impl Stamp {
    /// Nothing while changes are still in the WAL.
    pub(crate) fn of(folder: &Folder) -> Option<Self> {
        if crate::schema::has_content(&folder.wal()) {
            return None;
        }
        let about = fs::metadata(folder.database()).ok()?;
        let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { len: about.len(), seconds: changed.as_secs(), nanos: changed.subsec_nanos() })
    }
}

/// Tables whose rows are only added, with their columns.
const GROWING: [(char, &str); 3] = [('h', "i,w,c,k,h"), ('d', "i,k,h"), ('f', "i,k,h")];

/// The last row of a table: its number, and a hash of its columns. Zeros for an empty table.
pub(crate) type Last = (i64, [u8; 32]);

fn hash_row(row: &rusqlite::Row<'_>, columns: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    for column in 1..=columns {
        match row.get_ref(column) {
            Ok(rusqlite::types::ValueRef::Blob(bytes)) => {
                hash.update(&u64::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
                hash.update(bytes);
            }
            Ok(rusqlite::types::ValueRef::Integer(number)) => hash.update(&number.to_le_bytes()),
            _ => {}
        }
    }
    hash.finish()
}

/// The last row, or the one of that number.
fn last_row(conn: &Connection, table: char, columns: &str, number: Option<i64>) -> rusqlite::Result<Last> {
    let count = columns.split(',').count();
    let which = if number.is_some() { "WHERE n=?1" } else { "WHERE n>?1 ORDER BY n DESC LIMIT 1" };
    let sql = format!("SELECT n,{columns} FROM {table} {which}");
    let found = conn
        .prepare_cached(&sql)?
        .query_row([number.unwrap_or(i64::MIN)], |row| Ok((row.get(0)?, hash_row(row, count))))
        .optional()?;
    Ok(found.unwrap_or((0, [0; 32])))
}

/// The last row of table h, or the one of that number.
pub(crate) fn last_record(conn: &Connection, number: Option<i64>) -> rusqlite::Result<Last> {
    let [(table, columns), ..] = GROWING;
    last_row(conn, table, columns, number)
}

/// The sealed state as it stands in the database, hashed.
fn state_hash(conn: &Connection) -> rusqlite::Result<[u8; 32]> {
    conn.query_row("SELECT b FROM z WHERE n=1", [], |row| Ok(sha256(&[row.get_ref(0)?.as_blob()?])))
}

struct Content {
    state: [u8; 32],
    stamp: Stamp,
    last: [Last; 3],
    stored: Stored,
    index: Index,
}

impl Content {
    fn head(state: [u8; 32], stamp: Stamp, last: &[Last; 3], stored: &Stored) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::new());
        out.extend_from_slice(&state);
        out.extend_from_slice(&stamp.len.to_le_bytes());
        out.extend_from_slice(&stamp.seconds.to_le_bytes());
        out.extend_from_slice(&stamp.nanos.to_le_bytes());
        for (number, hash) in last {
            out.extend_from_slice(&number.to_le_bytes());
            out.extend_from_slice(hash);
        }
        stored.encode(&mut out);
        out
    }

    fn read(bytes: Zeroizing<Vec<u8>>) -> Read<Self> {
        let mut reader = Reader::new(&bytes);
        let state = reader.array()?;
        let stamp = Stamp { len: reader.u64()?, seconds: reader.u64()?, nanos: reader.u32()? };
        let mut last = [(0, [0; 32]); 3];
        for row in &mut last {
            *row = (reader.i64()?, reader.array()?);
        }
        let stored = Stored::decode(&mut reader)?;
        let start = bytes.len().checked_sub(reader.remaining()).ok_or(Malformed)?;
        Ok(Self { state, stamp, last, stored, index: Index::read(bytes, start)? })
    }
}

/// Where an unlock stands.
pub(crate) struct Place<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) conn: &'a Connection,
    pub(crate) vault: VaultId,
    pub(crate) root: &'a RootKey,
    pub(crate) own: &'a VaultKeys,
}

impl<'a> Place<'a> {
    /// What the tables hold, from the snapshot; nothing on any doubt. With it whether the snapshot is up to date.
    pub(crate) fn resume(&self, state: &State) -> Option<(Loader<'a>, bool)> {
        let keeper = Keeper { folder: self.folder, keys: self.own.state(), vault: self.vault };
        let (sequence, bytes) = keeper.read(Kind::Index)?;
        let content = Content::read(bytes).ok()?;
        let current = sequence == state.sequence;
        let fits = if current {
            state_hash(self.conn).ok()? == content.state && Stamp::of(self.folder) == Some(content.stamp)
        } else {
            // The last row of each table is still the same: random ids make it certain that those before are, too,
            // unless someone put rows together by hand, and that the verification finds.
            sequence < state.sequence
                && GROWING.iter().zip(content.last).all(|((table, columns), last)| {
                    last == (0, [0; 32])
                        || last_row(self.conn, *table, columns, Some(last.0)).is_ok_and(|found| found == last)
                })
        };
        if !fits {
            return None;
        }
        let mut loader = Loader::new(self.conn, self.vault, self.root, self.own, 0);
        loader.go_on_from(content.index, content.stored);
        loader.tables_behind(content.last.map(|(number, _)| number)).ok()?;
        loader.is_clean().then_some((loader, current))
    }
}

impl Vault {
    pub(crate) fn keeper(&self) -> Keeper<'_> {
        Keeper { folder: &self.folder, keys: self.keys.own.state(), vault: self.keys.vault }
    }

    /// Writes the snapshot of the index unless the one that is there is of this state. Costs a checkpoint.
    pub(crate) fn keep_index(&mut self) -> Result<()> {
        let Some(state) = &self.state else { return Ok(()) };
        let sequence = state.sequence;
        let whole = self.problems().is_empty() && self.damaged.is_empty() && self.index.is_whole();
        if !whole || self.index.is_empty() {
            return Ok(());
        }
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let Some(stamp) = Stamp::of(&self.folder) else { return Ok(()) };
        if self.kept == Some((sequence, stamp)) {
            return Ok(());
        }
        let mut last = [(0, [0; 32]); 3];
        for (row, (table, columns)) in last.iter_mut().zip(GROWING) {
            *row = last_row(&self.conn, table, columns, None)?;
        }
        let head = Content::head(state_hash(&self.conn)?, stamp, &last, &self.stored);
        let entropy = std::sync::Arc::clone(&self.env.entropy);
        self.keeper().write(Kind::Index, sequence, entropy.as_ref(), |sink| {
            sink.put(&head)?;
            self.index.write(&mut |bytes| sink.put(bytes))
        })?;
        self.kept = Some((sequence, stamp));
        self.unkept = 0;
        Ok(())
    }

    /// After a commit of `records`: once many have come in since the last snapshot, it is written anew, best effort.
    pub(crate) fn keep_after(&mut self, records: usize, durable: bool) {
        self.unkept = self.unkept.saturating_add(records);
        if durable && self.unkept >= STALE.max(self.index.len() / 8) {
            let _ = self.keep_index();
            self.unkept = 0;
        }
    }

    /// Takes the snapshots away, because what they hold is to be forgotten or their keys are. Call it before the commit
    /// that does so.
    pub(crate) fn forget_snapshots(&mut self) -> Result<()> {
        self.kept = None;
        Keeper::remove(&self.folder)
    }

    /// At the lock: waits for the verdict about the rows and keeps what is in memory, best effort.
    #[inline(never)]
    fn close(&mut self) {
        if self.end_reading().is_ok() && self.access == Access::Write && !std::thread::panicking() {
            let _ = self.keep_index();
            let _ = self.keep_search();
        }
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use kosha_crypto::{KdfStrength, SystemEntropy};

    use super::*;
    use crate::header::HeaderDate;
    use crate::vault::{CreateOptions, Env, Unlock};
    use crate::{Durability, Entry, Error, Header, NewBody, Part, PersonId, RecordId};

    fn env() -> Env {
        Env { entropy: Arc::new(SystemEntropy) }
    }

    fn open(path: &Path) -> Vault {
        Vault::open(path, Unlock::Passphrase(b"passphrase"), env()).unwrap()
    }

    fn header(person: PersonId, number: u8) -> Header {
        let mut header = Header::new(person, 3);
        header.title = format!("title {number}");
        header.chips = vec!["chip".into()];
        header.parent = Some(RecordId::from_bytes([number; 16]));
        header.identity = [number / 2 + 1; 32];
        let start_ms = i64::from(number) * 7 % 5;
        header.date = (!number.is_multiple_of(4)).then(|| HeaderDate { start_ms, ..HeaderDate::default() });
        header
    }

    fn add(vault: &mut Vault, number: u8) -> RecordId {
        let person = vault.persons()[0].id;
        let mut tx = vault.begin(Durability::Full).unwrap();
        let body = NewBody { resource_skeleton: &[number; 9], holes: &[], text: "text" };
        let record = tx.add_record(header(person, number), &body).unwrap();
        tx.add_attachment_bytes(&[number; 5]).unwrap();
        tx.put_item(1, kosha_crypto::id::ItemId::from_bytes([number; 16]), b"item").unwrap();
        tx.commit().unwrap();
        record
    }

    fn update(vault: &mut Vault, record: RecordId) {
        let mut header = vault.header(record).unwrap();
        header.title.push('!');
        header.date = Some(HeaderDate { start_ms: 99, ..HeaderDate::default() });
        let mut tx = vault.begin(Durability::Full).unwrap();
        tx.update_record(record, header, &NewBody::default()).unwrap();
        tx.commit().unwrap();
    }

    /// A vault of twenty records, locked.
    fn filled(path: &Path) -> Vec<RecordId> {
        let options =
            CreateOptions { passphrase: Some(b"passphrase"), device: None, strength: KdfStrength::FLOOR };
        let mut vault = Vault::create(path, &options, env()).unwrap();
        let mut tx = vault.begin(Durability::Full).unwrap();
        tx.add_person(b"someone").unwrap();
        tx.commit().unwrap();
        let records = (0..20).map(|number| add(&mut vault, number)).collect();
        vault.forget_snapshots().unwrap();
        records
    }

    /// All that the index answers.
    fn told(vault: &Vault) -> Vec<String> {
        let one = |entry: Entry<'_>| {
            format!(
                "{} {:?} {} {} {:?} {:?} {:?} {:?} {} {:?} {:?}",
                entry.id(),
                entry.version(),
                entry.row(),
                entry.title(),
                entry.chips().collect::<Vec<_>>(),
                entry.parent(),
                entry.date().map(|date| date.start_ms),
                vault.index().with_identity(entry.identity()),
                entry.person(),
                vault.history(entry.id()).unwrap(),
                *vault.body(entry.id()).unwrap().resource,
            )
        };
        let mut told: Vec<String> = vault.index().iter().map(one).collect();
        told.extend(vault.items(1).unwrap().iter().map(|(item, _)| item.to_string()));
        told.extend(
            vault.stored.attachments().map(|a| a.id.to_string()).collect::<std::collections::BTreeSet<_>>(),
        );
        told
    }

    /// Opens once from the snapshot and once without it: both tell the same.
    fn same_either_way(path: &Path) {
        let vault = open(path);
        assert!(vault.verdict.resumed);
        assert_eq!(vault.problems(), []);
        let quick = told(&vault);
        drop(vault);
        fs::remove_file(path.join("index")).unwrap();
        let vault = open(path);
        assert!(!vault.verdict.resumed);
        assert_eq!(told(&vault), quick);
    }

    #[test]
    fn a_snapshot_gives_what_the_rows_give() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("vault");
        let records = filled(&path);
        same_either_way(&path);
        let mut vault = open(&path);
        update(&mut vault, records[3]);
        drop(vault);
        same_either_way(&path);
    }

    #[test]
    fn an_older_snapshot_is_brought_up_to_date() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("vault");
        let records = filled(&path);
        let older = fs::read(path.join("index")).unwrap();
        let mut vault = open(&path);
        update(&mut vault, records[3]);
        update(&mut vault, records[3]);
        add(&mut vault, 30);
        drop(vault);
        fs::write(path.join("index"), &older).unwrap();
        same_either_way(&path);
        // The database of before with a snapshot from later, and one from another branch, are of no use.
        let other = place.path().join("other");
        for file in ["", "files"] {
            fs::create_dir_all(other.join(file)).unwrap();
            for entry in fs::read_dir(path.join(file)).unwrap().flatten() {
                if entry.path().is_file() {
                    fs::copy(entry.path(), other.join(file).join(entry.file_name())).unwrap();
                }
            }
        }
        let mut vault = open(&path);
        add(&mut vault, 31);
        drop(vault);
        fs::copy(path.join("index"), other.join("index")).unwrap();
        let mut vault = open(&other);
        assert!(!vault.verdict.resumed, "from later");
        add(&mut vault, 32);
        add(&mut vault, 33);
        drop(vault);
        fs::copy(path.join("index"), other.join("index")).unwrap();
        let vault = open(&other);
        assert!(!vault.verdict.resumed, "from another branch");
        assert_eq!(vault.problems(), []);
    }

    /// Changes the database behind the vault's back, without a trace in the file's time and length.
    fn change_unseen(path: &Path, sql: &str) {
        let database = path.join("vault.db");
        let before = fs::metadata(&database).unwrap();
        let conn = Connection::open(&database).unwrap();
        conn.execute_batch(sql).unwrap();
        conn.close().unwrap();
        let file = fs::File::options().write(true).open(&database).unwrap();
        file.set_modified(before.modified().unwrap()).unwrap();
        assert_eq!(file.metadata().unwrap().len(), before.len());
    }

    #[test]
    fn damage_below_a_snapshot_is_found_in_the_background() {
        for (sql, expected) in [
            ("UPDATE h SET h=CAST(substr(h,1,59)||x'5a5a'||substr(h,62) AS BLOB) WHERE n=4", None),
            ("DELETE FROM h WHERE n=5", Some(Part::Set)),
            ("UPDATE i SET b=zeroblob(length(b)) WHERE n=2", None),
            ("DELETE FROM f WHERE n=5", Some(Part::Set)),
        ] {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("vault");
            let records = filled(&path);
            change_unseen(&path, sql);
            let mut vault = open(&path);
            let small = sql.starts_with("UPDATE i");
            assert_eq!(vault.verdict.resumed, !small, "{sql}");
            let wanted = expected.unwrap_or(Part::Record(records[3]));
            let found: Vec<Part> = vault.problems().iter().map(|problem| problem.place).collect();
            assert!(small || found == [wanted], "{sql}: {found:?}");
            assert!(!found.is_empty());
            if vault.verdict.resumed {
                assert_eq!(vault.index().len(), 20, "what is shown is what was sealed");
                assert!(matches!(vault.begin(Durability::Full), Err(Error::ReadOnly)));
                assert!(!path.join("index").exists());
            }
            drop(vault);
            let vault = open(&path);
            assert!(!vault.verdict.resumed && !vault.problems().is_empty(), "{sql}");
        }
    }

    #[test]
    fn a_file_that_was_touched_is_read_in_full() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("vault");
        filled(&path);
        let file = fs::File::options().write(true).open(path.join("vault.db")).unwrap();
        file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(3)).unwrap();
        drop(file);
        assert!(!open(&path).verdict.resumed);
        assert!(open(&path).verdict.resumed, "and kept anew");
    }

    #[test]
    fn where_no_snapshot_can_be_written_nothing_fails() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("vault");
        filled(&path);
        fs::remove_file(path.join("index")).unwrap();
        fs::create_dir(path.join("index.tmp")).unwrap();
        let mut vault = open(&path);
        add(&mut vault, 40);
        assert!(vault.keep_index().is_err());
        drop(vault);
        assert!(!path.join("index").exists());
        assert_eq!(open(&path).index().len(), 21);
    }
}
