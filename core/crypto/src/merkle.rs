//! The Merkle tree of the access log (RFC 6962 section 2.1, RFC 9162 section 2.1), over salted leaves.

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

/// Largest power of two smaller than `len`, which is at least 2.
fn split(len: usize) -> usize {
    1 << (len - 1).ilog2()
}

/// The audit path that shows that leaf `index` is in the tree over `leaves` (RFC 9162 section 2.1.3.1); `None` when there
/// is no such leaf.
pub fn inclusion_proof(leaves: &[[u8; 32]], index: usize) -> Option<Vec<[u8; 32]>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut leaves, mut index, mut path) = (leaves, index, Vec::new());
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at_checked(split(leaves.len()))?;
        if index < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            index -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Check an audit path (RFC 9162 section 2.1.3.2).
pub fn verify_inclusion(leaf: &[u8; 32], index: u64, size: u64, path: &[[u8; 32]], root: &[u8; 32]) -> bool {
    if index >= size {
        return false;
    }
    let (mut fork, mut last, mut node) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if fork & 1 == 1 || fork == last {
            node = node_hash(sibling, &node);
            while fork & 1 == 0 && fork != 0 {
                fork >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(&node, sibling);
        }
        fork >>= 1;
        last >>= 1;
    }
    last == 0 && node == *root
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{hex, unhex};

    /// The definition of RFC 9162 section 2.1.1, word by word.
    fn defined(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => sha256(&[]),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                node_hash(&defined(left), &defined(right))
            }
        }
    }

    #[test]
    fn roots_of_certificate_transparency() {
        // The eight leaves and roots of the Certificate Transparency reference tests (unsalted leaves).
        let data = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Frontier::default();
        for (data, root) in data.iter().zip(roots) {
            let bytes: Vec<u8> =
                (0..data.len() / 2).map(|i| unhex::<1>(&data[2 * i..2 * i + 2]).unwrap()[0]).collect();
            tree.push(sha256(&[&[0], &bytes]));
            assert_eq!(hex(&tree.root()), root);
        }
        assert_eq!(hex(&empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    proptest! {
        #[test]
        fn frontier_follows_the_definition(leaves in proptest::collection::vec(any::<[u8; 32]>(), 0..70)) {
            prop_assert_eq!(root(&leaves), defined(&leaves));
            let mut tree = Frontier::default();
            for leaf in &leaves {
                tree.push(*leaf);
            }
            prop_assert_eq!(Frontier::from_bytes(&tree.to_bytes()).unwrap(), tree);
        }

        #[test]
        fn inclusion_is_shown_and_nothing_else(
            leaves in proptest::collection::vec(any::<[u8; 32]>(), 1..40), pick: prop::sample::Index,
        ) {
            let index = pick.index(leaves.len());
            let (size, top) = (leaves.len() as u64, root(&leaves));
            let path = inclusion_proof(&leaves, index).unwrap();
            prop_assert!(verify_inclusion(&leaves[index], index as u64, size, &path, &top));
            let mut other = leaves[index];
            other[0] ^= 1;
            prop_assert!(!verify_inclusion(&other, index as u64, size, &path, &top));
            prop_assert!(!verify_inclusion(&leaves[index], size, size, &path, &top));
            if let Some((_, short)) = path.split_last() {
                prop_assert!(!verify_inclusion(&leaves[index], index as u64, size, short, &top));
            }
        }
    }
}
