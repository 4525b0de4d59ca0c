//! Ways to unlock: which there are, adding, replacing and removing them.
//!
//! A keystore key that no slot uses any more is written down in the vault (a sealed item) until the keystore has confirmed
//! that it is destroyed; so is a new one before it is made. Whatever breaks off in between, no key is left behind for good.

use std::path::Path;

use kosha_crypto::id::{ItemId, SlotId};
use kosha_crypto::{
    DeviceKeystore, KdfStrength, KeystoreError, RecoveryPhrase, Slot, SlotError, SlotKind, Zeroizing,
};
use rusqlite::Connection;

use crate::bytes::{Malformed, Read, Reader, put_sized, put_varint};
use crate::error::{Error, Part, Result};
use crate::keyring::INTERNAL;
use crate::transaction::{Durability, Transaction};
use crate::vault::{Vault, slot_failed};

/// Labels of keystore keys that are to be destroyed.
const LABELS: u16 = INTERNAL + 1;
const LABELS_ITEM: ItemId = ItemId::from_bytes(*b"keystore labels\0");
const LABELS_VERSION: u8 = 1;
/// Most labels that wait; each is a key that the keystore did not confirm to be gone.
const MOST_LABELS: usize = 1024;

/// A way to unlock, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotInfo {
    /// Names it within its vault.
    pub id: SlotId,
    /// What opens it.
    pub kind: SlotKind,
    /// The keystore's name of the key, of a device slot.
    pub label: Option<String>,
    /// How hard the passphrase is worked on, of a passphrase slot.
    pub strength: Option<KdfStrength>,
}

impl SlotInfo {
    fn of(slot: &Slot) -> Self {
        Self {
            id: slot.id(),
            kind: slot.kind(),
            label: slot.device_label().map(str::to_owned),
            strength: slot.strength(),
        }
    }
}

/// A new keystore key, made and not yet used: what [`Vault::new_device_key`] gives.
pub struct NewDeviceKey {
    slot: Slot,
    replaces: Vec<SlotId>,
}

impl std::fmt::Debug for NewDeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewDeviceKey").field("replaces", &self.replaces.len()).finish_non_exhaustive()
    }
}

/// Row and bytes of every slot.
pub(crate) fn rows(conn: &Connection) -> Result<Vec<(i64, Vec<u8>)>> {
    let mut statement = conn.prepare("SELECT n,b FROM s ORDER BY n")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The slots that are whole.
fn whole(conn: &Connection) -> Result<Vec<Slot>> {
    Ok(rows(conn)?.iter().filter_map(|(_, bytes)| Slot::from_bytes(bytes).ok()).collect())
}

/// `version | count | labels, sized`.
fn encode(labels: &[String]) -> Vec<u8> {
    let mut out = vec![LABELS_VERSION];
    put_varint(&mut out, u32::try_from(labels.len()).unwrap_or(u32::MAX));
    for label in labels {
        put_sized(&mut out, label.as_bytes());
    }
    out
}

fn decode(bytes: &[u8]) -> Read<Vec<String>> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != LABELS_VERSION {
        return Err(Malformed);
    }
    let count = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
    if count > MOST_LABELS {
        return Err(Malformed);
    }
    let labels = (0..count).map(|_| reader.text().map(str::to_owned)).collect::<Read<_>>()?;
    reader.finish()?;
    Ok(labels)
}

