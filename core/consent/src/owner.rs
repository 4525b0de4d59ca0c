//! The owner's own copy, handed out part by part: a vault may hold more than memory does.

use kosha_crypto::id::PersonId;

use crate::release::owned;
use crate::{Event, Ledger, LedgerEntry, LeftOut, Outcome, Record, Release};

/// The right to take a full copy of one person's records out of the wallet. Made only after the log entry was committed;
/// not `Clone` and not serialisable.
///
/// ```compile_fail,E0277
/// fn copy<T: Clone>() {}
/// copy::<kosha_consent::OwnersCopy>();
/// ```
pub struct OwnersCopy {
    person: PersonId,
    released_ms: i64,
}

impl OwnersCopy {
    /// Writes down that a copy of `records` records of `person` is taken, and only from that `Ok` gives the right to it.
    pub fn begin<L: Ledger>(
        ledger: L,
        person: PersonId,
        records: u32,
        now_ms: i64,
    ) -> Result<Self, L::Error> {
        ledger.commit(&LedgerEntry { at_ms: now_ms, event: Event::Exported { person, records } })?;
        Ok(Self { person, released_ms: now_ms })
    }

    /// Whose records.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// A part of the copy. Records of anybody else are refused, all of the part with them.
    pub fn part(&self, records: Vec<Record>) -> Result<Release, LeftOut> {
        if records.iter().any(|record| record.candidate.person != self.person) {
            return Err(LeftOut::OtherPerson);
        }
        Ok(owned(self.person, records, self.released_ms))
    }

    /// The second ledger entry: how it ended.
    pub fn ended(self, outcome: Outcome, now_ms: i64) -> LedgerEntry {
        LedgerEntry::ended(None, 1, outcome, now_ms)
    }
}

impl std::fmt::Debug for OwnersCopy {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OwnersCopy").field("person", &self.person).finish_non_exhaustive()
    }
}
