//! Slots: each gives the root key to whoever holds one secret.
//!
//! A slot has an X25519 key pair. The private half is sealed under what the secret gives; the root key is sealed to the
//! public half with HPKE, so that a new root key reaches every slot without its secret ([`Slot::reseal`]). Layout: crate
//! documentation. Whoever can write the file can seal a root key of their own to the public half; what then opens is an
//! empty stranger's vault, which the anchor in the keystore and the log key's fingerprint tell from the right one.

use zeroize::Zeroizing;

use crate::entropy::draw;
use crate::join::join;
use crate::key::{Key, redacted};
use crate::{
    CryptoError, DeviceKeystore, Entropy, RecoveryPhrase, RootKey, SlotError, SlotId, VaultId, aead, digest,
    hpke, mac,
};

/// How hard Argon2id (RFC 9106) works on a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfStrength {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfStrength {
    /// 64 MiB, 3 passes, 1 lane: about 0.1 s on a desk computer.
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// 19 MiB, 2 passes, 1 lane (OWASP's least); weaker slots are refused.
    pub const FLOOR: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// Most memory that is accepted: 1 GiB.
    pub const MAX_MEMORY_KIB: u32 = 1024 * 1024;
    /// Most lanes that are accepted.
    pub const MAX_LANES: u32 = 16;
    /// Most work that is accepted, as memory in KiB times passes: 8 GiB.
    pub const MAX_WORK: u64 = 8 * 1024 * 1024;

    /// Whether a slot with this strength is made and opened here.
    pub fn accepted(self) -> bool {
        self.memory_kib >= Self::FLOOR.memory_kib
            && self.passes >= Self::FLOOR.passes
            && self.lanes >= 1
            && self.memory_kib <= Self::MAX_MEMORY_KIB
            && self.lanes <= Self::MAX_LANES
            && u64::from(self.memory_kib) * u64::from(self.passes) <= Self::MAX_WORK
    }

    /// Argon2id version 0x13 into `out`.
    pub(crate) fn derive(self, secret: &[u8], salt: &[u8], out: &mut [u8]) -> Result<(), CryptoError> {
        if !self.accepted() {
            return Err(CryptoError::KdfParameters);
        }
        let params = argon2::Params::new(self.memory_kib, self.passes, self.lanes, Some(out.len()))
            .map_err(|_| CryptoError::KdfParameters)?;
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
            .hash_password_into(secret, salt, out)
            .map_err(|_| CryptoError::KdfParameters)
    }
}

/// What kind of secret opens a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlotKind {
    /// A passphrase, through Argon2id.
    Passphrase,
    /// A key of this device's keystore.
    Device,
    /// A recovery phrase of 24 words.
    Recovery,
}

/// Longest keystore label, in bytes.
pub const MAX_LABEL: usize = 128;
/// Most bytes that a keystore may make of 32.
pub const MAX_KEYSTORE_SEALED: usize = 4096;

const MAGIC: &[u8; 4] = b"KSLT";
const VERSION: u8 = 1;
const PASSPHRASE: u8 = 1;
const DEVICE: u8 = 2;
const RECOVERY: u8 = 3;
const SALT: usize = 32;
const SEALED_PRIVATE: usize = aead::NONCE + 32 + aead::TAG;
const SEALED_ROOT: usize = hpke::OVERHEAD + 32;
/// Magic, version, kind, slot id, vault id, length of the opening part.
const FRONT: usize = 4 + 1 + 1 + 16 + 16 + 2;
const BACK: usize = 32 + 32 + SEALED_PRIVATE + SEALED_ROOT + 32;

/// How the secret becomes 32 bytes.
#[derive(Clone, PartialEq, Eq)]
enum Opening {
    Passphrase { strength: KdfStrength, salt: [u8; SALT] },
    Device { label: String, sealed: Vec<u8> },
    Recovery,
}

/// One slot. Holds nothing secret in clear; store [`Slot::to_bytes`].
#[derive(Clone, PartialEq, Eq)]
pub struct Slot {
    id: SlotId,
    vault: VaultId,
    opening: Opening,
    public: [u8; 32],
    commitment: [u8; 32],
    private: [u8; SEALED_PRIVATE],
    root: [u8; SEALED_ROOT],
}

redacted!(Slot);

