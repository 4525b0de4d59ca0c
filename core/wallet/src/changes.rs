//! What has changed, for a shell that shows lists: which of them to read again. Coarse, and without patient data.

use std::sync::mpsc;

use kosha_vault::Changed;
use serde::Serialize;

use crate::{Error, Session, items};

/// A moment in the life of a vault. As text opaque; good across restarts, when the answer may be "everything".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeToken(u64);

impl std::fmt::Display for ChangeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for ChangeToken {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| hex);
        number.map(Self).ok_or(Error::BadCursor)
    }
}

/// Which kinds of things are different now. Ids are random.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(clippy::struct_excessive_bools, reason = "each names one kind of thing")]
pub struct Changes {
    /// Give this the next time.
    #[serde(skip)]
    pub now: ChangeToken,
    /// Nobody knows any more what exactly: read everything again.
    pub everything: bool,
    /// Persons were added, renamed, merged; records may be shown under others.
    pub persons: bool,
    /// The persons of whom records were added or changed, by id.
    #[serde(rename = "recordsOf")]
    pub records_of: Vec<String>,
    /// A file came in.
    pub documents: bool,
    /// A share was made, changed or ended.
    pub shares: bool,
    /// The emergency card was switched on or off, or its choice changed.
    #[serde(rename = "emergencyCard")]
    pub emergency_card: bool,
    /// The log grew.
    pub log: bool,
}

impl Changes {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        let any = self.everything
            || self.persons
            || self.documents
            || self.shares
            || self.emergency_card
            || self.log;
        !any && self.records_of.is_empty()
    }
}

/// Hears that a vault has changed.
///
/// Called after the change is durable and can be read, on a thread of its own that holds no lock of Kosha's; it may take the
/// shell's own lock and call into the session. Several changes may be one call. What changed is asked with
/// [`Session::changes`].
pub trait ChangeListener: Send + Sync {
    /// Something changed.
    fn changed(&self);
}

impl Session {
    /// The moment now, to ask for changes from it on.
    pub fn change_token(&self) -> ChangeToken {
        ChangeToken(self.vault().sequence())
    }

    /// What has changed since `since`.
    pub fn changes(&self, since: ChangeToken) -> Result<Changes, Error> {
        let Changed { everything, persons, records_of, documents, items, log } =
            self.vault().changes_since(since.0);
        let circle = self.circle()?;
        let mut ids: Vec<String> = records_of.into_iter().map(|id| circle.one(id).to_string()).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Changes {
            now: self.change_token(),
            everything,
            persons,
            records_of: ids,
            documents,
            shares: items.contains(&items::SHARE),
            emergency_card: items.contains(&items::EMERGENCY),
            log,
        })
    }

    /// Lets the listener of the environment hear of every commit. The thread ends with the vault.
    pub(crate) fn listen(&mut self) {
        let Some(listener) = self.environment().listener.clone() else { return };
        // One waiting call says all there is to say, so a further one is not queued.
        let (say, hear) = mpsc::sync_channel::<()>(1);
        let named = std::thread::Builder::new().name("kosha-changes".to_owned());
        let started = named.spawn(move || {
            while hear.recv().is_ok() {
                listener.changed();
            }
        });
        if started.is_ok() {
            self.vault_mut().on_commit(Box::new(move |_| {
                // Full: a call is on its way already.
                let _ = say.try_send(());
            }));
        }
    }
}
