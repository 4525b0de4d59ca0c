//! The inverted index: for each word the rows in which it stands.

use std::collections::HashMap;

use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read, Reader, put_varint};
use crate::spread::Spread;

/// Rows in ascending order, each as its distance from the one before.
#[derive(Default)]
pub(super) struct List {
    last: u32,
    bytes: Vec<u8>,
}

impl List {
    /// Adds a row that is not before the last one; the last one again is no second one.
    pub(super) fn push(&mut self, row: u32) -> Read<()> {
        let distance = row.checked_sub(self.last).ok_or(Malformed)?;
        if distance > 0 {
            put_varint(&mut self.bytes, distance);
            self.last = row;
        }
        Ok(())
    }

    pub(super) fn put_into(&self, rows: &mut Rows) -> Read<()> {
        each_row(&self.bytes, |row| rows.insert(row))
    }
}

fn each_row(list: &[u8], mut give: impl FnMut(u32)) -> Read<()> {
    let mut reader = Reader::new(list);
    let mut row = 0_u32;
    while !reader.is_empty() {
        row = row.checked_add(reader.varint()?).ok_or(Malformed)?;
        give(row);
    }
    Ok(())
}

/// A set of rows, a bit for each.
pub(super) struct Rows(Vec<u64>);

impl Rows {
    /// No row; there is room for those below `end`.
    pub(super) fn none(end: usize) -> Self {
        Self(vec![0; end.div_ceil(64)])
    }

    fn insert(&mut self, row: u32) {
        if let Some(bits) = usize::try_from(row / 64).ok().and_then(|at| self.0.get_mut(at)) {
            *bits |= 1 << (row % 64);
        }
    }

