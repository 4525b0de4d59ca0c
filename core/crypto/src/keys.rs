//! Handles of the vault's keys. Each does one thing, shows no bytes, and wipes itself.

use zeroize::Zeroizing;

use crate::aead::Opener;
use crate::entropy::{Entropy, draw};
use crate::key::{Key, redacted};
use crate::place::{Field, Place};
use crate::{CryptoError, HeaderKeyId, VaultId, envelope, mac};

/// The vault root key: 32 random bytes that wrap the key sets and nothing else, so that it can be replaced cheaply.
pub struct RootKey(pub(crate) Key);

impl RootKey {
    /// A new root key.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Key::random(entropy).map(Self)
    }

    /// The same key once more, for another thread. Each of them wipes itself.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(Key::filled_by(|out| out.copy_from_slice(self.0.expose())))
    }

    fn wrapping(&self) -> Key {
        mac::derive(&[], &self.0, &[b"kosha/v1/root/wrap"])
    }

    /// Seal a serialised key set.
    pub(crate) fn seal_keys(
        &self,
        place: &Place,
        key_id: Option<&[u8; 16]>,
        keys: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        envelope::seal(&self.wrapping(), key_id, place, Field::Key, draw(entropy)?, keys)
    }

    /// Open what [`RootKey::seal_keys`] gave.
    pub(crate) fn open_keys<'b>(
        &self,
        place: &Place,
        key_id: Option<&[u8; 16]>,
        sealed: &[u8],
        buffer: &'b mut Zeroizing<Vec<u8>>,
    ) -> Result<&'b [u8], CryptoError> {
        envelope::open_into(&self.wrapping(), key_id, place, Field::Key, sealed, buffer)
    }
}

/// Seals the headers of one person's records.
pub struct HeaderKey {
    pub(crate) id: HeaderKeyId,
    pub(crate) key: Key,
}

impl HeaderKey {
    pub(crate) fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Ok(Self { id: HeaderKeyId::random(entropy)?, key: Key::random(entropy)? })
    }

    /// The id that stands in each header's envelope.
    pub fn id(&self) -> HeaderKeyId {
        self.id
    }

    /// Seal a header.
    pub fn seal(&self, place: &Place, header: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, CryptoError> {
        self.seal_with(place, header, draw(entropy)?)
    }

    pub(crate) fn seal_with(
        &self,
        place: &Place,
        header: &[u8],
        nonce: [u8; 12],
    ) -> Result<Vec<u8>, CryptoError> {
        envelope::seal(&self.key, Some(self.id.as_bytes()), place, Field::Header, nonce, header)
    }

    /// Open a header into `buffer`, which is reused from header to header so that a scan allocates once.
    /// [`CryptoError::UnknownKey`] when the header belongs to another key.
    pub fn open_into<'b>(
        &self,
        place: &Place,
        sealed: &[u8],
        buffer: &'b mut Zeroizing<Vec<u8>>,
    ) -> Result<&'b [u8], CryptoError> {
        envelope::open_into(&self.key, Some(self.id.as_bytes()), place, Field::Header, sealed, buffer)
    }

    /// Start opening many headers.
    pub fn opener(&self) -> Result<HeaderOpener, CryptoError> {
        Ok(HeaderOpener { id: self.id, opener: Opener::new(&self.key)? })
    }
}

/// Opens the headers of one person; made for one scan, since its key schedule cannot be wiped in place.
pub struct HeaderOpener {
    id: HeaderKeyId,
    opener: Opener,
}

impl HeaderOpener {
    /// Whether this header was sealed by the opener's key.
    pub fn fits(&self, sealed: &[u8]) -> bool {
        envelope::header_key_id(sealed) == Ok(self.id)
    }

    /// As [`HeaderKey::open_into`].
    pub fn open_into<'b>(
        &self,
        place: &Place,
        sealed: &[u8],
        buffer: &'b mut Zeroizing<Vec<u8>>,
    ) -> Result<&'b [u8], CryptoError> {
        envelope::open_with(&self.opener, Some(self.id.as_bytes()), place, Field::Header, sealed, buffer)
    }
}

