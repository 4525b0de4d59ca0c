//! One record in the RAM index: what a card and a filter need, packed.

use std::fmt;

use kosha_crypto::WRAPPED_KEY_LEN;
use kosha_crypto::id::{DocumentId, PersonId, RecordId, Version, WriterId};

use super::arena::{Arena, Spot};
use super::cursor::OrderKey;
use super::pool::Pool;
use crate::bytes::{Malformed, Read};
use crate::header::{Code, View};

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

/// Where the fields of a packed entry stand; integers are little-endian. Behind the fixed part come the references that
/// the marks name (parent, visit, supersedes, 16 bytes each), then the text.
mod at {
    pub(super) const ID: usize = 0;
    pub(super) const IDENTITY: usize = 16;
    pub(super) const CONTENT: usize = 48;
    /// Nonce, ciphertext and tag of the wrapped record key; its epoch stands in the pool.
    pub(super) const KEY: usize = 80;
    pub(super) const ROW: usize = 140;
    pub(super) const COUNTER: usize = 148;
    pub(super) const START: usize = 156;
    pub(super) const END: usize = 164;
    pub(super) const ADDED: usize = 172;
    pub(super) const ORDINAL: usize = 180;
    pub(super) const SENSITIVITY: usize = 184;
    pub(super) const ORIGIN: usize = 188;
    pub(super) const CODES: usize = 192;
    pub(super) const WRITER: usize = 196;
    pub(super) const EPOCH: usize = 198;
    pub(super) const KIND: usize = 200;
    pub(super) const OFFSET_MINUTES: usize = 202;
    pub(super) const MARKS: usize = 204;
    pub(super) const PRECISION: usize = 206;
    pub(super) const BASIS: usize = 207;
    pub(super) const FLAG: usize = 208;
    pub(super) const STANDING: usize = 209;
    pub(super) const UNTIL: usize = 210;
    pub(super) const TRAITS: usize = 218;
    pub(super) const TITLE: usize = 222;
    pub(super) const UNIT: usize = 226;
    pub(super) const STATUS: usize = 228;
    /// Where the parts of the text end.
    pub(super) const ENDS: usize = 230;
}

/// Bytes of the fixed part.
const FIXED: usize = at::ENDS + 2 * PARTS;
/// Bytes of a wrapped key without head and epoch.
const KEY: usize = 60;

mod mark {
    pub(super) const DO_NOT_PERFORM: u16 = 1;
    pub(super) const TOMBSTONE: u16 = 2;
    pub(super) const ATTACHMENTS: u16 = 4;
    pub(super) const DATED: u16 = 8;
    pub(super) const OFFSET: u16 = 16;
    pub(super) const PARENT: u16 = 32;
    pub(super) const VISIT: u16 = 64;
    pub(super) const SUPERSEDES: u16 = 128;
    /// The wrapped key is held.
    pub(super) const KEY: u16 = 256;
    pub(super) const UNTIL: u16 = 512;
    pub(super) const MEASURE: u16 = 1024;
}

/// Parts of the packed text, in order (line, dosage, value, unit, low and high end of the range, clinical status); each
/// ends at the offset of the same number. Behind them the chips, each after a 0x1f byte. The title stands in the pool; so do
/// unit and clinical status, and are empty here, but for those that the pool has no number for.
const PARTS: usize = 7;

/// Longest part of a card that the index holds, in bytes; longer ones are cut here at a character (the header keeps all).
const LONGEST_PART: usize = 1024;

/// In place of a number: the word stands in the entry's own text.
const UNNUMBERED: u16 = u16::MAX;

/// Separates chips in the packed text; removed from chips.
const CHIP: char = '\u{1f}';

fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_PART)).unwrap_or(text)
}

/// Writes the fixed part.
struct Fixed([u8; FIXED]);

impl Fixed {
    fn put<const N: usize>(&mut self, at: usize, bytes: [u8; N]) {
        if let Some(place) = self.0.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<N>) {
            *place = bytes;
        }
    }
}

/// What of a version is not in its header.
pub(super) struct Stored<'a> {
    pub(super) id: RecordId,
    pub(super) version: Version,
    pub(super) row: i64,
    pub(super) wrapped: &'a [u8],
}

fn reference(id: Option<&RecordId>) -> &[u8] {
    id.map_or(&[], |id| id.as_bytes())
}

