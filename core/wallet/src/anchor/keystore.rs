//! Anchors behind a platform's keystore: the bytes may lie anywhere, yet an older one no longer opens.

use std::sync::Arc;

use kosha_crypto::{DeviceKeystore, KeystoreError};

use super::{AnchorStore, AnchorStoreError};

/// Version of what is handed to the store below.
const VERSION: u8 = 1;
/// The two keys that take turns; each write makes a new one and destroys the other.
const TURNS: [u8; 2] = [b'a', b'b'];
/// What the phone says, should it ask the person for anything.
const REASON: &str = "Check that these are your newest records";

/// Seals every anchor under a key of its own in the keystore and destroys the key of the one before. Who puts an older
/// anchor back, with or without an older vault, has put back something that no key opens.
///
/// Keys are named `kosha-anchor-<name>-a` and `-b`. The keystore should give them without asking the person: they guard
/// nothing secret. What goes to the store below is `01`, the letter, and what the keystore sealed; the associated data is
/// `kosha/anchor/v1` and the name.
pub struct KeystoreAnchors {
    keystore: Arc<dyn DeviceKeystore>,
    bytes: Arc<dyn AnchorStore>,
}

impl KeystoreAnchors {
    /// Keys in `keystore`, sealed bytes in `bytes`.
    pub fn new(keystore: Arc<dyn DeviceKeystore>, bytes: Arc<dyn AnchorStore>) -> Self {
        Self { keystore, bytes }
    }

    /// Which key the bytes were sealed with, and what it sealed.
    fn parts(bytes: &[u8]) -> Option<(u8, &[u8])> {
        match bytes {
            [VERSION, turn, sealed @ ..] if TURNS.contains(turn) => Some((*turn, sealed)),
            _ => None,
        }
    }
}

fn label(name: &str, turn: u8) -> String {
    format!("kosha-anchor-{name}-{}", char::from(turn))
}

fn aad(name: &str) -> Vec<u8> {
    [b"kosha/anchor/v1".as_slice(), name.as_bytes()].concat()
}

impl AnchorStore for KeystoreAnchors {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, AnchorStoreError> {
        let Some(bytes) = self.bytes.read(name)? else { return Ok(None) };
        let (turn, sealed) = Self::parts(&bytes).ok_or(AnchorStoreError::Replaced)?;
        match self.keystore.open(&label(name, turn), &aad(name), sealed, REASON) {
            Ok(anchor) => Ok(Some(anchor.expose().to_vec())),
            Err(KeystoreError::KeyMissing | KeystoreError::Refused) => Err(AnchorStoreError::Replaced),
            Err(_) => Err(AnchorStoreError::Unavailable),
        }
    }

    fn write(&self, name: &str, anchor: &[u8]) -> Result<(), AnchorStoreError> {
        let unavailable = |_: KeystoreError| AnchorStoreError::Unavailable;
        let before = self.bytes.read(name)?;
        let before = before.as_deref().and_then(Self::parts).map(|(turn, _)| turn);
        let (turn, other) = if before == Some(b'a') { (b'b', b'a') } else { (b'a', b'b') };
        // Whatever this key sealed in an earlier turn must not open with the new one.
        self.keystore.delete(&label(name, turn)).map_err(unavailable)?;
        let sealed = self.keystore.seal(&label(name, turn), &aad(name), anchor).map_err(unavailable)?;
        self.bytes.write(name, &[&[VERSION, turn], sealed.as_slice()].concat())?;
        self.keystore.delete(&label(name, other)).map_err(unavailable)
    }
}

impl std::fmt::Debug for KeystoreAnchors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeystoreAnchors(..)")
    }
}
