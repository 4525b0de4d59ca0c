//! The timeline grouped by visit: what belongs to each, and by day what belongs to none.

use std::collections::BTreeMap;

use kosha_crypto::id::{DocumentId, PersonId, RecordId};
use kosha_fhir::{Kind, Language, Standing};
use kosha_vault::{Entry, EntryDate, Filter, Index};
use rustc_hash::FxHashMap;
use serde::Serialize;

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
/// A part of a part of a part: followed so far.
const DEEPEST: usize = 8;
/// Documents that tell of one visit, by LOINC or SNOMED CT code: discharge summary, consultation, history and examination,
/// progress, operation and emergency notes, report of a procedure.
const VISIT_DOCUMENTS: [&str; 12] = [
    "18842-5",
    "34105-7",
    "28655-9",
    "11488-4",
    "34117-2",
    "11506-3",
    "11504-8",
    "34111-5",
    "34878-9",
    "373942005",
    "371530004",
    "371525003",
];

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
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key<'a> {
    Record(RecordId),
    Day(PersonId, Option<i64>, &'a str),
}

/// A group in the making.
struct Gathered<'a> {
    place: Place,
    key: Key<'a>,
    first: Entry<'a>,
    /// Which of the groups it is, in the order in which they were found.
    number: usize,
    /// Known of those that a page shows.
    members: Vec<Entry<'a>>,
}

/// All groups, and which of them each record belongs to.
#[derive(Default)]
struct Groups<'a> {
    groups: Vec<Gathered<'a>>,
    members: Vec<(usize, Entry<'a>)>,
}

impl<'a> Groups<'a> {
    /// The groups of a page with their records, and whether there are more.
    fn page(mut self, after: Option<Place>, limit: usize) -> (Vec<Gathered<'a>>, bool) {
        let numbers = self.groups.len();
        self.groups.retain(|group| after.is_none_or(|after| group.place > after));
        self.groups.sort_by_key(|group| group.place);
        let more = self.groups.len() > limit;
        self.groups.truncate(limit);
        let mut shown = vec![None; numbers];
        for (at, group) in self.groups.iter().enumerate() {
            if let Some(place) = shown.get_mut(group.number) {
                *place = Some(at);
            }
        }
        for (number, entry) in self.members {
            let group = shown.get(number).copied().flatten().and_then(|at| self.groups.get_mut(at));
            if let Some(group) = group {
                group.members.push(entry);
            }
        }
        (self.groups, more)
    }
}

/// The one visit or visit document of each file that has just one.
type OfFile = FxHashMap<DocumentId, Option<RecordId>>;

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
        let told = |entry: &Entry<'_>| is_shown(*entry) && !same.is_told_by_another(entry.id());
        let groups = gather(index.iter().filter(|entry| filter.admits(*entry)).filter(told), index, &circle);
        let limit = usize::try_from(query.limit.min(MOST)).unwrap_or(usize::MAX);
        let (groups, more) = groups.page(after, limit);
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

/// Whether a document tells of one visit.
fn tells_of_visit(entry: Entry<'_>) -> bool {
    entry.kind() == Kind::Document.as_u16()
        && is_shown(entry)
        && entry.codes().any(|code| VISIT_DOCUMENTS.contains(&code.code.as_str()))
}

/// Every group.
fn gather<'a>(entries: impl Iterator<Item = Entry<'a>>, index: &'a Index, circle: &Circle) -> Groups<'a> {
    let mut anchors = Anchors { index, circle, of_file: visits_of_files(index), above: FxHashMap::default() };
    let mut out = Groups::default();
    let mut known: FxHashMap<Key<'a>, usize> = FxHashMap::default();
    // What belongs together stands together for the most part.
    let mut last = 0;
    for entry in entries {
        let anchor = anchors.of(entry);
        let key = anchor.map_or_else(|| day_of(entry, circle), |anchor| Key::Record(anchor.id()));
        let next = out.groups.len();
        let is_last = out.groups.get(last).is_some_and(|group| group.key == key);
        let number = if is_last { last } else { *known.entry(key.clone()).or_insert(next) };
        last = number;
        // A visit is no part of itself.
        if key != Key::Record(entry.id()) {
            out.members.push((number, entry));
        }
        if number == next {
            let first = anchor.unwrap_or(entry);
            out.groups.push(Gathered { place: Place::of(first), key, first, number, members: Vec::new() });
        }
    }
    out
}

