//! Which records tell one thing, worked out over all of them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};

use kosha_crypto::id::{DocumentId, PersonId, RecordId};
use kosha_fhir::Kind;
use kosha_vault::{Code, Entry, Index};
use rustc_hash::FxHashMap;

use super::apart::Pair;
use super::telling::{self, Because, Needs};
use crate::family::Circle;

/// Most records that are compared with one another: what a source repeats more often is a series and not one thing.
const MOST_ALIKE: usize = 64;

/// A record, and what it has in common with another one of its group.
#[derive(Clone, Copy)]
struct Told {
    record: RecordId,
    /// `None`: written down here.
    document: Option<DocumentId>,
    because: Because,
}

/// Records in groups, each with the one that is shown first.
#[derive(Default)]
pub(crate) struct Groups {
    of: FxHashMap<RecordId, usize>,
    groups: Vec<Vec<Told>>,
}

/// Numbers for names and codes, so that records are compared by numbers: names in the form in which they are compared,
/// codes of each set of codes.
#[derive(Default)]
struct Numbers<'a> {
    titles: FxHashMap<&'a str, u32>,
    names: FxHashMap<String, u32>,
    sets: FxHashMap<u32, Vec<u32>>,
    codes: FxHashMap<&'a Code, u32>,
}

/// Most codes of one record by which it is compared.
const MOST_CODES: usize = 4;
/// The number of a name that says nothing.
const NAMELESS: u32 = 0;

impl<'a> Numbers<'a> {
    fn name(&mut self, title: &'a str) -> u32 {
        let Self { titles, names, .. } = self;
        *titles.entry(title).or_insert_with(|| {
            let folded = telling::folded(title);
            let next = u32::try_from(names.len() + 1).unwrap_or(u32::MAX);
            if folded.is_empty() { NAMELESS } else { *names.entry(folded).or_insert(next) }
        })
    }

    fn codes(&mut self, entry: Entry<'a>) -> &[u32] {
        let Self { sets, codes, .. } = self;
        sets.entry(entry.code_set()).or_insert_with(|| {
            let known = entry.codes().filter(|code| !code.code.is_empty() && !code.system.is_empty());
            let mut numbers: Vec<u32> = known
                .take(MOST_CODES)
                .map(|code| {
                    let next = u32::try_from(codes.len()).unwrap_or(u32::MAX);
                    *codes.entry(code).or_insert(next)
                })
                .collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        })
    }
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

/// What can tell one thing: records of one kind and person, and of one day where they need one.
type Class = (u16, u32, Option<i64>);

/// A number for a person: the same for everybody who is one.
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
        let mut out = Self::default();
        out.studies(index, circle, apart);
        // Entries stay in the order of pages.
        let (mut entries, mut classes): (Vec<Entry<'_>>, Vec<(Class, u32)>) = Default::default();
        let mut persons: Vec<(PersonId, u32)> = Vec::new();
        for entry in index.iter() {
            let Some(needs) = Kind::from_u16(entry.kind()).and_then(telling::needs) else { continue };
            // Of a study the record that stands for it is compared with others.
            if !telling::tells(entry) || out.is_told_by_another(entry.id()) {
                continue;
            }
            let day = match (needs, entry.date()) {
                (Needs::Nothing, _) => None,
                (_, Some(date)) if telling::names_day(date) => Some(telling::day(date)),
                _ => continue,
            };
            let person = number_of(entry.person(), &mut persons, circle);
            classes.push(((entry.kind(), person, day), u32::try_from(entries.len()).unwrap_or(u32::MAX)));
            entries.push(entry);
        }
        classes.sort_unstable();
        let mut numbers = Numbers::default();
        for class in classes.chunk_by(|(a, _), (b, _)| a == b).filter(|class| class.len() > 1) {
            let of_class = || {
                let places = class.iter().filter_map(|(_, place)| usize::try_from(*place).ok());
                places.filter_map(|place| entries.get(place).copied())
            };
            // Most days are of one file.
            let first = of_class().next().and_then(Entry::document);
            if first.is_none() || of_class().any(|entry| entry.document() != first) {
                let compared = of_class().map(|entry| Compared { entry, value: OnceCell::new() });
                out.compare(&compared.collect::<Vec<_>>(), &mut numbers, apart);
            }
        }
        out
    }

