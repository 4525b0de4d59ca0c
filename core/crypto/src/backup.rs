//! Keys of a backup file, and its frames.
//!
//! A backup has a random key of its own. Copies of the vault's passphrase and recovery slots give that key in place of
//! the root key ([`BackupKey::slot`]), and one more copy is sealed under the root key, so that an open vault adds to its
//! backup without a secret. After the root key was replaced it does not open any more, and a backup starts anew.
//!
//! A segment is a sequence of frames under a key of its own, HKDF (salt drawn for the segment, backup key). Frame i has
//! the nonce i (11 bytes) and 1 for the last frame, 0 for the others, as in [`crate::stream`]; what it belongs to is in
//! its associated data, which the caller puts together.

use crate::aead::{self, NONCE, TAG};
use crate::entropy::{Entropy, draw};
use crate::join::join;
use crate::key::{Key, redacted};
use crate::slot::Slot;
use crate::{CryptoError, RootKey, SlotError, mac};

/// Plaintext bytes of a full frame.
pub const FRAME: usize = 64 * 1024;
/// What sealing adds to a frame.
pub const FRAME_OVERHEAD: usize = TAG;
/// Length of a backup key sealed under the root key: nonce, key, tag.
pub const SEALED_KEY: usize = NONCE + 32 + TAG;

/// The key of one backup file.
pub struct BackupKey(RootKey);

/// The key of one segment.
pub struct SegmentKey(Key);

impl BackupKey {
    /// A new key, for a new file.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        RootKey::generate(entropy).map(Self)
    }

    /// A copy of a vault's slot that gives this key. Needs no secret.
    pub fn slot(&self, slot: &Slot, entropy: &dyn Entropy) -> Result<Slot, SlotError> {
        let mut copy = slot.clone();
        copy.reseal(&self.0, entropy)?;
        Ok(copy)
    }

    /// What a slot made by [`BackupKey::slot`] gave.
    pub fn from_slot(given: RootKey) -> Self {
        Self(given)
    }

    /// Seal the key under the vault's root key; `head` is everything of the file before this.
    pub fn seal_for(
        &self,
        root: &RootKey,
        head: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<[u8; SEALED_KEY], CryptoError> {
        let nonce: [u8; NONCE] = draw(entropy)?;
        let mut sealed = zeroize::Zeroizing::new(*self.0.0.expose());
        let tag = aead::seal(&own(root), nonce, head, sealed.as_mut_slice())?;
        Ok(join(&[&nonce, sealed.as_slice(), &tag]))
    }

    /// Open what [`BackupKey::seal_for`] gave. [`CryptoError::Refused`] under another root key.
    pub fn open_with(root: &RootKey, head: &[u8], sealed: &[u8; SEALED_KEY]) -> Result<Self, CryptoError> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE>().ok_or(CryptoError::Refused)?;
        let mut buffer = zeroize::Zeroizing::new(ciphertext.to_vec());
        let len = aead::open(&own(root), *nonce, head, &mut buffer)?;
        Ok(Self(RootKey(Key::copied_from(buffer.get(..len).unwrap_or_default())?)))
    }

    /// Ties the key to the head of its file.
    pub fn commitment(&self, head: &[u8]) -> [u8; 32] {
        let key = mac::derive(&[], &self.0.0, &[b"kosha/v1/backup/commit"]);
        mac::hmac_sha256(key.expose(), &[head])
    }

    /// Whether the file with this head was made with this key.
    pub fn commits(&self, head: &[u8], commitment: &[u8; 32]) -> bool {
        mac::equal(&self.commitment(head), commitment)
    }

    /// The key of the segment for which `salt` was drawn. A salt is never used for a second segment.
    pub fn segment(&self, salt: &[u8; 16]) -> SegmentKey {
        SegmentKey(mac::derive(salt, &self.0.0, &[b"kosha/v1/backup/segment"]))
    }
}

fn own(root: &RootKey) -> Key {
    mac::derive(&[], &root.0, &[b"kosha/v1/backup/own"])
}

fn nonce(index: u64, last: bool) -> [u8; NONCE] {
    join(&[&[0; 3], &index.to_be_bytes(), &[u8::from(last)]])
}

impl SegmentKey {
    /// Seal a frame in place; the tag is appended.
    pub fn seal_frame(
        &self,
        index: u64,
        last: bool,
        aad: &[u8],
        frame: &mut Vec<u8>,
    ) -> Result<(), CryptoError> {
        if frame.len() > FRAME {
            return Err(CryptoError::TooLarge);
        }
        let tag = aead::seal(&self.0, nonce(index, last), aad, frame)?;
        frame.extend_from_slice(&tag);
        Ok(())
    }

    /// Open a frame in place; the plaintext is its front, as long as the answer says.
    pub fn open_frame(
        &self,
        index: u64,
        last: bool,
        aad: &[u8],
        frame: &mut [u8],
    ) -> Result<usize, CryptoError> {
        aead::open(&self.0, nonce(index, last), aad, frame)
    }
}

redacted!(BackupKey, SegmentKey);
