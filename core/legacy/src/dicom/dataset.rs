//! The bytes of a DICOM file (PS3.5 section 7, PS3.10 section 7): data elements one after another, in any of the transfer
//! syntaxes. Lengths in the file are checked before anything is done with them, and nothing recurses.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read as _;

/// Most that a deflated file may unpack to, in bytes.
const LARGEST_INFLATED: u64 = 64 << 20;

/// Deepest nesting of sequences without lengths.
const DEEPEST: usize = 64;

/// Longest value that is kept as text, in bytes.
const LONGEST_TEXT: usize = 64 << 10;

const UNDEFINED: u32 = 0xffff_ffff;
const ITEM: u32 = 0xfffe_e000;
const ITEM_END: u32 = 0xfffe_e00d;
const SEQUENCE_END: u32 = 0xfffe_e0dd;

/// Transfer syntaxes whose data set is deflated.
const DEFLATED: [&[u8]; 3] =
    [b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.4.95", b"1.2.840.10008.1.2.4.205"];

/// Value representations (PS3.5 table 6.2-1) with a length of two bytes.
const SHORT: [[u8; 2]; 21] = [
    *b"AE", *b"AS", *b"AT", *b"CS", *b"DA", *b"DS", *b"DT", *b"FD", *b"FL", *b"IS", *b"LO", *b"LT", *b"PN",
    *b"SH", *b"SL", *b"SS", *b"ST", *b"TM", *b"UI", *b"UL", *b"US",
];

/// Those with a length of four.
const LONG: [[u8; 2]; 13] =
    [*b"OB", *b"OD", *b"OF", *b"OL", *b"OV", *b"OW", *b"SQ", *b"SV", *b"UC", *b"UN", *b"UR", *b"UT", *b"UV"];

/// The elements that are looked at, group before element (PS3.6).
pub(super) mod tag {
    pub(in crate::dicom) const MEDIA_CLASS: u32 = 0x0002_0002;
    pub(in crate::dicom) const TRANSFER_SYNTAX: u32 = 0x0002_0010;
    pub(in crate::dicom) const CHARACTER_SET: u32 = 0x0008_0005;
    pub(in crate::dicom) const SOP_CLASS: u32 = 0x0008_0016;
    pub(in crate::dicom) const SOP_INSTANCE: u32 = 0x0008_0018;
    pub(in crate::dicom) const STUDY_DATE: u32 = 0x0008_0020;
    pub(in crate::dicom) const SERIES_DATE: u32 = 0x0008_0021;
    pub(in crate::dicom) const CONTENT_DATE: u32 = 0x0008_0023;
    pub(in crate::dicom) const STUDY_TIME: u32 = 0x0008_0030;
    pub(in crate::dicom) const SERIES_TIME: u32 = 0x0008_0031;
    pub(in crate::dicom) const CONTENT_TIME: u32 = 0x0008_0033;
    pub(in crate::dicom) const ACCESSION: u32 = 0x0008_0050;
    pub(in crate::dicom) const MODALITY: u32 = 0x0008_0060;
    pub(in crate::dicom) const MODALITIES: u32 = 0x0008_0061;
    pub(in crate::dicom) const INSTITUTION: u32 = 0x0008_0080;
    pub(in crate::dicom) const REFERRER: u32 = 0x0008_0090;
    pub(in crate::dicom) const ZONE: u32 = 0x0008_0201;
    pub(in crate::dicom) const STUDY_DESCRIPTION: u32 = 0x0008_1030;
    pub(in crate::dicom) const SERIES_DESCRIPTION: u32 = 0x0008_103e;
    pub(in crate::dicom) const READER: u32 = 0x0008_1060;
    pub(in crate::dicom) const PATIENT_NAME: u32 = 0x0010_0010;
    pub(in crate::dicom) const PATIENT_ID: u32 = 0x0010_0020;
    pub(in crate::dicom) const ISSUER: u32 = 0x0010_0021;
    pub(in crate::dicom) const BIRTH_DATE: u32 = 0x0010_0030;
    pub(in crate::dicom) const SEX: u32 = 0x0010_0040;
    pub(in crate::dicom) const BODY_PART: u32 = 0x0018_0015;
    pub(in crate::dicom) const STUDY: u32 = 0x0020_000d;
    pub(in crate::dicom) const SERIES: u32 = 0x0020_000e;
    pub(in crate::dicom) const SERIES_NUMBER: u32 = 0x0020_0011;
    pub(in crate::dicom) const INSTANCE_NUMBER: u32 = 0x0020_0013;
    pub(in crate::dicom) const LATERALITY: u32 = 0x0020_0060;
    pub(in crate::dicom) const DOCUMENT_TITLE: u32 = 0x0042_0010;
    pub(in crate::dicom) const DOCUMENT: u32 = 0x0042_0011;
    pub(in crate::dicom) const DOCUMENT_TYPE: u32 = 0x0042_0012;
    pub(in crate::dicom) const DOCUMENT_LENGTH: u32 = 0x0042_0015;
    pub(in crate::dicom) const ALL: [u32; 35] = [
        MEDIA_CLASS,
        TRANSFER_SYNTAX,
        CHARACTER_SET,
        SOP_CLASS,
        SOP_INSTANCE,
        STUDY_DATE,
        SERIES_DATE,
        CONTENT_DATE,
        STUDY_TIME,
        SERIES_TIME,
        CONTENT_TIME,
        ACCESSION,
        MODALITY,
        MODALITIES,
        INSTITUTION,
        REFERRER,
        ZONE,
        STUDY_DESCRIPTION,
        SERIES_DESCRIPTION,
        READER,
        PATIENT_NAME,
        PATIENT_ID,
        ISSUER,
        BIRTH_DATE,
        SEX,
        BODY_PART,
        STUDY,
        SERIES,
        SERIES_NUMBER,
        INSTANCE_NUMBER,
        LATERALITY,
        DOCUMENT_TITLE,
        DOCUMENT,
        DOCUMENT_TYPE,
        DOCUMENT_LENGTH,
    ];
    /// Float, double and plain pixels: what follows is the picture.
    pub(super) const PIXELS: [u32; 3] = [0x7fe0_0008, 0x7fe0_0009, 0x7fe0_0010];
}

/// How elements are written.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Syntax {
    big: bool,
    explicit: bool,
}

