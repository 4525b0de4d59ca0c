//! Which records tell one thing, worked out over all of them.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use kosha_crypto::id::{DocumentId, PersonId, RecordId};
use kosha_fhir::Kind;
use kosha_vault::{Code, Entry, Index};
use rustc_hash::FxHashMap;

use super::apart::Pair;
use super::telling::{self, Because, Needs};
use crate::family::Circle;
use crate::naming::{Naming, lines_agree, names_one_thing};
use crate::views::RESULTS;

/// Most records that are compared with one another: what a source repeats more often is a series and not one thing.
const MOST_ALIKE: usize = 64;

/// A record, and what it has in common with another one of its group.
#[derive(Clone, Copy)]
struct Told {
    record: RecordId,
    /// Of its entry in the index.
    number: u32,
    /// `None`: written down here.
    document: Option<DocumentId>,
    because: Because,
}

impl Told {
    fn of(entry: Entry<'_>, because: Because) -> Self {
        Self { record: entry.id(), number: entry.number(), document: entry.document(), because }
    }
}

/// Records in groups, each with the one that is shown first.
#[derive(Default)]
pub(crate) struct Groups {
    of: FxHashMap<RecordId, usize>,
    members: Vec<Vec<Told>>,
    /// By number of entry, a bit each: whether another of its group is shown in its place. Lists ask it of all records.
    behind: Vec<u64>,
}

/// Numbers for names and codes, so that records are compared by numbers: names in the form in which they are compared,
/// codes of each set of codes.
#[derive(Default)]
struct Numbers<'a> {
    /// By the number of a title.
    titles: Vec<Option<u32>>,
    names: FxHashMap<String, u32>,
    /// By the number of a set of codes.
    sets: Vec<Option<Vec<u32>>>,
    codes: FxHashMap<&'a Code, u32>,
    /// By the number of a code, whether its system names one thing by it, of results and of other kinds.
    alone: Vec<[bool; 2]>,
    /// By the number of a title.
    namings: Vec<Option<Naming>>,
}

/// Most codes of one record by which it is compared.
const MOST_CODES: usize = 4;
/// The number of a name that says nothing.
const NAMELESS: u32 = 0;

impl<'a> Numbers<'a> {
    fn name(&mut self, entry: Entry<'a>) -> u32 {
        let Self { titles, names, .. } = self;
        let Some(known) = slot(titles, entry.title_number()) else { return NAMELESS };
        *known.get_or_insert_with(|| {
            let folded = telling::folded(entry.title());
            let next = u32::try_from(names.len() + 1).unwrap_or(u32::MAX);
            if folded.is_empty() { NAMELESS } else { *names.entry(folded).or_insert(next) }
        })
    }

    fn codes(&mut self, entry: Entry<'a>) -> &[u32] {
        let Self { sets, codes, alone, .. } = self;
        let Some(known) = slot(sets, entry.code_set()) else { return &[] };
        known.get_or_insert_with(|| {
            let known = entry.codes().filter(|code| !code.code.is_empty() && !code.system.is_empty());
            let mut numbers: Vec<u32> = known
                .take(MOST_CODES)
                .map(|code| {
                    let next = u32::try_from(codes.len()).unwrap_or(u32::MAX);
                    *codes.entry(code).or_insert_with(|| {
                        alone.push([Kind::Result, Kind::Other].map(|kind| names_one_thing(Some(kind), code)));
                        next
                    })
                })
                .collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        })
    }
}

impl Numbers<'_> {
    /// Whether a code is enough to take two records of a kind for the same.
    fn is_enough(&self, code: u32, kind: u16) -> bool {
        let [of_results, of_others] =
            usize::try_from(code).ok().and_then(|at| self.alone.get(at)).copied().unwrap_or_default();
        if RESULTS.contains(&kind) { of_results } else { of_others }
    }

    /// Whether the names of two records agree.
    fn name_alike(&mut self, a: Entry<'_>, b: Entry<'_>) -> bool {
        let mut naming = |entry: Entry<'_>| {
            let known = slot(&mut self.namings, entry.title_number())?;
            let naming = || Naming::of(Kind::from_u16(entry.kind()), entry.title());
            Some(known.get_or_insert_with(naming).clone())
        };
        matches!((naming(a), naming(b)), (Some(a), Some(b)) if a.agrees(&b))
    }
}

