//! Documents: a file as it came in, kept as a skeleton with holes for its records, or whole as an attachment.

use std::fmt;

use kosha_crypto::id::{AttachmentId, DocumentId, RecordId, Version, WriterId};
use zeroize::Zeroizing;

use crate::body::ascending;
use crate::bytes::{Malformed, Read, Reader, put_length, put_sized};
use crate::error::{Error, Result};

const VERSION: u8 = 1;
const SKELETON: u8 = 1;
const ORIGINAL: u8 = 2;
const GONE: u8 = 3;
const HOLE: usize = 8 + 16 + 16 + 8;
/// Longest name of a document, in bytes.
const MAX_NAME: usize = 4096;

/// A place in a document where the resource of a record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocHole {
    /// Offset in the skeleton. Holes stand in ascending order.
    pub at: u64,
    /// The record whose resource goes there, attachments filled in.
    pub record: RecordId,
    /// The version of it.
    pub version: Version,
}

/// How a document is kept.
#[derive(Clone, Copy)]
pub enum Carrier<'a> {
    /// All bytes that are in no record, and where the records go.
    Skeleton {
        /// The document's bytes without those that the holes stand for.
        bytes: &'a [u8],
        /// Where records go, ascending.
        holes: &'a [DocHole],
    },
    /// The whole file, as an attachment.
    Original(AttachmentId),
}

/// A document to be stored.
#[derive(Clone, Copy)]
pub struct NewDocument<'a> {
    /// Its name, as the person knows it.
    pub name: &'a str,
    /// When it came in, Unix milliseconds.
    pub received_ms: i64,
    /// SHA-256 of the whole file.
    pub hash: [u8; 32],
    /// Length of the whole file in bytes.
    pub len: u64,
    /// How it is kept.
    pub carrier: Carrier<'a>,
}

impl fmt::Debug for NewDocument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewDocument(redacted)")
    }
}

impl fmt::Debug for Carrier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Carrier(redacted)")
    }
}

/// What is known of a document without its content.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentInfo {
    /// The document.
    pub id: DocumentId,
    /// Its name, as the person knows it.
    pub name: String,
    /// When it came in, Unix milliseconds.
    pub received_ms: i64,
    /// SHA-256 of the whole file.
    pub hash: [u8; 32],
    /// Length of the whole file in bytes.
    pub len: u64,
    /// The attachment that holds the whole file, where it is not kept as a skeleton.
    pub original: Option<AttachmentId>,
    /// A record that came in it was deleted, and with it the file as a whole.
    pub parts_deleted: bool,
}

impl fmt::Debug for DocumentInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentInfo").field("id", &self.id).finish_non_exhaustive()
    }
}

/// `version | received i64 | hash | len u64 | carrier | attachment? | name`.
pub(crate) fn encode_info(document: &NewDocument<'_>) -> Result<Zeroizing<Vec<u8>>> {
    if document.name.len() > MAX_NAME {
        return Err(Error::TooLarge("a document's name holds at most 4,096 bytes"));
    }
    let mut out = info_until_carrier(document.received_ms, &document.hash, document.len, document.name);
    match document.carrier {
        Carrier::Skeleton { .. } => out.push(SKELETON),
        Carrier::Original(attachment) => {
            out.push(ORIGINAL);
            out.extend_from_slice(attachment.as_bytes());
        }
    }
    put_sized(&mut out, document.name.as_bytes());
    Ok(out)
}

fn info_until_carrier(received_ms: i64, hash: &[u8; 32], len: u64, name: &str) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(80 + name.len()));
    out.push(VERSION);
    out.extend_from_slice(&received_ms.to_le_bytes());
    out.extend_from_slice(hash);
    out.extend_from_slice(&len.to_le_bytes());
    out
}

/// What is left of a document of which a part was deleted.
pub(crate) fn encode_gone(info: &DocumentInfo) -> Zeroizing<Vec<u8>> {
    let mut out = info_until_carrier(info.received_ms, &info.hash, info.len, &info.name);
    out.push(GONE);
    put_sized(&mut out, info.name.as_bytes());
    out
}

/// Reads what [`encode_info`] wrote.
pub(crate) fn decode_info(id: DocumentId, bytes: &[u8]) -> Read<DocumentInfo> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != VERSION {
        return Err(Malformed);
    }
    let received_ms = reader.i64()?;
    let hash = reader.array()?;
    let len = reader.u64()?;
    let carrier = reader.u8()?;
    let original = match carrier {
        SKELETON | GONE => None,
        ORIGINAL => Some(AttachmentId::from_bytes(reader.array()?)),
        _ => return Err(Malformed),
    };
    let name = reader.text()?.to_owned();
    reader.finish()?;
    Ok(DocumentInfo { id, name, received_ms, hash, len, original, parts_deleted: carrier == GONE })
}

/// `version | holes u64 | (at u64, record, writer, counter u64)* | skeleton`.
pub(crate) fn encode_skeleton(bytes: &[u8], holes: &[DocHole]) -> Result<Zeroizing<Vec<u8>>> {
    if !ascending(holes.iter().map(|hole| &hole.at), bytes.len()) {
        return Err(Error::Invalid("holes stand in ascending order within the skeleton"));
    }
    let mut out = Zeroizing::new(Vec::with_capacity(9 + holes.len() * HOLE + bytes.len()));
    out.push(VERSION);
    put_length(&mut out, holes.len());
    for hole in holes {
        out.extend_from_slice(&hole.at.to_le_bytes());
        out.extend_from_slice(hole.record.as_bytes());
        out.extend_from_slice(hole.version.writer.as_bytes());
        out.extend_from_slice(&hole.version.counter.to_le_bytes());
    }
    out.extend_from_slice(bytes);
    Ok(out)
}

/// Reads what [`encode_skeleton`] wrote: skeleton and holes.
pub(crate) fn decode_skeleton(bytes: &[u8]) -> Read<(&[u8], Vec<DocHole>)> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != VERSION {
        return Err(Malformed);
    }
    let count = reader.length()?;
    let mut table = Reader::new(reader.take(count.checked_mul(HOLE).ok_or(Malformed)?)?);
    let mut holes = Vec::with_capacity(count);
    while !table.is_empty() {
        let at = table.u64()?;
        let record = RecordId::from_bytes(table.array()?);
        let version = Version { writer: WriterId::from_bytes(table.array()?), counter: table.u64()? };
        holes.push(DocHole { at, record, version });
    }
    let skeleton = reader.take(reader.remaining())?;
    if !ascending(holes.iter().map(|hole| &hole.at), skeleton.len()) {
        return Err(Malformed);
    }
    Ok((skeleton, holes))
}