    /// Compares the records of a class, newest first: those with a code in common, then those of one name.
    fn compare<'a>(&mut self, entries: &[Compared<'a>], numbers: &mut Numbers<'a>, apart: &HashSet<Pair>) {
        let mut by_code: Vec<(u32, usize)> = Vec::with_capacity(entries.len());
        let mut by_name: Vec<(u32, usize)> = Vec::with_capacity(entries.len());
        for (at, Compared { entry, .. }) in entries.iter().enumerate() {
            by_code.extend(numbers.codes(*entry).iter().map(|code| (*code, at)));
            by_name.push((numbers.name(entry.title()), at));
        }
        by_name.retain(|(name, _)| *name != NAMELESS);
        for (alike, because) in [(&mut by_code, Because::CODE), (&mut by_name, Because::NAME)] {
            alike.sort_unstable();
            for alike in alike.chunk_by(|(a, _), (b, _)| a == b) {
                self.among(alike.iter().map(|(_, at)| *at), entries, because, apart);
            }
        }
    }

    fn among(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        entries: &[Compared<'_>],
        because: Because,
        apart: &HashSet<Pair>,
    ) {
        if !(2..=MOST_ALIKE).contains(&places.len()) {
            return;
        }
        let entries: Vec<&Compared<'_>> = places.filter_map(|at| entries.get(at)).collect();
        for (at, a) in entries.iter().enumerate() {
            for b in entries.iter().skip(at + 1) {
                if let Some(because) = agree(a, b, because) {
                    let told = |one: &Compared<'_>| {
                        let (record, document) = (one.entry.id(), one.entry.document());
                        Told { record, document, because }
                    };
                    self.join(told(a), told(b), apart);
                }
            }
        }
    }

    fn join(&mut self, a: Told, b: Told, apart: &HashSet<Pair>) {
        match (self.of.get(&a.record).copied(), self.of.get(&b.record).copied()) {
            (None, None) => {
                self.groups.push(vec![a]);
                self.of.insert(a.record, self.groups.len() - 1);
                self.add(self.groups.len() - 1, b, apart);
            }
            (Some(group), None) => self.add(group, b, apart),
            (None, Some(group)) => self.add(group, a, apart),
            (Some(_), Some(_)) => {}
        }
    }

    fn add(&mut self, group: usize, told: Told, apart: &HashSet<Pair>) {
        let parted = |a: RecordId, b: RecordId| apart.contains(&(a.min(b), a.max(b)));
        let Some(members) = self.groups.get_mut(group) else { return };
        // Two of one file are two things also when a third tells the same as both.
        if members
            .iter()
            .all(|member| member.document != told.document && !parted(member.record, told.record))
        {
            members.push(told);
            self.of.insert(told.record, group);
        }
    }

    /// Puts the parts of each imaging study together, however many there are and whenever they were made: their sources
    /// gave all of them the number of the study. A record of the whole study stands for it, else the earliest part.
    fn studies(&mut self, index: &Index, circle: &Circle, apart: &HashSet<Pair>) {
        let mut found: BTreeMap<(PersonId, &str), Vec<Entry<'_>>> = BTreeMap::new();
        for entry in
            index.iter().filter(|entry| entry.kind() == Kind::Imaging.as_u16() && telling::tells(*entry))
        {
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
            let group = self.groups.len();
            self.of.extend(parts.iter().map(|entry| (entry.id(), group)));
            self.groups.push(
                parts
                    .iter()
                    .map(|entry| Told {
                        record: entry.id(),
                        document: entry.document(),
                        because: Because::STUDY,
                    })
                    .collect(),
            );
        }
    }

    /// The records that are parts of the study that a record is of, itself among them; none where it is no such part.
    pub(crate) fn parts(&self, record: RecordId) -> impl Iterator<Item = RecordId> {
        let members = self.members(record);
        let is_part = members.iter().any(|member| member.record == record && member.because.is_part());
        members.iter().filter(move |member| is_part && member.because.is_part()).map(|member| member.record)
    }

    /// Whether another record that tells the same is shown in its place.
    pub(crate) fn is_told_by_another(&self, record: RecordId) -> bool {
        self.members(record).first().is_some_and(|first| first.record != record)
    }

    /// The others that tell the same.
    pub(crate) fn others(&self, record: RecordId) -> impl Iterator<Item = (RecordId, Because)> {
        self.members(record)
            .iter()
            .filter(move |other| other.record != record)
            .map(|other| (other.record, other.because))
    }

    fn members(&self, record: RecordId) -> &[Told] {
        self.of.get(&record).and_then(|group| self.groups.get(*group)).map_or(&[], Vec::as_slice)
    }
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
        Needs::Nothing => (a.clinical_status() == b.clinical_status()).then_some(because),
        Needs::Time => Some(because),
    }
}
