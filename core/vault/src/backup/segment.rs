//! Segments: frames sealed one after another, bound to their place in the file.

use std::fs::File;
use std::io::{self, Read, Write as _};

use kosha_crypto::backup::{FRAME, FRAME_OVERHEAD};
use kosha_crypto::digest::sha256;
use kosha_crypto::id::BackupId;
use kosha_crypto::{BackupKey, Entropy, SegmentKey};
use zeroize::Zeroizing;

use super::BackupFault;
use crate::error::{Error, Result};

const MAGIC: &[u8; 4] = b"KSEG";
/// Magic, number, backup, hash of the segment before, salt.
pub(super) const HEADER: usize = 4 + 8 + 16 + 32 + 16;
/// Length field before each frame; its highest bit marks the last one.
pub(super) const LENGTH: usize = 4;
const LAST: u32 = 1 << 31;
/// Bytes of a full frame behind its length field.
pub(super) const FULL: usize = FRAME + FRAME_OVERHEAD;

/// What a segment holds; the first byte of its plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Pieces of attachment files.
    Files = 1,
    /// Rows of tables.
    Rows = 2,
    /// The manifest of a run.
    Manifest = 3,
}

impl Kind {
    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        [Self::Files, Self::Rows, Self::Manifest].into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// Where a segment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// Its number in the file, from 0.
    pub(super) number: u64,
    /// Hash of the segment before it; of the file's head for the first.
    pub(super) before: [u8; 32],
}

/// The clear part of a segment.
pub(super) struct Header {
    pub(super) bytes: [u8; HEADER],
    pub(super) number: u64,
    pub(super) backup: BackupId,
    pub(super) before: [u8; 32],
    salt: [u8; 16],
}

impl Header {
    fn new(link: Link, backup: BackupId, salt: [u8; 16]) -> Self {
        let mut bytes = [0; HEADER];
        let parts: [&[u8]; 5] = [MAGIC, &link.number.to_be_bytes(), backup.as_bytes(), &link.before, &salt];
        for (slot, byte) in bytes.iter_mut().zip(parts.concat()) {
            *slot = byte;
        }
        Self { bytes, number: link.number, backup, before: link.before, salt }
    }

    pub(super) fn read(bytes: [u8; HEADER]) -> Result<Self> {
        let split = || {
            let (magic, rest) = bytes.split_first_chunk::<4>()?;
            let (number, rest) = rest.split_first_chunk::<8>()?;
            let (backup, rest) = rest.split_first_chunk::<16>()?;
            let (before, rest) = rest.split_first_chunk::<32>()?;
            let salt: [u8; 16] = rest.try_into().ok()?;
            (magic == MAGIC).then_some((u64::from_be_bytes(*number), *backup, *before, salt))
        };
        let (number, backup, before, salt) = split().ok_or(BackupFault::Altered)?;
        Ok(Self { bytes, number, backup: BackupId::from_bytes(backup), before, salt })
    }

    /// What stands in front of the salt in the header that belongs at `link`.
    pub(super) fn front(link: Link, backup: BackupId) -> Vec<u8> {
        [Self::mark(link.number, backup).as_slice(), &link.before].concat()
    }

    /// What stands at the front of every header of this backup with this number.
    pub(super) fn mark(number: u64, backup: BackupId) -> Vec<u8> {
        [MAGIC.as_slice(), &number.to_be_bytes(), backup.as_bytes()].concat()
    }
}

/// Length and last flag of a frame; `None` for what is never written.
pub(super) fn frame_length(field: [u8; LENGTH]) -> Option<(usize, bool)> {
    let field = u32::from_be_bytes(field);
    let last = field & LAST != 0;
    let len = usize::try_from(field & !LAST).ok()?;
    let fits = if last { (FRAME_OVERHEAD..=FULL).contains(&len) } else { len == FULL };
    fits.then_some((len, last))
}

/// The hash that the next segment carries: of the header, and of the last frame as stored. Frames before it are found by
/// their own seals, whose key comes of the header's salt.
pub(super) fn hash(header: &[u8; HEADER], last_frame: &[u8]) -> [u8; 32] {
    sha256(&[b"kosha/v1/backup/chain", header, last_frame])
}

pub(super) fn read_exact(source: &mut dyn Read, buffer: &mut [u8]) -> Result<()> {
    source.read_exact(buffer).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupFault::CutShort { whole: false }.into(),
        _ => Error::from(error),
    })
}

/// Appends segments to a file.
pub(super) struct Writer<'a> {
    file: &'a File,
    key: &'a BackupKey,
    backup: BackupId,
    entropy: &'a dyn Entropy,
    next: Link,
    open: Option<Open>,
    frame: Zeroizing<Vec<u8>>,
    /// Bytes written to the file.
    pub(super) written: u64,
    /// Plaintext bytes taken in.
    pub(super) taken: u64,
}

/// The segment that is being written.
struct Open {
    header: Header,
    key: SegmentKey,
    index: u64,
    taken: u64,
}

impl<'a> Writer<'a> {
    /// The file stands at its end, where the segment `next` belongs.
    pub(super) fn new(
        file: &'a File,
        key: &'a BackupKey,
        backup: BackupId,
        entropy: &'a dyn Entropy,
        next: Link,
    ) -> Self {
        let frame = Zeroizing::new(Vec::with_capacity(FULL));
        Self { file, key, backup, entropy, next, open: None, frame, written: 0, taken: 0 }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let mut file = self.file;
        file.write_all(bytes)?;
        self.written += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(())
    }

