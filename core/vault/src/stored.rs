//! What the vault holds beside records, as it stands in memory: documents, attachments, items.

use std::collections::{BTreeMap, HashMap};

use kosha_crypto::id::{AttachmentId, DocumentId, ItemId};

use crate::attachment::Attachment;
use crate::document::DocumentInfo;

/// A document and its row.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) row: i64,
    pub(crate) info: DocumentInfo,
}

/// Everything that is not a record. A transaction keeps a second one for what it has added so far.
#[derive(Default)]
pub(crate) struct Stored {
    documents: HashMap<DocumentId, Document>,
    documents_by_hash: HashMap<[u8; 32], DocumentId>,
    attachments: HashMap<AttachmentId, Attachment>,
    attachments_by_hash: HashMap<[u8; 32], AttachmentId>,
    items: BTreeMap<(u16, ItemId), i64>,
}

impl Stored {
    pub(crate) fn add_document(&mut self, document: Document) {
        // One of which a part was deleted does not stand for its file any more.
        if !document.info.parts_deleted {
            self.documents_by_hash.insert(document.info.hash, document.info.id);
        }
        self.documents.insert(document.info.id, document);
    }

    pub(crate) fn document(&self, id: DocumentId) -> Option<&Document> {
        self.documents.get(&id)
    }

    /// The document, or where a part of it was deleted and the same file came in again, that one.
    pub(crate) fn whole_document(&self, id: DocumentId) -> Option<&Document> {
        let found = self.document(id)?;
        let again = || self.document_by_hash(&found.info.hash).and_then(|id| self.document(id));
        if found.info.parts_deleted { again().or(Some(found)) } else { Some(found) }
    }

    pub(crate) fn document_by_hash(&self, hash: &[u8; 32]) -> Option<DocumentId> {
        self.documents_by_hash.get(hash).copied()
    }

    pub(crate) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    pub(crate) fn add_attachment(&mut self, attachment: Attachment) {
        self.attachments_by_hash.insert(attachment.hash, attachment.id);
        self.attachments.insert(attachment.id, attachment);
    }

    pub(crate) fn attachment(&self, id: AttachmentId) -> Option<&Attachment> {
        self.attachments.get(&id)
    }

    pub(crate) fn attachment_by_hash(&self, hash: &[u8; 32]) -> Option<&Attachment> {
        self.attachments_by_hash.get(hash).and_then(|id| self.attachments.get(id))
    }

    pub(crate) fn attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.values()
    }

    pub(crate) fn set_item(&mut self, kind: u16, id: ItemId, row: i64) {
        self.items.insert((kind, id), row);
    }

    pub(crate) fn remove_item(&mut self, kind: u16, id: ItemId) {
        self.items.remove(&(kind, id));
    }

    pub(crate) fn item(&self, kind: u16, id: ItemId) -> Option<i64> {
        self.items.get(&(kind, id)).copied()
    }

    pub(crate) fn items(&self, kind: u16) -> impl Iterator<Item = (ItemId, i64)> {
        let all = (kind, ItemId::from_bytes([0; 16]))..=(kind, ItemId::from_bytes([0xff; 16]));
        self.items.range(all).map(|((_, id), row)| (*id, *row))
    }

    /// Takes in what another one has added.
    pub(crate) fn merge(&mut self, other: Self) {
        self.documents.extend(other.documents);
        self.documents_by_hash.extend(other.documents_by_hash);
        self.attachments.extend(other.attachments);
        self.attachments_by_hash.extend(other.attachments_by_hash);
    }
}
