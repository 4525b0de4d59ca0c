//! The timeline grouped by visit: what belongs to each, and by day what belongs to none.

use std::collections::BTreeMap;

use kosha_crypto::id::PersonId;
use kosha_fhir::{Kind, Language, Standing};
use kosha_vault::{Entry, EntryDate, Filter, Index};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::anchors::{Anchored, NONE, place};
use super::series::{Place, standing, when};
use super::words;
use crate::family::Circle;
use crate::hidden::hidden_debug;
use crate::spoken::source_of;
use crate::words::WORDS;
use crate::{Error, Session, date, timeline};

/// Most groups of one page.
const MOST: u32 = 1_000;
/// Most records of a group that are named; all are counted.
const MOST_RECORDS: usize = 1_000;
/// Which visits are wanted. The default: the first 50 groups of everybody.
#[derive(Clone)]
pub struct VisitsQuery {
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// First year, month or day. Leaves out records that have no date.
    pub from: Option<String>,
    /// Last year, month or day. Leaves out records that have no date.
    pub to: Option<String>,
    /// Most groups, at most 1,000.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for VisitsQuery {
    fn default() -> Self {
        Self { person: None, from: None, to: None, limit: 50, after: None }
    }
}

/// A page of visits, newest first, without a date last.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct VisitsPage {
    /// The groups.
    pub visits: Vec<VisitGroup>,
    /// Where the next page begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed; [`Session::check`] names them. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// A visit with what belongs to it, or what belongs to none of one day and source.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct VisitGroup {
    /// `visit`; `document`: a discharge summary or a doctor's note without a visit of its own; `day`: outside visits.
    pub group: &'static str,
    /// Whose it is.
    pub person: String,
    /// What it is called; of a day that it is outside visits.
    pub title: String,
    /// When it began, as exactly as the source said.
    pub date: Option<String>,
    /// The last day, where it lasted over more than one.
    pub until: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Why, and whatever else its source marks it with.
    pub reason: Option<String>,
    /// The record of the visit or document itself.
    pub record: Option<String>,
    /// How many records belong to it, by kind; the visit itself is not counted.
    pub counts: Vec<KindCount>,
    /// Those records, newest first; at most 1,000.
    pub records: Vec<String>,
}

/// How many records of one kind.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct KindCount {
    /// The kind.
    pub kind: &'static str,
    /// How many.
    pub count: usize,
    /// Both in words of the session's language: `3 results`.
    pub text: String,
}

/// What a group is told apart by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key<'a> {
    /// The number of the record of the visit.
    Record(u32),
    Day(Day<'a>),
}

/// Outside visits: whose, the day on the clock of the source, and the source.
type Day<'a> = (PersonId, Option<i64>, &'a str);

/// A group in the making.
struct Gathered<'a> {
    place: Place,
    key: Key<'a>,
    first: Entry<'a>,
    /// Which of the groups it is, in the order in which they were found.
    number: u32,
    /// Known of those that a page shows.
    members: Vec<Entry<'a>>,
}

/// All groups, and the numbers of group and entry of each record that belongs to one.
#[derive(Default)]
struct Groups<'a> {
    groups: Vec<Gathered<'a>>,
    members: Vec<(u32, u32)>,
}

impl<'a> Groups<'a> {
    /// The groups of a page with their records, and whether there are more.
    fn page(mut self, index: &'a Index, after: Option<Place>, limit: usize) -> (Vec<Gathered<'a>>, bool) {
        let mut shown = vec![NONE; self.groups.len()];
        self.groups.retain(|group| after.is_none_or(|after| group.place > after));
        let more = self.groups.len() > limit;
        if more {
            // Of many groups few are put in order.
            self.groups.select_nth_unstable_by_key(limit, |group| group.place);
            self.groups.truncate(limit);
        }
        self.groups.sort_by_key(|group| group.place);
        for (at, group) in (0_u32..).zip(&self.groups) {
            if let Some(place) = shown.get_mut(place(group.number)) {
                *place = at;
            }
        }
        for (number, entry) in self.members {
            let at = shown.get(place(number)).copied().filter(|at| *at != NONE);
            let group = at.and_then(|at| self.groups.get_mut(place(at)));
            if let (Some(group), Some(entry)) = (group, index.entry(entry)) {
                group.members.push(entry);
            }
        }
        (self.groups, more)
    }
}

