//! An open vault. The use cases are methods of it, in modules of their own.

use kosha_crypto::id::{PersonId, RecordId};
use kosha_vault::Vault;
use serde::Serialize;

use crate::anchor::Watch;
use crate::person::{self, Profile};
use crate::remembered::Remembered;
use crate::{Environment, Error, Person, family};

/// Fewest letters by which a record or document may be named.
const SHORTEST_PREFIX: usize = 4;

/// An open vault. Dropping it closes the vault and wipes the keys.
pub struct Session {
    vault: Vault,
    environment: Environment,
    watch: Watch,
    remembered: Remembered,
}

/// The persons of a vault, the owner first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Persons {
    /// The persons.
    pub persons: Vec<Person>,
}

impl Session {
    pub(crate) fn begin(vault: Vault, environment: Environment) -> Self {
        let watch = Watch::begin(&vault, &environment);
        let mut session = Self { vault, environment, watch, remembered: Remembered::default() };
        session.listen();
        // A card that cannot be made now never keeps the vault closed.
        drop(session.refresh_emergency_card());
        session
    }

    pub(crate) fn remembered(&self) -> &Remembered {
        &self.remembered
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    pub(crate) fn watch_mut(&mut self) -> &mut Watch {
        &mut self.watch
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn vault_mut(&mut self) -> &mut Vault {
        &mut self.vault
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn environment_mut(&mut self) -> &mut Environment {
        &mut self.environment
    }

    pub(crate) fn reached(&self, step: &'static str) {
        self.environment.steps.reached(step);
    }

    /// Whose records are kept. Those who were found to be one person are listed once.
    pub fn persons(&self) -> Result<Persons, Error> {
        Ok(Persons { persons: family::shown(&self.profiles()?) })
    }

    pub(crate) fn profiles(&self) -> Result<Vec<(PersonId, Profile)>, Error> {
        self.vault.persons().iter().map(|person| Ok((person.id, Profile::read(&person.profile)?))).collect()
    }

    pub(crate) fn person_meant(&self, text: &str) -> Result<PersonId, Error> {
        person::meant(&self.profiles()?, text)
    }

    /// The same, also by the beginning of a name that only one person has.
    pub(crate) fn person_called(&self, text: &str) -> Result<PersonId, Error> {
        person::called(&self.profiles()?, text)
    }

    /// The record that a user means by an id or the beginning of one.
    pub(crate) fn record_meant(&self, text: &str) -> Result<RecordId, Error> {
        let ids = self.vault.index().iter().filter(|entry| !entry.tombstone()).map(kosha_vault::Entry::id);
        meant(ids, text).map_err(|missing| missing.unwrap_or(Error::NoSuchRecord))
    }
}

/// The one id that `text` begins. `Err(None)` when there is none.
pub(crate) fn meant<I: Copy + std::fmt::Display + Eq>(
    ids: impl Iterator<Item = I>,
    text: &str,
) -> Result<I, Option<Error>> {
    let wanted = text.trim().to_ascii_lowercase();
    let hex = wanted.bytes().all(|byte| byte.is_ascii_hexdigit());
    if wanted.len() < SHORTEST_PREFIX || wanted.len() > 32 || !hex {
        return Err(None);
    }
    let mut found = ids.filter(|id| id.to_string().starts_with(&wanted));
    match (found.next(), found.next()) {
        (None, _) => Err(None),
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => Err(Some(Error::Ambiguous)),
    }
}

impl From<kosha_vault::Error> for Error {
    fn from(error: kosha_vault::Error) -> Self {
        use kosha_vault::Error as E;
        match error {
            E::Exists => Self::VaultExists,
            E::Missing => Self::NoVault,
            E::DanglingLink => Self::DanglingLink,
            E::NoParent => Self::NoFolder,
            E::NotAVault => Self::NotAVault,
            E::Newer(_) => Self::NewerVault,
            E::InUse => Self::InUse,
            E::WrongKey => Self::WrongKey,
            E::NoSlot => Self::Locked { ways: crate::Ways::default() },
            E::LastSlot => Self::LastWay,
            E::PartsDeleted(_) => Self::PartsDeleted,
            E::Keystore(_) => Self::Keystore,
            E::Damaged(_) | E::ReadOnly => Self::Damaged,
            E::NotWritable => Self::ReadOnlyPlace,
            E::UnknownRecord(_) | E::UnknownVersion(_) | E::UnknownDocument(_) | E::UnknownAttachment(_) => {
                Self::NoSuchRecord
            }
            E::UnknownPerson(_) => Self::NoSuchPerson,
            E::UnknownItem(_) => Self::NoSuchShare,
            E::UnknownEntry(_) => Self::NoSuchEntry,
            E::TooLarge(_) => Self::TooLarge,
            E::Backup(fault) => crate::backup::failed(fault),
            E::DiskFull => Self::DiskFull,
            E::Io(_) | E::Database(_) => Self::Io,
            _ => Self::Internal,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.keep_anchor();
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(..)")
    }
}
