//! What consent needs to know of a record, without its body.

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::{Kind, Sensitivity, Standing};

/// A stated time: both ends in Unix milliseconds, the end inclusive. `2024` spans that whole year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First millisecond.
    pub start_ms: i64,
    /// Last millisecond; equal to `start_ms` for an instant.
    pub end_ms: i64,
}

/// A file inside a record, named so that the patient knows it goes along.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its title, or a plain word such as `Document`.
    pub title: String,
    /// Media type as found, e.g. `application/pdf`.
    pub content_type: String,
    /// Length in bytes.
    pub length: u64,
}

/// A record that may be shared: what the review shows and what the scope is checked against.
#[derive(Clone, PartialEq)]
pub struct Candidate {
    /// The record.
    pub record: RecordId,
    /// Whose it is.
    pub person: PersonId,
    /// What it is.
    pub kind: Kind,
    /// FHIR resource type, e.g. `Observation`.
    pub resource_type: String,
    /// Whether it states a fact.
    pub standing: Standing,
    /// Sensitive kinds it belongs to.
    pub sensitivity: Sensitivity,
    /// The card's title.
    pub title: String,
    /// The card's second line; may be empty.
    pub line: String,
    /// When it was, if it says so.
    pub date: Option<Span>,
    /// The date as shown; empty when undated.
    pub date_text: String,
    /// Who it came from, as shown.
    pub source: String,
    /// Codes as (system, code).
    pub codes: Vec<(String, String)>,
    /// Files inside it.
    pub attachments: Vec<Attachment>,
    /// Titles of the sections of a document (FHIR `Composition`).
    pub sections: Vec<String>,
    /// What is contained in it, one text each, e.g. `Medication: Metformin 500 mg`.
    pub contained: Vec<String>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Attachment").field("length", &self.length).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Candidate").field("record", &self.record).finish_non_exhaustive()
    }
}
