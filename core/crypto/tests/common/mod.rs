//! A repeatable source of randomness, a keystore in memory, and one vault's worth of keys.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use kosha_crypto::digest::sha256;
use kosha_crypto::{
    Availability, CryptoError, DeviceKeystore, Entropy, KeystoreError, PersonKeys, Place, RecordId, RootKey,
    Secret, VaultId, VaultKeys, Version, WriterId,
};

/// SHA-256 of seed and counter, block after block.
pub(crate) struct Counted(Mutex<(u64, u64, Vec<u8>)>);

impl Counted {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new((seed, 0, Vec::new())))
    }
}

impl Entropy for Counted {
    fn fill(&self, out: &mut [u8]) -> Result<(), CryptoError> {
        let mut state = self.0.lock().unwrap();
        for byte in out {
            if state.2.is_empty() {
                state.2 = sha256(&[&state.0.to_be_bytes(), &state.1.to_be_bytes()]).to_vec();
                state.1 += 1;
            }
            *byte = state.2.pop().unwrap();
        }
        Ok(())
    }
}

/// Has no randomness at all.
pub(crate) struct Dry;

impl Entropy for Dry {
    fn fill(&self, _: &mut [u8]) -> Result<(), CryptoError> {
        Err(CryptoError::Entropy)
    }
}

/// A keystore whose "sealed" bytes are a reference into its own memory, with the associated data kept beside.
#[derive(Default)]
pub(crate) struct MemoryKeystore(Mutex<HashMap<String, Vec<Held>>>);

/// Associated data and secret.
type Held = (Vec<u8>, Vec<u8>);

impl DeviceKeystore for MemoryKeystore {
    fn seal(&self, label: &str, aad: &[u8], secret: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        let mut keys = self.0.lock().unwrap();
        let held = keys.entry(label.to_owned()).or_default();
        held.push((aad.to_vec(), secret.to_vec()));
        Ok(format!("sealed {}", held.len() - 1).into_bytes())
    }

    fn open(&self, label: &str, aad: &[u8], sealed: &[u8], reason: &str) -> Result<Secret, KeystoreError> {
        assert!(!reason.is_empty());
        let keys = self.0.lock().unwrap();
        let held = keys.get(label).ok_or(KeystoreError::KeyMissing)?;
        let index: usize = std::str::from_utf8(sealed)
            .ok()
            .and_then(|text| text.strip_prefix("sealed ")?.parse().ok())
            .ok_or(KeystoreError::Refused)?;
        let (kept, secret) = held.get(index).ok_or(KeystoreError::Refused)?;
        if kept != aad {
            return Err(KeystoreError::Refused);
        }
        Ok(Secret::new(secret.clone()))
    }

    fn delete(&self, label: &str) -> Result<(), KeystoreError> {
        self.0.lock().unwrap().remove(label);
        Ok(())
    }

    fn availability(&self) -> Availability {
        Availability::Software
    }
}

pub(crate) const VAULT: VaultId = VaultId::from_bytes([0x11; 16]);
pub(crate) const OTHER_VAULT: VaultId = VaultId::from_bytes([0x12; 16]);
pub(crate) const RECORD: RecordId = RecordId::from_bytes([0x22; 16]);
pub(crate) const WRITER: WriterId = WriterId::from_bytes([0x33; 16]);

pub(crate) const fn version(counter: u64) -> Version {
    Version { writer: WRITER, counter }
}

pub(crate) const fn place() -> Place {
    Place::record(VAULT, RECORD, version(7))
}

/// The keys of a vault with one person.
pub(crate) struct Keys {
    pub(crate) root: RootKey,
    pub(crate) person: PersonKeys,
    pub(crate) vault: VaultKeys,
}

pub(crate) fn keys(entropy: &dyn Entropy) -> Keys {
    Keys {
        root: RootKey::generate(entropy).unwrap(),
        person: PersonKeys::generate(entropy).unwrap(),
        vault: VaultKeys::generate(entropy).unwrap(),
    }
}

/// Lowercase hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Each way to turn one bit of `bytes` over.
pub(crate) fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..bytes.len() * 8).map(|bit| {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    })
}
