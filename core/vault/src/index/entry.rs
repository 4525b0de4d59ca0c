//! One record in the RAM index: what a card and a filter need, packed.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use kosha_crypto::id::{DocumentId, PersonId, RecordId, Version};

use super::cursor::OrderKey;
use crate::header::{Code, View};
use crate::spread::Spread;

/// A short measured value of a record, for trends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Measure<'a> {
    /// The value as decimal text of the source.
    pub value: &'a str,
    /// Its unit, or empty.
    pub unit: &'a str,
    /// Lower end of the reference range, or empty.
    pub range_low: &'a str,
    /// Upper end of the reference range, or empty.
    pub range_high: &'a str,
}

impl fmt::Debug for Measure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Measure(redacted)")
    }
}

/// A date in the index: the interval in Unix milliseconds and the caller's codes (see [`crate::HeaderDate`]).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EntryDate {
    /// First instant that the date may mean.
    pub start_ms: i64,
    /// Last instant that the date may mean.
    pub end_ms: i64,
    /// Minutes east of UTC as the source wrote it.
    pub offset_minutes: Option<i16>,
    /// How exact the source was.
    pub precision: u8,
    /// Which of the record's dates this is.
    pub basis: u8,
}

impl fmt::Debug for EntryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntryDate(redacted)")
    }
}

/// What many records of one document have in common, held once.
#[derive(PartialEq, Eq)]
pub(super) struct Origin {
    person: PersonId,
    document: Option<DocumentId>,
    source: Box<str>,
    resource_type: Box<str>,
}

/// The codes of a record, with their encoding; many records have the same ones.
struct Codes {
    bytes: Box<[u8]>,
    list: Box<[Code]>,
}

/// Values that occur again and again, each held once and found by its hash.
struct Pool<T>(HashMap<u64, Vec<Arc<T>>, Spread>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<T> Pool<T> {
    /// The value whose parts hash to `hash` and that `same` accepts; made by `make` when there is none.
    fn get(&mut self, hash: u64, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Arc<T> {
        let known = self.0.entry(hash).or_default();
        if let Some(known) = known.iter().find(|known| same(known)) {
            return Arc::clone(known);
        }
        let new = Arc::new(make());
        known.push(Arc::clone(&new));
        new
    }
}

/// Values that occur again and again, held once.
#[derive(Default)]
pub(super) struct Interner {
    origins: Pool<Origin>,
    codes: Pool<Codes>,
    spread: Spread,
}

impl Interner {
    fn origin(&mut self, header: &View<'_>) -> Arc<Origin> {
        let (person, document) = (header.person(), header.document);
        let (source, resource_type) = (header.source, header.resource_type);
        let hash = self.spread.hash_one((person, document, source, resource_type));
        let same = |known: &Origin| {
            known.person == person
                && known.document == document
                && *known.source == *source
                && *known.resource_type == *resource_type
        };
        self.origins.get(hash, same, || Origin {
            person,
            document,
            source: source.into(),
            resource_type: resource_type.into(),
        })
    }

    fn codes(&mut self, header: &View<'_>) -> Arc<Codes> {
        let bytes = header.code_bytes();
        let hash = self.spread.hash_one(bytes);
        self.codes.get(
            hash,
            |known| *known.bytes == *bytes,
            || Codes {
                bytes: bytes.into(),
                list: header
                    .codes()
                    .map(|(system, code)| Code { system: system.to_owned(), code: code.to_owned() })
                    .collect(),
            },
        )
    }
}

const DO_NOT_PERFORM: u8 = 1;
const TOMBSTONE: u8 = 2;
const ATTACHMENTS: u8 = 4;

/// Parts of the packed text, in order; each ends at the offset of the same number.
const PARTS: usize = 7;

/// One record in the index. No decryption is needed for anything in it; the rest is in [`crate::Vault::header`].
pub struct Entry {
    pub(crate) id: RecordId,
    pub(crate) row: i64,
    pub(crate) version: Version,
    pub(crate) identity: [u8; 32],
    content: [u8; 32],
    start_ms: i64,
    end_ms: i64,
    added_ms: i64,
    parent: Option<RecordId>,
    visit: Option<RecordId>,
    supersedes: Option<RecordId>,
    ordinal: u32,
    sensitivity: u32,
    origin: Arc<Origin>,
    codes: Arc<Codes>,
    /// title, line, dosage, value, unit, low and high end of the range, then the chips, each chip after a 0x1f byte
    text: Box<str>,
    ends: [u16; PARTS],
    offset_minutes: Option<i16>,
    kind: u16,
    dated: bool,
    precision: u8,
    basis: u8,
    flag: u8,
    standing: u8,
    marks: u8,
}

/// Longest part of a card that the index holds, in bytes; longer ones are cut here at a character (the header keeps all).
const LONGEST_PART: usize = 1024;

/// Separates chips in the packed text; removed from chips.
const CHIP: char = '\u{1f}';

fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_PART)).unwrap_or(text)
}

