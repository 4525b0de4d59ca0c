//! Finding the segments of a file without opening them, and the manifest that counts.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};

use kosha_crypto::BackupKey;
use zeroize::Zeroizing;

use super::BackupFault;
use super::head::Head;
use super::manifest::Manifest;
use super::segment::{self, HEADER, Header, Kind, LENGTH, Link, Reader, frame_length, read_exact};
use crate::error::{Error, Result};

/// Largest manifest that is read: a million attachments.
const MAX_MANIFEST: usize = 64 * 1024 * 1024;

/// A segment whose length fields lead from its header to its last frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) link: Link,
    /// Where the next one belongs.
    pub(super) next: Link,
}

/// What stands behind the last whole segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nothing.
    Clean,
    /// The beginning of another segment, or zeros, as a loss of power leaves them.
    Unfinished,
    /// Bytes that no run writes there.
    Foreign,
    /// More of this backup, behind something that does not lead on to it.
    Broken(BackupFault),
}

/// The segments of a file, up to where they no longer lead on.
pub(super) struct Scan {
    pub(super) segments: Vec<Span>,
    pub(super) ending: Ending,
}

/// The last run that counts.
pub(super) struct Last {
    pub(super) manifest: Manifest,
    /// Index of its segment.
    pub(super) at: usize,
}

/// The place of the first segment.
pub(super) fn first(head: &Head) -> Link {
    Link { number: 0, before: kosha_crypto::digest::sha256(&[&head.bytes]) }
}

