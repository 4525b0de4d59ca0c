//! Deletion of records for good. The transaction has to end with new keys.

use kosha_crypto::id::{DocumentId, RecordId};
use kosha_crypto::{Field, Place, RecordKey};
use rusqlite::params;

use super::{Transaction, damaged};
use crate::document;
use crate::error::{Error, Part, Result};
use crate::rows::{blob, id};
use crate::shred::{Deletion, Going};

impl Transaction<'_> {
    /// Deletes records for good, with all that [`crate::Vault::plan_deletion`] tells. Comes before everything else that
    /// the transaction adds, and ends with [`Transaction::commit_with_new_keys`].
    pub fn delete_records(&mut self, records: &[RecordId], holders: &[DocumentId]) -> Result<Deletion> {
        if !self.records.is_empty() || self.dropped.is_some() {
            return Err(Error::Invalid("a deletion comes first in a transaction"));
        }
        let plan = self.vault.plan_deletion(records, holders)?;
        let going = self.vault.going(records)?;
        self.dropped = Some(Vec::new());
        self.step(|tx| {
            for one in &going {
                tx.drop_version(one)?;
            }
            for document in &plan.documents_opened {
                tx.open_document(*document)?;
            }
            for document in &plan.documents_gone {
                tx.drop_described('d', tx.document_row(*document)?, Part::Document(*document))?;
            }
            for attachment in &plan.attachments {
                let part = Part::Attachment(*attachment);
                let stored = tx.vault.stored.attachment(*attachment).ok_or(Error::Damaged(part))?;
                let (row, name) = (stored.row, stored.name);
                tx.drop_described('f', row, part)?;
                tx.dropped.get_or_insert_default().push(name);
            }
            Ok(())
        })?;
        Ok(plan)
    }

    fn drop_version(&mut self, one: &Going) -> Result<()> {
        let part = Part::Record(one.record);
        let (i, w, c) = (one.record.as_bytes(), one.version.writer.as_bytes(), one.version.counter);
        let hash = self.vault.one("SELECT k,h FROM h WHERE n=?1", one.row, part, |row| {
            self.rows.record(one.row, i, w, c, blob(row, 0)?, blob(row, 1)?)
        })?;
        self.state.remove(&hash);
        for sql in ["DELETE FROM h WHERE n=?1", "DELETE FROM b WHERE n=?1"] {
            self.delete_row(sql, one.row, part)?;
        }
        Ok(())
    }

    fn delete_row(&self, sql: &str, row: i64, part: Part) -> Result<()> {
        let deleted = self.vault.conn.prepare_cached(sql)?.execute([row])?;
        if deleted == 1 { Ok(()) } else { Err(Error::Damaged(part)) }
    }

    fn document_row(&self, document: DocumentId) -> Result<i64> {
        self.vault.stored.document(document).map(|stored| stored.row).ok_or(Error::UnknownDocument(document))
    }

    /// Takes a row of documents (d) or attachments (f) out of the set-hash.
    fn forget_described(&mut self, letter: char, row: i64, part: Part) -> Result<()> {
        let sql =
            if letter == 'd' { "SELECT i,k,h FROM d WHERE n=?1" } else { "SELECT i,k,h FROM f WHERE n=?1" };
        let hash = self.vault.one(sql, row, part, |found| {
            self.rows.described(letter, row, &id(found, 0)?, blob(found, 1)?, blob(found, 2)?)
        })?;
        self.state.remove(&hash);
        Ok(())
    }

    fn drop_described(&mut self, letter: char, row: i64, part: Part) -> Result<()> {
        self.forget_described(letter, row, part)?;
        let sql = if letter == 'd' { "DELETE FROM d WHERE n=?1" } else { "DELETE FROM f WHERE n=?1" };
        self.delete_row(sql, row, part)
    }

    /// Leaves of a document only what says that a part of it was deleted, under a key of its own.
    fn open_document(&mut self, id: DocumentId) -> Result<()> {
        let part = Part::Document(id);
        let row = self.document_row(id)?;
        let stored = self.vault.stored.document(id).ok_or(Error::UnknownDocument(id))?;
        let info = document::encode_gone(&stored.info);
        self.forget_described('d', row, part)?;
        let entropy = self.entropy();
        let entropy = entropy.as_ref();
        let place = Place::document(self.vault.keys.vault, id);
        let key = RecordKey::generate(entropy)?;
        let wrapped = self.vault.keys.own.epochs().wrap_record(&place, &key, entropy)?;
        let header = key.seal(&place, Field::Header, &info, entropy)?;
        self.vault
            .conn
            .prepare_cached("UPDATE d SET k=?1,h=?2,b=?3 WHERE n=?4")?
            .execute(params![wrapped, header, b"", row])?;
        let hash = self.rows.described('d', row, id.as_bytes(), &wrapped, &header);
        self.state.add(&hash.map_err(damaged(part))?);
        Ok(())
    }
}
