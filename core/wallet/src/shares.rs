//! The list of shares, and stopping one.

use kosha_consent::LedgerEntry;
use kosha_vault::Durability;
use serde::Serialize;

use crate::relay::Pace;
use crate::share::stored::{State, StoredShare};
use crate::share::upload;
use crate::{Error, Session, date, session};

/// All shares, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shares {
    /// The shares.
    pub shares: Vec<ShareLine>,
}

/// A share, as far as it is known here.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ShareLine {
    /// Id, 32 hex digits.
    pub id: String,
    /// `pending`, `active`, `failed`, `revoking` (not yet confirmed), `revoked`, `expired` or `used-up`.
    pub state: &'static str,
    /// When it ends by itself, RFC 3339.
    pub expires: String,
    /// How often it was opened, as the relay last said.
    pub views: u32,
    /// How often it may be opened.
    #[serde(rename = "maxViews", skip_serializing_if = "Option::is_none")]
    pub max_views: Option<u32>,
    /// How many records it holds.
    pub records: usize,
    /// When it was granted, RFC 3339.
    pub granted: String,
    /// What it is for.
    pub purpose: String,
    /// For whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// What became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revoked {
    /// The share; `revoking` until the relay has confirmed.
    pub share: ShareLine,
}

impl Session {
    /// All shares as last known. [`Session::refresh_shares`] asks the relays.
    pub fn shares(&self) -> Result<Shares, Error> {
        let now_ms = self.environment().now_ms();
        let shares = StoredShare::all(self.vault())?;
        Ok(Shares { shares: shares.iter().rev().map(|share| ShareLine::of(share, now_ms)).collect() })
    }

    /// Stops a share: recorded first, then said to the relay. While the relay has not confirmed, the share is
    /// `revoking` and every later command that goes online tries again. Stopping twice changes nothing.
    pub fn revoke(&mut self, share: &str) -> Result<Revoked, Error> {
        let shares = StoredShare::all(self.vault())?;
        let id = session::meant(shares.iter().map(|share| share.id), share)
            .map_err(|missing| missing.unwrap_or(Error::NoSuchShare))?;
        let mut share = shares.into_iter().find(|share| share.id == id).ok_or(Error::NoSuchShare)?;
        if share.state != State::Revoked {
            self.record_revocation(&mut share)?;
            // Where the relay does not answer now, asking it more would only keep the person waiting.
            if self.confirm_revocation(share, Pace::Patient)? {
                self.refresh_shares();
            }
        }
        let share = self.stored_share(id)?;
        Ok(Revoked { share: ShareLine::of(&share, self.environment().now_ms()) })
    }

    pub(crate) fn record_revocation(&mut self, share: &mut StoredShare) -> Result<(), Error> {
        if share.state == State::Revoking || share.withdrawn() {
            return Ok(());
        }
        let environment = self.environment().clone();
        let now_ms = environment.now_ms();
        environment.steps.reached("revoke-begin");
        let parts = upload::parts(self.vault(), share.id);
        share.grant.revoke(now_ms);
        // What the relay never had was never open. It is told all the same; nothing has to wait for its answer.
        if share.state != State::Failed {
            share.state = State::Revoking;
            share.closed = false;
        }
        let entry = LedgerEntry::revoked(&share.grant, now_ms);
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        share.put(&mut tx)?;
        upload::remove(&mut tx, &parts)?;
        tx.log(entry.at_ms, entry.name(), &entry.detail())?;
        tx.commit()?;
        self.keep_anchor();
        environment.steps.reached("revoke-recorded");
        Ok(())
    }

    /// Tells the relay that a share is withdrawn. True once the relay has confirmed.
    pub(crate) fn confirm_revocation(&mut self, mut share: StoredShare, pace: Pace) -> Result<bool, Error> {
        // Who looked until now; a relay may forget it with the link. The withdrawal does not wait for it.
        drop(self.bring_views(&mut share));
        let answer = self.relay_client(&share.relay, pace).revoke(&share.secret()?);
        self.reached("revoke-sent");
        match answer {
            // A relay answers a withdrawal of any link of ours with success, also of one that it never had. Whatever
            // else comes, "not found" too, was said by something between here and the relay.
            Ok(()) => {
                share.state = State::Revoked;
                let now_ms = self.environment().now_ms();
                let mut tx = self.vault_mut().begin(Durability::Full)?;
                share.put(&mut tx)?;
                tx.log(
                    now_ms,
                    "revocation-confirmed",
                    &format!("share {}: the link no longer works", share.id),
                )?;
                tx.commit()?;
                self.keep_anchor();
                self.reached("revoke-confirmed");
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }
}

impl ShareLine {
    pub(crate) fn of(share: &StoredShare, now_ms: i64) -> Self {
        let terms = share.grant.terms();
        Self {
            id: share.id.to_string(),
            state: share.state_at(now_ms).as_str(),
            expires: date::rfc3339(share.expires_ms()),
            views: share.views,
            max_views: terms.view_limit,
            records: share.records,
            granted: date::rfc3339(share.grant.granted_ms()),
            purpose: terms.purpose.clone(),
            recipient: terms.recipient.clone(),
        }
    }
}

impl std::fmt::Debug for ShareLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShareLine").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}
