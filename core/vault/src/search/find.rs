//! Searching a vault: loaded, brought up to date or built at the first search, kept at the lock.

use kosha_crypto::id::RecordId;
use zeroize::Zeroizing;

use super::{NONE, Query, Search};
use crate::body;
use crate::bytes::Malformed;
use crate::error::{Error, Part, Result};
use crate::index::{Entry, Filter, OrderKey};
use crate::resume::last_record;
use crate::search::words::Splitter;
use crate::snapshot::Kind;
use crate::vault::Vault;

const DAY_MS: i64 = 86_400_000;
/// A record in whose title all words are counts as that much newer.
const TITLE_MS: i64 = 28 * DAY_MS;
/// A record in which the last word, too, is a whole one counts as that much newer.
const EXACT_MS: i64 = 14 * DAY_MS;

/// Up to so many hits are put in order; where there are more, the records in their order are looked through for them.
const FEW: usize = 256;
/// So many records that the sealed file does not know, and a 32nd of all, are worth a new one at the lock.
const STALE: usize = 200;

/// A version that a commit brought.
pub(crate) struct Text {
    pub(crate) record: RecordId,
    pub(crate) row: i64,
    pub(crate) words: Option<Zeroizing<String>>,
    /// The row of the version before.
    pub(crate) replaces: Option<i64>,
}

fn malformed(_: Malformed) -> Error {
    Error::Damaged(Part::Database)
}

/// The best `limit` of candidates that come newest first, undated ones last: by date and bonus, equal ones by id.
fn best<'a>(
    candidates: impl Iterator<Item = (Entry<'a>, bool)>,
    filter: &Filter<'_>,
    limit: usize,
    mut in_title: impl FnMut(&str) -> bool,
) -> Vec<RecordId> {
    let mut found: Vec<(OrderKey, RecordId)> = Vec::new();
    // The date of the candidate with which there were enough.
    let mut enough: Option<Option<i64>> = None;
    for (entry, exact) in candidates {
        let start = entry.date().map(|date| date.start_ms);
        // What comes now, and all behind it, cannot reach one of those, whatever its bonus.
        let beaten = |floor: Option<i64>| {
            floor.zip(start).is_none_or(|(floor, start)| start.saturating_add(TITLE_MS + EXACT_MS) < floor)
        };
        if enough.is_some_and(beaten) {
            break;
        }
        if !filter.admits(entry) {
            continue;
        }
        let counted = start.map(|start| {
            let bonus = if exact { EXACT_MS } else { 0 } + if in_title(entry.title()) { TITLE_MS } else { 0 };
            start.saturating_add(bonus)
        });
        found.push((OrderKey::new(counted, entry.id()), entry.id()));
        if found.len() == limit {
            enough = Some(start);
        }
    }
    found.sort_unstable();
    found.truncate(limit);
    found.into_iter().map(|(_, record)| record).collect()
}

impl Vault {
    /// Records that hold every word of `words` (the last one as a beginning) and that `filter` admits, at most `limit`.
    ///
    /// Newest first, undated ones last. A record in whose title all words stand counts as 28 days newer than it is, and
    /// one that holds the last word as a whole as 14 days. Equal ones by id; a larger `limit` only adds to the end.
    ///
    /// The first search reads the sealed file, and the texts of what came in after it; without the file, all texts.
    pub fn search(&self, words: &str, filter: &Filter<'_>, limit: usize) -> Result<Vec<RecordId>> {
        let Some(query) = Query::of(words).filter(|_| limit > 0) else { return Ok(Vec::new()) };
        let mut slot = self.search.borrow_mut();
        let search = match slot.as_mut() {
            Some(search) => search,
            None => slot.insert(self.open_search()?),
        };
        let hits = if let Ok(hits) = search.find(&query) {
            hits
        } else {
            // What was in the file does not read: made anew.
            let search = slot.insert(self.build_search()?);
            search.find(&query).map_err(malformed)?
        };
        let mut splitter = Splitter::default();
        let in_title = |title: &str| query.is_in(title, &mut splitter);
        if hits.len() <= FEW {
            let mut found: Vec<_> =
                hits.iter().filter_map(|hit| Some((self.index.entry(hit.number)?, hit.exact))).collect();
            found.sort_unstable_by_key(|(entry, _)| entry.order_key());
            return Ok(best(found.into_iter(), filter, limit, in_title));
        }
        let mut marks = vec![None; self.index.numbers()];
        for hit in hits {
            if let Some(mark) = usize::try_from(hit.number).ok().and_then(|at| marks.get_mut(at)) {
                *mark = Some(hit.exact);
            }
        }
        let found = self.index.in_order().filter_map(|number| {
            let exact = usize::try_from(number).ok().and_then(|at| *marks.get(at)?)?;
            Some((self.index.entry(number)?, exact))
        });
        Ok(best(found, filter, limit, in_title))
    }

