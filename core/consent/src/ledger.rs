//! What is written down before a byte may leave, and after it left or did not.

use kosha_crypto::id::{GrantId, PersonId, RecordId};

use crate::Grant;

/// The wallet's log, for one entry. `commit` takes the ledger with it, so it is one transaction for one entry. It
/// returns `Ok` only when the entry is durable (an fsync, not a promise).
///
/// The transaction should also store [`LedgerEntry::grant`], so that the count of releases survives.
pub trait Ledger {
    /// What can go wrong.
    type Error;
    /// Write the entry down, durably.
    fn commit(self, entry: &LedgerEntry) -> Result<(), Self::Error>;
}

/// How a release ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived: the relay, the screen or the file took all of it.
    Delivered,
    /// It did not arrive.
    Failed {
        /// A stable code such as `no-network`; never free text.
        reason: &'static str,
    },
}

/// What happened.
#[derive(Clone, PartialEq)]
pub enum Event {
    /// The patient gave consent.
    Granted {
        /// The grant.
        grant: Grant,
    },
    /// Records are about to leave under a grant.
    Released {
        /// The grant as it stands afterwards, to be stored in the same transaction.
        grant: Grant,
        /// The how-manieth release of this grant, from 1.
        number: u32,
        /// Which records.
        records: Vec<RecordId>,
    },
    /// The owner takes a full copy.
    Exported {
        /// Whose records.
        person: PersonId,
        /// How many.
        records: u32,
    },
    /// A release arrived or failed. Without a grant it was the owner's export.
    Ended {
        /// Under which grant.
        grant: Option<GrantId>,
        /// Which release of it.
        number: u32,
        /// How it ended.
        outcome: Outcome,
    },
    /// The patient withdrew consent.
    Revoked {
        /// The grant as it stands afterwards.
        grant: Grant,
    },
}

/// One entry for the wallet's log.
#[derive(Clone, PartialEq)]
pub struct LedgerEntry {
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// What.
    pub event: Event,
}

impl LedgerEntry {
    /// Consent was given.
    pub fn granted(grant: &Grant) -> LedgerEntry {
        LedgerEntry { at_ms: grant.granted_ms, event: Event::Granted { grant: grant.clone() } }
    }

    /// Consent was withdrawn.
    pub fn revoked(grant: &Grant, now_ms: i64) -> LedgerEntry {
        LedgerEntry { at_ms: now_ms, event: Event::Revoked { grant: grant.clone() } }
    }

    /// How a release ended, where the [`crate::Release`] is no longer at hand (after a restart).
    pub fn ended(grant: Option<GrantId>, number: u32, outcome: Outcome, now_ms: i64) -> LedgerEntry {
        LedgerEntry { at_ms: now_ms, event: Event::Ended { grant, number, outcome } }
    }

    /// The event's stable word.
    pub fn name(&self) -> &'static str {
        match &self.event {
            Event::Granted { .. } => "consent-granted",
            Event::Released { .. } => "released",
            Event::Exported { .. } => "exported",
            Event::Ended { outcome: Outcome::Delivered, .. } => "delivered",
            Event::Ended { outcome: Outcome::Failed { .. }, .. } => "not-delivered",
            Event::Revoked { .. } => "consent-withdrawn",
        }
    }

    /// One line for the log as the patient reads it. It has purpose and recipient, no title and no record.
    pub fn detail(&self) -> String {
        match &self.event {
            Event::Granted { grant } | Event::Revoked { grant } => terms_line(grant),
            Event::Released { grant, records, .. } => {
                format!("{}, {} for {}", terms_line(grant), count(records.len()), recipient(grant))
            }
            Event::Exported { records, .. } => {
                format!("full copy for the owner, {}", count(*records as usize))
            }
            Event::Ended { grant, number, outcome } => {
                let what = grant.map_or_else(|| "full copy".to_owned(), |id| format!("consent {id}"));
                match outcome {
                    Outcome::Delivered => format!("{what}, release {number}"),
                    Outcome::Failed { reason } => format!("{what}, release {number}: {reason}"),
                }
            }
        }
    }

    /// The grant to be stored with this entry, where there is one.
    pub fn grant(&self) -> Option<&Grant> {
        match &self.event {
            Event::Granted { grant } | Event::Released { grant, .. } | Event::Revoked { grant } => {
                Some(grant)
            }
            Event::Exported { .. } | Event::Ended { .. } => None,
        }
    }
}

fn terms_line(grant: &Grant) -> String {
    format!("consent {}, purpose \"{}\"", grant.id, grant.terms.purpose)
}

fn recipient(grant: &Grant) -> &str {
    grant.terms.recipient.as_deref().unwrap_or("whoever holds the code")
}

fn count(records: usize) -> String {
    if records == 1 { "1 record".to_owned() } else { format!("{records} records") }
}

impl std::fmt::Debug for Event {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Event(..)")
    }
}

impl std::fmt::Debug for LedgerEntry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("LedgerEntry")
            .field("at_ms", &self.at_ms)
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
