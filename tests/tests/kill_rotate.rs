//! A process that is killed between any two steps of giving the vault new keys and of deleting: afterwards the vault opens
//! with passphrase, words and device, is sound, and the record is there or gone for good. The killed process is this test
//! itself, started again with the step at which to end.

use kosha::import::ImportWish;
use kosha::timeline::TimelineQuery;
use kosha::{Environment, LockedWallet, Session, Unlock};
use kosha_crypto::slot::KdfStrength;
use kosha_tests::faults::KillAt;
use kosha_tests::keystore::FileKeystore;
use kosha_tests::programs::{PASSPHRASE, files_below, samples};
use kosha_tests::wallets::environment;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Every step, in order.
const STEPS: [&str; 9] = [
    "device-key-made",
    "delete-begin",
    "rotate-begin",
    "rotate-commit",
    "rotate-durable",
    "rotate-truncated",
    "rotate-done",
    "device-key-destroyed",
    "nowhere",
];

fn on(keystore: &Path) -> Environment {
    let mut environment = environment();
    environment.keystore = Some(Arc::new(FileKeystore::new(keystore)));
    environment
}

fn open(vault: &Path, keystore: &Path, unlock: &Unlock<'_>) -> Session {
    LockedWallet::open(vault, on(keystore)).and_then(|wallet| wallet.unlock(unlock)).expect("it opens")
}

fn medicine(session: &Session) -> Vec<String> {
    let query = TimelineQuery { kinds: vec!["medicine".to_owned()], ..TimelineQuery::default() };
    session.timeline(&query).unwrap().records.into_iter().map(|record| record.id).collect()
}

#[test]
#[ignore = "only as the process that is killed"]
fn killed() {
    let variable = |name: &str| std::env::var(name).expect("started by the test below");
    let (vault, keystore) = (variable("KILL_VAULT"), variable("KILL_KEYSTORE"));
    let mut environment = on(Path::new(&keystore));
    environment.steps = Arc::new(KillAt(variable("KILL_STEP")));
    let wallet = LockedWallet::open(Path::new(&vault), environment).unwrap();
    let mut session = wallet.unlock(&Unlock::Device).unwrap();
    session.delete(&[variable("KILL_RECORD")]).unwrap();
}

#[test]
fn after_a_kill_at_any_step_every_way_opens_a_sound_vault() {
    let folder = tempfile::tempdir().unwrap();
    for step in STEPS {
        let vault = folder.path().join(step);
        let keystore = folder.path().join(format!("{step}.keystore"));
        let passphrase = PASSPHRASE.as_bytes();
        let mut session =
            LockedWallet::create_with(&vault, passphrase, KdfStrength::FLOOR, on(&keystore)).unwrap();
        session.import(&ImportWish { paths: vec![samples()], person: None }, &mut ()).unwrap();
        let new = session.new_recovery().unwrap();
        session.use_recovery(&new).unwrap();
        let before = medicine(&session);
        let record = before.first().expect("a medicine").clone();
        drop(session);

        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed", "--ignored"])
            .env("KILL_STEP", step)
            .env("KILL_VAULT", &vault)
            .env("KILL_KEYSTORE", &keystore)
            .env("KILL_RECORD", &record)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.success(), step == "nowhere", "{step} was not reached");

        let gone = !matches!(step, "device-key-made" | "delete-begin" | "rotate-begin" | "rotate-commit");
        for unlock in [Unlock::Device, Unlock::Passphrase(passphrase), Unlock::Recovery(&new.words())] {
            let mut session = open(&vault, &keystore, &unlock);
            let report = session.check(&mut |_, _| {}).unwrap();
            assert!(report.ok, "{step}: {:?}", report.problems);
            let expected = if gone { &before[1..] } else { &before[..] };
            assert_eq!(medicine(&session), expected, "{step}");
        }
        // Whatever was left over was put right by the first unlock.
        assert_eq!(files_below(&keystore).len(), 1, "{step}: one key, and no old one");
        let mut session = open(&vault, &keystore, &Unlock::Device);
        if !gone {
            session.delete(&[record]).unwrap();
        }
        session.rotate().unwrap();
        assert!(session.check(&mut |_, _| {}).unwrap().ok);
    }
}
