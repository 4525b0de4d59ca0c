//! Envelope v1: what every row of a vault looks like, and how a key is wrapped.
//!
//! Two shapes: plain `ver | alg | nonce | ciphertext | tag`, and keyed `ver | alg | key id | nonce | ciphertext | tag`.
//! Which one is used where is fixed by the sealing function; the bytes do not say.

use zeroize::{Zeroize as _, Zeroizing};

use crate::aead::{self, NONCE, Opener, TAG};
use crate::join::join;
use crate::key::Key;
use crate::padding;
use crate::place::{Field, Place};
use crate::{CryptoError, EpochId, HeaderKeyId};

/// Version byte of every envelope.
pub(crate) const VERSION: u8 = 1;
/// Algorithm byte: AES-256-GCM.
pub(crate) const AES_256_GCM: u8 = 1;
pub(crate) const HEAD: [u8; 2] = [VERSION, AES_256_GCM];

/// Length of a wrapped record or attachment key: head 2, epoch id 16, nonce 12, key 32, tag 16.
pub const WRAPPED_KEY_LEN: usize = 78;
/// What a plain envelope adds to the padded plaintext.
pub const PLAIN_OVERHEAD: usize = 30;
/// What a keyed envelope adds to the padded plaintext.
pub const KEYED_OVERHEAD: usize = 46;
/// Length of [`fingerprint`].
pub const FINGERPRINT_LEN: usize = NONCE + TAG;

const NO_KEY_ID: [u8; 16] = [0; 16];

/// Check version and algorithm and give what follows.
fn after_head(sealed: &[u8]) -> Result<&[u8], CryptoError> {
    let (head, rest) =
        sealed.split_first_chunk::<2>().ok_or(CryptoError::Malformed("shorter than an envelope"))?;
    if *head != HEAD {
        return Err(CryptoError::Unsupported);
    }
    Ok(rest)
}

fn after_key_id(sealed: &[u8]) -> Result<(&[u8; 16], &[u8]), CryptoError> {
    after_head(sealed)?.split_first_chunk::<16>().ok_or(CryptoError::Malformed("shorter than an envelope"))
}

/// Which header key sealed this header: the way from a row to its person's key set.
pub fn header_key_id(sealed: &[u8]) -> Result<HeaderKeyId, CryptoError> {
    after_key_id(sealed).map(|(id, _)| HeaderKeyId::from_bytes(*id))
}

/// Which epoch key wraps this record or attachment key.
pub fn wrapped_epoch(wrapped: &[u8]) -> Result<EpochId, CryptoError> {
    after_key_id(wrapped).map(|(id, _)| EpochId::from_bytes(*id))
}

/// Nonce and tag of a plain or keyed envelope. Who has not the key cannot make another envelope with the same pair that
/// opens, so a set hash over fingerprints stands for one over whole rows.
pub fn fingerprint(sealed: &[u8], keyed: bool) -> Result<[u8; FINGERPRINT_LEN], CryptoError> {
    const SHORT: CryptoError = CryptoError::Malformed("shorter than an envelope");
    let rest = if keyed { after_key_id(sealed)?.1 } else { after_head(sealed)? };
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(SHORT)?;
    let (_, tag) = rest.split_last_chunk::<TAG>().ok_or(SHORT)?;
    let mut out = [0; FINGERPRINT_LEN];
    let (front, back) = out.split_at_mut(NONCE);
    front.copy_from_slice(nonce);
    back.copy_from_slice(tag);
    Ok(out)
}

/// Seal `plain`, padded, into a new envelope.
pub(crate) fn seal(
    key: &Key,
    key_id: Option<&[u8; 16]>,
    place: &Place,
    field: Field,
    nonce: [u8; NONCE],
    plain: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    let padded = padding::padded_len(plain.len())?;
    let mut out = Vec::with_capacity(padded.checked_add(KEYED_OVERHEAD).ok_or(CryptoError::TooLarge)?);
    out.extend_from_slice(&HEAD);
    if let Some(id) = key_id {
        out.extend_from_slice(id);
    }
    out.extend_from_slice(&nonce);
    let start = out.len();
    padding::pad_into(plain, &mut out)?;
    let aad = place.aad(HEAD, field, key_id.unwrap_or(&NO_KEY_ID));
    let tag = aead::seal(key, nonce, &aad, out.get_mut(start..).unwrap_or_default())?;
    out.extend_from_slice(&tag);
    Ok(out)
}

