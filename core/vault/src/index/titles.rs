//! First lines of cards, each held once: thousands of records have the same one, and are compared by its number.

use std::hash::BuildHasher as _;

use super::arena::{Arena, Spot};
use super::numbers::{NONE, Numbers};
use super::place;
use crate::spread::Spread;

/// Titles by number, wiped when dropped. Numbers are never taken away.
#[derive(Default)]
pub(super) struct Titles {
    arena: Arena,
    spots: Vec<Spot>,
    known: Numbers,
}

impl Titles {
    /// The number of a title; a new one where it has none.
    pub(super) fn number_of(&mut self, title: &str, spread: Spread) -> u32 {
        let Self { arena, spots, known } = self;
        let hash = spread.hash_one(title);
        if let Some(number) = known.find(hash, |number| at(arena, spots, number) == title.as_bytes()) {
            return number;
        }
        let number = u32::try_from(spots.len()).unwrap_or(NONE);
        spots.push(arena.push(&[title.as_bytes()]));
        known.insert(
            hash,
            number,
            |_| false,
            |number| std::str::from_utf8(at(arena, spots, number)).map_or(0, |title| spread.hash_one(title)),
        );
        number
    }

    /// The title of a number.
    pub(super) fn title(&self, number: u32) -> Option<&str> {
        let spot = self.spots.get(place(number))?;
        std::str::from_utf8(self.arena.at(*spot)).ok()
    }

    /// All titles, by number.
    pub(super) fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.spots.iter().map(|spot| self.arena.at(*spot))
    }
}

fn at<'a>(arena: &'a Arena, spots: &[Spot], number: u32) -> &'a [u8] {
    spots.get(place(number)).map_or(&[], |spot| arena.at(*spot))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_title_has_one_number() {
        let (mut titles, spread) = (Titles::default(), Spread::default());
        let numbers: Vec<u32> =
            (0..3000).map(|n| titles.number_of(&format!("Title {}", n % 1000), spread)).collect();
        assert_eq!(numbers[..1000], (0..1000).collect::<Vec<u32>>());
        assert_eq!(numbers[..1000], numbers[1000..2000]);
        assert_eq!(titles.title(7), Some("Title 7"));
        assert_eq!(titles.title(1000), None);
        assert_eq!(titles.number_of("", spread), 1000, "no title is a title as well");
        assert_eq!(titles.all().count(), 1001);
    }
}
