//! Header v1: one version byte, then fields `tag | length | value` in ascending order of tag. Fields that hold their
//! default (empty, zero, absent) are left out, so each header has exactly one encoding.

use kosha_crypto::id::{AttachmentId, DocumentId, PersonId, RecordId};

use super::{Code, Header, HeaderAttachment, HeaderDate, MAX_HEADER};
use crate::bytes::{Malformed, Read, Reader, put_sized, put_varint};

const VERSION: u8 = 1;

/// Tags of header v1. Numbers are never used again for something else.
mod tag {
    pub(super) const PERSON: u32 = 1;
    pub(super) const KIND: u32 = 2;
    pub(super) const RESOURCE_TYPE: u32 = 3;
    pub(super) const TITLE: u32 = 4;
    pub(super) const LINE: u32 = 5;
    pub(super) const CHIPS: u32 = 6;
    pub(super) const CODES: u32 = 7;
    pub(super) const DATE: u32 = 8;
    pub(super) const PARENT: u32 = 9;
    pub(super) const VISIT: u32 = 10;
    pub(super) const VALUE: u32 = 11;
    pub(super) const UNIT: u32 = 12;
    pub(super) const RANGE_LOW: u32 = 13;
    pub(super) const RANGE_HIGH: u32 = 14;
    pub(super) const FLAG: u32 = 15;
    pub(super) const STANDING: u32 = 16;
    pub(super) const CLINICAL_STATUS: u32 = 17;
    pub(super) const VERIFICATION_STATUS: u32 = 18;
    pub(super) const DO_NOT_PERFORM: u32 = 19;
    pub(super) const DOSAGE: u32 = 20;
    pub(super) const SENSITIVITY: u32 = 21;
    pub(super) const SOURCE: u32 = 22;
    pub(super) const IDENTITY: u32 = 23;
    pub(super) const CONTENT: u32 = 24;
    pub(super) const VERSION_ID: u32 = 25;
    pub(super) const LAST_UPDATED: u32 = 26;
    pub(super) const DOCUMENT: u32 = 27;
    pub(super) const ORDINAL: u32 = 28;
    pub(super) const ATTACHMENTS: u32 = 29;
    pub(super) const SUPERSEDES: u32 = 30;
    pub(super) const TOMBSTONE: u32 = 31;
    pub(super) const ADDED: u32 = 32;
    /// Highest tag that this version writes.
    pub(super) const LAST: u32 = ADDED;
}

fn field(out: &mut Vec<u8>, tag: u32, value: &[u8]) {
    put_varint(out, tag);
    put_sized(out, value);
}

fn filled(out: &mut Vec<u8>, tag: u32, value: &[u8]) {
    if !value.is_empty() {
        field(out, tag, value);
    }
}

fn number(out: &mut Vec<u8>, tag: u32, value: u32) {
    if value != 0 {
        let mut bytes = Vec::with_capacity(5);
        put_varint(&mut bytes, value);
        field(out, tag, &bytes);
    }
}

fn optional(out: &mut Vec<u8>, tag: u32, value: Option<&str>) {
    if let Some(text) = value {
        field(out, tag, text.as_bytes());
    }
}

fn hash(out: &mut Vec<u8>, tag: u32, value: &[u8; 32]) {
    if value != &[0; 32] {
        field(out, tag, value);
    }
}

fn date_bytes(date: &HeaderDate) -> Vec<u8> {
    let mut out = Vec::with_capacity(24 + date.raw.len());
    out.extend_from_slice(&date.start_ms.to_le_bytes());
    out.extend_from_slice(&date.end_ms.to_le_bytes());
    out.extend_from_slice(&[date.precision, date.basis, u8::from(date.offset_minutes.is_some())]);
    if let Some(offset) = date.offset_minutes {
        out.extend_from_slice(&offset.to_le_bytes());
    }
    out.extend_from_slice(date.raw.as_bytes());
    out
}

fn read_date(bytes: &[u8]) -> Read<HeaderDate> {
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
    Ok(HeaderDate { start_ms, end_ms, precision, offset_minutes, basis, raw })
}

fn lists(out: &mut Vec<u8>, header: &Header, which: u32) {
    let mut list = Vec::new();
    match which {
        tag::CHIPS => header.chips.iter().for_each(|chip| put_sized(&mut list, chip.as_bytes())),
        tag::CODES => header.codes.iter().for_each(|code| {
            put_sized(&mut list, code.system.as_bytes());
            put_sized(&mut list, code.code.as_bytes());
        }),
        _ => header.attachments.iter().for_each(|attachment| {
            list.extend_from_slice(attachment.id.as_bytes());
            list.extend_from_slice(&attachment.hash);
            list.extend_from_slice(&attachment.len.to_le_bytes());
            put_sized(&mut list, attachment.media.as_bytes());
            put_sized(&mut list, attachment.title.as_bytes());
        }),
    }
    filled(out, which, &list);
}

fn text(bytes: &[u8]) -> Read<String> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed)
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