/// The place of a number that the index gave, in a list that grows with them.
fn slot<T>(list: &mut Vec<Option<T>>, number: u32) -> Option<&mut Option<T>> {
    let at = usize::try_from(number).ok()?;
    if list.len() <= at {
        list.resize_with(at + 1, || None);
    }
    list.get_mut(at)
}

/// A record of a class, with its value once somebody asked for it.
struct Compared<'a> {
    entry: Entry<'a>,
    value: OnceCell<String>,
}

impl Compared<'_> {
    fn value(&self) -> &str {
        self.value.get_or_init(|| telling::value(self.entry))
    }
}

/// Records of one kind and person, in the order of pages, with the day of each where they need one.
type OfKind<'a> = Vec<(Option<i64>, Entry<'a>)>;

/// The number of a person among those met so far; those who are one have one number.
fn number_of(person: PersonId, known: &mut Vec<(PersonId, u32)>, circle: &Circle) -> u32 {
    if let Some((_, number)) = known.iter().find(|(other, _)| *other == person) {
        return *number;
    }
    let one = circle.one(person);
    let same = known.iter().find(|(other, _)| circle.one(*other) == one).map(|(_, number)| *number);
    let number = same.unwrap_or(u32::try_from(known.len()).unwrap_or(u32::MAX));
    known.push((person, number));
    number
}

impl Groups {
    /// Compares all records, those in `apart` never with one another.
    pub(super) fn of(index: &Index, circle: &Circle, apart: &HashSet<Pair>) -> Self {
        let mut out = Self { behind: vec![0; index.numbers().div_ceil(64)], ..Self::default() };
        out.studies(index, circle, apart);
        let mut numbers = Numbers::default();
        for mut of_kind in out.of_kinds(index, circle) {
            // By days already but for clocks that differ: a sort that finds runs has little to do.
            of_kind.sort_by_key(|(day, _)| Reverse(*day));
            for class in of_kind.chunk_by(|(a, _), (b, _)| a == b).filter(|class| class.len() > 1) {
                // Most days are of one file.
                let first = class.first().and_then(|(_, entry)| entry.document());
                if first.is_none() || class.iter().any(|(_, entry)| entry.document() != first) {
                    let compared =
                        class.iter().map(|(_, entry)| Compared { entry: *entry, value: OnceCell::new() });
                    out.compare(&compared.collect::<Vec<_>>(), &mut numbers, apart);
                }
            }
        }
        out
    }

