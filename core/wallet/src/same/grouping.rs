//! Which records tell one thing, worked out over all of them.

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

/// The names of records in the form in which they are compared, each made once.
#[derive(Default)]
struct Names<'a> {
    places: FxHashMap<&'a str, u32>,
    folded: Vec<String>,
}

impl<'a> Names<'a> {
    fn place(&mut self, title: &'a str) -> u32 {
        *self.places.entry(title).or_insert_with(|| {
            self.folded.push(telling::folded(title));
            u32::try_from(self.folded.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn folded(&self, place: u32) -> &str {
        usize::try_from(place).ok().and_then(|at| self.folded.get(at)).map_or("", String::as_str)
    }
}

/// What can tell one thing: records of one kind and person, and of one day where they need one.
type Class = (u16, PersonId, Option<i64>);

impl Groups {
    /// Compares all records, those in `apart` never with one another.
    pub(super) fn of(index: &Index, circle: &Circle, apart: &HashSet<Pair>) -> Self {
        let mut out = Self::default();
        out.studies(index, circle, apart);
        let mut classes: Vec<(Class, u32, Entry<'_>)> = Vec::new();
        // Entries stay in the order of pages.
        for (place, entry) in (0_u32..).zip(index.iter()) {
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
            classes.push(((entry.kind(), circle.one(entry.person()), day), place, entry));
        }
        classes.sort_unstable_by_key(|(class, place, _)| (*class, *place));
        let mut names = Names::default();
        for class in classes.chunk_by(|(a, ..), (b, ..)| a == b) {
            // Most days are of one file.
            let first = class.first().and_then(|(.., entry)| entry.document());
            if class.len() > 1
                && (first.is_none() || class.iter().any(|(.., entry)| entry.document() != first))
            {
                let entries: Vec<Entry<'_>> = class.iter().map(|(.., entry)| *entry).collect();
                out.compare(&entries, &mut names, apart);
            }
        }
        out
    }

    /// Compares the records of a class, newest first: those with a code in common, then those of one name.
    fn compare<'a>(&mut self, entries: &[Entry<'a>], names: &mut Names<'a>, apart: &HashSet<Pair>) {
        let mut by_code: Vec<(&Code, usize)> = Vec::with_capacity(entries.len());
        let mut by_name: Vec<(u32, usize)> = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let codes = entry.codes().filter(|code| !code.code.is_empty() && !code.system.is_empty());
            by_code.extend(codes.take(4).map(|code| (code, at)));
            by_name.push((names.place(entry.title()), at));
        }
        by_code.sort_unstable();
        by_code.dedup();
        by_name.sort_unstable_by(|(a, at), (b, bt)| {
            names.folded(*a).cmp(names.folded(*b)).then_with(|| at.cmp(bt))
        });
        for alike in by_code.chunk_by(|(a, _), (b, _)| a == b) {
            self.among(alike.iter().map(|(_, at)| *at), entries, Because::CODE, apart);
        }
        for alike in by_name.chunk_by(|(a, _), (b, _)| names.folded(*a) == names.folded(*b)) {
            if alike.first().is_some_and(|(name, _)| !names.folded(*name).is_empty()) {
                self.among(alike.iter().map(|(_, at)| *at), entries, Because::NAME, apart);
            }
        }
    }

    fn among(
        &mut self,
        places: impl ExactSizeIterator<Item = usize>,
        entries: &[Entry<'_>],
        because: Because,
        apart: &HashSet<Pair>,
    ) {
        if !(2..=MOST_ALIKE).contains(&places.len()) {
            return;
        }
        let entries: Vec<Entry<'_>> = places.filter_map(|at| entries.get(at).copied()).collect();
        for (at, a) in entries.iter().enumerate() {
            for b in entries.iter().skip(at + 1) {
                if let Some(because) = agree(*a, *b, because) {
                    let told =
                        |entry: Entry<'_>| Told { record: entry.id(), document: entry.document(), because };
                    self.join(told(*a), told(*b), apart);
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
fn agree(a: Entry<'_>, b: Entry<'_>, because: Because) -> Option<Because> {
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
        Needs::TimeAndValue => (telling::value(a) == telling::value(b)).then(|| because.and(Because::VALUE)),
        // A medicine at another dose, a vaccine at another place of the body is told by itself.
        Needs::Time if a.kind() == Kind::Medicine.as_u16() => (telling::folded(a.title())
            == telling::folded(b.title())
            && telling::folded(a.dosage()) == telling::folded(b.dosage()))
        .then_some(because),
        Needs::Nothing => (a.clinical_status() == b.clinical_status()).then_some(because),
        Needs::Time => Some(because),
    }
}
