//! A consent that was given.

use kosha_crypto::id::GrantId;

use crate::{Receipt, Scope, Terms, TermsError};

/// Where a grant stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// It holds.
    Active,
    /// The patient withdrew it.
    Revoked {
        /// When, Unix milliseconds.
        at_ms: i64,
    },
    /// Its time is over.
    Expired,
    /// As many releases were made as it allows.
    UsedUp,
}

/// Why a grant does not allow a release now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Withdrawn: ask the patient again.
    #[error("this consent was withdrawn")]
    Revoked,
    /// Over: ask the patient again.
    #[error("this consent has ended")]
    Expired,
    /// As many releases as allowed were made: ask the patient again.
    #[error("this consent has been used as often as it allows")]
    UsedUp,
    /// The last release was too short a while ago: wait until then.
    #[error("this consent was used a short while ago; it allows the next use later")]
    TooSoon {
        /// Earliest moment, Unix milliseconds.
        not_before_ms: i64,
    },
    /// The purpose is not the one that was agreed to.
    #[error("the purpose is not the one that was agreed to")]
    OtherPurpose,
    /// The recipient is not the one that was agreed to.
    #[error("the recipient is not the one that was agreed to")]
    OtherRecipient,
}

/// A consent: what, under which terms, since when. Stored sealed by the wallet ([`Grant::to_bytes`]); each release
/// gives the counted-up grant back in its ledger entry, to be stored in the same transaction.
#[derive(Clone, PartialEq)]
pub struct Grant {
    pub(crate) id: GrantId,
    pub(crate) scope: Scope,
    pub(crate) terms: Terms,
    pub(crate) granted_ms: i64,
    pub(crate) revoked_ms: Option<i64>,
    pub(crate) releases: u32,
    pub(crate) last_release_ms: Option<i64>,
}

impl Grant {
    /// Give consent. For a share that the patient saw, use [`crate::Review::grant`], which names the very records;
    /// this one is for a standing consent, whose scope also takes in what comes later.
    pub fn new(id: GrantId, scope: Scope, terms: Terms, now_ms: i64) -> Result<Grant, TermsError> {
        terms.check(now_ms)?;
        Ok(Grant {
            id,
            scope,
            terms,
            granted_ms: now_ms,
            revoked_ms: None,
            releases: 0,
            last_release_ms: None,
        })
    }

    /// Its id.
    pub fn id(&self) -> GrantId {
        self.id
    }

    /// What may be seen.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Under which conditions.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// When it was given, Unix milliseconds.
    pub fn granted_ms(&self) -> i64 {
        self.granted_ms
    }

    /// How many releases were made under it.
    pub fn releases(&self) -> u32 {
        self.releases
    }

    /// Where it stands. A clock that was set back does not bring an ended grant to life: time is taken to be no
    /// earlier than the last thing this grant saw.
    pub fn state(&self, now_ms: i64) -> GrantState {
        let now_ms = now_ms.max(self.granted_ms).max(self.last_release_ms.unwrap_or(self.granted_ms));
        if let Some(at_ms) = self.revoked_ms {
            GrantState::Revoked { at_ms }
        } else if now_ms >= self.terms.expires_ms {
            GrantState::Expired
        } else if self.releases >= self.terms.max_releases {
            GrantState::UsedUp
        } else {
            GrantState::Active
        }
    }

    /// Withdraw it. The first time counts; true if it was not withdrawn before.
    pub fn revoke(&mut self, now_ms: i64) -> bool {
        let first = self.revoked_ms.is_none();
        self.revoked_ms.get_or_insert(now_ms);
        first
    }

    /// What the patient keeps of it.
    pub fn receipt(&self) -> Receipt {
        Receipt::of(self)
    }

    /// Whether a release for this purpose and recipient may be made now. A grant without a recipient is for whoever
    /// the patient hands it to.
    pub fn allows(&self, purpose: &str, recipient: Option<&str>, now_ms: i64) -> Result<(), GrantError> {
        match self.state(now_ms) {
            GrantState::Active => {}
            GrantState::Revoked { .. } => return Err(GrantError::Revoked),
            GrantState::Expired => return Err(GrantError::Expired),
            GrantState::UsedUp => return Err(GrantError::UsedUp),
        }
        if purpose != self.terms.purpose {
            return Err(GrantError::OtherPurpose);
        }
        if self.terms.recipient.is_some() && recipient != self.terms.recipient.as_deref() {
            return Err(GrantError::OtherRecipient);
        }
        if let (Some(gap), Some(last)) = (self.terms.min_interval_ms, self.last_release_ms) {
            let not_before_ms = last.saturating_add(gap);
            if now_ms < not_before_ms {
                return Err(GrantError::TooSoon { not_before_ms });
            }
        }
        Ok(())
    }

    /// The grant as it stands after one more release.
    pub(crate) fn counted(&self, now_ms: i64) -> Grant {
        let last = self.last_release_ms.map_or(now_ms, |last| last.max(now_ms));
        Grant { releases: self.releases.saturating_add(1), last_release_ms: Some(last), ..self.clone() }
    }
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Grant").field("id", &self.id).finish_non_exhaustive()
    }
}
