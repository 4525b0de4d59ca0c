//! A vault that is closed: made, found, unlocked.

use std::path::{Path, PathBuf};

use kosha_crypto::slot::KdfStrength;
use kosha_vault::{CreateOptions, Env, Vault};

use crate::words::WORDS;
use crate::{Environment, Error, Session, unlocking};

/// Shortest passphrase of a new vault, in characters.
const SHORTEST_PASSPHRASE: usize = 8;
/// What the names of keys in the device's keystore begin with. Each key has a name of its own, so that the destruction of
/// one never reaches another vault.
const DEVICE_KEY: &str = "kosha-vault-";
/// How a vault is to be unlocked.
pub enum Unlock<'a> {
    /// With the passphrase.
    Passphrase(&'a [u8]),
    /// With the keystore of the [`Environment`].
    Device,
    /// With the 24 words of the recovery phrase, as typed.
    Recovery(&'a str),
}

/// A vault on disk, not open.
pub struct LockedWallet {
    dir: PathBuf,
    environment: Environment,
}

impl LockedWallet {
    /// Whether a vault can be made in `dir`: [`Error::VaultExists`] when there is one, or what is left of one;
    /// [`Error::OtherFiles`], [`Error::DanglingLink`].
    pub fn may_create(dir: &Path) -> Result<(), Error> {
        if is_vault(&kosha_vault::resolve_place(dir)?)? { Err(Error::VaultExists) } else { Ok(()) }
    }

    /// Makes a vault in `dir`, which is created when it is missing, and opens it. Where the environment brings a
    /// keystore, the device can unlock it too.
    pub fn create(dir: &Path, passphrase: &[u8], environment: Environment) -> Result<Session, Error> {
        Self::create_with(dir, passphrase, KdfStrength::DEFAULT, environment)
    }

    /// [`LockedWallet::create`] with another strength of the passphrase's key derivation.
    pub fn create_with(
        dir: &Path,
        passphrase: &[u8],
        strength: KdfStrength,
        environment: Environment,
    ) -> Result<Session, Error> {
        if !long_enough(passphrase) {
            return Err(Error::WeakPassphrase);
        }
        let dir = &kosha_vault::resolve_place(dir)?;
        let keystore = environment.keystore.clone();
        let label = device_label(environment.entropy.as_ref())?;
        let options = CreateOptions {
            passphrase: Some(passphrase),
            device: keystore.as_deref().map(|keystore| (keystore, label.as_str())),
            strength,
        };
        let vault = Vault::create(dir, &options, Env { entropy: environment.entropy.clone() })?;
        let mut session = Session::begin(vault, environment);
        session.adopt();
        Ok(session)
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Finds the vault in `dir`, a link followed; [`Error::NoVault`] when there is none, [`Error::OtherFiles`],
    /// [`Error::DanglingLink`].
    pub fn open(dir: &Path, environment: Environment) -> Result<Self, Error> {
        let dir = kosha_vault::resolve_place(dir)?;
        if is_vault(&dir)? { Ok(Self { dir, environment }) } else { Err(Error::NoVault) }
    }

    /// Opens the vault.
    ///
    /// What keeps it closed is told apart: [`Error::Locked`] (there is no such way; others are named),
    /// [`Error::NeedsRecovery`] (the device's key is gone), [`Error::WrongKey`] and [`Error::WrongPhrase`] (whole, and
    /// another key), [`Error::BadPhrase`] (no phrase at all), [`Error::Damaged`].
    pub fn unlock(self, unlock: &Unlock<'_>) -> Result<Session, Error> {
        let keystore = self.environment.keystore.clone();
        // What the phone says while it asks for a finger.
        let prompt = WORDS.text(self.environment.language, "prompt-unlock");
        let words = match unlock {
            Unlock::Recovery(text) => Some(unlocking::phrase(text)?),
            _ => None,
        };
        let way = match (unlock, words.as_ref(), keystore.as_deref()) {
            (_, Some(phrase), _) => kosha_vault::Unlock::Recovery(phrase),
            (Unlock::Passphrase(passphrase), ..) => kosha_vault::Unlock::Passphrase(passphrase),
            (_, None, Some(keystore)) => kosha_vault::Unlock::Device(keystore, prompt),
            (_, None, None) => return Err(Error::Locked { ways: self.ways()? }),
        };
        let vault = Vault::open(&self.dir, way, Env { entropy: self.environment.entropy.clone() })
            .map_err(|error| self.refused(error, words.is_some()))?;
        let mut session = Session::begin(vault, self.environment);
        // Of an earlier rotation that ended in between, or whose keystore did not answer.
        session.destroy_old_keys();
        Ok(session)
    }
}

/// Whether a passphrase is long enough for a vault.
pub(crate) fn long_enough(passphrase: &[u8]) -> bool {
    std::str::from_utf8(passphrase).is_ok_and(|text| text.chars().count() >= SHORTEST_PASSPHRASE)
}

/// A new name for a key in the device's keystore.
pub(crate) fn device_label(entropy: &dyn kosha_crypto::Entropy) -> Result<String, Error> {
    let id = kosha_crypto::id::ItemId::random(entropy).map_err(|_| Error::Internal)?;
    Ok(format!("{DEVICE_KEY}{id}"))
}

/// Whether a vault is in the folder, or what is left of one; the vault's own code judges it.
fn is_vault(dir: &Path) -> Result<bool, Error> {
    kosha_vault::is_taken(dir).map_err(other_files)
}

/// The refusal of a place that holds something else.
pub(crate) fn other_files(error: kosha_vault::Error) -> Error {
    match error {
        kosha_vault::Error::NotAVault => Error::OtherFiles,
        other => other.into(),
    }
}

impl std::fmt::Debug for LockedWallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockedWallet(..)")
    }
}

impl std::fmt::Debug for Unlock<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Passphrase(..)",
            Self::Device => "Device",
            Self::Recovery(_) => "Recovery(..)",
        })
    }
}
