//! Compact JWE (RFC 7516) in the one form that SMART Health Links use: `alg` `dir`, `enc` `A256GCM`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use crate::aead::{self, NONCE, TAG};
use crate::entropy::{Entropy, draw};
use crate::link::LinkKey;
use crate::{CryptoError, text};

/// Longest protected header that is read or written, in bytes of JSON.
pub const MAX_HEADER: usize = 4096;

/// The members that decide how a JWE is opened. A member given twice is refused by serde.
#[derive(Deserialize)]
struct Protected {
    alg: String,
    enc: String,
    /// Names extensions that must be understood; none is.
    crit: Option<IgnoredAny>,
}

/// Refuse every header but `dir` and `A256GCM`.
fn pin(json: &str) -> Result<(), CryptoError> {
    if json.len() > MAX_HEADER {
        return Err(CryptoError::TooLarge);
    }
    let header: Protected = serde_json::from_str(json).map_err(|_| CryptoError::Malformed("JWE header"))?;
    if header.alg != "dir" || header.enc != "A256GCM" || header.crit.is_some() {
        return Err(CryptoError::Unsupported);
    }
    Ok(())
}

/// Seal `plain` under the link's key. `protected_json` is the protected header as it will stand there; it must say `dir`
/// and `A256GCM`.
pub fn seal(
    key: &LinkKey,
    protected_json: &str,
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<String, CryptoError> {
    pin(protected_json)?;
    let protected = text::base64url(protected_json.as_bytes());
    let nonce: [u8; NONCE] = draw(entropy)?;
    let mut buffer = Vec::with_capacity(plain.len());
    buffer.extend_from_slice(plain);
    let tag = aead::seal(&key.0, nonce, protected.as_bytes(), &mut buffer)?;
    Ok(format!(
        "{protected}..{}.{}.{}",
        text::base64url(&nonce),
        text::base64url(&buffer),
        text::base64url(&tag)
    ))
}

/// Open a compact JWE and give its protected header (JSON) and plaintext. `zip` in the header is the caller's to honour.
/// The caller bounds the length of `compact`.
pub fn open(key: &LinkKey, compact: &str) -> Result<(String, Zeroizing<Vec<u8>>), CryptoError> {
    const WRONG: CryptoError = CryptoError::Malformed("not a compact JWE");
    let mut parts = compact.split('.');
    let (Some(protected), Some(""), Some(nonce), Some(ciphertext), Some(tag), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(WRONG);
    };
    if protected.len() > MAX_HEADER.div_ceil(3) * 4 {
        return Err(CryptoError::TooLarge);
    }
    let json = String::from_utf8(text::unbase64url(protected)?).map_err(|_| WRONG)?;
    pin(&json)?;
    let nonce: [u8; NONCE] = text::unbase64url(nonce)?
        .try_into()
        .map_err(|_| CryptoError::Malformed("JWE initialization vector is not 96 bits"))?;
    let tag: [u8; TAG] =
        text::unbase64url(tag)?.try_into().map_err(|_| CryptoError::Malformed("JWE tag is not 128 bits"))?;
    let mut sealed = text::unbase64url(ciphertext)?;
    sealed.extend_from_slice(&tag);
    let mut buffer = Zeroizing::new(sealed);
    let len = aead::open(&key.0, nonce, protected.as_bytes(), &mut buffer)?;
    buffer.truncate(len);
    Ok((json, buffer))
}
