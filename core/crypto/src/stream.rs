//! Attachments: 64 KiB chunks in the STREAM construction, with age's nonce.
//!
//! `head (2) | salt (16) | chunk …`. Each chunk is 65,536 bytes of ciphertext (the last one may be shorter) and a 16-byte
//! tag. The stream's key is HKDF-SHA256 (salt, attachment key, info = `kosha/v1/stream` and the associated data of the
//! place), so one attachment key may seal more than once. A chunk's nonce is its index, 11 bytes big-endian, and a last
//! byte of 1 for the last chunk, 0 for the others (C2SP age, "Payload"; Hoang, Reyhanitabar, Rogaway and Vizár 2015).
//! The plaintext is followed by zeros up to its Padmé size; its length is kept by whoever holds the attachment's key.

use zeroize::{Zeroize as _, Zeroizing};

use crate::aead::{self, NONCE, TAG};
use crate::entropy::{Entropy, draw};
use crate::envelope::{HEAD, refill};
use crate::join::join;
use crate::key::{Key, redacted};
use crate::keys::AttachmentKey;
use crate::place::{Field, Place};
use crate::{CryptoError, mac, padme};

/// Plaintext bytes of a full chunk.
pub const CHUNK: usize = 64 * 1024;
/// Bytes of a full chunk as sealed.
pub const SEALED_CHUNK: usize = CHUNK + TAG;
/// Bytes before the first chunk.
pub const HEADER: usize = 2 + 16;
/// Longest plaintext: 1 TiB.
pub const MAX_LEN: u64 = 1 << 40;

const CHUNK_U64: u64 = CHUNK as u64;

fn stream_key(key: &AttachmentKey, place: &Place, salt: &[u8; 16]) -> Key {
    let aad = place.aad(HEAD, Field::Body, &[0; 16]);
    mac::derive(salt, &key.0, &[b"kosha/v1/stream", &aad])
}

fn nonce(index: u64, last: bool) -> [u8; NONCE] {
    join(&[&[0; 3], &index.to_be_bytes(), &[u8::from(last)]])
}

/// Sizes of the stream that holds `len` bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    len: u64,
    padded: u64,
    chunks: u64,
}

impl Shape {
    fn of(len: u64) -> Result<Self, CryptoError> {
        if len > MAX_LEN {
            return Err(CryptoError::TooLarge);
        }
        let padded = padme(len);
        Ok(Self { len, padded, chunks: padded.div_ceil(CHUNK_U64).max(1) })
    }

    /// Padded plaintext bytes of chunk `index`.
    fn chunk_len(&self, index: u64) -> u64 {
        self.padded.saturating_sub(index.saturating_mul(CHUNK_U64)).min(CHUNK_U64)
    }

    /// Bytes of chunk `index` that are content and not padding.
    fn content_len(&self, index: u64) -> u64 {
        self.len.saturating_sub(index.saturating_mul(CHUNK_U64)).min(CHUNK_U64)
    }
}

/// How many bytes the sealed form of `len` bytes takes.
pub fn sealed_len(len: u64) -> Result<u64, CryptoError> {
    let shape = Shape::of(len)?;
    Ok(HEADER as u64 + shape.padded + shape.chunks * TAG as u64)
}

/// Seals as the bytes come. Holds one chunk of plaintext, wiped on drop.
pub struct StreamSealer {
    key: Key,
    buffer: Zeroizing<Vec<u8>>,
    index: u64,
    len: u64,
}

impl StreamSealer {
    /// Start a stream; its header is appended to `out`.
    pub fn new(
        key: &AttachmentKey,
        place: &Place,
        entropy: &dyn Entropy,
        out: &mut Vec<u8>,
    ) -> Result<Self, CryptoError> {
        let salt = draw(entropy)?;
        out.extend_from_slice(&HEAD);
        out.extend_from_slice(&salt);
        Ok(Self {
            key: stream_key(key, place, &salt),
            buffer: Zeroizing::new(Vec::with_capacity(CHUNK)),
            index: 0,
            len: 0,
        })
    }