/// Follows the length fields. What does not lead on is an unfinished end only if nothing of this backup comes after it.
pub(super) fn scan(file: &File, head: &Head) -> Result<Scan> {
    let mut position = u64::try_from(head.bytes.len()).unwrap_or(u64::MAX);
    let size = file.metadata()?.len();
    let mut link = first(head);
    let mut scan = Scan { segments: Vec::new(), ending: Ending::Clean };
    while position < size {
        match span(file, position, size, head, link) {
            Ok(found) => {
                (position, link) = (found.end, found.next);
                scan.segments.push(found);
            }
            Err(Error::Backup(fault)) => {
                scan.ending = ending(file, position, head, link, fault)?;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(scan)
}

/// What stands at `position`, where no whole segment does.
fn ending(file: &File, position: u64, head: &Head, link: Link, fault: BackupFault) -> Result<Ending> {
    if fault == BackupFault::Mixed {
        return Ok(Ending::Broken(fault));
    }
    let expected = Header::front(link, head.backup);
    let mut found = Vec::with_capacity(expected.len());
    let mut source = file;
    source.seek(SeekFrom::Start(position))?;
    source.take(u64::try_from(expected.len()).unwrap_or(0)).read_to_end(&mut found)?;
    let begins = expected.starts_with(&found);
    // A length that is never written.
    if begins && fault == BackupFault::Altered {
        return Ok(Ending::Broken(fault));
    }
    if leads_on(file, position, head, link.number + 1)? {
        return Ok(Ending::Broken(BackupFault::Altered));
    }
    Ok(if begins || zeros(file, position)? { Ending::Unfinished } else { Ending::Foreign })
}

/// What is wrong behind the last manifest. `is_last`: no whole segment stands behind it.
pub(super) fn behind(ending: Ending, is_last: bool) -> Option<BackupFault> {
    match ending {
        Ending::Clean if is_last => None,
        Ending::Clean | Ending::Unfinished => Some(BackupFault::CutShort { whole: true }),
        Ending::Foreign if is_last => Some(BackupFault::Surplus),
        Ending::Foreign => Some(BackupFault::Altered),
        Ending::Broken(fault) => Some(fault),
    }
}

/// Whether nothing but zeros stands from there to the end.
fn zeros(file: &File, from: u64) -> Result<bool> {
    let mut source = file;
    source.seek(SeekFrom::Start(from))?;
    let mut window = Vec::with_capacity(1 << 16);
    loop {
        window.clear();
        source.take(1 << 16).read_to_end(&mut window)?;
        if window.is_empty() {
            return Ok(true);
        }
        if window.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
    }
}

/// Opens every frame of the segments, in order: how many of them are as they were written. `progress` is told where in
/// the file it stands.
pub(super) fn sound(
    file: &File,
    head: &Head,
    key: &BackupKey,
    segments: &[Span],
    progress: &mut dyn FnMut(u64),
) -> Result<usize> {
    let mut source = BufReader::with_capacity(1 << 17, file);
    for (at, span) in segments.iter().enumerate() {
        match open(&mut source, head, key, span).and_then(Reader::pass) {
            Ok(()) => progress(span.end),
            Err(Error::Backup(_)) => return Ok(at),
            Err(error) => return Err(error),
        }
    }
    Ok(segments.len())
}

fn span(file: &File, start: u64, size: u64, head: &Head, link: Link) -> Result<Span> {
    let mut source = file;
    source.seek(SeekFrom::Start(start))?;
    let mut bytes = [0; HEADER];
    read_exact(&mut source, &mut bytes)?;
    let header = Header::read(bytes)?;
    if header.backup != head.backup || header.number != link.number || header.before != link.before {
        return Err(BackupFault::Mixed.into());
    }
    let mut at = start + HEADER as u64;
    loop {
        let mut field = [0; LENGTH];
        read_exact(&mut source, &mut field)?;
        let (len, last) = frame_length(field).ok_or(BackupFault::Altered)?;
        at += LENGTH as u64;
        let behind = at.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        if behind > size {
            return Err(BackupFault::CutShort { whole: false }.into());
        }
        if last {
            let mut frame = vec![0; len];
            read_exact(&mut source, &mut frame)?;
            let next = Link { number: link.number + 1, before: segment::hash(&header.bytes, &frame) };
            return Ok(Span { start, end: behind, link, next });
        }
        source.seek(SeekFrom::Start(behind))?;
        at = behind;
    }
}

/// Whether the header of a later segment of this backup stands behind `from`: then the bytes between were changed, and
/// nothing may be cut away.
fn leads_on(file: &File, from: u64, head: &Head, number: u64) -> Result<bool> {
    let mark = Header::mark(number, head.backup);
    let mut source = file;
    source.seek(SeekFrom::Start(from))?;
    let mut window: Vec<u8> = Vec::with_capacity(1 << 17);
    loop {
        let kept = window.len().min(mark.len() - 1);
        window.drain(..window.len() - kept);
        let before = window.len();
        source.take(1 << 16).read_to_end(&mut window)?;
        if window.len() == before {
            return Ok(false);
        }
        let found = window.windows(mark.len()).any(|bytes| bytes.first() == mark.first() && bytes == mark);
        if found {
            return Ok(true);
        }
    }
}

/// Opens the segment at `span`.
pub(super) fn open<'a>(
    source: &'a mut BufReader<&File>,
    head: &Head,
    key: &BackupKey,
    span: &Span,
) -> Result<Reader<'a>> {
    source.seek(SeekFrom::Start(span.start))?;
    Reader::new(source, key, head.backup, span.link)
}

/// Reads a manifest, of which the kind was read already.
pub(super) fn manifest(mut segment: Reader<'_>) -> Result<(Manifest, Link)> {
    let mut bytes = Zeroizing::new(Vec::new());
    loop {
        let piece = segment.piece(usize::MAX)?;
        if piece.is_empty() {
            break;
        }
        bytes.extend_from_slice(piece);
        if bytes.len() > MAX_MANIFEST {
            return Err(BackupFault::Altered.into());
        }
    }
    let next = segment.finish()?;
    Ok((Manifest::decode(&bytes).map_err(|_| BackupFault::Altered)?, next))
}

/// The last manifest in the file, if there is one.
pub(super) fn last(file: &File, head: &Head, key: &BackupKey, segments: &[Span]) -> Result<Option<Last>> {
    let mut source = BufReader::new(file);
    for (at, span) in segments.iter().enumerate().rev() {
        let segment = open(&mut source, head, key, span)?;
        if segment.kind == Kind::Manifest {
            return Ok(Some(Last { manifest: manifest(segment)?.0, at }));
        }
    }
    Ok(None)
}