/// The two keys that come of a slot's secret.
struct SlotKeys {
    seal: Key,
    commit: Key,
}

impl SlotKeys {
    fn new(secret: &Key, id: SlotId) -> Self {
        Self {
            seal: mac::derive(id.as_bytes(), secret, &[b"kosha/v1/slot/seal"]),
            commit: mac::derive(id.as_bytes(), secret, &[b"kosha/v1/slot/commit"]),
        }
    }
}

fn passphrase_secret(passphrase: &[u8], strength: KdfStrength, salt: &[u8]) -> Result<Key, CryptoError> {
    let mut result = Ok(());
    let key = Key::filled_by(|out| result = strength.derive(passphrase, salt, out));
    result.map(|()| key)
}

fn recovery_secret(phrase: &RecoveryPhrase, id: SlotId) -> Key {
    mac::derive(id.as_bytes(), &phrase.0, &[b"kosha/v1/slot/recovery"])
}

fn keystore_aad(id: SlotId, vault: VaultId) -> Vec<u8> {
    [b"kosha/v1/slot/keystore".as_slice(), id.as_bytes(), vault.as_bytes()].concat()
}

impl Slot {
    /// A slot that `passphrase` opens. Empty passphrases are the caller's to refuse.
    pub fn for_passphrase(
        passphrase: &[u8],
        strength: KdfStrength,
        vault: VaultId,
        root: &RootKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, SlotError> {
        let id = SlotId::random(entropy)?;
        let salt = draw(entropy)?;
        let secret = passphrase_secret(passphrase, strength, &salt)?;
        Self::build(id, vault, Opening::Passphrase { strength, salt }, &secret, root, entropy)
    }

    /// A slot that the keystore's key `label` opens. The keystore seals 32 random bytes made for this slot.
    pub fn for_device(
        keystore: &dyn DeviceKeystore,
        label: &str,
        vault: VaultId,
        root: &RootKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, SlotError> {
        if label.is_empty() || label.len() > MAX_LABEL {
            return Err(CryptoError::Malformed("a keystore label is 1 to 128 bytes").into());
        }
        let id = SlotId::random(entropy)?;
        let secret = Key::random(entropy)?;
        let sealed = keystore.seal(label, &keystore_aad(id, vault), secret.expose())?;
        if sealed.is_empty() || sealed.len() > MAX_KEYSTORE_SEALED {
            return Err(CryptoError::TooLarge.into());
        }
        let opening = Opening::Device { label: label.to_owned(), sealed };
        Self::build(id, vault, opening, &secret, root, entropy)
    }

    /// A slot that `phrase` opens. Its 256 random bits need no slow derivation.
    pub fn for_recovery(
        phrase: &RecoveryPhrase,
        vault: VaultId,
        root: &RootKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, SlotError> {
        let id = SlotId::random(entropy)?;
        Self::build(id, vault, Opening::Recovery, &recovery_secret(phrase, id), root, entropy)
    }

    fn build(
        id: SlotId,
        vault: VaultId,
        opening: Opening,
        secret: &Key,
        root: &RootKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, SlotError> {
        let private = hpke::PrivateKey::generate(entropy)?;
        let mut slot = Self {
            id,
            vault,
            opening,
            public: private.public()?,
            commitment: [0; 32],
            private: [0; SEALED_PRIVATE],
            root: [0; SEALED_ROOT],
        };
        let header = slot.header();
        let keys = SlotKeys::new(secret, id);
        slot.commitment = mac::hmac_sha256(keys.commit.expose(), &[&header]);
        let nonce: [u8; aead::NONCE] = draw(entropy)?;
        let mut sealed = Zeroizing::new(*private.expose());
        let tag = aead::seal(&keys.seal, nonce, &header, sealed.as_mut_slice())?;
        slot.private = join(&[&nonce, sealed.as_slice(), &tag]);
        slot.reseal(root, entropy)?;
        Ok(slot)
    }

    /// Put a new root key into the slot. Needs no secret.
    pub fn reseal(&mut self, root: &RootKey, entropy: &dyn Entropy) -> Result<(), SlotError> {
        let sealed =
            hpke::seal(&self.public, b"kosha/v1/slot/root", &self.header(), root.0.expose(), entropy)?;
        self.root = sealed.try_into().map_err(|_| SlotError::Damaged)?;
        Ok(())
    }

    /// The root key, by passphrase. [`SlotError::WrongKey`] when it is another passphrase.
    pub fn open_passphrase(&self, passphrase: &[u8]) -> Result<RootKey, SlotError> {
        match &self.opening {
            Opening::Passphrase { strength, salt } => {
                self.open(&passphrase_secret(passphrase, *strength, salt)?)
            }
            _ => Err(SlotError::OtherKind),
        }
    }

    /// The root key, by recovery phrase. [`SlotError::WrongKey`] when it is another phrase.
    pub fn open_recovery(&self, phrase: &RecoveryPhrase) -> Result<RootKey, SlotError> {
        match &self.opening {
            Opening::Recovery => self.open(&recovery_secret(phrase, self.id)),
            _ => Err(SlotError::OtherKind),
        }
    }

    /// The root key, by the keystore. `reason` is shown to the person.
    ///
    /// [`SlotError::Keystore`] with [`crate::KeystoreError::KeyMissing`] when the device key is gone;
    /// [`SlotError::WrongKey`] when the keystore opened other bytes than it was given, or refused them.
    pub fn open_device(&self, keystore: &dyn DeviceKeystore, reason: &str) -> Result<RootKey, SlotError> {
        let Opening::Device { label, sealed } = &self.opening else {
            return Err(SlotError::OtherKind);
        };
        let secret = match keystore.open(label, &keystore_aad(self.id, self.vault), sealed, reason) {
            Ok(secret) => secret,
            Err(crate::KeystoreError::Refused) => return Err(SlotError::WrongKey),
            Err(error) => return Err(error.into()),
        };
        let secret = Key::copied_from(secret.expose()).map_err(|_| SlotError::WrongKey)?;
        self.open(&secret)
    }

    fn open(&self, secret: &Key) -> Result<RootKey, SlotError> {
        let header = self.header();
        let keys = SlotKeys::new(secret, self.id);
        if !mac::equal(&mac::hmac_sha256(keys.commit.expose(), &[&header]), &self.commitment) {
            return Err(SlotError::WrongKey);
        }
        let (nonce, ciphertext) =
            self.private.split_first_chunk::<{ aead::NONCE }>().ok_or(SlotError::Damaged)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let len = aead::open(&keys.seal, *nonce, &header, &mut buffer).map_err(|_| SlotError::Damaged)?;
        let private = Key::copied_from(buffer.get(..len).unwrap_or_default())?;
        let root = hpke::PrivateKey::from_key(private)
            .open(b"kosha/v1/slot/root", &header, &self.root)
            .map_err(|_| SlotError::Damaged)?;
        Ok(RootKey(Key::copied_from(&root).map_err(|_| SlotError::Damaged)?))
    }

    /// Whether both are the same slot, opened by the same secret; the key inside may be another one.
    pub fn opens_alike(&self, other: &Self) -> bool {
        self.header() == other.header()
            && self.commitment == other.commitment
            && self.private == other.private
    }

    /// Names the slot within its vault.
    pub fn id(&self) -> SlotId {
        self.id
    }

    /// The vault that it belongs to.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// What opens it.
    pub fn kind(&self) -> SlotKind {
        match self.opening {
            Opening::Passphrase { .. } => SlotKind::Passphrase,
            Opening::Device { .. } => SlotKind::Device,
            Opening::Recovery => SlotKind::Recovery,
        }
    }

    /// The keystore label of a device slot, so that its key can be deleted.
    pub fn device_label(&self) -> Option<&str> {
        match &self.opening {
            Opening::Device { label, .. } => Some(label),
            _ => None,
        }
    }

    /// How hard the passphrase is worked on.
    pub fn strength(&self) -> Option<KdfStrength> {
        match self.opening {
            Opening::Passphrase { strength, .. } => Some(strength),
            _ => None,
        }
    }

    /// Everything the commitment covers and both seals bind: from the magic to the public key.
    fn header(&self) -> Vec<u8> {
        let mut part = Vec::new();
        let kind = match &self.opening {
            Opening::Passphrase { strength, salt } => {
                for number in [strength.memory_kib, strength.passes, strength.lanes] {
                    part.extend_from_slice(&number.to_be_bytes());
                }
                part.extend_from_slice(salt);
                PASSPHRASE
            }
            Opening::Device { label, sealed } => {
                // Both lengths were checked when the slot was made or read.
                part.push(u8::try_from(label.len()).unwrap_or(u8::MAX));
                part.extend_from_slice(label.as_bytes());
                part.extend_from_slice(sealed);
                DEVICE
            }
            Opening::Recovery => RECOVERY,
        };
        let len = u16::try_from(part.len()).unwrap_or(u16::MAX).to_be_bytes();
        [MAGIC, &[VERSION, kind][..], self.id.as_bytes(), self.vault.as_bytes(), &len, &part, &self.public]
            .concat()
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = [self.header().as_slice(), &self.commitment, &self.private, &self.root].concat();
        let checksum = digest::sha256(&[&out]);
        out.extend_from_slice(&checksum);
        out
    }

    /// Read stored bytes. [`SlotError::Damaged`] when a bit was changed or cut; parameters out of bounds are refused
    /// before any work is done with them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SlotError> {
        const DAMAGED: SlotError = SlotError::Damaged;
        if bytes.len() > FRONT + 1 + MAX_LABEL + MAX_KEYSTORE_SEALED + BACK {
            return Err(DAMAGED);
        }
        let (content, checksum) = bytes.split_last_chunk::<32>().ok_or(DAMAGED)?;
        if digest::sha256(&[content]) != *checksum {
            return Err(DAMAGED);
        }
        let (magic, rest) = content.split_first_chunk::<4>().ok_or(DAMAGED)?;
        let (&[version, kind], rest) = rest.split_first_chunk::<2>().ok_or(DAMAGED)?;
        if magic != MAGIC {
            return Err(DAMAGED);
        }
        if version != VERSION || !matches!(kind, PASSPHRASE | DEVICE | RECOVERY) {
            return Err(SlotError::Unsupported);
        }
        let (id, rest) = rest.split_first_chunk::<16>().ok_or(DAMAGED)?;
        let (vault, rest) = rest.split_first_chunk::<16>().ok_or(DAMAGED)?;
        let (len, rest) = rest.split_first_chunk::<2>().ok_or(DAMAGED)?;
        let (part, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len))).ok_or(DAMAGED)?;
        let (public, rest) = rest.split_first_chunk::<32>().ok_or(DAMAGED)?;
        let (commitment, rest) = rest.split_first_chunk::<32>().ok_or(DAMAGED)?;
        let (private, root) = rest.split_first_chunk::<SEALED_PRIVATE>().ok_or(DAMAGED)?;
        Ok(Self {
            id: SlotId::from_bytes(*id),
            vault: VaultId::from_bytes(*vault),
            opening: match kind {
                PASSPHRASE => read_passphrase(part)?,
                DEVICE => read_device(part)?,
                _ if part.is_empty() => Opening::Recovery,
                _ => return Err(DAMAGED),
            },
            public: *public,
            commitment: *commitment,
            private: *private,
            root: root.try_into().map_err(|_| DAMAGED)?,
        })
    }
}

fn read_passphrase(part: &[u8]) -> Result<Opening, SlotError> {
    let (numbers, salt) = part.split_first_chunk::<12>().ok_or(SlotError::Damaged)?;
    let [memory, passes, lanes] = numbers.as_chunks::<4>().0 else {
        return Err(SlotError::Damaged);
    };
    let strength = KdfStrength {
        memory_kib: u32::from_be_bytes(*memory),
        passes: u32::from_be_bytes(*passes),
        lanes: u32::from_be_bytes(*lanes),
    };
    if !strength.accepted() {
        return Err(CryptoError::KdfParameters.into());
    }
    Ok(Opening::Passphrase { strength, salt: salt.try_into().map_err(|_| SlotError::Damaged)? })
}

fn read_device(part: &[u8]) -> Result<Opening, SlotError> {
    let (len, rest) = part.split_first().ok_or(SlotError::Damaged)?;
    let (label, sealed) = rest.split_at_checked(usize::from(*len)).ok_or(SlotError::Damaged)?;
    let fits = (1..=MAX_LABEL).contains(&label.len()) && (1..=MAX_KEYSTORE_SEALED).contains(&sealed.len());
    match std::str::from_utf8(label) {
        Ok(label) if fits => Ok(Opening::Device { label: label.to_owned(), sealed: sealed.to_vec() }),
        _ => Err(SlotError::Damaged),
    }
}