/// Packs a record into the arena.
pub(super) fn pack(stored: &Stored<'_>, header: &View<'_>, pool: &mut Pool, arena: &mut Arena) -> Spot {
    let mut fixed = Fixed([0; FIXED]);
    let mut marks = 0;
    let mut mark = |set: bool, bit: u16| marks |= if set { bit } else { 0 };
    fixed.put(at::ID, *stored.id.as_bytes());
    fixed.put(at::IDENTITY, header.identity);
    fixed.put(at::CONTENT, header.content);
    if let Some((epoch, key)) = unwrapped_parts(stored.wrapped) {
        fixed.put(at::KEY, key);
        fixed.put(at::EPOCH, pool.name_of(epoch).to_le_bytes());
        mark(true, mark::KEY);
    }
    fixed.put(at::ROW, stored.row.to_le_bytes());
    fixed.put(at::COUNTER, stored.version.counter.to_le_bytes());
    fixed.put(at::WRITER, pool.name_of(*stored.version.writer.as_bytes()).to_le_bytes());
    if let Some(date) = &header.date {
        mark(true, mark::DATED);
        fixed.put(at::START, date.start_ms.to_le_bytes());
        fixed.put(at::END, date.end_ms.to_le_bytes());
        fixed.put(at::PRECISION, [date.precision]);
        fixed.put(at::BASIS, [date.basis]);
        mark(date.offset_minutes.is_some(), mark::OFFSET);
        fixed.put(at::OFFSET_MINUTES, date.offset_minutes.unwrap_or(0).to_le_bytes());
    }
    fixed.put(at::ADDED, header.added_ms.to_le_bytes());
    fixed.put(at::ORDINAL, header.ordinal.to_le_bytes());
    fixed.put(at::SENSITIVITY, header.sensitivity.to_le_bytes());
    fixed.put(at::ORIGIN, pool.origin_of(header).to_le_bytes());
    fixed.put(at::CODES, pool.codes_of(header).to_le_bytes());
    fixed.put(at::KIND, header.kind.to_le_bytes());
    fixed.put(at::FLAG, [header.flag]);
    fixed.put(at::STANDING, [header.standing]);
    fixed.put(at::UNTIL, header.until_ms.unwrap_or(0).to_le_bytes());
    mark(header.until_ms.is_some(), mark::UNTIL);
    fixed.put(at::TRAITS, header.traits.to_le_bytes());
    mark(header.do_not_perform, mark::DO_NOT_PERFORM);
    mark(header.tombstone, mark::TOMBSTONE);
    mark(header.has_attachments(), mark::ATTACHMENTS);
    mark(header.parent.is_some(), mark::PARENT);
    mark(header.visit.is_some(), mark::VISIT);
    mark(header.supersedes.is_some(), mark::SUPERSEDES);
    mark(header.value.is_some_and(|value| !value.is_empty()), mark::MEASURE);

    fixed.put(at::TITLE, pool.title_of(cut(header.title)).to_le_bytes());
    let [unit, status] =
        [(at::UNIT, header.unit), (at::STATUS, header.clinical_status)].map(|(place, word)| {
            let word = cut(word.unwrap_or_default());
            let number = pool.word_of(word);
            fixed.put(place, number.unwrap_or(UNNUMBERED).to_le_bytes());
            if number.is_some() { "" } else { word }
        });
    let texts = [
        header.line,
        header.dosage.unwrap_or_default(),
        header.value.unwrap_or_default(),
        unit,
        header.range_low.unwrap_or_default(),
        header.range_high.unwrap_or_default(),
        status,
    ]
    .map(cut);
    let mut end = 0_u16;
    for (number, text) in texts.iter().enumerate() {
        end = end.saturating_add(u16::try_from(text.len()).unwrap_or(u16::MAX));
        fixed.put(at::ENDS + 2 * number, end.to_le_bytes());
    }
    fixed.put(at::MARKS, marks.to_le_bytes());
    let mut chips = String::new();
    for chip in header.chips().take(16) {
        chips.push(CHIP);
        chips.extend(cut(chip).split(CHIP));
    }
    let [line, dosage, value, unit, low, high, status] = texts.map(str::as_bytes);
    arena.push(&[
        &fixed.0,
        reference(header.parent.as_ref()),
        reference(header.visit.as_ref()),
        reference(header.supersedes.as_ref()),
        line,
        dosage,
        value,
        unit,
        low,
        high,
        status,
        chips.as_bytes(),
    ])
}

