//! Talking to relays: what is still to be said to them, and what they have to tell.

use std::sync::Arc;

use kosha_crypto::LinkSecret;
use kosha_share::{RelayClient, RelayClientError, Request, Response, Transport, TransportError, View};
use kosha_vault::Durability;
use kosha_wire::relay::{CreateLink, LinkStatus};

use crate::share::stored::{State, StoredShare};
use crate::{Environment, Error, Session};

/// How long a call may take when it is only a courtesy on the way to something else.
const HURRIED_MS: u64 = 3_000;
/// A relay forgets links that have ended; its clock may differ from this one by so much.
const CLOCKS_DIFFER_MS: i64 = 300_000;
/// Most pages of views that are fetched of one share at a time; a relay keeps 20 of them.
const MOST_PAGES: usize = 40;
/// Longest name of a viewer that the log keeps, in characters.
const LONGEST_VIEWER: usize = 120;

/// How patient to be with a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// The call is what the person is waiting for.
    Patient,
    /// The call is made along the way.
    Hurried,
}

/// Whether everything that the relays know could be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    complete: bool,
}

impl Freshness {
    pub(crate) fn of(complete: bool) -> Self {
        Self { complete }
    }

    /// False when a relay could not be reached, so that newer states or views may be missing.
    pub fn is_complete(self) -> bool {
        self.complete
    }
}

/// One relay, reached over the environment's transport.
#[derive(Clone)]
pub(crate) struct Relay {
    transport: Arc<dyn Transport>,
    url: String,
    token: Option<String>,
    pace: Pace,
}

struct Hurried<'a>(&'a dyn Transport);

impl Transport for Hurried<'_> {
    fn send(&self, mut request: Request) -> Result<Response, TransportError> {
        request.timeout_ms = request.timeout_ms.min(HURRIED_MS);
        self.0.send(request)
    }
}

impl Relay {
    pub(crate) fn with<T>(
        &self,
        call: impl FnOnce(&RelayClient<'_>) -> Result<T, RelayClientError>,
    ) -> Result<T, RelayClientError> {
        let hurried = Hurried(self.transport.as_ref());
        let transport: &dyn Transport =
            if self.pace == Pace::Hurried { &hurried } else { self.transport.as_ref() };
        // The relay's address is the user's own choice, so it may be on this computer.
        call(&RelayClient::new(transport, &self.url, self.token.clone(), true)?)
    }

    /// Whether the address can be used at all.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.with(|_| Ok(())).map_err(|_| Error::BadRelay)
    }

    pub(crate) fn create(&self, secret: &LinkSecret, create: &CreateLink) -> Result<(), RelayClientError> {
        self.with(|client| client.create(secret, create))
    }

    pub(crate) fn revoke(&self, secret: &LinkSecret) -> Result<(), RelayClientError> {
        self.with(|client| client.revoke(secret))
    }

    pub(crate) fn status(&self, secret: &LinkSecret) -> Result<LinkStatus, RelayClientError> {
        self.with(|client| client.status(secret))
    }
}

impl Session {
    /// The relay at `url`. The upload token belongs to the relay of the environment and goes to no other.
    pub(crate) fn relay_client(&self, url: &str, pace: Pace) -> Relay {
        let environment: &Environment = self.environment();
        let own = environment.relay.url.trim_end_matches('/') == url.trim_end_matches('/');
        let token = environment.relay.token.clone().filter(|_| own);
        Relay { transport: environment.transport.clone(), url: url.to_owned(), token, pace }
    }

    /// Says what is still to be said: sends shares that wait, confirms withdrawals that wait. Best effort; whatever
    /// fails waits for the next time.
    pub fn settle(&mut self) -> Freshness {
        // What cannot be recorded must not happen: this may be a copy, and the vault itself may know better.
        if !self.vault().is_writable() {
            return Freshness { complete: false };
        }
        let Ok(shares) = StoredShare::all(self.vault()) else { return Freshness { complete: false } };
        let now_ms = self.environment().now_ms();
        let mut unreachable: Vec<String> = Vec::new();
        for share in shares {
            if share.state == State::Pending && now_ms >= share.expires_ms() {
                // What fails here is tried again by the next command.
                drop(self.record_expiry(share));
                continue;
            }
            if share.state == State::Revoking && now_ms >= share.expires_ms().saturating_add(CLOCKS_DIFFER_MS)
            {
                drop(self.end_withdrawal(share));
                continue;
            }
            let waits = matches!(share.state, State::Pending | State::Revoking);
            if !waits || unreachable.contains(&share.relay) {
                continue;
            }
            let relay = share.relay.clone();
            let done = match share.state {
                State::Pending => self.deliver_again(share).is_ok_and(|waiting| waiting.is_none()),
                State::Revoking => {
                    self.confirm_revocation(share, Pace::Hurried).is_ok_and(|confirmed| confirmed)
                }
                _ => true,
            };
            if !done {
                unreachable.push(relay);
            }
        }
        Freshness { complete: unreachable.is_empty() }
    }

    /// A withdrawal that no relay confirmed until the share's time was over by every clock: the relay is told once more, and
    /// without its word the share is kept as what is sure, expired.
    fn end_withdrawal(&mut self, share: StoredShare) -> Result<(), Error> {
        let id = share.id;
        if self.confirm_revocation(share, Pace::Hurried)? {
            return Ok(());
        }
        // Views may have come in on the way, so it is read anew.
        let mut share = self.stored_share(id)?;
        share.state = State::Expired;
        share.closed = true;
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        share.put(&mut tx)?;
        Ok(tx.commit()?)
    }

