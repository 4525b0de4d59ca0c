//! The encrypted store: sealed rows, attachments, RAM index, search, log.
//!
//! A vault is a folder: `vault.db` (SQLite in WAL mode, every row sealed), `files/` (attachments, sealed in chunks, random
//! names) and `lock` (one owner at a time). It knows nothing of FHIR: a record is a header, a body and holes for
//! attachments. Byte formats: `docs/formats.md`, section Vault.
//!
//! Writing goes through a [`Transaction`]: either all of it is stored or nothing, and the index in memory changes only
//! after the commit. Reading a damaged row is [`Error::Damaged`] with its id; the rest of the vault stays readable.

mod anchor;
mod attachment;
mod attachment_reader;
mod backup;
mod body;
mod bytes;
mod changes;
mod check;
mod compress;
mod document;
mod error;
mod folder;
mod header;
mod index;
mod keyring;
mod log;
mod migration;
mod paging;
mod proof;
mod read;
mod resume;
mod rotate;
mod rows;
mod schema;
mod search;
mod shred;
mod slots;
mod snapshot;
mod spread;
mod state;
mod stored;
mod transaction;
mod unlock;
mod unplaced;
mod vault;
mod verify;

pub use anchor::Standing;
pub use attachment::AttachmentRef;
pub use attachment_reader::AttachmentReader;
pub use backup::{
    BackupFault, BackupInfo, BackupJob, BackupOptions, BackupReport, BackupTarget, RestoreOptions,
    RestoreReport, Why, discard_replaced, is_taken, resolve_place, restore, settle_replacement, verify,
};
pub use body::{Body, Hole, NewBody};
pub use changes::{Changed, OnCommit};
pub use check::CheckReport;
pub use document::{Carrier, DocHole, DocumentInfo, NewDocument};
pub use error::{Error, Part, Problem, Result};
pub use header::{Code, Header, HeaderAttachment, HeaderDate, MAX_HEADER};
pub use index::{Cursor, Entry, EntryDate, Filter, Index, InvalidCursor, Known, Measure, Page};
pub use keyring::Person;
pub use kosha_crypto::Anchor;
pub use kosha_crypto::id::{
    AttachmentId, DocumentId, ItemId, PersonId, RecordId, SlotId, VaultId, Version, WriterId,
};
pub use log::{Checkpoint, LogEntry};
pub use paging::{Bookmark, StablePage};
pub use proof::{Consistency, LogProof, ProvenEntry};
pub use rotate::Rotation;
pub use shred::Deletion;
pub use slots::{NewDeviceKey, SlotInfo};
pub use transaction::{Durability, Transaction};
pub use vault::{CreateOptions, Env, Unlock, Vault};
