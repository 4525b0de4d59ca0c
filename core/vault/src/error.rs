//! What can go wrong, in words that hold no patient data, no key and no path.

use std::fmt;
use std::io;

use kosha_crypto::id::{AttachmentId, DocumentId, ItemId, PersonId, RecordId, SlotId};
use kosha_crypto::{CryptoError, KeystoreError};

/// A place in the vault that can be damaged. Ids are random and say nothing about anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The database as a whole, or its schema.
    Database,
    /// Pages of the database, first and last, counted from 1: the file ends before them.
    Pages(u32, u32),
    /// A way to unlock.
    Slot,
    /// The vault's own keys.
    Keys,
    /// The sealed state: sequence, count, set-hash, log.
    State,
    /// The set of all rows: some were added, removed, put back or changed.
    Set,
    /// Rows of a table that could not be read one by one; the letter is the table's name.
    Rows(char),
    /// A person's keys or profile.
    Person(PersonId),
    /// A record; all or one of its versions.
    Record(RecordId),
    /// A document.
    Document(DocumentId),
    /// An attachment: its row or its file.
    Attachment(AttachmentId),
    /// A small sealed item.
    Item(ItemId),
    /// The writer of the log, or its checkpoint.
    LogSigner,
    /// An entry of the log, by number from 0.
    LogEntry(u64),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database"),
            Self::Pages(first, last) => write!(f, "pages {first} to {last} of the database"),
            Self::Slot => f.write_str("unlock slot"),
            Self::Keys => f.write_str("vault keys"),
            Self::State => f.write_str("vault state"),
            Self::Set => f.write_str("set of all rows"),
            Self::Rows(table) => write!(f, "rows of table {table}"),
            Self::Person(id) => write!(f, "person {id}"),
            Self::Record(id) => write!(f, "record {id}"),
            Self::Document(id) => write!(f, "document {id}"),
            Self::Attachment(id) => write!(f, "attachment {id}"),
            Self::Item(id) => write!(f, "item {id}"),
            Self::LogSigner => f.write_str("log signer"),
            Self::LogEntry(index) => write!(f, "log entry {index}"),
        }
    }
}

/// Something wrong in the vault that did not keep it from opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Part,
    /// What, as a plain sentence part.
    pub reason: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Why the vault refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something is already where the vault should be created. Choose another place.
    #[error("there is already something at this place")]
    Exists,
    /// The place is a link that leads to nothing. Connect what it leads to, or choose another place.
    #[error("this place is a link that leads to nothing")]
    DanglingLink,
    /// The folder in which the vault is to be made is not there. Make it first.
    #[error("there is no folder for the vault")]
    NoParent,
    /// There is no vault at this place. Create one, or look elsewhere.
    #[error("there is no vault at this place")]
    Missing,
    /// What is at this place is not a vault.
    #[error("this is not a vault")]
    NotAVault,
    /// The vault was written by a newer version of this program. Update the program.
    #[error("this vault was made by a newer version of the program (format {0})")]
    Newer(u32),
    /// Another process has the vault open. Close it there.
    #[error("the vault is in use by another process")]
    InUse,
    /// The passphrase or device key is not the right one; the vault is whole as far as this shows.
    #[error("the vault does not open with this key")]
    WrongKey,
    /// The vault has no slot of this kind: unlock in another way.
    #[error("the vault cannot be unlocked in this way")]
    NoSlot,
    /// It is the only way to unlock the vault that is left. Add another one first.
    #[error("the last way to unlock the vault cannot be removed")]
    LastSlot,
    /// No such way to unlock.
    #[error("there is no slot {0}")]
    UnknownSlot(SlotId),
    /// A part of this document was deleted, so that it is not kept as it came in. Its other records are.
    #[error("parts of document {0} were deleted")]
    PartsDeleted(DocumentId),
    /// The device keystore did not do its part.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// Sealed or stored bytes are not what was written.
    #[error("damaged: {0}")]
    Damaged(Part),
    /// The vault is too damaged to take anything new; what is readable can be read.
    #[error("the vault is damaged and can only be read")]
    ReadOnly,
    /// Nothing can be written at this place; everything can be read. Copy the whole folder to where it can be written.
    #[error("the vault is at a place where nothing can be written")]
    NotWritable,
    /// No such record.
    #[error("there is no record {0}")]
    UnknownRecord(RecordId),
    /// The record has no such version.
    #[error("record {0} has no such version")]
    UnknownVersion(RecordId),
    /// No such person.
    #[error("there is no person {0}")]
    UnknownPerson(PersonId),
    /// No such document.
    #[error("there is no document {0}")]
    UnknownDocument(DocumentId),
    /// No such attachment.
    #[error("there is no attachment {0}")]
    UnknownAttachment(AttachmentId),
    /// No such item.
    #[error("there is no item {0}")]
    UnknownItem(ItemId),
    /// The log has no such entry, or no such size.
    #[error("the log has no entry or size {0}")]
    UnknownEntry(u64),
    /// Larger than the vault stores; the text names what.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// The caller passed something that cannot be stored; the text names the rule.
    #[error("cannot be stored: {0}")]
    Invalid(&'static str),
    /// An earlier step of this transaction failed; nothing of it was stored. Start anew.
    #[error("an earlier step of the transaction failed")]
    Aborted,
    /// There is no room left. Nothing of the transaction was stored; what was there is untouched.
    #[error("there is no room left on the disk")]
    DiskFull,
    /// The file system refused; nothing of the transaction was stored.
    #[error("the file system refused: {0}")]
    Io(io::ErrorKind),
    /// The database refused, by SQLite's extended result code.
    #[error("the database refused (code {0})")]
    Database(i32),
    /// A file is not a backup, or not one that can be used here.
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupFault),
    /// Randomness or a key operation failed on writing.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// Result of the vault's operations.
pub type Result<T> = std::result::Result<T, Error>;

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull
            }
            kind => Self::Io(kind),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            // A column of another type or a missing row: the file is not what was written.
            return Self::Damaged(Part::Database);
        };
        match failure.code {
            ErrorCode::DiskFull => Self::DiskFull,
            // The file beside the WAL cannot grow: SQLite has no other name for a disk that is full there.
            _ if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => Self::DiskFull,
            ErrorCode::ReadOnly => Self::NotWritable,
            ErrorCode::DatabaseCorrupt => Self::Damaged(Part::Database),
            ErrorCode::NotADatabase => Self::NotAVault,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::InUse,
            _ => Self::Database(failure.extended_code),
        }
    }
}
