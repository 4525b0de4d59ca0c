//! What is kept outside of the vault so that an older copy of it, or another vault in its place, is noticed; and the
//! instance id, which tells a vault that was restored from an old copy of the one before.

use kosha_crypto::digest::sha256;
use kosha_crypto::id::{ItemId, VaultId};
use kosha_crypto::{Anchor, AnchorError, Entropy, Field, Place, VaultKeys};

use crate::bytes::{Malformed, Read, Reader};
use crate::error::{Error, Part, Result};
use crate::keyring::{INSTANCE, ITEM};
use crate::transaction::Durability;
use crate::vault::Vault;

const VERSION: u8 = 1;
/// Most earlier instances that are remembered.
const MOST_EARLIER: usize = 64;

/// How the vault stands to an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As it was left, or further on.
    Current,
    /// Restored since: the anchor is of the vault that the backup was made of.
    Restored,
    /// An older copy: fewer changes than the anchor knows.
    Older {
        /// Number of changes that the anchor knows.
        known: u64,
        /// Number of changes here.
        here: u64,
    },
    /// Not the vault that was left: as many changes or more, and others.
    Changed,
    /// The anchor is of another vault, or the log here has another key.
    OtherVault,
    /// Of another restore, or from before one.
    OtherInstance,
    /// The anchor itself is damaged, or of a newer version.
    Unreadable,
    /// The vault is too damaged to be compared.
    Damaged,
}

/// The instance and those before it, the last one first. All zero where a vault has none.
#[derive(Default)]
struct Lineage {
    current: [u8; 16],
    earlier: Vec<[u8; 16]>,
}

impl Lineage {
    /// `version | instance 16 | number of earlier ones u8 | earlier ones 16 each`.
    fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.current);
        out.push(u8::try_from(self.earlier.len()).unwrap_or(0));
        out.extend(self.earlier.iter().flatten());
        out
    }

    fn decode(bytes: &[u8]) -> Read<Self> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let current = reader.array()?;
        let count = usize::from(reader.u8()?);
        if count > MOST_EARLIER {
            return Err(Malformed);
        }
        let earlier = (0..count).map(|_| reader.array()).collect::<Read<_>>()?;
        reader.finish()?;
        Ok(Self { current, earlier })
    }
}

fn random(entropy: &dyn Entropy) -> Result<[u8; 16]> {
    let mut out = [0; 16];
    entropy.fill(&mut out)?;
    Ok(out)
}

/// The sealed first instance of a new vault, and its item's id.
pub(crate) fn first_instance(
    own: &VaultKeys,
    vault: VaultId,
    entropy: &dyn Entropy,
) -> Result<(ItemId, Vec<u8>)> {
    let item = ItemId::random(entropy)?;
    let lineage = Lineage { current: random(entropy)?, earlier: Vec::new() };
    let mut plain = INSTANCE.to_le_bytes().to_vec();
    plain.extend_from_slice(&lineage.encode());
    let place = Place::item(vault, ITEM, item);
    Ok((item, own.items().seal(&place, Field::Body, &plain, entropy)?))
}

impl Vault {
    fn lineage(&self) -> Result<(Option<ItemId>, Lineage)> {
        let Some((item, row)) = self.stored.items(INSTANCE).next() else {
            // Its row may be among those that were lost: then it is not known.
            let whole = self.problems().is_empty();
            return if whole { Ok((None, Lineage::default())) } else { Err(Error::Damaged(Part::Rows('i'))) };
        };
        let bytes = self.item_in(INSTANCE, item, row)?;
        let lineage = Lineage::decode(&bytes).map_err(|_| Error::Damaged(Part::Item(item)))?;
        Ok((Some(item), lineage))
    }

    /// The id of this instance of the vault: random, made with the vault and anew by every restore; zero in a vault that
    /// was made before there were any.
    pub fn instance(&self) -> Result<[u8; 16]> {
        self.lineage().map(|(_, lineage)| lineage.current)
    }

