//! Under which conditions a consent holds.

/// Longest purpose or recipient, in characters.
pub(crate) const MAX_TEXT: usize = 200;

/// The conditions of a grant.
#[derive(Clone, PartialEq, Eq)]
pub struct Terms {
    /// What the records are for, in the patient's words.
    pub purpose: String,
    /// For whom, as the patient calls them. A name that was said, not checked.
    pub recipient: Option<String>,
    /// First moment at which it no longer holds, Unix milliseconds.
    pub expires_ms: i64,
    /// How often it may be looked at; counted where the link lives.
    pub view_limit: Option<u32>,
    /// True if a passcode is asked for.
    pub passcode: bool,
    /// How many releases may be made under it. A release is one package, however often it is looked at.
    pub max_releases: u32,
    /// At least this long between two releases, milliseconds.
    pub min_interval_ms: Option<i64>,
}

/// Conditions that cannot be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// Say what it is for.
    #[error("please say what the records are shared for")]
    NoPurpose,
    /// Purpose or recipient over 200 characters: shorten it.
    #[error("purpose and recipient may each be up to 200 characters long")]
    TextTooLong,
    /// The end is not after now: choose a later one.
    #[error("the sharing would have ended before it began")]
    AlreadyExpired,
    /// A limit of nought: leave it out, or allow at least one.
    #[error("a limit must allow at least one view")]
    ZeroLimit,
}

impl Terms {
    /// One release for one purpose until a moment: no recipient named, no view limit, no passcode.
    pub fn once(purpose: &str, expires_ms: i64) -> Terms {
        Terms {
            purpose: purpose.to_owned(),
            recipient: None,
            expires_ms,
            view_limit: None,
            passcode: false,
            max_releases: 1,
            min_interval_ms: None,
        }
    }

    pub(crate) fn check(&self, now_ms: i64) -> Result<(), TermsError> {
        if self.purpose.trim().is_empty() {
            return Err(TermsError::NoPurpose);
        }
        let long = |text: &str| text.chars().count() > MAX_TEXT;
        if long(&self.purpose) || self.recipient.as_deref().is_some_and(long) {
            return Err(TermsError::TextTooLong);
        }
        if self.expires_ms <= now_ms {
            return Err(TermsError::AlreadyExpired);
        }
        if self.view_limit == Some(0) || self.max_releases == 0 {
            return Err(TermsError::ZeroLimit);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Terms").field("expires_ms", &self.expires_ms).finish_non_exhaustive()
    }
}
