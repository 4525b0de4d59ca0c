//! Proof files from the command line: made, compared with what a doctor holds, tampered with.

use kosha::proof::{KeyStanding, ProofFault, ProofFile, ProofWish, Since, VerifyWish, verify};
use kosha::{Error, Session};
use kosha_tests::programs::{Kosha, Relay, copy_folder, samples};
use kosha_tests::wallets::vault_with;
use kosha_vault::{Durability, Env, Unlock, Vault};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Opens the vault below a wallet and writes entries.
fn log(folder: &Path, details: &[&str]) {
    let env = Env { entropy: Arc::new(kosha_crypto::SystemEntropy) };
    let unlock = Unlock::Device(&kosha_tests::keystore::OpenKeystore, "a test");
    let mut vault = Vault::open(folder, unlock, env).unwrap();
    let mut tx = vault.begin(Durability::Full).unwrap();
    for detail in details {
        tx.log(1_700_000_000_000, "event", detail).unwrap();
    }
    tx.commit().unwrap();
}

fn open(folder: &Path) -> Session {
    kosha::LockedWallet::open(folder, kosha_tests::wallets::environment())
        .and_then(|wallet| wallet.unlock(&kosha::Unlock::Device))
        .unwrap()
}

fn all() -> ProofWish {
    ProofWish { all: true, ..ProofWish::default() }
}

fn checked(proof: &[u8], against: Option<&str>) -> Result<kosha::proof::Verified, ProofFault> {
    let wish = VerifyWish { proof: proof.to_vec(), key: None, against: against.map(str::to_owned) };
    verify(&wish, kosha::Language::English).map_err(|error| match error {
        Error::Proof(fault) => fault,
        other => panic!("{other}"),
    })
}

fn note(proof: &ProofFile) -> String {
    let json: Value = serde_json::from_slice(&proof.bytes).unwrap();
    json["checkpoint"].as_str().unwrap().to_owned()
}

#[test]
fn an_honest_log_verifies_and_any_other_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    drop(vault_with(&own, &[]));
    log(&own, &["one", "two", "three"]);
    let fork = folder.path().join("fork");
    copy_folder(&own, &fork);
    log(&own, &["four", "five"]);
    let held = note(&open(&own).prove_log(&all()).unwrap());
    log(&own, &["six", "seven"]);

    // An honest longer log passes, through the consistency proof alone or with every entry.
    let session = open(&own);
    let since = Some(Since::Checkpoint(held.clone()));
    let grown =
        session.prove_log(&ProofWish { entries: vec![6], since: since.clone(), ..ProofWish::default() });
    let grown = grown.unwrap();
    let verified = checked(&grown.bytes, Some(&held)).unwrap();
    assert_eq!((verified.size, verified.since.as_slice(), verified.entries.len()), (7, &[5][..], 1));
    assert_eq!((verified.entries[0].detail.as_str(), verified.key), ("seven", KeyStanding::SameAsCheckpoint));
    let whole = session.prove_log(&all()).unwrap();
    assert_eq!(checked(&whole.bytes, Some(&held)).unwrap().since, [5]);
    assert_eq!(checked(&whole.bytes, None).unwrap().key, KeyStanding::NotCompared);
    let short = session.prove_log(&ProofWish { entries: vec![6], ..ProofWish::default() }).unwrap();
    assert_eq!(checked(&short.bytes, Some(&held)), Err(ProofFault::NotComparable { held: 5 }));
    drop(session);

    // A log that was cut off at its end, or went another way, fails against what the verifier holds.
    let session = open(&fork);
    let cut = session.prove_log(&all()).unwrap();
    checked(&cut.bytes, None).unwrap();
    assert_eq!(checked(&cut.bytes, Some(&held)), Err(ProofFault::CutOff { held: 5, here: 3 }));
    let wish = ProofWish { since, ..ProofWish::default() };
    assert_eq!(session.prove_log(&wish), Err(Error::Proof(ProofFault::CutOff { held: 5, here: 3 })));
    drop(session);
    log(&fork, &["another", "five"]);
    let session = open(&fork);
    assert_eq!(session.prove_log(&wish), Err(Error::Proof(ProofFault::Rewritten)));
    let other = session.prove_log(&all()).unwrap();
    assert_eq!(checked(&other.bytes, Some(&held)), Err(ProofFault::Rewritten), "of the same size");
    drop(session);
    log(&fork, &["six"]);
    let session = open(&fork);
    let other = session.prove_log(&all()).unwrap();
    assert_eq!(checked(&other.bytes, Some(&held)), Err(ProofFault::Rewritten), "longer");
    let sized = ProofWish { since: Some(Since::Size(5)), ..ProofWish::default() };
    let other = session.prove_log(&sized).unwrap();
    assert_eq!(checked(&other.bytes, Some(&held)), Err(ProofFault::Rewritten), "by its own proof");
    drop(session);

    // The log of somebody else.
    let stranger = folder.path().join("stranger");
    drop(vault_with(&stranger, &[]));
    log(&stranger, &["one", "two", "three", "four", "five", "six"]);
    let session = open(&stranger);
    assert_eq!(session.prove_log(&wish), Err(Error::Proof(ProofFault::OtherKey)));
    let strange = session.prove_log(&all()).unwrap();
    assert_eq!(checked(&strange.bytes, Some(&held)), Err(ProofFault::OtherKey));
    let with_key = |key: &str| {
        verify(
            &VerifyWish { proof: whole.bytes.to_vec(), key: Some(key.to_owned()), against: None },
            kosha::Language::English,
        )
    };
    assert_eq!(with_key(&whole.fingerprint.to_uppercase()).unwrap().key, KeyStanding::Compared);
    assert_eq!(with_key(&strange.fingerprint), Err(Error::Proof(ProofFault::OtherKey)));
    assert_eq!(with_key("12 34"), Err(Error::Proof(ProofFault::BadKey)));
    assert_eq!(open(&own).prove_log(&ProofWish::default()), Err(Error::Proof(ProofFault::NothingChosen)));
    let beyond = ProofWish { entries: vec![7], ..ProofWish::default() };
    assert_eq!(open(&own).prove_log(&beyond), Err(Error::NoSuchEntry));
}

