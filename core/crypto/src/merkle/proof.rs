//! Proofs over the tree: that an entry is in it (RFC 9162 section 2.1.3), that a smaller one is its beginning (2.1.4).

use super::{empty_root, node_hash};

/// A tree with every full subtree kept: 64 bytes a leaf, each proof in logarithmic time.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[k][i]` is the root over the `2^k` leaves from `i * 2^k` on.
    levels: Vec<Vec<[u8; 32]>>,
}

/// Largest power of two smaller than `len`, which is at least 2.
fn split(len: u64) -> u64 {
    1 << (len - 1).ilog2()
}

impl Tree {
    /// The tree over these leaf hashes.
    pub fn new(leaves: Vec<[u8; 32]>) -> Self {
        let mut levels = Vec::new();
        let mut level = leaves;
        while !level.is_empty() {
            let above = level.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        Self { levels }
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// The root over the first `size` leaves; `None` when there are fewer.
    pub fn root_at(&self, size: u64) -> Option<[u8; 32]> {
        if size == 0 { Some(empty_root()) } else { self.span(0, size) }
    }

    /// The root over the `len` leaves from `start` on, which is a multiple of every power of two up to `len`.
    fn span(&self, start: u64, len: u64) -> Option<[u8; 32]> {
        let mut root = None;
        let mut rest = len;
        while rest != 0 {
            // The full subtrees from the last and smallest to the first.
            let level = rest.trailing_zeros();
            rest &= rest - 1;
            let at = usize::try_from((start + rest) >> level).ok()?;
            let node = *self.levels.get(usize::try_from(level).ok()?)?.get(at)?;
            root = Some(root.map_or(node, |right| node_hash(&node, &right)));
        }
        root
    }

    /// The audit path that shows that leaf `index` is in the tree over the first `size` leaves (RFC 9162 section
    /// 2.1.3.1), from the leaf upwards; `None` when there is no such leaf or size.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<[u8; 32]>> {
        if index >= size || size > self.size() {
            return None;
        }
        let (mut start, mut len, mut path) = (0, size, Vec::new());
        while len > 1 {
            let left = split(len);
            if index < start + left {
                path.push(self.span(start + left, len - left)?);
                len = left;
            } else {
                path.push(self.span(start, left)?);
                start += left;
                len -= left;
            }
        }
        path.reverse();
        Some(path)
    }

    /// The proof that the tree over the first `old` leaves is the beginning of the one over the first `size` (RFC 9162
    /// section 2.1.4.1). Empty for `old` of 0 or `size`; `None` when there is no such size.
    pub fn consistency(&self, old: u64, size: u64) -> Option<Vec<[u8; 32]>> {
        if old > size || size > self.size() {
            return None;
        }
        let (mut start, mut len, mut old, mut path) = (0, size, old, Vec::new());
        // Whether the old tree is the whole of what is looked at: its root is then known to the verifier.
        let mut known = true;
        while old != 0 && old != len {
            let left = split(len);
            if old <= left {
                path.push(self.span(start + left, len - left)?);
                len = left;
            } else {
                path.push(self.span(start, left)?);
                start += left;
                len -= left;
                old -= left;
                known = false;
            }
        }
        if !known {
            path.push(self.span(start, len)?);
        }
        path.reverse();
        Some(path)
    }
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

/// Check that the log of `old` entries and root `old_root` is the beginning of the one of `size` entries and root `root`
/// (RFC 9162 section 2.1.4.2). Two logs of one size must be the same; every log begins with the empty one.
pub fn verify_consistency(
    old: u64,
    old_root: &[u8; 32],
    size: u64,
    root: &[u8; 32],
    path: &[[u8; 32]],
) -> bool {
    if old == size {
        return path.is_empty() && old_root == root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == empty_root();
    }
    if old > size {
        return false;
    }
    let (mut fork, mut last) = (old - 1, size - 1);
    while fork & 1 == 1 {
        fork >>= 1;
        last >>= 1;
    }
    // Where the old size is a power of two its root is the first node, and is not sent.
    let (first, rest) = match (old.is_power_of_two(), path.split_first()) {
        (true, Some(_)) => (*old_root, path),
        (false, Some((first, rest))) => (*first, rest),
        (_, None) => return false,
    };
    let (mut before, mut after) = (first, first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if fork & 1 == 1 || fork == last {
            before = node_hash(sibling, &before);
            after = node_hash(sibling, &after);
            while fork & 1 == 0 && fork != 0 {
                fork >>= 1;
                last >>= 1;
            }
        } else {
            after = node_hash(&after, sibling);
        }
        fork >>= 1;
        last >>= 1;
    }
    last == 0 && before == *old_root && after == *root
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{reference, root};
    use super::*;
    use crate::text::{hex, unhex};

    fn known(path: &[&str]) -> Vec<[u8; 32]> {
        path.iter().map(|node| unhex::<32>(node).unwrap()).collect()
    }

    fn root_of(size: u64) -> [u8; 32] {
        unhex::<32>(reference::ROOTS[usize::try_from(size).unwrap() - 1]).unwrap()
    }

    #[test]
    fn proofs_of_certificate_transparency() {
        let leaves = reference::leaves();
        let tree = Tree::new(leaves.clone());
        for (index, size, path) in reference::INCLUSION {
            let path = known(path);
            assert_eq!(tree.inclusion(index, size), Some(path.clone()), "leaf {index} of {size}");
            let leaf = &leaves[usize::try_from(index).unwrap()];
            assert!(verify_inclusion(leaf, index, size, &path, &root_of(size)));
        }
        for (old, size, path) in reference::CONSISTENCY {
            let path = known(path);
            assert_eq!(tree.consistency(old, size), Some(path.clone()), "{old} in {size}");
            assert!(verify_consistency(old, &root_of(old), size, &root_of(size), &path));
        }
    }

    /// The worked example of RFC 9162 section 2.1.5: seven leaves, nodes a to l.
    #[test]
    #[allow(clippy::many_single_char_names, reason = "the names of the RFC")]
    fn the_example_of_rfc_9162() {
        let leaves = reference::leaves()[..7].to_vec();
        let tree = Tree::new(leaves.clone());
        let [a, b, c, d, e, f, j] = leaves[..] else { panic!("seven leaves") };
        let (g, h, i) = (node_hash(&a, &b), node_hash(&c, &d), node_hash(&e, &f));
        let k = node_hash(&g, &h);
        let l = node_hash(&i, &j);
        assert_eq!(tree.root_at(7), Some(node_hash(&k, &l)));
        assert_eq!(tree.inclusion(0, 7), Some(vec![b, h, l]));
        assert_eq!(tree.inclusion(3, 7), Some(vec![c, g, l]));
        assert_eq!(tree.inclusion(4, 7), Some(vec![f, j, k]));
        assert_eq!(tree.inclusion(6, 7), Some(vec![i, k]));
        assert_eq!(tree.consistency(3, 7), Some(vec![c, d, g, l]));
        assert_eq!(tree.consistency(4, 7), Some(vec![l]));
        assert_eq!(tree.consistency(6, 7), Some(vec![i, j, k]));
    }

    #[test]
    fn sizes_that_are_not_there_have_no_proof() {
        let tree = Tree::new(reference::leaves());
        assert_eq!(tree.inclusion(8, 8), None);
        assert_eq!(tree.inclusion(0, 9), None);
        assert_eq!(tree.consistency(9, 9), None);
        assert_eq!(tree.consistency(5, 4), None);
        assert_eq!(tree.root_at(9), None);
        assert_eq!(hex(&tree.root_at(8).unwrap()), reference::ROOTS[7]);
        assert!(!verify_consistency(8, &root_of(8), 3, &root_of(3), &[]));
        assert!(!verify_consistency(0, &root_of(1), 3, &root_of(3), &[]));
        assert!(!verify_consistency(u64::MAX - 1, &root_of(1), u64::MAX, &root_of(2), &[[0; 32]; 70]));
    }

    #[test]
    fn a_hundred_thousand_leaves_are_proved_quickly() {
        let leaf = |n: u32| crate::digest::sha256(&[&n.to_be_bytes()]);
        let leaves: Vec<[u8; 32]> = (0..100_000).map(leaf).collect();
        let start = std::time::Instant::now();
        let tree = Tree::new(leaves.clone());
        let built = start.elapsed();
        let top = tree.root_at(100_000).unwrap();
        assert_eq!(top, root(&leaves));
        let start = std::time::Instant::now();
        for (index, leaf) in (0..).zip(&leaves) {
            let path = tree.inclusion(index, 100_000).unwrap();
            assert!(path.len() <= 17);
            if index % 97 == 0 {
                assert!(verify_inclusion(leaf, index, 100_000, &path, &top));
            }
        }
        println!("100,000 leaves: tree {built:?}, every audit path {:?}", start.elapsed());
        assert!(start.elapsed().as_secs() < 60, "each path takes logarithmic time");
        for old in (1..100_000).step_by(997) {
            let path = tree.consistency(old, 100_000).unwrap();
            assert!(verify_consistency(old, &tree.root_at(old).unwrap(), 100_000, &top, &path));
        }
    }

    fn leaves(most: usize) -> impl Strategy<Value = Vec<[u8; 32]>> {
        proptest::collection::vec(any::<[u8; 32]>(), 1..most)
    }

    proptest! {
        #[test]
        fn proofs_follow_the_definition(leaves in leaves(70)) {
            let tree = Tree::new(leaves.clone());
            for size in 1..=leaves.len() {
                let part = &leaves[..size];
                prop_assert_eq!(tree.root_at(size as u64), Some(reference::defined(part)));
                for old in 0..size {
                    prop_assert_eq!(tree.inclusion(old as u64, size as u64), Some(reference::path(old, part)));
                }
                for old in 1..=size {
                    let path = tree.consistency(old as u64, size as u64);
                    prop_assert_eq!(path, Some(reference::subproof(old, part, true)));
                }
            }
        }

        #[test]
        fn inclusion_is_shown_and_nothing_else(leaves in leaves(40), pick: prop::sample::Index) {
            let index = pick.index(leaves.len());
            let (size, top) = (leaves.len() as u64, root(&leaves));
            let path = Tree::new(leaves.clone()).inclusion(index as u64, size).unwrap();
            prop_assert!(verify_inclusion(&leaves[index], index as u64, size, &path, &top));
            let mut other = leaves[index];
            other[0] ^= 1;
            prop_assert!(!verify_inclusion(&other, index as u64, size, &path, &top));
            prop_assert!(!verify_inclusion(&leaves[index], size, size, &path, &top));
            if let Some((_, short)) = path.split_last() {
                prop_assert!(!verify_inclusion(&leaves[index], index as u64, size, short, &top));
            }
        }

        #[test]
        fn a_longer_log_is_consistent_and_a_changed_one_is_not(
            leaves in leaves(60), cut: prop::sample::Index, pick: prop::sample::Index, spoil: prop::sample::Index,
        ) {
            let size = leaves.len() as u64;
            let old = cut.index(leaves.len()) + 1;
            let (before, top) = (root(&leaves[..old]), root(&leaves));
            let old = old as u64;
            let path = Tree::new(leaves.clone()).consistency(old, size).unwrap();
            prop_assert!(verify_consistency(old, &before, size, &top, &path));
            // Another entry within the old part: no proof of the new log holds against the old root.
            let mut changed = leaves.clone();
            changed[pick.index(usize::try_from(old).unwrap())][0] ^= 1;
            let other = Tree::new(changed.clone());
            let forged = other.consistency(old, size).unwrap();
            prop_assert!(!verify_consistency(old, &before, size, &root(&changed), &forged));
            if !path.is_empty() {
                let mut spoilt = path.clone();
                spoilt[spoil.index(path.len())][31] ^= 1;
                prop_assert!(!verify_consistency(old, &before, size, &top, &spoilt));
                prop_assert!(!verify_consistency(old, &before, size, &top, &path[1..]));
                prop_assert!(!verify_consistency(old, &before, size, &top, &[path.clone(), vec![[0; 32]]].concat()));
            }
        }
    }
}
