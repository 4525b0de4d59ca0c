//! Reading any part of an attachment, opening only the chunks that are needed.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::path::Path;

use kosha_crypto::stream::{CHUNK, SEALED_CHUNK};
use kosha_crypto::{AttachmentId, AttachmentKey, Place, StreamOpener};
use zeroize::Zeroizing;

use crate::attachment::Attachment;
use crate::error::{Error, Result};
use crate::vault::Vault;

/// Reads and seeks in the content of an attachment. Holds one chunk of it in clear, wiped when the next one is opened and on
/// drop, so that the memory is the same for every size.
///
/// Every byte that is handed out was authenticated at its place in the attachment; a chunk that was changed, moved or
/// cut is [`io::ErrorKind::InvalidData`]. It owns the attachment's key: drop it when the vault is locked.
pub struct AttachmentReader {
    file: File,
    opener: StreamOpener,
    len: u64,
    position: u64,
    /// The chunk whose content stands in `plain`.
    open: Option<u64>,
    plain: Zeroizing<Vec<u8>>,
    content: usize,
    sealed: Vec<u8>,
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the attachment is damaged")
}

impl AttachmentReader {
    /// Reads the file at `path`, which holds what `stored` says.
    pub(crate) fn of(path: &Path, stored: &Attachment, key: &AttachmentKey, place: &Place) -> Result<Self> {
        let (file, opener) = stored.open(path, key, place)?;
        Ok(Self {
            file,
            opener,
            len: stored.len,
            position: 0,
            open: None,
            plain: Zeroizing::new(Vec::with_capacity(SEALED_CHUNK)),
            content: 0,
            sealed: Vec::with_capacity(SEALED_CHUNK),
        })
    }

    /// Length of the content in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no content.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn load(&mut self, index: u64) -> io::Result<()> {
        if self.open == Some(index) {
            return Ok(());
        }
        self.open = None;
        let (at, len) = self.opener.sealed_range(index).ok_or_else(damaged)?;
        self.sealed.resize(len, 0);
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut self.sealed).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => damaged(),
            _ => error,
        })?;
        let content = self.opener.open_chunk(index, &self.sealed, &mut self.plain).map_err(|_| damaged())?;
        self.content = content.len();
        self.open = Some(index);
        Ok(())
    }
}

impl BufRead for AttachmentReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.position >= self.len {
            return Ok(&[]);
        }
        let chunk = CHUNK as u64;
        self.load(self.position / chunk)?;
        let from = usize::try_from(self.position % chunk).map_err(|_| damaged())?;
        self.plain.get(from..self.content).ok_or_else(damaged)
    }

    fn consume(&mut self, read: usize) {
        self.position = self.position.saturating_add(u64::try_from(read).unwrap_or(0));
    }
}

impl Read for AttachmentReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let content = self.fill_buf()?;
        let read = content.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..read), content.get(..read)) {
            to.copy_from_slice(from);
        }
        self.consume(read);
        Ok(read)
    }
}

impl Seek for AttachmentReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(offset) => (self.len, offset),
            SeekFrom::Current(offset) => (self.position, offset),
        };
        self.position = base
            .checked_add_signed(offset)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning"))?;
        Ok(self.position)
    }
}

impl std::fmt::Debug for AttachmentReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttachmentReader(redacted)")
    }
}

impl Vault {
    /// Opens an attachment for reading at any place. What it gives does not borrow the vault.
    ///
    /// Errors: [`Error::UnknownAttachment`]; [`Error::Damaged`] when its file is gone or of another size.
    pub fn attachment_reader(&self, attachment: AttachmentId) -> Result<AttachmentReader> {
        let stored = self.stored.attachment(attachment).ok_or(Error::UnknownAttachment(attachment))?;
        let place = Place::attachment(self.keys.vault, attachment);
        let key = self.attachment_key(stored)?;
        AttachmentReader::of(&self.folder.file(&stored.name), stored, &key, &place)
    }
}
