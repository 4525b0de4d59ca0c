//! Writing a share: the International Patient Summary as a FHIR document ([`ips`]) and the collection bundle that
//! clinics take through a direct link ([`collection`]).
//!
//! What both hold to:
//!
//! * only what is in the [`SummaryInput`] is written; a reference to anything else is cut, never followed;
//! * identities are new (`urn:uuid:`), references point at them, the subject is always the one [`PatientFields`];
//! * narrative is made anew from titles, so nothing that was left out survives in a paragraph;
//! * digits stay as they came (`7.40` stays `7.40`);
//! * what is refuted, not done, not taken, called off or an order *not* to do something stands apart from the facts;
//! * problems, allergies and medicines are always spoken of, with the reason where there is none.
//!
//! Sources: HL7 FHIR R4 Bundle and Composition; HL7 IPS 2.0.1, Composition (IPS); the CMS "Patient-Shared Health
//! Documents" bundle (type `collection`).

mod collect;
mod cut;
mod document;
mod empty;
mod identity;
mod inside;
pub(crate) mod instant;
mod listing;
mod narrative;
mod patient;
mod section;
mod shape;
mod supporting;
mod write;

pub use empty::{EmptySection, empty_sections};
pub use inside::{Inside, inside};
pub use patient::{Identifier, PatientField, PatientFields};

/// Extension of a bundle's `meta` that holds the sender's log checkpoint, a signed note.
pub const LOG_CHECKPOINT: &str = "urn:kosha:log-checkpoint";
/// Extension of a bundle's `meta` that holds the fingerprint of the log's key.
pub const LOG_KEY: &str = "urn:kosha:log-key";

use crate::{Kind, Standing};

/// Most records in one summary. More is refused, not shortened.
pub const MAX_RECORDS: usize = 50_000;
/// Most bytes of one summary.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Everything a summary may say.
pub struct SummaryInput<'a> {
    /// The patient, with the fields that were chosen.
    pub patient: &'a PatientFields,
    /// The granted records, in any order.
    pub records: Vec<SummaryRecord<'a>>,
    /// Who the records name: practitioners, roles, organisations, and the sources' own Patient resources (used to
    /// recognise references; their content is not written). Only those that a record refers to are written, with
    /// name, number and contact; any other type is ignored.
    pub supporting: Vec<Supporting<'a>>,
    /// What the wallet holds for the three sections that are always present.
    pub held: Held,
    /// Unix milliseconds: when the summary is made.
    pub now_ms: i64,
    /// 16 fresh random bytes: the bundle's own id, and the root of the ids in it.
    pub bundle_id: [u8; 16],
    /// Where the wallet's log stands, so that the reader holds a copy of it.
    pub checkpoint: Option<Checkpoint<'a>>,
}

/// One granted record.
#[derive(Clone, Copy)]
pub struct SummaryRecord<'a> {
    /// The resource, exactly as it was received.
    pub bytes: &'a [u8],
    /// What it is.
    pub kind: Kind,
    /// Whether it states a fact.
    pub standing: Standing,
    /// The card's title, e.g. `Ruled out: Asthma`.
    pub title: &'a str,
    /// The card's second line: value, dosage ... May be empty.
    pub line: &'a str,
    /// The date as shown, e.g. `Mar 2024`. Empty when undated.
    pub date_text: &'a str,
    /// Start of the date in Unix milliseconds, for the order within a section.
    pub date_ms: Option<i64>,
    /// Codes as (system, code), used where the medicine itself is a resource that does not come along.
    pub codes: &'a [(String, String)],
    /// Who it came from, as shown to people.
    pub source: &'a str,
    /// When it came into the wallet, Unix milliseconds.
    pub received_ms: i64,
    /// Which file or answer it came in: references are resolved within the same key only.
    pub bundle: &'a str,
    /// The `fullUrl` it had there; empty when there was none.
    pub full_url: &'a str,
    /// True if the record is of a sensitive kind: the bundle is then marked "restricted".
    pub sensitive: bool,
}

/// One resource that records refer to and that may come along.
#[derive(Clone, Copy)]
pub struct Supporting<'a> {
    /// The resource, exactly as it was received.
    pub bytes: &'a [u8],
    /// Which file or answer it came in.
    pub bundle: &'a str,
    /// The `fullUrl` it had there; empty when there was none.
    pub full_url: &'a str,
}

/// What the wallet holds of this person, for one of the three sections that are always present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeldSection {
    /// How many records of this kind the wallet holds, those entered in error not counted.
    pub records: u32,
    /// True if a source states that there is none (an empty list with the reason "nil known").
    pub recorded_as_none: bool,
}

/// What the wallet holds, so that "nothing here" and "not part of this share" can be told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Problems and diagnoses.
    pub problems: HeldSection,
    /// Allergies and intolerances.
    pub allergies: HeldSection,
    /// Medicines.
    pub medicines: HeldSection,
}

/// The state of the wallet's log at the time of sharing.
#[derive(Clone, Copy)]
pub struct Checkpoint<'a> {
    /// The signed note.
    pub note: &'a str,
    /// Fingerprint of the key that signed it.
    pub key_fingerprint: &'a str,
}

/// Why no summary was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SummaryError {
    /// More than [`MAX_RECORDS`] records or supporting resources: share fewer.
    #[error("these are too many records for one share")]
    TooManyRecords,
    /// More than [`MAX_BYTES`]: share fewer, or without the large attachments.
    #[error("these records are too large for one share")]
    TooLarge,
}

/// Write an IPS document: a `Bundle` of type `document` with a Composition (LOINC 60591-5) first, as UTF-8 JSON.
///
/// Source: HL7 IPS 2.0.1, Bundle (IPS) and Composition (IPS).
pub fn ips(input: &SummaryInput<'_>) -> Result<Vec<u8>, SummaryError> {
    document::write(input)
}

/// Write the collection for a direct link: a `Bundle` of type `collection` with one Patient, as UTF-8 JSON. Absent
/// sections are `List` resources with an empty reason.
///
/// Source: CMS "Patient-Shared Health Documents via SMART Health Links", patient-shared bundle.
pub fn collection(input: &SummaryInput<'_>) -> Result<Vec<u8>, SummaryError> {
    collect::write(input)
}
