//! Noticing that a vault was replaced: by an older copy of itself, by one that went another way, by somebody else's.
//!
//! A vault cannot tell from its own files that all of them were put back together. So a note of where it stood, the anchor,
//! is kept outside of it, in an [`AnchorStore`] of the [`crate::Environment`]: after each step that others rely on (a
//! consent, a share, a withdrawal, a deletion, a backup) and when the vault is locked. At unlock the vault is compared with
//! it. What does not fit is a [`Warning`]; nothing is ever kept from being read, and the anchor stays as it is until the
//! person accepts what is there.
//!
//! Each instance of a vault has an anchor of its own: one that is restored beside another one, in a folder of its own,
//! leaves the other one's alone. For each folder it is kept which anchor was the last one there. A vault that takes the
//! place of another one also takes over that one's anchor, so that the one that was replaced is known wherever it turns up.

mod file;
mod keystore;

use std::path::Path;

use kosha_fhir::Language;
use kosha_vault::{Durability, ItemId, Standing, Vault};
use serde::Serialize;

pub use file::FileAnchors;
pub use keystore::KeystoreAnchors;

use crate::words::WORDS;
use crate::{Environment, Error, Session};

/// Why an anchor could not be read or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorStoreError {
    /// The store does not answer now.
    #[error("the store of anchors is not available")]
    Unavailable,
    /// What is in the store is not what was kept there last.
    #[error("the store of anchors holds something else than was kept")]
    Replaced,
}

/// Keeps a few hundred bytes outside of the vault: a server of the family, a platform's key-value store, a file. It cannot
/// change or invent an anchor, since anchors are authenticated under the vault's own keys; how hard it is to put an older one
/// back is what it is worth.
pub trait AnchorStore: Send + Sync {
    /// What was written last under `name` (letters, digits and hyphens, 64 at most); `None` when nothing was.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, AnchorStoreError>;
    /// Keeps `anchor` (4,096 bytes at most) under `name`, instead of what was there, before it returns.
    fn write(&self, name: &str, anchor: &[u8]) -> Result<(), AnchorStoreError>;
}

/// Something about the vault as a whole that the person should know before they rely on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable code, for programs.
    pub code: &'static str,
    /// A plain sentence.
    pub message: String,
}

/// Code of the warning that lists may be short.
pub(crate) const DAMAGED: &str = "damaged";

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    Older { known: u64, here: u64 },
    Changed,
    OtherVault,
    OtherRestore,
    Missing,
    Unreadable,
    Unavailable,
    Damaged,
}

impl Doubt {
    /// Whether these are not the records that were left; the others only say that it cannot be told.
    fn is_replaced(self) -> bool {
        matches!(self, Self::Older { .. } | Self::Changed | Self::OtherVault | Self::OtherRestore)
    }

    fn code(self) -> &'static str {
        match self {
            Self::Older { .. } => "older-copy",
            Self::Changed => "changed-copy",
            Self::OtherVault => "other-vault",
            Self::OtherRestore => "other-restore",
            Self::Missing => "no-anchor",
            Self::Unreadable => "anchor-unreadable",
            Self::Unavailable => "anchor-unavailable",
            Self::Damaged => "not-comparable",
        }
    }

    /// What it is, and what to do about it.
    fn message(self, language: Language) -> String {
        let (known, here) = match self {
            Self::Older { known, here } => (language.count(known), language.count(here)),
            _ => (String::new(), String::new()),
        };
        WORDS.say(language, &format!("doubt-{}", self.code()), &[("known", &known), ("here", &here)])
    }

    fn warning(self, language: Language) -> Warning {
        Warning { code: self.code(), message: self.message(language) }
    }
}

/// Longest name that is used: of a vault's id and half of its instance.
const LONGEST_NAME: usize = 32 + 1 + 16;

/// Where the vault stands to its anchor, for the life of a session.
#[derive(Default)]
pub(crate) struct Watch {
    doubt: Option<Doubt>,
    /// What the store holds, as far as is known.
    kept: Option<Vec<u8>>,
    not_kept: bool,
}

/// Name of the anchor of a vault, and what versions without instances called it.
fn names_of(vault: &Vault) -> (String, String) {
    let id = vault.id().to_string();
    let own = match vault.instance() {
        Ok(instance) => format!("{id}-{}", ItemId::from_bytes(instance)).chars().take(LONGEST_NAME).collect(),
        // Too damaged to say; then nothing is kept either.
        Err(_) => id.clone(),
    };
    (own, id)
}

/// Name under which it is kept which anchor was the last one of a folder.
fn name_of_place(place: &Path) -> String {
    let whole = std::fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
    let hash = kosha_crypto::digest::sha256(&[b"kosha/place/v1", whole.as_os_str().as_encoded_bytes()]);
    let front = hash.first_chunk::<16>().copied().unwrap_or_default();
    format!("at-{}", ItemId::from_bytes(front))
}

