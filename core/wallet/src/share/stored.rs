//! What the vault keeps, sealed, of a share: written before its first byte leaves.

use kosha_consent::{Grant, GrantState};
use kosha_crypto::id::ItemId;
use kosha_crypto::{LinkSecret, Zeroizing};
use kosha_share::payload::Flags;
use kosha_vault::{Transaction, Vault};
use serde::{Deserialize, Serialize};

use crate::{Error, items};

/// The only version that is written and read.
const VERSION: u32 = 1;

/// Where a share stands, as far as it is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Granted; whether the relay has it is not known.
    Pending,
    /// The relay has it.
    Active,
    /// The relay did not take it.
    Failed,
    /// Withdrawn here; the relay has not confirmed.
    Revoking,
    /// Withdrawn, and the relay has confirmed.
    Revoked,
    /// The relay says that its time is over.
    Expired,
    /// The relay says that it was opened, or wrongly tried, as often as it allows.
    UsedUp,
}

/// A share and the grant that it was made under.
#[derive(Clone)]
pub(crate) struct StoredShare {
    pub(crate) id: ItemId,
    pub(crate) state: State,
    pub(crate) grant: Grant,
    secret: Zeroizing<Vec<u8>>,
    /// Base URL of the relay that it went to.
    pub(crate) relay: String,
    pub(crate) direct: bool,
    pub(crate) records: usize,
    /// As the relay last said.
    pub(crate) views: u32,
    /// Number of the last view that is in the log.
    pub(crate) last_view: u64,
    /// The relay has no more to say about it.
    pub(crate) closed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Json {
    v: u32,
    state: State,
    grant: String,
    secret: String,
    relay: String,
    direct: bool,
    records: usize,
    views: u32,
    last_view: u64,
    closed: bool,
}

impl StoredShare {
    pub(crate) fn new(id: ItemId, grant: Grant, secret: &LinkSecret, relay: &str, direct: bool) -> Self {
        let records = grant.scope().records.as_ref().map_or(0, std::collections::BTreeSet::len);
        Self {
            id,
            state: State::Pending,
            grant,
            secret: Zeroizing::new(secret.to_bytes().to_vec()),
            relay: relay.to_owned(),
            direct,
            records,
            views: 0,
            last_view: 0,
            closed: false,
        }
    }

    pub(crate) fn secret(&self) -> Result<LinkSecret, Error> {
        LinkSecret::from_bytes(&self.secret).map_err(|_| Error::Damaged)
    }

    pub(crate) fn expires_ms(&self) -> i64 {
        self.grant.terms().expires_ms
    }

    /// Whether the consent behind it was withdrawn.
    pub(crate) fn withdrawn(&self) -> bool {
        matches!(self.grant.state(i64::MIN), GrantState::Revoked { .. })
    }

    /// The text to be scanned.
    pub(crate) fn link(&self) -> Result<String, Error> {
        let flags = Flags { long_term: false, passcode: self.grant.terms().passcode, direct: self.direct };
        let expires = kosha_share::package::expires(self.grant.terms());
        let link = kosha_share::link_text(&self.relay, &self.secret()?, expires, flags, Some(super::LABEL))
            .map_err(|_| Error::BadRelay)?;
        Ok(link.as_str().to_owned())
    }

    pub(crate) fn put(&self, tx: &mut Transaction<'_>) -> Result<(), Error> {
        let grant = String::from_utf8(self.grant.to_bytes()).map_err(|_| Error::Internal)?;
        let json = Json {
            v: VERSION,
            state: self.state,
            grant,
            secret: hex(&self.secret),
            relay: self.relay.clone(),
            direct: self.direct,
            records: self.records,
            views: self.views,
            last_view: self.last_view,
            closed: self.closed,
        };
        // With room from the start: a vector that grows leaves copies behind that nobody wipes.
        let mut bytes = Zeroizing::new(Vec::with_capacity(json.room()));
        serde_json::to_writer(&mut *bytes, &json).map_err(|_| Error::Internal)?;
        Ok(tx.put_item(items::SHARE, self.id, &bytes)?)
    }

    /// Every share, oldest first.
    pub(crate) fn all(vault: &Vault) -> Result<Vec<Self>, Error> {
        let items = vault.items(items::SHARE)?;
        let mut shares: Vec<Self> =
            items.iter().map(|(id, bytes)| Self::read(*id, bytes)).collect::<Result<_, _>>()?;
        shares.sort_by_key(|share| (share.grant.granted_ms(), share.id));
        Ok(shares)
    }

    fn read(id: ItemId, bytes: &[u8]) -> Result<Self, Error> {
        let mut json: Json = serde_json::from_slice(bytes).map_err(|_| Error::Damaged)?;
        if json.v != VERSION {
            return Err(Error::NewerVault);
        }
        Ok(Self {
            id,
            state: json.state,
            grant: Grant::from_bytes(json.grant.as_bytes()).map_err(|_| Error::Damaged)?,
            secret: unhex(&json.secret).ok_or(Error::Damaged)?,
            relay: std::mem::take(&mut json.relay),
            direct: json.direct,
            records: json.records,
            views: json.views,
            last_view: json.last_view,
            closed: json.closed,
        })
    }

    /// The state as a person is told it at `now_ms`: time ends a link without anyone saying so.
    pub(crate) fn state_at(&self, now_ms: i64) -> State {
        match self.state {
            State::Pending | State::Active | State::Revoking if now_ms >= self.expires_ms() => State::Expired,
            state => state,
        }
    }
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Revoking => "revoking",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::UsedUp => "used-up",
        }
    }
}

impl Json {
    /// No fewer bytes than it has as text: every character of a string takes six at most.
    fn room(&self) -> usize {
        6 * (self.grant.len() + self.relay.len()) + self.secret.len() + 512
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        drop(Zeroizing::new(std::mem::take(&mut self.secret)));
    }
}

impl std::fmt::Debug for StoredShare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredShare")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    text
}

fn unhex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    for at in (0..text.len()).step_by(2) {
        bytes.push(u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?);
    }
    Some(bytes)
}
