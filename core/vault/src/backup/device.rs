//! A way to unlock for the device that a vault was restored on.

use kosha_crypto::{DeviceKeystore, Slot};

use crate::error::Result;
use crate::transaction::Durability;
use crate::vault::{Vault, slot_failed};

impl Vault {
    /// Adds a slot that the keystore's key `label` opens.
    pub(super) fn add_device(&mut self, keystore: &dyn DeviceKeystore, label: &str) -> Result<()> {
        let entropy = std::sync::Arc::clone(&self.env.entropy);
        let slot = Slot::for_device(keystore, label, self.keys.vault, &self.keys.root, entropy.as_ref());
        let slot = slot.map_err(slot_failed)?;
        let mut tx = self.begin(Durability::Full)?;
        tx.insert_slot(&slot)?;
        tx.commit()
    }
}
