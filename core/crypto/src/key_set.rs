//! Key sets: all that the root key wraps. One per person, one for the vault itself.

use zeroize::Zeroizing;

use crate::entropy::{Entropy, draw};
use crate::envelope::{self, WRAPPED_KEY_LEN};
use crate::key::{Key, redacted};
use crate::keys::{AttachmentKey, HeaderKey, ItemKey, RecordKey, RootKey, StateKey};
use crate::place::{Field, Place};
use crate::{CryptoError, EpochId, HeaderKeyId, VaultId};

/// Most epoch keys that one set may hold. Older ones are retired when their keys have been wrapped anew.
pub const MAX_EPOCHS: usize = 1024;

const LAYOUT: u8 = 1;

/// Wraps the record and attachment keys made while it is current.
pub struct EpochKey {
    id: EpochId,
    key: Key,
}

impl EpochKey {
    fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Ok(Self { id: EpochId::random(entropy)?, key: Key::random(entropy)? })
    }

    /// The id that stands in each key it wraps.
    pub fn id(&self) -> EpochId {
        self.id
    }
}

/// The current epoch key, and the older ones that still open what they wrapped.
pub struct Epochs {
    current: EpochKey,
    older: Vec<EpochKey>,
}

impl Epochs {
    fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Ok(Self { current: EpochKey::generate(entropy)?, older: Vec::new() })
    }

    /// The key that wraps now.
    pub fn current(&self) -> &EpochKey {
        &self.current
    }

    /// Whether the set holds the key `epoch`.
    pub fn contains(&self, epoch: EpochId) -> bool {
        self.find(epoch).is_ok()
    }

    fn find(&self, epoch: EpochId) -> Result<&EpochKey, CryptoError> {
        std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id == epoch)
            .ok_or(CryptoError::UnknownKey)
    }

    /// Start a new epoch. The key of the last one stays until [`Epochs::retire_older`]. Store the set before using it.
    pub fn roll(&mut self, entropy: &dyn Entropy) -> Result<(), CryptoError> {
        if self.older.len() + 2 > MAX_EPOCHS {
            return Err(CryptoError::TooLarge);
        }
        let last = std::mem::replace(&mut self.current, EpochKey::generate(entropy)?);
        self.older.push(last);
        Ok(())
    }

    /// Forget all epoch keys but the current one. What they wrapped and was not wrapped anew is gone for good.
    pub fn retire_older(&mut self) {
        self.older.clear();
    }

    fn wrap(&self, place: &Place, nonce: [u8; 12], key: &Key) -> Result<[u8; WRAPPED_KEY_LEN], CryptoError> {
        envelope::wrap(&self.current.key, self.current.id.as_bytes(), place, nonce, key)
    }

    fn unwrap(&self, place: &Place, wrapped: &[u8]) -> Result<Key, CryptoError> {
        let epoch = self.find(envelope::wrapped_epoch(wrapped)?)?;
        envelope::unwrap(&epoch.key, place, wrapped)
    }

    /// Wrap the key of a record version, document or log entry under the current epoch.
    pub fn wrap_record(
        &self,
        place: &Place,
        key: &RecordKey,
        entropy: &dyn Entropy,
    ) -> Result<[u8; WRAPPED_KEY_LEN], CryptoError> {
        self.wrap(place, draw(entropy)?, &key.0)
    }

    /// Unwrap it again, whichever epoch of this set wrapped it.
    pub fn unwrap_record(&self, place: &Place, wrapped: &[u8]) -> Result<RecordKey, CryptoError> {
        self.unwrap(place, wrapped).map(RecordKey)
    }

    /// Wrap the key of an attachment under the current epoch.
    pub fn wrap_attachment(
        &self,
        place: &Place,
        key: &AttachmentKey,
        entropy: &dyn Entropy,
    ) -> Result<[u8; WRAPPED_KEY_LEN], CryptoError> {
        self.wrap(place, draw(entropy)?, &key.0)
    }

    /// Unwrap it again, whichever epoch of this set wrapped it.
    pub fn unwrap_attachment(&self, place: &Place, wrapped: &[u8]) -> Result<AttachmentKey, CryptoError> {
        self.unwrap(place, wrapped).map(AttachmentKey)
    }

    /// Wrap under the current epoch of this set what `from` (this set or another) can unwrap.
    pub fn rewrap(
        &self,
        from: &Self,
        place: &Place,
        wrapped: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<[u8; WRAPPED_KEY_LEN], CryptoError> {
        self.wrap(place, draw(entropy)?, &from.unwrap(place, wrapped)?)
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), CryptoError> {
        let count = u16::try_from(self.older.len() + 1).map_err(|_| CryptoError::TooLarge)?;
        out.extend_from_slice(&count.to_be_bytes());
        for epoch in std::iter::once(&self.current).chain(&self.older) {
            out.extend_from_slice(epoch.id.as_bytes());
            out.extend_from_slice(epoch.key.expose());
        }
        Ok(())
    }

    fn serialised_len(&self) -> usize {
        2 + 48 * (self.older.len() + 1)
    }

    fn read(bytes: &[u8]) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("key set");
        let (count, rest) = bytes.split_first_chunk::<2>().ok_or(WRONG)?;
        let count = usize::from(u16::from_be_bytes(*count));
        let (entries, remainder) = rest.as_chunks::<48>();
        if count > MAX_EPOCHS || entries.len() != count || !remainder.is_empty() {
            return Err(WRONG);
        }
        let mut epochs = entries.iter().map(|entry| {
            let (id, key) = entry.split_first_chunk::<16>().ok_or(WRONG)?;
            Ok(EpochKey { id: EpochId::from_bytes(*id), key: Key::copied_from(key)? })
        });
        let current = epochs.next().ok_or(WRONG)??;
        Ok(Self { current, older: epochs.collect::<Result<_, CryptoError>>()? })
    }
}

