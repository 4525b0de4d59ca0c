//! Writing: everything between [`Vault::begin`] and [`Transaction::commit`] is stored together or not at all.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::Read as Source;

use kosha_crypto::id::{AttachmentId, DocumentId, ItemId, PersonId, RecordId, Version};
use kosha_crypto::log::leaf_salt;
use kosha_crypto::merkle::leaf_hash;
use kosha_crypto::{AttachmentKey, Entropy, Field, PersonKeys, Place, RecordKey};
use rusqlite::params;
use zeroize::Zeroizing;

use crate::attachment::{self, Attachment, AttachmentRef};
use crate::body::{self, NewBody};
use crate::bytes::Malformed;
use crate::document::{self, Carrier, DocumentInfo, NewDocument};
use crate::error::{Error, Part, Result};
use crate::header::{Header, View};
use crate::index::Known;
use crate::keyring::{ITEM, Member, Person};
use crate::log;
use crate::rows::{Rows, blob};
use crate::spread::Spread;
use crate::state::State;
use crate::stored::{Document, Stored};
use crate::vault::Vault;

/// Largest item, and largest profile, in bytes.
const MAX_ITEM: usize = 16 * 1024 * 1024;

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A power cut: the commit is on the disk when [`Transaction::commit`] returns, and all earlier ones with it.
    Full,
    /// The end of the process; a power cut may take the last ones, never a part of one. For bulk work, closed by one
    /// commit with [`Durability::Full`].
    Normal,
}

/// What made a transaction fail.
#[derive(Clone, Copy)]
enum Failure {
    Full,
    Other,
}

/// A record version that was added and not yet committed.
struct Pending {
    record: RecordId,
    version: Version,
    row: i64,
    identity: [u8; 32],
    content: [u8; 32],
    /// Encoded; opened again only where it is asked for.
    header: Zeroizing<Vec<u8>>,
    text: Option<Zeroizing<String>>,
}

/// Changes that become the vault's at [`Transaction::commit`]; dropping it takes all of them back, files included.
///
/// After an error of the disk or the database the transaction is lost: each further step and the commit fail too.
pub struct Transaction<'v> {
    vault: &'v mut Vault,
    rows: Rows,
    /// Working memory of [`Transaction::add_record`], used again for the next record.
    container: Zeroizing<Vec<u8>>,
    packed: Zeroizing<Vec<u8>>,
    state: State,
    durability: Durability,
    records: Vec<Pending>,
    by_record: HashMap<RecordId, usize, Spread>,
    by_identity: HashMap<[u8; 32], Vec<usize>, Spread>,
    added: Stored,
    items: HashMap<(u16, ItemId), Option<i64>>,
    members: usize,
    profiles: Vec<(PersonId, Zeroizing<Vec<u8>>)>,
    /// Attachment files made so far, under their temporary names.
    files: Vec<[u8; 16]>,
    settled: bool,
    failure: Option<Failure>,
    changed: bool,
    done: bool,
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("records", &self.records.len()).finish_non_exhaustive()
    }
}

fn damaged(part: Part) -> impl Fn(Malformed) -> Error {
    move |_| Error::Damaged(part)
}

impl Vault {
    /// Starts a transaction. [`Error::ReadOnly`] when the state is damaged.
    pub fn begin(&mut self, durability: Durability) -> Result<Transaction<'_>> {
        let state = self.state.clone().ok_or(Error::ReadOnly)?;
        if self.synchronous != durability {
            self.conn.execute_batch(match durability {
                Durability::Full => "PRAGMA synchronous=FULL",
                Durability::Normal => "PRAGMA synchronous=NORMAL",
            })?;
            self.synchronous = durability;
        }
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Transaction {
            rows: Rows(self.keys.own.state().row_hasher()),
            container: Zeroizing::default(),
            packed: Zeroizing::default(),
            state,
            durability,
            records: Vec::new(),
            by_record: HashMap::default(),
            by_identity: HashMap::default(),
            added: Stored::default(),
            items: HashMap::new(),
            members: 0,
            profiles: Vec::new(),
            files: Vec::new(),
            settled: false,
            failure: None,
            changed: false,
            done: false,
            vault: self,
        })
    }
}

