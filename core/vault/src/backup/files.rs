//! Attachments' files on their way into a backup.

use std::fs::File;
use std::io::{self, Read as _};

use kosha_crypto::AttachmentKey;
use kosha_crypto::id::AttachmentId;

use super::manifest::FileNote;
use super::target::Kept;
use crate::error::{Error, Part, Result};

/// Bytes of a file that are read and put in at a time.
const PIECE_LEN: usize = 256 * 1024;

/// An attachment's file.
pub(super) struct Wanted {
    pub(super) id: AttachmentId,
    pub(super) name: [u8; 16],
    /// Length of its content.
    pub(super) content: u64,
    /// None where it could not be read.
    pub(super) key: Option<AttachmentKey>,
}

/// A file that is in the backup already.
pub(super) enum Had {
    /// All of it, in a run that counts.
    Whole(FileNote),
    /// All of it, or its front at the very end, in what an unfinished run left.
    Kept(Kept),
}

/// An attachment's file, and what of it the backup has.
pub(super) struct FileToWrite {
    pub(super) wanted: Wanted,
    pub(super) len: u64,
    pub(super) had: Option<Had>,
}

/// What a run meets while it takes files.
#[derive(Default)]
pub(super) struct Taken {
    /// How many an unfinished run left whole.
    pub(super) reused: u64,
    pub(super) damaged: Vec<AttachmentId>,
}

/// Reads `len` bytes from where the file stands, and hands them on with their offset from there.
pub(super) fn pieces(
    source: &mut File,
    id: AttachmentId,
    len: u64,
    mut each: impl FnMut(u64, &[u8]) -> Result<()>,
) -> Result<()> {
    let mut buffer = vec![0; PIECE_LEN];
    let mut offset = 0;
    while offset < len {
        let most = usize::try_from(len - offset).unwrap_or(PIECE_LEN).min(PIECE_LEN);
        let content = buffer.get_mut(..most).unwrap_or_default();
        source.read_exact(content).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Error::Damaged(Part::Attachment(id)),
            _ => error.into(),
        })?;
        each(offset, content)?;
        offset += u64::try_from(most).unwrap_or(0);
    }
    Ok(())
}

impl FileToWrite {
    pub(super) fn offset(&self) -> u64 {
        match &self.had {
            Some(Had::Whole(_)) => self.len,
            Some(Had::Kept(kept)) => kept.len,
            None => 0,
        }
    }

    /// Whether the next piece belongs right behind what the backup ends with.
    pub(super) fn is_front(&self) -> bool {
        matches!(&self.had, Some(Had::Kept(kept)) if kept.len < self.len)
    }
}

/// A file that should be there: gone by a deletion that came in between, or lost.
pub(super) fn missing(id: AttachmentId, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::Damaged(Part::Attachment(id)),
        kind => Error::from(io::Error::from(kind)),
    }
}