impl Header {
    /// The one encoding of this header, or `None` if it is longer than [`MAX_HEADER`] or a tag in `unknown` is one of
    /// this version.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(320);
        out.push(VERSION);
        field(&mut out, tag::PERSON, self.person.as_bytes());
        number(&mut out, tag::KIND, u32::from(self.kind));
        filled(&mut out, tag::RESOURCE_TYPE, self.resource_type.as_bytes());
        filled(&mut out, tag::TITLE, self.title.as_bytes());
        filled(&mut out, tag::LINE, self.line.as_bytes());
        lists(&mut out, self, tag::CHIPS);
        lists(&mut out, self, tag::CODES);
        if let Some(date) = &self.date {
            field(&mut out, tag::DATE, &date_bytes(date));
        }
        if let Some(parent) = &self.parent {
            field(&mut out, tag::PARENT, parent.as_bytes());
        }
        if let Some(visit) = &self.visit {
            field(&mut out, tag::VISIT, visit.as_bytes());
        }
        optional(&mut out, tag::VALUE, self.value.as_deref());
        optional(&mut out, tag::UNIT, self.unit.as_deref());
        optional(&mut out, tag::RANGE_LOW, self.range_low.as_deref());
        optional(&mut out, tag::RANGE_HIGH, self.range_high.as_deref());
        number(&mut out, tag::FLAG, u32::from(self.flag));
        number(&mut out, tag::STANDING, u32::from(self.standing));
        optional(&mut out, tag::CLINICAL_STATUS, self.clinical_status.as_deref());
        optional(&mut out, tag::VERIFICATION_STATUS, self.verification_status.as_deref());
        if self.do_not_perform {
            field(&mut out, tag::DO_NOT_PERFORM, &[1]);
        }
        optional(&mut out, tag::DOSAGE, self.dosage.as_deref());
        number(&mut out, tag::SENSITIVITY, self.sensitivity);
        filled(&mut out, tag::SOURCE, self.source.as_bytes());
        hash(&mut out, tag::IDENTITY, &self.identity);
        hash(&mut out, tag::CONTENT, &self.content);
        optional(&mut out, tag::VERSION_ID, self.version_id.as_deref());
        optional(&mut out, tag::LAST_UPDATED, self.last_updated.as_deref());
        if let Some(document) = &self.document {
            field(&mut out, tag::DOCUMENT, document.as_bytes());
        }
        number(&mut out, tag::ORDINAL, self.ordinal);
        lists(&mut out, self, tag::ATTACHMENTS);
        if let Some(supersedes) = &self.supersedes {
            field(&mut out, tag::SUPERSEDES, supersedes.as_bytes());
        }
        if self.tombstone {
            field(&mut out, tag::TOMBSTONE, &[1]);
        }
        if self.added_ms != 0 {
            field(&mut out, tag::ADDED, &self.added_ms.to_le_bytes());
        }
        let mut last = tag::LAST;
        for (unknown, bytes) in &self.unknown {
            if *unknown <= last {
                return None;
            }
            last = *unknown;
            field(&mut out, *unknown, bytes);
        }
        (out.len() <= MAX_HEADER).then_some(out)
    }

    /// Reads what [`Header::encode`] wrote; `None` for anything else. Unknown tags are kept.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes).ok()
    }

    pub(crate) fn read(bytes: &[u8]) -> Read<Self> {
        if bytes.len() > MAX_HEADER {
            return Err(Malformed);
        }
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION || reader.varint()? != tag::PERSON {
            return Err(Malformed);
        }
        let mut header = Self::new(PersonId::from_bytes(fixed(reader.sized()?)?), 0);
        let mut last = tag::PERSON;
        while !reader.is_empty() {
            let tag = reader.varint()?;
            if tag <= last {
                return Err(Malformed);
            }
            last = tag;
            header.read_field(tag, reader.sized()?)?;
        }
        Ok(header)
    }

    fn read_field(&mut self, tag: u32, value: &[u8]) -> Read<()> {
        match tag {
            tag::KIND => self.kind = small(value)?,
            tag::RESOURCE_TYPE => self.resource_type = text(value)?,
            tag::TITLE => self.title = text(value)?,
            tag::LINE => self.line = text(value)?,
            tag::CHIPS | tag::CODES | tag::ATTACHMENTS => self.read_list(tag, value)?,
            tag::DATE => self.date = Some(read_date(value)?),
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
            tag::SUPERSEDES => self.supersedes = Some(RecordId::from_bytes(fixed(value)?)),
            tag::TOMBSTONE => self.tombstone = flag(value)?,
            tag::ADDED => self.added_ms = i64::from_le_bytes(fixed(value)?),
            other => self.unknown.push((other, value.to_vec())),
        }
        Ok(())
    }

    fn read_list(&mut self, tag: u32, value: &[u8]) -> Read<()> {
        let mut reader = Reader::new(value);
        while !reader.is_empty() {
            match tag {
                tag::CHIPS => self.chips.push(reader.text()?.to_owned()),
                tag::CODES => self
                    .codes
                    .push(Code { system: reader.text()?.to_owned(), code: reader.text()?.to_owned() }),
                _ => self.attachments.push(HeaderAttachment {
                    id: AttachmentId::from_bytes(reader.array()?),
                    hash: reader.array()?,
                    len: reader.u64()?,
                    media: reader.text()?.to_owned(),
                    title: reader.text()?.to_owned(),
                }),
            }
        }
        Ok(())
    }
}
