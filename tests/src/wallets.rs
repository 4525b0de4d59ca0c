//! Vaults made in this process, without the cost of a passphrase.

use crate::keystore::OpenKeystore;
use kosha::import::ImportWish;
use kosha::{
    Environment, LockedWallet, RelayAddress, Request, Response, Session, Transport, TransportError, Unlock,
};
use kosha_crypto::SystemEntropy;
use kosha_crypto::slot::KdfStrength;
use kosha_vault::{CreateOptions, Env, Vault};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// There is no network.
struct NoNetwork;

impl Transport for NoNetwork {
    fn send(&self, _: Request) -> Result<Response, TransportError> {
        Err(TransportError::Offline)
    }
}

/// This machine's clock and randomness, a keystore that is open, no network.
pub fn environment() -> Environment {
    let relay = RelayAddress { url: "http://127.0.0.1:9".into(), token: None };
    let mut environment = Environment::system(Arc::new(NoNetwork), relay);
    environment.keystore = Some(Arc::new(OpenKeystore));
    environment
}

/// A new vault that holds these files and is opened by [`OpenKeystore`] alone: a passphrase costs 19 MiB and more, which
/// would hide what the work itself takes.
pub fn vault_with(folder: &Path, files: &[PathBuf]) -> Session {
    let options = CreateOptions {
        passphrase: None,
        device: Some((&OpenKeystore, "kosha-vault")),
        strength: KdfStrength::FLOOR,
    };
    drop(Vault::create(folder, &options, Env { entropy: Arc::new(SystemEntropy) }).expect("a vault"));
    let mut session = open(folder);
    let report =
        session.import(&ImportWish { paths: files.to_vec(), person: None }, &mut ()).expect("an import");
    assert!(report.stopped.is_none(), "{:?}", report.stopped);
    session
}

/// A vault of [`vault_with`], opened once more.
pub fn open(folder: &Path) -> Session {
    LockedWallet::open(folder, environment())
        .and_then(|wallet| wallet.unlock(&Unlock::Device))
        .expect("a session")
}
