//! The head of a backup file: whose it is, and what gives its key.

use std::io::Read;

use kosha_crypto::backup::SEALED_KEY;
use kosha_crypto::digest::sha256;
use kosha_crypto::id::{BackupId, VaultId};
use kosha_crypto::{BackupKey, CryptoError, Entropy, RootKey, Slot, SlotError, SlotKind};

use super::BackupFault;
use crate::error::{Error, Part, Result};
use crate::vault::{Unlock, open_with};

const MAGIC: &[u8; 4] = b"KSBK";
const VERSION: u8 = 1;
/// Most slots of a backup.
const MAX_SLOTS: usize = 16;
/// Longest slot that is read.
const MAX_SLOT: usize = 8 * 1024;
/// Magic, version, vault, backup, number of slots.
const FRONT: usize = 4 + 1 + 16 + 16 + 1;

/// What stands at the front of a backup file.
pub(super) struct Head {
    pub(super) vault: VaultId,
    pub(super) backup: BackupId,
    pub(super) slots: Vec<Slot>,
    own: [u8; SEALED_KEY],
    commitment: [u8; 32],
    /// The bytes as stored, all of them.
    pub(super) bytes: Vec<u8>,
}

/// Whether a slot can open a backup on another device.
pub(super) fn travels(slot: &Slot) -> bool {
    slot.kind() != SlotKind::Device
}

