//! Header v1: one version byte, then fields `tag | length | value` in ascending order of tag. Fields that hold their
//! default (empty, zero, absent) are left out, so each header has exactly one encoding.

use super::view::View;
use super::{Header, HeaderDate, MAX_HEADER};
use crate::bytes::{Read, put_sized, put_varint};

pub(super) const VERSION: u8 = 1;

/// Tags of header v1. Numbers are never used again for something else.
pub(super) mod tag {
    pub(in crate::header) const PERSON: u32 = 1;
    pub(in crate::header) const KIND: u32 = 2;
    pub(in crate::header) const RESOURCE_TYPE: u32 = 3;
    pub(in crate::header) const TITLE: u32 = 4;
    pub(in crate::header) const LINE: u32 = 5;
    pub(in crate::header) const CHIPS: u32 = 6;
    pub(in crate::header) const CODES: u32 = 7;
    pub(in crate::header) const DATE: u32 = 8;
    pub(in crate::header) const PARENT: u32 = 9;
    pub(in crate::header) const VISIT: u32 = 10;
    pub(in crate::header) const VALUE: u32 = 11;
    pub(in crate::header) const UNIT: u32 = 12;
    pub(in crate::header) const RANGE_LOW: u32 = 13;
    pub(in crate::header) const RANGE_HIGH: u32 = 14;
    pub(in crate::header) const FLAG: u32 = 15;
    pub(in crate::header) const STANDING: u32 = 16;
    pub(in crate::header) const CLINICAL_STATUS: u32 = 17;
    pub(in crate::header) const VERIFICATION_STATUS: u32 = 18;
    pub(in crate::header) const DO_NOT_PERFORM: u32 = 19;
    pub(in crate::header) const DOSAGE: u32 = 20;
    pub(in crate::header) const SENSITIVITY: u32 = 21;
    pub(in crate::header) const SOURCE: u32 = 22;
    pub(in crate::header) const IDENTITY: u32 = 23;
    pub(in crate::header) const CONTENT: u32 = 24;
    pub(in crate::header) const VERSION_ID: u32 = 25;
    pub(in crate::header) const LAST_UPDATED: u32 = 26;
    pub(in crate::header) const DOCUMENT: u32 = 27;
    pub(in crate::header) const ORDINAL: u32 = 28;
    pub(in crate::header) const ATTACHMENTS: u32 = 29;
    pub(in crate::header) const SUPERSEDES: u32 = 30;
    pub(in crate::header) const TOMBSTONE: u32 = 31;
    pub(in crate::header) const ADDED: u32 = 32;
    pub(in crate::header) const UNTIL: u32 = 33;
    pub(in crate::header) const TRAITS: u32 = 34;
    /// Highest tag that this version writes.
    pub(in crate::header) const LAST: u32 = TRAITS;
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

impl Header {
    /// The one encoding of this header, or `None` if it is longer than [`MAX_HEADER`] or a tag in `unknown` is one of
    /// this version.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(512);
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
        if let Some(until_ms) = self.until_ms {
            field(&mut out, tag::UNTIL, &until_ms.to_le_bytes());
        }
        number(&mut out, tag::TRAITS, self.traits);
        let mut last = tag::LAST;
        for (unknown, bytes) in &self.unknown {
            if *unknown <= last {
                return None;
            }
            last = *unknown;
            field(&mut out, *unknown, bytes);
        }
        // Headers of a whole file are held until it is committed.
        out.shrink_to_fit();
        (out.len() <= MAX_HEADER).then_some(out)
    }

    /// Reads what [`Header::encode`] wrote; `None` for anything else. Unknown tags are kept.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes).ok()
    }

    pub(crate) fn read(bytes: &[u8]) -> Read<Self> {
        View::read(bytes).map(|view| view.to_header())
    }
}