/// Seals small things directly: items, and whatever the vault describes outside of records.
pub struct ItemKey(pub(crate) Key);

impl ItemKey {
    /// Seal `plain` as `field` of `place`.
    pub fn seal(
        &self,
        place: &Place,
        field: Field,
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        envelope::seal(&self.0, None, place, field, draw(entropy)?, plain)
    }

    /// Open into `buffer`.
    pub fn open_into<'b>(
        &self,
        place: &Place,
        field: Field,
        sealed: &[u8],
        buffer: &'b mut Zeroizing<Vec<u8>>,
    ) -> Result<&'b [u8], CryptoError> {
        envelope::open_into(&self.0, None, place, field, sealed, buffer)
    }
}

/// A key for one record version, document or log entry; dropping its wrapped form shreds what it sealed.
pub struct RecordKey(pub(crate) Key);

impl RecordKey {
    /// A new key, for [`crate::Epochs::wrap_record`].
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Key::random(entropy).map(Self)
    }

    /// Seal `plain` as `field` of `place`. Each field is sealed once in the life of the key.
    pub fn seal(
        &self,
        place: &Place,
        field: Field,
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        self.seal_with(place, field, plain, draw(entropy)?)
    }

    pub(crate) fn seal_with(
        &self,
        place: &Place,
        field: Field,
        plain: &[u8],
        nonce: [u8; 12],
    ) -> Result<Vec<u8>, CryptoError> {
        envelope::seal(&self.0, None, place, field, nonce, plain)
    }

    /// Open into `buffer`.
    pub fn open_into<'b>(
        &self,
        place: &Place,
        field: Field,
        sealed: &[u8],
        buffer: &'b mut Zeroizing<Vec<u8>>,
    ) -> Result<&'b [u8], CryptoError> {
        envelope::open_into(&self.0, None, place, field, sealed, buffer)
    }
}

/// A key for one attachment's content ([`crate::stream`]).
pub struct AttachmentKey(pub(crate) Key);

impl AttachmentKey {
    /// A new key, for [`crate::Epochs::wrap_attachment`].
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Key::random(entropy).map(Self)
    }
}

/// Seals the state row and keys the set hash.
pub struct StateKey {
    pub(crate) seed: Key,
    seal: Key,
    pub(crate) set: Key,
}

impl StateKey {
    pub(crate) fn from_seed(seed: Key) -> Self {
        Self {
            seal: mac::derive(&[], &seed, &[b"kosha/v1/state/seal"]),
            set: mac::derive(&[], &seed, &[b"kosha/v1/state/set-hash"]),
            seed,
        }
    }

    /// Seal the state as it stands at `sequence`.
    pub fn seal(
        &self,
        vault: VaultId,
        sequence: u64,
        state: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let place = Place::state(vault, sequence);
        envelope::seal(&self.seal, None, &place, Field::Body, draw(entropy)?, state)
    }

    /// The key of the snapshots ([`Place::snapshot`]), sealed as streams. It goes with the state key, so a snapshot from
    /// before a replacement of the vault's keys does not open.
    pub fn snapshot(&self) -> AttachmentKey {
        AttachmentKey(mac::derive(&[], &self.seed, &[b"kosha/v1/state/snapshot"]))
    }

    /// Open the state; `sequence` is the one it was sealed at.
    pub fn open_into<'b>(
        &self,
        vault: VaultId,
        sequence: u64,
        sealed: &[u8],
        buffer: &'b mut Zeroizing<Vec<u8>>,
    ) -> Result<&'b [u8], CryptoError> {
        let place = Place::state(vault, sequence);
        envelope::open_into(&self.seal, None, &place, Field::Body, sealed, buffer)
    }
}

redacted!(RootKey, HeaderKey, HeaderOpener, ItemKey, RecordKey, AttachmentKey, StateKey);