    /// Begins a segment. The one before must have ended.
    pub(super) fn begin(&mut self, kind: Kind) -> Result<()> {
        debug_assert!(self.open.is_none(), "one segment at a time");
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt)?;
        let header = Header::new(self.next, self.backup, salt);
        let bytes = header.bytes;
        self.open = Some(Open { header, key: self.key.segment(&salt), index: 0, taken: 0 });
        self.write(&bytes)?;
        self.put(&[kind as u8])
    }

    /// Bytes that the open segment has taken in.
    pub(super) fn in_segment(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.taken)
    }

    /// Whether a segment is open.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Adds to the open segment.
    pub(super) fn put(&mut self, mut bytes: &[u8]) -> Result<()> {
        let added = u64::try_from(bytes.len()).unwrap_or(0);
        self.taken += added;
        if let Some(open) = &mut self.open {
            open.taken += added;
        }
        while !bytes.is_empty() {
            // A full frame waits until more bytes show that it is not the last.
            if self.frame.len() == FRAME {
                self.flush(false)?;
            }
            let room = FRAME - self.frame.len();
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.frame.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn flush(&mut self, last: bool) -> Result<()> {
        let Some(open) = &mut self.open else {
            return Err(Error::Invalid("no segment is open"));
        };
        let mut frame = std::mem::take(&mut self.frame);
        let len = u32::try_from(frame.len() + FRAME_OVERHEAD).unwrap_or(0);
        let field = (len | if last { LAST } else { 0 }).to_be_bytes();
        let aad = [open.header.bytes.as_slice(), &field].concat();
        open.key.seal_frame(open.index, last, &aad, &mut frame)?;
        open.index += 1;
        if last {
            self.next = Link { number: open.header.number + 1, before: hash(&open.header.bytes, &frame) };
            self.open = None;
        }
        self.write(&field)?;
        self.write(&frame)?;
        frame.clear();
        self.frame = frame;
        Ok(())
    }

    /// Ends the open segment: where the next one belongs.
    pub(super) fn end(&mut self) -> Result<Link> {
        self.flush(true)?;
        Ok(self.next)
    }
}

/// Reads one segment: its header is checked against its place, then frame after frame is opened.
pub(super) struct Reader<'a> {
    source: &'a mut dyn Read,
    header: Header,
    key: SegmentKey,
    index: u64,
    ended: bool,
    frame: Zeroizing<Vec<u8>>,
    plain: usize,
    at: usize,
    link: Link,
    /// What the segment holds.
    pub(super) kind: Kind,
}

impl<'a> Reader<'a> {
    /// `source` stands at the header of the segment that belongs at `link`.
    pub(super) fn new(
        source: &'a mut dyn Read,
        key: &BackupKey,
        backup: BackupId,
        link: Link,
    ) -> Result<Self> {
        let mut bytes = [0; HEADER];
        read_exact(source, &mut bytes)?;
        let header = Header::read(bytes)?;
        if header.backup != backup || header.number != link.number || header.before != link.before {
            return Err(BackupFault::Mixed.into());
        }
        let key = key.segment(&header.salt);
        let mut reader = Self {
            source,
            header,
            key,
            index: 0,
            ended: false,
            frame: Zeroizing::new(Vec::with_capacity(FULL)),
            plain: 0,
            at: 0,
            link,
            kind: Kind::Manifest,
        };
        let mut kind = [0];
        reader.take(&mut kind)?;
        reader.kind = Kind::from_byte(kind[0]).ok_or(BackupFault::Altered)?;
        Ok(reader)
    }

    fn next_frame(&mut self) -> Result<()> {
        let mut field = [0; LENGTH];
        read_exact(self.source, &mut field)?;
        let (len, last) = frame_length(field).ok_or(BackupFault::Altered)?;
        self.frame.resize(len, 0);
        read_exact(self.source, &mut self.frame)?;
        let aad = [self.header.bytes.as_slice(), &field].concat();
        if last {
            self.link =
                Link { number: self.header.number + 1, before: hash(&self.header.bytes, &self.frame) };
        }
        self.plain =
            self.key.open_frame(self.index, last, &aad, &mut self.frame).map_err(|_| BackupFault::Altered)?;
        self.index += 1;
        self.at = 0;
        self.ended = last;
        Ok(())
    }

    /// Whether every byte was taken.
    pub(super) fn at_end(&mut self) -> Result<bool> {
        while self.at == self.plain && !self.ended {
            self.next_frame()?;
        }
        Ok(self.at == self.plain)
    }

    /// At most `most` bytes that are at hand; none at the end.
    pub(super) fn piece(&mut self, most: usize) -> Result<&[u8]> {
        if self.at_end()? {
            return Ok(&[]);
        }
        let end = self.plain.min(self.at.saturating_add(most));
        let piece = self.frame.get(self.at..end).unwrap_or_default();
        self.at = end;
        Ok(piece)
    }

    /// Fills `out`. A segment that ends before is not as it was written.
    pub(super) fn take(&mut self, out: &mut [u8]) -> Result<()> {
        let mut filled = 0;
        while filled < out.len() {
            let piece = self.piece(out.len() - filled)?;
            if piece.is_empty() {
                return Err(BackupFault::Altered.into());
            }
            let end = filled + piece.len();
            out.get_mut(filled..end).unwrap_or_default().copy_from_slice(piece);
            filled = end;
        }
        Ok(())
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut out = [0; N];
        self.take(&mut out)?;
        Ok(out)
    }

    /// Opens what is left of the segment, for its seals alone.
    pub(super) fn pass(mut self) -> Result<()> {
        while !self.piece(usize::MAX)?.is_empty() {}
        self.finish().map(|_| ())
    }

    /// After the last byte: where the next segment belongs.
    pub(super) fn finish(mut self) -> Result<Link> {
        if self.at_end()? { Ok(self.link) } else { Err(BackupFault::Altered.into()) }
    }
}
