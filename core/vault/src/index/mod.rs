//! The index of current records in memory: built at unlock from the sealed headers, changed only after a commit.

mod cursor;
mod entry;
mod filter;

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use kosha_crypto::id::{RecordId, Version};

pub use cursor::{Cursor, InvalidCursor};
pub use entry::{Entry, EntryDate, Measure};
pub use filter::Filter;

use crate::header::View;
use crate::spread::Spread;
pub(crate) use cursor::OrderKey;

/// Records in order, and where to go on.
#[derive(Debug)]
pub struct Page<'a> {
    /// Entries, newest first, undated last, equal ones by id.
    pub entries: Vec<&'a Entry>,
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

const NONE: u32 = u32::MAX;

/// All current records. About 500 bytes each.
#[derive(Default)]
pub struct Index {
    entries: Vec<Entry>,
    /// Numbers of entries in the order of pages.
    order: Vec<u32>,
    by_id: HashMap<RecordId, u32, Spread>,
    /// First entry of an identity; `chain` leads to the next one.
    by_identity: HashMap<u64, u32, Spread>,
    chain: Vec<u32>,
    past: HashMap<RecordId, Vec<Past>, Spread>,
    interner: entry::Interner,
}

impl Index {
    /// Number of current records, deleted ones included.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// No record at all.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The entry of a record.
    pub fn get(&self, id: RecordId) -> Option<&Entry> {
        self.by_id.get(&id).and_then(|number| self.entry(*number))
    }

    /// All entries, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.order.iter().filter_map(|number| self.entry(*number))
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
                next = entries.last().map(|last: &&Entry| Cursor(last.order_key()));
                break;
            }
            entries.push(entry);
        }
        Page { entries, next }
    }

    /// The record of this identity that was added last: record, version, content hash. See [`Index::with_identity`]
    /// for all of them.
    pub fn by_identity(&self, identity: &[u8; 32]) -> Option<(RecordId, Version, [u8; 32])> {
        self.chain_of(identity).map(|e| (e.id, e.version, *e.content())).next()
    }

    /// Every version of every record of this identity, the record added last first, its current version first.
    pub fn with_identity(&self, identity: &[u8; 32]) -> Vec<Known> {
        let mut found = Vec::new();
        for entry in self.chain_of(identity) {
            let (record, version, content) = (entry.id, entry.version, *entry.content());
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

    fn chain_of<'a>(&'a self, identity: &'a [u8; 32]) -> impl Iterator<Item = &'a Entry> {
        let first = self.by_identity.get(&short(identity)).copied().unwrap_or(NONE);
        std::iter::successors(Some(first), |number| {
            usize::try_from(*number).ok().and_then(|number| self.chain.get(number)).copied()
        })
        .take_while(|number| *number != NONE)
        .filter_map(|number| self.entry(number))
        .filter(move |entry| &entry.identity == identity && identity != &[0; 32])
    }

    pub(crate) fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    pub(crate) fn number(&self, id: RecordId) -> Option<u32> {
        self.by_id.get(&id).copied()
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

    /// Adds or replaces records in one go. The order is repaired once, by merging.
    pub(crate) fn apply<'h>(
        &mut self,
        changes: impl IntoIterator<Item = (RecordId, Version, i64, View<'h>)>,
    ) {
        let known = self.entries.len();
        let mut moved = Vec::new();
        for (id, version, row, header) in changes {
            let entry = Entry::new(id, version, row, &header, &mut self.interner);
            moved.push(self.put(entry));
        }
        self.reorder(moved, known);
    }

    /// Adds a row without repairing the order; the newest version of a record becomes its entry, in whatever order they come.
    pub(crate) fn load(&mut self, id: RecordId, version: Version, row: i64, header: &View<'_>) {
        if let Some(known) = self.get(id)
            && (known.version.counter, known.version.writer) > (version.counter, version.writer)
        {
            self.add_past(id, Past { row, version, content: header.content });
            return;
        }
        let entry = Entry::new(id, version, row, header, &mut self.interner);
        self.put(entry);
    }

    /// Makes the order of pages after loading, without the records in `lost`.
    pub(crate) fn finish_loading(&mut self, lost: &[RecordId]) {
        for record in lost {
            if let Some(number) = self.by_id.remove(record)
                && let Some(entry) =
                    usize::try_from(number).ok().and_then(|number| self.entries.get_mut(number))
            {
                let past = Past { row: entry.row, version: entry.version, content: *entry.content() };
                entry.identity = [0; 32];
                self.past.entry(*record).or_default().push(past);
            }
        }
        let Self { entries, order, by_id, past, .. } = self;
        let mut sorted: Vec<(OrderKey, u32)> = entries
            .iter()
            .zip(0..)
            .filter(|(entry, _)| lost.is_empty() || by_id.contains_key(&entry.id))
            .map(|(entry, number)| (entry.order_key(), number))
            .collect();
        sorted.sort_unstable();
        order.clear();
        order.extend(sorted.into_iter().map(|(_, number)| number));
        for versions in past.values_mut() {
            versions.sort_by_key(|past| (past.version.counter, past.version.writer));
        }
    }

    fn put(&mut self, entry: Entry) -> u32 {
        let number = match self.by_id.entry(entry.id) {
            MapEntry::Vacant(free) => *free.insert(u32::try_from(self.entries.len()).unwrap_or(NONE)),
            MapEntry::Occupied(known) => {
                let number = *known.get();
                if let Some(slot) = usize::try_from(number).ok().and_then(|at| self.entries.get_mut(at)) {
                    let old = std::mem::replace(slot, entry);
                    let past = Past { row: old.row, version: old.version, content: *old.content() };
                    if slot.version != past.version {
                        self.past.entry(old.id).or_default().push(past);
                    }
                }
                return number;
            }
        };
        let before = if entry.identity == [0; 32] {
            NONE
        } else {
            self.by_identity.insert(short(&entry.identity), number).unwrap_or(NONE)
        };
        self.chain.push(before);
        self.entries.push(entry);
        number
    }

    /// Puts the entries `moved` where they belong in the order; those from number `known` on are not in it so far.
    fn reorder(&mut self, mut moved: Vec<u32>, known: usize) {
        moved.sort_unstable();
        moved.dedup();
        let Self { entries, order, .. } = self;
        if moved.first().is_some_and(|first| usize::try_from(*first).is_ok_and(|first| first < known)) {
            order.retain(|number| moved.binary_search(number).is_err());
        }
        let key = |number: &u32| {
            usize::try_from(*number).ok().and_then(|number| entries.get(number)).map(Entry::order_key)
        };
        moved.sort_by_cached_key(key);
        // From the end: what stands behind a place moves once, and by as many places as entries go before it.
        let mut end = order.len();
        order.resize(end + moved.len(), 0);
        for (before, number) in moved.iter().enumerate().rev() {
            let wanted = key(number);
            let place = order.get(..end).map_or(0, |kept| kept.partition_point(|other| key(other) < wanted));
            order.copy_within(place..end, place + before + 1);
            if let Some(slot) = order.get_mut(place + before) {
                *slot = *number;
            }
            end = place;
        }
    }

    /// Gives back spare capacity once the index is built.
    pub(crate) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.order.shrink_to_fit();
        self.chain.shrink_to_fit();
    }

    pub(crate) fn reserve(&mut self, records: usize) {
        self.entries.reserve_exact(records);
        self.order.reserve_exact(records);
        self.chain.reserve_exact(records);
        self.by_id.reserve(records);
        self.by_identity.reserve(records);
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("records", &self.len()).finish_non_exhaustive()
    }
}
