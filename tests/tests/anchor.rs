//! The command notices that the whole vault was replaced: it says so each time, blocks nothing, and takes it when told.

use kosha_crypto::{CryptoError, Entropy, KdfStrength, Slot};
use kosha_tests::noise::Noise;
use kosha_tests::programs::{Kosha, PASSPHRASE, copy_folder, samples};
use kosha_vault::{CreateOptions, Env, Vault};
use serde_json::Value;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn replace(vault: &Path, by: &Path) {
    fs::remove_dir_all(vault).unwrap();
    copy_folder(by, vault);
}

/// What `check` warns of, and whether it calls the vault sound.
fn checked(kosha: &Kosha) -> (Vec<String>, bool) {
    let output = kosha.run(["check"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert!(report["problems"].as_array().unwrap().is_empty(), "every seal holds: {report}");
    assert_eq!(report["ok"].as_bool().unwrap(), output.status.success());
    let codes = report["warnings"].as_array().unwrap().iter();
    let codes = codes.map(|warning| warning["code"].as_str().unwrap().to_owned()).collect();
    (codes, output.status.success())
}

/// What a command says on standard error while it does its work.
fn said(kosha: &Kosha) -> String {
    let output = kosha.command(["timeline"]).output().unwrap();
    assert!(output.status.success(), "reading is never kept from anyone");
    assert!(!output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

fn file(name: &str) -> std::path::PathBuf {
    let mut files: Vec<_> = fs::read_dir(samples()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().find(|path| path.to_string_lossy().contains(name)).expect("a sample")
}

#[test]
fn an_older_copy_is_said_at_every_command_until_it_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let kosha = Kosha::init(&vault);
    kosha.json(["import".as_ref(), file("").as_os_str()]);
    assert_eq!(checked(&kosha), (Vec::new(), true));
    assert_eq!(said(&kosha), "");
    let older = folder.path().join("older");
    copy_folder(&vault, &older);
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    assert_eq!(checked(&kosha), (Vec::new(), true));

    replace(&vault, &older);
    for _ in 0..2 {
        assert!(said(&kosha).contains("This is an older copy of your records"));
        assert_eq!(checked(&kosha), (vec!["older-copy".to_owned()], false));
    }
    // Going on with it does not make the doubt vanish by itself.
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    let (codes, ok) = checked(&kosha);
    assert!(!ok && codes == ["changed-copy"] || codes == ["older-copy"], "{codes:?}");
    assert!(!said(&kosha).is_empty());

    let report = kosha.json(["check", "--accept-copy"]);
    assert_eq!((&report["ok"], report["warnings"].as_array().unwrap().len()), (&Value::Bool(true), 0));
    assert_eq!(said(&kosha), "");
    let log = kosha.json(["log"]);
    let last = log["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(last["event"], "copy-accepted");
    assert!(last["detail"].as_str().unwrap().contains("copy of your records"));
}

#[test]
fn a_stranger_a_lost_note_and_a_spoilt_one_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let kosha = Kosha::init(&vault);
    kosha.json(["import".as_ref(), file("").as_os_str()]);
    let own = folder.path().join("own");
    copy_folder(&vault, &own);

    // Somebody else's vault that the same passphrase opens.
    let stranger = Kosha::init(folder.path().join("stranger"));
    stranger.json(["import".as_ref(), file("").as_os_str()]);
    replace(&vault, stranger.vault());
    assert!(said(&kosha).contains("another vault was put in their place"));
    assert_eq!(checked(&kosha), (vec!["other-vault".to_owned()], false));
    replace(&vault, &own);
    assert_eq!(checked(&kosha), (Vec::new(), true));

    // The vault is moved: the note goes by the vault's id.
    let moved = folder.path().join("moved");
    fs::rename(&vault, &moved).unwrap();
    let there = |command: &[&str]| {
        let mut ready = kosha.command(["--json"]);
        let output = ready.args(command).env("KOSHA_VAULT", &moved).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert_eq!(there(&["check"])["warnings"], Value::Array(Vec::new()));
    fs::rename(&moved, &vault).unwrap();

    let notes: Vec<_> = fs::read_dir(kosha.anchors()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let note =
        notes.iter().find(|path| path.file_name().unwrap().len() == 32).expect("named by the vault's id");
    let bytes = fs::read(note).unwrap();
    for spoilt in [&bytes[..bytes.len() - 1], &[bytes.as_slice(), b"x"].concat(), b""] {
        fs::write(note, spoilt).unwrap();
        assert_eq!(checked(&kosha).0, ["anchor-unreadable"]);
    }
    fs::remove_dir_all(kosha.anchors()).unwrap();
    assert!(said(&kosha).contains("no note of how far"));
    assert_eq!(checked(&kosha), (vec!["no-anchor".to_owned()], true));
    kosha.json(["check", "--accept-copy"]);
    assert_eq!(checked(&kosha), (Vec::new(), true));
    assert!(!String::from_utf8_lossy(&bytes).contains(PASSPHRASE));
}

/// Randomness of a known course. While a vault is made, its id and its slot are drawn alike in every course; the key that the
/// slot gives and all that comes after are not.
struct Course {
    number: u64,
    draws: AtomicU64,
}

impl Entropy for Course {
    fn fill(&self, out: &mut [u8]) -> Result<(), CryptoError> {
        // The root key and the name of a folder come first; then id, salt, key pair and nonces of the slot.
        let draw = self.draws.fetch_add(1, Ordering::Relaxed);
        let seed = draw + if (2..=6).contains(&draw) { 0 } else { 1_000 * self.number };
        Noise::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), out.len() as u64).read_exact(out).unwrap();
        Ok(())
    }
}

/// A vault of that course, and its slot.
fn made(vault: &Path, number: u64) -> Slot {
    let options =
        CreateOptions { passphrase: Some(PASSPHRASE.as_bytes()), device: None, strength: KdfStrength::FLOOR };
    let course = Course { number, draws: AtomicU64::new(0) };
    drop(Vault::create(vault, &options, Env { entropy: Arc::new(course) }).unwrap());
    let conn = rusqlite::Connection::open(vault.join("vault.db")).unwrap();
    let bytes: Vec<u8> = conn.query_row("SELECT b FROM s", [], |row| row.get(0)).unwrap();
    Slot::from_bytes(&bytes).unwrap()
}

/// Whoever can write to the folder can seal a key of their own to the public half of the slot. What then opens, with the
/// person's own passphrase, is the stranger's vault: of the same id, with every seal whole.
#[test]
fn a_strangers_vault_behind_the_same_slot_is_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let slot = made(&vault, 1);
    let kosha = Kosha::on(&vault);
    kosha.json(["check", "--accept-copy"]);
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    assert_eq!(checked(&kosha), (Vec::new(), true));

    let theirs = folder.path().join("theirs");
    let resealed = made(&theirs, 2);
    assert!(slot.opens_alike(&resealed), "the same slot, opened by the same passphrase");
    assert_eq!(slot.vault(), resealed.vault());
    assert_ne!(slot.to_bytes(), resealed.to_bytes(), "another key is sealed in it");
    replace(&vault, &theirs);
    for _ in 0..2 {
        let said = said(&kosha);
        println!("{said}");
        assert!(said.contains("another vault was put in their place"), "{said}");
        assert_eq!(checked(&kosha), (vec!["other-vault".to_owned()], false));
    }
    // What somebody adds in spite of that does not make the doubt vanish.
    kosha.json(["import".as_ref(), file("").as_os_str()]);
    assert_eq!(checked(&kosha), (vec!["other-vault".to_owned()], false));
}