    /// Starts a new instance, as a restore does, so that anchors of the vault before do not accuse this one.
    pub fn new_instance(&mut self) -> Result<()> {
        let (item, mut lineage) = self.lineage()?;
        let mut tx = self.begin(Durability::Full)?;
        let entropy = std::sync::Arc::clone(&tx.vault().env.entropy);
        lineage.earlier.insert(0, lineage.current);
        lineage.earlier.truncate(MOST_EARLIER);
        lineage.current = random(entropy.as_ref())?;
        let item = item.map_or_else(|| tx.new_item_id(), Ok)?;
        tx.put_internal(INSTANCE, item, &lineage.encode())?;
        tx.commit()
    }

    /// Where the vault stands; absent when it is too damaged to say.
    pub fn anchor(&self) -> Option<Anchor> {
        let state = self.state.as_ref()?;
        let sequence = state.sequence;
        Some(Anchor {
            vault: self.keys.vault,
            instance: self.instance().ok()?,
            sequence,
            state: sha256(&[&sequence.to_be_bytes(), &state.encode()]),
            log_size: state.log.size(),
            log_root: state.log.root(),
        })
    }

    /// The bytes to keep outside of the vault; whoever keeps them can lose or repeat them, not change them. Absent when
    /// the vault is too damaged.
    pub fn sealed_anchor(&self) -> Option<Vec<u8>> {
        Some(self.anchor()?.seal(self.keys.signer.as_ref()?))
    }

    /// Compares the vault with what [`Vault::sealed_anchor`] gave earlier.
    pub fn standing(&self, anchor: &[u8]) -> Standing {
        let (Some(here), Some(signer)) = (self.anchor(), &self.keys.signer) else {
            return Standing::Damaged;
        };
        let known = match Anchor::open(anchor, here.vault, signer) {
            Ok(known) => known,
            Err(AnchorError::OtherVault) => return Standing::OtherVault,
            Err(_) => return Standing::Unreadable,
        };
        if known.instance != here.instance {
            let restored = self.lineage().is_ok_and(|(_, lineage)| lineage.earlier.contains(&known.instance));
            return if restored { Standing::Restored } else { Standing::OtherInstance };
        }
        match here.sequence.cmp(&known.sequence) {
            std::cmp::Ordering::Less => Standing::Older { known: known.sequence, here: here.sequence },
            std::cmp::Ordering::Equal if here == known => Standing::Current,
            std::cmp::Ordering::Equal => Standing::Changed,
            std::cmp::Ordering::Greater => {
                let same = if here.log_size == known.log_size {
                    here.log_root == known.log_root
                } else {
                    self.log_root_at(known.log_size) == Some(known.log_root)
                };
                if same { Standing::Current } else { Standing::Changed }
            }
        }
    }

    /// The root over the first `size` entries of the log; `None` when there are fewer, or they cannot be read.
    fn log_root_at(&self, size: u64) -> Option<[u8; 32]> {
        let leaves = self.leaves().ok()?;
        Some(kosha_crypto::merkle::root(leaves.get(..usize::try_from(size).ok()?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: an instance must be read by every later version.
    #[test]
    fn the_instance_is_frozen() {
        let lineage = Lineage { current: [0x11; 16], earlier: vec![[0x22; 16], [0; 16]] };
        let bytes = lineage.encode();
        let expected = [vec![1], vec![0x11; 16], vec![2], vec![0x22; 16], vec![0; 16]].concat();
        assert_eq!(bytes, expected);
        let read = Lineage::decode(&bytes).unwrap();
        assert_eq!((read.current, read.earlier), (lineage.current, lineage.earlier));
        for len in 0..bytes.len() {
            assert!(Lineage::decode(&bytes[..len]).is_err(), "cut to {len}");
        }
        assert!(Lineage::decode(&[vec![1], vec![0; 16], vec![65], vec![0; 65 * 16]].concat()).is_err());
    }
}