/// The epoch of a wrapped key, and the rest behind it.
fn unwrapped_parts(wrapped: &[u8]) -> Option<([u8; 16], [u8; KEY])> {
    let (_, rest) = wrapped.split_first_chunk::<2>()?;
    let (epoch, rest) = rest.split_first_chunk::<16>()?;
    (wrapped.first_chunk() == Some(&HEAD)).then_some((*epoch, rest.try_into().ok()?))
}

/// First bytes of every wrapped key: version and algorithm.
const HEAD: [u8; 2] = [1, 1];

/// What lists ask of every record, side by side in memory: whoever looks for records of one kind among all of them
/// waits for none of the packed entries between.
#[derive(Clone, Copy, Default)]
pub(super) struct Brief {
    start_ms: i64,
    end_ms: i64,
    added_ms: i64,
    until_ms: i64,
    origin: u32,
    codes: u32,
    traits: u32,
    sensitivity: u32,
    title: u32,
    unit: u16,
    status: u16,
    kind: u16,
    marks: u16,
    offset_minutes: i16,
    precision: u8,
    basis: u8,
    flag: u8,
    standing: u8,
}

impl Brief {
    /// What a packed entry says.
    pub(super) fn of(packed: &[u8]) -> Option<Self> {
        let fixed = packed.first_chunk::<FIXED>()?;
        let byte = |place: usize| u8::from_le_bytes(read(fixed, place));
        Some(Self {
            start_ms: i64::from_le_bytes(read(fixed, at::START)),
            end_ms: i64::from_le_bytes(read(fixed, at::END)),
            added_ms: i64::from_le_bytes(read(fixed, at::ADDED)),
            until_ms: i64::from_le_bytes(read(fixed, at::UNTIL)),
            origin: u32::from_le_bytes(read(fixed, at::ORIGIN)),
            codes: u32::from_le_bytes(read(fixed, at::CODES)),
            traits: u32::from_le_bytes(read(fixed, at::TRAITS)),
            sensitivity: u32::from_le_bytes(read(fixed, at::SENSITIVITY)),
            title: u32::from_le_bytes(read(fixed, at::TITLE)),
            unit: u16::from_le_bytes(read(fixed, at::UNIT)),
            status: u16::from_le_bytes(read(fixed, at::STATUS)),
            kind: u16::from_le_bytes(read(fixed, at::KIND)),
            marks: u16::from_le_bytes(read(fixed, at::MARKS)),
            offset_minutes: i16::from_le_bytes(read(fixed, at::OFFSET_MINUTES)),
            precision: byte(at::PRECISION),
            basis: byte(at::BASIS),
            flag: byte(at::FLAG),
            standing: byte(at::STANDING),
        })
    }

    fn has(self, mark: u16) -> bool {
        self.marks & mark != 0
    }

    pub(super) fn kind(self) -> u16 {
        self.kind
    }
}

fn read<const N: usize>(fixed: &[u8; FIXED], place: usize) -> [u8; N] {
    fixed.get(place..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
}

/// One record in the index. No decryption is needed for anything in it; the rest is in [`crate::Vault::header`].
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    number: u32,
    brief: &'a Brief,
    fixed: &'a [u8; FIXED],
    /// References and text.
    rest: &'a [u8],
    pool: &'a Pool,
}

impl<'a> Entry<'a> {
    /// Reads the packed entry of this number in place; `brief` is [`Brief::of`] it.
    pub(super) fn new(number: u32, packed: &'a [u8], brief: &'a Brief, pool: &'a Pool) -> Option<Self> {
        let (fixed, rest) = packed.split_first_chunk()?;
        Some(Self { number, brief, fixed, rest, pool })
    }

    /// Looks at all that [`Entry::new`] takes for granted.
    pub(super) fn verify(self) -> Read<()> {
        let refers = self.origin().is_some()
            && self.pool.title(self.brief.title).is_some()
            && [self.brief.unit, self.brief.status]
                .into_iter()
                .all(|number| number == UNNUMBERED || self.pool.word(number).is_some())
            && self.pool.name(u16::from_le_bytes(self.at(at::WRITER))).is_some();
        if refers && std::str::from_utf8(self.text()).is_ok() { Ok(()) } else { Err(Malformed) }
    }

