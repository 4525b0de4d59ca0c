//! The index of current records in memory: built at unlock from the sealed headers, changed only after a commit.

mod arena;
mod cursor;
mod entry;
mod filter;
mod numbers;
mod pool;
mod snapshot;
mod titles;

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use kosha_crypto::id::{RecordId, Version};

pub use cursor::{Cursor, InvalidCursor};
pub use entry::{Entry, EntryDate, Measure};
pub use filter::Filter;

use crate::header::View;
use crate::spread::Spread;
use arena::{Arena, Spot};
pub(crate) use cursor::OrderKey;
use entry::Brief;
use numbers::{NONE, Numbers};
use pool::Pool;

/// Records in order, and where to go on.
#[derive(Debug)]
pub struct Page<'a> {
    /// Entries, newest first, undated last, equal ones by id.
    pub entries: Vec<Entry<'a>>,
    /// Pass as `after` for the next page; absent when this was the last.
    pub next: Option<Cursor>,
}

/// A version that is known under an identity: the current one of a record, or one of its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The record.
    pub record: RecordId,
    /// The version of it.
    pub version: Version,
    /// SHA-256 of the original bytes of that version's resource.
    pub content: [u8; 32],
    /// It is the current version.
    pub current: bool,
}

/// A version that is no longer current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Past {
    pub(crate) row: i64,
    pub(crate) version: Version,
    pub(crate) content: [u8; 32],
}

