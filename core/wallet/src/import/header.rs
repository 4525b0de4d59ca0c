//! From what the reader of FHIR knows of a record to what the vault keeps beside it.

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::{Extract, Flag, Standing, When};
use kosha_vault::{Code, Header, HeaderDate};

use crate::date;

/// Flags by their number in a header; 0 is none. Numbers are never used again.
const FLAGS: [&str; 29] = [
    "other",
    "high",
    "low",
    "very-high",
    "very-low",
    "abnormal",
    "very-abnormal",
    "normal",
    "above-range",
    "below-range",
    "positive",
    "negative",
    "critical",
    "outside",
    "in-range",
    "unclear",
    "detected",
    "not-detected",
    "reactive",
    "weakly-reactive",
    "non-reactive",
    "susceptible",
    "intermediate",
    "resistant",
    "up",
    "down",
    "better",
    "worse",
    "within-range",
];

/// The code of a flag by its number in a header; `other` for one that has no code of its own.
pub(crate) fn flag_code(number: u8) -> Option<&'static str> {
    let place = usize::from(number).checked_sub(1)?;
    Some(FLAGS.get(place).copied().unwrap_or("other"))
}

/// The header of a record of `person`; `record_of` tells the record of another entry of the same file. What belongs to
/// the file (document, ordinal, identity, content, attachments, time) is left to the caller.
pub(crate) fn of(person: PersonId, extract: Extract, record_of: impl Fn(u32) -> Option<RecordId>) -> Header {
    let card = extract.card;
    Header {
        resource_type: extract.resource_type,
        title: card.title,
        line: card.line,
        chips: chips(card.chips, card.flag.as_ref()),
        codes: extract.codes.into_iter().map(|(system, code)| Code { system, code }).collect(),
        date: card.date.map(date_of),
        parent: extract.parent.and_then(&record_of),
        visit: extract.visit.and_then(&record_of),
        value: extract.value,
        unit: extract.unit,
        range_low: extract.range_low,
        range_high: extract.range_high,
        flag: card.flag.as_ref().map_or(0, flag_number),
        standing: card.standing.as_u8(),
        clinical_status: extract.clinical_status,
        verification_status: extract.verification_status,
        do_not_perform: card.standing == Standing::DoNotPerform,
        dosage: Some(extract.dosage).filter(|dosage| !dosage.is_empty()),
        sensitivity: extract.sensitivity.bits(),
        until_ms: extract.until_ms,
        traits: extract.traits.bits(),
        source: extract.source_label,
        version_id: extract.version_id,
        last_updated: extract.last_updated,
        ..Header::new(person, card.kind.as_u16())
    }
}

/// The marks of a card, what its laboratory or range says first.
pub(crate) fn chips(mut chips: Vec<String>, flag: Option<&Flag>) -> Vec<String> {
    if let Some(flag) = flag.filter(|flag| !flag.text.is_empty() && !chips.contains(&flag.text)) {
        chips.insert(0, flag.text.clone());
    }
    chips
}

fn flag_number(flag: &Flag) -> u8 {
    let place = FLAGS.iter().position(|known| *known == flag.code).unwrap_or(0);
    u8::try_from(place + 1).unwrap_or(1)
}

fn date_of(when: When) -> HeaderDate {
    let precision = when.precision as u8;
    let last = date::last_instant(when.start_ms, precision);
    HeaderDate {
        start_ms: when.start_ms,
        end_ms: when.end_ms.map_or(last, |end| end.max(last)),
        precision,
        offset_minutes: when.offset_minutes.and_then(|minutes| i16::try_from(minutes).ok()),
        basis: when.basis as u8,
        raw: when.raw,
    }
}