impl Watch {
    /// Compares a vault that was just opened.
    pub(crate) fn begin(vault: &Vault, environment: &Environment) -> Self {
        let Some(store) = &environment.anchors else { return Self::default() };
        let read = |name: &str| store.read(name);
        let doubt_of = |error| match error {
            AnchorStoreError::Unavailable => Doubt::Unavailable,
            AnchorStoreError::Replaced => Doubt::Unreadable,
        };
        let (own, id) = names_of(vault);
        let here_before = read(&name_of_place(vault.place())).ok().flatten();
        let here_before = here_before.map(|name| String::from_utf8(name).unwrap_or_default());
        let names = match &here_before {
            Some(before)
                if *before == id || before.strip_prefix(&id).is_some_and(|rest| rest.starts_with('-')) =>
            {
                vec![before]
            }
            Some(_) => return Self { doubt: Some(Doubt::OtherVault), kept: None, not_kept: false },
            None => vec![&own, &id],
        };
        let (mut kept, mut doubt) = (None, Some(Doubt::Missing));
        for name in names {
            match read(name) {
                Ok(Some(bytes)) => {
                    doubt = match vault.standing(&bytes) {
                        Standing::Current | Standing::Restored => None,
                        Standing::Older { known, here } => Some(Doubt::Older { known, here }),
                        Standing::Changed => Some(Doubt::Changed),
                        Standing::OtherVault => Some(Doubt::OtherVault),
                        Standing::OtherInstance => Some(Doubt::OtherRestore),
                        Standing::Unreadable => Some(Doubt::Unreadable),
                        Standing::Damaged => Some(Doubt::Damaged),
                    };
                    kept = (*name == own && here_before.is_some()).then_some(bytes);
                    break;
                }
                Ok(None) => {}
                Err(error) => {
                    doubt = Some(doubt_of(error));
                    break;
                }
            }
        }
        // The note may be there under the name of an instance that damage hides.
        let hidden = vault.instance().is_err() || !vault.problems_at_hand().is_empty();
        if doubt == Some(Doubt::Missing) && hidden {
            doubt = Some(Doubt::Damaged);
        }
        Self { doubt, kept, not_kept: false }
    }
}

impl Session {
    /// What the person should know about these records as a whole; empty when nothing is wrong. See the module `anchor`.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings: Vec<Warning> =
            self.watch().doubt.map(|doubt| doubt.warning(self.language())).into_iter().collect();
        if self.watch().not_kept {
            warnings.push(Warning {
                code: "anchor-not-kept",
                message: WORDS.text(self.language(), "doubt-anchor-not-kept").to_owned(),
            });
        }
        if self.is_incomplete() {
            warnings.push(Warning {
                code: DAMAGED,
                message:
                    "Parts of these records are damaged, and lists may be short. Importing the same files again, \
                          or a backup, brings them back. A check names the parts."
                        .to_owned(),
            });
        }
        warnings
    }

    /// Whether damage keeps some of the records from being listed.
    pub(crate) fn is_incomplete(&self) -> bool {
        !self.vault().problems_at_hand().is_empty()
    }

    /// Whether these are not the records that were left.
    pub(crate) fn is_replaced(&self) -> bool {
        self.watch().doubt.is_some_and(Doubt::is_replaced)
    }

    /// Keeps an anchor of the vault as it is now; called after every step that others rely on. While a doubt stands the
    /// anchor stays as it is, so that the doubt does not vanish by itself.
    pub(crate) fn keep_anchor(&mut self) {
        if self.watch().doubt.is_none() {
            self.write_anchor();
        }
    }

    /// Takes the vault as the one that belongs here, without a word in the log: it was just made, or just restored.
    pub(crate) fn adopt(&mut self) {
        self.write_anchor();
        if !self.watch().not_kept {
            self.watch_mut().doubt = None;
        }
    }

    fn write_anchor(&mut self) {
        let Some(store) = self.environment().anchors.clone() else { return };
        let Some(anchor) = self.vault().sealed_anchor() else { return };
        if self.watch().kept.as_ref() == Some(&anchor) {
            return;
        }
        let ((name, id), place) = (names_of(self.vault()), name_of_place(self.vault().place()));
        let before = store.read(&place).ok().flatten();
        let mut written = store.write(&name, &anchor);
        if before.as_deref() != Some(name.as_bytes()) {
            // What was here is replaced: a copy of it is known by that from now on. The folder's note comes last, so that
            // all of it is done again where the power goes in between.
            let replaced = before.as_deref().and_then(|before| std::str::from_utf8(before).ok());
            if let Some(replaced) = replaced.filter(|replaced| replaced.starts_with(&id)) {
                written = written.and_then(|()| store.write(replaced, &anchor));
            }
            written = written.and_then(|()| store.write(&place, name.as_bytes()));
        }
        let watch = self.watch_mut();
        watch.not_kept = written.is_err();
        watch.kept = written.is_ok().then_some(anchor);
    }

    /// The person takes these records as theirs although a warning stands: that is written in the log, and the anchor is
    /// made anew. Gives the warning that was accepted; `None` when there was none.
    pub fn accept_copy(&mut self) -> Result<Option<Warning>, Error> {
        let Some(doubt) = self.watch().doubt else { return Ok(None) };
        let accepted = doubt.warning(self.language());
        let now_ms = self.environment().now_ms();
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        tx.log(now_ms, "copy-accepted", &format!("{}: {}", doubt.code(), doubt.message(Language::English)))?;
        tx.commit()?;
        self.adopt();
        if self.watch().not_kept { Err(Error::AnchorNotKept) } else { Ok(Some(accepted)) }
    }
}
