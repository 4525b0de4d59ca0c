//! New keys for everything: the root key, the vault's own keys and each person's. What an older copy of the vault holds,
//! and whoever learnt an older key, opens nothing of today's.
//!
//! Record, document, attachment and log entry keys are wrapped anew, headers, profiles and items sealed anew; bodies, texts
//! and attachment files stay as they are. Every slot gets the new root key through its public half. All of it is one
//! transaction, and before its commit the whole vault is loaded with the new keys and compared.

use std::collections::HashMap;

use kosha_crypto::id::{AttachmentId, DocumentId, ItemId, PersonId, RecordId, Version, WriterId};
use kosha_crypto::{
    Entropy, Field, HeaderOpener, LogSigner, PersonKeys, Place, RootKey, RowHash, SetHash, Slot, VaultKeys,
};
use rusqlite::{Connection, Row, params};
use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read};
use crate::error::{Error, Part, Result};
use crate::keyring::{ITEM, Keyring, Member};
use crate::rows::{Rows, blob, counter, id};
use crate::slots::NewDeviceKey;
use crate::transaction::Durability;
use crate::vault::{Vault, slot_failed};

/// Rows that are in memory at once.
const BATCH: u32 = 256;
/// The same for items, which may be large.
const ITEM_BATCH: u32 = 16;

/// What giving the vault new keys did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// Slots of a keystore that were not replaced: theirs opens an older copy of the vault as before.
    pub other_devices: usize,
    /// Keystore keys that are to be destroyed ([`Vault::destroy_old_keys`]).
    pub old_keys: usize,
    /// The write-ahead log was emptied and files that nothing names were removed. Otherwise the next unlock does it.
    pub cleared: bool,
}

/// Rows as the set-hash sees them.
pub(crate) struct Tally {
    rows: Rows,
    pub(crate) set: SetHash,
    pub(crate) count: u64,
}

impl Tally {
    fn new(keys: &VaultKeys) -> Self {
        Self { rows: Rows(keys.state().row_hasher()), set: SetHash::EMPTY, count: 0 }
    }

    fn add(&mut self, hash: &RowHash) {
        self.set.add(hash);
        self.count += 1;
    }
}

/// Keys that take the place of others.
pub(crate) struct NewKeys {
    pub(crate) root: RootKey,
    pub(crate) own: VaultKeys,
}

impl NewKeys {
    pub(crate) fn generate(entropy: &dyn Entropy) -> Result<Self> {
        Ok(Self { root: RootKey::generate(entropy)?, own: VaultKeys::generate(entropy)? })
    }
}

/// Writes every row anew, table by table.
pub(crate) struct Rewriter<'a> {
    conn: &'a Connection,
    old: &'a Keyring,
    new: &'a NewKeys,
    entropy: &'a dyn Entropy,
    persons: HashMap<PersonId, PersonKeys>,
    opener: Option<(PersonId, HeaderOpener)>,
    buffer: Zeroizing<Vec<u8>>,
    /// What was read, to be compared with the state as it was.
    pub(crate) before: Tally,
    /// What was written.
    pub(crate) after: Tally,
}

type Described = ([u8; 16], Vec<u8>, Vec<u8>);

impl<'a> Rewriter<'a> {
    pub(crate) fn new(
        conn: &'a Connection,
        old: &'a Keyring,
        new: &'a NewKeys,
        entropy: &'a dyn Entropy,
    ) -> Self {
        Self {
            conn,
            old,
            new,
            entropy,
            persons: HashMap::new(),
            opener: None,
            buffer: Zeroizing::new(Vec::with_capacity(4096)),
            before: Tally::new(&old.own),
            after: Tally::new(&new.own),
        }
    }

    /// Every table.
    pub(crate) fn run(&mut self) -> Result<()> {
        self.slots()?;
        self.vault_keys()?;
        self.writers()?;
        self.persons()?;
        self.records()?;
        self.documents()?;
        self.attachments()?;
        self.items()?;
        self.log()
    }

