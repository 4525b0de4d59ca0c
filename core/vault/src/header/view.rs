//! A header read in place: everything checked, nothing copied. Unlocking reads one for every record.

use kosha_crypto::id::{AttachmentId, DocumentId, PersonId, RecordId};

use super::codec::{VERSION, tag};
use super::{Code, Header, HeaderAttachment, HeaderDate, MAX_HEADER};
use crate::bytes::{Malformed, Read, Reader};

/// A date of a [`View`]; see [`HeaderDate`].
#[derive(Clone, Copy, Default)]
pub(crate) struct ViewDate<'a> {
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
    pub(crate) precision: u8,
    pub(crate) offset_minutes: Option<i16>,
    pub(crate) basis: u8,
    raw: &'a str,
}

/// The fields of [`Header`] inside its encoding. Absent texts are `None` where the header tells them from empty ones.
#[derive(Default)]
pub(crate) struct View<'a> {
    person: [u8; 16],
    pub(crate) kind: u16,
    pub(crate) resource_type: &'a str,
    pub(crate) title: &'a str,
    pub(crate) line: &'a str,
    chips: &'a [u8],
    codes: &'a [u8],
    pub(crate) date: Option<ViewDate<'a>>,
    pub(crate) parent: Option<RecordId>,
    pub(crate) visit: Option<RecordId>,
    pub(crate) value: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    pub(crate) range_low: Option<&'a str>,
    pub(crate) range_high: Option<&'a str>,
    pub(crate) flag: u8,
    pub(crate) standing: u8,
    pub(crate) clinical_status: Option<&'a str>,
    verification_status: Option<&'a str>,
    pub(crate) do_not_perform: bool,
    pub(crate) dosage: Option<&'a str>,
    pub(crate) sensitivity: u32,
    pub(crate) source: &'a str,
    pub(crate) identity: [u8; 32],
    pub(crate) content: [u8; 32],
    version_id: Option<&'a str>,
    last_updated: Option<&'a str>,
    pub(crate) document: Option<DocumentId>,
    pub(crate) ordinal: u32,
    attachments: &'a [u8],
    pub(crate) supersedes: Option<RecordId>,
    pub(crate) tombstone: bool,
    pub(crate) added_ms: i64,
    pub(crate) until_ms: Option<i64>,
    pub(crate) traits: u32,
    unknown: Vec<(u32, &'a [u8])>,
}

fn text(bytes: &[u8]) -> Read<&str> {
    std::str::from_utf8(bytes).map_err(|_| Malformed)
}

fn fixed<const N: usize>(bytes: &[u8]) -> Read<[u8; N]> {
    bytes.try_into().map_err(|_| Malformed)
}

fn small<T: TryFrom<u32>>(bytes: &[u8]) -> Read<T> {
    let mut reader = Reader::new(bytes);
    let value = reader.varint()?;
    reader.finish()?;
    if value == 0 {
        return Err(Malformed);
    }
    T::try_from(value).map_err(|_| Malformed)
}

fn flag(bytes: &[u8]) -> Read<bool> {
    if bytes == [1] { Ok(true) } else { Err(Malformed) }
}

fn date(bytes: &[u8]) -> Read<ViewDate<'_>> {
    let mut reader = Reader::new(bytes);
    let start_ms = reader.i64()?;
    let end_ms = reader.i64()?;
    let precision = reader.u8()?;
    let basis = reader.u8()?;
    let offset_minutes = match reader.u8()? {
        0 => None,
        1 => Some(i16::from_le_bytes(reader.array()?)),
        _ => return Err(Malformed),
    };
    let raw = text(reader.take(reader.remaining())?)?;
    Ok(ViewDate { start_ms, end_ms, precision, offset_minutes, basis, raw })
}

/// Values that stand one after another, to the end of `bytes` or the first that does not read.
pub(crate) struct List<'a, T> {
    reader: Reader<'a>,
    next: fn(&mut Reader<'a>) -> Read<T>,
}

impl<T> Iterator for List<'_, T> {
    type Item = Read<T>;

    fn next(&mut self) -> Option<Read<T>> {
        (!self.reader.is_empty()).then(|| (self.next)(&mut self.reader))
    }
}

fn chips(bytes: &[u8]) -> List<'_, &str> {
    List { reader: Reader::new(bytes), next: Reader::text }
}

/// Codes in their encoding: systems and codes.
pub(crate) fn codes(bytes: &[u8]) -> List<'_, (&str, &str)> {
    List { reader: Reader::new(bytes), next: |reader| Ok((reader.text()?, reader.text()?)) }
}

fn attachments(bytes: &[u8]) -> List<'_, HeaderAttachment> {
    let next = |reader: &mut Reader<'_>| {
        Ok(HeaderAttachment {
            id: AttachmentId::from_bytes(reader.array()?),
            hash: reader.array()?,
            len: reader.u64()?,
            media: reader.text()?.to_owned(),
            title: reader.text()?.to_owned(),
        })
    };
    List { reader: Reader::new(bytes), next }
}

/// The list's bytes, once each of its values reads.
fn checked<'a, T>(bytes: &'a [u8], mut list: List<'a, T>) -> Read<&'a [u8]> {
    if list.all(|value| value.is_ok()) { Ok(bytes) } else { Err(Malformed) }
}

