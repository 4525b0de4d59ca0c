//! The emergency card: a few chosen facts in a file of their own, under a key of the device's keystore that asks for no
//! user, so that whoever holds the locked device can read them. Nothing else opens with that key.
//!
//! ```text
//!   0   4  "KEMG"
//!   4   1  version, 1
//!   5  16  vault id
//!  21   1  length of the label, 1 to 128
//!  22      label of the keystore's key, UTF-8
//!       2  length of what the keystore sealed, 1 to 4,096, big-endian
//!          what the keystore sealed: 32 random bytes, associated data "kosha/v1/emergency/keystore" and the vault id
//!      12  nonce, random
//!          ciphertext of the padded content (as in an envelope)
//!      16  tag
//! ```
//!
//! Sealed with AES-256-GCM under HKDF(salt none, the 32 bytes, "kosha/v1/emergency/seal"); the associated data is everything
//! before the nonce. The 32 bytes are new with every writing.

use zeroize::Zeroizing;

use crate::entropy::draw;
use crate::key::Key;
use crate::padding::{pad_into, padded_len, unpad};
use crate::slot::{MAX_KEYSTORE_SEALED, MAX_LABEL};
use crate::{CryptoError, DeviceKeystore, Entropy, SlotError, VaultId, aead, mac};

/// Longest content, in bytes.
pub const MAX_CONTENT: usize = 256 * 1024;
const MAGIC: &[u8; 4] = b"KEMG";
const VERSION: u8 = 1;

/// An emergency card as it is stored.
pub struct EmergencyFile<'a> {
    vault: VaultId,
    label: &'a str,
    secret: &'a [u8],
    /// Everything before the nonce.
    header: &'a [u8],
    sealed: &'a [u8],
}

fn keystore_aad(vault: VaultId) -> Vec<u8> {
    [b"kosha/v1/emergency/keystore".as_slice(), vault.as_bytes()].concat()
}

fn seal_key(secret: &Key) -> Key {
    mac::derive(&[], secret, &[b"kosha/v1/emergency/seal"])
}

/// The bytes of a card with this content, under the keystore's key `label`, which has to ask for no user.
pub fn seal(
    keystore: &dyn DeviceKeystore,
    label: &str,
    vault: VaultId,
    content: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, SlotError> {
    if label.is_empty() || label.len() > MAX_LABEL {
        return Err(CryptoError::Malformed("a keystore label is 1 to 128 bytes").into());
    }
    if content.len() > MAX_CONTENT {
        return Err(CryptoError::TooLarge.into());
    }
    let secret = Key::random(entropy)?;
    let kept = keystore.seal(label, &keystore_aad(vault), secret.expose())?;
    if kept.is_empty() || kept.len() > MAX_KEYSTORE_SEALED {
        return Err(CryptoError::TooLarge.into());
    }
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC);
    out.push(VERSION);
    out.extend_from_slice(vault.as_bytes());
    out.push(u8::try_from(label.len()).map_err(|_| CryptoError::TooLarge)?);
    out.extend_from_slice(label.as_bytes());
    out.extend_from_slice(&u16::try_from(kept.len()).map_err(|_| CryptoError::TooLarge)?.to_be_bytes());
    out.extend_from_slice(&kept);
    let nonce: [u8; aead::NONCE] = draw(entropy)?;
    let mut padded = Zeroizing::new(Vec::with_capacity(padded_len(content.len())?));
    pad_into(content, &mut padded)?;
    let tag = aead::seal(&seal_key(&secret), nonce, &out, &mut padded)?;
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&padded);
    out.extend_from_slice(&tag);
    Ok(out)
}

impl<'a> EmergencyFile<'a> {
    /// Reads stored bytes. [`SlotError::Damaged`] when they are none of a card, [`SlotError::Unsupported`] for another version.
    pub fn read(bytes: &'a [u8]) -> Result<Self, SlotError> {
        const DAMAGED: SlotError = SlotError::Damaged;
        let most = 22 + MAX_LABEL + 2 + MAX_KEYSTORE_SEALED + aead::NONCE + 2 * MAX_CONTENT + aead::TAG;
        if bytes.len() > most {
            return Err(DAMAGED);
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or(DAMAGED)?;
        let (version, rest) = rest.split_first().ok_or(DAMAGED)?;
        if *version != VERSION {
            return Err(SlotError::Unsupported);
        }
        let (vault, rest) = rest.split_first_chunk::<16>().ok_or(DAMAGED)?;
        let (len, rest) = rest.split_first().ok_or(DAMAGED)?;
        let (label, rest) = rest.split_at_checked(usize::from(*len)).ok_or(DAMAGED)?;
        let (len, rest) = rest.split_first_chunk::<2>().ok_or(DAMAGED)?;
        let (secret, sealed) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len))).ok_or(DAMAGED)?;
        let fits = (1..=MAX_LABEL).contains(&label.len())
            && (1..=MAX_KEYSTORE_SEALED).contains(&secret.len())
            && sealed.len() >= aead::NONCE + aead::TAG;
        let header = bytes.get(..bytes.len() - sealed.len()).ok_or(DAMAGED)?;
        match std::str::from_utf8(label) {
            Ok(label) if fits => {
                Ok(Self { vault: VaultId::from_bytes(*vault), label, secret, header, sealed })
            }
            _ => Err(DAMAGED),
        }
    }

    /// The vault that it is of; believed only once it opens.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// Label of the keystore's key.
    pub fn label(&self) -> &str {
        self.label
    }

    /// The content. `reason` is for a keystore that shows one all the same.
    ///
    /// [`SlotError::Keystore`] when the key is gone, [`SlotError::WrongKey`] when the keystore is another one,
    /// [`SlotError::Damaged`] when the content was changed.
    pub fn open(&self, keystore: &dyn DeviceKeystore, reason: &str) -> Result<Zeroizing<Vec<u8>>, SlotError> {
        let secret = match keystore.open(self.label, &keystore_aad(self.vault), self.secret, reason) {
            Ok(secret) => secret,
            Err(crate::KeystoreError::Refused) => return Err(SlotError::WrongKey),
            Err(error) => return Err(error.into()),
        };
        let secret = Key::copied_from(secret.expose()).map_err(|_| SlotError::WrongKey)?;
        let (nonce, ciphertext) =
            self.sealed.split_first_chunk::<{ aead::NONCE }>().ok_or(SlotError::Damaged)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let len = aead::open(&seal_key(&secret), *nonce, self.header, &mut buffer)
            .map_err(|_| SlotError::Damaged)?;
        let padded = buffer.get(..len).ok_or(SlotError::Damaged)?;
        let content = unpad(padded).map_err(|_| SlotError::Damaged)?;
        Ok(Zeroizing::new(content.to_vec()))
    }
}

impl std::fmt::Debug for EmergencyFile<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmergencyFile(…)")
    }
}