/// Open into `buffer`, whose old content is wiped or overwritten, and give the plaintext inside it.
pub(crate) fn open_into<'b>(
    key: &Key,
    key_id: Option<&[u8; 16]>,
    place: &Place,
    field: Field,
    sealed: &[u8],
    buffer: &'b mut Zeroizing<Vec<u8>>,
) -> Result<&'b [u8], CryptoError> {
    open_with(&Opener::new(key)?, key_id, place, field, sealed, buffer)
}

/// [`open_into`] with a key that is ready.
pub(crate) fn open_with<'b>(
    opener: &Opener,
    key_id: Option<&[u8; 16]>,
    place: &Place,
    field: Field,
    sealed: &[u8],
    buffer: &'b mut Zeroizing<Vec<u8>>,
) -> Result<&'b [u8], CryptoError> {
    let rest = match key_id {
        None => after_head(sealed)?,
        Some(wanted) => {
            let (id, rest) = after_key_id(sealed)?;
            if id != wanted {
                return Err(CryptoError::UnknownKey);
            }
            rest
        }
    };
    let (nonce, ciphertext) =
        rest.split_first_chunk::<NONCE>().ok_or(CryptoError::Malformed("shorter than an envelope"))?;
    if ciphertext.len() < TAG {
        return Err(CryptoError::Malformed("shorter than an envelope"));
    }
    refill(buffer, ciphertext);
    let aad = place.aad(HEAD, field, key_id.unwrap_or(&NO_KEY_ID));
    let len = opener.open(*nonce, &aad, buffer)?;
    padding::unpad(buffer.get(..len).unwrap_or_default())
}

/// Put `bytes` into `buffer`. Growing moves the content without wiping the old place, so it is wiped before.
pub(crate) fn refill(buffer: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    if buffer.capacity() < bytes.len() {
        buffer.zeroize();
        buffer.reserve(bytes.len());
    } else {
        buffer.clear();
    }
    buffer.extend_from_slice(bytes);
}

/// Wrap `key` under `wrapping`; not padded, since all keys are 32 bytes.
pub(crate) fn wrap(
    wrapping: &Key,
    key_id: &[u8; 16],
    place: &Place,
    nonce: [u8; NONCE],
    key: &Key,
) -> Result<[u8; WRAPPED_KEY_LEN], CryptoError> {
    let mut sealed = Zeroizing::new(*key.expose());
    let aad = place.aad(HEAD, Field::Key, key_id);
    let tag = aead::seal(wrapping, nonce, &aad, sealed.as_mut_slice())?;
    Ok(join(&[&HEAD, key_id, &nonce, sealed.as_slice(), &tag]))
}

/// Unwrap what [`wrap`] gave; the caller has found `wrapping` by [`wrapped_epoch`].
pub(crate) fn unwrap(wrapping: &Key, place: &Place, wrapped: &[u8]) -> Result<Key, CryptoError> {
    let (key_id, rest) = after_key_id(wrapped)?;
    if wrapped.len() != WRAPPED_KEY_LEN {
        return Err(CryptoError::Malformed("a wrapped key is 78 bytes"));
    }
    let (nonce, ciphertext) =
        rest.split_first_chunk::<NONCE>().ok_or(CryptoError::Malformed("shorter than an envelope"))?;
    let mut buffer = Zeroizing::new([0; 32 + TAG]);
    if ciphertext.len() != buffer.len() {
        return Err(CryptoError::Malformed("a wrapped key is 78 bytes"));
    }
    buffer.copy_from_slice(ciphertext);
    let aad = place.aad(HEAD, Field::Key, key_id);
    let len = aead::open(wrapping, *nonce, &aad, buffer.as_mut_slice())?;
    Key::copied_from(buffer.get(..len).unwrap_or_default())
}
