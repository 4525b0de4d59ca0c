//! New keys for the whole vault.

use kosha_fhir::Language;
use kosha_vault::{Durability, NewDeviceKey, Rotation};
use serde::Serialize;

use crate::words::WORDS;
use crate::{Error, Session};

/// What the phone says while it asks for a finger.
pub(crate) fn prompt(language: Language) -> &'static str {
    WORDS.text(language, "prompt-rotate")
}

/// What giving the vault new keys did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// This device got a new key of its keystore.
    #[serde(rename = "deviceKey")]
    pub device_key: bool,
    /// Keys of this device's keystore that are to be destroyed and are not yet; tried again at each unlock.
    #[serde(rename = "oldKeysLeft")]
    pub old_keys_left: usize,
    /// Other devices with a key for this vault; theirs were not replaced, and open older copies that they hold.
    #[serde(rename = "otherDevices")]
    pub other_devices: usize,
    /// What was replaced is overwritten on the disk. Where the system refused, the next unlock does it.
    pub cleared: bool,
}

impl Session {
    /// Gives the vault new keys throughout. Whoever learnt an older key, or took this device's key together with an older
    /// copy of the vault, opens nothing that is written from now on. [`Error::Damaged`]: nothing was changed.
    pub fn rotate(&mut self) -> Result<Rotated, Error> {
        let key = self.renewed_device_key()?;
        let environment = self.environment().clone();
        let now_ms = environment.now_ms();
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        tx.log(now_ms, "keys-replaced", "the vault has new keys")?;
        let rotation = tx.commit_with_new_keys(key.as_ref(), &|step| environment.steps.reached(step))?;
        Ok(self.rotated(key.as_ref(), rotation))
    }

    /// A new key of this device's keystore, where the old one opens the vault.
    pub(crate) fn renewed_device_key(&mut self) -> Result<Option<NewDeviceKey>, Error> {
        let Some(keystore) = self.environment().keystore.clone() else { return Ok(None) };
        let label = self.new_label()?;
        let prompt = prompt(self.language());
        let key = self.vault_mut().renew_device_key(keystore.as_ref(), &label, prompt)?;
        self.reached("device-key-made");
        Ok(key)
    }

    /// After the commit: the old keystore key is destroyed.
    pub(crate) fn rotated(&mut self, key: Option<&NewDeviceKey>, rotation: Rotation) -> Rotated {
        let left = self.destroy_old_keys();
        self.reached("device-key-destroyed");
        self.keep_anchor();
        Rotated {
            device_key: key.is_some(),
            old_keys_left: left.unwrap_or(rotation.old_keys),
            other_devices: rotation.other_devices,
            cleared: rotation.cleared,
        }
    }

    /// Destroys keystore keys that no slot uses any more; what fails now is tried at the next unlock.
    pub(crate) fn destroy_old_keys(&mut self) -> Option<usize> {
        let keystore = self.environment().keystore.clone()?;
        self.vault_mut().destroy_old_keys(keystore.as_ref()).ok()
    }

    pub(crate) fn new_label(&self) -> Result<String, Error> {
        crate::locked::device_label(self.environment().entropy.as_ref())
    }

    pub(crate) fn note(&mut self, event: &str, detail: &str) -> Result<(), Error> {
        let now_ms = self.environment().now_ms();
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        tx.log(now_ms, event, detail)?;
        Ok(tx.commit()?)
    }
}
