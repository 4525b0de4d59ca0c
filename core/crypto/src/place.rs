//! Where sealed bytes belong: the typed builder of all associated data.

use crate::id::{AttachmentId, DocumentId, ItemId, RecordId, VaultId, Version, WriterId};
use crate::join::join;

/// Length of the associated data, the same for everything sealed inside a vault.
pub const AAD_LEN: usize = 86;

const LABEL: &[u8; 10] = b"kosha/aad1";

/// What kind of thing is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Subject {
    Record = 1,
    Document = 2,
    Attachment = 3,
    LogEntry = 4,
    Item = 5,
    State = 6,
    PersonKeys = 7,
    VaultKeys = 8,
    LogSigner = 9,
    Snapshot = 10,
}

/// Which part of the thing is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Field {
    /// A wrapped key or key set.
    Key = 1,
    /// The header of a record, or what describes a document.
    Header = 2,
    /// The body.
    Body = 3,
    /// Text that is searched.
    Text = 4,
}

/// The place of sealed bytes: vault, thing and version. Bytes moved to another place do not open there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    vault: VaultId,
    subject: Subject,
    id: [u8; 16],
    writer: [u8; 16],
    counter: u64,
}

impl Place {
    const fn new(vault: VaultId, subject: Subject, id: [u8; 16], writer: [u8; 16], counter: u64) -> Self {
        Self { vault, subject, id, writer, counter }
    }

    /// One version of a record.
    pub const fn record(vault: VaultId, record: RecordId, version: Version) -> Self {
        Self::new(vault, Subject::Record, *record.as_bytes(), *version.writer.as_bytes(), version.counter)
    }

    /// A document: written once, so it has no version.
    pub const fn document(vault: VaultId, document: DocumentId) -> Self {
        Self::new(vault, Subject::Document, *document.as_bytes(), [0; 16], 0)
    }

    /// An attachment: written once, so it has no version.
    pub const fn attachment(vault: VaultId, attachment: AttachmentId) -> Self {
        Self::new(vault, Subject::Attachment, *attachment.as_bytes(), [0; 16], 0)
    }

    /// Entry `index` of the log of `writer`.
    pub const fn log_entry(vault: VaultId, writer: WriterId, index: u64) -> Self {
        Self::new(vault, Subject::LogEntry, [0; 16], *writer.as_bytes(), index)
    }

    /// A small sealed thing of the given kind.
    pub const fn item(vault: VaultId, kind: u16, item: ItemId) -> Self {
        Self::new(vault, Subject::Item, *item.as_bytes(), [0; 16], kind as u64)
    }

    /// The state row as it stood at `sequence`.
    pub const fn state(vault: VaultId, sequence: u64) -> Self {
        Self::new(vault, Subject::State, [0; 16], [0; 16], sequence)
    }

    /// What was kept in memory at `sequence`, as a file beside the vault; `which` of the files is the caller's number.
    pub const fn snapshot(vault: VaultId, which: u8, sequence: u64) -> Self {
        let mut id = [0; 16];
        id[15] = which;
        Self::new(vault, Subject::Snapshot, id, [0; 16], sequence)
    }

    /// The key set of a person; which one stands in the key id.
    pub(crate) const fn person_keys(vault: VaultId) -> Self {
        Self::new(vault, Subject::PersonKeys, [0; 16], [0; 16], 0)
    }

    /// The vault's own key set.
    pub(crate) const fn vault_keys(vault: VaultId) -> Self {
        Self::new(vault, Subject::VaultKeys, [0; 16], [0; 16], 0)
    }

    /// The signing key of a writer's log.
    pub(crate) const fn log_signer(vault: VaultId, writer: WriterId) -> Self {
        Self::new(vault, Subject::LogSigner, [0; 16], *writer.as_bytes(), 0)
    }

    /// The associated data (layout in the crate documentation). `key_id` is all zero where the envelope has none.
    pub(crate) fn aad(&self, head: [u8; 2], field: Field, key_id: &[u8; 16]) -> [u8; AAD_LEN] {
        join(&[
            LABEL,
            &head,
            &[self.subject as u8, field as u8],
            self.vault.as_bytes(),
            &self.id,
            &self.writer,
            &self.counter.to_be_bytes(),
            key_id,
        ])
    }
}
