//! Hexadecimal and base64url, strict: one text for one value.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::CryptoError;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Lowercase hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'?')));
        }
    }
    out
}

/// Exactly `N` bytes out of lowercase hexadecimal.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    fn digit(c: u8) -> Option<u8> {
        match c {
            b'0'..=b'9' => Some(c - b'0'),
            b'a'..=b'f' => Some(c - b'a' + 10),
            _ => None,
        }
    }
    let text = text.as_bytes();
    if text.len() != N * 2 {
        return None;
    }
    let mut out = [0; N];
    for (slot, pair) in out.iter_mut().zip(text.as_chunks::<2>().0) {
        let [high, low] = *pair;
        *slot = digit(high)? << 4 | digit(low)?;
    }
    Some(out)
}

/// base64url without padding (RFC 4648 section 5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Strict inverse of [`base64url`]: no padding, no other alphabet, unused bits zero.
pub(crate) fn unbase64url(text: &str) -> Result<Vec<u8>, CryptoError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| CryptoError::Malformed("not base64url without padding"))
}

/// Exactly 32 bytes out of 43 characters.
pub(crate) fn unbase64url_32(text: &str) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    if text.len() != 43 {
        return Err(CryptoError::Malformed("not 43 characters of base64url"));
    }
    let bytes = Zeroizing::new(unbase64url(text)?);
    let mut out = Zeroizing::new([0; 32]);
    let array: &[u8; 32] =
        bytes.as_slice().try_into().map_err(|_| CryptoError::Malformed("not 32 bytes of base64url"))?;
    out.copy_from_slice(array);
    Ok(out)
}
