//! A vault that is closed: made, found, unlocked.

use std::path::{Path, PathBuf};

use kosha_crypto::slot::KdfStrength;
use kosha_vault::{CreateOptions, Env, Vault};

use crate::{Environment, Error, Session};

/// Shortest passphrase of a new vault, in characters.
const SHORTEST_PASSPHRASE: usize = 8;
/// Name of the key that the device's keystore holds for a vault.
const DEVICE_KEY: &str = "kosha-vault";
/// What the phone says while it asks for a finger.
const UNLOCK_REASON: &str = "Open your health records";

/// How a vault is to be unlocked.
pub enum Unlock<'a> {
    /// With the passphrase.
    Passphrase(&'a [u8]),
    /// With the keystore of the [`Environment`].
    Device,
}

/// A vault on disk, not open.
pub struct LockedWallet {
    dir: PathBuf,
    environment: Environment,
}

impl LockedWallet {
    /// Whether a vault can be made in `dir`: [`Error::VaultExists`] when there is one.
    pub fn may_create(dir: &Path) -> Result<(), Error> {
        if is_vault(dir) { Err(Error::VaultExists) } else { Ok(()) }
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
        let long_enough =
            std::str::from_utf8(passphrase).is_ok_and(|text| text.chars().count() >= SHORTEST_PASSPHRASE);
        if !long_enough {
            return Err(Error::WeakPassphrase);
        }
        let keystore = environment.keystore.clone();
        let options = CreateOptions {
            passphrase: Some(passphrase),
            device: keystore.as_deref().map(|keystore| (keystore, DEVICE_KEY)),
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

    /// Finds the vault in `dir`; [`Error::NoVault`] when there is none.
    pub fn open(dir: &Path, environment: Environment) -> Result<Self, Error> {
        if is_vault(dir) { Ok(Self { dir: dir.to_owned(), environment }) } else { Err(Error::NoVault) }
    }

    /// Opens the vault.
    pub fn unlock(self, unlock: &Unlock<'_>) -> Result<Session, Error> {
        let keystore = self.environment.keystore.clone();
        let way = match (unlock, keystore.as_deref()) {
            (Unlock::Passphrase(passphrase), _) => kosha_vault::Unlock::Passphrase(passphrase),
            (Unlock::Device, Some(keystore)) => kosha_vault::Unlock::Device(keystore, UNLOCK_REASON),
            (Unlock::Device, None) => return Err(Error::Locked),
        };
        let vault = Vault::open(&self.dir, way, Env { entropy: self.environment.entropy.clone() })?;
        Ok(Session::begin(vault, self.environment))
    }
}

/// Anything in the folder may be a vault, or what is left of one; the vault's own code judges it.
fn is_vault(dir: &Path) -> bool {
    std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some())
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
        })
    }
}
