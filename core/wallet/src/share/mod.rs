//! Sharing a part of the records by a link: planned and shown, agreed to, recorded, sent.

pub(crate) mod gather;
pub(crate) mod ledger;
mod plan;
mod send;
pub(crate) mod stored;
pub(crate) mod upload;

use serde::Serialize;

pub use plan::{Group, Review, SharePlan, ShareWish};

/// What stands in every code: it must say nothing about anyone.
pub(crate) const LABEL: &str = "Health records";

/// A share that was granted.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ShareOutcome {
    /// The share.
    pub share: ShareMade,
    /// Why the relay has not confirmed it yet; absent when it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
}

/// What the doctor is shown, and what it is known by here.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ShareMade {
    /// Id, 32 hex digits.
    pub id: String,
    /// The text of the code. A secret: whoever has it can read the records.
    pub link: String,
    /// When it ends, RFC 3339.
    pub expires: String,
    /// How many records it holds.
    pub records: usize,
    /// `active` or `pending`.
    pub state: &'static str,
}

/// Why something is not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Stable code.
    pub code: &'static str,
    /// A plain sentence.
    pub message: String,
}

impl std::fmt::Debug for ShareOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShareOutcome").field("share", &self.share).field("waiting", &self.waiting).finish()
    }
}

impl std::fmt::Debug for ShareMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShareMade")
            .field("id", &self.id)
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}
