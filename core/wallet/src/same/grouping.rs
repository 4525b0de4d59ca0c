//! Which records tell one thing, worked out over all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use kosha_crypto::id::{DocumentId, PersonId, RecordId};
use kosha_fhir::Kind;
use kosha_vault::{Entry, Index};

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
    of: HashMap<RecordId, usize>,
    groups: Vec<Vec<Told>>,
}

/// Records under one code or name, in an order that is always the same.
type Alike<'a> = BTreeMap<(u16, PersonId, String), Vec<Entry<'a>>>;

impl Groups {
    /// Compares all records, those in `apart` never with one another.
    pub(super) fn of(index: &Index, circle: &Circle, apart: &HashSet<Pair>) -> Self {
        let mut out = Self::default();
        out.studies(index, circle, apart);
        let mut of_days: Vec<(i64, Entry<'_>)> = Vec::new();
        let mut lasting: Vec<Entry<'_>> = Vec::new();
        for entry in index.iter() {
            let Some(needs) = Kind::from_u16(entry.kind()).and_then(telling::needs) else { continue };
            // Of a study the record that stands for it is compared with others.
            if !telling::tells(entry) || out.is_told_by_another(entry.id()) {
                continue;
            }
            match (needs, entry.date()) {
                (Needs::Nothing, _) => lasting.push(entry),
                (_, Some(date)) if telling::names_day(date) => of_days.push((telling::day(date), entry)),
                _ => {}
            }
        }
        of_days.sort_by_key(|(day, _)| *day);
        for day in of_days.chunk_by(|(a, _), (b, _)| a == b) {
            // Most days are of one file.
            let first = day.first().and_then(|(_, entry)| entry.document());
            if first.is_none() || day.iter().any(|(_, entry)| entry.document() != first) {
                out.compare(day.iter().map(|(_, entry)| *entry), circle, apart);
            }
        }
        out.compare(lasting.into_iter(), circle, apart);
        out
    }

    fn compare<'a>(
        &mut self,
        entries: impl Iterator<Item = Entry<'a>>,
        circle: &Circle,
        apart: &HashSet<Pair>,
    ) {
        let (mut by_code, mut by_name) = (Alike::new(), Alike::new());
        for entry in entries {
            let (kind, person) = (entry.kind(), circle.one(entry.person()));
            for code in entry.codes().filter(|code| !code.code.is_empty() && !code.system.is_empty()).take(4)
            {
                let key = format!("{}|{}", code.system, code.code);
                by_code.entry((kind, person, key)).or_default().push(entry);
            }
            by_name.entry((kind, person, telling::folded(entry.title()))).or_default().push(entry);
        }
        for (alike, because) in [(by_code, Because::CODE), (by_name, Because::NAME)] {
            for ((.., name), entries) in alike {
                if entries.len() > 1 && entries.len() <= MOST_ALIKE && !name.is_empty() {
                    self.among(&entries, because, apart);
                }
            }
        }
    }

    fn among(&mut self, entries: &[Entry<'_>], because: Because, apart: &HashSet<Pair>) {
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
