//! Attachments: files of sealed 64 KiB chunks under random names, one for each distinct content.

use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::Path;

use kosha_crypto::digest::Sha256;
use kosha_crypto::id::AttachmentId;
use kosha_crypto::stream::{CHUNK, HEADER, SEALED_CHUNK};
use kosha_crypto::{AttachmentKey, Entropy, Place, StreamOpener, StreamSealer};
use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read, Reader};
use crate::error::{Error, Part, Result};
use crate::folder::Folder;

const VERSION: u8 = 1;

/// An attachment as callers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttachmentRef {
    /// The attachment.
    pub id: AttachmentId,
    /// SHA-256 of its content.
    pub hash: [u8; 32],
    /// Length of its content in bytes.
    pub len: u64,
}

/// An attachment, its row and its file.
#[derive(Clone)]
pub(crate) struct Attachment {
    pub(crate) id: AttachmentId,
    pub(crate) row: i64,
    pub(crate) name: [u8; 16],
    pub(crate) hash: [u8; 32],
    pub(crate) len: u64,
}

impl Attachment {
    pub(crate) fn reference(&self) -> AttachmentRef {
        AttachmentRef { id: self.id, hash: self.hash, len: self.len }
    }

    /// `version | file name | hash | len u64`.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(57));
        out.push(VERSION);
        out.extend_from_slice(&self.name);
        out.extend_from_slice(&self.hash);
        out.extend_from_slice(&self.len.to_le_bytes());
        out
    }

    pub(crate) fn decode(id: AttachmentId, row: i64, bytes: &[u8]) -> Read<Self> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let (name, hash, len) = (reader.array()?, reader.array()?, reader.u64()?);
        reader.finish()?;
        Ok(Self { id, row, name, hash, len })
    }

    /// Opens the sealed file at `path`, which stands behind its header then. [`Error::Damaged`] when it is gone or of another
    /// size.
    pub(crate) fn open(
        &self,
        path: &Path,
        key: &AttachmentKey,
        place: &Place,
    ) -> Result<(File, StreamOpener)> {
        let damaged = || Error::Damaged(Part::Attachment(self.id));
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(damaged()),
            Err(error) => return Err(error.into()),
        };
        let size = file.metadata()?.len();
        let mut header = [0_u8; HEADER];
        file.read_exact(&mut header).map_err(|_| damaged())?;
        let opener = StreamOpener::new(key, place, &header, self.len).map_err(|_| damaged())?;
        if size == opener.sealed_len() { Ok((file, opener)) } else { Err(damaged()) }
    }

    /// Reads the file chunk by chunk into `out`. Each chunk is authenticated under a key that nothing but this content ever
    /// had, together with its place and with how many there are.
    pub(crate) fn copy(
        &self,
        folder: &Folder,
        key: &AttachmentKey,
        place: &Place,
        out: &mut dyn Write,
    ) -> Result<()> {
        let damaged = || Error::Damaged(Part::Attachment(self.id));
        let (mut file, opener) = self.open(&folder.file(&self.name), key, place)?;
        let mut sealed = Vec::with_capacity(SEALED_CHUNK);
        let mut plain = Zeroizing::new(Vec::with_capacity(SEALED_CHUNK));
        for index in 0..opener.chunks() {
            let (_, len) = opener.sealed_range(index).ok_or_else(damaged)?;
            sealed.resize(len, 0);
            file.read_exact(&mut sealed).map_err(|_| damaged())?;
            let content = opener.open_chunk(index, &sealed, &mut plain).map_err(|_| damaged())?;
            out.write_all(content)?;
        }
        Ok(())
    }
}

/// Seals all of `source` into the temporary file of `name`: length and hash of the content. The file is not flushed.
pub(crate) fn store(
    folder: &Folder,
    name: &[u8; 16],
    key: &AttachmentKey,
    place: &Place,
    entropy: &dyn Entropy,
    source: &mut dyn io::Read,
) -> Result<(u64, [u8; 32])> {
    let mut file = File::options().write(true).create_new(true).open(folder.temporary(name))?;
    let mut out = Vec::with_capacity(SEALED_CHUNK + HEADER);
    let mut sealer = StreamSealer::new(key, place, entropy, &mut out)?;
    let mut buffer = Zeroizing::new(vec![0_u8; CHUNK]);
    let mut hash = Sha256::new();
    loop {
        let read = match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        let content = buffer.get(..read).unwrap_or_default();
        hash.update(content);
        sealer.update(content, &mut out)?;
        file.write_all(&out)?;
        out.clear();
    }
    let len = sealer.finish(&mut out)?;
    file.write_all(&out)?;
    Ok((len, hash.finish()))
}

/// Flushes the temporary file and gives it its name. The folder has to be flushed afterwards.
pub(crate) fn settle(folder: &Folder, name: &[u8; 16]) -> Result<()> {
    let temporary = folder.temporary(name);
    File::open(&temporary)?.sync_all()?;
    fs::rename(temporary, folder.file(name))?;
    Ok(())
}