impl<'a> View<'a> {
    /// Reads what [`Header::encode`] wrote, and nothing else.
    pub(crate) fn read(bytes: &'a [u8]) -> Read<Self> {
        if bytes.len() > MAX_HEADER {
            return Err(Malformed);
        }
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION || reader.varint()? != tag::PERSON {
            return Err(Malformed);
        }
        let mut view = Self { person: fixed(reader.sized()?)?, ..Self::default() };
        let mut last = tag::PERSON;
        while !reader.is_empty() {
            let tag = reader.varint()?;
            if tag <= last {
                return Err(Malformed);
            }
            last = tag;
            view.read_field(tag, reader.sized()?)?;
        }
        Ok(view)
    }

    #[inline]
    fn read_field(&mut self, tag: u32, value: &'a [u8]) -> Read<()> {
        match tag {
            tag::KIND => self.kind = small(value)?,
            tag::RESOURCE_TYPE => self.resource_type = text(value)?,
            tag::TITLE => self.title = text(value)?,
            tag::LINE => self.line = text(value)?,
            tag::CHIPS => self.chips = checked(value, chips(value))?,
            tag::CODES => self.codes = checked(value, codes(value))?,
            tag::DATE => self.date = Some(date(value)?),
            tag::PARENT => self.parent = Some(RecordId::from_bytes(fixed(value)?)),
            tag::VISIT => self.visit = Some(RecordId::from_bytes(fixed(value)?)),
            tag::VALUE => self.value = Some(text(value)?),
            tag::UNIT => self.unit = Some(text(value)?),
            tag::RANGE_LOW => self.range_low = Some(text(value)?),
            tag::RANGE_HIGH => self.range_high = Some(text(value)?),
            tag::FLAG => self.flag = small(value)?,
            tag::STANDING => self.standing = small(value)?,
            tag::CLINICAL_STATUS => self.clinical_status = Some(text(value)?),
            tag::VERIFICATION_STATUS => self.verification_status = Some(text(value)?),
            tag::DO_NOT_PERFORM => self.do_not_perform = flag(value)?,
            tag::DOSAGE => self.dosage = Some(text(value)?),
            tag::SENSITIVITY => self.sensitivity = small(value)?,
            tag::SOURCE => self.source = text(value)?,
            tag::IDENTITY => self.identity = fixed(value)?,
            tag::CONTENT => self.content = fixed(value)?,
            tag::VERSION_ID => self.version_id = Some(text(value)?),
            tag::LAST_UPDATED => self.last_updated = Some(text(value)?),
            tag::DOCUMENT => self.document = Some(DocumentId::from_bytes(fixed(value)?)),
            tag::ORDINAL => self.ordinal = small(value)?,
            tag::ATTACHMENTS => self.attachments = checked(value, attachments(value))?,
            tag::SUPERSEDES => self.supersedes = Some(RecordId::from_bytes(fixed(value)?)),
            tag::TOMBSTONE => self.tombstone = flag(value)?,
            tag::ADDED => self.added_ms = i64::from_le_bytes(fixed(value)?),
            tag::UNTIL => self.until_ms = Some(i64::from_le_bytes(fixed(value)?)),
            tag::TRAITS => self.traits = small(value)?,
            other => self.unknown.push((other, value)),
        }
        Ok(())
    }

    pub(crate) fn person(&self) -> PersonId {
        PersonId::from_bytes(self.person)
    }

    pub(crate) fn chips(&self) -> impl Iterator<Item = &'a str> {
        chips(self.chips).flatten()
    }

    /// Systems and codes.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        codes(self.codes).flatten()
    }

    /// All codes in their encoding: equal bytes are equal codes.
    pub(crate) fn code_bytes(&self) -> &'a [u8] {
        self.codes
    }

    pub(crate) fn has_attachments(&self) -> bool {
        !self.attachments.is_empty()
    }

    /// The same with texts of its own.
    pub(super) fn to_header(&self) -> Header {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Header {
            person: self.person(),
            kind: self.kind,
            resource_type: self.resource_type.to_owned(),
            title: self.title.to_owned(),
            line: self.line.to_owned(),
            chips: self.chips().map(str::to_owned).collect(),
            codes: self
                .codes()
                .map(|(system, code)| Code { system: system.to_owned(), code: code.to_owned() })
                .collect(),
            date: self.date.map(|date| HeaderDate {
                start_ms: date.start_ms,
                end_ms: date.end_ms,
                precision: date.precision,
                offset_minutes: date.offset_minutes,
                basis: date.basis,
                raw: date.raw.to_owned(),
            }),
            parent: self.parent,
            visit: self.visit,
            value: own(self.value),
            unit: own(self.unit),
            range_low: own(self.range_low),
            range_high: own(self.range_high),
            flag: self.flag,
            standing: self.standing,
            clinical_status: own(self.clinical_status),
            verification_status: own(self.verification_status),
            do_not_perform: self.do_not_perform,
            dosage: own(self.dosage),
            sensitivity: self.sensitivity,
            source: self.source.to_owned(),
            identity: self.identity,
            content: self.content,
            version_id: own(self.version_id),
            last_updated: own(self.last_updated),
            document: self.document,
            ordinal: self.ordinal,
            attachments: attachments(self.attachments).flatten().collect(),
            supersedes: self.supersedes,
            tombstone: self.tombstone,
            added_ms: self.added_ms,
            until_ms: self.until_ms,
            traits: self.traits,
            unknown: self.unknown.iter().map(|(tag, value)| (*tag, value.to_vec())).collect(),
        }
    }
}