    /// Reads a table in batches and hands each row to `each`, which may write it. A row that does not read is damage.
    fn table<T>(
        &mut self,
        letter: char,
        columns: &str,
        batch: u32,
        read: impl Fn(&Row<'_>) -> Read<T>,
        mut each: impl FnMut(&mut Self, i64, T) -> Result<()>,
    ) -> Result<()> {
        let conn = self.conn;
        let mut statement =
            conn.prepare(&format!("SELECT n,{columns} FROM {letter} WHERE n>?1 ORDER BY n LIMIT {batch}"))?;
        let mut after = i64::MIN;
        loop {
            let found = statement.query_map([after], |row| Ok((row.get::<_, i64>(0)?, read(row))))?;
            let found: Vec<(i64, Read<T>)> = found.collect::<rusqlite::Result<_>>()?;
            let Some((last, _)) = found.last() else { return Ok(()) };
            after = *last;
            for (n, row) in found {
                each(self, n, row.map_err(|_| Error::Damaged(Part::Rows(letter)))?)?;
            }
        }
    }

    fn slots(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE s SET b=?1 WHERE n=?2")?;
        self.table(
            's',
            "b",
            BATCH,
            |row| Ok(blob(row, 1)?.to_vec()),
            |this, n, bytes| {
                this.before.add(&this.before.rows.slot(n, &bytes));
                let mut slot = Slot::from_bytes(&bytes).map_err(slot_failed)?;
                slot.reseal(&this.new.root, this.entropy).map_err(slot_failed)?;
                let bytes = slot.to_bytes();
                write.execute(params![bytes, n])?;
                this.after.add(&this.after.rows.slot(n, &bytes));
                Ok(())
            },
        )
    }

    fn vault_keys(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE v SET b=?1 WHERE n=?2")?;
        self.table(
            'v',
            "b",
            BATCH,
            |row| Ok(blob(row, 1)?.to_vec()),
            |this, n, bytes| {
                let damaged = |_| Error::Damaged(Part::Keys);
                this.before.add(&this.before.rows.vault_keys(n, &bytes).map_err(damaged)?);
                let wrapped = this.new.own.wrap(&this.new.root, this.old.vault, this.entropy)?;
                write.execute(params![wrapped, n])?;
                this.after.add(&this.after.rows.vault_keys(n, &wrapped).map_err(damaged)?);
                Ok(())
            },
        )
    }

    fn writers(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE w SET b=?1 WHERE n=?2")?;
        let read = |row: &Row<'_>| Ok((id(row, 1)?, blob(row, 2)?.to_vec()));
        self.table('w', "i,b", BATCH, read, |this, n, (writer, bytes)| {
            let damaged = |_| Error::Damaged(Part::LogSigner);
            this.before.add(&this.before.rows.writer(n, &writer, &bytes).map_err(damaged)?);
            let (vault, id) = (this.old.vault, WriterId::from_bytes(writer));
            let signer = LogSigner::unwrap(this.old.own.epochs(), vault, id, &bytes)
                .map_err(|_| Error::Damaged(Part::LogSigner))?;
            let wrapped = signer.wrap(this.new.own.epochs(), vault, this.entropy)?;
            write.execute(params![wrapped, n])?;
            this.after.add(&this.after.rows.writer(n, &writer, &wrapped).map_err(damaged)?);
            Ok(())
        })
    }

    fn persons(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE p SET k=?1,h=?2 WHERE n=?3")?;
        self.table('p', "i,k,h", BATCH, described, |this, n, (i, k, h)| {
            let person = PersonId::from_bytes(i);
            let damaged = |_: Malformed| Error::Damaged(Part::Person(person));
            this.before.add(&this.before.rows.person(n, &i, &k, &h).map_err(damaged)?);
            let vault = this.old.vault;
            let old = Member::open(&this.old.root, vault, n, person, &k, &h).map_err(damaged)?;
            let keys = PersonKeys::generate(this.entropy)?;
            let new = Member { id: person, row: n, keys, profile: Zeroizing::default() };
            let k = new.keys.wrap(&this.new.root, vault, this.entropy)?;
            let h = new.seal_profile(vault, &old.profile, this.entropy)?;
            write.execute(params![k, h, n])?;
            this.after.add(&this.after.rows.person(n, &i, &k, &h).map_err(damaged)?);
            this.persons.insert(person, new.keys);
            Ok(())
        })
    }

    fn records(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE h SET k=?1,h=?2 WHERE n=?3")?;
        let read = |row: &Row<'_>| {
            let version = (id(row, 1)?, id(row, 2)?, counter(row, 3)?);
            Ok((version, blob(row, 4)?.to_vec(), blob(row, 5)?.to_vec()))
        };
        self.table('h', "i,w,c,k,h", BATCH, read, |this, n, ((i, w, c), k, h)| {
            let record = RecordId::from_bytes(i);
            let damaged = |_: Malformed| Error::Damaged(Part::Record(record));
            this.before.add(&this.before.rows.record(n, &i, &w, c, &k, &h).map_err(damaged)?);
            let version = Version { writer: WriterId::from_bytes(w), counter: c };
            let (k, h) = this.record(record, version, &k, &h)?;
            write.execute(params![k, h, n])?;
            this.after.add(&this.after.rows.record(n, &i, &w, c, &k, &h).map_err(damaged)?);
            Ok(())
        })
    }

