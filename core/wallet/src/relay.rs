//! Talking to relays: what is still to be said to them, and what they have to tell.

use std::sync::Arc;

use kosha_crypto::LinkSecret;
use kosha_share::{RelayClient, RelayClientError, Request, Response, Transport, TransportError};
use kosha_vault::Durability;
use kosha_wire::relay::{CreateLink, LinkStatus};

use crate::share::stored::{State, StoredShare};
use crate::{Environment, Error, Session};

/// How long a call may take when it is only a courtesy on the way to something else.
const HURRIED_MS: u64 = 3_000;
/// A relay forgets links that have ended; its clock may differ from this one by so much.
const CLOCKS_DIFFER_MS: i64 = 300_000;
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
    /// False when a relay could not be reached, so that newer states or views may be missing.
    pub fn is_complete(self) -> bool {
        self.complete
    }
}

/// One relay, reached over the environment's transport.
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
    fn with<T>(
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

    fn status(&self, secret: &LinkSecret) -> Result<LinkStatus, RelayClientError> {
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
    pub(crate) fn settle(&mut self) -> Freshness {
        let Ok(shares) = StoredShare::all(self.vault()) else { return Freshness { complete: false } };
        let now_ms = self.environment().now_ms();
        let mut unreachable: Vec<String> = Vec::new();
        for share in shares {
            let waits = matches!(share.state, State::Pending | State::Revoking);
            if !waits || unreachable.contains(&share.relay) {
                continue;
            }
            let relay = share.relay.clone();
            let done = match share.state {
                State::Pending if now_ms < share.expires_ms() => {
                    matches!(self.deliver(share, Pace::Hurried), Ok(None) | Err(Error::RelayRefused { .. }))
                }
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

    /// Asks the relays how the shares stand and who looked, and keeps the answers. Best effort, and brief.
    pub fn refresh_shares(&mut self) -> Freshness {
        let settled = self.settle();
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

    /// Brings who looked since into the log. Best effort, and brief.
    pub fn fetch_views(&mut self) -> Freshness {
        self.refresh_shares()
    }

    fn refresh(&mut self, mut share: StoredShare) -> Result<(), Error> {
        let before = (share.state, share.views, share.last_view, share.closed);
        let secret = share.secret()?;
        let relay = self.relay_client(&share.relay, Pace::Hurried);
        let now_ms = self.environment().now_ms();
        let views = match relay.with(|client| client.views(&secret, share.last_view, 0)) {
            Ok(page) => page,
            Err(RelayClientError::NoSuchLink) => {
                kosha_share::relay_client::ViewsPage { last_seq: share.last_view, ..Default::default() }
            }
            Err(_) => return Err(Error::RelayUnreachable),
        };
        match relay.status(&secret) {
            Ok(status) => learn(&mut share, &status, now_ms),
            Err(RelayClientError::NoSuchLink) => gone(&mut share, now_ms),
            Err(_) => return Err(Error::RelayUnreachable),
        }
        share.last_view = share.last_view.max(views.last_seq);
        if before == (share.state, share.views, share.last_view, share.closed) {
            return Ok(());
        }
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        for view in &views.views {
            tx.log(view.time_ms, "viewed", &viewed(&share, &view.recipient))?;
        }
        share.put(&mut tx)?;
        Ok(tx.commit()?)
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

/// The relay does not know the link any more.
fn gone(share: &mut StoredShare, now_ms: i64) {
    if share.state == State::Active {
        let ended = now_ms.saturating_add(CLOCKS_DIFFER_MS) >= share.expires_ms();
        share.state = if ended { State::Expired } else { State::Failed };
    }
    share.closed = true;
}
