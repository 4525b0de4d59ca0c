//! Realistic FHIR R4 records of people who do not exist, the same for the same seed.
//!
//! Several styles of source, since real hospitals differ in spelling more than in content: indented or on one line,
//! `urn:uuid` or `Type/id` references, codes with or without text, ranges and flags or none, narrative or none.
//! Benchmarks store them; the dictionary of the vault was trained on them and on nothing else.

mod clinical;
mod tables;

use serde_json::{Value, json};

/// How a source writes its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A clinic's export: indented, `urn:uuid` references, text beside codes.
    Clinic,
    /// A laboratory's export: one line, ranges, flags, issued times.
    Laboratory,
    /// A document of the ABDM kind: `Type/id` references, `NRCeS` profiles, SNOMED CT.
    Abdm,
    /// A large hospital's portal: absolute references, narrative, US Core profiles, many identifiers.
    Portal,
    /// A patient summary of another country: IPS profiles, several languages.
    Summary,
}

/// Every style, in a fixed order.
pub const STYLES: [Style; 5] = [Style::Clinic, Style::Laboratory, Style::Abdm, Style::Portal, Style::Summary];

/// A small generator of pseudo-random numbers (`SplitMix64`): the same sequence on every machine.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Starts a sequence.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `below` - 1.
    pub fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.number() % below.max(1) as u64).unwrap_or(0)
    }

    /// One of the choices.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// True in `percent` of a hundred throws.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A random UUID in its text form.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.number(), self.number());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            0x8000 | (b >> 48) & 0x3fff,
            b & 0xffff_ffff_ffff
        )
    }
}

/// One record as a source would send it.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The resource's name, for example `Observation`.
    pub resource_type: &'static str,
    /// The resource as JSON text, in the style of its source.
    pub bytes: Vec<u8>,
    /// When it happened, Unix milliseconds.
    pub date_ms: i64,
    /// What a person would call it.
    pub title: String,
}

/// `count` records of one style and seed.
pub fn records(style: Style, seed: u64, count: usize) -> impl Iterator<Item = Generated> {
    let mut source = clinical::Source::new(style, seed);
    (0..count).map(move |_| source.record())
}

/// A whole export of one patient: a bundle with `count` clinical records, as one file.
#[must_use]
pub fn bundle(style: Style, seed: u64, count: usize) -> Vec<u8> {
    let mut source = clinical::Source::new(style, seed);
    let mut entries = vec![source.patient(), source.organization(), source.practitioner()];
    entries.extend((0..count).map(|_| source.record_value().1));
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|resource| json!({"fullUrl": source.full_url(&resource), "resource": resource}))
        .collect();
    let id = Dice::new(seed ^ 0xB0B).uuid();
    source.write(&json!({
        "resourceType": "Bundle",
        "id": id,
        "identifier": {"system": source.system("exports"), "value": id},
        "type": "collection",
        "timestamp": "2026-03-01T08:00:00+05:30",
        "entry": entries,
    }))
}