impl Transaction<'_> {
    pub(crate) fn labels(&self) -> Result<Vec<String>> {
        match self.item(LABELS, LABELS_ITEM) {
            Ok(bytes) => decode(&bytes).map_err(|_| Error::Damaged(Part::Item(LABELS_ITEM))),
            Err(Error::UnknownItem(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn put_labels(&mut self, labels: &[String]) -> Result<()> {
        if labels.len() > MOST_LABELS {
            return Err(Error::TooLarge("too many keystore keys wait to be destroyed"));
        }
        self.put_internal(LABELS, LABELS_ITEM, &encode(labels))
    }

    /// Removes a slot; the keystore key of a device slot is written down to be destroyed.
    fn retire(&mut self, slot: SlotId) -> Result<()> {
        let slot = self.delete_slot(slot)?;
        if let Some(label) = slot.device_label() {
            let mut labels = self.labels()?;
            labels.push(label.to_owned());
            self.put_labels(&labels)?;
        }
        Ok(())
    }

    /// Puts a new keystore key in the place of those that it replaces.
    pub(crate) fn use_device_key(&mut self, key: &NewDeviceKey) -> Result<()> {
        self.insert_slot(&key.slot)?;
        for slot in &key.replaces {
            self.retire(*slot)?;
        }
        let mut labels = self.labels()?;
        labels.retain(|label| Some(label.as_str()) != key.slot.device_label());
        self.put_labels(&labels)
    }
}

impl Vault {
    /// The ways to unlock the vault at `place`, without a key. Those that are damaged, or of a kind that this version does
    /// not know, are left out. Errors as [`Vault::open`].
    pub fn ways(place: &Path) -> Result<Vec<SlotInfo>> {
        let attached = Self::attach(place)?;
        let mut found = Vec::new();
        crate::schema::scan(&attached.conn, 's', "b", |_, row| {
            let slot = crate::rows::blob(row, 1).ok().and_then(|bytes| Slot::from_bytes(bytes).ok());
            found.extend(slot.as_ref().map(SlotInfo::of));
            Ok(())
        })?;
        Ok(found)
    }

    /// The ways to unlock this vault.
    pub fn slots(&self) -> Result<Vec<SlotInfo>> {
        Ok(whole(&self.conn)?.iter().map(SlotInfo::of).collect())
    }

    /// The slot by which it was opened; none when it was just made.
    pub fn opened_by(&self) -> Option<SlotId> {
        self.opened_by
    }

    fn of_kind(&self, kind: SlotKind) -> Result<Vec<SlotId>> {
        Ok(whole(&self.conn)?.iter().filter(|slot| slot.kind() == kind).map(Slot::id).collect())
    }

    fn change(&mut self, add: &Slot, remove: &[SlotId]) -> Result<SlotId> {
        let mut tx = self.begin(Durability::Full)?;
        tx.insert_slot(add)?;
        for slot in remove {
            tx.retire(*slot)?;
        }
        tx.commit()?;
        Ok(add.id())
    }

    fn passphrase_slot(&self, passphrase: &[u8], strength: KdfStrength) -> Result<Slot> {
        if passphrase.is_empty() {
            return Err(Error::Invalid("the passphrase is empty"));
        }
        let (vault, root) = (self.keys.vault, &self.keys.root);
        Slot::for_passphrase(passphrase, strength, vault, root, self.env.entropy.as_ref())
            .map_err(slot_failed)
    }

    /// Adds a passphrase beside the ways that there are.
    pub fn add_passphrase(&mut self, passphrase: &[u8], strength: KdfStrength) -> Result<SlotId> {
        let slot = self.passphrase_slot(passphrase, strength)?;
        self.change(&slot, &[])
    }

    /// Puts a new passphrase in the place of all that there are. An old copy of the vault still opens with its own: give
    /// the vault new keys afterwards ([`Vault::rotate`]), so that the old one leads to none of today's.
    pub fn replace_passphrase(&mut self, passphrase: &[u8], strength: KdfStrength) -> Result<SlotId> {
        let slot = self.passphrase_slot(passphrase, strength)?;
        let old = self.of_kind(SlotKind::Passphrase)?;
        self.change(&slot, &old)
    }

    /// Puts a recovery phrase in the place of any that there is.
    pub fn replace_recovery(&mut self, phrase: &RecoveryPhrase) -> Result<SlotId> {
        let entropy = self.env.entropy.as_ref();
        let slot =
            Slot::for_recovery(phrase, self.keys.vault, &self.keys.root, entropy).map_err(slot_failed)?;
        let old = self.of_kind(SlotKind::Recovery)?;
        self.change(&slot, &old)
    }

    /// Whether this is the phrase of the vault's recovery slot.
    pub fn is_recovery(&self, phrase: &RecoveryPhrase) -> Result<bool> {
        Ok(whole(&self.conn)?.iter().any(|slot| slot.open_recovery(phrase).is_ok()))
    }

    /// Removes a way to unlock. [`Error::LastSlot`] when no other one would be left.
    pub fn remove_slot(&mut self, slot: SlotId) -> Result<()> {
        let mut tx = self.begin(Durability::Full)?;
        tx.retire(slot)?;
        tx.commit()
    }

    /// Makes a key in the keystore under `label`, which no key may have, for [`Vault::put_device_key`]: this device becomes
    /// a way to unlock. It takes the place of the slots that this keystore opens (the one by which the vault was opened, else
    /// each that it opens now, for which the person may be asked with `reason`) and of those whose key it does not hold any
    /// more.
    ///
    /// No transaction is open while the keystore works. [`Error::Keystore`]: nothing was changed.
    pub fn new_device_key(
        &mut self,
        keystore: &dyn DeviceKeystore,
        label: &str,
        reason: &str,
    ) -> Result<NewDeviceKey> {
        let found = self.device_slots(keystore, reason)?;
        let replaces = found.own.into_iter().chain(found.missing).collect();
        self.make_device_key(keystore, label, replaces)
    }

    /// The same for a rotation: in the place of the slots that this keystore opens alone, and `None` where there is none.
    pub fn renew_device_key(
        &mut self,
        keystore: &dyn DeviceKeystore,
        label: &str,
        reason: &str,
    ) -> Result<Option<NewDeviceKey>> {
        let own = self.device_slots(keystore, reason)?.own;
        if own.is_empty() {
            return Ok(None);
        }
        self.make_device_key(keystore, label, own).map(Some)
    }

    fn make_device_key(
        &mut self,
        keystore: &dyn DeviceKeystore,
        label: &str,
        replaces: Vec<SlotId>,
    ) -> Result<NewDeviceKey> {
        if whole(&self.conn)?.iter().any(|slot| slot.device_label() == Some(label)) {
            return Err(Error::Invalid("a slot uses this keystore label already"));
        }
        let mut tx = self.begin(Durability::Full)?;
        let mut labels = tx.labels()?;
        labels.push(label.to_owned());
        tx.put_labels(&labels)?;
        tx.commit()?;
        let (vault, root) = (self.keys.vault, &self.keys.root);
        let slot = Slot::for_device(keystore, label, vault, root, self.env.entropy.as_ref());
        Ok(NewDeviceKey { slot: slot.map_err(slot_failed)?, replaces })
    }

    fn device_slots(&self, keystore: &dyn DeviceKeystore, reason: &str) -> Result<DeviceSlots> {
        let slots = whole(&self.conn)?;
        let devices = || slots.iter().filter(|slot| slot.kind() == SlotKind::Device);
        let mut found = DeviceSlots::default();
        if let Some(slot) = devices().find(|slot| Some(slot.id()) == self.opened_by) {
            found.own.push(slot.id());
            return Ok(found);
        }
        for slot in devices() {
            match slot.open_device(keystore, reason) {
                Ok(_) => found.own.push(slot.id()),
                Err(SlotError::Keystore(KeystoreError::KeyMissing)) => found.missing.push(slot.id()),
                Err(SlotError::WrongKey | SlotError::Damaged) => {}
                Err(error) => return Err(slot_failed(error)),
            }
        }
        Ok(found)
    }

    /// Uses a new keystore key without giving the vault new keys.
    pub fn put_device_key(&mut self, key: &NewDeviceKey) -> Result<SlotId> {
        let mut tx = self.begin(Durability::Full)?;
        tx.use_device_key(key)?;
        tx.commit()?;
        self.opened_by =
            self.opened_by.map(|slot| if key.replaces.contains(&slot) { key.slot.id() } else { slot });
        Ok(key.slot.id())
    }

    /// Destroys the keystore keys that no slot uses any more: how many are left, because the keystore did not confirm.
    /// To be called after each unlock where there is a keystore.
    pub fn destroy_old_keys(&mut self, keystore: &dyn DeviceKeystore) -> Result<usize> {
        let bytes = match self.item_of(LABELS, LABELS_ITEM) {
            Ok(bytes) => bytes,
            Err(Error::UnknownItem(_)) => return Ok(0),
            Err(error) => return Err(error),
        };
        let before = decode(&bytes).map_err(|_| Error::Damaged(Part::Item(LABELS_ITEM)))?;
        let used: Vec<SlotInfo> = self.slots()?;
        let mut left = before.clone();
        left.retain(|label| {
            let in_use = used.iter().any(|slot| slot.label.as_ref() == Some(label));
            !in_use && keystore.delete(label).is_err()
        });
        if left != before {
            let mut tx = self.begin(Durability::Full)?;
            tx.put_labels(&left)?;
            tx.commit()?;
        }
        Ok(left.len())
    }

    fn item_of(&self, kind: u16, item: ItemId) -> Result<Zeroizing<Vec<u8>>> {
        let row = self.stored.item(kind, item).ok_or(Error::UnknownItem(item))?;
        self.item_in(kind, item, row)
    }
}

/// The device slots, by what this keystore says of them.
#[derive(Default)]
struct DeviceSlots {
    own: Vec<SlotId>,
    missing: Vec<SlotId>,
}

impl NewDeviceKey {
    /// The slot that it will be.
    pub(crate) fn slot(&self) -> SlotId {
        self.slot.id()
    }

    pub(crate) fn replaces(&self, slot: SlotId) -> bool {
        self.replaces.contains(&slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_one_encoding() {
        let labels = vec!["kosha-vault".to_owned(), "kosha-vault-01".to_owned()];
        let bytes = encode(&labels);
        assert_eq!(bytes, b"\x01\x02\x0bkosha-vault\x0ekosha-vault-01");
        assert_eq!(decode(&bytes).unwrap(), labels);
        for len in 0..bytes.len() {
            assert!(decode(&bytes[..len]).is_err(), "cut to {len}");
        }
        assert!(decode(&[2, 0]).is_err() && decode(&[1, 0, 0]).is_err());
    }
}