    pub(super) fn contains(&self, row: u32) -> bool {
        let bits = usize::try_from(row / 64).ok().and_then(|at| self.0.get(at));
        bits.is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    /// Keeps what is in the other one, too.
    pub(super) fn retain(&mut self, other: &Self) {
        for (bits, others) in self.0.iter_mut().zip(&other.0) {
            *bits &= others;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        (0_u32..).step_by(64).zip(&self.0).flat_map(|(first, bits)| {
            let next = |bits: &u64| Some(bits & (bits - 1)).filter(|bits| *bits != 0);
            std::iter::successors(Some(*bits).filter(|bits| *bits != 0), next)
                .map(move |bits| first + bits.trailing_zeros())
        })
    }
}

/// Words that came in since the sorted ones were made.
pub(super) type Fresh = HashMap<String, List, Spread>;

/// Sorted words with their rows, read where they lie: `count u32 | places (count + 1) u32 | count times: word sized, rows`.
/// A place counts from the first word on; the last one is the end.
pub(super) struct Terms {
    bytes: Zeroizing<Vec<u8>>,
    /// Where the places begin.
    places: usize,
    count: usize,
    len: usize,
}

impl Terms {
    /// No word.
    pub(super) fn none() -> Self {
        Self { bytes: Zeroizing::default(), places: 0, count: 0, len: 0 }
    }

    /// Takes the `len` bytes from `start` on of what it then keeps.
    pub(super) fn read(bytes: Zeroizing<Vec<u8>>, start: usize, len: usize) -> Read<Self> {
        let mut reader = Reader::new(bytes.get(start..).and_then(|rest| rest.get(..len)).ok_or(Malformed)?);
        let count = usize::try_from(reader.u32()?).map_err(|_| Malformed)?;
        let places = reader.take(count.checked_add(1).and_then(|n| n.checked_mul(4)).ok_or(Malformed)?)?;
        let mut before = 0;
        for place in places.as_chunks::<4>().0 {
            let place = u32::from_le_bytes(*place);
            if place < before {
                return Err(Malformed);
            }
            before = place;
        }
        if usize::try_from(before) != Ok(reader.remaining()) {
            return Err(Malformed);
        }
        Ok(Self { places: start + 4, count, len: reader.remaining(), bytes })
    }

    /// Its bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        let start = self.places.saturating_sub(4);
        self.bytes.get(start..self.places + 4 * (self.count + 1) + self.len).unwrap_or(&[0; 8])
    }

    fn place(&self, at: usize) -> Read<usize> {
        let place = self.bytes.get(self.places + 4 * at..).and_then(|rest| rest.first_chunk::<4>());
        usize::try_from(u32::from_le_bytes(*place.ok_or(Malformed)?)).map_err(|_| Malformed)
    }

    /// A word and its rows.
    fn entry(&self, at: usize) -> Read<(&[u8], &[u8])> {
        let entries = self.bytes.get(self.places + 4 * (self.count + 1)..).ok_or(Malformed)?;
        let mut reader = Reader::new(entries.get(self.place(at)?..self.place(at + 1)?).ok_or(Malformed)?);
        Ok((reader.sized()?, reader.take(reader.remaining())?))
    }

    /// The number of the first word that is not before this one.
    fn first_from(&self, word: &[u8]) -> Read<usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            if self.entry(middle)?.0 < word {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// Puts the rows of a word into `rows`.
    pub(super) fn exactly(&self, word: &str, rows: &mut Rows) -> Read<()> {
        let at = self.first_from(word.as_bytes())?;
        if at < self.count {
            let (found, list) = self.entry(at)?;
            if found == word.as_bytes() {
                each_row(list, |row| rows.insert(row))?;
            }
        }
        Ok(())
    }

    /// Puts the rows of every word that begins so into `rows`.
    pub(super) fn beginning(&self, start: &str, rows: &mut Rows) -> Read<()> {
        for at in self.first_from(start.as_bytes())?..self.count {
            let (found, list) = self.entry(at)?;
            if !found.starts_with(start.as_bytes()) {
                break;
            }
            each_row(list, |row| rows.insert(row))?;
        }
        Ok(())
    }

    /// These words and the fresh ones, with the rows that `keeps` is for; a fresh row is behind all rows of before.
    pub(super) fn merged(&self, fresh: &Fresh, keeps: impl Fn(u32) -> bool) -> Read<Self> {
        let mut added: Vec<(&[u8], &[u8])> =
            fresh.iter().map(|(word, list)| (word.as_bytes(), list.bytes.as_slice())).collect();
        added.sort_unstable_by_key(|(word, _)| *word);
        let mut added = added.into_iter().peekable();
        let mut out = Writer::default();
        for at in 0..self.count {
            let (word, list) = self.entry(at)?;
            while let Some((before, rows)) = added.next_if(|(other, _)| *other < word) {
                out.put(before, &[rows], &keeps)?;
            }
            match added.next_if(|(other, _)| *other == word) {
                Some((_, rows)) => out.put(word, &[list, rows], &keeps)?,
                None => out.put(word, &[list], &keeps)?,
            }
        }
        for (word, rows) in added {
            out.put(word, &[rows], &keeps)?;
        }
        out.finish()
    }
}

/// Puts the bytes of [`Terms`] together.
#[derive(Default)]
struct Writer {
    places: Vec<u32>,
    entries: Zeroizing<Vec<u8>>,
    list: List,
}

impl Writer {
    fn put(&mut self, word: &[u8], lists: &[&[u8]], keeps: impl Fn(u32) -> bool) -> Read<()> {
        self.list.last = 0;
        self.list.bytes.clear();
        let mut ascending = Ok(());
        for list in lists {
            each_row(list, |row| {
                if keeps(row) {
                    ascending = ascending.and_then(|()| self.list.push(row));
                }
            })?;
        }
        ascending?;
        if self.list.bytes.is_empty() {
            return Ok(());
        }
        self.places.push(u32::try_from(self.entries.len()).map_err(|_| Malformed)?);
        put_varint(&mut self.entries, u32::try_from(word.len()).map_err(|_| Malformed)?);
        self.entries.extend_from_slice(word);
        self.entries.extend_from_slice(&self.list.bytes);
        Ok(())
    }

    fn finish(self) -> Read<Terms> {
        let (count, len) = (self.places.len(), self.entries.len());
        let end = u32::try_from(len).map_err(|_| Malformed)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 + 4 * (count + 1) + len));
        bytes.extend_from_slice(&u32::try_from(count).map_err(|_| Malformed)?.to_le_bytes());
        for place in self.places.into_iter().chain([end]) {
            bytes.extend_from_slice(&place.to_le_bytes());
        }
        bytes.extend_from_slice(&self.entries);
        Ok(Terms { bytes, places: 4, count, len })
    }
}