impl Session {
    /// A page of visits, newest first, each with what belongs to it; what belongs to none stands in groups by day and source.
    /// What several sources tell is there once. Withdrawn, ruled-out and called-off records are left out, as are bills, consents and supporting records.
    ///
    /// Errors: [`Error::NoSuchPerson`], [`Error::BadDate`], [`Error::BadCursor`].
    pub fn visits(&self, query: &VisitsQuery) -> Result<VisitsPage, Error> {
        let circle = self.circle()?;
        let persons = match &query.person {
            Some(text) => circle.all(self.person_called(text)?),
            None => Vec::new(),
        };
        let (from_ms, to_ms) = timeline::bounds(query.from.as_deref(), query.to.as_deref())?;
        let after: Option<Place> = query.after.as_deref().map(str::parse).transpose()?;
        let without = [Kind::Support, Kind::Billing, Kind::Consent].map(Kind::as_u16);
        let filter = Filter {
            person: persons.first().copied(),
            also: &persons,
            without_kinds: &without,
            from_ms,
            to_ms,
            ..Filter::default()
        };
        let index = self.vault().index();
        let same = self.same()?;
        let told = |entry: &Entry<'_>| is_shown(*entry) && !same.is_told_by_another(*entry);
        let anchored = self.anchored(&circle)?;
        let groups = gather(
            index.iter().filter(|entry| filter.admits(*entry)).filter(told),
            index,
            &anchored,
            &circle,
        );
        let limit = usize::try_from(query.limit.min(MOST)).unwrap_or(usize::MAX);
        let (groups, more) = groups.page(index, after, limit);
        let spoken = self.spoken(&groups.iter().map(|group| group.first.id()).collect::<Vec<_>>());
        let one = |group: &Gathered<'_>| {
            let mut shown = shown(group, &circle, self.language());
            if let (Some(card), Some(_)) = (spoken.get(&group.first.id()), &shown.record) {
                shown.title.clone_from(&card.title);
                shown.reason = Some(card.chips.join(" · ")).filter(|reason| !reason.is_empty());
            }
            shown
        };
        Ok(VisitsPage {
            next: groups.last().filter(|_| more).map(|group| group.place.to_string()),
            visits: groups.iter().map(one).collect(),
            incomplete: self.is_incomplete(),
        })
    }
}

/// Whether a record is shown at all.
pub(super) fn is_shown(entry: Entry<'_>) -> bool {
    !entry.tombstone()
        && !matches!(standing(entry), Standing::InError | Standing::Refuted | Standing::Cancelled)
}

/// Whether a record is a visit of its own.
pub(super) fn is_visit(entry: Entry<'_>) -> bool {
    entry.kind() == Kind::Visit.as_u16() && is_shown(entry)
}

/// Every group.
fn gather<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    index: &'a Index,
    anchored: &Anchored,
    circle: &Circle,
) -> Groups<'a> {
    let mut out = Groups::default();
    // By the number of the entry that a group is anchored to.
    let mut of_record = vec![NONE; index.numbers()];
    let mut of_day: FxHashMap<Day<'a>, u32> = FxHashMap::default();
    for entry in entries {
        let anchor = anchored.of(entry);
        let next = u32::try_from(out.groups.len()).unwrap_or(NONE);
        let (key, number) = if let Some(known) = of_record.get_mut(place(anchor)) {
            if *known == NONE {
                *known = next;
            }
            (Key::Record(anchor), *known)
        } else {
            let day = day_of(entry, circle);
            (Key::Day(day), *of_day.entry(day).or_insert(next))
        };
        // A visit is no part of itself.
        if anchor != entry.number() {
            out.members.push((number, entry.number()));
        }
        if number == next {
            let first = index.entry(anchor).unwrap_or(entry);
            out.groups.push(Gathered { place: Place::of(first), key, first, number, members: Vec::new() });
        }
    }
    out
}

/// Outside visits: the day on the clock of the source, and the source.
fn day_of<'a>(entry: Entry<'a>, circle: &Circle) -> Day<'a> {
    const DAY_MS: i64 = 86_400_000;
    let day = entry.date().map(|date| {
        let offset = i64::from(date.offset_minutes.unwrap_or(0)) * 60_000;
        date.start_ms.saturating_add(offset).div_euclid(DAY_MS)
    });
    (circle.one(entry.person()), day, entry.source())
}

fn shown(group: &Gathered<'_>, circle: &Circle, language: Language) -> VisitGroup {
    let first = group.first;
    let own = group.key == Key::Record(first.number());
    let kind = match (own, is_visit(first)) {
        (false, _) => "day",
        (true, true) => "visit",
        (true, false) => "document",
    };
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for member in &group.members {
        *counts.entry(member.kind()).or_default() += 1;
    }
    let kind_count = |(kind, count): (u16, usize)| {
        let kind = Kind::from_u16(kind)?;
        Some(KindCount { kind: kind.as_str(), count, text: language.counted(kind, count) })
    };
    let marks: Vec<&str> = first.chips().collect();
    let day = |date: String| date.get(..10).map_or(date.clone(), str::to_owned);
    VisitGroup {
        group: kind,
        person: circle.one(first.person()).to_string(),
        title: if own { first.title().to_owned() } else { WORDS.text(language, "visits-outside").to_owned() },
        date: if own { when(first) } else { when(first).map(day) },
        until: first.date().filter(|_| own).and_then(until),
        place: source_of(first, language),
        reason: (own && !marks.is_empty()).then(|| marks.join(" · ")),
        record: own.then(|| first.id().to_string()),
        counts: counts.into_iter().filter_map(kind_count).collect(),
        records: group.members.iter().take(MOST_RECORDS).map(|entry| entry.id().to_string()).collect(),
    }
}

/// The last day of a span of several days. What a date that is not exact may mean is no span.
fn until(span: EntryDate) -> Option<String> {
    let day = |ms: i64| words::exact(EntryDate { start_ms: ms, precision: 3, ..span });
    let is_span = span.end_ms > date::last_instant(span.start_ms, span.precision);
    Some(day(span.end_ms)).filter(|last| is_span && *last != day(span.start_ms))
}

impl std::fmt::Debug for VisitsQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VisitsQuery").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for VisitsPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VisitsPage")
            .field("visits", &self.visits.len())
            .field("more", &self.next.is_some())
            .field("incomplete", &self.incomplete)
            .finish()
    }
}

hidden_debug!(VisitGroup, KindCount);