/// All keys of one person: whoever holds these can read that person's records and no other's.
pub struct PersonKeys {
    header: HeaderKey,
    epochs: Epochs,
}

/// One record version, sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedRecord {
    /// The record key under the current epoch.
    pub key: [u8; WRAPPED_KEY_LEN],
    /// The header, keyed envelope.
    pub header: Vec<u8>,
    /// The body, plain envelope.
    pub body: Vec<u8>,
    /// The searched text, plain envelope, where it was given.
    pub text: Option<Vec<u8>>,
}

impl std::fmt::Debug for SealedRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedRecord(…)")
    }
}

impl PersonKeys {
    /// New keys, for a new person or to replace a set after a deletion: then seal each header anew under the new
    /// [`HeaderKey`], [`Epochs::rewrap`] each record key from the old set, and drop the old set.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Ok(Self { header: HeaderKey::generate(entropy)?, epochs: Epochs::generate(entropy)? })
    }

    /// Seals and opens this person's headers.
    pub fn header(&self) -> &HeaderKey {
        &self.header
    }

    /// Wraps and unwraps this person's record keys.
    pub fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// The same, to roll or retire epochs; wrap and store the set afterwards.
    pub fn epochs_mut(&mut self) -> &mut Epochs {
        &mut self.epochs
    }

    /// Seal a new version of a record under a key of its own: one draw of randomness, one call.
    /// `text` is sealed apart, so that the search index is filled without opening bodies.
    pub fn seal_record(
        &self,
        place: &Place,
        header: &[u8],
        body: &[u8],
        text: Option<&[u8]>,
        entropy: &dyn Entropy,
    ) -> Result<SealedRecord, CryptoError> {
        let mut random = Zeroizing::new([0u8; 32 + 4 * 12]);
        entropy.fill(random.as_mut_slice())?;
        let (key, nonces) = random.split_at(32);
        let key = RecordKey(Key::copied_from(key)?);
        let [wrap, head, main, search] = nonces.as_chunks::<12>().0 else {
            return Err(CryptoError::Entropy);
        };
        Ok(SealedRecord {
            key: self.epochs.wrap(place, *wrap, &key.0)?,
            header: self.header.seal_with(place, header, *head)?,
            body: key.seal_with(place, Field::Body, body, *main)?,
            text: match text {
                Some(text) => Some(key.seal_with(place, Field::Text, text, *search)?),
                None => None,
            },
        })
    }

    /// Seal the set under the root key. Do it again when the root key or an epoch changes.
    pub fn wrap(
        &self,
        root: &RootKey,
        vault: VaultId,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(49 + self.epochs.serialised_len()));
        plain.push(LAYOUT);
        plain.extend_from_slice(self.header.id.as_bytes());
        plain.extend_from_slice(self.header.key.expose());
        self.epochs.write(&mut plain)?;
        root.seal_keys(&Place::person_keys(vault), Some(self.header.id.as_bytes()), &plain, entropy)
    }

    /// Open a wrapped set.
    pub fn unwrap(root: &RootKey, vault: VaultId, wrapped: &[u8]) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("key set");
        let id = envelope::header_key_id(wrapped)?;
        let mut buffer = Zeroizing::new(Vec::new());
        let plain = root.open_keys(&Place::person_keys(vault), Some(id.as_bytes()), wrapped, &mut buffer)?;
        let rest = after_layout(plain)?;
        let (inner, rest) = rest.split_first_chunk::<16>().ok_or(WRONG)?;
        let (key, rest) = rest.split_first_chunk::<32>().ok_or(WRONG)?;
        if inner != id.as_bytes() {
            return Err(WRONG);
        }
        Ok(Self {
            header: HeaderKey { id: HeaderKeyId::from_bytes(*inner), key: Key::copied_from(key)? },
            epochs: Epochs::read(rest)?,
        })
    }
}