impl Entry {
    pub(super) fn new(
        id: RecordId,
        version: Version,
        row: i64,
        header: &View<'_>,
        interner: &mut Interner,
    ) -> Self {
        let parts = [
            Some(header.title),
            Some(header.line),
            header.dosage,
            header.value,
            header.unit,
            header.range_low,
            header.range_high,
        ]
        .map(|part| cut(part.unwrap_or_default()));
        let chips = || header.chips().take(16).map(cut);
        let length = parts.iter().map(|part| part.len()).chain(chips().map(|chip| 1 + chip.len())).sum();
        let mut text = String::with_capacity(length);
        let mut ends = [0_u16; PARTS];
        for (part, end) in parts.iter().zip(&mut ends) {
            text.push_str(part);
            *end = u16::try_from(text.len()).unwrap_or(u16::MAX);
        }
        for chip in chips() {
            text.push(CHIP);
            text.extend(chip.split(CHIP));
        }
        let mark = |set: bool, bit: u8| if set { bit } else { 0 };
        let date = header.date.as_ref();
        Self {
            id,
            row,
            version,
            identity: header.identity,
            content: header.content,
            start_ms: date.map_or(0, |d| d.start_ms),
            end_ms: date.map_or(0, |d| d.end_ms),
            added_ms: header.added_ms,
            parent: header.parent,
            visit: header.visit,
            supersedes: header.supersedes,
            ordinal: header.ordinal,
            sensitivity: header.sensitivity,
            origin: interner.origin(header),
            codes: interner.codes(header),
            text: text.into_boxed_str(),
            ends,
            offset_minutes: date.and_then(|d| d.offset_minutes),
            kind: header.kind,
            dated: date.is_some(),
            precision: date.map_or(0, |d| d.precision),
            basis: date.map_or(0, |d| d.basis),
            flag: header.flag,
            standing: header.standing,
            marks: mark(header.do_not_perform, DO_NOT_PERFORM)
                | mark(header.tombstone, TOMBSTONE)
                | mark(header.has_attachments(), ATTACHMENTS),
        }
    }

    fn part(&self, number: usize) -> &str {
        let end = self.ends.get(number).copied().unwrap_or(0);
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(usize::from(start)..usize::from(end)).unwrap_or_default()
    }

    pub(crate) fn order_key(&self) -> OrderKey {
        OrderKey::new(self.dated.then_some(self.start_ms), self.id)
    }

    /// The record.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// Its current version.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whose record it is.
    pub fn person(&self) -> PersonId {
        self.origin.person
    }

    /// The document it came in.
    pub fn document(&self) -> Option<DocumentId> {
        self.origin.document
    }

    /// Its place in that document.
    pub fn ordinal(&self) -> u32 {
        self.ordinal
    }

    /// Label of its source.
    pub fn source(&self) -> &str {
        &self.origin.source
    }

    /// Type name of its resource.
    pub fn resource_type(&self) -> &str {
        &self.origin.resource_type
    }

    /// Kind; the caller's code.
    pub fn kind(&self) -> u16 {
        self.kind
    }

    /// First line of the card (at most 1,024 bytes; the header holds all).
    pub fn title(&self) -> &str {
        self.part(0)
    }

    /// Second line of the card (at most 1,024 bytes; the header holds all).
    pub fn line(&self) -> &str {
        self.part(1)
    }

    /// Dosage in one line, or empty.
    pub fn dosage(&self) -> &str {
        self.part(2)
    }

    /// Marks on the card (at most 16; the header holds all).
    pub fn chips(&self) -> impl Iterator<Item = &str> {
        let end = self.ends.last().copied().unwrap_or(0);
        self.text.get(usize::from(end)..).unwrap_or_default().split(CHIP).skip(1)
    }

    /// Its codes.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.codes.list.iter()
    }

    /// Measured value, where there is one.
    pub fn measure(&self) -> Option<Measure<'_>> {
        let value = self.part(3);
        (!value.is_empty()).then(|| Measure {
            value,
            unit: self.part(4),
            range_low: self.part(5),
            range_high: self.part(6),
        })
    }

    /// When it happened, where known.
    pub fn date(&self) -> Option<EntryDate> {
        self.dated.then_some(EntryDate {
            start_ms: self.start_ms,
            end_ms: self.end_ms,
            offset_minutes: self.offset_minutes,
            precision: self.precision,
            basis: self.basis,
        })
    }

    /// When it came into the wallet, Unix milliseconds.
    pub fn added_ms(&self) -> i64 {
        self.added_ms
    }

    /// The record that this one is a part of.
    pub fn parent(&self) -> Option<RecordId> {
        self.parent
    }

    /// The visit it belongs to.
    pub fn visit(&self) -> Option<RecordId> {
        self.visit
    }

    /// The record that it replaces.
    pub fn supersedes(&self) -> Option<RecordId> {
        self.supersedes
    }

    /// Flag of a result; the caller's code.
    pub fn flag(&self) -> u8 {
        self.flag
    }

    /// Fact, planned, refuted, …; the caller's code.
    pub fn standing(&self) -> u8 {
        self.standing
    }

    /// Bits of sensitive topics.
    pub fn sensitivity(&self) -> u32 {
        self.sensitivity
    }

    /// The record says that something is not to be done.
    pub fn do_not_perform(&self) -> bool {
        self.marks & DO_NOT_PERFORM != 0
    }

    /// The record was deleted.
    pub fn tombstone(&self) -> bool {
        self.marks & TOMBSTONE != 0
    }

    /// It has attachments.
    pub fn has_attachments(&self) -> bool {
        self.marks & ATTACHMENTS != 0
    }

    /// Identity as a hash; all zero = none.
    pub fn identity(&self) -> &[u8; 32] {
        &self.identity
    }

    /// SHA-256 of the original bytes of the resource.
    pub fn content(&self) -> &[u8; 32] {
        &self.content
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("id", &self.id).finish_non_exhaustive()
    }
}