fn front(vault: VaultId, backup: BackupId, slots: &[Slot]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(MAGIC);
    out.push(VERSION);
    out.extend_from_slice(vault.as_bytes());
    out.extend_from_slice(backup.as_bytes());
    out.push(u8::try_from(slots.len()).unwrap_or(u8::MAX));
    for slot in slots {
        let bytes = slot.to_bytes();
        out.extend_from_slice(&u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
        out.extend_from_slice(&bytes);
    }
    out
}

impl Head {
    /// The head of a new backup, and its key. [`BackupFault::NoSecret`] when none of `slots` travels.
    pub(super) fn make(
        vault: VaultId,
        slots: &[Slot],
        root: &RootKey,
        entropy: &dyn Entropy,
    ) -> Result<(Self, BackupKey)> {
        let key = BackupKey::generate(entropy)?;
        let backup = BackupId::random(entropy)?;
        let copies = slots
            .iter()
            .filter(|slot| travels(slot))
            .map(|slot| key.slot(slot, entropy))
            .collect::<std::result::Result<Vec<Slot>, SlotError>>()
            .map_err(|_| Error::Damaged(Part::Slot))?;
        if copies.is_empty() {
            return Err(BackupFault::NoSecret.into());
        }
        if copies.len() > MAX_SLOTS {
            return Err(Error::TooLarge("a backup holds at most 16 ways to unlock"));
        }
        let mut bytes = front(vault, backup, &copies);
        let own = key.seal_for(root, &bytes, entropy)?;
        bytes.extend_from_slice(&own);
        let commitment = key.commitment(&bytes);
        bytes.extend_from_slice(&commitment);
        let checksum = sha256(&[&bytes]);
        bytes.extend_from_slice(&checksum);
        Ok((Self { vault, backup, slots: copies, own, commitment, bytes }, key))
    }

    /// Reads the head from the front of a file.
    pub(super) fn read(source: &mut dyn Read) -> Result<Self> {
        let mut reader = Taken { source, bytes: Vec::with_capacity(1024) };
        let fixed: [u8; FRONT] = reader.array().map_err(|error| match error {
            Error::Backup(BackupFault::CutShort { .. }) => BackupFault::NotABackup.into(),
            other => other,
        })?;
        let (magic, rest) = fixed.split_first_chunk::<4>().ok_or(BackupFault::NotABackup)?;
        let (&[version], rest) = rest.split_first_chunk::<1>().ok_or(BackupFault::NotABackup)?;
        if magic != MAGIC || version == 0 {
            return Err(BackupFault::NotABackup.into());
        }
        if version != VERSION {
            return Err(BackupFault::Newer(version).into());
        }
        let (vault, rest) = rest.split_first_chunk::<16>().ok_or(BackupFault::Altered)?;
        let (backup, rest) = rest.split_first_chunk::<16>().ok_or(BackupFault::Altered)?;
        let count = usize::from(rest.first().copied().unwrap_or(0));
        if count == 0 || count > MAX_SLOTS {
            return Err(BackupFault::Altered.into());
        }
        let mut slots = Vec::with_capacity(count);
        for _ in 0..count {
            let len = usize::from(u16::from_be_bytes(reader.array()?));
            if len > MAX_SLOT {
                return Err(BackupFault::Altered.into());
            }
            let bytes = reader.take(len)?;
            slots.push(Slot::from_bytes(bytes));
        }
        let own_at = reader.bytes.len();
        let own = reader.array()?;
        let commitment = reader.array()?;
        let covered = reader.bytes.len();
        let checksum: [u8; 32] = reader.array()?;
        let bytes = reader.bytes;
        if sha256(&[bytes.get(..covered).unwrap_or_default()]) != checksum {
            return Err(BackupFault::Altered.into());
        }
        // A slot of a kind that is not known here is passed over: another one may open.
        let slots: Vec<Slot> = slots.into_iter().filter_map(std::result::Result::ok).collect();
        let head = Self {
            vault: VaultId::from_bytes(*vault),
            backup: BackupId::from_bytes(*backup),
            slots,
            own,
            commitment,
            bytes,
        };
        debug_assert!(own_at <= covered);
        Ok(head)
    }

    /// The vault that a damaged or cut head names: what can be told of it, and no proof.
    pub(super) fn named(source: &mut dyn Read) -> Option<VaultId> {
        let mut bytes = [0; 4 + 1 + 16];
        source.read_exact(&mut bytes).ok()?;
        let (magic, rest) = bytes.split_first_chunk::<4>()?;
        let (version, vault) = rest.split_first()?;
        let vault: [u8; 16] = vault.try_into().ok()?;
        (magic == MAGIC && *version == VERSION).then(|| VaultId::from_bytes(vault))
    }

    /// What the commitment covers.
    fn committed(&self) -> &[u8] {
        self.bytes.get(..self.bytes.len().saturating_sub(64)).unwrap_or_default()
    }

    /// What the seal under the root key is bound to.
    fn sealed_front(&self) -> &[u8] {
        self.bytes.get(..self.bytes.len().saturating_sub(64 + SEALED_KEY)).unwrap_or_default()
    }

    fn committed_key(&self, key: BackupKey) -> Result<BackupKey> {
        if key.commits(self.committed(), &self.commitment) {
            Ok(key)
        } else {
            Err(BackupFault::Altered.into())
        }
    }

    /// The key, for an open vault that still has the root key of the backup's beginning; `None` after it was replaced.
    pub(super) fn own_key(&self, root: &RootKey) -> Result<Option<BackupKey>> {
        match BackupKey::open_with(root, self.sealed_front(), &self.own) {
            Ok(key) => self.committed_key(key).map(Some),
            Err(CryptoError::Refused) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The key, by passphrase or recovery phrase.
    ///
    /// Errors: [`Error::WrongKey`], [`Error::NoSlot`], [`BackupFault::Altered`].
    pub(super) fn key(&self, unlock: &Unlock<'_>) -> Result<BackupKey> {
        let (_, vault, given) = open_with(self.slots.iter().cloned().map(Ok), unlock)?;
        if vault != self.vault {
            return Err(BackupFault::Mixed.into());
        }
        self.committed_key(BackupKey::from_slot(given))
    }

    /// Whether the backup opens with the secrets that open the vault now, no more and no fewer.
    pub(super) fn opens_like(&self, slots: &[Slot]) -> bool {
        let wanted: Vec<&Slot> = slots.iter().filter(|slot| travels(slot)).collect();
        wanted.len() == self.slots.len()
            && wanted.iter().zip(&self.slots).all(|(ours, theirs)| ours.opens_alike(theirs))
    }
}

/// Takes bytes from a file and keeps them.
struct Taken<'a> {
    source: &'a mut dyn Read,
    bytes: Vec<u8>,
}

impl Taken<'_> {
    fn take(&mut self, len: usize) -> Result<&[u8]> {
        let start = self.bytes.len();
        self.bytes.resize(start + len, 0);
        let room = self.bytes.get_mut(start..).unwrap_or_default();
        super::segment::read_exact(self.source, room)?;
        Ok(self.bytes.get(start..).unwrap_or_default())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| BackupFault::Altered.into())
    }
}
