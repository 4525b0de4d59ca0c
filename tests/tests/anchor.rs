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
    let note = notes.iter().find(|path| !path.file_name().unwrap().to_string_lossy().starts_with("at-"));
    let note = note.expect("named by the vault");
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

/// What another vault of the same person, on the same computer, is warned of.
fn there(kosha: &Kosha, vault: &Path) -> Vec<String> {
    let output = kosha.command(["--json", "check"]).env("KOSHA_VAULT", vault).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let warnings = report["warnings"].as_array().unwrap().iter();
    warnings.map(|warning| warning["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_restore_beside_a_vault_leaves_that_one_alone_and_one_in_its_place_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let kosha = Kosha::init(&vault);
    kosha.json(["import".as_ref(), file("").as_os_str()]);
    let backup = folder.path().join("backup");
    kosha.json(["backup".as_ref(), backup.as_os_str()]);
    let run = |place: &Path, words: &[&str]| {
        let output = kosha.command(["--json"]).args(words).env("KOSHA_VAULT", place).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let beside = folder.path().join("beside");
    let from = backup.to_str().unwrap();
    run(&beside, &["restore", from]);
    for _ in 0..2 {
        assert_eq!(
            (checked(&kosha), said(&kosha)),
            ((Vec::new(), true), String::new()),
            "nothing touched it"
        );
        assert_eq!(there(&kosha, &beside), [""; 0]);
    }
    // Each of them is still compared with how it was left itself.
    let older =
        [(vault.as_path(), folder.path().join("older vault")), (&beside, folder.path().join("older beside"))];
    for (place, copy) in &older {
        copy_folder(place, copy);
        run(place, &["import", samples().to_str().unwrap()]);
        assert_eq!(there(&kosha, place), [""; 0]);
    }
    for (place, copy) in &older {
        let now = folder.path().join("now");
        fs::rename(place, &now).unwrap();
        copy_folder(copy, place);
        assert_eq!(there(&kosha, place), ["older-copy"]);
        fs::remove_dir_all(place).unwrap();
        fs::rename(&now, place).unwrap();
        assert_eq!(there(&kosha, place), [""; 0]);
    }
    // One put in the place of the other is noticed, both ways.
    let (now, then) = (folder.path().join("now"), folder.path().join("then"));
    copy_folder(&vault, &now);
    replace(&vault, &beside);
    assert_eq!(checked(&kosha).0, [""; 0], "a restored vault may take the place of the one it is of");
    copy_folder(&vault, &then);
    replace(&vault, &now);
    assert_eq!(checked(&kosha), (vec!["other-restore".to_owned()], false));
    replace(&vault, &then);

    // A restore in its place: a copy from before it is noticed there and anywhere else.
    run(&vault, &["restore", "--replace", from]);
    assert_eq!((checked(&kosha), said(&kosha)), ((Vec::new(), true), String::new()));
    let before = folder.path().join("before");
    copy_folder(&now, &before);
    assert_eq!(there(&kosha, &before), ["other-restore"], "in a folder where none was");
    replace(&vault, &now);
    assert_eq!(checked(&kosha), (vec!["other-restore".to_owned()], false));
    assert!(said(&kosha).contains("kosha check --accept-copy"));
}

/// What versions before kept goes by the vault's id alone.
#[test]
fn notes_of_earlier_versions_are_still_compared() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let kosha = Kosha::init(&vault);
    let older = folder.path().join("older");
    copy_folder(&vault, &older);
    kosha.json(["import".as_ref(), file("").as_os_str()]);
    let notes: Vec<_> = fs::read_dir(kosha.anchors()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let (places, anchors): (Vec<_>, Vec<_>) =
        notes.into_iter().partition(|path| path.file_name().unwrap().to_string_lossy().starts_with("at-"));
    let ([place], [anchor]) = (places.as_slice(), anchors.as_slice()) else { panic!("one of each") };
    let id = anchor.file_name().unwrap().to_str().unwrap()[..32].to_owned();
    fs::rename(anchor, kosha.anchors().join(&id)).unwrap();
    for with_place in [true, false] {
        if with_place {
            fs::write(place, &id).unwrap();
        } else {
            fs::remove_file(place).unwrap();
        }
        let now = folder.path().join("now");
        fs::rename(&vault, &now).unwrap();
        copy_folder(&older, &vault);
        assert_eq!(checked(&kosha).0, ["older-copy"], "{with_place}");
        fs::remove_dir_all(&vault).unwrap();
        fs::rename(&now, &vault).unwrap();
    }
    assert_eq!((checked(&kosha), said(&kosha)), ((Vec::new(), true), String::new()));
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