impl Syntax {
    fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }
}

/// The head of an element: what stands before its value.
#[derive(Clone, Copy)]
struct Head {
    tag: u32,
    length: u32,
    /// Where its value begins.
    value: usize,
    /// The value's elements are written without representations, whatever those around it are (PS3.5 section 6.2.2).
    unknown: bool,
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn head(bytes: &[u8], at: usize, syntax: Syntax) -> Option<Head> {
    let group = syntax.u16(array(bytes, at)?);
    let element = syntax.u16(array(bytes, at + 2)?);
    let tag = u32::from(group) << 16 | u32::from(element);
    let kind: [u8; 2] = array(bytes, at + 4)?;
    // Marks of items have no representation, and a writer that puts none at all has a length there.
    if !syntax.explicit || group == 0xfffe || !kind.iter().all(u8::is_ascii_uppercase) {
        return Some(Head { tag, length: syntax.u32(array(bytes, at + 4)?), value: at + 8, unknown: false });
    }
    if SHORT.contains(&kind) {
        let length = u32::from(syntax.u16(array(bytes, at + 6)?));
        return Some(Head { tag, length, value: at + 8, unknown: false });
    }
    let length = syntax.u32(array(bytes, at + 8)?);
    Some(Head { tag, length, value: at + 12, unknown: &kind == b"UN" })
}

/// Where the elements begin: behind the mark, or at once.
pub(super) fn start(bytes: &[u8]) -> Option<usize> {
    if bytes.get(128..132) == Some(b"DICM") {
        return Some(132);
    }
    if bytes.starts_with(b"DICM") {
        return Some(4);
    }
    begins_as_header(bytes).then_some(0)
}

/// Two elements in order, the first of the file's or the study's group, of lengths that fit.
fn begins_as_header(bytes: &[u8]) -> bool {
    let Some(syntax) = sniff(bytes, 0) else { return false };
    let Some(first) = head(bytes, 0, syntax) else { return false };
    if !matches!(first.tag >> 16, 2 | 8) || first.tag & 0xffff > 0x0100 {
        return false;
    }
    let fits = |head: &Head| head.length <= 1024 && head.length.is_multiple_of(2);
    let next = usize::try_from(first.length).ok().and_then(|length| first.value.checked_add(length));
    let Some(next) = next.filter(|_| fits(&first)) else { return false };
    let second = head(bytes, next, syntax);
    second.is_some_and(|second| second.tag > first.tag && second.tag >> 16 <= 8 && fits(&second))
}

/// How the element at a place is written, by its looks: files say one thing in their head and do another.
fn sniff(bytes: &[u8], at: usize) -> Option<Syntax> {
    let group: [u8; 2] = array(bytes, at)?;
    let kind: [u8; 2] = array(bytes, at + 4)?;
    let big = u16::from_be_bytes(group) < u16::from_le_bytes(group);
    Some(Syntax { big, explicit: SHORT.contains(&kind) || LONG.contains(&kind) })
}

/// A file's data set, unpacked.
pub(super) struct Data<'a> {
    bytes: Cow<'a, [u8]>,
    syntax: Syntax,
    /// The class that the file's own head says.
    pub(super) media_class: Option<String>,
    /// The deflated bytes ended early.
    pub(super) cut: bool,
}

