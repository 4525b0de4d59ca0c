//! Writing: everything between [`Vault::begin`] and [`Transaction::commit`] is stored together or not at all.

mod attachment;
mod commit;
mod document;
mod item;
mod log;
mod person;
mod put_back;
mod record;
mod refile;
mod rotate;
mod shred;
mod slot;

use std::collections::{HashMap, HashSet};
use std::fmt;

use kosha_crypto::id::{AttachmentId, DocumentId, ItemId, PersonId, RecordId, Version};
use kosha_crypto::{Entropy, WRAPPED_KEY_LEN};
use zeroize::Zeroizing;

use crate::bytes::Malformed;
use crate::error::{Error, Part, Result};
use crate::rows::Rows;
use crate::spread::Spread;
use crate::state::State;
use crate::stored::Stored;
use crate::vault::{Access, Vault};

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
    wrapped: [u8; WRAPPED_KEY_LEN],
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
    /// Names of attachment files that are made anew.
    replaced: Vec<[u8; 16]>,
    /// Stored attachments that were found to be whole.
    looked_at: HashSet<AttachmentId>,
    settled: bool,
    failure: Option<Failure>,
    changed: bool,
    done: bool,
    /// Where records were deleted, which only new keys make true: attachment files that no row names after the commit.
    dropped: Option<Vec<[u8; 16]>>,
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
    /// Starts a transaction. [`Error::ReadOnly`] when the state is damaged or the database was cut,
    /// [`Error::NotWritable`] where nothing can be written.
    pub fn begin(&mut self, durability: Durability) -> Result<Transaction<'_>> {
        match self.access {
            Access::Write => {}
            Access::ReadOnlyPlace => return Err(Error::NotWritable),
            Access::Cut(..) => return Err(Error::ReadOnly),
        }
        let state = self.state.clone().ok_or(Error::ReadOnly)?;
        self.end_reading()?;
        // What is in memory may be wrong then; the next unlock reads everything and says what.
        if self.verdict.resumed && !self.problems().is_empty() {
            return Err(Error::ReadOnly);
        }
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
            replaced: Vec::new(),
            looked_at: HashSet::new(),
            settled: false,
            failure: None,
            changed: false,
            done: false,
            dropped: None,
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
}