/// Key in the map of identities: the first eight bytes; entries are compared in full.
fn short(identity: &[u8; 32]) -> u64 {
    identity.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Beginning of an id: ids are random.
fn beginning(id: RecordId) -> u64 {
    id.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// A number as a place in a list.
fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// All current records, packed: about 400 bytes each.
#[derive(Default)]
pub struct Index {
    arena: Arena,
    /// Where the entry of each number lies.
    spots: Vec<Spot>,
    /// What lists ask of the entry of each number.
    briefs: Vec<Brief>,
    pool: Pool,
    /// Numbers of entries in the order of pages.
    order: Vec<u32>,
    by_id: Numbers,
    /// An entry of an identity; `chain` leads to the next one of the same.
    by_identity: Numbers,
    chain: Vec<u32>,
    past: HashMap<RecordId, Vec<Past>, Spread>,
    spread: Spread,
}

impl Index {
    /// Number of current records, deleted ones included.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// No record at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a record.
    pub fn get(&self, id: RecordId) -> Option<Entry<'_>> {
        self.number(id).and_then(|number| self.entry(number))
    }

    /// How many numbers entries have had so far; [`Entry::number`] is below it.
    pub fn numbers(&self) -> usize {
        self.spots.len()
    }

    /// Numbers of all entries, in the order of pages.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = u32> {
        self.order.iter().copied()
    }

    /// All entries with their numbers, in the order of numbers.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u32, Entry<'_>)> {
        let whole = self.is_whole();
        (0..)
            .map_while(|number| Some((number, self.entry(number)?)))
            .filter(move |(number, entry)| whole || self.number(entry.id()) == Some(*number))
    }

    /// All entries, newest first.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        self.order.iter().filter_map(|number| self.entry(*number))
    }

    /// All entries of some kinds, newest first; the others are passed over without a look at them.
    pub fn of_kinds<'a>(&'a self, kinds: &[u16]) -> impl Iterator<Item = Entry<'a>> {
        let wanted = |number: &&u32| {
            self.briefs.get(place(**number)).is_some_and(|brief| kinds.contains(&brief.kind()))
        };
        self.order.iter().filter(wanted).filter_map(|number| self.entry(*number))
    }

    /// At most `limit` records that `filter` admits, after the place `after`.
    pub fn page(&self, filter: &Filter<'_>, after: Option<Cursor>, limit: usize) -> Page<'_> {
        let start = after.map_or(0, |cursor| {
            self.order
                .partition_point(|number| self.entry(*number).is_some_and(|e| e.order_key() <= cursor.0))
        });
        let mut entries = Vec::with_capacity(limit.min(256));
        let mut next = None;
        for entry in self.order.iter().skip(start).filter_map(|number| self.entry(*number)) {
            if !filter.admits(entry) {
                continue;
            }
            if entries.len() == limit {
                next = entries.last().map(|last: &Entry<'_>| Cursor(last.order_key()));
                break;
            }
            entries.push(entry);
        }
        Page { entries, next }
    }

    /// The record of this identity that was added last: record, version, content hash. See [`Index::with_identity`]
    /// for all of them.
    pub fn by_identity(&self, identity: &[u8; 32]) -> Option<(RecordId, Version, [u8; 32])> {
        let last = self.chain_of(identity).max_by_key(|entry| self.first_row(*entry))?;
        Some((last.id(), last.version(), *last.content()))
    }

    /// Every version of every record of this identity, the record added last first, its current version first.
    pub fn with_identity(&self, identity: &[u8; 32]) -> Vec<Known> {
        let mut chain: Vec<Entry<'_>> = self.chain_of(identity).collect();
        chain.sort_by_key(|entry| std::cmp::Reverse(self.first_row(*entry)));
        let mut found = Vec::new();
        for entry in chain {
            let (record, version, content) = (entry.id(), entry.version(), *entry.content());
            found.push(Known { record, version, content, current: true });
            found.extend(self.past(record).iter().rev().map(|past| Known {
                record,
                version: past.version,
                content: past.content,
                current: false,
            }));
        }
        found
    }

    /// The row of a record's first version: rows are numbered as they are written, entries are not.
    fn first_row(&self, entry: Entry<'_>) -> i64 {
        self.past(entry.id())
            .iter()
            .map(|past| past.row)
            .min()
            .map_or(entry.row(), |first| first.min(entry.row()))
    }

    fn chain_of<'a>(&'a self, identity: &'a [u8; 32]) -> impl Iterator<Item = Entry<'a>> {
        let last = self
            .by_identity
            .find(self.spread.hash_one(short(identity)), |number| self.short_of(number) == short(identity));
        std::iter::successors(last, |number| {
            self.chain.get(place(*number)).copied().filter(|number| *number != NONE)
        })
        .filter_map(|number| self.entry(number).map(|entry| (number, entry)))
        // An entry whose record is lost is not reached by its id.
        .filter(|(number, entry)| self.number(entry.id()) == Some(*number))
        .map(|(_, entry)| entry)
        .filter(move |entry| entry.identity() == identity && identity != &[0; 32])
    }

    /// The entry of a number; see [`Entry::number`].
    pub fn entry(&self, number: u32) -> Option<Entry<'_>> {
        let (spot, brief) = (self.spots.get(place(number))?, self.briefs.get(place(number))?);
        Entry::new(number, self.arena.at(*spot), brief, &self.pool)
    }

    pub(crate) fn number(&self, id: RecordId) -> Option<u32> {
        let hash = self.spread.hash_one(beginning(id));
        self.by_id.find(hash, |number| self.entry(number).is_some_and(|entry| entry.id() == id))
    }

    fn short_of(&self, number: u32) -> u64 {
        self.entry(number).map_or(0, |entry| short(entry.identity()))
    }

    /// Versions of a record before the current one, oldest first.
    pub(crate) fn past(&self, id: RecordId) -> &[Past] {
        self.past.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn all_past(&self) -> impl Iterator<Item = (RecordId, &Past)> {
        self.past.iter().flat_map(|(record, versions)| versions.iter().map(|past| (*record, past)))
    }

    pub(crate) fn add_past(&mut self, id: RecordId, past: Past) {
        self.past.entry(id).or_default().push(past);
    }

    /// Adds or replaces records in one go, each dropped as soon as it is in: a large file is not in memory twice. The
    /// order is repaired once, by merging.
    pub(crate) fn apply<C>(
        &mut self,
        changes: impl IntoIterator<Item = C>,
        read: impl Fn(&C) -> Option<(RecordId, Version, i64, &[u8], View<'_>)>,
    ) {
        let known = self.spots.len();
        let mut moved = Vec::new();
        for change in changes {
            if let Some((id, version, row, wrapped, header)) = read(&change) {
                moved.push(self.put(&entry::Stored { id, version, row, wrapped }, &header));
            }
        }
        self.reorder(moved, known);
    }

    /// Adds a row without repairing the order; the newest version of a record becomes its entry, in whatever order they come.
    pub(crate) fn load(
        &mut self,
        id: RecordId,
        version: Version,
        row: i64,
        wrapped: &[u8],
        header: &View<'_>,
    ) {
        if let Some(known) = self.get(id)
            && (known.version().counter, known.version().writer) > (version.counter, version.writer)
        {
            self.add_past(id, Past { row, version, content: header.content });
            return;
        }
        self.put(&entry::Stored { id, version, row, wrapped }, header);
    }

    /// Makes the order of pages after loading, without the records in `lost`.
    pub(crate) fn finish_loading(&mut self, lost: &[RecordId]) {
        let mut sorted: Vec<(OrderKey, u32)> =
            (0..).map_while(|number| Some((self.entry(number)?.order_key(), number))).collect();
        if !lost.is_empty() {
            for record in lost {
                if let Some(entry) = self.get(*record) {
                    let past = Past { row: entry.row(), version: entry.version(), content: *entry.content() };
                    self.add_past(*record, past);
                }
            }
            sorted.retain(|(_, number)| self.entry(*number).is_some_and(|entry| !lost.contains(&entry.id())));
            let mut kept = Numbers::with_room(sorted.len());
            for (_, number) in &sorted {
                if let Some(entry) = self.entry(*number) {
                    kept.add(self.spread.hash_one(beginning(entry.id())), *number);
                }
            }
            self.by_id = kept;
        }
        sorted.sort_unstable();
        self.order.clear();
        self.order.extend(sorted.into_iter().map(|(_, number)| number));
        for versions in self.past.values_mut() {
            versions.sort_by_key(|past| (past.version.counter, past.version.writer));
        }
    }

    fn put(&mut self, stored: &entry::Stored<'_>, header: &View<'_>) -> u32 {
        let spot = entry::pack(stored, header, &mut self.pool, &mut self.arena);
        let brief = Brief::of(self.arena.at(spot)).unwrap_or_default();
        if let Some(number) = self.number(stored.id) {
            let old = self.entry(number).map(|old| Past {
                row: old.row(),
                version: old.version(),
                content: *old.content(),
            });
            if let Some(past) = old.filter(|past| past.version != stored.version) {
                self.add_past(stored.id, past);
            }
            let slots = (self.spots.get_mut(place(number)), self.briefs.get_mut(place(number)));
            if let (Some(place), Some(own)) = slots {
                (*place, *own) = (spot, brief);
            }
            return number;
        }
        let number = u32::try_from(self.spots.len()).unwrap_or(NONE);
        self.spots.push(spot);
        self.briefs.push(brief);
        self.register(number);
        number
    }

    /// Makes the entry of a new number known by its id and identity.
    fn register(&mut self, number: u32) {
        let Self { arena, spots, briefs, pool, by_id, by_identity, chain, spread, .. } = self;
        let entry = |number: u32| {
            let (spot, brief) = (spots.get(place(number))?, briefs.get(place(number))?);
            Entry::new(number, arena.at(*spot), brief, pool)
        };
        let Some(new) = entry(number) else { return };
        let id_hash = |number| entry(number).map_or(0, |entry| spread.hash_one(beginning(entry.id())));
        by_id.insert(id_hash(number), number, |_| false, id_hash);
        let identity = *new.identity();
        let before = if identity == [0; 32] {
            NONE
        } else {
            let short_of = |number| entry(number).map_or(0, |entry| short(entry.identity()));
            let hash_of = |number| spread.hash_one(short_of(number));
            let same = |number| short_of(number) == short(&identity);
            by_identity.insert(spread.hash_one(short(&identity)), number, same, hash_of).unwrap_or(NONE)
        };
        chain.push(before);
    }

    /// Puts the entries `moved` where they belong in the order; those from number `known` on are not in it so far.
    fn reorder(&mut self, mut moved: Vec<u32>, known: usize) {
        moved.sort_unstable();
        moved.dedup();
        let Self { arena, spots, briefs, pool, order, .. } = self;
        if moved.first().is_some_and(|first| place(*first) < known) {
            order.retain(|number| moved.binary_search(number).is_err());
        }
        let key = |number: &u32| {
            let (spot, brief) = (spots.get(place(*number))?, briefs.get(place(*number))?);
            Entry::new(*number, arena.at(*spot), brief, pool).map(Entry::order_key)
        };
        moved.sort_by_cached_key(key);
        // From the end: what stands behind a place moves once, and by as many places as entries go before it.
        let mut end = order.len();
        order.resize(end + moved.len(), 0);
        for (before, number) in moved.iter().enumerate().rev() {
            let wanted = key(number);
            let start = order.get(..end).map_or(0, |kept| kept.partition_point(|other| key(other) < wanted));
            order.copy_within(start..end, start + before + 1);
            if let Some(slot) = order.get_mut(start + before) {
                *slot = *number;
            }
            end = start;
        }
    }

    /// Gives back spare capacity once the index is built.
    pub(crate) fn shrink(&mut self) {
        self.spots.shrink_to_fit();
        self.briefs.shrink_to_fit();
        self.order.shrink_to_fit();
        self.chain.shrink_to_fit();
    }

    pub(crate) fn reserve(&mut self, records: usize) {
        self.spots.reserve_exact(records);
        self.briefs.reserve_exact(records);
        self.order.reserve_exact(records);
        self.chain.reserve_exact(records);
        if self.is_empty() {
            self.by_id = Numbers::with_room(records);
            self.by_identity = Numbers::with_room(records);
        }
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("records", &self.len()).finish_non_exhaustive()
    }
}
