//! Unlocking: one pass over every table opens the headers, checks the set-hash and builds what is kept in memory.
//! A row that does not open is noted and stepped over.

use std::cell::RefCell;
use std::collections::BTreeMap;

use kosha_crypto::id::{AttachmentId, DocumentId, ItemId, PersonId, RecordId, VaultId, Version, WriterId};
use kosha_crypto::merkle::Frontier;
use kosha_crypto::{Field, HeaderOpener, LogSigner, Place, RootKey, SetHash, VaultKeys};
use rusqlite::{Connection, Row};
use zeroize::Zeroizing;

use crate::attachment::Attachment;
use crate::bytes::{Malformed, Read, Reader};
use crate::changes::Recent;
use crate::compress::{Packer, Unpacker};
use crate::document;
use crate::error::{Error, Part, Problem, Result};
use crate::folder::hex;
use crate::header::View;
use crate::index::Index;
use crate::keyring::{ITEM, Keyring, Member, Members};
use crate::resume::{Place as Resume, Stamp};
use crate::rows::{Rows, blob, counter, id};
use crate::schema::scan_behind;
use crate::state::State;
use crate::stored::{Document, Stored};
use crate::transaction::Durability;
use crate::vault::{Access, Attached, Env, ScrubbedStack, Vault};
use crate::verify::Verdict;

pub(crate) const UNREADABLE: &str = "some rows cannot be read";
const CUT: &str = "the file ends before them";
pub(crate) const SEAL: &str = "the seal does not hold";
pub(crate) const SET: &str = "rows were added, removed, put back or changed";
pub(crate) const LOG: &str = "the log's entries are not those of its tree";

/// Gathers what the tables hold.
pub(crate) struct Loader<'a> {
    conn: &'a Connection,
    vault: VaultId,
    root: &'a RootKey,
    own: &'a VaultKeys,
    members: Members,
    writer: WriterId,
    signer: Option<LogSigner>,
    rows: Rows,
    set: SetHash,
    count: u64,
    pub(crate) index: Index,
    stored: Stored,
    pub(crate) problems: Vec<Problem>,
    damaged: BTreeMap<RecordId, Vec<(Version, i64)>>,
    log: Frontier,
    /// At this size of the log its root is kept.
    watched: u64,
    pub(crate) watched_root: Option<[u8; 32]>,
    /// For the header key met last.
    opener: Option<HeaderOpener>,
    buffer: Zeroizing<Vec<u8>>,
    /// Records go into the index; otherwise they are only looked at.
    keeps: bool,
    /// Rows up to this number are left out.
    behind: i64,
}

/// The vault's own keys; without them nothing can be read.
pub(crate) fn vault_keys(conn: &Connection, vault: VaultId, root: &RootKey) -> Result<VaultKeys> {
    let mut statement = conn.prepare("SELECT b FROM v WHERE n=1")?;
    let mut rows = statement.query([])?;
    let row = rows.next()?.ok_or(Error::Damaged(Part::Keys))?;
    let wrapped = blob(row, 0).map_err(|_| Error::Damaged(Part::Keys))?;
    VaultKeys::unwrap(root, vault, wrapped).map_err(|_| Error::Damaged(Part::Keys))
}