    /// What can tell one thing, by kind and person.
    fn of_kinds<'a>(&self, index: &'a Index, circle: &Circle) -> Vec<OfKind<'a>> {
        let mut persons: Vec<(PersonId, u32)> = Vec::new();
        let mut places: FxHashMap<(u16, u32), usize> = FxHashMap::default();
        let mut all: Vec<OfKind<'a>> = Vec::new();
        for entry in index.iter() {
            let Some(needs) = Kind::from_u16(entry.kind()).and_then(telling::needs) else { continue };
            // Of a study the record that stands for it is compared with others.
            if !telling::tells(entry) || self.is_told_by_another(entry) {
                continue;
            }
            let day = match (needs, entry.date()) {
                (Needs::Nothing, _) => None,
                (_, Some(date)) if telling::names_day(date) => Some(telling::day(date)),
                _ => continue,
            };
            let person = number_of(entry.person(), &mut persons, circle);
            let next = all.len();
            let place = *places.entry((entry.kind(), person)).or_insert(next);
            if place == next {
                all.push(Vec::new());
            }
            if let Some(of_kind) = all.get_mut(place) {
                of_kind.push((day, entry));
            }
        }
        all
    }

    /// Compares the records of a class, newest first: those with a code in common, then those of one name.
    fn compare<'a>(&mut self, entries: &[Compared<'a>], numbers: &mut Numbers<'a>, apart: &HashSet<Pair>) {
        let mut by_code: Vec<(u32, usize)> = Vec::with_capacity(entries.len());
        let mut by_name: Vec<(u32, usize)> = Vec::with_capacity(entries.len());
        for (at, Compared { entry, .. }) in entries.iter().enumerate() {
            by_code.extend(numbers.codes(*entry).iter().map(|code| (*code, at)));
            by_name.push((numbers.name(*entry), at));
        }
        by_name.retain(|(name, _)| *name != NAMELESS);
        for (alike, because) in [(&mut by_code, Because::CODE), (&mut by_name, Because::NAME)] {
            alike.sort_unstable();
            for alike in alike.chunk_by(|(a, _), (b, _)| a == b) {
                let Some((number, first)) = alike.first() else { continue };
                let kind = entries.get(*first).map_or(0, |one| one.entry.kind());
                let is_enough = because == Because::NAME || numbers.is_enough(*number, kind);
                let places = alike.iter().map(|(_, at)| *at);
                self.among(
                    places,
                    entries,
                    &mut |a, b| {
                        let alike = is_enough || numbers.name_alike(a.entry, b.entry);
                        alike.then(|| agree(a, b, because)).flatten()
                    },
                    apart,
                );
            }
        }
    }

    fn among<'a>(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        entries: &[Compared<'a>],
        agree: &mut Agree<'_, 'a>,
        apart: &HashSet<Pair>,
    ) {
        if !(2..=MOST_ALIKE).contains(&places.len()) {
            return;
        }
        let entries: Vec<&Compared<'a>> = places.filter_map(|at| entries.get(at)).collect();
        for (at, a) in entries.iter().copied().enumerate() {
            for b in entries.iter().copied().skip(at + 1) {
                // Whoever is shown in place of others has to tell what each of them does.
                if let Some(because) = agree(a, b)
                    && self
                        .lead(&entries, a, b)
                        .is_none_or(|lead| [a, b].into_iter().all(|one| stands_for(lead, one, agree)))
                {
                    self.join(Told::of(a.entry, because), Told::of(b.entry, because), apart);
                }
            }
        }
    }

    /// The one of these that is shown in place of one of two.
    fn lead<'c, 'a>(
        &self,
        entries: &[&'c Compared<'a>],
        a: &Compared<'a>,
        b: &Compared<'a>,
    ) -> Option<&'c Compared<'a>> {
        let first = |one: &Compared<'a>| self.members(one.entry.id()).first().map(|first| first.record);
        let shown = first(a).or(first(b))?;
        entries.iter().copied().find(|one| one.entry.id() == shown)
    }

    fn join(&mut self, a: Told, b: Told, apart: &HashSet<Pair>) {
        match (self.of.get(&a.record).copied(), self.of.get(&b.record).copied()) {
            (None, None) => {
                self.members.push(vec![a]);
                self.of.insert(a.record, self.members.len() - 1);
                self.add(self.members.len() - 1, b, apart);
            }
            (Some(group), None) => self.add(group, b, apart),
            (None, Some(group)) => self.add(group, a, apart),
            (Some(_), Some(_)) => {}
        }
    }

    fn add(&mut self, group: usize, told: Told, apart: &HashSet<Pair>) {
        let parted = |a: RecordId, b: RecordId| apart.contains(&(a.min(b), a.max(b)));
        let Some(members) = self.members.get_mut(group) else { return };
        // Two of one file are two things also when a third tells the same as both.
        if members
            .iter()
            .all(|member| member.document != told.document && !parted(member.record, told.record))
        {
            members.push(told);
            self.of.insert(told.record, group);
            self.put_behind(told.number);
        }
    }

    /// Puts the parts of each imaging study together, however many there are and whenever they were made: their sources
    /// gave all of them the number of the study. A record of the whole study stands for it, else the earliest part.
    fn studies(&mut self, index: &Index, circle: &Circle, apart: &HashSet<Pair>) {
        let mut found: BTreeMap<(PersonId, &str), Vec<Entry<'_>>> = BTreeMap::new();
        for entry in index.of_kinds(&[Kind::Imaging.as_u16()]).filter(|entry| telling::tells(*entry)) {
            if let Some(study) = telling::study(entry) {
                found.entry((circle.one(entry.person()), study)).or_default().push(entry);
            }
        }
        let parted: HashSet<RecordId> = apart.iter().flat_map(|(a, b)| [*a, *b]).collect();
        for mut parts in found.into_values() {
            // Whoever told one apart from another wants it listed.
            let lead = |entry: &Entry<'_>| {
                let start = entry.date().map_or(i64::MAX, |date| date.start_ms);
                (telling::series(*entry).is_some(), start, entry.id())
            };
            parts.sort_by_key(lead);
            let mut alone = parts.iter().skip(1).map(|entry| entry.id()).collect::<HashSet<_>>();
            alone.retain(|record| parted.contains(record));
            parts.retain(|entry| !alone.contains(&entry.id()));
            if parts.len() < 2 {
                continue;
            }
            let group = self.members.len();
            self.of.extend(parts.iter().map(|entry| (entry.id(), group)));
            parts.iter().skip(1).for_each(|entry| self.put_behind(entry.number()));
            self.members.push(parts.into_iter().map(|entry| Told::of(entry, Because::STUDY)).collect());
        }
    }

    /// The records that are parts of the study that a record is of, itself among them; none where it is no such part.
    pub(crate) fn parts(&self, record: RecordId) -> impl Iterator<Item = RecordId> {
        let members = self.members(record);
        let is_part = members.iter().any(|member| member.record == record && member.because.is_part());
        members.iter().filter(move |member| is_part && member.because.is_part()).map(|member| member.record)
    }

    /// Whether another record that tells the same is shown in its place.
    pub(crate) fn is_told_by_another(&self, entry: Entry<'_>) -> bool {
        let (word, bit) = place_of(entry.number());
        self.behind.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn put_behind(&mut self, number: u32) {
        let (word, bit) = place_of(number);
        if let Some(bits) = self.behind.get_mut(word) {
            *bits |= bit;
        }
    }

    /// The others that tell the same.
    pub(crate) fn others(&self, record: RecordId) -> impl Iterator<Item = (RecordId, Because)> {
        self.members(record)
            .iter()
            .filter(move |other| other.record != record)
            .map(|other| (other.record, other.because))
    }

    fn members(&self, record: RecordId) -> &[Told] {
        self.of.get(&record).and_then(|group| self.members.get(*group)).map_or(&[], Vec::as_slice)
    }
}