impl Transaction<'_> {
    /// Runs one step. An error that may have left half of it behind makes the whole transaction fail.
    fn step<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        match self.failure {
            Some(Failure::Full) => return Err(Error::DiskFull),
            Some(Failure::Other) => return Err(Error::Aborted),
            None => {}
        }
        let result = run(self);
        match &result {
            Ok(_) => self.changed = true,
            Err(Error::DiskFull) => self.failure = Some(Failure::Full),
            Err(Error::Io(_) | Error::Database(_) | Error::Damaged(_) | Error::Crypto(_)) => {
                self.failure = Some(Failure::Other);
            }
            Err(_) => {}
        }
        result
    }

    /// The vault as it was before this transaction.
    pub fn vault(&self) -> &Vault {
        self.vault
    }

    fn entropy(&self) -> std::sync::Arc<dyn Entropy> {
        std::sync::Arc::clone(&self.vault.env.entropy)
    }

    fn inserted(&self) -> i64 {
        self.vault.conn.last_insert_rowid()
    }

    /// A new record id, for a record that others name before it is added.
    pub fn new_record_id(&self) -> Result<RecordId> {
        Ok(RecordId::random(self.entropy().as_ref())?)
    }

    /// A new document id, for records that name their document before it is added.
    pub fn new_document_id(&self) -> Result<DocumentId> {
        Ok(DocumentId::random(self.entropy().as_ref())?)
    }

    /// A new item id.
    pub fn new_item_id(&self) -> Result<ItemId> {
        Ok(ItemId::random(self.entropy().as_ref())?)
    }

    /// Adds a person with keys of their own. `profile` is the caller's.
    pub fn add_person(&mut self, profile: &[u8]) -> Result<PersonId> {
        if profile.len() > MAX_ITEM {
            return Err(Error::TooLarge("a profile holds at most 16 MiB"));
        }
        self.step(|tx| {
            let entropy = tx.entropy();
            let entropy = entropy.as_ref();
            let id = PersonId::random(entropy)?;
            let keys = PersonKeys::generate(entropy)?;
            let wrapped = keys.wrap(&tx.vault.keys.root, tx.vault.keys.vault, entropy)?;
            let mut member = Member { id, row: 0, keys, profile: Zeroizing::new(profile.to_vec()) };
            let sealed = member.seal_profile(tx.vault.keys.vault, profile, entropy)?;
            tx.vault.conn.prepare_cached("INSERT INTO p(i,k,h) VALUES(?1,?2,?3)")?.execute(params![
                id.as_bytes(),
                wrapped,
                sealed
            ])?;
            member.row = tx.inserted();
            let row = tx.rows.person(member.row, id.as_bytes(), &wrapped, &sealed);
            tx.state.add(&row.map_err(damaged(Part::Person(id)))?);
            // Known at once, since records of this transaction are sealed with these keys; taken back on rollback.
            tx.vault.keys.members.push(member);
            tx.members += 1;
            Ok(id)
        })
    }

    /// Replaces the profile of a person.
    pub fn set_person(&mut self, person: PersonId, profile: &[u8]) -> Result<()> {
        if profile.len() > MAX_ITEM {
            return Err(Error::TooLarge("a profile holds at most 16 MiB"));
        }
        let row = self.vault.keys.members.get(person)?.row;
        self.step(|tx| {
            let part = Part::Person(person);
            let old = tx.vault.one("SELECT k,h FROM p WHERE n=?1", row, part, |found| {
                Ok((blob(found, 0)?.to_vec(), blob(found, 1)?.to_vec()))
            })?;
            let (wrapped, old) = old;
            let entropy = tx.entropy();
            let member = tx.vault.keys.members.get(person)?;
            let sealed = member.seal_profile(tx.vault.keys.vault, profile, entropy.as_ref())?;
            let hash = |h: &[u8]| tx.rows.person(row, person.as_bytes(), &wrapped, h).map_err(damaged(part));
            let (before, now) = (hash(&old)?, hash(&sealed)?);
            tx.vault.conn.execute("UPDATE p SET h=?1 WHERE n=?2", params![sealed, row])?;
            tx.state.remove(&before);
            tx.state.add(&now);
            tx.profiles.push((person, Zeroizing::new(profile.to_vec())));
            Ok(())
        })
    }

    /// Everyone, with the changes of this transaction.
    pub fn persons(&self) -> Vec<Person> {
        let mut persons = self.vault.persons();
        for (changed, profile) in &self.profiles {
            if let Some(person) = persons.iter_mut().find(|person| person.id == *changed) {
                person.profile = profile.to_vec();
            }
        }
        persons
    }

    /// Stores the content that `source` gives, once for each distinct content of the vault.
    pub fn add_attachment(&mut self, source: &mut dyn Source) -> Result<AttachmentRef> {
        self.step(|tx| {
            let entropy = tx.entropy();
            let entropy = entropy.as_ref();
            let mut name = [0; 16];
            entropy.fill(&mut name)?;
            let id = AttachmentId::random(entropy)?;
            let key = AttachmentKey::generate(entropy)?;
            let place = Place::attachment(tx.vault.keys.vault, id);
            tx.files.push(name);
            let (len, hash) = attachment::store(&tx.vault.folder, &name, &key, &place, entropy, source)?;
            if let Some(known) = tx.attachment_by_hash(&hash) {
                fs::remove_file(tx.vault.folder.temporary(&name))?;
                tx.files.pop();
                return Ok(known);
            }
            let wrapped = tx.vault.keys.own.epochs().wrap_attachment(&place, &key, entropy)?;
            let mut stored = Attachment { id, row: 0, name, hash, len };
            let sealed = tx.vault.keys.own.items().seal(&place, Field::Header, &stored.encode(), entropy)?;
            tx.vault.conn.prepare_cached("INSERT INTO f(i,k,h) VALUES(?1,?2,?3)")?.execute(params![
                id.as_bytes(),
                wrapped,
                sealed
            ])?;
            stored.row = tx.inserted();
            let row = tx.rows.described('f', stored.row, id.as_bytes(), &wrapped, &sealed);
            tx.state.add(&row.map_err(damaged(Part::Attachment(id)))?);
            let reference = stored.reference();
            tx.added.add_attachment(stored);
            Ok(reference)
        })
    }

    /// [`Transaction::add_attachment`] for content in memory; content that is known is not written at all.
    pub fn add_attachment_bytes(&mut self, mut content: &[u8]) -> Result<AttachmentRef> {
        match self.attachment_by_hash(&kosha_crypto::digest::sha256(&[content])) {
            Some(known) => Ok(known),
            None => self.add_attachment(&mut content),
        }
    }

    /// The attachment with this content, this transaction's included.
    pub fn attachment_by_hash(&self, hash: &[u8; 32]) -> Option<AttachmentRef> {
        let found =
            self.added.attachment_by_hash(hash).or_else(|| self.vault.stored.attachment_by_hash(hash));
        found.map(Attachment::reference)
    }

    fn knows_attachment(&self, id: AttachmentId) -> Result<()> {
        let known = self.added.attachment(id).or_else(|| self.vault.stored.attachment(id));
        known.map(|_| ()).ok_or(Error::UnknownAttachment(id))
    }

    /// Adds a record under a new id.
    pub fn add_record(&mut self, header: Header, body: &NewBody<'_>) -> Result<RecordId> {
        let record = self.new_record_id()?;
        self.add_record_as(record, header, body)?;
        Ok(record)
    }

    /// Adds a record under an id of [`Transaction::new_record_id`]; its first version.
    pub fn add_record_as(&mut self, record: RecordId, header: Header, body: &NewBody<'_>) -> Result<Version> {
        let taken = self.by_record.contains_key(&record)
            || self.vault.index.get(record).is_some()
            || self.vault.damaged.contains_key(&record);
        if taken {
            return Err(Error::Invalid("there is already a record of this id"));
        }
        self.put_record(record, 1, header, body)
    }

    /// Adds a version to a record; the version before stays as history. The identity stays the record's own.
    pub fn update_record(&mut self, record: RecordId, header: Header, body: &NewBody<'_>) -> Result<Version> {
        let pending = self.by_record.get(&record).and_then(|at| self.records.get(*at));
        let (version, identity) = match (pending, self.vault.index.get(record)) {
            (Some(pending), _) => (pending.version, pending.identity),
            (None, Some(entry)) => (entry.version(), *entry.identity()),
            (None, None) if self.vault.damaged.contains_key(&record) => {
                return Err(Error::Damaged(Part::Record(record)));
            }
            (None, None) => return Err(Error::UnknownRecord(record)),
        };
        if identity != header.identity {
            return Err(Error::Invalid("the identity of a record never changes"));
        }
        let highest =
            self.vault.damaged.get(&record).into_iter().flatten().map(|(version, _)| version.counter).max();
        let counter = highest.unwrap_or(0).max(version.counter).saturating_add(1);
        self.put_record(record, counter, header, body)
    }

    fn put_record(
        &mut self,
        record: RecordId,
        counter: u64,
        header: Header,
        body: &NewBody<'_>,
    ) -> Result<Version> {
        self.vault.keys.members.get(header.person)?;
        for hole in body.holes {
            self.knows_attachment(hole.attachment)?;
        }
        let encoded =
            header.encode().map(Zeroizing::new).ok_or(Error::TooLarge("a header holds at most 256 KiB"))?;
        body::encode(body, &mut self.container)?;
        self.step(|tx| {
            let part = Part::Record(record);
            tx.vault.packer.pack(&tx.container, &mut tx.packed)?;
            let version = Version { writer: tx.vault.keys.writer, counter };
            let place = Place::record(tx.vault.keys.vault, record, version);
            let entropy = tx.entropy();
            let member = tx.vault.keys.members.get(header.person)?;
            let sealed = member.keys.seal_record(&place, &encoded, &tx.packed, None, entropy.as_ref())?;
            let stored = i64::try_from(counter).map_err(|_| Error::Damaged(part))?;
            let conn = &tx.vault.conn;
            conn.prepare_cached("INSERT INTO h(i,w,c,k,h) VALUES(?1,?2,?3,?4,?5)")?.execute(params![
                record.as_bytes(),
                version.writer.as_bytes(),
                stored,
                sealed.key,
                sealed.header
            ])?;
            let row = tx.inserted();
            conn.prepare_cached("INSERT INTO b(n,b) VALUES(?1,?2)")?.execute(params![row, sealed.body])?;
            let (i, w) = (record.as_bytes(), version.writer.as_bytes());
            let hash = tx.rows.record(row, i, w, counter, &sealed.key, &sealed.header);
            tx.state.add(&hash.map_err(damaged(part))?);
            let text = tx.vault.search.borrow().is_some().then(|| Zeroizing::new(body.text.to_owned()));
            let at = tx.records.len();
            if header.identity != [0; 32] {
                tx.by_identity.entry(header.identity).or_default().push(at);
            }
            tx.by_record.insert(record, at);
            let (identity, content) = (header.identity, header.content);
            tx.records.push(Pending { record, version, row, identity, content, header: encoded, text });
            Ok(version)
        })
    }

    /// The header of a record, this transaction's version if there is one.
    pub fn header(&self, record: RecordId) -> Result<Header> {
        match self.by_record.get(&record).and_then(|at| self.records.get(*at)) {
            Some(pending) => Header::read(&pending.header).map_err(damaged(Part::Record(record))),
            None => self.vault.header(record),
        }
    }

    /// Every version of every record of this identity, this transaction's included, newest first.
    pub fn with_identity(&self, identity: &[u8; 32]) -> Vec<Known> {
        let pending = self.by_identity.get(identity).into_iter().flatten().rev();
        let mut found: Vec<Known> = pending
            .filter_map(|at| Some((*at, self.records.get(*at)?)))
            .map(|(at, pending)| Known {
                record: pending.record,
                version: pending.version,
                content: pending.content,
                current: self.by_record.get(&pending.record) == Some(&at),
            })
            .collect();
        found.extend(self.vault.index.with_identity(identity).into_iter().map(|known| Known {
            current: known.current && !self.by_record.contains_key(&known.record),
            ..known
        }));
        found
    }

    /// Adds a document under a new id.
    pub fn add_document(&mut self, document: &NewDocument<'_>) -> Result<DocumentId> {
        let id = self.new_document_id()?;
        self.add_document_as(id, document)?;
        Ok(id)
    }

    /// Adds a document under an id of [`Transaction::new_document_id`]. Its records have to be there.
    pub fn add_document_as(&mut self, id: DocumentId, document: &NewDocument<'_>) -> Result<()> {
        if self.added.document(id).or_else(|| self.vault.stored.document(id)).is_some() {
            return Err(Error::Invalid("there is already a document of this id"));
        }
        let skeleton = match document.carrier {
            Carrier::Original(attachment) => {
                self.knows_attachment(attachment)?;
                None
            }
            Carrier::Skeleton { bytes, holes } => {
                for hole in holes {
                    self.knows_version(hole.record, hole.version)?;
                }
                Some(document::encode_skeleton(bytes, holes)?)
            }
        };
        let info = document::encode_info(document)?;
        self.step(|tx| {
            let entropy = tx.entropy();
            let entropy = entropy.as_ref();
            let place = Place::document(tx.vault.keys.vault, id);
            let key = RecordKey::generate(entropy)?;
            let wrapped = tx.vault.keys.own.epochs().wrap_record(&place, &key, entropy)?;
            let header = key.seal(&place, Field::Header, &info, entropy)?;
            let body = match skeleton {
                Some(raw) => {
                    tx.vault.packer.pack(&raw, &mut tx.packed)?;
                    key.seal(&place, Field::Body, &tx.packed, entropy)?
                }
                None => Vec::new(),
            };
            tx.vault.conn.prepare_cached("INSERT INTO d(i,k,h,b) VALUES(?1,?2,?3,?4)")?.execute(params![
                id.as_bytes(),
                wrapped,
                header,
                body
            ])?;
            let row = tx.inserted();
            let hash = tx.rows.described('d', row, id.as_bytes(), &wrapped, &header);
            tx.state.add(&hash.map_err(damaged(Part::Document(id)))?);
            let original = match document.carrier {
                Carrier::Original(attachment) => Some(attachment),
                Carrier::Skeleton { .. } => None,
            };
            let name = document.name.to_owned();
            let (received_ms, hash, len) = (document.received_ms, document.hash, document.len);
            tx.added.add_document(Document {
                row,
                info: DocumentInfo { id, name, received_ms, hash, len, original },
            });
            Ok(())
        })
    }

    fn knows_version(&self, record: RecordId, version: Version) -> Result<()> {
        let pending =
            self.records.iter().any(|pending| pending.record == record && pending.version == version);
        if pending { Ok(()) } else { self.vault.row_of(record, version).map(|_| ()) }
    }

    /// The document whose file had this SHA-256, this transaction's included.
    pub fn document_by_hash(&self, hash: &[u8; 32]) -> Option<DocumentId> {
        self.added.document_by_hash(hash).or_else(|| self.vault.document_by_hash(hash))
    }

    fn item_row(&self, kind: u16, item: ItemId) -> Option<i64> {
        match self.items.get(&(kind, item)) {
            Some(row) => *row,
            None => self.vault.stored.item(kind, item),
        }
    }

    /// Adds an item or replaces the one of the same kind and id.
    pub fn put_item(&mut self, kind: u16, item: ItemId, bytes: &[u8]) -> Result<()> {
        if bytes.len() > MAX_ITEM {
            return Err(Error::TooLarge("an item holds at most 16 MiB"));
        }
        self.step(|tx| {
            let part = Part::Item(item);
            let mut plain = Zeroizing::new(Vec::with_capacity(2 + bytes.len()));
            plain.extend_from_slice(&kind.to_le_bytes());
            plain.extend_from_slice(bytes);
            let place = Place::item(tx.vault.keys.vault, ITEM, item);
            let sealed =
                tx.vault.keys.own.items().seal(&place, Field::Body, &plain, tx.entropy().as_ref())?;
            let row = if let Some(row) = tx.item_row(kind, item) {
                tx.forget_item(item, row)?;
                tx.vault
                    .conn
                    .prepare_cached("UPDATE i SET b=?1 WHERE n=?2")?
                    .execute(params![sealed, row])?;
                row
            } else {
                tx.vault
                    .conn
                    .prepare_cached("INSERT INTO i(i,b) VALUES(?1,?2)")?
                    .execute(params![item.as_bytes(), sealed])?;
                tx.inserted()
            };
            tx.state.add(&tx.rows.item(row, item.as_bytes(), &sealed).map_err(damaged(part))?);
            tx.items.insert((kind, item), Some(row));
            Ok(())
        })
    }

    /// Takes an item's row out of the set-hash.
    fn forget_item(&mut self, item: ItemId, row: i64) -> Result<()> {
        let part = Part::Item(item);
        let old = self.vault.one("SELECT b FROM i WHERE n=?1", row, part, |found| {
            self.rows.item(row, item.as_bytes(), blob(found, 0)?)
        })?;
        self.state.remove(&old);
        Ok(())
    }

    /// Removes an item; [`Error::UnknownItem`] if there is none.
    pub fn remove_item(&mut self, kind: u16, item: ItemId) -> Result<()> {
        let row = self.item_row(kind, item).ok_or(Error::UnknownItem(item))?;
        self.step(|tx| {
            tx.forget_item(item, row)?;
            tx.vault.conn.execute("DELETE FROM i WHERE n=?1", [row])?;
            tx.items.insert((kind, item), None);
            Ok(())
        })
    }

    /// One item, as this transaction sees it.
    pub fn item(&self, kind: u16, item: ItemId) -> Result<Zeroizing<Vec<u8>>> {
        let row = self.item_row(kind, item).ok_or(Error::UnknownItem(item))?;
        self.vault.item_in(kind, item, row)
    }

    /// Adds an entry to the log; its number.
    pub fn log(&mut self, time_ms: i64, event: &str, detail: &str) -> Result<u64> {
        let writer = self.vault.keys.writer;
        let entry = log::canonical(writer, time_ms, event, detail)?;
        self.step(|tx| {
            let entropy = tx.entropy();
            let entropy = entropy.as_ref();
            let index = tx.state.log.size();
            let part = Part::LogEntry(index);
            let salt = leaf_salt(entropy)?;
            let leaf = leaf_hash(&salt, &entry);
            let place = Place::log_entry(tx.vault.keys.vault, writer, index);
            let key = RecordKey::generate(entropy)?;
            let wrapped = tx.vault.keys.own.epochs().wrap_record(&place, &key, entropy)?;
            let mut plain = Zeroizing::new(Vec::with_capacity(32 + entry.len()));
            plain.extend_from_slice(salt.as_slice());
            plain.extend_from_slice(&entry);
            let sealed = key.seal(&place, Field::Body, &plain, entropy)?;
            let n = i64::try_from(index).ok().and_then(|n| n.checked_add(1)).ok_or(Error::Damaged(part))?;
            tx.vault
                .conn
                .prepare_cached("INSERT INTO l(n,w,k,b,h) VALUES(?1,?2,?3,?4,?5)")?
                .execute(params![n, writer.as_bytes(), wrapped, sealed, leaf])?;
            let row = tx.rows.log_entry(n, writer.as_bytes(), &wrapped, &sealed, &leaf);
            tx.state.add(&row.map_err(damaged(part))?);
            tx.state.log.push(leaf);
            Ok(index)
        })
    }

    /// Makes everything durable and then visible. On an error nothing of the transaction is stored.
    pub fn commit(mut self) -> Result<()> {
        if !self.changed && self.failure.is_none() {
            return Ok(());
        }
        self.step(|tx| {
            tx.settle_files()?;
            tx.write_state()?;
            tx.vault.conn.prepare_cached("COMMIT")?.execute([])?;
            Ok(())
        })?;
        self.done = true;
        self.publish();
        Ok(())
    }

    /// Attachment files get their names and are on the disk before any row names them.
    fn settle_files(&mut self) -> Result<()> {
        if self.files.is_empty() {
            return Ok(());
        }
        self.settled = true;
        for name in &self.files {
            attachment::settle(&self.vault.folder, name)?;
        }
        self.vault.folder.sync_files()
    }

    fn write_state(&mut self) -> Result<()> {
        self.state.sequence = self.state.sequence.checked_add(1).ok_or(Error::Damaged(Part::State))?;
        let grown = self.vault.state.as_ref().is_none_or(|state| state.log != self.state.log);
        let keys = &self.vault.keys;
        if let Some(signer) = keys.signer.as_ref().filter(|_| grown && self.durability == Durability::Full) {
            self.state.note = signer.checkpoint(self.state.log.size(), &self.state.log.root())?;
        }
        let sequence = self.state.sequence;
        let plain = Zeroizing::new(self.state.encode());
        let sealed = keys.own.state().seal(keys.vault, sequence, &plain, self.vault.env.entropy.as_ref())?;
        let sequence = i64::try_from(sequence).map_err(|_| Error::Damaged(Part::State))?;
        self.vault
            .conn
            .prepare_cached("UPDATE z SET c=?1,b=?2 WHERE n=1")?
            .execute(params![sequence, sealed])?;
        Ok(())
    }

    /// After the commit: what is in memory follows.
    fn publish(&mut self) {
        let vault = &mut *self.vault;
        vault.state = Some(self.state.clone());
        vault.stored.merge(std::mem::take(&mut self.added));
        for ((kind, item), row) in self.items.drain() {
            match row {
                Some(row) => vault.stored.set_item(kind, item, row),
                None => vault.stored.remove_item(kind, item),
            }
        }
        for (person, profile) in self.profiles.drain(..) {
            if let Some(member) = vault.keys.members.get_mut(person) {
                member.profile = profile;
            }
        }
        let mut texts: HashMap<RecordId, (Option<Zeroizing<String>>, bool), Spread> = HashMap::default();
        if vault.search.borrow().is_some() {
            for pending in &mut self.records {
                let had_text = vault.index.get(pending.record).is_some();
                texts.insert(pending.record, (pending.text.take(), had_text));
            }
        }
        vault.index.apply(self.records.iter().filter_map(|pending| {
            // The bytes were made by the encoder a moment ago, so that they always read.
            let header = View::read(&pending.header).ok()?;
            Some((pending.record, pending.version, pending.row, header))
        }));
        self.records.clear();
        let mut search = vault.search.borrow_mut();
        if let Some(built) = search.as_ref() {
            let index = &vault.index;
            let changed = texts
                .into_iter()
                .filter_map(|(record, (text, replaces))| Some(Ok((index.number(record)?, text?, replaces))));
            if built.put(changed).is_err() {
                // Built anew by the next search.
                *search = None;
            }
        }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        for _ in 0..self.members {
            self.vault.keys.members.pop();
        }
        // SQLite may have rolled back by itself; files that stay behind are swept at the next unlock.
        if !self.vault.conn.is_autocommit() {
            let _ = self.vault.conn.execute_batch("ROLLBACK");
        }
        for name in &self.files {
            let _ = fs::remove_file(self.vault.folder.temporary(name));
            if self.settled {
                let _ = fs::remove_file(self.vault.folder.file(name));
            }
        }
    }
}
