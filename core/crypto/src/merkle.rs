//! The Merkle tree of the access log (RFC 6962 section 2.1, RFC 9162 section 2.1), over salted leaves.
//!
//! [`Frontier`] is what the vault keeps to go on appending; [`Tree`] holds every full subtree and makes proofs.

mod proof;

pub use proof::{Tree, verify_consistency, verify_inclusion};

use crate::CryptoError;
use crate::digest::sha256;

/// A leaf: SHA-256 (0x00, 32-byte salt, canonical entry). The salt keeps a short entry from being guessed by its hash.
pub fn leaf_hash(salt: &[u8; 32], entry: &[u8]) -> [u8; 32] {
    sha256(&[&[0], salt, entry])
}

/// An inner node: SHA-256 (0x01, left, right).
pub fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    sha256(&[&[1], left, right])
}

/// The root of no entries: SHA-256 of nothing.
pub fn empty_root() -> [u8; 32] {
    sha256(&[])
}

/// The root over a list of leaf hashes.
pub fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut tree = Frontier::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

/// What must be kept to append a leaf and give the root: the roots of the full subtrees, largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<[u8; 32]>,
}

impl Frontier {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Append a leaf.
    pub fn push(&mut self, leaf: [u8; 32]) {
        let mut node = leaf;
        // Each trailing one bit of the size is a full subtree that this leaf completes into a larger one.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> [u8; 32] {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root)
    }

    /// Size (8 bytes, big-endian) and peaks (32 bytes each, largest subtree first).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.size.to_be_bytes().to_vec();
        for peak in &self.peaks {
            out.extend_from_slice(peak);
        }
        out
    }

    /// Inverse of [`Frontier::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        const WRONG: CryptoError = CryptoError::Malformed("log frontier");
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(WRONG)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, remainder) = rest.as_chunks::<32>();
        if !remainder.is_empty() || u32::try_from(peaks.len()).ok() != Some(size.count_ones()) {
            return Err(WRONG);
        }
        Ok(Self { size, peaks: peaks.to_vec() })
    }
}

#[cfg(test)]
mod reference;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::hex;

    #[test]
    fn roots_of_certificate_transparency() {
        let mut tree = Frontier::default();
        for (leaf, root) in reference::leaves().into_iter().zip(reference::ROOTS) {
            tree.push(leaf);
            assert_eq!(hex(&tree.root()), root);
        }
        assert_eq!(hex(&empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    proptest! {
        #[test]
        fn frontier_follows_the_definition(leaves in proptest::collection::vec(any::<[u8; 32]>(), 0..70)) {
            prop_assert_eq!(root(&leaves), reference::defined(&leaves));
            let mut tree = Frontier::default();
            for leaf in &leaves {
                tree.push(*leaf);
            }
            prop_assert_eq!(Frontier::from_bytes(&tree.to_bytes()).unwrap(), tree);
        }
    }
}