/// How two records are compared.
type Agree<'f, 'a> = dyn FnMut(&Compared<'a>, &Compared<'a>) -> Option<Because> + 'f;

/// Whether a record tells what another does: it is shown in its place.
fn stands_for<'a>(lead: &Compared<'a>, one: &Compared<'a>, agree: &mut Agree<'_, 'a>) -> bool {
    lead.entry.id() == one.entry.id() || agree(lead, one).is_some()
}

/// Word and bit of a number.
fn place_of(number: u32) -> (usize, u64) {
    (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
}

/// In what two records agree that have a code or name in common; `None`: they tell different things. Two records of one
/// file are two things, since its sender says so; and so are two that were written down here.
fn agree(one: &Compared<'_>, other: &Compared<'_>, because: Because) -> Option<Because> {
    let (a, b) = (one.entry, other.entry);
    if a.document() == b.document() {
        return None;
    }
    // Two studies, as their sources number them.
    if telling::study(a).is_some() && telling::study(b).is_some() {
        return None;
    }
    let needs = Kind::from_u16(a.kind()).and_then(telling::needs)?;
    let because = because.and(telling::times(a.date(), b.date(), needs)?);
    match needs {
        Needs::TimeAndValue => (one.value() == other.value()).then(|| because.and(Because::VALUE)),
        // A medicine at another dose, a vaccine at another place of the body is told by itself.
        Needs::Time if a.kind() == Kind::Medicine.as_u16() => (telling::folded(a.title())
            == telling::folded(b.title())
            && telling::folded(a.dosage()) == telling::folded(b.dosage()))
        .then_some(because),
        Needs::Nothing if a.clinical_status() != b.clinical_status() => None,
        // The left foot and the right, a report that is benign and one that is not.
        Needs::Nothing | Needs::Time => lines_agree(a.line(), b.line()).then_some(because),
    }
}