/// Reads the file's own head and finds how the rest is written. None where there is no rest.
pub(super) fn open(bytes: &[u8]) -> Option<Data<'_>> {
    let mut at = start(bytes)?;
    let meta = Syntax { big: false, explicit: sniff(bytes, at).is_none_or(|syntax| syntax.explicit) };
    let mut media_class = None;
    let mut deflated = false;
    while let Some(head) = head(bytes, at, meta).filter(|head| head.tag >> 16 == 2) {
        let end = head.value.checked_add(usize::try_from(head.length).ok()?)?;
        let value = bytes.get(head.value..end)?.trim_ascii_end();
        let value = value.strip_suffix(b"\0").unwrap_or(value);
        match head.tag {
            tag::MEDIA_CLASS => media_class = String::from_utf8(value.to_vec()).ok(),
            tag::TRANSFER_SYNTAX => deflated = DEFLATED.contains(&value),
            _ => {}
        }
        at = end;
    }
    let rest = bytes.get(at..)?;
    let mut cut = false;
    let rest = if deflated {
        let mut out = Vec::new();
        let mut inflating = flate2::read::DeflateDecoder::new(rest).take(LARGEST_INFLATED);
        cut = inflating.read_to_end(&mut out).is_err() || inflating.limit() == 0;
        Cow::Owned(out)
    } else {
        Cow::Borrowed(rest)
    };
    let syntax = sniff(&rest, 0)?;
    Some(Data { bytes: rest, syntax, media_class, cut })
}

/// The values of a file's header, as bytes.
pub(super) struct Header<'a> {
    values: BTreeMap<u32, &'a [u8]>,
    syntax: Syntax,
    /// The file ends within an element, or what follows is none.
    pub(super) cut: bool,
}

impl<'a> Header<'a> {
    /// Reads up to the picture, or as far as there is sense in it.
    pub(super) fn read(data: &'a Data<'_>) -> Self {
        let mut header = Header { values: BTreeMap::new(), syntax: data.syntax, cut: false };
        let bytes = &*data.bytes;
        let mut at = 0;
        while at < bytes.len() {
            let Some(next) = header.element(bytes, at) else {
                // Zeros fill up the blocks of tapes and disks.
                header.cut = bytes.get(at..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0));
                break;
            };
            at = next;
        }
        header
    }

    /// Takes the element at a place; tells where the next one is, `usize::MAX` behind the picture.
    fn element(&mut self, bytes: &'a [u8], at: usize) -> Option<usize> {
        let head = head(bytes, at, self.syntax)?;
        if head.tag == 0 {
            return None;
        }
        let next = match head.length {
            UNDEFINED if head.tag >> 16 == 0xfffe => head.value,
            UNDEFINED => behind(bytes, &head, self.syntax)?,
            length => {
                let end = head.value.checked_add(usize::try_from(length).ok()?)?;
                let value = bytes.get(head.value..end)?;
                let kept = head.tag == tag::DOCUMENT || value.len() <= LONGEST_TEXT;
                if kept && tag::ALL.contains(&head.tag) {
                    self.values.entry(head.tag).or_insert(value);
                }
                end
            }
        };
        Some(if tag::PIXELS.contains(&head.tag) { usize::MAX } else { next })
    }

    /// A value's bytes.
    pub(super) fn bytes(&self, tag: u32) -> Option<&'a [u8]> {
        self.values.get(&tag).copied()
    }

    /// A number of four bytes.
    pub(super) fn number(&self, tag: u32) -> Option<usize> {
        let bytes = self.bytes(tag)?.try_into().ok()?;
        usize::try_from(self.syntax.u32(bytes)).ok()
    }
}

/// What a value without a length consists of.
enum Level {
    /// Items one after another.
    Sequence(Syntax),
    /// Elements of an item.
    Item(Syntax),
}

/// The place behind a value without a length: behind its end mark, those within it counted.
fn behind(bytes: &[u8], outer: &Head, syntax: Syntax) -> Option<usize> {
    let inside = |head: &Head, syntax: Syntax| {
        // A value of unknown representation holds elements of the implicit little-endian syntax.
        if head.unknown { Syntax { big: false, explicit: false } } else { syntax }
    };
    let mut levels = vec![Level::Sequence(inside(outer, syntax))];
    let mut at = outer.value;
    while let Some(level) = levels.last() {
        let (Level::Sequence(syntax) | Level::Item(syntax)) = *level;
        let in_item = matches!(level, Level::Item(_));
        let head = head(bytes, at, syntax)?;
        at = head.value;
        match (head.tag, head.length) {
            (SEQUENCE_END, _) if !in_item => drop(levels.pop()),
            (ITEM_END, _) if in_item => drop(levels.pop()),
            (ITEM, UNDEFINED) if !in_item => levels.push(Level::Item(syntax)),
            (tag, UNDEFINED) if in_item && tag >> 16 != 0xfffe => {
                levels.push(Level::Sequence(inside(&head, syntax)));
            }
            (tag, length) if length != UNDEFINED && (in_item || tag == ITEM) => {
                at = at.checked_add(usize::try_from(length).ok()?).filter(|end| *end <= bytes.len())?;
            }
            _ => return None,
        }
        if levels.len() > DEEPEST {
            return None;
        }
    }
    Some(at)
}
