//! The header of a record: everything a list, a filter, a search result or a consent review needs without the body.

mod codec;
mod view;

use std::fmt;

use kosha_crypto::id::{AttachmentId, DocumentId, PersonId, RecordId};

pub(crate) use view::{View, codes as code_list};

/// Longest encoded header, in bytes, before padding. Longer ones are refused on writing.
pub const MAX_HEADER: usize = 256 * 1024;

/// When something happened, as an interval: a year alone spans the year. Times are Unix milliseconds.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HeaderDate {
    /// First instant that the date may mean.
    pub start_ms: i64,
    /// Last instant that the date may mean.
    pub end_ms: i64,
    /// How exact the source was; the caller's code (year, month, day, minute, …).
    pub precision: u8,
    /// Minutes east of UTC as the source wrote it; absent where the source had none.
    pub offset_minutes: Option<i16>,
    /// Which of the record's dates this is; the caller's code.
    pub basis: u8,
    /// The date exactly as the source wrote it.
    pub raw: String,
}

/// An attachment that a record points to, with what a list shows of it.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderAttachment {
    /// The attachment in this vault.
    pub id: AttachmentId,
    /// SHA-256 of its content.
    pub hash: [u8; 32],
    /// Length of its content in bytes.
    pub len: u64,
    /// Media type as the source named it, or empty.
    pub media: String,
    /// Title as the source named it, or empty.
    pub title: String,
}

/// A coded term: system (URI) and code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// URI of the code system, or empty.
    pub system: String,
    /// The code within it.
    pub code: String,
}

/// What is kept of a record beside its body. Encoded by tags (`docs/formats.md`, Vault, Header); tags that this
/// version does not know are kept in `unknown` and written back.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// Whose record it is.
    pub person: PersonId,
    /// Kind of record; the caller's code.
    pub kind: u16,
    /// Type name of the resource in the body.
    pub resource_type: String,
    /// First line of the card.
    pub title: String,
    /// Second line of the card.
    pub line: String,
    /// Short marks on the card.
    pub chips: Vec<String>,
    /// Codes of the record, for trends and filters.
    pub codes: Vec<Code>,
    /// When it happened, where known.
    pub date: Option<HeaderDate>,
    /// The record that this one is a part of.
    pub parent: Option<RecordId>,
    /// The visit it belongs to.
    pub visit: Option<RecordId>,
    /// Measured value, as decimal text of the source.
    pub value: Option<String>,
    /// Unit of `value`.
    pub unit: Option<String>,
    /// Lower end of the reference range, as text.
    pub range_low: Option<String>,
    /// Upper end of the reference range, as text.
    pub range_high: Option<String>,
    /// Flag of a result (high, low, critical, …); the caller's code, 0 = none.
    pub flag: u8,
    /// Whether it is a fact, planned, refuted, …; the caller's code, 0..=63.
    pub standing: u8,
    /// Clinical status code.
    pub clinical_status: Option<String>,
    /// Verification status code.
    pub verification_status: Option<String>,
    /// The record says that something is not to be done.
    pub do_not_perform: bool,
    /// Dosage in one line.
    pub dosage: Option<String>,
    /// Bits of sensitive topics; 0 = none.
    pub sensitivity: u32,
    /// Label of the source (hospital), as shown.
    pub source: String,
    /// Identity of the record (source, bundle, URL) as a hash; all zero = none.
    pub identity: [u8; 32],
    /// SHA-256 of the original bytes of the resource.
    pub content: [u8; 32],
    /// Version id that the source gave.
    pub version_id: Option<String>,
    /// Last update that the source gave, as text.
    pub last_updated: Option<String>,
    /// The document it came in.
    pub document: Option<DocumentId>,
    /// Its place in that document.
    pub ordinal: u32,
    /// Its attachments.
    pub attachments: Vec<HeaderAttachment>,
    /// The record that this one replaces.
    pub supersedes: Option<RecordId>,
    /// The record was deleted; it stays out of pages and search.
    pub tombstone: bool,
    /// When it came into the wallet, Unix milliseconds.
    pub added_ms: i64,
    /// The last moment at which it holds (a prescription's end, a problem's), where the source names one; Unix milliseconds.
    pub until_ms: Option<i64>,
    /// Bits of what else sets it apart in lists; the caller's, 0 = none.
    pub traits: u32,
    /// Fields of a newer version: tag and bytes, in order of tag.
    pub unknown: Vec<(u32, Vec<u8>)>,
}

impl Header {
    /// A header with nothing but whose it is and of what kind.
    pub fn new(person: PersonId, kind: u16) -> Self {
        Self {
            person,
            kind,
            resource_type: String::new(),
            title: String::new(),
            line: String::new(),
            chips: Vec::new(),
            codes: Vec::new(),
            date: None,
            parent: None,
            visit: None,
            value: None,
            unit: None,
            range_low: None,
            range_high: None,
            flag: 0,
            standing: 0,
            clinical_status: None,
            verification_status: None,
            do_not_perform: false,
            dosage: None,
            sensitivity: 0,
            source: String::new(),
            identity: [0; 32],
            content: [0; 32],
            version_id: None,
            last_updated: None,
            document: None,
            ordinal: 0,
            attachments: Vec::new(),
            supersedes: None,
            tombstone: false,
            added_ms: 0,
            until_ms: None,
            traits: 0,
            unknown: Vec::new(),
        }
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Header(redacted)")
    }
}

impl fmt::Debug for HeaderDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeaderDate(redacted)")
    }
}

impl fmt::Debug for HeaderAttachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeaderAttachment(redacted)")
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}