    /// Asks the relays how the shares stand and who looked, and keeps the answers. Best effort, and brief.
    pub fn refresh_shares(&mut self) -> Freshness {
        let settled = self.settle();
        if !self.vault().is_writable() {
            return settled;
        }
        let Ok(shares) = StoredShare::all(self.vault()) else { return Freshness { complete: false } };
        let mut unreachable: Vec<String> = Vec::new();
        for share in shares {
            if share.closed || matches!(share.state, State::Pending | State::Failed) {
                continue;
            }
            let relay = share.relay.clone();
            if !unreachable.contains(&relay) && self.refresh(share).is_err() {
                unreachable.push(relay);
            }
        }
        Freshness { complete: settled.complete && unreachable.is_empty() }
    }

    fn refresh(&mut self, share: StoredShare) -> Result<(), Error> {
        let mut told = share.last_view;
        self.refresh_after(share, &mut told, &mut Vec::new())
    }

    /// Asks how a share stands and who looked; `told` and `views` as of [`Session::bring_views_after`].
    ///
    /// The status comes first: once it says that a link has ended, the views fetched after it are all there are.
    pub(crate) fn refresh_after(
        &mut self,
        mut share: StoredShare,
        told: &mut u64,
        views: &mut Vec<View>,
    ) -> Result<(), Error> {
        let now_ms = self.environment().now_ms();
        let status = match self.relay_client(&share.relay, Pace::Hurried).status(&share.secret()?) {
            Ok(status) => Some(status),
            Err(RelayClientError::NoSuchLink) => None,
            Err(_) => return Err(Error::RelayUnreachable),
        };
        let all = self.bring_views_after(&mut share, told, views)?;
        let before = (share.state, share.views, share.closed);
        match &status {
            Some(status) => learn(&mut share, status, now_ms),
            None => gone(&mut share, now_ms),
        }
        share.closed &= all;
        if before == (share.state, share.views, share.closed) {
            return Ok(());
        }
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        share.put(&mut tx)?;
        Ok(tx.commit()?)
    }

    /// Brings the views that are not in the log yet into it, page by page, each durable before the next is asked for.
    /// False when the relay had still more to tell.
    pub(crate) fn bring_views(&mut self, share: &mut StoredShare) -> Result<bool, Error> {
        let mut told = share.last_view;
        self.bring_views_after(share, &mut told, &mut Vec::new())
    }

    /// [`Session::bring_views`] that adds every view after number `told` to `views`, those too that another command has
    /// brought into the log meanwhile, and leaves in `told` how far it came.
    fn bring_views_after(
        &mut self,
        share: &mut StoredShare,
        told: &mut u64,
        views: &mut Vec<View>,
    ) -> Result<bool, Error> {
        let mut after = (*told).min(share.last_view);
        let secret = share.secret()?;
        let relay = self.relay_client(&share.relay, Pace::Hurried);
        for _ in 0..MOST_PAGES {
            let page = match relay.with(|client| client.views(&secret, after, 0)) {
                Ok(page) => page,
                Err(RelayClientError::NoSuchLink) => return Ok(true),
                Err(_) => return Err(Error::RelayUnreachable),
            };
            if page.last_seq <= after {
                return Ok(true);
            }
            after = page.last_seq;
            if after > share.last_view {
                let logged = std::mem::replace(&mut share.last_view, after);
                let mut tx = self.vault_mut().begin(Durability::Full)?;
                for view in page.views.iter().filter(|view| view.seq > logged) {
                    tx.log(view.time_ms, "viewed", &viewed(share, &view.recipient))?;
                }
                share.put(&mut tx)?;
                tx.commit()?;
            }
            views.extend(page.views.into_iter().filter(|view| view.seq > *told));
            *told = after.max(*told);
        }
        Ok(false)
    }
}

/// The detail of a view in the log. The name is what the viewer said it is.
fn viewed(share: &StoredShare, recipient: &str) -> String {
    let name: String = recipient.chars().filter(|c| !c.is_control()).take(LONGEST_VIEWER).collect();
    let name = name.trim();
    let who = if name.is_empty() {
        "someone who gave no name".to_owned()
    } else {
        format!("\"{name}\" (a name as given, not checked)")
    };
    format!("share {}: opened by {who}", share.id)
}

fn learn(share: &mut StoredShare, status: &LinkStatus, now_ms: i64) {
    share.views = share.views.max(status.views);
    if status.active || share.state != State::Active {
        share.closed = !status.active && share.state != State::Revoking;
        return;
    }
    let used_up = status.views_left == Some(0) || status.passcode_attempts_left == Some(0);
    share.state = if used_up { State::UsedUp } else { State::Expired };
    // One more look after its end brings in the views of its last moments.
    share.closed = now_ms > share.expires_ms() || used_up;
}

/// The relay says that it does not know the link. Before its end that is no word about the link that a person could rely
/// on (another relay may answer at this address now), so the share stays as it is.
fn gone(share: &mut StoredShare, now_ms: i64) {
    if now_ms.saturating_add(CLOCKS_DIFFER_MS) < share.expires_ms() {
        return;
    }
    if share.state == State::Active {
        share.state = State::Expired;
    }
    share.closed = share.state != State::Revoking;
}
