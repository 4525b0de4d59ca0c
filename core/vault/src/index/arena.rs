//! Where packed entries lie: a few large blocks of memory, wiped when dropped. An entry that is put there stays there.

use zeroize::Zeroizing;

/// Size of a block. Memory of a block that is not used so far costs nothing.
const BLOCK: usize = 1024 * 1024;

/// Where an entry lies.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    block: u32,
    start: u32,
    len: u32,
}

#[derive(Default)]
pub(super) struct Arena(Vec<Zeroizing<Vec<u8>>>);

impl Arena {
    /// An arena that begins with a block of bytes from elsewhere; see [`Arena::spot_in_first`].
    pub(super) fn beginning_with(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(vec![bytes])
    }

    /// A place in the block that the arena began with.
    pub(super) fn spot_in_first(start: usize, len: usize) -> Option<Spot> {
        Some(Spot { block: 0, start: u32::try_from(start).ok()?, len: u32::try_from(len).ok()? })
    }

    /// Puts the parts behind one another.
    pub(super) fn push(&mut self, parts: &[&[u8]]) -> Spot {
        let len: usize = parts.iter().map(|part| part.len()).sum();
        let fits = self.0.last().is_some_and(|block| block.capacity() - block.len() >= len);
        if !fits {
            self.0.push(Zeroizing::new(Vec::with_capacity(len.max(BLOCK))));
        }
        let number = u32::try_from(self.0.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let Some(block) = self.0.last_mut() else {
            return Spot { block: 0, start: 0, len: 0 };
        };
        let start = u32::try_from(block.len()).unwrap_or(u32::MAX);
        for part in parts {
            block.extend_from_slice(part);
        }
        Spot { block: number, start, len: u32::try_from(len).unwrap_or(0) }
    }

    /// The bytes at a spot of this arena.
    pub(super) fn at(&self, spot: Spot) -> &[u8] {
        let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let block = self.0.get(at(spot.block)).map_or(&[][..], |block| block.as_slice());
        block.get(at(spot.start)..).and_then(|rest| rest.get(..at(spot.len))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_stays_where_it_is() {
        let mut arena = Arena::beginning_with(Zeroizing::new(b"0123456789".to_vec()));
        let first = Arena::spot_in_first(2, 3).unwrap();
        let spots: Vec<(Spot, Vec<u8>)> = (0..3000_u32)
            .map(|n| {
                let bytes = vec![n.to_le_bytes()[0]; usize::try_from(n).unwrap()];
                (arena.push(&[&bytes, b"end"]), [bytes, b"end".to_vec()].concat())
            })
            .collect();
        let huge = arena.push(&[&vec![7; 3 * BLOCK]]);
        assert_eq!(arena.at(first), b"234");
        assert!(spots.iter().all(|(spot, bytes)| arena.at(*spot) == bytes.as_slice()));
        assert_eq!(arena.at(huge).len(), 3 * BLOCK);
        assert!(arena.at(Arena::spot_in_first(8, 3).unwrap()).is_empty(), "beyond the block");
    }
}