/// The state as it is stored, or `None` if its seal does not hold.
pub(crate) fn read_state(conn: &Connection, keys: &VaultKeys, vault: VaultId) -> Result<Option<State>> {
    let mut statement = conn.prepare("SELECT c,b FROM z WHERE n=1")?;
    let mut rows = statement.query([])?;
    let row = match rows.next() {
        Ok(Some(row)) => row,
        Ok(None) => return Ok(None),
        Err(error) if crate::schema::is_corrupt(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let read = || -> Read<State> {
        let sequence = counter(row, 0)?;
        let mut buffer = Zeroizing::new(Vec::new());
        let plain =
            keys.state().open_into(vault, sequence, blob(row, 1)?, &mut buffer).map_err(|_| Malformed)?;
        State::decode(sequence, plain)
    };
    Ok(read().ok())
}

pub(crate) fn load(attached: Attached, vault: VaultId, root: RootKey, env: Env) -> Result<Vault> {
    let Attached { folder, ownership, conn, access } = attached;
    let own = vault_keys(&conn, vault, &root)?;
    let state = read_state(&conn, &own, vault)?;
    let place = Resume { folder: &folder, conn: &conn, vault, root: &root, own: &own };
    // What cannot be brought up to date is read as it stands.
    let resumed = state.as_ref().filter(|_| access == Access::Write).and_then(|state| place.resume(state));
    let sequence = state.as_ref().map_or(0, |state| state.sequence);
    let kept = match &resumed {
        Some((_, true)) => Stamp::of(&folder).map(|stamp| (sequence, stamp)),
        _ => None,
    };
    let from_snapshot = resumed.is_some();
    let loader = if let Some((loader, _)) = resumed {
        loader
    } else {
        let mut loader = Loader::new(&conn, vault, &root, &own, 0);
        loader.tables()?;
        loader.compare(state.as_ref());
        loader
    };
    let Loader { members, writer, signer, mut index, stored, mut problems, damaged, .. } = loader;
    let keys = Keyring { vault, root, own, writer, signer, members };
    index.shrink();
    if let Access::Cut(first, last) = access {
        problems.push(Problem { place: Part::Pages(first, last), reason: CUT });
    }
    problems.sort_unstable();
    problems.dedup();

    if access == Access::Write {
        crate::schema::accept(&conn)?;
        // With any doubt about the rows a file that none of them names may still be wanted.
        let names: std::collections::HashSet<String> = stored.attachments().map(|a| hex(&a.name)).collect();
        folder.sweep(|name| names.contains(name), problems.is_empty())?;
    }
    let verdict =
        if from_snapshot { Verdict::start(&folder, vault, &keys.root) } else { Verdict::known(problems) };
    Ok(Vault {
        conn,
        folder,
        env,
        keys,
        state,
        index,
        stored,
        verdict,
        kept,
        unkept: 0,
        damaged,
        packer: Packer::new(),
        unpacker: RefCell::new(Unpacker::default()),
        opened: RefCell::default(),
        search: RefCell::new(None),
        unsearched: 0,
        synchronous: Durability::Full,
        recent: Recent::default(),
        opened_by: None,
        access,
        _ownership: ownership,
        _stack: ScrubbedStack,
    })
}

impl<'a> Loader<'a> {
    /// `watched` is a size of the log at which its root is wanted.
    pub(crate) fn new(
        conn: &'a Connection,
        vault: VaultId,
        root: &'a RootKey,
        own: &'a VaultKeys,
        watched: u64,
    ) -> Self {
        Self {
            conn,
            vault,
            root,
            own,
            members: Members::default(),
            writer: WriterId::from_bytes([0; 16]),
            signer: None,
            rows: Rows(own.state().row_hasher()),
            set: SetHash::EMPTY,
            count: 0,
            index: Index::default(),
            stored: Stored::default(),
            problems: Vec::new(),
            damaged: BTreeMap::new(),
            log: Frontier::default(),
            watched,
            watched_root: (watched == 0).then(kosha_crypto::merkle::empty_root),
            opener: None,
            buffer: Zeroizing::new(Vec::with_capacity(4096)),
            keeps: true,
            behind: i64::MIN,
        }
    }

    /// Looks at everything and keeps no record.
    pub(crate) fn without_index(mut self) -> Self {
        self.keeps = false;
        self
    }

    /// Begins with what is known already.
    pub(crate) fn go_on_from(&mut self, index: Index, stored: Stored) {
        (self.index, self.stored) = (index, stored);
    }

    /// No row was damaged so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.damaged.is_empty()
    }

    fn problem(&mut self, place: Part, reason: &'static str) {
        self.problems.push(Problem { place, reason });
    }

    /// Reads one table; rows for which `read` fails are problems at the place that `place` names.
    fn table(
        &mut self,
        letter: char,
        columns: &str,
        place: impl Fn(i64, &Row<'_>) -> Part,
        mut read: impl FnMut(&mut Self, i64, &Row<'_>) -> Read<()>,
    ) -> Result<()> {
        let whole = scan_behind(self.conn, letter, columns, self.behind, |n, row| {
            self.count += 1;
            if read(self, n, row).is_err() {
                self.problem(place(n, row), SEAL);
            }
            Ok(())
        })?;
        if !whole {
            self.problem(Part::Rows(letter), UNREADABLE);
        }
        Ok(())
    }

    pub(crate) fn tables(&mut self) -> Result<()> {
        self.table(
            's',
            "b",
            |_, _| Part::Slot,
            |loader, n, row| {
                let bytes = blob(row, 1)?;
                loader.set.add(&loader.rows.slot(n, bytes));
                kosha_crypto::Slot::from_bytes(bytes).map(|_| ()).map_err(|_| Malformed)
            },
        )?;
        self.table(
            'v',
            "b",
            |_, _| Part::Keys,
            |loader, n, row| {
                loader.set.add(&loader.rows.vault_keys(n, blob(row, 1)?)?);
                Ok(())
            },
        )?;
        self.keys_and_items()?;
        self.records()?;
        self.documents()?;
        self.attachments()?;
        self.table('l', "w,k,b,h", |n, _| Part::LogEntry(u64::try_from(n - 1).unwrap_or(0)), Self::log_entry)
    }

    /// What is behind the given rows of the tables h, d and f, and all of the small tables that change.
    pub(crate) fn tables_behind(&mut self, [records, documents, attachments]: [i64; 3]) -> Result<()> {
        self.keys_and_items()?;
        self.behind = records;
        self.records()?;
        self.behind = documents;
        self.documents()?;
        self.behind = attachments;
        self.attachments()
    }

    fn keys_and_items(&mut self) -> Result<()> {
        self.table('w', "i,b", |_, _| Part::LogSigner, Self::writer)?;
        let person = |_, row: &Row<'_>| {
            id(row, 1).map_or(Part::Rows('p'), |id| Part::Person(PersonId::from_bytes(id)))
        };
        self.table('p', "i,k,h", person, Self::person)?;
        let item =
            |_, row: &Row<'_>| id(row, 1).map_or(Part::Rows('i'), |id| Part::Item(ItemId::from_bytes(id)));
        self.table('i', "i,b", item, Self::item)
    }

    fn documents(&mut self) -> Result<()> {
        let document = |_, row: &Row<'_>| {
            id(row, 1).map_or(Part::Rows('d'), |id| Part::Document(DocumentId::from_bytes(id)))
        };
        self.table('d', "i,k,h", document, Self::document)
    }

    fn attachments(&mut self) -> Result<()> {
        let attachment = |_, row: &Row<'_>| {
            id(row, 1).map_or(Part::Rows('f'), |id| Part::Attachment(AttachmentId::from_bytes(id)))
        };
        self.table('f', "i,k,h", attachment, Self::attachment)
    }

    fn writer(&mut self, n: i64, row: &Row<'_>) -> Read<()> {
        let (writer, wrapped) = (id(row, 1)?, blob(row, 2)?);
        self.set.add(&self.rows.writer(n, &writer, wrapped)?);
        self.writer = WriterId::from_bytes(writer);
        let signer = LogSigner::unwrap(self.own.epochs(), self.vault, self.writer, wrapped);
        self.signer = Some(signer.map_err(|_| Malformed)?);
        Ok(())
    }

    fn person(&mut self, n: i64, row: &Row<'_>) -> Read<()> {
        let (person, k, h) = (id(row, 1)?, blob(row, 2)?, blob(row, 3)?);
        self.set.add(&self.rows.person(n, &person, k, h)?);
        let member = Member::open(self.root, self.vault, n, PersonId::from_bytes(person), k, h)?;
        self.members.push(member);
        Ok(())
    }

    fn records(&mut self) -> Result<()> {
        let rows: i64 =
            self.conn.query_row("SELECT ifnull(max(n),0) FROM h", [], |row| row.get(0)).unwrap_or(0);
        let rows = rows.saturating_sub(self.behind.max(0)).clamp(0, 1 << 20);
        if self.keeps {
            self.index.reserve(usize::try_from(rows).unwrap_or(0));
        }
        let before = self.count;
        let whole = scan_behind(self.conn, 'h', "i,w,c,k,h", self.behind, |n, row| {
            self.count += 1;
            let (Ok(i), Ok(w), Ok(c)) = (id(row, 1), id(row, 2), counter(row, 3)) else {
                self.problem(Part::Rows('h'), SEAL);
                return Ok(());
            };
            let record = RecordId::from_bytes(i);
            let version = Version { writer: WriterId::from_bytes(w), counter: c };
            if self.record(n, record, version, row).is_err() {
                self.problem(Part::Record(record), SEAL);
                self.damaged.entry(record).or_default().push((version, n));
            }
            Ok(())
        })?;
        if !whole {
            self.problem(Part::Rows('h'), UNREADABLE);
        }
        if !self.keeps || (self.count == before && self.behind > 0) {
            return Ok(());
        }
        // A record whose newest version is damaged has no current one: an older version is not passed off as it.
        let index = &self.index;
        let lost: Vec<RecordId> = self
            .damaged
            .iter()
            .filter(|(record, versions)| {
                let newest = versions.iter().map(|(version, _)| newer(*version)).max();
                index.get(**record).is_some_and(|entry| newest > Some(newer(entry.version())))
            })
            .map(|(record, _)| *record)
            .collect();
        self.index.finish_loading(&lost);
        Ok(())
    }

    fn record(&mut self, n: i64, record: RecordId, version: Version, row: &Row<'_>) -> Read<()> {
        let (wrapped, sealed) = (blob(row, 4)?, blob(row, 5)?);
        let (id, writer) = (record.as_bytes(), version.writer.as_bytes());
        self.set.add(&self.rows.record(n, id, writer, version.counter, wrapped, sealed)?);
        let place = Place::record(self.vault, record, version);
        // Neighbours are mostly of one person.
        if !self.opener.as_ref().is_some_and(|opener| opener.fits(sealed)) {
            let opener = self.members.of_header(sealed)?.keys.header().opener();
            self.opener = Some(opener.map_err(|_| Malformed)?);
        }
        let opener = self.opener.as_ref().ok_or(Malformed)?;
        let plain = opener.open_into(&place, sealed, &mut self.buffer).map_err(|_| Malformed)?;
        let view = View::read(plain)?;
        if self.keeps {
            self.index.load(record, version, n, wrapped, &view);
        }
        Ok(())
    }

    fn document(&mut self, n: i64, row: &Row<'_>) -> Read<()> {
        let (i, k, h) = (id(row, 1)?, blob(row, 2)?, blob(row, 3)?);
        self.set.add(&self.rows.described('d', n, &i, k, h)?);
        let document = DocumentId::from_bytes(i);
        let place = Place::document(self.vault, document);
        let key = self.own.epochs().unwrap_record(&place, k).map_err(|_| Malformed)?;
        let plain = key.open_into(&place, Field::Header, h, &mut self.buffer).map_err(|_| Malformed)?;
        let info = document::decode_info(document, plain)?;
        self.stored.add_document(Document { row: n, info });
        Ok(())
    }

    fn attachment(&mut self, n: i64, row: &Row<'_>) -> Read<()> {
        let (i, k, h) = (id(row, 1)?, blob(row, 2)?, blob(row, 3)?);
        self.set.add(&self.rows.described('f', n, &i, k, h)?);
        let attachment = AttachmentId::from_bytes(i);
        let place = Place::attachment(self.vault, attachment);
        let plain =
            self.own.items().open_into(&place, Field::Header, h, &mut self.buffer).map_err(|_| Malformed)?;
        self.stored.add_attachment(Attachment::decode(attachment, n, plain)?);
        Ok(())
    }

    fn item(&mut self, n: i64, row: &Row<'_>) -> Read<()> {
        let (i, b) = (id(row, 1)?, blob(row, 2)?);
        self.set.add(&self.rows.item(n, &i, b)?);
        let item = ItemId::from_bytes(i);
        let place = Place::item(self.vault, ITEM, item);
        let plain =
            self.own.items().open_into(&place, Field::Body, b, &mut self.buffer).map_err(|_| Malformed)?;
        let kind = Reader::new(plain).u16()?;
        self.stored.set_item(kind, item, n);
        Ok(())
    }

    /// Entries are opened when they are read; here only the tree over their hashes is built.
    fn log_entry(&mut self, n: i64, row: &Row<'_>) -> Read<()> {
        let (w, k, b) = (id(row, 1)?, blob(row, 2)?, blob(row, 3)?);
        let leaf: [u8; 32] = blob(row, 4)?.try_into().map_err(|_| Malformed)?;
        self.set.add(&self.rows.log_entry(n, &w, k, b, &leaf)?);
        if u64::try_from(n).ok() != self.log.size().checked_add(1) {
            return Err(Malformed);
        }
        self.log.push(leaf);
        if self.log.size() == self.watched {
            self.watched_root = Some(self.log.root());
        }
        Ok(())
    }

    /// What was gathered, without the problems.
    pub(crate) fn into_parts(self) -> (Members, WriterId, Option<LogSigner>, Index, Stored) {
        let mut index = self.index;
        index.shrink();
        (self.members, self.writer, self.signer, index, self.stored)
    }

    /// Compares the rows with what the state says of them.
    pub(crate) fn compare(&mut self, state: Option<&State>) {
        let Some(state) = state else {
            self.problem(Part::State, SEAL);
            return;
        };
        if self.set != state.set || self.count != state.count {
            self.problem(Part::Set, SET);
        }
        if self.log != state.log {
            self.problem(Part::LogSigner, LOG);
        }
    }
}

/// Key by which the newest of several versions is found.
pub(crate) fn newer(version: Version) -> (u64, WriterId) {
    (version.counter, version.writer)
}
