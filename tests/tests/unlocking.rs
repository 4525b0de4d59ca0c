//! What keeps a vault closed is told apart, and no way out of it makes a new key by itself.

use kosha::{Environment, Error, LockedWallet, Unlock, Ways};
use kosha_crypto::slot::KdfStrength;
use kosha_tests::keystore::FileKeystore;
use kosha_tests::programs::{PASSPHRASE, copy_folder, files_below};
use kosha_tests::wallets::environment;
use std::path::Path;
use std::sync::Arc;

fn on(keystore: Option<&Path>) -> Environment {
    let mut environment = environment();
    environment.keystore = keystore.map(|folder| Arc::new(FileKeystore::new(folder)) as _);
    environment
}

fn refusal(vault: &Path, keystore: Option<&Path>, unlock: &Unlock<'_>) -> Error {
    let wallet = LockedWallet::open(vault, on(keystore)).expect("a vault");
    wallet.unlock(unlock).map(drop).expect_err("it stays closed")
}

#[test]
fn each_state_has_its_name_and_no_key_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, phone, new_phone) =
        (folder.path().join("vault"), folder.path().join("phone"), folder.path().join("new phone"));
    let passphrase = PASSPHRASE.as_bytes();
    let create = |dir: &Path, keystore| {
        LockedWallet::create_with(dir, passphrase, KdfStrength::FLOOR, on(keystore)).expect("a vault")
    };
    let mut session = create(&vault, Some(&phone));
    let words = session.new_recovery().unwrap();
    session.use_recovery(&words).unwrap();
    drop(session);
    let all = Ways { passphrase: true, device: true, recovery: true };
    assert_eq!(LockedWallet::open(&vault, on(None)).unwrap().ways(), Ok(all));
    assert_eq!(refusal(&vault, None, &Unlock::Device), Error::Locked { ways: all });
    assert_eq!(refusal(&vault, Some(&new_phone), &Unlock::Device), Error::NeedsRecovery { ways: all });
    assert_eq!(refusal(&vault, None, &Unlock::Passphrase(b"another passphrase")), Error::WrongKey);
    let other = create(&folder.path().join("other"), None);
    let foreign = other.new_recovery().unwrap();
    assert_eq!(refusal(&vault, None, &Unlock::Recovery(&foreign.words())), Error::WrongPhrase);
    let bad = refusal(&vault, None, &Unlock::Recovery("one two three"));
    assert_eq!((bad.code(), bad.class()), ("phrase-count", kosha::ErrorClass::Locked));
    let none = Ways { device: false, recovery: false, ..all };
    drop(other);
    assert_eq!(
        refusal(&folder.path().join("other"), None, &Unlock::Recovery(&words.words())),
        Error::Locked { ways: none }
    );
    assert!(files_below(&new_phone).is_empty(), "no key was made");
    assert_eq!(
        LockedWallet::create(&vault, passphrase, on(Some(&new_phone))).map(drop),
        Err(Error::VaultExists)
    );
    assert!(files_below(&new_phone).is_empty());

    // Every slot cut: damaged, not a wrong key.
    let damaged = folder.path().join("damaged");
    copy_folder(&vault, &damaged);
    let conn = rusqlite::Connection::open(damaged.join("vault.db")).unwrap();
    conn.execute_batch("UPDATE s SET b=substr(b,1,length(b)-1)").unwrap();
    drop(conn);
    for unlock in [Unlock::Passphrase(passphrase), Unlock::Recovery(&words.words()), Unlock::Device] {
        assert_eq!(refusal(&damaged, Some(&phone), &unlock), Error::Damaged);
    }

    // The words open it on the new phone, which then has a key of its own; the lost phone's slot is gone.
    let wallet = LockedWallet::open(&vault, on(Some(&new_phone))).unwrap();
    let mut session = wallet.unlock(&Unlock::Recovery(&words.words())).unwrap();
    session.use_this_device().unwrap();
    session.rotate().unwrap();
    drop(session);
    assert_eq!(files_below(&new_phone).len(), 1);
    drop(LockedWallet::open(&vault, on(Some(&new_phone))).unwrap().unlock(&Unlock::Device).unwrap());
    assert!(matches!(refusal(&vault, Some(&phone), &Unlock::Device), Error::NeedsRecovery { .. }));
}