fn after_layout(plain: &[u8]) -> Result<&[u8], CryptoError> {
    match plain.split_first() {
        Some((&LAYOUT, rest)) => Ok(rest),
        Some(_) => Err(CryptoError::Unsupported),
        None => Err(CryptoError::Malformed("key set")),
    }
}

/// The vault's own keys: what belongs to no single person.
pub struct VaultKeys {
    items: ItemKey,
    state: StateKey,
    epochs: Epochs,
}

impl VaultKeys {
    /// New keys, for a new vault or to replace the set after a deletion: then seal items and state anew, recompute the
    /// set hash, [`Epochs::rewrap`] the keys of attachments, documents and log entries, wrap the log signer anew.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Ok(Self {
            items: ItemKey(Key::random(entropy)?),
            state: StateKey::from_seed(Key::random(entropy)?),
            epochs: Epochs::generate(entropy)?,
        })
    }

    /// Seals items.
    pub fn items(&self) -> &ItemKey {
        &self.items
    }

    /// Seals the state and keys the set hash.
    pub fn state(&self) -> &StateKey {
        &self.state
    }

    /// Wraps the keys of attachments, documents, log entries and the log signer.
    pub fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// The same, to roll or retire epochs; wrap and store the set afterwards.
    pub fn epochs_mut(&mut self) -> &mut Epochs {
        &mut self.epochs
    }

    /// Seal the set under the root key.
    pub fn wrap(
        &self,
        root: &RootKey,
        vault: VaultId,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(65 + self.epochs.serialised_len()));
        plain.push(LAYOUT);
        plain.extend_from_slice(self.items.0.expose());
        plain.extend_from_slice(self.state.seed.expose());
        self.epochs.write(&mut plain)?;
        root.seal_keys(&Place::vault_keys(vault), None, &plain, entropy)
    }

    /// Open a wrapped set.
    pub fn unwrap(root: &RootKey, vault: VaultId, wrapped: &[u8]) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("key set");
        let mut buffer = Zeroizing::new(Vec::new());
        let plain = root.open_keys(&Place::vault_keys(vault), None, wrapped, &mut buffer)?;
        let rest = after_layout(plain)?;
        let (items, rest) = rest.split_first_chunk::<32>().ok_or(WRONG)?;
        let (state, rest) = rest.split_first_chunk::<32>().ok_or(WRONG)?;
        Ok(Self {
            items: ItemKey(Key::copied_from(items)?),
            state: StateKey::from_seed(Key::copied_from(state)?),
            epochs: Epochs::read(rest)?,
        })
    }
}

redacted!(EpochKey, Epochs, PersonKeys, VaultKeys);
