//! Short-lived tickets of the relay: a payload that anyone may read and only the relay can make.

use crate::key::{Key, redacted};
use crate::{CryptoError, Entropy, mac, text};

/// Longest payload, in bytes.
pub const MAX_PAYLOAD: usize = 1024;

const VERSION: u8 = 1;
const MAC: usize = 32;
const LABEL: &[u8] = b"kosha/v1/ticket";

/// Makes and checks tickets.
pub struct TicketKey(Key);

redacted!(TicketKey);

impl TicketKey {
    /// A new key; tickets of another key are refused.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Key::random(entropy).map(Self)
    }

    /// A key that several relays share: 32 random bytes out of their common store.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Key::filled_by(|out| out.copy_from_slice(bytes)))
    }

    /// A ticket: base64url of version, payload, HMAC-SHA256 (`kosha/v1/ticket`, version, payload).
    pub fn seal(&self, payload: &[u8]) -> Result<String, CryptoError> {
        if payload.len() > MAX_PAYLOAD {
            return Err(CryptoError::TooLarge);
        }
        let mac = mac::hmac_sha256(self.0.expose(), &[LABEL, &[VERSION], payload]);
        Ok(text::base64url(&[&[VERSION], payload, &mac].concat()))
    }

    /// The payload of a ticket that this key made. Expiry is the caller's to put in and to check.
    pub fn open(&self, ticket: &str) -> Result<Vec<u8>, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("ticket");
        if ticket.len() > (1 + MAX_PAYLOAD + MAC).div_ceil(3) * 4 {
            return Err(CryptoError::TooLarge);
        }
        let bytes = text::unbase64url(ticket)?;
        let (version, rest) = bytes.split_first().ok_or(WRONG)?;
        let (payload, mac) = rest.split_last_chunk::<MAC>().ok_or(WRONG)?;
        if *version != VERSION {
            return Err(CryptoError::Unsupported);
        }
        if !mac::equal(&mac::hmac_sha256(self.0.expose(), &[LABEL, &[VERSION], payload]), mac) {
            return Err(CryptoError::Refused);
        }
        Ok(payload.to_vec())
    }
}
