//! Which visit a record belongs to.

use std::sync::Arc;

use kosha_crypto::id::{DocumentId, RecordId};
use kosha_fhir::Kind;
use kosha_vault::{Entry, Index};
use rustc_hash::FxHashMap;

use super::visits::{is_shown, is_visit};
use crate::family::Circle;
use crate::{Error, Session};

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

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// A number as a place in a list.
pub(super) fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The one visit or visit document of each file that has just one.
type OfFile = FxHashMap<DocumentId, Option<RecordId>>;

/// The visit, or the document in its place, that each record belongs to: by numbers of entries; `NONE` where it belongs to
/// none.
pub(crate) struct Anchored(Vec<u32>);

impl Session {
    /// What each record belongs to. Worked out once after each change.
    pub(super) fn anchored(&self, circle: &Circle) -> Result<Arc<Anchored>, Error> {
        self.remembered()
            .visits
            .of(self.vault().sequence(), || Ok(Anchored::all(self.vault().index(), circle)))
    }
}

/// Whether a document tells of one visit.
fn tells_of_visit(entry: Entry<'_>) -> bool {
    entry.kind() == Kind::Document.as_u16()
        && is_shown(entry)
        && entry.codes().any(|code| VISIT_DOCUMENTS.contains(&code.code.as_str()))
}

/// Of every file that tells of one visit alone, that visit: an encounter, else a document such as a discharge summary.
fn visits_of_files(index: &Index) -> OfFile {
    let mut visits = OfFile::default();
    let mut documents = OfFile::default();
    let mut papers: FxHashMap<DocumentId, usize> = FxHashMap::default();
    for entry in index.of_kinds(&[Kind::Visit, Kind::Document].map(Kind::as_u16)) {
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
    /// The one that was named last: what belongs together stands together for the most part.
    last: Option<(RecordId, Option<Entry<'a>>)>,
}

impl Anchored {
    /// The number of the record that an entry belongs to; [`NONE`] where it belongs to none.
    pub(super) fn of(&self, entry: Entry<'_>) -> u32 {
        self.0.get(place(entry.number())).copied().unwrap_or(NONE)
    }

    fn all(index: &Index, circle: &Circle) -> Self {
        let (of_file, above) = (visits_of_files(index), FxHashMap::default());
        let mut anchors = Anchors { index, circle, of_file, above, last: None };
        let mut of_entry = vec![NONE; index.numbers()];
        for entry in index.iter().filter(|entry| is_shown(*entry)) {
            if let (Some(anchor), Some(own)) = (anchors.of(entry), of_entry.get_mut(place(entry.number()))) {
                *own = anchor.number();
            }
        }
        Self(of_entry)
    }
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
        if let Some((_, found)) = self.last.filter(|(last, _)| *last == record) {
            return found;
        }
        let found = *self.above.entry(record).or_insert_with(|| self.index.get(record));
        self.last = Some((record, found));
        found
    }

    fn same_person(&self, entry: Entry<'a>, other: Entry<'a>) -> Option<Entry<'a>> {
        let (one, another) = (other.person(), entry.person());
        (one == another || self.circle.one(one) == self.circle.one(another)).then_some(other)
    }
}
