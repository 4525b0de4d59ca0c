//! Writing of attachments: a file each, once for each distinct content.

use std::fs;
use std::io::Read as Source;

use kosha_crypto::id::AttachmentId;
use kosha_crypto::{AttachmentKey, Field, Place};
use rusqlite::params;

use super::{Transaction, damaged};
use crate::attachment::{self, Attachment, AttachmentRef};
use crate::error::{Error, Part, Result};

impl Transaction<'_> {
    /// Stores the content that `source` gives, once for each distinct content of the vault. Where it is here already and
    /// its file is damaged or gone, the file is made anew.
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
            let mut stored = Attachment { id, row: 0, name, hash, len };
            if let Some(known) = tx.attachment_by_hash(&hash) {
                if !tx.is_attachment_whole(known.id)? {
                    tx.put_back_attachment(known, &stored, &key, &place)?;
                }
                fs::remove_file(tx.vault.folder.temporary(&name))?;
                tx.files.pop();
                return Ok(known);
            }
            let wrapped = tx.vault.keys.own.epochs().wrap_attachment(&place, &key, entropy)?;
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

    /// [`Transaction::add_attachment`] for content in memory; content that is known and whole is not written at all.
    pub fn add_attachment_bytes(&mut self, mut content: &[u8]) -> Result<AttachmentRef> {
        if let Some(known) = self.attachment_by_hash(&kosha_crypto::digest::sha256(&[content]))
            && self.is_attachment_whole(known.id)?
        {
            return Ok(known);
        }
        self.add_attachment(&mut content)
    }

    /// The attachment with this content, this transaction's included.
    pub fn attachment_by_hash(&self, hash: &[u8; 32]) -> Option<AttachmentRef> {
        let found =
            self.added.attachment_by_hash(hash).or_else(|| self.vault.stored.attachment_by_hash(hash));
        found.map(Attachment::reference)
    }

    pub(super) fn knows_attachment(&self, id: AttachmentId) -> Result<()> {
        let known = self.added.attachment(id).or_else(|| self.vault.stored.attachment(id));
        known.map(|_| ()).ok_or(Error::UnknownAttachment(id))
    }
}
