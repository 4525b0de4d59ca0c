//! What the patient keeps of a consent, and what may be handed to the doctor: no health data in it.

use std::collections::BTreeSet;

use kosha_crypto::id::GrantId;
use kosha_fhir::Kind;

use crate::Grant;

/// A consent receipt. Names no record, no title and no person.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The grant it is of.
    pub grant: GrantId,
    /// What the records are for.
    pub purpose: String,
    /// For whom, as the patient calls them.
    pub recipient: Option<String>,
    /// Kinds that were agreed to; `None` for all.
    pub kinds: Option<BTreeSet<Kind>>,
    /// Start of the period, Unix milliseconds.
    pub from_ms: Option<i64>,
    /// End of the period, Unix milliseconds.
    pub to_ms: Option<i64>,
    /// When it was given, Unix milliseconds.
    pub granted_ms: i64,
    /// When it ends, Unix milliseconds.
    pub expires_ms: i64,
    /// How often it may be looked at.
    pub view_limit: Option<u32>,
    /// True if a passcode is asked for.
    pub passcode: bool,
    /// When it was withdrawn, Unix milliseconds.
    pub revoked_ms: Option<i64>,
}

impl Receipt {
    pub(crate) fn of(grant: &Grant) -> Receipt {
        Receipt {
            grant: grant.id,
            purpose: grant.terms.purpose.clone(),
            recipient: grant.terms.recipient.clone(),
            kinds: grant.scope.kinds.clone(),
            from_ms: grant.scope.from_ms,
            to_ms: grant.scope.to_ms,
            granted_ms: grant.granted_ms,
            expires_ms: grant.terms.expires_ms,
            view_limit: grant.terms.view_limit,
            passcode: grant.terms.passcode,
            revoked_ms: grant.revoked_ms,
        }
    }
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Receipt").field("grant", &self.grant).finish_non_exhaustive()
    }
}
