//! A hash table of entry numbers, four bytes a place. Keys stay in the entries: whoever asks says which one is meant.

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// Open addressing with linear steps, at most two thirds full. Hashes come from [`crate::spread::Spread`].
#[derive(Default)]
pub(super) struct Numbers {
    places: Vec<u32>,
    used: usize,
}

impl Numbers {
    /// A table with room for `count` numbers.
    pub(super) fn with_room(count: usize) -> Self {
        let places = (count + count / 2).next_power_of_two().max(16);
        Self { places: vec![NONE; places], used: 0 }
    }

    fn start(&self, hash: u64) -> usize {
        usize::try_from(hash).unwrap_or(0) & self.places.len().wrapping_sub(1)
    }

    /// The number of this hash that `same` takes for the right one.
    pub(super) fn find(&self, hash: u64, mut same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.start(hash);
        loop {
            let number = *self.places.get(at)?;
            if number == NONE {
                return None;
            }
            if same(number) {
                return Some(number);
            }
            at = (at + 1) & (self.places.len() - 1);
        }
    }

    /// Puts `number` in the place of the one that `same` takes, which is given back, or in a free place.
    /// `hash_of` gives the hashes of numbers that are there, for when the table has to grow.
    pub(super) fn insert(
        &mut self,
        hash: u64,
        number: u32,
        mut same: impl FnMut(u32) -> bool,
        hash_of: impl Fn(u32) -> u64,
    ) -> Option<u32> {
        if (self.used + 1) * 3 > self.places.len() * 2 {
            let grown = Self::with_room((self.used + 1) * 2);
            let old = std::mem::replace(self, grown);
            old.places.iter().filter(|number| **number != NONE).for_each(|number| {
                self.add(hash_of(*number), *number);
            });
        }
        let mut at = self.start(hash);
        loop {
            let last = self.places.len() - 1;
            let place = self.places.get_mut(at)?;
            if *place == NONE {
                *place = number;
                self.used += 1;
                return None;
            }
            if same(*place) {
                return Some(std::mem::replace(place, number));
            }
            at = (at + 1) & last;
        }
    }

    /// Adds a number whose key is not there, to a table that has room.
    pub(super) fn add(&mut self, hash: u64, number: u32) {
        let mut at = self.start(hash);
        let last = self.places.len().wrapping_sub(1);
        while let Some(place) = self.places.get_mut(at) {
            if *place == NONE {
                *place = number;
                self.used += 1;
                return;
            }
            at = (at + 1) & last;
        }
    }

    /// How many numbers it holds.
    pub(super) fn len(&self) -> usize {
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaves_as_a_map_whatever_the_hashes() {
        // Good hashes, and ones that all collide.
        for spread in [0x9e37_79b9_7f4a_7c15_u64, 0] {
            let hash = |number: u32| u64::from(number % 500).wrapping_mul(spread);
            let mut numbers = Numbers::default();
            assert_eq!(numbers.find(0, |_| true), None);
            for number in 0..1000_u32 {
                let before = numbers.insert(hash(number), number, |known| known % 500 == number % 500, hash);
                assert_eq!(before, number.checked_sub(500));
            }
            assert_eq!(numbers.len(), 500);
            for key in 0..500 {
                assert_eq!(numbers.find(hash(key), |known| known % 500 == key), Some(key + 500));
            }
            assert_eq!(numbers.find(hash(7), |known| known == 7), None);
        }
    }
}