    fn open_search(&self) -> Result<Search> {
        if let Some(mut search) = self.load_search()
            && self.catch_up(&mut search).is_ok()
        {
            return Ok(search);
        }
        self.build_search()
    }

    fn build_search(&self) -> Result<Search> {
        let mut search = Search::new();
        self.number_rows(&mut search)?;
        self.catch_up(&mut search)?;
        Ok(search)
    }

    /// From the sealed file, without what came in since; nothing on any doubt.
    fn load_search(&self) -> Option<Search> {
        let state = self.state.as_ref()?;
        let (sequence, bytes) = self.keeper().read(Kind::Search)?;
        let mut search = Search::read(bytes).ok()?;
        let known = last_record(&self.conn, Some(search.last.0)).ok()?;
        if sequence > state.sequence || known != search.last {
            return None;
        }
        self.number_rows(&mut search).ok()?;
        Some(search)
    }

    fn number_rows(&self, search: &mut Search) -> Result<()> {
        for (number, entry) in self.index.numbered() {
            search.set_number(entry.row(), number).map_err(malformed)?;
        }
        Ok(())
    }

    /// Takes in the texts of the rows behind the last one.
    fn catch_up(&self, search: &mut Search) -> Result<()> {
        let behind = search.last.0;
        let mut new: Vec<Entry<'_>> =
            self.index.numbered().map(|(_, entry)| entry).filter(|entry| entry.row() > behind).collect();
        new.sort_unstable_by_key(|entry| entry.row());
        for entry in new {
            let bytes = match self.current_container(entry) {
                Ok(bytes) => bytes,
                // A damaged body cannot be found; that it is damaged is said by reading it and by the check.
                Err(Error::Damaged(_)) => {
                    search.whole = false;
                    continue;
                }
                Err(error) => return Err(error),
            };
            match body::decode(&bytes) {
                Ok(container) => {
                    search.put(entry.row(), [entry.title(), container.text]).map_err(malformed)?;
                }
                Err(Malformed) => search.whole = false,
            }
        }
        search.last = match last_record(&self.conn, None) {
            // What is readable is found; it is not kept, since a damaged vault keeps nothing.
            Err(error) if crate::schema::is_corrupt(&error) => (0, [0; 32]),
            last => last?,
        };
        Ok(())
    }

    /// After a commit: what it brought.
    pub(crate) fn take_in(&self, texts: &[Text]) {
        let mut slot = self.search.borrow_mut();
        let Some(search) = slot.as_mut().filter(|_| !texts.is_empty()) else { return };
        let taken = texts.iter().try_for_each(|new| {
            let (Some(number), Some(text)) = (self.index.number(new.record), &new.words) else {
                return Err(Malformed);
            };
            let title = self.index.entry(number).map_or("", Entry::title);
            if let Some(old) = new.replaces {
                search.set_number(old, NONE)?;
            }
            search.put(new.row, [title, text])?;
            search.set_number(new.row, number)
        });
        match (taken, last_record(&self.conn, None)) {
            (Ok(()), Ok(last)) => search.last = last,
            // Made anew by the next search.
            _ => *slot = None,
        }
    }

    /// Forgets what is in memory, because the vault has new keys or the words are to be forgotten.
    pub(crate) fn forget_search(&mut self) {
        *self.search.borrow_mut() = None;
        self.unsearched = usize::MAX;
    }

    /// At the lock: writes the sealed file where it does not know enough of the records.
    pub(crate) fn keep_search(&mut self) -> Result<()> {
        let Some(state) = &self.state else { return Ok(()) };
        let loaded = self.search.borrow_mut().take();
        if (loaded.is_none() && self.unsearched == 0)
            || !self.damaged.is_empty()
            || !self.problems().is_empty()
        {
            return Ok(());
        }
        let mut search = if let Some(search) = loaded.or_else(|| self.load_search()) {
            search
        } else {
            let mut search = Search::new();
            self.number_rows(&mut search)?;
            search
        };
        if search.behind() < STALE.max(self.index.len() / 32) {
            return Ok(());
        }
        self.catch_up(&mut search)?;
        search.pack().map_err(malformed)?;
        if !search.whole {
            return Ok(());
        }
        self.keeper().write(Kind::Search, state.sequence, self.env.entropy.as_ref(), |sink| {
            search.write(&mut |bytes| sink.put(bytes))
        })?;
        self.unsearched = 0;
        Ok(())
    }
}
