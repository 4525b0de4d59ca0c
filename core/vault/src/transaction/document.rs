//! Writing of documents.

use kosha_crypto::id::{DocumentId, RecordId, Version};
use kosha_crypto::{Field, Place, RecordKey};
use rusqlite::params;

use super::{Transaction, damaged};
use crate::document::{self, Carrier, DocumentInfo, NewDocument};
use crate::error::{Error, Part, Result};
use crate::stored::Document;

impl Transaction<'_> {
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
                info: DocumentInfo { id, name, received_ms, hash, len, original, parts_deleted: false },
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
}