    /// Take in `bytes`; chunks that became full are appended to `out`.
    pub fn update(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CryptoError> {
        let added = u64::try_from(bytes.len()).map_err(|_| CryptoError::TooLarge)?;
        let len = self.len.checked_add(added).filter(|len| *len <= MAX_LEN);
        self.len = len.ok_or(CryptoError::TooLarge)?;
        self.push(bytes, out)
    }

    /// A full chunk waits until more bytes show that it is not the last.
    fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CryptoError> {
        while !bytes.is_empty() {
            if self.buffer.len() == CHUNK {
                self.flush(false, out)?;
            }
            let take = bytes.len().min(CHUNK - self.buffer.len());
            let (now, later) = bytes.split_at_checked(take).ok_or(CryptoError::TooLarge)?;
            self.buffer.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn flush(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), CryptoError> {
        let tag = aead::seal(&self.key, nonce(self.index, last), &[], &mut self.buffer)?;
        out.extend_from_slice(&self.buffer);
        out.extend_from_slice(&tag);
        self.buffer.clear();
        self.index += 1;
        Ok(())
    }

    /// End the stream: padding and the last chunk are appended to `out`. Gives the plaintext's length, which
    /// [`StreamOpener::new`] wants back.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<u64, CryptoError> {
        const ZEROS: [u8; 4096] = [0; 4096];
        let len = self.len;
        let mut missing = padme(len) - len;
        while missing > 0 {
            let take = missing.min(ZEROS.len() as u64);
            let take = usize::try_from(take).map_err(|_| CryptoError::TooLarge)?;
            self.push(ZEROS.get(..take).unwrap_or_default(), out)?;
            missing -= take as u64;
        }
        self.flush(true, out)?;
        Ok(len)
    }
}

/// Opens any chunk by its index. The length comes from sealed metadata, so a stream that was cut, extended or reordered
/// does not open.
pub struct StreamOpener {
    key: Key,
    shape: Shape,
}

impl StreamOpener {
    /// `header` is the first [`HEADER`] bytes of the stream, `len` what [`StreamSealer::finish`] gave.
    pub fn new(key: &AttachmentKey, place: &Place, header: &[u8], len: u64) -> Result<Self, CryptoError> {
        let (head, salt) = header.split_first_chunk::<2>().ok_or(CryptoError::Malformed("stream header"))?;
        if *head != HEAD {
            return Err(CryptoError::Unsupported);
        }
        let salt = salt.try_into().map_err(|_| CryptoError::Malformed("stream header"))?;
        Ok(Self { key: stream_key(key, place, salt), shape: Shape::of(len)? })
    }

    /// The same for a stream of `sealed` bytes whose plaintext tells itself where it ends: all of it is content, padding
    /// included. Fails for a size that no stream has.
    pub fn of_sealed_len(
        key: &AttachmentKey,
        place: &Place,
        header: &[u8],
        sealed: u64,
    ) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("stream length");
        let chunks = sealed.checked_sub(HEADER as u64).ok_or(WRONG)?;
        let padded = chunks.saturating_sub(chunks.div_ceil(SEALED_CHUNK as u64).max(1) * TAG as u64);
        let opener = Self::new(key, place, header, padded)?;
        if opener.sealed_len() == sealed { Ok(opener) } else { Err(WRONG) }
    }

    /// Open chunk `index` where it stands: its plaintext is the front of `chunk`, as long as the answer says, padding
    /// included.
    pub fn open_in_place(&self, index: u64, chunk: &mut [u8]) -> Result<usize, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("chunk length");
        let (_, expected) = self.sealed_range(index).ok_or(WRONG)?;
        if chunk.len() != expected {
            return Err(WRONG);
        }
        aead::open(&self.key, nonce(index, index + 1 == self.shape.chunks), &[], chunk)
    }

    /// How many chunks the stream has; at least one.
    pub fn chunks(&self) -> u64 {
        self.shape.chunks
    }

    /// Bytes of the whole stream as sealed; a file of another size is damaged.
    pub fn sealed_len(&self) -> u64 {
        HEADER as u64 + self.shape.padded + self.shape.chunks * TAG as u64
    }

    /// Where chunk `index` stands in the stream: offset and length, tag included.
    pub fn sealed_range(&self, index: u64) -> Option<(u64, usize)> {
        if index >= self.shape.chunks {
            return None;
        }
        let len = usize::try_from(self.shape.chunk_len(index)).ok()? + TAG;
        Some((HEADER as u64 + index * SEALED_CHUNK as u64, len))
    }

    /// Open chunk `index` into `buffer` and give the content in it. Padding is checked and left out, so the last chunks
    /// may be empty.
    pub fn open_chunk<'b>(
        &self,
        index: u64,
        sealed: &[u8],
        buffer: &'b mut Zeroizing<Vec<u8>>,
    ) -> Result<&'b [u8], CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("chunk length");
        let (_, expected) = self.sealed_range(index).ok_or(WRONG)?;
        if sealed.len() != expected {
            return Err(WRONG);
        }
        refill(buffer, sealed);
        let len = aead::open(&self.key, nonce(index, index + 1 == self.shape.chunks), &[], buffer)?;
        buffer.truncate(len);
        let content = usize::try_from(self.shape.content_len(index)).map_err(|_| WRONG)?;
        let (content, padding) = buffer.split_at_checked(content).ok_or(WRONG)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(CryptoError::Malformed("padding"));
        }
        Ok(content)
    }

    /// Open a whole stream that is in memory, header included.
    pub fn open_all(&self, stream: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("stream length");
        if u64::try_from(stream.len()).ok() != Some(self.sealed_len()) {
            return Err(WRONG);
        }
        let mut out = Zeroizing::new(Vec::with_capacity(usize::try_from(self.shape.len).map_err(|_| WRONG)?));
        let mut buffer = Zeroizing::new(Vec::with_capacity(SEALED_CHUNK));
        for index in 0..self.shape.chunks {
            let (start, len) = self.sealed_range(index).ok_or(WRONG)?;
            let start = usize::try_from(start).map_err(|_| WRONG)?;
            let sealed = stream.get(start..).and_then(|rest| rest.get(..len)).ok_or(WRONG)?;
            out.extend_from_slice(self.open_chunk(index, sealed, &mut buffer)?);
        }
        buffer.zeroize();
        Ok(out)
    }
}

redacted!(StreamSealer, StreamOpener);
