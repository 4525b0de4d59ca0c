//! Bearer tokens of 32 random bytes. The other side keeps only a hash.

use zeroize::Zeroizing;

use crate::key::{Key, redacted};
use crate::{CryptoError, Entropy, digest, mac, text};

/// A secret that proves by being shown.
pub struct Token(Key);

redacted!(Token);

impl Token {
    /// A new token.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Key::random(entropy).map(Self)
    }

    pub(crate) fn from_key(key: Key) -> Self {
        Self(key)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// From its 43 characters.
    pub fn from_text(token: &str) -> Result<Self, CryptoError> {
        Key::copied_from(text::unbase64url_32(token)?.as_slice()).map(Self)
    }

    /// Its 43 characters, to be shown to the other side over TLS.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(text::base64url(self.0.expose()))
    }

    /// SHA-256 of its 32 bytes, base64url: what the other side keeps. A slow hash is not needed for 256 random bits.
    pub fn hash_text(&self) -> String {
        text::base64url(&digest::sha256(&[self.0.expose()]))
    }
}

/// Whether `token_text` is the token behind `hash_text`, in a time that does not depend on where they differ.
/// Anything malformed is simply not it.
pub fn verify(hash_text: &str, token_text: &str) -> bool {
    let (Ok(hash), Ok(token)) = (text::unbase64url_32(hash_text), text::unbase64url_32(token_text)) else {
        return false;
    };
    mac::equal(&hash, &digest::sha256(&[token.as_slice()]))
}
