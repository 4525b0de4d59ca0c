//! What the vault holds beside records, as it stands in memory: documents, attachments, items.

use std::collections::{BTreeMap, HashMap};

use kosha_crypto::id::{AttachmentId, DocumentId, ItemId};

use crate::attachment::Attachment;
use crate::bytes::{Malformed, Read, Reader, put_sized};
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

    /// Documents and attachments, each list after its count; items are not in it.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let count = |out: &mut Vec<u8>, len: usize| {
            out.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
        };
        count(out, self.documents.len());
        for Document { row, info } in self.documents.values() {
            out.extend_from_slice(info.id.as_bytes());
            out.extend_from_slice(&row.to_le_bytes());
            put_sized(out, info.name.as_bytes());
            out.extend_from_slice(&info.received_ms.to_le_bytes());
            out.extend_from_slice(&info.hash);
            out.extend_from_slice(&info.len.to_le_bytes());
            out.push(u8::from(info.original.is_some()) | u8::from(info.parts_deleted) << 1);
            out.extend_from_slice(info.original.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
        }
        count(out, self.attachments.len());
        for attachment in self.attachments.values() {
            out.extend_from_slice(attachment.id.as_bytes());
            out.extend_from_slice(&attachment.row.to_le_bytes());
            put_sized(out, &attachment.encode());
        }
    }

    /// Reads what [`Stored::encode`] gave.
    pub(crate) fn decode(reader: &mut Reader<'_>) -> Read<Self> {
        let mut stored = Self::default();
        for _ in 0..reader.u32()? {
            let (id, row) = (DocumentId::from_bytes(reader.array()?), reader.i64()?);
            let name = reader.text()?.to_owned();
            let (received_ms, hash, len) = (reader.i64()?, reader.array()?, reader.u64()?);
            let marks = reader.u8()?;
            if marks > 3 {
                return Err(Malformed);
            }
            let original =
                if marks & 1 == 0 { None } else { Some(AttachmentId::from_bytes(reader.array()?)) };
            let parts_deleted = marks & 2 != 0;
            stored.add_document(Document {
                row,
                info: DocumentInfo { id, name, received_ms, hash, len, original, parts_deleted },
            });
        }
        for _ in 0..reader.u32()? {
            let (id, row) = (AttachmentId::from_bytes(reader.array()?), reader.i64()?);
            stored.add_attachment(Attachment::decode(id, row, reader.sized()?)?);
        }
        Ok(stored)
    }
}