    /// Wrapped key and header of one version under the new keys of its person.
    fn record(
        &mut self,
        record: RecordId,
        version: Version,
        k: &[u8],
        h: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>)> {
        let damaged = || Error::Damaged(Part::Record(record));
        let place = Place::record(self.old.vault, record, version);
        let member = self.old.members.of_header(h).map_err(|_| damaged())?;
        // Neighbours are mostly of one person.
        if self.opener.as_ref().is_none_or(|(person, _)| *person != member.id) {
            self.opener = Some((member.id, member.keys.header().opener()?));
        }
        let (_, opener) = self.opener.as_ref().ok_or_else(damaged)?;
        let new = self.persons.get(&member.id).ok_or_else(damaged)?;
        let plain = opener.open_into(&place, h, &mut self.buffer).map_err(|_| damaged())?;
        let header = new.header().seal(&place, plain, self.entropy)?;
        let key =
            new.epochs().rewrap(member.keys.epochs(), &place, k, self.entropy).map_err(|_| damaged())?;
        Ok((key.to_vec(), header))
    }

    fn documents(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE d SET k=?1 WHERE n=?2")?;
        self.table('d', "i,k,h", BATCH, described, |this, n, (i, k, h)| {
            let document = DocumentId::from_bytes(i);
            let damaged = |_: Malformed| Error::Damaged(Part::Document(document));
            this.before.add(&this.before.rows.described('d', n, &i, &k, &h).map_err(damaged)?);
            let place = Place::document(this.old.vault, document);
            let k = this.rewrap(&place, &k, Part::Document(document))?;
            write.execute(params![k, n])?;
            this.after.add(&this.after.rows.described('d', n, &i, &k, &h).map_err(damaged)?);
            Ok(())
        })
    }

    fn attachments(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE f SET k=?1,h=?2 WHERE n=?3")?;
        self.table('f', "i,k,h", BATCH, described, |this, n, (i, k, h)| {
            let attachment = AttachmentId::from_bytes(i);
            let part = Part::Attachment(attachment);
            let damaged = |_: Malformed| Error::Damaged(part);
            this.before.add(&this.before.rows.described('f', n, &i, &k, &h).map_err(damaged)?);
            let place = Place::attachment(this.old.vault, attachment);
            let k = this.rewrap(&place, &k, part)?;
            let h = this.reseal(&place, Field::Header, &h, part)?;
            write.execute(params![k, h, n])?;
            this.after.add(&this.after.rows.described('f', n, &i, &k, &h).map_err(damaged)?);
            Ok(())
        })
    }

