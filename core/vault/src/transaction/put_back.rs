//! Putting back content that was damaged or lost, when its source comes in again.
//!
//! Bodies, skeletons of documents and attachment files are not in the set-hash: what they are is held by the key that seals
//! each of them. So they are sealed anew under the same key, and no row that counts changes.

use std::fs;
use std::io;

use kosha_crypto::id::{AttachmentId, DocumentId, RecordId, Version};
use kosha_crypto::{AttachmentKey, Field, Place};
use rusqlite::params;

use super::Transaction;
use crate::attachment::{self, AttachmentRef};
use crate::attachment_reader::AttachmentReader;
use crate::body::{self, NewBody};
use crate::bytes::Malformed;
use crate::document::{self, Carrier};
use crate::error::{Error, Part, Result};
use crate::rows::blob;

/// Takes damage as an answer and passes other errors on.
fn holds(result: Result<()>) -> Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(Error::Damaged(_) | Error::UnknownAttachment(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

impl Transaction<'_> {
    /// Whether the body of a stored version opens, and every attachment in it is whole; each of them is read once in a
    /// transaction.
    pub fn is_whole(&mut self, record: RecordId, version: Version) -> Result<bool> {
        let mut attachments = Vec::new();
        let opens = holds(self.vault.row_of(record, version).and_then(|row| {
            let bytes = self.vault.container(record, version, row)?;
            let container = body::decode(&bytes).map_err(|_| Error::Damaged(Part::Record(record)))?;
            attachments.extend(container.holes.iter().map(|hole| hole.attachment));
            Ok(())
        }))?;
        for attachment in attachments {
            if !self.is_attachment_whole(attachment)? {
                return Ok(false);
            }
        }
        Ok(opens)
    }

    /// Whether what a stored document keeps beside its records opens; its records are not looked at.
    pub fn is_document_whole(&mut self, document: DocumentId) -> Result<bool> {
        let stored = self.vault.stored.whole_document(document).ok_or(Error::UnknownDocument(document))?;
        if stored.info.parts_deleted {
            return Ok(true);
        }
        if let Some(original) = stored.info.original {
            return self.is_attachment_whole(original);
        }
        holds(self.vault.skeleton(stored).and_then(|raw| {
            let damaged = |_| Error::Damaged(Part::Document(stored.info.id));
            document::decode_skeleton(&raw).map(|_| ()).map_err(damaged)
        }))
    }

    /// How many attachments this transaction puts back.
    pub fn put_back(&self) -> usize {
        self.replaced.len()
    }

    /// Seals the body of a stored version once more. The caller knows that it is the same body, by the hash in its header.
    pub fn put_back_body(&mut self, record: RecordId, version: Version, body: &NewBody<'_>) -> Result<()> {
        for hole in body.holes {
            self.knows_attachment(hole.attachment)?;
        }
        body::encode(body, &mut self.container)?;
        let row = self.vault.row_of(record, version)?;
        self.step(|tx| {
            tx.vault.packer.pack(&tx.container, &mut tx.packed)?;
            let place = Place::record(tx.vault.keys.vault, record, version);
            let key = tx.vault.one("SELECT k,h FROM h WHERE n=?1", row, Part::Record(record), |found| {
                let member = tx.vault.keys.members.of_header(blob(found, 1)?)?;
                member.keys.epochs().unwrap_record(&place, blob(found, 0)?).map_err(|_| Malformed)
            })?;
            let sealed = key.seal(&place, Field::Body, &tx.packed, tx.entropy().as_ref())?;
            let sql = "INSERT OR REPLACE INTO b(n,b) VALUES(?1,?2)";
            tx.vault.conn.prepare_cached(sql)?.execute(params![row, sealed])?;
            Ok(())
        })
    }

    /// Seals what a stored document keeps beside its records once more; an original is put back by
    /// [`Transaction::add_attachment`].
    pub fn put_back_document(&mut self, id: DocumentId, carrier: &Carrier<'_>) -> Result<()> {
        let Carrier::Skeleton { bytes, holes } = carrier else { return Ok(()) };
        let raw = document::encode_skeleton(bytes, holes)?;
        let stored = self.vault.stored.whole_document(id).ok_or(Error::UnknownDocument(id))?;
        let (id, row) = (stored.info.id, stored.row);
        self.step(|tx| {
            let place = Place::document(tx.vault.keys.vault, id);
            let key = tx.vault.one("SELECT k FROM d WHERE n=?1", row, Part::Document(id), |found| {
                let epochs = tx.vault.keys.own.epochs();
                epochs.unwrap_record(&place, blob(found, 0)?).map_err(|_| Malformed)
            })?;
            tx.vault.packer.pack(&raw, &mut tx.packed)?;
            let sealed = key.seal(&place, Field::Body, &tx.packed, tx.entropy().as_ref())?;
            tx.vault.conn.prepare_cached("UPDATE d SET b=?1 WHERE n=?2")?.execute(params![sealed, row])?;
            Ok(())
        })
    }

    /// Whether a stored attachment's file is what it should be; looked at once in a transaction.
    pub(super) fn is_attachment_whole(&mut self, id: AttachmentId) -> Result<bool> {
        if self.added.attachment(id).is_some() || self.looked_at.contains(&id) {
            return Ok(true);
        }
        let whole = holds(self.vault.check_attachment(id))?;
        if whole {
            self.looked_at.insert(id);
        }
        Ok(whole)
    }

    /// Makes the file of a stored attachment anew from `fresh`: the same content, sealed under another name and `key` for
    /// `place`. It takes the old file's name at the commit.
    pub(super) fn put_back_attachment(
        &mut self,
        known: AttachmentRef,
        fresh: &attachment::Attachment,
        key: &AttachmentKey,
        place: &Place,
    ) -> Result<()> {
        let entropy = self.entropy();
        let part = Part::Attachment(known.id);
        let stored = self.vault.stored.attachment(known.id).ok_or(Error::UnknownAttachment(known.id))?;
        let name = stored.name;
        let folder = &self.vault.folder;
        let own_place = Place::attachment(self.vault.keys.vault, known.id);
        let own_key = self.vault.attachment_key(stored)?;
        let mut source = AttachmentReader::of(&folder.temporary(&fresh.name), fresh, key, place)?;
        match fs::remove_file(folder.temporary(&name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        self.replaced.push(name);
        let (len, hash) =
            attachment::store(folder, &name, &own_key, &own_place, entropy.as_ref(), &mut source)?;
        if (len, hash) != (known.len, known.hash) {
            return Err(Error::Damaged(part));
        }
        self.looked_at.insert(known.id);
        Ok(())
    }
}
