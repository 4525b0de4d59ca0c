//! Reading: headers, bodies, documents, attachments, items.

use std::io::{self, Write};

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use kosha_crypto::digest::Sha256;
use kosha_crypto::id::{AttachmentId, DocumentId, ItemId, RecordId, Version};
use kosha_crypto::{AttachmentKey, Field, Place};
use rusqlite::{OptionalExtension as _, Row};
use zeroize::Zeroizing;

use crate::attachment::Attachment;
use crate::body::{self, Body, Hole};
use crate::bytes::{Malformed, Read, Reader};
use crate::document::{self, DocumentInfo};
use crate::error::{Error, Part, Result};
use crate::header::Header;
use crate::index::Entry;
use crate::keyring::{INTERNAL, ITEM};
use crate::rows::{blob, counter, id};
use crate::stored::Document;
use crate::vault::Vault;

/// Longest resource that is put together in memory, attachments included.
const MAX_RESOURCE: u64 = 512 * 1024 * 1024;

/// Passes bytes on and hashes them.
struct Hashing<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
    len: u64,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        self.hash.update(bytes);
        self.len += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Vault {
    /// Runs `read` on the one row that `sql` gives for `row`; no row, or one that does not read, is damage at `part`.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        row: i64,
        part: Part,
        read: impl FnOnce(&Row<'_>) -> Read<T>,
    ) -> Result<T> {
        self.begin_reading()?;
        let mut statement = self.conn.prepare_cached(sql)?;
        let found = statement.query_row([row], |row| Ok(read(row))).optional();
        match found {
            Ok(Some(Ok(value))) => Ok(value),
            Ok(_) => Err(Error::Damaged(part)),
            Err(error) if crate::schema::is_corrupt(&error) => Err(Error::Damaged(part)),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a read transaction unless one is open: it stays open from read to read, so that the locks of the WAL are
    /// taken once and not for each of them. Whoever writes ends it first ([`Vault::end_reading`]).
    fn begin_reading(&self) -> Result<()> {
        if self.conn.is_autocommit() {
            self.conn.prepare_cached("BEGIN")?.execute([])?;
        }
        Ok(())
    }

    /// Ends the read transaction, so that the next statement sees the database as it then is, and a checkpoint can
    /// finish. The verification in the background, which reads too, is waited for. Not inside of a
    /// [`crate::Transaction`].
    pub(crate) fn end_reading(&self) -> Result<()> {
        self.problems();
        if !self.conn.is_autocommit() {
            self.conn.prepare_cached("COMMIT")?.execute([])?;
        }
        Ok(())
    }

    fn current(&self, record: RecordId) -> Result<Entry<'_>> {
        match self.index.get(record) {
            Some(entry) => Ok(entry),
            None if self.damaged.contains_key(&record) => Err(Error::Damaged(Part::Record(record))),
            None => Err(Error::UnknownRecord(record)),
        }
    }

    /// The whole header of a record's current version.
    pub fn header(&self, record: RecordId) -> Result<Header> {
        let entry = self.current(record)?;
        self.header_in(record, entry.version(), entry.row())
    }

    pub(crate) fn header_in(&self, record: RecordId, version: Version, row: i64) -> Result<Header> {
        self.one("SELECT i,w,c,h FROM h WHERE n=?1", row, Part::Record(record), |row| {
            is_row_of(row, record, version)?;
            let sealed = blob(row, 3)?;
            let member = self.keys.members.of_header(sealed)?;
            let mut buffer = Zeroizing::new(Vec::new());
            let place = Place::record(self.keys.vault, record, version);
            let plain = member.keys.header().open_into(&place, sealed, &mut buffer).map_err(|_| Malformed)?;
            Header::read(plain)
        })
    }

    /// The body container of one version.
    pub(crate) fn container(
        &self,
        record: RecordId,
        version: Version,
        row: i64,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let sql = "SELECT h.i,h.w,h.c,h.h,h.k,b.b FROM h JOIN b ON b.n=h.n WHERE h.n=?1";
        self.one(sql, row, Part::Record(record), |row| {
            is_row_of(row, record, version)?;
            let member = self.keys.members.of_header(blob(row, 3)?)?;
            let place = Place::record(self.keys.vault, record, version);
            let key = member.keys.epochs().unwrap_record(&place, blob(row, 4)?).map_err(|_| Malformed)?;
            let mut buffer = Zeroizing::new(Vec::new());
            let packed =
                key.open_into(&place, Field::Body, blob(row, 5)?, &mut buffer).map_err(|_| Malformed)?;
            self.unpacker.borrow_mut().unpack(packed)
        })
    }

    /// The body container of a current version. Its wrapped key is in memory, so that one row is looked up; what that key
    /// does not open is looked at as it is stored.
    pub(crate) fn current_container(&self, entry: Entry<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let (record, version, row) = (entry.id(), entry.version(), entry.row());
        let place = Place::record(self.keys.vault, record, version);
        let member = self.keys.members.get(entry.person()).ok();
        let key = member
            .zip(entry.wrapped_key())
            .and_then(|(member, wrapped)| member.keys.epochs().unwrap_record(&place, &wrapped).ok());
        let Some(key) = key else {
            return self.container(record, version, row);
        };
        self.one("SELECT b FROM b WHERE n=?1", row, Part::Record(record), |row| {
            let mut buffer = self.opened.borrow_mut();
            let packed =
                key.open_into(&place, Field::Body, blob(row, 0)?, &mut buffer).map_err(|_| Malformed)?;
            self.unpacker.borrow_mut().unpack(packed)
        })
    }

    /// Writes a resource with its holes filled.
    fn fill(&self, part: Part, skeleton: &[u8], holes: &[Hole], out: &mut dyn Write) -> Result<()> {
        let pieces =
            body::pieces(skeleton, holes.iter().map(|hole| hole.at)).map_err(|_| Error::Damaged(part))?;
        let mut holes = holes.iter();
        for piece in pieces {
            out.write_all(piece)?;
            if let Some(hole) = holes.next() {
                let mut encoder = EncoderWriter::new(&mut *out, &STANDARD);
                self.attachment_to(hole.attachment, &mut encoder)?;
                encoder.finish()?;
            }
        }
        Ok(())
    }

    /// Length of a resource once its holes are filled.
    fn filled_len(&self, skeleton: &[u8], holes: &[Hole]) -> Result<usize> {
        let mut len = u64::try_from(skeleton.len()).unwrap_or(u64::MAX);
        for hole in holes {
            let attachment = self.stored.attachment(hole.attachment);
            let attachment = attachment.ok_or(Error::Damaged(Part::Attachment(hole.attachment)))?;
            len = len.saturating_add(attachment.len.div_ceil(3).saturating_mul(4));
        }
        match usize::try_from(len) {
            Ok(fits) if len <= MAX_RESOURCE => Ok(fits),
            _ => Err(Error::TooLarge("the resource is larger than 512 MiB; read its attachments one by one")),
        }
    }

    fn body_in(&self, record: RecordId, version: Version, row: i64) -> Result<Body> {
        let bytes = self.container(record, version, row)?;
        self.body_of(record, bytes)
    }

    fn body_of(&self, record: RecordId, bytes: Zeroizing<Vec<u8>>) -> Result<Body> {
        let part = Part::Record(record);
        let container = body::decode(&bytes).map_err(|_| Error::Damaged(part))?;
        if container.holes.is_empty() {
            return body::into_body(bytes).map_err(|_| Error::Damaged(part));
        }
        let len = self.filled_len(container.skeleton, &container.holes)?;
        let mut resource = Zeroizing::new(Vec::with_capacity(len));
        self.fill(part, container.skeleton, &container.holes, &mut *resource)?;
        Ok(Body { resource, text: Zeroizing::new(container.text.to_owned()) })
    }

    /// Writes the resource of a record's current version, attachments put back, in bounded memory. That it is whole is
    /// known only after the last byte: on an error throw away what was written.
    pub fn resource_to(&self, record: RecordId, out: &mut dyn Write) -> Result<()> {
        let entry = self.current(record)?;
        let part = Part::Record(record);
        let bytes = self.container(record, entry.version(), entry.row())?;
        let container = body::decode(&bytes).map_err(|_| Error::Damaged(part))?;
        self.fill(part, container.skeleton, &container.holes, out)
    }

    /// The body of a record's current version.
    pub fn body(&self, record: RecordId) -> Result<Body> {
        let bytes = self.current_container(self.current(record)?)?;
        self.body_of(record, bytes)
    }

    /// The resource of a record's current version without the attachments that are kept apart: where they go, their base64 is
    /// empty.
    pub fn resource_skeleton(&self, record: RecordId) -> Result<Zeroizing<Vec<u8>>> {
        let bytes = self.current_container(self.current(record)?)?;
        let container = body::decode(&bytes).map_err(|_| Error::Damaged(Part::Record(record)))?;
        Ok(Zeroizing::new(container.skeleton.to_vec()))
    }

    /// All versions of a record that are stored, oldest first; the last one is the current one.
    pub fn history(&self, record: RecordId) -> Result<Vec<Version>> {
        let mut versions: Vec<Version> = self.index.past(record).iter().map(|past| past.version).collect();
        versions.extend(self.damaged.get(&record).into_iter().flatten().map(|(version, _)| *version));
        versions.extend(self.index.get(record).map(Entry::version));
        versions.sort_by_key(|version| crate::unlock::newer(*version));
        if versions.is_empty() { Err(Error::UnknownRecord(record)) } else { Ok(versions) }
    }

    /// Row of a version.
    pub(crate) fn row_of(&self, record: RecordId, version: Version) -> Result<i64> {
        if let Some(entry) = self.index.get(record).filter(|entry| entry.version() == version) {
            return Ok(entry.row());
        }
        if let Some(past) = self.index.past(record).iter().find(|past| past.version == version) {
            return Ok(past.row);
        }
        match self.damaged.get(&record) {
            Some(versions) if versions.iter().any(|(damaged, _)| *damaged == version) => {
                Err(Error::Damaged(Part::Record(record)))
            }
            None if self.index.get(record).is_none() => Err(Error::UnknownRecord(record)),
            _ => Err(Error::UnknownVersion(record)),
        }
    }

    /// The header of any version of a record.
    pub fn header_at(&self, record: RecordId, version: Version) -> Result<Header> {
        self.header_in(record, version, self.row_of(record, version)?)
    }

    /// The body of any version of a record.
    pub fn body_at(&self, record: RecordId, version: Version) -> Result<Body> {
        self.body_in(record, version, self.row_of(record, version)?)
    }

    /// What is known of a document; where a part of it was deleted and the same file came in again, of that one.
    pub fn document(&self, document: DocumentId) -> Result<DocumentInfo> {
        self.stored.whole_document(document).map(|d| d.info.clone()).ok_or(Error::UnknownDocument(document))
    }

    /// The ids of all documents, also of those of which a part was deleted and that came in again.
    pub fn document_ids(&self) -> Vec<DocumentId> {
        self.stored.documents().map(|stored| stored.info.id).collect()
    }

    /// All documents, the one received last first.
    pub fn documents(&self) -> Vec<DocumentInfo> {
        // One that came in again whole stands for the one before, of which a part was deleted.
        let again =
            |info: &DocumentInfo| info.parts_deleted && self.stored.document_by_hash(&info.hash).is_some();
        let infos = self.stored.documents().map(|d| &d.info);
        let mut documents: Vec<DocumentInfo> = infos.filter(|info| !again(info)).cloned().collect();
        documents.sort_by_key(|info| (std::cmp::Reverse(info.received_ms), info.id));
        documents
    }

    /// The document whose file had this SHA-256.
    pub fn document_by_hash(&self, hash: &[u8; 32]) -> Option<DocumentId> {
        self.stored.document_by_hash(hash)
    }

    /// Holes and bytes of a document that is kept as a skeleton, encoded.
    pub(crate) fn skeleton(&self, stored: &Document) -> Result<Zeroizing<Vec<u8>>> {
        let document = stored.info.id;
        self.one("SELECT k,b FROM d WHERE n=?1", stored.row, Part::Document(document), |row| {
            let place = Place::document(self.keys.vault, document);
            let key = self.keys.own.epochs().unwrap_record(&place, blob(row, 0)?).map_err(|_| Malformed)?;
            let mut buffer = Zeroizing::new(Vec::new());
            let packed =
                key.open_into(&place, Field::Body, blob(row, 1)?, &mut buffer).map_err(|_| Malformed)?;
            self.unpacker.borrow_mut().unpack(packed)
        })
    }

    /// Writes the file of a document as it came in, byte for byte. [`Error::PartsDeleted`] when a record that came in it was
    /// deleted. That the bytes are those that came in is known only
    /// after the last of them: on an error throw away what was written.
    pub fn document_to(&self, document: DocumentId, out: &mut dyn Write) -> Result<()> {
        let stored = self.stored.whole_document(document).ok_or(Error::UnknownDocument(document))?;
        if stored.info.parts_deleted {
            return Err(Error::PartsDeleted(document));
        }
        let document = stored.info.id;
        let part = Part::Document(document);
        if let Some(original) = stored.info.original {
            return self.attachment_to(original, out);
        }
        let raw = self.skeleton(stored)?;
        let (skeleton, holes) = document::decode_skeleton(&raw).map_err(|_| Error::Damaged(part))?;
        let pieces =
            body::pieces(skeleton, holes.iter().map(|hole| hole.at)).map_err(|_| Error::Damaged(part))?;
        let mut hashing = Hashing { out, hash: Sha256::new(), len: 0 };
        let mut holes = holes.iter();
        for piece in pieces {
            hashing.write_all(piece)?;
            if let Some(hole) = holes.next() {
                let row = self.row_of(hole.record, hole.version)?;
                let bytes = self.container(hole.record, hole.version, row)?;
                let inner = Part::Record(hole.record);
                let container = body::decode(&bytes).map_err(|_| Error::Damaged(inner))?;
                self.fill(inner, container.skeleton, &container.holes, &mut hashing)?;
            }
        }
        let same = hashing.len == stored.info.len && hashing.hash.finish() == stored.info.hash;
        if same { Ok(()) } else { Err(Error::Damaged(part)) }
    }

    /// Writes the content of an attachment. That it is whole is known only after the last byte: on an error throw away
    /// what was written.
    pub fn attachment_to(&self, attachment: AttachmentId, out: &mut dyn Write) -> Result<()> {
        let stored = self.stored.attachment(attachment).ok_or(Error::UnknownAttachment(attachment))?;
        let place = Place::attachment(self.keys.vault, attachment);
        stored.copy(&self.folder, &self.attachment_key(stored)?, &place, out)
    }

    /// The key that seals the file of an attachment.
    pub(crate) fn attachment_key(&self, stored: &Attachment) -> Result<AttachmentKey> {
        let place = Place::attachment(self.keys.vault, stored.id);
        self.one("SELECT k FROM f WHERE n=?1", stored.row, Part::Attachment(stored.id), |row| {
            self.keys.own.epochs().unwrap_attachment(&place, blob(row, 0)?).map_err(|_| Malformed)
        })
    }

    /// Reads an attachment whole and compares its hash too, which tells whether it was what it should be when it was sealed.
    pub(crate) fn check_attachment(&self, attachment: AttachmentId) -> Result<()> {
        let mut hash = Sha256::new();
        self.attachment_to(attachment, &mut hash)?;
        let expected = self.stored.attachment(attachment).map(|stored| stored.hash);
        if Some(hash.finish()) == expected {
            Ok(())
        } else {
            Err(Error::Damaged(Part::Attachment(attachment)))
        }
    }

    /// All items of a kind, by id.
    pub fn items(&self, kind: u16) -> Result<Vec<(ItemId, Zeroizing<Vec<u8>>)>> {
        if kind >= INTERNAL {
            return Ok(Vec::new());
        }
        self.stored.items(kind).map(|(item, row)| Ok((item, self.item_in(kind, item, row)?))).collect()
    }

    /// One item.
    pub fn item(&self, kind: u16, item: ItemId) -> Result<Zeroizing<Vec<u8>>> {
        let row = self.stored.item(kind, item).filter(|_| kind < INTERNAL).ok_or(Error::UnknownItem(item))?;
        self.item_in(kind, item, row)
    }

    pub(crate) fn item_in(&self, kind: u16, item: ItemId, row: i64) -> Result<Zeroizing<Vec<u8>>> {
        self.one("SELECT i,b FROM i WHERE n=?1", row, Part::Item(item), |row| {
            if id(row, 0)? != *item.as_bytes() {
                return Err(Malformed);
            }
            let mut buffer = Zeroizing::new(Vec::new());
            let place = Place::item(self.keys.vault, ITEM, item);
            let own = &self.keys.own;
            let plain = own
                .items()
                .open_into(&place, Field::Body, blob(row, 1)?, &mut buffer)
                .map_err(|_| Malformed)?;
            let mut reader = Reader::new(plain);
            if reader.u16()? != kind {
                return Err(Malformed);
            }
            Ok(Zeroizing::new(reader.take(reader.remaining())?.to_vec()))
        })
    }
}

/// Whether the row (columns i, w, c) is of this version of this record.
fn is_row_of(row: &Row<'_>, record: RecordId, version: Version) -> Read<()> {
    let same = id(row, 0)? == *record.as_bytes()
        && id(row, 1)? == *version.writer.as_bytes()
        && counter(row, 2)? == version.counter;
    if same { Ok(()) } else { Err(Malformed) }
}