    fn at<const N: usize>(self, at: usize) -> [u8; N] {
        read(self.fixed, at)
    }

    fn has(self, mark: u16) -> bool {
        self.brief.has(mark)
    }

    fn hash(self, at: usize) -> &'a [u8; 32] {
        const NOTHING: &[u8; 32] = &[0; 32];
        self.fixed.get(at..).and_then(<[u8]>::first_chunk).unwrap_or(NOTHING)
    }

    /// The reference that `mark` names; those of lower marks stand before it.
    fn reference(self, mark: u16) -> Option<RecordId> {
        let before = [mark::PARENT, mark::VISIT, mark::SUPERSEDES];
        let before = before.into_iter().filter(|other| *other < mark && self.has(*other)).count();
        let bytes = self.rest.get(16 * before..)?.first_chunk()?;
        self.has(mark).then(|| RecordId::from_bytes(*bytes))
    }

    fn text(self) -> &'a [u8] {
        let references = (self.brief.marks & (mark::PARENT | mark::VISIT | mark::SUPERSEDES)).count_ones();
        self.rest.get(usize::try_from(references).unwrap_or(0) * 16..).unwrap_or_default()
    }

    fn end(self, part: usize) -> usize {
        usize::from(u16::from_le_bytes(self.at(at::ENDS + 2 * part)))
    }

    fn part(self, number: usize) -> &'a str {
        let start = number.checked_sub(1).map_or(0, |before| self.end(before));
        let bytes = self.text().get(start..self.end(number)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The word of a number in the pool, or where it has none the part of its own text.
    fn word(self, number: u16, part: usize) -> &'a str {
        self.pool.word(number).unwrap_or_else(|| self.part(part))
    }

    pub(crate) fn row(self) -> i64 {
        i64::from_le_bytes(self.at(at::ROW))
    }

    /// The wrapped record key as it is stored, where it is held.
    pub(crate) fn wrapped_key(self) -> Option<[u8; WRAPPED_KEY_LEN]> {
        let epoch = self.pool.name(u16::from_le_bytes(self.at(at::EPOCH)))?;
        let mut wrapped = [0; WRAPPED_KEY_LEN];
        let (head, rest) = wrapped.split_first_chunk_mut::<2>()?;
        *head = HEAD;
        let (place, rest) = rest.split_first_chunk_mut::<16>()?;
        *place = *epoch;
        *rest.first_chunk_mut()? = self.at::<KEY>(at::KEY);
        self.has(mark::KEY).then_some(wrapped)
    }

    pub(crate) fn order_key(self) -> OrderKey {
        OrderKey::new(self.has(mark::DATED).then_some(self.brief.start_ms), self.id())
    }

    /// Its number in the index, below [`super::Index::numbers`]. It is another once the vault was opened anew.
    pub fn number(self) -> u32 {
        self.number
    }

    /// The record.
    pub fn id(self) -> RecordId {
        RecordId::from_bytes(self.at(at::ID))
    }

    /// Its current version.
    pub fn version(self) -> Version {
        let writer = self.pool.name(u16::from_le_bytes(self.at(at::WRITER))).copied().unwrap_or_default();
        let counter = u64::from_le_bytes(self.at(at::COUNTER));
        Version { writer: WriterId::from_bytes(writer), counter }
    }

    fn origin(self) -> Option<&'a super::pool::Origin> {
        self.pool.origin(self.brief.origin)
    }

    /// Whose record it is.
    pub fn person(self) -> PersonId {
        self.origin().map_or(PersonId::from_bytes([0; 16]), |origin| origin.person)
    }

    /// The document it came in.
    pub fn document(self) -> Option<DocumentId> {
        self.origin().and_then(|origin| origin.document)
    }

    /// Its place in that document.
    pub fn ordinal(self) -> u32 {
        u32::from_le_bytes(self.at(at::ORDINAL))
    }

    /// Number of its origin: in one index, entries of the same number have person, document, source and type in common.
    pub fn origin_number(self) -> u32 {
        self.brief.origin
    }

    /// Label of its source.
    pub fn source(self) -> &'a str {
        self.origin().map_or("", |origin| &origin.source)
    }

    /// Type name of its resource.
    pub fn resource_type(self) -> &'a str {
        self.origin().map_or("", |origin| &origin.resource_type)
    }

    /// Kind; the caller's code.
    pub fn kind(self) -> u16 {
        self.brief.kind
    }

    /// First line of the card (at most 1,024 bytes; the header holds all).
    pub fn title(self) -> &'a str {
        self.pool.title(self.brief.title).unwrap_or_default()
    }

    /// Number of its title: in one index, entries of the same number have the same title.
    pub fn title_number(self) -> u32 {
        self.brief.title
    }

    /// Second line of the card (at most 1,024 bytes; the header holds all).
    pub fn line(self) -> &'a str {
        self.part(0)
    }

    /// Dosage in one line, or empty.
    pub fn dosage(self) -> &'a str {
        self.part(1)
    }

    /// Marks on the card (at most 16; the header holds all).
    pub fn chips(self) -> impl Iterator<Item = &'a str> {
        let bytes = self.text().get(self.end(PARTS - 1)..).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default().split(CHIP).skip(1)
    }

    /// Its codes.
    pub fn codes(self) -> impl Iterator<Item = &'a Code> {
        self.pool.codes(self.brief.codes).iter()
    }

    /// Number of its set of codes: in one index, entries of the same number have the same codes.
    pub fn code_set(self) -> u32 {
        self.brief.codes
    }

    /// Whether [`Entry::measure`] gives one.
    pub fn is_measured(self) -> bool {
        self.has(mark::MEASURE)
    }

    /// Measured value, where there is one.
    pub fn measure(self) -> Option<Measure<'a>> {
        self.is_measured().then(|| Measure {
            value: self.part(2),
            unit: self.word(self.brief.unit, 3),
            range_low: self.part(4),
            range_high: self.part(5),
        })
    }

    /// Number of the unit of its measure, or of no unit; `None` where it has to be read.
    pub fn unit_number(self) -> Option<u16> {
        Some(self.brief.unit).filter(|number| *number != UNNUMBERED)
    }

    /// When it happened, where known.
    pub fn date(self) -> Option<EntryDate> {
        self.has(mark::DATED).then(|| EntryDate {
            start_ms: self.brief.start_ms,
            end_ms: self.brief.end_ms,
            offset_minutes: self.has(mark::OFFSET).then_some(self.brief.offset_minutes),
            precision: self.brief.precision,
            basis: self.brief.basis,
        })
    }

    /// When it came into the wallet, Unix milliseconds.
    pub fn added_ms(self) -> i64 {
        self.brief.added_ms
    }

    /// The record that this one is a part of.
    pub fn parent(self) -> Option<RecordId> {
        self.reference(mark::PARENT)
    }

    /// The visit it belongs to.
    pub fn visit(self) -> Option<RecordId> {
        self.reference(mark::VISIT)
    }

    /// The record that it replaces.
    pub fn supersedes(self) -> Option<RecordId> {
        self.reference(mark::SUPERSEDES)
    }

    /// Flag of a result; the caller's code.
    pub fn flag(self) -> u8 {
        self.brief.flag
    }

    /// Fact, planned, refuted, …; the caller's code.
    pub fn standing(self) -> u8 {
        self.brief.standing
    }

    /// Clinical status as its source wrote it, or empty.
    pub fn clinical_status(self) -> &'a str {
        self.word(self.brief.status, 6)
    }

    /// The last moment at which it holds, where its source names one; Unix milliseconds.
    pub fn until_ms(self) -> Option<i64> {
        self.has(mark::UNTIL).then_some(self.brief.until_ms)
    }

    /// What else sets it apart in lists; the caller's bits.
    pub fn traits(self) -> u32 {
        self.brief.traits
    }

    /// Bits of sensitive topics.
    pub fn sensitivity(self) -> u32 {
        self.brief.sensitivity
    }

    /// The record says that something is not to be done.
    pub fn do_not_perform(self) -> bool {
        self.has(mark::DO_NOT_PERFORM)
    }

    /// The record was deleted.
    pub fn tombstone(self) -> bool {
        self.has(mark::TOMBSTONE)
    }

    /// It has attachments.
    pub fn has_attachments(self) -> bool {
        self.has(mark::ATTACHMENTS)
    }

    /// Identity as a hash; all zero = none.
    pub fn identity(self) -> &'a [u8; 32] {
        self.hash(at::IDENTITY)
    }

    /// SHA-256 of the original bytes of the resource.
    pub fn content(self) -> &'a [u8; 32] {
        self.hash(at::CONTENT)
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("id", &self.id()).finish_non_exhaustive()
    }
}