    fn items(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE i SET b=?1 WHERE n=?2")?;
        let read = |row: &Row<'_>| Ok((id(row, 1)?, blob(row, 2)?.to_vec()));
        self.table('i', "i,b", ITEM_BATCH, read, |this, n, (i, b)| {
            let item = ItemId::from_bytes(i);
            let damaged = |_: Malformed| Error::Damaged(Part::Item(item));
            this.before.add(&this.before.rows.item(n, &i, &b).map_err(damaged)?);
            let place = Place::item(this.old.vault, ITEM, item);
            let b = this.reseal(&place, Field::Body, &b, Part::Item(item))?;
            write.execute(params![b, n])?;
            this.after.add(&this.after.rows.item(n, &i, &b).map_err(damaged)?);
            Ok(())
        })
    }

    fn log(&mut self) -> Result<()> {
        let mut write = self.conn.prepare("UPDATE l SET k=?1 WHERE n=?2")?;
        let read = |row: &Row<'_>| {
            let leaf: [u8; 32] = blob(row, 4)?.try_into().map_err(|_| Malformed)?;
            Ok((id(row, 1)?, blob(row, 2)?.to_vec(), blob(row, 3)?.to_vec(), leaf))
        };
        self.table('l', "w,k,b,h", BATCH, read, |this, n, (w, k, b, leaf)| {
            let index = n.checked_sub(1).and_then(|index| u64::try_from(index).ok()).unwrap_or(u64::MAX);
            let part = Part::LogEntry(index);
            let damaged = |_: Malformed| Error::Damaged(part);
            this.before.add(&this.before.rows.log_entry(n, &w, &k, &b, &leaf).map_err(damaged)?);
            let place = Place::log_entry(this.old.vault, WriterId::from_bytes(w), index);
            let k = this.rewrap(&place, &k, part)?;
            write.execute(params![k, n])?;
            this.after.add(&this.after.rows.log_entry(n, &w, &k, &b, &leaf).map_err(damaged)?);
            Ok(())
        })
    }

    /// A key that the vault's own epochs wrap.
    fn rewrap(&self, place: &Place, wrapped: &[u8], part: Part) -> Result<Vec<u8>> {
        let (old, new) = (self.old.own.epochs(), self.new.own.epochs());
        // Randomness that fails is told apart from damage.
        old.unwrap_record(place, wrapped).map_err(|_| Error::Damaged(part))?;
        Ok(new.rewrap(old, place, wrapped, self.entropy)?.to_vec())
    }

    /// What the item key seals.
    fn reseal(&mut self, place: &Place, field: Field, sealed: &[u8], part: Part) -> Result<Vec<u8>> {
        let mut buffer = Zeroizing::new(Vec::new());
        let plain = self.old.own.items().open_into(place, field, sealed, &mut buffer);
        let plain = plain.map_err(|_| Error::Damaged(part))?;
        Ok(self.new.own.items().seal(place, field, plain, self.entropy)?)
    }
}

/// Columns i, k, h.
fn described(row: &Row<'_>) -> Read<Described> {
    Ok((id(row, 1)?, blob(row, 2)?.to_vec(), blob(row, 3)?.to_vec()))
}

impl Vault {
    /// Gives the vault new keys. With `device`, made by [`Vault::new_device_key`], this device's slot gets a new keystore
    /// key in the same transaction; call [`Vault::destroy_old_keys`] afterwards. `reached` hears of each step; wherever the
    /// process ends, the vault opens with the ways that it had before or has after.
    ///
    /// [`Error::Damaged`] where a row does not open or the set of rows is not what it was: then nothing is changed, since
    /// new keys would make good what somebody else wrote.
    pub fn rotate(
        &mut self,
        device: Option<&NewDeviceKey>,
        reached: &dyn Fn(&'static str),
    ) -> Result<Rotation> {
        self.begin(Durability::Full)?.commit_with_new_keys(device, reached)
    }

    /// Moves everything from the write-ahead log into the database and empties the log.
    pub(crate) fn truncate_log(&self) -> Result<()> {
        let busy: i64 = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(Error::InUse) }
    }
}
