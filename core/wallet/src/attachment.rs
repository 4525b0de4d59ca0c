//! Files inside records: listed, opened at any place, written out in whole or in part.
//!
//! Large ones are kept apart from their record and read piece by piece. Small ones, and those whose base64 is not the
//! canonical one (broken into lines), stay within it; they are numbered behind the others.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use kosha_crypto::Zeroizing;
use kosha_crypto::id::RecordId;
use kosha_fhir::{AttachmentSpan, Limits};
use kosha_vault::Header;
use serde::Serialize;

use crate::{Error, Session};

/// A part of an attachment, in bytes from 0; the last one is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// First byte.
    pub first: u64,
    /// Last byte; the end of the attachment where there is none.
    pub last: Option<u64>,
}

impl std::str::FromStr for ByteRange {
    type Err = Error;

    /// `A-B`, or `A-` for all from A on.
    fn from_str(text: &str) -> Result<Self, Error> {
        let number = |text: &str| text.parse::<u64>().map_err(|_| Error::BadRange);
        let (first, last) = text.split_once('-').ok_or(Error::BadRange)?;
        let range =
            Self { first: number(first)?, last: if last.is_empty() { None } else { Some(number(last)?) } };
        if range.last.is_some_and(|last| last < range.first) { Err(Error::BadRange) } else { Ok(range) }
    }
}

/// A file inside a record.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentShown {
    /// Its title, or `Document`.
    pub title: String,
    /// Media type as its source named it, else as its first bytes show it; may be empty.
    #[serde(rename = "contentType")]
    pub content_type: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// A file inside a record, opened for reading at any place. It does not borrow the session; drop it when the vault is
/// locked.
pub struct AttachmentReader(Content);

enum Content {
    Apart(kosha_vault::AttachmentReader),
    Within(Cursor<Zeroizing<Vec<u8>>>),
}

impl AttachmentReader {
    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match &self.0 {
            Content::Apart(reader) => reader.len(),
            Content::Within(bytes) => u64::try_from(bytes.get_ref().len()).unwrap_or(u64::MAX),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Read for AttachmentReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Content::Apart(reader) => reader.read(out),
            Content::Within(bytes) => {
                let start = usize::try_from(bytes.position()).unwrap_or(usize::MAX);
                let left = bytes.get_ref().get(start..).unwrap_or_default();
                let count = left.len().min(out.len());
                if let (Some(to), Some(from)) = (out.get_mut(..count), left.get(..count)) {
                    to.copy_from_slice(from);
                }
                bytes.set_position(bytes.position().saturating_add(count as u64));
                Ok(count)
            }
        }
    }
}

impl Seek for AttachmentReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Content::Apart(reader) => reader.seek(to),
            Content::Within(bytes) => bytes.seek(to),
        }
    }
}

impl Session {
    /// Opens a file inside a record, in the same memory whatever its size. `number` counts from 1 as [`Session::show`] lists
    /// them.
    ///
    /// Errors: [`Error::NoSuchRecord`], [`Error::NoSuchAttachment`], [`Error::Damaged`].
    pub fn attachment_reader(&self, id: &str, number: usize) -> Result<AttachmentReader, Error> {
        let record = self.record_meant(id)?;
        let header = self.vault().header(record)?;
        let at = number.checked_sub(1).ok_or(Error::NoSuchAttachment)?;
        if let Some(attachment) = header.attachments.get(at) {
            return Ok(AttachmentReader(Content::Apart(self.vault().attachment_reader(attachment.id)?)));
        }
        let skeleton = self.vault().resource_skeleton(record)?;
        let within = within(&skeleton);
        let span = within.get(at - header.attachments.len()).ok_or(Error::NoSuchAttachment)?;
        let content = skeleton.get(span.span.clone()).and_then(kosha_fhir::decode_base64);
        let content = Zeroizing::new(content.ok_or(Error::NoSuchAttachment)?);
        Ok(AttachmentReader(Content::Within(Cursor::new(content))))
    }

    /// Writes a file inside a record, or a part of it. Each byte was authenticated before it is written; on an error what was
    /// written is not all. [`Error::BadRange`] when the part begins behind the end.
    pub fn attachment_to(
        &self,
        id: &str,
        number: usize,
        range: Option<ByteRange>,
        out: &mut dyn Write,
    ) -> Result<u64, Error> {
        let mut reader = self.attachment_reader(id, number)?;
        let range = range.unwrap_or(ByteRange { first: 0, last: None });
        if range.first > 0 && range.first >= reader.len() {
            return Err(Error::BadRange);
        }
        let end = range.last.map_or(reader.len(), |last| last.saturating_add(1).min(reader.len()));
        reader.seek(SeekFrom::Start(range.first)).map_err(|_| Error::Io)?;
        let mut part = reader.take(end.saturating_sub(range.first));
        io::copy(&mut part, out).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Error::Damaged,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
            _ => Error::Io,
        })
    }

    /// The files inside a record, in the order of their numbers.
    pub(crate) fn attachments_shown(
        &self,
        record: RecordId,
        header: &Header,
    ) -> Result<Vec<AttachmentShown>, Error> {
        let apart = header.attachments.iter().map(|attachment| AttachmentShown {
            title: named(attachment.title.clone()),
            content_type: attachment.media.clone(),
            bytes: attachment.len,
        });
        let within =
            within(&self.vault().resource_skeleton(record)?).into_iter().map(|span| AttachmentShown {
                title: named(span.title.unwrap_or_default()),
                content_type: span
                    .content_type
                    .or_else(|| span.detected.map(str::to_owned))
                    .unwrap_or_default(),
                bytes: u64::try_from(span.length.unwrap_or_default()).unwrap_or(u64::MAX),
            });
        Ok(apart.chain(within).collect())
    }
}

/// What a file without a title is called.
pub(crate) fn named(title: String) -> String {
    if title.is_empty() { "Document".to_owned() } else { title }
}

/// The files whose base64 stands within a resource. What is no base64 is none.
pub(crate) fn within(resource: &[u8]) -> Vec<AttachmentSpan> {
    let Ok(reading) = kosha_fhir::read(resource, &Limits::default()) else { return Vec::new() };
    let Ok(extract) = reading.extract(0) else { return Vec::new() };
    let mut spans: Vec<AttachmentSpan> =
        extract.attachments.into_iter().filter(|span| span.length.is_some_and(|length| length > 0)).collect();
    spans.sort_by_key(|span| span.span.start);
    spans
}

impl std::fmt::Debug for AttachmentReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttachmentReader(..)")
    }
}

impl std::fmt::Debug for AttachmentShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttachmentShown(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::ByteRange;

    #[test]
    fn ranges() {
        assert_eq!("0-9".parse::<ByteRange>().unwrap(), ByteRange { first: 0, last: Some(9) });
        assert_eq!("7-".parse::<ByteRange>().unwrap(), ByteRange { first: 7, last: None });
        for bad in ["", "-", "-5", "9-8", "a-b", "1", "1-2-3"] {
            assert!(bad.parse::<ByteRange>().is_err(), "{bad}");
        }
    }
}
