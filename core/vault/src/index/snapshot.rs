//! The index as bytes that are read in place.
//!
//! `version | entries u32 | titles u32 | pool | past versions | numbers in page order, u32 each | lengths of titles, u32
//! each | lengths of entries, u32 each | titles | entries`.
//! Entries are written in page order and so get new numbers: whoever lists records after opening reads memory from one end
//! to the other, several times as fast as here and there.

use kosha_crypto::id::{RecordId, Version, WriterId};
use zeroize::Zeroizing;

use super::arena::Arena;
use super::entry::Brief;
use super::numbers::Numbers;
use super::pool::Pool;
use super::{Entry, Index, Past, place};
use crate::bytes::{Malformed, Read, Reader, put_varint};

const VERSION: u8 = 3;

fn array(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number))
}

impl Index {
    /// Gives its bytes to `out`, piece by piece, so that they are never in memory a second time.
    pub(crate) fn write<E>(&self, out: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let count = u32::try_from(self.spots.len()).unwrap_or(u32::MAX);
        let mut head = Zeroizing::new(Vec::with_capacity(64 * 1024));
        head.push(VERSION);
        let length = |len: usize| u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes();
        head.extend_from_slice(&count.to_le_bytes());
        head.extend_from_slice(&length(self.pool.titles().count()));
        self.pool.encode(&mut head);
        put_varint(&mut head, u32::try_from(self.all_past().count()).unwrap_or(u32::MAX));
        for (record, past) in self.all_past() {
            head.extend_from_slice(record.as_bytes());
            head.extend_from_slice(&past.row.to_le_bytes());
            head.extend_from_slice(past.version.writer.as_bytes());
            head.extend_from_slice(&past.version.counter.to_le_bytes());
            head.extend_from_slice(&past.content);
        }
        let packed =
            || self.order.iter().filter_map(|number| Some(self.arena.at(*self.spots.get(place(*number))?)));
        (0..count).for_each(|number| head.extend_from_slice(&number.to_le_bytes()));
        for bytes in self.pool.titles().chain(packed()) {
            head.extend_from_slice(&length(bytes.len()));
        }
        out(&head)?;
        self.pool.titles().chain(packed()).try_for_each(out)
    }

    /// Whether [`Index::write`] gives all of it: every entry is that of a record.
    pub(crate) fn is_whole(&self) -> bool {
        self.spots.len() == self.order.len() && self.spots.len() == self.by_id.len()
    }

    /// Reads what [`Index::write`] gave, from `start` of `bytes` on, which become the index's own memory.
    pub(crate) fn read(bytes: Zeroizing<Vec<u8>>, start: usize) -> Read<Self> {
        let mut reader = Reader::new(bytes.get(start..).ok_or(Malformed)?);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let count = usize::try_from(reader.u32()?).map_err(|_| Malformed)?;
        let titles = usize::try_from(reader.u32()?).map_err(|_| Malformed)?;
        let pool = Pool::decode(&mut reader)?;
        let mut index = Self { pool, ..Self::default() };
        for _ in 0..reader.varint()? {
            let record = RecordId::from_bytes(reader.array()?);
            let row = reader.i64()?;
            let version = Version { writer: WriterId::from_bytes(reader.array()?), counter: reader.u64()? };
            index.add_past(record, Past { row, version, content: reader.array()? });
        }
        let list = |count: usize| count.checked_mul(4).ok_or(Malformed);
        index.order = array(reader.take(list(count)?)?).collect();
        let (of_titles, lengths) = (reader.take(list(titles)?)?, reader.take(list(count)?)?);
        for len in array(of_titles) {
            let title = reader.take(place(len))?;
            index.pool.title_of(std::str::from_utf8(title).map_err(|_| Malformed)?);
        }
        let mut at = bytes.len() - reader.remaining();
        index.spots.reserve_exact(count);
        for len in array(lengths) {
            let len = usize::try_from(len).map_err(|_| Malformed)?;
            index.spots.push(Arena::spot_in_first(at, len).ok_or(Malformed)?);
            at = at.checked_add(len).filter(|end| *end <= bytes.len()).ok_or(Malformed)?;
        }
        index.arena = Arena::beginning_with(bytes);
        index.briefs.reserve_exact(count);
        for spot in &index.spots {
            index.briefs.push(Brief::of(index.arena.at(*spot)).ok_or(Malformed)?);
        }
        index.chain.reserve_exact(count);
        index.by_id = Numbers::with_room(count);
        index.by_identity = Numbers::with_room(count);
        for number in 0..u32::try_from(count).map_err(|_| Malformed)? {
            index.entry(number).ok_or(Malformed).and_then(Entry::verify)?;
            index.register(number);
        }
        if index.order.iter().any(|number| place(*number) >= count) {
            return Err(Malformed);
        }
        Ok(index)
    }
}