/// Outside visits: the day on the clock of the source, and the source.
fn day_of<'a>(entry: Entry<'a>, circle: &Circle) -> Key<'a> {
    const DAY_MS: i64 = 86_400_000;
    let day = entry.date().map(|date| {
        let offset = i64::from(date.offset_minutes.unwrap_or(0)) * 60_000;
        date.start_ms.saturating_add(offset).div_euclid(DAY_MS)
    });
    Key::Day(circle.one(entry.person()), day, entry.source())
}

/// Of every file that tells of one visit alone, that visit: an encounter, else a document such as a discharge summary.
fn visits_of_files(index: &Index) -> OfFile {
    let mut visits = OfFile::default();
    let mut documents = OfFile::default();
    let mut papers: FxHashMap<DocumentId, usize> = FxHashMap::default();
    for entry in index.iter() {
        // Asked for few of all records.
        let is_paper = |entry: Entry<'_>| {
            entry.kind() == Kind::Document.as_u16()
                && entry.resource_type() == "Composition"
                && is_shown(entry)
        };
        if !is_visit(entry) && !is_paper(entry) {
            continue;
        }
        let Some(file) = entry.document() else { continue };
        let note = |of: &mut OfFile| {
            of.entry(file).and_modify(|one| *one = None).or_insert(Some(entry.id()));
        };
        if is_visit(entry) {
            note(&mut visits);
        } else {
            *papers.entry(file).or_default() += 1;
            if tells_of_visit(entry) {
                note(&mut documents);
            }
        }
    }
    // A file of a whole life holds many visits, and no paper that binds it together.
    documents.retain(|file, _| papers.get(file) == Some(&1));
    for (file, document) in &mut documents {
        if let Some(visit) = visits.get(file) {
            *document = *visit;
        }
    }
    documents
}

/// Finds what records belong to.
struct Anchors<'a, 'c> {
    index: &'a Index,
    circle: &'c Circle,
    of_file: OfFile,
    /// Records that others name; there are far fewer of them.
    above: FxHashMap<RecordId, Option<Entry<'a>>>,
}

impl<'a> Anchors<'a, '_> {
    /// The visit, or the document in its place, that a record belongs to; of a visit itself that visit.
    fn of(&mut self, entry: Entry<'a>) -> Option<Entry<'a>> {
        if is_visit(entry) {
            return Some(entry);
        }
        let (mut at, mut paper) = (entry, None);
        for _ in 0..DEEPEST {
            if let Some(visit) = at.visit().and_then(|visit| self.named(visit)).filter(|one| is_visit(*one)) {
                return self.same_person(entry, visit);
            }
            paper = paper.or_else(|| tells_of_visit(at).then_some(at));
            let Some(parent) = at.parent().and_then(|parent| self.named(parent)) else { break };
            at = parent;
        }
        let of_file = entry.document().and_then(|file| *self.of_file.get(&file)?);
        of_file.and_then(|one| self.named(one)).or(paper).and_then(|found| self.same_person(entry, found))
    }

    fn named(&mut self, record: RecordId) -> Option<Entry<'a>> {
        *self.above.entry(record).or_insert_with(|| self.index.get(record))
    }

    fn same_person(&self, entry: Entry<'a>, other: Entry<'a>) -> Option<Entry<'a>> {
        (self.circle.one(other.person()) == self.circle.one(entry.person())).then_some(other)
    }
}

fn shown(group: &Gathered<'_>, circle: &Circle, language: Language) -> VisitGroup {
    let first = group.first;
    let own = group.key == Key::Record(first.id());
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
