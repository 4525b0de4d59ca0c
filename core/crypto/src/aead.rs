//! AES-256-GCM (NIST SP 800-38D), 96-bit nonce, 128-bit tag. Private; the envelopes stand on it.

use ring::aead;

use crate::CryptoError;
use crate::key::Key;

/// Length of a nonce.
pub(crate) const NONCE: usize = 12;
/// Length of a tag.
pub(crate) const TAG: usize = 16;

/// A key ready to open many things in one go.
pub(crate) struct Opener(aead::LessSafeKey);

impl Opener {
    pub(crate) fn new(key: &Key) -> Result<Self, CryptoError> {
        cipher(key).map(Self)
    }

    /// As [`open`].
    pub(crate) fn open(
        &self,
        nonce: [u8; NONCE],
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.0
            .open_in_place(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::from(aad), buffer)
            .map(|plain| plain.len())
            .map_err(|_| CryptoError::Refused)
    }
}

/// Built for each operation, since ring cannot wipe its key schedule (0.14 µs).
fn cipher(key: &Key) -> Result<aead::LessSafeKey, CryptoError> {
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key.expose())
        .map_err(|_| CryptoError::Malformed("a key is 32 bytes"))?;
    Ok(aead::LessSafeKey::new(key))
}

/// Encrypt `buffer` in place and give the tag.
pub(crate) fn seal(
    key: &Key,
    nonce: [u8; NONCE],
    aad: &[u8],
    buffer: &mut [u8],
) -> Result<[u8; TAG], CryptoError> {
    let tag = cipher(key)?
        .seal_in_place_separate_tag(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::from(aad), buffer)
        .map_err(|_| CryptoError::TooLarge)?;
    let mut out = [0; TAG];
    out.copy_from_slice(tag.as_ref());
    Ok(out)
}

/// Decrypt `buffer` (ciphertext and tag) in place; the plaintext is its front, as long as the answer says.
pub(crate) fn open(
    key: &Key,
    nonce: [u8; NONCE],
    aad: &[u8],
    buffer: &mut [u8],
) -> Result<usize, CryptoError> {
    Opener::new(key)?.open(nonce, aad, buffer)
}
