//! A cheap hasher for maps whose keys are random ids or hashes already.
//!
//! A key seeded for each process keeps whoever makes up ids or contents from choosing the places in a map.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;

/// Odd, with as many ones as zeros spread over it: the golden ratio in 64 bits.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Builds [`Mix`]; the seed is drawn once for each process.
#[derive(Clone, Copy)]
pub(crate) struct Spread(u64);

impl Default for Spread {
    fn default() -> Self {
        static SEED: OnceLock<u64> = OnceLock::new();
        Self(*SEED.get_or_init(|| RandomState::new().hash_one(FACTOR)))
    }
}

impl BuildHasher for Spread {
    type Hasher = Mix;

    fn build_hasher(&self) -> Mix {
        Mix(self.0)
    }
}

/// Multiplies to 128 bits and folds the halves, eight bytes at a time.
pub(crate) struct Mix(u64);

impl Mix {
    fn word(&mut self, word: u64) {
        let wide = u128::from(self.0 ^ word) * u128::from(FACTOR);
        let [low, high] =
            [wide, wide >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
        self.0 = (low ^ high).wrapping_add(FACTOR);
    }
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.word(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let last = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.word(last);
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.word(u64::from(number));
    }

    fn write_u16(&mut self, number: u16) {
        self.word(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.word(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.word(u64::try_from(number).unwrap_or(u64::MAX));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn near_keys_lie_far_apart() {
        let spread = Spread::default();
        let hashes: HashSet<u64> = (0..100_000_u64).map(|n| spread.hash_one(n)).collect();
        assert_eq!(hashes.len(), 100_000);
        // As a map uses them: low bits for the place, the seven highest beside it.
        let places: HashSet<u64> = hashes.iter().map(|hash| hash & 0xff_ffff).collect();
        assert!(places.len() > 99_000, "{}", places.len());
        let marks: HashSet<u64> = hashes.iter().map(|hash| hash >> 57).collect();
        assert_eq!(marks.len(), 128);
    }

    #[test]
    fn every_byte_counts() {
        let spread = Spread::default();
        let whole = [7_u8; 21];
        let first = spread.hash_one(whole);
        for at in 0..whole.len() {
            let mut other = whole;
            other[at] ^= 1;
            assert_ne!(spread.hash_one(other), first, "byte {at}");
        }
        assert_ne!(spread.hash_one(("a", "bc")), spread.hash_one(("ab", "c")));
    }
}