/// Changes one thing in a proof.
type Spoil = fn(&mut Value);

#[test]
fn a_proof_that_was_changed_anywhere_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("vault");
    drop(vault_with(&place, &[]));
    log(&place, &["one", "two", "three", "four", "five"]);
    let wish = ProofWish { all: true, since: Some(Since::Size(3)), ..ProofWish::default() };
    let early = note(&open(&place).prove_log(&all()).unwrap());
    log(&place, &["six", "seven", "eight"]);
    let proof = open(&place).prove_log(&ProofWish { since: Some(Since::Checkpoint(early)), ..wish }).unwrap();
    checked(&proof.bytes, None).unwrap();
    let whole: Value = serde_json::from_slice(&proof.bytes).unwrap();
    let removed: Spoil = |json| {
        json["entries"].as_array_mut().unwrap().remove(2);
        for (index, entry) in json["entries"].as_array_mut().unwrap().iter_mut().enumerate() {
            entry["index"] = json!(index);
        }
    };
    let reordered: Spoil = |json| {
        json["entries"].as_array_mut().unwrap().swap(1, 4);
        for (index, entry) in json["entries"].as_array_mut().unwrap().iter_mut().enumerate() {
            entry["index"] = json!(index);
        }
    };
    let changed: Spoil = |json| {
        let other = json["entries"][4]["entry"].clone();
        json["entries"][3]["entry"] = other;
    };
    let unsorted: Spoil = |json| json["entries"].as_array_mut().unwrap().reverse();
    let twice: Spoil = |json| {
        let first = json["entries"][0].clone();
        json["entries"].as_array_mut().unwrap().insert(0, first);
    };
    let salt: Spoil = |json| json["entries"][0]["salt"] = json["entries"][1]["salt"].clone();
    let path: Spoil = |json| json["entries"][0]["path"] = json!([]);
    let no_node: Spoil = |json| json["entries"][0]["path"][0] = json!("AAAA");
    let long: Spoil = |json| json["entries"][0]["path"] = json!(vec!["A".repeat(44); 65]);
    let beyond: Spoil = |json| json["entries"][7]["index"] = json!(u64::MAX);
    let grown: Spoil = |json| json["since"]["path"].as_array_mut().unwrap().truncate(1);
    let earlier: Spoil = |json| json["since"]["checkpoint"] = json["checkpoint"].clone();
    let unread: Spoil = |json| json["since"]["checkpoint"] = json!("five");
    let unsigned: Spoil = |json| {
        let note = json["checkpoint"].as_str().unwrap().replace("\n8\n", "\n9\n");
        json["checkpoint"] = json!(note);
    };
    let key: Spoil = |json| json["verifier"] = json!("kosha-log/0+00000000+AAAA");
    let newer: Spoil = |json| json["v"] = json!(2);
    let name: Spoil = |json| json["kosha"] = json!("backup");
    let more: Spoil = |json| json["more"] = json!(true);
    let unreadable = ProofFault::Unreadable;
    let cases: [(&str, Spoil, ProofFault); 18] = [
        ("removed", removed, ProofFault::Entry(2)),
        ("reordered", reordered, ProofFault::Entry(1)),
        ("changed", changed, ProofFault::Entry(3)),
        ("unsorted", unsorted, unreadable),
        ("twice", twice, unreadable),
        ("salt", salt, ProofFault::Entry(0)),
        ("path", path, ProofFault::Entry(0)),
        ("no node", no_node, unreadable),
        ("long", long, unreadable),
        ("beyond", beyond, ProofFault::Entry(u64::MAX)),
        ("grown", grown, ProofFault::Rewritten),
        ("earlier", earlier, ProofFault::Rewritten),
        ("no note", unread, ProofFault::BadCheckpoint),
        ("unsigned", unsigned, ProofFault::Signature),
        ("key", key, unreadable),
        ("newer", newer, ProofFault::Newer),
        ("name", name, unreadable),
        ("more", more, unreadable),
    ];
    for (what, spoil, fault) in cases {
        let mut json = whole.clone();
        spoil(&mut json);
        assert_eq!(checked(&serde_json::to_vec(&json).unwrap(), None), Err(fault), "{what}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for hostile in
        [b"".as_slice(), b"null", b"\xff\xfe", b"{\"kosha\":\"log-proof\",\"v\":1}", deep.as_bytes()]
    {
        assert_eq!(checked(hostile, None), Err(unreadable));
    }
    // Cut anywhere, or with any byte changed: never a panic, never another meaning.
    let meant = checked(&proof.bytes, None).unwrap();
    for at in (0..proof.bytes.len()).step_by(7) {
        assert!(checked(&proof.bytes[..at], None).is_err());
        let mut flipped = proof.bytes.to_vec();
        flipped[at] ^= 1;
        if let Ok(verified) = checked(&flipped, None) {
            assert!(verified == meant, "byte {at} changes something unseen");
        }
    }
}

#[test]
fn a_doctor_holds_the_patient_to_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    let kosha = Kosha::init(folder.path().join("vault")).with_relay(&relay);
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    let place = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (held, file) = (place("held.txt"), place("proof.json"));

    let shared = kosha.json(["share", "--all", "--purpose", "Check-up", "--recipient", "Dr Rao", "--yes"]);
    let link = shared["share"]["link"].as_str().unwrap();
    let id = shared["share"]["id"].as_str().unwrap();
    let viewed =
        kosha.json(["view", link, "--allow-loopback", "--recipient", "Dr Rao", "--checkpoint", &held]);
    assert_eq!(fs::read_to_string(&held).unwrap(), viewed["checkpoint"]["note"].as_str().unwrap());
    let fingerprint = viewed["checkpoint"]["fingerprint"].as_str().unwrap();
    kosha.json(["revoke", id]);

    let proved = kosha.json(["log", "--prove", "--share", id, "--since", &held, "--out", &file]);
    assert_eq!(proved["proof"]["fingerprint"], fingerprint);
    // Somebody else's computer: no vault, no passphrase.
    let elsewhere = Kosha::on(folder.path().join("nothing here"));
    let verify = |words: &[&str]| {
        let mut command = elsewhere.command(["--json", "verify-proof", &file]);
        command.args(words).env_remove("KOSHA_PASSPHRASE").output().unwrap()
    };
    let output = verify(&["--key", fingerprint, "--against", &held]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verified: Value = serde_json::from_slice(&output.stdout).unwrap();
    let events: Vec<&str> = verified["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect();
    for expected in ["consent-granted", "released", "delivered", "viewed", "consent-withdrawn"] {
        assert!(events.contains(&expected), "{expected} in {events:?}");
    }
    assert!(!events.contains(&"import"), "only what was chosen");
    assert_eq!(verified["key"], "compared");
    assert!(
        verified["holds"].as_array().unwrap().len() >= 3
            && verified["unknown"].as_array().unwrap().len() >= 3
    );
    let output = verify(&["--key", &"0".repeat(64)]);
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &error["error"]["code"]), (Some(1), &json!("proof-other-key")));

    let text = elsewhere.command(["verify-proof", &file]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("This holds") && text.contains("This it cannot show") && text.contains("not compared")
    );
    let (proof, file) = (file.clone(), format!("{file}.2"));
    let before = fs::read(&proof).unwrap();
    assert_eq!(kosha.error(["log", "--prove", "--all", "--out", &proof]).1["code"], "file-exists");
    assert_eq!(fs::read(&proof).unwrap(), before, "nothing is written over");
    assert_eq!(kosha.error(["log", "--prove", "--out", &file]).1["code"], "nothing-to-prove");
    assert_eq!(
        kosha.error(["log", "--prove", "--entry", "99999", "--out", &file]).1["code"],
        "no-such-entry"
    );
    assert_eq!(kosha.error(["log", "--prove", "--all"]).0, 2);
    assert_eq!(elsewhere.error(["verify-proof", "nowhere"]).1["code"], "io");
    assert_eq!(elsewhere.error(["verify-proof", &held]).1["code"], "proof-unreadable");
}
