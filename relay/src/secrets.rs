//! The relay's use of `kosha-crypto`: what it hashes, seals and signs, with nothing else of the relay in it.

use kosha_crypto::{CryptoError, Entropy, PasscodeHash, TicketKey, link};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::store::IdHash;

/// SHA-256 of the id in a link's address; `None` when it is not 43 characters of base64url.
pub(crate) fn id_hash(id: &str) -> Option<IdHash> {
    link::id_hash(id).ok()
}

/// SHA-256 of a management token. It is a digest of 256 random bits that is compared later, so the time that takes
/// tells nothing of use.
pub(crate) fn management_hash(token: &str) -> Option<[u8; 32]> {
    hash_text(&kosha_crypto::Token::from_text(token).ok()?.hash_text())
}

/// The 32 bytes of a hash in base64url.
pub(crate) fn hash_text(text: &str) -> Option<[u8; 32]> {
    if text.len() != 43 {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// The slow hash of a passcode, to be stored; about 25 ms and 19 MiB.
pub(crate) fn hash_passcode(passcode: &str, entropy: &dyn Entropy) -> Option<String> {
    PasscodeHash::create(passcode, entropy).ok().map(|hash| hash.to_text())
}

/// Whether a passcode is the one behind a stored hash; `None` when that cannot be found out.
pub(crate) fn verify_passcode(hash: &str, passcode: &str) -> Option<bool> {
    PasscodeHash::from_text(hash).ok()?.verify(passcode).ok()
}

/// Seals a view record to the key that its link brought along; `None` when that key is no X25519 key to seal to.
pub(crate) fn seal_view(key: &str, id: &IdHash, plain: &[u8], entropy: &dyn Entropy) -> Option<String> {
    link::seal_view(key, id, plain, entropy).ok()
}

/// Makes and reads the tickets in a manifest's locations. The key is drawn at the start and never stored: the data
/// folder holds no key, and a restart ends the tickets of the last ten minutes.
pub(crate) struct Tickets(TicketKey);

impl Tickets {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        TicketKey::generate(entropy).map(Self)
    }

    /// A ticket for file `idx` of a link, good before `until` (Unix seconds).
    pub(crate) fn issue(&self, id: &IdHash, idx: u32, until: u64) -> Option<String> {
        let payload = [id.as_slice(), &idx.to_be_bytes(), &until.to_be_bytes()].concat();
        self.0.seal(&payload).ok()
    }

    /// What a ticket is for, if this relay made it and it is still good.
    pub(crate) fn open(&self, ticket: &str, now: u64) -> Option<(IdHash, u32)> {
        let payload = self.0.open(ticket).ok()?;
        let (id, rest) = payload.split_first_chunk::<32>()?;
        let (idx, rest) = rest.split_first_chunk::<4>()?;
        let until: [u8; 8] = rest.try_into().ok()?;
        (now < u64::from_be_bytes(until)).then(|| (*id, u32::from_be_bytes(*idx)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kosha_crypto::SystemEntropy;

    #[test]
    fn a_ticket_opens_until_its_time_and_only_here() {
        let tickets = Tickets::new(&SystemEntropy).unwrap();
        let ticket = tickets.issue(&[7; 32], 3, 1_000).unwrap();
        assert_eq!(tickets.open(&ticket, 999), Some(([7; 32], 3)));
        assert_eq!(tickets.open(&ticket, 1_000), None);
        assert_eq!(Tickets::new(&SystemEntropy).unwrap().open(&ticket, 999), None);
        assert_eq!(tickets.open(&ticket[1..], 999), None);
        assert_eq!(tickets.open("", 0), None);
    }
}
